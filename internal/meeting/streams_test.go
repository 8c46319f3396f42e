package meeting

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

func enabled(a *client, s wire.Stream) wire.StreamEnabled {
	return wire.StreamEnabled{ParticipantID: a.name, Stream: s}
}

func disabled(a *client, s wire.Stream, by string) wire.StreamDisabled {
	return wire.StreamDisabled{ParticipantID: a.name, Stream: s, By: by}
}

func sent(id string, kind wire.Kind) wire.Stream {
	return wire.Stream{ID: id, Kind: kind, Codec: codecs[kind]}
}

func refs(a *client, kinds ...wire.Kind) []StreamRef {
	var out []StreamRef
	for _, kind := range kinds {
		out = append(out, StreamRef{ParticipantID: a.name, Kind: kind})
	}
	return out
}

func TestStreamsAreAnnouncedAndSubscribed(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		ann.clearEvents()
		mic, cam := sent("stream-1", wire.Audio), sent("stream-2", wire.Video)

		params := offer(wire.Audio, wire.Video)
		params.Streams[1].Enabled = false
		result, err := ann.p.Publish(s.ctx(), params)
		ann.succeeds(err)
		require.Equal(t, wire.PublishResult{SDP: "v=0 answer", Streams: []wire.Stream{mic, cam}}, result)
		ann.expectEvents(enabled(ann, mic))
		bob.expectEvents(enabled(ann, mic))
		require.Equal(
			t,
			refs(ann, wire.Audio, wire.Video),
			s.media.of(bob.peer()).subscribed,
			"what is negotiated, on or off",
		)
		require.Empty(t, s.media.of(ann.peer()).subscribed)

		// Off and on need no offer.
		before := s.media.of(bob.peer()).subscribes
		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Video, Enabled: true}))
		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Video, Enabled: true}))
		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Audio}))
		bob.expectEvents(enabled(ann, cam), disabled(ann, mic, ""))
		require.Equal(t, before, s.media.of(bob.peer()).subscribes)
		require.Equal(t, map[wire.Kind]bool{wire.Audio: false, wire.Video: true}, s.media.of(ann.peer()).streams)
		require.Equal(
			t,
			map[StreamRef]bool{{ParticipantID: "ann", Kind: wire.Video}: true},
			s.records.session(ann.p.SessionID()).streams,
		)

		cat := s.client("cat").join()
		require.Equal(t, []wire.Stream{cam}, cat.result.Welcome.Participants[0].Streams)
		require.Equal(t, refs(ann, wire.Audio, wire.Video), s.media.of(cat.peer()).subscribed)
		bob.clearEvents()

		// An offer is the whole: what it does not name is gone.
		ann.publishes(wire.Audio)
		bob.expectEvents(disabled(ann, cam, ""), enabled(ann, mic))
		require.Equal(t, refs(ann, wire.Audio), s.media.of(bob.peer()).subscribed)

		cat.publishes(wire.Audio)
		require.Equal(t, append(refs(ann, wire.Audio), refs(cat, wire.Audio)...), s.media.of(bob.peer()).subscribed)
		ann.succeeds(ann.p.Leave(s.ctx()))
		s.wait()
		require.Equal(t, refs(cat, wire.Audio), s.media.of(bob.peer()).subscribed)
	})
}

func TestCodecChange(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join().publishes(wire.Video).clearEvents()
		was := sent("stream-1", wire.Video)
		now := was
		now.Codec = "H264"
		defer func() { codecs[wire.Video] = "VP8" }()
		s.media.set(func() { codecs[wire.Video] = "H264" })
		ann.publishes(wire.Video).expectEvents(disabled(ann, was, ""), enabled(ann, now))
		require.True(t, s.media.of(ann.peer()).streams[wire.Video])
	})
}

