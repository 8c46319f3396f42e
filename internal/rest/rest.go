// Package rest serves REST v2 and the admin API.
//
// It owns the HTTP side of both: paths, shapes, what a request may hold, and the form of a refusal. One
// OpenAPI 3.1 document, made from the types of its handlers, describes them and is served at /openapi.json.
// Whether a token may call is the gate's judgement; what is kept is the store's, what runs is the meetings'.
// internal/server builds the API and mounts it.
package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/feed"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/trace"
	"github.com/klatch/klatch/internal/version"
)

// Options of an API. Report is called once for each refusal, before it is sent.
type Options struct {
	Store     *store.Store
	Gate      *gate.Gate
	Meetings  *meeting.Meetings
	Cluster   Cluster // nil: this server is alone
	Egress    Egress
	Files     Files
	Temporary Temporary
	Stills    Stills
	Ingest    Ingest
	Console   Console // nil: no cookie is taken
	Quality   Quality // nil: nothing is measured
	Alerts    Alerts
	Webhooks  Webhooks
	Trace     *trace.Tracer // nil: no spans
	PreCall   PreCall
	// PreCallKept is how many reports of pre-call tests an account keeps.
	PreCallKept int
	// Readiness returns whether new calls can be taken, and what the server can do and cannot, for the operator.
	Readiness func(ctx context.Context) (ready bool, capabilities map[string]Capability)

	HLSAddresses func(base, jobID string) (playback, live string) // where a stream is played
	Bucket       string                                           // of UserStorage
	UserStorage  bool                                             // files lie in a bucket of the operator's
	WebhookKey   string                                           // public, in PEM

	AdminToken   string             // credential of /admin/v1; "" refuses every admin call
	Presentation fault.Presentation // of the faults in answers; without a base URL they take that of the request
	// public address of the server, without a slash at its end; "" takes the request's own
	BaseURL string
	// PublicAddress is the same where the admin API has an address of its own: base of the links that it makes for others.
	PublicAddress string
	Limits        Limits
	Limiter       *ratelimit.Limiter // of what comes before a token holds; nil limits nothing
	Report        func(ctx context.Context, f *fault.Error)

	Conditions  Conditions                        // the faults that last; nil: none
	Drills      Drills                            // nil: none are made
	Nodes       func(context.Context) []NodeEntry // that are alive, the own one first; nil: none
	Drainer     Drainer                           // nil: a server that is alone
	Events      *feed.Feed                        // what event streams read; nil refuses them
	EventLimits feed.Limits

	CheckOrigin func(r *http.Request) *fault.Error // refuses pages that may not call; nil: all may
	// Page shows a refusal to somebody who has opened an address in a browser, and reports whether it has; nil: JSON.
	Page func(w http.ResponseWriter, r *http.Request, status int, f *fault.Error) bool
}

// Limits of what one API key may ask, and of how long a client may take to send a body. A zero value is the
// default beside it.
type Limits struct {
	Requests    int           // 1000
	Window      time.Duration // 10 s
	BodyTimeout time.Duration // 10 s
}

// API is the handler of /v2/, /admin/v1/ and /openapi.json, and may serve as the handler of last resort: what
// it does not know it answers with 4108 ROUTE. It is safe for concurrent use.
type API struct {
	opts   Options
	router *router
	packed http.Handler // router, with large answers compressed
	huma   huma.API
	limit  *limiter
}

// describeMutex is held while an API is made: huma keeps what it learns of a type in variables of its own, and several
// servers may start in one process.
var describeMutex sync.Mutex

// Limit is that of requests with one API key.
func (a *API) Limit() ratelimit.Shared { return a.limit }

