package sfu

import (
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// resender answers the NACKs of one subscriber for one stream. Of the goroutine that reads the subscriber's RTCP.
type resender struct {
	header  rtp.Header
	payload []byte
	seqno   uint16 // of the RTX stream

	window time.Time // start of the period in which left may be sent
	left   int
}

// A subscriber gets at most resendBudget packets again per period, whatever it asks for: above the loss at
// which video is of any use, and too little to make the server a weapon.
const (
	resendPeriod = 100 * time.Millisecond
	resendBudget = 200
)

// receiveRTCP takes one RTCP packet that concerns this track.
func (d *downTrack) receiveRTCP(p rtcp.Packet) {
	stats := d.conn.stats
	switch p := p.(type) {
	case *rtcp.TransportLayerNack:
		now := time.Now()
		for _, pair := range p.Nacks {
			pair.Range(func(seqno uint16) bool {
				stats.nacksIn.Add(1)
				return d.resendPacket(seqno, now)
			})
		}
	case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
		stats.plisIn.Add(1)
		d.stream.requestKeyFrame()
	}
}

// resendPacket sends a packet again and reports whether more may be.
func (d *downTrack) resendPacket(seqno uint16, now time.Time) bool {
	b, r := d.binding.Load(), &d.resend
	if b == nil {
		return false
	}
	if now.Sub(r.window) >= resendPeriod {
		r.window, r.left = now, resendBudget
	}
	if r.left == 0 {
		return false
	}
	d.mu.Lock()
	original, epoch, types := seqno-d.seqOffset, d.epoch, d.types
	timeOffset := d.timeOffset
	ok := d.started && types.ok && int16(original-d.firstSeq) >= 0 && int16(seqno-d.lastSeq) <= 0
	d.mu.Unlock()
	if !ok {
		return true
	}
	rtx := types.rtx != 0 && b.rtx != 0
	into := r.payload[:0]
	if rtx { // RFC 4588, section 4: the original sequence number precedes the payload
		into = append(into, byte(seqno>>8), byte(seqno))
	}
	payload, rtpTime, marker, ok := d.stream.ring.get(original, epoch, into)
	r.payload = payload
	if !ok {
		return true
	}
	r.left--
	r.header = rtp.Header{
		Version: 2, Marker: marker, PayloadType: types.media, SequenceNumber: seqno, Timestamp: rtpTime + timeOffset, SSRC: b.ssrc,
	}
	if rtx {
		r.seqno++
		r.header.PayloadType, r.header.SequenceNumber, r.header.SSRC = types.rtx, r.seqno, b.rtx
	}
	if _, err := b.writer.WriteRTP(&r.header, payload); err == nil {
		d.conn.stats.resent.Add(1)
		d.conn.stats.packetsOut.Add(1)
		d.conn.stats.bytesOut.Add(uint64(len(payload)))
	}
	return true
}
