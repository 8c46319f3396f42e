package sfu

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// foreignPlayer is a pion client that knows no Klatch: it offers to receive and takes what comes.
type foreignPlayer struct {
	*client
	pc           *webrtc.PeerConnection
	audio, video received
	answer       string
}

func (h *hub) play(session, participant string, change ...func(string) string) (*foreignPlayer, error) {
	h.t.Helper()
	p := &foreignPlayer{client: h.join(session, participant)}
	pc, err := p.api.NewPeerConnection(webrtc.Configuration{})
	require.NoError(h.t, err)
	p.pc = pc
	h.t.Cleanup(func() { _ = pc.GracefulClose() })
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		_, err := pc.AddTransceiverFromKind(kind,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		require.NoError(h.t, err)
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		into := &p.audio
		if track.Kind() == webrtc.RTPCodecTypeVideo {
			into = &p.video
		}
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			into.mu.Lock()
			into.packets = append(into.packets, *packet)
			into.mu.Unlock()
		}
	})
	return p, p.negotiate(nil, change...)
}

func (p *foreignPlayer) negotiate(options *webrtc.OfferOptions, change ...func(string) string) error {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(options)
	require.NoError(p.t, err)
	gathered := webrtc.GatheringCompletePromise(p.pc)
	require.NoError(p.t, p.pc.SetLocalDescription(offer))
	<-gathered
	text := p.pc.LocalDescription().SDP
	for _, edit := range change {
		text = edit(text)
	}
	result, err := p.hub.sfu.Play(context.Background(), p.peer, wire.PlayParams{SDP: text})
	if err != nil {
		return err
	}
	p.answer = result.SDP
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: result.SDP})
}

// recvonlyOffer is of a client that never sends a check.
const recvonlyOffer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=recvonly\r\na=rtcp-mux\r\n" +
	"a=rtpmap:111 opus/48000/2\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\na=setup:actpass\r\n" +
	"a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:" +
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"

// settled returns the packets from the first one on which the player has all before: what a probe resends is left out.
func settled(packets []rtp.Packet) []rtp.Packet {
	var kept []rtp.Packet
	for _, packet := range packets {
		if len(packet.Payload) > 0 && (len(kept) == 0 || int16(packet.SequenceNumber-kept[len(kept)-1].SequenceNumber) > 0) {
			kept = append(kept, packet)
		}
	}
	return kept
}

// A player is answered before there is anything to play; what it is sent later changes without an offer, and for it
// remains one stream.
func TestPlayerIsSentWhatIsSubscribed(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	player, err := h.play("s", "tv")
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(player.answer, "a=sendonly"))
	require.Contains(t, player.answer, "a=ice-lite")

	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	for _, c := range []*client{ann, bob} {
		c.publish(both)
		defer c.source(wire.Video).run(10 * time.Millisecond)()
		defer c.source(wire.Audio).run(10 * time.Millisecond)()
	}
	streams := func(of string) { h.sfu.Subscribe(player.peer, []wire.StreamRef{camera(of), mic(of)}) }
	streams("ann")
	eventually(t, "ann", func() bool { return player.video.count() > 30 && player.audio.count() > 30 })
	require.True(t, begins("video/vp8", player.video.all()[0].Payload))

	for _, next := range []string{"bob", "ann", "bob"} {
		_, plis := map[string]*client{"ann": ann, "bob": bob}[next].sending(wire.Video)
		before, seen, heard := plis.Load(), player.video.count(), player.audio.count()
		streams(next)
		eventually(t, next, func() bool { return player.video.count() > seen+40 && player.audio.count() > heard+40 })
		require.Greater(t, plis.Load(), before, "%s was asked for a key frame", next)
	}
	requireGapless(t, settled(player.video.all()))
	requireGapless(t, settled(player.audio.all()))

	h.sfu.Subscribe(player.peer, nil)
	eventually(t, "nothing", func() bool { return h.sfu.Stats().Subscribers == 0 })
	seen := player.video.count()
	streams("ann")
	eventually(t, "ann again", func() bool { return player.video.count() > seen+20 })

	require.NoError(t, player.negotiate(&webrtc.OfferOptions{ICERestart: true}))
	seen = player.video.count()
	eventually(t, "after the ICE restart", func() bool { return player.video.count() > seen+50 })
	require.Empty(t, h.told())

	require.NoError(t, player.pc.GracefulClose())
	eventually(t, "the end is told", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.connectionsLost) == 1 && h.connectionsLost[0] == "tv: closed"
	})
}

func replacing(old, now string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, old, now) }
}

func TestPlayOffersThatCannotBeUsed(t *testing.T) {
	h := newHub(t)
	for name, tc := range map[string]struct {
		edit func(string) string
		want string
	}{
		"empty":   {func(string) string { return "" }, "empty"},
		"garbage": {func(string) string { return "v=0\r\n\x00\xff" }, ""},
		"sends":   {func(s string) string { return strings.ReplaceAll(s, "a=recvonly", "a=sendonly") }, "none of its media"},
		"no codec": {func(s string) string {
			return strings.NewReplacer("VP8", "X8", "VP9", "X9", "H264", "X2", "AV1", "X1", "opus", "pcm").Replace(s)
		}, "has a codec"},
		"passive":     {replacing("a=setup:actpass", "a=setup:passive"), "leaves the server no role"},
		"no bundle":   {replacing("a=group:BUNDLE 0 1", "a=group:BUNDLE 0"), "mid 1 is not in"},
		"no password": {replacing("a=ice-pwd:", "a=ice-pwd:x\r\na=y:"), "a=ice-pwd"},
	} {
		_, err := h.play("s", name, tc.edit)
		require.Equal(t, "BAD_SDP", fault.From(err).Reason, name)
		require.Contains(t, fault.From(err).Detail, tc.want, name)
	}
}

// A client that offers and never comes is told of, and one that goes silent.
func TestConnectionsOfClientsThatAreNotThere(t *testing.T) {
	h := newHub(t, func(o *Options) { o.ICETimeout = 1200 * time.Millisecond; o.TCPAddr = "" })
	absent := h.join("s", "tv")
	_, err := h.sfu.Play(t.Context(), absent.peer, wire.PlayParams{SDP: recvonlyOffer})
	require.NoError(t, err)
	lost := func() []string {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.connectionsLost
	}
	eventually(t, "no checks", func() bool { return len(lost()) == 1 })
	require.Contains(t, lost()[0], "tv: NO_CHECKS: ")
	require.Contains(t, lost()[0], "127.0.0.1:")
}
