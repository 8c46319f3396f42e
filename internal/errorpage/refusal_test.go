package errorpage

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

func TestRefuse(t *testing.T) {
	for _, tt := range []struct {
		name, method, path, accept string
		page                       bool
		link                       string
	}{
		{"a browser", "GET", "/nowhere", "text/html,application/xhtml+xml,*/*;q=0.8", true, `href="./errors/4108#ROUTE"`},
		{"deeper", "GET", "/a/b/c?d=/e", "text/html", true, `href="./../../errors/4108#ROUTE"`},
		{"with a slash at its end", "GET", "/a/", "text/html", true, `href="./../errors/4108#ROUTE"`},
		{"a program", "GET", "/nowhere", "*/*", false, ""},
		{"fetch", "GET", "/nowhere", "application/json", false, ""},
		{"a form", "POST", "/nowhere", "text/html", false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, r := httptest.NewRecorder(), httptest.NewRequest(tt.method, tt.path, nil)
			r.Header.Set("Accept", tt.accept)
			f := fault.NotFoundRoute(tt.method, "/<b>nowhere")
			require.Equal(t, tt.page, Refuse(w, r, http.StatusNotFound, f))
			require.Equal(t, "Accept", w.Header().Get("Vary"))
			if !tt.page {
				require.Empty(t, w.Body.String())
				return
			}
			require.Equal(t, http.StatusNotFound, w.Code)
			require.Contains(t, w.Body.String(), tt.link)
			require.Contains(t, w.Body.String(), f.ID)
			require.NotContains(t, w.Body.String(), "<b>nowhere")
		})
	}
}
