// Package still makes pictures of HLS streams, of those that run and of those that are over. It owns which segment a
// moment lies in, the ffmpeg that decodes it, and how many of them work at once. REST asks for stills; the streams are
// those that internal/hls serves, from wherever they are, and what was made is kept by internal/blob beside the files
// of the job.
package still

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// Streams are the files of HLS jobs; hls.Handler implements it.
type Streams interface {
	// Open fails with fs.ErrNotExist or a *fault.Error.
	Open(ctx context.Context, stream, name string) (io.ReadSeekCloser, time.Time, error)
}

// Storage keeps what was made; blob.Archive implements it.
type Storage interface {
	// KeepBeside keeps a copy of a local file with those of the job. Its error is a *fault.Error.
	KeepBeside(ctx context.Context, j record.Job, name, path string) (job.File, error)
}

// Options of New. A zero value is the default beside it.
type Options struct {
	FFmpeg  string // "ffmpeg", found in PATH
	Dir     string // for files on their way; absolute, and nobody else's
	Streams Streams
	Storage Storage

	ReadFor       time.Duration // 15 s until a segment has been read
	MakeFor       time.Duration // 10 s until ffmpeg has made the picture
	MaxConcurrent int           // 4 stills at once
}

// Extractor makes stills. It is safe for concurrent use.
//
// Shape: mutex around who is at work; everything happens in the goroutine of the caller.
type Extractor struct {
	opts Options

	mu   sync.Mutex      // guards everything below
	busy map[string]bool // streams, by the id of their job
}

// New makes a camera. What a killed server has left in Options.Dir goes.
func New(o Options) *Extractor {
	o.FFmpeg = cmp.Or(o.FFmpeg, "ffmpeg")
	o.ReadFor = cmp.Or(o.ReadFor, 15*time.Second)
	o.MakeFor = cmp.Or(o.MakeFor, 10*time.Second)
	o.MaxConcurrent = cmp.Or(o.MaxConcurrent, 4)
	_ = os.RemoveAll(o.Dir) // of no use to anybody, and made again
	return &Extractor{opts: o, busy: map[string]bool{}}
}

// perStream is how many stills of one stream are made at once.
const perStream = 1

// retryAfter is what who comes too early is told to wait: a still takes less than a second.
const retryAfter = time.Second

// acquire takes a place at work. leave must follow when there is no fault.
func (e *Extractor) acquire(id string) *fault.Error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.busy[id]:
		return fault.RateLimitedStills("this stream", perStream, perStream).RetryAfter(retryAfter)
	case len(e.busy) >= e.opts.MaxConcurrent:
		return fault.RateLimitedStills("all streams", len(e.busy), e.opts.MaxConcurrent).RetryAfter(retryAfter)
	}
	e.busy[id] = true
	return nil
}

func (e *Extractor) release(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.busy, id)
}

// Extract makes a still of an HLS job and keeps it. Its error is a *job.FieldError or a *fault.Error.
func (e *Extractor) Extract(ctx context.Context, j record.Job, q job.StillRequest) (job.Still, error) {
	q.Format = cmp.Or(q.Format, job.JPG)
	made := job.Still{Format: q.Format, CreatedAt: time.Now().UTC().Truncate(time.Millisecond)}
	if err := checkRequest(q); err != nil {
		return made, err
	}
	if j.Config.Mode == job.AudioOnly {
		return made, fault.ConflictSoundOnly(j.ID).WithMeeting(j.MeetingID, j.SessionID, "")
	}
	if f := e.acquire(j.ID); f != nil {
		return made, f.WithMeeting(j.MeetingID, j.SessionID, "")
	}
	defer e.release(j.ID)
	err := guard.Run("a still", func() error {
		picture, err := e.render(ctx, j, q, &made)
		if err == nil {
			made.File, err = e.store(ctx, j, made, picture)
		}
		return err
	})
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return made, f.WithMeeting(j.MeetingID, j.SessionID, "")
	}
	return made, err
}

func checkRequest(q job.StillRequest) error {
	for name, side := range map[string]int{"width": q.Width, "height": q.Height} {
		if side != 0 && (side < job.MinStill || side > job.MaxStill) {
			return &job.FieldError{
				Field:   name,
				Problem: fmt.Sprintf("is %d; it takes %d to %d", side, job.MinStill, job.MaxStill),
			}
		}
	}
	if _, ok := codecs[q.Format]; !ok {
		return &job.FieldError{Field: "format", Problem: fmt.Sprintf("is %.20q; it takes jpg, png or webp", string(q.Format))}
	}
	return nil
}

// render finds the moment and extracts the picture.
func (e *Extractor) render(ctx context.Context, j record.Job, q job.StillRequest, made *job.Still) ([]byte, error) {
	build, err := ffmpeg.Probe(ctx, e.opts.FFmpeg)
	if err == nil {
		err = build.Require(codecs[q.Format].name)
	}
	if err != nil {
		return nil, e.encoderFault(err)
	}
	media, place, err := e.readMedia(ctx, j, q.At)
	if err != nil {
		return nil, err
	}
	init, err := fmp4.NewReader(bytes.NewReader(media)).Init()
	if err != nil {
		return nil, fmt.Errorf("still of %s: %w", j.ID, err)
	}
	if init.Video == nil {
		return nil, fault.ConflictSoundOnly(j.ID)
	}
	if made.Width, made.Height, err = sizeOf(q, init.Video.Width, init.Video.Height); err != nil {
		return nil, err
	}
	made.At = place.Start + place.Offset
	picture, err := extractFrame(ctx, build.Path, media, frameSpec{
		offset: place.Offset, length: place.Length, width: made.Width, height: made.Height, format: q.Format,
	}, e.opts.MakeFor)
	if err != nil {
		return nil, e.encoderFault(err)
	}
	return picture, nil
}

