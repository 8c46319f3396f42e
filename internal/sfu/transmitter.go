package sfu

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/klatch/klatch/internal/sfu/bwe"
	"github.com/klatch/klatch/internal/sfu/layer"
	"github.com/klatch/klatch/internal/sfu/pacer"
	"github.com/klatch/klatch/internal/sfu/packet"
	"github.com/klatch/klatch/internal/sfu/socket"
)

// transmitter sends the packets of one subscribe connection: in the order and at the rate of its pacer, numbered for
// transport-wide feedback, from which its estimator finds out what the path carries. What may go at once goes on the
// goroutine that brought it; what has to wait is sent by a timer. While nothing waits nothing runs. Shape: mutex.
type transmitter struct {
	stats   *counters
	port    *socket.Conn // what the packets of one moment are collected in; nil in tests: they are not
	crashed func(panicked any)

	recorder bool                                 // nothing is held back, whatever the path is taken for
	filler   func(limit int) (transmission, bool) // makes a packet of padding of at most so many bytes; called without mu

	mu        sync.Mutex // guards everything below
	pacer     *pacer.Pacer[transmission]
	estimator *bwe.Estimator
	timer     *time.Timer // made when a packet first waits
	due       time.Time   // when the timer fires, zero: it is not set
	closed    bool

	heard    time.Time     // when the receiver first said what it gets: until then nothing is limited
	rtt      time.Duration // as a receiver report showed it last; 0: not known
	numbers  bool          // it says so of every packet, by transport-wide feedback
	filling  int           // most bytes of a packet of padding
	seqno    uint16        // transport-wide
	number   [2]byte
	sentTime [3]byte
	header   rtp.Header
	buffer   []byte // a payload that is changed

	extensions []rtp.Extension // of a header with a dependency descriptor
	descriptor []byte
}

// transmission is a packet that is to be sent.
type transmission struct {
	binding     *binding
	class       pacer.Class
	payloadType uint8
	ssrc        uint32
	out         layer.Outgoing // its Sets and Padding are not looked at
	original    uint16         // of a retransmission on an SSRC of its own: the number of what it repeats
	repair      bool           // it is one
	padding     uint8          // bytes
	described   bool           // it is sent with the dependency descriptor of packet, if that has one

	packet  *packet.Packet // with a reference of the transmission's own while it waits; nil: payload
	payload []byte
}

const (
	packetOverhead = 12 + 8 + 16 // RTP header, extensions, tag of SRTP
	// grace is how long nothing is paced nor held back after the receiver's first report: the estimate begins low, and a
	// path that carries everything shall not be made to wait for it.
	grace         = time.Second
	estimateStart = 2_000_000
)

func newTransmitter(stats *counters, crashed func(any)) *transmitter {
	return &transmitter{
		stats: stats, crashed: crashed, pacer: pacer.New[transmission](pacer.Config{}),
		estimator: bwe.New(bwe.Config{Start: estimateStart}),
	}
}

// size returns the bytes of a packet on the wire, above UDP.
func (x *transmission) size() int {
	n := packetOverhead + int(x.padding) + len(x.payload)
	if x.packet != nil {
		n += len(x.packet.Payload)
		if x.described {
			n += len(x.packet.Descriptor)
		}
	}
	if x.repair {
		n += 2
	}
	return n
}

// push sends a packet now or when its time has come. It does not block. Refused: the packet is dropped, for too many
// wait.
func (t *transmitter) push(x *transmission, now time.Time) pacer.Verdict {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return pacer.Refused
	}
	verdict := t.pacer.Push(*x, x.size(), x.class, now)
	switch verdict {
	case pacer.Passed:
		t.send(x, bwe.ProbeID(t.pacer.Probe()), now)
	case pacer.Queued, pacer.Late:
		if x.packet != nil {
			x.packet.Retain()
		}
		t.schedule(now)
	}
	return verdict
}

// schedule sets the timer to when the pacer has something to send.
func (t *transmitter) schedule(now time.Time) {
	next := t.pacer.Next()
	if next.IsZero() || t.closed {
		return
	}
	if !t.due.IsZero() && !next.Before(t.due) {
		return // it looks again then
	}
	t.due = next
	wait := max(next.Sub(now), 0)
	if t.timer == nil {
		t.timer = time.AfterFunc(wait, t.flush)
		return
	}
	t.timer.Reset(wait)
}

