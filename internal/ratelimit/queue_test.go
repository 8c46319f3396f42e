package ratelimit

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQueue(t *testing.T) {
	t.Parallel()
	ann, bob := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	var q Queue[int]
	_, ok := q.Oldest()
	require.False(t, ok)
	require.False(t, q.Remove(1))
	q.Add(bob, 0)
	for v := 1; v <= 3; v++ {
		q.Add(ann, v)
	}
	q.Add(ann, 1)
	require.Equal(t, 4, q.Len())
	require.Equal(t, []int{0, 1, 2, 3}, q.All())
	require.Equal(t, 3, q.LenOf(ann))
	v, ok := q.OldestOf(ann)
	require.True(t, ok)
	require.Equal(t, 1, v, "adding again moves nothing")

	v, ok = q.PastBound(ann, 2, 2)
	require.True(t, ok)
	require.Equal(t, 1, v, "the bound per network comes first")
	v, ok = q.PastBound(bob, 2, 3)
	require.True(t, ok)
	require.Equal(t, 0, v)
	_, ok = q.PastBound(ann, 0, 0)
	require.False(t, ok)
	_, ok = q.PastBound(ann, 3, 4)
	require.False(t, ok)

	for v := range 4 {
		require.True(t, q.Remove(v))
	}
	require.Zero(t, q.Len())
	require.Zero(t, q.LenOf(ann))
	require.Empty(t, q.byAddr)
	_, ok = q.OldestOf(ann)
	require.False(t, ok)
}
