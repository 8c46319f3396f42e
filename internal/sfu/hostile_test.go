package sfu

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// badOffers makes offers that cannot be used out of a good one.
func badOffers(good wire.PublishParams) map[string]wire.PublishParams {
	with := func(change func(p *wire.PublishParams)) wire.PublishParams {
		p := wire.PublishParams{SDP: good.SDP, Streams: append([]wire.PublishedStream(nil), good.Streams...)}
		change(&p)
		return p
	}
	sdp := func(old, replacement string) wire.PublishParams {
		return with(func(p *wire.PublishParams) { p.SDP = strings.ReplaceAll(p.SDP, old, replacement) })
	}
	section := good.SDP[strings.Index(good.SDP, "m="):]
	return map[string]wire.PublishParams{
		"empty":        {},
		"nonsense":     {SDP: "nonsense"},
		"nul bytes":    {SDP: strings.Repeat("\x00", 1000)},
		"emoji":        {SDP: "v=0\r\n🙂=1\r\n"},
		"half":         {SDP: good.SDP[:len(good.SDP)/2][:200]},
		"no media":     {SDP: good.SDP[:strings.Index(good.SDP, "m=")]},
		"500 sections": {SDP: good.SDP + strings.Repeat(section, 500/strings.Count(section, "m="))},
		"100 sections": with(func(p *wire.PublishParams) {
			for i := range 100 {
				p.SDP += fmt.Sprintf("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:x%d\r\n", i)
			}
		}),
		"mid twice":       {SDP: good.SDP + section},
		"no mid":          sdp("a=mid:", "a=nomid:"),
		"no ufrag":        sdp("a=ice-ufrag:", "a=x:"),
		"short pwd":       sdp("a=ice-pwd:", "a=ice-pwd:a\r\na=x:"),
		"no fingerprint":  sdp("a=fingerprint:", "a=x:"),
		"bad fingerprint": sdp("a=fingerprint:sha-256 ", "a=fingerprint:sha-256"),
		"md5 fingerprint": sdp("a=fingerprint:sha-256 ", "a=fingerprint:md5 "),
		"cut fingerprint": sdp("a=fingerprint:sha-256 ", "a=fingerprint:sha-256 AB:"),
		"text in it":      sdp("a=fingerprint:sha-256 ", "a=fingerprint:sha-256 X"),
		"ufrag of words":  sdp("a=ice-ufrag:", "a=ice-ufrag:a b"),
		"ufrag and colon": sdp("a=ice-ufrag:", "a=ice-ufrag:a:"),
		"payload type 200": with(func(p *wire.PublishParams) {
			p.SDP = regexp.MustCompile(`(?m)^(m=.* |a=rtpmap:|a=fmtp:|a=rtcp-fb:)96\b`).ReplaceAllString(p.SDP, "${1}200")
		}),
		"data channel":   sdp("m=video ", "m=application "),
		"text":           sdp("m=video ", "m=text "),
		"ssrc text":      sdp("a=ssrc:", "a=ssrc:x"),
		"group text":     sdp("a=ssrc-group:FID ", "a=ssrc-group:FID x"),
		"huge ssrc":      sdp("a=ssrc:", "a=ssrc:99999999999"),
		"no codec":       sdp("a=rtpmap:", "a=x:"),
		"foreign codecs": sdp("a=rtpmap:96 VP8/90000", "a=rtpmap:96 XYZ/1"),
		"recvonly":       sdp("a=sendonly", "a=recvonly"),
		"inactive":       sdp("a=sendonly", "a=inactive"),
		"unknown mid":    with(func(p *wire.PublishParams) { p.Streams[0].MID = "99" }),
		"empty mid":      with(func(p *wire.PublishParams) { p.Streams[0].MID = "" }),
		"audio as video": with(func(p *wire.PublishParams) {
			p.Streams[0].MID, p.Streams[1].MID = p.Streams[1].MID, p.Streams[0].MID
		}),
	}
}

