package load

import (
	"slices"
	"sync"
)

// Quantile of a set of times, in milliseconds.
type Quantile struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// samples are safe for concurrent use: one goroutine adds, another takes.
type samples struct {
	mu     sync.Mutex // guards everything below
	values []float64
}

func (s *samples) add(values ...float64) {
	s.mu.Lock()
	s.values = append(s.values, values...)
	s.mu.Unlock()
}

func (s *samples) reset() {
	s.mu.Lock()
	s.values = s.values[:0]
	s.mu.Unlock()
}

func (s *samples) take() []float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.values)
}

func (s *samples) quantile() Quantile {
	values := s.take()
	if len(values) == 0 {
		return Quantile{}
	}
	slices.Sort(values)
	at := func(p float64) float64 { return values[min(len(values)-1, int(p*float64(len(values))))] }
	return Quantile{at(0.50), at(0.95), at(0.99)}
}
