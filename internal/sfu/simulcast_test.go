package sfu

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// simulcaster publishes a video in several encodings, whose SSRCs only its packets name, by their rids.
type simulcaster struct {
	*rawBinding
	c                   *client
	mid                 string
	rtx                 uint8
	rids                []string
	quiet               [maxEncodings]atomic.Bool // encodings that are not sent
	rtxOf               func(n int) bool          // packets that are lost and only sent again; nil for none
	namesItself         bool                      // every packet has the extensions, not only the first
	withoutRepairedRIDs bool
	pad                 [maxEncodings]int // bytes more of each frame
}

const (
	ridExt, repairedExt = 12, 13
	firstSSRC           = 1000
)

// publishSimulcast offers the encodings in the order of rids.
func (c *client) publishSimulcast(rids ...string) *simulcaster {
	c.t.Helper()
	lines := "a=extmap:12 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n" +
		"a=extmap:13 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n"
	for _, rid := range rids {
		lines += "a=rid:" + rid + " send\r\n"
	}
	lines += "a=simulcast:send " + strings.Join(rids, ";") + "\r\n"
	c.editOffer = func(offer string) string {
		return regexp.MustCompile(`(?m)^a=ssrc.*\r\n`).ReplaceAllString(offer, "") + lines
	}
	track := &rawTrack{kind: webrtc.RTPCodecTypeVideo}
	var err error
	c.up, err = c.api.NewPeerConnection(webrtc.Configuration{})
	require.NoError(c.t, err)
	t, err := c.up.AddTransceiverFromTrack(
		track,
		webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly},
	)
	require.NoError(c.t, err)
	c.offer(func() []wire.PublishedStream {
		return []wire.PublishedStream{{MID: t.Mid(), Kind: wire.Video, Enabled: true}}
	})
	eventually(c.t, "a path", func() bool {
		return track.bound.Load() != nil && c.up.ConnectionState() == webrtc.PeerConnectionStateConnected
	})
	s := &simulcaster{rawBinding: track.bound.Load(), c: c, mid: t.Mid(), rids: rids, namesItself: true}
	for _, ext := range t.Sender().GetParameters().HeaderExtensions {
		if ext.URI == "urn:ietf:params:rtp-hdrext:sdes:mid" {
			s.midExt = uint8(ext.ID)
		}
	}
	for _, p := range t.Sender().GetParameters().Codecs {
		if media, ok := apt(p); ok && uint8(media) == s.types["VP8"] {
			s.rtx = uint8(p.PayloadType)
		}
	}
	require.NotZero(c.t, s.midExt)
	require.NotZero(c.t, s.rtx)
	return s
}

// picture is a packet of one frame of VP8 in a size that tells the encoding.
func picture(encoding int, key bool, n int) []byte {
	if !key {
		return append([]byte{0x10, 1, 0, 0}, fmt.Sprintf("e%d %d", encoding, n)...)
	}
	w, h := 320<<encoding, 180<<encoding
	return append([]byte{0x10, 0, 0, 0, 0x9d, 1, 0x2a, byte(w), byte(w >> 8), byte(h), byte(h >> 8)},
		fmt.Sprintf("e%d %d", encoding, n)...)
}

// encodingsOf returns the encodings of which packets came, in their order, repetitions left out.
func encodingsOf(packets []rtp.Packet) []int {
	var found []int
	for _, p := range packets {
		for e := range maxEncodings {
			if strings.Contains(string(p.Payload), fmt.Sprintf("e%d ", e)) && (len(found) == 0 || found[len(found)-1] != e) {
				found = append(found, e)
			}
		}
	}
	return found
}

func (s *simulcaster) write(encoding int, repair bool, h rtp.Header, payload []byte) {
	ext := uint8(ridExt)
	if repair {
		ext = repairedExt
	}
	if s.namesItself || h.SequenceNumber < 20 {
		_ = h.SetExtension(s.midExt, []byte(s.mid))
		if !repair || !s.withoutRepairedRIDs {
			_ = h.SetExtension(ext, []byte(s.rids[encoding]))
		}
	}
	_, _ = s.WriteRTP(&h, payload)
}

