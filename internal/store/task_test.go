package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/store"
)

func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		turn := func(task string, every time.Duration) bool {
			mine, err := s.Once(ctx, task, every)
			require.NoError(t, err)
			return mine
		}
		require.True(t, turn("trim", time.Hour))
		require.True(t, turn("trim", time.Hour), "a server alone always does it")
		as(s, nodeA)
		require.True(t, turn("trim", time.Hour))
		require.False(t, turn("trim", time.Hour))
		require.True(t, turn("judge", time.Hour), "another task")
		require.Eventually(t, func() bool { return turn("trim", 50*time.Millisecond) }, 5*time.Second, 5*time.Millisecond)
	})
}

func TestTouch(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		touched := func(within time.Duration) bool {
			is, err := s.Touched(ctx, "the rule holds", within)
			require.NoError(t, err)
			return is
		}
		require.NoError(t, s.Touch(ctx, "the rule holds"))
		as(s, nodeA)
		require.False(t, touched(time.Hour), "a server alone notes nothing")
		require.NoError(t, s.Touch(ctx, "the rule holds"))
		as(s, nodeB)
		require.True(t, touched(time.Hour))
		require.Eventually(t, func() bool { return !touched(20 * time.Millisecond) }, 5*time.Second, 5*time.Millisecond)
	})
}

// Of nodes that ask at the same moment one has its turn.
func TestOnceOfNodes(t *testing.T) {
	url := newPostgresDatabase(t)
	nodes := []*store.Store{openNode(t, url, nodeA), openNode(t, url, nodeB)}
	var turns atomic.Int64
	var asking sync.WaitGroup
	for i := range 16 {
		asking.Go(func() {
			mine, err := nodes[i%2].Once(t.Context(), "trim", time.Hour)
			assert.NoError(t, err)
			if mine {
				turns.Add(1)
			}
		})
	}
	asking.Wait()
	require.EqualValues(t, 1, turns.Load())
}
