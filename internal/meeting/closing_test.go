package meeting

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

func TestEndSessionByREST(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		waiting := s.client("bob", asksJoin).requestEntry()
		_, err := s.m.EndSession(s.ctx(), "another", hall, "")
		require.ErrorIs(t, err, ErrNotLive, "another account's meeting looks like none")
		_, err = s.m.EndSession(s.ctx(), account, hall, "older session")
		require.ErrorIs(t, err, ErrNotLive)
		_, err = s.m.EndSession(s.ctx(), account, "no meeting", "")
		require.ErrorIs(t, err, ErrNotLive)
		_, _, err = s.m.Present(s.ctx(), account, "no meeting", "")
		require.ErrorIs(t, err, ErrNotLive)
		ann.expectJoined()

		live, people, err := s.m.Present(s.ctx(), account, hall, ann.result.SessionID)
		require.NoError(t, err)
		require.Equal(t, 1, live.Waiting)
		require.Equal(t, []wire.Participant{ann.result.Welcome.Participant}, people)

		id, err := s.m.EndSession(s.ctx(), account, hall, "")
		require.NoError(t, err)
		require.Equal(t, ann.result.SessionID, id)
		require.True(t, s.records.session(id).ended, "written before the call returned")
		ann.expectClosed(wire.MeetingEndAPI, "4104.BY_API")
		waiting.expectClosed(wire.MeetingEndAPI, "4104.BY_API")
		_, err = s.m.EndSession(s.ctx(), account, hall, "")
		require.ErrorIs(t, err, ErrNotLive)

		// A lobby alone is no session.
		s.client("bob", asksJoin).requestEntry()
		_, err = s.m.EndSession(s.ctx(), account, hall, "")
		require.ErrorIs(t, err, ErrNotLive)
	})
}

func TestRemoveParticipantByREST(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		ann.clearEvents()
		_, err := s.m.RemoveParticipant(s.ctx(), account, hall, "", "nobody")
		require.ErrorIs(t, err, ErrNoParticipant)
		_, err = s.m.RemoveParticipant(s.ctx(), "another", hall, "", "bob")
		require.ErrorIs(t, err, ErrNotLive)
		id, err := s.m.RemoveParticipant(s.ctx(), account, hall, ann.result.SessionID, "bob")
		require.NoError(t, err)
		require.Equal(t, wire.RemovePeerAPI, s.records.session(id).left["bob"])
		bob.expectClosed(wire.RemovePeerAPI, "4103.BY_API")
		require.Equal(t, "bob", bob.fault.ParticipantID)
		ann.expectEvents(left(bob, wire.RemovePeerAPI)).expectJoined()
	})
}

func TestCloseAccountOrKey(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		key := func(k string) func(*JoinRequest) { return func(r *JoinRequest) { r.APIKey = k } }
		of := func(a string) func(*JoinRequest) { return func(r *JoinRequest) { r.AccountID = a } }
		ann, bob := s.client("ann", key("k1")).join(), s.client("bob", key("k2")).join()
		cat := s.client("cat", key("k1"), in("other")).join()
		dan := s.client("dan", key("k1"), in("other"), asksJoin).requestEntry()
		eve := s.client("eve", key("k3"), in("their"), of("another")).join()
		bob.clearEvents()

		revoked := fault.ApikeyDeactivatedDeactivated("k1", "now")
		s.m.CloseKey("k1", revoked)
		for _, a := range []*client{ann, cat, dan} {
			a.expectClosed(wire.RoomClose, "4053.DEACTIVATED")
			require.Equal(t, revoked.ID, a.fault.ID)
		}
		bob.expectEvents(left(ann, wire.RoomClose)).expectJoined()

		off := fault.AccountDiscontinuedDiscontinued("now").WithMessage("Call us.")
		s.m.CloseAccount(account, off)
		bob.expectClosed(wire.RoomClose, "4007.DISCONTINUED")
		require.Equal(t, "Call us.", bob.fault.Message)
		eve.expectJoined()

		// Joins that the gate looked at before that are refused, later ones are the gate's to refuse.
		late := s.client("late", func(r *JoinRequest) { r.CheckedAt = time.Now() })
		s.refused("4007.DISCONTINUED", late.tryJoin())
		s.refused(
			"4053.DEACTIVATED",
			s.client("late", of("another"), in("their"), key("k1"), func(r *JoinRequest) { r.CheckedAt = time.Now() }).tryJoin(),
		)
		s.advance(time.Millisecond)
		s.client("ok", func(r *JoinRequest) { r.CheckedAt = time.Now() }).join()
		s.advance(2 * closingMemory)
		s.m.CloseAccount("third", off)
		require.Len(t, s.m.closings, 1, "old closings are forgotten")
	})
}

func TestClose(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		waiting := s.client("bob", asksJoin, in("other")).requestEntry()
		f := fault.ServerShutdownStopped(1)
		require.NoError(t, s.m.Close(s.ctx(), f))
		ann.expectClosed(wire.RoomClose, "5102.STOPPED")
		waiting.expectClosed(wire.RoomClose, "5102.STOPPED")
		require.Equal(t, f.ID, waiting.fault.ID)
		require.Equal(t, f.ID, ann.fault.ID)
		require.True(t, s.records.session(ann.result.SessionID).ended)
		s.refused("5101.DRAINING", s.client("cat").tryJoin())
		s.m.SubscribeOffer(ann.peer(), wire.SubscribeOffer{})
		s.m.SpeakerChanged(ann.p.SessionID(), "ann")
	})
}

