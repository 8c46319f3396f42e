package hls

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/klatch/klatch/internal/fmp4"
)

// ErrClosed is returned by a Writer after Close.
var ErrClosed = errors.New("hls: writer is closed")

// Options of a Writer. Zero values mean the default.
type Options struct {
	// SegmentDuration is what segments aim at: 2 s. A segment ends before the key frame nearest to that, so
	// key frames must come as often.
	SegmentDuration time.Duration
	// LiveSegments is how many segments live.m3u8 lists: 6.
	LiveSegments int
	// Epoch is the time of day of the stream's time zero: now.
	Epoch time.Time
	// OnPlayable is called once, by the goroutine that writes, when the playlists list three segments: enough
	// for a player to start. It may be nil.
	OnPlayable func()
}

// playable is how many segments make a stream that a player starts with: players begin three target durations
// before the end (6.3.3). hls.js does with two, Chromium's own player fails on them and does not try again.
const playable = 3

// Writer writes one stream. Not safe for concurrent use. After an error (disk full: syscall.ENOSPC is in its
// chain) it can only be closed; what is listed stays playable.
type Writer struct {
	dir     string
	options Options
	target  time.Duration // EXT-X-TARGETDURATION

	segments []segment
	file     *os.File // of the segment being written, nil before the first fragment
	start    time.Duration
	end      time.Duration // of the last fragment
	bytes    int64
	ready    bool // init.mp4 is there
	failed   error
	closed   bool
}

// NewWriter writes into dir, which must exist and be empty.
func NewWriter(dir string, options Options) (*Writer, error) {
	options.SegmentDuration = cmp.Or(options.SegmentDuration, 2*time.Second)
	options.LiveSegments = cmp.Or(options.LiveSegments, 6)
	if options.Epoch.IsZero() {
		options.Epoch = time.Now()
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("hls: %w", err)
	}
	if len(there) > 0 {
		return nil, fmt.Errorf("hls: %s is not empty", dir)
	}
	w := &Writer{dir: dir, options: options}
	w.stretch(options.SegmentDuration)
	return w, nil
}

// stretch makes the target hold for a segment: its duration, rounded, must not be longer (4.3.3.1). The
// target must not change either; it does only when the encoder misses its key frames, and then a player that
// polls too early is the smaller harm.
func (w *Writer) stretch(duration time.Duration) {
	w.target = max(w.target, duration.Round(time.Second), time.Second)
}

// WriteInit writes the initialization segment. It comes once, before the fragments.
func (w *Writer) WriteInit(init *fmp4.Init) error {
	return w.do(func() error {
		if w.ready {
			return errors.New("two initialization segments")
		}
		w.ready = true
		w.bytes += int64(len(init.Raw))
		return replace(w.path(InitSegment), init.Raw)
	})
}

// WriteFragment writes the next fragment; fragments before the first key frame are left out.
func (w *Writer) WriteFragment(f *fmp4.Fragment) error {
	return w.do(func() error {
		if !w.ready {
			return errors.New("fragment before the initialization segment")
		}
		if w.file == nil && !f.Key {
			return nil
		}
		// half a fragment early is nearer to the aim than a whole key frame interval late
		if w.file != nil && f.Key && f.Start-w.start >= w.options.SegmentDuration-f.Duration/2 {
			if err := w.cut(f.Start); err != nil {
				return err
			}
		}
		if w.file == nil {
			file, err := os.Create(w.path(segmentName(len(w.segments)) + partial))
			if err != nil {
				return err
			}
			w.file, w.start = file, f.Start
		}
		w.end = f.Start + f.Duration
		n, err := w.file.Write(f.Raw)
		w.bytes += int64(n)
		return err
	})
}

// cut ends the present segment, which reaches to end, and lists it.
func (w *Writer) cut(end time.Duration) error {
	file := w.file
	w.file = nil
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), w.path(segmentName(len(w.segments)))); err != nil {
		return err
	}
	s := segment{start: w.start, duration: end - w.start}
	w.segments = append(w.segments, s)
	w.stretch(s.duration)
	if err := w.list(false); err != nil {
		return err
	}
	if len(w.segments) == playable && w.options.OnPlayable != nil {
		w.options.OnPlayable()
	}
	return nil
}

// list writes both playlists.
func (w *Writer) list(ended bool) error {
	kind := tagEvent
	if ended {
		kind = tagVOD
	}
	if err := replace(w.path(FullPlaylist), playlist(kind, w.segments, 0, w.target, w.options.Epoch, ended)); err != nil {
		return err
	}
	first := max(0, len(w.segments)-w.options.LiveSegments)
	return replace(w.path(LivePlaylist), playlist("", w.segments[first:], first, w.target, w.options.Epoch, ended))
}

// Close lists what is left as the last segment and ends the playlists. After a failed write it ends them
// with what is listed, and returns that failure.
func (w *Writer) Close() error {
	if w.closed {
		return ErrClosed
	}
	err := w.do(func() error {
		if w.file != nil {
			if err := w.cut(w.end); err != nil {
				return err
			}
		}
		if len(w.segments) == 0 {
			return nil // nothing to play, no playlist
		}
		return w.list(true)
	})
	w.closed = true
	if w.file != nil {
		_ = w.file.Close() // of a segment that failed and is not listed
		w.file = nil
	}
	if err != nil {
		if unfinished := Finish(w.dir); unfinished != nil {
			return errors.Join(err, unfinished)
		}
	}
	return err
}

// do keeps the first error: a stream with a hole is none.
func (w *Writer) do(step func() error) error {
	if w.closed {
		return ErrClosed
	}
	if w.failed != nil {
		return w.failed
	}
	if err := step(); err != nil {
		w.failed = fmt.Errorf("hls: %w", err)
	}
	return w.failed
}

// Bytes is how much has been written, without the playlists.
func (w *Writer) Bytes() int64 { return w.bytes }

// Duration is how long the listed segments play.
func (w *Writer) Duration() time.Duration {
	if n := len(w.segments); n > 0 {
		last := w.segments[n-1]
		return last.start + last.duration - w.segments[0].start
	}
	return 0
}

func (w *Writer) path(name string) string { return filepath.Join(w.dir, name) }
