package alert

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/wire"
)

// Step is the time of one point of a series.
const Step = 15 * time.Second

// Bounds of what is kept: of an account 240 steps of each metric, some 50 kB, and whom they were measured of.
const (
	keptFor         = time.Hour
	keptAccounts    = 1024 // those that were measured last
	maxParticipants = 4096 // of one account, in recent
	recent          = 5 * time.Minute
)

// Point is the value of a metric in one step.
type Point struct {
	At    time.Time // begin of the step
	Value float64
}

// step holds the values of one metric in one step.
type step struct {
	index    int64 // since 1970
	n        int
	sum      float64
	min, max float64
	last     float64
}

func (s step) value(how string) float64 {
	switch how {
	case "min":
		return s.min
	case "max":
		return s.max
	case "latest":
		return s.last
	}
	return s.sum / float64(s.n)
}

// measured keeps what was measured in the last hour. Shape: mutex.
type measured struct {
	mu       sync.Mutex // guards everything below
	accounts *simplelru.LRU[string, *series]
}

// series are the metrics of one account.
type series struct {
	steps map[string][]step    // by metric, oldest first
	seen  map[string]time.Time // participants
}

func newMeasured() *measured {
	accounts, err := simplelru.NewLRU[string, *series](keptAccounts, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &measured{accounts: accounts}
}

// account returns the series of an account. m.mu is held.
func (m *measured) account(id string) *series {
	s, known := m.accounts.Get(id)
	if !known {
		s = &series{steps: map[string][]step{}, seen: map[string]time.Time{}}
		m.accounts.Add(id, s)
	}
	return s
}

func indexOf(t time.Time) int64 { return t.UnixMilli() / Step.Milliseconds() }

// add takes a value of a metric.
func (s *series) add(metric string, value float64, at time.Time) {
	index, steps := indexOf(at), s.steps[metric]
	if n := len(steps); n == 0 || steps[n-1].index < index {
		oldest := index - int64(keptFor/Step)
		for len(steps) > 0 && steps[0].index <= oldest {
			steps = steps[1:]
		}
		if len(steps) == cap(steps) { // lets go of what was cut off
			steps = append(make([]step, 0, len(steps)+16), steps...)
		}
		steps = append(steps, step{index: index, min: value, max: value})
	}
	last := &steps[len(steps)-1]
	last.n++
	last.sum += value
	last.min, last.max, last.last = min(last.min, value), max(last.max, value), value
	s.steps[metric] = steps
}

// observe takes a sample of the quality of a participant.
func (m *measured) observe(accountID, participantID string, sample *quality.Sample) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.account(accountID)
	s.saw(participantID, sample.At)
	names := [...]string{quality.Audio: AudioScore, quality.Video: VideoScore}
	for of, score := range sample.Scores() {
		if score.OK {
			s.add(names[of], score.Value, sample.At)
		}
	}
	if ms := sample.RoundTripMs(); ms > 0 {
		s.add(RoundTrip, ms, sample.At)
	}
	for i := range sample.Entries {
		e := &sample.Entries[i]
		if e.Key == quality.PathKey {
			continue
		}
		if ratio, ok := e.LossRatio(); ok {
			s.add(PacketLoss, 100*ratio, sample.At)
		}
		field := quality.Jitter
		if direction, _ := e.Key.Stream(); direction == wire.Send {
			field = quality.ServerJitter
		}
		if tenths, ok := e.Get(field); ok {
			s.add(Jitter, tenths/10, sample.At)
		}
	}
}

// saw notes that a participant was measured.
func (s *series) saw(participantID string, at time.Time) {
	if len(s.seen) >= maxParticipants {
		for id, last := range s.seen {
			if at.Sub(last) > recent {
				delete(s.seen, id)
			}
		}
	}
	if _, known := s.seen[participantID]; known || len(s.seen) < maxParticipants {
		s.seen[participantID] = at
	}
}

// set takes the number of something that is present.
func (m *measured) set(accountID, metric string, value float64, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.accounts.Peek(accountID); !known && value == 0 {
		return
	}
	m.account(accountID).add(metric, value, at)
}

// known returns the accounts of which something is kept.
func (m *measured) known() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.accounts.Keys()
}

// steps returns the steps of a metric in a time, oldest first.
func (m *measured) steps(accountID, metric string, from, to time.Time) []step {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, known := m.accounts.Peek(accountID)
	if !known {
		return nil
	}
	return between(s.steps[metric], from, to)
}

// people returns the ids of the participants that were measured lately.
func (m *measured) people(accountID string, now time.Time) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, known := m.accounts.Peek(accountID)
	if !known {
		return nil
	}
	var ids []string
	for id, last := range s.seen {
		if now.Sub(last) <= recent {
			ids = append(ids, id)
		}
	}
	return ids
}
