package egress

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/wire"
)

// network are nodes in one process, each with a manager and a store of its own on one Postgres. What travels between
// them is JSON, as on a link.
type network struct {
	t       *testing.T
	url     string
	account record.Account
	meeting record.Meeting

	mu    sync.Mutex // guards everything below
	nodes map[string]*testNode
	owner string // of the meeting
	down  map[string]bool
}

// testNode is a node, and the meeting on it.
type testNode struct {
	net   *network
	id    record.NodeID
	m     *Manager
	store *store.Store
	dir   string

	mu        sync.Mutex // guards everything below
	roles     bool       // takes jobs
	answers   map[string]func(context.Context, record.NodeID, json.RawMessage) (any, error)
	listeners map[string]func(record.NodeID, json.RawMessage)
	states    []string
	faults    []string
	reported  []string
	ended     []string
	watched   []job.State
}

const clusterSession = "session-1"

// newNetwork starts nodes. The meeting lives on the first.
func newNetwork(t *testing.T, s script, names ...string) *network {
	server, err := pgtest.Start()
	if err != nil {
		t.Skip("NO POSTGRES: run `make tools`: ", err)
	}
	net := &network{
		t:     t,
		url:   server.NewDatabase(t),
		nodes: map[string]*testNode{},
		owner: names[0],
		down:  map[string]bool{},
	}
	for _, name := range names {
		n := &testNode{
			net: net, id: record.NodeID{Name: name, Incarnation: name + "1"}, dir: t.TempDir(), roles: true,
			answers:   map[string]func(context.Context, record.NodeID, json.RawMessage) (any, error){},
			listeners: map[string]func(record.NodeID, json.RawMessage){},
		}
		n.store, err = store.OpenWith(t.Context(), store.Options{
			URL: net.url, SecretKey: make([]byte, store.SecretKeySize), Cluster: true,
		})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, n.store.Close()) })
		n.store.SetNode(n.ID, func() bool { return true })
		require.NoError(t, n.store.RenewNode(t.Context(), n.id, json.RawMessage("{}")))
		net.mu.Lock()
		net.nodes[name] = n
		net.mu.Unlock()
		if name == names[0] {
			net.account, err = n.store.CreateAccount(t.Context(), record.Account{Name: "Ann"})
			require.NoError(t, err)
			net.meeting = net.newMeeting(clusterSession)
		}
		argument, err := json.Marshal(s)
		require.NoError(t, err)
		self, err := os.Executable()
		require.NoError(t, err)
		n.m, err = New(Options{
			Store: n.store, Meetings: n, Watcher: n, Nodes: n, Logger: slog.New(slog.DiscardHandler), Dir: n.dir,
			TicketKey: []byte("of the cluster"), PublicURL: "https://meet.example.com",
			Report:  func(_ context.Context, f *fault.Error) { n.note(&n.reported, f.Reason) },
			MinFree: 1, Command: []string{self, scriptArgument, string(argument)},
		})
		require.NoError(t, err)
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			require.NoError(t, n.m.Close(ctx))
		})
	}
	return net
}

// newMeeting makes a meeting with a session that runs.
func (net *network) newMeeting(session string) record.Meeting {
	s := net.nodes[net.owner].store
	meeting, _, err := s.CreateMeeting(net.t.Context(), record.Meeting{AccountID: net.account.ID})
	require.NoError(net.t, err)
	_, err = s.PlaceMeeting(net.t.Context(), record.Owner{
		MeetingID: meeting.ID, AccountID: net.account.ID, Node: net.nodes[net.owner].id,
	})
	require.NoError(net.t, err)
	require.NoError(net.t, s.SessionStarted(net.t.Context(), record.NewSession{
		ID: session, AccountID: net.account.ID, MeetingID: meeting.ID, StartedAt: time.Now(),
	}))
	return meeting
}

