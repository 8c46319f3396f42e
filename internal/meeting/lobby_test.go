package meeting

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func requested(a *client) wire.EntryRequested {
	return wire.EntryRequested{ParticipantID: a.name, Name: a.req.Name, MetaData: a.req.MetaData}
}

func responded(a *client, decision wire.Decision, by *client) wire.EntryResponded {
	return wire.EntryResponded{ParticipantID: a.name, Decision: decision, By: by.name}
}

func withdrawn(a *client) wire.EntryWithdrawn { return wire.EntryWithdrawn{ParticipantID: a.name} }

func TestEntryAllowed(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join().publishes(wire.Audio).clearEvents()
		bob := s.client("bob", asksJoin).requestEntry()
		require.Equal(t, ann.result.SessionID, bob.result.SessionID)
		require.Nil(t, bob.result.Welcome)
		ann.expectEvents(requested(bob))
		require.Equal(t, Counts{Sessions: 1, Participants: 1, Waiting: 1}, s.m.Counts())

		s.refused("3035.IN_LOBBY", bob.p.Pin(s.ctx(), wire.PinParams{ParticipantID: "ann", State: wire.PinState{Cam: true}}))
		s.refused("4065.KNOCKING", bob.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "RECV_ONLY"}))
		_, err := bob.p.Publish(s.ctx(), offer(wire.Audio))
		s.refused("3035.IN_LOBBY", err)

		ann.succeeds(ann.answersEntry(bob, wire.Allowed))
		s.wait()
		joined := bob.events[1].(wire.MeetingJoined)
		require.Equal(t, []string{"ask_join"}, joined.Welcome.Permissions)
		require.Equal(t, "ann", joined.Welcome.Participants[0].ID)
		require.Len(t, joined.Welcome.Participants[0].Streams, 1)
		require.Equal(t, bob.result.SessionID, joined.Welcome.SessionID)
		bob.expectEvents(responded(bob, wire.Allowed, ann), joined)
		ann.expectEvents(responded(bob, wire.Allowed, ann), bob.joined())
		require.Equal(t, []StreamRef{{ParticipantID: "ann", Kind: wire.Audio}}, s.media.of(bob.peer()).subscribed)

		s.refused("4059.NOT_PERMITTED", bob.answersEntry(s.client("nobody"), wire.Allowed))
	})
}

func TestEntryDenied(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, dan := s.client("ann").join(), s.client("dan").join()
		ann.clearEvents()
		bob := s.client("bob", asksJoin).requestEntry()
		ann.expectEvents(requested(bob))
		s.advance(3 * time.Second)
		ann.succeeds(ann.answersEntry(bob, wire.Denied)).expectEvents(responded(bob, wire.Denied, ann))
		bob.expectEvents(responded(bob, wire.Denied, ann)).expectClosed(wire.JoinRoomFailed, "4101.DENIED")
		dan.expectEvents(requested(bob), responded(bob, wire.Denied, ann), toldOf(bob))
		require.Equal(t, map[string]any{"by": "ann", "byName": "I am ann", "waitedMs": int64(3000)}, bob.fault.Details)

		// Two hosts answered at once: the second learns who was first, and what was said.
		f := s.refused("4059.ALREADY_ANSWERED", dan.answersEntry(bob, wire.Allowed))
		require.Equal(t, map[string]any{
			"target": "bob", "targetName": "I am bob", "decision": "denied", "by": "ann", "byName": "I am ann",
		}, f.Details)

		again := s.client("bob", asksJoin).requestEntry()
		ann.expectEvents(requested(bob))
		dan.succeeds(dan.answersEntry(again, wire.Allowed))
		f = s.refused("4059.ALREADY_ANSWERED", ann.answersEntry(again, wire.Denied))
		require.Equal(t, "allowed", f.Details["decision"])
		again.expectJoined()
		s.refused("4059.NO_SUCH_REQUEST", ann.answersEntry(s.client("\U0001F47B"), wire.Allowed))

		// A new entry request forgets the answer to the one before.
		again.succeeds(again.p.Leave(s.ctx()))
		again = s.client("bob", asksJoin).requestEntry()
		again.succeeds(again.p.Leave(s.ctx()))
		s.refused("4059.NO_SUCH_REQUEST", ann.answersEntry(again, wire.Denied))

		// And old answers are forgotten when there are many.
		for range maxAnswers {
			ann.succeeds(ann.answersEntry(s.client("cat", asksJoin).requestEntry(), wire.Denied))
		}
		first := s.client("dan2", asksJoin).requestEntry()
		ann.succeeds(ann.answersEntry(first, wire.Denied))
		for i := range maxAnswers {
			ann.succeeds(ann.answersEntry(s.client(fmt.Sprint("p", i), asksJoin).requestEntry(), wire.Denied))
		}
		s.refused("4059.NO_SUCH_REQUEST", ann.answersEntry(first, wire.Denied))
	})
}

