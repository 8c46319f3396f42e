package meeting

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

func TestPanicEndsOneMeeting(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join().publishes(wire.Audio), s.client("bob").join()
		waiting := s.client("cat", asksJoin).requestEntry()
		other := s.client("dan", in("hall-2")).join()

		err := s.m.roomOfMeeting(ann.req.MeetingID).do(s.ctx(), func() { panic("boom") })
		f := s.refused("5101.INTERNAL", err)
		require.ErrorContains(t, f.Unwrap(), "panic in the loop of a meeting: boom")
		require.ErrorContains(t, f.Unwrap(), "panic_test.go", "the stack")
		for _, a := range []*client{ann, bob, waiting} {
			a.expectClosed(wire.RoomClose, "5101.INTERNAL")
			require.Equal(t, f.ID, a.fault.ID, "one incident")
		}
		other.expectJoined()
		s.refused("5101.INTERNAL", ann.p.Leave(s.ctx()))
		again := s.client("ann").join()
		again.expectJoined()
		require.NotEqual(t, ann.p.SessionID(), again.p.SessionID())
	})
}

// What panics while somebody is taken out, panics again when the room is cleared away.
func TestPanicDuringDeparture(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		s.media.set(func() { s.media.detaching = func(Peer) { panic("boom") } })
		s.refused("5101.INTERNAL", bob.p.Leave(s.ctx()))
		ann.expectClosed(wire.RoomClose, "5101.INTERNAL")
		bob.expectClosed(wire.RoomClose, "5101.INTERNAL")
		s.media.set(func() { s.media.detaching = nil })
		s.client("bob").join().expectJoined()
	})
}

func TestPanicInRecorder(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		s.records.set(func() { s.records.writing = func(context.Context) { panic("boom") } })
		s.refused("5101.STORE", ann.says("t", "1", persist))
		ann.publishes(wire.Audio).expectJoined()
		s.wait()
		s.records.set(func() { s.records.writing = nil })
	})
}

func TestPersistentMessageIsStoredOrRefused(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		bob.subscribes("t")
		bob.clearEvents()
		ann.succeeds(ann.says("t", "kept", persist))
		require.Len(t, s.records.session(ann.p.SessionID()).messages, 1, "ok means that it is written")

		s.records.set(func() { s.records.fail = errors.New("disk full") })
		f := s.refused("5101.STORE", ann.says("t", "full", persist))
		require.ErrorContains(t, f.Unwrap(), "disk full")
		require.Positive(t, f.RetryAfterMs)
		s.records.set(func() { s.records.fail = nil })
		s.wait()
		ann.succeeds(ann.says("t", "kept, too", persist)) // tried again: nothing else was under way

		release := make(chan struct{})
		s.records.set(func() {
			s.records.writing = func(ctx context.Context) {
				select {
				case <-release:
				case <-ctx.Done():
				}
			}
		})
		began := time.Now()
		refused := make(chan error, 2)
		for range 2 { // one is tried, the other waits behind it
			go func() { refused <- ann.says("t", "locked", persist) }()
		}
		s.wait()
		ann.succeeds(ann.says("t", "lives")) // nobody waits for the database otherwise
		for range 2 {
			s.refused("5101.STORE", <-refused)
		}
		require.Equal(t, 5*time.Second, time.Since(began))
		s.wait()
		close(release)
		s.records.set(func() { s.records.writing = nil })
		ann.succeeds(ann.says("t", "again", persist))

		require.Equal(
			t,
			[]string{"kept", "full", "kept, too", "locked", "locked", "lives", "again"},
			bob.read(),
			"those who are here get all",
		)
		require.Equal(
			t,
			[]string{"kept", "kept, too", "again"},
			s.client("cat").join().subscribes("t"),
			"the history holds what is written",
		)
		require.Len(t, s.records.session(ann.p.SessionID()).messages, 3)
	})
}

func TestMessageBudget(t *testing.T) {
	const perSecond = 64 << 10
	runScenario(t, Options{MessageBytes: perSecond, MeetingMessageBytes: 2 * perSecond}, func(s *scenario) {
		ann, bob, cat := s.client("ann").join(), s.client("bob").join(), s.client("cat").join()
		cat.subscribes("t")
		cat.clearEvents()
		big := strings.Repeat("x", 16000)
		flood := func(a *client) (sent int, f *fault.Error) {
			for range 450 {
				if err := a.says("t", big); err != nil {
					require.ErrorAs(t, err, &f)
					return sent, f
				}
				sent += len(big)
			}
			return sent, nil
		}
		sent, f := flood(ann)
		s.refused("4106.MESSAGE_BYTES", f)
		require.False(t, f.Fatal, "the sender stays")
		require.LessOrEqual(t, sent, 4*perSecond)
		require.Greater(t, sent, 3*perSecond)
		require.Positive(t, f.RetryAfterMs)
		s.advance(time.Duration(f.RetryAfterMs+1) * time.Millisecond)
		ann.succeeds(ann.says("t", big))

		_, f = flood(bob)
		s.refused("4106.MEETING_MESSAGE_BYTES", f)
		s.advance(time.Duration(f.RetryAfterMs+1) * time.Millisecond)
		bob.succeeds(bob.says("t", big))
		cat.expectJoined()

		s.advance(time.Minute)
		escaped := strings.Repeat("\x01", 16000) // six times as large on the wire
		ann.succeeds(ann.says("t", escaped)).succeeds(ann.says("t", escaped))
		s.refused("4106.MESSAGE_BYTES", ann.says("t", escaped))
	})
}
