// Package socket is the UDP socket of the server. It receives packets in batches, and sends them in batches: what is
// to be sent waits for the end of the batch that caused it, and the packets of one destination then leave as one
// message that the kernel, or the network card, cuts into datagrams (UDP generic segmentation offload).
//
// Nobody is woken to send. The goroutine that reads the socket handles the packets of a batch, which may queue packets
// for many destinations, and sends them all when the batch is done; a goroutine that queues a packet outside any batch
// sends it itself. So a packet is forwarded with a fraction of a system call and without a change of goroutine.
//
// Sending never waits: a packet for which the kernel has no room is dropped and counted, as a full queue on the way
// would do, because one sender that waits would hold up the streams of everybody.
package socket

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// MaxDatagram is the longest packet that is received; longer ones are dropped. It is above every MTU of a path that
	// browsers use; they send at most 1,200 bytes or so.
	MaxDatagram = 2048
	// batchSize is how many packets one system call receives at most.
	batchSize = 32
	// maxQueued is how many packets may be queued before whoever queues one more sends them.
	maxQueued = 512
	// maxDelay is how long a packet waits at most for the other packets of a batch.
	maxDelay = 500 * time.Microsecond
	// bufferSize of the kernel rides out bursts: a key frame to 60 subscribers is 60 times 40 kB. The kernel caps it at
	// net.core.{r,w}mem_max; less still works.
	bufferSize = 4 << 20
)

// Conn is a UDP port. It is safe for concurrent use.
// Shape: mutex; Serve has one goroutine for each of the port's sockets.
type Conn struct {
	// Serves reports whether packets may be sent at that time. It is asked for each batch; those that may not are
	// dropped. nil: always. It is set before the port is used.
	Serves func(now time.Time) bool

	sockets []*endpoint // at least one, all with the same address

	dropped atomic.Uint64
	failed  atomic.Uint64
	sent    atomic.Uint64
	writes  atomic.Uint64

	segments  atomic.Bool // the kernel takes several packets of one destination as one message
	held      atomic.Int32
	queued    atomic.Int32 // packets of all destinations
	flushers  sync.Pool    // of *flusher
	scheduled sync.Mutex   // guards ready
	ready     []*Destination
}

// endpoint is one socket of a port.
type endpoint struct {
	conn *net.UDPConn
	system

	open   sync.RWMutex // held for reading around each use of the file descriptor, for writing to set closed
	closed bool         // nothing uses the file descriptor any more
}

// Stats count what a Conn has done since it was opened.
type Stats struct {
	Sent    uint64 // packets that the kernel took
	Writes  uint64 // system calls that sent them
	Dropped uint64 // packets for which the socket buffer had no room
	Failed  uint64 // packets that the kernel refused, for want of a route for example
}

// Listen opens a UDP port. With more than one reader, it has as many sockets (SO_REUSEPORT), and the kernel always
// passes the packets of one sender to the same one; systems that cannot do so have one.
func Listen(address string, readers int) (*Conn, error) {
	addr, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, err
	}
	c := &Conn{}
	c.flushers.New = func() any { return newFlusher() }
	// The first is opened alone, so that a port that another program has is still an error.
	first, err := net.ListenUDP("udp", addr)
	if err != nil {
		return nil, err
	}
	conns := []*net.UDPConn{first}
	if readers > 1 {
		if conns, err = listenShared(first, readers); err != nil {
			return nil, err
		}
	}
	segments := true
	for _, conn := range conns {
		_ = conn.SetReadBuffer(bufferSize)
		_ = conn.SetWriteBuffer(bufferSize)
		e := &endpoint{conn: conn}
		c.sockets = append(c.sockets, e)
		if err := e.init(conn); err != nil {
			_ = c.Close()
			return nil, fmt.Errorf("socket: %w", err)
		}
		segments = segments && e.canSegment()
	}
	c.segments.Store(segments)
	return c, nil
}

// LocalAddr returns the address listened on.
func (c *Conn) LocalAddr() *net.UDPAddr { return c.sockets[0].conn.LocalAddr().(*net.UDPAddr) }

