package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/server"
	"github.com/klatch/klatch/internal/testserver"
)

// start runs a server as `klatch serve` does: for others, not for this machine alone.
func start(t *testing.T, change func(*conf.Config)) *server.Server {
	t.Helper()
	c := testserver.Config(t.TempDir())
	c.Media.PublicIPs = []string{"127.0.0.1"}
	change(c)
	s, err := server.Start(
		t.Context(),
		server.Options{Config: c, Version: "test", Logger: slog.New(slog.DiscardHandler)},
	)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	return s
}

func get(t *testing.T, url string, header ...string) (status int, body string, got http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(raw), res.Header
}

// What is the operator's takes the operator's token where everybody can ask for it.
func TestPublicAddressTellsOperatorsOnly(t *testing.T) {
	s := start(t, func(*conf.Config) {})
	bearer := []string{"Authorization", "Bearer " + s.AdminToken()}
	status, body, header := get(t, s.URL()+"/metrics")
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, body, "ADMIN_CREDENTIAL")
	require.Equal(t, "Bearer", header.Get("WWW-Authenticate"))
	status, body, _ = get(t, s.URL()+"/metrics", bearer...)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "klatch_sessions")

	status, body, _ = get(t, s.URL()+"/readyz")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, `"media":{"ready":true}`)
	require.NotContains(t, body, "127.0.0.1")
	_, body, _ = get(t, s.URL()+"/readyz", bearer...)
	require.Contains(t, body, "udp 127.0.0.1")
	_, body, _ = get(t, s.URL()+"/readyz", "Authorization", "Bearer wrong")
	require.NotContains(t, body, "127.0.0.1")
}

func TestAdminAddress(t *testing.T) {
	s := start(t, func(c *conf.Config) { c.HTTP.AdminAddress = "127.0.0.1:0" })
	require.NotEqual(t, s.URL(), s.AdminURL())
	bearer := []string{"Authorization", "Bearer " + s.AdminToken()}
	for _, path := range []string{"/metrics", "/admin/v1/accounts", "/admin/v1/nosuch"} {
		status, body, _ := get(t, s.URL()+path, bearer...)
		require.Equal(t, http.StatusNotFound, status, path)
		require.Contains(t, body, `"ADMIN_ADDRESS"`, path)
	}
	_, body, _ := get(t, s.URL()+"/readyz", bearer...)
	require.NotContains(t, body, "127.0.0.1")

	status, body, _ := get(t, s.AdminURL()+"/metrics")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "klatch_sessions")
	status, body, _ = get(t, s.AdminURL()+"/debug/pprof/goroutine?debug=1")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "goroutine profile")
	status, _, _ = get(t, s.URL()+"/debug/pprof/goroutine?debug=1")
	require.Equal(t, http.StatusNotFound, status, "not on the public address")
	_, body, _ = get(t, s.AdminURL()+"/readyz")
	require.Contains(t, body, "udp 127.0.0.1")
	status, _, _ = get(t, s.AdminURL()+"/admin/v1/accounts")
	require.Equal(t, http.StatusUnauthorized, status)
	status, _, _ = get(t, s.AdminURL()+"/admin/v1/accounts", bearer...)
	require.Equal(t, http.StatusOK, status)
	status, body, _ = get(t, s.AdminURL()+"/v2/rooms", bearer...) // for the console, which is there
	require.Equal(t, http.StatusUnauthorized, status)
	require.NotContains(t, body, `"ROUTE"`)
	for _, path := range []string{"/v1/signal", "/", "/hls/x/live.m3u8"} {
		status, body, _ = get(t, s.AdminURL()+path, bearer...)
		require.Equal(t, http.StatusNotFound, status, path)
		require.Contains(t, body, `"ROUTE"`, path)
	}
}

func TestSecurityHeaders(t *testing.T) {
	plain := start(t, func(*conf.Config) {})
	secure := start(t, func(c *conf.Config) {
		c.HTTP.PublicURL = "https://meet.example.com"
		c.HTTP.AdminAddress = "127.0.0.1:0"
	})
	for _, path := range []string{"/v2/rooms", "/admin/v1/accounts", "/openapi.json", "/healthz", "/readyz", "/metrics",
		"/v1/throughput?bytes=1", "/v1/signal", "/errors/4001", "/hls/x/live.m3u8", "/nosuch", "/", "/v2//rooms"} {
		_, _, header := get(t, plain.URL()+path)
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), path)
		require.Empty(t, header.Get("Strict-Transport-Security"), path)
		_, _, header = get(t, secure.AdminURL()+path)
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "max-age=2592000", header.Get("Strict-Transport-Security"), path)
	}
}

func TestOrigins(t *testing.T) {
	h := testserver.Start(
		t,
		func(c *conf.Config) { c.HTTP.Origins = []string{"https://app.example.com", "https://*.example.org"} },
	)
	account := h.Account(t, nil)
	token, meeting := account.Token(t), account.Meeting(t, nil)
	for origin, taken := range map[string]bool{
		"":                                true, // not a page
		"https://app.example.com":         true,
		"HTTPS://App.Example.com":         true,
		h.URL:                             true, // the server's own page
		"https://a.example.org":           true,
		"https://a.b.example.org":         true,
		"https://example.org":             false,
		"https://evilexample.org":         false,
		"http://app.example.com":          false,
		"https://app.example.com:8443":    false,
		"https://app.example.com.evil.io": false,
		"null":                            false,
	} {
		t.Run(origin, func(t *testing.T) {
			socket := h.DialFrom(t, origin)
			status, body, rest := get(t, h.URL+"/v2/rooms", "Authorization", token, "Origin", origin)
			require.Equal(t, "*", rest.Get("Access-Control-Allow-Origin"))
			measured, why, _ := get(t, h.URL+"/v1/throughput?bytes=1", "Origin", origin)
			if taken {
				require.Equal(t, http.StatusOK, measured, why)
				_, f := socket.Call(t, "join", testserver.JoinParams(token, meeting, ""))
				require.Nil(t, f)
				require.Equal(t, http.StatusOK, status)
				return
			}
			f := socket.Refusal(t)
			require.Equal(t, "ORIGIN_REFUSED", f.Reason)
			require.Equal(t, origin, f.Details["origin"])
			require.Equal(t, 3102, socket.Closed(t))
			require.Equal(t, http.StatusForbidden, status)
			require.Contains(t, body, "ORIGIN_REFUSED")
			require.Equal(t, http.StatusForbidden, measured)
			require.Contains(t, why, "ORIGIN_REFUSED")
		})
	}
	status, body, _ := get(t, h.URL+"/healthz", "Origin", "https://evil.io")
	require.Equal(t, http.StatusOK, status, body)
}

// The address of signaling may end with a slash, as base addresses that are put together do.
func TestSignalingTakesATrailingSlash(t *testing.T) {
	s := start(t, func(*conf.Config) {})
	for _, path := range []string{"/v1/signal", "/v1/signal/"} {
		ws, _, err := websocket.Dial(t.Context(), s.URL()+path, nil)
		require.NoError(t, err, path)
		require.NoError(t, ws.CloseNow())
	}
	status, body, _ := get(t, s.URL()+"/v1/signal/other")
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "/v1/signal/other")
}
