package precall

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	now := time.Now()
	tests := New(Limits{PerAddress: 2, PerToken: 3, Running: 3})
	tests.now = func() time.Time { return now }
	client := func(token, address string) Client {
		return Client{AccountID: "a", TokenSum: sha256.Sum256([]byte(token)), Address: netip.MustParseAddr(address)}
	}
	here := client("one", "192.0.2.1")
	for range 5 {
		require.NoError(t, tests.Join(here, "first"), "one test is joined once for each way")
	}
	require.NoError(t, tests.Join(here, "second"))
	f := fault.From(tests.Join(here, "third"))
	require.Equal(t, "PRE_CALL_TESTS", f.Reason)
	require.Contains(t, f.Detail, "192.0.2.1")
	require.InDelta(t, (Window / 2).Milliseconds(), f.RetryAfterMs, 5)

	require.NoError(t, tests.Join(client("one", "192.0.2.2"), "third"), "another address")
	f = fault.From(tests.Join(client("two", "192.0.2.3"), "fourth"))
	require.Equal(t, "PRE_CALL_TESTS_RUNNING", f.Reason)

	first, err := tests.Report(here, "first")
	require.NoError(t, err)
	require.True(t, first)
	first, err = tests.Report(here, "first")
	require.NoError(t, err)
	require.False(t, first, "a test is reported once")
	f = fault.From(tests.Join(client("one", "192.0.2.4"), "fifth"))
	require.Contains(t, f.Detail, "with this token")
	require.NoError(t, tests.Join(client("two", "192.0.2.3"), "fourth"), "a reported test runs no more")

	now = now.Add(Life)
	f = fault.From(tests.Join(here, "second"))
	require.Equal(t, "PRE_CALL_TESTS", f.Reason, "a test that is over starts anew, and counts")
	now = now.Add(Window)
	for n := range 2 {
		require.NoError(t, tests.Join(here, fmt.Sprint("later", n)))
	}
	require.Len(t, tests.known, 2, "old tests are forgotten")
}

func TestReportWithoutJoin(t *testing.T) {
	t.Parallel()
	tests := New(Limits{PerToken: 1})
	who := Client{AccountID: "a"}
	first, err := tests.Report(who, "unjoined")
	require.NoError(t, err)
	require.True(t, first)
	_, err = tests.Report(who, "another")
	require.Equal(t, "PRE_CALL_TESTS", fault.From(err).Reason, "it counts as a start")
	require.NoError(t, New(Limits{}).Join(who, "no limits"))
}
