package sfu

import (
	"cmp"
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
	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/packet"
	"github.com/klatch/klatch/internal/sfu/red"
	"github.com/klatch/klatch/internal/wire"
)

// upTrack receives one stream of a publish connection, in one encoding or several. It is the source of a Stream.
type upTrack struct {
	conn   *upConn
	kind   wire.Kind
	stream *Stream

	params    atomic.Pointer[trackParams]
	encodings []*upEncoding                 // 1 to maxEncodings, in the order of the offer; never changes
	ranked    atomic.Pointer[[]*upEncoding] // the same from small to large, as the stream numbers them

	// Of the goroutine of the connection's SRTP session alone.
	packet rtp.Packet // kept for its slices
	strays int        // packets of payload types that were not agreed on
}

// upEncoding receives one encoding of a track: it keeps the books from which feedback is made, puts retransmissions
// back in their place and hands the packets to the Stream. receive runs on one goroutine, that of the connection's SRTP
// session.
type upEncoding struct {
	track *upTrack
	rid   string       // "" for none
	index atomic.Int32 // in track.ranked, and in the stream
	ssrc  atomic.Uint32

	// Of receive alone.
	size    payload.Size    // of its last key frame, zero: not known
	at      time.Time       // when the last packet of ssrc came
	former  [4]uint32       // SSRCs that ssrc has replaced
	replace int             // the next one of former to be forgotten
	parser  *payload.Parser // of the codec that arrives; nil before that

	mu     sync.Mutex // guards the books, which the maintenance reads too
	books  reception
	losses losses

	measured         counts // when they were taken last; guarded by mu
	nacks, keyFrames atomic.Uint64

	unwrapper red.Unwrapper // of audio; of receive alone
	unwrapped []red.Packet  // kept for its memory
}

// trackParams is what offer and answer agreed on.
type trackParams struct {
	enabled bool
	codecs  map[uint8]codec
	inOrder []codec         // the same, the preferred one first
	repairs map[uint8]uint8 // payload type of RTX -> that of the media
	red     map[uint8]bool  // payload types of redundant audio
	nack    bool
	h264    []string // a=fmtp lines of the offer with parameter sets

	// Ids of header extensions, 0 for none.
	levelExt      uint8 // audio level
	descriptorExt uint8 // dependency descriptor
}

// newUpTrack returns a track with an encoding for each rid; without rids with one.
func newUpTrack(c *upConn, kind wire.Kind, s *Stream, rids ...string) *upTrack {
	if len(rids) == 0 {
		rids = []string{""}
	}
	t := &upTrack{conn: c, kind: kind, stream: s}
	for i, rid := range rids {
		e := &upEncoding{track: t, rid: rid}
		e.index.Store(int32(i))
		t.encodings = append(t.encodings, e)
	}
	t.ranked.Store(&t.encodings)
	return t
}

// rids returns the rid of each encoding in the order of the offer.
func (t *upTrack) rids() []string {
	rids := make([]string, len(t.encodings))
	for i, e := range t.encodings {
		rids[i] = e.rid
	}
	return rids
}

// rank puts the encodings in the order of the sizes that have arrived. An offer does not say it.
func (t *upTrack) rank() {
	ranked := slices.Clone(*t.ranked.Load())
	for _, e := range ranked {
		if e.size == (payload.Size{}) {
			return // not all are known: the order stays
		}
	}
	slices.SortStableFunc(ranked, func(a, b *upEncoding) int {
		return cmp.Compare(int(a.size.Width)*int(a.size.Height), int(b.size.Width)*int(b.size.Height))
	})
	if slices.Equal(ranked, *t.ranked.Load()) {
		return
	}
	t.ranked.Store(&ranked)
	for i, e := range ranked {
		e.index.Store(int32(i))
		t.stream.restart(t, i)
	}
}

func (t *upTrack) negotiated(params webrtc.RTPParameters, sec section) {
	n := &trackParams{
		enabled: sec.enabled, h264: sec.h264,
		codecs: map[uint8]codec{}, repairs: map[uint8]uint8{}, red: map[uint8]bool{},
	}
	for _, p := range params.Codecs {
		if isRED(p) {
			n.red[uint8(p.PayloadType)] = true
			continue
		}
		if media, ok := apt(p); ok {
			n.repairs[uint8(p.PayloadType)] = uint8(media)
			continue
		}
		c := codecOf(p)
		n.codecs[uint8(p.PayloadType)] = c
		n.inOrder = append(n.inOrder, c)
		for _, fb := range p.RTCPFeedback {
			n.nack = n.nack || fb.Type == "nack" && fb.Parameter == ""
		}
	}
	for _, ext := range params.HeaderExtensions {
		switch ext.URI {
		case sdp.AudioLevelURI:
			n.levelExt = uint8(ext.ID)
		case payload.DescriptorURI:
			n.descriptorExt = uint8(ext.ID)
		}
	}
	t.params.Store(n)
}

