package sdk

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

// certificate makes a self-signed one for 127.0.0.1, and the pool that trusts it.
func certificate(t *testing.T, notAfter time.Time, hosts ...string) (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "test"},
		NotBefore:             notAfter.Add(-48 * time.Hour),
		NotAfter:              notAfter,
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, pool
}

// The causes are real: ports, sockets, certificates and proxies that fail as they do in the world.
func TestUnreachable(t *testing.T) {
	listen := func(t *testing.T) net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		return l
	}
	serve := func(t *testing.T, fn http.HandlerFunc) string {
		s := httptest.NewServer(fn)
		t.Cleanup(s.Close)
		return s.URL
	}
	serveTLS := func(t *testing.T, c tls.Certificate) string {
		s := httptest.NewUnstartedServer(http.NotFoundHandler())
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.TLS = &tls.Config{Certificates: []tls.Certificate{c}}
		s.StartTLS()
		t.Cleanup(s.Close)
		return s.URL
	}
	day := 24 * time.Hour
	for _, tt := range []struct {
		name, reason string
		start        func(t *testing.T) (url string, pool *x509.CertPool)
		key          string
		want         any
	}{
		{"closed port", "REFUSED", func(t *testing.T) (string, *x509.CertPool) {
			l := listen(t)
			_ = l.Close()
			return "http://" + l.Addr().String(), nil
		}, "", nil},
		{"name that does not resolve", "DNS", func(*testing.T) (string, *x509.CertPool) {
			return "http://no-such-host.invalid:4000", nil
		}, "host", "no-such-host.invalid"},
		{"listener that never answers", "CONNECT_TIMEOUT", func(t *testing.T) (string, *x509.CertPool) {
			return "http://" + listen(t).Addr().String(), nil
		}, "timeoutMs", int64(300)},
		{"no route", "NO_ROUTE", func(*testing.T) (string, *x509.CertPool) {
			return "http://255.255.255.255:4000", nil
		}, "", nil},
		{"port that speaks something else", "NOT_HTTP", func(t *testing.T) (string, *x509.CertPool) {
			l := listen(t)
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = c.Write([]byte("SSH-2.0-OpenSSH_9.2p1\r\n\r\n"))
					_ = c.Close()
				}
			}()
			return "http://" + l.Addr().String(), nil
		}, "", nil},
		{"web server that answers 404", "NOT_KLATCH", func(t *testing.T) (string, *x509.CertPool) {
			return serve(t, http.NotFound), nil
		}, "status", int64(404)},
		{"web server that answers 200", "NOT_KLATCH", func(t *testing.T) (string, *x509.CertPool) {
			return serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }), nil
		}, "status", int64(200)},
		{"redirect", "REDIRECTED", func(t *testing.T) (string, *x509.CertPool) {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://example.com/klatch"+r.URL.Path+"?from=secret", http.StatusFound)
			}), nil
		}, "suggested", "https://example.com/klatch"},
		{"redirect to a login", "REDIRECTED", func(t *testing.T) (string, *x509.CertPool) {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/login?next="+r.URL.Path, http.StatusTemporaryRedirect)
			}), nil
		}, "", nil},
		{"proxy without its server", "GATEWAY_DOWN", func(t *testing.T) (string, *x509.CertPool) {
			return serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGatewayTimeout) }), nil
		}, "attempts", int64(1)},
		{"proxy that wants a password", "FORBIDDEN", func(t *testing.T) (string, *x509.CertPool) {
			return serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }), nil
		}, "status", int64(401)},
		{"klatch above the path", "WRONG_PATH", func(t *testing.T) (string, *x509.CertPool) {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/a/healthz" {
					_, _ = w.Write([]byte(`{"service":"klatch","status":"ok"}`))
					return
				}
				http.NotFound(w, r)
			}) + "/a/b/c", nil
		}, "", nil},
		{"proxy that strips the upgrade", "UPGRADE_STRIPPED", func(t *testing.T) (string, *x509.CertPool) {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/healthz" {
					_, _ = w.Write([]byte(`{"service":"klatch","status":"ok"}`))
					return
				}
				http.Error(w, "upgrade required", http.StatusUpgradeRequired)
			}), nil
		}, "status", int64(426)},
		{"server that wants a certificate", "TLS", func(t *testing.T) (string, *x509.CertPool) {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
			s.StartTLS()
			t.Cleanup(s.Close)
			pool := x509.NewCertPool()
			pool.AddCert(s.Certificate())
			return s.URL, pool
		}, "problem", "tls: certificate required"},
		{"server without a certificate for the name", "TLS", func(t *testing.T) (string, *x509.CertPool) {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
				return nil, errors.New("no such name")
			}}
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL, nil
		}, "problem", "tls: internal error"},
		{"self-signed certificate", "TLS", func(t *testing.T) (string, *x509.CertPool) {
			c, _ := certificate(t, time.Now().Add(day), "127.0.0.1")
			return serveTLS(t, c), nil
		}, "problem", "x509: certificate signed by unknown authority"},
		{"expired certificate", "TLS", func(t *testing.T) (string, *x509.CertPool) {
			c, pool := certificate(t, time.Now().Add(-day), "127.0.0.1")
			return serveTLS(t, c), pool
		}, "", nil},
		{"certificate of another host", "TLS", func(t *testing.T) (string, *x509.CertPool) {
			c, pool := certificate(t, time.Now().Add(day), "example.com")
			return serveTLS(t, c), pool
		}, "", nil},
		{"https to a server without", "TLS", func(t *testing.T) (string, *x509.CertPool) {
			return "https" + serve(t, http.NotFound)[len("http"):], nil
		}, "problem", "the server does not speak TLS; use http"},
		{"http to a server with", "SPEAKS_TLS", func(t *testing.T) (string, *x509.CertPool) {
			c, _ := certificate(t, time.Now().Add(day), "127.0.0.1")
			return "http" + serveTLS(t, c)[len("https"):], nil
		}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, pool := tt.start(t)
			timeout := 20 * time.Second
			if tt.reason == "CONNECT_TIMEOUT" {
				timeout = 300 * time.Millisecond
			}
			m, err := InitMeeting(
				Options{
					URL:            url,
					Token:          "t",
					MeetingID:      "m",
					ConnectTimeout: timeout,
					JoinAttempts:   1,
					TLS:            &tls.Config{RootCAs: pool},
				},
			)
			require.NoError(t, err)
			var events []*fault.Error
			m.OnError(func(f *fault.Error) { events = append(events, f) })
			told := make(chan struct{})
			m.OnMeetingLeft(func(LeaveReason, *fault.Error) { close(told) })
			err = m.Join(t.Context())
			var f *fault.Error
			require.ErrorAs(t, err, &f)
			require.Equal(t, 3102, f.Code, f.Error())
			require.Equal(t, tt.reason, f.Reason, f.Error())
			require.True(t, f.Fatal)
			if tt.key != "" {
				require.Equal(t, tt.want, f.Details[tt.key])
			}
			<-told
			require.Equal(t, []*fault.Error{f}, events)
		})
	}
}

func TestBadURL(t *testing.T) {
	for _, url := range []string{"ftp://host", "host:4000", "http://", "http://a b", "http://user:hunter2@host", "::",
		" http://host", `"http://host"`, "http://host:99999", "http://host/meet/abcd-efgh-ijkl#token=hunter2",
		"http://host?token=hunter2"} {
		_, err := InitMeeting(Options{URL: url, Token: "t", MeetingID: "m"})
		var f *fault.Error
		require.ErrorAs(t, err, &f, url)
		require.Equal(t, "BAD_URL", f.Reason, url)
		require.NotContains(t, f.Error(), "hunter2", "a secret is shown")
	}
	for _, url := range []string{"http://host", "https://host/klatch/", "ws://host:1", "wss://host/"} {
		_, err := InitMeeting(Options{URL: url, Token: "t", MeetingID: "m"})
		require.NoError(t, err, url)
	}
}
