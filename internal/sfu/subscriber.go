package sfu

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// subscriber is the receiving side of a peer. It compares what the peer wants with what is published and
// offers until both agree, one offer at a time. Shape: loop; other goroutines set a wish and wake it.
type subscriber struct {
	peer    *peer
	wakeUp  chan struct{} // one token: something may have changed
	answers chan answerCall
	ctx     context.Context
	cancel  context.CancelFunc

	mu        sync.Mutex // guards the wishes
	wanted    []wire.StreamRef
	restarted bool

	connMu sync.Mutex // guards conn for readers outside the loop
	conn   *downConn  // written by the loop alone; nil: nothing subscribed yet
	offers int64      // offers made

	badAnswers pace // of the loop
}

type answerCall struct {
	answer wire.AnswerParams
	result chan error
}

func newSubscriber(p *peer) *subscriber {
	s := &subscriber{peer: p, wakeUp: make(chan struct{}, 1), answers: make(chan answerCall)}
	s.ctx, s.cancel = context.WithCancel(p.sfu.ctx)
	return s
}

func (s *subscriber) wake() {
	select {
	case s.wakeUp <- struct{}{}:
	default: // a token is there already
	}
}

func (s *subscriber) want(streams []wire.StreamRef) {
	s.mu.Lock()
	s.wanted = slices.Clone(streams)
	s.mu.Unlock()
	s.wake()
}

func (s *subscriber) restart() {
	s.mu.Lock()
	s.restarted = true
	s.mu.Unlock()
	s.wake()
}

func (s *subscriber) answer(ctx context.Context, answer wire.AnswerParams) error {
	call := answerCall{answer, make(chan error, 1)}
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
		select {
		case <-s.ctx.Done():
			return
		case <-s.wakeUp:
		case call = <-s.answers:
		}
		s.step(call)
	}
}

// step takes an answer, if there is one, and makes the next offer. A failure or panic costs the connection.
func (s *subscriber) step(call answerCall) {
	defer func() {
		if v := recover(); v != nil {
			s.peer.crashed("the subscribe connection", v)
			s.lose()
			if call.result != nil {
				call.result <- nil // the connection that was answered is gone
			}
		}
	}()
	if call.result != nil {
		result := call.result
		err := s.takeAnswer(call.answer)
		call.result = nil
		result <- err
	}
	s.reportRefused()
	if err := s.reconcile(); err != nil && s.ctx.Err() == nil {
		s.peer.sfu.log.Error("subscribe connection failed", slog.String("participant", s.peer.ref.ParticipantID),
			slog.Any("err", err))
		s.lose()
	}
}

// lose closes the connection and reports that: the client, or the meeting for it, asks for a restart.
func (s *subscriber) lose() {
	s.drop()
	s.peer.sfu.events.ConnectionLost(s.peer.ref, "subscribe")
}

// drop closes the connection.
func (s *subscriber) drop() {
	conn := s.conn
	if conn == nil {
		return
	}
	s.connMu.Lock()
	s.conn = nil
	s.connMu.Unlock()
	for _, d := range conn.tracks {
		d.stream.unsubscribe(d)
	}
	conn.up.Store(false)
	conn.dropped.Store(true)
	s.peer.sfu.discard(conn.pc)
}

// reconcile makes the next offer when there is something to offer and none is unanswered.
func (s *subscriber) reconcile() error {
	s.mu.Lock()
	wanted, restart := s.wanted, s.restarted
	s.mu.Unlock()

	if s.conn != nil && s.conn.gone.Load() {
		if !restart {
			return nil // the client has been told, and asks for a restart when it is ready
		}
		s.drop()
	}
	streams := s.available(wanted)
	if s.conn == nil {
		if len(streams) == 0 {
			return nil
		}
		conn, err := newDownConn(s)
		if err != nil {
			return err
		}
		s.connMu.Lock()
		s.conn = conn
		s.connMu.Unlock()
	}
	c := s.conn
	c.silence(streams)
	if c.pending != nil {
		if restart && !c.repeated {
			c.repeated = true
			s.peer.sfu.events.SubscribeOffer(s.peer.ref, *c.pending)
		}
		return nil
	}
	changed, err := c.change(streams)
	if err != nil {
		return err
	}
	if !changed && !restart {
		return nil
	}
	s.mu.Lock()
	s.restarted = false
	s.mu.Unlock()
	if !changed && !c.negotiated {
		return nil // nothing there to restart
	}
	s.offers++
	if err := c.offer(s.ctx, s.offers, restart && c.negotiated); err != nil {
		return err
	}
	s.peer.sfu.events.SubscribeOffer(s.peer.ref, *c.pending)
	return nil
}

