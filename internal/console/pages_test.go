package console

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// isBuilt reports whether the page is among the embedded files.
func isBuilt(app string) bool {
	_, err := files.Open("dist/" + app + "/index.html")
	return err == nil
}

func TestPages(t *testing.T) {
	tests := map[string]struct {
		path     string
		status   int
		kind     string // of content, or the target of a redirect
		handedOn bool
	}{
		"start page":              {path: "/", status: 200, kind: "text/html; charset=utf-8"},
		"meeting page":            {path: "/meet/abcd-efgh-ijkl", status: 200, kind: "text/html; charset=utf-8"},
		"meeting page without id": {path: "/meet/", status: 200, kind: "text/html; charset=utf-8"},
		"slash is missing":        {path: "/meet", status: 308, kind: "meet/"},
		"slash too many":          {path: "/meet/abcd-efgh-ijkl/", status: 308, kind: "../abcd-efgh-ijkl"},
		"watch page":              {path: "/watch/0b3e-77", status: 200, kind: "text/html; charset=utf-8"},
		"watch page without id":   {path: "/watch/", status: 200, kind: "text/html; charset=utf-8"},
		"its slash is missing":    {path: "/watch", status: 308, kind: "watch/"},
		"its slash too many":      {path: "/watch/0b3e-77/", status: 308, kind: "../0b3e-77"},
		"API page":                {path: "/api/", status: 200, kind: "text/html; charset=utf-8"},
		"without its slash":       {path: "/api", status: 308, kind: "api/"},
		"deeper than the API":     {path: "/api/x", handedOn: true},
		"test page, no slash":     {path: "/test", status: 308, kind: "test/"},
		"deeper than the test":    {path: "/test/x", handedOn: true},
		"deeper than a stream":    {path: "/watch/a/b", handedOn: true},
		"a name that begins so":   {path: "/watchers", handedOn: true},
		"console":                 {path: "/console/", status: 200, kind: "text/html; charset=utf-8"},
		"console without a slash": {path: "/console", status: 308, kind: "console/"},
		"a view of the console":   {path: "/console/faults/flt_1", status: 200, kind: "text/html; charset=utf-8"},
		"no asset of the console": {path: "/console/assets/none.js", handedOn: true},
		"the console's API":       {path: "/console/v1/me", handedOn: true},
		"begins like the console": {path: "/consoles", handedOn: true},
		"browser SDK":             {path: "/sdk/klatch.js", status: 200, kind: "text/javascript; charset=utf-8"},
		"its published name":      {path: "/sdk/videosdk.js", status: 200, kind: "text/javascript; charset=utf-8"},
		"its published address":   {path: "/js-sdk/1.1.1/videosdk.js", status: 200, kind: "text/javascript; charset=utf-8"},
		"another file there":      {path: "/js-sdk/1.1.1/other.js", handedOn: true},
		"no version":              {path: "/js-sdk/videosdk.js", handedOn: true},
		"no such file":            {path: "/sdk/klatch.exe", handedOn: true},
		"escaped slash in the id": {path: "/meet/a%2Fb", status: 200, kind: "text/html; charset=utf-8"},
		"and a slash too many":    {path: "/meet/a%2Fb/", status: 308, kind: "../a%2Fb"},
		"escaped way out":         {path: "/v2/rooms/..%2f..", handedOn: true},
		"deeper than a meeting":   {path: "/meet/a/b", handedOn: true},
		"out of the folder":       {path: "/sdk/../../pages.go", handedOn: true},
		"REST":                    {path: "/v2/rooms", handedOn: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			handedOn := false
			h := Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { handedOn = true }))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, test.path, nil))
			require.Equal(t, test.handedOn, handedOn)
			if test.handedOn || strings.HasPrefix(test.path, "/console") && !isBuilt("console") {
				return
			}
			require.Equal(t, test.status, w.Code)
			if test.status == http.StatusPermanentRedirect {
				require.Equal(t, test.kind, w.Header().Get("Location"))
				return
			}
			require.Equal(t, test.kind, w.Header().Get("Content-Type"))
			require.NotEmpty(t, w.Body.Bytes())
		})
	}
}

