package meeting

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// connections returns what a client was told of the connections of others.
func (a *client) connections() []wire.ParticipantConnectionChanged {
	a.mu.Lock()
	defer a.mu.Unlock()
	var told []wire.ParticipantConnectionChanged
	for _, event := range a.events {
		if e, ok := event.(wire.ParticipantConnectionChanged); ok {
			told = append(told, e)
		}
	}
	return told
}

func TestConnectionOfAParticipant(t *testing.T) {
	t.Parallel()
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		gone := func(lost wire.LostConnection) wire.ParticipantConnectionChanged {
			return wire.ParticipantConnectionChanged{ParticipantID: "bob", State: wire.ConnectionReconnecting, Lost: lost}
		}
		back := wire.ParticipantConnectionChanged{ParticipantID: "bob", State: wire.ConnectionConnected}
		want := []wire.ParticipantConnectionChanged{gone(wire.LostSignaling), gone(wire.LostMedia), back}

		bob.p.Reachable(false)
		s.wait()
		cem := s.client("cem").join()
		for _, p := range cem.result.Welcome.Participants {
			state := wire.ConnectionState("")
			if p.ID == "bob" {
				state = wire.ConnectionReconnecting
			}
			require.Equal(s.t, state, p.ConnectionState, p.ID)
		}
		s.m.MediaSilent(bob.p.peer(), true) // says nothing new
		s.wait()
		bob.p.Reachable(true)
		s.wait()
		s.m.MediaSilent(bob.p.peer(), false)
		s.wait()
		bob.p.Reachable(true)
		s.wait()
		require.Equal(s.t, want, ann.connections())
		require.Equal(s.t, want[1:], cem.connections())
		require.Empty(s.t, bob.connections())
		bob.p.Disconnected()
	})
}

// Who is cut in the lobby and let in there is shown as cut at once.
func TestConnectionInTheLobby(t *testing.T) {
	t.Parallel()
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob", asksJoin).requestEntry()
		bob.p.Reachable(false)
		s.wait()
		require.Empty(s.t, ann.connections())
		ann.succeeds(ann.answersEntry(bob, wire.Allowed))
		s.wait()
		ann.mu.Lock()
		defer ann.mu.Unlock()
		for _, event := range ann.events {
			if e, ok := event.(wire.ParticipantJoined); ok {
				require.Equal(s.t, wire.ConnectionReconnecting, e.Participant.ConnectionState)
				return
			}
		}
		require.Fail(s.t, "nobody joined")
	})
}
