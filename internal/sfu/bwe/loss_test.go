package bwe

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lose feeds the detector 10 s of 100 packets a second, of which a share is lost that depends on the rate, and lowers
// the rate for tests. It returns the verdicts.
func lose(l *lossDetector, share func(rate float64) float64) map[lossVerdict]int {
	verdicts, rng, rate := map[lossVerdict]int{}, rand.New(rand.NewPCG(1, 1)), 1.0
	for now := time.Duration(0); now < 10*time.Second; now += 100 * ms {
		lost := 0
		for range 10 {
			if rng.Float64() < share(rate) {
				lost++
			}
		}
		v := l.add(10-lost, lost, false, now, 100*ms)
		verdicts[v]++
		switch v {
		case lossUsual:
		case lossSuspected:
			l.startTest()
			rate = testFactor
		case lossRandom, lossCongested:
			rate = 1
		}
	}
	return verdicts
}

func TestLossThatStaysIsRandom(t *testing.T) {
	var l lossDetector
	verdicts := lose(&l, func(float64) float64 { return 0.2 })
	require.NotZero(t, verdicts[lossRandom])
	require.LessOrEqual(t, verdicts[lossSuspected], 3, "once known it is not suspected all the time")
	require.InDelta(t, 0.2, l.usual, 0.08)
}

func TestLossThatEndsIsCongestion(t *testing.T) {
	var l lossDetector
	verdicts := lose(&l, func(rate float64) float64 { return max(0, 1-0.7/rate) })
	require.NotZero(t, verdicts[lossCongested])
	require.Zero(t, verdicts[lossRandom])
	require.Less(t, l.usual, 0.1)
}

func TestNoLossNoSuspicion(t *testing.T) {
	var l lossDetector
	require.Zero(t, lose(&l, func(float64) float64 { return 0.01 })[lossSuspected])
}