// run sends the encodings, the smallest being sizes[0] of rids, until stopped. Each begins with a key frame and sends
// one every 20 frames.
func (s *simulcaster) run(every time.Duration) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		var again []func()
		for n := 0; ; n++ {
			select {
			case <-quit:
				return
			case <-ticker.C:
			}
			repeat := again
			again = nil
			for e := range s.rids {
				if s.quiet[e].Load() {
					continue
				}
				h := rtp.Header{
					Version: 2, PayloadType: s.types["VP8"], SSRC: firstSSRC + uint32(e), Marker: true,
					SequenceNumber: uint16(n), Timestamp: uint32(n)*3000 + uint32(e)*77777,
				}
				payload := append(picture(e, n%20 == 0, n), make([]byte, s.pad[e])...)
				if s.rtxOf == nil || !s.rtxOf(n) {
					s.write(e, false, h, payload)
					continue
				}
				h.PayloadType, h.SSRC = s.rtx, h.SSRC+100
				payload = append([]byte{byte(n >> 8), byte(n)}, payload...)
				again = append(again, func() { s.write(e, true, h, payload) })
			}
			for _, write := range repeat { // when the next packet has shown that they are missing
				write()
			}
		}
	}()
	return func() { close(quit); <-done }
}

// A subscriber gets the encoding that it prefers, and its numbers go on from one to the other.
func TestSimulcast(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(camera("ann"))
	s := ann.publishSimulcast("q", "h", "f")
	s.namesItself = false
	defer s.run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	last := func() int {
		packets := video.all()
		return encodingsOf(packets[len(packets)-1:])[0]
	}
	eventually(t, "the best one", func() bool { return video.count() > 20 && last() == 2 })
	prefer := func(p wire.StreamPreference) {
		p.ParticipantID, p.Kind = "ann", wire.Video
		h.sfu.Prefer(bob.peer, []wire.StreamPreference{p})
	}
	prefer(wire.StreamPreference{Quality: wire.Low})
	eventually(t, "the smallest one", func() bool { return last() == 0 })
	prefer(wire.StreamPreference{Width: 640, Height: 360})
	eventually(t, "the one that is shown", func() bool { return last() == 1 })
	told := func(what func(wire.StreamState) bool) func() bool {
		return func() bool {
			h.mu.Lock()
			defer h.mu.Unlock()
			return len(h.states) > 0 && what(h.states[len(h.states)-1].state)
		}
	}
	eventually(t, "it is told", told(func(s wire.StreamState) bool { return s.Quality == wire.Medium }))
	prefer(wire.StreamPreference{Paused: true})
	eventually(t, "it is told", told(func(s wire.StreamState) bool { return s.State == wire.Paused }))
	paused := video.count()
	in := h.sfu.Stats().PacketsIn
	eventually(t, "more arrives at the server", func() bool { return h.sfu.Stats().PacketsIn > in+60 })
	require.LessOrEqual(t, video.count(), paused+4, "only what was on the way")
	prefer(wire.StreamPreference{})
	eventually(t, "the best one again", func() bool { return video.count() > paused+10 && last() == 2 })
	eventually(t, "it is told", told(func(s wire.StreamState) bool { return s.Quality == wire.High }))
	requireGapless(t, video.all())
	require.Empty(t, h.told())

	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for _, s := range h.states {
		require.Equal(t, "bob", s.peer.ParticipantID)
		all = append(all, fmt.Sprintf("%s %s%s %dx%d", s.state.State, s.state.Quality, s.state.Reason, s.state.Width,
			s.state.Height))
	}
	require.Subset(t, all, []string{"active low 320x180", "active med 640x360", "paused requested 0x0",
		"active high 1280x720"})
}

