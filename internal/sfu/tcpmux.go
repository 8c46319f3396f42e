package sfu

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"

	"github.com/klatch/klatch/internal/ratelimit"
)

const (
	// firstRequestTimeout is how long a TCP connection may take to prove its password. Clients send their first request as
	// soon as the connection is open.
	firstRequestTimeout = 5 * time.Second
	// maxFirstRequest bounds that request; browsers send about 100 bytes.
	maxFirstRequest = 512
	// maxPending bounds the TCP connections that have not proved a password, and maxPendingPerAddress those of one
	// address. Past it the oldest is closed: a client proves its password within a round trip, whoever waits for longer
	// does not.
	maxPending           = 512
	maxPendingPerAddress = 128
	// maxSocketsPerConn bounds the TCP connections of one ICE agent: a client has one for each of its networks.
	maxSocketsPerConn = 16
	// tcpWriteBuffer is what may wait for one slow client, in bytes. When it is full its packets are dropped; nobody else
	// waits.
	tcpWriteBuffer = 1 << 20
	// keptWriteBuffer is how much of it an idle connection keeps.
	keptWriteBuffer = 64 << 10
	// acceptRetry is the pause after a connection could not be accepted, for want of a file descriptor.
	acceptRetry = 10 * time.Millisecond
)

// tcpMux delivers the packets of the one TCP port to the ICE agents of all connections (RFC 6544, with the framing of
// RFC 4571). Unlike pion's it keeps nothing of a TCP connection before its first message has proved the password of the
// ICE agent that it names; how many may be about to prove it is bounded, and so is what waits to be read or written.
// Shape: mutex; one goroutine accepts, and each TCP connection has one that reads and one that writes.
type tcpMux struct {
	listener net.Listener
	timeout  time.Duration  // firstRequestTimeout, except in tests
	done     chan struct{}  // closed by Close
	wg       sync.WaitGroup // all goroutines

	refused  atomic.Uint64 // TCP connections and STUN requests without proof of the password, or above a limit
	overflow atomic.Uint64 // packets dropped because a queue was full
	dropped  atomic.Uint64 // packets dropped because their receiver was slow

	mu      sync.Mutex // guards everything below
	closed  bool
	conns   map[muxKey]*tcpConn
	sockets map[*tcpSocket]struct{}
	pending ratelimit.Queue[*tcpSocket] // that have not proved a password
}

func newTCPMux(listener net.Listener) *tcpMux {
	m := &tcpMux{
		listener: listener, timeout: firstRequestTimeout, done: make(chan struct{}),
		conns: map[muxKey]*tcpConn{}, sockets: map[*tcpSocket]struct{}{},
	}
	m.wg.Go(m.accept)
	return m
}

var _ ice.TCPMux = (*tcpMux)(nil)

// LocalAddr returns the address listened on. pion advertises no other address than this, unless it is unspecified.
func (m *tcpMux) LocalAddr() net.Addr { return m.listener.Addr() }

// GetConnByUfrag returns a handle of a connection without a transport.
func (m *tcpMux) GetConnByUfrag(ufrag string, v6 bool, local net.IP) (net.PacketConn, error) {
	return m.getConn(ufrag, v6, local, nil)
}

// getConn returns a handle of the connection of a local ufrag; the connection ends when all its handles are closed.
func (m *tcpMux) getConn(ufrag string, v6 bool, local net.IP, t *rtpTransport) (net.PacketConn, error) {
	addr, ok := m.listener.Addr().(*net.TCPAddr)
	if !ok {
		return nil, net.InvalidAddrError("not a TCP address")
	}
	key := muxKey{ufrag, v6}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, net.ErrClosed
	}
	c := m.conns[key]
	if c == nil {
		c = &tcpConn{mux: m, key: key, inbox: newInbox(&m.overflow), transport: t}
		m.conns[key] = c
	}
	c.handles++
	return newMuxHandle(c.inbox, c, &net.TCPAddr{IP: local, Port: addr.Port}), nil
}

// RemoveConnByUfrag closes the TCP connections of a ufrag. Its handles stay, and receive nothing any more.
func (m *tcpMux) RemoveConnByUfrag(ufrag string) {
	m.mu.Lock()
	var removed []*tcpConn
	for _, v6 := range []bool{false, true} {
		if c := m.conns[muxKey{ufrag, v6}]; c != nil {
			delete(m.conns, c.key)
			removed = append(removed, c)
		}
	}
	m.mu.Unlock()
	for _, c := range removed {
		c.close()
	}
}

// allow sets the password that requests to a ufrag must prove. Before that, none is taken.
func (m *tcpMux) allow(ufrag, password string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v6 := range []bool{false, true} {
		if c := m.conns[muxKey{ufrag, v6}]; c != nil {
			c.password = password
		}
	}
}

