package bwe

import "time"

const (
	drainFactor = 0.85 // of what the path carries, less for long queues
	drainFloor  = 0.5
	drainLength = 2 * time.Second // such a queue and more takes the factor to the floor
	afterDrain  = 0.92            // of what the path carried, once the queue is empty

	// drainPatience is how long a queue may stay as it is after less is sent. Then it is that of others, or jitter.
	drainPatience = 600 * time.Millisecond
	// Whenever the rate falls below loweredFactor of what it was, the queue has to be given time anew.
	loweredFactor = 0.7
	loweredMost   = 3 // times

	carriedWeight = 0.2 // of a new measurement of what the path carries
)

// drain is the state of emptying the queue.
type drain struct {
	start   time.Duration // by our clock
	since   time.Duration // when longest and from were reset
	longest time.Duration // the longest queue since then
	early   time.Duration // the shortest queue of the first half of the time that the queue is given; 0 before
	late    time.Duration // the shortest one after that; 0 before
	from    float64       // the rate then
	lowered int           // how often they were reset because the rate had been lowered
	carried float64       // what arrived of the packets that were sent before start
}

// startDrain lowers the rate so that the queue empties.
func (e *Estimator) startDrain(now time.Duration) {
	r := &e.rate
	e.loss.endTest()
	carried := e.carried()
	e.prober.congested(carried, now)
	r.save()
	r.state, r.calm, r.capacity = rateDrain, now, carried
	r.current = min(r.current, e.drainRate())
	r.drain = drain{start: now, since: now, longest: e.delay.queue, from: r.current, carried: carried}
}

// drainRate is so far below what the path carries that the queue is empty in about a second.
func (e *Estimator) drainRate() float64 {
	factor := drainFactor - e.delay.queue.Seconds()/drainLength.Seconds()
	return e.rate.capacity * max(factor, drainFloor)
}

// carried returns what the path carries while its queue is filled, in bit/s.
func (e *Estimator) carried() float64 {
	rate := e.intervals.queuedRate(minThreshold/2, 300*time.Millisecond)
	if e.delay.queue > jitterLimit || e.delay.jumped() {
		return rate
	}
	// The queue is too young to have shown much.
	_, received := e.intervals.rates(rateWindow)
	return max(rate, received)
}

// continueDrain runs for each interval until the queue is empty, or turns out not to be ours.
func (e *Estimator) continueDrain(i *interval, now time.Duration) {
	r, d, s := &e.rate, &e.delay, &e.rate.drain
	r.calm, r.updated = now, now
	if d.empty() {
		if d.fell && i.sent-s.since <= s.longest/2 {
			r.restore() // there was no queue: it cannot go away so fast, and not before less was sent
			return
		}
		d.alone()
		r.state = rateIncrease
		r.current = max(r.current, afterDrain*r.capacity)
		return
	}
	carried := e.carried()
	if i.sent <= s.start {
		s.carried = carried
	}
	if i.sent <= s.since || d.queue >= s.longest*9/10 {
		r.capacity += carriedWeight * (carried - r.capacity)
	} else {
		r.capacity = max(r.capacity, carried) // the path may carry more than what is sent now
	}
	r.current = min(r.current, e.drainRate())
	patience := drainPatience + d.queue
	s.longest = max(s.longest, d.queue)
	if i.sent > s.since {
		s.observe(d.queue, i.sent-s.since < patience/2)
	}
	if r.current < loweredFactor*s.from && s.lowered < loweredMost {
		s.from, s.since, s.early, s.late = r.current, now, 0, 0
		s.lowered++
		return
	}
	if i.sent-s.since >= patience {
		e.judgeDrain(i, now)
	}
}

// observe takes the queue of packets that were sent after the rate was lowered.
func (s *drain) observe(queue time.Duration, early bool) {
	shortest := &s.late
	if early {
		shortest = &s.early
	}
	if *shortest == 0 || queue < *shortest {
		*shortest = queue
	}
}

// shrinks reports whether the queue got shorter while less was sent. The shortest moments are compared: jitter makes
// any other one look like that.
func (s *drain) shrinks() bool { return s.late <= s.early*9/10 }

// judgeDrain runs when the queue has been given its time.
func (e *Estimator) judgeDrain(i *interval, now time.Duration) {
	r, d, s := &e.rate, &e.delay, &e.rate.drain
	switch {
	case s.shrinks():
		s.since, s.longest, s.from, s.early, s.late = now, d.queue, r.current, 0, 0
	case s.longest < jitterLimit:
		d.raiseJitter(s.longest)
		r.restore()
	default:
		d.compete(i.end)
		r.before.current = min(r.before.current, s.carried, 2*r.capacity)
		r.restore()
	}
}
