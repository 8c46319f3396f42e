// Package bwe estimates how much may be sent to one receiver, from the receiver's reports on what arrived when: RTCP
// transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01), or else REMB. It is a pure data
// structure: the caller brings packets, reports and the time.
//
// The parts, each with its own file: history remembers what was sent; interval collects what arrived; delay finds
// the queue that builds up on the path; drain empties it; loss tells congestion from packets that are lost at any
// rate; probe sends faster for a moment to see whether the path carries more; rate turns what they find into the
// estimate.
package bwe

import (
	"time"

	"github.com/pion/rtcp"
)

// Config has the bounds of the estimate, in bit/s.
type Config struct {
	Start int64 // before anything is known; 300 kbit/s when 0
	Min   int64 // 30 kbit/s when 0
	Max   int64 // 50 Mbit/s when 0
}

const (
	defaultStart = 300_000
	defaultMin   = 30_000
	defaultMax   = 50_000_000

	defaultRoundTrip = 100 * time.Millisecond
	maxRoundTrip     = 5 * time.Second

	// feedbackPeriod is about how often browsers send feedback. Without any for feedbackEnds there is none.
	feedbackPeriod = 100 * time.Millisecond
	feedbackEnds   = 10 * time.Second

	packetWeight = 16 // one packet counts for so little in the average size

	usefulFactor = 1.1 // of the demand: the estimate may be so far above it

	// idleAfter is for how long nothing is sent, beyond the round trip and the queue, until the path is known to be empty.
	idleAfter = 500 * time.Millisecond
)

// Estimator estimates for one transport. It is not safe for concurrent use. It neither allocates per packet nor
// grows.
type Estimator struct {
	config  Config
	epoch   time.Time
	started bool
	demand  float64 // bit/s

	history   history
	clock     arrivalClock
	intervals intervals
	delay     delayDetector
	loss      lossDetector
	prober    prober
	rate      rateController

	roundTrip    time.Duration
	measured     bool          // roundTrip comes from feedback
	lastDelay    time.Duration // one-way delay of the packet of which feedback came last
	heard        bool          // transport-wide feedback has come
	lastFeedback time.Duration // when it came last
	newestSent   time.Duration // when the newest packet was sent that it reports
	missing      int           // packets that it is the first to report lost
	returned     int           // packets that it has, and earlier feedback called lost
	packetSize   int           // bytes, on average
	unheard      int           // packets sent since the last feedback
	lastSent     time.Duration // when a packet was sent last
	idle         bool          // that is so long ago that nothing of it is on the path
}

// New returns an estimator that starts at config.Start.
func New(config Config) *Estimator {
	if config.Min <= 0 {
		config.Min = defaultMin
	}
	if config.Max <= 0 {
		config.Max = defaultMax
	}
	config.Max = max(config.Max, config.Min)
	if config.Start <= 0 {
		config.Start = defaultStart
	}
	e := &Estimator{config: config, roundTrip: defaultRoundTrip, demand: float64(config.Max)}
	e.rate.current = float64(config.Start)
	e.bound()
	return e
}

// bound keeps the rate within the bounds of the config.
func (e *Estimator) bound() {
	e.rate.current = min(max(e.rate.current, float64(e.config.Min)), float64(e.config.Max))
}

// since returns how long after the epoch a time is. The epoch is well before the first call that brings one, so what
// has never happened is long ago.
func (e *Estimator) since(now time.Time) time.Duration {
	if !e.started {
		e.started = true
		e.epoch = now.Add(-time.Hour)
	}
	return now.Sub(e.epoch)
}

// Estimate returns the estimate in bit/s, of UDP payload.
func (e *Estimator) Estimate() int64 { return int64(e.rate.current) }

// Congested reports whether the path carries less than what was sent a moment ago, so that less is sent now.
func (e *Estimator) Congested() bool { return e.rate.state != rateIncrease }

// SetDemand sets how much could be used, in bit/s. The estimate is not probed beyond it.
func (e *Estimator) SetDemand(bps int64) { e.demand = float64(max(bps, 0)) }

// mostUseful is what there is no use in exceeding.
func (e *Estimator) mostUseful() float64 {
	return usefulFactor * min(e.demand, float64(e.config.Max), e.friendlyRate())
}

// Sent must be called for every packet that carries a transport-wide sequence number, when it goes out. size is that
// of the UDP payload in bytes. probe is the ID of the probe that it belongs to, or 0.
func (e *Estimator) Sent(seq uint16, size int, at time.Time, probe ProbeID) {
	now := e.since(at)
	e.history.add(seq, size, now, probe)
	if b := e.prober.of(probe); b != nil {
		b.sent(size, now)
	}
	e.packetSize += (size - e.packetSize) / packetWeight
	e.unheard++
	e.lastSent, e.idle = now, false
}

