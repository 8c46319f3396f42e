package cluster_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/bus/natstest"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/testpeer"
)

const secret = "a secret of more than thirty-two characters"

// sqlTable stands for the table of leases, whose real one is tested with the nodes in e2e/cluster and in
// TestNodesOnPostgres.
type sqlTable struct {
	mu     sync.Mutex
	leases map[record.NodeID]lease.Lease
}

func newTable() *sqlTable { return &sqlTable{leases: map[record.NodeID]lease.Lease{}} }

// sqlPlace is the table as one node reaches it.
type sqlPlace struct {
	table *sqlTable
	cut   atomic.Bool
}

func (p *sqlPlace) reach(ctx context.Context) error {
	if p.cut.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func (p *sqlPlace) Renew(ctx context.Context, id record.NodeID, info json.RawMessage) error {
	if err := p.reach(ctx); err != nil {
		return err
	}
	p.table.mu.Lock()
	defer p.table.mu.Unlock()
	l := p.table.leases[id]
	if l.Fenced {
		return lease.ErrFenced
	}
	p.table.leases[id] = lease.Lease{ID: id, Version: l.Version + 1, Info: info}
	return nil
}

func (p *sqlPlace) List(ctx context.Context) ([]lease.Lease, error) {
	if err := p.reach(ctx); err != nil {
		return nil, err
	}
	p.table.mu.Lock()
	defer p.table.mu.Unlock()
	var all []lease.Lease
	for _, l := range p.table.leases {
		all = append(all, l)
	}
	return all, nil
}

func (p *sqlPlace) Fence(ctx context.Context, id record.NodeID, version uint64) (bool, error) {
	if err := p.reach(ctx); err != nil {
		return false, err
	}
	p.table.mu.Lock()
	defer p.table.mu.Unlock()
	l := p.table.leases[id]
	if l.Version != version || l.Fenced {
		return false, nil
	}
	p.table.leases[id] = lease.Lease{ID: id, Version: max(version, 1), Info: l.Info, Fenced: true}
	return true, nil
}

// testNode is a node with its ways to the two places.
type testNode struct {
	*cluster.Node
	sql    *sqlPlace
	nats   *testpeer.Proxy // nil: NATS is inside the nodes
	lost   chan record.NodeID
	fenced chan record.NodeID
}

// cut ends the ways of a node to what the others see of it. A process that is killed looks the same from outside.
func (n *testNode) cut(sql, nats bool) {
	n.sql.cut.Store(sql)
	if nats {
		n.nats.Freeze()
	}
}

func logger() *slog.Logger {
	if os.Getenv("CLUSTER_LOG") != "" {
		return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return slog.New(slog.DiscardHandler)
}

func options(t *testing.T, name string) cluster.Options {
	t.Helper()
	return cluster.Options{
		Name: name, Secret: secret, Address: "127.0.0.1:0", Version: "1", Roles: []string{"meetings"},
		NATSDir: t.TempDir(), Log: logger(),
	}
}

func startNode(t *testing.T, o cluster.Options) *testNode {
	t.Helper()
	n, err := cluster.Open(t.Context(), o)
	require.NoError(t, err)
	node := &testNode{Node: n, lost: make(chan record.NodeID, 10), fenced: make(chan record.NodeID, 10)}
	node.sql, _ = o.SQL.(*sqlPlace)
	n.OnLost(func() { node.lost <- n.ID() })
	n.OnFenced(func(_ context.Context, dead record.NodeID) { node.fenced <- dead })
	n.Start()
	t.Cleanup(func() { require.NoError(t, n.Close(context.Background())) })
	return node
}

// startNodes starts nodes on one NATS of the operator, each with a way of its own to it.
func startNodes(t *testing.T, names ...string) []*testNode {
	t.Helper()
	nats, table := natstest.Start(t).Address, newTable()
	nodes := make([]*testNode, len(names))
	var starting sync.WaitGroup
	for i, name := range names {
		way := testpeer.NewProxy(t, nats)
		o := options(t, name)
		o.NATSURL, o.SQL = "nats://"+way.Address, &sqlPlace{table: table}
		starting.Go(func() {
			nodes[i] = startNode(t, o)
			nodes[i].nats = way
		})
	}
	starting.Wait()
	for _, n := range nodes {
		require.Eventually(t, func() bool { return len(n.Nodes()) == len(names) }, 10*time.Second, 10*time.Millisecond)
	}
	return nodes
}

func TestNodesKnowAndCallEachOther(t *testing.T) {
	t.Parallel()
	nodes := startNodes(t, "a", "b", "c")
	a, b := nodes[0], nodes[1]
	require.True(t, a.Holds())
	require.True(t, a.Alive(b.ID()))
	require.Equal(t, a.Key("resume"), b.Key("resume"))

	refusal := fault.ServerUnavailableDraining().WithAccount("acc_1")
	b.Answer("double", func(ctx context.Context, from record.NodeID, args json.RawMessage) (any, error) {
		var v int
		require.NoError(t, json.Unmarshal(args, &v))
		switch {
		case v < 0:
			return nil, refusal
		case v == 0:
			<-ctx.Done()
			return nil, ctx.Err()
		case v == 1:
			panic("of an answer")
		}
		return fmt.Sprint(from.Name, 2*v), nil
	})
	check := func(t *testing.T) {
		var got string
		require.NoError(t, a.Call(t.Context(), b.ID(), "double", 21, &got))
		require.Equal(t, "a42", got)
		f := fault.From(a.Call(t.Context(), b.ID(), "double", -1, nil))
		require.Equal(t, refusal.ID, f.ID)
		require.Equal(t, "acc_1", f.Account())
		require.Equal(t, refusal.Detail, f.Detail)
		require.True(t, fault.Is(a.Call(t.Context(), b.ID(), "double", 1, nil), 5101, "INTERNAL"))
		require.True(t, fault.Is(a.Call(t.Context(), b.ID(), "nobody", 1, nil), 5101, "INTERNAL"))
		short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		require.True(t, fault.Is(a.Call(short, b.ID(), "double", 0, nil), 5101, "NODE_LATE"))
		before := b.ID()
		before.Incarnation = "earlier"
		require.True(t, fault.Is(a.Call(t.Context(), before, "double", 2, nil), 5101, "NODE_LOST"))
		require.True(t, fault.Is(a.Call(t.Context(), record.NodeID{Name: "d", Incarnation: "1"}, "double", 2, nil), 5101,
			"NODE_LOST"))
	}
	t.Run("over NATS", check)

	heard := make(chan string, 300)
	for _, n := range nodes {
		n.On("news", func(from record.NodeID, data json.RawMessage) { heard <- from.Name + n.ID().Name + string(data) })
	}
	for i := range 100 {
		require.NoError(t, a.Broadcast("news", i))
	}
	next := map[string]int{}
	for range 200 {
		select {
		case text := <-heard:
			require.Equal(t, fmt.Sprint(text[:2], next[text[:2]]), text)
			next[text[:2]]++
		case <-time.After(10 * time.Second):
			t.Fatal("a broadcast is missing")
		}
	}
	require.Equal(t, map[string]int{"ab": 100, "ac": 100}, next)

	b.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, cluster.From(r.Context()), r.URL.Path)
	}))
	response, err := (&http.Client{Transport: a.Transport(b.ID())}).Get("http://b/v2/rooms")
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, fmt.Sprint(a.ID(), "/v2/rooms"), string(body))
	_, err = a.Dial(t.Context(), record.NodeID{Name: "b", Incarnation: "earlier"})
	require.ErrorIs(t, err, cluster.ErrUnknownNode)

	b.SetLoad(func() cluster.Load { return cluster.Load{Meetings: 7} })
	b.SetURL("https://b.example")
	b.Drain()
	require.Eventually(t, func() bool {
		for _, info := range a.Nodes() {
			if info.ID == b.ID() {
				return info.Draining && info.Load.Meetings == 7 && info.URL == "https://b.example"
			}
		}
		return false
	}, 10*time.Second, 10*time.Millisecond)

	for _, n := range nodes {
		n.nats.Block()
	}
	require.Eventually(t, func() bool { return a.Broadcast("news", 0) != nil }, 10*time.Second, 10*time.Millisecond)
	t.Run("over the link, while NATS is away", check)
	require.True(t, a.Holds(), "through Postgres")
	require.Eventually(
		t,
		func() bool { return !a.Status().Places[lease.Bus].Works() },
		10*time.Second,
		10*time.Millisecond,
	)
}

