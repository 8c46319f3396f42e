package rest

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
)

// limiter holds a bucket for each API key that has called. Only keys whose signature held get here, so there
// are no more buckets than keys. It is a mutex type.
type limiter struct {
	limits Limits

	mu      sync.Mutex // guards everything below
	buckets map[string]*rate.Limiter
}

func newLimiter(limits Limits) *limiter {
	return &limiter{limits: limits, buckets: map[string]*rate.Limiter{}}
}

// take counts one request of a key.
func (l *limiter) take(key string, now time.Time) error {
	wait := l.wait(key, now)
	if wait == 0 {
		return nil
	}
	return fault.RateLimitedREST(l.limits.Requests, l.limits.Window).
		RetryAfter(wait.Round(time.Millisecond) + time.Millisecond)
}

func (l *limiter) wait(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.buckets[key]
	if bucket == nil {
		bucket = rate.NewLimiter(rate.Every(l.limits.Window/time.Duration(l.limits.Requests)), l.limits.Requests)
		l.buckets[key] = bucket
	}
	ticket := bucket.ReserveN(now, 1)
	wait := ticket.DelayFrom(now)
	if wait > 0 {
		ticket.CancelAt(now) // who waits does not also pay
	}
	return wait
}
