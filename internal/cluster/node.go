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
	"errors"
	"math"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

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
	base   time.Time                     // of until
	until  atomic.Int64                  // since base: this node holds until then, by its monotonic clock
	id     atomic.Pointer[record.NodeID] // of the current incarnation

	draining atomic.Bool
	topics   topics

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
	n.id.Store(&record.NodeID{})
	n.until.Store(math.MaxInt64)
	return n
}

func newNode(secret []byte) *Node {
	n := &Node{secret: secret, base: time.Now(), load: func() Load { return Load{} }}
	n.topics.init()
	return n
}

// ID returns the name of this node and its incarnation; a server that is alone has the zero NodeID.
func (n *Node) ID() record.NodeID { return *n.id.Load() }

// IsAlone reports whether this server is not a node of a cluster.
func (n *Node) IsAlone() bool { return n.ID() == record.NodeID{} }

// Holds reports whether this node may serve: packets, sockets and writes of sessions. It costs a load and a look at the
// clock, so that it can be asked for each batch of packets.
func (n *Node) Holds() bool {
	until := n.until.Load()
	return until == math.MaxInt64 || int64(time.Since(n.base)) < until
}

// OnLost registers a function that is called when the lease was lost: other nodes may serve what this one owned, so that
// it stops at once. The node has a new incarnation and goes on when all functions have returned.
func (n *Node) OnLost(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.onLost = append(n.onLost, f)
}

// OnFenced registers a function that is called when this node has fenced another one, whose lease ended: what dead owned
// is to be taken over. ctx ends with this incarnation of the node. It is called again when it did not
// return before that.
func (n *Node) OnFenced(f func(ctx context.Context, dead record.NodeID)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.onFenced = append(n.onFenced, f)
}

// self returns what others know of this node.
func (n *Node) self() Info {
	n.mu.Lock()
	info, load := n.info, n.load
	n.mu.Unlock()
	info.ID, info.Draining, info.Load = n.ID(), n.draining.Load(), load()
	return info
}

// Nodes returns the nodes that are alive, this one first.
func (n *Node) Nodes() []Info { return []Info{n.self()} }

// Alive reports whether a node is alive, in that incarnation.
func (n *Node) Alive(id record.NodeID) bool { return id == n.ID() }

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

// Drain marks this node as one that is about to stop: others place nothing here any more.
func (n *Node) Drain() { n.draining.Store(true) }

// Handle sets what serves the streams that other nodes open with Dial and Transport. The context of each request has
// the node that sent it: From.
func (n *Node) Handle(h http.Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.handler = h
}

// Dial opens a stream to another node, where Handle's handler serves it. The error is ErrUnknownNode, or the reason why
// the node cannot be reached.
func (n *Node) Dial(_ context.Context, to record.NodeID) (net.Conn, error) {
	return nil, &UnreachableError{Node: to, err: ErrUnknownNode}
}

// Transport returns what sends HTTP requests to another node, whose handler serves them. It may be kept.
func (n *Node) Transport(to record.NodeID) http.RoundTripper {
	return &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return n.Dial(ctx, to) },
	}
}

// Close returns the lease, so that others need not wait for its end, and closes what is open.
func (n *Node) Close(context.Context) error { return nil }

// Key returns a key of 32 bytes for one purpose, the same on all nodes: HKDF (RFC 5869) of cluster.secret, or of the
// secret key of a server that is alone.
func (n *Node) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, n.secret, nil, "klatch/"+purpose, keySize)
	if err != nil {
		panic(err) // only for keys longer than 8160 bytes
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

// From returns the node that sent a request to the handler of Handle; the zero NodeID for any other request.
func From(ctx context.Context) record.NodeID {
	from, _ := ctx.Value(fromKey{}).(record.NodeID)
	return from
}
