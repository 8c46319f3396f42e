package sfu

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
)

// udpMux gives the ICE agents of all connections their packets from the one UDP socket. Unlike pion's it looks before it
// queues: a STUN request that does not prove the password of the connection that it names is dropped, and what waits
// for a connection is bounded, so that a flood costs its sender's own connection packets and nobody memory.
// Shape: mutex, and one goroutine that reads the socket.
type udpMux struct {
	conn  *udpConn
	hosts []net.IP // advertised
	port  int
	done  chan struct{} // closed when the reader has ended
	pool  sync.Pool     // of *datagram

	refused  atomic.Uint64 // STUN requests that proved nothing, or came too often
	overflow atomic.Uint64 // packets that found their queue full

	mu     sync.RWMutex // guards everything below
	closed bool
	conns  map[muxKey]*muxConn
	byAddr map[netip.AddrPort]*muxConn // addresses from which a request has been proved
}

// muxKey names a connection: an agent has one for each address family.
type muxKey struct {
	ufrag string
	v6    bool
}

// maxDatagram is above every MTU of a path that browsers use; they send at most 1,200 bytes or so.
const maxDatagram = 2048

// datagram is a packet with its source.
type datagram struct {
	bytes [maxDatagram]byte
	n     int
	from  netip.AddrPort
}

func newUDPMux(conn *udpConn, hosts []net.IP) *udpMux {
	m := &udpMux{
		conn: conn, hosts: hosts, port: conn.LocalAddr().(*net.UDPAddr).Port, done: make(chan struct{}),
		pool:  sync.Pool{New: func() any { return new(datagram) }},
		conns: map[muxKey]*muxConn{}, byAddr: map[netip.AddrPort]*muxConn{},
	}
	go m.run()
	return m
}

// GetListenAddresses returns the addresses to advertise.
func (m *udpMux) GetListenAddresses() []net.Addr {
	addrs := make([]net.Addr, len(m.hosts))
	for i, ip := range m.hosts {
		addrs[i] = &net.UDPAddr{IP: ip, Port: m.port}
	}
	return addrs
}

// GetConn returns a handle of the connection of a local ufrag; the connection ends when all its handles are closed.
func (m *udpMux) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	udp, ok := addr.(*net.UDPAddr)
	if !ok {
		return nil, net.InvalidAddrError("not a UDP address")
	}
	key := muxKey{ufrag, udp.IP.To4() == nil}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, net.ErrClosed
	}
	c := m.conns[key]
	if c == nil {
		c = &muxConn{mux: m, key: key, notify: make(chan struct{}, 1)}
		m.conns[key] = c
	}
	c.handles++
	return &muxHandle{conn: c, closed: make(chan struct{})}, nil
}

// RemoveConnByUfrag forgets the connections of a ufrag. Their handles stay, and get nothing any more.
func (m *udpMux) RemoveConnByUfrag(ufrag string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v6 := range []bool{false, true} {
		if c := m.conns[muxKey{ufrag, v6}]; c != nil {
			m.forgetLocked(c)
		}
	}
}

func (m *udpMux) forgetLocked(c *muxConn) {
	if m.conns[c.key] == c {
		delete(m.conns, c.key)
	}
	for _, addr := range c.addrs {
		if m.byAddr[addr] == c {
			delete(m.byAddr, addr)
		}
	}
	c.addrs = nil
}

// allow sets the password that requests to a ufrag must prove. Before, none is taken.
func (m *udpMux) allow(ufrag, password string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v6 := range []bool{false, true} {
		if c := m.conns[muxKey{ufrag, v6}]; c != nil && c.proof == nil {
			c.proof = newProof(password)
		}
	}
}

// Close closes the socket and waits for the reader.
func (m *udpMux) Close() error {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	err := m.conn.Close()
	<-m.done
	return err
}

// run reads the socket until it is closed.
func (m *udpMux) run() {
	defer close(m.done)
	d := m.pool.Get().(*datagram)
	for {
		n, from, err := m.conn.ReadFromAddrPort(d.bytes[:])
		if err != nil {
			return // closed: transient errors do not come here
		}
		d.n, d.from = n, from
		if c := m.route(d, time.Now()); c != nil && c.put(d) {
			d = m.pool.Get().(*datagram)
		}
	}
}

// route finds the connection of a packet, nil for nobody's. A STUN request goes to the connection whose password it
// proves, and its source becomes an address of that connection; everything else goes by its source.
func (m *udpMux) route(d *datagram, now time.Time) *muxConn {
	from := netip.AddrPortFrom(d.from.Addr().Unmap(), d.from.Port())
	packet := d.bytes[:d.n]
	if !isSTUN(packet) {
		m.mu.RLock()
		defer m.mu.RUnlock()
		return m.byAddr[from]
	}
	r, ok := parseRequest(packet)
	if !ok {
		m.refused.Add(1) // the server asks nothing, so nothing else is expected
		return nil
	}
	m.mu.RLock()
	c := m.conns[muxKey{string(r.ufrag), from.Addr().Is6()}]
	var p *proof
	known := false
	if c != nil {
		p, known = c.proof, m.byAddr[from] == c
	}
	m.mu.RUnlock()
	// The proof comes first: what others send does not count against a client.
	if p == nil || !p.holds(packet, r) || !c.requests.take(now, requestsPerSecond, requestsBurst) {
		m.refused.Add(1)
		return nil
	}
	if !known {
		m.bind(c, from)
	}
	return c
}