// Stats returns what has been counted so far.
func (c *Conn) Stats() Stats {
	return Stats{Sent: c.sent.Load(), Writes: c.writes.Load(), Dropped: c.dropped.Load(), Failed: c.failed.Load()}
}

// Close closes the port after the writes that are on the way. Packets that are queued are lost.
func (c *Conn) Close() error {
	var errs []error
	for _, e := range c.sockets {
		e.open.Lock()
		closed := e.closed
		e.closed = true
		e.open.Unlock()
		if !closed { // without the lock: it waits for the reader, which may be about to send what it has queued
			errs = append(errs, e.conn.Close())
		}
	}
	return errors.Join(errs...)
}

// Serve receives packets until the port is closed, and passes them to handle: those of one sender in order, on one
// goroutine. The bytes are the caller's until handle returns, which must not block. Packets that handle queues are sent
// when all packets that had arrived are handled, or half a millisecond later.
func (c *Conn) Serve(handle func(packet []byte, from netip.AddrPort)) {
	var wg sync.WaitGroup
	for _, e := range c.sockets[1:] {
		wg.Go(func() { c.serve(e, handle) })
	}
	c.serve(c.sockets[0], handle)
	wg.Wait()
}

// serveSingly receives one packet with each system call, until the socket is closed.
func (c *Conn) serveSingly(e *endpoint, handle func([]byte, netip.AddrPort)) {
	b, one := make([]byte, MaxDatagram), batch{conn: c, e: e}
	var from netip.AddrPort
	var n int
	packet := func(int) ([]byte, netip.AddrPort) {
		return b[:n:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	}
	for {
		var err error
		if n, from, err = e.conn.ReadFromUDPAddrPort(b); err == nil {
			one.handle(1, packet, handle)
			one.end()
		} else if errors.Is(err, net.ErrClosed) {
			return
		}
	}
}

// batch is what a goroutine that reads a socket has begun to handle: packets that are queued meanwhile wait for its
// end.
type batch struct {
	conn   *Conn
	e      *endpoint
	holds  bool
	queued time.Time // when a packet that waits was queued, about; zero: none waits
}

// handle handles packets that arrived together.
func (b *batch) handle(count int, packet func(i int) ([]byte, netip.AddrPort), handle func([]byte, netip.AddrPort)) {
	c := b.conn
	if !b.holds {
		b.holds = true
		c.Hold()
	}
	for i := range count {
		bytes, from := packet(i)
		if bytes == nil {
			continue
		}
		handle(bytes, from)
		if c.queued.Load() == 0 {
			b.queued = time.Time{}
			continue
		}
		if now := time.Now(); b.queued.IsZero() {
			b.queued = now
		} else if now.Sub(b.queued) >= maxDelay {
			c.flush(b.e)
			b.queued = time.Time{}
		}
	}
}

// end sends what is queued.
func (b *batch) end() {
	if b.holds {
		b.holds, b.queued = false, time.Time{}
		b.conn.release(b.e)
	}
}

// Hold makes packets wait until Release, so that they are sent together. Whoever calls it has to call Release within a
// millisecond.
func (c *Conn) Hold() { c.held.Add(1) }

// Release ends what Hold has begun, and sends what is queued.
func (c *Conn) Release() { c.release(c.sockets[0]) }

func (c *Conn) release(e *endpoint) {
	c.held.Add(-1) // before it looks for packets: whoever has seen it held has queued its packet before
	c.flush(e)
}

// WriteTo sends one packet at once, or drops it when the socket buffer is full.
func (c *Conn) WriteTo(b []byte, to netip.AddrPort) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	e := c.sockets[0]
	e.open.RLock()
	defer e.open.RUnlock()
	if e.closed {
		return 0, net.ErrClosed
	}
	c.writes.Add(1)
	switch err := e.send(b, to); {
	case err == nil:
		c.sent.Add(1)
	case full(err):
		c.dropped.Add(1)
	default:
		c.failed.Add(1)
		return 0, err
	}
	return len(b), nil
}

// full reports whether an error of a write means that the socket buffer is full.
func full(err error) bool { return errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.ENOBUFS) }
