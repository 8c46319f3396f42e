package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

func TestJoinAndLeave(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann", func(r *JoinRequest) { r.MetaData = json.RawMessage(`{"team":"red"}`) }).join()
		require.Equal(t, []string{"allow_join", "allow_mod", "allow_end"}, ann.result.Welcome.Permissions)
		require.Equal(t, ann.result.SessionID, ann.result.Welcome.SessionID)
		require.Empty(t, ann.result.Welcome.Participants)

		bob := s.client("bob", plain, mode(wire.RecvOnly)).join()
		require.Equal(t, []string{"allow_join"}, bob.result.Welcome.Permissions)
		require.Equal(t, ann.result.SessionID, bob.result.SessionID)
		require.JSONEq(t, `{"team":"red"}`, string(bob.result.Welcome.Participants[0].MetaData))
		ann.expectEvents(bob.joined())

		rec := s.records.session(ann.result.SessionID)
		require.Equal(t, hall, rec.MeetingID)
		require.Equal(
			t,
			map[string]wire.Mode{"ann": wire.SendAndRecv, "bob": wire.RecvOnly},
			rec.modes,
			"written before join returned",
		)
		live := s.m.Live(account)
		require.Len(t, live, 1)
		require.Equal(t, 2, live[0].Participants)
		require.Equal(t, Counts{Sessions: 1, Participants: 2}, s.m.Counts())
		require.Empty(t, s.m.Live("another"))

		bob.succeeds(bob.p.Leave(s.ctx())).expectClosed(wire.ManualLeave, "")
		ann.expectEvents(left(bob, wire.ManualLeave))
		ann.p.Disconnected()
		ann.expectClosed(wire.WebSocketDisconnected, "")

		rec = s.records.session(ann.result.SessionID)
		require.True(t, rec.ended)
		require.Equal(t, map[string]wire.LeaveCode{"ann": wire.WebSocketDisconnected, "bob": wire.ManualLeave}, rec.left)
		require.Equal(t, Counts{}, s.m.Counts())

		s.refused("3035.LEFT", ann.p.Leave(s.ctx()))
		s.refused("3035.LEFT", ann.p.End(s.ctx()))
		s.refused("3035.LEFT", ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "RECV_ONLY"}))
		ann.p.Disconnected()

		again := s.client("ann").join()
		require.NotEqual(t, ann.result.SessionID, again.result.SessionID, "a new session")
	})
}

func TestWelcomeListsAccountPermissions(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		eve := s.client("eve", plain, func(r *JoinRequest) { r.MayEnd, r.MayEgress = true, true }).join()
		require.Equal(t, []string{"allow_join", "allow_end", "allow_egress"}, eve.result.Welcome.Permissions)
	})
}

func TestGeneratedParticipantIDs(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		anon := s.client("", func(r *JoinRequest) {}).join()
		require.Len(t, anon.p.ID(), 12)
		require.Equal(t, anon.p.ID(), anon.result.ParticipantID)
		require.Equal(t, hall, anon.p.MeetingID())
		other := s.client("").join()
		require.NotEqual(t, anon.p.ID(), other.p.ID())
	})
}

func TestIDWithSpacesAndEmoji(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) { s.client("\U0001F980 emoji").join() })
}

