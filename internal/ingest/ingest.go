// Package ingest takes what encoders publish over RTMP and RTMPS, and makes a participant of each.
//
// It owns the listeners, the connections of encoders, what is judged before and after their stream key is known,
// which key is published with, and the worker process of each publisher (package worker), which joins the meeting as
// every client does: its token is judged by the gate and the limits of the meeting. Media goes from the connection to
// the worker unread.
//
// A fault of a publisher is reported once, and told to the encoder in RTMP's own form: the description of a status of
// level error begins with code, reason and id.
package ingest

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/ingest/order"
	"github.com/klatch/klatch/internal/ratelimit"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/workerticket"
)

// Keys finds stream keys. An unknown one is a *record.NotFoundError.
type Keys interface {
	FindStreamKey(ctx context.Context, key string) (record.StreamKey, error)
	StreamKey(ctx context.Context, accountID, id string) (record.StreamKey, error)
}

// Options of New. Zero values take the default named beside them.
type Options struct {
	Keys Keys
	// Token makes the token with which a publisher joins.
	Token func(context.Context, record.StreamKey) (string, error)
	// SessionOf returns the session that runs in a meeting; "" where none does.
	SessionOf func(ctx context.Context, accountID, meetingID string) string
	// Node returns this node of a cluster; nil: the server is alone.
	Node func() record.NodeID
	// TicketKey signs what workers join with, on all nodes; nil: a key of this process.
	TicketKey []byte
	Limiter   *ratelimit.Limiter
	Logger    *slog.Logger
	Report    func(context.Context, *fault.Error)

	ServerURL string // how a worker on this machine reaches the server
	MediaAddr string // of the server's media, as a worker on this machine reaches it
	FFmpeg    string // "ffmpeg", found in PATH

	// Connections that do not publish yet, and publishers; 0: no limit.
	PerAddress, Pending, Publishers int

	ReconnectWindow  time.Duration // 15 s in which an encoder may come back
	HandshakeTimeout time.Duration // 10 s from the connection to the command publish
	StallTimeout     time.Duration // 10 s without media end a connection
	JoinTimeout      time.Duration // 15 s until a worker has joined

	Command []string // of a worker; this program's own hidden command
}

func (o Options) withDefaults() (Options, error) {
	o.FFmpeg = cmp.Or(o.FFmpeg, "ffmpeg")
	o.ReconnectWindow = cmp.Or(o.ReconnectWindow, 15*time.Second)
	o.HandshakeTimeout = cmp.Or(o.HandshakeTimeout, 10*time.Second)
	o.StallTimeout = cmp.Or(o.StallTimeout, 10*time.Second)
	o.JoinTimeout = cmp.Or(o.JoinTimeout, 15*time.Second)
	if o.Node == nil {
		o.Node = func() record.NodeID { return record.NodeID{} }
	}
	if o.TicketKey == nil {
		o.TicketKey = []byte(rand.Text())
	}
	if o.Command == nil {
		self, err := os.Executable()
		if err != nil {
			return o, err
		}
		o.Command = []string{self, order.WorkerCommand}
	}
	return o, nil
}

// Server takes encoders. It is safe for concurrent use.
//
// Shape: mutex around which connections and publishers there are.
type Server struct {
	opts    Options
	life    context.Context
	stop    context.CancelFunc
	running sync.WaitGroup // listeners, connections, publishers
	hangups *rate.Limiter  // of connections that are told why; the rest is closed without a word

	mu         sync.Mutex // guards everything below
	listeners  []net.Listener
	pending    ratelimit.Queue[*connection] // those that do not publish
	publishers map[string]*publisher        // by the id of the key
	tickets    map[string]*publisher
	barred     map[string]bar // by the id of the key
	closing    bool
}

// bar keeps an encoder from coming back by itself after somebody has put it out.
type bar struct {
	fault     *fault.Error
	sessionID string // while it runs
	until     time.Time
	at        time.Time
}

// barFor is how long a key is refused after the meeting was ended: encoders connect again within seconds.
const barFor = 30 * time.Second

// forgetBar is when a key that nobody has asked for again is forgotten.
const forgetBar = 24 * time.Hour

// New returns a server that listens nowhere yet.
func New(o Options) (*Server, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		opts: o, hangups: rate.NewLimiter(50, 50),
		publishers: map[string]*publisher{}, tickets: map[string]*publisher{}, barred: map[string]bar{},
	}
	s.life, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Serve takes encoders from a listener until Close. With config they speak RTMPS.
