package jitter

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whatever numbers arrive when: packets come out in order, each at most once, and every one is accounted for.
func FuzzBuffer(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4, 1, 0, 0, 3, 60})
	f.Add([]byte{0, 255, 255, 0, 0, 0, 0, 1, 0, 128, 0, 0, 0, 128, 1, 0, 1, 0, 5, 200})
	f.Fuzz(func(t *testing.T, steps []byte) {
		b := New(wait)
		now := start
		var popped uint64
		var last uint16
		seen := false
		for ; len(steps) >= 4; steps = steps[4:] {
			now = now.Add(time.Duration(steps[3]) * time.Millisecond)
			b.Push(packet(uint32(steps[0]&1), binary.BigEndian.Uint16(steps[1:])), now)
			for {
				p, ok := b.Pop(now)
				if !ok {
					break
				}
				popped++
				if seen && !p.Restart {
					require.Equal(t, last+1+uint16(p.Lost), p.SequenceNumber)
				}
				last, seen = p.SequenceNumber, true
				require.LessOrEqual(t, p.Lost, window)
			}
			if at, waiting := b.Deadline(); waiting {
				require.Positive(t, b.held)
				require.True(t, at.After(now))
			}
			require.LessOrEqual(t, b.held, window)
		}
		stats := b.Stats()
		require.LessOrEqual(t, popped+stats.Late+stats.Duplicate, stats.Received+stats.Restarts)
		for range window + 1 { // nothing is left behind when time has passed
			if _, ok := b.Pop(now.Add(time.Hour)); !ok {
				break
			}
		}
		require.Zero(t, b.held)
	})
}
