package simulator

import (
	"math"
	"math/rand/v2"
	"time"
)

// TCP describes a flow that fills the path: CUBIC (RFC 9438) with selective acknowledgements.
type TCP struct {
	Start, Stop time.Duration
	// Short flows transfer between MinBytes and MaxBytes, then wait Idle on average; MaxBytes 0 is one endless transfer.
	MinBytes, MaxBytes int
	Idle               time.Duration
	Reno               bool // New Reno (RFC 6582) instead
}

const (
	segment       = 1460
	tcpHeader     = 40
	cubicScale    = 0.4
	cubicDecrease = 0.7
	renoDecrease  = 0.5
	duplicates    = 3 // acknowledgements of later segments that show a loss
)

type segmentState uint8

const (
	segmentInFlight segmentState = iota
	segmentAcked
	segmentLost
)

// tcpFlow is TCP at work. Segments are numbered anew when they are sent again, as QUIC does.
type tcpFlow struct {
	tcp   TCP
	id    int
	clock *clock
	out   *link
	back  *link
	rng   *rand.Rand
	stats *flowStats

	left      int // segments of this transfer; negative: endless
	next      int
	lowest    int // all below are settled
	segments  map[int]segmentState
	sentAt    map[int]time.Duration
	inFlight  int
	window    float64 // segments
	threshold float64
	recovery  int // losses below count as one
	maxWindow float64
	epoch     time.Duration // of CUBIC: when the last decrease was
	smoothed  time.Duration // round trip
	progress  time.Duration // when an acknowledgement came last
	transfer  int
}

func (f *tcpFlow) start() {
	f.clock.at(f.tcp.Start, func() {
		f.clock.every(sampleEvery, func() bool { f.stats.sample(0); return !f.over() })
		f.clock.every(100*time.Millisecond, f.timeout)
		f.begin()
	})
}

func (f *tcpFlow) over() bool { return f.tcp.Stop > 0 && f.clock.now >= f.tcp.Stop }

// begin starts a transfer.
func (f *tcpFlow) begin() {
	if f.over() {
		return
	}
	f.left = -1
	if f.tcp.MaxBytes > 0 {
		f.left = (f.tcp.MinBytes + f.rng.IntN(f.tcp.MaxBytes-f.tcp.MinBytes)) / segment
	}
	f.transfer++
	f.segments, f.sentAt = map[int]segmentState{}, map[int]time.Duration{}
	f.lowest, f.inFlight, f.recovery = f.next, 0, f.next
	f.window, f.threshold, f.maxWindow = 10, math.Inf(1), 0
	f.progress = f.clock.now
	f.fill()
}

// fill sends what the window allows.
func (f *tcpFlow) fill() {
	for !f.over() && f.left != 0 && float64(f.inFlight) < f.window {
		f.left--
		seq, transfer, sent := f.next, f.transfer, f.clock.now
		f.next++
		f.segments[seq], f.sentAt[seq] = segmentInFlight, sent
		f.inFlight++
		f.stats.sent(segment, false)
		f.out.send(packet{size: segment + tcpHeader, flow: f.id, sentAt: sent, arrive: func(queued time.Duration) {
			f.stats.received(segment, false, queued)
			f.back.send(packet{size: tcpHeader, flow: -1 - f.id, arrive: func(time.Duration) {
				if transfer == f.transfer {
					f.acknowledged(seq)
				}
			}})
		}})
	}
}

func (f *tcpFlow) acknowledged(seq int) {
	if f.segments[seq] != segmentInFlight || seq < f.lowest {
		return
	}
	f.segments[seq] = segmentAcked
	f.inFlight--
	f.progress = f.clock.now
	if rtt := f.clock.now - f.sentAt[seq]; f.smoothed == 0 {
		f.smoothed = rtt
	} else {
		f.smoothed += (rtt - f.smoothed) / 8
	}
	for n := f.lowest; n <= seq-duplicates; n++ {
		if f.segments[n] == segmentInFlight {
			f.lost(n)
		}
	}
	for ; f.lowest < f.next && f.segments[f.lowest] != segmentInFlight; f.lowest++ {
		delete(f.segments, f.lowest)
		delete(f.sentAt, f.lowest)
	}
	if seq >= f.recovery {
		f.open()
	}
	if f.left == 0 && f.inFlight == 0 {
		f.transfer++
		f.clock.after(time.Duration(f.rng.ExpFloat64()*float64(f.tcp.Idle)), f.begin)
		return
	}
	f.fill()
}

// open opens the window for a segment that was acknowledged.
func (f *tcpFlow) open() {
	if f.window < f.threshold {
		f.window++
		return
	}
	reno := f.window + 1/f.window
	if f.tcp.Reno {
		f.window = reno
		return
	}
	k := math.Cbrt(f.maxWindow * (1 - cubicDecrease) / cubicScale)
	target := cubicScale*math.Pow((f.clock.now-f.epoch+f.smoothed).Seconds()-k, 3) + f.maxWindow
	f.window = max(f.window+min(max(target-f.window, 0)/f.window, 0.5), f.window+0.5/f.window)
}

func (f *tcpFlow) lost(seq int) {
	f.segments[seq] = segmentLost
	f.inFlight--
	if f.left >= 0 {
		f.left++
	}
	if seq < f.recovery {
		return
	}
	f.recovery = f.next
	f.maxWindow, f.epoch = f.window, f.clock.now
	factor := cubicDecrease
	if f.tcp.Reno {
		factor = renoDecrease
	}
	f.window = max(f.window*factor, 2)
	f.threshold = f.window
}

// timeout starts over when nothing is acknowledged any more.
func (f *tcpFlow) timeout() bool {
	if f.inFlight > 0 && f.clock.now-f.progress > max(time.Second, 2*f.smoothed) {
		for n := f.lowest; n < f.next; n++ {
			if f.segments[n] == segmentInFlight {
				f.lost(n)
			}
		}
		f.lowest = f.next
		f.threshold, f.window = max(f.window/2, 2), 1
		f.progress = f.clock.now
		f.fill()
	}
	return !f.over()
}