func TestANodeThatHasStartedKnowsTheOthers(t *testing.T) {
	t.Parallel()
	first := startNodes(t, "a", "b")
	o := options(t, "c")
	o.NATSURL, o.SQL = "nats://"+first[0].nats.Address, &sqlPlace{table: first[0].sql.table}
	require.Len(t, startNode(t, o).Nodes(), 3)
}

func TestALostNodeIsFenced(t *testing.T) {
	t.Parallel()
	nodes := startNodes(t, "a", "b", "c")
	dead := nodes[2]
	was := dead.ID()
	began := time.Now()
	dead.cut(true, true)
	require.True(t, dead.Holds(), "what was acknowledged counts on")
	require.Eventually(
		t,
		func() bool { return !dead.Holds() && !dead.Serves(time.Now()) },
		10*time.Second,
		time.Millisecond,
	)
	stopped := time.Since(began)
	require.Equal(t, was, <-dead.lost)
	require.Eventually(t, func() bool { return dead.ID() != was }, 10*time.Second, time.Millisecond)
	require.Equal(t, "c", dead.ID().Name)
	var taken time.Duration
	select {
	case by := <-nodes[0].fenced:
		require.Equal(t, was, by)
	case by := <-nodes[1].fenced:
		require.Equal(t, was, by)
	case <-time.After(10 * time.Second):
		t.Fatal("nobody took over")
	}
	taken = time.Since(began)
	t.Logf("stopped after %s, taken over after %s", stopped, taken)
	require.Less(t, stopped, lease.Hold+100*time.Millisecond)
	require.Less(t, stopped, taken)
	require.Less(t, taken, 6*time.Second) // 3.5 s where processors are free

	dead.sql.cut.Store(false)
	dead.nats.Thaw()
	require.Eventually(t, dead.Holds, 10*time.Second, time.Millisecond)
	require.Eventually(t, func() bool { return dead.Serves(time.Now()) }, 10*time.Second, time.Millisecond)
	require.Eventually(t, func() bool { return nodes[0].Alive(dead.ID()) && !nodes[0].Alive(was) }, 10*time.Second,
		10*time.Millisecond)
}

