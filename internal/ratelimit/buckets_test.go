package ratelimit

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What one node has let through is gone from the buckets of another one, which are never in debt.
func TestBucketsOfSeveralNodes(t *testing.T) {
	t.Parallel()
	a, b := NewBuckets[netip.Prefix](1, 10, 100), NewBuckets[netip.Prefix](1, 10, 100)
	require.Nil(t, a.Used())
	now, ann := time.Now(), netip.MustParsePrefix("192.0.2.1/32")
	for range 8 {
		require.Zero(t, a.Take(ann, 1, now))
	}
	require.Zero(t, a.Take(ann, 0, now))
	used := a.Used()
	require.JSONEq(t, `{"192.0.2.1/32":8}`, string(used))
	require.Nil(t, a.Used(), "it is told once")

	require.NoError(t, b.UsedElsewhere(used, now))
	for range 2 {
		require.Zero(t, b.Take(ann, 1, now))
	}
	require.Equal(t, time.Second, b.Take(ann, 1, now).Round(10*time.Millisecond))
	require.NoError(t, b.UsedElsewhere(used, now))
	require.Equal(t, time.Second, b.Take(ann, 1, now).Round(10*time.Millisecond), "there is no debt")
	require.Error(t, b.UsedElsewhere(json.RawMessage(`[]`), now))
	require.NoError(t, b.UsedElsewhere(json.RawMessage(`{"192.0.2.2/32":-5}`), now))
}

// Of many keys those are told that took most.
func TestUsedIsBounded(t *testing.T) {
	t.Parallel()
	b := NewBuckets[string](1, 10, 10*toldKeys)
	require.Nil(t, b.Used())
	for n := range 3 * toldKeys {
		for range 1 + n%3 {
			b.Take(fmt.Sprint(n), 1, time.Now())
		}
	}
	var told map[string]int
	require.NoError(t, json.Unmarshal(b.Used(), &told))
	require.Len(t, told, toldKeys)
	for key, n := range told {
		require.Equal(t, 3, n, key)
	}
}
