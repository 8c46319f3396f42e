// Package turn is the TURN server (RFC 8656) of Klatch: for clients whose network lets neither UDP nor the media port
// through. It speaks UDP and TCP on a port of its own, and takes over connections of the HTTPS port whose first bytes
// are those of STUN. pion/turn speaks the protocol; this package decides who may use it, for what, and how much of it.
//
// Credentials are made for a participant when it joins, and expire. A relay leads to the UDP port for media of this
// server and to no other address: it is no socket that anybody could reach, only a connected one to that port for each
// of its addresses. What comes before credentials are proved is bounded per address, and so is what may be held after.
//
// A packet takes two system calls more than one that comes without TURN: the relay and the media port are both in this
// process, and the kernel carries packets between them over loopback. docs/network.md has what that costs.
package turn

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/logging"
	pion "github.com/pion/turn/v5"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

// Options of New.
type Options struct {
	Address     string // host:port for UDP and TCP; "": only connections that Serve is given
	Credentials *Credentials
	Media       Media
	Limits      Limits
	Limiter     *ratelimit.Limiter // of requests by who has no relay
	// Report takes faults of clients, each incident once. It must not block.
	Report func(*fault.Error)

	now func() time.Time // nil: time.Now
}

// ListenError reports which address could not be listened on, and why.
type ListenError struct {
	Network string // "udp" or "tcp"
	Address string
	Err     error
}

func (e *ListenError) Error() string {
	return fmt.Sprintf("turn: listen on %s %s: %v", e.Network, e.Address, e.Err)
}

// Unwrap returns the cause.
func (e *ListenError) Unwrap() error { return e.Err }

// counters count since the start.
type counters struct {
	relays        atomic.Uint64
	packetsIn     atomic.Uint64
	packetsOut    atomic.Uint64
	refusedPeers  atomic.Uint64
	unauthorized  atomic.Uint64
	overRate      atomic.Uint64
	overQuota     atomic.Uint64
	closedPending atomic.Uint64
}

// Stats are what a Server has counted.
type Stats struct {
	Relays        int    // that exist
	RelaysMade    uint64 // the rest since the start
	PacketsIn     uint64 // of clients, to the media port
	PacketsOut    uint64 // to clients
	RefusedPeers  uint64 // addresses that are not for media, to which a relay was asked for
	Unauthorized  uint64 // requests with credentials that do not hold
	OverRate      uint64 // requests that were not answered: see Options.Limiter
	OverQuota     uint64 // relays that were refused: see Options.Limits
	ClosedPending uint64 // connections closed because too many had no relay
}

// tuple names a client's way to the server.
type tuple struct {
	client, server netip.AddrPort
	udp            bool
}

func tupleOf(client, server net.Addr) tuple {
	_, udp := client.(*net.UDPAddr)
	return tuple{client: addrPortOf(client), server: addrPortOf(server), udp: udp}
}

// Server is a TURN server. It is safe for concurrent use. Shape: mutex, and the goroutines of pion.
type Server struct {
	guard     *guard
	peers     peers
	quota     *quota
	ports     ports
	stats     counters
	incidents *incidents
	udp       *net.UDPConn
	tcp       net.Listener
	streams   *streams
	pion      *pion.Server
	wg        sync.WaitGroup // accepting

	mu      sync.RWMutex // guards everything below
	closed  bool
	holders map[tuple]*Identity // whose relay it is
	byTuple map[tuple]*stream
}

