package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/directory"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/wire"
)

// peers are servers that share a database and know who of them is alive.
type peers struct {
	t   *testing.T
	url string

	mu   sync.Mutex // guards all
	all  map[record.NodeID]*peer
	dead map[record.NodeID]bool
	full map[string]bool // draining, by name
}

// peer is a server with meetings, and media that forwards nothing.
type peer struct {
	*takeover
	peers *peers
	id    record.NodeID

	mu        sync.Mutex // guards everything below
	listeners map[string]*told
}

// told is what a participant heard.
type told struct {
	p     *meeting.Participant
	moved chan *fault.Error
}

func (l *told) Notify(wire.Event)                     {}
func (l *told) Closed(wire.LeaveReason, *fault.Error) {}
func (l *told) Moved(f *fault.Error)                  { l.moved <- f }

// noMedia takes everybody and forwards nothing.
type noMedia struct{ meeting.Media }

func (noMedia) Attach(context.Context, wire.Peer) error { return nil }
func (noMedia) Detach(wire.Peer)                        {}
func (noMedia) Subscribe(wire.Peer, []wire.StreamRef)   {}
func (noMedia) Pin(wire.Peer, wire.PinState)            {}
func (p *peer) ID() record.NodeID                       { return p.id }
func (p *peer) Alive(id record.NodeID) bool             { return p.peers.alive(id) }
func (p *peer) Nodes() []cluster.Info                   { return p.peers.infos() }

func (p *peer) Call(ctx context.Context, to record.NodeID, topic string, args, _ any) error {
	require.Equal(p.peers.t, topicRestore, topic)
	raw, err := json.Marshal(args)
	require.NoError(p.peers.t, err)
	p.peers.mu.Lock()
	other := p.peers.all[to]
	p.peers.mu.Unlock()
	_, err = other.answerRestore(ctx, p.id, raw)
	return err
}

func (s *peers) alive(id record.NodeID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[id] != nil && !s.dead[id]
}

func (s *peers) infos() []cluster.Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	var infos []cluster.Info
	for id := range s.all {
		if !s.dead[id] {
			infos = append(infos, cluster.Info{
				ID: id, Version: "1.0.0", Roles: []string{directory.RoleMeetings}, Draining: s.full[id.Name],
			})
		}
	}
	slices.SortFunc(infos, func(a, b cluster.Info) int { return len(a.ID.Name) - len(b.ID.Name) })
	return infos
}

func (s *peers) add(name, incarnation string) *peer {
	s.t.Helper()
	kept, err := store.OpenWith(s.t.Context(), store.Options{
		URL: s.url, SecretKey: make([]byte, store.SecretKeySize), Cluster: true,
	})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = kept.Close() })
	p := &peer{
		peers: s, id: record.NodeID{Name: name, Incarnation: incarnation}, listeners: map[string]*told{},
	}
	kept.SetNode(func() record.NodeID { return p.id }, func() bool { return true })
	require.NoError(s.t, kept.RenewNode(s.t.Context(), p.id, nil))
	report := func(context.Context, *fault.Error) {}
	p.takeover = newTakeover(p, kept, &sync.Map{}, "1.0.0", slog.New(slog.DiscardHandler), report)
	p.takeover.meetings = meeting.New(meeting.Options{
		Records: kept, Report: report, Owners: p.takeover, Listener: func(q *meeting.Participant) meeting.Listener {
			l := &told{q, make(chan *fault.Error, 1)}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.listeners[q.MeetingID()+" "+q.ID()] = l
			return l
		},
	})
	p.meetings.SetMedia(noMedia{})
	s.mu.Lock()
	s.all[p.id] = p
	s.mu.Unlock()
	s.t.Cleanup(func() { _ = p.meetings.Close(context.Background(), fault.ServerShutdownStopped(0)) })
	return p
}

