package sfu

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

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

	params  atomic.Pointer[trackParams]
	repairs map[uint8]uint8
	packet  rtp.Packet // of receive alone; kept for its slices
	ssrc    atomic.Uint32

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
	levelExt uint8 // id of the audio level extension, 0 for none
}

func newUpTrack(c *upConn, kind wire.Kind, s *Stream) *upTrack {
	return &upTrack{conn: c, kind: kind, stream: s}
}

func (t *upTrack) negotiated(params webrtc.RTPParameters, sec section) {
	n := &trackParams{enabled: sec.enabled, codecs: map[uint8]codec{}, repairs: map[uint8]uint8{}}
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
func (t *upTrack) receive(b []byte, repair bool) {
	now := time.Now()
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
	} else {
		t.book(p, n, now)
	}
	c, ok := n.codecs[p.PayloadType]
	if !ok {
		return // not what was agreed on
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

// book notes an arrival, and asks again for what is missing.
func (t *upTrack) book(p *rtp.Packet, n *trackParams, now time.Time) {
	if t.ssrc.Load() != p.SSRC {
		t.ssrc.Store(p.SSRC)
		t.mu.Lock()
		t.books, t.losses = reception{}, losses{}
		t.mu.Unlock()
		t.stream.sourceChanged(t)
	}
	t.mu.Lock()
	clock := n.codecs[p.PayloadType].clock
	t.books.arrived(p.SequenceNumber, p.Timestamp, clock, now)
	var ask []uint16
	tooMany := false
	if n.nack {
		tooMany = t.losses.arrived(p.SequenceNumber, now)
		ask = t.losses.due(now)
	}
	t.mu.Unlock()
	if tooMany {
		t.stream.requestKeyFrame()
	}
	t.ask(ask)
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

// peekMID reads mid and payload type of a packet that belongs to nobody yet.
func peekMID(packet []byte, midExt uint8) (mid string, payloadType uint8, ok bool) {
	var h rtp.Header
	if _, err := h.Unmarshal(packet); err != nil {
		return "", 0, false
	}
	value := h.GetExtension(midExt)
	return strings.TrimRight(string(value), "\x00"), h.PayloadType, len(value) > 0
}

// audioLevel reads the extension of RFC 6464: 0 is the loudest, 127 silence.
func audioLevel(ext []byte) (uint8, bool) {
	if len(ext) < 1 {
		return 0, false
	}
	return ext[0] & 0x7f, true
}
