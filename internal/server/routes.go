package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/compose"
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

// capability is one thing the server can do, or cannot at the moment.
type capability struct {
	Ready  bool   `json:"ready"`
	Detail string `json:"detail,omitempty"`
}

// ready says what works: 200 when new calls can be taken, else 503.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	database := capability{Ready: true}
	if err := s.Store.Alive(ctx, time.Now()); err != nil { // a write: a full disk answers questions
		database = capability{Detail: "the database takes nothing; the log has the cause"}
		s.log.Error("readiness", "capability", "database", "err", err)
	}
	udp, tcp := s.media.Addrs() // open since the start, which fails without them, until the end
	media := capability{Ready: true, Detail: fmt.Sprintf("udp %v, tcp %v", udp, tcp)}
	encoder := capability{Ready: true}
	if f := s.egress.Ready(ctx); f != nil {
		encoder = capability{Detail: f.Detail}
	}
	capabilities := map[string]capability{"database": database, "media": media, "encoder": encoder, "fonts": fonts()}
	status, ready := http.StatusOK, true
	// Meetings go on without the encoder and fonts: only recordings and streams need them.
	if !database.Ready || !media.Ready {
		status, ready = http.StatusServiceUnavailable, false
	}
	writeJSON(w, status, map[string]any{"ready": ready, "capabilities": capabilities})
}

// fonts says what recordings can write names in.
func fonts() capability {
	var scripts, packages []string
	for _, gap := range compose.Gaps() {
		scripts = append(scripts, gap.Script)
		if !slices.Contains(packages, gap.Package) {
			packages = append(packages, gap.Package)
		}
	}
	if len(scripts) == 0 {
		return capability{Ready: true}
	}
	return capability{Detail: fmt.Sprintf("no font for %s: recordings and streams show such names as squares; install %s (Debian)",
		strings.Join(scripts, ", "), strings.Join(packages, " "))}
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
