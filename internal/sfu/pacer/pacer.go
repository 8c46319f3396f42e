// Package pacer spreads what one connection sends over time, so that a key frame does not fill the queue of the
// bottleneck in front of the audio that follows it.
//
// Packets go out at a multiple of the estimated bandwidth, in bursts of at most 5 ms. Audio goes first and may run
// ahead of its time, then retransmissions, then video, then padding. Within a class packets keep their order. While the
// rate allows it a packet passes without being queued.
package pacer

import "time"

// Class is the precedence of a packet.
type Class uint8

// The classes, the most urgent one first.
const (
	Audio Class = iota + 1
	Retransmission
	Video
	Padding
	classes
)

func (c Class) String() string {
	switch c {
	case Audio:
		return "audio"
	case Retransmission:
		return "retransmission"
	case Video:
		return "video"
	case Padding:
		return "padding"
	}
	return "unknown"
}

// Verdict is what became of a packet that was pushed.
type Verdict uint8

// The verdicts.
const (
	// Passed: the caller sends the packet now. It was not queued.
	Passed Verdict = iota + 1
	// Queued: Pop returns the packet when its time has come.
	Queued
	// Late is Queued, but the packet will wait longer than Config.Late. The caller should send less: a lower layer, or
	// nothing until the next key frame (see Discard).
	Late
	// Refused: the queue is full. The packet remains the caller's and is not sent.
	Refused
)

// Config is what New needs; the zero value of each field stands for its default.
type Config struct {
	// Factor is the rate of sending over the rate that was set, by which bursts such as key frames get out in time. 1.5
	Factor float64
	// Late is the wait from which Push returns Late. 400 ms
	Late time.Duration
	// Limit is the wait from which a queue refuses packets. 2 s
	Limit time.Duration
}

const (
	burst      = 5 * time.Millisecond // of packets that waited for nothing
	probeBurst = 2 * time.Millisecond
	audioAhead = 20 * time.Millisecond // by which audio runs ahead of its time, and one packet more

	// While video waits, retransmissions take at most half of the rate, so that a receiver that asks for everything
	// again gets video all the same; a burst of them is not held up.
	retransmissionPart  = 2 // the reciprocal
	retransmissionBurst = 100 * time.Millisecond

	largestPacket = 1500 // bytes; a larger one only adds to the debt
	queuePackets  = 2048 // of one class at most

	minRate = 10_000
	maxRate = 800_000_000
	// After so long without a call any debt is paid. maxRate for that long is below 1<<63.
	longest = 10 * time.Second
)

// perByte is the cost of a byte. Credit is counted in bits times nanoseconds per second, in integers, so that the time
// that Next returns is exact.
const perByte = 8 * int64(time.Second)

// Pacer paces items of type T, one connection's packets. The time is given to it and must not run backwards. Not safe
// for concurrent use.
type Pacer[T any] struct {
	config Config
	start  time.Time     // of the clock
	last   time.Duration // when the credit was computed
	rate   int64         // bits per second; 0: everything passes

	credit int64 // a packet may be sent while it is positive
	resend int64 // the same for retransmissions while video waits
	queues [classes]queue[T]

	probe Probe // Bytes is what is still to be sent; 0: none
	until time.Duration
	sent  uint8 // probe of the packet that was sent last
}

// Probe is a number of bytes that are sent at a rate of their own, which the estimator wants to try.
type Probe struct {
	ID    uint8 // not 0
	Bps   int64
	Bytes int
}

// New returns a pacer that passes everything, until a rate is set.
func New[T any](config Config) *Pacer[T] {
	if config.Factor <= 0 {
		config.Factor = 1.5
	}
	if config.Late <= 0 {
		config.Late = 400 * time.Millisecond
	}
	if config.Limit <= 0 {
		config.Limit = 2 * time.Second
	}
	return &Pacer[T]{config: config}
}

// SetRate sets the estimated bandwidth in bits per second; at 0 or below everything passes.
func (p *Pacer[T]) SetRate(bps int64, now time.Time) {
	p.advance(now)
	if bps <= 0 {
		p.rate = 0
		return
	}
	started := p.rate == 0
	p.rate = min(max(int64(float64(min(bps, maxRate))*p.config.Factor), minRate), maxRate)
	if started {
		p.credit, p.resend = p.burst(), p.rate*int64(retransmissionBurst)/retransmissionPart
	}
	p.credit = min(p.credit, p.burst())
}

// pace returns the rate of sending: that of the probe while there is one.
func (p *Pacer[T]) pace() int64 {
	if p.probe.Bytes > 0 {
		return p.probe.Bps
	}
	return p.rate
}

func (p *Pacer[T]) burst() int64 {
	if p.probe.Bytes > 0 {
		return p.probe.Bps * int64(probeBurst)
	}
	return p.rate * int64(burst)
}

// ahead returns the debt up to which audio is sent.
func (p *Pacer[T]) ahead() int64 { return p.pace()*int64(audioAhead) + largestPacket*perByte }

// advance adds the credit of the time that has passed, and ends a probe that takes too long.
func (p *Pacer[T]) advance(now time.Time) {
	if p.start.IsZero() {
		p.start = now
	}
	at := now.Sub(p.start)
	if p.probe.Bytes > 0 && at >= p.until {
		p.EndProbe()
	}
	passed := at - p.last
	if passed <= 0 {
		return
	}
	p.last = at
	if passed >= longest {
		p.credit, p.resend = p.burst(), p.rate*int64(retransmissionBurst)/retransmissionPart
		return
	}
	p.credit = min(p.credit+p.pace()*int64(passed), p.burst())
	p.resend = min(p.resend+p.rate*int64(passed)/retransmissionPart,
		p.rate*int64(retransmissionBurst)/retransmissionPart)
}

