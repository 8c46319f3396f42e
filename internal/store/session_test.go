package store_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/wire"
)

// testCall is an account with a meeting and a running session.
type testCall struct {
	t       *testing.T
	s       *store.Store
	account record.Account
	meeting record.Meeting
	session string
}

func newCall(t *testing.T, s *store.Store) *testCall {
	t.Helper()
	c := &testCall{t: t, s: s, account: newAccount(t, s, "Ann"), session: "session-1"}
	c.meeting = newMeeting(t, s, c.account.ID, "standup")
	c.start(c.session, c.meeting.ID, 0)
	return c
}

func (c *testCall) start(session, meetingID string, sec int) {
	c.t.Helper()
	require.NoError(c.t, c.s.SessionStarted(c.t.Context(), record.NewSession{
		ID: session, AccountID: c.account.ID, MeetingID: meetingID, StartedAt: after(sec),
	}))
}

func (c *testCall) join(id string, mode wire.Mode, sec int) {
	c.t.Helper()
	require.NoError(c.t, c.s.ParticipantJoined(c.t.Context(), record.NewParticipation{
		SessionID: c.session, ParticipantID: id, APIKey: "key", Name: "name of " + id, Mode: mode, JoinedAt: after(sec),
	}))
}

func (c *testCall) leave(id string, sec int) {
	c.t.Helper()
	require.NoError(c.t, c.s.ParticipantLeft(c.t.Context(), c.session, id, after(sec), wire.ManualLeave.Reason()))
}

func (c *testCall) stream(id string, kind wire.Kind, on bool, sec int) {
	c.t.Helper()
	require.NoError(c.t, c.s.StreamChanged(c.t.Context(), c.session, id, kind, on, after(sec)))
}

func (c *testCall) participant(id string) record.Participant {
	c.t.Helper()
	p, err := c.s.Participant(c.t.Context(), c.account.ID, c.session, id)
	require.NoError(c.t, err)
	return p
}

func span(start int, end ...int) record.Span {
	s := record.Span{Start: after(start)}
	if len(end) > 0 {
		s.End = after(end[0])
	}
	return s
}

func TestParticipantOfSeveralParticipations(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newCall(t, open(t, url))
		ctx := t.Context()
		require.NoError(t, c.s.ParticipantJoined(ctx, record.NewParticipation{
			SessionID: c.session, ParticipantID: "ann", APIKey: "key", Name: "Ann\x00", Mode: wire.RecvOnly,
			MetaData: json.RawMessage(`{"hand":"\u0000"}`), JoinedAt: after(1),
			Client: wire.ClientInfo{SDKType: "js", BrowserUserAgent: "Chromium \x00"},
		}))
		require.NoError(t, c.s.ModeChanged(ctx, c.session, "ann", wire.SendAndRecv, after(2)))
		c.stream("ann", wire.Audio, true, 3)
		c.stream("ann", wire.Audio, true, 4) // on already
		c.stream("ann", wire.Audio, false, 5)
		c.stream("ann", wire.Audio, false, 6) // off already
		c.stream("ann", wire.Audio, true, 7)
		c.stream("ann", wire.ShareAudio, true, 8)

		p := c.participant("ann")
		require.Equal(t, record.Participant{
			ID: "ann", SessionID: c.session, APIKey: "key", Name: "Ann\uFFFD", Mode: wire.SendAndRecv,
			MetaData:       json.RawMessage(`{"hand":"\u0000"}`),
			Client:         wire.ClientInfo{SDKType: "js", BrowserUserAgent: "Chromium \x00"},
			FirstJoinedAt:  after(1),
			Participations: []record.Span{span(1)},
			Streams:        map[wire.Kind][]record.Span{wire.Audio: {span(3, 5), span(7)}, wire.ShareAudio: {span(8)}},
			Modes: []record.ModeSpan{
				{Mode: wire.RecvOnly, Span: span(1, 2)},
				{Mode: wire.SendAndRecv, Span: span(2)},
			},
		}, p)
		require.True(t, p.Active())

		c.leave("ann", 10)
		c.leave("ann", 11)                    // gone already
		c.stream("ann", wire.Video, true, 11) // gone: nothing to keep
		c.join("ann", wire.SendAndRecv, 20)
		c.stream("ann", wire.Audio, true, 21)
		p = c.participant("ann")
		require.Equal(t, []record.Span{span(1, 10), span(20)}, p.Participations)
		require.Equal(t, map[wire.Kind][]record.Span{
			wire.Audio: {span(3, 5), span(7, 10), span(21)}, wire.ShareAudio: {span(8, 10)},
		}, p.Streams)
		require.Len(t, p.Modes, 3)
		require.Equal(t, "name of ann", p.Name, "of the last participation")
		require.Nil(t, p.MetaData)
	})
}

