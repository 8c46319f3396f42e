package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// memoryOwners says which of several servers with the same records a meeting lives on.
type memoryOwners struct {
	records *memoryRecords

	mu      sync.Mutex // guards everything below
	owner   map[string]string
	opens   int
	opening func(context.Context) error // runs in Open, without mu
}

// ownersOf are the Owners of one server.
type ownersOf struct {
	*memoryOwners
	server string
}

func (o ownersOf) Open(ctx context.Context, accountID, meetingID string) (*record.OpenSession, error) {
	o.mu.Lock()
	o.opens++
	opening := o.opening
	if o.owner[meetingID] == "" && accountID != "" {
		o.owner[meetingID] = o.server
	}
	here := o.owner[meetingID] == o.server || o.owner[meetingID] == ""
	o.mu.Unlock()
	if opening != nil {
		if err := opening(ctx); err != nil {
			return nil, err
		}
	}
	if !here {
		return nil, fault.ServerShutdownMoving()
	}
	return o.records.open(meetingID), nil
}

func (o ownersOf) Closed(meetingID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.owner[meetingID] == o.server {
		delete(o.owner, meetingID)
	}
}

func (o *memoryOwners) give(meetingID, to string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.owner[meetingID] = to
}

func (o *memoryOwners) of(meetingID string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.owner[meetingID]
}

// server is a scenario whose server goes on with sessions of others that have the same records.
type server struct {
	*scenario
	name   string
	owners *memoryOwners

	restoredMu sync.Mutex
	restored   map[string]*client // who was in a session and is not connected yet
}

func newServer(t tester, name string, owners *memoryOwners, opts Options) *server {
	s := &server{name: name, owners: owners, restored: map[string]*client{}}
	opts.Owners = ownersOf{owners, name}
	opts.Listener = func(p *Participant) Listener {
		a := &client{s: s.scenario, name: p.ID(), req: p.req, p: p}
		s.restoredMu.Lock()
		defer s.restoredMu.Unlock()
		s.restored[p.ID()] = a
		return a
	}
	s.scenario = newScenario(t, opts)
	if owners.records == nil {
		owners.records = s.records
	}
	s.records = owners.records
	s.m.opts.Records = owners.records
	return s
}

// runOwners runs a script with two servers that have the same records.
func runOwners(t *testing.T, opts Options, script func(a, b *server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		owners := &memoryOwners{owner: map[string]string{}}
		a, b := newServer(t, "a", owners, opts), newServer(t, "b", owners, opts)
		defer func() {
			if t.Failed() {
				_ = a.m.Close(context.Background(), fault.ServerShutdownStopped(0))
				_ = b.m.Close(context.Background(), fault.ServerShutdownStopped(0))
			}
		}()
		script(a, b)
		a.end()
		b.end()
		require.Empty(t, owners.owner, "no meeting is left with an owner")
	})
}

// moves gives the meeting to another server, which goes on with it.
func (s *server) moves(to *server) {
	s.t.Helper()
	require.NoError(s.t, s.m.Move(s.ctx(), hall, func(context.Context) error {
		s.owners.give(hall, to.name)
		return nil
	}))
	require.NoError(s.t, to.m.Restore(to.ctx(), hall))
	to.wait()
}

// isLost makes the server lose its leases, and another one go on with the meeting.
func (s *server) isLost(to *server) {
	s.t.Helper()
	s.m.Abandon(fault.ServerUnavailableNodeLost(s.name))
	s.owners.give(hall, to.name)
	require.NoError(s.t, to.m.Restore(to.ctx(), hall))
	to.wait()
}

// back is somebody who resumes at this server.
func (s *server) back(name string) *client {
	s.t.Helper()
	a := s.restored[name]
	require.NotNil(s.t, a, "%s was restored", name)
	require.NoError(s.t, a.p.Reenter(s.ctx(), func(w wire.Welcome) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.events = nil
		a.view.welcome(w)
		a.result.Welcome = &w
	}))
	s.wait()
	return a
}