// The order of the encodings is that of their sizes, whatever order the offer has.
func TestSimulcastOfferedFromLargeToSmall(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(camera("ann"))
	s := ann.publishSimulcast("f", "h", "q")
	s.rids = []string{"q", "h", "f"} // as they are sent
	defer s.run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	last := func() int {
		packets := video.all()
		return encodingsOf(packets[max(0, len(packets)-1):])[0]
	}
	eventually(t, "the best one", func() bool { return video.count() > 60 && last() == 2 })
	h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Video, Quality: wire.Low}})
	eventually(t, "the smallest one", func() bool { return last() == 0 })
	requireGapless(t, video.all())
}

// What comes only as a retransmission, on an SSRC that nothing declares, fills its place and is not taken for media.
func TestRetransmissionsOfUndeclaredSSRCs(t *testing.T) {
	for name, without := range map[string]bool{
		"named by rids": false, "of one encoding, named by the payload type": true,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			ann, bob := h.join("s", "ann"), h.join("s", "bob")
			bob.subscribe(camera("ann"))
			rids := []string{"q", "h", "f"}
			if without {
				rids = rids[:1]
			}
			s := ann.publishSimulcast(rids...)
			s.withoutRepairedRIDs = without
			s.rtxOf = func(n int) bool { return n > 10 && n%7 == 3 }
			defer s.run(10 * time.Millisecond)()
			video := bob.got("ann", wire.Video)
			eventually(t, "video", func() bool { return video.count() > 150 })
			first := video.all()[20].SequenceNumber
			eventually(t, "nothing is missing", func() bool {
				have := map[uint16]bool{}
				for _, p := range video.all()[20:] {
					have[p.SequenceNumber-first] = true
				}
				for n := range uint16(100) {
					if !have[n] {
						return false
					}
				}
				return true
			})
			require.Len(t, slices.Compact(encodingsOf(video.all()[20:])), 1, "no subscriber began anew")
			require.Empty(t, h.told())
		})
	}
}

// A publisher is told of the encodings that nobody takes, and that somebody takes one again.
func TestEncodingsThatNobodyTakes(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(camera("ann"))
	s := ann.publishSimulcast("q", "h", "f")
	defer s.run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 20 })
	told := func() string {
		h.mu.Lock()
		defer h.mu.Unlock()
		if len(h.encodings) == 0 {
			return ""
		}
		text := ""
		for _, e := range h.encodings[len(h.encodings)-1].Active {
			text += fmt.Sprintf("%s:%v ", e.RID, e.Active)
		}
		return text
	}
	h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Video, Quality: wire.Low}})
	eventually(t, "two are not taken", func() bool { return told() == "q:true h:false f:false " })
	s.quiet[1].Store(true)
	s.quiet[2].Store(true)
	h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Video}})
	eventually(t, "the best one is taken again", func() bool { return strings.HasSuffix(told(), "f:true ") })
	before := video.count()
	eventually(t, "the smallest one goes on meanwhile", func() bool { return video.count() > before+20 })
	s.quiet[2].Store(false)
	eventually(t, "the best one", func() bool {
		packets := video.all()
		return encodingsOf(packets[len(packets)-1:])[0] == 2
	})
	requireGapless(t, video.all())
}

// Encodings that nobody takes are stopped before they have come once, for a sender may begin with its smallest: they
// come when somebody wants them.
func TestEncodingsStoppedBeforeTheyCame(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	s := ann.publishSimulcast("q", "h", "f")
	s.quiet[1].Store(true)
	s.quiet[2].Store(true)
	defer s.run(10 * time.Millisecond)()
	active := func(encoding int) bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.encodings) > 0 && h.encodings[len(h.encodings)-1].Active[encoding].Active
	}
	eventually(t, "they are stopped", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.encodings) > 0
	})
	bob.subscribe(camera("ann"))
	h.sfu.Prefer(bob.peer, []wire.StreamPreference{
		{ParticipantID: "ann", Kind: wire.Video, Width: 640, Height: 360},
	})
	video := bob.got("ann", wire.Video)
	last := func() int {
		packets := video.all()
		return append(encodingsOf(packets[max(0, len(packets)-1):]), -1)[0]
	}
	eventually(t, "the middle one is wanted", func() bool { return active(1) && !active(2) })
	s.quiet[1].Store(false)
	eventually(t, "it comes", func() bool { return last() == 1 })
	h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Video}})
	eventually(t, "the largest one is wanted", func() bool { return active(2) })
	s.quiet[2].Store(false)
	eventually(t, "it comes", func() bool { return last() == 2 })
}

