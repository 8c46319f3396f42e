package simulator_test

import (
	"testing/synctest"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

const transportCC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

// pion is pion's gcc as a controller. It reads time.Now and has goroutines, so it runs within a bubble of synctest,
// whose clock is moved to the time of the simulation before each call. It has no probes.
type pion struct {
	bwe    *gcc.SendSideBWE
	writer interceptor.RTPWriter
	begin  time.Time
}

func newPion() *pion {
	e, err := gcc.NewSendSideBWE(gcc.SendSideBWEInitialBitrate(300_000), gcc.SendSideBWEMinBitrate(30_000),
		gcc.SendSideBWEMaxBitrate(50_000_000), gcc.SendSideBWEPacer(gcc.NewNoOpPacer()))
	if err != nil {
		panic(err)
	}
	p := &pion{bwe: e, begin: time.Now()}
	p.writer = e.AddStream(&interceptor.StreamInfo{SSRC: 1,
		RTPHeaderExtensions: []interceptor.RTPHeaderExtension{{URI: transportCC, ID: 1}}},
		interceptor.RTPWriterFunc(func(*rtp.Header, []byte, interceptor.Attributes) (int, error) { return 0, nil }))
	return p
}

// advance moves the clock of the bubble.
func (p *pion) advance(now time.Duration) {
	synctest.Wait()
	if d := time.Until(p.begin.Add(now)); d > 0 {
		time.Sleep(d)
	}
}

func (p *pion) Sent(seq uint16, size int, at time.Duration, _ uint8) {
	p.advance(at)
	h := &rtp.Header{Version: 2, SSRC: 1, SequenceNumber: seq}
	ext, err := (&rtp.TransportCCExtension{TransportSequence: seq}).Marshal()
	if err == nil {
		err = h.SetExtension(1, ext)
	}
	if err == nil {
		_, err = p.writer.Write(h, make([]byte, max(size-h.MarshalSize(), 0)), nil)
	}
	if err != nil {
		panic(err)
	}
}

func (p *pion) Feedback(fb *rtcp.TransportLayerCC, now time.Duration) {
	p.advance(now)
	_ = p.bwe.WriteRTCP([]rtcp.Packet{fb}, nil) // it refuses feedback that it cannot place
	synctest.Wait()
}

func (p *pion) Tick(time.Duration)                        {}
func (p *pion) Probe(time.Duration) (uint8, float64, int) { return 0, 0, 0 }
func (p *pion) SetDemand(float64)                         {}
func (p *pion) Estimate() float64                         { return float64(p.bwe.GetTargetBitrate()) }
func (p *pion) close()                                    { _ = p.bwe.Close() }
