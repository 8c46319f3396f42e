// Package link connects the nodes of a cluster: one TLS connection between two nodes, on which either opens streams
// that an HTTP handler of the other one serves. Both ends prove that they know the secret of the cluster.
//
// The package knows names and addresses of nodes, and nothing of what they say to each other.
package link

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/yamux"
	"golang.org/x/time/rate"

	"github.com/klatch/klatch/internal/guard"
)

// ErrSecret means that the other end has another secret.
var ErrSecret = errors.New("link: the other node has another cluster.secret")

// ErrClosed means that this end is closed.
var ErrClosed = errors.New("link: closed")

const (
	dialTimeout      = 2 * time.Second // connection and handshake
	handshakeTimeout = 5 * time.Second // of who connects
	maxHandshakes    = 64              // at a time; more are closed unread
	maxConnections   = 1024            // of other nodes
	keepAlive        = time.Second     // how often an idle connection is tried
	answerTimeout    = 2 * time.Second // for the answer to that, and for a write; then the other end is gone
	streamTimeout    = 5 * time.Second // for the acceptance of a stream
	headerTimeout    = 10 * time.Second
	idleTimeout      = time.Minute // of a stream between two requests
	maxHeader        = 64 << 10
)

// Options of New.
type Options struct {
	Secret  []byte // of the cluster
	Name    string // of this node
	Address string // host:port to listen at
	Logger  *slog.Logger
	// WrongSecret is called with the address of a node that has another secret, each time that one is met; nil: nobody
	// is told but the log.
	WrongSecret func(address string)
	// Ended is called with the name of a node when the connection to it has ended; nil: nobody is told.
	Ended func(name string)
}

// Links are the connections of one node to others.
//
// Shape: mutex. Nothing is waited for under it.
type Links struct {
	log      *slog.Logger
	listener net.Listener
	client   *tls.Config
	server   *tls.Config
	http     *http.Server
	streams  chan net.Conn // opened by others, for http
	warn     *rate.Limiter // of lines about those who are refused
	wrong    func(address string)
	ended    func(name string)
	in, out  atomic.Uint64

	life    context.Context
	end     context.CancelFunc
	running sync.WaitGroup

	mu    sync.Mutex // guards everything below
	peers map[string]*peer
	count int // connections that are served
}

// peer is another node.
type peer struct {
	session *yamux.Session
	dialing chan struct{} // closed when the attempt under way is over; nil: none is
	err     error         // of the last attempt
}

// New listens for other nodes. Until Serve is called, streams that they open wait.
func New(o Options) (*Links, error) {
	id, err := newIdentity(o.Secret, o.Name)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	l := &Links{
		log: o.Logger, client: id.client(), server: id.server(), streams: make(chan net.Conn),
		warn: rate.NewLimiter(rate.Every(time.Minute), 3), peers: map[string]*peer{}, wrong: o.WrongSecret, ended: o.Ended,
	}
	l.life, l.end = context.WithCancel(context.Background())
	if l.listener, err = new(net.ListenConfig).Listen(l.life, "tcp", o.Address); err != nil {
		l.end()
		return nil, err
	}
	l.http = &http.Server{
		ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(l.log.Handler(), slog.LevelDebug),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, nameKey{}, c.(*stream).peer)
		},
	}
	l.running.Go(l.accept)
	return l, nil
}

// Addr returns the address at which other nodes are taken.
func (l *Links) Addr() net.Addr { return l.listener.Addr() }

// Serve has a handler serve the streams of other nodes. It is called once.
func (l *Links) Serve(h http.Handler) {
	l.http.Handler = h
	l.running.Go(func() { _ = l.http.Serve(streamListener{l}) }) // until Close
}

type nameKey struct{}

// PeerName returns the name of the node that sent a request to the handler of Serve.
func PeerName(ctx context.Context) string {
	name, _ := ctx.Value(nameKey{}).(string)
	return name
}

// Bytes returns how many bytes went over all connections.
func (l *Links) Bytes() (in, out uint64) { return l.in.Load(), l.out.Load() }

