package sfu

import (
	"time"

	"github.com/pion/rtcp"

	"github.com/klatch/klatch/internal/sfu/history"
	"github.com/klatch/klatch/internal/sfu/layer"
	"github.com/klatch/klatch/internal/sfu/pacer"
)

// resender answers the NACKs of one subscriber for one stream. Guarded by mu of its track.
type resender struct {
	seqno uint16 // of the RTX stream

	window time.Time // start of the period in which asked may be asked
	asked  int       // packets asked for in it
	credit int       // bytes that may be sent again
	sent   []resent  // by sequence number, made with the first NACK
	began  time.Time // when sent was made
	filled uint16    // how far back the next packet of padding is taken from
}

// resent is what was sent again of the last packets. There are history.Size of them, so it is small.
type resent struct {
	at    uint32 // milliseconds since sent was made, and one; wraps after 49 days. 0: nothing was sent again
	seqno uint16
	times uint8
}

// clock returns a time as resent has it.
func (r *resender) clock(now time.Time) uint32 {
	return max(uint32(now.Sub(r.began).Milliseconds()+1), 1)
}

// What a subscriber asks for again is bounded, whatever it asks for: a NACK of 16 bytes can name 17 packets.
const (
	// A period takes that many sequence numbers; looking one up costs time too. 200 is above the loss at which
	// video is of any use.
	resendPeriod = 100 * time.Millisecond
	resendAsked  = 200
	// One packet is sent again at most so often, and not before a repetition could have arrived.
	resendTimes  = 10
	resendMinGap = 10 * time.Millisecond
	resendMaxGap = 250 * time.Millisecond
	resendGap    = 40 * time.Millisecond // while the round-trip time is not known
	// Bytes sent again are at most that share of those sent, with a reserve for a burst of loss.
	resendShare   = 0.5
	resendReserve = 128 << 10
)

// receiveRTCP takes one RTCP packet that concerns this track.
func (d *downTrack) receiveRTCP(p rtcp.Packet) {
	stats := d.conn.stats
	switch p := p.(type) {
	case *rtcp.TransportLayerNack:
		now := time.Now()
		for _, pair := range p.Nacks {
			more := true
			pair.Range(func(seqno uint16) bool {
				stats.nacksIn.Add(1)
				d.nacks.Add(1)
				more = d.resendPacket(seqno, now)
				return more
			})
			if !more {
				return
			}
		}
	case *rtcp.ReceiverReport:
		d.hear(p.Reports, time.Now())
	case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
		stats.plisIn.Add(1)
		d.keyFrames.Add(1)
		d.lostPicture()
	}
}

// lostPicture asks for a key frame of what is sent. Its parameter sets go before it again: a program that looks at a
// stream only after its first packets have come asks for a key frame as well, and has not got them.
func (d *downTrack) lostPicture() {
	d.mu.Lock()
	d.rewriter.RepeatSets()
	encoding := max(d.origin.Encoding, 0)
	d.mu.Unlock()
	d.stream.requestKeyFrame(int(encoding))
}

// hear takes the round-trip time from a receiver report.
func (d *downTrack) hear(reports []rtcp.ReceptionReport, now time.Time) {
	b := d.binding.Load()
	if b == nil {
		return
	}
	for _, r := range reports {
		if r.SSRC != b.ssrc {
			continue
		}
		if b.numbered == 0 {
			d.conn.protection.add(256, int(r.FractionLost))
		}
		d.mu.Lock()
		d.lost, d.jitter = r.TotalLost, r.Jitter
		if d.lost >= 1<<23 { // negative: of 24 bits, more came than was sent
			d.lost = 0
		}
		d.mu.Unlock()
		if r.LastSenderReport == 0 {
			continue
		}
		d.mu.Lock()
		for _, sent := range d.sentReports {
			if sent.ntp == r.LastSenderReport {
				held := time.Duration(float64(r.Delay) / 65536 * float64(time.Second))
				if rtt := now.Sub(sent.at) - held; rtt > 0 {
					d.rtt = rtt
				}
				break
			}
		}
		rtt := d.rtt
		d.mu.Unlock()
		if rtt > 0 {
			d.conn.transmitter.roundTrip(rtt)
		}
	}
}

// resendAfter returns how long a packet that was sent again is not sent once more.
func resendAfter(rtt time.Duration) time.Duration {
	if rtt == 0 {
		return resendGap
	}
	return min(max(rtt, resendMinGap), resendMaxGap)
}

// resendPacket sends a packet again and reports whether more may be.
func (d *downTrack) resendPacket(seqno uint16, now time.Time) bool {
	b := d.binding.Load()
	if b == nil {
		return false
	}
	x, more := d.again(seqno, b, now)
	if x.binding == nil {
		return more
	}
	if d.conn.transmitter.push(&x, now) != pacer.Refused {
		d.conn.stats.resent.Add(1)
	}
	if x.packet != nil {
		x.packet.Release()
	}
	return more
}

