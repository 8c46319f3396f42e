package sfu

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/sfu/history"
)

// maxEncodings is how many encodings of one picture a source may send: simulcast in three sizes, as browsers do.
const maxEncodings = 3

// encoding is one of the encodings of a stream: what is kept of it, and the requests for its key frames.
type encoding struct {
	history history.History
	epoch   atomic.Uint32              // of its packets; changes when what comes does not continue what came
	clock   atomic.Pointer[clockPoint] // last sender report of the source

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