func TestANodeHoldsThroughEitherPlace(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(*testNode){
		"Postgres is away": func(n *testNode) { n.cut(true, false) },
		"NATS is away":     func(n *testNode) { n.cut(false, true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodes := startNodes(t, "a", "b")
			was := nodes[0].ID()
			cut(nodes[0])
			require.Never(t, func() bool { return !nodes[0].Holds() || !nodes[0].Serves(time.Now()) || !nodes[1].Alive(was) },
				2*lease.Observe, 10*time.Millisecond)
			require.Equal(t, was, nodes[0].ID())
		})
	}
}

func TestANodeThatClosesIsGoneAtOnce(t *testing.T) {
	t.Parallel()
	nodes := startNodes(t, "a", "b")
	gone := nodes[1].ID()
	began := time.Now()
	require.NoError(t, nodes[1].Close(t.Context()))
	require.Eventually(t, func() bool { return !nodes[0].Alive(gone) }, 10*time.Second, time.Millisecond)
	t.Logf("after %s", time.Since(began))
	require.Less(t, time.Since(began), lease.Hold)
	select {
	case dead := <-nodes[0].fenced: // what it still owned
		require.Equal(t, gone, dead)
	case <-time.After(10 * time.Second):
		t.Fatal("nobody took over")
	}
}

