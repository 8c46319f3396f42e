package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/ratelimit"
)

const (
	// maxHeader is twice the largest token that is taken, so that one that is a little too large reaches the gate, which
	// says so (4002 TOO_LARGE).
	maxHeader = 16 << 10
	// bodyTimeout bounds the reading of a body. The REST API has its own, and lifts it when the body is there.
	bodyTimeout = 15 * time.Second
	// idleTimeout bounds the time between two requests of a connection.
	idleTimeout = 2 * time.Minute
)

func limitsPerAddress(c *conf.Config) ratelimit.Limits {
	limits := ratelimit.Limits{Sockets: c.Limit.SocketsPerAddress, AllSockets: c.Limit.PendingSockets,
		AllSignIns: float64(c.Limit.SignIns)}
	for kind, perSecond := range map[ratelimit.Kind]int{
		ratelimit.Requests: c.Limit.RequestsPerAddress, ratelimit.Joins: c.Limit.JoinsPerAddress,
		ratelimit.FailedTokens: c.Limit.FailedTokensPerAddress, ratelimit.FailedAdmin: c.Limit.FailedAdminPerAddress,
		ratelimit.FailedResumes: c.Limit.FailedResumesPerAddress,
		ratelimit.TURNRequests:  c.Limit.TURNRequestsPerAddress,
		ratelimit.SignIns:       c.Limit.SignInsPerAddress,
	} {
		limits.PerSecond[kind] = float64(perSecond)
	}
	return limits
}

// limitListener puts the limits on the public port.
func (s *Server) limitListener(
	inner net.Listener,
	refuse func(http.ResponseWriter, *http.Request, error),
) (*listener, error) {
	files, connections := descriptorLimits()
	limits := listenerLimits{
		perAddress: s.conf.Limit.ConnectionsPerAddress, trusted: s.conf.HTTP.TrustedProxies,
		pending: s.conf.Limit.PendingConnections, open: connections, files: files, idle: idleTimeout,
	}
	l, err := newListener(inner.(*net.TCPListener), limits, rawRefusal(refuse),
		func(f *fault.Error) { s.incidents.Report(context.Background(), f) })
	if err != nil {
		return nil, fault.From(fmt.Errorf("listen: %w", err))
	}
	if l.noUserTimeout != nil {
		s.log.Debug("connections of peers that take nothing are not ended", "err", l.noUserTimeout)
	}
	return l, nil
}

// limited is the outermost handler: it knows the client's address, counts its requests, bounds the time a body may
// take, and keeps a panic to the request it happened in.
func (s *Server) limited(next http.Handler, refuse func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &answerWriter{ResponseWriter: w}
		if c := connOf(r.Context()); c != nil {
			if r.ProtoMajor > 1 && !ratelimit.IsTrusted(ratelimit.RemoteAddr(r.RemoteAddr), s.conf.HTTP.TrustedProxies) {
				answer.stream = &stream{conn: c}
				answer.stream.open()
				defer answer.stream.end()
			}
			defer c.listener.begin(c, r)()
		}
		answer.isHTTP2 = r.ProtoMajor > 1
		if r.ContentLength != 0 {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)) // a connection that is gone
		}
		client := ratelimit.ClientAddr(r, s.conf.HTTP.TrustedProxies)
		r = r.WithContext(ratelimit.WithClient(r.Context(), client))
		s.serveLimited(next, answer, r, client, refuse)
		answer.flush()
	})
}

// serveLimited serves a request, unless its address has had too many.
func (s *Server) serveLimited(
	next http.Handler,
	w *answerWriter,
	r *http.Request,
	client netip.Addr,
	refuse func(http.ResponseWriter, *http.Request, error),
) {
	defer guard.Recover(r.Method+" "+r.URL.Path, func(err error) { s.panicked(w, r, err, refuse) })
	count := s.limiter.Take
	onlyRefused := strings.HasPrefix(r.URL.Path, egress.HLSPath) || strings.HasPrefix(r.URL.Path, blob.LinkPath)
	if onlyRefused { // a large audience may sit behind one address
		count = s.limiter.Check
	} else {
		w.stream.begin()
	}
	if f := count(client, ratelimit.Requests); f != nil {
		w.stream.refused()
		w.Header().Set("Connection", "close")
		refuse(w, r, f)
		return
	}
	next.ServeHTTP(w, r)
	if onlyRefused && w.status >= 400 {
		w.stream.begin()
		s.limiter.Take(client, ratelimit.Requests)
	}
}

