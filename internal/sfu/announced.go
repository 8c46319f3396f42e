package sfu

import (
	"net"
	"net/netip"
	"slices"

	"github.com/pion/webrtc/v4"
)

// announced is what descriptions name: the addresses of this machine, or the public ones that stand for them. It never
// changes; other public addresses make another one.
type announced struct {
	carriers []net.IP // local addresses that are named, or for which public ones stand
	udp      []netip.AddrPort
	rules    []webrtc.ICEAddressRewriteRule
}

// announce returns what is announced with these public addresses; without any, all hosts.
func announce(hosts []net.IP, public []netip.Addr, port int) (*announced, error) {
	carriers, err := carriersOf(hosts, public)
	if err != nil {
		return nil, err
	}
	return &announced{carriers, advertised(carriers, public, port), rewriteRules(public)}, nil
}

// carriersOf returns for the public addresses of each family one host; without public addresses, all hosts.
func carriersOf(hosts []net.IP, public []netip.Addr) ([]net.IP, error) {
	if len(public) == 0 {
		return hosts, nil
	}
	var carriers []net.IP
	for _, addr := range public {
		i := slices.IndexFunc(hosts, func(host net.IP) bool { return (host.To4() != nil) == addr.Unmap().Is4() })
		if i < 0 {
			return nil, &FamilyError{Addr: addr, Hosts: hosts}
		}
		if !slices.ContainsFunc(carriers, hosts[i].Equal) {
			carriers = append(carriers, hosts[i])
		}
	}
	return carriers, nil
}

// SetPublicIPs announces other public addresses from now on; without any, those of this machine. Connections that
// exist go on as they are until ICE restarts. An address of a family in which the port has no address is a
// *FamilyError.
func (s *SFU) SetPublicIPs(public []netip.Addr) error {
	return s.ports.setPublic(public)
}

func (p *ports) setPublic(public []netip.Addr) error {
	now, err := announce(p.hosts, public, p.udp.LocalAddr().Port)
	if err == nil {
		p.announced.Store(now)
	}
	return err
}

func (p *ports) carriers() []net.IP { return p.announced.Load().carriers }

// isCarrier reports whether an address of this machine is announced, or a public one stands for it.
func (p *ports) isCarrier(ip net.IP) bool { return slices.ContainsFunc(p.carriers(), ip.Equal) }