// flush sends what is due, on the goroutine of the timer.
func (t *transmitter) flush() {
	defer func() {
		if v := recover(); v != nil {
			t.crashed(v)
		}
	}()
	t.hold()
	defer t.release()
	now := time.Now()
	t.pad(t.pop(now), now)
	t.mu.Lock()
	t.schedule(now)
	t.mu.Unlock()
}

// hold lets the packets that are sent until release share system calls.
func (t *transmitter) hold() {
	if t.port != nil {
		t.port.Hold()
	}
}

func (t *transmitter) release() {
	if t.port != nil {
		t.port.Release()
	}
}

// pop sends the packets whose time has come, and returns how many bytes of padding are to follow.
func (t *transmitter) pop(now time.Time) (missing int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.due = time.Time{}
	for !t.closed {
		x, ok := t.pacer.Pop(now)
		if !ok {
			return t.pacer.Padding(now)
		}
		t.send(&x, bwe.ProbeID(t.pacer.Probe()), now)
		if x.packet != nil {
			x.packet.Release()
		}
	}
	return 0
}

// pad sends packets of padding while the probe lacks bytes.
func (t *transmitter) pad(missing int, now time.Time) {
	for missing > 0 {
		t.mu.Lock()
		limit := t.filling
		t.mu.Unlock()
		x, ok := t.filler(limit)
		sent := ok && t.push(&x, now) != pacer.Refused
		if x.packet != nil {
			x.packet.Release() // the filler's
		}
		t.mu.Lock()
		if !sent {
			t.pacer.EndProbe()
		}
		missing = t.pacer.Padding(now)
		t.mu.Unlock()
	}
}

// send writes a packet. Guarded by mu, which also keeps transport-wide numbers in the order of sending.
func (t *transmitter) send(x *transmission, probe bwe.ProbeID, now time.Time) {
	b := x.binding
	t.header = b.header
	if x.described && x.packet != nil && len(x.packet.Descriptor) > 0 {
		t.describe(x)
	}
	t.header.PayloadType, t.header.SSRC = x.payloadType, x.ssrc
	t.header.SequenceNumber, t.header.Timestamp, t.header.Marker = x.out.SequenceNumber, x.out.Timestamp, x.out.Marker
	if x.padding > 0 {
		t.header.Padding, t.header.PaddingSize = true, x.padding
	}
	payload := x.payload
	if x.packet != nil {
		payload = x.packet.Payload
	}
	if x.repair || x.packet != nil && x.out.RewritePayload {
		t.buffer = t.buffer[:0]
		if x.repair { // RFC 4588, section 4: the original sequence number precedes the payload
			t.buffer = append(t.buffer, byte(x.original>>8), byte(x.original))
		}
		at := len(t.buffer)
		t.buffer = append(t.buffer, payload...)
		if x.packet != nil && x.out.RewritePayload {
			x.out.Payload(t.buffer[at:], &x.packet.Facts)
		}
		payload = t.buffer
	}
	if b.numbered != 0 {
		t.seqno++
		binary.BigEndian.PutUint16(t.number[:], t.seqno)
		t.estimator.Sent(t.seqno, packetOverhead+len(payload)+int(x.padding), now, probe)
	}
	if b.timed != 0 {
		putSendTime(&t.sentTime, now)
	}
	if _, err := b.writer.WriteRTP(&t.header, payload); err == nil {
		t.stats.packetsOut.Add(1)
		t.stats.bytesOut.Add(uint64(len(payload)))
	}
}

// extend sets the extensions of a header that each packet carries.
func (t *transmitter) extend(b *binding, h *rtp.Header) {
	if b.numbered != 0 {
		_ = h.SetExtension(b.numbered, t.number[:]) // only an id of 15 and more does not fit: the answer took another
	}
	if b.timed != 0 {
		_ = h.SetExtension(b.timed, t.sentTime[:])
	}
}