// expectMoved checks that somebody was told that its place goes on elsewhere, and nothing else.
func (a *client) expectMoved(want string) {
	a.s.t.Helper()
	a.s.wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	require.Equal(a.s.t, 1, a.closes, a.name)
	require.Nil(a.s.t, a.fault, a.name)
	require.Equal(a.s.t, want, key(a.moved), a.name)
	require.False(a.s.t, a.moved.Fatal)
	require.Equal(a.s.t, fault.Retry, a.moved.OnResume())
	require.Equal(a.s.t, []string{hall, a.name}, []string{a.moved.MeetingID, a.moved.ParticipantID})
}

// facts are what a room knows that outlives its server.
type facts struct {
	Welcomes map[string]wire.Welcome
	Values   map[string]storedValue
	History  []storedMessage
	Removed  []string
	Answers  []entryAnswer
	CloseAt  time.Time
	Auto     AutoClose
	Requests map[string]JoinRequest
	Usage    map[string]map[wire.Mode]int
}

func (s *scenario) facts(meetingID string) facts {
	s.t.Helper()
	f := facts{
		Welcomes: map[string]wire.Welcome{}, Requests: map[string]JoinRequest{}, Values: map[string]storedValue{},
		Usage: map[string]map[wire.Mode]int{},
	}
	r := s.m.roomOfMeeting(meetingID)
	require.NotNil(s.t, r)
	require.NoError(s.t, r.do(s.ctx(), func() {
		for _, p := range r.people.order {
			w := r.welcome(p)
			w.ServerTime, w.ActiveSpeakerID, w.PresenterID, w.Entries = fault.InstantOf(time.Time{}), "", "", nil
			w.Participant = still(w.Participant)
			for i := range w.Participants {
				w.Participants[i] = still(w.Participants[i])
			}
			f.Welcomes[p.id] = w
			req := p.req
			req.CheckedAt, req.Mode = time.Time{}, p.mode
			f.Requests[p.id] = req
		}
		maps.Copy(f.Values, r.session.values.stored)
		f.History = append(f.History, r.session.topics.history...)
		for _, one := range r.session.removed {
			f.Removed = append(f.Removed, fmt.Sprint(one.participantID, one.token, key(one.fault), one.fault.Details["by"]))
		}
		f.Answers = append(f.Answers, r.session.answers...)
		f.CloseAt, f.Auto = r.session.closeAt, r.session.autoClose
	}))
	for id, modes := range s.m.usage.accounts {
		f.Usage[id] = maps.Clone(modes)
	}
	return f
}

// still is a participant without what its media and its connection are.
func still(p wire.Participant) wire.Participant {
	p.Streams, p.ConnectionState = []wire.Stream{}, ""
	return p
}

