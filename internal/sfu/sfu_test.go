package sfu

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/wire"
)

const soon = 10 * time.Second

func camera(participant string) wire.StreamRef {
	return wire.StreamRef{ParticipantID: participant, Kind: wire.Video}
}

func mic(participant string) wire.StreamRef {
	return wire.StreamRef{ParticipantID: participant, Kind: wire.Audio}
}

var (
	vp8   = map[wire.Kind]string{wire.Video: webrtc.MimeTypeVP8}
	voice = map[wire.Kind]string{wire.Audio: webrtc.MimeTypeOpus}
	both  = map[wire.Kind]string{wire.Video: webrtc.MimeTypeVP8, wire.Audio: webrtc.MimeTypeOpus}
)

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, soon, 5*time.Millisecond, what)
}

// requireGapless fails when sequence numbers jump or timestamps run back.
func requireGapless(t *testing.T, packets []rtp.Packet) {
	t.Helper()
	for i := 1; i < len(packets); i++ {
		a, b := packets[i-1], packets[i]
		require.Equal(t, a.SequenceNumber+1, b.SequenceNumber, "packet %d", i)
		require.GreaterOrEqual(t, int32(b.Timestamp-a.Timestamp), int32(0), "packet %d", i)
		require.Equal(t, a.SSRC, b.SSRC)
	}
}

func TestForward(t *testing.T) {
	t.Parallel()
	for name, mime := range map[string]string{
		"VP8": webrtc.MimeTypeVP8, "H264": webrtc.MimeTypeH264, "VP9": webrtc.MimeTypeVP9, "AV1": webrtc.MimeTypeAV1,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t)
			ann, bob := h.join("s", "ann"), h.join("s", "bob")
			result := ann.publish(map[wire.Kind]string{wire.Video: mime, wire.Audio: webrtc.MimeTypeOpus})
			codecs := map[wire.Kind]string{}
			for _, s := range result.Streams {
				codecs[s.Kind] = s.Codec
			}
			require.Equal(t, map[wire.Kind]string{wire.Video: name, wire.Audio: "opus"}, codecs)
			bob.subscribe(camera("ann"), mic("ann"))
			defer ann.source(wire.Video).run(10 * time.Millisecond)()
			defer ann.source(wire.Audio).run(10 * time.Millisecond)()

			video, audio := bob.got("ann", wire.Video), bob.got("ann", wire.Audio)
			eventually(t, "media", func() bool { return video.count() > 50 && audio.count() > 25 })
			packets := video.all()
			require.True(t, begins(strings.ToLower(mime), packets[0].Payload), "begins with a key frame")
			requireGapless(t, packets)
			requireGapless(t, audio.all())
		})
	}
}

func TestLateJoinerStartsWithKeyFrame(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann := h.join("s", "ann")
	ann.publish(vp8)
	src := ann.source(wire.Video)
	defer src.run(10 * time.Millisecond)()
	eventually(t, "media arrives", func() bool { return h.sfu.Stats().PacketsIn > 20 })
	for i := range 3 {
		began := time.Now()
		eventually(t, "a request is due again", func() bool { return time.Since(began) > keyFrameEvery })
		before := ann.plis[wire.Video].Load()
		bob := h.join("s", fmt.Sprintf("bob%d", i))
		bob.subscribe(camera("ann"))
		got := bob.got("ann", wire.Video)
		eventually(t, "video", func() bool { return got.count() > 10 })
		require.True(t, begins("video/vp8", got.all()[0].Payload))
		require.Greater(t, ann.plis[wire.Video].Load(), before, "was asked for a key frame")
	}
}

func TestKeyFrameRequestsAreMerged(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann := h.join("s", "ann")
	ann.publish(vp8)
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	p := h.sfu.peer(ann.peer)
	st := p.session.stream(p, wire.Video)
	eventually(t, "media arrives", func() bool { return h.sfu.Stats().PacketsIn > 0 })

	start, before := time.Now(), h.sfu.Stats().PLIsOut
	for time.Since(start) < 1200*time.Millisecond {
		st.requestKeyFrame(0)
	}
	asked := h.sfu.Stats().PLIsOut - before
	require.GreaterOrEqual(t, asked, uint64(2))
	require.LessOrEqual(t, asked, uint64(4))
}

