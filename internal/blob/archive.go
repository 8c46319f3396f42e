package blob

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/job"
	"github.com/klatch/klatch/internal/record"
)

// Jobs are the records of jobs; the store implements it.
type Jobs interface {
	LocalJobs(ctx context.Context) ([]record.Job, error)
	UpdateJob(ctx context.Context, j record.Job) error
}

// ArchiveOptions of NewArchive. A zero value is the default beside it.
type ArchiveOptions struct {
	Dir    string // where jobs write; absolute
	Kept   Store  // where files stay
	Links  *Links
	Jobs   Jobs
	Logger *slog.Logger

	LinkLife   time.Duration // 24 h
	FirstRetry time.Duration // 1 s; doubled by each failure
	LastRetry  time.Duration // 10 min; the longest pause of retries in the background
}

// Areas of links.
const (
	areaWork = "local"
	areaKept = "kept"
)

// keepTries is how often a job that ends tries to bring its files to the storage before it ends without; then the archive
// goes on alone.
const keepTries = 4

// Archive keeps the files of jobs. A file stays on the disk where its job wrote it until the storage has it and the record
// of the job says so; then the local one goes. What could not be brought there is tried again for as long as it takes, also
// after a restart: the records say what is left.
//
// Shape: mutex around what waits; one goroutine retries uploads. It is safe for concurrent use.
type Archive struct {
	opts   ArchiveOptions
	work   *Disk
	ctx    context.Context // of the retries
	cancel context.CancelFunc
	loop   sync.WaitGroup
	wake   chan struct{} // of one place

	mu      sync.Mutex // guards everything below
	waiting []record.Job
}

// NewArchive starts to bring to the storage what earlier runs could not. Close ends it.
func NewArchive(ctx context.Context, o ArchiveOptions) (*Archive, error) {
	o.LinkLife = cmp.Or(o.LinkLife, 24*time.Hour)
	o.FirstRetry = cmp.Or(o.FirstRetry, time.Second)
	o.LastRetry = cmp.Or(o.LastRetry, 10*time.Minute)
	left, err := o.Jobs.LocalJobs(ctx)
	if err != nil {
		return nil, err
	}
	a := &Archive{opts: o, work: NewDisk(o.Dir, o.Links.For(areaWork)), wake: make(chan struct{}, 1), waiting: left}
	a.work.keepTop = true // jobs that start write into a directory of their kind
	o.Links.Serve(areaWork, a.work)
	o.Links.Serve(areaKept, o.Kept)
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.loop.Go(a.retry)
	return a, nil
}

// KeptLinks makes links to what a disk keeps.
func KeptLinks(l *Links) func(key string, expires time.Time) string { return l.For(areaKept) }

// Close ends the retries; an upload under way is cut off and made again after the next start.
func (a *Archive) Close() {
	a.cancel()
	a.loop.Wait()
}

// Keep brings the files of a job to the storage and gives them as they are there. Its error is 5001 UPLOAD_FAILED; then
// they stay where they are.
func (a *Archive) Keep(ctx context.Context, j record.Job) ([]job.File, error) {
	if j.Kind == job.HLS {
		return j.Files, nil // it is served from there
	}
	pause := a.opts.FirstRetry
	for try := 1; ; try++ {
		files, err := a.upload(ctx, j)
		if err == nil {
			return files, nil
		}
		failed, ok := errors.AsType[*Error](err)
		if !ok || failed.Permanent || try == keepTries {
			return nil, uploadFault(j, err)
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return nil, uploadFault(j, err)
		}
	}
}

func uploadFault(j record.Job, err error) error {
	problem := "it was stopped"
	if failed, ok := errors.AsType[*Error](err); ok {
		problem = failed.Problem
	} else if errors.Is(err, ErrNotExist) {
		problem = "the local file is gone"
	}
	return fault.RecordingFailedUploadFailed(problem, int64(len(j.Files))).Because(err).In(j.MeetingID, j.SessionID, "")
}

// upload puts each file under {dir}/{sessionId}/{jobId}/, a playlist with what lies beside it. The names are ours.
func (a *Archive) upload(ctx context.Context, j record.Job) ([]job.File, error) {
	var files []job.File
	for _, f := range j.Files {
		if f.Path != "" {
			local := []string{f.Path}
			if isPlaylist(f.Path) {
				beside, err := a.work.List(ctx, path.Dir(filepath.ToSlash(f.Path)))
				if err != nil {
					return nil, err
				}
				local = nil
				for _, info := range beside {
					local = append(local, info.Key)
				}
			}
			for _, from := range local {
				if err := a.opts.Kept.Put(ctx, keyOf(j, from), filepath.Join(a.opts.Dir, filepath.FromSlash(from))); err != nil {
					return nil, err
				}
			}
			f.Key, f.Path = keyOf(j, f.Path), ""
		}
		files = append(files, f)
	}
	return files, nil
}

