// Package decoder turns the coded frames of one video stream into pictures, by one ffmpeg child per stream. Whatever a
// stream sends, and however its child ends, costs that stream's picture only. Egress has one for each stream on its
// canvas.
package decoder

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/picture"
)

// MaxPixels of a picture that is decoded: 4096x2304. A larger one would cost each recording hundreds of megabytes, and
// no canvas shows more than a quarter of that.
const MaxPixels = 4096 * 2304

const (
	// DefaultStall is how long a child may take frames without giving a picture.
	DefaultStall = 5 * time.Second

	maxQueued = 16 // frames; half a second of video
	// maxAhead is how many pictures wait for their time. Beyond it whoever shows them is far behind: the oldest go unseen,
	// and the next one is shown before its time, for a picture that stands still is worse.
	maxAhead = 16
	// aheadBytes bounds what these pictures take: of large ones there are fewer.
	aheadBytes = 96 << 20
	// A child may keep a few frames, and some frames are not to be shown: beyond patient frames without a picture a
	// key frame is asked for, beyond stalled the time counts.
	framesBeforeKeyRequest = 15
	framesBeforeStall      = 30

	askAgain          = 500 * time.Millisecond
	firstBackoff      = 250 * time.Millisecond
	maxBackoff        = 8 * time.Second
	resetBackoffAfter = 30 * time.Second // a child that lived so long clears the backoff
)

// Config is what to decode, and who is told.
type Config struct {
	FFmpeg string // path or name of the program

	// KeyFrame asks the sender for a key frame: frames were dropped, or a child died. Failed is called with the reason, as
	// *ffmpeg.NotFoundError, *ffmpeg.DiedError or *ffmpeg.StalledError; the decoder goes on by itself. Both may be nil,
	// are called from one goroutine, and must not call Close.
	KeyFrame func()
	Failed   func(error)

	// TooLarge is called once when pictures are larger than MaxPixels, and again when they are so after others that were
	// not. Nothing is decoded meanwhile. It may be nil and is called by Decode.
	TooLarge func(width, height int)

	Stall time.Duration // 0 is DefaultStall
}

// Stats counts since New.
type Stats struct {
	Frames   uint64 // given to Decode
	Dropped  uint64 // not given to ffmpeg: waiting for a key frame, or for a child
	Pictures uint64
	Failures uint64 // children that ended unasked
}

// Decoder decodes one stream. Its *loop* owns the child; the queue and the pictures are under a mutex. Decode, At and
// Stats never block.
type Decoder struct {
	config Config
	cancel context.CancelFunc
	done   chan struct{}
	wake   chan struct{} // the queue or wantsKey changed

	mu       sync.Mutex // guards everything below
	queue    []timed[depacket.Frame]
	wantsKey bool                      // frames are dropped until a key frame comes
	ahead    []timed[*picture.Picture] // to be shown, in the order they came
	spare    []*picture.Picture        // memory for more
	current  *picture.Picture          // the caller's, since the last At
	shownAt  time.Time
	unshown  int // frames written since the last picture
	tooLarge bool
	pid      int
	stats    Stats
}

// timed is something that belongs at a moment.
type timed[T any] struct {
	what T
	at   time.Time
}

