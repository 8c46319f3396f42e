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
	// Epoch is the time of day of the stream's time zero: now. SetEpoch corrects it.
	Epoch time.Time
	// LowLatency lists each fragment as a part. It is for what a Handler serves while it grows: only that knows how to
	// wait, and what a part is. Fragments that do not come at least twice in a segment are no parts.
	LowLatency bool
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
	parts    bool          // fragments are parts
	longest  time.Duration // of them, EXT-X-PART-INF
	file     *os.File      // of the segment being written, nil before the first fragment
	open     []part        // what is in it
	start    time.Duration
	end      time.Duration // of the last fragment
	bytes    int64
	configs  *fmp4.VideoConfigs // nil: the size never changes
	inits    int                // how many initialization segments are there
	init     int                // that of the segment being written
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
	w := &Writer{dir: dir, options: options, parts: options.LowLatency}
	w.stretch(options.SegmentDuration)
	return w, nil
}

// stretch makes the target hold for a segment: its duration, rounded, must not be longer (4.3.3.1). The
// target must not change either; it does only when the encoder misses its key frames, and then a player that
// polls too early is the smaller harm.
func (w *Writer) stretch(duration time.Duration) {
	w.target = max(w.target, duration.Round(time.Second), time.Second)
}

// SetEpoch sets the time of day of the stream's time zero, where it is known only when the stream begins. It comes
// before the fragments.
func (w *Writer) SetEpoch(epoch time.Time) { w.options.Epoch = epoch }

// WriteInit writes the initialization segment. It comes once, before the fragments.
func (w *Writer) WriteInit(init *fmp4.Init) error {
	return w.do(func() error {
		if w.inits > 0 {
			return errors.New("two initialization segments")
		}
		if !w.options.LowLatency { // whose encoder is ours
			w.configs = fmp4.NewVideoConfigs(init)
		}
		return w.addInit(init.Raw)
	})
}

func (w *Writer) addInit(raw []byte) error {
	w.bytes += int64(len(raw))
	w.inits++
	return replace(w.path(initName(w.inits-1)), raw)
}

// initOf returns the number of the initialization segment that a fragment needs, and writes those that are new.
func (w *Writer) initOf(f *fmp4.Fragment) (int, error) {
	if w.configs == nil || !f.Key {
		return w.init, nil
	}
	init := w.configs.Next(f)
	for w.inits <= init {
		raw, err := w.configs.Init(w.inits)
		if err == nil {
			err = w.addInit(raw)
		}
		if err != nil {
			return 0, err
		}
	}
	return init, nil
}

// WriteFragment writes the next fragment; fragments before the first key frame are left out. Where H.264 changes its
// size or profile a segment begins, with an initialization segment of its own (RFC 8216, 4.3.2.3 and 4.3.2.5).
func (w *Writer) WriteFragment(f *fmp4.Fragment) error {
	return w.do(func() error {
		if w.inits == 0 {
			return errors.New("fragment before the initialization segment")
		}
		if w.file == nil && !f.Key {
			return nil
		}
		init, err := w.initOf(f)
		if err != nil {
			return err
		}
		cut := w.file != nil && f.Key && (w.due(f.Start, f.Duration) || init != w.init)
		if cut {
			if err := w.cut(f.Start); err != nil {
				return err
			}
		}
		w.init = init
		parts := w.parts
		if cut && !parts {
			if err := w.list(false); err != nil {
				return err
			}
		}
		if err := w.add(f); err != nil {
			return err
		}
		if parts && len(w.segments) > 0 {
			if err := w.list(false); err != nil {
				return err
			}
		}
		if cut && len(w.segments) == playable && w.options.OnPlayable != nil {
			w.options.OnPlayable()
		}
		return nil
	})
}

// due reports whether a segment may begin with the fragment there: half a fragment early is nearer to the aim than a
// whole key frame interval late.
func (w *Writer) due(start, duration time.Duration) bool {
	return start-w.start >= w.options.SegmentDuration-duration/2
}

