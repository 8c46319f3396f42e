package blob

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// JobChanged handles a job that is over: its local files are removed when its record names the kept ones, else they are
// tried again. egress calls it when it has written the record, which may have failed: then the next start finds the job
// as one that was left running, and needs its files.
func (a *Archive) JobChanged(ctx context.Context, j record.Job) {
	if !j.State.Over() {
		return
	}
	if hasLocalFiles(j) {
		a.enqueue(j)
		return
	}
	a.forgetGrowth(j.ID)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	written, err := a.opts.Jobs.JobByID(ctx, j.ID)
	if _, deleted := errors.AsType[*record.NotFoundError](err); err != nil && !deleted ||
		err == nil && (!written.State.Over() || hasLocalFiles(written)) {
		a.logError(j, errors.Join(errors.New("the local files stay: the record does not name the kept ones"), err))
		return
	}
	a.removeLocal(j)
}

func hasLocalFiles(j record.Job) bool {
	return slices.ContainsFunc(j.Files, func(f job.File) bool { return f.Path != "" })
}

// enqueue adds a job to those whose files are uploaded in the background.
func (a *Archive) enqueue(j record.Job) {
	c := newPendingJob(j)
	a.mu.Lock()
	c.reported = a.reported[j.ID]
	delete(a.reported, j.ID)
	a.waiting = append(a.waiting, c)
	a.mu.Unlock()
	select {
	case a.wake <- struct{}{}:
	default: // it has been woken already
	}
}

// retry uploads the files of jobs, one job after the other, in their order. While nothing can be uploaded, the pauses
// grow.
func (a *Archive) retry() {
	pause := time.Duration(0) // what an earlier run left is tried at once
	for {
		a.mu.Lock()
		round := slices.Clone(a.waiting)
		a.mu.Unlock()
		if len(round) == 0 {
			select {
			case <-a.wake:
				pause = a.opts.FirstRetry
				continue
			case <-a.ctx.Done():
				return
			}
		}
		select {
		case <-time.After(pause):
		case <-a.ctx.Done():
			return
		}
		brought := map[*pendingJob]bool{}
		some := false
		for _, c := range round {
			if err := guard.Do("an upload", func() {
				brought[c] = a.uploadPending(c, min(max(2*pause, a.opts.FirstRetry), a.opts.LastRetry))
			}); err != nil { // it waits with the others
				a.opts.Report(a.ctx, fault.From(err).WithAccount(c.job.AccountID).WithMeeting(c.job.MeetingID, c.job.SessionID, ""))
			}
			some = some || brought[c]
		}
		a.mu.Lock()
		a.waiting = slices.DeleteFunc(a.waiting, func(c *pendingJob) bool { return brought[c] })
		a.mu.Unlock()
		if some {
			pause = a.opts.FirstRetry
		} else {
			pause = min(max(2*pause, a.opts.FirstRetry), a.opts.LastRetry)
		}
	}
}

// activeUpload is the job whose files are being uploaded.
type activeUpload struct {
	job    *pendingJob
	cancel context.CancelFunc
	done   chan struct{}
}

// startUpload makes a job the active one, unless it was canceled meanwhile. end must be called when nothing of it is
// being uploaded any more.
func (a *Archive) startUpload(c *pendingJob) (ctx context.Context, end func(), ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.Contains(a.waiting, c) {
		return nil, nil, false
	}
	ctx, cancel := context.WithCancel(a.ctx)
	m := &activeUpload{job: c, cancel: cancel, done: make(chan struct{})}
	a.active = m
	return ctx, func() {
		cancel()
		a.mu.Lock()
		a.active = nil
		a.mu.Unlock()
		close(m.done)
	}, true
}

// cancelGrace is how long files that are being uploaded may still arrive when their job is canceled. One that is cut
// off could arrive even later, when it is not looked for any more.
const cancelGrace = 5 * time.Second

// cancelUpload ends the upload of a job: when it returns, none of its files is being uploaded.
func (a *Archive) cancelUpload(id string) {
	a.mu.Lock()
	for _, c := range a.waiting {
		if c.job.ID == id {
			close(c.dropped)
		}
	}
	a.waiting = slices.DeleteFunc(a.waiting, func(c *pendingJob) bool { return c.job.ID == id })
	delete(a.reported, id)
	m := a.active
	a.mu.Unlock()
	if m == nil || m.job.job.ID != id {
		return
	}
	select {
	case <-m.done:
	case <-time.After(cancelGrace):
		m.cancel()
		<-m.done
	}
}

// uploadPending reports whether nothing is left to do for a job. A failure is tried again within next.
func (a *Archive) uploadPending(c *pendingJob, next time.Duration) bool {
	ctx, end, ok := a.startUpload(c)
	if !ok {
		return true
	}
	defer end()
	j := c.job
	files, err := a.upload(ctx, c)
	if err != nil {
		a.failed(ctx, c, err, next)
		return errors.Is(err, ErrNotExist) // nothing is there to upload: deleted meanwhile, or lost with its disk
	}
	j.Files = files
	err = a.opts.Jobs.UpdateJob(ctx, j)
	if _, deleted := errors.AsType[*record.NotFoundError](err); deleted {
		a.logError(j, a.deleteFiles(ctx, j))
		a.removeLocal(j)
		return true
	}
	if err != nil {
		a.logError(j, err)
		return false
	}
	a.removeLocal(j)
	a.opts.Logger.Info("uploaded", "job", j.ID, "meeting", j.MeetingID, "files", len(files))
	return true
}

// failed logs each failure, and reports one in the life of a process: at once when somebody must change something.
func (a *Archive) failed(ctx context.Context, c *pendingJob, err error, next time.Duration) {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return // the archive is being closed, or the job was dropped
	}
	a.opts.Logger.Warn("upload", "job", c.job.ID, "meeting", c.job.MeetingID, "err", err)
	c.tries++
	lost := errors.Is(err, ErrNotExist) // which ends it, whatever was told before
	if lost || !c.reported && (c.tries >= maxKeepAttempts || !isTransient(err)) {
		c.reported = true
		a.opts.Report(ctx, a.uploadFault(c, err, next))
	}
}

func (a *Archive) logError(j record.Job, err error) {
	if err != nil {
		a.opts.Logger.Error("storage", "job", j.ID, "meeting", j.MeetingID, "err", err)
	}
}