// A publisher that lacks the bandwidth for its best encoding stops sending it without a word. Its subscribers get the
// next one within a second.
func TestEncodingFallsSilent(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(camera("ann"))
	s := ann.publishSimulcast("q", "h", "f")
	defer s.run(33 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	last := func() int {
		packets := video.all()
		return encodingsOf(packets[max(0, len(packets)-1):])[0]
	}
	eventually(t, "the best one", func() bool { return video.count() > 20 && last() == 2 })
	s.quiet[2].Store(true)
	require.Eventually(t, func() bool { return last() == 1 }, 2*time.Second, 10*time.Millisecond)
	requireGapless(t, video.all())
}

// An encoding that was asked for again and does not come is left alone for a while, longer each time.
func TestJudgeRestart(t *testing.T) {
	now := time.Now()
	var e encoding
	for _, leftAlone := range []time.Duration{barrenFirst, 2 * barrenFirst, 4 * barrenFirst} {
		e.restarted = now
		e.judgeRestart(now.Add(restartIn))
		require.False(t, e.restarted.IsZero())
		e.judgeRestart(now.Add(restartIn + 1))
		require.Equal(t, now.Add(restartIn+1+leftAlone), e.barren)
		require.Zero(t, e.restarted)
	}
	e.restarted = now
	e.measured.Store(&measurement{at: now.Add(time.Second)})
	e.judgeRestart(now.Add(2 * time.Second))
	require.Zero(t, e.barrenFor)
	require.Zero(t, e.restarted)
}

// A subscriber begins with the first packet of a key frame. Where that was lost at first, the packets after it came
// before it, and are sent all the same: without them no picture comes until the next key frame.
func TestBeginsWithAPacketThatWasLost(t *testing.T) {
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(camera("ann"))
	s := ann.publishSimulcast("q", "f")
	s.rtxOf = func(n int) bool { return n%20 == 0 } // the key frames
	defer s.run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	for _, q := range []wire.Quality{wire.High, wire.Low, wire.High} {
		h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Video, Quality: q}})
		eventually(t, "a switch", func() bool {
			packets := video.all()
			if len(packets) < 20 {
				return false
			}
			found := encodingsOf(packets[len(packets)-10:])
			return len(found) == 1 && (found[0] == 1) == (q == wire.High)
		})
	}
	packets := video.all()
	slices.SortFunc(packets, func(a, b rtp.Packet) int { return int(int16(a.SequenceNumber - b.SequenceNumber)) })
	requireGapless(t, packets)
	of := func(p rtp.Packet) (encoding, n int) {
		_, err := fmt.Sscanf(string(p.Payload[strings.LastIndexByte(string(p.Payload), 'e'):]), "e%d %d", &encoding, &n)
		require.NoError(t, err)
		return encoding, n
	}
	for i := range packets[1:] {
		before, n := of(packets[i])
		if encoding, next := of(packets[i+1]); encoding == before {
			require.Equal(t, n+1, next)
		} else {
			require.Zero(t, next%20, "a key frame")
		}
	}
}

// A PLI of a subscriber is for the encoding that it gets.
func TestPLIOfALayer(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(camera("ann"))
	s := ann.publishSimulcast("q", "h", "f")
	defer s.run(10 * time.Millisecond)()
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 20 })
	p := h.sfu.peer(ann.peer)
	st := p.session.stream(p, wire.Video)
	asked := func() time.Time {
		st.encodings[2].keyMu.Lock()
		defer st.encodings[2].keyMu.Unlock()
		return st.encodings[2].keyAsked
	}
	before := asked()
	ssrc := video.all()[0].SSRC
	eventually(t, "a key frame is asked for", func() bool {
		require.NoError(t, bob.downConn().WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: ssrc}}))
		return asked().After(before)
	})
}