// Feedback takes a report on packets that arrived. It may be late, twice, out of order or made up: what does not fit
// the packets that were sent is ignored.
func (e *Estimator) Feedback(fb *rtcp.TransportLayerCC, at time.Time) {
	now := e.since(at)
	reader := newStatusReader(fb, e.clock.unwrap(fb.ReferenceTime))
	received, lost, budget := 0, 0, historySize
	e.newestSent, e.returned = 0, 0
	for {
		s, ok := reader.next()
		if !ok {
			break
		}
		if s.arrived {
			if e.received(s, now) {
				received++
			}
			continue
		}
		if s.run > budget {
			continue // nobody waited so long for feedback
		}
		budget -= s.run
		for n := range uint16(s.run) {
			if e.lost(s.seq + n) {
				lost++
			}
		}
	}
	if received == 0 {
		return // it reports on nothing that we wait for
	}
	e.heard, e.lastFeedback, e.unheard = true, now, 0
	e.updateRoundTrip(now)
	// What is missing now may only be late: it is lost when the next feedback has not got it either.
	e.judgeLoss(received, e.missing-e.returned, now)
	e.missing = lost
	e.judgeProbe(now)
	e.bound()
}

// received counts a packet that arrived, and reports whether that is news.
func (e *Estimator) received(s status, now time.Duration) bool {
	p := e.history.find(s.seq)
	if p == nil || p.state == packetReceived {
		return false
	}
	if p.state == packetLost {
		e.intervals.removeLost(int(p.size))
		e.returned++
	}
	p.state = packetReceived
	sentAt := p.sentAt(now)
	e.newestSent = max(e.newestSent, sentAt)
	if !s.timed {
		return true
	}
	delay := s.at - sentAt
	if jump := delay - e.lastDelay; max(jump, -jump) > clockJump {
		e.intervals.reset()
		e.delay.reset()
	}
	e.lastDelay = delay
	if b := e.prober.of(p.probe); b != nil {
		b.received(int(p.size), sentAt, s.at)
	}
	if closed := e.intervals.add(sentAt, s.at, int(p.size)); closed != nil {
		e.delay.update(closed, e.rate.light())
		e.judgeDelay(closed, now)
	}
	return true
}

// lost counts a packet that the receiver reports missing, and reports whether that is news.
func (e *Estimator) lost(seq uint16) bool {
	p := e.history.find(seq)
	if p == nil || p.state != packetSent {
		return false
	}
	p.state = packetLost
	e.intervals.addLost(int(p.size))
	if b := e.prober.of(p.probe); b != nil {
		b.lost()
	}
	return true
}

// updateRoundTrip measures from the packet that was sent last to the feedback that reports it. The receiver may have
// kept the report for a while, so smaller samples count for more.
func (e *Estimator) updateRoundTrip(now time.Duration) {
	sample := min(max(now-e.newestSent, time.Millisecond), maxRoundTrip)
	if !e.measured || sample < e.roundTrip {
		e.measured, e.roundTrip = true, sample
		return
	}
	e.roundTrip += (sample - e.roundTrip) / 16
}

// hears reports whether transport-wide feedback comes.
func (e *Estimator) hears(now time.Duration) bool {
	return e.heard && now-e.lastFeedback < feedbackEnds
}

// Tick must be called from time to time, every 25 to 100 ms: it notices that no feedback comes any more, and that
// nothing is sent.
func (e *Estimator) Tick(at time.Time) {
	now := e.since(at)
	e.judgeProbe(now)
	e.judgeSilence(now)
	e.judgeIdleness(now)
	e.bound()
}

// judgeIdleness runs while nothing is sent, as where all streams are paused for lack of bandwidth. No feedback will
// come that ends a drain or a test, and none says that our queue is gone: it is.
func (e *Estimator) judgeIdleness(now time.Duration) {
	r := &e.rate
	if e.idle || now-e.lastSent < e.roundTrip+e.delay.queue+idleAfter {
		return
	}
	e.idle, e.unheard = true, 0
	r.state = rateIncrease
	e.loss.endTest()
	e.intervals.reset()
	e.delay.queue, e.delay.change, e.delay.over = 0, 0, 0
}

// Probe returns a probe that is to be sent now. It returns each once, and none while one is under way.
func (e *Estimator) Probe(at time.Time) (Probe, bool) {
	now := e.since(at)
	r, p := &e.rate, &e.prober
	most := e.mostUseful()
	if p.active || r.state != rateIncrease || e.demand <= r.current || most <= r.current || !e.delay.quiet() ||
		e.loss.excess > 0 {
		return Probe{}, false
	}
	sent, _ := e.intervals.rates(rateWindow)
	limited := sent < limitedShare*r.current
	if limited && r.capacity > r.current && now > r.calm+recoverAfter && now > p.recover {
		probe := p.start(min(recoverFactor*r.capacity, most), e.leastProbe(), now)
		p.recovering, p.recover = true, now+recoverAfter
		return probe, true
	}
	if now < p.next || !limited && now < r.calm+growsItself {
		return Probe{}, false
	}
	return p.start(min(probeFactor*r.current, most), e.leastProbe(), now), true
}

// leastProbe returns how many bytes a probe has at least: enough for several packets, and more for the first.
func (e *Estimator) leastProbe() int {
	if !e.prober.begun {
		return probeFirstBytes
	}
	return max(probeMinBytes, probePackets*e.packetSize)
}
