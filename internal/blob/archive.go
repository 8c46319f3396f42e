package blob

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"path"
	"path/filepath"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/objectkey"
	"github.com/klatch/klatch/internal/record"
)

// Jobs are the records of jobs; the store implements it.
type Jobs interface {
	LocalJobs(ctx context.Context) ([]record.Job, error)
	JobByID(ctx context.Context, id string) (record.Job, error)
	UpdateJob(ctx context.Context, j record.Job) error
}

// ArchiveOptions of NewArchive. A zero value is the default beside it.
type ArchiveOptions struct {
	Dir    string // where jobs write; absolute
	Kept   Store  // where files stay
	Links  *Links
	Jobs   Jobs
	Logger *slog.Logger
	// Report takes the faults of uploads that nobody waits for.
	Report func(context.Context, *fault.Error)

	LinkLife   time.Duration // 24 h
	FirstRetry time.Duration // 1 s; doubled by each failure
	LastRetry  time.Duration // 10 min; the longest pause of retries in the background
}

// Areas of links.
const (
	areaLocal = "local"
	areaKept  = "kept"
)

// maxKeepAttempts is how often a job that ends tries to bring its files to the storage before it ends without; then the
// archive goes on alone.
const maxKeepAttempts = 4

// Archive keeps the files of jobs. A file stays on the disk where its job wrote it until the storage has it and the
// record of the job says so; then the local one goes. What could not be brought there is tried again for as long as it
// takes, also after a restart: the records say what is left.
//
// Shape: mutex around what waits; one goroutine retries uploads. It is safe for concurrent use.
type Archive struct {
	opts   ArchiveOptions
	local  *Disk
	ctx    context.Context // of the retries
	cancel context.CancelFunc
	loop   sync.WaitGroup
	wake   chan struct{} // of one place

	mu       sync.Mutex // guards everything below
	waiting  []*pendingJob
	active   *activeUpload   // what retry is bringing at this moment; nil: nothing
	reported map[string]bool // jobs whose upload has failed and was reported by who asked for it
	growths  map[string]*growth
}

// NewArchive starts to upload what earlier runs could not. Close ends it.
func NewArchive(ctx context.Context, o ArchiveOptions) (*Archive, error) {
	o.LinkLife = cmp.Or(o.LinkLife, 24*time.Hour)
	o.FirstRetry = cmp.Or(o.FirstRetry, time.Second)
	o.LastRetry = cmp.Or(o.LastRetry, 10*time.Minute)
	if o.Report == nil {
		o.Report = func(context.Context, *fault.Error) {}
	}
	left, err := o.Jobs.LocalJobs(ctx)
	if err != nil {
		return nil, err
	}
	a := &Archive{
		opts:     o,
		local:    NewDisk(o.Dir, o.Links.For(areaLocal)),
		wake:     make(chan struct{}, 1),
		reported: map[string]bool{},
		growths:  map[string]*growth{},
	}
	for _, j := range left {
		a.waiting = append(a.waiting, newPendingJob(j))
	}
	a.local.keepTop = true // jobs that start write into a directory of their kind
	o.Links.Serve(areaLocal, a.local)
	o.Links.Serve(areaKept, o.Kept)
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.loop.Go(a.retry)
	return a, nil
}

// KeptLinks returns the function that makes links to the files of a disk.
func KeptLinks(l *Links) func(key string, expires time.Time) string { return l.For(areaKept) }

// Close ends the retries; an upload under way is cut off and made again after the next start.
func (a *Archive) Close() {
	a.cancel()
	a.loop.Wait()
}

// Keep uploads the files of a job to the storage and returns them as they are there. The error is 5001, 5002 or 5003
// UPLOAD_FAILED; then the files stay where they are.
func (a *Archive) Keep(ctx context.Context, j record.Job) ([]job.File, error) {
	c := newPendingJob(j)
	pause := a.opts.FirstRetry
	for try := 1; ; try++ {
		files, err := a.upload(ctx, c)
		if err == nil {
			a.forgetGrowth(j.ID)
			return files, nil
		}
		if ctx.Err() == nil && try < maxKeepAttempts && isTransient(err) {
			select {
			case <-time.After(pause):
				pause *= 2
				continue
			case <-ctx.Done():
			}
		}
		if ctx.Err() == nil {
			a.mu.Lock()
			a.reported[j.ID] = true // by the caller, who gets the fault
			a.mu.Unlock()
		}
		return nil, a.uploadFault(c, err, a.opts.FirstRetry)
	}
}

// isTransient reports whether a failure may be over soon.
func isTransient(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && !failed.Permanent
}

// uploadFault returns the fault for files that did not reach the storage. They are tried again within next.
func (a *Archive) uploadFault(c *pendingJob, err error, next time.Duration) *fault.Error {
	faults := c.job.Kind.Faults()
	local := a.waitingFile(c)
	if errors.Is(err, ErrNotExist) {
		return faults.FileLost(local, c.left()).
			Because(err).
			WithAccount(c.job.AccountID).
			WithMeeting(c.job.MeetingID, c.job.SessionID, "")
	}
	place, problem := "the storage", "the server failed while it sent the file; its log has the cause"
	if failed, ok := errors.AsType[*Error](err); ok {
		place, problem = cmp.Or(failed.Place, place), failed.Problem
	} else if wrong, ok := errors.AsType[*objectkey.Error](err); ok {
		problem = "its name " + wrong.Problem
	} else if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		problem = "it was stopped"
	}
	return faults.UploadFailed(problem, c.left(), place, local, next).Because(err).WithAccount(c.job.AccountID).
		WithMeeting(c.job.MeetingID, c.job.SessionID, "")
}

// waitingFile is the local path of the first file that has not arrived.
func (a *Archive) waitingFile(c *pendingJob) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.files {
		if !c.uploaded[p.key] {
			return filepath.Join(a.opts.Dir, filepath.FromSlash(p.local))
		}
	}
	for _, f := range c.job.Files {
		if f.Path != "" {
			return filepath.Join(a.opts.Dir, f.Path)
		}
	}
	return a.opts.Dir
}

// OpenFile opens a file of a job, wherever it is. The error is fs.ErrNotExist or a *fault.Error.
func (a *Archive) OpenFile(ctx context.Context, f job.File) (io.ReadCloser, error) {
	from, key := a.opts.Kept, f.Key
	if key == "" {
		from, key = Store(a.local), filepath.ToSlash(f.Path)
	}
	file, err := from.Open(ctx, key, 0, -1)
	if errors.Is(err, ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, readFault(err, path.Base(key))
	}
	return file, nil
}

// URL returns a link to a file of a job. It expires.
func (a *Archive) URL(ctx context.Context, f job.File) (string, error) {
	expires := time.Now().Add(a.opts.LinkLife)
	switch {
	case f.Key == "":
		return a.local.SignedURL(ctx, filepath.ToSlash(f.Path), expires)
	case isPlaylist(f.Key): // a bucket's own link would not reach the segments
		return a.opts.Links.For(areaKept)(f.Key, expires), nil
	}
	return a.opts.Kept.SignedURL(ctx, f.Key, expires)
}