func TestMoveAndLossKeepTheSession(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		auto := func(r *JoinRequest) {
			r.AutoClose = AutoClose{DurationMin: 90, Deactivate: true}
			r.Limits = Limits{Participants: 50}
			r.MetaData = json.RawMessage(`{"seat":1}`)
			r.Client = wire.ClientInfo{SDKType: "go", Platform: "linux"}
			r.TokenSum = sha256.Sum256([]byte(r.ParticipantID))
			r.Place = "place of " + r.ParticipantID
			r.MayEgress = r.MayModerate
		}
		ann, bob := a.client("ann", auto).join(), a.client("bob", auto, plain).join()
		cat := a.client("cat", auto, plain, mode(wire.RecvOnly)).join()
		dan := a.client("dan", auto).join()
		eve := a.client("eve", auto).join()
		guest := a.client("guest", asksJoin).requestEntry()
		denied := a.client("denied", asksJoin).requestEntry()
		ann.succeeds(ann.answersEntry(denied, wire.Denied))
		direct, err := a.m.JoinDirect(a.ctx(), a.client("whip").req)
		require.NoError(t, err)
		ann.publishes(wire.Audio, wire.Video, wire.Share)
		bob.publishes(wire.Audio, wire.Share) // the last to share presents
		bob.succeeds(bob.p.SetStream(a.ctx(), wire.SetStreamParams{Kind: wire.Audio}))
		dan.succeeds(dan.p.SetMode(a.ctx(), wire.SetModeParams{Mode: string(wire.SignallingOnly)}))
		ann.succeeds(ann.p.Remove(a.ctx(), wire.ParticipantParams{ParticipantID: "eve"}))
		ann.succeeds(ann.p.Pin(a.ctx(), wire.PinParams{ParticipantID: "bob", State: wire.PinState{Cam: true}}))
		ann.succeeds(ann.p.OpenData(a.ctx()))
		value := "42"
		ann.succeeds(ann.p.SetValue(a.ctx(), wire.SetValueParams{Key: "answer", Value: &value}))
		ann.succeeds(ann.says("CHAT", "to all", persist))
		ann.succeeds(ann.says("CHAT", "to bob", persist, func(p *wire.PublishMessageParams) { p.SendOnly = []string{"bob"} }))
		session := ann.p.SessionID()
		a.m.EgressChanged(a.ctx(), session, wire.RecordingState{Status: "RECORDING_STARTED"})
		a.advance(3 * time.Second)
		require.NoError(t, direct.Leave(a.ctx()))
		direct, err = a.m.JoinDirect(a.ctx(), a.client("whip").req)
		require.NoError(t, err)
		before := a.facts(hall)
		delete(before.Welcomes, "whip")
		delete(before.Requests, "whip")
		before.Usage[account][wire.SendAndRecv]--
		for id, w := range before.Welcomes {
			w.Participants = w.Participants[:3] // the fourth is whip
			before.Welcomes[id] = w
		}
		records := a.records.session(session)

		a.moves(b)

		for _, who := range []*client{ann, bob, cat, dan, guest} {
			who.expectMoved("5102.MOVING")
		}
		eve.expectClosed(wire.RemovePeer, "4103.BY_MODERATOR")
		<-direct.Done()
		require.Empty(t, a.media.peers)
		require.Empty(t, a.m.usage.accounts)
		require.Equal(t, before, b.facts(hall))
		after := b.records.session(session)
		require.Equal(t, records.participations["ann"], after.participations["ann"])
		require.Zero(t, after.participations["whip"], "who cannot resume has left")
		require.Len(t, b.media.peers, 4)

		// Others are there at once, and reconnecting; who resumes is told of nobody twice.
		bob2 := b.back("bob")
		for _, p := range bob2.result.Welcome.Participants {
			require.Equal(t, wire.ConnectionReconnecting, p.ConnectionState, p.ID)
		}
		require.Empty(t, bob2.result.Welcome.Participant.ConnectionState)
		require.Equal(t, wire.PinState{Cam: true}, b.media.of(bob2.peer()).pinned)
		ann2 := b.back("ann")
		bob2.expectEvents(wire.ParticipantConnectionChanged{ParticipantID: "ann", State: wire.ConnectionConnected})
		ann2.publishes(wire.Audio, wire.Video, wire.Share)
		require.Equal(t, "ann", b.m.roomOfMeeting(hall).session.presenter)
		bob2.publishes(wire.Audio, wire.Share)
		require.Equal(t, "bob", b.m.roomOfMeeting(hall).session.presenter)
		b.back("cat")
		require.NotEmpty(t, b.media.of(b.restored["cat"].peer()).subscribed, "who is back receives what is there")
		require.Empty(t, b.media.of(b.restored["dan"].peer()).subscribed)
		b.back("dan")
		ann2.publishes(wire.Audio, wire.Video, wire.Share) // of the older share
		require.Equal(t, before, b.facts(hall))
		got, err := ann2.p.SubscribeTopic(b.ctx(), wire.SubscribeTopicParams{Topic: "CHAT"})
		require.NoError(t, err)
		require.Len(t, got.Messages, 2)
		got, err = b.restored["cat"].p.SubscribeTopic(b.ctx(), wire.SubscribeTopicParams{Topic: "CHAT"})
		require.NoError(t, err)
		require.Len(t, got.Messages, 1, "a message to others is none of its business")
		b.wait()
		require.False(t, b.records.session(session).streams[StreamRef{ParticipantID: "ann", Kind: wire.ShareAudio}])

		// Without a word, the other way.
		writes := b.records.writes
		b.isLost(a)
		ann2.expectMoved("5101.NODE_LOST")
		require.Equal(t, writes, a.records.writes, "a server that lost its leases writes nothing")
		require.Equal(t, before, a.facts(hall))
		for _, name := range []string{"ann", "bob", "cat", "dan"} {
			a.back(name)
		}
		require.Equal(t, before, a.facts(hall))
		ann3 := a.restored["ann"]
		a.refusedAgain("eve")
		ann3.succeeds(ann3.p.End(a.ctx()))
		a.wait()
		require.True(t, a.records.session(session).ended)
	})
}

