package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/rest/client"
)

func TestEveryWayNotToReachIt(t *testing.T) {
	html := httptest.NewServer(
		http.HandlerFunc(
			func(w http.ResponseWriter, r *http.Request) { http.Error(w, "<html>", http.StatusBadGateway) },
		),
	)
	t.Cleanup(html.Close)
	page := httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<html>") }),
	)
	t.Cleanup(page.Close)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	strict := httptest.NewUnstartedServer(http.NotFoundHandler())
	strict.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return nil, errors.New("no such name")
	}}
	strict.StartTLS()
	t.Cleanup(strict.Close)
	t.Cleanup(secure.Close)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	refused := closed.Addr().String()
	require.NoError(t, closed.Close())

	for _, c := range []struct {
		name, url, reason string
		code              int
	}{
		{"no scheme", "localhost:4000", "BAD_URL", 3102},
		{"no host", "http://", "BAD_URL", 3102},
		{"another scheme", "ws://localhost", "BAD_URL", 3102},
		{"unknown name", "http://no-such-host.invalid", "DNS", 3102},
		{"nothing listens", "http://" + refused, "REFUSED", 3102},
		{"a proxy's error page", html.URL, "NOT_KLATCH", 3102},
		{"another program's page", page.URL, "NOT_KLATCH", 3102},
		{"an unknown authority", secure.URL, "TLS", 3102},
		{"a server that wants a certificate", strict.URL, "TLS", 3102},
		{"https to http", strings.Replace(page.URL, "http:", "https:", 1), "TLS", 3102},
		{"http to https", strings.Replace(secure.URL, "https:", "http:", 1), "NOT_KLATCH", 3102},
	} {
		t.Run(c.name, func(t *testing.T) {
			api, err := client.New(c.url, "token-of-the-test")
			if err == nil {
				var out map[string]any
				err = api.Call(t.Context(), "GET", "/admin/v1/accounts", url.Values{"page": {"1"}}, nil, &out)
			}
			var f *fault.Error
			require.ErrorAs(t, err, &f)
			require.Equal(t, c.code, f.Code)
			require.Equal(t, c.reason, f.Reason, "%v", f.Unwrap())
			require.NotContains(t, f.Error(), "token-of-the-test")
		})
	}
	api, err := client.New(page.URL, "x")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, api.Call(ctx, "GET", "/", nil, nil, nil), fault.OperationAbortedCancelled(""))
}