// 4005: the newer connection may be in before the older one is out.
func TestReplacedParticipant(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newCall(t, open(t, url))
		c.join("ann", wire.SendAndRecv, 1)
		c.stream("ann", wire.Audio, true, 2)
		c.join("ann", wire.SendAndRecv, 5)
		c.stream("ann", wire.Audio, true, 6)
		c.leave("ann", 7)
		p := c.participant("ann")
		require.Equal(t, []record.Span{span(1, 7), span(5)}, p.Participations)
		require.Equal(t, []record.Span{span(2, 7), span(6)}, p.Streams[wire.Audio])
		require.True(t, p.Active())
	})
}

func TestParticipantLists(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newCall(t, open(t, url))
		ctx := t.Context()
		for i, id := range []string{"zoe", "ann", "🙂", "bob"} {
			c.join(id, wire.SendAndRecv, i)
		}
		c.leave("ann", 10)
		c.leave("zoe", 10)
		c.join("zoe", wire.SendAndRecv, 12)
		ids := func(active bool, page record.Page) ([]string, int) {
			got, err := c.s.Participants(ctx, c.account.ID, c.session, active, page)
			require.NoError(t, err)
			names := []string{}
			for _, p := range got.Items {
				names = append(names, p.ID)
			}
			return names, got.Total
		}
		names, total := ids(false, record.Page{})
		require.Equal(t, []string{"zoe", "ann", "🙂", "bob"}, names, "in the order of their first participations")
		require.Equal(t, 4, total)
		names, total = ids(false, record.Page{Number: 2, Size: 3})
		require.Equal(t, []string{"bob"}, names)
		require.Equal(t, 4, total)
		names, total = ids(true, record.Page{})
		require.Equal(t, []string{"🙂", "bob", "zoe"}, names, "active: in the order of their present participations")
		require.Equal(t, 3, total)
		names, _ = ids(false, record.Page{Number: 9})
		require.Empty(t, names)

		other := newAccount(t, c.s, "Bob")
		for _, session := range []string{"nope", "a\x00b"} {
			_, err := c.s.Participants(ctx, c.account.ID, session, false, record.Page{})
			notFound(t, err, "session")
		}
		_, err := c.s.Participants(ctx, other.ID, c.session, false, record.Page{})
		notFound(t, err, "session")
		_, err = c.s.Participant(ctx, other.ID, c.session, "ann")
		notFound(t, err, "session")
		_, err = c.s.Participant(ctx, c.account.ID, c.session, "nobody")
		notFound(t, err, "participant")
	})
}

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newCall(t, open(t, url))
		ctx := t.Context()
		c.join("ann", wire.SendAndRecv, 1)
		c.stream("ann", wire.Video, true, 2)
		got, err := c.s.Session(ctx, c.account.ID, c.session)
		require.NoError(t, err)
		require.Equal(t, record.Session{
			ID: c.session, AccountID: c.account.ID, MeetingID: c.meeting.ID, CustomID: "standup", StartedAt: at,
			Participants: []record.Participant{c.participant("ann")},
		}, got)
		require.True(t, got.Ongoing())

		require.NoError(t, c.s.SessionEnded(ctx, c.session, after(9)))
		require.NoError(t, c.s.SessionEnded(ctx, c.session, after(10)))
		c.leave("ann", 11)
		got, err = c.s.Session(ctx, c.account.ID, c.session)
		require.NoError(t, err)
		require.Equal(t, after(9), got.EndedAt)
		p := got.Participants[0]
		require.Equal(t, []record.Span{span(1, 9)}, p.Participations, "who was in left with the session")
		require.Equal(t, []record.Span{span(2, 9)}, p.Streams[wire.Video])
		require.Equal(t, after(9), p.Modes[0].End)
		require.False(t, p.Active())

		_, err = c.s.Session(ctx, newAccount(t, c.s, "Bob").ID, c.session)
		notFound(t, err, "session")
		for _, id := range []string{"", "nope", "\x00"} {
			_, err = c.s.Session(ctx, c.account.ID, id)
			notFound(t, err, "session")
		}
		require.Error(
			t,
			c.s.SessionStarted(
				ctx,
				record.NewSession{ID: "x", AccountID: c.account.ID, MeetingID: "none", StartedAt: at},
			),
		)
	})
}

