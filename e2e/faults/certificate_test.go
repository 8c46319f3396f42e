package faults

import (
	"crypto/tls"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/certificate/pebbletest"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
)

// withFiles opens a server with a certificate of that life in files, and returns their paths.
func (t *T) withFiles(life time.Duration) (certFile, keyFile string) {
	t.Helper()
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	t.writePair(certFile, keyFile, life)
	t.Server = testserver.Start(t, func(c *conf.Config) {
		c.HTTP.AdminAddress = "127.0.0.1:0" // plain HTTP
		c.HTTP.CertFile, c.HTTP.KeyFile = certFile, keyFile
	})
	return certFile, keyFile
}

func (t *T) writePair(certFile, keyFile string, life time.Duration) {
	t.Helper()
	cert, key := pebbletest.Pair(t, life, "127.0.0.1")
	require.NoError(t, os.WriteFile(certFile, cert, 0o600))
	require.NoError(t, os.WriteFile(keyFile, key, 0o600))
}

// renewed writes a new certificate, as the remedy says, and waits for the end of a fault of the one before.
func (t *T) renewed(f *fault.Error, certFile, keyFile string) {
	t.Helper()
	t.lasts(f, true)
	t.writePair(certFile, keyFile, 365*24*time.Hour)
	t.Server.InProcess.Reload()
	t.isOver(f)
}

// withACME opens a server for the domain of an authority, whose certificate comes from there.
func (t *T) withACME(authority *pebbletest.Authority, changes ...func(*conf.Config)) {
	t.Helper()
	t.Server = testserver.Start(t, func(c *conf.Config) {
		c.HTTP.AdminAddress = "127.0.0.1:0"
		c.HTTP.Address = net.JoinHostPort(authority.IP, strconv.Itoa(pebbletest.TLSPort))
		c.HTTP.ACME = []string{authority.Domain}
		c.HTTP.ACMEDirectory, c.HTTP.ACMERootFile = authority.Directory, authority.RootFile
		for _, change := range changes {
			change(c)
		}
	})
}

// capability is what the readiness page shows of one.
type capability struct {
	Ready  bool
	Code   int
	Reason string
}

// condition waits until the readiness page shows the fault of this scenario as the state of a capability.
func (t *T) condition(name string) *fault.Error {
	t.Helper()
	f := t.inTimeline()
	require.Eventually(t, func() bool {
		_, body := t.Server.Admin(t, http.MethodGet, "/readyz", nil)
		var page struct{ Capabilities map[string]capability }
		require.NoError(t, json.Unmarshal(body, &page), string(body))
		return page.Capabilities[name] == capability{Code: t.Entry.Code, Reason: t.Entry.Reason}
	}, testserver.Timeout, 50*time.Millisecond, "the readiness does not show %s", t.Entry.Key())
	return f
}

// orderFails opens a server whose authority answers its order with a problem.
func (t *T) orderFails(status int, problem string) {
	t.Helper()
	authority := pebbletest.Start(t, pebbletest.Options{})
	authority.Instead(&pebbletest.Answer{Status: status, Problem: problem, Details: "the words of the authority"})
	t.withACME(authority)
	t.condition("certificate")
}

