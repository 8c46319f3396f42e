package ratelimit

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Buckets are the token buckets of one limit, one for each key: an address, a token, an API key. Their number is
// bounded: the one that was idle for longest is forgotten first. They are safe for concurrent use. Shape: mutex.
//
// The nodes of a cluster tell each other what was taken, so that the limit holds for all of them together: Used and
// UsedElsewhere. Whoever spreads requests over nodes takes what may come at once from each of them, until they have
// told each other.
type Buckets[K comparable] struct {
	perSecond float64
	atOnce    int

	mu      sync.Mutex // guards everything below
	buckets *simplelru.LRU[K, *rate.Limiter]
	used    map[K]int // since the last call of Used; nil: there was none
}

// Shared is a limit that holds for all nodes of a cluster.
type Shared interface {
	// Used returns what was taken since it was called last, for UsedElsewhere of other nodes; nil: nothing. It is called
	// again and again, or not at all.
	Used() json.RawMessage
	// UsedElsewhere takes what another node has let through, as its Used returned it, but no more than there is: what
	// comes in the meantime has not been warned.
	UsedElsewhere(used json.RawMessage, now time.Time) error
}

// toldKeys is how many keys Used returns at most: those that took most, the others are far from a limit.
const toldKeys = 500

// NewBuckets makes Buckets that are filled by perSecond, which is positive, up to atOnce. kept is their number.
func NewBuckets[K comparable](perSecond float64, atOnce, kept int) *Buckets[K] {
	buckets, err := simplelru.NewLRU[K, *rate.Limiter](kept, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Buckets[K]{perSecond: perSecond, atOnce: max(1, atOnce), buckets: buckets}
}

// Take takes n, which is 0 or 1, from the bucket of a key. wait is how long it holds nothing instead, in milliseconds.
func (b *Buckets[K]) Take(key K, n int, now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	bucket := b.ofLocked(key)
	if missing := 1 - bucket.TokensAt(now); missing > 0 {
		return (time.Duration(missing/b.perSecond*float64(time.Second)) + time.Millisecond).Round(time.Millisecond)
	}
	bucket.AllowN(now, n)
	if b.used != nil && n > 0 {
		b.used[key] += n
	}
	return 0
}

// AtOnce is what a full bucket holds.
func (b *Buckets[K]) AtOnce() int { return b.atOnce }

// Used implements Shared.
func (b *Buckets[K]) Used() json.RawMessage {
	b.mu.Lock()
	used := b.used
	b.used = map[K]int{}
	b.mu.Unlock()
	if len(used) == 0 {
		return nil
	}
	if len(used) > toldKeys {
		var counts []int
		for _, n := range used {
			counts = append(counts, n)
		}
		slices.SortFunc(counts, func(x, y int) int { return cmp.Compare(y, x) })
		most := map[K]int{}
		for key, n := range used {
			if n >= counts[toldKeys-1] && len(most) < toldKeys {
				most[key] = n
			}
		}
		used = most
	}
	raw, err := json.Marshal(used)
	if err != nil {
		panic(err) // keys are texts
	}
	return raw
}

// UsedElsewhere implements Shared.
func (b *Buckets[K]) UsedElsewhere(raw json.RawMessage, now time.Time) error {
	var used map[K]int
	if err := json.Unmarshal(raw, &used); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, n := range used {
		bucket := b.ofLocked(key)
		bucket.AllowN(now, min(max(n, 0), int(bucket.TokensAt(now))))
	}
	return nil
}

func (b *Buckets[K]) ofLocked(key K) *rate.Limiter {
	bucket, ok := b.buckets.Get(key)
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(b.perSecond), b.atOnce)
		b.buckets.Add(key, bucket)
	}
	return bucket
}