func TestInvalidPublish(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		nonsense := offer(wire.Audio, wire.Video)
		nonsense.SDP = "nonsense"
		_, err := ann.p.Publish(s.ctx(), nonsense)
		s.refused("4107.BAD_SDP", err)
		ann.expectEvents()

		s.refused("4107.NOT_PUBLISHED", ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Audio, Enabled: true}))
		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Audio}))
		s.refused("4107.BAD_SDP", ann.p.Answer(s.ctx(), wire.AnswerParams{SDP: "nonsense"}))
		ann.succeeds(ann.p.Answer(s.ctx(), wire.AnswerParams{OfferID: 3, SDP: "v=0"}))
		require.Len(t, s.media.of(ann.peer()).answers, 1)
		s.media.set(func() { s.media.refuse = fmt.Errorf("apply answer: %w", context.DeadlineExceeded) })
		s.refused("3056.CANCELLED", ann.p.Answer(s.ctx(), wire.AnswerParams{SDP: "v=0"}))
		s.media.set(func() { s.media.refuse = errors.New("out of ports") })
		s.refused("5101.INTERNAL", ann.p.Answer(s.ctx(), wire.AnswerParams{SDP: "v=0"}))
	})
}

func TestModes(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		ann.publishes(wire.Audio, wire.Share)
		bob.publishes(wire.Video)
		mic, share := sent("stream-1", wire.Audio), sent("stream-2", wire.Share)
		ann.clearEvents()
		bob.clearEvents()

		ann.succeeds(ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "RECV_ONLY"}))
		told := []wire.Event{
			disabled(ann, mic, ""), disabled(ann, share, ""), wire.PresenterChanged{},
			wire.ParticipantModeChanged{ParticipantID: "ann", Mode: wire.RecvOnly},
		}
		ann.expectEvents(told...)
		bob.expectEvents(told...)
		require.Equal(t, map[wire.Kind]bool{wire.Audio: false, wire.Share: false}, s.media.of(ann.peer()).streams)
		require.Equal(t, refs(bob, wire.Video), s.media.of(ann.peer()).subscribed)
		_, err := ann.p.Publish(s.ctx(), offer(wire.Audio))
		f := s.refused("3066.MODE", err)
		require.Equal(t, map[string]any{"method": "publish", "mode": "RECV_ONLY", "needs": "SEND_AND_RECV"}, f.Details)
		s.refused("3066.MODE", ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Audio, Enabled: true}))

		ann.succeeds(ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "VIEWER"}))
		s.wait()
		require.Empty(t, s.media.of(ann.peer()).subscribed)
		s.refused("3066.MODE", ann.p.Consume(s.ctx(), wire.ConsumeParams{ParticipantID: "bob", Kind: wire.Video}))
		ann.succeeds(ann.p.Answer(s.ctx(), wire.AnswerParams{SDP: "v=0"})) // of an offer from before
		ann.succeeds(ann.p.RestartSubscribe(s.ctx()))
		require.Equal(t, 1, s.media.of(ann.peer()).restarts)
		require.Equal(t, wire.SignallingOnly, s.records.session(ann.p.SessionID()).modes["ann"])

		ann.succeeds(ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "CONFERENCE"}))
		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Audio, Enabled: true}))
		require.Equal(t, refs(bob, wire.Video), s.media.of(ann.peer()).subscribed)
		bob.clearEvents()
		ann.succeeds(ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "SEND_AND_RECV"}))
		bob.expectEvents()
	})
}