// panicked ends the one request in which a handler panicked.
func (s *Server) panicked(
	w *answerWriter,
	r *http.Request,
	err error,
	refuse func(http.ResponseWriter, *http.Request, error),
) {
	if panicked, ok := errors.AsType[*guard.PanicError](err); ok {
		if value, ok := panicked.Value.(error); ok && errors.Is(value, http.ErrAbortHandler) {
			panic(http.ErrAbortHandler)
		}
	}
	if w.status == 0 {
		refuse(w, r, err)
		return
	}
	s.incidents.Report(r.Context(), fault.From(err))
	panic(http.ErrAbortHandler) // what has begun to be written is cut off
}

// answerWriter remembers the status of an answer. Over HTTP/2 it ends the stream of a peer that takes nothing.
type answerWriter struct {
	http.ResponseWriter
	status  int // 0: nothing was written
	isHTTP2 bool
	stream  *stream // nil where streams are not counted
}

func (w *answerWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	defer w.bound()()
	n, err := w.ResponseWriter.Write(p)
	w.stream.progressed()
	return n, err
}

// ReadFrom lets files be sent without copying.
func (w *answerWriter) ReadFrom(r io.Reader) (int64, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	if w.isHTTP2 {
		return io.Copy(struct{ io.Writer }{w}, r) // each write has its time
	}
	return io.Copy(w.ResponseWriter, r)
}

// flush sends the end of an answer while its stream is still counted.
func (w *answerWriter) flush() {
	if w.isHTTP2 && w.status != 0 {
		defer w.bound()()
		_ = http.NewResponseController(w.ResponseWriter).Flush() // the stream may be gone
	}
}

// bound limits the time of one write over HTTP/2, where a peer can acknowledge every byte and still take no answer.
func (w *answerWriter) bound() (lift func()) {
	if !w.isHTTP2 {
		return func() {}
	}
	control := http.NewResponseController(w.ResponseWriter)
	_ = control.SetWriteDeadline(time.Now().Add(takesNoAnswer))
	return func() { _ = control.SetWriteDeadline(time.Time{}) }
}

// Unwrap lets http.ResponseController find the connection.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// rawRefusal returns the HTTP response that refuses a connection whose request was not read.
func rawRefusal(refuse func(http.ResponseWriter, *http.Request, error)) func(*fault.Error) []byte {
	return func(f *fault.Error) []byte {
		answer := &bufferedAnswer{header: http.Header{}}
		refuse(answer, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Header: http.Header{}}, f)
		response := http.Response{
			StatusCode:    answer.status,
			ProtoMajor:    1,
			ProtoMinor:    1,
			Close:         true,
			Header:        answer.header,
			ContentLength: int64(answer.body.Len()),
			Body:          io.NopCloser(&answer.body),
		}
		var raw bytes.Buffer
		_ = response.Write(&raw) // memory takes it
		return raw.Bytes()
	}
}

// bufferedAnswer is an http.ResponseWriter in memory.
type bufferedAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *bufferedAnswer) Header() http.Header         { return b.header }
func (b *bufferedAnswer) WriteHeader(status int)      { b.status = status }
func (b *bufferedAnswer) Write(p []byte) (int, error) { return b.body.Write(p) }

// sharedUsage counts what accounts have on all nodes of a cluster; nil: this server is alone.
func (s *Server) sharedUsage() meeting.SharedUsage {
	if s.node.IsAlone() {
		return nil
	}
	return s.Store
}
