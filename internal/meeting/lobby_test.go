package meeting

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func requested(a *actor) wire.EntryRequested {
	return wire.EntryRequested{ParticipantID: a.name, Name: a.req.Name, MetaData: a.req.MetaData}
}

func responded(a *actor, decision wire.Decision, by *actor) wire.EntryResponded {
	return wire.EntryResponded{ParticipantID: a.name, Decision: decision, By: by.name}
}

func withdrawn(a *actor) wire.EntryWithdrawn { return wire.EntryWithdrawn{ParticipantID: a.name} }

func TestAKnockThatIsAllowed(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann := s.as("ann").join().publishes(wire.Audio).forgets()
		bob := s.as("bob", knocks).knock()
		require.Equal(t, ann.result.SessionID, bob.result.SessionID)
		require.Nil(t, bob.result.Welcome)
		ann.hears(requested(bob))
		require.Equal(t, Counts{Sessions: 1, Participants: 1, Waiting: 1}, s.m.Counts())

		s.refused("3035.IN_LOBBY", bob.p.Pin(s.ctx(), wire.PinParams{ParticipantID: "ann", State: wire.PinState{Cam: true}}))
		s.refused("4065.KNOCKING", bob.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "RECV_ONLY"}))
		_, err := bob.p.Publish(s.ctx(), offer(wire.Audio))
		s.refused("3035.IN_LOBBY", err)

		ann.does(ann.answersEntry(bob, wire.Allowed))
		s.settle()
		joined := bob.events[1].(wire.MeetingJoined)
		require.Equal(t, []string{"ask_join"}, joined.Welcome.Permissions)
		require.Equal(t, "ann", joined.Welcome.Participants[0].ID)
		require.Len(t, joined.Welcome.Participants[0].Streams, 1)
		require.Equal(t, bob.result.SessionID, joined.Welcome.SessionID)
		bob.hears(responded(bob, wire.Allowed, ann), joined)
		ann.hears(responded(bob, wire.Allowed, ann), bob.joined())
		require.Equal(t, []StreamRef{{ParticipantID: "ann", Kind: wire.Audio}}, s.media.of(bob.peer()).subscribed)

		s.refused("4059.NOT_PERMITTED", bob.answersEntry(s.as("nobody"), wire.Allowed))
	})
}

func TestAKnockThatIsDenied(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann, dan := s.as("ann").join(), s.as("dan").join()
		ann.forgets()
		bob := s.as("bob", knocks).knock()
		ann.hears(requested(bob))
		s.later(3 * time.Second)
		ann.does(ann.answersEntry(bob, wire.Denied)).hears(responded(bob, wire.Denied, ann))
		bob.hears(responded(bob, wire.Denied, ann)).isOut(wire.JoinRoomFailed, "4101.DENIED")
		dan.hears(requested(bob), responded(bob, wire.Denied, ann), toldOf(bob))
		require.Equal(t, map[string]any{"by": "ann", "waitedMs": int64(3000)}, bob.fault.Details)

		// Two hosts answered at once: the second learns who was first, and what was said.
		f := s.refused("4059.ALREADY_ANSWERED", dan.answersEntry(bob, wire.Allowed))
		require.Equal(t, map[string]any{"target": "bob", "decision": "denied", "by": "ann"}, f.Details)

		again := s.as("bob", knocks).knock()
		ann.hears(requested(bob))
		dan.does(dan.answersEntry(again, wire.Allowed))
		f = s.refused("4059.ALREADY_ANSWERED", ann.answersEntry(again, wire.Denied))
		require.Equal(t, "allowed", f.Details["decision"])
		again.isIn()
		s.refused("4059.NO_SUCH_REQUEST", ann.answersEntry(s.as("\U0001F47B"), wire.Allowed))
		s.refused("4107.BAD_PARAMS", ann.answersEntry(again, "maybe"))

		// A new knock forgets the answer to the one before.
		again.does(again.p.Leave(s.ctx()))
		again = s.as("bob", knocks).knock()
		again.does(again.p.Leave(s.ctx()))
		s.refused("4059.NO_SUCH_REQUEST", ann.answersEntry(again, wire.Denied))

		// And old answers are forgotten when there are many.
		for range maxAnswers {
			ann.does(ann.answersEntry(s.as("cat", knocks).knock(), wire.Denied))
		}
		first := s.as("dan2", knocks).knock()
		ann.does(ann.answersEntry(first, wire.Denied))
		for i := range maxAnswers {
			ann.does(ann.answersEntry(s.as(fmt.Sprint("p", i), knocks).knock(), wire.Denied))
		}
		s.refused("4059.NO_SUCH_REQUEST", ann.answersEntry(first, wire.Denied))
	})
}