func TestConcurrentPublish(t *testing.T) {
	// during runs what happens while media works on ann's offer, then lets media finish.
	during := func(s *scenario, ann *client, happens func()) error {
		started, finish := make(chan struct{}), make(chan struct{})
		s.media.set(func() {
			s.media.working = func(Peer, context.Context) {
				close(started)
				<-finish
			}
		})
		result := make(chan error)
		go func() {
			_, err := ann.p.Publish(s.ctx(), offer(wire.Audio, wire.Video))
			result <- err
		}()
		<-started
		happens()
		s.media.set(func() { s.media.working = nil })
		close(finish)
		return <-result
	}
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		ann.clearEvents()
		// The meeting goes on meanwhile, and off is immediate: it beats the offer under way.
		ann.succeeds(during(s, ann, func() {
			bob.succeeds(bob.p.RequestStream(s.ctx(), wire.RequestStreamParams{ParticipantID: "ann", Kind: wire.Audio}))
			s.client("cat").join().expectEvents()
		}))
		ann.clearEvents()
		require.Equal(t, map[wire.Kind]bool{wire.Audio: false, wire.Video: true}, s.media.of(ann.peer()).streams)
		v, err := ann.replay()
		require.NoError(t, err)
		require.Equal(t, []wire.Stream{sent("stream-2", wire.Video)}, v.participants["ann"].Streams)

		s.refused("3066.MODE", during(s, ann, func() {
			ann.succeeds(ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "RECV_ONLY"}))
		}))
		require.Equal(t, map[wire.Kind]bool{wire.Audio: false, wire.Video: false}, s.media.of(ann.peer()).streams)
		ann.succeeds(ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "SEND_AND_RECV"}))

		// A caller who no longer waits has published all the same.
		ctx, cancel := context.WithCancel(s.ctx())
		s.media.set(func() { s.media.working = func(Peer, context.Context) { cancel() } })
		_, err = ann.p.Publish(ctx, offer(wire.Audio))
		s.media.set(func() { s.media.working = nil })
		ann.succeeds(err)
		require.True(t, ann.p.streams[wire.Audio].enabled)

		s.refused("3056.LEFT", during(s, ann, func() {
			ctx, cancel := context.WithCancel(s.ctx())
			defer cancel()
			waits := make(chan error)
			go func() { waits <- ann.p.SetStream(ctx, wire.SetStreamParams{Kind: wire.Audio, Enabled: true}) }()
			s.wait()
			cancel() // it waits for its turn and gives up
			s.refused("3056.CANCELLED", <-waits)
			ann.succeeds(ann.p.Leave(s.ctx()))
		}))
		bob.clearEvents()
	})
}

func TestConsume(t *testing.T) {
	consume := func(who *client, s *scenario, whom *client, kind wire.Kind, on bool) error {
		return who.p.Consume(s.ctx(), wire.ConsumeParams{ParticipantID: whom.name, Kind: kind, Enabled: on})
	}
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join().publishes(wire.Audio, wire.Video)
		all := s.client("all").join()
		chosen := s.client("chosen", func(r *JoinRequest) { r.AutoConsume = false }).join()
		require.Empty(t, s.media.of(chosen.peer()).subscribed)

		chosen.succeeds(consume(chosen, s, ann, wire.Video, true))
		chosen.succeeds(consume(chosen, s, ann, wire.Share, true)) // not published yet
		require.Equal(t, refs(ann, wire.Video), s.media.of(chosen.peer()).subscribed)
		all.succeeds(consume(all, s, ann, wire.Audio, false))
		require.Equal(t, refs(ann, wire.Video), s.media.of(all.peer()).subscribed)

		ann.publishes(wire.Audio, wire.Video, wire.Share)
		require.Equal(t, refs(ann, wire.Video, wire.Share), s.media.of(chosen.peer()).subscribed)
		chosen.succeeds(consume(chosen, s, ann, wire.Video, false))
		all.succeeds(consume(all, s, ann, wire.Audio, true))
		require.Equal(t, refs(ann, wire.Share), s.media.of(chosen.peer()).subscribed)
		require.Equal(t, refs(ann, wire.Audio, wire.Video, wire.Share), s.media.of(all.peer()).subscribed)

		// Choices end with the participation of whom they were about.
		ann = s.client("ann").join().publishes(wire.Share)
		require.Empty(t, s.media.of(chosen.peer()).subscribed)
		require.Equal(t, refs(ann, wire.Share), s.media.of(all.peer()).subscribed)

		s.refused("4107.NO_SUCH_PARTICIPANT", consume(all, s, s.client("\U0001F47B"), wire.Audio, true))
		s.refused("4107.NO_SUCH_PARTICIPANT", consume(all, s, all, wire.Audio, true))
	})
}

