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

func TestAPanicEndsOneMeeting(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann, bob := s.as("ann").join().publishes(wire.Audio), s.as("bob").join()
		knocker := s.as("cat", knocks).knock()
		other := s.as("dan", in("hall-2")).join()

		err := s.m.roomOfMeeting(ann.req.MeetingID).do(s.ctx(), func() { panic("boom") })
		f := s.refused("5101.INTERNAL", err)
		require.ErrorContains(t, f.Unwrap(), "panic in the loop of a meeting: boom")
		require.ErrorContains(t, f.Unwrap(), "collapse_test.go", "the stack")
		for _, a := range []*actor{ann, bob, knocker} {
			a.isOut(wire.RoomClose, "5101.INTERNAL")
			require.Equal(t, f.ID, a.fault.ID, "one incident")
		}
		other.isIn()
		s.refused("5101.INTERNAL", ann.p.Leave(s.ctx()))
		again := s.as("ann").join()
		again.isIn()
		require.NotEqual(t, ann.p.SessionID(), again.p.SessionID())
	})
}

// What panics while somebody is taken out, panics again when the room is cleared away.
func TestAPanicHalfWay(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann, bob := s.as("ann").join(), s.as("bob").join()
		s.media.set(func() { s.media.detaching = func(Peer) { panic("boom") } })
		s.refused("5101.INTERNAL", bob.p.Leave(s.ctx()))
		ann.isOut(wire.RoomClose, "5101.INTERNAL")
		bob.isOut(wire.RoomClose, "5101.INTERNAL")
		s.media.set(func() { s.media.detaching = nil })
		s.as("bob").join().isIn()
	})
}

func TestAPanicInTheWriterEndsNoMeeting(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann := s.as("ann").join()
		s.records.set(func() { s.records.writing = func(context.Context) { panic("boom") } })
		s.refused("5101.STORE", ann.says("t", "1", persist))
		ann.publishes(wire.Audio).isIn()
		s.settle()
		s.records.set(func() { s.records.writing = nil })
	})
}

func TestAPersistentMessageIsWrittenOrRefused(t *testing.T) {
	tell(t, Options{}, func(s *story) {
		ann, bob := s.as("ann").join(), s.as("bob").join()
		bob.subscribes("t")
		bob.forgets()
		ann.does(ann.says("t", "kept", persist))
		require.Len(t, s.records.session(ann.p.SessionID()).messages, 1, "ok means that it is written")

		s.records.set(func() { s.records.fail = errors.New("disk full") })
		f := s.refused("5101.STORE", ann.says("t", "full", persist))
		require.ErrorContains(t, f.Unwrap(), "disk full")
		require.Positive(t, f.RetryAfterMs)
		s.records.set(func() { s.records.fail = nil })
		ann.does(ann.says("t", "kept, too", persist)) // tried again: nothing else was under way

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
		s.settle()
		ann.does(ann.says("t", "lives")) // nobody waits for the database otherwise
		for range 2 {
			s.refused("5101.STORE", <-refused)
		}
		require.Equal(t, 5*time.Second, time.Since(began))
		s.settle()
		close(release)
		s.records.set(func() { s.records.writing = nil })
		ann.does(ann.says("t", "again", persist))

		require.Equal(t, []string{"kept", "full", "kept, too", "locked", "locked", "lives", "again"}, bob.read(), "those who are here get all")
		require.Equal(t, []string{"kept", "kept, too", "again"}, s.as("cat").join().subscribes("t"), "the history holds what is written")
		require.Len(t, s.records.session(ann.p.SessionID()).messages, 3)
	})
}

func TestBudgetOfMessages(t *testing.T) {
	const perSecond = 64 << 10
	tell(t, Options{MessageBytes: perSecond, MeetingMessageBytes: 2 * perSecond}, func(s *story) {
		ann, bob, cat := s.as("ann").join(), s.as("bob").join(), s.as("cat").join()
		cat.subscribes("t")
		cat.forgets()
		big := strings.Repeat("x", 16000)
		flood := func(a *actor) (sent int, f *fault.Error) {
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
		s.later(time.Duration(f.RetryAfterMs+1) * time.Millisecond)
		ann.does(ann.says("t", big))

		_, f = flood(bob)
		s.refused("4106.MEETING_MESSAGE_BYTES", f)
		s.later(time.Duration(f.RetryAfterMs+1) * time.Millisecond)
		bob.does(bob.says("t", big))
		cat.isIn()

		s.later(time.Minute)
		escaped := strings.Repeat("\x01", 16000) // six times as large on the wire
		ann.does(ann.says("t", escaped)).does(ann.says("t", escaped))
		s.refused("4106.MESSAGE_BYTES", ann.says("t", escaped))
	})
}
