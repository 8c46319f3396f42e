package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ratelimit"
)

// listener accepts the connections of the public port and keeps them from using up memory and file descriptors before
// they have asked for anything. Where too many have not sent a whole request, or the process is short of descriptors,
// the one that has waited longest is closed: whoever sends its request at once is served while a flood goes on. Where
// too many of one address are between two requests, the one that has been for longest is closed, as HTTP permits at any
// time.
//
// Shape: mutex. No connection is written to or closed while mu is held.
type listener struct {
	*net.TCPListener
	limits        listenerLimits
	refusal       func(f *fault.Error) []byte // reports f and returns the HTTP response that carries it
	report        func(f *fault.Error)
	noUserTimeout error         // why peers that take nothing are not ended: some kernels and sandboxes lack the option
	told          *rate.Limiter // refusals that get a response; the rest is closed without one

	mu      sync.Mutex                   // guards everything below
	waiting ratelimit.Queue[*clientConn] // those that have not sent a whole request
	idle    ratelimit.Queue[*clientConn] // those between two requests
	streams ratelimit.Queue[*stream]     // over HTTP/2
	open    int                          // accepted and not closed, WebSockets included
	bodies  int64                        // bytes of bodies that are read or used
	spare   *os.File                     // closed to accept, and refuse, when the process has no descriptor left
	shortAt time.Time

	closing chan struct{} // closed by Close
	close   sync.Once
}

type listenerLimits struct {
	// Connections that have not sent a whole request, and again those that are between two; 0: no limit.
	perAddress int
	trusted    []netip.Prefix // proxies, which may have any number between two requests
	pending    int            // the same of all addresses; 0: no limit
	open       int            // all connections; 0: no limit
	files      int            // descriptors that the process may have, for the fault
	idle       time.Duration  // between two requests
}

const (
	maxBodies     = 2 << 20         // bytes of bodies in memory, all requests together
	toldPerSecond = 50              // refused connections that get a response
	retryClosed   = 2 * time.Second // when a refused connection may be tried again
	writeRefusal  = time.Second
	takesNothing  = 2 * time.Minute // a peer that pauses a download longer asks for the rest again
)

func newListener(
	inner *net.TCPListener,
	limits listenerLimits,
	refusal func(*fault.Error) []byte,
	report func(*fault.Error),
) (*listener, error) {
	l := &listener{
		TCPListener: inner,
		limits:      limits,
		refusal:     refusal,
		report:      report,
		told:        rate.NewLimiter(toldPerSecond, toldPerSecond),
		closing:     make(chan struct{}),
	}
	var err error
	l.noUserTimeout = setUserTimeout(inner, takesNothing)
	l.spare, err = os.Open(os.DevNull)
	go l.closeIdle()
	return l, err
}

// descriptorLimits returns how many file descriptors the process may have, and how many connections that leaves: files,
// the database, media and the pipes of recordings need theirs. The Go runtime has raised the soft limit to the hard
// one.
func descriptorLimits() (files, connections int) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > 1<<30 {
		return 0, 0
	}
	files = int(limit.Cur)
	return files, max(files-max(files/4, 64), files/4)
}

// Accept implements net.Listener. It does not return for want of a descriptor: it makes room or refuses.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.TCPListener.AcceptTCP()
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			l.acceptWithSpare()
			continue
		}
		if err != nil {
			return nil, err
		}
		from := ratelimit.RemoteAddr(conn.RemoteAddr().String())
		c := &clientConn{
			TCPConn:  conn,
			listener: l,
			network:  ratelimit.Network(from),
			isProxy:  ratelimit.IsTrusted(from, l.limits.trusted),
		}
		if l.add(c) {
			return c, nil
		}
	}
}

// add counts a connection, and closes the one that must go for it; false when that is the new one.
func (l *listener) add(c *clientConn) bool {
	l.mu.Lock()
	l.open++
	c.counted = true
	l.moveLocked(c, &l.waiting)
	var victim *clientConn
	var why *fault.Error
	limits := l.limits
	switch {
	case limits.perAddress > 0 && l.waiting.LenOf(c.network) > limits.perAddress:
		victim, _ = l.waiting.OldestOf(c.network)
		why = fault.RateLimitedAddressConnections(c.network.Addr().String(), limits.perAddress)
	case limits.pending > 0 && l.waiting.Len() > limits.pending:
		victim, _ = l.waiting.Oldest()
		why = fault.RateLimitedServerConnections(limits.pending)
	case limits.open > 0 && l.open > limits.open:
		l.shortAt = time.Now()
		var between bool
		if victim, between = l.idle.Oldest(); !between { // between two requests nobody is refused
			victim, _ = l.waiting.Oldest() // the new one where nobody else waits
			why = fault.ServerUnavailableOpenFiles(limits.files)
		}
	}
	l.mu.Unlock()
	if victim != nil {
		victim.refuse(why)
	}
	return victim != c
}

