package sfu

import (
	"net"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
)

// lossyConn is a client's socket that loses packets.
type lossyConn struct {
	*net.UDPConn
	in, out atomic.Pointer[func(packet []byte) bool] // true: lost
	slow    atomic.Int64                             // bits a second that come in, 0: no bound
}

// ReadFrom skips what is lost.
func (c *lossyConn) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := c.ReadFromUDPAddrPort(b) // does not allocate: tests count
		if lost := c.in.Load(); err == nil && lost != nil && (*lost)(b[:n]) {
			continue
		}
		if bps := c.slow.Load(); err == nil && bps > 0 {
			<-time.After(time.Duration(int64(n) * 8 * int64(time.Second) / bps)) // the link is busy with it
		}
		return n, net.UDPAddrFromAddrPort(from), err
	}
}

// WriteTo keeps what is lost to itself.
func (c *lossyConn) WriteTo(b []byte, to net.Addr) (int, error) {
	if lost := c.out.Load(); lost != nil && (*lost)(b) {
		return len(b), nil
	}
	return c.UDPConn.WriteTo(b, to)
}

func (c *lossyConn) loseIn(f func([]byte) bool)  { c.in.Store(&f) }
func (c *lossyConn) loseOut(f func([]byte) bool) { c.out.Store(&f) }

// over makes a client use the socket for everything.
func over(conn *lossyConn) clientOption {
	return func(s *webrtc.SettingEngine) {
		s.SetICEUDPMux(ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: conn, Logger: quiet{}}))
	}
}

func isRTCP(b []byte) bool { return len(b) > 8 && b[0]>>6 == 2 && b[1] >= 192 && b[1] <= 223 }

// everyNth loses one RTP packet in n, but none of the first 20.
func everyNth(n int) func([]byte) bool {
	var count atomic.Int64
	return func(b []byte) bool {
		if !isRTP(b) {
			return false
		}
		i := count.Add(1)
		return i > 20 && int(i)%n == 0
	}
}
