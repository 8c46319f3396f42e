package sfu

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// feedback is what a publish connection owes its publisher: the arrival times of all packets (transport-wide congestion
// control, draft-holmer-rmcat-transport-wide-cc-extensions-01), NACKs and receiver reports. It is driven by the packets
// themselves; the housekeeper sees to it when they stop.
type feedback struct {
	conn *upConn
	ssrc uint32 // ours, as sender of RTCP

	mu       sync.Mutex // guards everything below
	ext      uint8      // id of the transport-cc header extension, 0 for none
	arrivals *twcc.Recorder
	start    time.Time
	sent     time.Time // last TWCC packet
	reported time.Time // last receiver report
}

const (
	twccEvery   = 100 * time.Millisecond
	reportEvery = time.Second
)

func (f *feedback) init(c *upConn) {
	f.conn, f.ssrc, f.start = c, rand.Uint32(), time.Now()
	f.arrivals = twcc.NewRecorder(f.ssrc)
}

func (f *feedback) setExtension(id uint8) {
	f.mu.Lock()
	f.ext = id
	f.mu.Unlock()
}

// arrived notes a packet's arrival.
func (f *feedback) arrived(p *rtp.Packet, now time.Time) {
	f.mu.Lock()
	if f.ext != 0 {
		if value := p.GetExtension(f.ext); len(value) >= 2 {
			f.arrivals.Record(p.SSRC, uint16(value[0])<<8|uint16(value[1]), now.Sub(f.start).Microseconds())
		}
	}
	packets := f.twccDueLocked(now)
	f.mu.Unlock()
	if len(packets) > 0 {
		f.conn.send(packets...)
	}
}

func (f *feedback) twccDueLocked(now time.Time) []rtcp.Packet {
	if now.Sub(f.sent) < twccEvery || f.arrivals.PacketsHeld() == 0 {
		return nil
	}
	f.sent = now
	return f.arrivals.BuildFeedbackPacket()
}

// keep does what is due by the clock.
func (f *feedback) keep(now time.Time) {
	f.mu.Lock()
	packets := f.twccDueLocked(now)
	report := now.Sub(f.reported) >= reportEvery
	if report {
		f.reported = now
	}
	f.mu.Unlock()

	var blocks []rtcp.ReceptionReport
	for _, t := range f.conn.routes.Load().byMID {
		for _, e := range t.encodings {
			ask, block := e.keep(now, report)
			if block != nil {
				blocks = append(blocks, *block)
			}
			e.ask(ask)
		}
	}
	if len(blocks) > 0 {
		packets = append(packets, &rtcp.ReceiverReport{SSRC: f.ssrc, Reports: blocks})
	}
	if len(packets) > 0 {
		f.conn.send(packets...)
	}
}

// keep returns what is to be asked for again now, and with report the report of what was heard since the last one,
// nil for nothing: RFC 3550, section 6.4. A client learns so that nothing arrives.
func (e *upEncoding) keep(now time.Time, report bool) (ask []uint16, block *rtcp.ReceptionReport) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if report && e.books.received != e.books.priorReceived {
		b := e.books.report(e.ssrc.Load(), now)
		block = &b
	}
	return e.losses.due(now), block
}

// reception is what a receiver report is made of: RFC 3550, section 6.4 and appendix A.
type reception struct {
	started  bool
	first    uint16
	highest  uint32 // extended sequence number
	received uint32
	bytes    uint64  // of payload
	jitter   float64 // in ticks of the clock
	transit  float64

	priorExpected, priorReceived uint32
	lastSR                       uint32 // middle bits of the NTP time of the last sender report
	lastSRAt                     time.Time
	start                        time.Time
}

func (r *reception) arrived(seqno uint16, rtpTime, clock uint32, now time.Time) {
	r.received++
	if !r.started {
		r.started, r.first, r.highest, r.start = true, seqno, uint32(seqno), now
	} else if ahead := int16(seqno - uint16(r.highest)); ahead > 0 {
		r.highest += uint32(ahead)
	}
	if clock == 0 {
		return
	}
	// RFC 3550, appendix A.8. The clocks wrap, so only differences of transit times mean something.
	transit := now.Sub(r.start).Seconds()*float64(clock) - float64(rtpTime)
	if d := transit - r.transit; r.transit != 0 {
		if d < 0 {
			d = -d
		}
		if d < float64(clock)*10 { // beyond is a wrapped or restarted clock
			r.jitter += (d - r.jitter) / 16
		}
	}
	r.transit = transit
}

func (r *reception) report(ssrc uint32, now time.Time) rtcp.ReceptionReport {
	expected := r.highest - uint32(r.first) + 1
	lost := int64(expected) - int64(r.received)
	expectedNow, receivedNow := expected-r.priorExpected, r.received-r.priorReceived
	r.priorExpected, r.priorReceived = expected, r.received
	fraction := uint8(0)
	if lostNow := int64(expectedNow) - int64(receivedNow); expectedNow > 0 && lostNow > 0 {
		fraction = uint8(min(255, lostNow*256/int64(expectedNow)))
	}
	block := rtcp.ReceptionReport{
		SSRC: ssrc, FractionLost: fraction, TotalLost: uint32(min(max(lost, 0), 1<<23-1)),
		LastSequenceNumber: r.highest, Jitter: uint32(r.jitter),
	}
	if r.lastSR != 0 {
		block.LastSenderReport = r.lastSR
		block.Delay = uint32(now.Sub(r.lastSRAt).Seconds() * 65536)
	}
	return block
}