// dies makes a server one whose lease is fenced, and that has noticed.
func (s *peers) dies(p *peer) {
	s.t.Helper()
	s.mu.Lock()
	s.dead[p.id] = true
	s.mu.Unlock()
	leases, err := p.store.NodeLeases(s.t.Context())
	require.NoError(s.t, err)
	i := slices.IndexFunc(leases, func(l record.NodeLease) bool { return l.ID == p.id })
	done, err := p.store.FenceNode(s.t.Context(), p.id, leases[i].Version)
	require.NoError(s.t, err)
	require.True(s.t, done)
	p.lost()
}

func (p *peer) join(accountID, meetingID, id string) (*told, error) {
	l := &told{nil, make(chan *fault.Error, 1)}
	joined, _, err := p.meetings.Join(p.peers.t.Context(), meeting.JoinRequest{
		AccountID: accountID, APIKey: "key", MeetingID: meetingID, ParticipantID: id, Mode: wire.SendAndRecv,
		MayJoin: true, MayModerate: true,
	}, l)
	l.p = joined
	return l, err
}

func (p *peer) owns(t *testing.T) []string {
	t.Helper()
	owned, err := p.store.OwnedBy(t.Context(), p.id)
	require.NoError(t, err)
	var ids []string
	for _, o := range owned {
		ids = append(ids, o.MeetingID)
	}
	slices.Sort(ids)
	return ids
}

// presentIn returns who is in a meeting here.
func (p *peer) presentIn(t *testing.T, accountID, meetingID string) (sessionID string, ids []string) {
	t.Helper()
	live, people, err := p.meetings.Present(t.Context(), accountID, meetingID, "")
	require.NoError(t, err)
	for _, one := range people {
		ids = append(ids, one.ID)
	}
	return live.SessionID, ids
}