func keyOf(j record.Job, local string) string {
	return path.Join(j.Dir, j.SessionID, j.ID, path.Base(filepath.ToSlash(local)))
}

// JobChanged takes note of a job that is over: its local files go when the record names the kept ones, else they are
// tried again. egress calls it when the record is written.
func (a *Archive) JobChanged(_ context.Context, j record.Job) {
	if !j.State.Over() || j.Kind == job.HLS {
		return
	}
	if isLocal(j) {
		a.mu.Lock()
		a.waiting = append(a.waiting, j)
		a.mu.Unlock()
		select {
		case a.wake <- struct{}{}:
		default: // it is awake
		}
		return
	}
	a.removeLocal(j)
}

func isLocal(j record.Job) bool {
	return slices.ContainsFunc(j.Files, func(f job.File) bool { return f.Path != "" })
}

// removeLocal removes what a job wrote, once it is kept. Names that continue the first one (-2, -3) lie beside it.
func (a *Archive) removeLocal(j record.Job) {
	if j.Path == "" {
		return
	}
	dir := filepath.Dir(j.Path)
	if isPlaylist(j.Path) {
		a.logged(j, os.RemoveAll(filepath.Join(a.opts.Dir, dir)))
		return
	}
	for _, f := range j.Files {
		if f.Key != "" {
			a.logged(j, a.work.Delete(context.Background(), path.Join(filepath.ToSlash(dir), path.Base(f.Key))))
		}
	}
}

func (a *Archive) logged(j record.Job, err error) {
	if err != nil {
		a.opts.Logger.Error("storage", "job", j.ID, "meeting", j.MeetingID, "err", err)
	}
}

// retry brings jobs to the storage one after the other, in their order. While nothing can be brought, the pauses grow.
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
		brought := map[string]bool{}
		for _, j := range round {
			brought[j.ID] = a.bring(j)
		}
		a.mu.Lock()
		a.waiting = slices.DeleteFunc(a.waiting, func(j record.Job) bool { return brought[j.ID] })
		left := len(a.waiting)
		a.mu.Unlock()
		if left < len(round) {
			pause = a.opts.FirstRetry
		} else {
			pause = min(max(2*pause, a.opts.FirstRetry), a.opts.LastRetry)
		}
	}
}

// bring says whether nothing is left to do for a job.
func (a *Archive) bring(j record.Job) bool {
	files, err := a.upload(a.ctx, j)
	if err != nil {
		if a.ctx.Err() == nil {
			a.opts.Logger.Warn("upload", "job", j.ID, "meeting", j.MeetingID, "err", err)
		}
		return errors.Is(err, ErrNotExist) // nothing is there to upload: deleted meanwhile
	}
	j.Files = files
	err = a.opts.Jobs.UpdateJob(a.ctx, j)
	if _, deleted := errors.AsType[*record.NotFoundError](err); deleted {
		a.logged(j, a.Remove(a.ctx, j))
		return true
	}
	if err != nil {
		a.logged(j, err)
		return false
	}
	a.removeLocal(j)
	a.opts.Logger.Info("uploaded", "job", j.ID, "meeting", j.MeetingID, "files", len(files))
	return true
}

// URL gives a link to a file of a job. It expires.
func (a *Archive) URL(ctx context.Context, f job.File) (string, error) {
	expires := time.Now().Add(a.opts.LinkLife)
	switch {
	case f.Key == "":
		return a.work.SignedURL(ctx, filepath.ToSlash(f.Path), expires)
	case isPlaylist(f.Key): // a bucket's own link would not reach the segments
		return a.opts.Links.For(areaKept)(f.Key, expires), nil
	}
	return a.opts.Kept.SignedURL(ctx, f.Key, expires)
}

// Remove deletes the files of a job that is over, wherever they are.
func (a *Archive) Remove(ctx context.Context, j record.Job) error {
	var errs []error
	for _, f := range j.Files {
		store, key := Store(a.work), filepath.ToSlash(f.Path)
		if f.Key != "" {
			store, key = a.opts.Kept, f.Key
		}
		errs = append(errs, removeWith(ctx, store, key))
	}
	if j.Kind == job.HLS && filepath.IsLocal(j.Path) && j.Path != "." {
		errs = append(errs, diskError("delete", os.RemoveAll(filepath.Join(a.opts.Dir, j.Path))))
	}
	return errors.Join(errs...)
}

// removeWith removes a file, and with a playlist what lies beside it.
func removeWith(ctx context.Context, s Store, key string) error {
	if !isPlaylist(key) {
		return s.Delete(ctx, key)
	}
	beside, err := s.List(ctx, path.Dir(key))
	for _, info := range beside {
		err = errors.Join(err, s.Delete(ctx, info.Key))
	}
	return err
}