func TestSessionFilters(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newCall(t, open(t, url)) // session-1 of standup, from 0
		ctx := t.Context()
		retro := newMeeting(t, c.s, c.account.ID, "")
		c.start("session-2", retro.ID, 100)
		c.start("session-3", c.meeting.ID, 200)
		require.NoError(t, c.s.SessionEnded(ctx, "session-1", after(50)))
		foreign := newCallOf(t, c.s, "Bob", "foreign-1")
		c.session = "session-3"
		c.join("ann", wire.SendAndRecv, 201)

		for _, f := range []struct {
			name   string
			filter record.SessionFilter
			want   []string
		}{
			{"all, newest first", record.SessionFilter{}, []string{"session-3", "session-2", "session-1"}},
			{"meeting", record.SessionFilter{MeetingID: c.meeting.ID}, []string{"session-3", "session-1"}},
			{"custom id", record.SessionFilter{CustomID: "standup"}, []string{"session-3", "session-1"}},
			{"custom id of nobody", record.SessionFilter{CustomID: "x\x00"}, nil},
			{"foreign meeting", record.SessionFilter{MeetingID: foreign.meeting.ID}, nil},
			{"ongoing", record.SessionFilter{Status: record.SessionOngoing}, []string{"session-3", "session-2"}},
			{"ended", record.SessionFilter{Status: record.SessionEnded}, []string{"session-1"}},
			{"from", record.SessionFilter{From: after(100)}, []string{"session-3", "session-2"}},
			{"to", record.SessionFilter{To: after(100)}, []string{"session-2", "session-1"}},
			{"participant", record.SessionFilter{ParticipantID: "ann"}, []string{"session-3"}},
			{"participant of nobody", record.SessionFilter{ParticipantID: "kim"}, nil},
			{
				"all at once",
				record.SessionFilter{
					MeetingID: c.meeting.ID, CustomID: "standup", Status: record.SessionOngoing, From: at,
					To: after(300),
				},
				[]string{"session-3"},
			},
		} {
			got, err := c.s.Sessions(ctx, c.account.ID, f.filter, record.Page{})
			require.NoError(t, err, f.name)
			var ids []string
			for _, session := range got.Items {
				ids = append(ids, session.ID)
			}
			require.Equal(t, f.want, ids, f.name)
			require.Equal(t, len(f.want), got.Total, f.name)
		}
		got, err := c.s.Sessions(ctx, c.account.ID, record.SessionFilter{}, record.Page{Number: 1, Size: 1})
		require.NoError(t, err)
		require.Equal(t, 3, got.Total)
		require.Equal(t, "ann", got.Items[0].Participants[0].ID)
	})
}

func newCallOf(t *testing.T, s *store.Store, account, session string) *testCall {
	t.Helper()
	c := &testCall{t: t, s: s, account: newAccount(t, s, account), session: session}
	c.meeting = newMeeting(t, s, c.account.ID, "standup")
	c.start(session, c.meeting.ID, 0)
	return c
}

// The server was killed: what it left open ends when the next one starts.
func TestCloseOrphans(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		killed, err := store.OpenWith(t.Context(), options(url))
		require.NoError(t, err)
		c := newCall(t, killed)
		ctx := t.Context()
		c.join("ann", wire.SendAndRecv, 1)
		c.stream("ann", wire.Audio, true, 2)
		c.start("session-2", c.meeting.ID, 3)
		c.start("ended", c.meeting.ID, 3)
		require.NoError(t, c.s.SessionEnded(ctx, "ended", after(4)))

		require.NoError(t, c.s.Alive(ctx, after(30)))
		require.NoError(t, c.s.Alive(ctx, after(60)))
		require.NoError(t, killed.Close())

		c.s = open(t, url)
		n, err := c.s.CloseOrphans(ctx, after(9999))
		require.NoError(t, err)
		require.Equal(t, 2, n)
		for id, end := range map[string]time.Time{"session-1": after(60), "session-2": after(60), "ended": after(4)} {
			got, err := c.s.Session(ctx, c.account.ID, id)
			require.NoError(t, err)
			require.Equal(t, end, got.EndedAt, id)
		}
		p := c.participant("ann")
		require.Equal(t, []record.Span{span(1, 60)}, p.Participations)
		require.Equal(t, []record.Span{span(2, 60)}, p.Streams[wire.Audio])
		n, err = c.s.CloseOrphans(ctx, after(9999))
		require.NoError(t, err)
		require.Zero(t, n)

		// Something is known that is newer than the last sign of life.
		c.session = "session-4"
		c.start(c.session, c.meeting.ID, 70)
		c.join("bob", wire.SendAndRecv, 71)
		_, err = c.s.CloseOrphans(ctx, after(9999))
		require.NoError(t, err)
		require.Equal(t, []record.Span{span(71, 71)}, c.participant("bob").Participations)

		// A clock that went back ends nothing in the future.
		c.session = "session-5"
		c.start(c.session, c.meeting.ID, 80)
		_, err = c.s.CloseOrphans(ctx, after(75))
		require.NoError(t, err)
		got, err := c.s.Session(ctx, c.account.ID, c.session)
		require.NoError(t, err)
		require.Equal(t, after(75), got.EndedAt)
	})
}

