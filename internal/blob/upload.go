package blob

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// maxParallel is how many files of a job are uploaded at a time: HLS has thousands of small ones, and a bucket answers
// each after a while.
const maxParallel = 8

// pendingJob is a job whose files are to be uploaded. What has arrived is not sent again when another file
// fails: else the thousands of a long HLS would hardly ever all arrive.
type pendingJob struct {
	job     record.Job
	dropped chan struct{} // closed when nothing more is to be sent

	mu       sync.Mutex  // guards everything below
	files    []localFile // when they were listed last
	uploaded map[string]bool
	tries    int
	reported bool // its failure has been reported
}

// localFile is a local file: its path in ArchiveOptions.Dir, and its key in the storage.
type localFile struct{ local, key string }

func newPendingJob(j record.Job) *pendingJob {
	return &pendingJob{job: j, dropped: make(chan struct{}), uploaded: map[string]bool{}}
}

// left returns how many files have not been uploaded.
func (c *pendingJob) left() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files == nil {
		return len(c.job.Files)
	}
	for _, p := range c.files {
		if !c.uploaded[p.key] {
			n++
		}
	}
	return n
}

func (c *pendingJob) isUploaded(p localFile) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.uploaded[p.key]
}

func (c *pendingJob) markUploaded(p localFile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.uploaded[p.key] = true
}

// upload puts each file under {dir}/{sessionId}/{jobId}/, a playlist with the files beside it. The names are ours.
func (a *Archive) upload(ctx context.Context, c *pendingJob) ([]job.File, error) {
	var files []job.File
	var pieces []localFile
	for _, f := range c.job.Files {
		if f.Path != "" {
			of, err := a.localFiles(ctx, c.job, filepath.ToSlash(f.Path))
			if err != nil {
				return nil, err
			}
			pieces = append(pieces, of...)
			f.Key, f.Path = keyOf(c.job, f.Path), ""
		}
		files = append(files, f)
	}
	c.mu.Lock()
	c.files = pieces
	c.mu.Unlock()
	if err := a.putFiles(ctx, c); err != nil {
		return nil, err
	}
	return files, nil
}

// putFiles uploads what has not been uploaded. After a failure nothing more is begun, but what has begun may succeed.
func (a *Archive) putFiles(ctx context.Context, c *pendingJob) error {
	var group errgroup.Group
	group.SetLimit(maxParallel)
	var broken atomic.Bool
	for _, p := range c.files {
		if c.isUploaded(p) {
			continue
		}
		group.Go(func() error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-c.dropped:
				return context.Canceled
			default:
			}
			if broken.Load() {
				return nil // another one returns the error
			}
			err := guard.Run("an upload", func() error {
				if a.completeGrown(ctx, c.job.ID, p.local) {
					return nil
				}
				return a.putFile(ctx, p)
			})
			if err != nil {
				broken.Store(true)
				return err
			}
			c.markUploaded(p)
			return nil
		})
	}
	return group.Wait()
}

func (a *Archive) putFile(ctx context.Context, f localFile) error {
	local := filepath.Join(a.opts.Dir, filepath.FromSlash(f.local))
	err := a.opts.Kept.Put(ctx, f.key, local)
	if errors.Is(err, ErrNotExist) {
		if _, gone := os.Stat(local); gone == nil { // what does not exist is not ours
			return &Error{Op: "put", Problem: err.Error(), err: err}
		}
	}
	return err
}

// localFiles lists a file, and with a playlist the files beside it; what lies deeper belongs to another playlist.
func (a *Archive) localFiles(ctx context.Context, j record.Job, local string) ([]localFile, error) {
	if !isPlaylist(local) {
		return []localFile{{local, keyOf(j, local)}}, nil
	}
	dir := path.Dir(local)
	beside, err := a.local.List(ctx, dir)
	if err != nil {
		return nil, err
	}
	var pieces []localFile
	for _, info := range beside {
		if path.Dir(info.Key) == dir {
			pieces = append(pieces, localFile{info.Key, keyOf(j, info.Key)})
		}
	}
	if !slices.ContainsFunc(pieces, func(p localFile) bool { return p.local == local }) {
		return nil, ErrNotExist
	}
	return pieces, nil
}

// prefixOf returns the directory of a job in the storage.
func prefixOf(j record.Job) string { return path.Join(j.Dir, j.SessionID, j.ID) }

// jobDir returns the local directory that belongs to one job alone: of HLS, and of playlists.
func jobDir(j record.Job) (dir string, has bool) {
	dir = filepath.ToSlash(j.Path)
	if isPlaylist(dir) {
		dir = path.Dir(dir)
	} else if j.Kind != job.HLS {
		return "", false
	}
	return dir, filepath.IsLocal(dir) && dir != "."
}

// keyOf returns the key of a local file of a job: its path in the job's directory, or its name alone.
func keyOf(j record.Job, local string) string {
	local = filepath.ToSlash(local)
	name := path.Base(local)
	if home, has := jobDir(j); has {
		if below, ok := strings.CutPrefix(local, home+"/"); ok {
			name = below
		}
	}
	return path.Join(prefixOf(j), name)
}