func (net *network) request(kind job.Kind) job.Request {
	q := job.Request{
		Kind: kind, Method: "start", AccountID: net.account.ID, MeetingID: net.meeting.ID,
		By: job.By{ParticipantID: "ann", Name: "Ann Lee"},
	}
	if kind == job.Livestream {
		q.Outputs = []job.Output{{URL: "rtmp://live.example.com/app", StreamKey: "planted-stream-key"}}
	}
	return q
}

// lose cuts a node off from the others, which fence it, and ends its workers as its own end does.
func (net *network) lose(name string) {
	net.mu.Lock()
	net.down[name] = true
	lost := net.nodes[name]
	net.mu.Unlock()
	require.NoError(net.t, lost.m.Abandon(net.t.Context()))
	for _, n := range net.nodes {
		if n == lost {
			continue
		}
		leases, err := n.store.NodeLeases(net.t.Context())
		require.NoError(net.t, err)
		i := slices.IndexFunc(leases, func(l record.NodeLease) bool { return l.ID == lost.id })
		fenced, err := n.store.FenceNode(net.t.Context(), lost.id, int64(leases[i].Version))
		require.NoError(net.t, err)
		require.True(net.t, fenced)
		require.NoError(net.t, n.m.EndLost(net.t.Context()))
		require.NoError(net.t, n.m.EndLost(net.t.Context()), "once")
		return
	}
}

// moveMeeting has another node own the meeting.
func (net *network) moveMeeting(to string) {
	net.mu.Lock()
	defer net.mu.Unlock()
	net.owner = to
}

func (net *network) reach(from, to record.NodeID) (*testNode, error) {
	net.mu.Lock()
	defer net.mu.Unlock()
	n := net.nodes[to.Name]
	if n == nil || n.id != to || net.down[to.Name] || net.down[from.Name] {
		return nil, fault.ServerUnavailableNodeLost(to.Name)
	}
	return n, nil
}

func (n *testNode) ID() record.NodeID { return n.id }

func (n *testNode) Alive(id record.NodeID) bool {
	_, err := n.net.reach(n.id, id)
	return err == nil
}

func (n *testNode) Owner(_ context.Context, meetingID string) (record.NodeID, bool, error) {
	n.net.mu.Lock()
	defer n.net.mu.Unlock()
	return n.net.nodes[n.net.owner].id, true, nil
}

func (n *testNode) Runners(_ string, not record.NodeID) (all []record.NodeID) {
	n.net.mu.Lock()
	defer n.net.mu.Unlock()
	for _, other := range n.net.nodes {
		if other.roles {
			all = append(all, other.id)
		}
	}
	slices.SortFunc(all, func(a, b record.NodeID) int {
		switch {
		case a == not:
			return 1
		case b == not, a.Name < b.Name:
			return -1
		}
		return 1
	})
	return all
}

func (n *testNode) Counts() (running, draining int) { return len(n.net.nodes), 0 }

func (n *testNode) Call(ctx context.Context, to record.NodeID, topic string, args, result any) error {
	other, err := n.net.reach(n.id, to)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	answered, err := other.answers[topic](ctx, n.id, raw)
	if err != nil {
		var traveled fault.Error
		raw, _ := json.Marshal(fault.From(err))
		_ = json.Unmarshal(raw, &traveled)
		return &traveled
	}
	if raw, err = json.Marshal(answered); err != nil {
		return err
	}
	return json.Unmarshal(raw, result)
}

func (n *testNode) Answer(topic string, f func(context.Context, record.NodeID, json.RawMessage) (any, error)) {
	n.answers[topic] = f
}

func (n *testNode) On(topic string, f func(record.NodeID, json.RawMessage)) { n.listeners[topic] = f }

func (n *testNode) Broadcast(topic string, v any) error {
	raw, err := json.Marshal(v)
	for _, other := range n.net.nodes {
		if _, down := n.net.reach(n.id, other.id); other != n && down == nil {
			other.listeners[topic](n.id, raw)
		}
	}
	return err
}

func (n *testNode) note(list *[]string, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	*list = append(*list, text)
}

