package server_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/certificate/pebbletest"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// secure is a server with HTTPS by certificate files.
type secure struct {
	*testserver.Server
	certFile, keyFile string
	trusted           *tls.Config // the certificate that was written last, and no other
}

func startSecure(t *testing.T, changes ...func(*conf.Config)) *secure {
	t.Helper()
	dir := t.TempDir()
	s := &secure{certFile: filepath.Join(dir, "cert.pem"), keyFile: filepath.Join(dir, "key.pem")}
	s.renew(t)
	s.Server = testserver.Start(t, append(changes, func(c *conf.Config) {
		c.HTTP.CertFile, c.HTTP.KeyFile = s.certFile, s.keyFile
		c.HTTP.AdminAddress = "127.0.0.1:0"
	})...)
	return s
}

// renew writes another certificate into the files.
func (s *secure) renew(t *testing.T) {
	t.Helper()
	cert, key := pebbletest.Pair(t, 365*24*time.Hour, "127.0.0.1", "meet.example.com")
	require.NoError(t, os.WriteFile(s.certFile, cert, 0o600))
	require.NoError(t, os.WriteFile(s.keyFile, key, 0o600))
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(cert))
	s.trusted = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// trustedBy reports whether a new connection of a client with this configuration is accepted by it.
func (s *secure) trustedBy(config *tls.Config) bool {
	conn, err := tls.Dial("tcp", strings.TrimPrefix(s.URL, "https://"), config)
	if err == nil {
		_ = conn.Close() // nothing was written
	}
	return err == nil
}

// meetingOf makes a meeting of an account without REST, whose client does not trust the certificate.
func meetingOf(t *testing.T, s *testserver.Server, account testserver.Account) string {
	t.Helper()
	made, _, err := s.InProcess.Store.CreateMeeting(t.Context(), record.Meeting{AccountID: account.ID})
	require.NoError(t, err)
	return made.ID
}

// caller joins over TLS.
func (s *secure) caller(t *testing.T, token, meeting, name string, change func(*sdk.Options)) *sdk.Meeting {
	t.Helper()
	options := sdk.Options{URL: s.URL, Token: token, MeetingID: meeting, ParticipantID: name, TLS: s.trusted}
	change(&options)
	m, err := sdk.InitMeeting(options)
	require.NoError(t, err)
	m.OnError(func(f *fault.Error) { t.Errorf("%s: %v", name, f) })
	m.OnMeetingStateChanged(func(state sdk.State) {
		if state == sdk.Reconnecting {
			t.Errorf("%s lost its connection", name)
		}
	})
	require.NoError(t, m.Join(t.Context()))
	return m
}

// New connections get the certificate that was written while people talk; those who talk notice nothing.
func TestCertificateSwappedDuringACall(t *testing.T) {
	t.Parallel()
	s := startSecure(t)
	account := s.Account(t, nil)
	token, meeting := account.Token(t), meetingOf(t, s.Server, account)
	ann := s.caller(t, token, meeting, "ann", func(o *sdk.Options) { o.MicEnabled, o.WebcamEnabled = true, true })
	var packets atomic.Int64
	receive := func(p *sdk.Participant, stream *sdk.Stream) {
		go func() {
			for {
				if _, err := stream.ReadRTP(t.Context()); err != nil {
					return
				}
				packets.Add(1)
			}
		}()
	}
	bob := s.caller(t, token, meeting, "bob", func(o *sdk.Options) { o.Mode = sdk.RecvOnly })
	bob.OnStreamEnabled(receive)
	for _, stream := range bob.Participant("ann").Streams() {
		receive(bob.Participant("ann"), stream)
	}
	flows := func(why string) {
		t.Helper()
		before := packets.Load()
		require.Eventually(t, func() bool { return packets.Load() > before+20 }, testserver.Timeout, 10*time.Millisecond, why)
	}
	flows("before")

	before := s.trusted
	require.True(t, s.trustedBy(before))
	s.renew(t)
	require.False(t, s.trustedBy(s.trusted), "not loaded yet")
	s.InProcess.Reload()
	require.Eventually(t, func() bool { return s.trustedBy(s.trusted) }, testserver.Timeout, 10*time.Millisecond)
	require.False(t, s.trustedBy(before))

	flows("after")
	_, err := ann.PubSub().Publish(t.Context(), "CHAT", "still here", sdk.PublishOptions{})
	require.NoError(t, err, "ann's connection, with the certificate before, works")
	carol := s.caller(t, token, meeting, "carol", func(*sdk.Options) {})
	require.Eventually(t, func() bool { return ann.Participant("carol") != nil }, testserver.Timeout, 10*time.Millisecond)
	for _, m := range []*sdk.Meeting{ann, bob, carol} {
		require.Equal(t, sdk.Connected, m.State())
		require.NoError(t, m.Leave(t.Context()))
	}
}

