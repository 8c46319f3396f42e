package quiet

import (
	"net"
	"net/netip"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// oneIn is how many packets pass for each that is lost.
const oneIn = 100

func freePort(t *testing.T) netip.AddrPort {
	t.Helper()
	probe, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, probe.Close()) }()
	return netip.MustParseAddrPort(probe.LocalAddr().String())
}

// lossyRelay passes media between 127.0.0.2 and the server, and loses one packet in a hundred each way.
type lossyRelay struct {
	front net.PacketConn
	done  sync.WaitGroup

	mu     sync.Mutex // guards everything below
	back   map[string]*net.UDPConn
	passed int
}

func startLossyRelay(t *testing.T, server netip.AddrPort) *lossyRelay {
	t.Helper()
	front, err := net.ListenPacket("udp", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), server.Port()).String())
	require.NoError(t, err)
	r := &lossyRelay{front: front, back: map[string]*net.UDPConn{}}
	r.done.Go(func() { r.run(server) })
	t.Cleanup(r.stop)
	return r
}

func (r *lossyRelay) run(server netip.AddrPort) {
	buf := make([]byte, 2048)
	for {
		n, from, err := r.front.ReadFrom(buf)
		if err != nil {
			return
		}
		r.mu.Lock()
		back := r.back[from.String()]
		if back == nil {
			if back, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(server)); err != nil {
				r.mu.Unlock()
				return
			}
			r.back[from.String()] = back
			r.done.Go(func() { r.answer(back, from) })
		}
		r.mu.Unlock()
		if r.passes() {
			_, _ = back.Write(buf[:n]) // media may be lost
		}
	}
}

func (r *lossyRelay) answer(back *net.UDPConn, to net.Addr) {
	buf := make([]byte, 2048)
	for {
		n, err := back.Read(buf)
		if err != nil {
			return
		}
		if r.passes() {
			_, _ = r.front.WriteTo(buf[:n], to) // media may be lost
		}
	}
}

func (r *lossyRelay) passes() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passed++
	return r.passed%oneIn != 0
}

func (r *lossyRelay) lost() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.passed / oneIn
}

func (r *lossyRelay) stop() {
	_ = r.front.Close()
	r.mu.Lock()
	for _, back := range r.back {
		_ = back.Close() // nothing more is to pass
	}
	r.mu.Unlock()
	r.done.Wait()
}
