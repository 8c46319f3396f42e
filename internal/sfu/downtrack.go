package sfu

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/internal/sfu/packet"
)

// downTrack sends a stream to one subscriber: it is a sink of it, and the webrtc.TrackLocal of a transceiver. Its sequence
// numbers and timestamps run on without a jump whatever happens to the source: mute, a new SSRC, a new connection.
type downTrack struct {
	stream      *Stream
	conn        *downConn
	transceiver *webrtc.RTPTransceiver
	binding     atomic.Pointer[binding] // nil: not negotiated

	// Of send, which runs under stream.fan.
	header     rtp.Header
	setsHeader rtp.Header // of before
	before     []byte     // parameter sets that go before the packet, nil for none

	answered atomic.Pointer[formats] // what the answer takes of the section; nil: not answered
	refused  string                  // codec that was reported as not taken; of the subscriber's loop

	mu    sync.Mutex // guards everything below
	stale bool       // begins anew with the next packet, for video the next key frame; so it does when epoch changes
	epoch uint32
	codec codec
	types payloadTypes

	seqOffset  uint16 // added to the publisher's number
	timeOffset uint32
	firstSeq   uint16 // publisher's number with which this epoch began here
	lastSeq    uint16 // last number sent
	lastTime   uint32
	lastAt     time.Time
	started    bool

	sets     []byte // sent with the number before firstSeq, nil for none
	setsTime uint32 // timestamp of sets

	packets, octets uint32 // as sender reports count them
	reported        uint32 // packets at the last sender report
	sentReports     [4]sentReport
	rtt             time.Duration // 0: not known
	earned          int           // bytes sent since the resender last looked

	resend resender
}

// sentReport is a sender report on its way: its answer tells the round-trip time (RFC 3550, section 6.4.1).
type sentReport struct {
	ntp uint32 // middle bits
	at  time.Time
}

// binding is what offer and answer agreed on for a downTrack.
type binding struct {
	writer webrtc.TrackLocalWriter
	ssrc   uint32
	rtx    uint32 // SSRC of retransmissions, 0 for none
	codecs []webrtc.RTPCodecParameters
}

// payloadTypes of a codec at one subscriber; ok false: it cannot decode it.
type payloadTypes struct {
	media, rtx uint8
	ok         bool
}

// Bind is called by pion when the subscriber has answered.
func (d *downTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	b := &binding{
		writer: ctx.WriteStream(), ssrc: uint32(ctx.SSRC()), rtx: uint32(ctx.SSRCRetransmission()),
		codecs: ctx.CodecParameters(),
	}
	d.binding.Store(b)
	d.conn.bound(b.ssrc, d)
	d.begin()
	if len(b.codecs) == 0 { // nothing in common; an error here would spoil the negotiation of the others
		return webrtc.RTPCodecParameters{}, nil
	}
	return b.codecs[0], nil
}

// Unbind is called by pion when the track is removed.
func (d *downTrack) Unbind(webrtc.TrackLocalContext) error {
	if b := d.binding.Swap(nil); b != nil {
		d.conn.unbound(b.ssrc)
	}
	return nil
}

// ID is the track id in SDP.
func (d *downTrack) ID() string { return d.stream.id }

// RID is empty: each subscriber gets one encoding.
func (d *downTrack) RID() string { return "" }

// StreamID is the media stream in SDP. What shares it is played in sync: audio with video, and a share with its audio.
func (d *downTrack) StreamID() string { return d.stream.group }

// Kind is audio or video.
func (d *downTrack) Kind() webrtc.RTPCodecType {
	if d.stream.video {
		return webrtc.RTPCodecTypeVideo
	}
	return webrtc.RTPCodecTypeAudio
}

// begin starts sending, for video with the next key frame, which it asks for.
func (d *downTrack) begin() {
	d.mu.Lock()
	d.stale = true
	d.mu.Unlock()
	if d.binding.Load() != nil && d.conn.up.Load() {
		d.stream.requestKeyFrame(0)
	}
}

// send implements sink.
func (d *downTrack) send(m *packet.Packet) {
	defer d.guard()
	b := d.binding.Load()
	if b == nil || !d.conn.up.Load() {
		return
	}
	switch d.prepare(m, b) {
	case waits:
		d.stream.requestKeyFrame(0) // the one that was asked for at the beginning may have been lost
	case ready:
		if d.before != nil {
			d.write(b, &d.setsHeader, d.before)
		}
		d.write(b, &d.header, m.Payload)
	}
}

// guard keeps a panic from the publisher on whose goroutine it happens, and from its other subscribers.
func (d *downTrack) guard() {
	if v := recover(); v != nil {
		d.conn.crashed(v)
	}
}

func (d *downTrack) write(b *binding, header *rtp.Header, payload []byte) {
	if _, err := b.writer.WriteRTP(header, payload); err == nil {
		d.conn.stats.packetsOut.Add(1)
		d.conn.stats.bytesOut.Add(uint64(len(payload)))
	}
}

// what prepare found
const (
	notForUs = iota
	waits    // for a key frame
	ready
)

// prepare fills header for m, and before with what goes before it.
func (d *downTrack) prepare(m *packet.Packet, b *binding) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waitsLocked(m) {
		return waits
	}
	if !d.translateLocked(m, b) {
		return notForUs
	}
	d.packets++
	d.octets += uint32(len(m.Payload))
	if d.before != nil {
		d.packets++
		d.octets += uint32(len(d.before))
	}
	d.earned = min(d.earned+len(m.Payload), resendReserve/resendShare)
	return ready
}