// publication is what the track has agreed to send.
func (t *upTrack) publication() *publication {
	n := t.params.Load()
	return &publication{source: t, codecs: n.inOrder, encodings: len(t.encodings), enabled: n.enabled}
}

// codec returns what the track sends as far as it is known.
func (t *upTrack) codec() codec {
	n := t.params.Load()
	if c := t.stream.arrived.Load(); c != nil && t.stream.source() == t && slices.Contains(n.inOrder, *c) {
		return *c
	}
	if len(n.inOrder) == 0 {
		return codec{}
	}
	return n.inOrder[0]
}

// receive takes one packet, whose bytes are the caller's again when it returns.
func (e *upEncoding) receive(b []byte, repair bool, now time.Time) {
	t := e.track
	p, n := &t.packet, t.params.Load()
	t.conn.stats.packetsIn.Add(1)
	t.conn.stats.bytesIn.Add(uint64(len(b)))
	if serves := t.conn.serves; serves != nil && !serves(now) {
		return
	}
	if err := p.Unmarshal(b); err != nil {
		return
	}
	t.conn.feedback.arrived(p, now)
	if repair {
		if !e.recover(p, n, now) {
			return
		}
	} else if !e.book(p, n, now) {
		return
	}
	if !t.stream.video {
		e.receiveAudio(p, n, now)
		return
	}
	e.askMissing(n, now)
	c, ok := n.codecs[p.PayloadType]
	if !ok {
		t.stray(p.PayloadType, n)
		return
	}
	e.forward(p, n, c, now)
}

// forward hands a packet to the stream.
func (e *upEncoding) forward(p *rtp.Packet, n *trackParams, c codec, now time.Time) {
	kind := payload.CodecOf(c.mime)
	if e.parser == nil || e.parser.Codec() != kind {
		e.parser = payload.NewParser(kind)
		for _, line := range n.h264 {
			e.parser.Learn(line)
		}
	}
	var descriptor []byte
	if n.descriptorExt != 0 {
		descriptor = p.GetExtension(n.descriptorExt)
	}
	facts := e.parser.Parse(p.Timestamp, p.Marker, p.Payload, descriptor) // also of what nobody gets: it learns
	if facts.KeyFrame && facts.Size != (payload.Size{}) && facts.Size != e.size {
		e.size = facts.Size
		e.track.rank()
	}
	s := e.track.stream
	if !s.takes(e.track) {
		return
	}
	if facts.Dependency.Structure == nil || !describes(kind) {
		descriptor = nil // it could not be read, or no receiver needs it
	}
	m := packet.NewDescribed(p.Payload, descriptor)
	m.SequenceNumber, m.Timestamp, m.Marker = p.SequenceNumber, p.Timestamp, p.Marker
	m.Encoding, m.Arrival, m.Facts = int(e.index.Load()), now, facts
	s.forward(e.track, m, c)
	m.Release()
}

// recover turns a retransmission into the packet it repeats (RFC 4588, section 4). False: nothing is missing there.
func (e *upEncoding) recover(p *rtp.Packet, n *trackParams, now time.Time) bool {
	media, ok := n.repairs[p.PayloadType]
	if !ok || len(p.Payload) < 2 { // without payload it is a probe for bandwidth
		return false
	}
	p.SequenceNumber = uint16(p.Payload[0])<<8 | uint16(p.Payload[1])
	p.Payload, p.PayloadType, p.SSRC = p.Payload[2:], media, e.ssrc.Load()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.losses.found(p.SequenceNumber, now)
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
	t.conn.owner.report(fault.InvalidMessageUnknownPayloadType(string(t.kind), int(payloadType), taken))
}

// sourceSilence is how long the present SSRC must be silent until an earlier one may come back.
const sourceSilence = 500 * time.Millisecond