// A subscriber whose link is slow gets a smaller encoding, and is told why; when the link is fast again, it gets a
// larger one again.
func TestLayersFollowTheLink(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	conn := listenLossy(t)
	require.NoError(t, conn.SetReadBuffer(16<<10)) // the queue of the link
	ann, bob := h.join("s", "ann"), h.join("s", "bob", over(conn))
	bob.subscribe(camera("ann"))
	s := ann.publishSimulcast("q", "h", "f")
	s.pad = [maxEncodings]int{100, 400, 1200} // at 100 frames a second: 120, 350 and 1000 kbit/s
	video := bob.got("ann", wire.Video)
	defer s.run(10 * time.Millisecond)()
	last := func() int {
		packets := video.all()
		return encodingsOf(packets[max(0, len(packets)-1):])[0]
	}
	within := func(what string, ok func() bool) {
		t.Helper()
		start := time.Now()
		require.Eventually(t, ok, 20*time.Second, 20*time.Millisecond, what)
		t.Logf("%s: after %v", what, time.Since(start).Round(10*time.Millisecond))
	}
	within("the best one", func() bool { return video.count() > 20 && last() == 2 })
	conn.slow.Store(250_000)
	within("the smallest one", func() bool { return last() == 0 })
	within("that it is told", func() bool { return slices.Contains(h.limited(), "bob bandwidth detected") })
	conn.slow.Store(0)
	within("a larger one again", func() bool { return last() > 0 })
	within("that this is told", func() bool { return slices.Contains(h.limited(), "bob bandwidth resolved") })
	for _, told := range h.limited() {
		require.Regexp(t, "^bob ", told, "nobody else is limited")
	}

	h.mu.Lock()
	defer h.mu.Unlock()
	require.True(t, slices.ContainsFunc(h.states, func(s toldState) bool { return s.state.Quality == wire.Low }))
}

// Where a link carries no picture and nobody can be heard, nothing is sent that shows what it carries later: the
// picture comes back all the same.
func TestPausedPictureComesBackWithoutSound(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	conn := listenLossy(t)
	require.NoError(t, conn.SetReadBuffer(16<<10))
	ann, bob := h.join("s", "ann"), h.join("s", "bob", over(conn))
	bob.subscribe(camera("ann"))
	s := ann.publishSimulcast("q", "h", "f")
	s.pad = [maxEncodings]int{800, 1000, 1200} // at 100 frames a second: 680 kbit/s and more
	video := bob.got("ann", wire.Video)
	defer s.run(10 * time.Millisecond)()
	eventually(t, "a picture", func() bool { return video.count() > 20 })
	conn.slow.Store(60_000)
	paused := func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.states) > 0 && h.states[len(h.states)-1].state.State == wire.Paused
	}
	require.Eventually(t, paused, 30*time.Second, 20*time.Millisecond)
	arrived, since := video.count(), time.Now()
	require.Eventually(t, func() bool { // else what was sent before the pause could show what the link carries
		if n := video.count(); n != arrived {
			arrived, since = n, time.Now()
		}
		return time.Since(since) > 2*time.Second
	}, 20*time.Second, 20*time.Millisecond)
	conn.slow.Store(0)
	require.Eventually(t, func() bool { return !paused() }, 20*time.Second, 20*time.Millisecond)
	before := video.count()
	eventually(t, "a picture again", func() bool { return video.count() > before+20 })
}

