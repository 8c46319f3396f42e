package directory_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/directory"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/storetest"
)

var (
	nodeA = record.NodeID{Name: "a", Incarnation: "a1"}
	nodeB = record.NodeID{Name: "b", Incarnation: "b1"}
	nodeC = record.NodeID{Name: "c", Incarnation: "c1"}
)

// registry is what this node sees of the others.
type registry struct {
	mu    sync.Mutex
	self  record.NodeID
	infos map[record.NodeID]cluster.Info
}

func newRegistry(self record.NodeID, others ...record.NodeID) *registry {
	r := &registry{self: self, infos: map[record.NodeID]cluster.Info{}}
	for _, id := range append(others, self) {
		r.infos[id] = cluster.Info{ID: id, Roles: []string{"meetings", "egress"}}
	}
	return r
}

func (r *registry) ID() record.NodeID { return r.self }

func (r *registry) Nodes() []cluster.Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []cluster.Info
	for _, info := range r.infos {
		all = append(all, info)
	}
	return all
}

func (r *registry) Alive(id record.NodeID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, alive := r.infos[id]
	return alive
}

func (r *registry) lose(id record.NodeID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.infos, id)
}

func (r *registry) change(id record.NodeID, change func(*cluster.Info)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	info := r.infos[id]
	change(&info)
	r.infos[id] = info
}

// away is a database that does not answer.
type away struct{ *store.Store }

func (away) Owner(context.Context, string) (record.Owner, bool, error) {
	return record.Owner{}, false, errors.New("connection refused")
}

type env struct {
	store *store.Store
	query directory.Query
}

func newEnv(t *testing.T) *env {
	s := storetest.Open(t)
	account, err := s.CreateAccount(t.Context(), record.Account{Name: "Ann"})
	require.NoError(t, err)
	meeting, _, err := s.CreateMeeting(t.Context(), record.Meeting{
		AccountID: account.ID, Config: record.MeetingConfig{GeoFence: "eu"},
	})
	require.NoError(t, err)
	for _, id := range []record.NodeID{nodeA, nodeB, nodeC} {
		require.NoError(t, s.RenewNode(t.Context(), id, nil))
	}
	return &env{s, directory.Query{AccountID: account.ID, MeetingID: meeting.ID}}
}

func (e *env) place(t *testing.T, on record.NodeID) record.Owner {
	owner, err := e.store.PlaceMeeting(t.Context(), record.Owner{
		MeetingID: e.query.MeetingID, AccountID: e.query.AccountID, Node: on,
	})
	require.NoError(t, err)
	return owner
}

func (e *env) fence(t *testing.T, id record.NodeID) {
	leases, err := e.store.NodeLeases(t.Context())
	require.NoError(t, err)
	for _, l := range leases {
		if l.ID == id {
			done, err := e.store.FenceNode(t.Context(), id, l.Version)
			require.NoError(t, err)
			require.True(t, done)
		}
	}
}

func (e *env) directory(nodes *registry, changes ...func(*directory.Options)) *directory.Directory {
	o := directory.Options{
		Nodes: nodes, Owners: e.store, Here: func(string) bool { return false }, Wait: 2 * time.Second,
		Settle: 100 * time.Millisecond,
		Region: func(ctx context.Context, accountID, meetingID string) (string, error) {
			m, err := e.store.Meeting(ctx, accountID, meetingID)
			return m.Config.GeoFence, err
		},
	}
	for _, change := range changes {
		change(&o)
	}
	return directory.New(o)
}

func refused(t *testing.T, err error, reason string) *fault.Error {
	t.Helper()
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, reason, f.Reason, f.Detail)
	return f
}

func TestWhoIsHereIsNotLookedUp(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	d := e.directory(newRegistry(nodeA), func(o *directory.Options) {
		o.Here, o.Owners = func(string) bool { return true }, away{e.store}
	})
	owner, local, err := d.Locate(t.Context(), e.query)
	require.NoError(t, err)
	require.True(t, local)
	require.Equal(t, nodeA, owner.Node)
}

