package errorpage

import (
	"net/http"
	"strings"

	"github.com/klatch/klatch/fault"
)

// Refuse answers a request with a page that shows the fault, where somebody has made it by opening an address in a
// browser. It reports false, and does nothing, for a request of a program.
func Refuse(w http.ResponseWriter, r *http.Request, status int, f *fault.Error) bool {
	w.Header().Add("Vary", "Accept")
	if !wantsPage(r) {
		return false
	}
	asked, _, _ := strings.Cut(r.RequestURI, "?") // as the browser sees it, whatever was made of it since
	if !strings.HasPrefix(asked, "/") {
		asked = r.URL.Path
	}
	// Links are relative: a proxy may have stripped a prefix.
	up := "./" + strings.Repeat("../", max(0, strings.Count(asked, "/")-1))
	render(w, status, "refusal.html",
		map[string]any{"Title": f.Message, "Root": up + "errors", "Start": up, "Docs": up + "docs/", "Status": status,
			"Fault": f})
	return true
}

func wantsPage(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	for accepted := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		if kind, _, _ := strings.Cut(accepted, ";"); strings.TrimSpace(kind) == "text/html" {
			return true
		}
	}
	return false
}
