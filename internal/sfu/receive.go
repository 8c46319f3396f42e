package sfu

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// upTrack receives one stream of a publish connection: it keeps the books from which feedback is made, puts
// retransmissions back in their place and hands the packets to the Stream. receive runs on one goroutine,
// that of the connection's SRTP session.
type upTrack struct {
	conn   *upConn
	kind   wire.Kind
	stream *Stream
	first  codec // what the answer prefers

	params atomic.Pointer[trackParams]
	packet rtp.Packet // of receive alone; kept for its slices
	ssrc   atomic.Uint32

	// Of receive alone.
	at      time.Time // when the last packet of ssrc came
	former  [4]uint32 // SSRCs that ssrc has replaced
	replace int       // the next one of former to be forgotten
	strays  int       // packets of payload types that were not agreed on

	mu     sync.Mutex // guards the books, which the housekeeper reads too
	books  reception
	losses losses
}

// trackParams is what offer and answer agreed on.
type trackParams struct {
	enabled  bool
	codecs   map[uint8]codec
	repairs  map[uint8]uint8 // payload type of RTX -> that of the media
	nack     bool
	levelExt uint8    // id of the audio level extension, 0 for none
	h264     []string // a=fmtp lines of the offer with parameter sets
}

func (n *trackParams) takes(c codec) bool {
	for _, other := range n.codecs {
		if other == c {
			return true
		}
	}
	return false
}

func newUpTrack(c *upConn, kind wire.Kind, s *Stream) *upTrack {
	return &upTrack{conn: c, kind: kind, stream: s}
}

func (t *upTrack) negotiated(params webrtc.RTPParameters, sec section) {
	n := &trackParams{enabled: sec.enabled, h264: sec.h264, codecs: map[uint8]codec{}, repairs: map[uint8]uint8{}}
	for i, p := range params.Codecs {
		if media, ok := apt(p); ok {
			n.repairs[uint8(p.PayloadType)] = uint8(media)
			continue
		}
		c := codecOf(p)
		n.codecs[uint8(p.PayloadType)] = c
		if i == 0 {
			t.first = c
		}
		for _, fb := range p.RTCPFeedback {
			n.nack = n.nack || fb.Type == "nack" && fb.Parameter == ""
		}
	}
	for _, ext := range params.HeaderExtensions {
		if ext.URI == sdp.AudioLevelURI {
			n.levelExt = uint8(ext.ID)
		}
	}
	t.params.Store(n)
}

// receive takes one packet, whose bytes are the caller's again when it returns.
func (t *upTrack) receive(b []byte, repair bool, now time.Time) {
	p, n, stats := &t.packet, t.params.Load(), &t.conn.peer.sfu.stats
	stats.packetsIn.Add(1)
	stats.bytesIn.Add(uint64(len(b)))
	if err := p.Unmarshal(b); err != nil {
		return
	}
	t.conn.feedback.arrived(p, now)
	if repair {
		if !t.recover(p, n) {
			return
		}
	} else if !t.book(p, n, now) {
		return
	}
	c, ok := n.codecs[p.PayloadType]
	if !ok {
		t.stray(p.PayloadType, n)
		return
	}
	if n.levelExt != 0 && t.kind == wire.Audio {
		if level, ok := audioLevel(p.GetExtension(n.levelExt)); ok {
			t.stream.level.add(level)
		}
	}
	t.stream.forward(t, p, c, now)
}

// recover turns a retransmission into the packet it repeats (RFC 4588, section 4). False: nothing is missing there.
func (t *upTrack) recover(p *rtp.Packet, n *trackParams) bool {
	media, ok := n.repairs[p.PayloadType]
	if !ok || len(p.Payload) < 2 { // without payload it is a probe for bandwidth
		return false
	}
	p.SequenceNumber = uint16(p.Payload[0])<<8 | uint16(p.Payload[1])
	p.Payload, p.PayloadType, p.SSRC = p.Payload[2:], media, t.ssrc.Load()
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.losses.found(p.SequenceNumber)
}

