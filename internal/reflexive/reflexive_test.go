package reflexive

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"github.com/stretchr/testify/require"
)

// serve answers binding requests with answer, until the test ends.
func serve(t *testing.T, address string, answer func(request *stun.Message, from netip.AddrPort) []byte) string {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort(address)))
	if err != nil {
		t.Skipf("no %s here: %v", address, err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	go func() {
		defer close(done)
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			request := &stun.Message{Raw: buffer[:n]}
			if request.Decode() == nil {
				_, _ = conn.WriteToUDPAddrPort(answer(request, from), from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

// seen answers with the address of the sender, or another one.
func seen(other string) func(*stun.Message, netip.AddrPort) []byte {
	return func(request *stun.Message, from netip.AddrPort) []byte {
		ip := net.IP(from.Addr().Unmap().AsSlice())
		if other != "" {
			ip = net.ParseIP(other)
		}
		m, err := stun.Build(request, stun.BindingSuccess, &stun.XORMappedAddress{IP: ip, Port: int(from.Port())})
		if err != nil {
			return nil
		}
		return m.Raw
	}
}

func TestAsk(t *testing.T) {
	for name, tt := range map[string]struct{ at, seen, want string }{
		"IPv4":           {"127.0.0.1:0", "", "127.0.0.1"},
		"IPv6":           {"[::1]:0", "", "::1"},
		"another":        {"127.0.0.1:0", "192.0.2.7", "192.0.2.7"},
		"of IPv6 by v4 ": {"127.0.0.1:0", "2001:db8::7", "2001:db8::7"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Ask(t.Context(), serve(t, tt.at, seen(tt.seen)))
			require.NoError(t, err)
			require.Equal(t, []netip.Addr{netip.MustParseAddr(tt.want)}, got)
		})
	}
}

func TestAskFails(t *testing.T) {
	silent := serve(t, "127.0.0.1:0", func(*stun.Message, netip.AddrPort) []byte { return []byte("no STUN") })
	empty := serve(t, "127.0.0.1:0", func(request *stun.Message, _ netip.AddrPort) []byte {
		m, _ := stun.Build(request, stun.BindingSuccess)
		return m.Raw
	})
	for name, tt := range map[string]struct{ server, problem string }{
		"no answer":  {silent, "does not answer"},
		"no address": {empty, "holds no address"},
		"no name":    {"no-such-host.invalid:3478", "no-such-host.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			_, err := Ask(ctx, tt.server)
			require.ErrorContains(t, err, tt.problem)
		})
	}
}

func TestCheck(t *testing.T) {
	for server, want := range map[string]string{
		"stun.example.com:3478": "", "192.0.2.1:3478": "", "[2001:db8::1]:3478": "",
		"stun.example.com": "it is not stun:host:port", ":3478": "it is not stun:host:port",
		"192.0.2.1:0": "its port is not from 1 to 65535", "192.0.2.1:70000": "its port is not from 1 to 65535",
	} {
		require.Equal(t, want, Check(server), server)
	}
}
