package server

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/record"
)

// hlsNodes serves the streams that other nodes make: each node serves every stream. One that is over comes from the
// storage.
//
// Shape: mutex.
type hlsNodes struct {
	server *Server
	dir    string // of the streams of this node
	local  http.Handler
	refuse func(http.ResponseWriter, *http.Request, error)

	mu    sync.Mutex // guards everything below
	known map[string]streamNode
}

// streamNode is the node that makes a stream, as it was known then; the zero NodeID: none does.
type streamNode struct {
	node  record.NodeID
	until time.Time
}

const (
	// streamNodeLife is how long it is believed which node makes a stream: players ask several times a second.
	streamNodeLife = 2 * time.Second
	// maxStreamNodes bounds what is remembered; ids that do not exist cost a query each.
	maxStreamNodes = 1000
)

// hlsOfNodes returns the handler of streams, below egress.HLSPath; local is that of this node's own and of the storage.
func (s *Server) hlsOfNodes(
	local http.Handler,
	refuse func(http.ResponseWriter, *http.Request, error),
) http.Handler {
	dir, err := s.egressDir()
	if err != nil || s.node.IsAlone() {
		return local
	}
	return &hlsNodes{
		server: s, dir: filepath.Join(dir, "hls"), local: local, refuse: refuse, known: map[string]streamNode{},
	}
}

func (h *hlsNodes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if cluster.From(r.Context()) != (record.NodeID{}) || !filepath.IsLocal(id) || h.isHere(id) {
		h.local.ServeHTTP(w, r)
		return
	}
	node, err := h.nodeOf(r.Context(), id)
	switch {
	case err != nil:
		h.refuse(w, r, err)
	case node == (record.NodeID{}) || node == h.server.node.ID():
		h.local.ServeHTTP(w, r)
	default:
		whole := r.Clone(r.Context())
		whole.URL.Path = egress.HLSPath + strings.TrimPrefix(r.URL.Path, "/")
		whole.URL.RawPath = ""
		h.server.forward(w, whole, node, "", h.refuse)
	}
}

func (h *hlsNodes) isHere(id string) bool {
	_, err := os.Stat(filepath.Join(h.dir, id))
	return err == nil
}

// nodeOf returns the node that makes a stream.
func (h *hlsNodes) nodeOf(ctx context.Context, id string) (record.NodeID, error) {
	now := time.Now()
	h.mu.Lock()
	known, ok := h.known[id]
	h.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.node, nil
	}
	node, runs, err := h.server.egress.JobNode(ctx, id)
	if err != nil {
		return record.NodeID{}, err
	}
	if !runs {
		node = record.NodeID{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.known) >= maxStreamNodes {
		clear(h.known)
	}
	h.known[id] = streamNode{node, now.Add(streamNodeLife)}
	return node, nil
}