// Close closes the port and all TCP connections, and waits for their goroutines.
func (m *tcpMux) Close() error {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return nil
	}
	m.closed = true
	close(m.done)
	sockets := m.sockets
	m.sockets = map[*tcpSocket]struct{}{}
	m.mu.Unlock()
	err := m.listener.Close()
	for s := range sockets {
		s.close()
	}
	m.wg.Wait()
	return err
}

// accept takes connections until the port is closed.
func (m *tcpMux) accept() {
	for {
		conn, err := m.listener.Accept()
		if err == nil {
			m.open(conn)
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
		m.closeOldest() // for its file descriptor, if that is what was missing
		select {
		case <-m.done:
			return
		case <-time.After(acceptRetry):
		}
	}
}

// open starts to read a new connection, and closes the one that has waited longest when there are too many.
func (m *tcpMux) open(conn net.Conn) {
	remote, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		_ = conn.Close()
		return
	}
	from := remote.AddrPort()
	s := &tcpSocket{mux: m, conn: conn, from: netip.AddrPortFrom(from.Addr().Unmap(), from.Port()),
		wake: make(chan struct{}, 1), done: make(chan struct{})}
	s.network = ratelimit.Network(s.from.Addr())
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		_ = conn.Close()
		return
	}
	m.sockets[s] = struct{}{}
	m.pending.Add(s.network, s)
	victim, tooMany := m.pending.PastBound(s.network, maxPendingPerAddress, maxPending)
	if tooMany { // now, not when its reader ends: many may come before that
		m.pending.Remove(victim)
	}
	m.wg.Go(s.run)
	m.mu.Unlock()
	if tooMany {
		m.refused.Add(1)
		victim.close()
	}
}

// closeOldest closes the connection that has waited longest to prove a password.
func (m *tcpMux) closeOldest() {
	m.mu.Lock()
	victim, ok := m.pending.Oldest()
	if ok {
		m.pending.Remove(victim)
	}
	m.mu.Unlock()
	if ok {
		m.refused.Add(1)
		victim.close()
	}
}

// admit returns the connection whose password the first message of a socket proves, and that proof.
func (m *tcpMux) admit(s *tcpSocket, packet []byte) (*tcpConn, *proof) {
	if !isSTUN(packet) {
		return nil, nil
	}
	r, ok := parseRequest(packet)
	if !ok {
		return nil, nil
	}
	m.mu.Lock()
	c := m.conns[muxKey{string(r.ufrag), s.from.Addr().Is6()}]
	password := ""
	if c != nil {
		password = c.password
	}
	m.mu.Unlock()
	if password == "" {
		return nil, nil
	}
	p := newProof(password)
	if !p.holds(packet, r) {
		return nil, nil
	}
	m.mu.Lock()
	m.pending.Remove(s)
	m.mu.Unlock()
	return c, p
}

// forget removes a socket that is closed.
func (m *tcpMux) forget(s *tcpSocket) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pending.Remove(s)
	delete(m.sockets, s)
}

// tcpConn is the TCP connections of one ICE agent over one address family.
type tcpConn struct {
	mux       *tcpMux
	key       muxKey
	inbox     *inbox
	transport *rtpTransport // nil: all packets are the agent's

	// Guarded by mux.mu.
	password string
	handles  int

	mu      sync.RWMutex // guards everything below
	closed  bool
	sockets []*tcpSocket // oldest first
}

// add makes a socket one of the connection, in place of the oldest when there are too many. It reports whether the
// connection is still open.
func (c *tcpConn) add(s *tcpSocket) bool {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return false
	}
	var victim *tcpSocket
	if len(c.sockets) == maxSocketsPerConn {
		victim = c.sockets[0]
		c.sockets = slices.Delete(c.sockets, 0, 1)
	}
	c.sockets = append(c.sockets, s)
	c.mu.Unlock()
	if victim != nil {
		victim.close()
	}
	return true
}

func (c *tcpConn) remove(s *tcpSocket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.sockets, s); i >= 0 {
		c.sockets = slices.Delete(c.sockets, i, i+1)
	}
}

// connOf returns the connection of a transport that has a socket to that address, nil when there is none.
func (m *tcpMux) connOf(t *rtpTransport, to netip.AddrPort) *tcpConn {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.conns {
		if c.transport == t && c.has(to) {
			return c
		}
	}
	return nil
}

// has reports whether the connection has a socket to that address.
func (c *tcpConn) has(to netip.AddrPort) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.ContainsFunc(c.sockets, func(s *tcpSocket) bool { return s.from == to })
}