// Push takes a packet of size bytes, headers included.
func (p *Pacer[T]) Push(item T, size int, class Class, now time.Time) Verdict {
	p.advance(now)
	p.sent = 0
	if class < Audio || class >= classes || size < 0 {
		return Refused
	}
	if p.queues[class].n == 0 && p.turn(class) {
		p.spend(size, class)
		return Passed
	}
	wait := p.wait(class)
	if p.queues[class].n == queuePackets || wait > p.config.Limit {
		return Refused
	}
	p.queues[class].push(item, size)
	if wait > p.config.Late {
		return Late
	}
	return Queued
}

// turn reports whether a packet of the class may be sent now.
func (p *Pacer[T]) turn(class Class) bool {
	if p.pace() == 0 {
		return p.next(class) == class
	}
	if class == Audio {
		return p.credit > -p.ahead()
	}
	return p.credit > 0 && p.next(class) == class
}

// next returns the class of which a packet is sent next, if there is one of class besides what is queued; 0 for none.
func (p *Pacer[T]) next(class Class) Class {
	has := func(c Class) bool { return c == class || p.queues[c].n > 0 }
	switch {
	case has(Audio):
		return Audio
	case has(Retransmission) && (p.resend > 0 || p.rate == 0 || !has(Video)):
		return Retransmission
	case has(Video):
		return Video
	case has(Padding):
		return Padding
	}
	return 0
}

// spend accounts for a packet that is sent now.
func (p *Pacer[T]) spend(size int, class Class) {
	cost := int64(min(size, 1<<16)) * perByte
	if p.pace() > 0 {
		p.credit -= cost
	}
	if class == Retransmission && p.rate > 0 {
		p.resend = max(p.resend-cost, -largestPacket*perByte)
	}
	if p.probe.Bytes > 0 {
		p.sent = p.probe.ID
		p.probe.Bytes -= size
		if p.probe.Bytes <= 0 {
			p.EndProbe()
		}
	}
}

// Pop returns a packet that is to be sent now.
func (p *Pacer[T]) Pop(now time.Time) (item T, ok bool) {
	p.advance(now)
	p.sent = 0
	class := p.next(0)
	if class == 0 || !p.turn(class) {
		return item, false
	}
	item, size := p.queues[class].pop()
	p.spend(size, class)
	return item, true
}

// Next returns when Pop returns a packet or Padding is wanted, which may be in the past; the zero time while there is
// nothing to wait for.
func (p *Pacer[T]) Next() time.Time {
	class := p.next(0)
	if class == 0 && p.probe.Bytes <= 0 {
		return time.Time{}
	}
	missing := -p.credit // above 0
	if class == Audio {
		missing -= p.ahead()
	}
	if p.pace() == 0 || missing < 0 {
		return p.start.Add(p.last)
	}
	at := p.last + time.Duration(missing/p.pace()+1)
	if p.probe.Bytes > 0 {
		at = min(at, p.until)
	}
	return p.start.Add(at)
}

// Delay returns how long a video packet that is pushed now will wait. It changes at once with the rate.
func (p *Pacer[T]) Delay(now time.Time) time.Duration {
	p.advance(now)
	return p.wait(Video)
}

// wait returns how long a packet of the class would wait for those before it.
func (p *Pacer[T]) wait(class Class) time.Duration {
	if p.rate == 0 {
		return 0
	}
	before := float64(max(-p.credit, 0))
	for c := Audio; c <= class; c++ {
		before += float64(p.queues[c].bytes) * float64(perByte)
	}
	return time.Duration(min(before/float64(p.rate), float64(time.Hour)))
}

// Len returns how many packets of the class wait.
func (p *Pacer[T]) Len(class Class) int {
	if class >= classes {
		return 0
	}
	return p.queues[class].n
}

// Discard calls discard for each packet of the class that waits, in order, and removes those for which it returns true.
func (p *Pacer[T]) Discard(class Class, discard func(T) bool) {
	if class < classes {
		p.queues[class].remove(discard)
	}
}

// StartProbe sends the next bytes of the probe at its rate, whatever the ordinary one is. Packets that wait are sent
// first; Padding says what is missing. A probe that is under way ends. It also ends when it takes three times as long
// as it should.
func (p *Pacer[T]) StartProbe(probe Probe, now time.Time) {
	p.advance(now)
	p.EndProbe()
	if probe.ID == 0 || probe.Bytes <= 0 || probe.Bps <= 0 {
		return
	}
	probe.Bps, probe.Bytes = min(max(probe.Bps, minRate), maxRate), min(probe.Bytes, 1<<24)
	p.probe = probe
	p.until = p.last + 3*time.Duration(int64(probe.Bytes)*perByte/probe.Bps) + 50*time.Millisecond
	p.credit = min(max(p.credit, 1), p.burst())
}

// EndProbe ends the probe. It must be called when there is no padding to send.
func (p *Pacer[T]) EndProbe() {
	p.probe = Probe{}
	p.credit = min(p.credit, p.burst())
}

// Padding returns how many bytes of padding the probe still needs if a packet of it is to be sent now, and 0 otherwise.
// The caller pushes one packet of the class Padding, of at most so many bytes, and asks again.
func (p *Pacer[T]) Padding(now time.Time) int {
	p.advance(now)
	if p.probe.Bytes <= 0 || p.credit <= 0 || p.next(0) != 0 {
		return 0
	}
	return p.probe.Bytes
}

// Probe returns the id of the probe that the packet belongs to for which Push returned Passed, or which Pop returned,
// in the call before; 0 for none.
func (p *Pacer[T]) Probe() uint8 { return p.sent }
