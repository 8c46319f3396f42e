package rest

import (
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

// limiter bounds the requests of each API key. Only keys whose signature held get here.
type limiter struct {
	*ratelimit.Buckets[string]
	window time.Duration
}

// keptKeys is how many API keys are remembered.
const keptKeys = 16384

func newLimiter(limits Limits) *limiter {
	perSecond := float64(limits.Requests) / limits.Window.Seconds()
	return &limiter{ratelimit.NewBuckets[string](perSecond, limits.Requests, keptKeys), limits.Window}
}

// take counts one request of a key.
func (l *limiter) take(key string, now time.Time) error {
	wait := l.Take(key, 1, now)
	if wait == 0 {
		return nil
	}
	return fault.RateLimitedREST(l.AtOnce(), l.window).RetryAfter(wait)
}
