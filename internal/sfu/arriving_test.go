package sfu

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// codecsTold returns the codecs of CodecChanged.
func (h *hub) codecsTold() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.codecs)
}

// pump sends frames of one packet until stopped: a key frame first, whenever asked for, and every 20.
func (b *rawBinding) pump(c *client, payload func(n int, key bool) (payloadType uint8, payload []byte)) (stop func()) {
	_, plis := c.sending(wire.Video)
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		answered := int32(-1)
		for n := 0; ; n++ {
			select {
			case <-quit:
				return
			case <-ticker.C:
			}
			asked := plis.Load()
			pt, bytes := payload(n, asked != answered)
			answered = asked
			b.packet(pt, b.ssrc, uint16(n), uint32(n)*3000, bytes)
		}
	}()
	return func() { close(quit); <-done }
}

// A sender may use any codec of the answer and change it: others are told of the one that arrives, and get it with its
// own payload type.
func TestTheCodecIsWhatArrives(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	raw := ann.publishRaw()
	bob.subscribe(camera("ann"))
	video := bob.got("ann", wire.Video)
	defer raw.pump(ann, func(n int, key bool) (uint8, []byte) {
		if n < 60 {
			return raw.types["H264"], videoPayload("video/H264", key, true, n)
		}
		return raw.types["VP9"], videoPayload("video/VP9", key, true, n)
	})()
	eventually(
		t,
		"both codecs are announced",
		func() bool { return slices.Equal(h.codecsTold(), []string{"H264", "VP9"}) },
	)
	types := func() map[uint8]bool {
		seen := map[uint8]bool{}
		for _, p := range video.all() {
			seen[p.PayloadType] = true
		}
		return seen
	}
	eventually(t, "both arrive", func() bool { return len(types()) == 2 })
	requireGapless(t, video.all())
	require.Empty(t, h.told())
}

// A receiver whose answer does not take the codec that arrives is told once, and told again for another codec only.
func TestCodecNotReceived(t *testing.T) {
	for name, edit := range map[string]func(string) string{
		"only VP8 is taken": func(s string) string {
			return regexp.MustCompile(`m=video \d+ (\S+) .*\r\n`).ReplaceAllString(s, "m=video 9 $1 96 97\r\n")
		},
		"the section is rejected": func(s string) string {
			return strings.ReplaceAll(s, "m=video 9 ", "m=video 0 ")
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t)
			ann, bob, eve := h.join("s", "ann"), h.join("s", "bob"), h.join("s", "eve")
			raw := ann.publishRaw()
			eve.editAnswer = edit
			bob.subscribe(camera("ann"))
			eve.subscribe(camera("ann"))
			defer raw.pump(ann, func(n int, key bool) (uint8, []byte) {
				return raw.types["H264"], videoPayload("video/H264", key, true, n)
			})()
			eventually(t, "eve is told", func() bool { return len(h.told()) > 0 })
			eventually(t, "bob sees", func() bool { return bob.got("ann", wire.Video).count() > 30 })
			require.Len(t, h.told(), 1)
			require.Contains(t, h.told()[0], "eve: CODEC_NOT_RECEIVED: The video stream ")
			require.Contains(t, h.told()[0], "of ann (\"\") is encoded as H264")
		})
	}
}