// Close ends all connections.
func (l *Links) Close() {
	l.end()
	_ = l.listener.Close()
	_ = l.http.Close()
	l.mu.Lock()
	for _, p := range l.peers {
		if p.session != nil {
			_ = p.session.Close()
		}
	}
	l.mu.Unlock()
	l.running.Wait()
}

// Connect connects to the node of that name, unless it is connected already, and does not wait for it.
func (l *Links) Connect(name, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connection(name, address)
}

// Dial opens a stream to the node of that name, which is connected to at address unless it is connected already.
// ErrSecret, or why it cannot be reached.
func (l *Links) Dial(ctx context.Context, name, address string) (net.Conn, error) {
	for again := false; ; again = true {
		session, fresh, err := l.session(ctx, name, address)
		if err != nil {
			return nil, err
		}
		opened, err := session.OpenStream()
		if err == nil {
			return &stream{Stream: opened, peer: name}, nil
		}
		if fresh || again { // else the connection had ended, and nobody had noticed
			return nil, fmt.Errorf("link: open a stream: %w", err)
		}
	}
}

// session returns the connection to a node, and makes it where there is none.
func (l *Links) session(ctx context.Context, name, address string) (_ *yamux.Session, fresh bool, err error) {
	l.mu.Lock()
	p, done := l.connection(name, address)
	session := p.session
	l.mu.Unlock()
	if done == nil {
		return session, false, nil
	}
	select {
	case <-done:
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.isConnected() {
		return p.session, true, nil
	}
	if p.err == nil {
		p.err = net.ErrClosed // it ended as soon as it was made
	}
	return nil, false, p.err
}

// connection returns the peer of that name, and what is closed when the attempt to connect to it is over; nil: it is
// connected. l.mu is held.
func (l *Links) connection(name, address string) (p *peer, done chan struct{}) {
	if p = l.peers[name]; p == nil {
		p = &peer{}
		l.peers[name] = p
	}
	if p.isConnected() {
		return p, nil
	}
	if p.dialing == nil {
		p.dialing = make(chan struct{})
		if l.life.Err() != nil {
			p.err = ErrClosed
			close(p.dialing)
			return p, p.dialing
		}
		done := p.dialing
		l.running.Go(func() { l.connect(p, name, address, done) })
	}
	return p, p.dialing
}

func (p *peer) isConnected() bool { return p.session != nil && !p.session.IsClosed() }

// connect makes the connection to a node, for all who wait for it.
func (l *Links) connect(p *peer, name, address string, done chan struct{}) {
	session, err := l.dial(name, address)
	l.mu.Lock()
	p.dialing, p.err = nil, err
	if err == nil {
		p.session = session
	}
	l.mu.Unlock()
	close(done)
	if err == nil {
		l.serve(session, name)
	}
}

func (l *Links) dial(name, address string) (*yamux.Session, error) {
	ctx, cancel := context.WithTimeout(l.life, dialTimeout)
	defer cancel()
	plain, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	conn := tls.Client(l.counted(plain), l.client)
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = plain.Close()
		return nil, l.judge(address, err)
	}
	if found := peerName(conn); found != name {
		_ = conn.Close()
		return nil, fmt.Errorf("link: %s leads to the node %q and not to %q", address, found, name)
	}
	// With TLS 1.3 the refusal of a certificate comes after the handshake: instead of the word that all is well.
	_ = conn.SetReadDeadline(time.Now().Add(dialTimeout))
	if _, err := io.ReadFull(conn, make([]byte, len(welcome))); err != nil {
		_ = conn.Close()
		return nil, l.judge(address, err)
	}
	_ = conn.SetReadDeadline(time.Time{})
	session, err := yamux.Client(conn, l.config())
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return session, nil
}

// welcome is what who connects is sent when its certificate is good.
const welcome = "k"