func TestSharesAndPresenter(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		ann.clearEvents()
		one, two := sent("stream-1", wire.Share), sent("stream-2", wire.Share)
		ann.publishes(wire.Share)
		bob.publishes(wire.Share).expectEvents(
			enabled(ann, one), wire.PresenterChanged{ParticipantID: "ann"},
			enabled(bob, two), wire.PresenterChanged{ParticipantID: "bob"})
		cat := s.client("cat").join()
		require.Equal(t, "bob", cat.result.Welcome.PresenterID)
		bob.clearEvents()
		bob.succeeds(bob.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Share})).
			expectEvents(disabled(bob, two, ""), wire.PresenterChanged{ParticipantID: "ann"})
		ann.succeeds(ann.p.Leave(s.ctx()))
		bob.expectEvents(left(ann, wire.ManualLeave), wire.PresenterChanged{})
	})
}

// A publish of an older connection that is under way does not reach the newer one of the same id.
func TestReplacedPublish(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, newer := s.client("ann").join(), s.client("ann")
		s.media.set(func() {
			s.media.working = func(Peer, context.Context) {
				s.media.set(func() { s.media.working = nil })
				newer.join()
			}
		})
		_, err := ann.p.Publish(s.ctx(), offer(wire.Audio))
		s.refused("3056.LEFT", err)
		require.Empty(t, s.media.of(newer.peer()).streams)
		newer.publishes(wire.Video).expectJoined()
	})
}

// An offer that media made for an older connection does not reach the newer one of the same id.
func TestOffersOfOlderConnection(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, newer := s.client("ann").join(), s.client("ann")
		r := s.m.roomOfMeeting(hall)
		require.NoError(t, r.do(s.ctx(), func() {
			s.m.SubscribeOffer(ann.peer(), wire.SubscribeOffer{OfferID: 99})
			s.m.SubscribeLost(ann.peer())
			newer.p = newParticipant(r, newer.req, newer)
			_, err := r.admit(newer.p)
			require.NoError(t, err)
		}))
		s.wait()
		require.Zero(t, s.media.of(newer.peer()).restarts)
		ann.expectClosed(wire.DuplicateParticipantLeave, "4005.REPLACED")
		require.Empty(t, newer.events)
	})
}

func TestMediaEvents(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		session := ann.p.SessionID()
		ann.clearEvents()
		s.m.SpeakerChanged(session, "bob")
		ann.expectEvents(wire.SpeakerChanged{ParticipantID: "bob"})
		require.Equal(t, "bob", s.client("cat").join().result.Welcome.ActiveSpeakerID)
		ann.clearEvents()
		for _, nonsense := range [][2]string{{session, "bob"}, {session, "nobody"}, {"no session", "ann"}} {
			s.m.SpeakerChanged(nonsense[0], nonsense[1])
		}
		ann.expectEvents()
		bob.succeeds(bob.p.Leave(s.ctx()))
		ann.expectEvents(left(bob, wire.ManualLeave), wire.SpeakerChanged{})

		s.m.SubscribeOffer(ann.peer(), wire.SubscribeOffer{OfferID: 77})
		s.m.SubscribeOffer(Peer{SessionID: session, ParticipantID: "nobody"}, wire.SubscribeOffer{OfferID: 78})
		s.m.SubscribeOffer(Peer{SessionID: "none", ParticipantID: "ann"}, wire.SubscribeOffer{OfferID: 79})
		s.wait()
		require.Equal(t, []wire.Event{wire.SubscribeOffer{OfferID: 77}}, ann.events)

		s.m.SubscribeLost(ann.peer())
		s.m.SubscribeLost(Peer{SessionID: "none", ParticipantID: "ann"})
		s.wait()
		require.Equal(t, 1, s.media.of(ann.peer()).restarts)
		ann.succeeds(ann.p.RestartSubscribe(s.ctx()))
		require.Equal(t, 2, s.media.of(ann.peer()).restarts)
	})
}

