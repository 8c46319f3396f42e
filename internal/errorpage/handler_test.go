package errorpage_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/errorpage"
	"github.com/stretchr/testify/require"
)

func get(t *testing.T, server, path string) (*http.Response, string) {
	t.Helper()
	res, err := http.Get(server + path)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(body)
}

func TestEveryReasonHasItsAnchor(t *testing.T) {
	server := httptest.NewServer(errorpage.Handler())
	defer server.Close()
	_, index := get(t, server.URL, "/errors")
	for _, e := range fault.Catalogue() {
		res, page := get(t, server.URL, fmt.Sprintf("/errors/%d", e.Code))
		require.Equal(t, http.StatusOK, res.StatusCode, e.Key())
		require.Contains(t, page, fmt.Sprintf(`<article id="%s">`, e.Reason), e.Key())
		require.Contains(t, page, e.Name)
		require.Contains(t, index, fmt.Sprintf(`href="errors/%d#%s"`, e.Code, e.Reason))
		require.NotContains(t, page, "<script")
		require.NotContains(t, page, "style=")
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "default-src 'none'")
	}
}

// Every link must lead somewhere behind a path prefix that a proxy strips.
func TestLinksWorkBehindAPrefix(t *testing.T) {
	server := httptest.NewServer(http.StripPrefix("/call/me", errorpage.Handler()))
	defer server.Close()
	href := regexp.MustCompile(`href="([^"]+)"`)
	for _, path := range []string{"/call/me/errors", "/call/me/errors/", "/call/me/errors/4002",
		"/call/me/errors/invalid_token", "/call/me/errors/4999"} {
		res, page := get(t, server.URL, path)
		require.Contains(t, res.Request.URL.Path, "/call/me/errors", path)
		base := res.Request.URL
		links := href.FindAllStringSubmatch(page, -1)
		require.Greater(t, len(links), 2, path)
		tried := map[string]bool{}
		for _, link := range links {
			target, err := url.Parse(link[1])
			require.NoError(t, err)
			target = base.ResolveReference(target)
			target.Fragment = ""
			if target.Path == "/call/me/docs/" {
				continue // internal/docs has the test of it
			}
			if tried[target.Path] {
				continue
			}
			tried[target.Path] = true
			res, _ := get(t, server.URL, target.Path)
			require.Equal(t, http.StatusOK, res.StatusCode, "%s on %s", link[1], path)
		}
	}
}

func TestUnknownCodeNamesTheNearest(t *testing.T) {
	server := httptest.NewServer(errorpage.Handler())
	defer server.Close()
	for _, tc := range []struct{ name, path, want string }{
		{"number", "/errors/4000", `href="./4001"`},
		{"leading zero", "/errors/04001", `href="./4001"`},
		{"misspelled name", "/errors/INVALID_TOKN", `href="./4002"`},
		{"huge", "/errors/99999999999999999999999999", `href=`},
		{"hostile", "/errors/" + url.PathEscape(`"><script>alert(1)</script>`+strings.Repeat("é", 500)), `href=`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, page := get(t, server.URL, tc.path)
			require.Equal(t, http.StatusNotFound, res.StatusCode)
			require.Contains(t, page, tc.want)
			require.NotContains(t, page, "<script")
			require.Less(t, len(page), 8<<10)
		})
	}
}