func TestMuteNeedsNoOffer(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(both)
	bob.subscribe(camera("ann"), mic("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	defer ann.source(wire.Audio).run(10 * time.Millisecond)()
	for _, kind := range []wire.Kind{wire.Video, wire.Audio} {
		got := bob.got("ann", kind)
		eventually(t, "media", func() bool { return got.count() > 20 })
		offers := bob.offersSeen()

		h.sfu.SetStream(ann.peer, kind, false)
		muted := got.count()
		in := h.sfu.Stats().PacketsIn
		eventually(t, "more arrives at the server", func() bool { return h.sfu.Stats().PacketsIn > in+60 })
		require.LessOrEqual(t, got.count(), muted+4, "only what was on the way")

		muted = got.count()
		h.sfu.SetStream(ann.peer, kind, true)
		eventually(t, "media again", func() bool { return got.count() > muted+20 })
		packets := got.all()
		requireGapless(t, packets)
		if kind == wire.Video {
			require.True(t, begins("video/vp8", packets[muted].Payload), "goes on with a key frame")
		}
		require.Equal(t, offers, bob.offersSeen())
	}
}

func TestStreamIsOfferedWhenFirstEnabled(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(camera("ann"), mic("ann"))
	ann.publish(both, wire.Video)
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	defer ann.source(wire.Audio).run(10 * time.Millisecond)()
	audio, video := bob.got("ann", wire.Audio), bob.got("ann", wire.Video)
	eventually(t, "audio", func() bool { return audio.count() > 10 })
	require.Equal(t, []wire.StreamRef{mic("ann")}, bob.offered())
	h.sfu.SetStream(ann.peer, wire.Video, true)
	eventually(t, "video", func() bool { return video.count() > 10 })
	require.ElementsMatch(t, []wire.StreamRef{mic("ann"), camera("ann")}, bob.offered())
}

func TestSubscriptionsComeAndGo(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(both)
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	defer ann.source(wire.Audio).run(10 * time.Millisecond)()
	for range 4 {
		bob.subscribe(camera("ann"), mic("ann"))
		video := bob.got("ann", wire.Video)
		before := video.count()
		eventually(t, "video", func() bool { return video.count() > before+20 })
		bob.subscribe(mic("ann"))
		eventually(t, "an offer without video", func() bool {
			o := bob.offered()
			return len(o) == 1 && o[0] == mic("ann") && bob.settled()
		})
	}
	require.Equal(t, 2, strings.Count(bob.lastOffer().SDP, "\r\nm="), "transceivers are reused")
}

func TestPublisherLeavesAndReturns(t *testing.T) {
	h := newHub(t)
	bob := h.join("s", "bob")
	bob.subscribe(camera("ann"))
	for range 3 {
		ann := h.join("s", "ann")
		ann.publish(vp8)
		video := bob.got("ann", wire.Video)
		before := video.count()
		stop := ann.source(wire.Video).run(10 * time.Millisecond)
		eventually(t, "video", func() bool { return video.count() > before+20 })
		stop()
		ann.leave()
		eventually(t, "an offer without her", func() bool { return len(bob.offered()) == 0 })
	}
	require.Len(t, bob.downConn().GetTransceivers(), 1)
}

// A publisher whose connection broke makes a new one: its subscribers see the stream go on.
func TestPublishAnewGoesOn(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(vp8)
	bob.subscribe(camera("ann"))
	stop := ann.source(wire.Video).run(10 * time.Millisecond)
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 20 })
	stop()
	old, offers := ann.up, bob.offersSeen()
	ann.publish(vp8)
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	before := video.count()
	eventually(t, "video", func() bool { return video.count() > before+20 })
	requireGapless(t, video.all())
	require.Equal(t, offers, bob.offersSeen())
	require.NoError(t, old.GracefulClose())
}

func TestShareIsAddedAndDropped(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(mic("ann"), wire.StreamRef{ParticipantID: "ann", Kind: wire.Share})
	ann.publish(voice)
	defer ann.source(wire.Audio).run(10 * time.Millisecond)()
	audio := bob.got("ann", wire.Audio)
	eventually(t, "audio", func() bool { return audio.count() > 10 })
	ann.addShare()
	defer ann.source(wire.Share).run(10 * time.Millisecond)()
	share := bob.got("ann", wire.Share)
	eventually(t, "share", func() bool { return share.count() > 10 })
	ann.dropShare()
	eventually(t, "an offer without the share", func() bool {
		o := bob.offered()
		return len(o) == 1 && o[0] == mic("ann")
	})
	before := audio.count()
	eventually(t, "audio goes on", func() bool { return audio.count() > before+20 })
}