// What a stream really is encoded with replaces what was announced, and a fault of media reaches who it concerns, once.
func TestCodecsAndFaultsOfMedia(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		ann.publishes(wire.Video).expectJoined()
		bob.clearEvents()
		now := ann.p.streams[wire.Video].Stream
		now.Codec = "H264"
		for range 2 {
			s.m.CodecChanged(ann.peer(), now)
			s.wait()
		}
		s.m.CodecChanged(ann.peer(), wire.Stream{ID: "another", Kind: wire.Video, Codec: "AV1"})
		s.m.CodecChanged(ann.peer(), wire.Stream{ID: now.ID, Kind: wire.Audio, Codec: "AV1"})
		s.m.CodecChanged(
			Peer{SessionID: "none", ParticipantID: "ann"},
			wire.Stream{ID: now.ID, Kind: wire.Video, Codec: "AV1"},
		)
		s.wait()
		require.Equal(t, []wire.Event{wire.StreamEnabled{ParticipantID: "ann", Stream: now}}, bob.events)
		for _, p := range s.client("cat").join().result.Welcome.Participants {
			if p.ID == "ann" {
				require.Equal(t, []wire.Stream{now}, p.Streams)
			}
		}

		bob.clearEvents()
		f := fault.RateLimitedBitrate(1, 2)
		s.m.MediaFault(bob.peer(), f)
		s.m.MediaFault(Peer{SessionID: "none", ParticipantID: "bob"}, f)
		s.wait()
		require.Len(t, bob.events, 1)
		told := bob.events[0].(wire.Faulted).Fault
		require.Equal(t, f.ID, told.ID)
		require.Equal(t, "bob", told.ParticipantID)
		require.Equal(t, hall, told.MeetingID)

		bob.clearEvents()
		unreceived := wire.UnreceivedStream{StreamRef: StreamRef{ParticipantID: "ann", Kind: wire.Video}, StreamID: now.ID,
			Codec: "H264", Taken: []string{"VP8"}}
		s.m.CodecNotReceived(bob.peer(), unreceived)
		s.wait()
		require.Contains(t, ann.events, wire.CodecNotReceived{ParticipantID: "bob", Kind: wire.Video, Codec: "H264",
			Taken: []string{"VP8"}})
		unreceived.ParticipantID = "nobody"
		s.m.CodecNotReceived(bob.peer(), unreceived)
		s.wait()
		require.Len(t, bob.events, 1)
		told = bob.events[0].(wire.Faulted).Fault
		for key, want := range map[string]string{"publisherId": "ann", "publisherName": ann.req.Name, "receiverId": "bob",
			"receiverName": bob.req.Name} {
			require.Equal(t, want, told.Details[key], key)
		}
	})
}

func TestPreferences(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join().publishes(wire.Audio, wire.Video), s.client("bob").join()
		prefer := func(change wire.PreferenceChange, streams ...wire.StreamPreference) error {
			return bob.p.Prefer(s.ctx(), wire.PreferParams{Streams: streams, Change: change})
		}
		camera := wire.StreamPreference{ParticipantID: "ann", Kind: wire.Video, Quality: wire.Low, Width: 320, Height: 180}
		mic := wire.StreamPreference{ParticipantID: "ann", Kind: wire.Audio, Paused: true}
		bob.succeeds(prefer("", camera, mic))
		want := map[StreamRef]wire.StreamPreference{camera.Ref(): camera, mic.Ref(): mic}
		require.Equal(t, want, s.media.of(bob.peer()).preferred)

		share := wire.StreamPreference{ParticipantID: "ann", Kind: wire.Share}
		nobody := wire.StreamPreference{ParticipantID: "nobody", Kind: wire.Video}
		self := wire.StreamPreference{ParticipantID: "bob", Kind: wire.Video}
		nothing := wire.StreamPreference{ParticipantID: "ann", Kind: wire.Video}
		f := s.refused("4075.NO_SUCH_STREAM", prefer("", nothing, share))
		require.Equal(t, map[string]any{"target": "ann", "kind": "share"}, f.Details)
		require.Equal(t, want, s.media.of(bob.peer()).preferred, "what is refused changes nothing")
		s.refused("4075.NO_SUCH_PARTICIPANT", prefer("", self))
		nobody.Width, nobody.Height, share.Quality = 2, 2, wire.High
		s.refused("4073.NO_SUCH_PARTICIPANT", prefer("", nobody))
		s.refused("4073.NO_SUCH_STREAM", prefer("", share))
		nobody.Paused, share.Paused = true, true
		s.refused("4074.NO_SUCH_PARTICIPANT", prefer("", nobody))
		s.refused("4074.NO_SUCH_STREAM", prefer("", share))
		s.refused("4075.NO_SUCH_STREAM", prefer(wire.ChangeResume, share))
		s.refused("4073.NO_SUCH_STREAM", prefer(wire.ChangeQuality, share))

		bob.succeeds(bob.p.SetMode(s.ctx(), wire.SetModeParams{Mode: "SIGNALLING_ONLY"}))
		mic.Paused = false
		bob.succeeds(prefer(wire.ChangeResume, mic))
		require.Equal(t, map[StreamRef]wire.StreamPreference{camera.Ref(): camera, mic.Ref(): mic},
			s.media.of(bob.peer()).preferred, "it counts when bob receives again")
		ann.succeeds(ann.p.Leave(s.ctx()))
	})
}