// judge names the reason why a handshake failed.
func (l *Links) judge(address string, err error) error {
	if !isSecretError(err) {
		return err
	}
	if l.warn.Allow() {
		l.log.Warn("a node has another cluster.secret than this one", "address", address)
	}
	if l.wrong != nil {
		l.wrong(address)
	}
	return fmt.Errorf("%w (at %s)", ErrSecret, address)
}

// config of the streams of a connection.
func (l *Links) config() *yamux.Config {
	c := yamux.DefaultConfig()
	c.KeepAliveInterval, c.ConnectionWriteTimeout, c.StreamOpenTimeout = keepAlive, answerTimeout, streamTimeout
	c.LogOutput = nil
	c.Logger = slog.NewLogLogger(l.log.Handler(), slog.LevelDebug)
	return c
}

// accept takes the connections of other nodes, and of whoever else finds the port.
func (l *Links) accept() {
	handshakes := make(chan struct{}, maxHandshakes)
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			if l.life.Err() != nil {
				return
			}
			select { // no file left, for example
			case <-time.After(100 * time.Millisecond):
			case <-l.life.Done():
				return
			}
			continue
		}
		select {
		case handshakes <- struct{}{}:
			l.running.Go(func() {
				session, name := l.take(conn)
				<-handshakes
				if session != nil {
					l.serve(session, name)
				}
			})
		default:
			_ = conn.Close()
		}
	}
}

// take makes a connection of another node; nil: it is none.
func (l *Links) take(plain net.Conn) (session *yamux.Session, name string) {
	ctx, cancel := context.WithTimeout(l.life, handshakeTimeout)
	defer cancel()
	conn := tls.Server(l.counted(plain), l.server)
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = plain.Close()
		_ = l.judge(plain.RemoteAddr().String(), err)
		return nil, ""
	}
	_ = conn.SetWriteDeadline(time.Now().Add(handshakeTimeout))
	_, err := conn.Write([]byte(welcome))
	_ = conn.SetWriteDeadline(time.Time{})
	if err == nil {
		session, err = yamux.Server(conn, l.config())
	}
	if err != nil {
		_ = conn.Close()
		return nil, ""
	}
	name = peerName(conn)
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.peers[name]
	if p == nil {
		p = &peer{}
		l.peers[name] = p
	}
	if !p.isConnected() { // streams to it go the same way
		p.session = session
	}
	return session, name
}

// serve hands the streams that the other end opens to the handler, until the connection ends.
func (l *Links) serve(session *yamux.Session, name string) {
	defer func() { _ = session.Close() }()
	l.mu.Lock()
	full := l.count == maxConnections || l.life.Err() != nil
	if !full {
		l.count++
	}
	l.mu.Unlock()
	if full {
		return
	}
	defer func() {
		l.mu.Lock()
		l.count--
		l.mu.Unlock()
		if l.ended != nil && l.life.Err() == nil {
			l.ended(name)
		}
	}()
	defer guard.Recover("a link of two nodes", func(err error) { l.log.Error("link", "node", name, "err", err) })
	for {
		opened, err := session.AcceptStreamWithContext(l.life)
		if err != nil {
			return
		}
		select {
		case l.streams <- &stream{Stream: opened, peer: name}:
		case <-session.CloseChan():
			return
		case <-l.life.Done():
			return
		}
	}
}

// stream is one stream of a connection.
type stream struct {
	*yamux.Stream
	peer string // name of the node at its other end
}

// streamListener hands streams to net/http as if they were connections.
type streamListener struct{ *Links }

// Accept implements net.Listener.
func (s streamListener) Accept() (net.Conn, error) {
	select {
	case c := <-s.streams:
		return c, nil
	case <-s.life.Done():
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener: the connections below end with Links.
func (streamListener) Close() error { return nil }

// counted counts what goes over a connection.
func (l *Links) counted(conn net.Conn) net.Conn { return &countedConn{conn, l} }

type countedConn struct {
	net.Conn
	links *Links
}

// Read implements net.Conn.
func (c *countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.links.in.Add(uint64(n))
	return n, err
}

// Write implements net.Conn.
func (c *countedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.links.out.Add(uint64(n))
	return n, err
}