func TestCertificateMetrics(t *testing.T) {
	t.Parallel()
	s := startSecure(t)
	_, body, _ := get(t, s.InProcess.AdminURL()+"/metrics")
	require.Regexp(t, `klatch_certificate_expiry_timestamp_seconds 1\.\d+e\+09`, body)
	require.Contains(t, body, "klatch_certificate_failing 0")
	_, body, _ = get(t, s.InProcess.AdminURL()+"/readyz")
	require.Contains(t, body, `"certificate":{"ready":true,"detail":"valid until `)
	require.Contains(t, body, `"certificateRenewal":{"ready":true}`)
	require.NoError(t, os.WriteFile(s.keyFile, nil, 0o600))
	s.InProcess.Reload()
	require.Eventually(t, func() bool {
		_, body, _ = get(t, s.InProcess.AdminURL()+"/metrics")
		return strings.Contains(body, "klatch_certificate_failing 1")
	}, testserver.Timeout, 10*time.Millisecond)
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	plain := fmt.Sprintf("127.98.%d.%d:8080", os.Getpid()>>8%256, os.Getpid()%256) // of this process alone
	startSecure(t, func(c *conf.Config) {
		c.HTTP.RedirectAddress = plain
		c.HTTP.PublicURL = "https://meet.example.com"
	})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, c := range []struct{ method, path, host, want string }{
		{"GET", "/meet/abcd?x=1", "meet.example.com", "https://meet.example.com/meet/abcd?x=1"},
		{"GET", "/", "MEET.example.com:80", "https://MEET.example.com/"},
		{"POST", "/v2/rooms", "127.0.0.1", "https://127.0.0.1/v2/rooms"},
		{"GET", "/a%2Fb", "evil.example.org", "https://meet.example.com/a%2Fb"},
		{"GET", "//evil.example.org/", "meet.example.com", "https://meet.example.com//evil.example.org/"},
		{"GET", "/.well-known/acme-challenge/x", "meet.example.com", "https://meet.example.com/.well-known/acme-challenge/x"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, "http://"+plain+c.path, strings.NewReader("{}"))
		require.NoError(t, err)
		req.Host = c.host
		res, err := client.Do(req)
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, res.Body)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusPermanentRedirect, res.StatusCode, c)
		require.Equal(t, c.want, res.Header.Get("Location"))
	}
}

// One setting, a domain, is enough: the certificate comes from the authority, and a client joins.
func TestACME(t *testing.T) {
	t.Parallel()
	authority := pebbletest.Start(t, pebbletest.Options{})
	address := net.JoinHostPort(authority.IP, strconv.Itoa(pebbletest.TLSPort))
	s := testserver.Start(t, func(c *conf.Config) {
		c.HTTP.ACME = []string{authority.Domain}
		c.HTTP.ACMEDirectory, c.HTTP.ACMERootFile = authority.Directory, authority.RootFile
		c.HTTP.Address = address
		c.HTTP.RedirectAddress = net.JoinHostPort(authority.IP, strconv.Itoa(pebbletest.HTTPPort))
		c.HTTP.AdminAddress = "127.0.0.1:0"
	})
	var page struct{ Ready bool }
	require.Eventually(t, func() bool {
		_, body, _ := get(t, s.InProcess.AdminURL()+"/readyz")
		require.NoError(t, json.Unmarshal([]byte(body), &page))
		return page.Ready
	}, testserver.Timeout, 20*time.Millisecond, "the server waits for its certificate")
	account := s.Account(t, nil)
	m, err := sdk.InitMeeting(sdk.Options{URL: "https://" + address, Token: account.Token(t),
		MeetingID: meetingOf(t, s, account), TLS: &tls.Config{
			ServerName: authority.Domain, InsecureSkipVerify: true, // #nosec G402 -- Pebble makes its root at its start
			VerifyConnection: func(state tls.ConnectionState) error {
				return state.PeerCertificates[0].VerifyHostname(authority.Domain)
			},
		}})
	require.NoError(t, err)
	require.NoError(t, m.Join(t.Context()))
	require.NoError(t, m.Leave(t.Context()))
}