// New makes the API with all its routes.
func New(opts Options) *API {
	describeMutex.Lock()
	defer describeMutex.Unlock()
	opts.Limits.Requests = cmp.Or(opts.Limits.Requests, 1000)
	opts.Limits.Window = cmp.Or(opts.Limits.Window, 10*time.Second)
	opts.Limits.BodyTimeout = cmp.Or(opts.Limits.BodyTimeout, 10*time.Second)
	if opts.Limiter == nil {
		opts.Limiter = ratelimit.New(ratelimit.Limits{})
	}
	if opts.Drills == nil {
		opts.Drills = noDrills{}
	}
	a := &API{opts: opts, limit: newLimiter(opts.Limits)}
	a.router = newRouter(a)
	a.packed = compressed(a.router)
	a.huma = humago.New(a.router, config())
	a.roomRoutes()
	a.sessionRoutes()
	a.participantRoutes()
	a.statsRoutes()
	a.egressRoutes()
	a.accountRoutes()
	a.keyRoutes()
	a.overviewRoutes()
	a.faultRoutes()
	a.conditionRoutes()
	a.nodeRoutes()
	a.drillRoutes()
	a.eventRoutes()
	a.alertRoutes()
	a.streamKeyRoutes()
	a.inviteRoutes()
	a.auditRoutes()
	a.timelineRoutes()
	a.deliveryRoutes()
	a.accountKeyRoutes()
	a.temporaryFileRoutes()
	a.preCallRoutes()
	a.describeWHIP()
	a.notOfferedRoutes()
	a.completeDocument()
	a.describe()
	return a
}

// describe serves the OpenAPI document. It is written at its first request: few servers are asked for it, and the
// YAML form takes 50 ms.
func (a *API) describe() {
	for kind, write := range map[string]func() ([]byte, error){"json": a.OpenAPI, "yaml": a.huma.OpenAPI().YAML} {
		document := sync.OnceValue(func() []byte {
			describeMutex.Lock()
			defer describeMutex.Unlock()
			document, err := write()
			if err != nil {
				panic(fmt.Sprintf("rest: the types of the handlers make no document: %v", err))
			}
			return document
		})
		a.router.HandleFunc("GET /openapi."+kind, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/openapi+"+kind)
			_, _ = w.Write(document()) // the client is gone, or has it
		})
	}
}

// schemaPrefix begins a reference to a schema of the document.
const schemaPrefix = "#/components/schemas/"

func config() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Servers: servers,
			Info: &huma.Info{
				Title: "Klatch", Version: version.Number, License: license,
				Description: "Rooms, sessions, participants, recordings, livestreams and HLS (REST v2), and the admin API. " +
					"Every refusal is a fault: `code`, `name` and `message` as published, `reason` and `detail` for the cause, " +
					"`remedy` for what to do.",
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry(schemaPrefix, schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token": {Type: "apiKey", In: "header", Name: "Authorization",
						Description: "A JWT signed with the secret of an API key, without a prefix. It may call REST with the role " +
							"`crawler`. Without roles it may as well, unless it holds ask_join, names a room or a participant, or the " +
							"account requires the role."},
					"participant": {Type: "http", Scheme: "bearer", BearerFormat: "JWT",
						Description: "A JWT with which a participant joins (allow_join), or one that may call REST."},
					"admin": {Type: "http", Scheme: "bearer", Description: "The admin token of this server."},
					"console": {Type: "apiKey", In: "cookie", Name: "klatch_console",
						Description: "The cookie of a sign-in to the console (POST /console/v1/sign-in). Changes need the header " +
							"X-Klatch-CSRF. The operator and support name the account of a call under /v2 in the header " +
							"X-Klatch-Account."},
				},
			},
		},
		Formats:                      huma.DefaultFormats,
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true, // a filter with a typo would list everything
	}
}

// schemaName returns the name of a type in the document. The names of package job say what they are of only together
// with the package.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if of, ok := strings.CutPrefix(name, "Page"); ok && strings.HasPrefix(t.Name(), "Page[") {
		return of + "Page"
	}
	if t == reflect.TypeFor[job.Config]() || t == reflect.TypeFor[job.Layout]() || t == reflect.TypeFor[job.Switch]() {
		return "Egress" + name
	}
	return name
}

// OpenAPI returns the document that is served at /openapi.json.
func (a *API) OpenAPI() ([]byte, error) { return json.MarshalIndent(a.huma.OpenAPI(), "", "  ") }

type apiKeyType struct{}

func apiOf(ctx context.Context) *API { return ctx.Value(apiKeyType{}).(*API) }

