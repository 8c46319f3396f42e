// Package bwe estimates how much may be sent to one receiver, from the receiver's reports on what arrived when: RTCP
// transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01), or else REMB, or else the loss in
// receiver reports. It is a pure data structure: the caller brings packets, reports and the time.
//
// The parts, each with its own file: history remembers what was sent; interval collects what arrived; delay finds
// the queue that builds up on the path; loss tells congestion from packets that are lost at any rate; probe sends
// faster for a moment to see whether the path carries more; rate turns what they find into the estimate.
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

	maxRoundTrip = 5 * time.Second
)

// Estimator estimates for one transport. It is not safe for concurrent use. It neither allocates per packet nor
// grows.
type Estimator struct {
	config  Config
	epoch   time.Time
	started bool

	history   history
	clock     arrivalClock
	intervals intervals
	delay     delayDetector
	loss      lossDetector
	prober    prober
	rate      rateController

	roundTrip    time.Duration
	measured     bool          // roundTrip comes from feedback
	returned     int           // packets that the present feedback has, and earlier feedback called lost
	newestSent   time.Duration // when the newest packet was sent that the present feedback reports
	demand       float64
	lastDelay    time.Duration // one-way delay of the packet that arrived last
	heard        bool          // transport-wide feedback has come
	lastFeedback time.Duration // when it came last
	lastSent     time.Duration // when a packet was sent last
	silentSent   int           // packets sent since the last feedback
	remb         float64       // 0 when none came
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
	config.Start = min(max(config.Start, config.Min), config.Max)
	e := &Estimator{config: config, roundTrip: 100 * time.Millisecond, demand: float64(config.Max)}
	e.rate.current = float64(config.Start)
	return e
}

// since returns the time since the first call that brought one.
func (e *Estimator) since(now time.Time) time.Duration {
	if !e.started {
		e.started = true
		e.epoch = now.Add(-time.Hour) // what is not set is long ago
	}
	return now.Sub(e.epoch)
}

// Sent must be called for every packet that carries a transport-wide sequence number, when it goes out. size is that
// of the UDP payload in bytes. probe is the ID of the probe that it belongs to, or 0.
func (e *Estimator) Sent(seq uint16, size int, at time.Time, probe ProbeID) {
	now := e.since(at)
	e.history.add(seq, size, now, probe)
	if probe != 0 {
		e.prober.sent(probe, size, now)
	}
	e.lastSent = now
	e.silentSent++
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
	e.heard, e.lastFeedback, e.silentSent = true, now, 0
	e.updateRoundTrip(now)
	e.judgeLoss(received, lost-e.returned, now)
	e.judgeProbe(now)
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
	if p.probe != 0 {
		e.prober.received(p.probe, int(p.size), sentAt, s.at)
	}
	if closed := e.intervals.add(sentAt, s.at, int(p.size), now); closed != nil {
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
	if p.probe != 0 {
		e.prober.lost(p.probe)
	}
	return true
}

// RTT sets the round-trip time, as receiver reports show it. Feedback shows it too, and better.
func (e *Estimator) RTT(d time.Duration) {
	if !e.heard {
		e.roundTrip = min(max(d, time.Millisecond), maxRoundTrip)
	}
}

// updateRoundTrip measures from the packet that was sent last to the feedback that reports it. The receiver may have
// kept the report for a while, so smaller samples count for more.
func (e *Estimator) updateRoundTrip(now time.Duration) {
	sample := min(now-e.newestSent, maxRoundTrip)
	if !e.measured || sample < e.roundTrip {
		e.measured, e.roundTrip = true, sample
		return
	}
	e.roundTrip += (sample - e.roundTrip) / 16
}

// REMB takes the receiver's own estimate. It counts while no transport-wide feedback comes.
func (e *Estimator) REMB(bps int64, at time.Time) {
	now := e.since(at)
	if bps <= 0 || e.hears(now) {
		return
	}
	e.remb = float64(min(max(bps, e.config.Min), e.config.Max))
	e.rate.set(e.remb, now)
}

// ReceiverReport takes the share of packets lost since the last report, of 256, as RFC 3550 has it. It counts while
// neither transport-wide feedback nor REMB comes.
func (e *Estimator) ReceiverReport(fractionLost uint8, at time.Time) {
	now := e.since(at)
	if e.hears(now) || e.remb > 0 {
		return
	}
	e.rate.report(float64(fractionLost)/256, now)
}

// hears reports whether transport-wide feedback comes.
func (e *Estimator) hears(now time.Duration) bool {
	return e.heard && now-e.lastFeedback < 10*time.Second
}

// SetDemand sets how much could be used, in bit/s. The estimate is not probed beyond it.
func (e *Estimator) SetDemand(bps int64) { e.demand = float64(max(bps, 0)) }

// Estimate returns the estimate in bit/s.
func (e *Estimator) Estimate() int64 {
	return int64(min(max(e.rate.current, float64(e.config.Min)), float64(e.config.Max)))
}

// Congested reports whether the path carries less than what was sent a moment ago: its queue is being emptied.
func (e *Estimator) Congested() bool { return e.rate.state != rateIncrease }

// Tick must be called from time to time, every 25 to 100 ms: it notices that no feedback comes any more.
func (e *Estimator) Tick(at time.Time) {
	now := e.since(at)
	e.judgeProbe(now)
	e.judgeSilence(now)
}

// Probe returns a probe that is to be sent now. It returns each once, and none while one is under way.
func (e *Estimator) Probe(at time.Time) (Probe, bool) {
	now := e.since(at)
	estimate := float64(e.Estimate())
	if e.prober.active || e.rate.state != rateIncrease || e.demand <= estimate || e.loss.testing || !e.delay.empty() {
		return Probe{}, false
	}
	most := 1.1 * min(e.demand, float64(e.config.Max))
	sent, _ := e.intervals.rates(500 * time.Millisecond)
	limited := sent < limitedShare*estimate
	if limited && e.rate.capacity > estimate && now > e.rate.calm+recoverAfter && now > e.prober.recover {
		// The path carried that much a moment ago.
		e.prober.recover = now + recoverAfter
		p := e.prober.start(min(recoverOver*e.rate.capacity, most), probeMinBytes, now)
		e.prober.recovering = true
		return p, true
	}
	if now < e.prober.next || !limited && now < e.rate.calm+growsItself {
		return Probe{}, false
	}
	factor, least := 2.0, probeMinBytes
	if e.prober.first == 0 {
		factor, least = 3, probeFirstBytes
	}
	e.prober.first = 1
	return e.prober.start(min(factor*estimate, most), least, now), true
}
