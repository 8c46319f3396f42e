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
	decreaseFactor = 0.85
	recoverFactor  = 0.93 // of what the path carried, once the queue is empty
	drainFloor     = 0.5
	drainPatience  = time.Second // then a queue that does not shrink is that of others

	additivePerSecond = 25_000.0 // near the capacity
	growthPerSecond   = 0.08     // far from it
	growthMax         = 0.5
	growthDouble      = 2 * time.Second // without congestion, growth doubles

	// untestedFactor: the estimate grows no further beyond what is really sent.
	// limitedShare of the estimate or less is sent by an application that does not use it. Others need no probe for
	// some time after congestion: growsItself.
	limitedShare = 0.85
	growsItself  = 3 * time.Second

	untestedFactor = 1.2
	nearFactor     = 1.1 // near the capacity
)

// rateController turns what the detectors find into a rate.
type rateController struct {
	current  float64
	state    rateState
	since    time.Duration // when the state began
	capacity float64       // what the path carried when it was congested; 0 when that is no longer known
	calm     time.Duration // since when there has been no congestion
	updated  time.Duration // when the rate last grew

	carried    float64       // what arrived when the draining began
	drainQueue time.Duration // the longest queue while draining
	before     rateBefore
	reports    time.Duration // when a receiver report last counted
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
	switch {
	case r.state == rateDrain:
		e.drain(i, now)
	case d.overused() && d.queue < jitterLimit && e.prober.fills(i.sent):
		d.over = 0
		r.updated = now
	case d.overused(), d.competing && i.end > d.retest:
		e.startDrain(now)
	case r.state == rateIncrease && d.queue <= d.threshold():
		e.grow(now)
	default:
		r.updated = now
	}
}

// carried returns what the path carries while its queue is filled.
func (e *Estimator) carried() float64 {
	rate := e.intervals.queuedRate(minThreshold/2, 300*time.Millisecond)
	if e.delay.queue > jitterLimit || e.delay.jumped() {
		return rate
	}
	// The queue is too young to have shown much.
	_, received := e.intervals.rates(500 * time.Millisecond)
	return max(rate, received)
}

func (e *Estimator) startDrain(now time.Duration) {
	r := &e.rate
	e.loss.endTest()
	carried := e.carried()
	e.prober.congested(carried, now)
	r.save()
	r.capacity, r.carried = carried, carried
	r.state, r.since, r.calm = rateDrain, now, now
	r.drainQueue = e.delay.queue
	r.current = min(r.current, e.drainRate())
}

// drainRate is so much below the capacity that the queue is empty in about a second.
func (e *Estimator) drainRate() float64 {
	factor := decreaseFactor - e.delay.queue.Seconds()/2
	return e.rate.capacity * max(factor, drainFloor)
}

func (e *Estimator) drain(i *interval, now time.Duration) {
	r, d := &e.rate, &e.delay
	r.calm, r.updated = now, now
	if d.empty() {
		if d.fell && i.sent-r.since <= r.drainQueue/2 {
			r.restore() // there was no queue: it cannot go away so fast, and not before less was sent
			return
		}
		d.alone()
		r.state = rateIncrease
		r.current = max(r.current, recoverFactor*r.capacity)
		return
	}
	carried := e.carried()
	if i.sent <= r.since || d.queue >= r.drainQueue*9/10 {
		r.capacity += 0.2 * (carried - r.capacity) // what was sent before still fills the queue
	} else {
		r.capacity = max(r.capacity, carried)
	}
	r.current = min(r.current, e.drainRate())
	r.drainQueue = max(r.drainQueue, d.queue)
	if i.sent-r.since < drainPatience+d.queue {
		return
	}
	if d.queue > r.drainQueue*8/10 {
		if r.drainQueue < jitterLimit {
			d.raiseJitter(r.drainQueue)
		} else {
			d.compete(i.end)
			r.before.current = min(r.before.current, r.carried)
		}
		r.restore()
		return
	}
	r.since, r.drainQueue = now, d.queue
}