func (n *testNode) noted(list *[]string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(*list)
}

func (n *testNode) RunningSession(_ context.Context, _, meetingID, sessionID string) (string, []string, error) {
	n.net.mu.Lock()
	defer n.net.mu.Unlock()
	if n.net.owner != n.id.Name {
		return "", nil, nil
	}
	if meetingID != n.net.meeting.ID {
		return "session-2", []string{"ann"}, nil
	}
	return clusterSession, []string{"ann", "bob"}, nil
}

func (n *testNode) EgressChanged(_ context.Context, _ string, state wire.Event) {
	raw, _ := json.Marshal(state)
	var s struct{ Status string }
	_ = json.Unmarshal(raw, &s)
	n.note(&n.states, s.Status)
}

func (n *testNode) EgressFault(_ context.Context, _ string, f *fault.Error, _ job.Audience) {
	n.note(&n.faults, f.Reason)
}

func (n *testNode) EgressFaultCleared(context.Context, string, record.Cleared, job.Audience) {}

func (n *testNode) EndFailed(_ context.Context, _, _, _ string, f *fault.Error) {
	n.note(&n.ended, f.Reason)
}

func (n *testNode) JobChanged(_ context.Context, j record.Job) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.watched = append(n.watched, j.State)
}

func eventually(t *testing.T, f func() bool, what string) {
	t.Helper()
	require.Eventually(t, f, 15*time.Second, 10*time.Millisecond, what)
}

// A job runs on another node than its meeting, which is told of it wherever it lives at the time.
func TestJobOnAnotherNode(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true, Writes: 100}, "a", "b")
	a, b := net.nodes["a"], net.nodes["b"]
	j, err := a.m.Start(t.Context(), net.request(job.Recording))
	require.NoError(t, err)
	require.Equal(t, b.id, j.Node)
	require.Equal(t, 0, a.m.Count())
	require.Equal(t, 1, b.m.Count())
	node, ok, err := a.m.JobNode(t.Context(), j.ID)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, b.id, node)
	eventually(t, func() bool {
		return slices.Equal(a.noted(&a.states), []string{"RECORDING_STARTING", "RECORDING_STARTED"})
	}, "the meeting is not told")

	f := refused(t, "4011.ALREADY_RUNNING", errOf(a.m.Start(t.Context(), net.request(job.Recording))))
	require.Equal(t, net.meeting.ID, f.MeetingID)
	refused(t, "4011.ALREADY_RUNNING", errOf(b.m.Start(t.Context(), net.request(job.Recording))))

	net.mu.Lock()
	net.down["a"] = true // the node of the meeting is lost, and the other one goes on with it
	net.mu.Unlock()
	net.moveMeeting("b")
	eventually(t, func() bool { return slices.Contains(b.noted(&b.states), "RECORDING_STARTED") },
		"the node that goes on with the meeting does not learn that a recording runs")
	_, err = b.m.Stop(t.Context(), job.StopRequest{
		Kind: job.Recording, AccountID: net.account.ID, MeetingID: net.meeting.ID,
	})
	require.NoError(t, err)
	eventually(t, func() bool { return slices.Contains(b.noted(&b.states), "RECORDING_STOPPED") }, "it does not stop")
}

// A call to stop and the end of a session reach jobs on other nodes.
func TestStopOnAnotherNode(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true, Obeys: true}, "a", "b")
	a, b := net.nodes["a"], net.nodes["b"]
	stop := job.StopRequest{Kind: job.Livestream, AccountID: net.account.ID, MeetingID: net.meeting.ID}
	refused(t, "4014.NOT_RUNNING", errOf(a.m.Stop(t.Context(), stop)))
	for _, end := range []func(){
		func() {
			_, err := a.m.Stop(t.Context(), stop)
			require.NoError(t, err)
		},
		func() { a.m.SessionEnded(clusterSession) },
	} {
		j, err := a.m.Start(t.Context(), net.request(job.Livestream))
		require.NoError(t, err)
		require.Equal(t, b.id, j.Node)
		end()
		eventually(t, func() bool { return b.m.Count() == 0 }, "it does not stop")
	}
	refused(t, "4014.NOT_RUNNING", errOf(a.m.Stop(t.Context(), stop)))
}

