package sdk

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Another node goes on within 3 s of the loss of one, so that attempts to find it follow each other soon, and are
// spread.
func TestFindBackoff(t *testing.T) {
	ceilings := []time.Duration{50, 150, 300, 600, 1000, 1000, 1000}
	spread := map[time.Duration]bool{}
	for attempt, ceiling := range ceilings {
		for range 100 {
			wait := findBackoff(attempt)
			require.LessOrEqual(t, wait, ceiling*time.Millisecond)
			require.GreaterOrEqual(t, wait, ceiling*time.Millisecond/2)
			spread[wait] = true
		}
	}
	require.Greater(t, len(spread), 300)
	require.Equal(t, findBackoff(1000) > 0, true, "of a long cut")
	require.Zero(t, backoff(0))
	require.LessOrEqual(t, backoff(1000), 5*time.Second)
}