func TestANameThatIsUsedIsRefused(t *testing.T) {
	t.Parallel()
	nats, table := natstest.Start(t).Address, newTable()
	o := options(t, "a")
	o.NATSURL, o.SQL = "nats://"+nats, &sqlPlace{table: table}
	first := startNode(t, o)
	o.NATSDir = t.TempDir()
	_, err := cluster.Open(t.Context(), o)
	var used *cluster.NameInUseError
	require.ErrorAs(t, err, &used)
	require.Equal(t, first.Nodes()[0].Address, used.Address)
	require.NoError(t, first.Close(t.Context()))
	began := time.Now()
	second := startNode(t, o)
	require.Less(t, time.Since(began), lease.Observe)
	require.NotEqual(t, first.ID(), second.ID())
}

func TestAnotherSecretIsAnotherCluster(t *testing.T) {
	t.Parallel()
	nats, table := natstest.Start(t).Address, newTable()
	a := options(t, "a")
	a.NATSURL, a.SQL = "nats://"+nats, &sqlPlace{table: table}
	b := options(t, "b")
	b.NATSURL, b.SQL, b.Secret = a.NATSURL, &sqlPlace{table: table}, secret+"!"
	first, second := startNode(t, a), startNode(t, b)
	require.Eventually(t, func() bool { return first.Alive(second.ID()) }, 10*time.Second, 10*time.Millisecond)
	_, err := first.Dial(t.Context(), second.ID())
	require.ErrorContains(t, err, "cluster.secret")
	require.NotContains(t, err.Error(), secret)
	require.Equal(t, []string{"127.0.0.1"}, first.Status().WrongSecrets)
	require.Eventually(t, func() bool { return len(second.Status().WrongSecrets) == 1 }, 10*time.Second, time.Millisecond)
	require.True(t, fault.Is(first.Call(t.Context(), second.ID(), "x", 1, nil), 5101, "NODE_LOST"))
}

func TestNATSInsideTheNodes(t *testing.T) {
	t.Parallel()
	var routes []string
	for range 3 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		routes = append(routes, l.Addr().String())
		require.NoError(t, l.Close())
	}
	table := newTable()
	nodes := make([]*testNode, 3)
	var starting sync.WaitGroup
	for i, name := range []string{"a", "b", "c"} {
		o := options(t, name)
		o.NATSAddress, o.Routes, o.SQL = routes[i], routes, &sqlPlace{table: table}
		starting.Go(func() { nodes[i] = startNode(t, o) })
	}
	starting.Wait()
	for _, n := range nodes {
		require.Eventually(t, func() bool { return len(n.Nodes()) == 3 && n.Status().Places[lease.Bus].Works() },
			40*time.Second, 20*time.Millisecond)
	}
	nodes[1].Answer("name", func(context.Context, record.NodeID, json.RawMessage) (any, error) { return "b", nil })
	var got string
	require.NoError(t, nodes[0].Call(t.Context(), nodes[1].ID(), "name", nil, &got))
	require.Equal(t, "b", got)
	gone := nodes[2].ID()
	require.NoError(t, nodes[2].Close(t.Context()))
	for _, n := range nodes[:2] {
		require.Eventually(t, func() bool { return !n.Alive(gone) }, 20*time.Second, 10*time.Millisecond)
		require.True(t, n.Holds())
	}
}

func TestAnAddressThatIsTakenIsNamed(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	o := options(t, "a")
	o.SQL, o.Address, o.NATSAddress = &sqlPlace{table: newTable()}, taken.Addr().String(), "127.0.0.1:0"
	_, err = cluster.Open(t.Context(), o)
	var listen *cluster.ListenError
	require.ErrorAs(t, err, &listen)
	require.Equal(t, "cluster.address", listen.Setting)
	o.Address, o.NATSAddress, o.Routes = "127.0.0.1:0", taken.Addr().String(), []string{"127.0.0.1:1"}
	_, err = cluster.Open(t.Context(), o)
	require.ErrorAs(t, err, &listen)
	require.Equal(t, "cluster.natsAddress", listen.Setting)
}