// grow raises the rate as far as what is sent has shown that the path carries it.
func (e *Estimator) grow(now time.Duration) {
	r := &e.rate
	elapsed := min(now-r.updated, 200*time.Millisecond).Seconds()
	r.updated = now
	sent, _ := e.intervals.rates(500 * time.Millisecond)
	if r.capacity > 0 && r.current > 1.1*r.capacity {
		r.capacity = 0 // it carries more now
		r.calm = now
	}
	limit, grown := untestedFactor*sent+10_000, r.current
	if r.capacity > 0 && r.current > 0.9*r.capacity {
		limit = nearFactor*sent + 10_000
		step := min(additivePerSecond, 0.05*r.current+3_000)
		if e.delay.competing {
			step = 2 * additivePerSecond
		}
		grown += step * elapsed
	} else {
		growth := growthPerSecond * math.Exp2((now-r.calm).Seconds()/growthDouble.Seconds())
		grown *= 1 + min(growth, growthMax)*elapsed
	}
	if r.current < limit {
		r.current = min(grown, limit, float64(e.config.Max))
	}
}

// judgeLoss runs after each feedback.
func (e *Estimator) judgeLoss(received, lost int, now time.Duration) {
	r := &e.rate
	if r.state == rateDrain {
		return // the queue shows the congestion already
	}
	switch e.loss.add(received, lost, e.delay.filled(), now) {
	case lossSuspected:
		_, arrived := e.intervals.rates(500 * time.Millisecond)
		r.save()
		r.state, r.since, r.calm = rateTest, now, now
		r.capacity = arrived
		r.current = min(r.current, max(decreaseFactor*arrived, 0.5*r.current))
		e.prober.active = false
		e.loss.startTest(now, e.roundTrip+100*time.Millisecond)
	case lossCongested:
		r.state, r.calm = rateIncrease, now
		e.prober.congested(r.current, now)
	case lossRandom:
		r.restore()
	}
}

// judgeProbe takes the result of a probe when it is there.
func (e *Estimator) judgeProbe(now time.Duration) {
	if !e.prober.done(now, e.roundTrip) {
		return
	}
	result, saturated := e.prober.result(e.loss.usual)
	r := &e.rate
	if result <= r.current*1.02 || r.state != rateIncrease {
		e.prober.failed(now)
		return
	}
	r.current = min(result, e.demand*1.1, float64(e.config.Max))
	if r.capacity > 0 && r.current > 1.1*r.capacity {
		r.capacity = 0
	}
	if saturated {
		r.capacity = r.current
		e.prober.raised(r.current, now, e.roundTrip)
		e.prober.failed(now)
		return
	}
	e.prober.raised(r.current, now, e.roundTrip)
}

// judgeSilence lowers the rate when packets are sent and no feedback comes.
func (e *Estimator) judgeSilence(now time.Duration) {
	r := &e.rate
	patience := max(600*time.Millisecond, 2*e.roundTrip+300*time.Millisecond)
	if !e.heard || e.silentSent < 10 || now-max(e.lastFeedback, r.reports) < patience {
		return
	}
	r.reports = now
	r.calm = now
	r.current = max(0.7*r.current, float64(e.config.Min))
	e.prober.congested(r.current, now)
}

// set takes the estimate of the receiver.
func (r *rateController) set(bps float64, now time.Duration) {
	r.current, r.updated = bps, now
}

// report judges the loss of a receiver report when there is nothing better, as RFC 8698 and goog_cc do.
func (r *rateController) report(lost float64, now time.Duration) {
	elapsed := min(now-r.reports, 5*time.Second)
	if elapsed < 200*time.Millisecond {
		return
	}
	r.reports = now
	switch {
	case lost < 0.02:
		r.current *= 1 + 0.08*elapsed.Seconds()
	case lost > 0.1:
		r.current *= 1 - 0.5*lost
	}
}
