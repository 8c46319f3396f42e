// Package cluster makes several servers one: each is a Node, which knows the others, holds a lease as long as it may
// serve, calls the others and is called by them. A server without other nodes is a Node too, one that always holds.
//
// The package owns the lease of this node, the registry of the others and the links to them; it knows nothing of
// meetings. What happens when this node has lost its lease, or has fenced another node, is registered by the server
// with OnLost and OnFenced.
package cluster

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/cluster/link"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
)

// ErrUnknownNode means that no such node is alive.
var ErrUnknownNode = errors.New("cluster: no such node is alive")

// keySize is the length of the keys that Key returns, in bytes.
const keySize = 32

// Node is this server among the others. Its methods are safe for concurrent use; hooks, handlers and listeners are best
// registered before Start.
type Node struct {
	secret []byte
	member *member      // nil: a server that is alone
	base   time.Time    // of until
	until  atomic.Int64 // since base: this node serves until then

	starting, draining, closed atomic.Bool
	topics                     topics

	mu       sync.Mutex // guards everything below
	info     Info       // but its ID, Draining and Load
	load     func() Load
	onLost   []func()
	onFenced []func(ctx context.Context, dead record.NodeID)
	handler  http.Handler
}

// Alone returns the node of a server that is alone: it holds always, and uses no socket and no goroutine. Its keys
// derive from key, the secret key of the server.
func Alone(key []byte) *Node {
	n := newNode(key)
	n.until.Store(math.MaxInt64)
	return n
}

func newNode(secret []byte) *Node {
	n := &Node{secret: secret, base: time.Now(), load: func() Load { return Load{} }}
	n.topics.init()
	return n
}

// ID returns the name of this node and its incarnation; a server that is alone has the zero NodeID.
func (n *Node) ID() record.NodeID {
	if n.member == nil {
		return record.NodeID{}
	}
	return n.member.keeper.ID()
}

// IsAlone reports whether this server is not a node of a cluster.
func (n *Node) IsAlone() bool { return n.member == nil }

// Holds reports whether this node may serve: sockets, and writes of sessions.
func (n *Node) Holds() bool { return n.member == nil || n.member.keeper.Holds() }

// Serves reports whether this node held its lease at that time, for the path of packets: it costs one atomic load.
func (n *Node) Serves(now time.Time) bool {
	until := n.until.Load()
	return until == math.MaxInt64 || int64(now.Sub(n.base)) < until
}

// OnLost registers a function that is called when the lease was lost: other nodes may serve what this one owned, so
// that it stops at once. The node has a new incarnation and goes on when all functions have returned.
func (n *Node) OnLost(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.onLost = append(n.onLost, f)
}

// OnFenced registers a function that is called when another node was fenced, whose lease ended: what dead owned is to
// be taken over, by compare-and-set, for other nodes may be called as well. ctx ends after lease.TakeoverTimeout, and
// when this node closes; the function is called again if it had not returned before that.
func (n *Node) OnFenced(f func(ctx context.Context, dead record.NodeID)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.onFenced = append(n.onFenced, f)
}

func runHook(what string, f func()) error { return guard.Do(what, f) }

// self returns what others know of this node.
func (n *Node) self() Info {
	n.mu.Lock()
	info, load := n.info, n.load
	n.mu.Unlock()
	info.Draining = n.draining.Load() || n.starting.Load()
	info.ID, info.Load = n.ID(), load()
	return info
}

// Nodes returns the nodes that are alive, this one first.
func (n *Node) Nodes() []Info {
	nodes := []Info{n.self()}
	if n.member == nil {
		return nodes
	}
	for _, l := range n.member.keeper.Alive() {
		if info, ok := infoOf(l); ok {
			nodes = append(nodes, info)
		}
	}
	return nodes
}

// infoOf returns what a node told of itself. One of a version to come may tell more.
func infoOf(l lease.Lease) (Info, bool) {
	var info Info
	if err := json.Unmarshal(l.Info, &info); err != nil {
		return Info{}, false
	}
	info.ID = l.ID
	return info, true
}

// Alive reports whether a node is alive, in that incarnation.
func (n *Node) Alive(id record.NodeID) bool {
	if n.member == nil {
		return id == record.NodeID{}
	}
	return n.member.keeper.State(id) == lease.Alive
}

// Watch has this node fence another one that owns something although no place lists it.
func (n *Node) Watch(id record.NodeID) {
	if n.member != nil {
		n.member.keeper.Watch(id)
	}
}

