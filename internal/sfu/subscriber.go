package sfu

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/wire"
)

// subscriber is the receiving side of a peer. It compares what the peer wants with what is published and
// offers until both agree, one offer at a time. Shape: loop; other goroutines set a wish and wake it.
type subscriber struct {
	owner    owner
	services *services
	session  *session // where the streams are
	wishes   *preferences
	since    time.Time

	wakeUp  chan struct{} // one token: something may have changed
	answers chan answerCall
	plays   chan playCall
	begun   sync.Once // run is started when there is something to do
	ctx     context.Context
	cancel  context.CancelFunc

	mu        sync.Mutex // guards the wishes
	wanted    []wire.StreamRef
	restarted bool
	need      bool      // there was something to do
	data      *dataPort // nil: no data channels were asked for

	connMu sync.Mutex // guards conn for readers outside the loop
	conn   *downConn  // written by the loop alone; nil: nothing subscribed yet

	negotiation *offerer // of conn; nil where the client offers
	player      *player  // of conn, where the client offers; nil where the server does
	offers      int64    // offers made

	badAnswers pace // of the loop
}

type answerCall struct {
	answer wire.AnswerParams
	result chan error
}

func newSubscriber(sv *services, o owner, ses *session, wishes *preferences) *subscriber {
	s := &subscriber{
		owner: o, services: sv, session: ses, wishes: wishes, since: time.Now(), wakeUp: make(chan struct{}, 1),
		answers: make(chan answerCall),
		plays:   make(chan playCall),
	}
	s.ctx, s.cancel = context.WithCancel(sv.ctx)
	return s
}

func (s *subscriber) wake() {
	if !s.needed() {
		return
	}
	select {
	case s.wakeUp <- struct{}{}:
	default: // a token is there already
	}
	s.begin()
}

// begin starts the loop.
func (s *subscriber) begin() {
	s.mu.Lock()
	s.need = true
	s.mu.Unlock()
	s.begun.Do(func() { s.services.loops.start(s.run) })
}

// needed reports whether the loop has anything to do. Who has received nothing yet needs none.
func (s *subscriber) needed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.need = s.need || s.restarted || len(s.wanted) > 0 || s.data != nil
	return s.need
}

func (s *subscriber) want(streams []wire.StreamRef) {
	s.mu.Lock()
	same := slices.Equal(s.wanted, streams)
	s.wanted = slices.Clone(streams)
	s.mu.Unlock()
	if !same {
		s.wake()
	}
}

// setData sets whether the peer may send and receive data messages. The first call has data channels offered.
func (s *subscriber) setData(sends, receives bool) {
	s.mu.Lock()
	first := s.data == nil
	if first {
		s.data = newDataPort(s.owner, &s.session.data, s.services.data, s.services.stats, s.since)
	}
	s.data.sends.Store(sends)
	s.data.receives.Store(receives)
	s.mu.Unlock()
	if first {
		s.wake()
	}
}

func (s *subscriber) restart() {
	s.mu.Lock()
	s.restarted = true
	s.mu.Unlock()
	s.wake()
}