// acceptWithSpare serves the case that the process has no descriptor left, whoever uses them: room is made by closing a
// connection that waits or idles; without one, the next connection is taken with the spare descriptor and refused.
func (l *listener) acceptWithSpare() {
	l.mu.Lock()
	l.shortAt = time.Now()
	victim, ok := l.idle.Oldest()
	if !ok {
		victim, _ = l.waiting.Oldest()
	}
	l.mu.Unlock()
	f := fault.ServerUnavailableOpenFiles(l.limits.files)
	if victim != nil {
		victim.refuse(f)
		return
	}
	_ = l.spare.Close() // read-only
	if conn, err := l.TCPListener.AcceptTCP(); err == nil {
		(&clientConn{TCPConn: conn, listener: l}).refuse(f)
	}
	spare, err := os.Open(os.DevNull)
	if err == nil {
		l.spare = spare
		return
	}
	time.Sleep(10 * time.Millisecond) // somebody else was faster; Accept must not spin until one is free
}

// shortOfFiles reports whether connections were refused lately because the process had no descriptor for them.
func (l *listener) shortOfFiles() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.shortAt) < 5*time.Second
}

// closeWaiting closes the connections that have not sent a whole request: a server that stops does not wait for it.
func (l *listener) closeWaiting() {
	l.mu.Lock()
	all := l.waiting.All()
	l.mu.Unlock()
	for _, c := range all {
		_ = c.Close() // nothing was written to it
	}
}

// closeIdle ends connections that have been between two requests for too long. http.Server.IdleTimeout would, too, but
// over HTTP/2 it keeps the memory of each connection that was closed during a request for all of that time, which lets
// a flood of them use up the memory: the timer is started anew when the last request ends, after it was stopped.
func (l *listener) closeIdle() {
	tick := time.NewTicker(l.limits.idle / 16)
	defer tick.Stop()
	for {
		select {
		case <-l.closing:
			return
		case now := <-tick.C:
			for _, c := range l.idleSince(now.Add(-l.limits.idle)) {
				_ = c.Close() // nothing is being written to it
			}
		}
	}
}