// New starts a decoder; it runs no child before the first key frame, whose codec it decodes. A key frame of another
// codec or size begins with a child of its own.
func New(config Config) *Decoder {
	if config.KeyFrame == nil {
		config.KeyFrame = func() {}
	}
	if config.Failed == nil {
		config.Failed = func(error) {}
	}
	if config.Stall <= 0 {
		config.Stall = DefaultStall
	}
	ctx, cancel := context.WithCancel(context.Background())
	d := &Decoder{
		config: config, cancel: cancel, wantsKey: true,
		done: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	go d.run(ctx)
	return d
}

// Decode queues the next frame, with the time at which it is to be seen. When ffmpeg is so slow that the queue is full,
// everything up to the next key frame is dropped.
func (d *Decoder) Decode(f depacket.Frame, at time.Time) {
	if d.refuses(f) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stats.Frames++
	switch {
	case f.Key && (d.wantsKey || len(d.queue) == maxQueued):
		d.dropLocked(false)
		d.queue = append(d.queue, timed[depacket.Frame]{f, at})
	case d.wantsKey:
		d.stats.Dropped++
	case len(d.queue) == maxQueued:
		d.stats.Dropped++
		d.dropLocked(true)
	default:
		d.queue = append(d.queue, timed[depacket.Frame]{f, at})
	}
	d.signal()
}

// refuses reports whether a frame belongs to pictures that are too large. No key frame is asked for: the next one would
// be as large.
func (d *Decoder) refuses(f depacket.Frame) bool {
	d.mu.Lock()
	before := d.tooLarge
	if f.Key {
		d.tooLarge = f.Width*f.Height > MaxPixels
	}
	refused := d.tooLarge
	if refused {
		d.stats.Frames++
		d.stats.Dropped++
		d.dropLocked(true)
	}
	d.mu.Unlock()
	if refused && !before && d.config.TooLarge != nil {
		d.config.TooLarge(f.Width, f.Height)
	}
	return refused
}

// maxAheadOf is how many pictures like this one are kept.
func maxAheadOf(p *picture.Picture) int {
	return min(max(aheadBytes/max(1, picture.Size(p.Width, p.Height)), 3), maxAhead)
}

// dropLocked empties the queue.
func (d *Decoder) dropLocked(wantsKey bool) {
	d.stats.Dropped += uint64(len(d.queue))
	clear(d.queue)
	d.queue = d.queue[:0]
	d.wantsKey = wantsKey
}

func (d *Decoder) signal() {
	select {
	case d.wake <- struct{}{}:
	default: // it is awake already
	}
}

// At is the picture of that moment: the newest that does not belong later, or nil before the first. Moments must not go
// back. It is the caller's until the next call of At, which may use it for another; so one goroutine calls it. A
// picture that is not the one of the call before is a new one. Its size is the stream's own and changes with it.
func (d *Decoder) At(moment time.Time) *picture.Picture {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for n < len(d.ahead) && !d.ahead[n].at.After(moment) {
		d.recycleLocked(d.current)
		d.current = d.ahead[n].what
		n++
	}
	d.ahead = slices.Delete(d.ahead, 0, n)
	return d.current
}

// Next is when the picture belongs that At has not shown yet, if there is one.
func (d *Decoder) Next() (at time.Time, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.ahead) == 0 {
		return time.Time{}, false
	}
	return d.ahead[0].at, true
}

func (d *Decoder) recycleLocked(p *picture.Picture) {
	if p != nil && len(d.spare) < maxAheadOf(p) {
		d.spare = append(d.spare, p)
	}
}

// takePicture takes a picture from a child and returns memory for the next, if there is any.
func (d *Decoder) takePicture(p *picture.Picture, at time.Time) *picture.Picture {
	d.mu.Lock()
	defer d.mu.Unlock()
	for most := maxAheadOf(p); len(d.ahead) >= most; {
		d.recycleLocked(d.ahead[0].what)
		d.ahead = slices.Delete(d.ahead, 0, 1)
		d.ahead[0].at = time.Time{}
	}
	d.ahead = append(d.ahead, timed[*picture.Picture]{p, at})
	d.shownAt = time.Now()
	d.unshown = 0
	d.stats.Pictures++
	if n := len(d.spare); n > 0 {
		p, d.spare = d.spare[n-1], d.spare[:n-1]
		return p
	}
	return nil
}

// PID is the process id of the child, for whoever accounts its CPU time; 0 while there is none.
func (d *Decoder) PID() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.pid
}

// Stats returns what became of the frames so far.
func (d *Decoder) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stats
}

// Close kills the child and waits until nothing of the decoder runs. The last picture stays the caller's.
func (d *Decoder) Close() {
	d.cancel()
	<-d.done
}

