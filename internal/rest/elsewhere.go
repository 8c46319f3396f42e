package rest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
)

// Cluster sends what is asked of a live session on to the node on which its meeting lives.
type Cluster interface {
	// Elsewhere returns the other node on which a meeting lives; is is false for one that lives here, or nowhere. Errors
	// are *fault.Error.
	Elsewhere(ctx context.Context, accountID, meetingID string) (node record.NodeID, is bool, err error)
	// Forward sends a request on to a node that Elsewhere returned, and its answer back as it is.
	Forward(w http.ResponseWriter, r *http.Request, to record.NodeID, meetingID string)
	// Live lists the running sessions of an account on all other nodes; "" lists all.
	Live(ctx context.Context, accountID string) []meeting.LiveSession
	// Conditions lists the faults that last on all other nodes.
	Conditions(ctx context.Context) []record.Condition
	// CloseAccount and CloseKey do on all other nodes what meeting.Meetings does here, and wait for them.
	CloseAccount(accountID string, f *fault.Error)
	CloseKey(apiKey string, f *fault.Error)
}

// errElsewhere is what a handler returns whose request another node answers.
var errElsewhere = errors.New("rest: the meeting lives on another node")

// sent is where a request is sent on to.
type sent struct {
	to        record.NodeID
	meetingID string
}

// here must be called before a live session of a meeting is asked for anything. Its error is for the handler to return:
// the request is then answered by the node on which the meeting lives.
func (a *API) here(ctx context.Context, accountID, meetingID string) error {
	if a.opts.Cluster == nil || ratelimit.IsCounted(ctx) {
		return nil
	}
	to, elsewhere, err := a.opts.Cluster.Elsewhere(ctx, accountID, meetingID)
	if err != nil || !elsewhere {
		return err
	}
	scopeOf(ctx).sent = &sent{to, meetingID}
	return errElsewhere
}

// sendOn answers a request whose handler has returned errElsewhere; false: it has not.
func (a *API) sendOn(w http.ResponseWriter, r *http.Request) bool {
	scope := scopeOf(r.Context())
	if scope.sent == nil {
		return false
	}
	if scope.body != nil {
		r = r.Clone(r.Context())
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(scope.body)), int64(len(scope.body))
	}
	a.opts.Cluster.Forward(w, r, scope.sent.to, scope.sent.meetingID)
	return true
}

// divertible returns a handler whose request may turn out to be one for another node.
func (a *API) divertible(handler http.HandlerFunc) http.HandlerFunc {
	if a.opts.Cluster == nil {
		return handler
	}
	return func(w http.ResponseWriter, r *http.Request) {
		header := w.Header().Clone()
		handler(&divertedWriter{ResponseWriter: w, scope: scopeOf(r.Context())}, r)
		if scopeOf(r.Context()).sent == nil {
			return
		}
		clear(w.Header())
		for name, values := range header {
			w.Header()[name] = values
		}
		a.sendOn(w, r)
	}
}

// divertedWriter drops the refusal of a request that another node answers.
type divertedWriter struct {
	http.ResponseWriter
	scope *scope
}

func (w *divertedWriter) WriteHeader(status int) {
	if w.scope.sent == nil {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *divertedWriter) Write(p []byte) (int, error) {
	if w.scope.sent != nil {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the connection.
func (w *divertedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// live lists the running sessions of an account on all nodes; "" lists all.
func (a *API) live(ctx context.Context, accountID string) []meeting.LiveSession {
	all := a.opts.Meetings.Live(accountID)
	if a.opts.Cluster != nil {
		all = append(all, a.opts.Cluster.Live(ctx, accountID)...)
	}
	return all
}

// closeAccount puts everybody of an account out, on all nodes.
func (a *API) closeAccount(accountID string, f *fault.Error) {
	a.opts.Meetings.CloseAccount(accountID, f)
	if a.opts.Cluster != nil {
		a.opts.Cluster.CloseAccount(accountID, f)
	}
}

// closeKey puts everybody out who came with a token of a key, on all nodes.
func (a *API) closeKey(apiKey string, f *fault.Error) {
	a.opts.Meetings.CloseKey(apiKey, f)
	if a.opts.Cluster != nil {
		a.opts.Cluster.CloseKey(apiKey, f)
	}
}

// count counts a request, unless the node that sends it on has done so.
func (a *API) count(ctx context.Context, bucket string) error {
	if ratelimit.IsCounted(ctx) {
		return nil
	}
	return a.limit.take(bucket, time.Now())
}