// Parameter sets that a sender sends once are kept for who comes later, with numbers of their own, and are sent again
// when they are lost, and with each key frame that a receiver asks for.
func TestParameterSetsForLateJoiners(t *testing.T) {
	t.Parallel()
	sps, pps := []byte{0x67, 0x42, 0xe0, 0x1f, 0xaa}, []byte{0x68, 0xce, 0x3c, 0x80}
	stap := slices.Concat([]byte{0x78, 0, 5}, sps, []byte{0, 4}, pps)
	h := newHub(t)
	ann := h.join("s", "ann")
	raw := ann.publishRaw()
	defer raw.pump(ann, func(n int, key bool) (uint8, []byte) {
		pt := raw.types["H264"]
		switch {
		case n == 0:
			return pt, stap
		case key:
			return pt, append([]byte{0x65, 0x88}, fmt.Sprint(n)...)
		}
		return pt, append([]byte{0x41, 0x9a}, fmt.Sprint(n)...)
	})()
	eventually(t, "they have been sent", func() bool { return h.sfu.Stats().PacketsIn > 3 })
	for _, name := range []string{"bob", "cat", "dan"} {
		c := h.join("s", name)
		c.subscribe(camera("ann"))
		got := c.got("ann", wire.Video)
		eventually(t, name+" sees", func() bool { return got.count() > 20 })
		packets := got.all()
		requireGapless(t, packets)
		require.Equal(t, stap, packets[0].Payload, name)
		require.Equal(t, byte(5), packets[1].Payload[0]&0x1f, "%s: an IDR picture", name)
		require.Equal(t, packets[1].Timestamp, packets[0].Timestamp, name)

		ssrc, again := packets[0].SSRC, packets[0].SequenceNumber
		before := h.sfu.Stats().Resent
		require.NoError(t, c.downConn().WriteRTCP([]rtcp.Packet{
			&rtcp.TransportLayerNack{MediaSSRC: ssrc, Nacks: []rtcp.NackPair{{PacketID: again}}},
		}))
		eventually(t, "it is sent again", func() bool { return h.sfu.Stats().Resent > before })

		require.NoError(t, c.downConn().WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: ssrc}}))
		at := -1
		eventually(t, "they are sent with the key frame for which it asks", func() bool {
			packets = slices.DeleteFunc(got.all(), func(p rtp.Packet) bool { return p.SequenceNumber == again })
			at = slices.IndexFunc(packets, func(p rtp.Packet) bool { return bytes.Equal(p.Payload, stap) })
			return at >= 0 && len(packets) > at+1
		})
		requireGapless(t, packets)
		require.Equal(t, byte(5), packets[at+1].Payload[0]&0x1f, "%s: an IDR picture", name)
		require.Equal(t, packets[at+1].Timestamp, packets[at].Timestamp, name)
	}
}

// What belongs to no stream is reported to who sends it, once for each kind of it.
func TestStrayPackets(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	raw := ann.publishRaw()
	bob.subscribe(camera("ann"))
	defer raw.pump(ann, func(n int, key bool) (uint8, []byte) {
		return raw.types["VP8"], videoPayload("video/VP8", key, true, n)
	})()
	for n := range uint16(3 * strayPackets) {
		raw.packet(raw.types["VP8"], 4711, n, uint32(n), []byte{1, 2, 3})
		raw.packet(126, raw.ssrc, 20000+n, uint32(n), []byte{1, 2, 3})
	}
	eventually(t, "both are told", func() bool { return len(h.told()) == 2 })
	told := h.told()
	slices.Sort(told)
	require.Contains(t, told[0], "ann: UNKNOWN_PAYLOAD_TYPE: Packets of the video stream arrive with payload type 126")
	require.Contains(t, told[1], "ann: UNKNOWN_SSRC: Packets with SSRC 4711")
}

// Two SSRCs that come at the same time for one stream do not take turns.
func TestOneSourceAtATime(t *testing.T) {
	encoding := newUpTrack(nil, wire.Video, &Stream{}).encodings[0]
	now := time.Now()
	take := func(ssrc uint32) bool {
		taken := encoding.ssrc.Load() == ssrc || encoding.takeSource(ssrc, now)
		if taken {
			encoding.at = now
		}
		now = now.Add(time.Millisecond)
		return taken
	}
	require.True(t, take(1))
	require.True(t, take(2), "a new one replaces the old at once")
	for range 100 {
		require.False(t, take(1))
		require.True(t, take(2))
	}
	now = now.Add(sourceSilence)
	require.True(t, take(1), "2 has gone")
}

// A participant that sends more than it may loses what is above, and is told.
func TestPublishBitrate(t *testing.T) {
	h := newHub(t, func(o *Options) { o.PublishBps = 800_000 })
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	raw := ann.publishRaw()
	bob.subscribe(camera("ann"))
	defer raw.pump(ann, func(n int, key bool) (uint8, []byte) {
		return raw.types["VP8"], append(videoPayload("video/VP8", key, true, n), make([]byte, 100)...)
	})()
	eventually(t, "video", func() bool { return bob.got("ann", wire.Video).count() > 10 })
	require.Empty(t, h.told())
	for n := range uint16(400) { // 400 kB at once
		raw.packet(raw.types["VP8"], raw.ssrc, 30000+n, 1, make([]byte, 1000))
	}
	eventually(t, "it is told", func() bool { return len(h.told()) == 1 })
	require.Contains(t, h.told()[0], "ann: BITRATE: The streams of this participant exceed 800000 bit/s")
	require.Less(t, h.sfu.Stats().BytesIn, uint64(200_000), "what was taken")
}

