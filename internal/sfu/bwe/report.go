package bwe

import "time"

const (
	reportShortest = 200 * time.Millisecond
	reportLongest  = 5 * time.Second
	reportPackets  = 50 // that a report is about, when nobody told what was sent
)

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
	e.remb = true
	e.rate.current = float64(bps)
	e.bound()
}

// ReceiverReport takes the share of packets lost since the last report, in 1/256 (RFC 3550, section 6.4.1). It
// counts while neither transport-wide feedback nor REMB comes. Without anything better, loss is all that shows
// congestion, and the estimate grows up to the demand.
func (e *Estimator) ReceiverReport(fractionLost uint8, at time.Time) {
	now := e.since(at)
	r := &e.rate
	elapsed := now - r.reported
	if e.hears(now) || e.remb || elapsed < reportShortest {
		return
	}
	r.reported = now
	packets := e.unheard
	if packets == 0 {
		packets = reportPackets
	}
	e.unheard = 0
	lost := packets * int(fractionLost) / 256
	e.judgeLoss(packets-lost, lost, now)
	if r.state == rateIncrease && e.loss.excess == 0 && r.current < e.mostUseful() {
		grown := r.current * (1 + growthPerSecond*min(elapsed, reportLongest).Seconds())
		r.current = min(grown, e.mostUseful())
	}
	e.bound()
}
