package simulator_test

import (
	"testing"
	"time"

	"github.com/klatch/klatch/internal/sfu/bwe/simulator"
	"github.com/stretchr/testify/require"
)

// bounds are what a case has to keep; the zero of the last two is no bound.
type bounds struct {
	share  float64 // at least
	loss   float64 // at most, as all of the following
	audio  float64
	queue  time.Duration
	settle time.Duration
}

const ms = time.Millisecond

func TestRFC8867(t *testing.T) {
	run(t, simulator.RFC8867(), map[string]bounds{
		"5.1 variable capacity":            {0.85, 0.01, 0.005, 80 * ms, 12 * time.Second},
		"5.2 variable capacity, two flows": {0.80, 0.01, 0.01, 100 * ms, 0},
		"5.3 congested feedback":           {0.85, 0.01, 0.01, 120 * ms, 12 * time.Second},
		"5.4 three flows":                  {0.80, 0.01, 0.01, 80 * ms, 0},
		"5.5 round-trip time fairness":     {0.75, 0.01, 0.01, 80 * ms, 0},
		"5.6 long TCP flow, queue 300 ms":  {0.55, 0.03, 0.01, 0, 0},
		"5.6 long TCP flow, queue 1 s":     {0.30, 0.04, 0.02, 0, 0},
		"5.7 short TCP flows":              {0.70, 0.09, 0.02, 0, 0},
		"5.8 pause and resume":             {0.80, 0.01, 0.01, 80 * ms, 0},
	})
}

// The bounds are those of meetings on such links: sound hardly suffers, and a picture flows.
func TestLinks(t *testing.T) {
	run(t, simulator.Links(), map[string]bounds{
		"random loss 5 %":                 {0.90, 0.01, 0.02, 50 * ms, 10 * time.Second},
		"random loss 10 %":                {0.90, 0.01, 0.02, 50 * ms, 10 * time.Second},
		"random loss 20 %":                {0.85, 0.02, 0.03, 50 * ms, 12 * time.Second},
		"loss in bursts 5 %":              {0.75, 0.02, 0.02, 50 * ms, 12 * time.Second},
		"600 kbit/s, queue 300 ms":        {0.90, 0.005, 0.005, 100 * ms, 5 * time.Second},
		"600 kbit/s, queue 50 ms":         {0.90, 0.01, 0.005, 80 * ms, 5 * time.Second},
		"600 kbit/s, layers":              {0.80, 0.01, 0.005, 100 * ms, 5 * time.Second},
		"600 kbit/s, policed":             {0.85, 0.12, 0.01, 50 * ms, 5 * time.Second},
		"250 kbit/s, queue 300 ms":        {0.85, 0.01, 0.005, 120 * ms, 5 * time.Second},
		"250 kbit/s, queue 50 ms":         {0.85, 0.01, 0.01, 120 * ms, 5 * time.Second},
		"250 kbit/s, layers":              {0.90, 0.01, 0.005, 200 * ms, 5 * time.Second},
		"4 Mbit/s to 300 kbit/s and back": {0.80, 0.01, 0.01, 50 * ms, 8 * time.Second},
		"the same, layers":                {0.85, 0.01, 0.01, 50 * ms, 8 * time.Second},
		"the same, queue 2 s":             {0.80, 0.01, 0.01, 50 * ms, 8 * time.Second},
		"300 ms, 80 ms jitter":            {0.60, 0.01, 0.01, 50 * ms, 0},
		"300 ms, 80 ms jitter, reordered": {0.70, 0.01, 0.01, 50 * ms, 0},
		"300 ms, 80 ms jitter, layers":    {0.60, 0.01, 0.01, 50 * ms, 0},
		"the same from 10 s on":           {0.55, 0.01, 0.01, 50 * ms, 0},
		"feedback lost, late, reordered":  {0.80, 0.01, 0.01, 200 * ms, 10 * time.Second},
		"application-limited, then free":  {0.90, 0.001, 0.001, 50 * ms, 5 * time.Second},
	})
}

func run(t *testing.T, scenarios []simulator.Scenario, expected map[string]bounds) {
	require.Equal(t, len(expected), len(scenarios))
	for _, s := range scenarios {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			want, listed := expected[s.Name]
			require.True(t, listed)
			s.Seed = 1
			got := s.Assess(s.Run(simulator.NewEstimator))
			require.GreaterOrEqual(t, got.Share, want.share, "share")
			require.LessOrEqual(t, got.Loss, want.loss, "loss")
			require.LessOrEqual(t, got.Audio, want.audio, "loss of audio")
			if want.queue > 0 {
				require.LessOrEqual(t, got.QueueP95, want.queue, "queue")
			}
			if want.settle > 0 {
				require.LessOrEqual(t, got.Settling, want.settle, "settling")
			}
		})
	}
}

func find(t *testing.T, name string) simulator.Scenario {
	t.Helper()
	for _, s := range simulator.Links() {
		if s.Name == name {
			return s
		}
	}
	require.Fail(t, "no such case", name)
	return simulator.Scenario{}
}

// After a drop the estimate is below what the path carries within little more than a second, and after it is over it
// is back within 8 s.
func TestDropAndReturn(t *testing.T) {
	for _, name := range []string{"4 Mbit/s to 300 kbit/s and back", "the same, layers"} {
		s := find(t, name)
		for seed := range uint64(4) {
			s.Seed = seed
			f := s.Run(simulator.NewEstimator).Media[0]
			require.Less(t, f.Estimate(31400*ms), 300_000.0, "%s, seed %d", name, seed)
			require.Greater(t, f.Estimate(58*time.Second), 2_000_000.0, "%s, seed %d", name, seed)
			require.Greater(t, f.Rate(33*time.Second, 50*time.Second), 150_000.0, "%s, seed %d: no layer flows", name, seed)
		}
	}
}

// What was never sent is not believed to fit, and what did fit is not forgotten.
func TestApplicationLimited(t *testing.T) {
	s := find(t, "application-limited, then free")
	s.Media[0].MaxBps = 500_000 // the demand, too
	f := s.Run(simulator.NewEstimator).Media[0]
	for at := 10 * time.Second; at < s.Duration; at += time.Second {
		require.Less(t, f.Estimate(at), 750_000.0, at)
		require.Greater(t, f.Estimate(at), 500_000.0, at)
	}
}

func TestSameSeedSameResult(t *testing.T) {
	s := simulator.RFC8867()[0]
	require.Equal(t, s.Assess(s.Run(simulator.NewEstimator)), s.Assess(s.Run(simulator.NewEstimator)))
}