func TestLossOnTheWayIn(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	conn := listenLossy(t)
	ann, bob := h.join("s", "ann", over(conn)), h.join("s", "bob")
	ann.publish(vp8)
	conn.loseOut(everyNth(10))
	bob.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 300 })
	requireRecovered(t, video)
	require.NotZero(t, h.sfu.Stats().NACKsOut)
}

func TestLossOnTheWayOut(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	conn := listenLossy(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob", over(conn))
	ann.publish(vp8)
	conn.loseIn(everyNth(10))
	bob.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 300 })
	requireRecovered(t, video)
	require.NotZero(t, h.sfu.Stats().Resent)
	require.NotZero(t, h.sfu.Stats().NACKsIn)
}

// requireRecovered waits until the first 300 packets are there without a hole. Packets keep coming meanwhile:
// pion's reader sees a retransmission only when something else arrives.
func requireRecovered(t *testing.T, r *received) {
	t.Helper()
	first := r.all()[0].SequenceNumber
	eventually(t, "no packet is missing", func() bool {
		have := map[uint16]bool{}
		for _, p := range r.all() {
			have[p.SequenceNumber-first] = true
		}
		for n := range uint16(300) {
			if !have[n] {
				return false
			}
		}
		return true
	})
}

func TestTCPOnlyClient(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann", tcpOnly), h.join("s", "bob", tcpOnly)
	ann.publish(both)
	bob.subscribe(camera("ann"), mic("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	defer ann.source(wire.Audio).run(10 * time.Millisecond)()
	video, audio := bob.got("ann", wire.Video), bob.got("ann", wire.Audio)
	eventually(t, "media", func() bool { return video.count() > 20 && audio.count() > 10 })
	pair, err := bob.downConn().SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	require.NoError(t, err)
	require.Equal(t, webrtc.ICEProtocolTCP, pair.Local.Protocol)
}

func TestSixtySubscribers(t *testing.T) {
	h := newHub(t)
	ann := h.join("s", "ann")
	ann.publish(vp8)
	defer ann.source(wire.Video).run(20 * time.Millisecond)()
	var all []*client
	for i := range 60 {
		c := h.join("s", fmt.Sprintf("c%d", i))
		c.discard = true
		c.subscribe(camera("ann"))
		all = append(all, c)
	}
	for _, c := range all {
		require.Eventually(t, func() bool { return c.discarded.Load() > 10 }, 60*time.Second, 10*time.Millisecond)
	}
	require.Equal(t, 60, h.sfu.Stats().Subscribers)
	require.Zero(t, h.sfu.Stats().Dropped)
}

// A meeting of 16 from the eyes of one: more sections than any publisher may have.
func TestManyPublishers(t *testing.T) {
	h := newHub(t)
	bob := h.join("s", "bob")
	var refs []wire.StreamRef
	for i := range 15 {
		name := fmt.Sprintf("p%d", i)
		refs = append(refs, camera(name), mic(name))
	}
	bob.subscribe(refs...)
	for i := range 15 {
		p := h.join("s", fmt.Sprintf("p%d", i))
		p.publish(both)
		defer p.source(wire.Video).run(20 * time.Millisecond)()
		defer p.source(wire.Audio).run(20 * time.Millisecond)()
	}
	for _, ref := range refs {
		got := bob.got(ref.ParticipantID, ref.Kind)
		eventually(t, ref.ParticipantID, func() bool { return got.count() > 5 })
	}
	require.Len(t, bob.downConn().GetTransceivers(), 30)
	t.Logf("an offer of 30 sections has %d bytes", len(bob.lastOffer().SDP))
}

func TestSenderReports(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(both)
	bob.subscribe(camera("ann"), mic("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	defer ann.source(wire.Audio).run(10 * time.Millisecond)()
	eventually(t, "reports of both streams", func() bool { return bob.reports.Load() >= 4 })
}

func TestSpeaker(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(voice)
	bob.publish(voice)
	loud, quietly := ann.source(wire.Audio), bob.source(wire.Audio)
	loud.level, quietly.level = 20, 80
	stopLoud := loud.run(20 * time.Millisecond)
	stopQuiet := quietly.run(20 * time.Millisecond)
	eventually(t, "ann speaks", func() bool { return h.lastSpeaker() == "ann" })
	stopLoud()
	stopQuiet()
	quietly.level = 25
	defer quietly.run(20 * time.Millisecond)()
	eventually(t, "bob speaks", func() bool { return h.lastSpeaker() == "bob" })
	h.sfu.SetStream(bob.peer, wire.Audio, false)
	eventually(t, "nobody speaks", func() bool { return h.lastSpeaker() == "" })
}

// A client whose path is gone for good is told so, and comes back with a restart.
func TestPathLostAndRestarted(t *testing.T) {
	t.Parallel()
	h := newHub(t, func(o *Options) { o.ICETimeout = 2500 * time.Millisecond; o.TCPAddr = "" })
	conn := listenLossy(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob", over(conn))
	ann.publish(vp8)
	bob.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 20 })

	everything := func([]byte) bool { return true }
	conn.loseOut(everything)
	conn.loseIn(everything)
	select {
	case <-bob.lost:
	case <-time.After(soon):
		t.Fatal("the loss was not told")
	}
	nothing := func([]byte) bool { return false }
	conn.loseOut(nothing)
	conn.loseIn(nothing)
	before := video.count()
	require.NoError(t, h.sfu.Restart(context.Background(), bob.peer))
	eventually(t, "video again", func() bool { return video.count() > before+20 })
}

// A NAT maps a client to another address: the server follows its checks there, although it nominates nothing again.
func TestNATRebinds(t *testing.T) {
	t.Parallel()
	at := testpeer.FreeUDPAddr(t)
	outside := netip.MustParseAddr("127.0.0.2")
	h := newHub(t, func(o *Options) {
		o.UDPAddr, o.TCPAddr, o.PublicIPs = at.String(), "", []netip.Addr{outside}
	})
	relay := testpeer.NewUDPRelay(t, netip.AddrPortFrom(outside, at.Port()), at, 1)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(vp8)
	bob.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 20 })
	relay.Rebind()
	before := video.count()
	eventually(t, "video again", func() bool { return video.count() > before+50 })
	select {
	case <-bob.lost:
		t.Fatal("the connection was given up")
	default:
	}
}

func TestClientWithNewConnection(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(vp8)
	bob.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 20 })

	require.NoError(t, bob.dropDown().GracefulClose())
	<-bob.lost
	before := video.count()
	require.NoError(t, h.sfu.Restart(context.Background(), bob.peer))
	eventually(t, "video again", func() bool { return video.count() > before+20 })
}

