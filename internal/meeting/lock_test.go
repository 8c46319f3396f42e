package meeting

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

func TestLock(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob", plain).join()
		f := s.refused("4105.NEEDS_PERMISSION", bob.p.Lock(s.ctx()))
		require.Equal(t, map[string]any{"method": "lock", "permission": "allow_mod"}, f.Details)
		s.refused("4105.NEEDS_PERMISSION", bob.p.Unlock(s.ctx()))

		waits := s.client("waits", asksJoin).requestEntry()
		ann.clearEvents()
		bob.clearEvents()
		ann.succeeds(ann.p.Lock(s.ctx()))
		waits.expectClosed(wire.JoinRoomFailed, "4101.LOCKED")
		require.True(t, waits.fault.Fatal)
		for _, host := range []*client{ann, bob} {
			host.expectEvents(wire.LockChanged{Locked: true, By: "ann"}, wire.EntryWithdrawn{ParticipantID: "waits"})
		}
		ann.succeeds(ann.p.Lock(s.ctx())).expectEvents() // nothing changes

		s.refused("4101.LOCKED", s.client("cat").tryJoin())
		s.refused("4101.LOCKED", s.client("dan", asksJoin).tryJoin())
		_, err := s.direct("encoder")
		s.refused("4101.LOCKED", err)

		bob = s.client("bob", plain).join() // another connection of who is in it
		require.True(t, bob.result.Welcome.Locked)

		bob.clearEvents()
		_, err = s.m.SetLock(s.ctx(), account, hall, "", false)
		require.NoError(t, err)
		bob.expectEvents(wire.LockChanged{})
		s.client("cat").join()
	})
}

// Who reloads a page leaves, and comes back with the same id. It is new when it takes longer, or was put out.
func TestLockedSessionTakesBackWhoLeft(t *testing.T) {
	runScenario(t, Options{ReturnWindow: time.Minute}, func(s *scenario) {
		ann, bob, cat := s.client("ann").join(), s.client("bob", plain).join(), s.client("cat", plain).join()
		encoder, err := s.direct("encoder")
		require.NoError(t, err)
		ann.succeeds(ann.p.Lock(s.ctx()))
		bob.succeeds(bob.p.Leave(s.ctx()))
		s.m.ConnectionLost(encoder.peer(), fault.MediaConnectionLostNoChecks("publish", nil, 0))
		s.advance(50 * time.Second)
		bob = s.client("bob", plain).join()
		_, err = s.direct("encoder")
		require.NoError(t, err)
		bob.succeeds(bob.p.Leave(s.ctx()))
		s.advance(61 * time.Second)
		s.refused("4101.LOCKED", s.client("bob", plain).tryJoin())
		ann.succeeds(ann.p.Remove(s.ctx(), wire.ParticipantParams{ParticipantID: "cat"}))
		cat.expectClosed(wire.RemovePeer, "4103.BY_MODERATOR")
		s.refused("4101.LOCKED", s.client("cat", plain).tryJoin())
	})
}

// A locked session is none that nobody can unlock any more: where no moderator is left, another one comes in. The lock
// ends with the session.
func TestLockWithoutModerator(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob", plain).join()
		ann.succeeds(ann.p.Lock(s.ctx()))
		s.refused("4101.LOCKED", s.client("moderator").tryJoin())
		ann.succeeds(ann.p.Leave(s.ctx()))
		s.refused("4101.LOCKED", s.client("cat", plain).tryJoin())
		_, err := s.direct("encoder")
		s.refused("4101.LOCKED", err)
		moderator := s.client("moderator").join()
		s.refused("4101.LOCKED", s.client("other moderator").tryJoin())
		moderator.succeeds(moderator.p.Leave(s.ctx()))
		bob.succeeds(bob.p.Leave(s.ctx()))
		require.False(t, s.client("cat", plain).join().result.Welcome.Locked)
	})
}

// The next server keeps the lock, and takes back who was in the session: those who had left it too, and who had no
// signaling socket.
func TestLockGoesOnElsewhere(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		ann, bob := a.client("ann").join(), a.client("bob", plain).join()
		_, err := a.direct("encoder")
		require.NoError(t, err)
		ann.succeeds(ann.p.Lock(a.ctx()))
		bob.succeeds(bob.p.Leave(a.ctx()))
		a.advance(2 * time.Second)
		a.isLost(b)
		b.refused("4101.LOCKED", b.client("cat").tryJoin())
		require.True(t, b.back("ann").result.Welcome.Locked)
		b.client("bob", plain).join()
		_, err = b.direct("encoder")
		require.NoError(t, err)
		b.client("ann").join() // as after a reload
	})
}
