// Package signal is the WebSocket endpoint of a meeting: JSON-RPC 2.0 frames in, meeting calls out; meeting
// events in, numbered frames out; and resume after a cut. docs/protocol.md describes what it speaks.
//
// It owns sockets and signaling sessions. The server mounts it at /v1/signal; the gate judges joins, the
// meeting judges everything after. What a client sends is refused here only for its shape and its order.
package signal

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/trace"
	"github.com/klatch/klatch/internal/wire"
)

// Meetings lets participants in.
type Meetings interface {
	Join(
		ctx context.Context,
		req meeting.JoinRequest,
		listener meeting.Listener,
	) (*meeting.Participant, wire.JoinResult, error)
}

// Reporter is the boundary's log: it takes each fault once, before it is sent.
type Reporter interface {
	Report(ctx context.Context, f *fault.Error)
}

// Conditions takes the faults that clients find and that last; the end of each is reported once. RaiseReported returns
// false where it is kept as a fault that does not last. A key names one fault of one client.
type Conditions interface {
	RaiseReported(key string, f *fault.Error) (lasts bool)
	ClearAt(key string, at time.Time)
}

// Measurements takes what participants measure of their own media. It must not block.
type Measurements interface {
	Report(sessionID, participantID string, report wire.StatsParams)
}

// Options of a Server. Zero durations and limits take the defaults given with them.
type Options struct {
	// Admit judges a join: token, account, meeting, participant id.
	Admit    func(ctx context.Context, join wire.JoinParams) (meeting.JoinRequest, error)
	Meetings Meetings
	Reporter Reporter
	// Conditions of clients; nil: each is reported as a fault that does not last.
	Conditions Conditions
	// Presentation of the faults that are sent.
	Presentation fault.Presentation
	Limiter      *ratelimit.Limiter // of what comes before a token holds; nil limits nothing

	// ICEServers returns the TURN servers for a participant, with credentials made now; nil: none.
	ICEServers func(accountID, meetingID, sessionID, participantID string) []wire.ICEServer
	// ICEServersLife is how long their credentials can be used; participants get new ones before. 0: for ever.
	ICEServersLife time.Duration
	// CheckOrigin refuses pages whose origin may not connect; nil: all may, for the token authorizes.
	CheckOrigin func(r *http.Request) *fault.Error

	// StatsInterval is how often clients report what they measure to Measurements. 0: never, and then it is nil.
	StatsInterval time.Duration
	Measurements  Measurements
	Trace         *trace.Tracer // nil: no spans

	// TicketKey signs the secrets of sessions; nil: a key that no other server has.
	TicketKey []byte
	Node      string  // name of this server among those with the same TicketKey; "": there are none
	Cluster   Cluster // of the nodes with the same TicketKey; nil: this server is alone

	// TokenLeeway is by how much the clock of who mints tokens may differ from ours. Clients are told.
	TokenLeeway time.Duration

	ResumeWindow   time.Duration // 60 s: a place is kept for that long after a cut
	JoinTimeout    time.Duration // 10 s: a new socket must join or resume within
	RequestTimeout time.Duration // 15 s: a request is given up after
	PingInterval   time.Duration // 1.5 s: how often clients are told to ping; a socket silent for twice that is pinged
	PongLate       time.Duration // 2.5 s: a socket that does not answer a ping within is reported to the meeting
	PingTimeout    time.Duration // 10 s: a socket that does not answer a ping within is dead
	RateLimit      int           // 500 requests
	RateWindow     time.Duration // 10 s
	MessageTimeout time.Duration // 30 s: from the first byte of a message to its last
	CloseTimeout   time.Duration // 3 s: how long a closing handshake may take
}

