package hls

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/klatch/klatch/fault"
)

// defaultWaiting is how many requests may wait for one stream: each holds a connection and some kB.
const defaultWaiting = 4096

// LimitWaiting sets how many requests may wait for one stream at once, and who is told of faults, of those that many
// meet by one cause once. It comes before the first request.
func (h *Handler) LimitWaiting(atOnce int, report func(context.Context, *fault.Error)) {
	h.watchers.limit, h.watchers.report = atOnce, report
}

// SetPresentation sets how refusals are presented. Call it before the handler serves.
func (h *Handler) SetPresentation(p fault.Presentation) { h.presentation = p }

// Drain sends away whoever waits for more of a stream, and lets nobody wait any more. What is there is served on.
func (h *Handler) Drain() { h.watchers.drain() }

// reload answers a request for a playlist with delivery directives (the draft, 6.2.5): when it has what is asked for.
// It returns false, and has answered nothing, when there are none, or no playlist that could change.
func (h *Handler) reload(w http.ResponseWriter, r *http.Request, dir, name string) bool {
	asked := readDirectives(r.URL.RawQuery)
	if !asked.any {
		return false
	}
	l, err := h.watchers.await(r.Context(), dir, name, asked.satisfiedBy)
	if f, ok := errors.AsType[*fault.Error](err); ok {
		h.answerFault(w, r, f)
		return true
	}
	if err != nil {
		return r.Context().Err() != nil // nobody is there
	}
	text := l.text
	if asked.skip {
		text = l.delta()
	}
	caching := "no-cache"
	if l.canBlock() && asked.segment >= 0 { // it is the answer to this question for ever, and soon nobody asks it
		caching = "public, max-age=" + strconv.Itoa(int(blockedUseful*l.target/time.Second))
	}
	servePlaylist(w, r, name, text, time.Time{}, caching)
	return true
}

// answerFault refuses a request.
func (h *Handler) answerFault(w http.ResponseWriter, r *http.Request, f *fault.Error) {
	if !f.OfServer() { // those of the server were reported, once for all whom they meet
		h.watchers.report(r.Context(), f)
	}
	header := w.Header()
	header.Set("Content-Type", "application/problem+json")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Request-Id", f.ID)
	if f.RetryAfterMs > 0 {
		header.Set("Retry-After", strconv.FormatInt((f.RetryAfterMs+999)/1000, 10))
	}
	w.WriteHeader(f.HTTPStatus())
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(h.presentation.Of(f)) // a client that is gone needs no answer
	}
}
