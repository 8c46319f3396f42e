package store_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/wire"
)

var (
	nodeA = record.NodeID{Name: "a", Incarnation: "a1"}
	nodeB = record.NodeID{Name: "b", Incarnation: "b1"}
)

// as makes a store that of a node which holds its lease.
func as(s *store.Store, id record.NodeID) {
	s.SetNode(func() record.NodeID { return id }, func() bool { return true })
}

func lease(t *testing.T, s *store.Store, id record.NodeID) record.NodeLease {
	t.Helper()
	leases, err := s.NodeLeases(t.Context())
	require.NoError(t, err)
	for _, l := range leases {
		if l.ID == id {
			return l
		}
	}
	require.Fail(t, "no such lease", "%v in %v", id, leases)
	return record.NodeLease{}
}

func fencedError(t *testing.T, err error) *store.FencedError {
	t.Helper()
	var fenced *store.FencedError
	require.ErrorAs(t, err, &fenced)
	return fenced
}

func TestNodeLeases(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		require.NoError(t, s.RenewNode(ctx, nodeA, json.RawMessage(`{"n":1}`)))
		require.NoError(t, s.RenewNode(ctx, nodeB, nil))
		require.NoError(t, s.RenewNode(ctx, nodeA, json.RawMessage(`{"n":2}`)))
		a := lease(t, s, nodeA)
		require.WithinDuration(t, time.Now(), a.RenewedAt, time.Minute)
		a.RenewedAt = time.Time{}
		require.Equal(t, record.NodeLease{ID: nodeA, Version: 2, Info: json.RawMessage(`{"n":2}`)}, a)
		require.Equal(t, int64(1), lease(t, s, nodeB).Version)

		done, err := s.FenceNode(ctx, nodeA, 1)
		require.NoError(t, err)
		require.False(t, done, "it has renewed since")
		require.NoError(t, s.RenewNode(ctx, nodeA, nil))
		done, err = s.FenceNode(ctx, nodeA, 3)
		require.NoError(t, err)
		require.True(t, done)
		done, err = s.FenceNode(ctx, nodeA, 3)
		require.NoError(t, err)
		require.False(t, done, "another one was first")
		require.True(t, lease(t, s, nodeA).Fenced)
		require.Equal(t, nodeA, fencedError(t, s.RenewNode(ctx, nodeA, nil)).Node)
		require.NoError(t, s.RenewNode(ctx, record.NodeID{Name: "a", Incarnation: "a2"}, nil), "another run of it")

		never := record.NodeID{Name: "c", Incarnation: "c1"}
		done, err = s.FenceNode(ctx, nodeB, 0)
		require.NoError(t, err)
		require.False(t, done, "it has a lease")
		done, err = s.FenceNode(ctx, never, 0)
		require.NoError(t, err)
		require.True(t, done)
		require.True(t, lease(t, s, never).Fenced)
		fencedError(t, s.RenewNode(ctx, never, nil))

		require.NoError(t, s.TrimNodes(ctx, time.Now()))
		require.True(t, lease(t, s, nodeA).Fenced, "not long ago")
		require.NoError(t, s.TrimNodes(ctx, time.Now().Add(31*24*time.Hour)))
		leases, err := s.NodeLeases(ctx)
		require.NoError(t, err)
		require.Len(t, leases, 2)
	})
}