func TestEntryWithdrawn(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		viewer := s.client("vic", asksJoin).requestEntry()
		ann.succeeds(ann.answersEntry(viewer, wire.Allowed))
		ann.clearEvents()
		viewer.clearEvents()

		bob := s.client("bob", asksJoin).requestEntry()
		bob.succeeds(bob.p.Leave(s.ctx())).expectClosed(wire.ManualLeave, "")
		cat := s.client("cat", asksJoin).requestEntry()
		cat.p.Disconnected()
		cat.expectClosed(wire.WebSocketDisconnected, "")
		ann.expectEvents(requested(bob), withdrawn(bob), requested(cat), withdrawn(cat))
		s.refused("4059.NO_SUCH_REQUEST", ann.answersEntry(cat, wire.Allowed))

		first := s.client("dan", asksJoin).requestEntry()
		second := s.client("dan", asksJoin).requestEntry()
		first.expectClosed(wire.DuplicateParticipantLeave, "4005.REPLACED")
		ann.expectEvents(requested(first), withdrawn(first), requested(second))
		third := s.client("dan").join()
		second.expectClosed(wire.DuplicateParticipantLeave, "4005.REPLACED")
		ann.expectEvents(withdrawn(second), third.joined())

		waiting := s.client("eve", asksJoin).requestEntry()
		_, err := s.m.RemoveParticipant(s.ctx(), account, hall, "", "eve")
		require.NoError(t, err)
		waiting.expectClosed(wire.RemovePeerAPI, "4103.BY_API")
		viewer.expectEvents(third.joined()) // and nothing of the lobby: it may not answer
	})
}

func TestLobbyTimeoutWithoutHosts(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		bob := s.client("bob", asksJoin).requestEntry()
		require.Empty(t, s.m.Live(account), "no session has started")
		require.Empty(t, s.records.sessions)
		s.advance(25 * time.Second)
		bob.expectEvents(wire.EntryPending{WaitedMs: 10_000}, wire.EntryPending{WaitedMs: 20_000})
		s.advance(5 * time.Minute)
		bob.clearEvents().expectClosed(wire.JoinRoomFailed, "4102.NOBODY_THERE")
		require.Equal(t, map[string]any{"waitedMs": int64(300_000)}, bob.fault.Details)
		require.Empty(t, s.m.rooms)
	})
}

// toldOf is what the other hosts are told of a request that failed; for them nothing ends.
func toldOf(a *client) wire.Faulted {
	told := *a.fault
	return wire.Faulted{Fault: told.WithFatal(false)}
}

func TestLobbyTimeout(t *testing.T) {
	runScenario(t, Options{LobbyTimeout: time.Minute}, func(s *scenario) {
		bob := s.client("bob", asksJoin).requestEntry()
		s.advance(5 * time.Second)
		ann, dan := s.client("ann").join(), s.client("dan").join()
		require.Equal(t, []wire.EntryRequested{requested(bob)}, ann.result.Welcome.Entries, "who waits is in the welcome")
		ann.clearEvents()
		s.advance(5 * time.Second)
		bob.expectEvents(wire.EntryPending{WaitedMs: 10_000, Hosts: 2})
		dan.succeeds(dan.p.Leave(s.ctx()))
		s.advance(time.Minute)
		bob.clearEvents().expectClosed(wire.JoinRoomFailed, "4102.NO_ANSWER")
		require.Equal(t, map[string]any{"waitedMs": int64(60_000), "hosts": int64(2)}, bob.fault.Details)
		ann.expectEvents(left(dan, wire.ManualLeave), withdrawn(bob), toldOf(bob))

		cat := s.client("cat", asksJoin).requestEntry()
		ann.succeeds(ann.p.Leave(s.ctx()))
		s.advance(time.Minute)
		cat.expectClosed(wire.JoinRoomFailed, "4102.NO_ANSWER")
		require.EqualValues(t, 1, cat.fault.Details["hosts"], "somebody was there")
	})
}

