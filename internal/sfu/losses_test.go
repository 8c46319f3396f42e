package sfu

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestLosses(t *testing.T) {
	now := time.Now()
	t.Run("a gap is asked for after it could be reordering, again, and then given up", func(t *testing.T) {
		var l losses
		l.arrived(65534, now, askAfter)
		l.arrived(1, now, askAfter) // 65535 and 0 are missing
		require.Empty(t, l.due(now))
		now := now.Add(askAfter)
		require.Equal(t, []uint16{65535, 0}, l.due(now))
		require.Empty(t, l.due(now))
		for range maxAsks - 1 {
			now = now.Add(askAgain)
			require.Len(t, l.due(now), 2)
		}
		require.Empty(t, l.due(now.Add(askAgain)))
		require.Empty(t, l.missing)
	})
	t.Run("what comes late is not missing", func(t *testing.T) {
		var l losses
		l.arrived(10, now, askAfter)
		l.arrived(12, now, askAfter)
		l.arrived(11, now, askAfter)
		require.Empty(t, l.due(now.Add(time.Second)))
	})
	t.Run("a retransmission is wanted once", func(t *testing.T) {
		var l losses
		l.arrived(10, now, askAfter)
		l.arrived(12, now, askAfter)
		require.True(t, l.found(11, now))
		require.False(t, l.found(11, now))
	})
	t.Run("what was asked for is asked for again when it could have come", func(t *testing.T) {
		for _, took := range []time.Duration{time.Millisecond, 100 * time.Millisecond, 3 * time.Second} {
			var l losses
			l.arrived(10, now, 0)
			l.arrived(12, now, 0)
			require.Equal(t, []uint16{11}, l.due(now))
			require.True(t, l.found(11, now.Add(took)))
			l.arrived(14, now, 0)
			require.Equal(t, []uint16{13}, l.due(now))
			again := min(max(took*3/2, minAskAgain), maxAskAgain)
			require.Empty(t, l.due(now.Add(again-time.Millisecond)))
			require.Equal(t, []uint16{13}, l.due(now.Add(again)))
			before := l.rtt
			require.True(t, l.found(13, now.Add(time.Minute)))
			require.Equal(t, before, l.rtt, "which of two requests was answered is not known")
		}
	})
	t.Run("a large gap is hopeless", func(t *testing.T) {
		var l losses
		l.arrived(10, now, askAfter)
		require.True(t, l.arrived(10+maxGap+1, now, askAfter))
		require.Empty(t, l.missing)
		require.False(t, l.arrived(10+maxGap+2, now, askAfter))
	})
}

// Whatever order packets come in, what is missing is bounded, and what came is never asked for.
func TestLossesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l losses
		now := time.Now()
		seqno := rapid.Uint16().Draw(t, "first")
		came := map[uint16]bool{}
		for range rapid.IntRange(1, 300).Draw(t, "packets") {
			seqno += uint16(rapid.IntRange(-5, 40).Draw(t, "step"))
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "ms")) * time.Millisecond)
			l.arrived(seqno, now, askAfter)
			came[seqno] = true
			for _, n := range l.due(now) {
				if came[n] && int16(l.highest-n) < 1000 {
					t.Fatalf("asked for %d, which came", n)
				}
			}
			if len(l.missing) > maxMissing {
				t.Fatalf("%d missing", len(l.missing))
			}
		}
	})
}
