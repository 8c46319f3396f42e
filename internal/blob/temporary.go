package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// TemporaryRecords are the records of temporary files; the store implements it.
type TemporaryRecords interface {
	CreateTemporaryFile(ctx context.Context, f record.TemporaryFile, limit int64) (used int64, created bool, err error)
	TemporaryFile(ctx context.Context, accountID, id string) (record.TemporaryFile, error)
	ExpiredTemporaryFiles(ctx context.Context, at time.Time) ([]record.TemporaryFile, error)
	RemoveTemporaryFile(ctx context.Context, id string, at time.Time) error
	ForgetTemporaryFiles(ctx context.Context, before time.Time) error
}

// TemporaryOptions of NewTemporary.
type TemporaryOptions struct {
	Kept         Store // where the files are, under the directory temporary
	Records      TemporaryRecords
	Logger       *slog.Logger
	Dir          string // where an upload is written first
	Life         time.Duration
	FileBytes    int64 // of one file
	MeetingBytes int64 // of all files of a meeting that have not expired
}

const (
	temporaryDir = "temporary"
	// recordLife is how long somebody who asks for an expired file is told so.
	recordLife = 7 * 24 * time.Hour
	// expiryInterval is the pause between two looks for expired files.
	expiryInterval = time.Minute
)

// Temporary keeps files that participants upload, until they expire. It is safe for concurrent use.
type Temporary struct{ opts TemporaryOptions }

// NewTemporary makes a Temporary; Run removes what expires.
func NewTemporary(o TemporaryOptions) *Temporary { return &Temporary{o} }

// FileBytes is the limit of one file.
func (t *Temporary) FileBytes() int64 { return t.opts.FileBytes }

// Life is how long a file is kept.
func (t *Temporary) Life() time.Duration { return t.opts.Life }

// Dir is where an upload may be written before it is complete; it is made when it does not exist.
func (t *Temporary) Dir() (string, error) {
	if err := os.MkdirAll(t.opts.Dir, 0o700); err != nil {
		return "", readFault(diskError("put", err), "")
	}
	return t.opts.Dir, nil
}

// Keep keeps a file of a meeting. The error is 3074, or 5101 for a storage that fails.
func (t *Temporary) Keep(
	ctx context.Context, m record.Meeting, name string, content io.Reader, size int64,
) (record.TemporaryFile, error) {
	if size > t.opts.FileBytes {
		return record.TemporaryFile{}, fault.FileUploadFailedTooLarge(size, t.opts.FileBytes)
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	f := record.TemporaryFile{
		ID: strings.ToLower(rand.Text()), AccountID: m.AccountID, MeetingID: m.ID, Name: name, Size: size, CreatedAt: now,
		ExpiresAt: now.Add(t.opts.Life),
	}
	used, created, err := t.opts.Records.CreateTemporaryFile(ctx, f, t.opts.MeetingBytes)
	if err != nil {
		return f, fault.ServerUnavailableStore("the new temporary file").Because(err)
	}
	if !created {
		return f, fault.FileUploadFailedMeetingFull(size, used, t.opts.MeetingBytes)
	}
	if err := t.put(ctx, f, content); err != nil {
		// What was stored meanwhile, if anything, expires: the record is gone only when the storage has nothing.
		undo := context.WithoutCancel(ctx)
		if t.opts.Kept.Delete(undo, temporaryKey(f)) == nil {
			err = errors.Join(err, t.opts.Records.RemoveTemporaryFile(undo, f.ID, now))
		}
		return f, readFault(err, name)
	}
	return f, nil
}

func (t *Temporary) put(ctx context.Context, f record.TemporaryFile, content io.Reader) error {
	dir, err := t.Dir()
	if err != nil {
		return err
	}
	local, err := os.CreateTemp(dir, "kept-")
	if err != nil {
		return diskError("put", err)
	}
	defer os.Remove(local.Name())
	_, err = io.Copy(local, content)
	if err := errors.Join(err, local.Close()); err != nil {
		return diskError("put", err)
	}
	return t.opts.Kept.Put(ctx, temporaryKey(f), local.Name())
}

func temporaryKey(f record.TemporaryFile) string { return path.Join(temporaryDir, f.MeetingID, f.ID) }

// Open opens a file of a meeting. The error is 3075, or 5101 for a storage or database that fails.
func (t *Temporary) Open(ctx context.Context, accountID, id string) (record.TemporaryFile, io.ReadCloser, error) {
	f, err := t.opts.Records.TemporaryFile(ctx, accountID, id)
	if _, absent := errors.AsType[*record.NotFoundError](err); absent {
		return f, nil, fault.FileFetchFailedNotFound(fmt.Sprintf("%.26s", id))
	}
	if err != nil {
		return f, nil, fault.ServerUnavailableStore("the query for a temporary file").Because(err)
	}
	if !f.RemovedAt.IsZero() || !time.Now().Before(f.ExpiresAt) {
		return f, nil, fault.FileFetchFailedExpired(f.Name, fault.InstantOf(f.ExpiresAt).String())
	}
	content, err := t.opts.Kept.Open(ctx, temporaryKey(f), 0, -1)
	if errors.Is(err, ErrNotExist) {
		return f, nil, fault.FileFetchFailedNotFound(f.ID).Because(err)
	}
	if err != nil {
		return f, nil, readFault(err, f.Name)
	}
	return f, content, nil
}

// Run removes files that have expired, until ctx ends.
func (t *Temporary) Run(ctx context.Context) {
	tick := time.NewTicker(expiryInterval)
	defer tick.Stop()
	for {
		if err := t.RemoveExpired(ctx, time.Now()); err != nil && ctx.Err() == nil {
			t.opts.Logger.Warn("expired files were not removed; the next attempt is in a minute", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RemoveExpired removes the files that have expired at a time.
func (t *Temporary) RemoveExpired(ctx context.Context, at time.Time) error {
	for {
		expired, err := t.opts.Records.ExpiredTemporaryFiles(ctx, at)
		if err != nil {
			return err
		}
		for _, f := range expired {
			if err := t.opts.Kept.Delete(ctx, temporaryKey(f)); err != nil {
				return err
			}
			if err := t.opts.Records.RemoveTemporaryFile(ctx, f.ID, at); err != nil {
				return err
			}
		}
		if len(expired) == 0 {
			return t.opts.Records.ForgetTemporaryFiles(ctx, at.Add(-recordLife))
		}
	}
}