func TestCloseWithHangingDatabase(t *testing.T) {
	runScenario(t, Options{RecordTimeout: time.Hour}, func(s *scenario) {
		ann := s.client("ann").join()
		s.records.set(func() { s.records.writing = func(ctx context.Context) { <-ctx.Done() } })
		ctx, cancel := context.WithTimeout(s.ctx(), 3*time.Second)
		defer cancel()
		require.ErrorIs(t, s.m.Close(ctx, fault.ServerShutdownStopped(1)), context.DeadlineExceeded)
		ann.expectClosed(wire.RoomClose, "5102.STOPPED")
		s.wait()
		require.NotEmpty(t, s.reported, "what was lost is reported")
	})
}

func TestCloseDuringSessionStart(t *testing.T) {
	runScenario(t, Options{RecordTimeout: time.Hour}, func(s *scenario) {
		s.records.set(func() { s.records.writing = func(ctx context.Context) { <-ctx.Done() } })
		joins := make(chan error)
		go func() { joins <- s.client("ann").tryJoin() }()
		s.wait()
		over, cancel := context.WithCancel(s.ctx())
		cancel()
		require.ErrorIs(t, s.m.Close(over, fault.ServerShutdownStopped(0)), context.Canceled)
		s.refused("5101.STORE", <-joins)
	})
}

func TestHangingDatabaseKeepsMeetings(t *testing.T) {
	runScenario(t, Options{RecordTimeout: time.Second}, func(s *scenario) {
		ann := s.client("ann").join()
		s.records.set(func() { s.records.writing = func(ctx context.Context) { <-ctx.Done() } })
		for range maxWrites/2 + 10 {
			ann.publishes(wire.Audio).succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Audio}))
		}
		ann.expectJoined()
		require.Len(t, s.reported, 1)
		require.ErrorIs(t, s.reported[0], errWritesFull)
		s.records.set(func() {
			s.records.writing = nil
			s.records.failures = nil
		})
		s.advance(2 * time.Second)
		ann.succeeds(ann.p.Leave(s.ctx()))
		s.wait()
		s.records.set(func() { s.records.failures = nil }) // the log has a gap
	})
}

// Whoever races with the closing of its account is out when both calls are done.
func TestJoinDuringAccountClose(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		for range 50 {
			late := s.client("ann", func(r *JoinRequest) { r.CheckedAt = time.Now() })
			var both sync.WaitGroup
			var err error
			both.Go(func() { err = late.tryJoin() })
			both.Go(func() {
				s.m.CloseAccount(account, fault.AccountDeactivatedDeactivated("now"))
			})
			both.Wait()
			if err != nil {
				s.refused("4006.DEACTIVATED", err)
			} else {
				late.expectClosed(wire.RoomClose, "4006.DEACTIVATED")
			}
			s.advance(time.Second)
		}
	})
}

// A room that empties while somebody is on the way in stays for them; none of many who come and go is lost.
func TestJoinWhileLastLeaves(t *testing.T) {
	records := newMemoryRecords()
	m := New(Options{Records: records, Report: func(_ context.Context, f *fault.Error) { t.Error(f) }})
	media := newMemoryMedia(m)
	m.SetMedia(media)
	s := &scenario{t: t, m: m, media: media, records: records}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 200 {
				a := &client{s: s, name: fmt.Sprint("p", i), req: s.request(fmt.Sprint("p", i))}
				if err := a.tryJoin(); err != nil {
					t.Error(err)
					return
				}
				if err := a.p.Leave(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	require.NoError(t, m.Close(t.Context(), fault.ServerShutdownStopped(0)))
	require.Empty(t, media.failures)
	require.Empty(t, records.failures)
}

// 200 meetings come and go, for real and all at once: nothing is left of them.
func TestEndedMeetingsAreFreed(t *testing.T) {
	records := newMemoryRecords()
	m := New(Options{Records: records, Report: func(_ context.Context, f *fault.Error) { t.Error(f) }})
	media := newMemoryMedia(m)
	m.SetMedia(media)
	s := &scenario{t: t, m: m, media: media, records: records}
	before := runtime.NumGoroutine()
	var all sync.WaitGroup
	for i := range 200 {
		hall := fmt.Sprint("hall ", i)
		ann, bob, cat := s.client("ann", in(hall)), s.client("bob", in(hall)), s.client("cat", in(hall), asksJoin)
		all.Go(func() {
			errs := []error{ann.tryJoin(), cat.tryJoin(), bob.tryJoin()}
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
				return
			}
			_, err := ann.p.Publish(t.Context(), offer(wire.Audio, wire.Video))
			errs = append(
				errs,
				err,
				bob.p.RespondEntry(t.Context(), wire.RespondEntryParams{ParticipantID: "cat", Decision: wire.Allowed}),
			)
			for _, a := range []*client{ann, bob, cat} {
				errs = append(errs, a.says("CHAT", "bye", persist))
			}
			bob.p.Disconnected()
			errs = append(errs, ann.p.Leave(t.Context()), cat.p.Leave(t.Context()))
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Eventually(t, func() bool { return len(m.allRooms()) == 0 }, 5*time.Second, time.Millisecond)
	m.running.Wait()
	require.Eventually(
		t,
		func() bool { return runtime.NumGoroutine() <= before+2 },
		5*time.Second,
		time.Millisecond,
		"2: this poll",
	)
	require.Empty(t, m.sessions)
	require.Empty(t, m.usage.accounts)
	require.Empty(t, media.peers)
	require.Empty(t, media.failures)
	require.Empty(t, records.failures)
	require.Len(t, records.sessions, 200)
	require.NoError(t, m.Close(t.Context(), fault.ServerShutdownStopped(0)))
}
