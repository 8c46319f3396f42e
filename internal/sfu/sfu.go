// Package sfu forwards media: it takes the streams of each participant on one WebRTC connection and hands
// copies to those who subscribed on another. It owns the UDP and TCP port for media, everything that is
// WebRTC (pion ends here), and the forwarding path. The meeting calls it with values and hears back through
// Events; who may publish or receive is decided there.
//
// A participant has at most two connections. On the publish connection the client offers and the server
// answers recvonly. On the subscribe connection the server offers sendonly, one offer at a time; a change while one
// is unanswered goes into the next. The server is ICE-lite and always the DTLS server, which makes
// browsers choose AES-GCM.
//
// The path of a packet: pion decrypts it and hands it to the upEncoding of its SSRC (receive.go), which keeps the books
// for NACK, TWCC feedback and receiver reports, and makes a packet.Packet of it: pooled, with its facts, and with
// counted references. Stream.forward (stream.go) puts it in the history of its encoding and passes it to each sink. A
// downTrack is one: it rewrites sequence number and timestamp and sends. All of it happens on the goroutine that read
// the packet, allocates nothing and waits for nobody.
//
// A Stream knows its two ports only: a source, which sends one encoding or several and can be asked for key frames, and
// sinks. What is below takes what it needs (services, owner) and knows neither sessions nor peers; negotiation
// (publisher, offerer) is apart from the tracks that are negotiated (upConn, downConn).
package sfu

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Events is what the SFU tells its user. Calls must not block; those about one connection of a peer come in
// order.
type Events interface {
	SubscribeOffer(peer wire.Peer, offer wire.SubscribeOffer)
	SpeakerChanged(sessionID, participantID string)
	// SubscribeLost: the subscribe connection of a peer is lost for good, and its next offer waits for Restart. A lost
	// publish connection is its client's to make anew, by an offer; nobody else can.
	SubscribeLost(peer wire.Peer)
	// ConnectionLost: a connection that the peer has offered, to publish or to play, has never come up or is lost for
	// good. f says why; nil: the client has closed it.
	ConnectionLost(peer wire.Peer, f *fault.Error)
	// MediaSilent: nothing comes any more over a connection of the peer that was up, or something does again.
	MediaSilent(peer wire.Peer, silent bool)
	// CodecChanged: the packets of a stream come with another codec than was announced.
	CodecChanged(peer wire.Peer, stream wire.Stream)
	// StreamState: what the peer is sent of a stream has changed.
	StreamState(peer wire.Peer, state wire.StreamState)
	// Encodings: nobody takes an encoding that the peer sends, or somebody takes it again.
	Encodings(peer wire.Peer, encodings wire.Encodings)
	// QualityLimitation: the connection to the peer became too slow for what it would be sent, or is fast enough again.
	QualityLimitation(peer wire.Peer, limitation wire.QualityLimitation)
	// CodecNotReceived: a stream comes with a codec that the peer, which is to receive it, does not take.
	CodecNotReceived(peer wire.Peer, stream wire.UnreceivedStream)
	// MediaFault: something is wrong with what the peer sends or receives.
	MediaFault(peer wire.Peer, f *fault.Error)
}

// Options of New.
type Options struct {
	UDPAddr string // address of the UDP port, such as ":7882" or "127.0.0.1:0"; port 0 chooses one
	TCPAddr string // address of the TCP port; "": no ICE-TCP

	// PublicIPs are advertised in place of the addresses of this machine, all of them: for a
	// server behind 1:1 NAT.
	PublicIPs []netip.Addr
	// Loopback also advertises loopback addresses. An address given in UDPAddr is advertised in any case.
	Loopback bool
	// LocalOnly drops what does not come from an address of this machine, so that a wildcard address can be listened
	// on for this machine alone. Firefox needs that: it never sends from or to a loopback address.
	LocalOnly bool

	// PublishBps is the most that a participant may send in bits per second, all streams together; what comes above is
	// dropped. 0: no bound.
	PublishBps int64

	// Data bounds data messages.
	Data DataLimits

	// Serves reports whether packets may be forwarded at that time: a node of a cluster that has lost its lease
	// forwards none. It is asked for each packet that arrives and for each batch that is sent. nil: always.
	Serves func(now time.Time) bool

	// ICETimeout is how long a connection may be silent until it is lost. 0: 20 s.
	ICETimeout time.Duration

	Events Events
	Logger *slog.Logger // nil: no log
}