func TestOwners(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		account := newAccount(t, s, "Ann")
		meeting := newMeeting(t, s, account.ID, "standup")
		_, found, err := s.Owner(ctx, meeting.ID)
		require.NoError(t, err)
		require.False(t, found)

		want := record.Owner{MeetingID: meeting.ID, AccountID: account.ID, Node: nodeA, Epoch: 1}
		placed, err := s.PlaceMeeting(ctx, record.Owner{MeetingID: meeting.ID, AccountID: account.ID, Node: nodeA})
		require.NoError(t, err)
		require.Equal(t, want, placed)
		placed, err = s.PlaceMeeting(ctx, record.Owner{MeetingID: meeting.ID, AccountID: account.ID, Node: nodeB})
		require.NoError(t, err)
		require.Equal(t, want, placed, "it lives somewhere already")
		owned, err := s.OwnedBy(ctx, nodeA)
		require.NoError(t, err)
		require.Equal(t, []record.Owner{want}, owned)

		_, moved, err := s.MoveMeeting(ctx, record.Owner{MeetingID: meeting.ID, Node: nodeB, Epoch: 1}, nodeB)
		require.NoError(t, err)
		require.False(t, moved, "from somebody else")
		to, moved, err := s.MoveMeeting(ctx, placed, nodeB)
		require.NoError(t, err)
		require.True(t, moved)
		require.Equal(t, record.Owner{MeetingID: meeting.ID, AccountID: account.ID, Node: nodeB, Epoch: 2}, to)
		now, moved, err := s.MoveMeeting(ctx, placed, nodeA)
		require.NoError(t, err)
		require.False(t, moved, "once")
		require.Equal(t, to, now)

		require.NoError(t, s.ReleaseMeeting(ctx, placed), "of an owner that was")
		_, found, err = s.Owner(ctx, meeting.ID)
		require.NoError(t, err)
		require.True(t, found)
		as(s, nodeB)
		start := record.NewSession{ID: "s1", AccountID: account.ID, MeetingID: meeting.ID, StartedAt: at}
		require.NoError(t, s.SessionStarted(ctx, start))
		require.ErrorAs(t, s.ReleaseMeeting(ctx, to), new(*record.ConflictError), "a session runs")
		require.NoError(t, s.SessionEnded(ctx, "s1", after(1)))
		require.NoError(t, s.ReleaseMeeting(ctx, to))
		start.ID = "s2"
		require.Equal(t, nodeB, fencedError(t, s.SessionStarted(ctx, start)).Node, "it owns nothing")
		placed, err = s.PlaceMeeting(ctx, record.Owner{MeetingID: meeting.ID, AccountID: account.ID, Node: nodeA})
		require.NoError(t, err)
		require.Equal(t, int64(3), placed.Epoch, "it grows")

		require.NoError(t, s.RenewNode(ctx, nodeB, nil))
		_, err = s.FenceNode(ctx, nodeB, 1)
		require.NoError(t, err)
		_, _, err = s.MoveMeeting(ctx, placed, nodeB)
		require.Equal(t, nodeB, fencedError(t, err).Node)
		other := newMeeting(t, s, account.ID, "retro")
		_, err = s.PlaceMeeting(ctx, record.Owner{MeetingID: other.ID, AccountID: account.ID, Node: nodeB})
		require.Equal(t, nodeB, fencedError(t, err).Node)
		_, err = s.PlaceMeeting(ctx, record.Owner{MeetingID: "none", AccountID: account.ID, Node: nodeA})
		notFound(t, err, "meeting")
	})
}

// writes are all records of a session, by name.
func writes(t *testing.T, c *testCall, id string) map[string]error {
	ctx, s, session := t.Context(), c.s, c.session
	return map[string]error{
		"joined": s.ParticipantJoined(ctx, record.NewParticipation{
			SessionID: session, ParticipantID: id, Mode: wire.SendAndRecv, JoinedAt: after(1),
		}),
		"mode":       s.ModeChanged(ctx, session, id, wire.RecvOnly, after(2)),
		"stream on":  s.StreamChanged(ctx, session, id, wire.Audio, true, after(3)),
		"codec":      s.StreamCodec(ctx, session, id, wire.Audio, "opus"),
		"stream off": s.StreamChanged(ctx, session, id, wire.Audio, false, after(4)),
		"resumed":    s.ConnectionResumed(ctx, session, id, after(5), after(6)),
		"message":    s.MessagePersisted(ctx, session, wire.Message{ID: id, Timestamp: fault.InstantOf(after(7))}, nil),
		"state":      s.SessionSaved(ctx, session, json.RawMessage(`{}`)),
		"left":       s.ParticipantLeft(ctx, session, id, after(8), wire.ManualLeave.Reason()),
		"end":        s.SessionEnded(ctx, session, after(9)),
	}
}

