package sfu

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"

	"github.com/klatch/klatch/internal/sfu/socket"
)

// udpMux delivers the packets of the one UDP port to the ICE agents of all connections. Unlike pion's it checks
// before it queues: a STUN request that does not prove the password of the connection that it names is dropped, and the
// queue of each connection is bounded. A flood therefore costs its sender's own connection packets, and nobody memory.
// Shape: mutex, and the goroutines that read the sockets of the port.
type udpMux struct {
	conn  *socket.Conn
	hosts func() []net.IP     // announced, or public ones stand for them
	local map[netip.Addr]bool // set: packets from other addresses are dropped, see Options.LocalOnly
	done  chan struct{}       // closed when the readers have ended

	refused  atomic.Uint64 // STUN requests without proof of the password, or above the rate limit
	overflow atomic.Uint64 // packets dropped because a queue was full

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

func newUDPMux(conn *socket.Conn, hosts func() []net.IP, local map[netip.Addr]bool) *udpMux {
	m := &udpMux{
		conn: conn, hosts: hosts, local: local, done: make(chan struct{}),
		conns: map[muxKey]*muxConn{}, byAddr: map[netip.AddrPort]*muxConn{},
	}
	go func() {
		defer close(m.done)
		conn.Serve(m.receive)
	}()
	return m
}

// GetListenAddresses returns the addresses to advertise.
func (m *udpMux) GetListenAddresses() []net.Addr {
	hosts, port := m.hosts(), m.conn.LocalAddr().Port
	addrs := make([]net.Addr, len(hosts))
	for i, ip := range hosts {
		addrs[i] = &net.UDPAddr{IP: ip, Port: port}
	}
	return addrs
}

// GetConn returns a handle of a connection without a transport.
func (m *udpMux) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	return m.getConn(ufrag, addr, nil)
}

// getConn returns a handle of the connection of a local ufrag; the connection ends when all its handles are closed.
func (m *udpMux) getConn(ufrag string, addr net.Addr, t *rtpTransport) (net.PacketConn, error) {
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
		c = &muxConn{mux: m, key: key, inbox: newInbox(&m.overflow), transport: t}
		m.conns[key] = c
	}
	c.handles++
	return newMuxHandle(c.inbox, c, m.conn.LocalAddr()), nil
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

// Close closes the port and waits for the readers.
func (m *udpMux) Close() error {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	err := m.conn.Close()
	<-m.done
	return err
}

// receive takes one packet of the port, whose bytes are the caller's again when it returns.
func (m *udpMux) receive(packet []byte, from netip.AddrPort) {
	if m.local != nil && !isLocal(from.Addr(), m.local) {
		return
	}
	c := m.route(packet, from, time.Now())
	if c == nil || c.transport != nil && c.transport.receive(packet) {
		return
	}
	d := newDatagram()
	d.n, d.from = copy(d.bytes[:], packet), from
	if !c.inbox.put(d) {
		d.free()
	}
}

// route finds the connection of a packet, nil for nobody's. A STUN request goes to the connection whose password it
// proves, and its source becomes an address of that connection; everything else goes by its source.
func (m *udpMux) route(packet []byte, from netip.AddrPort, now time.Time) *muxConn {
	if !isSTUN(packet) {
		m.mu.RLock()
		defer m.mu.RUnlock()
		return m.byAddr[from]
	}
	r, ok := parseRequest(packet)
	if !ok {
		if !isSuccess(packet) { // the server asks once, and needs no answer
			m.refused.Add(1)
		}
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
	if p == nil || !c.accepts(p, packet, r, now) {
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

// muxConn is one connection over UDP and one address family.
type muxConn struct {
	mux       *udpMux
	key       muxKey
	inbox     *inbox
	transport *rtpTransport // nil: all packets are the agent's

	checking sync.Mutex // guards the content of proof, and requests
	requests bucket

	// Guarded by mux.mu.
	proof   *proof
	handles int
	addrs   []netip.AddrPort
}

// accepts reports whether a request proves the password, and is not one of too many.
func (c *muxConn) accepts(p *proof, packet []byte, r request, now time.Time) bool {
	c.checking.Lock()
	defer c.checking.Unlock()
	return p.holds(packet, r) && c.requests.take(now, requestsPerSecond, requestsBurst)
}

// writeTo implements packetWriter.
func (c *muxConn) writeTo(b []byte, to netip.AddrPort) (int, error) {
	n, err := c.mux.conn.WriteTo(b, to)
	if err == nil {
		c.transport.answered(b, c, c.key.ufrag, to)
	}
	return n, err
}

// release implements packetWriter.
func (c *muxConn) release() (last bool) {
	c.mux.mu.Lock()
	defer c.mux.mu.Unlock()
	c.handles--
	if c.handles > 0 {
		return false
	}
	c.mux.forgetLocked(c)
	return true
}
