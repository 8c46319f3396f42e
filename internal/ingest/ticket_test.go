package ingest_test

import (
	"context"
	"log/slog"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/ingest"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/workerticket"
)

// oneKey knows one stream key.
type oneKey struct{ noKeys }

func (oneKey) StreamKey(_ context.Context, accountID, id string) (record.StreamKey, error) {
	return record.StreamKey{AccountID: accountID, ID: id, MeetingID: "abcd-efgh-ijkl"}, nil
}

// The node on which a meeting lives judges the ticket of a publisher whose encoder is connected to another node.
func TestTicketsOfOtherNodes(t *testing.T) {
	t.Parallel()
	key := []byte("of the cluster")
	server, err := ingest.New(ingest.Options{
		Keys: oneKey{}, Logger: slog.New(slog.DiscardHandler), Limiter: ratelimit.New(ratelimit.Limits{}), TicketKey: key,
		Token: func(_ context.Context, k record.StreamKey) (string, error) { return "token of " + k.ID, nil },
	})
	require.NoError(t, err)
	t.Cleanup(server.Close)
	taker := record.NodeID{Name: "a", Incarnation: "a1"}
	ticket := func(key []byte) string {
		signed, err := workerticket.Sign(key, map[string]any{
			"nonce": "n", "account": "acc", "key": "key-1", "from": "192.0.2.1", "node": taker,
		})
		require.NoError(t, err)
		return "ingest " + signed
	}
	token, from, ok, err := server.Admit(t.Context(), ticket(key), taker)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "token of key-1", token)
	require.Equal(t, netip.MustParseAddr("192.0.2.1"), from)
	for name, by := range map[string]record.NodeID{
		"no publisher of this node":   {},
		"another node has relayed it": {Name: "b", Incarnation: "b1"},
	} {
		_, _, ok, err = server.Admit(t.Context(), ticket(key), by)
		require.NoError(t, err)
		require.False(t, ok, name)
	}
	_, _, ok, _ = server.Admit(t.Context(), ticket([]byte("another key")), taker)
	require.False(t, ok)
}