func TestOwnerIsAlive(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.place(t, nodeB)
	owner, local, err := e.directory(newRegistry(nodeA, nodeB)).Locate(t.Context(), e.query)
	require.NoError(t, err)
	require.False(t, local)
	require.Equal(t, nodeB, owner.Node)
	owner, local, err = e.directory(newRegistry(nodeB, nodeA)).Locate(t.Context(), e.query)
	require.NoError(t, err)
	require.True(t, local)
	require.Equal(t, nodeB, owner.Node)
}

func TestMeetingIsPlacedOnce(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	owner, local, err := e.directory(newRegistry(nodeA, nodeB)).Locate(t.Context(), e.query)
	require.NoError(t, err)
	require.False(t, local)
	require.Zero(t, owner.Node, "nobody asked for a place")

	e.query.Place = true
	found := make(chan record.NodeID, 8)
	for i := range cap(found) {
		d := e.directory(newRegistry([]record.NodeID{nodeA, nodeB}[i%2], nodeA, nodeB))
		go func() {
			owner, _, err := d.Locate(t.Context(), e.query)
			if err == nil {
				found <- owner.Node
			} else {
				found <- record.NodeID{}
			}
		}()
	}
	first := <-found
	require.NotZero(t, first)
	for range cap(found) - 1 {
		require.Equal(t, first, <-found)
	}
}

func TestWhereMeetingsAreNotPlaced(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*cluster.Info)
		reason string // where all nodes are so
	}{
		"draining":       {func(i *cluster.Info) { i.Draining = true }, "DRAINING"},
		"egress only":    {func(i *cluster.Info) { i.Roles = []string{"egress"} }, "NO_MEETING_NODE"},
		"another region": {func(i *cluster.Info) { i.Region = "us" }, "NO_MEETING_NODE"},
		"full":           {func(i *cluster.Info) { i.Load.Full = true }, "OVERLOADED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.query.Place = true
			nodes := newRegistry(nodeA, nodeB)
			nodes.change(nodeA, tt.change)
			nodes.change(nodeB, func(i *cluster.Info) { i.Region = "eu" })
			nodes.change(nodeB, tt.change)
			d := e.directory(nodes)
			_, _, err := d.Locate(t.Context(), e.query)
			refused(t, err, tt.reason)
			nodes.change(nodeB, func(i *cluster.Info) {
				*i = cluster.Info{ID: nodeB, Region: "eu", Roles: []string{"meetings"}}
			})
			owner, _, err := d.Locate(t.Context(), e.query)
			require.NoError(t, err)
			require.Equal(t, nodeB, owner.Node)
		})
	}
}

// A node that is lost and not known to be yet is not given a meeting: the database refuses it.
func TestPlacedOnFencedNode(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.query.Place = true
	nodes := newRegistry(nodeA, nodeB)
	nodes.change(nodeA, func(i *cluster.Info) { i.Roles = nil })
	e.fence(t, nodeB)
	time.AfterFunc(200*time.Millisecond, func() {
		nodes.lose(nodeB)
		nodes.change(nodeC, func(i *cluster.Info) { *i = cluster.Info{ID: nodeC, Roles: []string{"meetings"}} })
	})
	owner, _, err := e.directory(nodes).Locate(t.Context(), e.query)
	require.NoError(t, err)
	require.Equal(t, nodeC, owner.Node)
}

func TestOwnerIsFenced(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.place(t, nodeB)
	e.fence(t, nodeB)
	owner, local, err := e.directory(newRegistry(nodeA, nodeC)).Locate(t.Context(), e.query)
	require.NoError(t, err)
	require.True(t, local, "this node is preferred")
	require.Equal(t, nodeA, owner.Node)
	kept, found, err := e.store.Owner(t.Context(), e.query.MeetingID)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, owner, kept)
}

