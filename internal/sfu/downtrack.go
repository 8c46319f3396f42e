package sfu

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/history"
	"github.com/klatch/klatch/internal/sfu/layer"
	"github.com/klatch/klatch/internal/sfu/pacer"
	"github.com/klatch/klatch/internal/sfu/packet"
	"github.com/klatch/klatch/internal/wire"
)

// downTrack sends a stream to one subscriber: it is a sink of it, and the webrtc.TrackLocal of a transceiver. Its
// sequence numbers and timestamps run on without a jump whatever happens to the source: another layer, mute, a new
// SSRC, a new connection.
type downTrack struct {
	ref         wire.StreamRef
	stream      *Stream
	conn        *downConn
	transceiver *webrtc.RTPTransceiver
	binding     atomic.Pointer[binding] // nil: not negotiated

	transmission, sets transmission // of send, which runs under stream.fan

	answered atomic.Pointer[formats] // what the answer takes of the section; nil: not answered
	refused  string                  // codec that was reported as not taken; of the subscriber's loop
	told     streamTold              // guarded by mu of the connection's allocation

	nacks, keyFrames atomic.Uint64 // that the receiver has asked for

	mu        sync.Mutex // guards everything below
	selector  *layer.Selector
	encodings int // of the stream, as the selector knows it
	rewriter  *layer.Rewriter
	started   bool         // a packet was numbered
	stale     bool         // audio: begins anew with the next packet
	paused    bool         // audio: nothing is sent
	retired   bool         // another track goes on in its place
	origin    layer.Origin // of the packets that are sent
	codec     codec
	types     payloadTypes
	typed     *binding // the binding and answer that types are of
	answer    *formats
	lastSeq   uint16 // highest number sent

	packets, octets uint32 // as sender reports count them
	reported        uint32 // packets at the last sender report
	sentReports     [4]sentReport
	rtt             time.Duration // 0: not known
	lost, jitter    uint32        // as the receiver has reported them
	measured        counts        // when they were taken last
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

	header   rtp.Header // of its packets, with the extensions, whose values are those of the transmitter
	numbered uint8      // id of the extension with transport-wide numbers, 0: packets carry none
	timed    uint8      // of that with the time of sending
	describe uint8      // of the dependency descriptor
}

// payloadTypes of a codec at one subscriber; ok false: it cannot decode it.
type payloadTypes struct {
	media, rtx, red uint8 // 0: none
	ok              bool
	described       bool // packets carry the dependency descriptor where they came with it
}

// describes reports whether receivers need the dependency descriptor of a codec: of those that have spatial layers.
func describes(c payload.Codec) bool { return c == payload.VP9 || c == payload.AV1 }

// everything is the layer of a subscriber who is sent all there is.
var everything = layer.Layer{Spatial: 7, Temporal: 7}

// audioHistory is of how many packets of an audio stream a downTrack knows what it sent them as. A power of two.
const audioHistory = 128

func newDownTrack(ref wire.StreamRef, s *Stream, c *downConn) *downTrack {
	d := &downTrack{ref: ref, stream: s, conn: c, stale: true}
	config := layer.Config{ClockRate: 48000, History: audioHistory}
	if s.video {
		d.encodings = s.encodingCount()
		d.selector = layer.NewSelector(d.encodings)
		d.selector.SetTarget(everything)
		config = layer.Config{ClockRate: 90000, History: history.Size, Clocks: &s.clocks}
	}
	d.rewriter = layer.NewRewriter(config)
	return d
}

// Bind is called by pion when the subscriber has answered.
func (d *downTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	b := newBinding(ctx, d.conn)
	d.bind(b)
	if len(b.codecs) == 0 { // nothing in common; an error here would spoil the negotiation of the others
		return webrtc.RTPCodecParameters{}, nil
	}
	return b.codecs[0], nil
}

func newBinding(ctx webrtc.TrackLocalContext, c *downConn) *binding {
	b := &binding{
		writer: &directWriter{TrackLocalWriter: ctx.WriteStream(), transport: c.rtp},
		ssrc:   uint32(ctx.SSRC()), rtx: uint32(ctx.SSRCRetransmission()),
		codecs: ctx.CodecParameters(), header: rtp.Header{Version: 2},
	}
	b.extend(ctx.HeaderExtensions(), c.transmitter)
	return b
}

// bind lets the track send.
func (d *downTrack) bind(b *binding) {
	d.binding.Store(b)
	d.conn.bound(b.ssrc, d)
	d.begin()
}

