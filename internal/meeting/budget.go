package meeting

import (
	"time"

	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
)

// A message goes to everybody who subscribes, so what one participant may send bounds what all others must read. Past
// the budget the sender is refused, and nobody who reads slowly is put out for it.
const (
	senderBurst   = 4 * time.Second // of the limit that may come at once
	meetingBurst  = 2 * time.Second
	leastBudget   = 128 << 10 // one message always fits, escaped
	frameOverhead = 128       // bytes around a message
)

// budget counts bytes of messages; nil has no limit.
type budget struct {
	*rate.Limiter
	burst time.Duration
}

func newBudget(bytesPerSecond int, burst time.Duration) *budget {
	if bytesPerSecond == 0 {
		return nil
	}
	return &budget{
		rate.NewLimiter(rate.Limit(bytesPerSecond), max(leastBudget, int(float64(bytesPerSecond)*burst.Seconds()))),
		burst,
	}
}

// missing returns how long to wait until n bytes fit.
func (b *budget) missing(n int, at time.Time) time.Duration {
	if b == nil {
		return 0
	}
	if short := float64(n) - b.TokensAt(at); short > 0 {
		return max(time.Millisecond, time.Duration(short/float64(b.Limit())*float64(time.Second)))
	}
	return 0
}

func (b *budget) spend(n int, at time.Time) {
	if b != nil {
		b.AllowN(at, n)
	}
}

// spend counts a message of n bytes from p, or refuses it.
func (r *room) spend(p *Participant, n int) error {
	opts, at := r.meetings.opts, time.Now()
	n += frameOverhead
	if p.budget == nil {
		p.budget = newBudget(opts.MessageBytes, senderBurst)
	}
	t := &r.session.topics
	if t.budget == nil {
		t.budget = newBudget(opts.MeetingMessageBytes, meetingBurst)
	}
	if wait := p.budget.missing(n, at); wait > 0 {
		return fault.RateLimitedMessageBytes(p.budget.Burst(), p.budget.burst).RetryAfter(wait)
	}
	if wait := t.budget.missing(n, at); wait > 0 {
		return fault.RateLimitedMeetingMessageBytes(t.budget.Burst(), t.budget.burst).RetryAfter(wait)
	}
	p.budget.spend(n, at)
	t.budget.spend(n, at)
	return nil
}
