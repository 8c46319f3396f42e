// Package publicnet tells addresses of the public internet from those of our own networks, for connections
// that the server opens because a user asked: RTMP targets, webhooks. A user must not reach through the
// server what they cannot reach themselves (SSRF), also not by a name that answers differently the second
// time (DNS rebinding): so Control judges the address that is really being dialed.
//
// It owns the list of ranges; it resolves and dials nothing.
package publicnet

import (
	"fmt"
	"net/netip"
	"syscall"
)

// PrivateError is an address that is not of the public internet.
type PrivateError struct {
	Addr netip.Addr
}

func (e *PrivateError) Error() string {
	return fmt.Sprintf("%s is not an address of the public internet", e.Addr)
}

// special are the IPv4 ranges of the IANA special-purpose registry (RFC 6890) that netip has no word for.
var special = prefixes(
	"0.0.0.0/8",       // this network
	"100.64.0.0/10",   // shared by carriers, RFC 6598
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays, RFC 7526
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"240.0.0.0/4",     // reserved, and broadcast
)

// Of IPv6 only 2000::/3 is given out as global unicast; inside it these are not.
var (
	global6  = netip.MustParsePrefix("2000::/3")
	special6 = prefixes(
		"2001::/23",     // protocol assignments with Teredo and ORCHID, RFC 2928
		"2001:db8::/32", // documentation
		"2002::/16",     // 6to4: an IPv4 address in disguise
		"3fff::/20",     // documentation, RFC 9637
	)
	nat64 = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: the last four bytes are an IPv4 address
)

// IsPublic reports whether a is a unicast address of the public internet. IPv4 addresses mapped into or
// translated to IPv6 are judged as the IPv4 address they stand for.
func IsPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		raw := a.As16()
		a = netip.AddrFrom4([4]byte(raw[12:]))
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	ranges := special
	if a.Is6() {
		if !global6.Contains(a) {
			return false
		}
		ranges = special6
	}
	for _, p := range ranges {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Control is a net.Dialer.Control that refuses with *PrivateError to connect to what is not public.
func Control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	if !IsPublic(at.Addr()) {
		return &PrivateError{Addr: at.Addr()}
	}
	return nil
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, 0, len(list))
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}