// available returns the streams of wanted that are published, each once.
func (s *subscriber) available(wanted []wire.StreamRef) map[wire.StreamRef]*Stream {
	streams := make(map[wire.StreamRef]*Stream, len(wanted))
	for _, ref := range wanted {
		if ref.ParticipantID == s.peer.ref.ParticipantID {
			continue
		}
		if st := s.peer.session.published(ref); st != nil {
			streams[ref] = st
		}
	}
	return streams
}

func (s *subscriber) takeAnswer(answer wire.AnswerParams) error {
	if answer.OfferID > s.offers {
		return fault.InvalidMessageBadParams(wire.MethodAnswer, "offerId", fmt.Sprintf("is %d; %d offers were made so far", answer.OfferID, s.offers))
	}
	c := s.conn
	if c == nil || c.pending == nil || c.pending.OfferID != answer.OfferID {
		return nil // the offer has been replaced
	}
	read, err := readAnswer(answer.SDP, c.mids)
	if err != nil {
		return s.refuse(err)
	}
	if c.fingerprint != "" && c.fingerprint != read.fingerprint {
		// The client has begun a new connection on its side. This one cannot go on with it.
		s.drop()
		s.restart()
		return nil
	}
	for _, d := range c.tracks {
		d.answered.Store(read.sections[d.transceiver.Mid()])
	}
	err = c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: read.text})
	if err != nil {
		if c.pc.SignalingState() != webrtc.SignalingStateHaveLocalOffer {
			s.drop() // refused half way; pion cannot go back, so that reconcile offers a new connection
		}
		return s.refuse(badSDP("%v", err))
	}
	c.fingerprint, c.pending, c.repeated, c.negotiated = read.fingerprint, nil, false, true
	return nil
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
		s.peer.report(fault.UnsupportedEnvironmentCodecNotReceived(ref.ParticipantID, string(ref.Kind), d.stream.id, c.name(), names))
	}
}

// answerRead is an answer that has been looked through.
type answerRead struct {
	text        string // as pion gets it
	fingerprint string
	sections    map[string]*formats // by mid
}

// readAnswer judges the answer to an offer with these mids, and returns it as pion gets it.
func readAnswer(answer string, mids []string) (answerRead, error) {
	read := answerRead{sections: map[string]*formats{}}
	desc, err := parseSDP(answer, len(mids))
	if err != nil {
		return read, err
	}
	if len(desc.MediaDescriptions) != len(mids) {
		return read, badSDP("it has %d media sections, the offer has %d", len(desc.MediaDescriptions), len(mids))
	}
	transport, err := bundleTransport(desc)
	if err != nil {
		return read, err
	}
	for i, m := range desc.MediaDescriptions {
		mid, _ := m.Attribute("mid")
		switch {
		case mid != mids[i]:
			return read, badSDP("its media section %d has the mid %s, in the offer it is %s", i, mid, mids[i])
		case !rejected(m) && !transport.carries(mid):
			return read, badSDP("the mid %s is not in the a=group:BUNDLE of the answer; the server sends all streams over one transport", mid)
		}
		f := &formats{rejected: rejected(m)}
		for _, number := range m.MediaName.Formats {
			if pt, err := strconv.ParseUint(number, 10, 7); err == nil {
				f.types[pt] = true
			}
		}
		read.sections[mid] = f
	}
	read.fingerprint = strings.ToLower(transport.fingerprint)
	read.text, err = rewrite(desc, transport, true)
	return read, err
}

// report sends the sender reports of all streams.
func (s *subscriber) report(now time.Time) {
	s.connMu.Lock()
	c := s.conn
	s.connMu.Unlock()
	if c == nil || !c.up.Load() {
		return
	}
	var packets []rtcp.Packet
	for _, d := range *c.list.Load() {
		if sr := d.report(now); sr != nil {
			packets = append(packets, sr)
		}
	}
	const perPacket = 30 // sender reports of 28 bytes, well within an MTU
	for part := range slices.Chunk(packets, perPacket) {
		_ = c.pc.WriteRTCP(part) // an error means that the connection is going down
	}
}

// lost tells that a connection has failed; runs on a goroutine of pion's.
func (s *subscriber) stateChanged(c *downConn, state webrtc.PeerConnectionState) {
	defer s.peer.guard("a change of state")
	switch state {
	case webrtc.PeerConnectionStateConnected:
		if c.dropped.Load() {
			return
		}
		c.lost.Store(false)
		c.up.Store(true)
		for _, d := range *c.list.Load() {
			d.begin()
		}
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		c.up.Store(false)
		if state == webrtc.PeerConnectionStateClosed {
			c.gone.Store(true)
		}
		if !c.dropped.Load() && s.ctx.Err() == nil && !c.lost.Swap(true) {
			s.peer.sfu.events.ConnectionLost(s.peer.ref, "subscribe")
		}
	}
}

// errSubscribe puts a place before an error of pion's.
func errSubscribe(what string, err error) error { return fmt.Errorf("sfu: %s: %w", what, err) }
