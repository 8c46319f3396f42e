package incident

import (
	"cmp"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
)

// How many faults of one kind are written down, on average per second and at once. What comes before a token holds is
// noise of the internet: of a flood, one line a second and a count are enough. What a meeting reports is wanted.
const (
	noisePerSecond   = 1
	noiseAtOnce      = 20
	meetingPerSecond = 10
	meetingAtOnce    = 100

	kindsRemembered = 4096
)

// kind is what is sampled together: a reason, in one meeting or outside of all.
type kind struct {
	place  string // meeting or account
	code   int
	reason string
}

// sampler decides which faults are written down, and counts the others. Shape: mutex.
type sampler struct {
	mu    sync.Mutex // guards everything below
	kinds *simplelru.LRU[kind, *sample]
}

type sample struct {
	allowed *rate.Limiter
	more    int // not written down since the last line
	last    time.Time
}

func newSampler() *sampler {
	kinds, err := simplelru.NewLRU[kind, *sample](kindsRemembered, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &sampler{kinds: kinds}
}

// take reports whether a fault is written down, and how many of its kind were not since the last one.
func (s *sampler) take(f *fault.Error, now time.Time) (write bool, more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := kind{placeOf(f), f.Code, f.Reason}
	known, ok := s.kinds.Get(k)
	if !ok {
		known = &sample{allowed: rate.NewLimiter(noisePerSecond, noiseAtOnce)}
		if k.place != "" {
			known.allowed = rate.NewLimiter(meetingPerSecond, meetingAtOnce)
		}
		s.kinds.Add(k, known)
	}
	if !known.allowed.AllowN(now, 1) && !f.Webhook() {
		known.more++
		return false, 0
	}
	more, known.more, known.last = known.more, 0, now
	return true, more
}

// suppressed returns the kinds of which some were not written down and none followed for a second.
func (s *sampler) suppressed(now time.Time) map[kind]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[kind]int{}
	for _, k := range s.kinds.Keys() {
		if known, _ := s.kinds.Peek(k); known.more > 0 && now.Sub(known.last) >= time.Second {
			out[k], known.more, known.last = known.more, 0, now
		}
	}
	return out
}

// placeOf returns the meeting of a fault, or its account; "" for what happened outside of both. They are known once the
// token holds.
func placeOf(f *fault.Error) string { return cmp.Or(f.MeetingID, f.Account()) }
