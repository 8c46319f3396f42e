package misuse

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// An address that opens connections, sends a request on each and keeps them open has only so many of them left.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	const limit, opened = 8, 30
	h := testserver.Start(t, func(c *conf.Config) {
		c.Limit.ConnectionsPerAddress = limit
		c.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}
	})
	t.Run("of a client", func(t *testing.T) {
		t.Parallel()
		conns := keptAlive(t, h, "127.0.0.1", opened)
		reads := make(chan error, opened)
		for _, conn := range conns {
			go func() {
				_, err := conn.Read(make([]byte, 1))
				reads <- err
			}()
		}
		for n := range opened - limit {
			require.ErrorIs(t, <-reads, io.EOF, "%d of %d connections were closed", n, opened)
		}
		for _, conn := range conns { // those that are left
			require.NoError(t, conn.SetReadDeadline(time.Now()))
		}
		for range limit {
			require.ErrorIs(t, <-reads, os.ErrDeadlineExceeded, "more than %d connections were closed", opened-limit)
		}
		require.NoError(t, conns[opened-1].SetReadDeadline(time.Now().Add(testserver.Timeout)))
		get(t, conns[opened-1])
	})
	t.Run("of a trusted proxy", func(t *testing.T) {
		t.Parallel()
		for _, conn := range keptAlive(t, h, "127.0.0.2", opened) {
			get(t, conn)
		}
	})
}

// keptAlive opens connections one after another and sends a request on each.
func keptAlive(t *testing.T, h *testserver.Server, from string, count int) (conns []net.Conn) {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	for range count {
		conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(h.URL, "http://"))
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() }) // the server may have closed it
		require.NoError(t, conn.SetDeadline(time.Now().Add(testserver.Timeout)))
		get(t, conn)
		conns = append(conns, conn)
	}
	return conns
}

// get sends a request on a connection and reads the response.
func get(t *testing.T, conn net.Conn) {
	t.Helper()
	_, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
}
