package server

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"

	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/console"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/errorpage"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// routes says who answers what. What nobody knows goes to REST, which answers 4108 ROUTE.
func (s *Server) routes(api, shows, files http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/v1/signal", s.signal)
	mux.Handle("/errors", errorpage.Handler())
	mux.Handle("/errors/", errorpage.Handler())
	mux.Handle(egress.HLSPath, http.StripPrefix(strings.TrimSuffix(egress.HLSPath, "/"), shows))
	mux.Handle(blob.LinkPath, files)
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics, promhttp.HandlerOpts{}))
	mux.Handle("/", console.Handler(api))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux would answer //v2/rooms with a redirect, which loses the body or the token with many clients.
		if asked := r.URL.EscapedPath(); asked != "/" && path.Clean(asked) != strings.TrimSuffix(asked, "/") {
			api.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// health says that this is Klatch and that it runs. Clients ask it to tell a wrong address from a proxy that
// strips the WebSocket upgrade, so pages of every origin may read it.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	writeJSON(w, http.StatusOK, map[string]any{"service": "klatch", "status": "ok", "version": s.version})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