// SFU forwards the media of all sessions of a server. It is safe for concurrent use. Shape: mutex; each subscribe
// connection and the maintenance are loops.
type SFU struct {
	services
	ports  *ports
	cancel context.CancelFunc
	wg     sync.WaitGroup // loops and closing connections

	mu       sync.Mutex // guards everything below
	closed   bool
	sessions map[string]*session
}

// services is what the parts of an SFU are given of it.
type services struct {
	ctx        context.Context // ends with the SFU
	events     Events
	log        *slog.Logger
	stats      *counters
	engine     *engine
	publishBps int64 // Options.PublishBps
	data       DataLimits
	loops      *loops
}

// loops starts goroutines that are needed at some time, or never. After close it starts none.
type loops struct {
	mu     sync.Mutex // guards closed, and wg against Add beside Wait
	closed bool
	wg     *sync.WaitGroup
}

func (l *loops) start(loop func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.wg.Go(loop)
	}
}

func (l *loops) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
}

// ErrClosed is returned by calls after Close.
var ErrClosed = errors.New("sfu: closed")

// New opens the ports and starts. An address that cannot be listened on returns a *ListenError.
func New(opts Options) (*SFU, error) {
	log := opts.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if opts.ICETimeout == 0 {
		opts.ICETimeout = 20 * time.Second
	}
	p, err := openPorts(opts)
	if err != nil {
		return nil, err
	}
	s := &SFU{ports: p, sessions: map[string]*session{}}
	e, err := newEngine(p, opts, &s.wg)
	if err != nil {
		p.close()
		return nil, err
	}
	s.services = services{events: opts.Events, log: log, stats: &counters{}, engine: e, publishBps: opts.PublishBps,
		data:  opts.Data,
		loops: &loops{wg: &s.wg}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.wg.Go(s.runMaintenance)
	return s, nil
}

// Addrs returns the addresses listened on; tcp is nil without ICE-TCP.
func (s *SFU) Addrs() (udp, tcp net.Addr) { return s.ports.addrs() }

// Advertised returns the UDP addresses that descriptions name.
func (s *SFU) Advertised() []netip.AddrPort { return s.ports.announced.Load().udp }

// Local returns the address of this machine at which the UDP port is reached that others reach at an advertised
// address: the same one where this machine has it. false: the port does not take that family.
func (s *SFU) Local(advertised netip.Addr) (netip.AddrPort, bool) {
	bound := s.ports.udp.LocalAddr().AddrPort()
	addr := bound.Addr().Unmap()
	switch {
	case !addr.IsUnspecified():
		return netip.AddrPortFrom(addr, bound.Port()), addr.Is6() == advertised.Is6()
	case advertised.Is6() && addr.Is4():
		return netip.AddrPort{}, false
	case s.ports.own[advertised]:
		addr = advertised
	case advertised.Is6():
		addr = netip.IPv6Loopback()
	default:
		addr = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return netip.AddrPortFrom(addr, bound.Port()), true
}

// Close closes all connections and the ports, and waits until nothing runs any more.
func (s *SFU) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		s.wg.Wait()
		return nil
	}
	s.closed = true
	sessions := s.sessions
	s.sessions = map[string]*session{}
	s.mu.Unlock()

	s.cancel()
	s.loops.close()
	for _, ses := range sessions {
		for _, p := range ses.all() {
			ses.remove(p)
			p.close()
		}
	}
	s.wg.Wait()
	s.ports.close()
	return nil
}

// Attach makes a peer known. An earlier participation of the same participant is replaced.
func (s *SFU) Attach(_ context.Context, ref wire.Peer) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	ses := s.sessions[ref.SessionID]
	if ses == nil {
		ses = newSession(ref.SessionID)
		s.sessions[ref.SessionID] = ses
	}
	p := newPeer(&s.services, ses, ref)
	old := ses.add(p)
	s.mu.Unlock()
	if old != nil {
		old.close()
	}
	return nil
}