// A good publisher's stream flows while each bad offer is refused, from others and from itself.
func TestBadOffers(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(both)
	bob.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 10 })

	eve := wire.Peer{SessionID: "s", ParticipantID: "eve"}
	require.NoError(t, h.sfu.Attach(context.Background(), eve))
	for name, params := range badOffers(ann.published) {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), soon)
			defer cancel()
			for _, peer := range []wire.Peer{eve, ann.peer} {
				_, err := h.sfu.Publish(ctx, peer, params)
				if name == "foreign codecs" && err == nil {
					continue // other codecs of the offer remain
				}
				f, ok := errors.AsType[*fault.Error](err)
				require.True(t, ok, "%v", err)
				require.Equal(t, "BAD_SDP", f.Reason)
				require.NotEmpty(t, f.Detail)
				t.Log(f.Detail)
			}
		})
	}
	before := video.count()
	eventually(t, "video goes on", func() bool { return video.count() > before+20 })
	ann.addShare() // and the connection still negotiates
	h.sfu.Detach(eve)
}

func TestBadAnswers(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(both)
	bob.mu.Lock()
	bob.noAnswer = true
	bob.mu.Unlock()
	bob.subscribe(camera("ann"), mic("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	eventually(t, "an offer", func() bool { return bob.offersSeen() == 1 })
	offer := bob.lastOffer()
	for name, text := range map[string]string{
		"empty": "", "nonsense": "nonsense", "cut": offer.SDP[:strings.Index(offer.SDP, "m=")+10],
		"other mids":     strings.ReplaceAll(offer.SDP, "a=mid:", "a=mid:x"),
		"one section":    offer.SDP[:strings.LastIndex(offer.SDP, "m=")],
		"no credentials": strings.ReplaceAll(offer.SDP, "a=ice-", "a=x-"),
	} {
		t.Run(name, func(t *testing.T) {
			err := h.sfu.Answer(context.Background(), bob.peer, wire.AnswerParams{OfferID: offer.OfferID, SDP: text})
			f, ok := errors.AsType[*fault.Error](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, "BAD_SDP", f.Reason)
			t.Log(f.Detail)
		})
	}
	// pion finds this one only when it cannot go back any more: the client gets a new offer.
	broken := strings.ReplaceAll(offer.SDP, "a=mid:", "a=extmap:nonsense\r\na=mid:")
	err := h.sfu.Answer(context.Background(), bob.peer, wire.AnswerParams{OfferID: offer.OfferID, SDP: broken})
	require.Error(t, err)
	eventually(t, "a new offer", func() bool { return bob.lastOffer().OfferID == offer.OfferID+1 })
	require.NoError(t, bob.answer(bob.lastOffer()), "the good answer is taken")
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 10 })
}

