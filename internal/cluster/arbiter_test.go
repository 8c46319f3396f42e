package cluster

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/bus"
	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/record"
)

// NATS loses its data, and its revisions begin again: a renewal after that is not taken for one that was seen before.
func TestLeasesAfterNATSLostItsData(t *testing.T) {
	ctx, id := t.Context(), record.NodeID{Name: "a", Incarnation: "1"}
	a := &busArbiter{bus: bus.NewMemory()}
	version := func() uint64 {
		leases, err := a.List(ctx)
		require.NoError(t, err)
		require.Len(t, leases, 1)
		require.Equal(t, id, leases[0].ID)
		return leases[0].Version
	}
	require.NoError(t, a.Renew(ctx, id, nil))
	require.NoError(t, a.Renew(ctx, id, nil))
	before := version()

	a.bus = bus.NewMemory()
	ok, err := a.Fence(ctx, id, before)
	require.NoError(t, err)
	require.False(t, ok, "it has no lease there")
	for range before + 2 {
		require.NoError(t, a.Renew(ctx, id, nil))
		require.NotEqual(t, before, version())
		ok, err = a.Fence(ctx, id, before)
		require.NoError(t, err)
		require.False(t, ok, "it has renewed since")
	}
	ok, err = a.Fence(ctx, id, 0)
	require.NoError(t, err)
	require.False(t, ok, "it has a lease")
	ok, err = a.Fence(ctx, id, version())
	require.NoError(t, err)
	require.True(t, ok)
	require.ErrorIs(t, a.Renew(ctx, id, nil), lease.ErrFenced)

	never := record.NodeID{Name: "b", Incarnation: "1"}
	ok, err = a.Fence(ctx, never, 0)
	require.NoError(t, err)
	require.True(t, ok)
	require.ErrorIs(t, a.Renew(ctx, never, nil), lease.ErrFenced)
}
