package publicnet_test

import (
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/publicnet"
)

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8":                true,
		"172.32.0.1":             true,
		"100.128.0.1":            true,
		"2606:4700:4700::1111":   true,
		"64:ff9b::808:808":       true,
		"127.0.0.1":              false,
		"127.8.9.1":              false,
		"10.1.2.3":               false,
		"172.16.0.1":             false,
		"192.168.1.1":            false,
		"169.254.169.254":        false,
		"0.0.0.0":                false,
		"0.1.2.3":                false,
		"100.64.0.1":             false,
		"192.0.2.1":              false,
		"198.19.255.255":         false,
		"224.0.0.1":              false,
		"240.0.0.1":              false,
		"255.255.255.255":        false,
		"::":                     false,
		"::1":                    false,
		"::127.0.0.1":            false,
		"::ffff:127.0.0.1":       false,
		"::ffff:10.0.0.1":        false,
		"::ffff:8.8.8.8":         true,
		"64:ff9b::7f00:1":        false,
		"64:ff9b:1::808:808":     false,
		"2002:7f00:1::":          false,
		"2001:0:53aa:64c:0:0::1": false,
		"2001:db8::1":            false,
		"fe80::1%eth0":           false,
		"fec0::1":                false,
		"fd00::1":                false,
		"ff02::1":                false,
	} {
		require.Equal(t, want, publicnet.IsPublic(netip.MustParseAddr(address)), address)
	}
	require.False(t, publicnet.IsPublic(netip.Addr{}), "no address")
}

func TestControlStopsTheDialNotTheName(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	dialer := net.Dialer{Control: publicnet.Control}
	_, err = dialer.DialContext(t.Context(), "tcp", net.JoinHostPort("localhost", port))
	var private *publicnet.PrivateError
	require.ErrorAs(t, err, &private)
	require.True(t, private.Addr.IsLoopback())
}