// Who has fenced the owner has moved its meetings: the other node is found.
func TestOwnerIsReplaced(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	old := e.place(t, nodeB)
	e.fence(t, nodeB)
	d := e.directory(newRegistry(nodeA, nodeC), func(o *directory.Options) { o.Settle = time.Hour })
	moved := make(chan error, 1)
	time.AfterFunc(200*time.Millisecond, func() {
		_, _, err := e.store.MoveMeeting(context.Background(), old, nodeC)
		moved <- err
	})
	owner, local, err := d.Locate(t.Context(), e.query)
	require.NoError(t, <-moved)
	require.NoError(t, err)
	require.False(t, local)
	require.Equal(t, nodeC, owner.Node)
}

// Who waits for another owner looks again as soon as meetings have moved, and not when its pause is over.
func TestMoved(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	old := e.place(t, nodeB)
	e.fence(t, nodeB)
	d := e.directory(newRegistry(nodeA, nodeC), func(o *directory.Options) { o.Settle = time.Hour })
	at := make(chan time.Time, 1)
	time.AfterFunc(760*time.Millisecond, func() { // looks come after 50, 150, 350, 750 and 1150 ms
		_, _, err := e.store.MoveMeeting(context.Background(), old, nodeC)
		assert.NoError(t, err)
		at <- time.Now()
		d.Moved()
	})
	owner, _, err := d.Locate(t.Context(), e.query)
	require.NoError(t, err)
	require.Equal(t, nodeC, owner.Node)
	require.Less(t, time.Since(<-at), 200*time.Millisecond)
}

// Nobody may take over from a node that is silent: it may serve still.
func TestOwnerIsSilent(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.place(t, nodeB)
	nodes := newRegistry(nodeA)
	_, _, err := e.directory(nodes, func(o *directory.Options) { o.Wait = 300 * time.Millisecond }).
		Locate(t.Context(), e.query)
	f := refused(t, err, "NODE_LOST")
	require.Equal(t, "b", f.Details["node"])
	require.Positive(t, f.RetryAfterMs)

	t.Run("until it answers", func(t *testing.T) {
		time.AfterFunc(200*time.Millisecond, func() {
			nodes.change(nodeB, func(i *cluster.Info) { i.ID = nodeB })
		})
		owner, _, err := e.directory(nodes).Locate(t.Context(), e.query)
		require.NoError(t, err)
		require.Equal(t, nodeB, owner.Node)
		nodes.lose(nodeB)
	})
	t.Run("until it is fenced", func(t *testing.T) {
		fenced := make(chan struct{})
		time.AfterFunc(200*time.Millisecond, func() {
			defer close(fenced)
			e.fence(t, nodeB)
		})
		owner, local, err := e.directory(nodes).Locate(t.Context(), e.query)
		<-fenced
		require.NoError(t, err)
		require.True(t, local)
		require.Equal(t, nodeA, owner.Node)
	})
}

// While the database is away, a ticket names the node that had the meeting.
func TestDatabaseIsAway(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.place(t, nodeB)
	nodes := newRegistry(nodeA, nodeB)
	d := e.directory(nodes, func(o *directory.Options) { o.Owners = away{e.store} })
	_, _, err := d.Locate(t.Context(), e.query)
	require.Positive(t, refused(t, err, "STORE").RetryAfterMs)

	e.query.Hint = "b"
	owner, local, err := d.Locate(t.Context(), e.query)
	require.NoError(t, err)
	require.False(t, local)
	require.Equal(t, nodeB, owner.Node)

	nodes.lose(nodeB)
	_, _, err = d.Locate(t.Context(), e.query)
	refused(t, err, "STORE")
	e.query.Hint = "a"
	_, _, err = d.Locate(t.Context(), e.query)
	refused(t, err, "STORE")

	_, err = d.Owns(t.Context(), e.query.MeetingID)
	require.Error(t, err)
}

func TestOwns(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	d := e.directory(newRegistry(nodeA, nodeB))
	for _, want := range []bool{false, true} {
		owns, err := d.Owns(t.Context(), e.query.MeetingID)
		require.NoError(t, err)
		require.Equal(t, want, owns)
		e.place(t, nodeA)
	}
	id, alive := d.Node("b")
	require.True(t, alive)
	require.Equal(t, nodeB, id)
	_, alive = d.Node("")
	require.False(t, alive)
}
