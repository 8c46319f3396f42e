package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// OpenHLS opens a file of an HLS job that the storage has, by the name it had in the job's directory. Nothing else of
// the storage can be reached. Whoever knows the id of the job, which cannot be guessed, may read it. The error is
// fs.ErrNotExist, also while the files are still where the job wrote them, or a *fault.Error (5101).
func (a *Archive) OpenHLS(ctx context.Context, id, name string) (io.ReadSeekCloser, time.Time, error) {
	none := time.Time{}
	j, err := a.opts.Jobs.JobByID(ctx, id)
	if _, unknown := errors.AsType[*record.NotFoundError](err); unknown || err == nil && j.Kind != job.HLS {
		return nil, none, fs.ErrNotExist
	}
	if err != nil {
		return nil, none, fault.ServerUnavailableStore("the query for a stream").Because(err)
	}
	i := slices.IndexFunc(j.Files, func(f job.File) bool { return isPlaylist(f.Key) })
	if i < 0 || path.Base(name) != name {
		return nil, none, fs.ErrNotExist
	}
	info, err := a.opts.Kept.Stat(ctx, path.Join(path.Dir(j.Files[i].Key), name))
	if errors.Is(err, ErrNotExist) {
		return nil, none, fs.ErrNotExist
	}
	if err != nil {
		return nil, none, readFault(err, name)
	}
	return &seeker{ctx: ctx, store: a.opts.Kept, info: info}, info.Modified, nil
}

// KeepBeside keeps a copy of a local file beside those of a job, under a name that none of them has. It is in no
// record, and goes with the job. Its error is a *fault.Error.
func (a *Archive) KeepBeside(ctx context.Context, j record.Job, name, local string) (job.File, error) {
	key := path.Join(prefixOf(j), name)
	if err := a.opts.Kept.Put(ctx, key, local); err != nil {
		return job.File{}, readFault(err, name)
	}
	// Whoever removes the job looks for its files once more when the record is gone: what came before is found then,
	// and what came later goes here.
	_, err := a.opts.Jobs.JobByID(ctx, j.ID)
	if _, deleted := errors.AsType[*record.NotFoundError](err); deleted {
		a.logError(j, a.opts.Kept.Delete(ctx, key))
		return job.File{}, fault.NotFoundJob("HLS stream", j.ID)
	}
	if err != nil {
		return job.File{}, errors.Join(
			fault.ServerUnavailableStore("the query for a stream").Because(err),
			a.opts.Kept.Delete(ctx, key),
		)
	}
	return job.File{Key: key, Format: job.Format(strings.TrimPrefix(path.Ext(name), "."))}, nil
}
