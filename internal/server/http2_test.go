package server_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/klatch/klatch/internal/conf"
)

// Connections that are cut off in the middle of a request are forgotten at once: a server that kept their memory for a
// while would be filled by a flood of them. It is measured alone, as memory is one for all tests of the package.
func TestCutConnectionsAreForgotten(t *testing.T) {
	s := startSecure(t, func(c *conf.Config) {
		c.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")} // loopback is a client
	})
	at := strings.TrimPrefix(s.URL, "https://")
	config := s.trusted.Clone()
	config.NextProtos = []string{"h2"}
	cut := func(count int) {
		for range count {
			conn, err := tls.Dial("tcp", at, config)
			require.NoError(t, err)
			beginRequest(t, conn)
			require.NoError(t, conn.Close())
		}
	}
	inUse := func() uint64 {
		runtime.GC()
		runtime.GC() // what pools held
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		return memory.HeapAlloc
	}

	cut(20)
	before := inUse()
	const count = 200
	cut(count)
	require.Eventually(t, func() bool { return inUse() < before+count*4<<10 }, 20*time.Second, 100*time.Millisecond,
		"%d kB before", before>>10)
}

// beginRequest sends the head of a request over HTTP/2 and one byte of its body, and waits until the server has it.
func beginRequest(t *testing.T, conn *tls.Conn) {
	t.Helper()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err := io.WriteString(conn, http2.ClientPreface)
	require.NoError(t, err)
	framer := http2.NewFramer(conn, conn)
	require.NoError(t, framer.WriteSettings())
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range []hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":path", Value: "/v2/rooms"}, {Name: ":scheme", Value: "https"},
		{Name: ":authority", Value: "x"}, {Name: "content-type", Value: "application/json"},
		{Name: "content-length", Value: "60000"},
	} {
		require.NoError(t, encoder.WriteField(field))
	}
	require.NoError(t, framer.WriteHeaders(
		http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndHeaders: true}))
	require.NoError(t, framer.WriteData(1, false, []byte("{")))
	require.NoError(t, framer.WritePing(false, [8]byte{1}))
	for {
		frame, err := framer.ReadFrame()
		require.NoError(t, err)
		if ping, ok := frame.(*http2.PingFrame); ok && ping.IsAck() {
			return
		}
	}
}