// run is the loop: it starts, feeds and buries the children.
func (d *Decoder) run(ctx context.Context) {
	defer close(d.done)
	defer guard.Recover("a decoder", d.config.Failed) // its last picture stays
	l := loop{Decoder: d, backoff: firstBackoff}
	defer l.stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
			l.feed(ctx)
		case <-l.childEnded():
			l.fail(l.child.reap())
		}
		l.requestKeyFrame()
	}
}

// loop is what only the loop's goroutine touches.
type loop struct {
	*Decoder
	child       *child
	backoff     time.Duration
	notBefore   time.Time // of the next child after one that failed
	requestedAt time.Time
}

func (l *loop) childEnded() <-chan struct{} {
	if l.child == nil {
		return nil
	}
	return l.child.done
}

// feed writes the queue to the child, and starts one where the stream needs it.
func (l *loop) feed(ctx context.Context) {
	for ctx.Err() == nil {
		l.mu.Lock()
		if len(l.queue) == 0 {
			l.mu.Unlock()
			return
		}
		f := l.queue[0]
		l.queue = append(l.queue[:0], l.queue[1:]...)
		l.mu.Unlock()

		if f.what.Key && !l.child.fits(f.what) && !l.start(f.what) {
			l.drop()
			return
		}
		if err := l.write(ctx, f); err != nil {
			if ctx.Err() == nil {
				l.fail(err)
			}
			return
		}
	}
}

// start replaces the child by one for frames like f.
func (l *loop) start(f depacket.Frame) bool {
	l.stop()
	now := time.Now()
	if now.Before(l.notBefore) {
		return false
	}
	c, err := newChild(l.config, f, l.takePicture)
	if err != nil {
		l.fail(err)
		return false
	}
	l.mu.Lock()
	l.shownAt, l.unshown, l.pid = now, 0, c.process.PID()
	l.mu.Unlock()
	l.child = c
	return true
}

func (l *loop) write(ctx context.Context, f timed[depacket.Frame]) error {
	l.mu.Lock()
	l.unshown++
	late := l.unshown > framesBeforeStall && time.Since(l.shownAt) > l.config.Stall
	l.mu.Unlock()
	var err error
	if !late {
		if err = l.child.write(ctx, f.what, f.at, l.config.Stall); err == nil {
			return nil
		}
	}
	if late || errors.Is(err, os.ErrDeadlineExceeded) {
		l.child.close()
		return &ffmpeg.StalledError{After: l.config.Stall, LastWords: l.child.process.LastWords()}
	}
	return l.child.reap()
}

// fail is called when the child is gone.
func (l *loop) fail(err error) {
	now := time.Now()
	if l.child != nil && now.Sub(l.child.startedAt) > resetBackoffAfter {
		l.backoff = firstBackoff
	}
	l.child = nil
	l.notBefore = now.Add(l.backoff)
	l.backoff = min(2*l.backoff, maxBackoff)
	l.drop()
	l.mu.Lock()
	l.stats.Failures++
	l.pid = 0
	l.mu.Unlock()
	l.config.Failed(err)
}

// drop drops what is queued, and the frame that was being written.
func (l *loop) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Dropped++
	l.dropLocked(true)
}

// requestKeyFrame asks for a key frame if one is needed and could be used, but not too often. Every frame wakes the
// loop, so it is asked for again while frames come.
func (l *loop) requestKeyFrame() {
	l.mu.Lock()
	needed := l.wantsKey && l.stats.Frames > 0 || l.unshown > framesBeforeKeyRequest
	l.mu.Unlock()
	now := time.Now()
	if !needed || now.Before(l.notBefore) || now.Sub(l.requestedAt) < askAgain {
		return
	}
	l.requestedAt = now
	l.config.KeyFrame()
}

func (l *loop) stop() {
	if l.child != nil {
		l.child.close()
		l.child = nil
	}
}