// SetLoad sets the function that measures the load of this node. It is called each second and does not block.
func (n *Node) SetLoad(f func() Load) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.load = f
}

// SetURL sets the public address of this node.
func (n *Node) SetURL(url string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.info.URL = url
}

// Drain marks this node as one that is drained: others place nothing here any more.
func (n *Node) Drain() { n.draining.Store(true) }

// Undrain takes Drain back.
func (n *Node) Undrain() { n.draining.Store(false) }

// Handle sets what serves the streams that other nodes open with Dial and Transport. The context of each request has
// the node that sent it: From.
func (n *Node) Handle(h http.Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.handler = h
}

// callPath is where a node takes calls that do not come over the bus.
const callPath = "/klatch.node/call"

// serveLink serves a request of another node.
func (n *Node) serveLink(w http.ResponseWriter, r *http.Request) {
	from := n.named(link.PeerName(r.Context()))
	if r.URL.Path == callPath {
		n.serveCall(w, r)
		return
	}
	n.mu.Lock()
	h := n.handler
	n.mu.Unlock()
	if h == nil {
		http.Error(w, "this node is starting", http.StatusServiceUnavailable)
		return
	}
	h.ServeHTTP(w, r.WithContext(WithFrom(r.Context(), from)))
}

// named returns the node that is alive under a name; without an incarnation where there is none.
func (n *Node) named(name string) record.NodeID {
	for _, l := range n.member.keeper.Alive() {
		if l.ID.Name == name {
			return l.ID
		}
	}
	return record.NodeID{Name: name}
}

// Dial opens a stream to another node, where Handle's handler serves it. The error is an *UnreachableError.
func (n *Node) Dial(ctx context.Context, to record.NodeID) (net.Conn, error) {
	if n.member == nil || to == n.ID() {
		return nil, &UnreachableError{Node: to, err: ErrUnknownNode}
	}
	for _, l := range n.member.keeper.Alive() {
		if l.ID != to {
			continue
		}
		info, ok := infoOf(l)
		if !ok {
			break
		}
		conn, err := n.member.links.Dial(ctx, to.Name, info.Address)
		if err != nil {
			return nil, &UnreachableError{Node: to, err: err}
		}
		return conn, nil
	}
	return nil, &UnreachableError{Node: to, err: ErrUnknownNode}
}

const (
	idleStreams    = 8 // of one node, kept for the next request
	idleStreamLife = 30 * time.Second
	headersWithin  = 30 * time.Second // of an answer; a long poll of HLS takes less
)

// Transport returns what sends HTTP requests, with any host in their URL, to another node, whose handler serves them.
func (n *Node) Transport(to record.NodeID) http.RoundTripper {
	transport := func() *http.Transport {
		return &http.Transport{
			DialContext:           func(ctx context.Context, _, _ string) (net.Conn, error) { return n.Dial(ctx, to) },
			MaxIdleConnsPerHost:   idleStreams,
			IdleConnTimeout:       idleStreamLife,
			ResponseHeaderTimeout: headersWithin,
			DisableCompression:    true,
		}
	}
	if n.member == nil {
		return transport()
	}
	m := n.member
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.transports[to]; t != nil {
		return t
	}
	for id, t := range m.transports {
		if m.keeper.State(id) != lease.Alive {
			t.CloseIdleConnections()
			delete(m.transports, id)
		}
	}
	t := transport()
	m.transports[to] = t
	return t
}

// Key returns a key of 32 bytes for one purpose, the same on all nodes: HKDF (RFC 5869) of cluster.secret, or of the
// secret key of a server that is alone.
func (n *Node) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, n.secret, nil, "klatch/"+purpose, keySize)
	if err != nil {
		panic(fmt.Errorf("key for %s: %w", purpose, err)) // only for keys longer than 8160 bytes
	}
	return key
}

// UnreachableError is the reason why a node cannot be reached.
type UnreachableError struct {
	Node record.NodeID
	err  error
}

func (e *UnreachableError) Error() string { return "node " + e.Node.Name + ": " + e.err.Error() }

// Unwrap returns the reason.
func (e *UnreachableError) Unwrap() error { return e.err }

type fromKey struct{}

// WithFrom returns a context with the node that sent what is done in it, as From finds it.
func WithFrom(ctx context.Context, from record.NodeID) context.Context {
	return context.WithValue(ctx, fromKey{}, from)
}

// From returns the node that sent a request to the handler of Handle; the zero NodeID for any other request.
func From(ctx context.Context) record.NodeID {
	from, _ := ctx.Value(fromKey{}).(record.NodeID)
	return from
}