func (o *Options) defaults() {
	setDefault(&o.ResumeWindow, 60*time.Second)
	setDefault(&o.JoinTimeout, 10*time.Second)
	setDefault(&o.RequestTimeout, 15*time.Second)
	setDefault(&o.PingInterval, 1500*time.Millisecond)
	setDefault(&o.PongLate, 2500*time.Millisecond)
	setDefault(&o.PingTimeout, 10*time.Second)
	setDefault(&o.RateLimit, 500)
	setDefault(&o.RateWindow, 10*time.Second)
	if o.CheckOrigin == nil {
		o.CheckOrigin = func(*http.Request) *fault.Error { return nil }
	}
	if o.ICEServers == nil {
		o.ICEServers = func(string, string, string, string) []wire.ICEServer { return []wire.ICEServer{} }
	}
	if o.TicketKey == nil {
		o.TicketKey = make([]byte, sha256.Size)
		_, _ = rand.Read(o.TicketKey) // crypto/rand.Read never fails
	}
	setDefault(&o.MessageTimeout, 30*time.Second)
	setDefault(&o.CloseTimeout, 3*time.Second)
	if o.Limiter == nil {
		o.Limiter = ratelimit.New(ratelimit.Limits{})
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Server is the http.Handler of the endpoint.
type Server struct {
	opts    Options
	ctx     context.Context // lifetime of all sockets and requests; ended by Close
	cancel  context.CancelFunc
	closed  atomic.Bool
	leaving atomic.Bool // see Leave

	rejecting atomic.Int64 // sockets that are told why they may not stay

	conns   sync.WaitGroup // sockets
	workers sync.WaitGroup // requests that run
	timers  sync.WaitGroup // expiries that wait or run

	mu       sync.Mutex // guards everything below
	open     map[*conn]struct{}
	sessions map[*session][]secretKey // all that are remembered, with their last secrets, oldest first
	bySecret map[secretKey]*session
	places   map[placeID]*session // of those that another server began
	relayed  map[*conn]struct{}   // to other nodes
}

// New makes a Server; Close ends it.
func New(opts Options) *Server {
	opts.defaults()
	s := &Server{
		opts:     opts,
		open:     map[*conn]struct{}{},
		sessions: map[*session][]secretKey{},
		bySecret: map[secretKey]*session{},
		places:   map[placeID]*session{},
		relayed:  map[*conn]struct{}{},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// ServeHTTP upgrades to WebSocket. The socket is served on a goroutine of its own, so that what belongs to the request,
// with its buffers and a deep stack, does not stay for the life of the socket.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") == "" {
		f := fault.SignalingUnreachableUpgradeStripped(r.URL.Path, http.StatusUpgradeRequired)
		s.opts.Reporter.Report(r.Context(), f)
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Access-Control-Allow-Origin", "*") // pages ask why their socket does not open
		s.writeProblem(w, http.StatusUpgradeRequired, f)
		return
	}
	relayed := ratelimit.IsCounted(r.Context())
	joined, refusal := func() {}, (*fault.Error)(nil)
	if !relayed {
		joined, refusal = s.opts.Limiter.OpenSocket(ratelimit.ClientOf(r.Context()))
	}
	if refusal != nil {
		if s.rejecting.Add(1) > maxRejecting { // an upgrade costs more than an answer, and browsers show only that
			s.rejecting.Add(-1)
			s.report(refusal)
			w.Header().Set("Connection", "close") // what follows may be frames, which net/http would take for a request
			s.writeProblem(w, refusal.HTTPStatus(), refusal)
			return
		}
		joined = sync.OnceFunc(func() { s.rejecting.Add(-1) })
	}
	hijacked := &hijacker{ResponseWriter: w}
	pings := rate.NewLimiter(pingsPerSecond, pingBurst)
	heard := newHeard()
	ws, err := websocket.Accept(hijacked, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // CheckOrigin judges: a page is not shown what an upgrade was refused with
		OnPingReceived: func(context.Context, []byte) bool {
			heard.note()
			return pings.Allow()
		},
	})
	if err != nil {
		joined()
		f := fault.InvalidMessageNotWebsocket(strings.TrimSpace(
			strings.TrimPrefix(hijacked.text.String(), "WebSocket protocol violation:")))
		s.report(f)
		s.writeProblem(w, cmp.Or(hijacked.status, f.HTTPStatus()), f)
		return
	}
	c := newConn(s, ws, hijacked.conn, ratelimit.ClientOf(r.Context()))
	c.release, c.heard, c.relayed, c.buffered = joined, heard, relayed, hijacked.reader
	switch {
	case relayed:
		c.from = s.opts.Cluster.From(r.Context())
	case s.opts.Cluster != nil:
		c.upgrade = upgradeRequest(r)
	}
	software := wire.AgentClient(r.UserAgent())
	c.software.Store(&software)
	if refusal == nil && !relayed {
		refusal = s.opts.CheckOrigin(r)
	}
	switch {
	case refusal != nil:
		c.reject(refusal)
	case !s.add(c):
		c.reject(fault.ServerUnavailableDraining())
	}
	go func() {
		defer guard.Recover("a signaling socket", func(err error) { s.report(fault.From(err)) })
		defer s.remove(c)
		c.serve()
	}()
}

// maxRejecting sockets at a time are opened only to be told why they may not stay.
const maxRejecting = 32

// Pings of a client beyond these are not answered.
const (
	pingsPerSecond = 2
	pingBurst      = 20
)

// hijacker keeps the connection below a WebSocket: the library's closing handshake reads a frame that was begun to its
// end, however long that takes, unless the connection is closed under it. It keeps what the library would answer a
// handshake that it refuses, so that the answer is a fault.
type hijacker struct {
	http.ResponseWriter
	conn   net.Conn
	reader *bufio.Reader
	status int          // of a refusal
	text   bytes.Buffer // of a refusal
}

// WriteHeader implements http.ResponseWriter.
func (h *hijacker) WriteHeader(status int) {
	if status == http.StatusSwitchingProtocols {
		h.ResponseWriter.WriteHeader(status)
		return
	}
	h.status = status
}

// Write implements http.ResponseWriter.
func (h *hijacker) Write(text []byte) (int, error) { return h.text.Write(text) }

// socketBuffer holds a usual frame. Those of net/http are four times as large, and most sockets wait most of the time.
const socketBuffer = 1 << 10

// Hijack implements http.Hijacker.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	h.conn = conn
	if err == nil && buffers.Reader.Buffered() == 0 {
		buffers = bufio.NewReadWriter(bufio.NewReaderSize(conn, socketBuffer), bufio.NewWriterSize(conn, socketBuffer))
	}
	if err == nil {
		h.reader = buffers.Reader
	}
	return conn, buffers, err
}