// idleSince takes those out that have been between two requests since before then.
func (l *listener) idleSince(then time.Time) (all []*clientConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		c, ok := l.idle.Oldest()
		if !ok || c.idleAt.After(then) {
			return all
		}
		l.moveLocked(c, nil)
		all = append(all, c)
	}
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.close.Do(func() { close(l.closing) })
	return errors.Join(l.TCPListener.Close(), ignoreClosed(l.spare.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// stateChanged is http.Server.ConnState.
func (l *listener) stateChanged(conn net.Conn, state http.ConnState) {
	c := clientConnOf(conn)
	if c == nil {
		return
	}
	var victim *clientConn
	l.mu.Lock()
	switch state {
	case http.StateActive: // the first byte of a request
		l.moveLocked(c, &l.waiting)
	case http.StateIdle:
		l.moveLocked(c, &l.idle)
		c.idleAt = time.Now()
		if !c.isProxy {
			victim, _ = l.idle.PastBound(c.network, l.limits.perAddress, 0)
		}
	case http.StateHijacked:
		l.moveLocked(c, nil)
	default: // new: Accept has counted it; closed: Close has
	}
	l.mu.Unlock()
	if victim != nil {
		_ = victim.Close() // nothing is being written to it
	}
}

// begin notes that the head of a request is there and its handler runs. A connection waits until the body is there,
// too; over HTTP/2 until the bodies of all requests are. finish must be called when the handler has returned.
func (l *listener) begin(c *clientConn, r *http.Request) (finish func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.ContentLength == 0 {
		if c.bodies == 0 {
			l.moveLocked(c, nil)
		}
		return func() {}
	}
	c.bodies++
	l.moveLocked(c, &l.waiting)
	c.handled = true
	body := &countedBody{ReadCloser: r.Body, conn: c}
	r.Body = body
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		body.endedLocked(r.ProtoMajor > 1) // over HTTP/1 the rest of it is still read, and waited for
		c.handled = c.bodies > 0
		l.bodies -= body.bytes
		body.bytes = 0
	}
}

// countedBody is the body of a request. All of them together hold at most maxBodies: past it the connection that has
// waited longest is closed.
type countedBody struct {
	io.ReadCloser
	conn *clientConn

	// Guarded by listener.mu.
	bytes    int64
	ended    bool
	admitted bool
}

// Admit takes the body out of the count, and its connection out of those that wait: whoever sends it may, and it goes
// to the disk.
func (b *countedBody) Admit() {
	l := b.conn.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	b.admitted = true
	l.bodies -= b.bytes
	b.bytes = 0
	b.endedLocked(true)
}

// endedLocked notes that a body is there, or is not read by the handler any more. With the last one its connection does
// not wait any more, where leave says so.
func (b *countedBody) endedLocked(leave bool) {
	if b.ended {
		return
	}
	b.ended = true
	if b.conn.bodies--; b.conn.bodies == 0 && leave {
		b.conn.listener.moveLocked(b.conn, nil)
	}
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	l := b.conn.listener
	l.mu.Lock()
	if b.admitted {
		l.mu.Unlock()
		return n, err
	}
	b.bytes += int64(n)
	l.bodies += int64(n)
	if err != nil { // its end, most of the time
		b.endedLocked(true)
	}
	var victim *clientConn
	if l.bodies > maxBodies {
		victim = b.conn
		if oldest, ok := l.waiting.Oldest(); ok {
			victim = oldest
		}
	}
	l.mu.Unlock()
	if victim != nil {
		victim.refuse(fault.RateLimitedServerConnections(l.limits.pending))
	}
	return n, err
}

// moveLocked puts a connection at the end of a queue, or in none; one that is there already keeps its place.
func (l *listener) moveLocked(c *clientConn, to *ratelimit.Queue[*clientConn]) {
	if c.in == to || !c.counted {
		return
	}
	if c.in != nil {
		c.in.Remove(c)
	}
	if c.in = to; to != nil {
		to.Add(c.network, c)
	}
}

// clientConn is a connection of the public port.
type clientConn struct {
	*net.TCPConn // ReadFrom: files are sent without copying
	listener     *listener
	network      netip.Prefix
	isProxy      bool         // it comes from a trusted proxy
	ending       atomic.Bool  // it is closed soon
	late         atomic.Int32 // requests that came after that

	// Guarded by listener.mu.
	counted bool // until closed
	handled bool // a handler may write to it
	bodies  int  // that are waited for
	in      *ratelimit.Queue[*clientConn]
	idleAt  time.Time // when its last request ended
}

// Close implements net.Conn.
func (c *clientConn) Close() error {
	l := c.listener
	l.mu.Lock()
	if c.counted {
		l.moveLocked(c, nil)
		c.counted = false
		l.open--
	}
	l.mu.Unlock()
	return c.TCPConn.Close()
}

// refuse closes a connection. why, unless nil, is reported and written to it where few others were refused just now;
// over TLS nothing can be.
func (c *clientConn) refuse(why *fault.Error) {
	if why != nil {
		c.listener.mu.Lock()
		handled := c.handled
		c.listener.mu.Unlock()
		if c.listener.told.Allow() {
			response := c.listener.refusal(why.RetryAfter(retryClosed))
			if !handled {
				_ = c.SetWriteDeadline(time.Now().Add(writeRefusal))
				_, _ = c.TCPConn.Write(response) // the peer may be gone
			}
		} else {
			c.listener.report(why)
		}
	}
	_ = c.Close()
}

// tooLarge begins what net/http writes by itself when the head of a request is larger than MaxHeaderBytes.
var tooLarge = []byte("HTTP/1.1 431 ")

// Write implements net.Conn. It puts our words in the place of net/http's where a request's head was too large.
func (c *clientConn) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, tooLarge) && bytes.Contains(p, []byte("text/plain")) {
		if _, err := c.TCPConn.Write(c.listener.refusal(fault.InvalidMessageHeadersTooLarge(maxHeader))); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return c.TCPConn.Write(p)
}

// clientConnOf finds our connection below TLS; nil for one of another listener.
func clientConnOf(conn net.Conn) *clientConn {
	if below, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = below.NetConn()
	}
	c, _ := conn.(*clientConn)
	return c
}

type connKey struct{}

// withConn is http.Server.ConnContext.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, clientConnOf(conn))
}

func connOf(ctx context.Context) *clientConn {
	c, _ := ctx.Value(connKey{}).(*clientConn)
	return c
}
