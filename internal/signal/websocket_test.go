package signal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

// A client that breaks the WebSocket protocol is told what is wrong with it, as far as it can still be told, and so is
// the log.
func TestFramesThatBreakTheProtocol(t *testing.T) {
	masked := func(first byte, payload string) string {
		return string([]byte{first, 0x80 | byte(len(payload)), 0, 0, 0, 0}) + payload
	}
	for name, tc := range map[string]struct {
		frames, want string
		told         bool
	}{
		"not masked": {"\x81\x05hello", "received unmasked frame from client", true},
		"longer than 2^63-1": {
			"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", "negative payload length", true,
		},
		"a reserved bit":                 {masked(0x91, "x"), "unexpected rsv bits", false},
		"an unknown opcode":              {masked(0x83, "x"), "unknown opcode", false},
		"a continuation of nothing":      {masked(0x80, "x"), "continuation frame without text", false},
		"a message inside of another":    {masked(0x01, "x") + masked(0x81, "x"), "without finishing the previous", false},
		"a control frame in parts":       {masked(0x09, "x"), "fragmented control frame", false},
		"a close frame of one byte":      {masked(0x88, "x"), "invalid close payload", false},
		"a close code that nobody sends": {masked(0x88, "\x03\xed"), "invalid close payload", false},
		"HTTP":                           {"GET / HTTP/1.1\r\n\r\n", "unexpected rsv bits", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reports := &collector{make(chan *fault.Error, 10)}
			s := New(Options{Reporter: reports})
			address := serveSignal(t, s)
			conn := upgrade(t, address)
			_, err := io.WriteString(conn, tc.frames)
			require.NoError(t, err)
			f := reports.next(t, "NOT_WEBSOCKET")
			require.Contains(t, f.Detail, tc.want)
			require.NoError(t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
			answer, _ := io.ReadAll(conn) // a reset that follows the answer does not matter
			require.Equal(t, tc.told, bytes.Contains(answer, []byte(f.ID)), "%q", answer)
			require.Contains(t, string(answer), "\x88", "a close frame")
		})
	}
}

// What ends a socket without an error of the client is no fault.
func TestEndsThatBreakNothing(t *testing.T) {
	for name, end := range map[string]func(net.Conn){
		"cut":                 func(c net.Conn) { _ = c.Close() },
		"cut inside a frame":  func(c net.Conn) { _, _ = io.WriteString(c, "\x81\x85\x00\x00\x00\x00he"); _ = c.Close() },
		"cut inside a header": func(c net.Conn) { _, _ = io.WriteString(c, "\x81"); _ = c.Close() },
		"reset":               func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() },
		"closed":              func(c net.Conn) { _, _ = io.WriteString(c, "\x88\x82\x00\x00\x00\x00\x03\xe8") },
		"closed with a code of its own": func(c net.Conn) {
			_, _ = io.WriteString(c, "\x88\x82\x00\x00\x00\x00\x13\x87")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reports := &collector{make(chan *fault.Error, 10)}
			s := New(Options{Reporter: reports})
			end(upgrade(t, serveSignal(t, s)))
			require.Eventually(t, func() bool {
				s.mu.Lock()
				defer s.mu.Unlock()
				return len(s.open) == 0
			}, 5*time.Second, time.Millisecond)
			require.Empty(t, reports.got)
		})
	}
}

// A handshake that cannot be taken is answered with a fault.
func TestHandshakesThatAreRefused(t *testing.T) {
	reports := &collector{make(chan *fault.Error, 10)}
	s := New(Options{Reporter: reports})
	address := serveSignal(t, s)
	const key, version = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "Sec-WebSocket-Version: 13\r\n"
	const upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	for name, tc := range map[string]struct {
		headers, want string
		status        int
	}{
		"no key": {upgrade + version, "missing Sec-WebSocket-Key", http.StatusBadRequest},
		"a short key": {
			upgrade + version + "Sec-WebSocket-Key: AAAA\r\n", "invalid Sec-WebSocket-Key", http.StatusBadRequest,
		},
		"two keys":      {upgrade + version + key + key, "multiple Sec-WebSocket-Key", http.StatusBadRequest},
		"version 8":     {upgrade + "Sec-WebSocket-Version: 8\r\n" + key, "only 13 is supported", http.StatusBadRequest},
		"no version":    {upgrade + key, "only 13 is supported", http.StatusBadRequest},
		"no Connection": {"Upgrade: websocket\r\n" + version + key, "does not contain Upgrade", http.StatusUpgradeRequired},
		"HTTP/2 upgrade": {
			"Upgrade: h2c\r\nConnection: Upgrade\r\n", "does not contain websocket", http.StatusUpgradeRequired,
		},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", address)
			require.NoError(t, err)
			defer conn.Close()
			_, err = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n%s\r\n", tc.headers)
			require.NoError(t, err)
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			defer res.Body.Close()
			require.Equal(t, tc.status, res.StatusCode)
			require.True(t, strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json"))
			var f fault.Error
			require.NoError(t, json.NewDecoder(res.Body).Decode(&f))
			require.Equal(t, "NOT_WEBSOCKET", f.Reason)
			require.Contains(t, f.Detail, tc.want)
			require.Equal(t, f.ID, reports.next(t, "NOT_WEBSOCKET").ID)
		})
	}
}

func serveSignal(t *testing.T, s *Server) (address string) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, s.Close(context.Background()))
	})
	return server.Listener.Addr().String()
}
