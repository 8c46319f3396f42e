package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// maxBodyBytes bounds what a client may send in one request.
const maxBodyBytes = 256 << 10

// methods is what a route may be asked with; the answer to a wrong method lists those that exist.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}

// router is the mux that huma registers on. It checks the body before huma does, because huma keeps of a
// syntax error only its text, and answers what no route takes.
type router struct {
	*http.ServeMux
	api *API
}

func newRouter(api *API) *router {
	r := &router{ServeMux: http.NewServeMux(), api: api}
	r.ServeMux.HandleFunc("/", r.unrouted)
	return r
}

// HandleFunc is called by humago once for each operation.
func (r *router) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	diverted := r.api.divertible(handler)
	r.ServeMux.HandleFunc(pattern, func(w http.ResponseWriter, req *http.Request) {
		scope := scopeOf(req.Context())
		scope.operation, scope.pathValue = pattern, req.PathValue
		err := checkQuery(req)
		if err == nil {
			err = r.readBody(w, req)
		}
		if err != nil {
			r.api.write(w, req, err)
			return
		}
		diverted(w, req)
	})
}

// unrouted distinguishes a path that does not exist from a method that it does not take. OPTIONS is answered with what
// it takes (RFC 9110, section 9.3.7).
func (r *router) unrouted(w http.ResponseWriter, req *http.Request) {
	var allowed []string
	for _, method := range methods {
		probe := req.Clone(req.Context())
		probe.Method = method
		if _, found := r.ServeMux.Handler(probe); found != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 && req.Method == http.MethodOptions {
		w.Header().Set("Allow", allowHeader(allowed))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if len(allowed) > 0 && !slices.Contains(allowed, req.Method) {
		r.api.write(w, req, fault.InvalidMessageMethodNotAllowed(req.Method, req.URL.Path, allowed))
		return
	}
	r.api.write(w, req, fault.NotFoundRoute(req.Method, req.URL.Path))
}

// allowHeader returns the Allow header for a path that takes these methods: what takes GET takes HEAD, and all take
// OPTIONS.
func allowHeader(methods []string) string {
	all := slices.Clone(methods)
	if slices.Contains(all, http.MethodGet) && !slices.Contains(all, http.MethodHead) {
		all = append(all, http.MethodHead)
	}
	if !slices.Contains(all, http.MethodOptions) {
		all = append(all, http.MethodOptions)
	}
	return strings.Join(all, ", ")
}

// pattern is the path of the route, with names for what varies; the path itself where none matched.
func pattern(r *http.Request) string {
	if _, path, ok := strings.Cut(r.Pattern, " "); ok {
		return path
	}
	return r.URL.Path
}

// checkQuery refuses what net/url and huma would leave out silently, which would widen a filter.
func checkQuery(req *http.Request) error {
	method := req.Method + " " + pattern(req)
	query, err := url.ParseQuery(req.URL.RawQuery)
	if err != nil {
		return fault.InvalidMessageBadParams(method, "the query", "it cannot be read: "+err.Error()).Because(err)
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if n := len(query[name]); n > 1 {
			return fault.InvalidMessageBadParams(method, name, fmt.Sprintf("it is given %d times", n))
		}
	}
	return nil
}

// readBody reads a body within the limit and checks that it is one JSON text. An empty body passes: whether
// one is needed is up to the operation.
func (r *router) readBody(w http.ResponseWriter, req *http.Request) error {
	if req.Body == nil || req.Method == http.MethodGet || req.Method == http.MethodHead {
		return nil
	}
	connection := http.NewResponseController(w)
	// else the server's own deadline holds
	_ = connection.SetReadDeadline(time.Now().Add(r.api.opts.Limits.BodyTimeout))
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	_, err := buffer.ReadFrom(http.MaxBytesReader(w, req.Body, maxBodyBytes))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return fault.InvalidMessageTooLarge(maxBodyBytes)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fault.InvalidMessageNotJSON(
			buffer.Len(), fmt.Sprintf("the rest of the body did not come within %v", r.api.opts.Limits.BodyTimeout),
		).
			Because(err)
	}
	if err != nil {
		return fault.InvalidMessageNotJSON(buffer.Len(), "the body breaks off").Because(err)
	}
	// one that passes later would cancel the handler
	_ = connection.SetReadDeadline(time.Time{})
	// RFC 8259, section 8.1: a byte order mark may be ignored
	body := bytes.TrimPrefix(bytes.Clone(buffer.Bytes()), []byte("\ufeff"))
	req.Body = io.NopCloser(bytes.NewReader(body))
	scopeOf(req.Context()).body = body
	if len(body) == 0 {
		return nil
	}
	if given := req.Header.Get("Content-Type"); given != "" {
		if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
			return fault.InvalidMessageContentType(given)
		}
		req.Header.Set("Content-Type", "application/json") // the router compares with this spelling alone
	}
	if encoding := req.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return fault.InvalidMessageContentType("encoded with " + encoding)
	}
	if err := oneJSON(body); err != nil {
		return err
	}
	if field, problem := wire.JSONProblem(body); problem != "" {
		return fault.InvalidMessageBadParams(req.Method+" "+pattern(req), cmp.Or(field, "body"), problem)
	}
	return nil
}

// buffers are reused, so that bodies that never end cost no more than those that are read.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func oneJSON(body []byte) error {
	for at := 0; at < len(body); {
		char, size := utf8.DecodeRune(body[at:])
		if char == utf8.RuneError && size == 1 {
			return fault.InvalidMessageNotJSON(at, "the text is not UTF-8")
		}
		at += size
	}
	var text json.RawMessage
	err := json.Unmarshal(body, &text)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fault.InvalidMessageNotJSON(int(syntax.Offset), syntax.Error())
	}
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	return nil
}