func TestMeetingLimits(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		two := limited(Limits{Participants: 2})
		ann, bob := s.client("ann", two).join(), s.client("bob", two).join()
		f := s.refused("4009.LIMIT", s.client("cat", two).tryJoin())
		require.Equal(t, map[string]any{"limit": int64(2), "present": int64(2), "scope": "account"}, f.Details)
		require.True(t, f.Fatal)

		again := s.client("bob", two).join()
		bob.expectClosed(wire.DuplicateParticipantLeave, "4005.REPLACED")
		ann.expectEvents(bob.joined(), left(bob, wire.DuplicateParticipantLeave), again.joined())

		s.client("dan", two, in("other")).join()
		again.succeeds(again.p.Leave(s.ctx()))
		s.client("cat", two).join()
	})
	runScenario(t, Options{}, func(s *scenario) {
		one := limited(Limits{Speakers: 1})
		ann := s.client("ann", one).join()
		s.refused("4010.LIMIT", s.client("bob", one).tryJoin())
		bob := s.client("bob", one, mode(wire.RecvOnly)).join()
		f := s.refused("4010.LIMIT", bob.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "CONFERENCE"}))
		require.False(t, f.Fatal, "bob stays")
		bob.expectJoined()
		ann.succeeds(ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "VIEWER"}))
		bob.succeeds(bob.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "SEND_AND_RECV"}))
		s.refused("4010.LIMIT", s.client("ann", one).tryJoin())
		ann.expectJoined()
		s.client("bob", one).join()
		bob.expectClosed(wire.DuplicateParticipantLeave, "4005.REPLACED")
	})
}

func TestAccountLimits(t *testing.T) {
	limits := limited(Limits{AccountSpeakers: 1, AccountViewers: 1, AccountReceivers: 1})
	codes := map[wire.Mode]string{
		wire.SendAndRecv: "4026.LIMIT", wire.SignallingOnly: "4027.LIMIT", wire.RecvOnly: "4041.LIMIT",
	}
	for m, want := range codes {
		t.Run(string(m), func(t *testing.T) {
			runScenario(t, Options{}, func(s *scenario) {
				s.client("ann", limits, mode(m)).join()
				s.refused(want, s.client("bob", limits, mode(m), in("other")).tryJoin())
				s.client("bob", limits, mode(m), in("their"), func(r *JoinRequest) { r.AccountID = "another" }).join()

				other := wire.Modes[(1+indexOf(m))%len(wire.Modes)]
				cat := s.client("cat", limits, mode(other), in("third")).join()
				f := s.refused(want, cat.p.SetMode(s.ctx(), wire.SetModeParams{Mode: string(m)}))
				require.False(t, f.Fatal)

				ann := s.client("ann", limits, mode(m)).join()
				ann.succeeds(ann.p.Leave(s.ctx()))
				cat.succeeds(cat.p.SetMode(s.ctx(), wire.SetModeParams{Mode: string(m)}))
			})
		})
	}
}

func indexOf(m wire.Mode) int {
	for i, other := range wire.Modes {
		if other == m {
			return i
		}
	}
	return -1
}

func TestNewerConnectionReplacesOlder(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join().publishes(wire.Audio, wire.Share)
		session := ann.result.SessionID
		newer := s.client("ann", func(r *JoinRequest) {
			r.Client = wire.ClientInfo{SDKType: "js", SDKVersion: "0.1", BrowserUserAgent: "Firefox"}
		}).join()
		ann.expectClosed(wire.DuplicateParticipantLeave, "4005.REPLACED")
		require.Equal(t, "js 0.1 Firefox", ann.fault.Details["client"])
		require.Equal(t, session, newer.result.SessionID, "the session went on, though nobody else was there")
		require.Empty(t, newer.result.Welcome.PresenterID)
		require.Empty(t, s.media.of(newer.peer()).streams, "nothing of the older at media")
		s.refused("3035.LEFT", ann.p.Leave(s.ctx()))
		newer.publishes(wire.Video).expectJoined()
	})
}

func TestFailedJoinReplacesNobody(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		s.client("bob").join()
		s.refused("4009.LIMIT", s.client("ann", limited(Limits{Participants: 1})).tryJoin())
		ann.expectJoined()
		waiting := s.client("cat", asksJoin).requestEntry()
		s.refused("4009.LIMIT", s.client("cat", asksJoin, limited(Limits{Participants: 1})).tryJoin())
		waiting.expectJoined()
	})
}

