package cluster_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/bus/natstest"
	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/testpeer"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}

// storePlace is the table of leases in the database of a store, as the server has it.
type storePlace struct{ *store.Store }

func (p storePlace) Renew(ctx context.Context, id record.NodeID, info json.RawMessage) error {
	err := p.RenewNode(ctx, id, info)
	var fenced *store.FencedError
	if errors.As(err, &fenced) {
		return lease.ErrFenced
	}
	return err
}

func (p storePlace) List(ctx context.Context) ([]lease.Lease, error) {
	found, err := p.NodeLeases(ctx)
	var leases []lease.Lease
	for _, l := range found {
		leases = append(leases, lease.Lease{ID: l.ID, Version: uint64(l.Version), Info: l.Info, Fenced: l.Fenced})
	}
	return leases, err
}

func (p storePlace) Fence(ctx context.Context, id record.NodeID, version uint64) (bool, error) {
	return p.FenceNode(ctx, id, int64(version))
}

// Three nodes on Postgres and NATS, each with ways of its own to both: they hold through either one, are lost without
// both, and come back.
func TestNodesOnPostgres(t *testing.T) {
	t.Parallel()
	pg, err := pgtest.Start()
	require.NoError(t, err, "this test needs Debian's postgresql")
	database, err := url.Parse(pg.NewDatabase(t))
	require.NoError(t, err)
	nats := natstest.Start(t).Address
	nodes, toPostgres := make([]*testNode, 3), make([]*testpeer.Proxy, 3)
	var starting sync.WaitGroup
	for i, name := range []string{"a", "b", "c"} {
		way := testpeer.NewProxy(t, nats)
		toPostgres[i] = testpeer.NewProxy(t, database.Query().Get("host")+"/.s.PGSQL.5432")
		kept, err := store.OpenWith(t.Context(), store.Options{
			URL: fmt.Sprintf("postgres://%s@%s%s?sslmode=disable", database.Query().Get("user"), toPostgres[i].Address,
				database.Path),
			SecretKey: make([]byte, store.SecretKeySize), Cluster: true,
		})
		require.NoError(t, err)
		t.Cleanup(func() { _ = kept.Close() }) // its connection may be cut
		o := options(t, name)
		o.NATSURL, o.SQL = "nats://"+way.Address, storePlace{kept}
		starting.Go(func() {
			nodes[i] = startNode(t, o)
			nodes[i].nats = way
		})
	}
	starting.Wait()
	for _, n := range nodes {
		require.Eventually(t, func() bool { return len(n.Nodes()) == 3 }, 10*time.Second, 10*time.Millisecond)
	}
	c, was := nodes[2], nodes[2].ID()

	toPostgres[2].Freeze()
	require.Never(t, func() bool { return !c.Holds() || !nodes[0].Alive(was) }, lease.Observe+time.Second,
		10*time.Millisecond)
	toPostgres[2].Thaw()
	require.Eventually(t, func() bool { return c.Status().Places[lease.SQL].Works() }, 10*time.Second, 10*time.Millisecond)

	began := time.Now()
	toPostgres[2].Block()
	c.nats.Block()
	require.Eventually(t, func() bool { return !c.Holds() }, 10*time.Second, time.Millisecond)
	require.Less(t, time.Since(began), lease.Hold+200*time.Millisecond)
	select {
	case dead := <-nodes[0].fenced:
		require.Equal(t, was, dead)
	case dead := <-nodes[1].fenced:
		require.Equal(t, was, dead)
	case <-time.After(15 * time.Second):
		t.Fatal("nobody took over")
	}
	t.Logf("taken over after %s", time.Since(began))
	toPostgres[2].Unblock()
	c.nats.Unblock()
	require.Eventually(t, func() bool { return c.Holds() && c.ID() != was && nodes[0].Alive(c.ID()) }, 20*time.Second,
		10*time.Millisecond)
}
