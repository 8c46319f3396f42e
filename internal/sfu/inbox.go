package sfu

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"

	"github.com/klatch/klatch/internal/sfu/socket"
)

// maxDatagram bounds the packets of TCP connections as the UDP port does.
const maxDatagram = socket.MaxDatagram

// datagram is a packet with its source.
type datagram struct {
	bytes [maxDatagram]byte
	n     int
	from  netip.AddrPort
}

var datagrams = sync.Pool{New: func() any { return new(datagram) }}

func newDatagram() *datagram { return datagrams.Get().(*datagram) }

func (d *datagram) free() { datagrams.Put(d) }

// maxWaiting bounds the packets that wait for a connection; more are dropped. The agent only hands them on, so that
// more than a few wait only when the machine is overloaded or the sender floods.
const maxWaiting = 512

// inbox is the bounded queue of packets for one connection.
type inbox struct {
	notify   chan struct{} // one token: packets may wait
	overflow *atomic.Uint64

	mu      sync.Mutex // guards everything below
	reader  *muxHandle // the handle that takes the packets: the first one that reads; nil before
	closed  bool       // the reader is closed: nobody takes packets any more
	waiting []*datagram
	first   int // index of the oldest packet in waiting
}

func newInbox(overflow *atomic.Uint64) *inbox {
	return &inbox{notify: make(chan struct{}, 1), overflow: overflow}
}

// put queues a packet. It reports whether the inbox has taken it.
func (q *inbox) put(d *datagram) bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	if len(q.waiting)-q.first >= maxWaiting {
		q.mu.Unlock()
		q.overflow.Add(1)
		return false
	}
	if q.first > 0 && len(q.waiting) == cap(q.waiting) { // make room at the front rather than grow
		n := copy(q.waiting, q.waiting[q.first:])
		clear(q.waiting[n:])
		q.waiting, q.first = q.waiting[:n], 0
	}
	q.waiting = append(q.waiting, d)
	q.mu.Unlock()
	q.wake()
	return true
}

func (q *inbox) wake() {
	select {
	case q.notify <- struct{}{}:
	default: // a token is there already
	}
}

// take removes the oldest packet. It returns nil when none waits.
func (q *inbox) take() *datagram {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.first == len(q.waiting) {
		return nil
	}
	d := q.waiting[q.first]
	q.waiting[q.first] = nil
	q.first++
	if q.first == len(q.waiting) {
		q.waiting, q.first = q.waiting[:0], 0
	} else {
		q.wake()
	}
	return d
}

// reads reports whether a handle is the one that takes the packets.
func (q *inbox) reads(h *muxHandle) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.reader == nil {
		q.reader = h
	}
	return q.reader == h
}

// end drops what waits and what comes when the handle that takes the packets is closed.
func (q *inbox) end(h *muxHandle) {
	q.mu.Lock()
	q.closed = q.closed || q.reader == h
	closed := q.closed
	q.mu.Unlock()
	if closed {
		q.drain()
	}
}

// drain frees the packets that wait.
func (q *inbox) drain() {
	for d := q.take(); d != nil; d = q.take() {
		d.free()
	}
}

// packetWriter is the sending side of a connection.
type packetWriter interface {
	writeTo(b []byte, to netip.AddrPort) (int, error)
	release() (last bool) // a handle was closed; last when no other is open
}

// muxHandle is one candidate's view of a connection. The candidates of one address family share a port, and what comes
// says nothing of which of them the client has used: the first one that reads takes all of it, and the reads of the
// others end, each of which would cost a goroutine with a buffer of 8 kB. All of them send. pion closes them together.
type muxHandle struct {
	inbox  *inbox
	writer packetWriter
	local  net.Addr
	closed chan struct{}
	once   sync.Once
}

func newMuxHandle(q *inbox, w packetWriter, local net.Addr) *muxHandle {
	return &muxHandle{inbox: q, writer: w, local: local, closed: make(chan struct{})}
}

// ReadFromAddrPort waits for a packet. It returns io.EOF at once to handles that receive none.
func (h *muxHandle) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	if !h.inbox.reads(h) {
		return 0, netip.AddrPort{}, io.EOF
	}
	for {
		select {
		case <-h.closed:
			return 0, netip.AddrPort{}, io.EOF
		case <-h.inbox.notify:
		}
		if d := h.inbox.take(); d != nil {
			n, from := copy(b, d.bytes[:d.n]), d.from
			d.free()
			return n, from, nil
		}
	}
}

// ReadFrom serves callers without AddrPort.
func (h *muxHandle) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := h.ReadFromAddrPort(b)
	if err != nil {
		return 0, nil, err
	}
	if h.local.Network() == "tcp" {
		return n, net.TCPAddrFromAddrPort(from), nil
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// WriteToAddrPort sends a packet.
func (h *muxHandle) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	select {
	case <-h.closed:
		return 0, io.ErrClosedPipe
	default:
		return h.writer.writeTo(b, to)
	}
}

// WriteTo serves callers without AddrPort.
func (h *muxHandle) WriteTo(b []byte, to net.Addr) (int, error) {
	switch addr := to.(type) {
	case *net.UDPAddr:
		return h.WriteToAddrPort(b, addr.AddrPort())
	case *net.TCPAddr:
		return h.WriteToAddrPort(b, addr.AddrPort())
	}
	return 0, net.InvalidAddrError("not a UDP or TCP address")
}

// Close ends the reads of this handle.
func (h *muxHandle) Close() error {
	h.once.Do(func() {
		close(h.closed)
		if h.writer.release() {
			h.inbox.drain()
			return
		}
		h.inbox.end(h)
	})
	return nil
}

// LocalAddr returns the address of the socket.
func (h *muxHandle) LocalAddr() net.Addr { return h.local }

// SetDeadline does nothing: Close ends reads, and writes do not wait.
func (h *muxHandle) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (h *muxHandle) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (h *muxHandle) SetWriteDeadline(time.Time) error { return nil }

var (
	_ net.PacketConn           = (*muxHandle)(nil)
	_ ice.AddrPortReaderWriter = (*muxHandle)(nil)
)