func (s *Server) writeProblem(w http.ResponseWriter, status int, f *fault.Error) {
	w.Header().Set("Content-Type", "application/problem+json")
	if f.RetryAfterMs > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt((f.RetryAfterMs+999)/1000, 10))
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(s.opts.Presentation.Of(f)) // a client that is gone needs no answer
}

// Close refuses new sockets, tells every client that the server stops, and waits until all sockets have ended
// or ctx does. Meetings that were closed before have told their participants themselves.
func (s *Server) Close(ctx context.Context) error {
	s.closed.Store(true)
	s.mu.Lock()
	sessions := make([]*session, 0, len(s.sessions))
	for session := range s.sessions {
		sessions = append(sessions, session)
	}
	conns := make([]*conn, 0, len(s.open))
	for c := range s.open {
		conns = append(conns, c)
	}
	s.mu.Unlock()

	stopped := fault.ServerShutdownStopped(len(sessions))
	for _, session := range sessions {
		session.stop(stopped)
	}
	for _, c := range conns {
		c.out.close(closeFrameOf(stopped))
		c.endRelay(func(record.NodeID) bool { return true })
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.conns.Wait()
		s.cancel()
		s.workers.Wait()
		s.timers.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		s.cancel() // cuts what is left
		<-done
		return ctx.Err()
	}
}

// Stats returns the number of sockets and of sessions, for metrics.
func (s *Server) Stats() (sockets, sessions int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open), len(s.sessions)
}

func (s *Server) add(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		return false
	}
	s.conns.Add(1)
	s.open[c] = struct{}{}
	return true
}

func (s *Server) remove(c *conn) {
	s.mu.Lock()
	_, known := s.open[c]
	delete(s.open, c)
	delete(s.relayed, c)
	s.mu.Unlock()
	if known {
		s.conns.Done()
	}
}

// newSession makes a session, which has no secret yet.
func (s *Server) newSession(accountID, place string) *session {
	return &session{
		server: s, accountID: accountID, reports: newReportLimit(), state: stateEntering,
		ends: newReportLimit(), measurements: newStatsLimit(s.opts.StatsInterval), lasting: map[string]string{},
		ticket: Ticket{AccountID: accountID, Place: place, Node: s.opts.Node},
	}
}

// remember lets a session be found by a secret.
func (s *Server) remember(session *session, key secretKey) {
	s.mu.Lock()
	s.sessions[session] = []secretKey{key}
	s.bySecret[key] = session
	s.mu.Unlock()
}

// addSecret lets a session that is still remembered be found by one more secret.
func (s *Server) addSecret(key secretKey, session *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys, known := s.sessions[session]
	if !known {
		return
	}
	if len(keys) == maxKeys {
		delete(s.bySecret, keys[0])
		keys = keys[1:]
	}
	s.sessions[session] = append(keys, key)
	s.bySecret[key] = session
}

func (s *Server) forget(session *session) {
	s.mu.Lock()
	for _, key := range s.sessions[session] {
		delete(s.bySecret, key)
	}
	delete(s.sessions, session)
	if place := session.place; s.places[place] == session {
		delete(s.places, place)
	}
	s.mu.Unlock()
}

// find returns the session of a resume; the wrong secret and the unknown session look the same.
func (s *Server) find(params wire.ResumeParams) *session {
	s.mu.Lock()
	found := s.bySecret[keyOf(params.Secret)]
	restored := len(s.places) > 0
	s.mu.Unlock()
	if found == nil && restored {
		if ticket, ok := openTicket(s.opts.TicketKey, params.Secret); ok {
			found = s.findRestored(ticket)
		}
	}
	if found == nil || !found.hasIDs(params.SessionID, params.ParticipantID) {
		return nil
	}
	return found
}

// report hands a fault to the log, once, before it is sent.
func (s *Server) report(f *fault.Error) { s.opts.Reporter.Report(s.ctx, f) }

// closeSlowReader closes a socket that does not read; nil is none.
func (s *Server) closeSlowReader(c *conn) {
	if c == nil {
		return
	}
	f := c.withIDs(fault.RateLimitedSlowReader(maxFrames, maxFrames))
	s.report(f)
	c.out.abandon(closeFrameOf(f), s.encodeFault(0, f))
}