// maxAddrs bounds the addresses of a connection: a client has one for each of its networks, and new ones when it moves.
const maxAddrs = 64

func (m *udpMux) bind(c *muxConn, from netip.AddrPort) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.conns[c.key] != c {
		return // forgotten meanwhile
	}
	if len(c.addrs) == maxAddrs { // the oldest is the one that the client has left
		if m.byAddr[c.addrs[0]] == c {
			delete(m.byAddr, c.addrs[0])
		}
		c.addrs = append(c.addrs[:0], c.addrs[1:]...)
	}
	c.addrs = append(c.addrs, from)
	m.byAddr[from] = c
}

var _ ice.UDPMux = (*udpMux)(nil)

// maxWaiting bounds the packets that wait for a connection; more are dropped. The agent only hands them on, so that
// more than a few wait only when the machine is overloaded or the sender floods.
const maxWaiting = 512

// muxConn is the packets for one connection over one address family.
type muxConn struct {
	mux      *udpMux
	key      muxKey
	notify   chan struct{} // one token: packets may wait
	requests bucket        // of the reader alone

	// Guarded by mux.mu.
	proof   *proof // used by the reader alone
	handles int
	addrs   []netip.AddrPort

	mu      sync.Mutex // guards everything below
	waiting []*datagram
	first   int // of waiting that has not been taken
}

// put queues a packet and reports whether it is taken.
func (c *muxConn) put(d *datagram) bool {
	c.mu.Lock()
	if len(c.waiting)-c.first >= maxWaiting {
		c.mu.Unlock()
		c.mux.overflow.Add(1)
		return false
	}
	if c.first > 0 && len(c.waiting) == cap(c.waiting) { // make room at the front rather than grow
		n := copy(c.waiting, c.waiting[c.first:])
		clear(c.waiting[n:])
		c.waiting, c.first = c.waiting[:n], 0
	}
	c.waiting = append(c.waiting, d)
	c.mu.Unlock()
	c.wake()
	return true
}

func (c *muxConn) wake() {
	select {
	case c.notify <- struct{}{}:
	default: // a token is there already
	}
}

// take removes the oldest packet, nil when none waits.
func (c *muxConn) take() *datagram {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first == len(c.waiting) {
		return nil
	}
	d := c.waiting[c.first]
	c.waiting[c.first] = nil
	c.first++
	if c.first == len(c.waiting) {
		c.waiting, c.first = c.waiting[:0], 0
	} else {
		c.wake() // another handle may wait
	}
	return d
}

// muxHandle is one candidate's view of a connection. Closing it ends its reads and nobody else's.
type muxHandle struct {
	conn   *muxConn
	closed chan struct{}
	once   sync.Once
}

// ReadFromAddrPort waits for a packet.
func (h *muxHandle) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		select {
		case <-h.closed:
			return 0, netip.AddrPort{}, io.EOF
		case <-h.conn.notify:
		}
		if d := h.conn.take(); d != nil {
			n, from := copy(b, d.bytes[:d.n]), d.from
			h.conn.mux.pool.Put(d)
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
	return n, net.UDPAddrFromAddrPort(from), nil
}

// WriteToAddrPort sends a packet.
func (h *muxHandle) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	select {
	case <-h.closed:
		return 0, io.ErrClosedPipe
	default:
		return h.conn.mux.conn.WriteToAddrPort(b, to)
	}
}

// WriteTo serves callers without AddrPort.
func (h *muxHandle) WriteTo(b []byte, to net.Addr) (int, error) {
	addr, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, net.InvalidAddrError("not a UDP address")
	}
	return h.WriteToAddrPort(b, addr.AddrPort())
}

// Close ends the reads of this handle.
func (h *muxHandle) Close() error {
	h.once.Do(func() {
		close(h.closed)
		c := h.conn
		m := c.mux
		m.mu.Lock()
		c.handles--
		last := c.handles == 0
		if last {
			m.forgetLocked(c)
		}
		m.mu.Unlock()
		if last {
			for d := c.take(); d != nil; d = c.take() {
				m.pool.Put(d)
			}
			return
		}
		c.wake() // this handle may have taken the token of another
	})
	return nil
}

// LocalAddr returns the address of the socket.
func (h *muxHandle) LocalAddr() net.Addr { return h.conn.mux.conn.LocalAddr() }

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
