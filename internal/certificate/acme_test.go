package certificate_test

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/certificate"
	"github.com/klatch/klatch/internal/certificate/pebbletest"
)

const timeout = 30 * time.Second

// site is an HTTPS server with certificates of an authority, and plain HTTP that answers challenges where it has to.
type site struct {
	*certificate.ACME
	authority *pebbletest.Authority
	address   string
	faults    chan *fault.Error
}

// open starts a site for domains; change may alter the options.
func open(t *testing.T, authority *pebbletest.Authority, dir string, change func(*certificate.ACMEOptions),
	domains ...string) *site {
	t.Helper()
	s := &site{authority: authority, faults: make(chan *fault.Error, 16),
		address: net.JoinHostPort(authority.IP, strconv.Itoa(pebbletest.TLSPort))}
	opts := certificate.ACMEOptions{Domains: domains, Directory: authority.Directory, RootFile: authority.RootFile,
		Dir:        dir,
		TLSAddress: s.address, Logger: slog.New(slog.NewTextHandler(t.Output(),
			&slog.HandlerOptions{Level: slog.LevelDebug})),
		Report: func(_ context.Context, f *fault.Error) { s.faults <- f }}
	if change != nil {
		change(&opts)
	}
	var err error
	s.ACME, err = certificate.NewACME(opts)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	server := &http.Server{TLSConfig: s.TLSConfig(), ReadHeaderTimeout: timeout,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
		Handler:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "here") })}
	if opts.TLSAddress == s.address { // else nobody is at the address where the authority looks
		listener, err := net.Listen("tcp", s.address)
		require.NoError(t, err)
		go func() { _ = server.ServeTLS(listener, "", "") }()
	}
	plain := &http.Server{ReadHeaderTimeout: timeout,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !s.HandleChallenge(w, r) {
				http.NotFound(w, r)
			}
		})}
	if opts.HTTPAddress != "" {
		listener, err := net.Listen("tcp", opts.HTTPAddress)
		require.NoError(t, err)
		go func() { _ = plain.Serve(listener) }()
	}
	go func() { s.Run(ctx); close(done) }()
	t.Cleanup(func() {
		_, _ = server.Close(), plain.Close()
		cancel()
		<-done
	})
	return s
}

// issued waits until a client that asks for name gets a certificate for it.
func (s *site) issued(t *testing.T, name string) *tls.ConnectionState {
	t.Helper()
	var state tls.ConnectionState
	require.Eventually(t, func() bool {
		dialer := &tls.Dialer{Config: &tls.Config{ServerName: name, InsecureSkipVerify: true}}
		conn, err := dialer.DialContext(t.Context(), "tcp", s.address)
		if err != nil {
			return false
		}
		defer func() { _ = conn.Close() }() // nothing was written
		state = conn.(*tls.Conn).ConnectionState()
		return state.PeerCertificates[0].VerifyHostname(name) == nil
	}, timeout, 20*time.Millisecond, "no certificate for %s", name)
	return &state
}

// reported returns the fault that is reported next.
func (s *site) reported(t *testing.T, reason string) *fault.Error {
	t.Helper()
	select {
	case f := <-s.faults:
		require.Equal(t, 5106, f.Code)
		require.Equal(t, reason, f.Reason, "%s", f.Detail)
		return f
	case <-time.After(timeout):
		t.Fatalf("no %s was reported", reason)
		return nil
	}
}

func TestCertificatesAreIssued(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{})
	dir := t.TempDir()
	s := open(t, authority, dir, nil, authority.Domain, "talk."+authority.Domain)
	first := s.issued(t, authority.Domain).PeerCertificates[0]
	s.issued(t, "talk."+authority.Domain)
	require.Eventually(t, func() bool {
		status := s.Status(time.Now())
		return status.Usable(time.Now()) && status.Failure == nil
	}, timeout, 20*time.Millisecond)
	require.Equal(t, first.DNSNames, s.nameless(t).PeerCertificates[0].DNSNames, "a client without a name gets the first")
	require.Empty(t, s.faults)

	t.Run("kept over a restart", func(t *testing.T) {
		asked := authority.Requests()
		again, err := certificate.NewACME(certificate.ACMEOptions{Domains: []string{authority.Domain}, Dir: dir,
			Directory: authority.Directory, RootFile: authority.RootFile, TLSAddress: s.address,
			Logger: slog.New(slog.DiscardHandler), Report: func(context.Context, *fault.Error) {}})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { again.Run(ctx); close(done) }()
		require.Eventually(t, func() bool {
			return again.Status(time.Now()).Usable(time.Now())
		}, timeout, 20*time.Millisecond)
		cancel()
		<-done
		require.LessOrEqual(t, authority.Requests()-asked, int64(2), "no order: at most the directory and the renewal time")
	})
}

// nameless returns what a client gets that sends no server name.
func (s *site) nameless(t *testing.T) *tls.ConnectionState {
	t.Helper()
	dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // of a test authority
	conn, err := dialer.DialContext(t.Context(), "tcp", s.address)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }() // nothing was written
	state := conn.(*tls.Conn).ConnectionState()
	return &state
}

func TestCertificateIsRenewed(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{Life: 9 * time.Second})
	s := open(t, authority, t.TempDir(), nil, authority.Domain)
	first := s.issued(t, authority.Domain).PeerCertificates[0]
	require.Eventually(t, func() bool {
		s.Reload() // the next look at what is due would be in two minutes
		return s.issued(t, authority.Domain).PeerCertificates[0].NotAfter.After(first.NotAfter)
	}, timeout, 500*time.Millisecond)
}

