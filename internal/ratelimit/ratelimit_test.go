package ratelimit

import (
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEachAddressHasItsOwnBuckets(t *testing.T) {
	t.Parallel()
	l := New(Limits{PerSecond: [kinds]float64{Requests: 2, FailedAdmin: 1}})
	ann, bob := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	now := time.Now()
	for range 2 * burst {
		require.Nil(t, l.ask(ann, Requests, 1, now))
	}
	f := l.ask(ann, Requests, 1, now)
	require.NotNil(t, f)
	require.Equal(t, "ADDRESS_REQUESTS", f.Reason)
	require.Equal(t, 429, f.HTTPStatus())
	require.Contains(t, f.Detail, "192.0.2.1")
	require.InDelta(t, 500, f.RetryAfterMs, 2)
	require.Nil(t, l.ask(bob, Requests, 1, now), "another address")
	require.Nil(t, l.ask(ann, FailedAdmin, 1, now), "another kind")
	require.Nil(t, l.ask(ann, Joins, 1, now), "no limit")
	require.Nil(t, l.ask(netip.Addr{}, Requests, 1, now), "no address")
	require.Nil(t, l.ask(ann, Requests, 1, now.Add(time.Duration(f.RetryAfterMs)*time.Millisecond)), "after retryAfterMs")
}

func TestCheckCountsNothing(t *testing.T) {
	t.Parallel()
	l := New(Limits{PerSecond: [kinds]float64{FailedTokens: 0.1}})
	ann := netip.MustParseAddr("192.0.2.1")
	for range 3 {
		require.Nil(t, l.Check(ann, FailedTokens))
	}
	require.Nil(t, l.Take(ann, FailedTokens))
	require.Equal(t, "FAILED_TOKENS", l.Check(ann, FailedTokens).Reason)
}

func TestSocketsThatHaveNotJoined(t *testing.T) {
	t.Parallel()
	l := New(Limits{Sockets: 2, AllSockets: 3})
	one, other := netip.MustParseAddr("2001:db8:1:2::1"), netip.MustParseAddr("2001:db8:1:3::1")
	first, f := l.OpenSocket(one)
	require.Nil(t, f)
	_, f = l.OpenSocket(netip.MustParseAddr("2001:db8:1:2:ffff::2")) // the same network
	require.Nil(t, f)
	_, f = l.OpenSocket(one)
	require.Equal(t, "ADDRESS_SOCKETS", f.Reason)
	require.Contains(t, f.Detail, "2001:db8:1:2::/64")
	require.Positive(t, f.RetryAfterMs)
	_, f = l.OpenSocket(other)
	require.Nil(t, f)
	_, f = l.OpenSocket(netip.MustParseAddr("192.0.2.7"))
	require.Equal(t, "SERVER_SOCKETS", f.Reason)
	first()
	first() // counts once
	_, f = l.OpenSocket(one)
	require.Nil(t, f)
	_, f = l.OpenSocket(one)
	require.NotNil(t, f)
}

func TestAddressesAreForgotten(t *testing.T) {
	t.Parallel()
	l := New(Limits{PerSecond: [kinds]float64{Requests: 1}})
	addr := netip.MustParseAddr("10.0.0.0")
	for range addresses + 1000 {
		require.Nil(t, l.Take(addr, Requests))
		addr = addr.Next()
	}
	require.Equal(t, addresses, l.buckets[Requests].buckets.Len())
}

func TestClientAddr(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	for i, tc := range []struct {
		peer, want string
		forwarded  []string
	}{
		{"192.0.2.1:5", "192.0.2.1", nil},
		{"192.0.2.1:5", "192.0.2.1", []string{"198.51.100.9"}}, // not a proxy of ours: what it writes means nothing
		{"127.0.0.1:5", "127.0.0.1", nil},
		{"127.0.0.1:5", "198.51.100.9", []string{"198.51.100.9"}},
		{"127.0.0.1:5", "198.51.100.9", []string{"1.1.1.1, 198.51.100.9, 10.0.0.3"}}, // the left one is the client's word
		{"127.0.0.1:5", "198.51.100.9", []string{"1.1.1.1", "198.51.100.9:4711"}},
		{"127.0.0.1:5", "2001:db8::1", []string{"2001:db8::1"}},
		{"127.0.0.1:5", "10.0.0.3", []string{"unknown, 10.0.0.3"}},
		{"[::ffff:192.0.2.1]:5", "192.0.2.1", nil},
		{"@", "invalid IP", nil},
	} {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			r := &http.Request{RemoteAddr: tc.peer, Header: http.Header{"X-Forwarded-For": tc.forwarded}}
			require.Equal(t, tc.want, ClientAddr(r, trusted).String())
		})
	}
}
