package sfu

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/history"
	"github.com/klatch/klatch/internal/sfu/packet"
)

// maxEncodings is how many encodings of one picture a source may send: simulcast in three sizes, as browsers do.
const maxEncodings = 3

// encoding is one of the encodings of a stream: what is kept of it, and the requests for its key frames.
type encoding struct {
	history history.History
	newest  uint16                     // highest number in history; guarded by fan of the stream
	begun   uint32                     // epoch of newest
	epoch   atomic.Uint32              // of its packets; changes when what comes does not continue what came
	clock   atomic.Pointer[clockPoint] // last sender report of the source

	measured atomic.Pointer[measurement] // nil: nothing has come
	counting measurement                 // of the present window; guarded by fan of the stream
	window   time.Time                   // when the present window began; guarded by fan

	stopped atomic.Bool // its publisher was told that nobody takes it

	// Of the maintenance.
	taken     time.Time     // when somebody last took it
	restarted time.Time     // when its publisher was told that somebody takes it again, zero: it came
	barren    time.Time     // until then it is not asked for again: it did not come
	barrenFor time.Duration // how long that was

	keyMu    sync.Mutex // guards the two below
	keyAsked time.Time
	keyTimer *time.Timer // set: a request waits for its turn
}

// clockPoint ties the RTP clock of a source to its wall clock.
type clockPoint struct {
	ntp     uint64 // NTP format, RFC 3550, section 4
	rtpTime uint32
	at      time.Time // when it came, by our clock
}

// Layers of an encoding that are told apart.
const (
	maxSpatial  = payload.MaxSpatial
	maxTemporal = 4
)

// measurement is what has come of an encoding: the rate of each of its layers in bits per second (while it is counted,
// the bytes), and the sizes of its pictures.
type measurement struct {
	at    time.Time // end of the window
	rates [maxSpatial][maxTemporal]int64
	own   [maxSpatial][maxTemporal]int64 // of rates what no higher spatial layer needs
	sizes [maxSpatial]payload.Size
}

// measureWindow is over which time rates are measured. The rate of a layer is the mean of the last windows, the newer
// ones counting more.
const measureWindow = 500 * time.Millisecond

// put keeps a packet. Guarded by fan of the stream.
func (e *encoding) put(p *packet.Packet) {
	e.history.Put(p)
	if e.begun != p.Epoch || int16(p.SequenceNumber-e.newest) > 0 {
		e.begun, e.newest = p.Epoch, p.SequenceNumber
	}
}

// measure counts a packet. Guarded by fan of the stream.
func (e *encoding) measure(p *packet.Packet) {
	c, f := &e.counting, &p.Facts
	spatial, temporal := min(f.Spatial, maxSpatial-1), min(f.Temporal, maxTemporal-1)
	size := int64(len(p.Payload) + packetOverhead)
	c.rates[spatial][temporal] += size
	if f.OwnLayer {
		c.own[spatial][temporal] += size
	}
	sizes := false
	for i := range int(f.SizeCount) {
		sizes = sizes || c.sizes[i] != f.Sizes[i]
		c.sizes[i] = f.Sizes[i]
	}
	if f.SizeCount == 0 && f.Size != (payload.Size{}) && f.Size != c.sizes[spatial] {
		c.sizes[spatial] = f.Size
		sizes = true
	}
	if e.window.IsZero() {
		e.window = p.Arrival
	}
	before := e.measured.Load()
	passed := p.Arrival.Sub(e.window)
	if before != nil && passed < measureWindow && !sizes {
		return
	}
	m := &measurement{at: p.Arrival, sizes: c.sizes}
	if passed < measureWindow { // too soon for a rate
		if before != nil {
			m.rates, m.own, m.at = before.rates, before.own, before.at
		}
		e.measured.Store(m)
		return
	}
	for s := range c.rates {
		for t := range c.rates[s] {
			m.rates[s][t] = int64(float64(c.rates[s][t]*8) / passed.Seconds())
			m.own[s][t] = int64(float64(c.own[s][t]*8) / passed.Seconds())
			if before != nil && before.rates[s][t] > 0 && passed < 4*measureWindow {
				m.rates[s][t] = (m.rates[s][t] + before.rates[s][t]) / 2
				m.own[s][t] = (m.own[s][t] + before.own[s][t]) / 2
			}
		}
	}
	c.rates, c.own = [maxSpatial][maxTemporal]int64{}, [maxSpatial][maxTemporal]int64{}
	e.window = p.Arrival
	e.measured.Store(m)
}

// keyFrameEvery is the least time between two PLIs for an encoding. An encoder needs about that long to be worth asking
// again, and 60 joins in a second shall cost one key frame or two, not 60.
const keyFrameEvery = 500 * time.Millisecond

// turn reports whether a key frame may be asked for now. If not, ask is called when it may, once for all requests.
func (e *encoding) turn(ask func()) bool {
	e.keyMu.Lock()
	defer e.keyMu.Unlock()
	if e.keyTimer != nil {
		return false
	}
	if wait := keyFrameEvery - time.Since(e.keyAsked); wait > 0 {
		e.keyTimer = time.AfterFunc(wait, func() {
			e.keyMu.Lock()
			e.keyTimer, e.keyAsked = nil, time.Now()
			e.keyMu.Unlock()
			ask()
		})
		return false
	}
	e.keyAsked = time.Now()
	return true
}

// keyFrameArrived drops the request that waits for its turn.
func (e *encoding) keyFrameArrived() {
	e.keyMu.Lock()
	if e.keyTimer != nil && e.keyTimer.Stop() {
		e.keyTimer = nil
	}
	e.keyMu.Unlock()
}