// again makes the transmission that repeats a packet, without a binding when there is nothing to repeat, and reports
// whether more may be asked for.
func (d *downTrack) again(seqno uint16, b *binding, now time.Time) (x transmission, more bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := &d.resend
	if now.Sub(r.window) >= resendPeriod {
		r.window, r.asked = now, 0
	}
	if r.asked == resendAsked {
		return transmission{}, false
	}
	r.asked++
	d.earnLocked()
	if !r.due(seqno, resendAfter(d.rtt), now) {
		return transmission{}, true
	}
	x, ok := d.repeatLocked(seqno, b)
	if !ok {
		return transmission{}, true
	}
	if r.credit < x.size() {
		if x.packet != nil {
			x.packet.Release()
		}
		return transmission{}, false
	}
	r.credit -= x.size()
	r.note(seqno, now)
	return x, true
}

// repeatLocked makes the transmission that repeats what was sent under a number.
func (d *downTrack) repeatLocked(seqno uint16, b *binding) (x transmission, ok bool) {
	if !d.started || !d.types.ok {
		return x, false
	}
	source, ok := d.rewriter.Source(seqno)
	if !ok || source.Missed || !source.Out.Padding && source.Origin != d.origin {
		return x, false // before a key frame with which another layer began, nothing is needed any more
	}
	x = transmission{
		binding: b, class: pacer.Retransmission, payloadType: d.types.media, ssrc: b.ssrc, out: source.Out,
		described: d.types.described,
	}
	switch {
	case source.Out.Padding:
		x.padding = 1
	case source.Out.Sets != nil:
		x.payload = source.Out.Sets
	default:
		e := &d.stream.encodings[source.Origin.Encoding]
		if x.packet = e.history.Get(source.SequenceNumber, source.Origin.Epoch); x.packet == nil {
			return x, false
		}
	}
	if d.types.rtx != 0 && b.rtx != 0 {
		d.resend.seqno++
		x.repair, x.original = true, seqno
		x.payloadType, x.ssrc, x.out.SequenceNumber = d.types.rtx, b.rtx, d.resend.seqno
	}
	return x, true
}

// fill makes a packet of padding for a probe, of at most so many bytes if it can: a repetition of one of the last
// packets, or one of nothing but padding. It needs an SSRC of retransmissions, whose numbers mean nothing.
func (d *downTrack) fill(limit int) (x transmission, ok bool) {
	b := d.binding.Load()
	if b == nil || b.rtx == 0 || !d.stream.video {
		return x, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.takesLocked(b) || d.types.rtx == 0 {
		return x, false
	}
	const back = 8
	for range back {
		d.resend.filled = (d.resend.filled + 1) % back
		if x, ok = d.repeatLocked(d.lastSeq-d.resend.filled, b); !ok {
			continue
		}
		if x.repair && x.packet != nil && len(x.packet.Payload) > minFiller && x.size() <= limit {
			x.class = pacer.Padding
			return x, true
		}
		if x.packet != nil {
			x.packet.Release()
		}
	}
	d.resend.seqno++
	x = transmission{
		binding: b, class: pacer.Padding, payloadType: d.types.rtx, ssrc: b.rtx, padding: 255,
		out: layer.Outgoing{SequenceNumber: d.resend.seqno},
	}
	return x, true
}

// minFiller is the least size of a packet that is repeated as padding: smaller ones make too many packets.
const minFiller = 400

// earnLocked adds to the credit of the resender what the packets sent since have earned.
func (d *downTrack) earnLocked() {
	if d.resend.sent == nil {
		d.resend.credit = resendReserve / 4
	}
	d.resend.credit = min(resendReserve, d.resend.credit+int(resendShare*float64(d.earned)))
	d.earned = 0
}

// due reports whether a packet may be sent again now.
func (r *resender) due(seqno uint16, gap time.Duration, now time.Time) bool {
	if r.sent == nil {
		r.sent, r.began = make([]resent, history.Size), now
	}
	s := &r.sent[seqno%history.Size]
	return s.at == 0 || s.seqno != seqno ||
		s.times < resendTimes && time.Duration(r.clock(now)-s.at)*time.Millisecond >= gap
}

// note remembers that a packet is sent again.
func (r *resender) note(seqno uint16, now time.Time) {
	s := &r.sent[seqno%history.Size]
	if s.at == 0 || s.seqno != seqno {
		*s = resent{seqno: seqno}
	}
	s.times++
	s.at = r.clock(now)
}