// takeSource makes ssrc that of the encoding. A new one replaces the present one at once: the sender has begun anew.
// But of several that come at the same time, one is taken and the others are not: each change costs a key frame.
func (e *upEncoding) takeSource(ssrc uint32, now time.Time) bool {
	if present := e.ssrc.Load(); present != 0 {
		if slices.Contains(e.former[:], ssrc) && now.Sub(e.at) < sourceSilence {
			return false
		}
		e.former[e.replace%len(e.former)] = present
		e.replace++
	}
	e.ssrc.Store(ssrc)
	e.mu.Lock()
	e.books, e.losses = reception{}, losses{}
	e.measured.packets, e.measured.bytes, e.measured.lost = 0, 0, 0
	e.mu.Unlock()
	e.unwrapper = red.Unwrapper{}
	e.track.stream.restart(e.track, int(e.index.Load()))
	return true
}

// book notes an arrival. False: the packet is not of the present source.
func (e *upEncoding) book(p *rtp.Packet, n *trackParams, now time.Time) bool {
	if e.ssrc.Load() != p.SSRC && !e.takeSource(p.SSRC, now) {
		return false
	}
	e.at = now
	if e.bookLosses(p, n, now) {
		e.track.stream.requestKeyFrame(int(e.index.Load()))
	}
	return true
}

func (e *upEncoding) bookLosses(p *rtp.Packet, n *trackParams, now time.Time) (tooMany bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	clock, wait := n.codecs[p.PayloadType].clock, askAfter
	if !e.track.stream.video {
		clock, wait = audioClock, 0
	}
	e.books.arrived(p.SequenceNumber, p.Timestamp, clock, now)
	e.books.bytes += uint64(len(p.Payload))
	return n.nack && e.losses.arrived(p.SequenceNumber, now, wait)
}

// askMissing asks again for what is missing and due.
func (e *upEncoding) askMissing(n *trackParams, now time.Time) {
	if !n.nack {
		return
	}
	e.mu.Lock()
	ask := e.losses.due(now)
	e.mu.Unlock()
	e.ask(ask)
}

// ask sends a NACK.
func (e *upEncoding) ask(seqnos []uint16) {
	if len(seqnos) == 0 {
		return
	}
	c := e.track.conn
	e.nacks.Add(uint64(len(seqnos)))
	c.stats.nacksOut.Add(uint64(len(seqnos)))
	c.send(&rtcp.TransportLayerNack{
		SenderSSRC: c.feedback.ssrc, MediaSSRC: e.ssrc.Load(), Nacks: rtcp.NackPairsFromSequenceNumbers(seqnos),
	})
}

// arriving implements source.
func (t *upTrack) arriving(encoding int) bool {
	ranked := *t.ranked.Load()
	return encoding < len(ranked) && ranked[encoding].ssrc.Load() != 0
}

// requestKeyFrame implements source: it sends a PLI.
func (t *upTrack) requestKeyFrame(encoding int) {
	e := (*t.ranked.Load())[encoding]
	e.keyFrames.Add(1)
	t.conn.stats.plisOut.Add(1)
	t.conn.send(&rtcp.PictureLossIndication{SenderSSRC: t.conn.feedback.ssrc, MediaSSRC: e.ssrc.Load()})
}

// activate implements source: it tells the publisher.
func (t *upTrack) activate(active [maxEncodings]bool) {
	told := wire.Encodings{Kind: t.kind}
	for i, e := range *t.ranked.Load() {
		told.Active = append(told.Active, wire.EncodingActive{RID: e.rid, Active: active[i]})
	}
	t.conn.owner.events.Encodings(t.conn.owner.ref, told)
}

func (e *upEncoding) senderReport(sr *rtcp.SenderReport, now time.Time) {
	e.mu.Lock()
	e.books.lastSR, e.books.lastSRAt = uint32(sr.NTPTime>>16), now
	e.mu.Unlock()
	e.track.stream.senderReport(e.track, int(e.index.Load()), clockPoint{ntp: sr.NTPTime, rtpTime: sr.RTPTime, at: now})
}

// send writes RTCP to the publisher. An error means that the connection is on its way up or down.
func (c *upConn) send(packets ...rtcp.Packet) { _ = c.pc.WriteRTCP(packets) }

// peekExtension reads a text of a packet that belongs to nobody yet, "" when it has none.
func peekExtension(h *rtp.Header, id uint8) string {
	if id == 0 {
		return ""
	}
	return strings.TrimRight(string(h.GetExtension(id)), "\x00")
}

// audioLevel reads the extension of RFC 6464: 0 is the loudest, 127 silence.
func audioLevel(ext []byte) (uint8, bool) {
	if len(ext) < 1 {
		return 0, false
	}
	return ext[0] & 0x7f, true
}
