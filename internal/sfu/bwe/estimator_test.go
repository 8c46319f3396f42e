package bwe_test

import (
	"encoding/binary"
	"math"
	"testing"
	"time"
	"unsafe"

	"github.com/klatch/klatch/internal/sfu/bwe"
	"github.com/pion/rtcp"
	"github.com/stretchr/testify/require"
)

var start = time.Unix(1_800_000_000, 0)

// report makes the feedback of packets that follow each other; a negative arrival is a packet that did not arrive.
func report(first uint16, arrivals ...time.Duration) *rtcp.TransportLayerCC {
	fb := &rtcp.TransportLayerCC{BaseSequenceNumber: first, PacketStatusCount: uint16(len(arrivals))}
	last := time.Duration(-1)
	for _, at := range arrivals {
		symbol := rtcp.TypeTCCPacketNotReceived
		if at >= 0 {
			if last < 0 {
				fb.ReferenceTime = uint32(at / (64 * time.Millisecond))
				last = time.Duration(fb.ReferenceTime) * 64 * time.Millisecond
			}
			delta := (at - last).Truncate(250 * time.Microsecond)
			last += delta
			symbol = rtcp.TypeTCCPacketReceivedLargeDelta
			fb.RecvDeltas = append(fb.RecvDeltas, &rtcp.RecvDelta{Type: symbol, Delta: delta.Microseconds()})
		}
		fb.PacketChunks = append(fb.PacketChunks, &rtcp.RunLengthChunk{PacketStatusSymbol: symbol, RunLength: 1})
	}
	return fb
}

func TestBoundsOfTheEstimate(t *testing.T) {
	require.EqualValues(t, 300_000, bwe.New(bwe.Config{}).Estimate())
	require.EqualValues(t, 500_000, bwe.New(bwe.Config{Start: 100_000, Min: 500_000}).Estimate())
	require.EqualValues(t, 200_000, bwe.New(bwe.Config{Start: 400_000, Max: 200_000}).Estimate())
	e := bwe.New(bwe.Config{Start: 300_000, Min: 50_000, Max: 1_000_000})
	e.REMB(math.MaxInt64, start)
	require.EqualValues(t, 1_000_000, e.Estimate())
	e.REMB(1, start)
	require.EqualValues(t, 50_000, e.Estimate())
	e.REMB(-1, start)
	require.EqualValues(t, 50_000, e.Estimate())
}

// A client that sends REMB and no transport-wide feedback is believed; one that sends both is not.
func TestREMBCountsWithoutFeedbackOnly(t *testing.T) {
	e := bwe.New(bwe.Config{})
	e.REMB(700_000, start)
	require.EqualValues(t, 700_000, e.Estimate())
	e.Sent(1, 1000, start, 0)
	e.Feedback(report(1, 20*time.Millisecond), start.Add(40*time.Millisecond))
	e.REMB(2_000_000, start.Add(50*time.Millisecond))
	require.EqualValues(t, 700_000, e.Estimate())
}

// The first probes come before there is any media to measure, and none exceeds what can be used.
func TestNoProbeBeyondTheDemand(t *testing.T) {
	e := bwe.New(bwe.Config{Start: 300_000})
	e.SetDemand(250_000)
	_, ok := e.Probe(start)
	require.False(t, ok, "the demand is met")
	e.SetDemand(500_000)
	p, ok := e.Probe(start)
	require.True(t, ok)
	require.LessOrEqual(t, p.Bps, int64(550_000))
	require.NotZero(t, p.ID)
	require.Positive(t, p.Bytes)
	_, ok = e.Probe(start)
	require.False(t, ok, "one probe at a time")
}

// Feedback about packets that were never sent changes nothing.
func TestMadeUpFeedback(t *testing.T) {
	e := bwe.New(bwe.Config{})
	for n := range uint16(1000) {
		now := start.Add(time.Duration(n) * time.Millisecond)
		e.Feedback(report(n*60, time.Duration(n)*time.Second, -1, 0), now)
		e.Tick(now)
	}
	require.EqualValues(t, 300_000, e.Estimate())
}

func TestSize(t *testing.T) {
	require.Less(t, unsafe.Sizeof(bwe.Estimator{}), uintptr(40_000))
}

// steady is a flow of 400 packets a second that all arrive, with feedback for each 20.
type steady struct {
	e   *bwe.Estimator
	now time.Duration
	seq uint16
	fb  *rtcp.TransportLayerCC
}

const steadyPackets = 20

func newSteady() *steady {
	s := &steady{e: bwe.New(bwe.Config{Start: 4_000_000}), fb: &rtcp.TransportLayerCC{PacketStatusCount: steadyPackets}}
	for range steadyPackets {
		s.fb.RecvDeltas = append(s.fb.RecvDeltas, &rtcp.RecvDelta{})
	}
	s.fb.PacketChunks = []rtcp.PacketStatusChunk{&rtcp.RunLengthChunk{
		PacketStatusSymbol: rtcp.TypeTCCPacketReceivedLargeDelta, RunLength: steadyPackets}}
	return s
}

func (s *steady) send() {
	s.fb.BaseSequenceNumber = s.seq
	for range steadyPackets {
		s.now += 2500 * time.Microsecond
		s.e.Sent(s.seq, 1200, start.Add(s.now), 0)
		s.seq++
	}
}