func TestEntryAllowedIntoFullMeeting(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		two := limited(Limits{Participants: 2})
		ann := s.client("ann", two).join()
		bob := s.client("bob", asksJoin, two).requestEntry()
		cat := s.client("cat", two).join()
		ann.clearEvents()
		f := s.refused("4009.LIMIT", ann.answersEntry(bob, wire.Allowed))
		bob.expectClosed(wire.JoinRoomFailed, "4009.LIMIT")
		require.Equal(t, bob.fault.ID, f.ID, "one incident")
		require.False(t, f.Fatal, "the host stays")
		require.Equal(t, "bob", f.ParticipantID)
		ann.expectEvents(withdrawn(bob))
		s.refused("4009.LIMIT", s.client("bob", asksJoin, two).tryJoin())
		ann.succeeds(ann.p.Remove(s.ctx(), wire.ParticipantParams{ParticipantID: "cat"}))
		cat.expectClosed(wire.RemovePeer, "4103.BY_MODERATOR")
		again := s.client("bob", asksJoin, two).requestEntry()
		ann.succeeds(ann.answersEntry(again, wire.Allowed))
		again.expectJoined()
	})
}

// The older connection stays until the newer, which waits in the lobby, is let in.
func TestEntryRequestWithIDOfParticipant(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		ann.clearEvents()
		newer := s.client("bob", asksJoin).requestEntry()
		bob.expectJoined()
		ann.succeeds(ann.answersEntry(newer, wire.Denied))
		newer.expectClosed(wire.JoinRoomFailed, "4101.DENIED")
		bob.expectJoined()

		newer = s.client("bob", asksJoin).requestEntry()
		bob.succeeds(bob.answersEntry(newer, wire.Allowed)) // itself
		bob.expectClosed(wire.DuplicateParticipantLeave, "4005.REPLACED")
		newer.clearEvents().expectJoined()
		require.Equal(t, ann.p.SessionID(), newer.p.SessionID())
	})
}

// The lobby outlives a session; who is let in enters the next.
func TestLobbyOutlivesSession(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		bob := s.client("bob", asksJoin).requestEntry()
		ann.succeeds(ann.p.Leave(s.ctx()))
		bob.expectJoined()
		require.True(t, s.records.session(ann.result.SessionID).ended)
		require.Equal(t, Counts{Waiting: 1}, s.m.Counts())
		require.NotEqual(t, ann.result.SessionID, bob.p.SessionID())

		again := s.client("ann").join()
		require.NotEqual(t, ann.result.SessionID, again.result.SessionID)
		again.succeeds(again.answersEntry(bob, wire.Allowed))
		s.wait()
		require.Equal(t, again.result.SessionID, bob.events[1].(wire.MeetingJoined).Welcome.SessionID)
		require.Equal(t, again.result.SessionID, bob.p.SessionID())

		cat := s.client("cat", asksJoin).requestEntry()
		again.succeeds(again.p.End(s.ctx())).expectClosed(wire.RemoveAll, "")
		bob.expectClosed(wire.RemoveAll, "4104.BY_PARTICIPANT")
		cat.expectClosed(wire.RemoveAll, "4104.BY_PARTICIPANT")
		require.Equal(t, bob.fault.ID, cat.fault.ID)
	})
}

func TestLobbySize(t *testing.T) {
	runScenario(t, Options{LobbySize: 2}, func(s *scenario) {
		s.client("a", asksJoin).requestEntry()
		s.client("b", asksJoin).requestEntry()
		f := s.refused("4009.LIMIT", s.client("c", asksJoin).tryJoin())
		require.Equal(t, "lobby", f.Details["scope"])
		s.client("b", asksJoin).requestEntry()
	})
}
