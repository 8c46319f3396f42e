package ratelimit

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	l, now := NewTokens(2), time.Now()
	for range 2 * burst {
		require.NoError(t, l.Take("a", now))
	}
	f := fault.From(l.Take("a", now))
	require.Equal(t, "TOKEN_OFFERS", f.Reason)
	require.InDelta(t, 500, f.RetryAfterMs, 5)
	require.NoError(t, l.Take("b", now), "another token")
	require.NoError(t, l.Take("a", now.Add(time.Second)))
	for n := range 2 * keptTokens {
		require.NoError(t, l.Take(fmt.Sprint(n), now))
	}
	require.Equal(t, keptTokens, l.Buckets.buckets.Len())
	require.NoError(t, NewTokens(0).Take("a", now))
}