// Detach forgets a peer and closes its connections in the background.
func (s *SFU) Detach(ref wire.Peer) {
	s.mu.Lock()
	ses := s.sessions[ref.SessionID]
	var p *peer
	if ses != nil {
		if p = s.peerLocked(ref); p != nil && ses.remove(p) {
			delete(s.sessions, ref.SessionID)
		}
	}
	s.mu.Unlock()
	if p != nil {
		p.close()
	}
}

// Publish answers the offer of the sending connection. The peer's set of streams becomes that of the offer.
// An SDP that cannot be used is a fault 4107 BAD_SDP and changes nothing.
func (s *SFU) Publish(ctx context.Context, ref wire.Peer, params wire.PublishParams) (wire.PublishResult, error) {
	s.mu.Lock()
	p := s.peerLocked(ref)
	if p == nil {
		s.mu.Unlock()
		return wire.PublishResult{}, nil
	}
	s.wg.Add(1)
	s.mu.Unlock()
	defer s.wg.Done()
	return p.pub.publish(ctx, params)
}

// SetStream switches the forwarding of an own stream.
func (s *SFU) SetStream(ref wire.Peer, kind wire.Kind, enabled bool) {
	if p := s.peer(ref); p != nil {
		p.session.setStream(p, kind, enabled)
	}
}

// Subscribe sets what the peer receives.
func (s *SFU) Subscribe(ref wire.Peer, streams []wire.StreamRef) {
	if p := s.peer(ref); p != nil {
		p.sub.want(streams)
	}
}

// Prefer sets what the peer prefers of streams that it receives. A later preference of a stream replaces the earlier
// one.
func (s *SFU) Prefer(ref wire.Peer, preferences []wire.StreamPreference) {
	if p := s.peer(ref); p != nil {
		p.preferences.set(preferences)
		p.sub.allocate(time.Now())
	}
}

// Pin sets what is pinned of the peer: a subscriber whose bandwidth is short is sent that before the rest.
func (s *SFU) Pin(ref wire.Peer, state wire.PinState) {
	if p := s.peer(ref); p != nil {
		p.session.stream(p, wire.Video).pinned.Store(state.Cam)
		p.session.stream(p, wire.Share).pinned.Store(state.Share)
	}
}

// SetData sets whether the peer may send and receive data messages. The first call opens data channels on its subscribe
// connection.
func (s *SFU) SetData(ref wire.Peer, sends, receives bool) {
	if p := s.peer(ref); p != nil {
		p.sub.setData(sends, receives)
	}
}

// Answer takes the answer to the offer of that id; an answer to another offer is dropped.
func (s *SFU) Answer(ctx context.Context, ref wire.Peer, answer wire.AnswerParams) error {
	p := s.peer(ref)
	if p == nil {
		return nil
	}
	return p.sub.answer(ctx, answer)
}

// Play answers the offer of a peer that receives on a connection of its own making.
func (s *SFU) Play(ctx context.Context, ref wire.Peer, params wire.PlayParams) (wire.PlayResult, error) {
	s.mu.Lock()
	p := s.peerLocked(ref)
	if p == nil {
		s.mu.Unlock()
		return wire.PlayResult{}, nil
	}
	s.wg.Add(1)
	s.mu.Unlock()
	defer s.wg.Done()
	return p.sub.play(ctx, params)
}

// Restart offers the subscribe connection anew with an ICE restart. An unanswered offer is sent again first,
// and the restart follows its answer.
func (s *SFU) Restart(_ context.Context, ref wire.Peer) error {
	if p := s.peer(ref); p != nil {
		p.sub.restart()
	}
	return nil
}

func (s *SFU) peer(ref wire.Peer) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peerLocked(ref)
}

func (s *SFU) peerLocked(ref wire.Peer) *peer {
	if ses := s.sessions[ref.SessionID]; ses != nil {
		if p := ses.peer(ref.ParticipantID); p != nil && p.ref == ref {
			return p
		}
	}
	return nil
}

func (s *SFU) allSessions() []*session {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*session, 0, len(s.sessions))
	for _, ses := range s.sessions {
		all = append(all, ses)
	}
	return all
}
