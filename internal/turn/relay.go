package turn

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

const (
	maxPacket  = 1600  // what pion relays
	relayQueue = 64    // packets of one relay that wait for its client; the kernel queues more, and drops
	firstPort  = 49152 // RFC 8656, section 7.2

	relayBuffer = 1 << 20 // a key frame of a large picture, several times
)

// ports are the relayed ports that are in use. Nobody but the media port can send to one. Shape: mutex.
type ports struct {
	mu   sync.Mutex // guards everything below
	used map[uint16]bool
	next uint16
}

// take reserves a port: the one asked for, or with 0 any.
func (p *ports) take(asked int) (uint16, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if asked != 0 {
		port := uint16(asked)
		if asked < firstPort || asked > 1<<16-1 || p.used[port] {
			return 0, false
		}
		p.used[port] = true
		return port, true
	}
	if len(p.used) >= 1<<16-firstPort {
		return 0, false
	}
	for {
		p.next++
		if p.next < firstPort {
			p.next = firstPort
		}
		if !p.used[p.next] {
			p.used[p.next] = true
			return p.next, true
		}
	}
}

func (p *ports) free(port uint16) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.used, port)
}

// relay is one allocation's way to the media port. It has a connected socket for each media address that its client
// sends to: the kernel lets only the media port answer, and the media port sees the client's paths apart. It implements
// net.PacketConn. Shape: mutex, and a goroutine for each socket.
type relay struct {
	peers   peers
	address *net.UDPAddr
	release func()
	stats   *counters

	in     chan packet
	closed chan struct{}
	wg     sync.WaitGroup

	mu      sync.Mutex // guards everything below
	ended   bool
	sockets map[netip.AddrPort]*net.UDPConn
}

type packet struct {
	bytes *[maxPacket]byte // of buffers
	n     int
	from  *net.UDPAddr
}

var buffers = sync.Pool{New: func() any { return new([maxPacket]byte) }}

func newRelay(p peers, address netip.AddrPort, stats *counters, release func()) *relay {
	return &relay{
		peers: p, address: net.UDPAddrFromAddrPort(address), release: release, stats: stats,
		in: make(chan packet, relayQueue), closed: make(chan struct{}), sockets: map[netip.AddrPort]*net.UDPConn{},
	}
}

var errPeer = errors.New("not a media address of this server")

// WriteTo sends a packet of the client to the media port. It returns errPeer for every other address.
func (r *relay) WriteTo(b []byte, to net.Addr) (int, error) {
	socket, err := r.socket(addrPortOf(to))
	if err != nil {
		return 0, err
	}
	n, err := socket.Write(b)
	if errors.Is(err, syscall.ECONNREFUSED) { // what an earlier packet met: the media port is about to close
		return len(b), nil
	}
	if err == nil {
		r.stats.packetsIn.Add(1)
	}
	return n, err
}

// socket returns the socket for a media address.
func (r *relay) socket(to netip.AddrPort) (*net.UDPConn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return nil, net.ErrClosed
	}
	if s := r.sockets[to]; s != nil {
		return s, nil
	}
	if !r.peers.allows(to) {
		return nil, errPeer
	}
	at, ok := r.peers.media.Local(to.Addr())
	if !ok {
		return nil, errPeer
	}
	s, err := r.dial(at)
	if err != nil {
		return nil, fmt.Errorf("turn: the own media port: %w", err)
	}
	_ = s.SetReadBuffer(relayBuffer) // less still works
	r.sockets[to] = s
	r.wg.Go(func() { r.receive(s, net.UDPAddrFromAddrPort(to)) })
	return s, nil
}

// dial connects a socket to the media port. Where this machine has the relayed address, the socket has it too: the
// media port tells a client the address that it sees (XOR-MAPPED-ADDRESS), and a client that knows it for its relay's
// shows the path as relayed.
func (r *relay) dial(at netip.AddrPort) (*net.UDPConn, error) {
	from := netip.AddrPortFrom(at.Addr(), 0)
	if own := r.address.AddrPort(); own.Addr() == at.Addr() {
		if s, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(own), net.UDPAddrFromAddrPort(at)); err == nil {
			return s, nil
		} // another program has the port
	}
	return net.DialUDP("udp", net.UDPAddrFromAddrPort(from), net.UDPAddrFromAddrPort(at))
}

// receive passes on what the media port sends, as from the address that the client knows it by. It waits for a client
// that takes nothing: then the kernel drops what it has no room for.
func (r *relay) receive(s *net.UDPConn, from *net.UDPAddr) {
	for {
		b := buffers.Get().(*[maxPacket]byte)
		n, err := s.Read(b[:])
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // as in WriteTo
			buffers.Put(b)
			continue
		}
		select {
		case r.in <- packet{b, n, from}:
		case <-r.closed:
			return
		}
	}
}

// ReadFrom implements net.PacketConn.
func (r *relay) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case p := <-r.in:
		n := copy(b, p.bytes[:p.n])
		buffers.Put(p.bytes)
		r.stats.packetsOut.Add(1)
		return n, p.from, nil
	case <-r.closed:
		return 0, nil, net.ErrClosed
	}
}

// Close implements net.PacketConn. It waits for the goroutines of the relay.
func (r *relay) Close() error {
	r.mu.Lock()
	if r.ended {
		r.mu.Unlock()
		return nil
	}
	r.ended = true
	var errs []error
	for _, s := range r.sockets {
		errs = append(errs, s.Close())
	}
	r.mu.Unlock()
	close(r.closed)
	r.wg.Wait()
	r.release()
	return errors.Join(errs...)
}

// LocalAddr returns the relayed address.
func (r *relay) LocalAddr() net.Addr { return r.address }

// SetDeadline and the two below are not used.
func (r *relay) SetDeadline(time.Time) error      { return errors.ErrUnsupported }
func (r *relay) SetReadDeadline(time.Time) error  { return errors.ErrUnsupported }
func (r *relay) SetWriteDeadline(time.Time) error { return errors.ErrUnsupported }
