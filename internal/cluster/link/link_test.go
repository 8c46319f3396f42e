package link_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/internal/cluster/link"
	"github.com/klatch/klatch/internal/testpeer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "of all nodes of this test"

// open returns the links of a node whose handler answers with the name of who asks.
func open(t *testing.T, name, secret string, log io.Writer) *link.Links {
	t.Helper()
	l, err := link.New(link.Options{
		Secret: []byte(secret), Name: name, Address: "127.0.0.1:0", Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	require.NoError(t, err)
	t.Cleanup(l.Close)
	l.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/echo" {
			_, _ = io.WriteString(w, link.PeerName(r.Context()))
			return
		}
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = io.Copy(conn, buffered)
			_ = conn.Close()
		}
	}))
	return l
}

func ask(t *testing.T, from *link.Links, name, address string) (string, error) {
	t.Helper()
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return from.Dial(ctx, name, address) },
		DisableKeepAlives: true,
	}}
	answer, err := client.Get("http://node/")
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return string(body), err
}

func TestLinks(t *testing.T) {
	a, b := open(t, "a", secret, t.Output()), open(t, "b", secret, t.Output())
	address := b.Addr().String()
	answer, err := ask(t, a, "b", address)
	require.NoError(t, err)
	require.Equal(t, "a", answer, "b knows who asks")

	// The other way round streams take the connection that is there: nobody listens at this address.
	answer, err = ask(t, b, "a", "127.0.0.1:1")
	require.NoError(t, err)
	require.Equal(t, "b", answer)

	// Many streams at a time, over one connection.
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			conn, err := a.Dial(t.Context(), "b", address)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			sent := strings.Repeat("0123456789", 10_000)
			go func() { _, _ = io.WriteString(conn, "GET /echo HTTP/1.1\r\nHost: b\r\n\r\n"+sent) }()
			echoed := make([]byte, len(sent))
			if _, err := io.ReadFull(conn, echoed); err != nil || string(echoed) != sent {
				t.Errorf("%v after %d bytes", err, len(echoed))
			}
		})
	}
	all.Wait()
	in, out := a.Bytes()
	require.Greater(t, in, uint64(5_000_000))
	require.Greater(t, out, uint64(5_000_000))

	_, err = ask(t, open(t, "c", secret, t.Output()), "a", address)
	require.ErrorContains(t, err, `leads to the node "b" and not to "a"`)
}

func TestWrongSecret(t *testing.T) {
	var log lockedBuffer
	a, b := open(t, "a", secret, &log), open(t, "b", "another secret", &log)
	_, err := a.Dial(t.Context(), "b", b.Addr().String())
	require.ErrorIs(t, err, link.ErrSecret)
	require.NotContains(t, log.String(), secret)
	require.Eventually(t, func() bool { return strings.Count(log.String(), "cluster.secret") >= 2 }, 5*time.Second,
		10*time.Millisecond, "both sides say so")
	for range 20 {
		_, err = a.Dial(t.Context(), "b", b.Addr().String())
		require.ErrorIs(t, err, link.ErrSecret)
	}
	require.Less(t, strings.Count(log.String(), "cluster.secret"), 10, "not once for each attempt")
}

// What is no node costs nothing but its handshake.
func TestStrangers(t *testing.T) {
	a, b := open(t, "a", secret, t.Output()), open(t, "b", secret, t.Output())
	address := b.Addr().String()
	var silent []net.Conn
	for range 200 {
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		defer conn.Close()
		silent = append(silent, conn)
	}
	for _, conn := range silent[:100] {
		_, _ = conn.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	}
	require.Eventually(t, func() bool {
		answer, err := ask(t, a, "b", address)
		return err == nil && answer == "a"
	}, 10*time.Second, 50*time.Millisecond, "nodes are still taken")
	_ = silent[150].SetReadDeadline(time.Now().Add(10 * time.Second))
	_, err := io.ReadAll(silent[150])
	require.NoError(t, err, "who says nothing is cut off")
}

func TestLostConnection(t *testing.T) {
	a, b := open(t, "a", secret, t.Output()), open(t, "b", secret, t.Output())
	proxy := testpeer.NewProxy(t, b.Addr().String())
	conn, err := a.Dial(t.Context(), "b", proxy.Address)
	require.NoError(t, err)
	_, err = io.WriteString(conn, "GET /echo HTTP/1.1\r\nHost: b\r\n\r\n")
	require.NoError(t, err)

	proxy.Freeze() // as a machine that is gone
	began := time.Now()
	_ = conn.SetReadDeadline(began.Add(10 * time.Second))
	_, err = conn.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	require.Less(t, time.Since(began), 4*time.Second)

	proxy.Block()
	_, err = a.Dial(t.Context(), "b", proxy.Address)
	require.Error(t, err)
	proxy.Unblock()
	require.Eventually(t, func() bool {
		answer, err := ask(t, a, "b", proxy.Address)
		return err == nil && answer == "a"
	}, 5*time.Second, 20*time.Millisecond, "it is connected to again")
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