// refusedAgain checks that somebody whom a moderator removed has to ask.
func (s *server) refusedAgain(name string) {
	s.t.Helper()
	s.client(name).requestEntry()
}

func TestAMoveThatFailsChangesNothing(t *testing.T) {
	runOwners(t, Options{}, func(a, _ *server) {
		ann, bob := a.client("ann").join(), a.client("bob").join()
		ann.clearEvents()
		err := a.m.Move(a.ctx(), hall, func(context.Context) error { return errors.New("no") })
		require.ErrorContains(t, err, "no")
		ann.publishes(wire.Audio)
		bob.expectJoined()
		require.Len(t, ann.clearEvents().view.participants["ann"].Streams, 1)

		a.records.set(func() { a.records.fail = errors.New("disk full") })
		err = a.m.Move(a.ctx(), hall, func(context.Context) error {
			t.Error("handed over what is not written")
			return nil
		})
		require.ErrorIs(t, err, errNotWritten)
		a.records.set(func() { a.records.fail = nil })
		require.ErrorIs(t, a.m.Move(a.ctx(), "nobody-there", nil), ErrNotLive)
	})
}

func TestAMoveThatHangsEnds(t *testing.T) {
	runOwners(t, Options{}, func(a, _ *server) {
		ann := a.client("ann").join()
		began := time.Now()
		err := a.m.Move(a.ctx(), hall, func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, moveTimeout, time.Since(began))
		ann.expectJoined()
	})
}

func TestAJoinDuringAMoveIsToldToComeAgain(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		a.client("ann").join()
		handing, late := make(chan struct{}), make(chan error)
		bob := a.client("bob")
		go func() {
			<-handing
			late <- bob.tryJoin()
		}()
		require.NoError(t, a.m.Move(a.ctx(), hall, func(context.Context) error {
			close(handing)
			synctest.Wait()
			a.owners.give(hall, "b")
			return nil
		}))
		require.False(t, a.refused("5102.MOVING", <-late).Fatal)
		require.False(t, a.refused("5102.MOVING", a.client("cat").tryJoin()).Fatal)
		b.client("bob").join() // without waiting for Restore
		require.Len(t, b.facts(hall).Welcomes, 2)
	})
}

func TestAbandonWaitsForNoDatabase(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		ann := a.client("ann").join()
		a.records.set(func() { a.records.writing = func(ctx context.Context) { <-ctx.Done() } })
		kept := make(chan error)
		go func() { kept <- ann.says("CHAT", "kept?", persist) }()
		starting := a.client("bob", in("other-hall"))
		started := make(chan error)
		go func() { started <- starting.tryJoin() }()
		a.wait()
		began := time.Now()
		a.m.Abandon(fault.ServerUnavailableNodeLost("a"))
		require.Less(t, time.Since(began), 100*time.Millisecond)
		a.refused("5101.STORE", <-kept)
		require.Error(t, <-started)
		ann.expectMoved("5101.NODE_LOST")
		a.records.set(func() { a.records.writing = nil })
		delete(a.owners.owner, "other-hall") // of the lost lease
		a.owners.give(hall, "b")
		require.NoError(t, b.m.Restore(b.ctx(), hall))
		b.advance(time.Second)
		b.back("ann")
	})
}