func (s *Server) Serve(listener net.Listener, config *tls.Config) {
	s.mu.Lock()
	s.listeners = append(s.listeners, listener)
	s.mu.Unlock()
	s.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil { // out of descriptors, most of the time: those that are there go on
				s.opts.Logger.Warn("an RTMP connection could not be accepted", "err", err)
				select {
				case <-time.After(100 * time.Millisecond):
				case <-s.life.Done():
					return
				}
				continue
			}
			s.accept(conn, config)
		}
	})
}

// accept counts a connection and serves it, or closes the one that must go for it.
func (s *Server) accept(conn net.Conn, config *tls.Config) {
	address := ratelimit.RemoteAddr(conn.RemoteAddr().String())
	c := &connection{server: s, conn: conn, address: address, network: ratelimit.Network(address)}
	if config != nil {
		c.conn, c.secure = tls.Server(conn, config), true
	}
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		_ = conn.Close()
		return
	}
	s.pending.Add(c.network, c)
	victim, full := s.pending.PastBound(c.network, s.opts.PerAddress, s.opts.Pending)
	var why *fault.Error
	if full {
		s.pending.Remove(victim)
		if s.opts.PerAddress > 0 && victim.network == c.network && s.pending.LenOf(c.network) >= s.opts.PerAddress {
			why = fault.RateLimitedAddressConnections(victim.address.String(), s.opts.PerAddress)
		} else {
			why = fault.RateLimitedServerConnections(s.opts.Pending)
		}
	}
	s.mu.Unlock()
	if full {
		s.opts.Report(s.life, why)
		_ = victim.conn.Close()
		if victim == c {
			return
		}
	}
	s.running.Go(func() {
		defer func() { _ = c.conn.Close() }()
		defer func() {
			s.mu.Lock()
			s.pending.Remove(c)
			s.mu.Unlock()
		}()
		if err := guard.Do("an RTMP connection", c.serve); err != nil {
			s.opts.Report(s.life, fault.From(err))
		}
	})
}

// ticket is what the worker of a publisher joins with. It holds while the publisher does, on the node that has the
// connection of the encoder, the only one that knows its nonce. The node on which the meeting lives, to which that one
// relays the join, judges the signature.
type ticket struct {
	Nonce     string        `json:"nonce"`
	AccountID string        `json:"account"`
	KeyID     string        `json:"key"`
	From      netip.Addr    `json:"from"` // address of the encoder
	Node      record.NodeID `json:"node"`
}

// Admit returns the token of a publisher for the ticket of its worker. relayedBy is the node that took the socket and
// judged the ticket before; the zero NodeID: this one. ok is false for every other token, which the gate judges as it
// is.
func (s *Server) Admit(
	ctx context.Context,
	sent string,
	relayedBy record.NodeID,
) (token string, from netip.Addr, ok bool, err error) {
	signed, ok := strings.CutPrefix(sent, order.TicketPrefix)
	if !ok {
		return "", netip.Addr{}, false, nil
	}
	var t ticket
	if !workerticket.Open(s.opts.TicketKey, signed, &t) {
		return "", netip.Addr{}, false, nil
	}
	if relayedBy == (record.NodeID{}) {
		s.mu.Lock()
		p := s.tickets[t.Nonce]
		s.mu.Unlock()
		if p == nil {
			return "", netip.Addr{}, false, nil
		}
		token, err = s.opts.Token(ctx, p.key)
		return token, p.from, true, err
	}
	if relayedBy != t.Node {
		return "", netip.Addr{}, false, nil
	}
	key, err := s.opts.Keys.StreamKey(ctx, t.AccountID, t.KeyID)
	if _, unknown := errors.AsType[*record.NotFoundError](err); unknown {
		return "", netip.Addr{}, true, fault.RTMPIngestRefusedUnknownKey()
	}
	if err != nil {
		return "", netip.Addr{}, true, fault.ServerUnavailableStore("the query for a stream key").Because(err)
	}
	token, err = s.opts.Token(ctx, key)
	return token, t.From, true, err
}

// Revoked ends what is published with a key.
func (s *Server) Revoked(key record.StreamKey) {
	s.mu.Lock()
	p := s.publishers[key.ID]
	s.mu.Unlock()
	if p != nil {
		p.end(fault.RTMPIngestRefusedKeyRevoked(key.ID, formatTime(key.RevokedAt)), false)
	}
}

// Count returns how many publish, for metrics.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.publishers)
}

