package ratelimit

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

type clientKey struct{}

// WithClient returns a context that knows the address of the client.
func WithClient(ctx context.Context, addr netip.Addr) context.Context {
	return context.WithValue(ctx, clientKey{}, addr)
}

// ClientOf returns the address of the client that a request came from; the zero address where WithClient was not
// called.
func ClientOf(ctx context.Context) netip.Addr {
	addr, _ := ctx.Value(clientKey{}).(netip.Addr)
	return addr
}

type countedKey struct{}

// WithCounted marks a request that another node of a cluster sends on: that one has counted it, and judged its origin.
func WithCounted(ctx context.Context) context.Context {
	return context.WithValue(ctx, countedKey{}, true)
}

// IsCounted reports whether another node sends on the request, so that it is counted already.
func IsCounted(ctx context.Context) bool { return ctx.Value(countedKey{}) != nil }

// maxForwarded is how many addresses of X-Forwarded-For are looked at: more proxies than that stand in no row.
const maxForwarded = 16

// ClientAddr returns the address a request comes from: that of its connection or, when that is a trusted proxy, the
// last address in X-Forwarded-For that is not one. What stands to the left of it was written by the client and means
// nothing.
func ClientAddr(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer := RemoteAddr(r.RemoteAddr)
	if !IsTrusted(peer, trusted) {
		return peer
	}
	client := peer
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for n, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil { // some proxies write the port, too
			with, portErr := netip.ParseAddrPort(strings.TrimSpace(hop))
			if portErr != nil {
				return client
			}
			addr = with.Addr()
		}
		client = addr.Unmap()
		if !IsTrusted(client, trusted) || len(hops)-n >= maxForwarded {
			return client
		}
	}
	return client
}

// RemoteAddr returns the address in "host:port"; the zero address where there is none, as on a Unix socket.
func RemoteAddr(hostPort string) netip.Addr {
	at, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// IsTrusted reports whether an address is that of a trusted proxy.
func IsTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}
