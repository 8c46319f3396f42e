package ratelimit

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
)

// Tokens bounds the offers that come with one token over WHIP and WHEP, from whatever addresses: each makes a
// connection that costs memory until its client has shown that it is there, or the wait for it is over. Only tokens
// whose signature held get here. Of tokens it keeps hashes, and forgets the one that was idle for longest. It is safe
// for concurrent use. Shape: mutex.
type Tokens struct {
	perSecond int

	mu      sync.Mutex // guards buckets
	buckets *simplelru.LRU[[sha256.Size]byte, *rate.Limiter]
}

// keptTokens is how many tokens are remembered.
const keptTokens = 4096

// NewTokens returns a Tokens that takes so many offers a second, and as many as in Window at once. 0 is no limit.
func NewTokens(perSecond int) *Tokens {
	buckets, err := simplelru.NewLRU[[sha256.Size]byte, *rate.Limiter](keptTokens, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Tokens{perSecond: perSecond, buckets: buckets}
}

// Take counts an offer with a token. The error is the *fault.Error that refuses one too many.
func (l *Tokens) Take(token string, now time.Time) error {
	if l.perSecond == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	hash := sha256.Sum256([]byte(token))
	bucket, ok := l.buckets.Get(hash)
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(l.perSecond), l.perSecond*burst)
		l.buckets.Add(hash, bucket)
	}
	ticket := bucket.ReserveN(now, 1)
	wait := ticket.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	ticket.CancelAt(now) // who waits does not also pay
	return fault.RateLimitedTokenOffers(l.perSecond*burst, Window).
		RetryAfter(wait.Round(time.Millisecond) + time.Millisecond)
}
