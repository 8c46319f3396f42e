package bwe

import (
	"math"
	"time"
)

type rateState uint8

const (
	rateIncrease rateState = iota
	rateDrain              // lowered, until the queue is empty
	rateTest               // lowered, to see whether that makes a difference to the loss
)

const (
	rateWindow = 500 * time.Millisecond // over which the rate of what is sent and received is measured

	// Near what the path carried last, the rate grows by a constant, so that several flows come to share the path
	// equally, or by nearShare of it on slow paths. Those that compete with others grow faster.
	nearCapacity    = 0.9
	nearPerSecond   = 25_000.0
	nearShare       = 0.05
	nearLeast       = 3_000.0
	competingFactor = 5
	// Elsewhere it grows by a share, which doubles in growthDouble without congestion.
	growthPerSecond = 0.08
	growthMax       = 0.5
	growthDouble    = 2 * time.Second
	// When the rate is so much over what the path carried last, the path carries more now.
	capacityOutgrown = 1.1

	// The estimate grows no further beyond what is really sent, plus untestedExtra.
	untestedFactor = 1.2
	untestedNear   = 1.1 // near the capacity
	untestedExtra  = 10_000.0

	// limitedShare of the estimate or less is sent by an application that does not use it. Others need no probe for
	// some time after congestion: growsItself.
	limitedShare = 0.85
	growsItself  = 3 * time.Second

	friendlyFlows = 5 // about what a browser opens to a server
	friendlyLoss  = 0.02
	friendlyDecay = 0.05 // per second

	lossFactor = 0.85 // of the rate, after loss by congestion
	// congestedShare of what arrived remains when loss turns out to be that of congestion.
	congestedShare = 0.95

	testFactor    = 0.65 // of the rate, to see whether that makes a difference to the loss
	growthSuspect = 1.15 // when the rate has grown by so much since a test, more loss is its own doing

	probeDecrease = 0.8  // of the rate: less remains of it by no probe
	probeIncrease = 1.02 // of the rate: a probe that shows less has failed

	silenceFactor  = 0.7
	silencePackets = 10 // sent without feedback
)

// rateController turns what the detectors find into a rate.
type rateController struct {
	current  float64 // bit/s
	state    rateState
	capacity float64       // what the path carried when it was congested; 0 when that is no longer known
	calm     time.Duration // since when there has been no congestion
	updated  time.Duration // when the rate last grew
	drain    drain
	before   rateBefore
	lowered  time.Duration // when silence last lowered it
}

// rateBefore is what a false alarm or a test goes back to.
type rateBefore struct {
	current, capacity float64
	calm              time.Duration
}

func (r *rateController) save() {
	r.before = rateBefore{r.current, r.capacity, r.calm}
}

func (r *rateController) restore() {
	r.current = max(r.current, r.before.current)
	r.capacity, r.calm = r.before.capacity, r.before.calm
	r.state = rateIncrease
}

// light reports whether the rate is far below what the path is known to carry, or nothing is known of that.
func (r *rateController) light() bool {
	return r.state == rateIncrease && (r.capacity == 0 || r.current < 0.8*r.capacity)
}

// judgeDelay runs when an interval is closed.
func (e *Estimator) judgeDelay(i *interval, now time.Duration) {
	r, d := &e.rate, &e.delay
	if d.competing && r.state != rateDrain && d.empty() {
		d.alone()
	}
	ofProbe := e.prober.fills(i.sent)
	switch {
	case r.state == rateDrain:
		e.continueDrain(i, now)
	case d.overused() && ofProbe && d.queue < jitterLimit:
		d.over = 0
		r.updated = now
	case d.overused(), d.competing && i.end > d.retest:
		e.startDrain(now)
	case r.state == rateIncrease && !ofProbe && d.queue <= d.threshold() && e.loss.excess == 0:
		e.grow(now)
	default:
		r.updated = now
	}
}