// StopAccepting closes the listeners and the connections that do not publish yet.
func (s *Server) StopAccepting() {
	s.mu.Lock()
	s.closing = true
	listeners, waiting := s.listeners, s.pending.All()
	s.mu.Unlock()
	for _, l := range listeners {
		_ = l.Close()
	}
	for _, c := range waiting {
		_ = c.conn.Close()
	}
}

// Close ends what is still published, and waits until nothing of it runs.
func (s *Server) Close() {
	s.StopAccepting()
	s.mu.Lock()
	var all []*publisher
	for _, p := range s.publishers {
		all = append(all, p)
	}
	s.mu.Unlock()
	for _, p := range all {
		p.end(fault.ServerShutdownStopped(1), true)
	}
	s.stop()
	s.running.Wait()
}

// admitKey judges the key that an encoder has sent. The error is a *fault.Error.
func (s *Server) admitKey(c *connection, sent string) (record.StreamKey, error) {
	if err := s.opts.Limiter.CheckToken(c.address); err != nil {
		return record.StreamKey{}, err
	}
	ctx, cancel := context.WithTimeout(s.life, s.opts.HandshakeTimeout)
	defer cancel()
	key, err := s.opts.Keys.FindStreamKey(ctx, sent)
	if _, unknown := errors.AsType[*record.NotFoundError](err); unknown {
		_ = s.opts.Limiter.Take(c.address, ratelimit.FailedTokens) // it is refused either way
		return key, fault.RTMPIngestRefusedUnknownKey()
	}
	if err != nil {
		return key, fault.ServerUnavailableStore("the query for a stream key").Because(err)
	}
	if f := s.opts.Limiter.Take(c.address, ratelimit.Joins); f != nil {
		return key, locate(f, key)
	}
	switch key.State(time.Now()) {
	case record.StreamKeyRevoked:
		return key, locate(fault.RTMPIngestRefusedKeyRevoked(key.ID, formatTime(key.RevokedAt)), key)
	case record.StreamKeyExpired:
		return key, locate(fault.RTMPIngestRefusedKeyExpired(key.ID, formatTime(key.ExpiresAt)), key)
	}
	return key, nil
}

// barredBy returns the fault with which somebody has put the publisher out, while it holds.
func (s *Server) barredBy(key record.StreamKey) *fault.Error {
	s.mu.Lock()
	b, found := s.barred[key.ID]
	s.mu.Unlock()
	if !found {
		return nil
	}
	if time.Now().Before(b.until) || b.sessionID != "" &&
		s.opts.SessionOf(s.life, key.AccountID, key.MeetingID) == b.sessionID {
		return b.fault
	}
	s.mu.Lock()
	delete(s.barred, key.ID)
	s.mu.Unlock()
	return nil
}

// publisherFor returns the publisher of a connection: the one that waits for its encoder, or a new one.
func (s *Server) publisherFor(key record.StreamKey, c *connection) (*publisher, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return nil, fault.ServerUnavailableDraining()
	}
	if p := s.publishers[key.ID]; p != nil {
		if f := p.attach(c); f != nil {
			return nil, locate(f, key)
		}
		return p, nil
	}
	if limit := s.opts.Publishers; limit > 0 && len(s.publishers) >= limit {
		return nil, locate(fault.RTMPIngestRefusedPublisherLimit(limit), key)
	}
	p := newPublisher(s, key, c)
	s.publishers[key.ID] = p
	s.tickets[p.ticket] = p
	s.running.Go(p.run)
	return p, nil
}

// forget ends the place of a publisher.
func (s *Server) forget(p *publisher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tickets, p.ticket)
	if s.publishers[p.key.ID] == p {
		delete(s.publishers, p.key.ID)
	}
}

// bar refuses a key for a while.
func (s *Server) bar(key record.StreamKey, f *fault.Error) {
	now := time.Now()
	b := bar{fault: f, at: now}
	switch f.Code {
	case fault.CodeParticipantRemoved:
		b.sessionID = f.SessionID
	case fault.CodeMeetingEnded:
		b.until = now.Add(barFor)
	default:
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, other := range s.barred { // those that nobody asked for again
		if now.Sub(other.at) > forgetBar {
			delete(s.barred, id)
		}
	}
	s.barred[key.ID] = b
}

// locate adds to a fault whose it is, and where.
func locate(f *fault.Error, key record.StreamKey) *fault.Error {
	return f.WithAccount(key.AccountID).WithDefaultMeeting(key.MeetingID, "", key.ParticipantID)
}

func formatTime(t time.Time) string { return fault.InstantOf(t).String() }

func newTicket() string { return strings.ToLower(rand.Text()) }