// A node that does not answer is passed over, and where none takes jobs that is said.
func TestNodesThatTakeNoJobs(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true}, "a", "b")
	a := net.nodes["a"]
	net.mu.Lock()
	net.down["b"] = true
	net.mu.Unlock()
	j, err := a.m.Start(t.Context(), net.request(job.Recording))
	require.NoError(t, err)
	require.Equal(t, a.id, j.Node)
	net.mu.Lock()
	net.nodes["a"].roles, net.nodes["b"].roles = false, false
	net.mu.Unlock()
	f := refused(t, "5101.NO_EGRESS_NODE", errOf(a.m.Start(t.Context(), net.request(job.HLS))))
	require.Contains(t, f.Remedy, "cluster.roles")
}

// A node that is asked for a job while it drains is no reason to refuse it where another takes jobs.
func TestStartBesideANodeThatDrains(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true, Writes: 100}, "a", "b", "c")
	net.nodes["b"].m.Drain(t.Context()) // the others have not heard of it
	j, err := net.nodes["a"].m.Start(t.Context(), net.request(job.Recording))
	require.NoError(t, err)
	require.Equal(t, net.nodes["c"].id, j.Node)
	for _, n := range net.nodes {
		require.Empty(t, n.noted(&n.faults))
	}

	net.mu.Lock()
	net.nodes["c"].roles = false
	net.mu.Unlock()
	net.nodes["a"].m.Drain(t.Context())
	refused(t, "5101.DRAINING", errOf(net.nodes["a"].m.Start(t.Context(), net.request(job.HLS))))
}

// Limits of an account hold over all nodes, also when starts come at the same moment.
func TestLimitsOverAllNodes(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true}, "a", "b")
	a, b := net.nodes["a"], net.nodes["b"]
	_, err := a.store.UpdateAccount(t.Context(), net.account.ID, func(to *record.Account) { to.Limits.Recordings = 1 })
	require.NoError(t, err)
	other := net.request(job.Recording)
	other.MeetingID = net.newMeeting("session-2").ID
	errs := make(chan error, 2)
	go func() {
		errs <- errOf(a.m.startHere(t.Context(), startOrder{Request: net.request(job.Recording), JobID: "one"}))
	}()
	go func() { errs <- errOf(b.m.startHere(t.Context(), startOrder{Request: other, JobID: "two"})) }()
	first, second := <-errs, <-errs
	if first == nil {
		first = second
	} else {
		require.NoError(t, second)
	}
	refused(t, "4028.LIMIT", first)
}