func TestWritesOfAFencedOwner(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		c := &testCall{t: t, s: s, account: newAccount(t, s, "Ann"), session: "session-1"}
		c.meeting = newMeeting(t, s, c.account.ID, "standup")
		as(s, nodeA)
		owner, err := s.PlaceMeeting(ctx, record.Owner{MeetingID: c.meeting.ID, AccountID: c.account.ID, Node: nodeA})
		require.NoError(t, err)
		c.start(c.session, c.meeting.ID, 0)
		c.join("ann", wire.SendAndRecv, 0)

		s.SetNode(func() record.NodeID { return nodeA }, func() bool { return false })
		for name, err := range writes(t, c, "bob") {
			require.Equal(t, &store.FencedError{Node: nodeA}, fencedError(t, err), name)
		}
		as(s, nodeA)
		_, moved, err := s.MoveMeeting(ctx, owner, nodeB)
		require.NoError(t, err)
		require.True(t, moved)
		for name, err := range writes(t, c, "bob") {
			require.Equal(t, &store.FencedError{Node: nodeA, Owner: nodeB}, fencedError(t, err), name)
		}
		open, err := s.OpenSession(ctx, c.meeting.ID)
		require.NoError(t, err)
		require.Len(t, open.Participants, 1, "nothing was written")
		require.Nil(t, open.State)

		as(s, nodeB)
		for name, err := range writes(t, c, "bob") {
			require.NoError(t, err, name)
		}
	})
}

func TestOpenSession(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s, ctx := open(t, url), t.Context()
		account := newAccount(t, s, "Ann")
		meeting := newMeeting(t, s, account.ID, "standup")
		none, err := s.OpenSession(ctx, meeting.ID)
		require.NoError(t, err)
		require.Nil(t, none)

		as(s, nodeA)
		require.NoError(t, s.RenewNode(ctx, nodeA, nil))
		owner, err := s.PlaceMeeting(ctx, record.Owner{MeetingID: meeting.ID, AccountID: account.ID, Node: nodeA})
		require.NoError(t, err)
		require.NoError(t, s.SessionStarted(ctx, record.NewSession{
			ID: "s", AccountID: account.ID, MeetingID: meeting.ID, StartedAt: after(0),
		}))
		join := func(id string, sec int) record.NewParticipation {
			p := record.NewParticipation{
				SessionID: "s", ParticipantID: id, APIKey: "key", Name: "name of " + id, Mode: wire.SendAndRecv,
				MetaData: json.RawMessage(`{"seat":4}`), Client: wire.ClientInfo{SDKType: "js"}, JoinedAt: after(sec),
				Admission: json.RawMessage(fmt.Sprintf(`{"mayEnd":%v}`, id == "ann")),
			}
			require.NoError(t, s.ParticipantJoined(ctx, p))
			return p
		}
		bob := join("bob", 1)
		join("ann", 2)
		join("gone", 3)
		require.NoError(t, s.ParticipantLeft(ctx, "s", "gone", after(4), wire.ManualLeave.Reason()))
		ann := join("ann", 5) // the older connection has not been recorded as gone
		require.NoError(t, s.ModeChanged(ctx, "s", "bob", wire.SignallingOnly, after(6)))
		require.NoError(t, s.StreamChanged(ctx, "s", "ann", wire.Audio, true, after(6)))
		bob.Mode = wire.SignallingOnly
		said := []record.OpenMessage{
			{Message: wire.Message{
				ID: "1", Topic: "CHAT", Message: "hello", SenderID: "ann", SenderName: "Ann", Timestamp: fault.InstantOf(after(7)),
				Payload: json.RawMessage(`{"a":1}`),
			}},
			{Message: wire.Message{ID: "2", Topic: "CHAT", Message: "psst", Timestamp: fault.InstantOf(after(8))},
				Readers: []string{"bob", "ann"}},
		}
		for _, m := range said {
			require.NoError(t, s.MessagePersisted(ctx, "s", m.Message, m.Readers))
		}
		require.NoError(t, s.SessionSaved(ctx, "s", json.RawMessage(`{"old":1}`)))
		require.NoError(t, s.SessionSaved(ctx, "s", json.RawMessage(`{"pins":["bob"]}`)))

		want := &record.OpenSession{
			ID: "s", AccountID: account.ID, MeetingID: meeting.ID, StartedAt: after(0),
			State:        json.RawMessage(`{"pins":["bob"]}`),
			Participants: []record.OpenParticipation{{NewParticipation: bob}, {NewParticipation: ann}},
			Messages:     said,
		}
		got, err := s.OpenSession(ctx, meeting.ID)
		require.NoError(t, err)
		require.Equal(t, want, got)

		// The same after its node is lost.
		_, err = s.FenceNode(ctx, nodeA, 1)
		require.NoError(t, err)
		want.AliveAt = lease(t, s, nodeA).RenewedAt
		_, moved, err := s.MoveMeeting(ctx, owner, nodeB)
		require.NoError(t, err)
		require.True(t, moved)
		got, err = s.OpenSession(ctx, meeting.ID)
		require.NoError(t, err)
		require.Equal(t, want, got)
		as(s, nodeB)
		require.NoError(t, s.ParticipantLeft(ctx, "s", "ann", after(9), wire.ManualLeave.Reason()))
		got, err = s.OpenSession(ctx, meeting.ID)
		require.NoError(t, err)
		require.Len(t, got.Participants, 1, "the older connection of ann is gone, too")
	})
}

