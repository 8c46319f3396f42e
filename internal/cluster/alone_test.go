package cluster_test

import (
	"context"
	"encoding/json"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/record"
)

func TestAServerAloneHoldsAlwaysAndCostsNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	n := cluster.Alone([]byte("secret key"))
	require.True(t, n.IsAlone())
	require.True(t, n.Holds())
	require.Equal(t, record.NodeID{}, n.ID())
	require.True(t, n.Alive(n.ID()))
	require.False(t, n.Alive(record.NodeID{Name: "b", Incarnation: "1"}))
	n.SetLoad(func() cluster.Load { return cluster.Load{Meetings: 3} })
	n.Drain()
	require.Len(t, n.Nodes(), 1)
	require.Equal(t, 3, n.Nodes()[0].Load.Meetings)
	require.True(t, n.Nodes()[0].Draining)
	require.NoError(t, n.Broadcast("topic", 1))
	require.NoError(t, n.Close(t.Context()))
	require.Equal(t, before, runtime.NumGoroutine())
}

func TestKeysDifferByPurposeAndSecret(t *testing.T) {
	n := cluster.Alone([]byte("secret key"))
	require.Len(t, n.Key("resume"), 32)
	require.Equal(t, n.Key("resume"), cluster.Alone([]byte("secret key")).Key("resume"))
	require.NotEqual(t, n.Key("resume"), n.Key("worker"))
	require.NotEqual(t, n.Key("resume"), cluster.Alone([]byte("another key")).Key("resume"))
}

func TestANodeCallsItself(t *testing.T) {
	n := cluster.Alone(nil)
	refusal := fault.ServerUnavailableDraining()
	n.Answer("double", func(_ context.Context, from record.NodeID, args json.RawMessage) (any, error) {
		require.Equal(t, n.ID(), from)
		var v int
		if err := json.Unmarshal(args, &v); err != nil {
			return nil, err
		}
		if v < 0 {
			return nil, refusal
		}
		return 2 * v, nil
	})
	var got int
	require.NoError(t, n.Call(t.Context(), n.ID(), "double", 21, &got))
	require.Equal(t, 42, got)
	require.Equal(t, refusal.ID, fault.From(n.Call(t.Context(), n.ID(), "double", -1, nil)).ID)
	err := n.Call(t.Context(), record.NodeID{Name: "b", Incarnation: "1"}, "double", 1, nil)
	require.True(t, fault.Is(err, fault.CodeServerUnavailable, fault.ReasonNodeLost), "%v", err)
}
