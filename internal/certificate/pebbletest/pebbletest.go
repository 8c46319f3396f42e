// Package pebbletest runs Pebble, the ACME authority that Let's Encrypt tests its clients with, for tests: with a DNS
// server of its own and behind a proxy that can answer in its place.
package pebbletest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
)

// Authority is a running Pebble. It validates challenges at the ports TLSPort and HTTPPort of IP, to which every name
// resolves.
type Authority struct {
	IP        string // of this machine, and of this authority alone
	Domain    string // of this authority alone: challenges are kept by domain for the whole process
	Directory string
	RootFile  string // PEM of what the authority's own certificate is checked with

	management string
	instead    atomic.Pointer[Answer]
	requests   atomic.Int64
}

// Answer is what the authority answers instead of its own answer to a new order.
type Answer struct {
	Status           int
	Problem, Details string // type without urn:ietf:params:acme:error:
}

// The ports at which Pebble validates.
const (
	TLSPort  = 5001
	HTTPPort = 5002
)

var started atomic.Uint32

// Options of an authority.
type Options struct {
	Blocked         bool          // it refuses Domain
	ExternalAccount bool          // it takes no account without one
	Life            time.Duration // of certificates; 0: 90 days
}

// Start runs an authority that ends with the test. Without the programs, which `make tools` installs, the test is
// skipped.
func Start(t testing.TB, opts Options) *Authority {
	t.Helper()
	pebble, dns := program(t, "pebble"), program(t, "pebble-challtestsrv")
	dir := t.TempDir()
	// 127.0.0.0/8 is this machine's: an address of its own needs no free ports to be searched.
	pid, n := os.Getpid(), started.Add(1)
	a := &Authority{IP: fmt.Sprintf("127.%d.%d.%d", 100+pid>>8%100, pid%256, n%256),
		Domain: fmt.Sprintf("meet%d.example.com", n)}
	var blocked []string
	if opts.Blocked {
		blocked = append(blocked, a.Domain)
	}
	cert, key := selfSigned(t, dir, a.IP)
	a.RootFile = cert

	a.management = "http://" + net.JoinHostPort(a.IP, "8055")
	run(t, nil, dns, "-dnsserver", net.JoinHostPort(a.IP, "8053"), "-management", net.JoinHostPort(a.IP, "8055"),
		"-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "", "-defaultIPv4", a.IP, "-defaultIPv6", "")
	own := net.JoinHostPort(a.IP, "14000")
	life := cmp.Or(opts.Life, 90*24*time.Hour)
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": own, "managementListenAddress": "", "certificate": cert, "privateKey": key,
		"httpPort": HTTPPort, "tlsPort": TLSPort, "domainBlocklist": blocked,
		"externalAccountBindingRequired": opts.ExternalAccount,
		"retryAfter":                     map[string]int{"authz": 1, "order": 1},
		"profiles": map[string]any{"default": map[string]any{"description": "",
			"validityPeriod": int(life / time.Second)}},
	}})
	require.NoError(t, err)
	path := filepath.Join(dir, "pebble.json")
	require.NoError(t, os.WriteFile(path, config, 0o600))
	run(t, []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "PEBBLE_AUTHZREUSE=0"},
		pebble, "-config", path, "-dnsserver", net.JoinHostPort(a.IP, "8053"))
	a.serve(t, own, cert, key)
	return a
}

// serve puts the proxy in front of Pebble and waits until that answers.
func (a *Authority) serve(t testing.TB, own, certFile, keyFile string) {
	trusting := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // #nosec G402 -- on this machine
	proxy := &httputil.ReverseProxy{Transport: trusting, ErrorLog: log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "https", Host: own})
			r.Out.Host = r.In.Host // the authority makes addresses of it
		}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.requests.Add(1)
		if answer := a.instead.Load(); answer != nil && strings.HasPrefix(r.URL.Path, "/order-plz") {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(answer.Status)
			_ = json.NewEncoder(w).Encode(map[string]any{"type": "urn:ietf:params:acme:error:" + answer.Problem,
				"detail": answer.Details, "status": answer.Status})
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", net.JoinHostPort(a.IP, "0"))
	require.NoError(t, err)
	require.NoError(t, server.Listener.Close())
	server.Listener = listener
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // Pebble is not there yet; certificates that are refused
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	server.StartTLS()
	t.Cleanup(server.Close)
	a.Directory = server.URL + "/dir"
	client := &http.Client{Transport: trusting, Timeout: time.Second}
	require.Eventually(t, func() bool {
		res, err := client.Get(a.Directory)
		if err != nil {
			return false
		}
		defer func() { _ = res.Body.Close() }() // read-only
		return res.StatusCode == http.StatusOK
	}, 20*time.Second, 20*time.Millisecond, "pebble does not answer")
}

// Instead lets the authority answer a new order with this; nil: as it does by itself.
func (a *Authority) Instead(answer *Answer) { a.instead.Store(answer) }

// Requests returns how many requests the authority got.
func (a *Authority) Requests() int64 { return a.requests.Load() }

// Resolve decides whether the authority can look Domain up.
func (a *Authority) Resolve(t testing.TB, ok bool) {
	t.Helper()
	path := "/set-servfail"
	if ok {
		path = "/clear-servfail"
	}
	body, err := json.Marshal(map[string]string{"host": a.Domain})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, a.management+path,
			bytes.NewReader(body))
		require.NoError(t, err)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		defer func() { _ = res.Body.Close() }() // read-only
		return res.StatusCode == http.StatusOK
	}, 10*time.Second, 20*time.Millisecond)
}

func program(t testing.TB, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	out, err := exec.Command("go", "env", "GOPATH").Output()
	require.NoError(t, err)
	path := filepath.Join(strings.TrimSpace(string(out)), "bin", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s here: `make tools` installs it", name)
	}
	return path
}

func run(t testing.TB, env []string, name string, args ...string) {
	t.Helper()
	cmd := testprocess.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, io.Discard
	process := testprocess.Start(t, cmd)
	t.Cleanup(func() {
		process.Kill() // then it writes nothing to out
		if t.Failed() {
			t.Logf("%s: %s", filepath.Base(name), out.String())
		}
	})
}

// Pair makes a key and a certificate for names that is valid from now on for so long, and returns them in PEM. Many
// tests need one.
func Pair(t testing.TB, life time.Duration, names ...string) (certPEM, keyPEM []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	now := time.Now()
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: names[0]},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
}

func selfSigned(t testing.TB, dir, ip string) (certFile, keyFile string) {
	cert, key := Pair(t, 24*time.Hour, ip, "localhost")
	certFile, keyFile = filepath.Join(dir, "authority.pem"), filepath.Join(dir, "authority-key.pem")
	require.NoError(t, os.WriteFile(certFile, cert, 0o600))
	require.NoError(t, os.WriteFile(keyFile, key, 0o600))
	return certFile, keyFile
}
