package signal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// conn is one WebSocket. Three goroutines serve it: the reader (the HTTP handler's), the writer and the pinger;
// serve returns when all have ended. Only the reader sets session.
type conn struct {
	server   *Server
	ws       *websocket.Conn
	netConn  net.Conn      // what ws runs on
	buffered *bufio.Reader // of netConn, from which ws reads
	upgrade  *http.Request // as it is sent on to another node; nil on a server that is alone
	first    []byte        // message of which the handshake runs; reader only
	client   netip.Addr
	relayed  bool          // by another node, which has counted it
	from     record.NodeID // that node
	rejected bool          // refused as it was opened: what comes on it is not read

	release  func() // ends counting the socket as one that has not joined; never nil
	out      *outbox
	heard    *heard
	limiter  *rate.Limiter
	finished chan struct{} // capacity 1: the session finished a request

	mu      sync.Mutex // guards everything below
	session *session   // nil until join or resume succeeded
	relay   *relay     // the meeting lives on another node

	handshaking atomic.Bool // join or resume is with the server: the time to join does not run
	waiting     *heard      // since when the server waits for one: the socket was opened, or the last one was refused

	software atomic.Pointer[fault.Client] // of the peer, as far as it has said

	rateReported time.Time // reader only: when a refusal for the rate was last reported
}

func newConn(s *Server, ws *websocket.Conn, netConn net.Conn, client netip.Addr) *conn {
	ws.SetReadLimit(-1) // the reader limits by itself: a frame that is too large gets its fault first
	perSecond := float64(s.opts.RateLimit) / s.opts.RateWindow.Seconds()
	return &conn{
		server:   s,
		ws:       ws,
		netConn:  netConn,
		client:   client,
		release:  func() {},
		heard:    newHeard(),
		waiting:  newHeard(),
		out:      newOutbox(),
		finished: make(chan struct{}, 1),
		limiter:  rate.NewLimiter(rate.Limit(perSecond), s.opts.RateLimit),
	}
}

func (c *conn) serve() {
	ctx, cancel := context.WithCancel(ratelimit.WithClient(c.server.ctx, c.client))
	defer cancel()
	if c.relayed {
		ctx = c.server.opts.Cluster.WithFrom(ratelimit.WithCounted(ctx), c.from)
	}
	defer c.release()
	var others sync.WaitGroup
	others.Go(func() { c.guarded("the writer of a signaling socket", func() { c.write(ctx) }) })
	pings := c.startPings(ctx)

	c.guarded("the reader of a signaling socket", func() { c.read(ctx) })
	if s := c.attached(); s != nil {
		s.detach(c)
	}
	c.mu.Lock()
	relay := c.relay
	c.mu.Unlock()
	handedOver := relay != nil && c.out.handOver()
	c.out.close(closeFrame{code: 1000})
	pings.stop()
	others.Wait()
	if handedOver {
		c.release()
		relay.run(c.netConn, c.buffered, c.server.opts)
	} else if relay != nil {
		_ = relay.stream.Close()
	}
	_ = c.ws.CloseNow() // frees the socket where the close handshake did not
}

// guarded keeps a panic to this socket: it is told 5101 INTERNAL and ends, and its session can be resumed.
func (c *conn) guarded(what string, part func()) {
	err := guard.Do(what, part)
	if err == nil {
		return
	}
	f := c.withIDs(fault.From(err)).WithFatal(true)
	if err := guard.Do("the report of a fault", func() { c.server.report(f) }); err == nil {
		c.refuse(0, f)
	}
	time.AfterFunc(c.server.opts.CloseTimeout, func() { _ = c.netConn.Close() }) // the writer may be what panicked
}

// write sends what is queued and ends the socket with its close frame. It also minds the time to join.
func (c *conn) write(ctx context.Context) {
	join := time.NewTimer(c.server.opts.JoinTimeout)
	defer join.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-join.C:
			left := c.server.opts.JoinTimeout - c.waiting.silence()
			if c.handshaking.Load() {
				left = c.server.opts.JoinTimeout
			}
			if left > 0 {
				join.Reset(left)
			} else if c.attached() == nil {
				f := fault.InvalidMessageJoinExpected(c.server.opts.JoinTimeout)
				c.server.report(f)
				c.refuse(0, f)
			}
		case <-c.out.wake:
		}
		queued, last, closing := c.out.take()
		for _, m := range queued {
			if !c.send(ctx, m.frame()) {
				return
			}
		}
		if last {
			if closing != handOver {
				c.end(closing)
			}
			return
		}
	}
}

// end closes the socket. A peer that does not take part in the closing handshake is cut.
func (c *conn) end(last closeFrame) {
	cut := time.AfterFunc(c.server.opts.CloseTimeout, func() { _ = c.netConn.Close() })
	defer cut.Stop()
	_ = c.ws.Close(websocket.StatusCode(last.code), last.reason)
}