// Strange packets from a publisher reach nobody or do no harm.
func TestHostilePackets(t *testing.T) {
	h := newHub(t)
	ann, bob, eve := h.join("s", "ann"), h.join("s", "bob"), h.join("s", "eve")
	ann.publish(both)
	eve.publish(both)
	bob.subscribe(camera("ann"), camera("eve"), mic("eve"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	defer eve.source(wire.Video).run(10 * time.Millisecond)()
	video, hers := bob.got("ann", wire.Video), bob.got("eve", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 10 && hers.count() > 10 })

	track, _ := eve.sending(wire.Video)
	seqno := uint16(20000)
	send := func(change func(p *rtp.Packet)) {
		seqno++
		p := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seqno}, Payload: []byte{0x10, 1, 2, 3}}
		change(p)
		_ = track.WriteRTP(p) // what pion refuses to send needs no test
	}
	send(func(p *rtp.Packet) { p.Payload = nil })
	send(func(p *rtp.Packet) { p.Payload, p.Padding, p.PaddingSize = nil, true, 255 })
	send(func(p *rtp.Packet) { p.Payload = []byte{0x90} })
	send(func(p *rtp.Packet) { p.CSRC = make([]uint32, 15) })
	send(func(p *rtp.Packet) { p.SequenceNumber += 30000 })
	send(func(p *rtp.Packet) {
		for id := range uint8(14) {
			_ = p.SetExtension(id+1, []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
		}
	})
	send(func(p *rtp.Packet) {
		p.Extension, p.ExtensionProfile = true, 0x1234
		_ = p.SetExtension(0, make([]byte, 400))
	})

	// RTCP floods: NACKs of everything, key frame requests, reports about foreign streams.
	for i := range 300 {
		pairs := make([]rtcp.NackPair, 60)
		for n := range pairs {
			pairs[n] = rtcp.NackPair{PacketID: uint16(rand.Uint32()), LostPackets: 0xffff}
		}
		packets := []rtcp.Packet{
			&rtcp.TransportLayerNack{MediaSSRC: uint32(i), Nacks: pairs},
			&rtcp.PictureLossIndication{MediaSSRC: rand.Uint32()},
			&rtcp.FullIntraRequest{MediaSSRC: 1, FIR: []rtcp.FIREntry{{SSRC: rand.Uint32()}}},
			&rtcp.ReceiverReport{Reports: make([]rtcp.ReceptionReport, 31)},
		}
		_ = bob.downConn().WriteRTCP(packets)
	}
	for _, s := range bob.downConn().GetReceivers() {
		if track := s.Track(); track != nil {
			pairs := make([]rtcp.NackPair, 200)
			for n := range pairs {
				pairs[n] = rtcp.NackPair{PacketID: uint16(n * 17), LostPackets: 0xffff}
			}
			_ = bob.downConn().WriteRTCP([]rtcp.Packet{&rtcp.TransportLayerNack{MediaSSRC: uint32(track.SSRC()), Nacks: pairs}})
		}
	}
	before := video.count()
	eventually(t, "ann's video goes on", func() bool { return video.count() > before+30 })
}

// A subscriber that names ever new SSRCs in RTCP loses its connection, and nobody else notices.
func TestSSRCFlood(t *testing.T) {
	h := newHub(t)
	ann, bob, eve := h.join("s", "ann"), h.join("s", "bob"), h.join("s", "eve")
	ann.publish(vp8)
	bob.subscribe(camera("ann"))
	eve.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video, hers := bob.got("ann", wire.Video), eve.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 10 && hers.count() > 10 })
	flooded := eve.downConn()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for ssrc := uint32(1); ; ssrc++ {
			select {
			case <-done:
				return
			default:
			}
			if flooded.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: ssrc}}) != nil {
				return
			}
			if ssrc%64 == 0 {
				time.Sleep(time.Millisecond) // not to overrun the socket: that would protect the server
			}
		}
	}()
	select {
	case <-eve.lost:
	case <-time.After(soon):
		t.Fatal("the flood went on")
	}
	before := video.count()
	eventually(t, "bob's video goes on", func() bool { return video.count() > before+30 })
}

// Noise on both ports: neither STUN nor DTLS nor RTP of anybody.
func TestNoiseOnThePorts(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(vp8)
	bob.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 10 })
	udp, tcp := h.sfu.Addrs()
	u, err := net.Dial("udp", udp.String())
	require.NoError(t, err)
	defer func() { _ = u.Close() }()
	for i := range 500 {
		noise := make([]byte, rand.IntN(1500))
		for n := range noise {
			noise[n] = byte(rand.Uint32())
		}
		if i%3 == 0 && len(noise) >= 20 { // looks like a STUN binding request
			binary.BigEndian.PutUint16(noise, 1)
			binary.BigEndian.PutUint16(noise[2:], uint16(len(noise)-20))
			binary.BigEndian.PutUint32(noise[4:], 0x2112a442)
		}
		_, _ = u.Write(noise)
	}
	for i := range 20 {
		c, err := net.Dial("tcp", tcp.String())
		require.NoError(t, err)
		_, _ = fmt.Fprintf(c, "GET / HTTP/1.1\r\n%s\r\n", strings.Repeat("x", i*100))
		defer func() { _ = c.Close() }()
	}
	before := video.count()
	eventually(t, "video goes on", func() bool { return video.count() > before+30 })
}