// The jobs of a node that is lost end once, and start again elsewhere where that was asked for.
func TestNodeLost(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true, Writes: 100}, "a", "b")
	a, b := net.nodes["a"], net.nodes["b"]
	q := net.request(job.Livestream)
	q.OnFailure = job.RestartOnFailure
	j, err := a.m.Start(t.Context(), q)
	require.NoError(t, err)
	require.Equal(t, b.id, j.Node)
	eventually(t, func() bool { return len(a.noted(&a.states)) == 2 }, "the meeting is not told")
	net.lose("b")
	ended, err := a.store.Job(t.Context(), net.account.ID, j.ID)
	require.NoError(t, err)
	require.Equal(t, job.Failed, ended.State)
	refused(t, "5002.NODE_LOST", ended.Fault)
	require.Equal(t, []string{"NODE_LOST"}, a.noted(&a.reported))
	require.Equal(t, []job.State{job.Failed}, a.watched[:1])
	eventually(t, func() bool { return a.m.Count() == 1 }, "it does not start again")
	require.Equal(t, []string{"NODE_LOST"}, a.noted(&a.faults))
	eventually(t, func() bool { return len(a.noted(&a.states)) == 5 }, "the meeting is not told")
	require.Equal(t, []string{"LIVESTREAM_STOPPED", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED"}, a.noted(&a.states)[2:])
	require.Empty(t, b.noted(&b.reported), "the node that was lost says nothing")
	again, err := a.openJobs(t.Context(), net)
	require.NoError(t, err)
	require.Len(t, again, 1)
	require.Equal(t, a.id, again[0].Node)
}

func (n *testNode) openJobs(ctx context.Context, net *network) ([]record.Job, error) {
	return n.m.openJobs(ctx, job.StopRequest{Kind: job.Livestream, AccountID: net.account.ID, MeetingID: net.meeting.ID})
}

// A ticket is used up where the job runs, and holds once for the node to which that one relays the join.
func TestTicketsOfNodes(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true}, "a", "b")
	a, b := net.nodes["a"], net.nodes["b"]
	_, err := a.m.Start(t.Context(), net.request(job.Recording))
	require.NoError(t, err)
	ticket, err := b.m.runsWhere(func(*run) bool { return true })[0].newTicket()
	require.NoError(t, err)
	here := record.NodeID{}
	_, ok := a.m.Admit(ticket, here)
	require.False(t, ok, "a socket that came to the wrong node")
	_, ok = a.m.Admit(ticket, record.NodeID{Name: "c", Incarnation: "c1"})
	require.False(t, ok, "the wrong node has relayed it")
	to, ok := b.m.Admit(ticket, here)
	require.True(t, ok)
	relayed, ok := a.m.Admit(ticket, b.id)
	require.True(t, ok)
	require.Equal(t, to, relayed)
	_, ok = b.m.Admit(ticket, here)
	require.False(t, ok, "once")
}

// What an earlier run of a node has left is ended at its start, with the files that are on its disk.
func TestRecoverOfNode(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true, Writes: 100}, "a")
	a := net.nodes["a"]
	q := net.request(job.Recording)
	q.SessionID = clusterSession
	j := newJob(normalized(q), "left", record.NodeID{Name: "a", Incarnation: "a0"})
	j.State, j.StartedAt = job.Started, now()
	require.NoError(t, a.store.CreateJob(t.Context(), j))
	require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(a.dir, j.Path)), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(a.dir, j.Path), []byte("content"), 0o600))
	left, err := a.m.Recover(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, left)
	ended, err := a.store.Job(t.Context(), net.account.ID, j.ID)
	require.NoError(t, err)
	refused(t, "5001.NODE_LOST", ended.Fault)
	require.Len(t, ended.Files, 1)
	left, err = a.m.Recover(t.Context())
	require.NoError(t, err)
	require.Zero(t, left)
}

// drained has a node take no jobs, as one that is drained, and moves those that it has.
func (net *network) drained(n *testNode) {
	net.mu.Lock()
	n.roles = false
	net.mu.Unlock()
	n.m.MoveJobs(net.t.Context())
}