// Limits of what is read of a stream; what our encoder makes is far below.
const (
	maxInit    = 1 << 20
	maxSegment = 64 << 20
)

// readMedia returns what a decoder needs for a moment of a stream, and where in it that moment is.
func (e *Extractor) readMedia(ctx context.Context, j record.Job, at time.Duration) ([]byte, hls.Place, error) {
	ctx, cancel := context.WithTimeout(ctx, e.opts.ReadFor)
	defer cancel()
	playlist, _, err := e.opts.Streams.Open(ctx, j.ID, hls.FullPlaylist)
	if err != nil {
		return nil, hls.Place{}, e.missingFile(j, hls.FullPlaylist, err)
	}
	place, err := hls.Seek(playlist, at)
	_ = playlist.Close() // was only read
	if beyond, ok := errors.AsType[*hls.BeyondError](err); ok {
		return nil, place, fault.InvalidMessageBeyondStream(seconds(at), seconds(beyond.Length))
	}
	if errors.Is(err, hls.ErrEmpty) {
		return nil, place, e.noPictureYet(j)
	}
	if err != nil {
		return nil, place, readFault(err)
	}
	var media []byte
	for _, part := range []struct {
		name  string
		limit int64
	}{{place.Init, maxInit}, {place.Segment, maxSegment}} {
		file, _, err := e.opts.Streams.Open(ctx, j.ID, part.name)
		if err != nil {
			return nil, place, e.missingFile(j, part.name, err)
		}
		content, err := io.ReadAll(io.LimitReader(file, part.limit+1))
		_ = file.Close() // was only read
		if err != nil {
			return nil, place, readFault(err)
		}
		if int64(len(content)) > part.limit {
			return nil, place, fmt.Errorf("still of %s: %s has more than %d bytes", j.ID, part.name, part.limit)
		}
		media = append(media, content...)
	}
	return media, place, nil
}

// missingFile returns what it means that a file of a stream cannot be opened.
func (e *Extractor) missingFile(j record.Job, name string, err error) error {
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return readFault(err)
	case j.State.Over():
		return fault.NotFoundFile(name).Because(err)
	}
	return e.noPictureYet(j)
}

func (e *Extractor) noPictureYet(j record.Job) error {
	return fault.ConflictNoPictureYet(j.ID, string(j.State)).RetryAfter(2 * time.Second)
}

// readFault is a stream that breaks off while it is read, or is too long in coming.
func readFault(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok || errors.Is(err, context.Canceled) {
		return err // it says more, or nobody waits
	}
	return fault.ServerUnavailableStorage("the read of a stream", innermost(err)).Because(err)
}

func innermost(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return fmt.Sprintf("%.200s", err.Error())
}

func seconds(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }

// encoderFault returns the fault of an ffmpeg that made no picture.
func (e *Extractor) encoderFault(err error) error {
	if e, ok := errors.AsType[*ffmpeg.UnusableError](err); ok {
		return fault.ServerUnavailableEncoderUnusable(e.Path, e.Problem).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.TooOldError](err); ok {
		return fault.ServerUnavailableEncoderTooOld(e.Path, e.Version, e.Needed).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.NotFoundError](err); ok {
		return fault.ServerUnavailableEncoderMissing(e.Path, "ffmpeg").Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.MissingEncoderError](err); ok {
		return fault.ServerUnavailableEncoderMissing(e.Path, "the encoder "+e.Name).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.UnresponsiveError](err); ok {
		return fault.ServerUnavailableEncoderUnresponsive(e.Path, e.After).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.DiedError](err); ok {
		return fault.ServerUnavailableEncoderDied(e.Signal, e.Exit, e.LastWords).Because(err)
	}
	if e, ok := errors.AsType[*ffmpeg.StalledError](err); ok {
		return fault.ServerUnavailableEncoderStalled(e.After).Because(err)
	}
	return err
}

// store writes a picture to the storage. The name is ours: the moment in the stream, and what tells it from others.
func (e *Extractor) store(ctx context.Context, j record.Job, made job.Still, picture []byte) (job.File, error) {
	path, err := e.writeTemporary(picture)
	if path != "" {
		defer func() { _ = os.Remove(path) }() // the next start looks again
	}
	if err != nil {
		return job.File{}, fault.ServerUnavailableStorage("a still", innermost(err)).Because(err)
	}
	id, _, _ := strings.Cut(uuid.NewString(), "-")
	name := fmt.Sprintf("still-%08d-%s.%s", made.At.Milliseconds(), id, made.Format)
	file, err := e.opts.Storage.KeepBeside(ctx, j, name, path)
	if err != nil {
		return job.File{}, err
	}
	file.Size = int64(len(picture))
	return file, nil
}

func (e *Extractor) writeTemporary(picture []byte) (path string, err error) {
	if err := os.MkdirAll(e.opts.Dir, 0o700); err != nil {
		return "", err
	}
	path = filepath.Join(e.opts.Dir, uuid.NewString())
	return path, os.WriteFile(path, picture, 0o600)
}
