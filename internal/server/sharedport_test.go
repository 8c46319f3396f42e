package server_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
)

// allocate is a STUN request (RFC 8489, section 5) for a relay, without credentials.
const allocate = "\x00\x03\x00\x00\x21\x12\xa4\x42abcdefghijkl"

// HTTPS and TURN over TLS share the public port, told apart by ALPN or by the first byte.
func TestSharedPort(t *testing.T) {
	t.Parallel()
	s := startSecure(t, func(c *conf.Config) { c.TURN.Enabled, c.TURN.Address = true, "" })
	at := strings.TrimPrefix(s.URL, "https://")
	dial := func(t *testing.T, protocols ...string) *tls.Conn {
		t.Helper()
		config := s.trusted.Clone()
		config.NextProtos = protocols
		conn, err := tls.Dial("tcp", at, config)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
		return conn
	}
	asksTURN := func(t *testing.T, conn net.Conn) {
		t.Helper()
		_, err := io.WriteString(conn, allocate)
		require.NoError(t, err)
		answer := make([]byte, 20)
		_, err = io.ReadFull(conn, answer)
		require.NoError(t, err)
		require.Equal(t, "\x01\x13", string(answer[:2]), "the error response of Allocate")
		require.Equal(t, "abcdefghijkl", string(answer[8:]))
	}
	asksHTTP := func(t *testing.T, conn net.Conn) {
		t.Helper()
		reader := bufio.NewReader(conn)
		for range 2 { // one connection, two requests
			_, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: "+at+"\r\n\r\n")
			require.NoError(t, err)
			answer, err := http.ReadResponse(reader, nil)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, answer.StatusCode)
			require.NotEmpty(t, answer.Header.Get("Strict-Transport-Security"), "it knows that this is HTTPS")
			_, err = io.Copy(io.Discard, answer.Body)
			require.NoError(t, err)
		}
	}
	t.Run("TURN by its first byte", func(t *testing.T) { asksTURN(t, dial(t)) })
	t.Run("TURN by ALPN", func(t *testing.T) {
		conn := dial(t, "stun.turn")
		require.Equal(t, "stun.turn", conn.ConnectionState().NegotiatedProtocol)
		asksTURN(t, conn)
	})
	t.Run("HTTP/1.1 without ALPN", func(t *testing.T) { asksHTTP(t, dial(t)) })
	t.Run("HTTP/1.1", func(t *testing.T) { asksHTTP(t, dial(t, "http/1.1")) })
	t.Run("HTTP/2", func(t *testing.T) {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: s.trusted.Clone(), ForceAttemptHTTP2: true}}
		answer, err := client.Get(s.URL + "/healthz")
		require.NoError(t, err)
		require.Equal(t, 2, answer.ProtoMajor)
		require.NoError(t, answer.Body.Close())
		client.CloseIdleConnections()
	})
	t.Run("HTTP without TLS", func(t *testing.T) {
		conn, err := net.Dial("tcp", at)
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
		_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: "+at+"\r\n\r\n")
		require.NoError(t, err)
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		require.Contains(t, string(answer), "HTTP/1.0 400")
	})
	t.Run("garbage in TURN", func(t *testing.T) {
		conn := dial(t)
		_, err := io.WriteString(conn, strings.Repeat("\x00", 64))
		require.NoError(t, err)
		_, err = io.ReadAll(conn)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the connection is closed")
	})
}