// grow raises the rate as far as what is sent has shown that the path carries it.
func (e *Estimator) grow(now time.Duration) {
	r := &e.rate
	elapsed := min(now-r.updated, intervalLongest).Seconds()
	r.updated = now
	sent, _ := e.intervals.rates(rateWindow)
	if r.capacity > 0 && r.current > capacityOutgrown*r.capacity {
		r.capacity, r.calm = 0, now
	}
	limit, grown := untestedFactor*sent+untestedExtra, r.current
	if r.capacity > 0 && r.current > nearCapacity*r.capacity {
		limit = untestedNear*sent + untestedExtra
		step := min(nearPerSecond, nearShare*r.current+nearLeast)
		if e.delay.competing {
			step = competingFactor * nearPerSecond
		}
		grown += step * elapsed
	} else {
		growth := growthPerSecond * math.Exp2((now-r.calm).Seconds()/growthDouble.Seconds())
		grown *= 1 + min(growth, growthMax)*elapsed
	}
	friendly := e.friendlyRate()
	if r.current > friendly {
		r.current -= min(r.current-friendly, friendlyDecay*r.current*elapsed)
		return
	}
	if limit = min(limit, friendly); r.current < limit {
		r.current = min(grown, limit)
	}
}

// friendlyRate is what some TCP connections would get together at the usual loss and the round trip (RFC 5348,
// section 3.1, simplified). Loss that does not depend on our rate may come from a queue that others keep full all
// the time: then the round trip is long, and this is little.
func (e *Estimator) friendlyRate() float64 {
	if e.loss.usual < friendlyLoss {
		return math.Inf(1)
	}
	return friendlyFlows * 1.22 * 8 * 1200 / e.roundTrip.Seconds() / math.Sqrt(e.loss.usual)
}

// judgeLoss runs after each report of packets that arrived or were lost.
func (e *Estimator) judgeLoss(received, lost int, now time.Duration) {
	r := &e.rate
	if r.state == rateDrain {
		return // the queue shows the congestion already
	}
	switch e.loss.add(received, lost, e.delay.filled(), now, e.roundTrip+feedbackPeriod) {
	case lossUsual:
	case lossSuspected:
		r.save()
		_, received := e.intervals.rates(rateWindow)
		if e.delay.filled() || e.loss.tested > 0 && r.current > growthSuspect*e.loss.testedAt {
			e.loss.endTest()
			r.lower(lossFactor*r.current, received/(1-min(e.loss.usual, 0.5)))
			r.calm = now
			return
		}
		r.state, r.calm, r.capacity = rateTest, now, received
		r.current *= testFactor
		e.prober.active = false
		e.loss.startTest()
	case lossCongested:
		r.state, r.calm = rateIncrease, now
		r.lower(lossFactor*r.before.current, r.capacity/(1-min(e.loss.usual, 0.5)))
		e.prober.congested(r.current, now)
	case lossRandom:
		e.loss.testedAt = r.current
		r.restore()
	}
}

// lower lowers the rate to most, and below what the path has carried when that is known, but by no more than half.
func (r *rateController) lower(most, carried float64) {
	if carried > 0 {
		most = min(most, congestedShare*carried)
	}
	r.current = max(most, r.current/2)
	r.capacity = r.current
}

// judgeProbe takes the result of a probe when it is there.
func (e *Estimator) judgeProbe(now time.Duration) {
	if !e.prober.done(now, e.newestSent, e.roundTrip) {
		return
	}
	r := &e.rate
	e.prober.active = false
	result, saturated := e.prober.burst.rate()
	if result == 0 && e.hears(now) {
		e.prober.inconclusive(now, e.roundTrip)
		return
	}
	if r.state != rateIncrease {
		e.prober.failed(now)
		return
	}
	if carried := result / burstMargin; saturated && carried < r.current && e.delay.filled() {
		r.capacity, r.calm = carried, now
		r.current = max(carried, probeDecrease*r.current)
	}
	if result <= probeIncrease*r.current {
		e.prober.failed(now)
		return
	}
	r.current = min(result, e.mostUseful())
	if r.capacity > 0 && r.current > capacityOutgrown*r.capacity {
		r.capacity = 0
	}
	e.prober.raised(r.current, now, e.roundTrip)
	if saturated {
		r.capacity = r.current
		e.prober.failed(now)
	}
}

// judgeSilence lowers the rate when packets are sent and no feedback comes.
func (e *Estimator) judgeSilence(now time.Duration) {
	r := &e.rate
	patience := max(600*time.Millisecond, 2*e.roundTrip+300*time.Millisecond)
	if !e.heard || e.unheard < silencePackets || now-max(e.lastFeedback, r.lowered) < patience {
		return
	}
	r.lowered, r.calm = now, now
	r.current *= silenceFactor
	e.prober.congested(r.current, now)
}
