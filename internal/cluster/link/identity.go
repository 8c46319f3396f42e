package link

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"time"
)

// host is the name that the certificate of each node is valid for: which node it is stands in the subject.
const host = "node.klatch.internal"

// certificateLife is how long a certificate can be used. A node makes one at each start.
const certificateLife = 10 * 365 * 24 * time.Hour

// clockSkew is by how much the clocks of two nodes may differ.
const clockSkew = 24 * time.Hour

// identity is what a node proves itself with, and judges others by.
type identity struct {
	certificate tls.Certificate
	roots       *x509.CertPool
}

// newIdentity makes the certificate of a node. It is signed with a key that derives from the secret of the cluster, so
// that it proves that its node knows the secret, and nothing has to be handed out.
func newIdentity(secret []byte, name string) (identity, error) {
	seed, err := hkdf.Key(sha256.New, secret, nil, "klatch/link", ed25519.SeedSize)
	if err != nil {
		return identity{}, err
	}
	authorityKey := ed25519.NewKeyFromSeed(seed)
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Klatch cluster"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(2 * certificateLife),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	if err != nil {
		return identity{}, err
	}
	if authority, err = x509.ParseCertificate(raw); err != nil {
		return identity{}, err
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return identity{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return identity{}, err
	}
	raw, err = x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-clockSkew), NotAfter: time.Now().Add(certificateLife),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, authority, public, authorityKey)
	if err != nil {
		return identity{}, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	return identity{tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: private}, roots}, nil
}

// server returns the configuration for connections of other nodes.
func (i identity) server() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{i.certificate},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: i.roots, SessionTicketsDisabled: true,
	}
}

// client returns the configuration for connections to other nodes.
func (i identity) client() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{i.certificate}, RootCAs: i.roots, ServerName: host,
	}
}

// TLSConfig returns the configuration of both ends of other connections between nodes, of those of NATS: they check
// each other as the ends of a link do.
func TLSConfig(secret []byte, name string) (*tls.Config, error) {
	id, err := newIdentity(secret, name)
	if err != nil {
		return nil, err
	}
	config := id.server()
	config.RootCAs, config.ServerName = id.roots, host
	return config, nil
}

// peerName returns the name of the node at the other end of a connection whose handshake is over.
func peerName(conn *tls.Conn) string {
	return conn.ConnectionState().PeerCertificates[0].Subject.CommonName
}

// isSecretError reports whether a handshake failed because the other end does not know the secret of this one.
func isSecretError(err error) bool {
	if _, unknown := errors.AsType[x509.UnknownAuthorityError](err); unknown {
		return true
	}
	// The other end says it with an alert of RFC 8446, section 6.2, of which crypto/tls has only the text.
	if remote, ok := errors.AsType[*net.OpError](err); ok && remote.Op == "remote error" {
		switch remote.Err.Error() {
		case "tls: bad certificate", "tls: unknown certificate authority", "tls: error decrypting message":
			return true
		}
	}
	return false
}