func (s *steady) receive() {
	const unit = 64 * time.Millisecond
	first := s.now - (steadyPackets-1)*2500*time.Microsecond
	s.fb.ReferenceTime = uint32(first / unit)
	s.fb.RecvDeltas[0].Delta = (first % unit).Microseconds()
	for _, d := range s.fb.RecvDeltas[1:] {
		d.Delta = 2500
	}
	s.e.Feedback(s.fb, start.Add(s.now+20*time.Millisecond))
}

// receiveLate has arrive each of that many packets, later by delay.
func (s *steady) receiveLate(delay time.Duration, each int) {
	arrivals := make([]time.Duration, steadyPackets)
	for n := range arrivals {
		arrivals[n] = -1
		if n%each == 0 {
			arrivals[n] = s.now - time.Duration(steadyPackets-1-n)*2500*time.Microsecond + delay
		}
	}
	s.e.Feedback(report(s.seq-steadyPackets, arrivals...), start.Add(s.now+20*time.Millisecond))
}

// When nothing is heard any more the rate falls, to the least at last, and it comes back with the feedback.
func TestSilence(t *testing.T) {
	s := newSteady()
	for range 100 {
		s.send()
		s.receive()
		s.e.Tick(start.Add(s.now))
	}
	before := s.e.Estimate()
	require.Greater(t, before, int64(3_500_000))
	for range 10 { // half a second
		s.send()
		s.e.Tick(start.Add(s.now))
	}
	require.Equal(t, before, s.e.Estimate(), "feedback may be late")
	for range 40 {
		s.send()
		s.e.Tick(start.Add(s.now))
	}
	require.Less(t, s.e.Estimate(), before/2)
	for range 1000 {
		s.send()
		s.e.Tick(start.Add(s.now))
	}
	require.EqualValues(t, 30_000, s.e.Estimate())
	for range 400 {
		s.send()
		s.receive()
		s.e.Tick(start.Add(s.now))
	}
	require.Greater(t, s.e.Estimate(), int64(300_000))
}

// Where nothing is sent any more because the path was congested, no feedback says that its queue is gone: it is probed
// all the same.
func TestProbesAfterCongestionThatStoppedAll(t *testing.T) {
	for name, congest := range map[string]func(*steady, int){
		"a queue": func(s *steady, n int) { // grows by half a second a second
			s.send()
			s.receiveLate(time.Duration(n)*25*time.Millisecond, 1)
		},
		"loss": func(s *steady, _ int) {
			s.send()
			s.receiveLate(0, 2)
		},
		"silence": func(s *steady, _ int) { s.send() },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSteady()
			for range 60 {
				s.send()
				s.receive()
				s.e.Tick(start.Add(s.now))
			}
			for n := 0; !s.e.Congested() && s.e.Estimate() > 3_000_000; n++ {
				require.Less(t, n, 100)
				congest(s, n)
				s.e.Tick(start.Add(s.now))
			}
			stopped, lowest := s.now, s.e.Estimate()
			for probes := false; !probes; {
				s.now += 50 * time.Millisecond
				s.e.Tick(start.Add(s.now))
				_, probes = s.e.Probe(start.Add(s.now))
				require.Less(t, s.now-stopped, 5*time.Second)
			}
			require.GreaterOrEqual(t, s.e.Estimate(), lowest*7/10, "nothing was sent that could be lost")
		})
	}
}

func TestNoAllocationPerPacket(t *testing.T) {
	s := newSteady()
	require.Zero(t, testing.AllocsPerRun(200, func() {
		s.send()
		s.receive()
		s.e.Tick(start.Add(s.now))
		s.e.Probe(start.Add(s.now))
	}))
}

func BenchmarkSent(b *testing.B) {
	e := bwe.New(bwe.Config{})
	now, seq := start, uint16(0)
	for b.Loop() {
		now = now.Add(time.Millisecond)
		seq++
		e.Sent(seq, 1200, now, 0)
	}
}

// BenchmarkFeedback has the cost of sending included: BenchmarkSent has that alone.
func BenchmarkFeedback(b *testing.B) {
	s := newSteady()
	for b.Loop() {
		s.send()
		s.receive()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/steadyPackets, "ns/packet")
}

// FuzzFeedback: whatever a client sends, the estimate stays within its bounds and nothing panics.
func FuzzFeedback(f *testing.F) {
	for _, fb := range []*rtcp.TransportLayerCC{report(0, 1, 2, 3, -1, 5), report(65530, 64*time.Millisecond, -1)} {
		raw, err := fb.Marshal()
		if err != nil {
			continue
		}
		f.Add(raw)
	}
	f.Add([]byte{0xaf, 0xcd, 0, 5, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0x1f, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		e := bwe.New(bwe.Config{Start: 300_000, Min: 50_000, Max: 5_000_000})
		now := start
		for n := range uint16(300) {
			now = now.Add(5 * time.Millisecond)
			e.Sent(n, int(n)*7, now, bwe.ProbeID(n/40))
		}
		for len(data) > 2 {
			n := min(int(binary.BigEndian.Uint16(data))%512+24, len(data))
			var fb rtcp.TransportLayerCC
			if fb.Unmarshal(data[:n]) == nil {
				e.Feedback(&fb, now)
			}
			data = data[n:]
			now = now.Add(30 * time.Millisecond)
			e.Tick(now)
			if p, ok := e.Probe(now); ok {
				require.Positive(t, p.Bytes)
			}
			require.GreaterOrEqual(t, e.Estimate(), int64(50_000))
			require.LessOrEqual(t, e.Estimate(), int64(5_000_000))
		}
	})
}
