package turn

import (
	"net"
	"net/netip"
)

// datagrams is the UDP port of the TURN server: pion reads from it what the guard lets pass.
type datagrams struct {
	*net.UDPConn
	server *Server
	local  netip.AddrPort
}

// ReadFrom implements net.PacketConn. It returns an error only when the port is closed.
func (d *datagrams) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := d.UDPConn.ReadFromUDPAddrPort(b)
		if err != nil {
			if d.server.isClosed() {
				return 0, nil, err
			}
			continue // of one packet: ICMP, a buffer that was short
		}
		at := net.UDPAddrFromAddrPort(from)
		client := addrPortOf(at)
		v, reply := d.server.guard.inspect(b[:n], client, d.server.holder(tuple{client, d.local, true}))
		if reply != nil {
			_, _ = d.UDPConn.WriteToUDPAddrPort(reply, from) // it may be gone
		}
		if v == pass {
			return n, at, nil
		}
	}
}

// WriteTo implements net.PacketConn. It never waits long: one client must not hold up the others.
func (d *datagrams) WriteTo(b []byte, to net.Addr) (int, error) {
	return d.UDPConn.WriteTo(b, to)
}

// udpBuffer of the port, as far as the kernel allows.
const udpBuffer = 4 << 20

func listenUDP(address string) (*net.UDPConn, error) {
	at, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", at)
	if err != nil {
		return nil, err
	}
	_ = conn.SetReadBuffer(udpBuffer) // less still works
	_ = conn.SetWriteBuffer(udpBuffer)
	return conn, nil
}
