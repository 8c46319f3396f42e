package bwe

import "time"

// RTT sets the round-trip time, as receiver reports show it. Feedback shows it too, and better.
func (e *Estimator) RTT(d time.Duration) {
	if !e.measured {
		e.roundTrip = min(max(d, time.Millisecond), maxRoundTrip)
	}
}

// REMB takes the receiver's own estimate (draft-alvestrand-rmcat-remb). It counts while no transport-wide feedback
// comes.
func (e *Estimator) REMB(bps int64, at time.Time) {
	if bps <= 0 || e.hears(e.since(at)) {
		return
	}
	e.rate.current = float64(bps)
	e.bound()
}