// New opens the port and serves. An address that cannot be listened on returns a *ListenError.
func New(opts Options) (*Server, error) {
	if opts.now == nil {
		opts.now = time.Now
	}
	s := &Server{
		peers: peers{opts.Media}, incidents: newIncidents(opts.Report), ports: ports{used: map[uint16]bool{}},
		holders: map[tuple]*Identity{}, byTuple: map[tuple]*stream{},
	}
	s.quota = &quota{
		limits: opts.Limits, incidents: s.incidents,
		byNetwork: map[netip.Prefix]int{}, byParticipant: map[Identity]int{},
	}
	s.guard = &guard{
		credentials: opts.Credentials, peers: s.peers, limiter: opts.Limiter, incidents: s.incidents, stats: &s.stats,
		now: opts.now,
	}
	if err := s.listen(opts.Address); err != nil {
		return nil, err
	}
	var address net.Addr = &net.TCPAddr{}
	if s.tcp != nil {
		address = s.tcp.Addr()
	}
	s.streams = newStreams(s, address)
	_, both := s.peers.host(true)
	config := pion.ServerConfig{
		ListenerConfigs: []pion.ListenerConfig{{
			Listener: s.streams, RelayAddressGenerator: s, PermissionHandler: s.permits,
		}},
		LoggerFactory: quiet{},
		Realm:         Realm,
		AuthHandler:   s.guard.authenticate,
		QuotaHandler:  s.mayAllocate,
		EventHandler: pion.EventHandler{
			OnAllocationCreated: s.allocated,
			OnAllocationDeleted: s.deleted,
		},
		StrictAddressFamily: !both,
	}
	if s.udp != nil {
		config.PacketConnConfigs = []pion.PacketConnConfig{{
			PacketConn:            &datagrams{s.udp, s, addrPortOf(s.udp.LocalAddr())},
			RelayAddressGenerator: s, PermissionHandler: s.permits,
		}}
	}
	var err error
	if s.pion, err = pion.NewServer(config); err != nil {
		s.closePorts()
		return nil, fmt.Errorf("turn: %w", err)
	}
	if s.tcp != nil {
		s.wg.Go(s.accept)
	}
	return s, nil
}

// listen opens the port, for both protocols.
func (s *Server) listen(address string) error {
	if address == "" {
		return nil
	}
	host, port, _ := net.SplitHostPort(address)
	for attempt := 0; ; attempt++ {
		var err error
		if s.udp, err = listenUDP(address); err != nil {
			return &ListenError{"udp", address, cause(err)}
		}
		at := address
		if port == "0" { // TCP takes the port that UDP has
			at = net.JoinHostPort(host, strconv.Itoa(s.Port()))
		}
		if s.tcp, err = net.Listen("tcp", at); err == nil {
			return nil
		}
		_ = s.udp.Close()
		s.udp = nil
		if port != "0" || attempt == 20 { // somebody else may have that port over TCP
			return &ListenError{"tcp", at, cause(err)}
		}
	}
}

// cause strips what a ListenError says itself.
func cause(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

// Port returns the port that is listened on; 0 without one.
func (s *Server) Port() int {
	if s.udp == nil {
		return 0
	}
	return s.udp.LocalAddr().(*net.UDPAddr).Port
}

// Serve takes over a connection, which ends with the server. Its addresses must be those of TCP.
func (s *Server) Serve(conn net.Conn) { s.streams.add(conn) }

func (s *Server) accept() {
	for {
		conn, err := s.tcp.Accept()
		switch {
		case err == nil:
			s.streams.add(conn)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			time.Sleep(10 * time.Millisecond) // no descriptor is left
		}
	}
}

// Close ends all relays and connections, and waits for the goroutines of this package.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	_ = s.pion.Close() // the ports, which nobody writes to any more
	if s.tcp != nil {
		_ = s.tcp.Close()
	}
	s.wg.Wait()
}

func (s *Server) closePorts() {
	if s.udp != nil {
		_ = s.udp.Close()
		_ = s.tcp.Close()
	}
}

func (s *Server) isClosed() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.closed
}

// Stats returns what has been counted so far.
func (s *Server) Stats() Stats {
	s.quota.mu.Lock()
	relays := s.quota.all
	s.quota.mu.Unlock()
	c := &s.stats
	return Stats{
		Relays: relays, RelaysMade: c.relays.Load(), PacketsIn: c.packetsIn.Load(), PacketsOut: c.packetsOut.Load(),
		RefusedPeers: c.refusedPeers.Load(), Unauthorized: c.unauthorized.Load(), OverRate: c.overRate.Load(),
		OverQuota: c.overQuota.Load(), ClosedPending: c.closedPending.Load(),
	}
}

