package server

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/certificate/pebbletest"
)

// A connection that has been between two requests for too long is closed, over HTTP/1 and HTTP/2. One in the middle of
// a request is not, however long that takes.
func TestIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"http/1.1", "h2"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			const idle = 200 * time.Millisecond
			release := make(chan struct{})
			closed := make(chan string, 2) // the addresses of clients
			url := serveIdle(t, idle, closed, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/slow" {
					<-release
				}
				_, _ = io.WriteString(w, r.RemoteAddr)
			})
			answered := make(chan string, 1)
			go func() { answered <- getAnew(t, protocol, url+"/slow") }()
			quick := getAnew(t, protocol, url)
			require.Equal(t, quick, within(t, closed))
			select {
			case <-closed:
				require.Fail(t, "a connection was closed during a request")
			case <-time.After(3 * idle):
			}
			close(release)
			require.Equal(t, within(t, answered), within(t, closed))
		})
	}
}

// serveIdle serves HTTPS behind a listener that ends idle connections.
func serveIdle(t *testing.T, idle time.Duration, closed chan<- string, handler http.HandlerFunc) (url string) {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l, err := newListener(inner.(*net.TCPListener), listenerLimits{idle: idle},
		func(*fault.Error) []byte { return nil }, func(*fault.Error) {})
	require.NoError(t, err)
	certificate, err := tls.X509KeyPair(pebbletest.Pair(t, time.Hour, "127.0.0.1"))
	require.NoError(t, err)
	server := &http.Server{
		Handler:     handler,
		TLSConfig:   &tls.Config{Certificates: []tls.Certificate{certificate}},
		ConnContext: withConn,
		ConnState: func(conn net.Conn, state http.ConnState) {
			l.stateChanged(conn, state)
			if state == http.StateClosed {
				closed <- conn.RemoteAddr().String()
			}
		},
	}
	go func() { _ = server.ServeTLS(l, "", "") }() // until it is closed
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return "https://" + inner.Addr().String()
}

// getAnew asks over a connection of its own, and returns the address that the server says it came from.
func getAnew(t *testing.T, protocol, url string) string {
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		ForceAttemptHTTP2: protocol == "h2",
	}
	answer, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	if isHTTP2 := answer.ProtoMajor == 2; isHTTP2 != (protocol == "h2") {
		t.Errorf("%s was spoken", answer.Proto)
	}
	return string(raw)
}

func within(t *testing.T, c <-chan string) string {
	t.Helper()
	select {
	case s := <-c:
		return s
	case <-time.After(10 * time.Second):
		require.Fail(t, "nothing came")
		return ""
	}
}