// send writes one frame; a peer that takes none of it for PingTimeout is dead.
func (c *conn) send(ctx context.Context, frame []byte) bool {
	ctx, cancel := context.WithTimeout(ctx, c.server.opts.PingTimeout)
	defer cancel()
	if err := c.ws.Write(ctx, websocket.MessageText, frame); err != nil {
		_ = c.ws.CloseNow() // wakes the reader, which ends the socket
		return false
	}
	return true
}

// read takes requests until the socket ends or must end.
func (c *conn) read(ctx context.Context) {
	for {
		kind, r, err := c.ws.Reader(ctx)
		if err != nil {
			if websocket.CloseStatus(err) == websocket.StatusGoingAway {
				c.leave()
			}
			c.checkFrames(err)
			return
		}
		c.heard.note()
		limit := wire.MaxFrameBytes
		if c.attached() == nil {
			limit = maxHandshakeBytes
		}
		frame, err := c.readMessage(io.LimitReader(r, int64(limit)+1))
		if err != nil {
			c.checkFrames(err)
			return
		}
		switch {
		case len(frame) > limit:
			c.fail(0, fault.InvalidMessageTooLarge(limit))
			return
		case kind == websocket.MessageBinary:
			c.fail(0, fault.InvalidMessageBinary(len(frame)))
			return
		}
		if !c.handle(ctx, frame) {
			return
		}
	}
}

// checkFrames tells a client that its frames break the WebSocket protocol, where that is why reading failed. For most
// of what it finds, the library has sent a close frame with the code 1002 by then: such a client reads only this, and
// the log has the fault.
func (c *conn) checkFrames(err error) {
	if websocket.CloseStatus(err) != -1 {
		return
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if problem, found := strings.CutPrefix(err.Error(), "received "); found {
			c.fail(0, fault.InvalidMessageNotWebsocket("the server received "+problem))
			return
		}
	}
}

// leave takes the participant out whose page is gone: browsers say so with the close code 1001 (RFC 6455, section
// 7.4.1), Firefox before the page's own handlers can send anything.
func (c *conn) leave() {
	s := c.attached()
	if s == nil {
		return
	}
	s.mu.Lock()
	p, leaving := s.participant, s.leaving // a page that had the time has said so itself
	s.leaving = true
	s.mu.Unlock()
	if p == nil || leaving {
		return
	}
	s.server.workers.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.server.opts.PingTimeout)
		defer cancel()
		_ = p.Leave(ctx) // it may have left
	})
}

// maxHandshakeBytes bounds a message of a socket that has not joined: four times what the token and the rest of a join
// take at most.
const maxHandshakeBytes = 4 * (wire.MaxTokenBytes + wire.MaxMetaDataBytes)

// readMessage reads a message that has begun. One that does not end in time ends the socket: not with a fault alone,
// which a peer that never reads would keep, but with what is below it.
func (c *conn) readMessage(r io.Reader) ([]byte, error) {
	began := time.Now()
	counted := &countingReader{from: r}
	late := time.AfterFunc(c.server.opts.MessageTimeout, func() {
		f := c.withIDs(fault.InvalidMessageIncomplete(counted.n.Load(), time.Since(began)))
		c.server.report(f)
		c.refuse(0, f)
	})
	defer late.Stop()
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	if _, err := buffer.ReadFrom(counted); err != nil {
		return nil, err
	}
	return bytes.Clone(buffer.Bytes()), nil
}

// buffers are read into: most messages are small, and what grows for one that never ends is used again.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

type countingReader struct {
	from io.Reader
	n    atomic.Int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.n.Add(int64(n))
	return n, err
}

// handle takes one message; false ends the socket.
func (c *conn) handle(ctx context.Context, frame []byte) (goOn bool) {
	if c.rejected {
		return true
	}
	req, f := parseFrame(frame)
	defer guard.Recover("a request", func(err error) { goOn = c.fail(req.ID, fault.From(err)) })
	if wait := c.overRate(); wait > 0 {
		return c.refuseRate(req.ID, wait)
	}
	if f != nil {
		return c.fail(req.ID, f)
	}
	session := c.attached()
	if session != nil {
		session.confirm(c)
	}
	handshake, isHandshake := handshakes[req.Method]
	switch {
	case req.Method == wire.MethodPing:
		c.answer(c.server.encodeResult(req.ID, wire.PingResult{ServerTime: fault.InstantOf(time.Now().UTC())}))
	case isHandshake && session != nil:
		return c.fail(req.ID, fault.InvalidMessageWrongOrder(req.Method, session.currentState().String()))
	case isHandshake:
		c.first = frame
		c.handshaking.Store(true)
		_, err := handshake.run(ctx, c, req)
		c.waiting.note()
		c.handshaking.Store(false)
		c.first = nil
		if relay, ok := errors.AsType[*relay](err); ok {
			c.setRelay(relay)
			return false
		}
		if err != nil {
			return c.fail(req.ID, fault.From(err))
		}
	case session != nil:
		return c.submit(ctx, session, req)
	default:
		if _, known := methods[req.Method]; !known {
			return c.fail(req.ID, fault.InvalidMessageUnknownMethod(req.Method))
		}
		return c.fail(req.ID, fault.InvalidMessageWrongOrder(req.Method, "not joined"))
	}
	return true
}

