package socket

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"sync"
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

// Several goroutines send at the same time; each one's packets keep their order.
func TestConcurrentSenders(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	const senders, count = 4, 500
	var wg sync.WaitGroup
	for range senders {
		conn, to := client(t, "127.0.0.1:0")
		d := c.Destination(to)
		wg.Go(func() {
			for n := uint32(0); n < count; n += 5 {
				c.Hold()
				for i := range uint32(5) {
					queue(d, n+i, 100)
				}
				c.Release()
			}
		})
		wg.Go(func() { expect(t, conn, 0, count, func(uint32) int { return 100 }) })
	}
	wg.Wait()
	if n := c.queued.Load(); n != 0 {
		t.Errorf("%d packets are still counted as queued", n)
	}
}

// Packets reach the reader whole, with their source, one socket or several; what is too long is dropped.
func TestServe(t *testing.T) {
	for name, a := range addresses {
		for _, readers := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s, %d readers", name, readers), func(t *testing.T) {
				c := listen(t, a.server, readers)
				port := uint16(c.LocalAddr().Port)
				var mu sync.Mutex
				next := map[netip.AddrPort]uint32{}
				var wrong error
				served := make(chan struct{})
				go func() {
					defer close(served)
					c.Serve(func(b []byte, from netip.AddrPort) {
						mu.Lock()
						defer mu.Unlock()
						if n := binary.BigEndian.Uint32(b); n != next[from] || len(b) != 10+int(n) {
							wrong = fmt.Errorf("packet %d of %d bytes from %v, want %d", n, len(b), from, next[from])
						}
						next[from]++
					})
				}()
				const clients, count = 5, 100
				var froms []netip.AddrPort
				for range clients {
					conn, from := client(t, a.client)
					froms = append(froms, from)
					to := netip.AddrPortFrom(from.Addr(), port)
					for n := range uint32(count) {
						if n == 50 {
							_, _ = conn.WriteToUDPAddrPort(make([]byte, MaxDatagram+1), to)
						}
						b := make([]byte, 10+n)
						binary.BigEndian.PutUint32(b, n)
						if _, err := conn.WriteToUDPAddrPort(b, to); err != nil {
							t.Fatal(err)
						}
					}
				}
				deadline := time.Now().Add(10 * time.Second)
				for all := false; !all; time.Sleep(time.Millisecond) {
					mu.Lock()
					all = true
					for _, from := range froms {
						all = all && next[from] == count
					}
					mu.Unlock()
					if time.Now().After(deadline) {
						t.Fatalf("got %v, %v", next, wrong)
					}
				}
				if wrong != nil {
					t.Error(wrong)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
				<-served
			})
		}
	}
}

// A port that is in use is refused, also when both would share it among several sockets.
func TestPortInUse(t *testing.T) {
	for _, readers := range []int{1, 2} {
		c := listen(t, "127.0.0.1:0", readers)
		if other, err := Listen(c.LocalAddr().String(), readers); err == nil {
			_ = other.Close()
			t.Errorf("%d readers: a second port at %v", readers, c.LocalAddr())
		}
	}
}

// Nothing is allocated per packet.
func TestSendAllocatesNothing(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	conn, to := client(t, "127.0.0.1:0")
	go func() {
		b := make([]byte, MaxDatagram)
		for {
			if _, err := conn.Read(b); err != nil {
				return
			}
		}
	}()
	d := c.Destination(to)
	send := func() {
		c.Hold()
		for n := range uint32(4) {
			queue(d, n, 1200)
		}
		c.Release()
	}
	for range 100 {
		send()
	}
	if allocs := testing.AllocsPerRun(500, send); allocs >= 1 && !raceEnabled {
		t.Errorf("%v allocations for 4 packets", allocs)
	}
}

// BenchmarkSend returns the cost of a packet to one of 60 destinations, with so many packets for each in a batch.
func BenchmarkSend(b *testing.B) {
	for _, burst := range []int{1, 2, 6} {
		b.Run(fmt.Sprintf("burst=%d", burst), func(b *testing.B) {
			c, err := Listen("127.0.0.1:0", 1)
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			var ds []*Destination
			for range 60 {
				conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
				if err != nil {
					b.Fatal(err)
				}
				defer func() { _ = conn.Close() }()
				ds = append(ds, c.Destination(conn.LocalAddr().(*net.UDPAddr).AddrPort()))
			}
			b.ReportAllocs()
			for b.Loop() {
				c.Hold()
				for range burst {
					for _, d := range ds {
						queue(d, 0, 1200)
					}
				}
				c.Release()
			}
			packets := float64(b.N * burst * len(ds))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/packets, "ns/packet")
		})
	}
}
