package tlsalert_test

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/tlsalert"
)

func TestProblem(t *testing.T) {
	for name, tc := range map[string]struct {
		config *tls.Config
		want   string
	}{
		"a certificate of the client": {&tls.Config{ClientAuth: tls.RequireAnyClientCert}, "tls: certificate required"},
		"versions of the past": {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
			"tls: protocol version not supported"},
		"a name that is not served": {&tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return nil, errors.New("no certificate")
		}}, "tls: internal error"},
		"no common protocol": {&tls.Config{NextProtos: []string{"acme-tls/1"}}, ""}, // Go then leaves it out
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.TLS = tc.config
			s.StartTLS()
			defer s.Close()
			res, err := s.Client().Get(s.URL)
			if err == nil {
				require.NoError(t, res.Body.Close())
			}
			require.Equal(t, tc.want, tlsalert.Problem(err), "%v", err)
		})
	}
}

func TestOtherFailures(t *testing.T) {
	tlsServer := httptest.NewUnstartedServer(http.NotFoundHandler())
	tlsServer.Config.ErrorLog = log.New(io.Discard, "", 0)
	tlsServer.StartTLS()
	defer tlsServer.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	for name, url := range map[string]string{
		"a certificate that nobody signed": tlsServer.URL,
		"no TLS":                           strings.Replace(plain.URL, "http:", "https:", 1),
		"a closed port":                    "https://" + l.Addr().String(),
		"no such name":                     "https://nobody.invalid",
	} {
		t.Run(name, func(t *testing.T) {
			res, err := http.Get(url)
			if err == nil {
				require.NoError(t, res.Body.Close())
			}
			require.Error(t, err)
			require.Empty(t, tlsalert.Problem(err), "%v", err)
		})
	}
	require.Empty(t, tlsalert.Problem(nil))
}