func TestMeetingsFollowTheirOwner(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	postgres, err := pgtest.Start()
	if errors.Is(err, pgtest.ErrMissing) {
		t.Skip("Postgres is not installed")
	}
	require.NoError(t, err)
	s := &peers{
		t: t, url: postgres.NewDatabase(t), all: map[record.NodeID]*peer{}, dead: map[record.NodeID]bool{},
		full: map[string]bool{},
	}
	a := s.add("a", "a1")
	require.False(t, a.canDrain(), "it is alone")
	account, err := a.store.CreateAccount(ctx, record.Account{Name: "Ann"})
	require.NoError(t, err)
	var meetings []string
	for range 5 {
		m, _, err := a.store.CreateMeeting(ctx, record.Meeting{AccountID: account.ID})
		require.NoError(t, err)
		meetings = append(meetings, m.ID)
	}
	slices.Sort(meetings)
	here := map[string]*told{}
	sessions := map[string]string{}
	for _, id := range meetings {
		for _, who := range []string{"ann", "bob"} {
			here[id+" "+who], err = a.join(account.ID, id, who)
			require.NoError(t, err)
		}
		sessions[id] = here[id+" ann"].p.SessionID()
	}
	require.Equal(t, meetings, a.owns(t))

	// A drain moves them; a meeting lives in one place.
	b := s.add("b", "b1")
	s.full["a"] = true
	require.True(t, a.canDrain())
	draining, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	moved, all := a.drain(draining)
	require.Equal(t, []int{5, 5}, []int{moved, all})
	require.Empty(t, a.owns(t))
	require.Equal(t, meetings, b.owns(t))
	for _, l := range here {
		require.Equal(t, "MOVING", (<-l.moved).Reason)
	}
	for _, id := range meetings {
		session, ids := b.presentIn(t, account.ID, id)
		require.Equal(t, sessions[id], session)
		require.Equal(t, []string{"ann", "bob"}, ids)
	}
	_, err = a.join(account.ID, meetings[0], "cat")
	require.Equal(t, "MOVING", fault.From(err).Reason)

	// An operator drains b, which goes on running, takes that back, and drains a.
	mark := func(name string, draining bool) func() {
		return func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.full[name] = draining
		}
	}
	drainers := map[string]*drainer{}
	for _, p := range []*peer{a, b} {
		drainers[p.id.Name] = &drainer{
			takeover: p.takeover, mark: mark(p.id.Name, true), unmark: mark(p.id.Name, false),
			jobs: noJobs{},
		}
	}
	state, err := drainers["b"].Drain()
	require.NoError(t, err)
	is := func(state, want rest.Drain) bool {
		state.ForMs, want.Waiting = 0, []rest.DrainJob{}
		return reflect.DeepEqual(want, state)
	}
	require.True(t, is(state, rest.Drain{Node: "b", State: "draining", Meetings: 5}), "%v", state)
	require.Eventually(t, func() bool {
		state, err := drainers["b"].State()
		return err == nil &&
			is(state, rest.Drain{Node: "b", State: "draining", Meetings: 5, Problem: errNoNode.Error()})
	}, 10*time.Second, 20*time.Millisecond)
	require.Equal(t, meetings, b.owns(t), "no other node takes them")
	drained := func(name string) func() bool {
		return func() bool {
			state, err := drainers[name].Drain() // it may be called again
			return err == nil && is(state, rest.Drain{Node: name, State: "drained"})
		}
	}
	mark("a", false)()
	require.Eventually(t, drained("b"), 10*time.Second, 20*time.Millisecond)
	require.Equal(t, meetings, a.owns(t))
	require.Empty(t, b.owns(t))
	session, ids := a.presentIn(t, account.ID, meetings[0])
	require.Equal(t, sessions[meetings[0]], session)
	require.Equal(t, []string{"ann", "bob"}, ids)
	for range 2 {
		state, err = drainers["b"].Undrain()
		require.NoError(t, err)
		require.Equal(t, rest.Drain{Node: "b", State: "serving", Waiting: []rest.DrainJob{}}, state)
	}
	_, err = drainers["a"].Drain()
	require.NoError(t, err)
	require.Eventually(t, drained("a"), 10*time.Second, 20*time.Millisecond)
	require.Equal(t, meetings, b.owns(t))
	drainers["a"].close(ctx)
	_, err = drainers["a"].Undrain()
	require.Equal(t, "DRAINING", fault.From(err).Reason, "the server stops")

	// The node is lost; who fenced it gives its meetings to those that are alive.
	s.full["a"] = false
	s.dies(b)
	for _, l := range b.listeners {
		require.Equal(t, "NODE_LOST", (<-l.moved).Reason)
	}
	_, err = a.join(account.ID, meetings[0], "cat")
	require.Equal(t, "NODE_LOST", fault.From(err).Reason, "nobody has taken it yet")
	c := s.add("c", "c1")
	a.takeOver(ctx, b.id)
	require.Empty(t, b.owns(t))
	require.ElementsMatch(t, meetings, append(a.owns(t), c.owns(t)...))
	for _, owner := range []*peer{a, c} {
		for _, id := range owner.owns(t) {
			session, ids := owner.presentIn(t, account.ID, id)
			require.Equal(t, sessions[id], session)
			require.Equal(t, []string{"ann", "bob"}, ids)
		}
	}

	// The one who took it is lost before anybody has come back, and nobody is told of it: the sweep finds the rest.
	s.dies(c)
	require.NoError(t, a.sweep(ctx))
	require.NoError(t, a.sweep(ctx))
	require.Equal(t, meetings, a.owns(t))

	// A meeting whose join never came is released, and so is one that everybody has left.
	late, _, err := a.store.CreateMeeting(ctx, record.Meeting{AccountID: account.ID})
	require.NoError(t, err)
	_, err = a.store.PlaceMeeting(ctx, record.Owner{MeetingID: late.ID, AccountID: account.ID, Node: a.id})
	require.NoError(t, err)
	require.NoError(t, a.sweep(ctx))
	require.Equal(t, meetings, a.owns(t))
	for _, l := range a.listeners {
		l.p.Disconnected()
	}
	require.Eventually(t, func() bool { return len(a.owns(t)) == 0 }, 5*time.Second, 20*time.Millisecond)
	for _, id := range meetings {
		open, err := a.store.OpenSession(ctx, id)
		require.NoError(t, err)
		require.Nil(t, open)
	}
}

// noJobs are those of a node that has none.
type noJobs struct{}

func (noJobs) MoveJobs(context.Context) {}
func (noJobs) Left() []egress.Left      { return nil }