func TestMediaTellsOfLayers(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join().publishes(wire.Video), s.client("bob").join()
		ann.clearEvents()
		bob.clearEvents()
		paused := wire.StreamState{ParticipantID: "ann", Kind: wire.Video, StreamID: "stream-1", State: wire.Paused,
			Reason: wire.PausedBandwidth}
		active := wire.StreamState{ParticipantID: "ann", Kind: wire.Video, StreamID: "stream-1", State: wire.Active,
			Quality: wire.Medium, Width: 640, Height: 360}
		s.m.StreamState(bob.peer(), paused)
		bob.expectEvents(paused)
		s.m.StreamState(bob.peer(), active)
		bob.expectEvents(active)
		other := paused
		other.StreamID = "stream-0"
		s.m.StreamState(bob.peer(), other)
		bob.expectEvents()

		limited := wire.QualityLimitation{Type: wire.LimitedByBandwidth, State: wire.LimitationDetected}
		s.m.QualityLimitation(bob.peer(), limited)
		bob.expectEvents(limited)
		encodings := wire.Encodings{Kind: wire.Video, Active: []wire.EncodingActive{{RID: "l", Active: true}, {RID: "h"}}}
		s.m.Encodings(ann.peer(), encodings)
		ann.expectEvents(encodings)
		bob.expectEvents()

		gone := ann.peer()
		ann.succeeds(ann.p.Leave(s.ctx()))
		bob.clearEvents()
		s.m.StreamState(bob.peer(), active)
		s.m.Encodings(gone, encodings)
		bob.expectEvents()
	})
}

// What a share shows is told with the stream: to those who are there, and to those who come later.
func TestDisplaySurface(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		bob.clearEvents()
		share := sent("stream-1", wire.Share)
		window, monitor := share, share
		window.DisplaySurface, monitor.DisplaySurface = wire.WindowSurface, wire.MonitorSurface
		params := offer(wire.Share)
		params.Streams[0].DisplaySurface = wire.WindowSurface
		_, err := ann.p.Publish(s.ctx(), params)
		ann.succeeds(err)
		bob.expectEvents(enabled(ann, window), wire.PresenterChanged{ParticipantID: "ann"})
		cat := s.client("cat").join()
		require.Equal(t, []wire.Stream{window}, cat.result.Welcome.Participants[0].Streams)
		bob.clearEvents()

		_, err = ann.p.Publish(s.ctx(), params)
		ann.succeeds(err)
		bob.expectEvents() // another path for the same

		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{Kind: wire.Share}))
		bob.clearEvents()
		ann.succeeds(ann.p.SetStream(s.ctx(), wire.SetStreamParams{
			Kind: wire.Share, Enabled: true, DisplaySurface: wire.MonitorSurface,
		}))
		bob.expectEvents(enabled(ann, monitor), wire.PresenterChanged{ParticipantID: "ann"})
		s.m.CodecChanged(ann.peer(), wire.Stream{ID: share.ID, Kind: wire.Share, Codec: "VP9"})
		monitor.Codec = "VP9"
		bob.expectEvents(enabled(ann, monitor))
	})
}