func TestOneOfferInFlight(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.mu.Lock()
	bob.noAnswer = true
	bob.mu.Unlock()
	ann.publish(both)
	bob.subscribe(camera("ann"))
	eventually(t, "an offer", func() bool { return bob.offersSeen() == 1 })
	bob.subscribe(camera("ann"), mic("ann"))
	require.NoError(t, h.sfu.Restart(context.Background(), bob.peer))
	eventually(t, "the same offer again", func() bool { return bob.offersSeen() == 2 })
	require.Equal(t, []wire.StreamRef{camera("ann")}, bob.offered())
	first := bob.lastOffer()
	require.Equal(t, int64(1), first.OfferID)
	bob.mu.Lock()
	bob.noAnswer = false
	bob.mu.Unlock()
	for _, never := range []int64{2, 99} {
		err := h.sfu.Answer(context.Background(), bob.peer, wire.AnswerParams{OfferID: never, SDP: "nonsense"})
		require.ErrorIs(t, err, fault.InvalidMessageBadParams("", "", ""))
	}
	require.NoError(t, bob.answer(first))
	require.NoError(
		t,
		h.sfu.Answer(context.Background(), bob.peer, wire.AnswerParams{OfferID: first.OfferID, SDP: "nonsense"}),
		"one too many is dropped",
	)
	eventually(t, "what was waiting", func() bool { return len(bob.offered()) == 2 })
}

