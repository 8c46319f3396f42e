package testnet

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { Main(m) }

// echo answers each connection with the address from which it came.
func echo(t *testing.T, h *Host, address string) {
	t.Helper()
	var listener net.Listener
	require.NoError(t, h.Do(func() (err error) {
		listener, err = net.Listen("tcp", address)
		return err
	}))
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			host, _, _ := net.SplitHostPort(conn.RemoteAddr().String())
			_, _ = io.WriteString(conn, host)
			_ = conn.Close()
		}
	}()
}

// seen returns the address of a host as another one sees it.
func seen(h *Host, address string) (from string, err error) {
	err = h.Do(func() error {
		conn, err := net.DialTimeout("tcp", address, 500*time.Millisecond)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		raw, err := io.ReadAll(conn)
		from = string(raw)
		return err
	})
	return from, err
}

func TestHosts(t *testing.T) {
	server, client := NewHost(t), NewHost(t)
	server.Link("eth0", "10.71.1.2/24", "fd71:1::2/64")
	client.Link("wifi", "10.71.2.2/24", "fd71:2::2/64")
	client.Link("cable", "10.71.3.2/24", "fd71:3::2/64")
	const at4, at6 = "10.71.1.2:4000", "[fd71:1::2]:4000"
	echo(t, server, at4)
	echo(t, server, at6)
	check := func(to, want string) {
		t.Helper()
		var got string
		var err error
		require.Eventually(t, func() bool {
			got, err = seen(client, to)
			return err == nil && got == want
		}, 10*time.Second, 10*time.Millisecond, "%s is seen: %v %v", want, &got, &err)
	}
	check(at4, "10.71.2.2")
	check(at6, "fd71:2::2")
	client.Down("wifi")
	check(at4, "10.71.3.2")
	check(at6, "fd71:3::2")
	client.Up("wifi")
	check(at4, "10.71.2.2")
	check(at6, "fd71:2::2")
	client.Readdress("wifi", "10.71.2.9/24")
	check(at4, "10.71.2.9")

	unblock := client.Block("tcp dport 4000")
	_, err := seen(client, at4)
	require.Error(t, err)
	unblock()
	check(at4, "10.71.2.9")

	Rule(t, "prerouting", "ip daddr 192.0.2.7 dnat ip to 10.71.1.2")
	check("192.0.2.7:4000", "10.71.2.9")
}
