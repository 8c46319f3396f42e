package sdk_test

import (
	"encoding/binary"
	"encoding/json"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// widthOf waits until a stream carries VP8 key frames of that width (RFC 6386, section 9.1).
func widthOf(t *testing.T, s *sdk.Stream, want int) {
	t.Helper()
	widths := make(chan int, 1000)
	defer s.OnRTP(func(packet *rtp.Packet) {
		var part codecs.VP8Packet
		if frame, err := part.Unmarshal(packet.Payload); err == nil && part.S == 1 && part.PID == 0 &&
			len(frame) >= 10 && frame[0]&1 == 0 {
			select {
			case widths <- int(binary.LittleEndian.Uint16(frame[6:]) & 0x3fff):
			default:
			}
		}
	})()
	seen := 0
	for deadline := time.After(15 * time.Second); seen != want; {
		select {
		case seen = <-widths:
		case <-deadline:
			require.Fail(t, "no picture of that width", "want %d, the last one had %d", want, seen)
		}
	}
}

// A picture in three sizes is received in the one that is asked for, and not at all while it is paused.
func TestSizesThatAreReceived(t *testing.T) {
	p := newPlace(t)
	ann := p.joined("ann", nil)
	bob := p.joined("bob", func(o *sdk.Options) { o.PreferredProtocol = sdk.UDPOnly })
	require.Eventually(t, func() bool { return bob.Participant("ann") != nil }, 5*time.Second, time.Millisecond)
	require.NoError(t, bob.Participant("ann").SetQuality(t.Context(), sdk.QualityLow)) // before there is a picture
	require.NoError(t, ann.EnableWebcam(t.Context(), sdk.TestCard(sdk.CardOptions{Width: 640, Height: 360, FPS: 30})))
	enabled := told(bob, func(e sdk.StreamEnabled) bool { return e.Stream.Kind() == sdk.Video })
	stream, remote := enabled.Stream, bob.Participant("ann")
	widthOf(t, stream, 160)
	require.NoError(t, remote.SetQuality(t.Context(), sdk.QualityHigh))
	widthOf(t, stream, 640)
	require.NoError(t, remote.SetViewPort(t.Context(), 160, 90))
	widthOf(t, stream, 160)
	require.NoError(t, remote.SetViewPort(t.Context(), 1280, 720))
	require.NoError(t, remote.SetQuality(t.Context(), sdk.QualityMed))
	widthOf(t, stream, 320)
	told(bob, func(e sdk.VideoQualityChanged) bool { return e.CurrentQuality == sdk.QualityMed })

	require.NoError(t, stream.Pause(t.Context()))
	told(bob, func(e sdk.StreamPaused) bool { return e.Reason == sdk.PausedRequested })
	require.True(t, stream.Paused())
	asFault(bob, stream.Pause(t.Context()), 3054, "ALREADY")
	require.NoError(t, stream.Resume(t.Context()))
	told(bob, func(e sdk.StreamResumed) bool { return e.Kind == sdk.Video })
	widthOf(t, stream, 320)

	require.NoError(t, remote.SetQuality(t.Context(), sdk.QualityHigh))
	widthOf(t, stream, 640)
	require.NoError(t, ann.SetWebcamQuality(t.Context(), sdk.QualityLow))
	widthOf(t, stream, 160)

	stats := remote.GetVideoStats()
	require.Len(t, stats, 1)
	require.Positive(t, stats[0].TotalPackets)
	require.NotNil(t, stats[0].RTT)
	require.Equal(t, "VP8", stats[0].Codec)
	require.NotEmpty(t, ann.LocalParticipant().GetVideoStats())
	require.NotNil(t, ann.LocalParticipant().GetTransportStats())
	require.Equal(t, "udp", remote.GetTransportStats().Protocol)
}

// What is refused is refused with the published codes, before or by the server.
func TestRefusedQualities(t *testing.T) {
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	told(bob, func(e sdk.MeetingJoined) bool { return true })
	require.Eventually(t, func() bool { return bob.Participant("ann") != nil }, 5*time.Second, time.Millisecond)
	remote, ctx := bob.Participant("ann"), t.Context()
	asFault(bob, remote.SetQuality(ctx, "medium"), 3073, "NOT_ALLOWED")
	asFault(bob, bob.LocalParticipant().SetScreenShareQuality(ctx, sdk.QualityLow), 3068, "OWN_STREAM")
	asFault(bob, bob.LocalParticipant().SetViewPort(ctx, 1, 1), 3068, "OWN_STREAM")
	asFault(bob, remote.SetViewPort(ctx, 0, 90), 3073, "OUT_OF_RANGE")
	asFault(bob, remote.SetScreenShareViewPort(ctx, 160, 16385), 3073, "OUT_OF_RANGE")
	asFault(bob, bob.SetWebcamQuality(ctx, sdk.QualityLow), 3062, "CAMERA_OFF")
	asFault(bob, bob.ResumeAllStreams(ctx, ""), 4058, "NOT_PAUSED")
	require.NoError(t, bob.PauseAllStreams(ctx, sdk.Video))
	told(bob, func(e sdk.PausedAllStreams) bool { return e.Kind == sdk.Video })
	asFault(bob, bob.PauseAllStreams(ctx, sdk.Video), 4057, "ALREADY_PAUSED")
	asFault(bob, bob.PauseAllStreams(ctx, "smell"), 3073, "NOT_ALLOWED")
	require.NoError(t, bob.ResumeAllStreams(ctx, ""))
	told(bob, func(e sdk.ResumedAllStreams) bool { return e.Kind == "all" })
	asFault(bob, bob.DisableAdaptiveSubscription(ctx), 4049, "ALREADY_DISABLED")
	require.NoError(t, bob.EnableAdaptiveSubscription(ctx))
	asFault(bob, bob.EnableAdaptiveSubscription(ctx), 4048, "ALREADY_ENABLED")

	require.NoError(t, ann.EnableWebcam(ctx, nil))
	asFault(ann, ann.SetWebcamQuality(ctx, sdk.QualityHigh), 3054, "ALREADY")
	told(bob, func(e sdk.StreamPaused) bool { return e.Reason == sdk.PausedVisibility })
	require.NoError(t, remote.SetViewPort(ctx, 320, 180))
	told(bob, func(e sdk.StreamResumed) bool { return e.Kind == sdk.Video })

	for _, wrong := range []func(*sdk.Options){
		func(o *sdk.Options) { o.MaxLayer = 4 },
		func(o *sdk.Options) { o.MaxLayer, o.SingleStream = 2, true },
	} {
		o := sdk.Options{URL: "http://127.0.0.1:1", Token: "token", MeetingID: "abcd-efgh-ijkl"}
		wrong(&o)
		_, err := sdk.InitMeeting(o)
		require.ErrorContains(t, err, "3073")
	}
}

// A server that has lost the session is told again what is wanted.
func TestPreferencesSurviveARejoin(t *testing.T) {
	camera := wire.Stream{ID: "bob-video", Kind: wire.Video, Codec: "VP8"}
	s := script(t, func(c *scriptedConn, r wire.Request) bool {
		switch r.Method {
		case wire.MethodResume:
			f := fault.ReconnectFailedSessionUnknown()
			c.refuse(r, f)
			c.close(f)
			return true
		case wire.MethodJoin:
			result := wire.JoinResult{
				State: wire.Joined, MeetingID: "abcd-efgh-ijkl", SessionID: "session", ParticipantID: "ann", Secret: "secret",
				ResumeWindowMs: 10_000, PingIntervalMs: 60_000,
				Welcome: &wire.Welcome{
					Participant: wire.Participant{ID: "ann", Mode: wire.SendAndRecv},
					Participants: []wire.Participant{
						{ID: "bob", Mode: wire.SendAndRecv, Streams: []wire.Stream{camera}}},
				},
			}
			raw, _ := json.Marshal(result)
			c.send(wire.Response{JSONRPC: "2.0", ID: &r.ID, Result: raw})
			return true
		}
		return false
	})
	m := s.join(nil)
	require.NoError(t, m.Participant("bob").SetQuality(t.Context(), sdk.QualityLow))
	preferred := func() (all []wire.PreferParams) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, r := range s.requests {
			var params wire.PreferParams
			if r.Method == wire.MethodPrefer && json.Unmarshal(r.Params, &params) == nil {
				all = append(all, params)
			}
		}
		return all
	}
	want := []wire.StreamPreference{{ParticipantID: "bob", Kind: wire.Video, Quality: wire.Low}}
	require.Equal(t, []wire.PreferParams{{Streams: want, Change: wire.ChangeQuality}}, preferred())
	s.last().cut()
	require.Eventually(t, func() bool { return len(preferred()) == 2 }, 10*time.Second, 5*time.Millisecond)
	require.Equal(t, wire.PreferParams{Streams: want}, preferred()[1])
}

// What the server tells of the connection reaches the application under the published name.
func TestQualityLimitation(t *testing.T) {
	t.Parallel()
	s := script(t, nil)
	m := s.join(nil)
	heard := make(chan sdk.QualityLimitation, 2)
	m.OnQualityLimitation(func(e sdk.QualityLimitation) { heard <- e })
	at := time.Date(2026, 11, 26, 13, 0, 0, 0, time.UTC)
	for _, e := range []wire.QualityLimitation{
		{Type: wire.LimitedByBandwidth, State: wire.LimitationDetected, Timestamp: fault.InstantOf(at)},
		{Type: wire.LimitedByCongestion, State: wire.LimitationResolved, Timestamp: fault.InstantOf(at.Add(time.Second))},
	} {
		s.last().event(e)
		select {
		case got := <-heard:
			require.Equal(t, sdk.QualityLimitation{Type: string(e.Type), State: string(e.State), Timestamp: e.Timestamp}, got)
			require.Equal(t, "quality-limitation", got.EventName())
		case <-time.After(5 * time.Second):
			require.Fail(t, "nothing was told", "%+v", e)
		}
	}
}
