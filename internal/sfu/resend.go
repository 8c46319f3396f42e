package sfu

import (
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/klatch/klatch/internal/sfu/history"
)

// resender answers the NACKs of one subscriber for one stream. Of the goroutine that reads the subscriber's RTCP.
type resender struct {
	header  rtp.Header
	payload []byte
	seqno   uint16 // of the RTX stream

	window time.Time // start of the period in which asked may be asked
	asked  int       // packets asked for in it
	credit int       // bytes that may be sent again
	sent   []resent  // by sequence number, made with the first NACK
}

// resent is what was sent again of the last packets.
type resent struct {
	seqno uint16
	times uint8
	at    time.Time
}

// What a subscriber asks for again is bounded, whatever it asks for: a NACK of 16 bytes can name 17 packets.
const (
	// A period takes that many sequence numbers; looking one up costs time too. 200 is above the loss at which
	// video is of any use.
	resendPeriod = 100 * time.Millisecond
	resendAsked  = 200
	// One packet is sent again at most so often, and not before a repetition could have arrived.
	resendTimes  = 6
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
		d.stream.requestKeyFrame(0)
	}
}

// hear takes the round-trip time from a receiver report.
func (d *downTrack) hear(reports []rtcp.ReceptionReport, now time.Time) {
	b := d.binding.Load()
	if b == nil {
		return
	}
	for _, r := range reports {
		if r.SSRC != b.ssrc || r.LastSenderReport == 0 {
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
		d.mu.Unlock()
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
	b, r := d.binding.Load(), &d.resend
	if b == nil {
		return false
	}
	if now.Sub(r.window) >= resendPeriod {
		r.window, r.asked = now, 0
	}
	if r.asked == resendAsked {
		return false
	}
	r.asked++
	original, ok := d.numbers(seqno)
	if !ok || !r.due(seqno, resendAfter(original.rtt), now) {
		return true
	}
	rtx := original.types.rtx != 0 && b.rtx != 0
	payload := r.payload[:0]
	if rtx { // RFC 4588, section 4: the original sequence number precedes the payload
		payload = append(payload, byte(seqno>>8), byte(seqno))
	}
	rtpTime, marker := original.setsTime, false
	if original.sets != nil {
		payload = append(payload, original.sets...)
	} else {
		m := d.stream.encodings[0].history.Get(original.seqno, original.epoch)
		if m == nil {
			return true
		}
		payload = append(payload, m.Payload...)
		rtpTime, marker = m.Timestamp+original.timeOffset, m.Marker
		m.Release()
	}
	r.payload = payload
	if r.credit < len(payload) {
		return false
	}
	r.credit -= len(payload)
	r.note(seqno, now)
	r.header = rtp.Header{
		Version: 2, Marker: marker, PayloadType: original.types.media, SequenceNumber: seqno,
		Timestamp: rtpTime, SSRC: b.ssrc,
	}
	if rtx {
		r.seqno++
		r.header.PayloadType, r.header.SequenceNumber, r.header.SSRC = original.types.rtx, r.seqno, b.rtx
	}
	d.write(b, &r.header, payload)
	d.conn.stats.resent.Add(1)
	return true
}

// original is where a packet that a subscriber asks for is to be found.
type original struct {
	seqno      uint16 // of the publisher
	epoch      uint32
	timeOffset uint32
	types      payloadTypes
	rtt        time.Duration
	sets       []byte // it is not the publisher's but these parameter sets
	setsTime   uint32
}

// numbers finds the original of a sequence number, and gives the resender what the packets sent since have earned it.
func (d *downTrack) numbers(seqno uint16) (o original, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.resend.sent == nil {
		d.resend.credit = resendReserve / 4
	}
	d.resend.credit = min(resendReserve, d.resend.credit+int(resendShare*float64(d.earned)))
	d.earned = 0
	o = original{
		seqno: seqno - d.seqOffset, epoch: d.epoch, timeOffset: d.timeOffset, types: d.types, rtt: d.rtt,
	}
	if !d.started || !d.types.ok || int16(seqno-d.lastSeq) > 0 {
		return o, false
	}
	ahead := int16(o.seqno - d.firstSeq)
	if ahead == -1 && d.sets != nil {
		o.sets, o.setsTime = d.sets, d.setsTime
		return o, true
	}
	return o, ahead >= 0
}

// due reports whether a packet may be sent again now.
func (r *resender) due(seqno uint16, gap time.Duration, now time.Time) bool {
	if r.sent == nil {
		r.sent = make([]resent, history.Size)
	}
	s := &r.sent[seqno%history.Size]
	return s.at.IsZero() || s.seqno != seqno || s.times < resendTimes && now.Sub(s.at) >= gap
}

// note remembers that a packet is sent again.
func (r *resender) note(seqno uint16, now time.Time) {
	s := &r.sent[seqno%history.Size]
	if s.at.IsZero() || s.seqno != seqno {
		*s = resent{seqno: seqno}
	}
	s.times++
	s.at = now
}