func TestKnockersWhoGo(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann := s.as("ann").join()
		viewer := s.as("vic", knocks).knock()
		ann.does(ann.answersEntry(viewer, wire.Allowed))
		ann.forgets()
		viewer.forgets()

		bob := s.as("bob", knocks).knock()
		bob.does(bob.p.Leave(s.ctx())).isOut(wire.ManualLeave, "")
		cat := s.as("cat", knocks).knock()
		cat.p.Disconnected()
		cat.isOut(wire.WebSocketDisconnected, "")
		ann.hears(requested(bob), withdrawn(bob), requested(cat), withdrawn(cat))
		s.refused("4059.NO_SUCH_REQUEST", ann.answersEntry(cat, wire.Allowed))

		first := s.as("dan", knocks).knock()
		second := s.as("dan", knocks).knock()
		first.isOut(wire.DuplicateParticipantLeave, "4005.REPLACED")
		ann.hears(requested(first), withdrawn(first), requested(second))
		third := s.as("dan").join()
		second.isOut(wire.DuplicateParticipantLeave, "4005.REPLACED")
		ann.hears(withdrawn(second), third.joined())

		knocker := s.as("eve", knocks).knock()
		_, err := s.m.RemoveParticipant(s.ctx(), account, hall, "", "eve")
		require.NoError(t, err)
		knocker.isOut(wire.RemovePeerAPI, "4103.BY_API")
		viewer.hears(third.joined()) // and nothing of the lobby: it may not answer
	})
}

func TestNobodyIsThereToAnswer(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		bob := s.as("bob", knocks).knock()
		require.Empty(t, s.m.Live(account), "no session has started")
		require.Empty(t, s.records.sessions)
		s.later(25 * time.Second)
		bob.hears(wire.EntryPending{WaitedMs: 10_000}, wire.EntryPending{WaitedMs: 20_000})
		s.later(5 * time.Minute)
		bob.forgets().isOut(wire.JoinRoomFailed, "4102.NOBODY_THERE")
		require.Equal(t, map[string]any{"waitedMs": int64(300_000)}, bob.fault.Details)
		require.Empty(t, s.m.rooms)
	})
}

// toldOf is what the other hosts are told of a request that failed; for them nothing ends.
func toldOf(a *actor) wire.Faulted {
	told := *a.fault
	return wire.Faulted{Fault: told.Ending(false)}
}

func TestNobodyAnswers(t *testing.T) {
	tell(t, Options{LobbyTimeout: time.Minute}, func(s *story) {
		bob := s.as("bob", knocks).knock()
		s.later(5 * time.Second)
		ann, dan := s.as("ann").join(), s.as("dan").join()
		require.Equal(t, []wire.EntryRequested{requested(bob)}, ann.result.Welcome.Entries, "who waits is in the welcome")
		ann.forgets()
		s.later(5 * time.Second)
		bob.hears(wire.EntryPending{WaitedMs: 10_000, Hosts: 2})
		dan.does(dan.p.Leave(s.ctx()))
		s.later(time.Minute)
		bob.forgets().isOut(wire.JoinRoomFailed, "4102.NO_ANSWER")
		require.Equal(t, map[string]any{"waitedMs": int64(60_000), "hosts": int64(2)}, bob.fault.Details)
		ann.hears(left(dan, wire.ManualLeave), withdrawn(bob), toldOf(bob))

		cat := s.as("cat", knocks).knock()
		ann.does(ann.p.Leave(s.ctx()))
		s.later(time.Minute)
		cat.isOut(wire.JoinRoomFailed, "4102.NO_ANSWER")
		require.EqualValues(t, 1, cat.fault.Details["hosts"], "somebody was there")
	})
}