// inherit makes the track go on where another one of the same section stopped, nil for none. The other one sends
// nothing any more.
func (d *downTrack) inherit(from *downTrack) {
	if from == nil {
		return
	}
	from.binding.Store(nil)
	from.mu.Lock()
	d.rewriter, from.rewriter = from.rewriter, d.rewriter
	from.retired = true
	d.started, d.lastSeq = from.started, from.lastSeq
	d.packets, d.octets, d.reported = from.packets, from.octets, from.reported
	d.sentReports, d.rtt = from.sentReports, from.rtt
	d.lost, d.jitter, d.measured = from.lost, from.jitter, from.measured
	d.nacks.Store(from.nacks.Load())
	d.keyFrames.Store(from.keyFrames.Load())
	d.resend = from.resend
	from.resend = resender{}
	from.mu.Unlock()
	var clocks *layer.Clocks
	if d.stream.video {
		clocks = &d.stream.clocks
	}
	d.rewriter.SetClocks(clocks)
}

// extend sets up the header extensions of packets that were agreed on: the transport-wide number, or else the time of
// sending, from which a receiver makes an estimate of its own. Each byte of them is sent to every subscriber.
func (b *binding) extend(agreed []webrtc.RTPHeaderExtensionParameter, t *transmitter) {
	for _, ext := range agreed {
		switch ext.URI {
		case sdp.TransportCCURI:
			b.numbered = uint8(ext.ID)
		case sdp.ABSSendTimeURI:
			b.timed = uint8(ext.ID)
		case payload.DescriptorURI:
			b.describe = uint8(ext.ID)
		}
	}
	if b.numbered != 0 {
		b.timed = 0
	}
	t.extend(b, &b.header)
}