func TestSessionNeedsItsRecord(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		s.records.set(func() { s.records.fail = errors.New("disk full") })
		f := s.refused("5101.STORE", s.client("ann").tryJoin())
		require.ErrorContains(t, f.Unwrap(), "disk full")
		s.wait()
		require.Empty(t, s.m.rooms)
		s.records.set(func() { s.records.fail = nil })
		ann := s.client("ann").join()

		s.records.set(func() { s.records.fail = errors.New("disk full") })
		bob := s.client("bob").join()
		bob.succeeds(bob.p.Leave(s.ctx()))
		ann.expectJoined()
		s.wait()
		require.Len(t, s.reported, 1, "a dead database is one report")
		require.Equal(t, "5101.STORE", key(s.reported[0]))
		s.records.set(func() { s.records.fail = nil })
	})
}

func TestMediaRefusesAttach(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		s.media.set(func() { s.media.refuse = fault.ServerUnavailableStore("media") })
		s.refused("5101.STORE", s.client("ann").tryJoin())
		s.media.set(func() { s.media.refuse = nil })
		ann := s.client("ann").join()
		waiting := s.client("bob", asksJoin).requestEntry()
		s.media.set(func() { s.media.refuse = fault.ServerUnavailableStore("media") })
		s.refused("5101.STORE", s.client("ann", mode(wire.RecvOnly)).tryJoin())
		require.Equal(t, map[wire.Mode]int{wire.SendAndRecv: 1}, s.m.usage.accounts[account])
		ann.expectJoined()
		s.refused("5101.STORE", ann.answersEntry(waiting, wire.Allowed))
		waiting.expectClosed(wire.JoinRoomFailed, "5101.STORE")
		s.media.set(func() { s.media.refuse = nil })
	})
}

func TestSlowDatabaseDelaysNobody(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		release := make(chan struct{})
		s.records.set(func() { s.records.writing = func(context.Context) { <-release } })
		ann.publishes(wire.Audio)
		bob.clearEvents()
		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Audio}))
		bob.expectEvents(
			wire.StreamDisabled{ParticipantID: "ann", Stream: wire.Stream{ID: "stream-1", Kind: wire.Audio, Codec: "opus"}},
		)
		close(release)
		s.records.set(func() { s.records.writing = nil })
	})
}

func TestCancelledCall(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ctx, cancel := context.WithCancel(s.ctx())
		cancel()
		_, _, err := s.m.Join(ctx, s.client("ann").req, s.client("ann"))
		s.refused("3056.CANCELLED", err)
		ann := s.client("ann").join()
		s.refused("3056.CANCELLED", ann.p.End(ctx))
		_, err = ann.p.Publish(ctx, offer(wire.Audio))
		s.refused("3056.CANCELLED", err)
		ann.expectJoined()
	})
}

func TestAutoClose(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		auto := func(deactivate bool) func(*JoinRequest) {
			return func(r *JoinRequest) {
				r.AutoClose = AutoClose{DurationMin: 3, Deactivate: deactivate}
				r.CheckedAt = time.Now()
			}
		}
		ann := s.client("ann", auto(false)).join()
		s.advance(2 * time.Minute)
		bob := s.client("bob", auto(false)).join()
		waiting := s.client("cat", auto(false), asksJoin).requestEntry()
		s.advance(59 * time.Second)
		ann.expectJoined()
		s.advance(time.Second)
		ann.expectClosed(wire.RoomClose, "4104.AUTO_CLOSED")
		bob.expectClosed(wire.RoomClose, "4104.AUTO_CLOSED")
		waiting.expectClosed(wire.RoomClose, "4104.AUTO_CLOSED")
		require.Equal(t, ann.fault.ID, bob.fault.ID, "one incident, one id")
		require.Empty(t, s.records.disabled)

		ann = s.client("ann", auto(true)).join()
		late := s.client("late", auto(true))
		s.advance(3 * time.Minute)
		ann.expectClosed(wire.RoomClose, "4104.AUTO_CLOSED")
		require.Equal(t, []string{hall}, s.records.disabled)
		s.refused("4052.DEACTIVATED", late.tryJoin())
	})
}