// A recorder is sent the best layer, whatever its path is taken for: what it misses is missing for ever.
func TestRecordersAreNotLimited(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	conn := listenLossy(t)
	require.NoError(t, conn.SetReadBuffer(16<<10))
	ann := h.join("s", "ann")
	recorder := h.joinAs(wire.Peer{SessionID: "s", ParticipantID: "recorder", Recorder: true}, over(conn))
	recorder.subscribe(camera("ann"))
	s := ann.publishSimulcast("q", "h", "f")
	s.pad = [maxEncodings]int{100, 400, 1200}
	video := recorder.got("ann", wire.Video)
	defer s.run(10 * time.Millisecond)()
	largest := func() bool {
		packets := video.all()
		return len(packets) > 0 && append(encodingsOf(packets[len(packets)-1:]), -1)[0] == 2
	}
	eventually(t, "the best one", largest)
	conn.slow.Store(250_000)
	down := h.sfu.peer(recorder.peer).sub.connection()
	congested := func() bool {
		down.transmitter.mu.Lock()
		defer down.transmitter.mu.Unlock()
		return !down.transmitter.heard.IsZero() && down.transmitter.estimator.Estimate() < 1_000_000
	}
	eventually(t, "the path is taken for slow", congested)
	before := video.count()
	eventually(t, "more comes", func() bool { return video.count() > before+50 })
	down.allocation.mu.Lock()
	chosen := down.allocation.before
	down.allocation.mu.Unlock()
	require.Len(t, chosen, 1)
	require.Equal(t, int8(2), chosen[0].Layer.Spatial)
	require.True(t, largest())
	require.Empty(t, h.limited())
}

// What is pinned goes before the rest where bandwidth is short.
func TestPinnedStreams(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	bob.subscribe(camera("ann"))
	ann.publish(vp8)
	defer ann.source(wire.Video).run(10 * time.Millisecond)()
	pinned := func() bool {
		c := h.sfu.peer(bob.peer).sub.connection()
		if c == nil {
			return false
		}
		c.allocation.mu.Lock()
		defer c.allocation.mu.Unlock()
		return len(c.allocation.streams) == 1 && c.allocation.streams[0].Pinned
	}
	for _, state := range []wire.PinState{{Cam: true}, {Share: true}, {Cam: true, Share: true}, {}} {
		h.sfu.Pin(ann.peer, state)
		eventually(t, "the allocator knows", func() bool { return pinned() == state.Cam })
	}
}

// Sound is paused and goes on as the subscriber prefers, and its numbers go on.
func TestPausedSound(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(voice)
	bob.subscribe(mic("ann"))
	defer ann.source(wire.Audio).run(5 * time.Millisecond)()
	audio := bob.got("ann", wire.Audio)
	eventually(t, "sound", func() bool { return audio.count() > 10 })
	h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Audio, Paused: true}})
	paused, in := audio.count(), h.sfu.Stats().PacketsIn
	eventually(t, "more arrives at the server", func() bool { return h.sfu.Stats().PacketsIn > in+60 })
	require.LessOrEqual(t, audio.count(), paused+4, "only what was on the way")
	paused = audio.count()
	h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Audio}})
	eventually(t, "sound again", func() bool { return audio.count() > paused+10 })
	requireGapless(t, audio.all())
	h.mu.Lock()
	defer h.mu.Unlock()
	require.Len(t, h.states, 2)
	require.Equal(t, wire.PausedRequested, h.states[0].state.Reason)
	require.Equal(t, wire.Active, h.states[1].state.State)
}

// A publisher that comes back with simulcast, where it had none, is followed from layer to layer.
func TestSimulcastAfterwards(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ann, bob := h.join("s", "ann"), h.join("s", "bob")
	ann.publish(vp8)
	bob.subscribe(camera("ann"))
	stop := ann.source(wire.Video).run(10 * time.Millisecond)
	video := bob.got("ann", wire.Video)
	eventually(t, "video", func() bool { return video.count() > 20 })
	stop()
	old := ann.up
	s := ann.publishSimulcast("q", "h", "f")
	defer s.run(10 * time.Millisecond)()
	last := func() int {
		packets := video.all()
		if found := encodingsOf(packets[len(packets)-1:]); len(found) > 0 {
			return found[0]
		}
		return -1
	}
	eventually(t, "the best one", func() bool { return last() == 2 })
	h.sfu.Prefer(bob.peer, []wire.StreamPreference{{ParticipantID: "ann", Kind: wire.Video, Quality: wire.Low}})
	eventually(t, "the smallest one", func() bool { return last() == 0 })
	requireGapless(t, video.all())
	require.NoError(t, old.GracefulClose())
}
