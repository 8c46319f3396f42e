package worker

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/sdk"
)

// track is a stream of the participant: what comes from the encoder waits in it for its time.
//
// What is pushed while it is full waits, so that an encoder which sends faster than in real time is held back by TCP.
// While others have switched the stream off, what comes is dropped.
type track struct {
	kind  sdk.Kind
	codec string
	index int // of the clock
	clock *clock
	queue chan unit
	bytes atomic.Int64  // of what is in queue
	room  chan struct{} // capacity 1: something was taken out of it

	mu     sync.Mutex // guards everything below
	reader *trackReader
	opened bool // it was on before
}

// unit is one picture or packet of sound.
type unit struct {
	data  []byte
	at    time.Duration
	key   bool
	level sdk.AudioLevel
}

const (
	queuedPictures = 180 // 3 s at 60 pictures a second
	queuedPackets  = 150 // 3 s
	queuedBytes    = 16 << 20
)

func newTrack(kind sdk.Kind, c *clock) *track {
	t := &track{kind: kind, codec: "H264", index: indexVideo, clock: c, room: make(chan struct{}, 1)}
	size := queuedPictures
	if kind == sdk.Audio {
		t.codec, t.index, size = "opus", indexAudio, queuedPackets
	}
	t.queue = make(chan unit, size)
	return t
}

// push hands over a unit; it waits while the track is full.
func (t *track) push(ctx context.Context, u unit) {
	t.clock.arrived(t.index, u.at, time.Now())
	t.mu.Lock()
	reader, off := t.reader, t.opened && t.reader == nil
	t.mu.Unlock()
	if off {
		return
	}
	var closed chan struct{}
	if reader != nil {
		closed = reader.closed
	}
	for t.bytes.Load() > queuedBytes {
		select {
		case <-t.room:
		case <-closed:
			return
		case <-ctx.Done():
			return
		}
	}
	t.bytes.Add(int64(len(u.data)))
	select {
	case t.queue <- u:
		return
	case <-closed:
	case <-ctx.Done():
	}
	t.took(u)
}

// took notes that a unit is not in the queue any more.
func (t *track) took(u unit) {
	t.bytes.Add(-int64(len(u.data)))
	select {
	case t.room <- struct{}{}:
	default:
	}
}

// Name implements sdk.Source.
func (t *track) Name() string { return "the RTMP encoder" }

// Open implements sdk.Source.
func (t *track) Open(sdk.Kind) (sdk.Reader, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.opened {
		t.drain()
	}
	t.opened = true
	t.reader = &trackReader{track: t, closed: make(chan struct{})}
	return t.reader, nil
}

// drain forgets what waits.
func (t *track) drain() {
	for {
		select {
		case u := <-t.queue:
			t.took(u)
		default:
			return
		}
	}
}

// trackReader is one time for which the stream is on.
type trackReader struct {
	track  *track
	once   sync.Once
	closed chan struct{}
	keyed  bool          // a key frame was sent
	last   time.Duration // of the last unit
	began  bool
}

// Codec implements sdk.Reader.
func (r *trackReader) Codec() string { return r.track.codec }

// KeyFrame implements sdk.Reader. No encoder can be asked for one over RTMP.
func (r *trackReader) KeyFrame() {}

// Close implements sdk.Reader.
func (r *trackReader) Close() error {
	r.once.Do(func() {
		close(r.closed)
		r.track.mu.Lock()
		if r.track.reader == r {
			r.track.reader = nil
		}
		r.track.mu.Unlock()
	})
	return nil
}

const (
	packetTime = 20 * time.Millisecond
	// quietAfter is how long sound may be missing before silence is sent in its place.
	quietAfter = 200 * time.Millisecond
)

// silentPacket is 20 ms of silence: CELT, fullband, mono (RFC 6716, section 3.1).
var silentPacket = []byte{0xf8, 0xff, 0xfe}

// Read implements sdk.Reader: it returns each unit at its time.
func (r *trackReader) Read() (sdk.Frame, error) {
	for {
		u, ok := r.next()
		if !ok {
			return sdk.Frame{}, io.EOF
		}
		if r.track.kind == sdk.Video {
			if r.keyed = r.keyed || u.key; !r.keyed {
				continue
			}
		}
		if r.began && u.at <= r.last { // it would go back
			continue
		}
		if !r.wait(u.at) {
			return sdk.Frame{}, io.EOF
		}
		r.last, r.began = u.at, true
		return sdk.Frame{Data: u.data, At: &u.at, Level: u.level}, nil
	}
}

// next takes a unit out of the queue. In the place of sound that is missing it returns silence.
func (r *trackReader) next() (unit, bool) {
	var missing <-chan time.Time
	if r.track.kind == sdk.Audio && r.began {
		wait := time.Until(r.track.clock.due(r.last + packetTime))
		timer := time.NewTimer(wait + quietAfter)
		defer timer.Stop()
		missing = timer.C
	}
	select {
	case u := <-r.track.queue:
		r.track.took(u)
		return u, true
	case <-missing:
		return unit{data: silentPacket, at: r.last + packetTime, level: sdk.Silence}, true
	case <-r.closed:
		return unit{}, false
	}
}

func (r *trackReader) wait(at time.Duration) bool {
	timer := time.NewTimer(time.Until(r.track.clock.due(at)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.closed:
		return false
	}
}
