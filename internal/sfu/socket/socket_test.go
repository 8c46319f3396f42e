package socket

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"
)

func listen(t *testing.T, address string, readers int) *Conn {
	t.Helper()
	c, err := Listen(address, readers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// client is a plain UDP socket.
func client(t *testing.T, address string) (*net.UDPConn, netip.AddrPort) {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort(address)))
	if err != nil {
		t.Skipf("no address %s: %v", address, err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadBuffer(bufferSize)
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	return conn, conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// queue queues a packet of a size that carries a number.
func queue(d *Destination, number uint32, size int) {
	p := NewPacket()
	binary.BigEndian.PutUint32(p.Buffer(), number)
	d.Send(p, size)
}

// expect reads packets with the numbers from first on, in their order, of the sizes that size returns.
func expect(t *testing.T, conn *net.UDPConn, first, count uint32, size func(number uint32) int) {
	t.Helper()
	b := make([]byte, 4096)
	for want := first; want < first+count; want++ {
		n, err := conn.Read(b)
		if err != nil {
			t.Fatalf("packet %d: %v", want, err)
		}
		if got := binary.BigEndian.Uint32(b); got != want {
			t.Fatalf("got packet %d, want %d", got, want)
		}
		if n != size(want) {
			t.Fatalf("packet %d has %d bytes, want %d", want, n, size(want))
		}
	}
}

var addresses = map[string]struct{ server, client string }{
	"IPv4":           {"127.0.0.1:0", "127.0.0.1:0"},
	"IPv6":           {"[::1]:0", "[::1]:0"},
	"IPv4 as mapped": {":0", "127.0.0.1:0"},
}

func TestOrderAndSizes(t *testing.T) {
	sizes := []int{1200, 1200, 1200, 80, 1100, 1101, 1101, 60, 60, 1200, 4, 1199}
	size := func(number uint32) int { return sizes[int(number)%len(sizes)] }
	for name, a := range addresses {
		t.Run(name, func(t *testing.T) {
			c := listen(t, a.server, 1)
			first, to := client(t, a.client)
			second, too := client(t, a.client)
			d, e := c.Destination(to), c.Destination(too)
			const count = 150
			c.Hold()
			for n := range uint32(count) {
				queue(d, n, size(n))
				queue(e, n, size(n))
			}
			c.Release()
			expect(t, first, 0, count, size)
			expect(t, second, 0, count, size)
			if s := c.Stats(); s.Sent != 2*count || s.Dropped+s.Failed != 0 {
				t.Errorf("%+v, want %d packets sent", s, 2*count)
			}
			queue(d, count, size(count)) // without a batch it leaves at once
			expect(t, first, count, 1, size)
		})
	}
}