// writeTo implements packetWriter.
func (c *tcpConn) writeTo(b []byte, to netip.AddrPort) (int, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, s := range c.sockets {
		if s.from == to {
			n, err := s.write(b)
			if err == nil {
				c.transport.answered(b, c, c.key.ufrag, to)
			}
			return n, err
		}
	}
	return 0, io.ErrClosedPipe
}

// release implements packetWriter.
func (c *tcpConn) release() (last bool) {
	c.mux.mu.Lock()
	c.handles--
	last = c.handles == 0
	if last && c.mux.conns[c.key] == c {
		delete(c.mux.conns, c.key)
	}
	c.mux.mu.Unlock()
	if last {
		c.close()
	}
	return last
}

// close closes the sockets, and those that come later.
func (c *tcpConn) close() {
	c.mu.Lock()
	sockets := c.sockets
	c.sockets, c.closed = nil, true
	c.mu.Unlock()
	for _, s := range sockets {
		s.close()
	}
}

// tcpSocket is one TCP connection.
type tcpSocket struct {
	mux     *tcpMux
	conn    net.Conn
	from    netip.AddrPort
	network netip.Prefix // what from counts as

	wake chan struct{} // one token: frames may wait
	done chan struct{} // closed by close
	once sync.Once

	mu      sync.Mutex // guards everything below
	frames  []byte     // that wait to be written
	writing int        // bytes that are being written
}

// run reads a connection until it ends: first the request that proves a password, then packets.
func (s *tcpSocket) run() {
	defer s.mux.forget(s)
	defer s.close()
	d := newDatagram()
	defer func() { d.free() }()
	_ = s.conn.SetReadDeadline(time.Now().Add(s.mux.timeout)) // a failure shows when it is read
	if !s.read(s.conn, d, maxFirstRequest) {
		s.mux.refused.Add(1)
		return
	}
	c, p := s.mux.admit(s, d.bytes[:d.n])
	if c == nil || !c.add(s) {
		s.mux.refused.Add(1)
		return
	}
	defer c.remove(s)
	_ = s.conn.SetReadDeadline(time.Time{})
	s.mux.wg.Go(s.writeFrames)

	var requests bucket
	in := bufio.NewReaderSize(s.conn, 2*maxDatagram)
	for first := true; first || s.read(in, d, maxDatagram); first = false {
		if packet := d.bytes[:d.n]; isSTUN(packet) {
			r, ok := parseRequest(packet)
			if !ok || string(r.ufrag) != c.key.ufrag || !p.holds(packet, r) ||
				!requests.take(time.Now(), requestsPerSecond, requestsBurst) {
				if !isSuccess(packet) { // the answer to our check
					s.mux.refused.Add(1)
				}
				continue
			}
		}
		if c.transport != nil && c.transport.receiveFromTCP(d.bytes[:d.n]) {
			continue
		}
		if c.inbox.put(d) {
			d = newDatagram()
		}
	}
}

// read reads the next frame: two bytes of length and a packet (RFC 4571, section 2). It reports whether there is one of
// at most that many bytes; after one that is longer the rest of the connection has no meaning.
func (s *tcpSocket) read(in io.Reader, d *datagram, most int) bool {
	if _, err := io.ReadFull(in, d.bytes[:2]); err != nil {
		return false
	}
	length := int(binary.BigEndian.Uint16(d.bytes[:2]))
	if length > most {
		return false
	}
	_, err := io.ReadFull(in, d.bytes[:length])
	d.n, d.from = length, s.from
	return err == nil
}

// write queues a packet, or drops it when too much waits. It does not wait.
func (s *tcpSocket) write(b []byte) (int, error) {
	if len(b) > 0xffff {
		return 0, io.ErrShortWrite
	}
	s.mu.Lock()
	if len(s.frames)+s.writing+2+len(b) > tcpWriteBuffer {
		s.mu.Unlock()
		s.mux.dropped.Add(1)
		return len(b), nil
	}
	s.frames = binary.BigEndian.AppendUint16(s.frames, uint16(len(b)))
	s.frames = append(s.frames, b...)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // a token is there already
	}
	return len(b), nil
}

// writeFrames writes what waits until the connection is closed.
func (s *tcpSocket) writeFrames() {
	var written []byte
	for {
		select {
		case <-s.done:
			return
		case <-s.wake:
		}
		s.mu.Lock()
		frames := s.frames
		s.frames, s.writing = written[:0], len(frames)
		s.mu.Unlock()
		_, err := s.conn.Write(frames)
		if err != nil {
			s.close()
			return
		}
		if written = frames; cap(written) > keptWriteBuffer {
			written = nil
		}
		s.mu.Lock()
		s.writing = 0
		s.mu.Unlock()
	}
}

// close ends the connection and the goroutines that read and write it.
func (s *tcpSocket) close() {
	s.once.Do(func() {
		close(s.done)
		_ = s.conn.Close() // nothing that was written must still arrive
	})
}