var certificateScenarios = scenarios{
	"5105.CERTIFICATE": func(t *T) {
		f := t.serveFails(loopback(""), "KLATCH_HTTP_CERT_FILE=/nosuch/cert.pem", "KLATCH_HTTP_KEY_FILE=/nosuch/key.pem")
		require.Equal(t, "http.certFile", f.Details["setting"])
		dir := t.TempDir()
		cert, _ := pebbletest.Pair(t, time.Hour, "meet.example.com")
		_, key := pebbletest.Pair(t, time.Hour, "meet.example.com")
		certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
		require.NoError(t, os.WriteFile(certFile, cert, 0o600))
		require.NoError(t, os.WriteFile(keyFile, key, 0o600))
		f = t.serveFails(loopback(""), "KLATCH_HTTP_CERT_FILE="+certFile, "KLATCH_HTTP_KEY_FILE="+keyFile)
		require.Equal(t, "http.keyFile", f.Details["setting"])
		require.Contains(t, f.Detail, "does not match")
	},
	"5105.ACME_ROOT": func(t *T) {
		t.serveFails(loopback(""), "KLATCH_HTTP_ACME=meet.example.com", "KLATCH_HTTP_REDIRECT_ADDRESS=",
			"KLATCH_HTTP_ACME_ROOT_FILE=/nosuch/root.pem")
	},
	"5106.FILE": func(t *T) {
		certFile, keyFile := t.withFiles(365 * 24 * time.Hour)
		require.NoError(t, os.WriteFile(keyFile, []byte("cut off"), 0o600))
		t.Server.InProcess.Reload()
		f := t.condition("certificateRenewal")
		status, _ := t.Server.Admin(t, http.MethodGet, "/readyz", nil)
		require.Equal(t, http.StatusOK, status, "calls go on with the certificate before")
		t.renewed(f, certFile, keyFile)
	},
	"5106.EXPIRES_SOON": func(t *T) {
		certFile, keyFile := t.withFiles(4 * time.Minute) // of an hour and four minutes
		t.renewed(t.condition("certificateRenewal"), certFile, keyFile)
	},
	"5106.CERTIFICATE_EXPIRED": func(t *T) {
		certFile, keyFile := t.withFiles(-time.Minute)
		f := t.condition("certificate")
		status, _ := t.Server.Admin(t, http.MethodGet, "/readyz", nil)
		require.Equal(t, http.StatusServiceUnavailable, status)
		t.renewed(f, certFile, keyFile)
	},
	"5106.DNS": func(t *T) {
		authority := pebbletest.Start(t, pebbletest.Options{})
		authority.Resolve(t, false)
		t.withACME(authority)
		f := t.condition("certificate")

		authority.Resolve(t, true) // as the remedy says
		t.Server.InProcess.Reload()
		require.Eventually(t, func() bool {
			status, _ := t.Server.Admin(t, http.MethodGet, "/readyz", nil)
			return status == http.StatusOK
		}, testserver.Timeout, 50*time.Millisecond)
		t.isOver(f)
	},
	"5106.UNREACHABLE": func(t *T) {
		authority := pebbletest.Start(t, pebbletest.Options{})
		t.withACME(authority, func(c *conf.Config) { c.HTTP.Address = net.JoinHostPort(authority.IP, "0") })
		t.condition("certificate")
	},
	"5106.CHALLENGE_REFUSED": func(t *T) {
		authority := pebbletest.Start(t, pebbletest.Options{})
		cert, key := pebbletest.Pair(t, time.Hour, authority.Domain)
		pair, err := tls.X509KeyPair(cert, key)
		require.NoError(t, err)
		other, err := tls.Listen("tcp", net.JoinHostPort(authority.IP, strconv.Itoa(pebbletest.TLSPort)),
			&tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
		require.NoError(t, err)
		server := &http.Server{ReadHeaderTimeout: time.Minute,
			ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
		go func() { _ = server.Serve(other) }()
		defer func() { _ = server.Close() }() // of the test
		t.withACME(authority, func(c *conf.Config) { c.HTTP.Address = net.JoinHostPort(authority.IP, "0") })
		t.condition("certificate")
	},
	"5106.CAA":              func(t *T) { t.orderFails(http.StatusForbidden, "caa") },
	"5106.RATE_LIMITED":     func(t *T) { t.orderFails(http.StatusTooManyRequests, "rateLimited") },
	"5106.AUTHORITY_FAILED": func(t *T) { t.orderFails(http.StatusInternalServerError, "serverInternal") },
	"5106.DOMAIN_REFUSED": func(t *T) {
		t.withACME(pebbletest.Start(t, pebbletest.Options{Blocked: true}))
		t.condition("certificate")
	},
	"5106.ACCOUNT_REFUSED": func(t *T) {
		t.withACME(pebbletest.Start(t, pebbletest.Options{ExternalAccount: true}))
		t.condition("certificate")
	},
	"5106.AUTHORITY_UNREACHABLE": func(t *T) {
		authority := pebbletest.Start(t, pebbletest.Options{})
		t.withACME(authority, func(c *conf.Config) { c.HTTP.ACMERootFile = "" })
		t.condition("certificate")
	},
	"5106.STORAGE": func(t *T) {
		authority := pebbletest.Start(t, pebbletest.Options{})
		t.withACME(authority, func(c *conf.Config) {
			require.NoError(t, os.MkdirAll(c.Data.Dir, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(c.Data.Dir, "acme"), nil, 0o600)) // no directory
		})
		t.condition("certificate")
	},
}