// Unbind is called by pion when the track is removed.
func (d *downTrack) Unbind(webrtc.TrackLocalContext) error {
	if b := d.binding.Swap(nil); b != nil {
		d.conn.unbound(b.ssrc)
		d.conn.transmitter.discard(b)
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
	if d.selector != nil {
		d.selector.Restart()
	}
	d.mu.Unlock()
	d.needKeyFrame()
}

// needKeyFrame asks for the key frame without which nothing can be sent.
func (d *downTrack) needKeyFrame() {
	if d.selector == nil || d.binding.Load() == nil || !d.conn.up.Load() {
		return
	}
	d.mu.Lock()
	encoding := d.selector.KeyFrame()
	d.mu.Unlock()
	if encoding >= 0 {
		d.stream.requestKeyFrame(int(encoding))
	}
}

// aim sets the layer that is to be sent.
func (d *downTrack) aim(target layer.Layer) {
	if d.selector == nil {
		d.mu.Lock()
		d.stale = d.stale || d.paused
		d.paused = target == layer.Nothing
		d.mu.Unlock()
		return
	}
	d.mu.Lock()
	changed := d.selector.Target() != target
	d.selector.SetTarget(target)
	d.mu.Unlock()
	if changed {
		d.needKeyFrame()
	}
}

// wants implements sink.
func (d *downTrack) wants() layer.Layer {
	if d.selector == nil || d.binding.Load() == nil || !d.conn.up.Load() {
		return layer.Nothing
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.selector.Target()
}

// send implements sink.
func (d *downTrack) send(m *packet.Packet) {
	defer d.guard()
	b := d.binding.Load()
	if b == nil || !d.conn.up.Load() {
		return
	}
	if !d.sendNext(m, b, m.Arrival) {
		return
	}
	// It begins with m. Where that was lost first, packets that follow it came before it.
	e := &d.stream.encodings[m.Encoding]
	for after := range min(int(int16(e.newest-m.SequenceNumber)), history.Size-1) {
		if next := e.history.Get(m.SequenceNumber+1+uint16(after), m.Epoch); next != nil {
			d.sendNext(next, b, m.Arrival)
			next.Release()
		}
	}
}

// sendNext sends a packet if it is for this subscriber, and reports whether what is sent begins anew with it.
func (d *downTrack) sendNext(m *packet.Packet, b *binding, now time.Time) (begins bool) {
	ask, switched, ready := d.prepare(m, b)
	if ask >= 0 {
		d.stream.requestKeyFrame(int(ask))
	}
	if !ready {
		return false
	}
	t := d.conn.transmitter
	if switched {
		t.skip(b, now)
	}
	if d.sets.payload != nil {
		t.push(&d.sets, now)
	}
	if verdict := t.push(&d.transmission, now); verdict != pacer.Passed && d.stream.video {
		d.delayed(b, m, now)
	}
	return switched
}

// delayed is called when a packet has to wait. When it is of a layer above the one that is wanted, which is sent until
// the key frame of the lower one comes, it and what follows is dropped: it would only hold that key frame up.
func (d *downTrack) delayed(b *binding, m *packet.Packet, now time.Time) {
	d.mu.Lock()
	unwanted := d.selector.Holds()
	d.mu.Unlock()
	if unwanted && d.conn.transmitter.skip(b, now) {
		d.begin()
	}
}

// guard keeps a panic from the publisher on whose goroutine it happens, and from its other subscribers.
func (d *downTrack) guard() {
	if v := recover(); v != nil {
		d.conn.crashed(v)
	}
}

// prepare makes a transmission of m, and one of the parameter sets that go before it. It reports false when m is not
// for this subscriber. ask is the encoding of which a key frame is needed, -1 for none; switched: it begins anew.
func (d *downTrack) prepare(m *packet.Packet, b *binding) (ask int8, switched, ready bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	origin := layer.Origin{Encoding: int8(m.Encoding), Epoch: m.Epoch}
	if d.retired || !d.takesLocked(b) || d.paused {
		return -1, false, false
	}
	decision := d.decideLocked(origin, m)
	out, ok := d.rewriter.Map(origin, m.SequenceNumber, &m.Facts, decision, m.Arrival)
	if decision.Switch {
		d.origin = origin
	}
	if !ok {
		return decision.KeyFrame, false, false
	}
	if !d.started || int16(out.SequenceNumber-d.lastSeq) > 0 {
		d.started, d.lastSeq = true, out.SequenceNumber
	}
	x := &d.transmission
	*x = transmission{
		binding: b, class: pacer.Video, payloadType: d.types.media, ssrc: b.ssrc, out: out, packet: m,
		described: d.types.described,
	}
	if !d.stream.video {
		x.class = pacer.Audio
		d.addRedundancyLocked(x)
	}
	if out.Padding {
		x.packet, x.padding = nil, 1
	}
	d.sets.payload = nil
	if out.Sets != nil {
		d.sets = *x
		d.sets.packet, d.sets.payload = nil, out.Sets
		d.sets.out.SequenceNumber, d.sets.out.Marker = out.SequenceNumber-1, false
		d.packets++
		d.octets += uint32(len(out.Sets))
	}
	d.packets++
	size := len(m.Payload)
	if x.packet != nil {
		size = len(x.packet.Payload)
	}
	d.octets += uint32(size)
	d.earned = min(d.earned+size, resendReserve/resendShare)
	return decision.KeyFrame, decision.Switch, true
}

// decideLocked decides about a packet. Of audio everything is sent.
func (d *downTrack) decideLocked(origin layer.Origin, m *packet.Packet) layer.Decision {
	if d.selector != nil {
		if count := d.stream.encodingCount(); count != d.encodings { // it is published anew, in another way
			d.encodings = count
			d.selector.SetEncodings(count)
		}
		return d.selector.Select(origin, &m.Facts)
	}
	decision := layer.Decision{Forward: true, KeyFrame: layer.None, Switch: d.stale || origin != d.origin}
	d.stale = false
	return decision
}

// takesLocked reports whether the subscriber takes the codec that arrives, and finds what to send it as.
func (d *downTrack) takesLocked(b *binding) bool {
	answer := d.answered.Load()
	if c := d.stream.arrived.Load(); c != nil && (b != d.typed || answer != d.answer || *c != d.codec) {
		d.codec, d.typed, d.answer = *c, b, answer
		d.types = b.types(*c, answer)
	}
	return d.types.ok
}

// formats are the payload types that an answer takes of a section.
type formats struct {
	rejected bool
	mixed    bool // headers of one and two bytes for extensions may follow each other (RFC 8285, section 6)
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
			if taken != nil && !taken.takes(p.PayloadType) || !isMedia(p) {
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
	// A structure has more than the 16 bytes of a short extension.
	t.described = b.describe != 0 && taken != nil && taken.mixed && describes(payload.CodecOf(c.mime))
	for _, p := range b.codecs {
		if taken != nil && !taken.takes(p.PayloadType) {
			continue
		}
		if media, ok := apt(p); ok && t.ok && uint8(media) == t.media {
			t.rtx = uint8(p.PayloadType)
		}
		if isRED(p) && t.ok {
			t.red = uint8(p.PayloadType)
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
		if isMedia(p) && (taken == nil || taken.takes(p.PayloadType)) &&
			!slices.Contains(names, codecOf(p).name()) {
			names = append(names, codecOf(p).name())
		}
	}
	return names
}

// report returns the sender report of the track, nil when nothing was sent since the last.
func (d *downTrack) report(now time.Time) rtcp.Packet {
	b := d.binding.Load()
	d.mu.Lock()
	defer d.mu.Unlock()
	e := &d.stream.encodings[max(d.origin.Encoding, 0)]
	clock := e.clock.Load()
	if b == nil || clock == nil || !d.started || d.packets == d.reported {
		return nil
	}
	rtpTime, ok := d.rewriter.Timestamp(layer.Origin{Encoding: d.origin.Encoding, Epoch: e.epoch.Load()}, clock.rtpTime)
	if !ok {
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
		RTPTime:     rtpTime + uint32(passed.Seconds()*float64(d.codec.clock)),
		PacketCount: d.packets, OctetCount: d.octets,
	}
}
