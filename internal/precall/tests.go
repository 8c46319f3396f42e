// Package precall bounds the pre-call tests of a server: how many run at once, how many one address or token may start,
// and that each is reported once. signal lets clients into a test, and rest takes its report; both ask here first.
package precall

import (
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

const (
	// Life is how long a test may be joined: each way to the server is tried on its own, and then media flow for at most
	// two minutes.
	Life = 4 * time.Minute
	// Window is the time for which the limits of addresses and tokens are stated.
	Window = 10 * time.Minute

	reportWithin = 2 * Life // of the start of a test
	remembered   = 4096     // addresses, and tokens
	retryRunning = 15 * time.Second
)

// Limits of tests; 0 is no limit.
type Limits struct {
	PerAddress int // that an address may start in Window
	PerToken   int // that come with one token in Window
	Running    int // at once, on this server
}

// Client is who runs a test.
type Client struct {
	AccountID string
	TokenSum  [sha256.Size]byte
	Address   netip.Addr // not valid: a program on this machine, which no limit of addresses holds
}

// Tests are those that run or have run lately. It is safe for concurrent use. Shape: mutex.
type Tests struct {
	limits Limits
	now    func() time.Time

	mu        sync.Mutex // guards everything below
	known     map[key]*test
	addresses *simplelru.LRU[netip.Prefix, *rate.Limiter]
	tokens    *simplelru.LRU[[sha256.Size]byte, *rate.Limiter]
}

type key struct{ accountID, id string }

type test struct {
	startedAt time.Time
	reported  bool
}

// New returns Tests without any.
func New(limits Limits) *Tests {
	return &Tests{
		limits: limits, now: time.Now, known: map[key]*test{},
		addresses: newLRU[netip.Prefix](), tokens: newLRU[[sha256.Size]byte](),
	}
}

func newLRU[K comparable]() *simplelru.LRU[K, *rate.Limiter] {
	l, err := simplelru.NewLRU[K, *rate.Limiter](remembered, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return l
}

// Join lets a client into its test of that id. The first join starts the test; the error of one too many is a
// *fault.Error, 4106.
func (t *Tests) Join(of Client, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	t.forgetLocked(now)
	if known := t.known[key{of.AccountID, id}]; known != nil && known.runs(now) {
		return nil
	}
	if f := t.startLocked(of, now); f != nil {
		return f
	}
	t.known[key{of.AccountID, id}] = &test{startedAt: now}
	return nil
}

// Report ends a test with its report, and reports whether it is the first one. One of a test that nobody has joined,
// because the client did not get so far, counts as a start: the error of one too many is a *fault.Error, 4106.
func (t *Tests) Report(of Client, id string) (first bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	t.forgetLocked(now)
	known := t.known[key{of.AccountID, id}]
	if known == nil {
		if f := t.startLocked(of, now); f != nil {
			return false, f
		}
		known = &test{startedAt: now}
		t.known[key{of.AccountID, id}] = known
	}
	first = !known.reported
	known.reported = true
	return first, nil
}

func (t *test) runs(now time.Time) bool { return !t.reported && now.Sub(t.startedAt) < Life }

// forgetLocked forgets tests that can be neither joined nor reported any more.
func (t *Tests) forgetLocked(now time.Time) {
	for k, known := range t.known {
		if now.Sub(known.startedAt) >= reportWithin {
			delete(t.known, k)
		}
	}
}

// startLocked counts the start of a test, or returns which limit it would pass.
func (t *Tests) startLocked(of Client, now time.Time) *fault.Error {
	running := 0
	for _, known := range t.known {
		if known.runs(now) {
			running++
		}
	}
	if limit := t.limits.Running; limit > 0 && running >= limit {
		return fault.RateLimitedPreCallTestsRunning(limit).RetryAfter(retryRunning)
	}
	buckets := []struct {
		of     string
		bucket *rate.Limiter
	}{{"with this token", bucketOf(t.tokens, of.TokenSum, t.limits.PerToken)}}
	if of.Address.IsValid() {
		network := ratelimit.Network(of.Address)
		buckets = append(buckets, struct {
			of     string
			bucket *rate.Limiter
		}{"from " + network.String(), bucketOf(t.addresses, network, t.limits.PerAddress)})
	}
	for _, b := range buckets { // all are asked before one is charged
		if b.bucket == nil {
			continue
		}
		if missing := 1 - b.bucket.TokensAt(now); missing > 0 {
			wait := time.Duration(missing / float64(b.bucket.Limit()) * float64(time.Second))
			return fault.RateLimitedPreCallTests(b.of, b.bucket.Burst(), Window).
				RetryAfter(wait.Round(time.Millisecond) + time.Millisecond)
		}
	}
	for _, b := range buckets {
		if b.bucket != nil {
			b.bucket.AllowN(now, 1)
		}
	}
	return nil
}

// bucketOf returns the bucket of an address or a token; nil where no limit holds.
func bucketOf[K comparable](of *simplelru.LRU[K, *rate.Limiter], k K, limit int) *rate.Limiter {
	if limit == 0 {
		return nil
	}
	bucket, ok := of.Get(k)
	if !ok {
		bucket = rate.NewLimiter(rate.Every(Window/time.Duration(limit)), limit)
		of.Add(k, bucket)
	}
	return bucket
}