// A node that is drained has another one go on with a recording, under the limits of the account and to the end of the
// longest duration; the meeting hears of one recording that runs.
func TestJobsOfADrainedNodeMove(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true, Writes: 100}, "a", "b", "c")
	a, b, c := net.nodes["a"], net.nodes["b"], net.nodes["c"]
	_, err := a.store.UpdateAccount(t.Context(), net.account.ID, func(to *record.Account) { to.Limits.Recordings = 1 })
	require.NoError(t, err)
	first, err := a.m.Start(t.Context(), net.request(job.Recording))
	require.NoError(t, err)
	require.Equal(t, b.id, first.Node)
	net.drained(b)
	eventually(t, func() bool { return b.m.Count() == 0 }, "it stays")
	require.Equal(t, 0, a.m.Count())
	require.Equal(t, 1, c.m.Count())
	ended, err := a.store.Job(t.Context(), net.account.ID, first.ID)
	require.NoError(t, err)
	require.Equal(t, job.Stopped, ended.State)
	require.Nil(t, ended.Fault)
	require.Len(t, ended.Files, 1)
	require.NotContains(t, a.noted(&a.states), "RECORDING_STOPPED")
	require.Empty(t, a.noted(&a.faults))
	next := c.m.runsWhere(func(*run) bool { return true })[0]
	require.Equal(t, first.StartedAt, next.since.UTC())
	require.Less(t, next.remaining(), 2*time.Hour)

	net.mu.Lock()
	b.roles = true
	net.mu.Unlock()
	net.drained(c) // it moves once more
	eventually(t, func() bool { return c.m.Count() == 0 }, "it stays")
	require.Equal(t, first.StartedAt, b.m.runsWhere(func(*run) bool { return true })[0].since.UTC())
	_, err = a.m.Stop(t.Context(), job.StopRequest{
		Kind: job.Recording, AccountID: net.account.ID, MeetingID: net.meeting.ID,
	})
	require.NoError(t, err)
	eventually(t, func() bool { return slices.Contains(a.noted(&a.states), "RECORDING_STOPPED") }, "it does not stop")
	eventually(t, func() bool { return b.m.Count() == 0 }, "it does not stop")
}

// The successor of a livestream is ready before the livestream stops, and publishes after that.
func TestALivestreamOfADrainedNodeMoves(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true, Obeys: true, Slow: 300 * time.Millisecond}, "a", "b", "c")
	a, b, c := net.nodes["a"], net.nodes["b"], net.nodes["c"]
	first, err := a.m.Start(t.Context(), net.request(job.Livestream))
	require.NoError(t, err)
	require.Equal(t, b.id, first.Node)
	net.drained(b)
	eventually(t, func() bool { return b.m.Count() == 0 }, "it stays")
	var next record.Job
	eventually(t, func() bool {
		next = c.m.runsWhere(func(*run) bool { return true })[0].record()
		return next.State == job.Started
	}, "its successor does not publish")
	ended, err := a.store.Job(t.Context(), net.account.ID, first.ID)
	require.NoError(t, err)
	require.Equal(t, job.Stopped, ended.State)
	require.False(t, next.StartedAt.Before(ended.StoppedAt.Add(300*time.Millisecond)), "both publish at once")
	require.Less(t, next.StartedAt.Sub(ended.StoppedAt), holdLimit/2, "nobody told it to")
	eventually(t, func() bool { return slices.Contains(a.noted(&a.states), "LIVESTREAM_STARTED") }, "nobody knows")
	require.Empty(t, a.noted(&a.faults))
}

// A job stays where no other node takes it, and is listed with the reason; nobody in the meeting is told. One that is
// stopped while it moves does not go on elsewhere.
func TestJobsThatCannotMove(t *testing.T) {
	t.Parallel()
	net := newNetwork(t, script{Starts: true, Writes: 100}, "a", "b")
	a, b := net.nodes["a"], net.nodes["b"]
	first, err := a.m.Start(t.Context(), net.request(job.Recording))
	require.NoError(t, err)
	net.mu.Lock()
	a.roles = false
	net.mu.Unlock()
	net.drained(b)
	left := b.m.Left()
	require.Len(t, left, 1)
	require.Equal(t, first.ID, left[0].Job.ID)
	require.Equal(t, job.Started, left[0].Job.State)
	require.Contains(t, left[0].Problem, "egress")
	require.Empty(t, a.noted(&a.faults))

	r := b.m.runsWhere(func(*run) bool { return true })[0]
	net.mu.Lock()
	a.roles = true
	net.mu.Unlock()
	_, err = b.m.stopHere(t.Context(), job.StopRequest{
		Kind: job.Recording, AccountID: net.account.ID, MeetingID: net.meeting.ID,
	})
	require.NoError(t, err)
	b.m.moveOrStay(t.Context(), r)
	eventually(t, func() bool { return a.m.Count()+b.m.Count() == 0 }, "one of both goes on")
}
