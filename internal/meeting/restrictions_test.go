package meeting

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// restricts makes the params that take rights, or give them back.
func restricts(value bool, rights ...wire.Right) wire.RestrictParams {
	var params wire.RestrictParams
	for _, right := range rights {
		switch right {
		case wire.AudioRight:
			params.Audio = &value
		case wire.VideoRight:
			params.Video = &value
		case wire.ShareRight:
			params.Share = &value
		case wire.ChatRight:
			params.Chat = &value
		}
	}
	return params
}

func chat(topic string) wire.PublishMessageParams {
	return wire.PublishMessageParams{Topic: topic, Message: "hello"}
}

func switchOn(kind wire.Kind) wire.SetStreamParams {
	return wire.SetStreamParams{Kind: kind, Enabled: true}
}

// enabled are the kinds of the own streams that are on.
func (a *client) enabled() []wire.Kind {
	a.s.wait()
	kinds := []wire.Kind{}
	for _, kind := range wire.Kinds {
		if s := a.p.streams[kind]; s != nil && s.enabled {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func TestRestrict(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob", plain).join()
		f := s.refused("4105.NEEDS_PERMISSION", bob.p.Restrict(s.ctx(), restricts(true, wire.AudioRight)))
		require.Equal(t, map[string]any{"method": "restrict", "permission": "allow_mod"}, f.Details)

		for _, one := range []*client{ann, bob} {
			_, err := one.p.Publish(s.ctx(), offer(wire.Kinds...))
			require.NoError(t, err)
			require.Equal(t, wire.Kinds, one.enabled())
		}
		ann.clearEvents()
		bob.clearEvents()
		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(true, wire.AudioRight)))
		stopped := wire.StreamDisabled{ParticipantID: "bob", Stream: bob.p.streams[wire.Audio].Stream, By: "ann"}
		for _, one := range []*client{ann, bob} {
			one.expectEvents(wire.RestrictionsChanged{Restrictions: wire.Restrictions{Audio: true}, By: "ann"}, stopped)
		}
		require.Equal(t, []wire.Kind{wire.Video, wire.Share, wire.ShareAudio}, bob.enabled())
		require.Equal(t, wire.Kinds, ann.enabled(), "who moderates is not bound")
		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(true, wire.AudioRight))).expectEvents() // nothing changes

		// What is not named stays.
		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(true, wire.ShareRight, wire.ChatRight)))
		require.Equal(t, []wire.Kind{wire.Video}, bob.enabled())
		want := wire.Restrictions{Audio: true, Share: true, Chat: true}
		require.Equal(t, want, s.client("cat", plain).join().result.Welcome.Restrictions)

		for kind, reason := range map[wire.Kind]string{
			wire.Audio: "AUDIO_RESTRICTED", wire.Share: "SHARE_RESTRICTED", wire.ShareAudio: "SHARE_RESTRICTED",
		} {
			f := s.refused("4105."+reason, bob.p.SetStream(s.ctx(), switchOn(kind)))
			require.Equal(t, map[string]any{"method": "setStream", "right": string(kind.Right())}, f.Details)
		}
		s.refused("4105.AUDIO_RESTRICTED", ann.p.RequestStream(s.ctx(), wire.RequestStreamParams{
			ParticipantID: "bob", Kind: wire.Audio, Enabled: true,
		}))
		_, err := bob.p.PublishMessage(s.ctx(), chat(wire.ChatTopic))
		s.refused("4105.CHAT_RESTRICTED", err)
		_, err = bob.p.PublishMessage(s.ctx(), chat("POLL"))
		require.NoError(t, err, "the topics of applications are their own")
		_, err = ann.p.PublishMessage(s.ctx(), chat(wire.ChatTopic))
		require.NoError(t, err)

		id, now, err := s.m.Restrict(s.ctx(), account, hall, "", restricts(false, wire.AudioRight, wire.ChatRight))
		require.NoError(t, err)
		require.Equal(t, ann.result.SessionID, id)
		require.Equal(t, wire.Restrictions{Share: true}, now)
		require.Equal(t, []wire.Kind{wire.Video}, bob.enabled(), "people switch on themselves")
		bob.succeeds(bob.p.SetStream(s.ctx(), switchOn(wire.Audio)))
		_, err = bob.p.PublishMessage(s.ctx(), chat(wire.ChatTopic))
		require.NoError(t, err)

		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(true, wire.VideoRight)))
		s.refused("4105.VIDEO_RESTRICTED", bob.p.SetStream(s.ctx(), switchOn(wire.Video)))
		require.Equal(t, []wire.Kind{wire.Audio}, bob.enabled())

		// What holds is decided when somebody acts: as a moderator bob is not bound.
		bob = s.client("bob").join()
		_, err = bob.p.Publish(s.ctx(), offer(wire.Video, wire.Share))
		require.NoError(t, err)
		require.Equal(t, []wire.Kind{wire.Video, wire.Share}, bob.enabled())
	})
}