// ServeHTTP answers one request. REST is called from servers, and from pages under development: any origin may call
// with a token. The cookie of the console is taken from pages of this server alone: browsers hand no answer to another
// origin that sent a cookie, for that takes Access-Control-Allow-Credentials, and changes are judged by Console.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	preflight := r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
	if preflight { // passes everywhere, so that a page can read the refusal of the request itself
		header.Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
		header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
		header.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	ctx := context.WithValue(context.WithValue(r.Context(), apiKeyType{}, a), scopeKey{}, &scope{})
	ctx, span := trace.StartServer(trace.ExtractHeader(a.opts.Trace.With(ctx), r.Header), "request",
		"http.request.method", knownMethod(r.Method))
	defer func() { span.End(nil) }()
	defer func() { nameSpan(ctx, span, r.Method) }()
	r = r.WithContext(context.WithValue(ctx, requestKey{}, r))
	started := &startedWriter{ResponseWriter: w}
	defer a.recovered(started, r)
	if a.opts.CheckOrigin != nil {
		if f := a.opts.CheckOrigin(r); f != nil { // the preflight passed, so that the page can read this
			a.write(started, r, f)
			return
		}
	}
	r = withoutTrailingSlash(r)
	if escaped := r.URL.EscapedPath(); path.Clean(escaped) != escaped { // the mux would answer with a redirect
		a.write(started, r, fault.NotFoundRoute(r.Method, r.URL.Path))
		return
	}
	if isCompressible(r) {
		a.packed.ServeHTTP(started, r)
		return
	}
	a.router.ServeHTTP(started, r)
}

// knownMethod returns a method of HTTP, and for another word none: it may be anything.
func knownMethod(method string) string {
	if slices.Contains(methods, method) || method == http.MethodHead || method == http.MethodOptions {
		return method
	}
	return "_OTHER"
}

// nameSpan names the span of a request after its route: a path may hold a name.
func nameSpan(ctx context.Context, span trace.Span, method string) {
	scope := scopeOf(ctx)
	name := scope.operation
	if name == "" {
		name = knownMethod(method) + " unknown"
	}
	span.Name(name)
	span.Set("http.route", scope.operation, "klatch.account.id", scope.accountID, "klatch.meeting.id", scope.meetingID,
		"klatch.session.id", scope.sessionID)
}

// withoutTrailingSlash drops the slash at the end of the path, which many clients add. It is not answered with a
// redirect: clients drop the body or the token when they follow one.
func withoutTrailingSlash(r *http.Request) *http.Request {
	escaped := r.URL.EscapedPath()
	if escaped == "/" || !strings.HasSuffix(escaped, "/") {
		return r
	}
	address := *r.URL
	address.Path = strings.TrimSuffix(address.Path, "/")
	address.RawPath = strings.TrimSuffix(address.RawPath, "/")
	trimmed := *r
	trimmed.URL = &address
	return &trimmed
}

// recovered turns a panic into the one INTERNAL fault. An answer that has begun is cut off instead.
func (a *API) recovered(w *startedWriter, r *http.Request) {
	switch cause := recover(); cause {
	case nil:
	case http.ErrAbortHandler:
		panic(cause)
	default:
		f := fault.ServerUnavailableInternal().
			Because(fmt.Errorf("panic in %s %s: %v\n%s", r.Method, r.URL.Path, cause, debug.Stack()))
		if w.started {
			a.opts.Report(r.Context(), f)
			panic(http.ErrAbortHandler)
		}
		a.write(w, r, f)
	}
}

// Refuse answers with a fault for another handler of the server.
func (a *API) Refuse(w http.ResponseWriter, r *http.Request, err error) { a.write(w, r, err) }

// write answers with a fault from outside huma.
func (a *API) write(w http.ResponseWriter, r *http.Request, err error) {
	if a.sendOn(w, r) {
		return
	}
	body := a.refuse(w, r, err)
	if a.opts.Page != nil && a.opts.Page(w, r, body.Status, (*fault.Error)(&body.Fault)) {
		return
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(body.Status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone, or has it
}

// base returns the address under which the client reaches the server.
func (a *API) base(r *http.Request) string {
	if a.opts.BaseURL != "" {
		return a.opts.BaseURL
	}
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// startedWriter records that an answer has begun.
type startedWriter struct {
	http.ResponseWriter
	started bool
}

func (w *startedWriter) WriteHeader(status int) {
	w.started = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *startedWriter) Write(p []byte) (int, error) {
	w.started = true
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the connection.
func (w *startedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