// However much a subscriber asks for again, it gets at most half as much again as was sent, and a packet a few times.
func TestNACKFlood(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	raw := ann.publishRaw()
	bob.subscribe(camera("ann"))
	defer raw.pump(ann, func(n int, key bool) (uint8, []byte) {
		return raw.types["VP8"], append(videoPayload("video/VP8", key, true, n), make([]byte, 1000)...)
	})()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 20 })
	start := h.sfu.Stats()
	for until := time.Now().Add(time.Second); time.Now().Before(until); {
		packets := video.all()
		last := packets[len(packets)-1]
		var pairs []rtcp.NackPair
		for back := range uint16(20) {
			pairs = append(pairs, rtcp.NackPair{PacketID: last.SequenceNumber - 17*back, LostPackets: 0xffff})
		}
		_ = bob.downConn().WriteRTCP([]rtcp.Packet{&rtcp.TransportLayerNack{MediaSSRC: last.SSRC, Nacks: pairs}})
		<-time.After(2 * time.Millisecond) // 500 a second
	}
	end := h.sfu.Stats()
	resent := end.Resent - start.Resent
	first := end.PacketsOut - start.PacketsOut - resent
	t.Logf("%d packets sent, %d asked for, %d sent again", first, end.NACKsIn-start.NACKsIn, resent)
	require.Positive(t, resent)
	require.LessOrEqual(t, resent, uint64(resendShare*float64(first+uint64(start.PacketsOut)))+resendReserve/4/1000)
	before := video.count()
	eventually(t, "video goes on", func() bool { return video.count() > before+20 })
}

// A panic in the work for one connection ends that connection, which can be made anew, and reaches nobody else.
func TestPanicsStayWhereTheyAre(t *testing.T) {
	h := newHub(t)
	ann, bob, eve := h.join("s", "ann"), h.join("s", "bob"), h.join("s", "eve")
	ann.publish(vp8)
	eve.publish(vp8)
	bob.subscribe(camera("ann"))
	eve.subscribe(camera("ann"))
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	defer eve.source(wire.Video).run(10 * time.Millisecond)()
	eventually(t, "video", func() bool {
		return bob.got("ann", wire.Video).count() > 10 && eve.got("ann", wire.Video).count() > 10
	})
	bobSees := func() {
		before := bob.got("ann", wire.Video).count()
		eventually(t, "bob's video goes on", func() bool { return bob.got("ann", wire.Video).count() > before+20 })
	}
	track := h.sfu.peer(eve.peer).session.stream(h.sfu.peer(eve.peer), wire.Video).source().(*upTrack)
	track.params.Store(nil) // the next packet of eve's meets it
	eventually(t, "eve is told", func() bool { return len(h.told()) == 1 })
	require.True(t, track.conn.gone.Load())
	bobSees()

	broken := h.sfu.peer(eve.peer).sub
	broken.connMu.Lock()
	for _, d := range *broken.conn.list.Load() {
		b := *d.binding.Load()
		b.writer = nil // the next packet to eve meets it
		d.binding.Store(&b)
	}
	broken.connMu.Unlock()
	select {
	case <-eve.lost:
	case <-time.After(soon):
		t.Fatal("eve's loss was not told")
	}
	bobSees()

	require.Len(t, h.told(), 2)
	for _, told := range h.told() {
		require.Contains(t, told, "eve: INTERNAL: ")
	}
	eve.dropDown()
	require.NoError(t, h.sfu.Restart(eve.ctx, eve.peer))
	before := eve.got("ann", wire.Video).count()
	eventually(t, "eve sees again", func() bool { return eve.got("ann", wire.Video).count() > before+10 })
}