// One offer carries all streams: it is answered, and what may not be on arrives switched off.
func TestPublishingWhatIsRestricted(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob", plain).join()
		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(true, wire.VideoRight)))
		bob.clearEvents()
		ann.clearEvents()
		_, err := bob.p.Publish(s.ctx(), offer(wire.Audio, wire.Video))
		require.NoError(t, err)
		require.Equal(t, []wire.Kind{wire.Audio}, bob.enabled())
		on := wire.StreamEnabled{ParticipantID: "bob", Stream: bob.p.streams[wire.Audio].Stream}
		off := wire.StreamDisabled{ParticipantID: "bob", Stream: bob.p.streams[wire.Video].Stream, By: "ann"}
		bob.expectEvents(on, off)
		ann.expectEvents(on)
		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(false, wire.VideoRight)))
		bob.succeeds(bob.p.SetStream(s.ctx(), switchOn(wire.Video)))
		require.Equal(t, []wire.Kind{wire.Audio, wire.Video}, bob.enabled())
	})
}

// A right that is taken while media works on an offer beats the offer, and one that is back by then is as if nothing
// had been.
func TestRestrictWhilePublishing(t *testing.T) {
	for _, tt := range []struct {
		name string
		back bool
		want []wire.Kind
	}{
		{"taken", false, []wire.Kind{wire.Video}},
		{"taken and given back", true, []wire.Kind{wire.Audio, wire.Video}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			runScenario(t, Options{}, func(s *scenario) {
				ann, bob := s.client("ann").join(), s.client("bob", plain).join()
				s.media.set(func() {
					s.media.working = func(Peer, context.Context) {
						ann.succeeds(ann.p.Restrict(s.ctx(), restricts(true, wire.AudioRight)))
						if tt.back {
							ann.succeeds(ann.p.Restrict(s.ctx(), restricts(false, wire.AudioRight)))
						}
					}
				})
				bob.publishes(wire.Audio, wire.Video)
				s.media.set(func() { s.media.working = nil })
				require.Equal(t, tt.want, bob.enabled())
				told := slices.ContainsFunc(bob.events, func(e wire.Event) bool {
					off, is := e.(wire.StreamDisabled)
					return is && off.By == "ann"
				})
				require.Equal(t, !tt.back, told)
			})
		})
	}
}

// Nobody is there who could switch an encoder on again: it comes back with the right, unless a moderator had switched
// it off.
func TestRestrictionsOfAnEncoder(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		encoder, err := s.direct("encoder", plain)
		require.NoError(t, err)
		_, err = encoder.Publish(s.ctx(), offer(wire.Audio, wire.Video))
		require.NoError(t, err)
		require.Len(t, encoder.describe().Streams, 2)
		both := []wire.Right{wire.AudioRight, wire.VideoRight}

		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(true, both...)))
		require.Empty(t, encoder.describe().Streams)
		_, err = encoder.Publish(s.ctx(), offer(wire.Audio, wire.Video)) // as when ICE is restarted
		require.NoError(t, err)
		require.Empty(t, encoder.describe().Streams)
		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(false, both...)))
		require.Len(t, encoder.describe().Streams, 2)

		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(true, both...)))
		ann.succeeds(ann.p.RequestStream(s.ctx(), wire.RequestStreamParams{ParticipantID: "encoder", Kind: wire.Video}))
		ann.succeeds(ann.p.Restrict(s.ctx(), restricts(false, both...)))
		s.wait()
		require.Len(t, encoder.describe().Streams, 1, "the moderator wanted the picture off")
	})
}

// The next server keeps the restrictions, and who took which right.
func TestRestrictionsGoOnElsewhere(t *testing.T) {
	runOwners(t, Options{}, func(a, b *server) {
		ann := a.client("ann").join()
		a.client("bob", plain).join()
		ann.succeeds(ann.p.Restrict(a.ctx(), restricts(true, wire.AudioRight, wire.ChatRight)))
		a.advance(2 * time.Second)
		a.isLost(b)
		b.back("ann")
		bob := b.back("bob")
		require.Equal(t, wire.Restrictions{Audio: true, Chat: true}, bob.result.Welcome.Restrictions)
		_, err := bob.p.Publish(b.ctx(), offer(wire.Audio))
		require.NoError(t, err)
		require.Empty(t, bob.enabled())
		bob.expectEvents(
			wire.StreamDisabled{ParticipantID: "bob", Stream: bob.p.streams[wire.Audio].Stream, By: "ann"},
		)
		b.refused("4105.AUDIO_RESTRICTED", bob.p.SetStream(b.ctx(), switchOn(wire.Audio)))
	})
}