// A node that starts ends no session that another one has, or will take over.
func TestOrphansOfNodes(t *testing.T) {
	url := newPostgresDatabase(t)
	alone := open(t, url)
	c := newCall(t, alone)
	c.join("ann", wire.SendAndRecv, 1)
	require.NoError(t, alone.Alive(t.Context(), after(30)))
	require.NoError(t, alone.Close())

	running, ctx := openNode(t, url, nodeA), t.Context()
	require.NoError(t, running.RenewNode(ctx, nodeA, nil))
	dead := record.NodeID{Name: "dead", Incarnation: "d1"}
	require.NoError(t, running.RenewNode(ctx, dead, nil))
	start := func(id string, node record.NodeID) record.Owner {
		meeting := newMeeting(t, running, c.account.ID, id)
		owner, err := running.PlaceMeeting(ctx, record.Owner{MeetingID: meeting.ID, AccountID: c.account.ID, Node: node})
		require.NoError(t, err)
		as(running, node)
		require.NoError(t, running.SessionStarted(ctx, record.NewSession{
			ID: id, AccountID: c.account.ID, MeetingID: meeting.ID, StartedAt: after(40),
		}))
		return owner
	}
	start("of a node that runs", nodeA)
	unowned := start("of nobody", dead)
	start("to be taken over", dead)
	_, err := running.FenceNode(ctx, dead, 1)
	require.NoError(t, err)
	require.NoError(t, running.DeleteOwner(ctx, unowned.MeetingID))

	next := openNode(t, url, nodeB)
	n, err := next.CloseOrphans(ctx, time.Now())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	for id, end := range map[string]time.Time{
		"session-1": after(30), "of a node that runs": {}, "to be taken over": {},
		"of nobody": lease(t, next, dead).RenewedAt,
	} {
		got, err := next.Session(ctx, c.account.ID, id)
		require.NoError(t, err)
		require.Equal(t, end, got.EndedAt, id)
	}

	// A server alone ends them all, for no node is there.
	require.NoError(t, errors.Join(running.Close(), next.Close()))
	alone = open(t, url)
	n, err = alone.CloseOrphans(ctx, time.Now())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	owned, err := alone.OwnedBy(ctx, nodeA)
	require.NoError(t, err)
	require.Empty(t, owned)
}

func TestMessages(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newCall(t, open(t, url))
		ctx := t.Context()
		none, err := c.s.Messages(ctx, c.account.ID, c.session)
		require.NoError(t, err)
		require.Empty(t, none)

		first := wire.Message{
			ID:         "z",
			Topic:      "CHAT",
			Message:    "hello, \"all\"\n🙂",
			SenderID:   "ann",
			SenderName: "Ann",
			Timestamp:  fault.InstantOf(after(1)),
		}
		second := wire.Message{
			ID:         "a",
			Topic:      "CHAT",
			Message:    `{"b":"c"}`,
			Object:     true,
			SenderID:   "bob",
			SenderName: "",
			Timestamp:  fault.InstantOf(after(1)),
			Payload:    json.RawMessage(`{"a":[1]}`),
		}
		for _, m := range []wire.Message{first, second, first} {
			require.NoError(t, c.s.MessagePersisted(ctx, c.session, m, nil))
		}
		private := wire.Message{ID: "p", Topic: "CHAT", Message: "for Bob", SenderID: "ann",
			Timestamp: fault.InstantOf(after(1))}
		require.NoError(t, c.s.MessagePersisted(ctx, c.session, private, []string{"bob", "ann"}))
		got, err := c.s.Messages(ctx, c.account.ID, c.session)
		require.NoError(t, err)
		require.Equal(t, []wire.Message{first, second}, got, "in the order they came, each once, none that is private")
		session, err := c.s.Session(ctx, c.account.ID, c.session)
		require.NoError(t, err)
		require.Equal(t, 2, session.Messages)

		require.NoError(
			t,
			c.s.MessagePersisted(ctx, c.session, wire.Message{ID: "nul", Message: "a\x00b",
				Timestamp: fault.InstantOf(at)}, nil),
		)
		got, err = c.s.Messages(ctx, c.account.ID, c.session)
		require.NoError(t, err)
		require.Equal(t, "a\uFFFDb", got[2].Message)
		_, err = c.s.Messages(ctx, newAccount(t, c.s, "Bob").ID, c.session)
		notFound(t, err, "session")
	})
}
