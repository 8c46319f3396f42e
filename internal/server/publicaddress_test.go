package server

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

// announcingPort notes what is announced.
type announcingPort struct{ public []netip.Addr }

func (p *announcingPort) SetPublicIPs(public []netip.Addr) error {
	p.public = public
	return nil
}

func (p *announcingPort) Advertised() (list []netip.AddrPort) {
	for _, addr := range p.public {
		list = append(list, netip.AddrPortFrom(addr, 7000))
	}
	return list
}

// A STUN server that fails is told once and keeps what it said; another answer is announced, beside the fixed
// addresses.
func TestPublicAddressesFollowTheSTUNServer(t *testing.T) {
	var told []*fault.Error
	p := newPublicAddresses([]string{"192.0.2.1", "stun:stun.example.com:3478"}, slog.New(slog.DiscardHandler),
		func(_ context.Context, f *fault.Error) { told = append(told, f) }, func(*fault.Error) {})
	media := &announcingPort{}
	p.media = media
	require.True(t, p.asks())
	addr := netip.MustParseAddr
	const server = "stun.example.com:3478"

	p.answered(server, []netip.Addr{addr("203.0.113.1"), addr("2001:db8::1")}, nil)
	require.Equal(t, []netip.Addr{addr("192.0.2.1"), addr("203.0.113.1"), addr("2001:db8::1")}, media.public)
	require.True(t, p.capability().Ready)

	for range 3 {
		p.answered(server, nil, errors.New("it does not answer"))
	}
	require.Len(t, media.public, 3)
	require.Len(t, told, 1)
	require.Equal(t, fault.ReasonPublicAddress, told[0].Reason)
	require.Contains(t, told[0].Detail, server)
	require.Contains(t, told[0].Detail, "it does not answer")
	require.Contains(t, told[0].Detail, "203.0.113.1:7000")
	require.Equal(t, capability{Detail: told[0].Detail + " " + told[0].Remedy, Code: 5101, Reason: "PUBLIC_ADDRESS"},
		p.capability())

	p.answered(server, []netip.Addr{addr("203.0.113.2")}, nil)
	require.Equal(t, []netip.Addr{addr("192.0.2.1"), addr("203.0.113.2")}, media.public)
	require.True(t, p.capability().Ready)
}
