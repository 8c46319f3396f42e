package sfu

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/pion/logging"

	"github.com/klatch/klatch/internal/sfu/socket"
)

// ListenError reports which address could not be listened on, and why. errors.Is with syscall.EADDRINUSE reports
// whether another program has it.
type ListenError struct {
	Network string // "udp" or "tcp"
	Address string
	Err     error
}

func (e *ListenError) Error() string {
	return fmt.Sprintf("sfu: listen on %s %s: %v", e.Network, e.Address, e.Err)
}

// Unwrap returns the cause.
func (e *ListenError) Unwrap() error { return e.Err }

// ports are the sockets of the server: one UDP port and at most one TCP port for all connections.
type ports struct {
	udp    *socket.Conn
	tcp    net.Listener
	udpMux *udpMux
	tcpMux *tcpMux
	hosts  []net.IP // addresses of this machine at which the port is reached

	own       map[netip.Addr]bool // addresses of this machine
	announced atomic.Pointer[announced]
}

func openPorts(opts Options) (*ports, error) {
	udp, err := socket.Listen(opts.UDPAddr, readers())
	if err != nil {
		return nil, &ListenError{"udp", opts.UDPAddr, cause(err)}
	}
	udp.Serves = opts.Serves
	p := &ports{udp: udp}
	if opts.TCPAddr != "" {
		if p.tcp, err = net.Listen("tcp", opts.TCPAddr); err != nil {
			_ = udp.Close()
			return nil, &ListenError{"tcp", opts.TCPAddr, cause(err)}
		}
	}
	var local map[netip.Addr]bool // nil: packets from everywhere are taken
	if p.own, err = ownAddrs(); err != nil {
		_ = udp.Close()
		if p.tcp != nil {
			_ = p.tcp.Close()
		}
		return nil, err
	}
	if opts.LocalOnly {
		local = p.own
		if p.tcp != nil {
			p.tcp = &localListener{p.tcp, local}
		}
	}
	if p.hosts, err = hostAddrs(udp.LocalAddr().IP, opts.Loopback); err == nil {
		err = p.setPublic(opts.PublicIPs)
	}
	if err != nil {
		_ = udp.Close()
		if p.tcp != nil {
			_ = p.tcp.Close()
		}
		return nil, err
	}
	p.udpMux = newUDPMux(udp, p.carriers, local)
	if p.tcp != nil {
		p.tcpMux = newTCPMux(p.tcp)
	}
	return p, nil
}

// maxReaders bounds the sockets of the UDP port.
const maxReaders = 8

// readers returns how many goroutines receive media. One for every two processors: what they forward leaves on the same
// goroutine, and the rest of the server, and the kernel, have work to do as well.
func readers() int { return min(max(runtime.GOMAXPROCS(0)/2, 1), maxReaders) }

// ownAddrs returns the addresses of this machine.
func ownAddrs() (map[netip.Addr]bool, error) {
	ips, err := interfaceAddrs(false, true)
	if err != nil {
		return nil, fmt.Errorf("sfu: addresses of this machine: %w", err)
	}
	own := map[netip.Addr]bool{}
	for _, ip := range ips {
		if addr, ok := netip.AddrFromSlice(ip); ok {
			own[addr.Unmap()] = true
		}
	}
	return own, nil
}

// isLocal reports whether an address is one of this machine: of the list, or any of the loopback network.
func isLocal(addr netip.Addr, local map[netip.Addr]bool) bool {
	addr = addr.Unmap()
	return addr.IsLoopback() || local[addr]
}

// localListener accepts connections from this machine alone.
type localListener struct {
	net.Listener
	local map[netip.Addr]bool
}

func (l *localListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if from, ok := conn.RemoteAddr().(*net.TCPAddr); ok && isLocal(from.AddrPort().Addr(), l.local) {
			return conn, nil
		}
		_ = conn.Close() // a stranger
	}
}

func (p *ports) addrs() (udp, tcp net.Addr) {
	if p.tcp != nil {
		tcp = p.tcp.Addr()
	}
	return p.udp.LocalAddr(), tcp
}

// allow opens both ports to requests that prove the password of a ufrag.
func (p *ports) allow(ufrag, password string) {
	p.udpMux.allow(ufrag, password)
	if p.tcpMux != nil {
		p.tcpMux.allow(ufrag, password)
	}
}

func (p *ports) close() {
	_ = p.udpMux.Close()
	if p.tcpMux != nil {
		_ = p.tcpMux.Close()
	}
}

// cause strips what a ListenError says itself.
func cause(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

// hostAddrs returns the local addresses that can be announced: the one listened on, or with a wildcard those of all
// interfaces that are up.
func hostAddrs(bound net.IP, loopback bool) ([]net.IP, error) {
	if bound != nil && !bound.IsUnspecified() {
		return []net.IP{bound}, nil
	}
	only4 := bound.To4() != nil
	hosts, err := interfaceAddrs(only4, loopback)
	if err == nil && len(hosts) == 0 { // a machine without network can still talk to itself
		hosts, err = interfaceAddrs(only4, true)
	}
	if err != nil {
		return nil, fmt.Errorf("sfu: addresses of this machine: %w", err)
	}
	return oneLoopback(hosts), nil
}

// advertised returns the addresses in descriptions: the public ones, or without those the hosts.
func advertised(hosts []net.IP, public []netip.Addr, port int) []netip.AddrPort {
	var list []netip.AddrPort
	if len(public) == 0 {
		for _, ip := range hosts {
			addr, _ := netip.AddrFromSlice(ip) // of 4 or 16 bytes
			public = append(public, addr)
		}
	}
	for _, addr := range public {
		list = append(list, netip.AddrPortFrom(addr.Unmap(), uint16(port)))
	}
	return list
}

// FamilyError reports that a public address cannot lead to this machine, for it has no address of that family where it
// listens.
type FamilyError struct {
	Addr  netip.Addr
	Hosts []net.IP
}

func (e *FamilyError) Error() string {
	return fmt.Sprintf("sfu: %v is of another family than the addresses of this machine: %v", e.Addr, e.Hosts)
}

func interfaceAddrs(only4, loopback bool) ([]net.IP, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var ips []net.IP
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			return nil, err
		}
		for _, a := range addrs {
			prefix, err := netip.ParsePrefix(a.String())
			if err != nil {
				continue
			}
			ip := prefix.Addr().Unmap()
			if ip.IsLinkLocalUnicast() || ip.IsLoopback() && !loopback || only4 && !ip.Is4() {
				continue
			}
			ips = append(ips, ip.AsSlice())
		}
	}
	return ips, nil
}

// oneLoopback leaves ::1 out where there is a loopback address of IPv4: who reaches one of them reaches the other, and
// each address takes about 15 kB of every connection.
func oneLoopback(ips []net.IP) []net.IP {
	if !slices.ContainsFunc(ips, func(ip net.IP) bool { return ip.IsLoopback() && ip.To4() != nil }) {
		return ips
	}
	return slices.DeleteFunc(ips, func(ip net.IP) bool { return ip.IsLoopback() && ip.To4() == nil })
}

// quiet drops pion's log: what matters arrives as an error or a state, and its lines can be caused per packet by
// anybody.
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
