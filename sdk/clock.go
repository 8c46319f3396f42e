package sdk

import (
	"cmp"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

const (
	// clockEvery is how often the clock is compared with the server's, and clockSoon the same until it was, and while it
	// is wrong.
	clockEvery = time.Minute
	clockSoon  = 5 * time.Second
	// maxClockRoundTrip is how long an answer may take that tells the time: a slower one tells too little.
	maxClockRoundTrip = 3 * time.Second
	// defaultLeeway is the default of the setting token.leeway, for a server that does not tell it.
	defaultLeeway = time.Minute
)

// watchClock finds, until the participation ends, a clock with which tokens that this program mints are refused.
func (m *Meeting) watchClock(leeway time.Duration) {
	leeway = cmp.Or(leeway, defaultLeeway)
	wrong := &condition{meeting: m}
	for every := clockSoon; pause(m.ctx, every); {
		off, ok := m.clockOffset()
		if !ok {
			continue
		}
		if off.Abs() <= leeway {
			every = clockEvery
			wrong.clear()
			continue
		}
		every = clockSoon
		now := time.Now().UTC()
		wrong.raise(fault.ClientImpairedClockWrong(fault.InstantOf(now).String(), fault.InstantOf(now.Add(-off)).String(),
			off.Round(time.Second), leeway))
	}
}

// clockOffset measures how far this clock is ahead of the server's. False: the server has not answered soon.
func (m *Meeting) clockOffset() (off time.Duration, ok bool) {
	if !m.link.connected() {
		return 0, false
	}
	var result wire.PingResult
	asked := time.Now()
	if m.link.call(m.ctx, wire.MethodPing, wire.MethodPing, struct{}{}, &result) != nil {
		return 0, false
	}
	took := time.Since(asked)
	if took > maxClockRoundTrip || result.ServerTime.IsZero() {
		return 0, false
	}
	return asked.Add(took / 2).Sub(result.ServerTime.Time), true
}
