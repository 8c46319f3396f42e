package blob

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// removeLocal removes what a job wrote, once it is kept. Names that continue the first one (-2, -3) lie beside it.
func (a *Archive) removeLocal(j record.Job) {
	home, has := jobDir(j)
	if has && len(j.Files) == 0 { // nothing that can be played: what lies there otherwise is left to somebody's eyes
		_ = os.Remove(filepath.Join(a.opts.Dir, filepath.FromSlash(home))) // unless it is empty
		return
	}
	if has {
		a.logError(j, os.RemoveAll(filepath.Join(a.opts.Dir, filepath.FromSlash(home))))
	}
	if j.Path == "" {
		return
	}
	for _, f := range j.Files {
		if f.Key != "" && !isPlaylist(f.Key) {
			a.logError(j, a.local.Delete(context.Background(), path.Join(path.Dir(filepath.ToSlash(j.Path)), path.Base(f.Key))))
		}
	}
}

// Remove deletes the files of a job that is over, wherever they are. After an error some may be left, and it can be called
// again.
func (a *Archive) Remove(ctx context.Context, j record.Job) error {
	a.cancelUpload(j.ID)
	err := a.deleteFiles(ctx, j)
	if err != nil && hasLocalFiles(j) {
		a.enqueue(j)
	}
	return err
}

// deleteFiles deletes the kept files first: while they cannot be reached, nothing is lost.
func (a *Archive) deleteFiles(ctx context.Context, j record.Job) error {
	if j.Kind == job.HLS { // with its stills, which are in no record
		if err := deleteDir(ctx, a.opts.Kept, prefixOf(j)); err != nil {
			return err
		}
	}
	var errs []error
	for _, f := range j.Files {
		store, key := Store(a.local), filepath.ToSlash(f.Path)
		if f.Key != "" {
			store, key = a.opts.Kept, f.Key
		}
		if isPlaylist(key) {
			errs = append(errs, deleteDir(ctx, store, path.Dir(key)))
		} else {
			errs = append(errs, store.Delete(ctx, key))
		}
	}
	if home, has := jobDir(j); has {
		errs = append(errs, diskError("delete", os.RemoveAll(filepath.Join(a.opts.Dir, filepath.FromSlash(home)))))
	}
	return errors.Join(errs...)
}

// deleteDir removes all that is kept under a directory.
func deleteDir(ctx context.Context, s Store, dir string) error {
	found, err := s.List(ctx, dir)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(maxParallel)
	for _, info := range found {
		group.Go(func() error {
			return guard.Run("the removal of a file", func() error { return s.Delete(ctx, info.Key) })
		})
	}
	return group.Wait()
}