func (s *subscriber) answer(ctx context.Context, answer wire.AnswerParams) error {
	call := answerCall{answer, make(chan error, 1)}
	s.begin()
	select {
	case s.answers <- call:
	case <-s.ctx.Done():
		return nil // it has just left
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-call.result:
		return err
	case <-s.ctx.Done():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *subscriber) close() { s.cancel() }

// run is the loop. It ends with close or with the SFU, and takes the connection with it.
func (s *subscriber) run() {
	defer s.drop()
	for {
		var call answerCall
		var play playCall
		select {
		case <-s.ctx.Done():
			return
		case <-s.wakeUp:
		case call = <-s.answers:
		case play = <-s.plays:
		}
		s.step(call, play)
	}
}

// step takes an answer or the offer of a player, if there is one, and makes the next offer. A failure or panic costs
// the connection.
func (s *subscriber) step(call answerCall, play playCall) {
	defer func() {
		if v := recover(); v != nil {
			s.owner.crashed("the subscribe connection", v)
			s.lose()
			if call.result != nil {
				call.result <- nil // the connection that was answered is gone
			}
			if play.result != nil {
				play.result <- playResult{err: fmt.Errorf("sfu: the offer of a player: panic: %v", v)}
			}
		}
	}()
	if call.result != nil {
		result := call.result
		err := s.takeAnswer(call.answer)
		call.result = nil
		result <- err
		s.allocate(time.Now())
	}
	if play.result != nil {
		result := play.result
		answer, err := s.takePlay(play)
		play.result = nil
		result <- playResult{answer, err}
	}
	guard.PanicPoint("subscribe", s.owner.ref.ParticipantID)
	s.reportRefused()
	if err := s.reconcile(); err != nil && s.ctx.Err() == nil {
		s.services.log.Error("subscribe connection failed", slog.String("participant", s.owner.ref.ParticipantID),
			slog.Any("err", err))
		s.lose()
	}
}

// lose closes the connection and reports that: the client, or the meeting for it, asks for a restart.
func (s *subscriber) lose() {
	player := s.player != nil
	s.drop()
	if player { // its client has to offer anew
		s.owner.events.ConnectionLost(s.owner.ref, nil)
		return
	}
	s.owner.events.SubscribeLost(s.owner.ref)
}

// drop closes the connection.
func (s *subscriber) drop() {
	conn := s.conn
	if conn == nil {
		return
	}
	s.connMu.Lock()
	if s.player != nil {
		s.player.life.end()
	}
	s.conn, s.negotiation, s.player = nil, nil, nil
	s.connMu.Unlock()
	conn.close()
}

// reconcile makes the next offer when there is something to offer and none is unanswered.
func (s *subscriber) reconcile() error {
	s.mu.Lock()
	wanted, restart, data := s.wanted, s.restarted, s.data
	s.mu.Unlock()

	if s.player != nil {
		if !s.conn.gone.Load() {
			s.player.show(wanted, s.available(wanted))
		}
		return nil
	}
	if s.conn != nil && s.conn.gone.Load() {
		if !restart {
			return nil // the client has been told, and asks for a restart when it is ready
		}
		s.drop()
	}
	streams := s.available(wanted)
	if s.conn == nil {
		if len(streams) == 0 && (data == nil || data.misused.Load()) {
			return nil
		}
		if err := s.connect(); err != nil {
			return err
		}
	}
	c, n := s.conn, s.negotiation
	c.silence(streams)
	if n.pending != nil {
		if restart && !n.repeated {
			n.repeated = true
			s.owner.events.SubscribeOffer(s.owner.ref, *n.pending)
		}
		return nil
	}
	changed, err := c.change(streams)
	if err != nil {
		return err
	}
	if data != nil && c.data == nil && !data.misused.Load() {
		if err := c.addData(s.services, data); err != nil {
			return err
		}
		changed = true
	}
	if !changed && !restart {
		return nil
	}
	s.mu.Lock()
	s.restarted = false
	s.mu.Unlock()
	if !changed && !n.negotiated {
		return nil // nothing there to restart
	}
	s.offers++
	if err := n.offer(s.ctx, s.offers, restart && n.negotiated); err != nil {
		return err
	}
	s.owner.events.SubscribeOffer(s.owner.ref, *n.pending)
	return nil
}

// connect makes a connection without tracks.
func (s *subscriber) connect() error {
	c, err := newDownConn(s.services, s.owner)
	if err != nil {
		return err
	}
	c.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) { s.stateChanged(c, state) })
	s.connMu.Lock()
	s.conn, s.negotiation = c, &offerer{conn: c}
	s.connMu.Unlock()
	return nil
}

