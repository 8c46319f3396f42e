package console

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

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
		"browser SDK":             {path: "/sdk/klatch.js", status: 200, kind: "text/javascript; charset=utf-8"},
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
			if test.handedOn {
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
	w := httptest.NewRecorder()
	Handler(nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/meet/x", nil))
	require.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'self'")
	require.NotContains(t, w.Body.String(), "<script>", "scripts are files")
}