// FuzzOffer holds that whatever is offered returns a fault or an answer, and never a panic.
func FuzzOffer(f *testing.F) {
	f.Add("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n", "0", "video")
	f.Add(
		"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 "+
			"AA\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"+
			"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\na=ssrc:1 cname:x\r\na=ssrc-group:FID 1 2\r\n",
		"0",
		"video",
	)
	f.Fuzz(func(t *testing.T, text, mid, kind string) {
		params := wire.PublishParams{SDP: text, Streams: []wire.PublishedStream{{MID: mid, Kind: wire.Kind(kind)}}}
		if params.Check() != nil {
			return
		}
		o, err := readOffer(params)
		if err == nil {
			require.Len(t, o.sections, 1)
			return
		}
		_, ok := errors.AsType[*sdpError](err)
		require.True(t, ok, "%v", err)
	})
}

func FuzzPackets(f *testing.F) {
	f.Add([]byte{0x10, 0, 0, 0})
	f.Add([]byte{0x90, 0xf0, 0x80, 1, 2, 3})
	f.Add([]byte{0x78, 0, 2, 0x67, 1, 0, 1, 0x68})
	f.Add([]byte{0x7c, 0x87, 1})
	f.Add([]byte{0xa8, 0x80, 1, 2})
	f.Fuzz(func(_ *testing.T, b []byte) {
		for _, mime := range []string{webrtc.MimeTypeVP8, webrtc.MimeTypeH264, webrtc.MimeTypeVP9, webrtc.MimeTypeAV1} {
			begins(strings.ToLower(mime), b)
		}
		audioLevel(b)
		(&routes{midExt: 1}).guess(b)
	})
}

// Packets whose mid, rid or repaired rid names nothing, and extensions that nobody agreed on, reach nobody; what their
// sender publishes and what others publish goes on.
func TestHostileRIDs(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob, eve := h.join("s", "ann"), h.join("s", "bob"), h.join("s", "eve")
	ann.publish(vp8)
	s := eve.publishSimulcast("q", "h", "f")
	bob.subscribe(camera("ann"), camera("eve"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	defer s.run(10 * time.Millisecond)()
	video, hers := bob.got("ann", wire.Video), bob.got("eve", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 10 && hers.count() > 10 })
	send := func(ssrc uint32, change func(h *rtp.Header)) {
		for n := range uint16(strayPackets + 10) {
			h := rtp.Header{Version: 2, PayloadType: s.types["VP8"], SSRC: ssrc, SequenceNumber: n, Timestamp: uint32(n)}
			change(&h)
			_, _ = s.WriteRTP(&h, picture(2, true, int(n))) // what pion refuses to send needs no test
		}
	}
	for i, rid := range []string{"z", "qhf", "Q", "\x00", "~q", "q;h", strings.Repeat("\xff", 16), ""} {
		send(uint32(50000+i), func(h *rtp.Header) {
			_ = h.SetExtension(s.midExt, []byte(s.mid))
			_ = h.SetExtension(ridExt, []byte(rid))
		})
		send(uint32(51000+i), func(h *rtp.Header) {
			_ = h.SetExtension(s.midExt, []byte(s.mid))
			_ = h.SetExtension(repairedExt, []byte(rid+"z"))
		})
		send(uint32(52000+i), func(h *rtp.Header) { // the mid of nobody
			_ = h.SetExtension(s.midExt, []byte("x"+rid))
			_ = h.SetExtension(ridExt, []byte("q"))
		})
		send(uint32(53000+i), func(h *rtp.Header) {
			for id := range uint8(14) {
				if id+1 != s.midExt && id+1 != ridExt && id+1 != repairedExt {
					_ = h.SetExtension(id+1, []byte("q"+rid))
				}
			}
		})
	}
	before, herBefore := video.count(), hers.count()
	eventually(t, "both go on", func() bool { return video.count() > before+30 && hers.count() > herBefore+30 })
	requireGapless(t, video.all())
	requireGapless(t, hers.all())
	told := h.told()
	require.NotEmpty(t, told)
	require.LessOrEqual(t, len(told), maxStrayReports)
	for _, f := range told {
		require.Regexp(t, "^eve: UNKNOWN_SSRC", f)
	}
}
