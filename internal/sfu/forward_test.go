package sfu

import (
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/sfu/history"
	"github.com/klatch/klatch/internal/wire"
)

// forwarding sets up one publisher and n subscribers that are connected and receive, and returns a function that
// takes the next packet of 1170 bytes of payload as the publisher's SRTP session would.
func forwarding(t testing.TB, n int, change ...func(*Options)) (h *hub, next func()) {
	t.Helper()
	h = newHub(t, change...)
	ann := h.join("s", "ann")
	ann.publish(map[wire.Kind]string{wire.Video: webrtc.MimeTypeVP8})
	var subscribers []*client
	var conns []*lossyConn
	for i := range n {
		conns = append(conns, listenLossy(t))
		conns[i].loseOut(isRTCP) // who reports nothing is not limited, however much this sends
		c := h.join("s", fmt.Sprintf("sub%d", i), over(conns[i]))
		c.discard = true
		c.subscribe(camera("ann"))
		subscribers = append(subscribers, c)
	}
	stop := ann.source(wire.Video).run(10 * time.Millisecond)
	for _, c := range subscribers {
		require.Eventually(t, func() bool { return c.discarded.Load() > 4 }, 10*time.Second, 5*time.Millisecond)
	}
	stop()
	for _, conn := range conns {
		conn.loseIn(isRTP) // what the clients do with packets is not to be counted
	}
	p := h.sfu.peer(ann.peer)
	track := p.session.stream(p, wire.Video).source().(*upTrack)
	encoding := track.encodings[0]
	packet := make([]byte, 12+1170)
	packet[0], packet[1] = 0x80, 96
	for pt, c := range track.params.Load().codecs {
		if c.mime == "video/vp8" {
			packet[1] = pt
		}
	}
	seqno := encoding.losses.highest
	binary.BigEndian.PutUint32(packet[8:], encoding.ssrc.Load())
	copy(packet[12:], []byte{0x10, 1})
	return h, func() {
		seqno++
		binary.BigEndian.PutUint16(packet[2:], seqno)
		binary.BigEndian.PutUint32(packet[4:], uint32(seqno)*3000)
		encoding.receive(packet, false, time.Now())
	}
}

// Nothing is allocated per forwarded packet.
func TestForwardAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	h, next := forwarding(t, 4)
	for range 2 * history.Size {
		next()
	}
	stats := h.sfu.Stats()
	require.Zero(t, stats.Dropped)
	before := stats.PacketsOut
	allocs := testing.AllocsPerRun(1000, next)
	require.GreaterOrEqual(t, h.sfu.Stats().PacketsOut-before, uint64(4000), "the packets went out")
	require.Less(t, allocs, 1.0)
}

// Nothing goes out while the node may not serve, also what was queued before.
func TestNothingIsForwardedByWhoMayNotServe(t *testing.T) {
	if raceEnabled {
		t.Skip("next takes packets beside the goroutine of the socket")
	}
	var stopped atomic.Bool
	h, next := forwarding(t, 1, func(o *Options) { o.Serves = func(time.Time) bool { return !stopped.Load() } })
	sent := func() uint64 { return h.sfu.ports.udp.Stats().Sent }
	before := sent()
	next()
	require.Eventually(t, func() bool { return sent() > before }, 5*time.Second, time.Millisecond)
	stopped.Store(true)
	last := before
	require.Eventually(t, func() bool { // what was on its way, and what the start of a connection is answered with
		before, last = last, sent()
		return before == last
	}, 5*time.Second, 100*time.Millisecond)
	for range 20 {
		next()
	}
	require.Never(t, func() bool { return sent() > before }, 100*time.Millisecond, 5*time.Millisecond)
	stopped.Store(false)
	next()
	require.Eventually(t, func() bool { return sent() > before }, 5*time.Second, time.Millisecond)
}

// BenchmarkForward returns the cost of a packet per subscriber, from the decrypted packet to the kernel and,
// on loopback, into the receiver's socket. The clients throw it away there.
func BenchmarkForward(b *testing.B) {
	for _, n := range []int{1, 10, 60} {
		b.Run(fmt.Sprintf("subscribers=%d", n), func(b *testing.B) {
			_, next := forwarding(b, n)
			b.ReportAllocs()
			for b.Loop() {
				next()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/packet")
		})
	}
}

// BenchmarkForwardOfANode is BenchmarkForward where a lease is asked for.
func BenchmarkForwardOfANode(b *testing.B) {
	var until atomic.Int64
	base := time.Now()
	until.Store(int64(time.Hour))
	for _, n := range []int{1, 10} {
		b.Run(fmt.Sprintf("subscribers=%d", n), func(b *testing.B) {
			_, next := forwarding(b, n, func(o *Options) {
				o.Serves = func(now time.Time) bool { return int64(now.Sub(base)) < until.Load() }
			})
			b.ReportAllocs()
			for b.Loop() {
				next()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/packet")
		})
	}
}