// add writes a fragment to the end of the present segment, or begins one with it.
func (w *Writer) add(f *fmp4.Fragment) error {
	if w.file == nil {
		file, err := os.Create(w.path(segmentName(len(w.segments)) + partial))
		if err != nil {
			return err
		}
		w.file, w.start, w.open = file, f.Start, nil
	}
	w.end = f.Start + f.Duration
	w.open = append(w.open, part{duration: f.Duration, independent: f.Key})
	w.longest = max(w.longest, roundUp(f.Duration))
	// nothing is won with them, and a player would stay three of the longest behind
	if w.longest > w.options.SegmentDuration/2 {
		w.parts = false
	}
	_, err := w.file.Write(f.Raw)
	if err == nil {
		w.bytes += int64(len(f.Raw))
	}
	return err
}

// roundUp rounds to what a playlist says of a part target: no part may be longer (the draft, 4.4.4.9).
func roundUp(d time.Duration) time.Duration {
	return (d + time.Millisecond - 1).Truncate(time.Millisecond)
}

// cut ends the present segment, which reaches to end.
func (w *Writer) cut(end time.Duration) error {
	file := w.file
	w.file = nil
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), w.path(segmentName(len(w.segments)))); err != nil {
		return err
	}
	s := segment{start: w.start, duration: end - w.start, init: w.init, parts: w.open}
	w.segments, w.open = append(w.segments, s), nil
	w.stretch(s.duration)
	return nil
}

// list writes both playlists, first the one that has everything.
func (w *Writer) list(ended bool) error {
	p := playlist{target: w.target, ended: ended}
	if w.parts {
		p.partTarget, p.open, p.hint = w.longest, w.open, w.next()
	}
	for i := len(w.segments) - 1; i >= 0 && w.segments[i].parts != nil; i-- {
		if !w.parts || w.segments[i].start < w.end-partsListed*w.target {
			w.segments[i].parts = nil
		}
	}
	live := max(0, len(w.segments)-w.options.LiveSegments)
	for _, of := range []struct {
		name  string
		first int
	}{{FullPlaylist, 0}, {LivePlaylist, live}} {
		p.first, p.segments, p.jumps = of.first, w.segments[of.first:], jumpsTo(w.segments, of.first)
		p.at, p.kind, p.skip = w.options.Epoch.Add(p.segments[0].start), "", of.name == FullPlaylist
		switch {
		case of.name == LivePlaylist: // segments leave it, so it has no type
		case ended:
			p.kind = tagVOD
		default:
			p.kind = tagEvent
		}
		if err := replace(w.path(of.name), p.render()); err != nil {
			return err
		}
	}
	return nil
}

// next is the name of the part that comes next, if key frames and fragments come as they should. If not, whoever asked
// for it is told that there is none, and finds the right one in the playlist (the draft, 6.2.6).
func (w *Writer) next() string {
	if n := len(w.open); n > 0 && !w.due(w.end, w.open[n-1].duration) {
		return partName(len(w.segments), n)
	}
	return partName(len(w.segments)+1, 0)
}

// Close lists what is left as the last segment and ends the playlists. After a failed write it ends them
// with what is listed, as Finish does, and returns that failure.
func (w *Writer) Close() error {
	if w.closed {
		return ErrClosed
	}
	err := w.do(func() error {
		playing := len(w.segments) >= playable
		if w.file != nil {
			if err := w.cut(w.end); err != nil {
				return err
			}
		}
		if len(w.segments) == 0 {
			return nil // nothing to play, no playlist
		}
		if err := w.list(true); err != nil {
			return err
		}
		if !playing && len(w.segments) >= playable && w.options.OnPlayable != nil {
			w.options.OnPlayable()
		}
		return nil
	})
	w.closed = true
	if w.file != nil {
		_ = w.file.Close() // of a segment that failed
		w.file = nil
	}
	if err != nil {
		if unfinished := Finish(w.dir); unfinished != nil {
			err = errors.Join(err, unfinished)
		}
		w.segments = nil
		if left, unread := readList(w.path(FullPlaylist)); unread == nil {
			w.segments = left.segments
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

// Size returns the size of the largest pictures of a stream whose size may change; zero of others.
func (w *Writer) Size() (width, height int) {
	if w.configs == nil {
		return 0, 0
	}
	return w.configs.Size()
}

// Duration is how long the listed segments play.
func (w *Writer) Duration() time.Duration {
	if n := len(w.segments); n > 0 {
		last := w.segments[n-1]
		return last.start + last.duration - w.segments[0].start
	}
	return 0
}

func (w *Writer) path(name string) string { return filepath.Join(w.dir, name) }
