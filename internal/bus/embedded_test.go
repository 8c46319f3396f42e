package bus_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/bus"
)

// mutualTLS returns the configuration of both ends of a route, which know each other by one certificate.
func mutualTLS(t *testing.T) *tls.Config {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"node"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	require.NoError(t, err)
	own, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	check := func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) != 1 || !s.PeerCertificates[0].Equal(own) {
			return errors.New("another certificate")
		}
		return nil
	}
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: private}},
		ClientAuth:   tls.RequireAnyClientCert, InsecureSkipVerify: true, VerifyConnection: check,
		MinVersion: tls.VersionTLS13,
	}
}

// embedded starts nodes with a NATS server inside, which know each other.
func embedded(t *testing.T, n int) []*bus.NATS {
	t.Helper()
	c := newEmbedded(t, n)
	var nodes []*bus.NATS
	for i := range n {
		nodes = append(nodes, c.start(t, i))
	}
	return nodes
}

// embeddedCluster is what its nodes keep over a restart.
type embeddedCluster struct {
	addresses, dirs []string
	tls             *tls.Config
}

func newEmbedded(t *testing.T, n int) *embeddedCluster {
	t.Helper()
	c := &embeddedCluster{tls: mutualTLS(t)}
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		c.addresses = append(c.addresses, l.Addr().String())
		c.dirs = append(c.dirs, t.TempDir())
		require.NoError(t, l.Close())
	}
	return c
}

func (c *embeddedCluster) start(t *testing.T, i int) *bus.NATS {
	t.Helper()
	o := bus.ServerOptions{
		Name: fmt.Sprintf("node%d", i), Address: c.addresses[i], TLS: c.tls, Dir: c.dirs[i],
		Log: slog.New(slog.DiscardHandler),
	}
	if len(c.addresses) > 1 {
		o.Routes = c.addresses // with the own one
	}
	s, err := bus.StartServer(o)
	require.NoError(t, err)
	b, err := bus.Open(bus.Options{Server: s, Prefix: "k1", Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	return b
}

// written waits until a value can be written.
func written(t *testing.T, b bus.Bus, key string) {
	t.Helper()
	bucket, err := b.Bucket(t.Context(), "nodes")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err = bucket.Create(ctx, key, nil)
		return err == nil || errors.Is(err, bus.ErrConflict)
	}, 60*time.Second, 50*time.Millisecond, "%v", err)
}

// NATS inside the nodes works while most of them run, and again after all were stopped.
func TestEmbeddedServersRestart(t *testing.T) {
	t.Parallel()
	c := newEmbedded(t, 3)
	nodes := make([]*bus.NATS, 3)
	for i := range nodes {
		nodes[i] = c.start(t, i)
	}
	written(t, nodes[0], "a")
	nodes[1].Close()
	written(t, nodes[0], "b")
	c.dirs[1] = t.TempDir() // of a node on a new disk
	nodes[1] = c.start(t, 1)
	written(t, nodes[1], "c")
	for _, n := range nodes {
		n.Close()
	}
	for i := range nodes {
		nodes[i] = c.start(t, i)
	}
	written(t, nodes[2], "d")
}
