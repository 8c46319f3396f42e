package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/pprof"
	"path"
	"strings"
	"time"

	"github.com/klatch/klatch"
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/console"
	"github.com/klatch/klatch/internal/docs"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/errorpage"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/signin"
	"github.com/klatch/klatch/internal/throughput"
	"github.com/klatch/klatch/internal/whip"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// routes returns the handler of the public address. A path that no other part knows goes to REST, which answers 4108
// ROUTE.
func (s *Server) routes(api *rest.API, streams, files http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/v1/signal", s.signal)
	mux.Handle("/v1/signal/{$}", s.signal)
	for _, path := range []string{whip.WHIPPath, whip.WHEPPath} {
		mux.Handle(path, s.whip)
		mux.Handle(path+"/", s.whip)
	}
	mux.Handle(throughput.Path, s.fromOrigins(s.throughput, api))
	mux.Handle("/errors", errorpage.Handler())
	mux.Handle("/errors/", errorpage.Handler())
	pages := console.Handler(api)
	documentation(mux, pages, api)
	signed := s.hlsLinks.Handler(
		s.hlsOfNodes(streams, api.Refuse),
		func(w http.ResponseWriter, r *http.Request, problem string) {
			api.Refuse(w, r, fault.NotPermittedHLSLink(problem))
		},
	)
	mux.Handle(egress.HLSPath, http.StripPrefix(strings.TrimSuffix(egress.HLSPath, "/"), signed))
	mux.Handle(blob.LinkPath, files)
	mux.Handle(signin.Path, s.signIn)
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { s.ready(w, r, s.detailed(r, api)) })
	if s.conf.HTTP.AdminAddress == "" {
		mux.Handle("GET /metrics", s.operatorOnly(promhttp.HandlerFor(s.metrics, promhttp.HandlerOpts{}), api))
	} else {
		elsewhere := func(w http.ResponseWriter, r *http.Request) {
			api.Refuse(w, r, fault.NotFoundAdminAddress(r.URL.Path))
		}
		mux.HandleFunc("/metrics", elsewhere)
		mux.HandleFunc("/admin/", elsewhere)
	}
	mux.Handle("/", pages)
	return s.secured(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux would answer //v2/rooms with a redirect, which loses the body or the token with many clients.
		if asked := r.URL.EscapedPath(); asked != "/" && path.Clean(asked) != strings.TrimSuffix(asked, "/") {
			api.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	}))
}

// fromOrigins keeps pages away that http.origins does not list. Their preflights pass, so that they can read why.
func (s *Server) fromOrigins(next http.Handler, api *rest.API) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := s.checkOrigin(r); f != nil && r.Method != http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			api.Refuse(w, r, f)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// workerRoutes are those of the port for workers: signaling, and REST for drills.
func (s *Server) workerRoutes(api *rest.API) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/v1/signal", s.signal)
	mux.Handle("/v2/", api)
	return mux
}

// adminRoutes are those of http.adminAddress: whoever reaches it is an operator, though the admin API takes its token.
// The console is there, too, with the REST that it calls: the operator signs in at this address alone.
func (s *Server) adminRoutes(api *rest.API) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { s.ready(w, r, true) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics, promhttp.HandlerOpts{}))
	mux.Handle("/admin/", api)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.Handle("/v2/", api)
	mux.Handle(signin.Path, s.signIn)
	pages := console.Handler(api)
	mux.Handle("/console", pages)
	mux.Handle("/console/", pages)
	mux.Handle("/errors/", errorpage.Handler())
	documentation(mux, pages, api)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		api.Refuse(w, r, fault.NotFoundRoute(r.Method, r.URL.Path))
	})
	return s.secured(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(signin.WithAdminAddress(r.Context())))
	}))
}

// documentation adds the pages below /docs.
func documentation(mux *http.ServeMux, pages, api http.Handler) {
	handler := docs.Handler(klatch.Documents, console.Built(), api)
	mux.Handle(docs.Path, handler)
	mux.Handle(docs.Path+"/", handler)
	mux.Handle(docs.Path+"/assets/", pages)
}

// secured sets the headers that every answer has.
func (s *Server) secured(next http.Handler) http.Handler {
	hsts := ""
	if s.conf.IsHTTPS() && s.conf.HTTP.HSTS > 0 {
		hsts = fmt.Sprintf("max-age=%d", int64(s.conf.HTTP.HSTS/time.Second))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if hsts != "" {
			w.Header().Set("Strict-Transport-Security", hsts)
		}
		next.ServeHTTP(w, r)
	})
}

// detailed reports whether a request on the public address may see the details of the readiness: with the admin token,
// or while the server is for this machine alone.
func (s *Server) detailed(r *http.Request, api *rest.API) bool {
	return s.loopback ||
		s.conf.HTTP.AdminAddress == "" && r.Header.Get("Authorization") != "" && api.CheckAdmin(r) == nil
}

// operatorOnly serves an operator's page on the public address.
func (s *Server) operatorOnly(next http.Handler, api *rest.API) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.loopback {
			if f := api.CheckAdmin(r); f != nil {
				w.Header().Set("WWW-Authenticate", "Bearer")
				api.Refuse(w, r, f)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// health answers that this is Klatch and that it runs. Clients use it to distinguish a wrong address from a proxy that
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
