package bus_test

import (
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
	addresses := make([]string, n)
	for i := range addresses {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		addresses[i] = l.Addr().String()
		require.NoError(t, l.Close())
	}
	config := mutualTLS(t)
	var nodes []*bus.NATS
	for i, address := range addresses {
		o := bus.ServerOptions{
			Name: fmt.Sprintf("node%d", i), Address: address, TLS: config, Dir: t.TempDir(),
			Log: slog.New(slog.DiscardHandler),
		}
		if n > 1 {
			o.Routes = addresses // with the own one
		}
		s, err := bus.StartServer(o)
		require.NoError(t, err)
		b, err := bus.Open(bus.Options{Server: s, Prefix: "k1", Log: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		t.Cleanup(b.Close)
		nodes = append(nodes, b)
	}
	return nodes
}
