package socket

import (
	"net"
	"net/netip"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

const video = 1200

func same(uint32) int { return video }

// queueMany queues packets that are sent together.
func queueMany(c *Conn, d *Destination, first, count uint32) {
	c.Hold()
	for n := range count {
		queue(d, first+n, video)
	}
	c.Release()
}

func TestPacketsOfADestinationShareASystemCall(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	if !c.segments.Load() {
		t.Skip("the kernel has no UDP_SEGMENT")
	}
	conn, to := client(t, "127.0.0.1:0")
	d := c.Destination(to)
	queueMany(c, d, 0, 20)
	expect(t, conn, 0, 20, same)
	if s := c.Stats(); s.Writes != 1 {
		t.Errorf("%d system calls, want 1", s.Writes)
	}
}

// What arrives while a packet is forwarded leaves with it.
func TestArrivalsWhileForwarding(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	if !c.segments.Load() {
		t.Skip("the kernel has no UDP_SEGMENT")
	}
	conn, to := client(t, "127.0.0.1:0")
	d := c.Destination(to)
	source, _ := client(t, "127.0.0.1:0")
	port := net.UDPAddrFromAddrPort(c.LocalAddr().AddrPort())
	send := func() {
		if _, err := source.WriteTo([]byte("packet"), port); err != nil {
			t.Error(err)
		}
	}
	const each = 3
	forwarded := uint32(0)
	serving := make(chan struct{})
	go func() {
		defer close(serving)
		c.Serve(func([]byte, netip.AddrPort) {
			queue(d, forwarded, video)
			if forwarded++; forwarded%each != 0 {
				send()
			}
		})
	}()
	shared := false
	for round := range uint32(50) { // a packet waits for half a millisecond at most, which a busy machine exceeds
		before := c.Stats().Writes
		send()
		expect(t, conn, round*each, each, same)
		if shared = c.Stats().Writes == before+1; shared {
			break
		}
	}
	if !shared {
		t.Error("each packet left with a system call of its own")
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	<-serving
}

// The kernel, or what is on the way, may refuse messages of several packets, and a filter of system calls sendmmsg.
func TestRefusedMessages(t *testing.T) {
	several := func(messages []mmsghdr) int {
		for i := range messages {
			if messages[i].header.Control != nil {
				return i
			}
		}
		return -1
	}
	for name, tc := range map[string]struct {
		errno    syscall.Errno
		any      bool // sendmmsg itself is refused
		segments bool // still used for other destinations
	}{
		"no checksums in hardware": {errno: syscall.EIO},
		"an unknown option":        {errno: syscall.ENOPROTOOPT},
		"above the MTU of a path":  {errno: syscall.EINVAL, segments: true},
		"no sendmmsg":              {errno: syscall.ENOSYS, any: true, segments: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := listen(t, "127.0.0.1:0", 1)
			if !c.segments.Load() {
				t.Skip("the kernel has no UDP_SEGMENT")
			}
			refusals := 0
			c.sockets[0].sendmmsg = func(fd int, messages []mmsghdr) (int, syscall.Errno) {
				at := several(messages)
				switch {
				case tc.any, at == 0:
					refusals++
					return -1, tc.errno
				case at > 0:
					messages = messages[:at]
				}
				return sendmmsg(fd, messages)
			}
			conn, to := client(t, "127.0.0.1:0")
			d := c.Destination(to)
			queueMany(c, d, 0, 10)
			queueMany(c, d, 10, 10)
			expect(t, conn, 0, 20, same)
			if refusals != 1 {
				t.Errorf("tried %d times what is refused, want once", refusals)
			}
			if got := c.segments.Load(); got != tc.segments {
				t.Errorf("messages of several packets to others: %v, want %v", got, tc.segments)
			}
			if s := c.Stats(); s.Sent != 20 || s.Failed+s.Dropped != 0 {
				t.Errorf("%+v, want 20 packets sent", s)
			}
		})
	}
}

// The kernel may take a part of the messages.
func TestPartialResult(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	c.sockets[0].sendmmsg = func(fd int, messages []mmsghdr) (int, syscall.Errno) {
		return sendmmsg(fd, messages[:min(3, len(messages))])
	}
	var conns []*net.UDPConn
	c.Hold()
	for range 10 {
		conn, to := client(t, "127.0.0.1:0")
		conns = append(conns, conn)
		d := c.Destination(to)
		for n := range uint32(5) {
			queue(d, n, video-int(n%2))
		}
	}
	c.Release()
	for _, conn := range conns {
		expect(t, conn, 0, 5, func(n uint32) int { return video - int(n%2) })
	}
}

// A full socket buffer costs the packets for which there is no room, and nobody waits.
func TestFullBuffer(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	full := true
	c.sockets[0].sendmmsg = func(fd int, messages []mmsghdr) (int, syscall.Errno) {
		if full {
			full = false
			return -1, syscall.EAGAIN
		}
		return sendmmsg(fd, messages)
	}
	first, to := client(t, "127.0.0.1:0")
	second, too := client(t, "127.0.0.1:0")
	d, e := c.Destination(to), c.Destination(too)
	c.Hold()
	queue(d, 0, video)
	queue(d, 1, video)
	queue(e, 0, video)
	c.Release()
	expect(t, second, 0, 1, same)
	queue(d, 2, video)
	expect(t, first, 2, 1, same)
	if s := c.Stats(); s.Dropped != 2 || s.Sent != 2 || s.Failed != 0 {
		t.Errorf("%+v, want 2 packets dropped and 2 sent", s)
	}
}

// A destination that cannot be reached costs the others nothing.
func TestUnreachable(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	conn, to := client(t, "127.0.0.1:0")
	c.Hold()
	queue(c.Destination(netip.MustParseAddrPort("[::1]:1")), 0, video) // of another family
	queue(c.Destination(netip.AddrPortFrom(to.Addr(), 0)), 0, video)
	queue(c.Destination(to), 0, video)
	c.Release()
	expect(t, conn, 0, 1, same)
	if s := c.Stats(); s.Failed != 2 || s.Sent != 1 {
		t.Errorf("%+v, want 2 packets failed and 1 sent", s)
	}
}

// What is queued while a message is on its way follows it, whoever queues it.
func TestQueuedDuringFlush(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	conn, to := client(t, "127.0.0.1:0")
	d := c.Destination(to)
	entered, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	c.sockets[0].sendmmsg = func(fd int, messages []mmsghdr) (int, syscall.Errno) {
		once.Do(func() {
			close(entered)
			<-goOn
		})
		return sendmmsg(fd, messages)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		queue(d, 0, video)
	}()
	<-entered
	queue(d, 1, video) // must not overtake
	close(goOn)
	<-done
	expect(t, conn, 0, 2, same)
}

// The port is closed while packets are sent; nothing is written to its file descriptor afterwards.
func TestCloseDuringFlush(t *testing.T) {
	for range 20 {
		c := listen(t, "127.0.0.1:0", 1)
		_, to := client(t, "127.0.0.1:0")
		var closed sync.WaitGroup
		served := make(chan struct{})
		go func() {
			defer close(served)
			c.Serve(func([]byte, netip.AddrPort) {})
		}()
		start := make(chan struct{})
		for range 2 {
			d := c.Destination(to)
			closed.Go(func() {
				<-start
				for n := range uint32(100) {
					queueMany(c, d, n, 3)
				}
			})
		}
		close(start)
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		sent := c.Stats().Sent
		closed.Wait()
		select {
		case <-served:
		case <-time.After(10 * time.Second):
			t.Fatal("Serve does not return")
		}
		if after := c.Stats().Sent; after != sent {
			t.Fatalf("%d packets sent after the port was closed", after-sent)
		}
	}
}

// The port is closed while its reader handles a packet and is about to send the answer.
func TestCloseWhileHandling(t *testing.T) {
	c := listen(t, "127.0.0.1:0", 1)
	conn, from := client(t, "127.0.0.1:0")
	d := c.Destination(from)
	handling, served, closed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(served)
		c.Serve(func([]byte, netip.AddrPort) {
			queue(d, 1, 100)
			close(handling)
			for e := c.sockets[0]; ; runtime.Gosched() { // until Close has begun
				if !e.open.TryRLock() {
					return
				}
				begun := e.closed
				e.open.RUnlock()
				if begun {
					return
				}
			}
		})
	}()
	if _, err := conn.WriteToUDPAddrPort([]byte("question"), c.LocalAddr().AddrPort()); err != nil {
		t.Fatal(err)
	}
	<-handling
	go func() { closed <- c.Close() }()
	late := time.After(10 * time.Second)
	for range 2 {
		select {
		case err := <-closed:
			if err != nil {
				t.Fatal(err)
			}
		case <-served:
			served = nil
		case <-late:
			t.Fatal("the port is not closed")
		}
	}
}