func TestAddressErrors(t *testing.T) {
	taken, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	_, err = New(Options{UDPAddr: taken.LocalAddr().String()})
	listen, ok := errors.AsType[*ListenError](err)
	require.True(t, ok)
	require.Equal(t, taken.LocalAddr().String(), listen.Address)
	require.ErrorIs(t, err, syscall.EADDRINUSE)

	_, err = New(Options{UDPAddr: "127.0.0.1:0", TCPAddr: "192.0.2.1:0"})
	listen, ok = errors.AsType[*ListenError](err)
	require.True(t, ok)
	require.Equal(t, "tcp", listen.Network)
	require.ErrorIs(t, err, syscall.EADDRNOTAVAIL)
}

func TestAdvertisedAddresses(t *testing.T) {
	t.Run("all of the machine", func(t *testing.T) {
		h := newHub(t, func(o *Options) { o.UDPAddr, o.TCPAddr, o.Loopback = ":0", ":0", true })
		ann, bob := h.join("s", "ann"), h.join("s", "bob", tcpOnly)
		ann.publish(vp8)
		bob.subscribe(camera("ann"))
		defer ann.source(wire.Video).run(10 * time.Millisecond)()
		video := bob.got("ann", wire.Video)
		eventually(t, "video", func() bool { return video.count() > 10 })
	})
	t.Run("a public one in place of the local ones", func(t *testing.T) {
		h := newHub(t, func(o *Options) { o.PublicIPs = []netip.Addr{netip.MustParseAddr("203.0.113.7")} })
		sdp := h.join("s", "ann").publish(vp8).SDP
		udp, tcp := h.sfu.Addrs()
		for network, addr := range map[string]net.Addr{"udp": udp, "tcp": tcp} {
			_, port, err := net.SplitHostPort(addr.String())
			require.NoError(t, err)
			require.Regexp(t, `(?i)a=candidate:\S+ 1 `+network+` \d+ 203\.0\.113\.7 `+port+` typ host`, sdp)
		}
		require.NotRegexp(t, `a=candidate:.* 127\.0\.0\.1 `, sdp)
	})
	t.Run("two public ones", func(t *testing.T) {
		h := newHub(t, func(o *Options) {
			o.PublicIPs = []netip.Addr{netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("198.51.100.7")}
		})
		sdp := h.join("s", "ann").publish(vp8).SDP
		for _, network := range []string{"udp", "tcp"} {
			require.Regexp(t, `(?i)a=candidate:\S+ 1 `+network+` \d+ 203\.0\.113\.7 `, sdp)
			require.Regexp(t, `(?i)a=candidate:\S+ 1 `+network+` \d+ 198\.51\.100\.7 `, sdp)
		}
	})
	t.Run("a public one of a family that the machine does not have", func(t *testing.T) {
		_, err := New(
			Options{
				UDPAddr:   "127.0.0.1:0",
				PublicIPs: []netip.Addr{netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("2001:db8::1")},
			},
		)
		require.ErrorAs(t, err, new(*FamilyError))
		require.ErrorContains(t, err, "2001:db8::1")
	})
}

// What is said late about somebody's former participation does not touch the present one.
func TestParticipations(t *testing.T) {
	h := newHub(t)
	first := wire.Peer{SessionID: "s", ParticipantID: "ann", Participation: 1}
	second := wire.Peer{SessionID: "s", ParticipantID: "ann", Participation: 2}
	require.NoError(t, h.sfu.Attach(t.Context(), first))
	require.NoError(t, h.sfu.Attach(t.Context(), second))
	require.Equal(t, 1, h.sfu.Stats().Peers)
	h.sfu.Detach(first)
	require.Nil(t, h.sfu.peer(first))
	require.NotNil(t, h.sfu.peer(second))
	h.sfu.Detach(second)
	require.Zero(t, h.sfu.Stats().Sessions)
}

func TestCallsForUnknownPeers(t *testing.T) {
	h := newHub(t)
	nobody := wire.Peer{SessionID: "s", ParticipantID: "nobody"}
	h.sfu.Detach(nobody)
	h.sfu.Subscribe(nobody, []wire.StreamRef{camera("ann")})
	h.sfu.SetStream(nobody, wire.Video, true)
	_, err := h.sfu.Publish(context.Background(), nobody, wire.PublishParams{SDP: "nonsense"})
	require.NoError(t, err)
	require.NoError(t, h.sfu.Answer(context.Background(), nobody, wire.AnswerParams{}))
	require.NoError(t, h.sfu.Restart(context.Background(), nobody))
	require.NoError(t, h.sfu.Close())
	require.ErrorIs(t, h.sfu.Attach(context.Background(), nobody), ErrClosed)
}
