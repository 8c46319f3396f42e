package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/signin"
	"github.com/klatch/klatch/internal/testserver"
)

// Whoever is signed in to the console stays so when the server is started again; who has signed out does not come back.
func TestConsoleSessionsOutliveTheServer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	open := func() *testserver.Server {
		return testserver.Start(t, func(c *conf.Config) { c.Data.Dir = dir })
	}
	do := func(h *testserver.Server, method, path, body string, cookie *http.Cookie, csrf string) (*http.Response, []byte) {
		req, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		if cookie != nil {
			req.AddCookie(cookie)
			req.Header.Set("X-Klatch-CSRF", csrf)
		}
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer func() { _ = res.Body.Close() }() // read to its end
		answer, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res, answer
	}
	first := open()
	signIn := func() (*http.Cookie, string) {
		res, answer := do(first, http.MethodPost, "/console/v1/sign-in", `{"adminToken":"`+first.AdminToken()+`"}`, nil, "")
		require.Equal(t, http.StatusOK, res.StatusCode, string(answer))
		var me signin.Me
		require.NoError(t, json.Unmarshal(answer, &me))
		require.Len(t, res.Cookies(), 1)
		return res.Cookies()[0], me.CSRF
	}
	cookie, csrf := signIn()
	gone, goneCSRF := signIn()
	res, answer := do(first, http.MethodPost, "/console/v1/sign-out", "", gone, goneCSRF)
	require.Less(t, res.StatusCode, 300, string(answer))
	first.Close(t)

	second := open()
	res, answer = do(second, http.MethodGet, "/console/v1/me", "", cookie, csrf)
	require.Equal(t, http.StatusOK, res.StatusCode, string(answer))
	res, _ = do(second, http.MethodGet, "/console/v1/me", "", gone, goneCSRF)
	require.Equal(t, http.StatusUnauthorized, res.StatusCode)
	res, answer = do(second, http.MethodPost, "/console/v1/sign-out", "", cookie, csrf)
	require.Less(t, res.StatusCode, 300, "the token against forged requests outlives it too: "+string(answer))
}
