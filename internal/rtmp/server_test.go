package rtmp_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/internal/rtmp"
	"github.com/klatch/klatch/internal/testprocess"
)

// key is planted as stream key: no error and no change may show it.
const key = "planted-SECRET-key?token=a%20b"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// nginxServer is the real server with its rtmp module (Debian: nginx, libnginx-mod-rtmp).
type nginxServer struct {
	*testprocess.Process
	port string
}

// startNginx listens on port with an application "live" and one "guarded", whose on_publish asks guard.
func startNginx(t *testing.T, port, guard string) *nginxServer {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in the path of ordinary users
	}
	dir := t.TempDir()
	if guard == "" {
		guard = "http://127.0.0.1:1/"
	}
	config := fmt.Sprintf(`load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log info;
events { worker_connections 64; }
rtmp { server {
	listen 127.0.0.1:%[2]s;
	application live { live on; wait_key on; }
	application guarded { live on; on_publish %[3]s; }
} }
`, dir, port, guard)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	command := testprocess.Command(program, "-c", file, "-p", dir, "-e", filepath.Join(dir, "error.log"))
	var words bytes.Buffer
	command.Stdout, command.Stderr = &words, &words
	s := &nginxServer{Process: testprocess.Start(t, command), port: port}
	require.Eventually(
		t,
		func() bool { return s.answers() },
		5*time.Second,
		20*time.Millisecond,
		"nginx does not start: %s",
		&words,
	)
	return s
}

func (s *nginxServer) answers() bool {
	conn, err := net.Dial("tcp", "127.0.0.1:"+s.port)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

func (s *nginxServer) url(app string) string { return "rtmp://127.0.0.1:" + s.port + "/" + app }

// local allows what a test needs and is patient enough for a busy machine.
var local = rtmp.Options{
	AllowPrivate:     true,
	ConnectTimeout:   5 * time.Second,
	HandshakeTimeout: 5 * time.Second,
	WriteTimeout:     5 * time.Second,
}

func target(t *testing.T, url string) rtmp.Target {
	t.Helper()
	out, err := rtmp.ParseTarget(url, key)
	require.NoError(t, err)
	return out
}

// requireCause is the check of every failure: its cause, and that it keeps the key to itself.
func requireCause(t *testing.T, err error, cause rtmp.Cause) *rtmp.Error {
	t.Helper()
	var failure *rtmp.Error
	require.ErrorAs(t, err, &failure)
	require.Equal(t, cause.String(), failure.Cause.String(), "%v", err)
	requireNoSecret(t, err)
	return failure
}

func requireNoSecret(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", e, e, e), "SECRET")
	}
}

// listen serves each connection with a function until the test ends.
func listen(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serveOn(t, l, serve)
	return l.Addr().String()
}

func serveOn(t *testing.T, l net.Listener, serve func(net.Conn)) {
	var all sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			stop := context.AfterFunc(ctx, func() { conn.Close() })
			all.Go(func() {
				defer stop()
				defer conn.Close()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		cancel()
		all.Wait()
	})
}

// readAndSayNothing takes everything and never answers.
func readAndSayNothing(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// tlsProxy ends TLS in front of a server.
func tlsProxy(t *testing.T, backend string, certificate tls.Certificate) (address string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	require.NoError(t, err)
	serveOn(t, l, func(conn net.Conn) {
		behind, err := net.Dial("tcp", backend)
		if err != nil {
			return
		}
		defer behind.Close()
		var back sync.WaitGroup
		back.Go(func() {
			_, _ = io.Copy(conn, behind)
			_ = conn.(*tls.Conn).CloseWrite()
		})
		_, _ = io.Copy(behind, conn)
		_ = behind.(*net.TCPConn).CloseWrite()
		back.Wait()
	})
	return l.Addr().String()
}

// certify makes a certificate for a name, signed by itself.
func certify(t *testing.T, name string, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: until.Add(-48 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if ip := net.ParseIP(name); ip != nil {
		template.DNSNames, template.IPAddresses = nil, []net.IP{ip}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: private}, pool
}

// fullBacklog is a port whose queue of connections is full: Linux then drops the SYN, so that a connect gets
// no answer at all.
func fullBacklog(t *testing.T) (port string) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Close(fd) })
	require.NoError(t, syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	require.NoError(t, syscall.Listen(fd, 0))
	name, err := syscall.Getsockname(fd)
	require.NoError(t, err)
	port = fmt.Sprint(name.(*syscall.SockaddrInet4).Port)
	for range 16 {
		conn, err := net.DialTimeout("tcp", "127.0.0.1:"+port, 200*time.Millisecond)
		if err != nil {
			return port
		}
		t.Cleanup(func() { conn.Close() })
	}
	t.Fatal("the queue takes more than it was asked to")
	return ""
}
