//go:build !linux

package socket

import (
	"net"
	"net/netip"
)

// system is what an endpoint needs of other systems than Linux. They are for development: each packet is a system call,
// and sending one may wait for room in the socket buffer.
type system struct{}

func (e *endpoint) init(*net.UDPConn) error { return nil }

func (e *endpoint) canSegment() bool { return false }

func listenShared(first *net.UDPConn, _ int) ([]*net.UDPConn, error) {
	return []*net.UDPConn{first}, nil
}

type sockaddr struct{}

func (e *endpoint) name(netip.AddrPort) sockaddr { return sockaddr{} }

type vectors struct{}

func (c *Conn) send(e *endpoint, f *flusher) {
	for _, m := range f.messages {
		for _, p := range m.packets {
			c.writes.Add(1)
			if e.send(p.bytes[:p.size], m.to.to) != nil {
				c.failed.Add(1)
			} else {
				c.sent.Add(1)
			}
		}
	}
}

func (e *endpoint) send(b []byte, to netip.AddrPort) error {
	_, err := e.conn.WriteToUDPAddrPort(b, to)
	return err
}

func (c *Conn) serve(e *endpoint, handle func([]byte, netip.AddrPort)) { c.serveSingly(e, handle) }
