package turn

import (
	"net"
	"net/netip"
)

// Media is where the server takes media.
type Media interface {
	// Advertised returns the UDP addresses that descriptions name. They are what clients may ask to be relayed to.
	Advertised() []netip.AddrPort
	// Local returns the address of this machine at which the media port is reached that others reach at an advertised
	// address: the same one where this machine has it. false: media is not taken over its family.
	Local(advertised netip.Addr) (netip.AddrPort, bool)
}

// peers are the addresses to which relays lead: those at which this server takes media, and nothing else. An address is
// compared, not classified: what is not on the list is refused, however it is written.
type peers struct{ media Media }

// allows reports whether a relay leads to an address and port.
func (p peers) allows(to netip.AddrPort) bool {
	for _, at := range p.media.Advertised() {
		if at == to {
			return true
		}
	}
	return false
}

// allowsHost reports whether a relay leads to any port of an address. Permissions are for addresses alone (RFC 8656,
// section 9).
func (p peers) allowsHost(addr netip.Addr) bool {
	for _, at := range p.media.Advertised() {
		if at.Addr() == addr {
			return true
		}
	}
	return false
}

// host returns the address that stands for the relays of a family; false where media has none.
func (p peers) host(v6 bool) (netip.Addr, bool) {
	for _, at := range p.media.Advertised() {
		if at.Addr().Is6() == v6 {
			return at.Addr(), true
		}
	}
	return netip.Addr{}, false
}

// addrPortOf returns an address in the form in which netip compares them: IPv4 is never mapped into IPv6.
func addrPortOf(addr net.Addr) netip.AddrPort {
	var at netip.AddrPort
	switch addr := addr.(type) {
	case *net.UDPAddr:
		at = addr.AddrPort()
	case *net.TCPAddr:
		at = addr.AddrPort()
	}
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}
