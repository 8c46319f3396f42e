package sfu

import (
	"time"

	"github.com/klatch/klatch/fault"
)

// meter bounds the bytes of a connection over time: a bucket that fills at the rate and holds what comes in
// meterWindow. Not safe for concurrent use.
type meter struct {
	rate    float64 // bytes per second; 0: no bound
	left    float64
	at      time.Time
	dropped int       // packets refused since the last report
	told    time.Time // last report
}

const (
	meterWindow = 500 * time.Millisecond // a key frame and its neighbors come faster than the average
	meterReport = time.Minute
)

// take reports whether a packet is within the rate.
func (m *meter) take(bytes int, now time.Time) bool {
	if m.rate == 0 {
		return true
	}
	full := m.rate * meterWindow.Seconds()
	if m.at.IsZero() {
		m.left = full
	} else if passed := now.Sub(m.at); passed > 0 {
		m.left = min(full, m.left+m.rate*passed.Seconds())
	}
	m.at = now
	if m.left < float64(bytes) {
		m.dropped++
		return false
	}
	m.left -= float64(bytes)
	return true
}

// overLimit tells the publisher that packets are dropped, once in a while. They do not count as arrived, so the
// congestion control of a sender slows down by itself.
func (c *upConn) overLimit() {
	m := &c.limit
	if m.dropped < strayPackets || m.at.Sub(m.told) < meterReport && !m.told.IsZero() {
		return
	}
	dropped := m.dropped
	m.dropped, m.told = 0, m.at
	c.owner.report(fault.RateLimitedBitrate(int(m.rate*8), dropped))
}