// describe puts the dependency descriptor into the header.
func (t *transmitter) describe(x *transmission) {
	h, b := &t.header, x.binding
	t.descriptor = x.out.Descriptor(t.descriptor[:0], x.packet.Descriptor, &x.packet.Facts)
	h.Extension, h.ExtensionProfile, h.Extensions = true, rtp.ExtensionProfileOneByte, t.extensions[:0]
	if len(t.descriptor) > 16 || max(b.describe, b.numbered, b.timed) > 14 {
		h.ExtensionProfile = rtp.ExtensionProfileTwoByte
	}
	t.extend(b, h)
	_ = h.SetExtension(b.describe, t.descriptor) // it is as long as the one that came, or a few bytes longer
	t.extensions = h.Extensions
}

// probePackets is how many packets a probe has at least. Of fewer the estimator learns nothing.
const probePackets = 6

// putSendTime writes the abs-send-time extension: seconds with 18 bits of fraction, modulo 64.
func putSendTime(b *[3]byte, now time.Time) {
	fraction := uint64(now.UnixNano()) % (64 * uint64(time.Second))
	v := uint32(fraction << 18 / uint64(time.Second))
	b[0], b[1], b[2] = byte(v>>16), byte(v>>8), byte(v)
}

// feedback takes what the receiver reports of all packets.
func (t *transmitter) feedback(p rtcp.Packet, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch p := p.(type) {
	case *rtcp.TransportLayerCC:
		t.numbers = true
		t.estimator.Feedback(p, now)
	case *rtcp.ReceiverEstimatedMaximumBitrate:
		t.estimator.REMB(int64(p.Bitrate), now)
	default:
		return
	}
	if t.heard.IsZero() {
		t.heard = now
	}
}

// roundTrip takes the round-trip time that a receiver report shows.
func (t *transmitter) roundTrip(d time.Duration) {
	t.mu.Lock()
	t.rtt = d
	t.estimator.RTT(d)
	t.mu.Unlock()
}

// unlimited is the budget of a connection of which nothing is known.
const unlimited = 1 << 40

// tick does what is due by the clock, and returns how many bits a second may be sent.
func (t *transmitter) tick(now time.Time) (budget int64, congested bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.heard.IsZero() || t.recorder {
		return unlimited, false
	}
	t.estimator.Tick(now)
	budget, congested = t.estimator.Estimate(), t.estimator.Congested()
	if now.Sub(t.heard) < grace && !congested {
		budget = unlimited
		t.pacer.SetRate(0, now)
	} else {
		t.pacer.SetRate(budget, now)
	}
	return budget, congested
}

// demand sets what could be used, and starts the probe that the estimator wants to make for it.
func (t *transmitter) demand(bps int64, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.estimator.SetDemand(bps)
	if !t.numbers || t.closed || t.recorder {
		return // without feedback on each packet a probe shows nothing
	}
	if probe, ok := t.estimator.Probe(now); ok {
		t.filling = probe.Bytes / probePackets
		t.pacer.StartProbe(pacer.Probe{ID: uint8(probe.ID), Bps: probe.Bps, Bytes: probe.Bytes}, now)
		t.schedule(now)
	}
}

// backlog is how long packets may wait until those of another layer than the one that is wanted are dropped.
const backlog = 100 * time.Millisecond

// skip drops the packets of a track that wait when they are many, and reports whether it did: a key frame follows, and
// would wait for them.
func (t *transmitter) skip(b *binding, now time.Time) bool {
	t.mu.Lock()
	late := t.pacer.Delay(now) > backlog
	t.mu.Unlock()
	if late {
		t.discard(b)
	}
	return late
}

// discard drops the packets of a track that wait, nil for those of all.
func (t *transmitter) discard(b *binding) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, class := range []pacer.Class{pacer.Audio, pacer.Retransmission, pacer.Video, pacer.Padding} {
		t.pacer.Discard(class, func(x transmission) bool {
			if b != nil && x.binding != b {
				return false
			}
			if x.packet != nil {
				x.packet.Release()
			}
			return true
		})
	}
}

// close drops what waits.
func (t *transmitter) close() {
	t.mu.Lock()
	t.closed = true
	if t.timer != nil {
		t.timer.Stop()
	}
	t.mu.Unlock()
	t.discard(nil)
}
