package sfu

import (
	"time"

	"github.com/pion/rtcp"
)

// references answers the receiver reference time reports of one subscriber (RFC 3611, sections 4.4 and 4.5), from which
// a receiver that sends no media learns the round-trip time. It waits for that long before it asks for a packet once
// more: libwebrtc takes it for 100 ms while it does not know, and a picture is frozen by then that lost its
// retransmission too. Of the goroutine of the connection's SRTCP session.
type references struct {
	answered uint64 // NTP time of the last report
	at       time.Time
}

// referenceEvery is the least time between two answers: one serves all streams of a connection.
const referenceEvery = 50 * time.Millisecond

// answer returns the answer to a report, nil for none. ssrc is the stream that the report came with.
func (r *references) answer(x *rtcp.ExtendedReport, ssrc uint32, now time.Time) rtcp.Packet {
	for _, block := range x.Reports {
		b, ok := block.(*rtcp.ReceiverReferenceTimeReportBlock)
		if !ok || b.NTPTimestamp == r.answered || now.Sub(r.at) < referenceEvery {
			continue
		}
		r.answered, r.at = b.NTPTimestamp, now
		report := rtcp.DLRRReport{SSRC: x.SenderSSRC, LastRR: uint32(b.NTPTimestamp >> 16)} // answered without delay
		return &rtcp.ExtendedReport{
			SenderSSRC: ssrc, Reports: []rtcp.ReportBlock{&rtcp.DLRRReportBlock{Reports: []rtcp.DLRRReport{report}}},
		}
	}
	return nil
}