func TestWhoDoesNotComeBackLeaves(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		ann := a.client("ann").join()
		a.client("bob").join()
		session := ann.p.SessionID()
		a.isLost(b)
		ann2 := b.back("ann")
		b.restored["bob"].p.Disconnected()
		ann2.expectEvents(left(b.restored["bob"], wire.WebSocketDisconnected))
		require.Equal(t, wire.WebSocketDisconnected, b.records.session(session).left["bob"])
		ann2.succeeds(ann2.p.Leave(b.ctx()))
		b.wait()
		require.True(t, b.records.session(session).ended)
		require.Empty(t, b.owners.of(hall))
	})
}

func TestAJoinReplacesWhoIsReconnecting(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		a.client("ann").join()
		a.client("bob").join()
		a.isLost(b)
		bob2 := b.back("bob")
		b.client("ann").join()
		b.restored["ann"].expectClosed(wire.DuplicateParticipantLeave, "4005.REPLACED")
		b.wait()
		v, err := bob2.replay()
		require.NoError(t, err)
		require.Len(t, v.participants, 2)
		require.Empty(t, v.participants["ann"].ConnectionState)
	})
}

func TestASessionWithNobodyEnds(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		direct, err := a.m.JoinDirect(a.ctx(), a.client("whip").req)
		require.NoError(t, err)
		session := direct.SessionID()
		a.isLost(b)
		require.True(t, b.records.session(session).ended)
		require.Empty(t, b.owners.of(hall))
		require.NoError(t, b.m.Restore(b.ctx(), hall))
		b.wait()
		require.Empty(t, b.owners.of(hall), "nothing was open")
	})
}

func TestAMeetingIsOpenedOnce(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		a.client("ann").join()
		a.isLost(b)
		opens := b.owners.opens
		b.owners.opening = func(context.Context) error { time.Sleep(time.Second); return nil }
		b.m.Abandon(fault.ServerUnavailableNodeLost("b"))
		done := make(chan error)
		for i := range 10 {
			who := b.client(fmt.Sprint("p", i))
			go func() { done <- who.tryJoin() }()
		}
		for range 10 {
			require.NoError(t, <-done)
		}
		require.Equal(t, opens+1, b.owners.opens)
		require.Len(t, b.facts(hall).Welcomes, 11)

		// Leases that are lost while a meeting is opened.
		lost := make(chan error)
		go func() { lost <- b.client("late", in("other-hall")).tryJoin() }()
		b.wait()
		b.m.Abandon(fault.ServerUnavailableNodeLost("b"))
		b.refused("5101.NODE_LOST", <-lost)
		b.owners.give("other-hall", "")
		delete(b.owners.owner, "other-hall")
		b.owners.opening = func(context.Context) error { return fault.ServerUnavailableStore("the owner of a meeting") }
		b.refused("5101.STORE", b.client("late", in("third-hall")).tryJoin())
		delete(b.owners.owner, "third-hall")
		b.owners.opening = nil
		require.NoError(t, b.m.Restore(b.ctx(), hall))
	})
}

func TestTheStateOfASessionIsBoundedAndWrittenSeldom(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		ann := a.client("ann").join()
		session := ann.p.SessionID()
		a.client("bob").join()
		ann.succeeds(ann.p.Pin(a.ctx(), wire.PinParams{ParticipantID: "bob", State: wire.PinState{Cam: true}}))
		big := strings.Repeat("x", 1000)
		for i := range 200 {
			ann.succeeds(ann.p.SetValue(a.ctx(), wire.SetValueParams{Key: fmt.Sprintf("%03d", i), Value: &big}))
			a.advance(20 * time.Millisecond)
		}
		a.advance(time.Second)
		rec := a.records.session(session)
		require.LessOrEqual(t, rec.saves, 6, "4 s of changes")
		require.LessOrEqual(t, len(rec.state), maxSavedState)
		require.Greater(t, len(rec.state), maxSavedState*9/10)
		ann.publishes(wire.Audio)
		ann.succeeds(ann.p.SetStream(a.ctx(), wire.SetStreamParams{Kind: wire.Audio}))
		ann.succeeds(ann.says("CHAT", "hello"))
		a.advance(2 * time.Second)
		require.Equal(t, rec.saves, a.records.session(session).saves, "no write for a message or a mute")

		a.records.set(func() { a.records.fail = errors.New("disk full") })
		ann.succeeds(ann.p.Pin(a.ctx(), wire.PinParams{ParticipantID: "bob"}))
		a.advance(5 * time.Second)
		a.records.set(func() { a.records.fail = nil })
		a.advance(2 * time.Second)
		a.isLost(b)
		f := b.facts(hall)
		require.Empty(t, f.Welcomes["ann"].Pins, "what could not be written was written later")
		require.Contains(t, f.Values, "000")
		require.NotContains(t, f.Values, "199")
	})
}

