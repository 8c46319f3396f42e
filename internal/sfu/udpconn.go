package sfu

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// udpConn is the server's one UDP socket as pion's mux sees it. Its writes never wait: a full socket buffer
// drops the packet, as a full queue on the way would, because one waiting write would hold up the streams of
// everybody (pion/ice #971). It ignores write deadlines, with which pion interrupts blocked writes of one
// agent at the cost of the others (pion/ice #991).
type udpConn struct {
	*net.UDPConn
	fd      int
	v6      bool         // the socket is AF_INET6 and takes IPv4 as mapped addresses
	open    sync.RWMutex // held for reading around each use of fd, for writing to close it
	closed  bool
	dropped atomic.Uint64       // packets the kernel had no room for
	local   map[netip.Addr]bool // set: packets from other addresses are dropped, see Options.LocalOnly
}

func listenUDP(address string) (*udpConn, error) {
	addr, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", addr)
	if err != nil {
		return nil, err
	}
	// A large buffer rides out bursts: a key frame to 60 subscribers is 60 times 40 kB. The kernel caps it
	// at net.core.{r,w}mem_max; less still works.
	_ = conn.SetReadBuffer(4 << 20)
	_ = conn.SetWriteBuffer(4 << 20)
	c := &udpConn{UDPConn: conn}
	return c, c.init()
}

// ReadFromAddrPort makes pion's mux read without allocating. Errors that a peer can cause do not end it.
func (c *udpConn) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		n, from, err := c.UDPConn.ReadFromUDPAddrPort(b)
		if err == nil && c.local != nil && !isLocal(from.Addr(), c.local) {
			continue
		}
		if err == nil || !transient(err) {
			return n, from, err
		}
	}
}

// WriteTo serves callers without AddrPort.
func (c *udpConn) WriteTo(b []byte, to net.Addr) (int, error) {
	addr, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, net.InvalidAddrError("not a UDP address")
	}
	return c.WriteToAddrPort(b, addr.AddrPort())
}

// SetWriteDeadline does nothing: writes do not wait.
func (c *udpConn) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline does nothing.
func (c *udpConn) SetDeadline(time.Time) error { return nil }

// Close closes the socket after the writes that are on the way.
func (c *udpConn) Close() error {
	c.open.Lock()
	defer c.open.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	return c.UDPConn.Close()
}
