package bwe

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// carry sends a probe over a path: which packets arrive when.
func carry(wanted Probe, packets int, arrive func(n int, sent time.Duration) (time.Duration, bool)) (float64, bool) {
	b := burst{wanted: wanted}
	size := wanted.Bytes / packets
	for n := range packets {
		sent := time.Duration(float64(n*size*8) / float64(wanted.Bps) * 1e9)
		b.sent(size, sent)
		if at, ok := arrive(n, sent); ok {
			b.received(size, sent, at)
		} else {
			b.lost()
		}
	}
	return b.rate()
}

func TestRateOfABurst(t *testing.T) {
	probe := Probe{ID: 1, Bps: 1_000_000, Bytes: 10_000}
	t.Run("carried", func(t *testing.T) {
		bps, saturated := carry(probe, 10, func(_ int, sent time.Duration) (time.Duration, bool) {
			return sent + 20*ms, true
		})
		require.InDelta(t, 1e6, bps, 1e4)
		require.False(t, saturated)
	})
	t.Run("half carried", func(t *testing.T) {
		bps, saturated := carry(probe, 10, func(_ int, sent time.Duration) (time.Duration, bool) { return 2 * sent, true })
		require.InDelta(t, 475e3, bps, 3e4)
		require.True(t, saturated)
	})
	t.Run("random loss", func(t *testing.T) {
		bps, saturated := carry(probe, 10, func(n int, sent time.Duration) (time.Duration, bool) { return sent, n%3 != 1 })
		require.InDelta(t, 1e6, bps, 1e4)
		require.False(t, saturated)
	})
	t.Run("token bucket", func(t *testing.T) {
		bps, saturated := carry(probe, 10, func(n int, sent time.Duration) (time.Duration, bool) {
			return sent + time.Duration(max(n-4, 0))*24*ms, true // then 250 kbit/s
		})
		require.InDelta(t, 240e3, bps, 3e4)
		require.True(t, saturated)
	})
	t.Run("lost", func(t *testing.T) {
		bps, _ := carry(probe, 10, func(n int, sent time.Duration) (time.Duration, bool) { return sent, n < 3 })
		require.Zero(t, bps)
	})
}
