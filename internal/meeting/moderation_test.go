package meeting

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func TestEnd(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob, cat := s.client("ann").join(), s.client("bob", plain).join(), s.client("cat").join()
		f := s.refused("4105.NEEDS_PERMISSION", bob.p.End(s.ctx()))
		require.Equal(t, map[string]any{"method": "end", "permission": "allow_mod"}, f.Details)
		ann.clearEvents()
		bob.clearEvents()
		ann.succeeds(ann.p.End(s.ctx())).expectEvents().expectClosed(wire.RemoveAll, "")
		bob.expectEvents().expectClosed(wire.RemoveAll, "4104.BY_PARTICIPANT")
		cat.expectClosed(wire.RemoveAll, "4104.BY_PARTICIPANT")
		require.Equal(t, bob.fault.ID, cat.fault.ID)
		require.Equal(t, "ann", cat.fault.Details["by"])
		require.True(t, s.records.session(ann.result.SessionID).ended)
	})
}

func TestRemove(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob, cat := s.client("ann").join(), s.client("bob", plain).join(), s.client("cat").join()
		remove := func(who *client, id string) error {
			return who.p.Remove(s.ctx(), wire.ParticipantParams{ParticipantID: id})
		}
		s.refused("4066.NOT_PERMITTED", remove(bob, "cat"))
		s.refused("4066.NOT_PERMITTED", remove(bob, "nobody")) // permission before existence
		s.refused("4066.NO_SUCH_PARTICIPANT", remove(ann, "\U0001F47B\x00"))
		bob.clearEvents()
		ann.succeeds(remove(ann, "cat"))
		cat.expectClosed(wire.RemovePeer, "4103.BY_MODERATOR")
		require.Equal(t, "cat", cat.fault.ParticipantID)
		bob.expectEvents(left(cat, wire.RemovePeer))
		s.refused("4066.NO_SUCH_PARTICIPANT", remove(ann, "cat"))
	})
}

// Who was removed has to be let in again, by the id or by a token of its own; others are not concerned, nor is the next
// session.
func TestRemovedHasToAsk(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		with := func(token byte) func(*JoinRequest) { return func(r *JoinRequest) { r.TokenSum[0] = token } }
		ann := s.client("ann", with(1)).join()
		remove := func(id string) {
			ann.succeeds(ann.p.Remove(s.ctx(), wire.ParticipantParams{ParticipantID: id}))
		}
		s.client("cat", with(2)).join()
		remove("cat")
		again := s.client("another id", with(2)).requestEntry()
		ann.succeeds(ann.answersEntry(again, wire.Allowed))
		again.expectJoined()
		again.succeeds(again.p.Leave(s.ctx()))
		s.client("another id", with(2)).join() // it was forgiven

		s.client("dan", with(3)).join()
		s.client("eve", with(3)).join()
		remove("dan")
		s.client("dan", with(4)).requestEntry()
		s.client("fay", with(3)).join() // the token is that of many

		ann.succeeds(ann.p.End(s.ctx()))
		s.client("dan", with(3)).join()
	})
}

func TestRequestStream(t *testing.T) {
	codes := map[wire.Kind]struct{ on, off string }{wire.Audio: {"4067", "4068"}, wire.Video: {"4069", "4070"}}
	for kind, code := range codes {
		t.Run(string(kind), func(t *testing.T) {
			runScenario(t, Options{}, func(s *scenario) {
				ann, bob := s.client("ann").join(), s.client("bob", plain).join()
				request := func(who *client, id string, on bool) error {
					return who.p.RequestStream(s.ctx(), wire.RequestStreamParams{ParticipantID: id, Kind: kind, Enabled: on})
				}
				s.refused(code.on+".NOT_PERMITTED", request(bob, "ann", true))
				s.refused(code.off+".NOT_PERMITTED", request(bob, "nobody", false))
				s.refused(code.on+".NO_SUCH_PARTICIPANT", request(ann, "nobody", true))
				s.refused(code.off+".NO_SUCH_PARTICIPANT", request(ann, "nobody", false))

				bob.publishes(kind).clearEvents()
				ann.clearEvents().succeeds(request(ann, "bob", true)) // it is on
				bob.expectEvents()
				ann.succeeds(request(ann, "bob", false))
				off := disabled(bob, sent("stream-1", kind), "ann")
				ann.expectEvents(off)
				bob.expectEvents(off)
				require.False(t, s.media.of(bob.peer()).streams[kind])
				ann.succeeds(request(ann, "bob", false)).expectEvents()
				bob.expectEvents(off) // so that its client does not switch it on by itself

				ann.succeeds(request(ann, "bob", true)).expectEvents()
				var asked wire.Event = wire.MicRequested{ParticipantID: "ann"}
				if kind == wire.Video {
					asked = wire.WebcamRequested{ParticipantID: "ann"}
				}
				bob.expectEvents(asked)
				require.False(t, s.media.of(bob.peer()).streams[kind], "bob decides")

				bob.succeeds(bob.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "RECV_ONLY"}))
				f := s.refused(code.on+".TARGET_MODE", request(ann, "bob", true))
				require.Equal(t, "RECV_ONLY", f.Details["mode"])
				ann.succeeds(request(ann, "bob", false))
			})
		})
	}
}

func TestPins(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob", plain).join()
		ann.clearEvents()
		pin := func(who *client, id string, state wire.PinState) error {
			return who.p.Pin(s.ctx(), wire.PinParams{ParticipantID: id, State: state})
		}
		both := wire.PinState{Cam: true, Share: true}
		bob.succeeds(pin(bob, "ann", both)).succeeds(pin(bob, "ann", both)).succeeds(pin(bob, "bob", wire.PinState{}))
		changed := wire.PinChanged{ParticipantID: "ann", State: both, PinnedBy: "bob"}
		ann.expectEvents(changed)
		bob.expectEvents(changed)
		require.Equal(t, both, s.media.of(ann.peer()).pinned)
		require.Equal(t, []wire.PinChanged{changed}, s.client("cat").join().result.Welcome.Pins)
		ann.clearEvents()
		ann.succeeds(pin(ann, "ann", wire.PinState{})).expectEvents(wire.PinChanged{ParticipantID: "ann", PinnedBy: "ann"})
		require.Zero(t, s.media.of(ann.peer()).pinned)
		ann.succeeds(pin(ann, "bob", both))
		bob.succeeds(bob.p.Leave(s.ctx()))
		require.Empty(t, s.client("dan").join().result.Welcome.Pins, "pins go with the pinned")
		require.Empty(t, s.client("bob").join().result.Welcome.Pins)
		s.refused("4071.NO_SUCH_PARTICIPANT", pin(ann, "nobody", both))
		s.refused("4072.NO_SUCH_PARTICIPANT", pin(ann, "nobody", wire.PinState{}))
	})
}