// available returns the streams of wanted that are published, each once.
func (s *subscriber) available(wanted []wire.StreamRef) map[wire.StreamRef]*Stream {
	streams := make(map[wire.StreamRef]*Stream, len(wanted))
	for _, ref := range wanted {
		if ref.ParticipantID == s.owner.ref.ParticipantID {
			continue
		}
		if st := s.session.published(ref); st != nil {
			streams[ref] = st
		}
	}
	return streams
}

func (s *subscriber) takeAnswer(answer wire.AnswerParams) error {
	if answer.OfferID > s.offers {
		return fault.InvalidMessageBadParams(
			wire.MethodAnswer,
			"offerId",
			fmt.Sprintf("is %d; %d offers were made so far", answer.OfferID, s.offers),
		)
	}
	n := s.negotiation
	if n == nil || !n.waitsFor(answer.OfferID) {
		return nil // the offer has been replaced
	}
	read, err := readAnswer(answer.SDP, n.mids)
	if err != nil {
		return s.refuse(err)
	}
	if n.fingerprint != "" && n.fingerprint != read.fingerprint {
		// The client has begun a new connection on its side. This one cannot go on with it.
		s.drop()
		s.restart()
		return nil
	}
	usable, err := n.answer(read)
	if err == nil {
		return nil
	}
	if !usable {
		s.drop() // reconcile offers a new connection
	}
	return s.refuse(err)
}

// refuse returns the fault of a bad answer, soon or, when there were many, later: looking at them costs time.
func (s *subscriber) refuse(err error) error {
	if waited := s.badAnswers.wait(s.ctx, 1); waited != nil {
		return waited
	}
	return toFault(err)
}

// reportRefused reports the streams that come with a codec that the peer's answer does not take, each once.
func (s *subscriber) reportRefused() {
	if s.conn == nil {
		return
	}
	for ref, d := range s.conn.tracks {
		c, taken := d.stream.arrived.Load(), d.answered.Load()
		if c == nil || taken == nil || d.refused == c.name() {
			continue
		}
		names := []string{}
		if b := d.binding.Load(); b != nil {
			if d.typesOf(*c, b).ok {
				d.refused = ""
				continue
			}
			names = append(names, b.names(taken)...)
		} else if !taken.rejected {
			continue // it is being bound
		}
		d.refused = c.name()
		s.owner.events.CodecNotReceived(s.owner.ref,
			wire.UnreceivedStream{StreamRef: ref, StreamID: d.stream.id, Codec: c.name(), Taken: names})
	}
}

// report sends the sender reports of all streams.
func (s *subscriber) report(now time.Time) {
	if c := s.connection(); c != nil {
		c.report(now)
	}
}

// connection returns the connection, for goroutines other than the loop; nil: there is none.
func (s *subscriber) connection() *downConn {
	s.connMu.Lock()
	defer s.connMu.Unlock()
	return s.conn
}

// allocate chooses the layers that are sent.
func (s *subscriber) allocate(now time.Time) {
	if c := s.connection(); c != nil {
		c.allocate(now, s.wishes, *s.session.speaks.Load())
	}
}

// stateChanged runs on a goroutine of pion's.
func (s *subscriber) stateChanged(c *downConn, state webrtc.PeerConnectionState) {
	defer s.owner.guard("a change of state")
	switch state {
	case webrtc.PeerConnectionStateConnected:
		if !c.dropped.Load() {
			c.connected()
			s.allocate(time.Now())
		}
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		c.up.Store(false)
		if state == webrtc.PeerConnectionStateClosed {
			c.gone.Store(true)
		}
		if !c.dropped.Load() && s.ctx.Err() == nil && !c.lost.Swap(true) {
			s.owner.events.SubscribeLost(s.owner.ref)
		}
	}
}

// errSubscribe puts a place before an error of pion's.
func errSubscribe(what string, err error) error { return fmt.Errorf("sfu: %s: %w", what, err) }
