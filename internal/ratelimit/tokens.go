package ratelimit

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/klatch/klatch/fault"
)

// Tokens bounds the offers that come with one token over WHIP and WHEP, from whatever addresses: each makes a
// connection that costs memory until its client has shown that it is there, or the wait for it is over. Only tokens
// whose signature held get here. Of tokens it keeps hashes. It is safe for concurrent use.
type Tokens struct{ *Buckets[string] } // nil: no limit

// keptTokens is how many tokens are remembered.
const keptTokens = 4096

// NewTokens returns a Tokens that takes so many offers a second, and as many as in Window at once. 0 is no limit.
func NewTokens(perSecond int) *Tokens {
	if perSecond == 0 {
		return &Tokens{}
	}
	return &Tokens{NewBuckets[string](float64(perSecond), perSecond*burst, keptTokens)}
}

// Take counts an offer with a token. The error is the *fault.Error that refuses one too many.
func (l *Tokens) Take(token string, now time.Time) error {
	if l.Buckets == nil {
		return nil
	}
	sum := sha256.Sum256([]byte(token))
	wait := l.Buckets.Take(hex.EncodeToString(sum[:16]), 1, now)
	if wait == 0 {
		return nil
	}
	return fault.RateLimitedTokenOffers(l.AtOnce(), Window).RetryAfter(wait)
}