// holder returns whose relay a client has; nil without one.
func (s *Server) holder(of tuple) *Identity {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.holders[of]
}

func (s *Server) register(c *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byTuple[c.tuple] = c
}

func (s *Server) unregister(c *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byTuple[c.tuple] == c {
		delete(s.byTuple, c.tuple)
	}
}

// mayAllocate is pion's turn.QuotaHandler: a refusal is 486.
func (s *Server) mayAllocate(user, _ string, _ net.Addr) bool {
	of, at := s.identityOf(user)
	full := s.quota.isFull(of, at)
	if full {
		s.stats.overQuota.Add(1)
	}
	return !full
}

// identityOf returns who pion's user is. Credentials that have expired since are as good.
func (s *Server) identityOf(user string) (of Identity, at netip.Addr) {
	at, username := splitUser(user)
	of, _ = s.guard.credentials.identify(username, s.guard.now())
	return of, at
}

// permits is pion's turn.PermissionHandler. The guard has judged before.
func (s *Server) permits(_ net.Addr, peer net.IP) bool {
	addr, ok := netip.AddrFromSlice(peer)
	return ok && s.peers.allowsHost(addr.Unmap())
}

// allocated and deleted are called by pion.
func (s *Server) allocated(client, server net.Addr, _, user, _ string, _ net.Addr, _ int) {
	s.stats.relays.Add(1)
	of, _ := s.identityOf(user)
	s.holderChanged(tupleOf(client, server), &of, 1)
}

func (s *Server) deleted(client, server net.Addr, _, _, _ string) {
	s.holderChanged(tupleOf(client, server), nil, -1)
}

func (s *Server) holderChanged(at tuple, of *Identity, by int) {
	s.mu.Lock()
	if of == nil {
		delete(s.holders, at)
	} else {
		s.holders[at] = of
	}
	c := s.byTuple[at]
	s.mu.Unlock()
	if c != nil {
		s.streams.relayChanged(c, by)
	}
}

// Validate implements pion's turn.RelayAddressGenerator.
func (s *Server) Validate() error { return nil }

var (
	errFamily = errors.New("turn: media has no address of that family")
	errPort   = errors.New("turn: no port is free")
	errTCP    = errors.New("turn: no relays over TCP (RFC 6062)")
)

// AllocatePacketConn implements pion's turn.RelayAddressGenerator.
func (s *Server) AllocatePacketConn(conf pion.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	host, ok := s.peers.host(conf.Network == "udp6")
	if !ok {
		return nil, nil, errFamily
	}
	free := func() {}
	if conf.UserID != "" { // pion looks for an even port without one
		of, at := s.identityOf(conf.UserID)
		var err error
		if free, err = s.quota.take(of, at); err != nil {
			s.stats.overQuota.Add(1)
			return nil, nil, err
		}
	}
	port, ok := s.ports.take(conf.RequestedPort)
	if !ok {
		free()
		return nil, nil, errPort
	}
	r := newRelay(s.peers, netip.AddrPortFrom(host, port), &s.stats, func() {
		s.ports.free(port)
		free()
	})
	return r, r.LocalAddr(), nil
}

// AllocateListener implements pion's turn.RelayAddressGenerator.
func (s *Server) AllocateListener(pion.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errTCP
}

// AllocateConn implements pion's turn.RelayAddressGenerator.
func (s *Server) AllocateConn(pion.AllocateConnConfig) (net.Conn, error) { return nil, errTCP }

// quiet drops pion's log: its lines can be caused per packet by anybody, and hold usernames.
type quiet struct{}

func (quiet) Trace(string)          {}
func (quiet) Tracef(string, ...any) {}
func (quiet) Debug(string)          {}
func (quiet) Debugf(string, ...any) {}
func (quiet) Info(string)           {}
func (quiet) Infof(string, ...any)  {}
func (quiet) Warn(string)           {}
func (quiet) Warnf(string, ...any)  {}
func (quiet) Error(string)          {}
func (quiet) Errorf(string, ...any) {}

// NewLogger makes quiet a logging.LoggerFactory as well.
func (q quiet) NewLogger(string) logging.LeveledLogger { return q }