func TestAllowedWhenTheMeetingHasBecomeFull(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		two := limited(Limits{Participants: 2})
		ann := s.as("ann", two).join()
		bob := s.as("bob", knocks, two).knock()
		cat := s.as("cat", two).join()
		ann.forgets()
		f := s.refused("4009.LIMIT", ann.answersEntry(bob, wire.Allowed))
		bob.isOut(wire.JoinRoomFailed, "4009.LIMIT")
		require.Equal(t, bob.fault.ID, f.ID, "one incident")
		require.False(t, f.Fatal, "the host stays")
		require.Equal(t, "bob", f.ParticipantID)
		ann.hears(withdrawn(bob))
		s.refused("4009.LIMIT", s.as("bob", knocks, two).tries())
		ann.does(ann.p.Remove(s.ctx(), wire.ParticipantParams{ParticipantID: "cat"}))
		cat.isOut(wire.RemovePeer, "4103.BY_MODERATOR")
		again := s.as("bob", knocks, two).knock()
		ann.does(ann.answersEntry(again, wire.Allowed))
		again.isIn()
	})
}

// The older connection stays until the newer, which knocks, is let in.
func TestKnockingWithTheIDOfSomebodyInside(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann, bob := s.as("ann").join(), s.as("bob").join()
		ann.forgets()
		newer := s.as("bob", knocks).knock()
		bob.isIn()
		ann.does(ann.answersEntry(newer, wire.Denied))
		newer.isOut(wire.JoinRoomFailed, "4101.DENIED")
		bob.isIn()

		newer = s.as("bob", knocks).knock()
		bob.does(bob.answersEntry(newer, wire.Allowed)) // itself
		bob.isOut(wire.DuplicateParticipantLeave, "4005.REPLACED")
		newer.forgets().isIn()
		require.Equal(t, ann.p.SessionID(), newer.p.SessionID())
	})
}

// The lobby outlives a session; who is let in enters the next.
func TestALobbyOutlivesTheSession(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann := s.as("ann").join()
		bob := s.as("bob", knocks).knock()
		ann.does(ann.p.Leave(s.ctx()))
		bob.isIn()
		require.True(t, s.records.session(ann.result.SessionID).ended)
		require.Equal(t, Counts{Waiting: 1}, s.m.Counts())
		require.NotEqual(t, ann.result.SessionID, bob.p.SessionID())

		again := s.as("ann").join()
		require.NotEqual(t, ann.result.SessionID, again.result.SessionID)
		again.does(again.answersEntry(bob, wire.Allowed))
		s.settle()
		require.Equal(t, again.result.SessionID, bob.events[1].(wire.MeetingJoined).Welcome.SessionID)
		require.Equal(t, again.result.SessionID, bob.p.SessionID())

		cat := s.as("cat", knocks).knock()
		again.does(again.p.End(s.ctx())).isOut(wire.RemoveAll, "")
		bob.isOut(wire.RemoveAll, "4104.BY_PARTICIPANT")
		cat.isOut(wire.RemoveAll, "4104.BY_PARTICIPANT")
		require.Equal(t, bob.fault.ID, cat.fault.ID)
	})
}

func TestTheLobbyIsBounded(t *testing.T) {
	tell(t, Options{LobbySize: 2}, func(s *story) {
		s.as("a", knocks).knock()
		s.as("b", knocks).knock()
		f := s.refused("4009.LIMIT", s.as("c", knocks).tries())
		require.Equal(t, "lobby", f.Details["scope"])
		s.as("b", knocks).knock()
	})
}
