package testnet

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ports that FreePort returns lie below those that Linux gives to connections (ip_local_port_range): no connection of
// another test takes one before the program that it is for listens there.
const firstPort, lastPort = 20000, 32767

var taken sync.Map // ports that FreePort has returned

// FreePort returns a port of loopback on which nobody listens, over TCP or UDP, and never the same one twice.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		if _, before := taken.LoadOrStore(port, true); before {
			continue
		}
		address := fmt.Sprintf("127.0.0.1:%d", port)
		tcp, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		udp, err := net.ListenPacket("udp", address)
		require.NoError(t, tcp.Close())
		if err != nil {
			continue
		}
		require.NoError(t, udp.Close())
		return port
	}
	t.Fatal("no port is free")
	return 0
}
