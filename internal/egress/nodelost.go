package egress

import (
	"context"
	"errors"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// EndLost ends the jobs of nodes that are fenced: each once, with 5001, 5002 or 5003 NODE_LOST, and with the files of
// which something was uploaded. While the store or the storage fails it tries again, until ctx ends.
func (m *Manager) EndLost(ctx context.Context) error {
	m.mu.Lock()
	if m.draining {
		m.mu.Unlock()
		return fault.ServerUnavailableDraining()
	}
	m.running.Add(1)
	m.mu.Unlock()
	defer m.running.Done()
	var left []record.Job
	if err := m.persist(ctx, func() (err error) {
		left, err = m.opts.Store.LostJobs(ctx) // from now on they are those of this node
		return err
	}); err != nil {
		return err
	}
	var errs []error
	for _, j := range left {
		errs = append(errs, m.persist(ctx, func() error { return m.endLost(ctx, j, m.salvage) }))
	}
	return errors.Join(errs...)
}

// persist tries something until it succeeds or ctx ends.
func (m *Manager) persist(ctx context.Context, try func() error) error {
	for pause := firstRetry; ; pause = min(2*pause, longestRetry) {
		err := try()
		if err == nil {
			return nil
		}
		m.opts.Logger.Warn("the jobs of a lost node are not ended yet; it is tried again", "err", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-m.closing: // who fences this node goes on
			return err
		}
	}
}

// salvage returns what the storage has of the files of a job whose node was lost.
func (m *Manager) salvage(ctx context.Context, j record.Job) ([]job.File, error) {
	if m.opts.Storage == nil {
		return nil, nil
	}
	files, err := m.opts.Storage.Salvage(ctx, j, hls.Finish)
	if j.Kind.Composed() && j.Config.Mode != job.AudioOnly {
		for i := range files {
			files[i].Width, files[i].Height = j.Config.Size()
		}
	}
	return files, err
}

// endLost ends a job whose node was lost, unless another node has done so.
func (m *Manager) endLost(
	ctx context.Context,
	j record.Job,
	files func(context.Context, record.Job) ([]job.File, error),
) error {
	f := j.Kind.Faults().NodeLost(j.Node.Name, formatTime(j.CreatedAt))
	if j.Node == (record.NodeID{}) { // it ran before this server became a node of a cluster
		f = j.Kind.Faults().ServerRestarted(formatTime(j.CreatedAt))
	}
	f = f.WithAccount(j.AccountID).WithMeeting(j.MeetingID, j.SessionID, "")
	kept, failed := files(ctx, j)
	if len(kept) > 0 {
		j.Files = kept
	}
	j.State, j.Fault, j.EndedAt, j.UpdatedAt = job.Failed, f, now(), now()
	if j.StoppedAt.IsZero() {
		j.StoppedAt = j.EndedAt
	}
	ended, err := m.opts.Store.EndJob(ctx, j)
	if err != nil || !ended {
		return err
	}
	m.opts.Report(ctx, f)
	if failed != nil {
		m.opts.Report(ctx, fault.From(failed).WithAccount(j.AccountID).WithMeeting(j.MeetingID, j.SessionID, ""))
	}
	if m.opts.Watcher != nil {
		m.opts.Watcher.JobChanged(ctx, j)
	}
	if !j.Kind.Transcodes() { // that of a file which somebody waits for outside of the meeting
		m.tellState(j)
		m.tellFault(j, f, audience(f))
	}
	return nil
}

// followLoss does what onFailure asks for when the node of a job was lost. It is called once, on the node on which the
// meeting lives; for other failures the node of the job does it.
func (m *Manager) followLoss(j record.Job) {
	o, known := m.board.take(j)
	if !fault.Is(j.Fault, j.Fault.Code, fault.ReasonNodeLost) {
		return
	}
	if !known { // it was started from a node that is gone as well: the record says all but the keys of RTMP targets
		if j.Kind == job.Livestream {
			return
		}
		o.Request = job.Request{
			Kind: j.Kind, Method: "onFailure", AccountID: j.AccountID, MeetingID: j.MeetingID, By: j.StartedBy,
			Config: j.Config, Sources: j.Sources, Format: j.Format, OnFailure: j.OnFailure, WebhookURL: j.WebhookURL,
			Dir: j.Dir, Watermarks: j.Watermarks,
		}
	}
	q, restarts := o.Request, o.Restarts
	q.SessionID = j.SessionID
	if m.board.isFollowed(j) {
		return
	}
	if wait, asked := j.OnFailure.CloseRoom(); asked && (!j.StartedAt.IsZero() || q.By.AutoStart || restarts > 0) {
		m.background("the end of a session", func() { m.closeRoom(q, j.Fault, wait) })
		return
	}
	if j.StartedAt.IsZero() || j.OnFailure != job.RestartOnFailure || restarts >= maxRestarts {
		return
	}
	m.background("a restart", func() {
		select {
		case <-time.After(restartPause << restarts):
			m.startUnattended(q, restarts+1)
		case <-m.closing:
		case <-m.life.Done():
		}
	})
}

// Abandon ends the workers of all jobs without a record: this node has lost its leases, and another one ends its jobs.
// It returns when none of them runs.
func (m *Manager) Abandon(ctx context.Context) error {
	runs := m.runsWhere(func(*run) bool { return true })
	for _, r := range runs {
		r.abandon()
	}
	for _, r := range runs {
		select {
		case <-r.slotFree:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// abandon ends the worker of a job whose record is no longer ours.
func (r *run) abandon() {
	r.lost.Store(true)
	r.abandonOnce.Do(func() { close(r.abandoning) })
}
