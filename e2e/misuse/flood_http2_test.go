package misuse

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// floodsOverTLS are what only HTTP/2 makes possible, which the server speaks where it has a certificate.
var floodsOverTLS = map[string]flood{
	"HTTP/2: endless header blocks": {4, endlessContinuation, nil},
	"HTTP/2: rapid reset":           {2, rapidReset, nil},
	"HTTP/2: slow bodies":           {2, slowBodies, nil},
	"HTTP/2: large bodies":          {2, largeStreams, nil},
	"HTTP/2: closed windows":        {4, closedWindows, nil},
	"HTTP/2: control frames":        {2, controlFrames, logIsShort},
	"HTTP/2: HPACK bomb":            {2, hpackBomb, nil},
}

// The same as TestFloods for a server that speaks TLS, and with it HTTP/2.
func TestFloodsOverTLS(t *testing.T) {
	f := startFlooded(t, map[string]string{"http.certFile": certificate, "http.keyFile": certificate,
		"http.trustedProxies": "192.0.2.1/32"}) // what comes from loopback is a client
	require.True(t, strings.HasPrefix(f.URL, "https://"))
	f.begin(t)
	for _, name := range slices.Sorted(maps.Keys(floodsOverTLS)) {
		f.flood(t, name)
		f.checkREST(t)
	}
	require.False(t, f.Logged("panic"), "something panicked")
}

// checkREST asserts that others can still send a body.
func (f *flooded) checkREST(t *testing.T) {
	t.Helper()
	f.account.Meeting(t, nil)
}

// certificate is the path of a certificate for loopback addresses with its key, which this process trusts.
var certificate string

// withCertificate runs the tests with certificate in the list of those that are trusted.
func withCertificate(run func() int) int {
	dir, err := os.MkdirTemp("", "klatch-misuse")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // a directory for temporary files
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "klatch"},
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	certificate = filepath.Join(dir, "certificate.pem")
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	if err := os.WriteFile(certificate, text, 0o600); err != nil {
		panic(err)
	}
	if err := os.Setenv("SSL_CERT_FILE", certificate); err != nil {
		panic(err)
	}
	return run()
}

// h2Conn is an HTTP/2 connection of a client that keeps to no rule it does not need to.
type h2Conn struct {
	net.Conn
	framer  *http2.Framer
	block   bytes.Buffer
	encoder *hpack.Encoder
	stream  uint32
}

// h2 opens an HTTP/2 connection. It reads and forgets what the server answers.
func (f *flooder) h2(ctx context.Context, settings ...http2.Setting) *h2Conn {
	raw, err := f.dial(ctx)
	if err != nil {
		return nil
	}
	conn := tls.Client(raw, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	if err := conn.HandshakeContext(ctx); err != nil || conn.ConnectionState().NegotiatedProtocol != "h2" {
		_ = raw.Close()
		f.refused.Add(1)
		return nil
	}
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		return nil
	}
	c := &h2Conn{Conn: conn, framer: http2.NewFramer(conn, conn), stream: 1}
	c.encoder = hpack.NewEncoder(&c.block)
	_ = c.framer.WriteSettings(settings...) // it fails where the next frame does
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	return c
}

// headers encodes a request.
func (c *h2Conn) headers(method, path string, more ...string) []byte {
	c.block.Reset()
	pairs := append([]string{":method", method, ":scheme", "https", ":authority", "x", ":path", path}, more...)
	for pair := range slices.Chunk(pairs, 2) {
		_ = c.encoder.WriteField(hpack.HeaderField{Name: pair[0], Value: pair[1]}) // memory takes it
	}
	return c.block.Bytes()
}

// request begins a request on a stream of its own, which it returns.
func (c *h2Conn) request(end bool, block []byte) (uint32, error) {
	id := c.stream
	c.stream += 2
	return id, c.framer.WriteHeaders(
		http2.HeadersFrameParam{StreamID: id, BlockFragment: block, EndHeaders: true, EndStream: end},
	)
}