// Where port 443 leads elsewhere, port 80 is enough.
func TestCertificateByHTTPChallenge(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{})
	s := open(t, authority, t.TempDir(), func(o *certificate.ACMEOptions) {
		o.TLSAddress = net.JoinHostPort(authority.IP, "5443")
		o.HTTPAddress = net.JoinHostPort(authority.IP, strconv.Itoa(pebbletest.HTTPPort))
	}, authority.Domain)
	require.Eventually(t, func() bool { return s.Status(time.Now()).Usable(time.Now()) }, timeout, 20*time.Millisecond)
}

func TestFailuresOfTheAuthority(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{Blocked: true})
	tests := map[string]struct {
		reason string
		answer *pebbletest.Answer
		detail string
	}{
		"blocked domain": {reason: "DOMAIN_REFUSED"},
		"rate limit": {reason: "RATE_LIMITED", answer: &pebbletest.Answer{Status: 429, Problem: "rateLimited",
			Details: "too many certificates already issued; retry after 2026-12-01"}, detail: "2026-12-01"},
		"CAA": {reason: "CAA", answer: &pebbletest.Answer{Status: 403, Problem: "caa",
			Details: "CAA record for example.com prevents issuance"}, detail: "example.com prevents issuance"},
		"server error": {reason: "AUTHORITY_FAILED", answer: &pebbletest.Answer{Status: 500, Problem: "serverInternal",
			Details: "Service busy"}, detail: "Service busy"},
	}
	for name, test := range tests { // one after the other: they share the address
		t.Run(name, func(t *testing.T) {
			authority.Instead(test.answer)
			defer authority.Instead(nil)
			s := open(t, authority, t.TempDir(), nil, authority.Domain)
			f := s.reported(t, test.reason)
			require.Contains(t, f.Detail, test.detail)
			require.NotEmpty(t, f.Remedy)
			status := s.Status(time.Now())
			require.False(t, status.Usable(time.Now()))
			require.Equal(t, f.ID, status.Failure.ID)
		})
	}
}

// A condition ends when its cause does; Reload tries again at once.
func TestConditionEnds(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{})
	authority.Resolve(t, false)
	s := open(t, authority, t.TempDir(), nil, authority.Domain)
	f := s.reported(t, "DNS")
	require.Equal(t, authority.Domain, f.Details["domain"])
	authority.Resolve(t, true)
	s.Reload()
	s.issued(t, authority.Domain)
	require.Eventually(t, func() bool { return s.Status(time.Now()).Failure == nil }, timeout, 20*time.Millisecond)
}

func TestUnreachableChallenge(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{})
	s := open(t, authority, t.TempDir(), func(o *certificate.ACMEOptions) {
		o.TLSAddress = net.JoinHostPort(authority.IP, "5443") // the authority looks at 5001
	}, authority.Domain)
	f := s.reported(t, "UNREACHABLE")
	require.Equal(t, "tls-alpn-01", f.Details["challenge"])
	require.Contains(t, f.Detail, "Failed to connect")
}

// Another server answers for the name.
func TestRefusedChallenge(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{})
	cert, key := pebbletest.Pair(t, time.Hour, authority.Domain)
	pair, err := tls.X509KeyPair(cert, key)
	require.NoError(t, err)
	other, err := tls.Listen("tcp", net.JoinHostPort(authority.IP, strconv.Itoa(pebbletest.TLSPort)),
		&tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	require.NoError(t, err)
	server := &http.Server{ReadHeaderTimeout: timeout, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	go func() { _ = server.Serve(other) }()
	t.Cleanup(func() { _ = server.Close() })
	s := open(t, authority, t.TempDir(), func(o *certificate.ACMEOptions) {
		o.TLSAddress = net.JoinHostPort(authority.IP, "5443")
	}, authority.Domain)
	s.reported(t, "CHALLENGE_REFUSED")
}

func TestRefusedAccount(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{ExternalAccount: true})
	open(t, authority, t.TempDir(), nil, authority.Domain).reported(t, "ACCOUNT_REFUSED")
}

func TestUnreachableAuthority(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{})
	t.Run("closed port", func(t *testing.T) {
		s := open(t, authority, t.TempDir(), func(o *certificate.ACMEOptions) {
			o.Directory = "https://" + net.JoinHostPort(authority.IP, "1") + "/dir"
		}, authority.Domain)
		require.Contains(t, s.reported(t, "AUTHORITY_UNREACHABLE").Detail, "refused")
	})
	t.Run("untrusted", func(t *testing.T) {
		s := open(t, authority, t.TempDir(), func(o *certificate.ACMEOptions) { o.RootFile = "" }, authority.Domain)
		require.Contains(t, s.reported(t, "AUTHORITY_UNREACHABLE").Detail, "not trusted")
	})
}

func TestStorageThatTakesNoFiles(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{})
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	s := open(t, authority, filepath.Join(file, "acme"), nil, authority.Domain)
	s.reported(t, "STORAGE")
}

func TestRootFile(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "root.pem")
	require.NoError(t, os.WriteFile(empty, []byte("no PEM"), 0o600))
	for _, path := range []string{empty, "/nosuch/root.pem"} {
		_, err := certificate.NewACME(certificate.ACMEOptions{Domains: []string{"meet.example.com"}, RootFile: path,
			TLSAddress: "127.0.0.1:443", Logger: slog.New(slog.DiscardHandler)})
		var wrong *certificate.RootError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, path, wrong.Path)
	}
}