// submit hands a request to the session; while too many wait there, nothing more is read.
func (c *conn) submit(ctx context.Context, session *session, req wire.Request) bool {
	for session.queueFull() {
		select {
		case <-ctx.Done():
			return false
		case <-c.finished:
		}
	}
	session.submit(req, c)
	return true
}

// requestFinished wakes the reader: a request is done.
func (c *conn) requestFinished() {
	select {
	case c.finished <- struct{}{}:
	default:
	}
}

// overRate returns how long to wait before the next request; 0 is no wait.
func (c *conn) overRate() time.Duration {
	reservation := c.limiter.Reserve()
	wait := reservation.Delay()
	if wait > 0 {
		reservation.Cancel()
	}
	return wait
}

// refuseRate refuses a request for the rate. Of a flood one refusal a second is reported; all are answered.
func (c *conn) refuseRate(id int64, wait time.Duration) bool {
	opts := c.server.opts
	f := c.withIDs(fault.RateLimitedMessages(opts.RateLimit, opts.RateWindow).RetryAfter(max(wait, time.Millisecond)))
	if now := time.Now(); now.Sub(c.rateReported) >= time.Second {
		c.rateReported = now
		c.server.report(f)
	}
	c.answer(c.server.encodeFault(id, f))
	return true
}

// fail reports a fault and answers with it; a fatal one ends the socket.
func (c *conn) fail(id int64, f *fault.Error) (goOn bool) {
	f = c.withIDs(f)
	c.server.report(f)
	return c.refuse(id, f)
}

// reject refuses a new socket.
func (c *conn) reject(f *fault.Error) {
	c.rejected = true
	f = c.withIDs(f)
	c.server.report(f)
	c.refuse(0, f)
}

// refuse answers with a fault that has been reported.
func (c *conn) refuse(id int64, f *fault.Error) (goOn bool) {
	c.answer(c.server.encodeFault(id, f))
	if f.Fatal {
		c.out.close(closeFrameOf(f))
	}
	return !f.Fatal
}

// answer queues a frame for this socket.
func (c *conn) answer(frame []byte) {
	if !c.out.push(message{answer: frame}) {
		if s := c.attached(); s != nil {
			s.detach(c)
		}
		c.server.closeSlowReader(c)
	}
}

// withIDs returns a copy of a fault with the ids of the socket's participant.
func (c *conn) withIDs(f *fault.Error) *fault.Error {
	if software := c.software.Load(); software != nil {
		f = f.WithClient(*software)
	}
	if s := c.attached(); s != nil {
		return f.WithAccount(s.accountID).WithDefaultMeeting(s.ids())
	}
	return f
}

func (c *conn) attached() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session
}

func (c *conn) attach(s *session) {
	c.mu.Lock()
	c.session = s
	c.mu.Unlock()
	c.release()
}

// closeFrameOf is the close frame of a fatal fault: its code, and enough to find it again (RFC 6455, section 5.5: at
// most 123 bytes).
func closeFrameOf(f *fault.Error) closeFrame {
	reason := f.Name + " " + f.Reason + " " + f.ID
	return closeFrame{code: f.CloseCode(), reason: reason[:min(len(reason), 123)]}
}

func (s *Server) encodeResult(id int64, result any) []byte {
	raw, err := json.Marshal(result)
	if err != nil {
		return s.encodeFault(id, fault.ServerUnavailableInternal().Because(err))
	}
	return encode(wire.Response{JSONRPC: "2.0", ID: &id, Result: raw})
}

// encodeFault answers with a fault; an id of 0 is one that could not be read.
func (s *Server) encodeFault(id int64, f *fault.Error) []byte {
	f = s.opts.Presentation.Of(f)
	res := wire.Response{JSONRPC: "2.0", Error: &wire.Error{Code: f.Code, Message: f.Message, Data: f}}
	if id > 0 {
		res.ID = &id
	}
	return encode(res)
}

func encode(res wire.Response) []byte {
	frame, err := json.Marshal(res)
	if err != nil { // only a fault whose details hold what JSON cannot; the catalogue has no such type
		panic(errors.Join(errors.New("signal: a response does not encode"), err))
	}
	return frame
}