// repeated opens connections one after another, and calls do on each until that fails.
func repeated(do func(*flooder, *h2Conn) error, settings ...http2.Setting) func(context.Context, *flooder) {
	return func(ctx context.Context, f *flooder) {
		for ctx.Err() == nil {
			c := f.h2(ctx, settings...)
			if c == nil {
				continue
			}
			for do(f, c) == nil && ctx.Err() == nil {
				f.sent.Add(1)
			}
			_ = c.Close() // it is dead
			f.refused.Add(1)
		}
	}
}

// heldOpen opens connections, calls do once on each, and leaves them open.
func heldOpen(do func(*flooder, *h2Conn), settings ...http2.Setting) func(context.Context, *flooder) {
	return func(ctx context.Context, f *flooder) {
		for ctx.Err() == nil {
			if c := f.h2(ctx, settings...); c != nil {
				do(f, c)
			}
		}
	}
}

func endlessContinuation(ctx context.Context, f *flooder) {
	junk := bytes.Repeat([]byte{0x40, 1, 'x', 1, 'y'}, 3000)
	repeated(func(f *flooder, c *h2Conn) error {
		if c.stream == 1 {
			c.stream += 2
			return c.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: c.headers("GET", "/")})
		}
		return c.framer.WriteContinuation(1, false, junk)
	})(ctx, f)
}

func rapidReset(ctx context.Context, f *flooder) {
	repeated(func(f *flooder, c *h2Conn) error {
		id, err := c.request(true, c.headers("GET", "/v2/rooms"))
		if err != nil {
			return err
		}
		return c.framer.WriteRSTStream(id, http2.ErrCodeCancel)
	})(ctx, f)
}

func slowBodies(ctx context.Context, f *flooder) {
	heldOpen(func(f *flooder, c *h2Conn) {
		for range 100 {
			id, err := c.request(
				false,
				c.headers("POST", "/v2/rooms", "content-type", "application/json", "content-length", "60000"),
			)
			if err != nil || c.framer.WriteData(id, false, []byte("{")) != nil {
				f.refused.Add(1)
				return
			}
			f.sent.Add(1)
		}
	})(ctx, f)
}

func largeStreams(ctx context.Context, f *flooder) {
	chunk := bytes.Repeat([]byte{'x'}, 10000)
	heldOpen(func(f *flooder, c *h2Conn) {
		for range 100 {
			id, err := c.request(false, c.headers("POST", "/v2/rooms", "content-type", "application/json"))
			if err != nil || c.framer.WriteData(id, false, chunk) != nil {
				f.refused.Add(1)
				return
			}
			f.sent.Add(1)
		}
	})(ctx, f)
}

func closedWindows(ctx context.Context, f *flooder) {
	heldOpen(func(f *flooder, c *h2Conn) {
		for range 100 {
			if _, err := c.request(true, c.headers("GET", "/openapi.json")); err != nil {
				f.refused.Add(1)
				return
			}
			f.sent.Add(1)
		}
	}, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})(ctx, f)
}

func controlFrames(ctx context.Context, f *flooder) {
	repeated(func(f *flooder, c *h2Conn) error {
		if err := c.framer.WritePing(false, [8]byte{1}); err != nil {
			return err
		}
		if err := c.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 100}); err != nil {
			return err
		}
		return c.framer.WritePriority(c.stream, http2.PriorityParam{StreamDep: 0, Weight: 1})
	})(ctx, f)
}

// hpackBomb names one large entry of the header table again and again.
func hpackBomb(ctx context.Context, f *flooder) {
	repeated(func(f *flooder, c *h2Conn) error {
		block := bytes.Clone(c.headers("GET", "/", "x-large", strings.Repeat("x", 3900)))
		for range 12000 {
			block = append(block, 0x80|62) // the newest entry of the dynamic table
		}
		_, err := c.request(true, block)
		if err != nil {
			return fmt.Errorf("the server has ended the connection: %w", err)
		}
		return nil
	})(ctx, f)
}