// waitsLocked reports whether nothing can be sent before a key frame, which m does not begin.
func (d *downTrack) waitsLocked(m *packet.Packet) bool {
	return d.stream.video && !m.Facts.KeyFrame && (d.stale || d.epoch != m.Epoch)
}

// translateLocked fills the header for m, or reports that m is not for this subscriber.
func (d *downTrack) translateLocked(m *packet.Packet, b *binding) bool {
	d.before = nil
	if d.stale || d.epoch != m.Epoch {
		d.codec = d.stream.codec()
		d.types = d.typesOf(d.codec, b)
		d.syncLocked(m)
		if d.types.ok {
			d.before = d.sets
		}
	}
	if !d.types.ok || int16(m.SequenceNumber-d.firstSeq) < 0 { // before the key frame with which this subscriber began
		return false
	}
	seqno, rtpTime := m.SequenceNumber+d.seqOffset, m.Timestamp+d.timeOffset
	if int16(seqno-d.lastSeq) > 0 || !d.started {
		d.lastSeq, d.lastTime, d.lastAt, d.started = seqno, rtpTime, m.Arrival, true
	}
	d.header = rtp.Header{
		Version: 2, Marker: m.Marker, PayloadType: d.types.media,
		SequenceNumber: seqno, Timestamp: rtpTime, SSRC: b.ssrc,
	}
	if d.before != nil {
		d.setsHeader = d.header
		d.setsHeader.Marker, d.setsHeader.SequenceNumber = false, seqno-1
		d.setsTime = rtpTime
	}
	return true
}

// syncLocked makes m the packet that follows the last one sent, or the next but one: the parameter sets that it needs
// have the number before it.
func (d *downTrack) syncLocked(m *packet.Packet) {
	d.stale, d.epoch, d.firstSeq, d.sets = false, m.Epoch, m.SequenceNumber, m.Facts.Sets
	if !d.started {
		return // the first epoch keeps the publisher's numbers
	}
	elapsed := uint32(m.Arrival.Sub(d.lastAt).Seconds() * float64(d.codec.clock))
	d.seqOffset = d.lastSeq + 1 - m.SequenceNumber
	if m.Facts.Sets != nil {
		d.seqOffset++
	}
	d.timeOffset = d.lastTime + max(elapsed, 1) - m.Timestamp
}

// formats are the payload types that an answer takes of a section.
type formats struct {
	rejected bool
	types    [128]bool
}

// typesOf finds what to send c as, among what the answer took.
func (d *downTrack) typesOf(c codec, b *binding) payloadTypes {
	return b.types(c, d.answered.Load())
}

// types finds what to send c as: the codec with its profile, or for H264 any profile with its packetization mode, which
// decoders of the higher profile read.
func (b *binding) types(c codec, taken *formats) payloadTypes {
	var t payloadTypes
	for _, exact := range []bool{true, false} {
		for _, p := range b.codecs {
			if taken != nil && !taken.takes(p.PayloadType) {
				continue
			}
			got := codecOf(p)
			if got == c || !exact && got.mime == c.mime && c.mime == mimeH264 && samePacketization(got, c) {
				t.media, t.ok = uint8(p.PayloadType), true
				break
			}
		}
		if t.ok {
			break
		}
	}
	for _, p := range b.codecs {
		if taken != nil && !taken.takes(p.PayloadType) {
			continue
		}
		if media, ok := apt(p); ok && t.ok && uint8(media) == t.media {
			t.rtx = uint8(p.PayloadType)
		}
	}
	return t
}

func (f *formats) takes(t webrtc.PayloadType) bool {
	return !f.rejected && int(t) < len(f.types) && f.types[t]
}

// names returns the codecs that the answer takes, "nothing" for none.
func (b *binding) names(taken *formats) []string {
	var names []string
	for _, p := range b.codecs {
		if _, rtx := apt(p); !rtx && (taken == nil || taken.takes(p.PayloadType)) &&
			!slices.Contains(names, codecOf(p).name()) {
			names = append(names, codecOf(p).name())
		}
	}
	return names
}

// report returns the sender report of the track, nil when nothing was sent since the last.
func (d *downTrack) report(now time.Time) rtcp.Packet {
	e := &d.stream.encodings[0]
	b, clock := d.binding.Load(), e.clock.Load()
	d.mu.Lock()
	defer d.mu.Unlock()
	if b == nil || clock == nil || !d.started || d.packets == d.reported || d.epoch != e.epoch.Load() {
		return nil
	}
	d.reported = d.packets
	// The publisher's own clocks, moved on by the time since: all its streams keep their relation.
	passed := now.Sub(clock.at)
	ntp := clock.ntp + uint64(passed.Seconds()*(1<<32))
	copy(d.sentReports[1:], d.sentReports[:])
	d.sentReports[0] = sentReport{uint32(ntp >> 16), now}
	return &rtcp.SenderReport{
		SSRC:        b.ssrc,
		NTPTime:     ntp,
		RTPTime:     clock.rtpTime + d.timeOffset + uint32(passed.Seconds()*float64(d.codec.clock)),
		PacketCount: d.packets, OctetCount: d.octets,
	}
}
