// Package reflexive asks STUN servers under which addresses they see this machine (RFC 8489): behind a NAT, those are
// the ones to which clients send. internal/server asks at its start and again from time to time.
package reflexive

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/pion/stun/v4"
)

// Prefix is how a STUN server is told from an address in a list: "stun:host:port".
const Prefix = "stun:"

// Check returns what is wrong with the host and port of a STUN server, "" for nothing.
func Check(server string) (problem string) {
	host, port, err := net.SplitHostPort(server)
	switch {
	case err != nil || host == "":
		return "it is not stun:host:port"
	case !isPort(port):
		return "its port is not from 1 to 65535"
	}
	return ""
}

func isPort(text string) bool {
	port, err := net.LookupPort("udp", text)
	return err == nil && port > 0
}

// requests are sent at these moments after the first one: RFC 8489, section 6.2.1, ended early.
var requests = []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond}

// Ask returns the address that a server sees, over IPv4 and over IPv6, where it has addresses of that family. At least
// one is returned, or an error that names the cause.
func Ask(ctx context.Context, server string) ([]netip.Addr, error) {
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		return nil, err
	}
	resolved, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	number, err := net.LookupPort("udp", port)
	if err != nil {
		return nil, err
	}
	type answer struct {
		addr netip.Addr
		err  error
	}
	answers := make(chan answer, 2)
	asked := 0
	for _, v6 := range []bool{false, true} {
		i := slices.IndexFunc(resolved, func(addr netip.Addr) bool { return addr.Unmap().Is6() == v6 })
		if i < 0 {
			continue
		}
		asked++
		to := netip.AddrPortFrom(resolved[i].Unmap(), uint16(number))
		go func() {
			addr, err := ask(ctx, to)
			answers <- answer{addr, err}
		}()
	}
	var (
		found    []netip.Addr
		problems []error
	)
	for range asked {
		switch a := <-answers; {
		case a.err != nil:
			problems = append(problems, a.err)
		default:
			found = append(found, a.addr)
		}
	}
	if len(found) == 0 {
		return nil, errors.Join(problems...)
	}
	slices.SortFunc(found, netip.Addr.Compare)
	return found, nil
}

func ask(ctx context.Context, to netip.AddrPort) (netip.Addr, error) {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return netip.Addr{}, err
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })()
	request, err := stun.Build(stun.TransactionID, stun.BindingRequest)
	if err != nil {
		return netip.Addr{}, err
	}
	buffer := make([]byte, 1500)
	for i := range requests {
		if _, err := conn.Write(request.Raw); err != nil {
			return netip.Addr{}, err
		}
		wait := time.Second
		if i+1 < len(requests) {
			wait = requests[i+1] - requests[i]
		}
		if err := conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
			return netip.Addr{}, err
		}
		for {
			n, err := conn.Read(buffer)
			if ctx.Err() != nil {
				return netip.Addr{}, ctx.Err()
			}
			if netErr, ok := errors.AsType[net.Error](err); ok && netErr.Timeout() {
				break
			}
			if err != nil { // such as an ICMP answer that nothing listens there
				return netip.Addr{}, err
			}
			response := &stun.Message{Raw: slices.Clone(buffer[:n])}
			if response.Decode() != nil || response.TransactionID != request.TransactionID {
				continue
			}
			return mapped(response, to)
		}
	}
	return netip.Addr{}, fmt.Errorf("%v does not answer", to)
}

// mapped returns the address in a response: RFC 8489, sections 14.1 and 14.2.
func mapped(response *stun.Message, from netip.AddrPort) (netip.Addr, error) {
	var xor stun.XORMappedAddress
	ip := net.IP(nil)
	if xor.GetFrom(response) == nil {
		ip = xor.IP
	} else {
		var plain stun.MappedAddress
		if err := plain.GetFrom(response); err != nil {
			return netip.Addr{}, fmt.Errorf("the answer of %v (%v) holds no address", from, response.Type)
		}
		ip = plain.IP
	}
	addr, ok := netip.AddrFromSlice(ip)
	if !ok || !addr.Unmap().IsValid() || addr.IsUnspecified() {
		return netip.Addr{}, fmt.Errorf("the answer of %v holds no address", from)
	}
	return addr.Unmap(), nil
}