// Nothing of the old owner is written after a meeting has moved, however close the two come.
func TestMoveAgainstAWriter(t *testing.T) {
	url := newPostgresDatabase(t)
	s, mover, ctx := openNode(t, url, nodeA), openNode(t, url, nodeB), t.Context()
	c := &testCall{t: t, s: s, account: newAccount(t, s, "Ann")}
	c.meeting = newMeeting(t, s, c.account.ID, "standup")
	written := 0
	for round := range 200 {
		c.session = fmt.Sprint("s", round)
		owner, err := s.PlaceMeeting(ctx, record.Owner{MeetingID: c.meeting.ID, AccountID: c.account.ID, Node: nodeA})
		require.NoError(t, err)
		c.start(c.session, c.meeting.ID, round)
		c.join("ann", wire.SendAndRecv, round)

		var going sync.WaitGroup
		going.Go(func() { // writes until it is refused
			for n := 0; ; n++ {
				var err error
				switch n % 3 {
				case 0:
					err = s.MessagePersisted(ctx, c.session, wire.Message{ID: fmt.Sprint(n), Timestamp: fault.InstantOf(at)}, nil)
				case 1:
					err = s.ParticipantJoined(ctx, record.NewParticipation{
						SessionID: c.session, ParticipantID: fmt.Sprint("p", n), Mode: wire.RecvOnly, JoinedAt: at,
					})
				default:
					err = s.SessionSaved(ctx, c.session, json.RawMessage(fmt.Sprint(n)))
				}
				if err != nil {
					fencedError(t, err)
					return
				}
				written++
			}
		})
		to, moved, err := mover.MoveMeeting(ctx, owner, nodeB)
		require.NoError(t, err)
		require.True(t, moved)
		seen, err := mover.OpenSession(ctx, c.meeting.ID) // at once
		require.NoError(t, err)
		going.Wait()
		later, err := mover.OpenSession(ctx, c.meeting.ID)
		require.NoError(t, err)
		require.Equal(t, seen, later, "a record of the old owner came after the move")
		require.NoError(t, mover.SessionEnded(ctx, c.session, at))
		require.NoError(t, mover.ReleaseMeeting(ctx, to))
	}
	require.NotZero(t, written)
	t.Log("records written before the moves:", written)
}
