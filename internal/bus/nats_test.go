package bus_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/bus"
)

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestCredentialsOfNATSAreInNoErrorAndNoLog(t *testing.T) {
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, Username: "klatch", Password: "right",
	})
	require.NoError(t, err)
	go s.Start()
	require.True(t, s.ReadyForConnections(10*time.Second))
	defer s.Shutdown()
	var log lockedBuffer
	b, err := bus.Open(bus.Options{
		URL: strings.Replace(s.ClientURL(), "nats://", "nats://klatch:h%2Fush@", 1), Prefix: "k1",
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	require.NoError(t, err)
	defer b.Close()
	require.Eventually(t, func() bool {
		return b.Err() != nil && strings.Contains(strings.ToLower(b.Err().Error()), "authorization")
	}, 20*time.Second, 10*time.Millisecond, "%v", b.Err())
	require.ErrorIs(t, b.Publish(t.Context(), "news", nil), bus.ErrDown)
	u, err := url.Parse(s.ClientURL())
	require.NoError(t, err)
	require.Equal(t, u.Host, b.Place())
	for _, secret := range []string{"h/ush", "h%2Fush", "klatch:"} {
		require.NotContains(t, log.String()+b.Err().Error()+b.Place(), secret)
	}
}

func TestABucketIsMadeAgainWhenNATSHasLostIt(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	dir := t.TempDir()
	start := func() *server.Server {
		s, err := server.NewServer(&server.Options{
			Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true, JetStream: true, StoreDir: dir,
		})
		require.NoError(t, err)
		go s.Start()
		require.True(t, s.ReadyForConnections(10*time.Second))
		return s
	}
	s := start()
	b := connect(t, s.ClientURL())
	bucket, err := b.Bucket(t.Context(), "nodes")
	require.NoError(t, err)
	_, err = bucket.Create(soon(t), "a", []byte("one"))
	require.NoError(t, err)

	s.Shutdown()
	s.WaitForShutdown()
	require.Eventually(t, func() bool { return b.Err() != nil }, 10*time.Second, 10*time.Millisecond)
	_, err = bucket.Get(soon(t), "a")
	require.ErrorIs(t, err, bus.ErrDown)
	s = start()
	defer s.Shutdown()
	require.Eventually(t, func() bool {
		_, err = bucket.Get(soon(t), "a")
		return errors.Is(err, bus.ErrNotFound) // it was in memory
	}, 20*time.Second, 20*time.Millisecond, "%v", err)
	_, err = bucket.Create(soon(t), "a", []byte("two"))
	require.NoError(t, err)
}

// A node that knows another secret, or bytes that are no NATS, get no route.
func TestRoutesTakeOnlyNodes(t *testing.T) {
	nodes := embedded(t, 3)
	require.Eventually(t, func() bool { return nodes[0].Peers() == 2 }, 20*time.Second, 10*time.Millisecond)
	stranger, err := bus.StartServer(bus.ServerOptions{
		Name: "stranger", Address: "127.0.0.1:0", Routes: []string{nodes[0].Place()}, TLS: mutualTLS(t), Dir: t.TempDir(),
		Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	defer stranger.Close()
	conn, err := net.Dial("tcp", nodes[0].Place())
	require.NoError(t, err)
	defer conn.Close()
	_, _ = conn.Write([]byte("CONNECT {}\r\nSUB > 1\r\n" + strings.Repeat("x", 1<<16)))
	require.Never(
		t,
		func() bool { return stranger.Peers() > 0 || nodes[0].Peers() != 2 },
		time.Second,
		20*time.Millisecond,
	)
}

func TestAPortOfRoutesThatIsTakenIsAnError(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, err = bus.StartServer(bus.ServerOptions{
		Name: "a", Address: taken.Addr().String(), Routes: []string{"127.0.0.1:1"}, TLS: mutualTLS(t), Dir: t.TempDir(),
		Log: slog.New(slog.DiscardHandler),
	})
	require.ErrorContains(t, err, "address already in use")
}