func TestPinsOfWhoHasLeftAreNotRestored(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		ann, bob := a.client("ann").join(), a.client("bob").join()
		ann.succeeds(ann.p.Pin(a.ctx(), wire.PinParams{ParticipantID: "bob", State: wire.PinState{Cam: true}}))
		a.advance(2 * time.Second)
		bob.succeeds(bob.p.Leave(a.ctx()))
		a.client("bob").join()
		a.advance(2 * time.Second)
		a.isLost(b)
		require.Empty(t, b.facts(hall).Welcomes["ann"].Pins)
	})
}

func TestAServerAloneKeepsNoState(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann", func(r *JoinRequest) { r.AutoClose.DurationMin = 90 }).join()
		ann.succeeds(ann.p.Pin(s.ctx(), wire.PinParams{ParticipantID: "ann", State: wire.PinState{Cam: true}}))
		s.advance(5 * time.Second)
		rec := s.records.session(ann.p.SessionID())
		require.Zero(t, rec.saves)
		require.Nil(t, rec.joins[0].Admission)
	})
}

// What random sequences lead to is the same on the next server.
func TestRandomSessionsGoOnElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(noDeadline{t}, func(rt *rapid.T) {
			owners := &memoryOwners{owner: map[string]string{}}
			opts := Options{LobbySize: maxWaiting, HistoryMessages: 5}
			a, b := newServer(rt, "a", owners, opts), newServer(rt, "b", owners, opts)
			m := &model{scenario: a.scenario, t: rt, roles: map[*client]*role{}, removed: map[string]map[string]bool{}}
			defer func() {
				_ = a.m.Close(context.Background(), fault.ServerShutdownStopped(0))
				_ = b.m.Close(context.Background(), fault.ServerShutdownStopped(0))
			}()
			for _, name := range []string{"ann", "bob"} {
				who := m.client(name, in("hall-1"), limited(modelLimits))
				m.roles[who] = &role{mode: wire.SendAndRecv, published: wire.Kinds, refused: map[choice]bool{}}
				who.join().publishes(wire.Kinds...)
			}
			rt.Repeat(rapid.StateMachineActions(m))
			lost := coin.Draw(rt, "is lost")
			a.advance(2 * time.Second)
			before := map[string]facts{}
			for _, hall := range []string{"hall-1", "hall-2"} {
				if len(m.here(inHall(hall))) > 0 {
					before[hall] = a.facts(hall)
				}
			}
			for hall := range before {
				owners.mu.Lock()
				owners.owner[hall] = "b"
				owners.mu.Unlock()
				if !lost {
					require.NoError(rt, a.m.Move(a.ctx(), hall, func(context.Context) error { return nil }))
				}
			}
			if lost {
				a.m.Abandon(fault.ServerUnavailableNodeLost("a"))
			}
			for hall := range before {
				require.NoError(rt, b.m.Restore(b.ctx(), hall))
			}
			for hall, want := range before {
				got := b.facts(hall)
				want.Usage, got.Usage = nil, nil
				require.Equal(rt, want, got)
			}
			counted := map[wire.Mode]int{}
			for _, one := range before {
				for _, w := range one.Welcomes {
					counted[w.Participant.Mode]++
				}
			}
			if len(counted) > 0 {
				require.Equal(rt, counted, b.m.usage.accounts[account])
			}
			b.records.set(func() { require.Empty(rt, b.records.failures) })
			b.media.set(func() { require.Empty(rt, b.media.failures) })
		})
	})
}