func TestPagesRunNoForeignScript(t *testing.T) {
	for _, path := range []string{"/meet/x", "/watch/x", "/api/", "/test/", "/console/x"} {
		if app, _, _ := strings.Cut(path[1:], "/"); !isBuilt(app) {
			continue
		}
		w := httptest.NewRecorder()
		Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		policy := w.Header().Get("Content-Security-Policy")
		require.Regexp(t, "default-src '(self|none)'", policy)
		require.NotContains(t, policy, "worker-src", "workers are files of ours: the player runs without one")
		require.NotContains(t, w.Body.String(), "<script>", "scripts are files")
		require.Equal(t, path == "/meet/x", strings.Contains(policy, "'wasm-unsafe-eval'"), path)
		require.NotContains(t, strings.ReplaceAll(policy, "'wasm-unsafe-eval'", ""), "unsafe")
	}
}

func TestNobodyFramesTheConsole(t *testing.T) {
	if !isBuilt("console") {
		t.Skip("make web builds the console")
	}
	w := httptest.NewRecorder()
	Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/console/faults/flt_1", nil))
	policy := w.Header().Get("Content-Security-Policy")
	require.Contains(t, policy, "frame-ancestors 'none'")
	require.Contains(t, policy, "connect-src 'self';")
	require.NotContains(t, policy, "unsafe")
}

// Every view of the console finds its files, however deep its address is.
func TestViewsFindTheirFiles(t *testing.T) {
	if !isBuilt("console") {
		t.Skip("make web builds the console")
	}
	linked := regexp.MustCompile(`(?:src|href)="(\.[^"]+)"`)
	for _, address := range []string{
		"/console/", "/console/faults", "/console/faults/flt_1", "/console/a/b/c/", "/console/a%2Fb",
	} {
		w := httptest.NewRecorder()
		Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		found := linked.FindAllStringSubmatch(w.Body.String(), -1)
		require.NotEmpty(t, found)
		for _, link := range found {
			at, err := url.Parse(address)
			require.NoError(t, err)
			at, err = at.Parse(link[1])
			require.NoError(t, err)
			w := httptest.NewRecorder()
			Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, at.EscapedPath(), nil))
			require.Equal(t, http.StatusOK, w.Code, at.Path)
			require.NotContains(t, w.Header().Get("Content-Type"), "html", at.Path)
		}
	}
}

func TestPagesFindTheirFiles(t *testing.T) {
	linked := regexp.MustCompile(`(?:src|href)="\./([^"]+)"`)
	for _, page := range []string{"meet/x", "watch/x", "api/"} {
		app, _, _ := strings.Cut(page, "/")
		w := httptest.NewRecorder()
		Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+page, nil))
		found := linked.FindAllStringSubmatch(w.Body.String(), -1)
		require.NotEmpty(t, found)
		for _, link := range found {
			w := httptest.NewRecorder()
			Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+app+"/"+link[1], nil))
			require.Equal(t, http.StatusOK, w.Code, link[1])
			require.NotContains(t, w.Header().Get("Content-Type"), "html", link[1])
		}
	}
}

func TestPagesAreCompressed(t *testing.T) {
	get := func(accept string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/sdk/klatch.js", nil)
		r.Header.Set("Accept-Encoding", accept)
		Handler(nil).ServeHTTP(w, r)
		require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		return w
	}
	plain := get("").Body.Bytes()
	for accept, packed := range map[string]bool{
		"gzip": true, "br, gzip;q=0.5": true, "GZIP": true, "br": false, "gzip;q=0": false, "gzip; q=0.0, br": false,
	} {
		w := get(accept)
		require.Equal(t, packed, w.Header().Get("Content-Encoding") == "gzip", accept)
		content := w.Body.Bytes()
		if packed {
			require.Less(t, len(content), len(plain)/2)
			r, err := gzip.NewReader(w.Body)
			require.NoError(t, err)
			content, err = io.ReadAll(r)
			require.NoError(t, err)
		}
		require.Equal(t, plain, content, accept)
	}
}