// stray counts a packet of a payload type that was not agreed on, and reports it once.
func (t *upTrack) stray(payloadType uint8, n *trackParams) {
	if t.strays++; t.strays != strayPackets || t.conn.strays.Add(1) > maxStrayReports {
		return
	}
	var taken []string
	for pt, c := range n.codecs {
		taken = append(taken, fmt.Sprintf("%d (%s)", pt, c.name()))
	}
	slices.Sort(taken)
	t.conn.peer.report(fault.InvalidMessageUnknownPayloadType(string(t.kind), int(payloadType), taken))
}

// sourceSilence is how long the present SSRC must be silent until an earlier one may come back.
const sourceSilence = 500 * time.Millisecond

// takeSource makes ssrc the source of the track. A new one replaces the present one at once: the sender has begun anew.
// But of several that come at the same time, one is taken and the others are not: each change costs a key frame.
func (t *upTrack) takeSource(ssrc uint32, now time.Time) bool {
	if present := t.ssrc.Load(); present != 0 {
		if slices.Contains(t.former[:], ssrc) && now.Sub(t.at) < sourceSilence {
			return false
		}
		t.former[t.replace%len(t.former)] = present
		t.replace++
	}
	t.ssrc.Store(ssrc)
	t.mu.Lock()
	t.books, t.losses = reception{}, losses{}
	t.mu.Unlock()
	t.stream.sourceChanged(t)
	return true
}

// book notes an arrival, and asks again for what is missing. False: the packet is not of the present source.
func (t *upTrack) book(p *rtp.Packet, n *trackParams, now time.Time) bool {
	if t.ssrc.Load() != p.SSRC && !t.takeSource(p.SSRC, now) {
		return false
	}
	t.at = now
	ask, tooMany := t.bookLosses(p, n, now)
	if tooMany {
		t.stream.requestKeyFrame()
	}
	t.ask(ask)
	return true
}

func (t *upTrack) bookLosses(p *rtp.Packet, n *trackParams, now time.Time) (ask []uint16, tooMany bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	clock := n.codecs[p.PayloadType].clock
	t.books.arrived(p.SequenceNumber, p.Timestamp, clock, now)
	if n.nack {
		tooMany = t.losses.arrived(p.SequenceNumber, now)
		ask = t.losses.due(now)
	}
	return ask, tooMany
}

// ask sends a NACK.
func (t *upTrack) ask(seqnos []uint16) {
	if len(seqnos) == 0 {
		return
	}
	t.conn.peer.sfu.stats.nacksOut.Add(uint64(len(seqnos)))
	t.conn.send(&rtcp.TransportLayerNack{
		SenderSSRC: t.conn.feedback.ssrc, MediaSSRC: t.ssrc.Load(), Nacks: rtcp.NackPairsFromSequenceNumbers(seqnos),
	})
}

// askKeyFrame sends a PLI.
func (t *upTrack) askKeyFrame() {
	t.conn.peer.sfu.stats.plisOut.Add(1)
	t.conn.send(&rtcp.PictureLossIndication{SenderSSRC: t.conn.feedback.ssrc, MediaSSRC: t.ssrc.Load()})
}

func (t *upTrack) senderReport(sr *rtcp.SenderReport, now time.Time) {
	t.mu.Lock()
	t.books.lastSR, t.books.lastSRAt = uint32(sr.NTPTime>>16), now
	t.mu.Unlock()
	t.stream.clock.Store(&clockPoint{ntp: sr.NTPTime, rtpTime: sr.RTPTime, at: now, track: t})
}

// send writes RTCP to the publisher. An error means that the connection is on its way up or down.
func (c *upConn) send(packets ...rtcp.Packet) { _ = c.pc.WriteRTCP(packets) }

// peekMID reads the mid of a packet that belongs to nobody yet, "" when it has none.
func peekMID(h *rtp.Header, midExt uint8) string {
	return strings.TrimRight(string(h.GetExtension(midExt)), "\x00")
}

// audioLevel reads the extension of RFC 6464: 0 is the loudest, 127 silence.
func audioLevel(ext []byte) (uint8, bool) {
	if len(ext) < 1 {
		return 0, false
	}
	return ext[0] & 0x7f, true
}
