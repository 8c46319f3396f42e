package certificate_test

import (
	"context"
	"crypto/tls"
	"log/slog"

	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/certificate"
	"github.com/klatch/klatch/internal/certificate/pebbletest"
)

// files is a source that is run, with a TLS listener, and what it reported.
type files struct {
	*certificate.Files
	certFile, keyFile string
	address           string
	faults            chan *fault.Error
}

func openFiles(t *testing.T, life, every time.Duration) *files {
	t.Helper()
	dir := t.TempDir()
	f := &files{certFile: filepath.Join(dir, "cert.pem"), keyFile: filepath.Join(dir, "key.pem"),
		faults: make(chan *fault.Error, 8)}
	f.write(t, life, "first.example.com")
	var err error
	f.Files, err = certificate.NewFiles(certificate.FilesOptions{CertFile: f.certFile, KeyFile: f.keyFile, Every: every,
		Logger: slog.New(slog.DiscardHandler), Report: func(_ context.Context, got *fault.Error) { f.faults <- got }})
	require.NoError(t, err)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", f.TLSConfig())
	require.NoError(t, err)
	f.address = listener.Addr().String()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = conn.(*tls.Conn).Handshake() }()
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	t.Cleanup(func() { _ = listener.Close(); cancel(); <-done })
	return f
}

func (f *files) write(t *testing.T, life time.Duration, name string) {
	t.Helper()
	cert, key := pebbletest.Pair(t, life, name)
	require.NoError(t, os.WriteFile(f.certFile, cert, 0o600))
	require.NoError(t, os.WriteFile(f.keyFile, key, 0o600))
}

// served returns the name in the certificate that a new connection gets.
func (f *files) served(t *testing.T) string {
	t.Helper()
	conn, err := tls.Dial("tcp", f.address, &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, err)
	defer func() { _ = conn.Close() }() // nothing was written
	return conn.ConnectionState().PeerCertificates[0].DNSNames[0]
}

func (f *files) serves(t *testing.T, name string) {
	t.Helper()
	require.Eventually(t, func() bool { return f.served(t) == name }, timeout, 10*time.Millisecond)
}

const year = 365 * 24 * time.Hour

func TestChangedFilesAreLoaded(t *testing.T) {
	t.Parallel()
	f := openFiles(t, year, 200*time.Millisecond) // both files change in less, also on a busy machine
	require.Equal(t, "first.example.com", f.served(t))
	f.write(t, year, "second.example.com")
	f.serves(t, "second.example.com")

	// certbot and Kubernetes switch a link.
	dir := t.TempDir()
	cert, key := pebbletest.Pair(t, year, "third.example.com")
	for path, content := range map[string][]byte{f.certFile: cert, f.keyFile: key} {
		target := filepath.Join(dir, filepath.Base(path))
		require.NoError(t, os.WriteFile(target, content, 0o600))
		require.NoError(t, os.Symlink(target, path+".new"))
		require.NoError(t, os.Rename(path+".new", path))
	}
	f.serves(t, "third.example.com")
	require.Empty(t, f.faults)
}

func TestReloadLooksAtOnce(t *testing.T) {
	t.Parallel()
	f := openFiles(t, year, time.Hour)
	f.write(t, year, "second.example.com")
	f.Reload()
	f.serves(t, "second.example.com")
}

func TestBrokenFilesKeepTheCertificate(t *testing.T) {
	t.Parallel()
	cert, key := pebbletest.Pair(t, year, "other.example.com")
	tests := map[string]struct {
		cert, key []byte // nil: the file stays
		setting   string
		problem   string
	}{
		"no PEM":                    {[]byte("hello"), key, "http.certFile", "no CERTIFICATE block"},
		"certificate cut off":       {cert[:200], key, "http.certFile", "no CERTIFICATE block"},
		"key of another":            {nil, key, "http.keyFile", "does not match"},
		"no key":                    {cert, []byte("hello"), "http.keyFile", "key"},
		"key file of a certificate": {cert, cert, "http.keyFile", "key"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := openFiles(t, year, 10*time.Millisecond)
			if test.cert != nil {
				require.NoError(t, os.WriteFile(f.certFile, test.cert, 0o600))
			}
			require.NoError(t, os.WriteFile(f.keyFile, test.key, 0o600))
			var got *fault.Error
			select {
			case got = <-f.faults:
			case <-time.After(timeout):
				t.Fatal("nothing was reported")
			}
			require.Equal(t, "FILE", got.Reason)
			require.Equal(t, test.setting, got.Details["setting"])
			require.Contains(t, got.Details["problem"], test.problem)
			require.Equal(t, "first.example.com", f.served(t))
			status := f.Status(time.Now())
			require.True(t, status.Usable(time.Now()))
			require.Equal(t, got.ID, status.Failure.ID)

			f.write(t, year, "second.example.com")
			f.serves(t, "second.example.com")
			require.Eventually(t, func() bool { return f.Status(time.Now()).Failure == nil }, timeout, 10*time.Millisecond)
			require.Empty(t, f.faults, "one incident is reported once")
		})
	}
}

// A pair that is written one file after the other does not match for a moment.
func TestHalfWrittenPairIsNoFailure(t *testing.T) {
	t.Parallel()
	f := openFiles(t, year, time.Second)
	cert, key := pebbletest.Pair(t, year, "second.example.com")
	require.NoError(t, os.WriteFile(f.certFile, cert, 0o600))
	require.NoError(t, os.WriteFile(f.keyFile, key, 0o600))
	f.serves(t, "second.example.com")
	require.Empty(t, f.faults)
}

func TestExpiryIsACondition(t *testing.T) {
	t.Parallel()
	for reason, life := range map[string]time.Duration{"EXPIRES_SOON": 10 * 24 * time.Hour,
		"CERTIFICATE_EXPIRED": -time.Minute, "": 15 * 24 * time.Hour} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			f := openFiles(t, life, time.Hour)
			if reason == "" {
				require.Nil(t, f.Status(time.Now()).Failure)
				return
			}
			if life > 0 { // of a certificate of ten days and an hour, a sixth is left after nine
				require.Nil(t, f.Status(time.Now()).Failure)
				require.Equal(t, reason, f.Status(time.Now().Add(9*24*time.Hour)).Failure.Reason)
				return
			}
			select {
			case got := <-f.faults:
				require.Equal(t, reason, got.Reason)
				require.Equal(t, "first.example.com", got.Details["names"])
			case <-time.After(timeout):
				t.Fatal("nothing was reported")
			}
			require.False(t, f.Status(time.Now()).Usable(time.Now()))
		})
	}
}

func TestUnusableFilesAtTheStart(t *testing.T) {
	dir := t.TempDir()
	cert, key := pebbletest.Pair(t, year, "meet.example.com")
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(certFile, cert, 0o600))
	require.NoError(t, os.WriteFile(keyFile, key, 0o600))
	for setting, opts := range map[string]certificate.FilesOptions{
		"http.certFile": {CertFile: filepath.Join(dir, "nosuch"), KeyFile: keyFile},
		"http.keyFile":  {CertFile: certFile, KeyFile: filepath.Join(dir, "nosuch")},
	} {
		_, err := certificate.NewFiles(opts)
		var wrong *certificate.FileError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, setting, wrong.Setting)
		require.Equal(t, "no such file or directory", wrong.Problem)
	}
}
