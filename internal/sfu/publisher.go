package sfu

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// publisher is the sending side of a peer: it answers offers and keeps the connection they make. Shape: mutex,
// with turn as the lock of whole calls.
type publisher struct {
	peer *peer
	turn chan struct{} // holds one token: the right to negotiate
	pace pace          // of who has the turn

	mu     sync.Mutex // guards everything below
	conn   *upConn
	closed bool
}

func newPublisher(p *peer) *publisher {
	pub := &publisher{peer: p, turn: make(chan struct{}, 1)}
	pub.turn <- struct{}{}
	return pub
}

func (p *publisher) publish(ctx context.Context, params wire.PublishParams) (wire.PublishResult, error) {
	select {
	case <-p.turn:
		defer func() { p.turn <- struct{}{} }()
	case <-ctx.Done():
		return wire.PublishResult{}, ctx.Err()
	}
	if err := p.pace.wait(ctx, 1); err != nil {
		return wire.PublishResult{}, err
	}
	o, err := readOffer(params)
	if err != nil {
		return wire.PublishResult{}, toFault(err)
	}
	if err := p.pace.wait(ctx, o.formats/formatsPerOffer); err != nil {
		return wire.PublishResult{}, err
	}

	p.mu.Lock()
	conn, closed := p.conn, p.closed
	p.mu.Unlock()
	if closed {
		return wire.PublishResult{}, nil // it has just left
	}
	// Another certificate is another connection of the client: it does not continue the old one.
	fresh := conn == nil || conn.gone.Load() || conn.fingerprint != o.fingerprint
	if fresh {
		if conn, err = p.connect(o); err != nil {
			return wire.PublishResult{}, err
		}
	} else if err := conn.continues(o); err != nil {
		return wire.PublishResult{}, toFault(err)
	}
	answer, err := conn.negotiate(ctx, o)
	if err != nil {
		if fresh {
			p.peer.sfu.discard(conn.pc)
		}
		return wire.PublishResult{}, err
	}
	streams, err := conn.route(o)
	if err != nil {
		if fresh {
			p.peer.sfu.discard(conn.pc)
		}
		return wire.PublishResult{}, err
	}

	p.mu.Lock()
	old := p.conn
	p.conn = conn
	closed = p.closed
	p.mu.Unlock()
	if closed {
		p.peer.sfu.discard(conn.pc)
		return wire.PublishResult{}, nil
	}
	if old != nil && old != conn {
		old.gone.Store(true)
		p.peer.sfu.discard(old.pc)
	}
	conn.attach()
	p.peer.session.wake()
	return wire.PublishResult{SDP: answer, Streams: streams}, nil
}

// connect makes the connection that will answer o.
func (p *publisher) connect(o offer) (*upConn, error) {
	codecs, err := publishCodecs()
	if err != nil {
		return nil, fmt.Errorf("sfu: codecs: %w", err)
	}
	c := &upConn{peer: p.peer, fingerprint: o.fingerprint, limit: meter{rate: float64(p.peer.sfu.publishBps) / 8}}
	c.feedback.init(c)
	c.routes.Store(&routes{})
	if c.pc, err = p.peer.sfu.engine.connection(codecs, c.buffer); err != nil {
		return nil, err
	}
	c.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) { p.stateChanged(c, state) })
	return c, nil
}

// stateChanged runs on a goroutine of pion's.
func (p *publisher) stateChanged(c *upConn, state webrtc.PeerConnectionState) {
	defer p.peer.guard("a change of state")
	switch state {
	case webrtc.PeerConnectionStateConnected:
		c.lost.Store(false)
	case webrtc.PeerConnectionStateClosed, webrtc.PeerConnectionStateFailed:
		if state == webrtc.PeerConnectionStateClosed {
			c.gone.Store(true)
		}
		p.mu.Lock()
		ours := p.conn == c && !p.closed
		p.mu.Unlock()
		if ours && !c.lost.Swap(true) {
			p.peer.sfu.events.ConnectionLost(p.peer.ref, "publish")
		}
	}
}

func (p *publisher) close() {
	p.mu.Lock()
	conn := p.conn
	p.conn, p.closed = nil, true
	p.mu.Unlock()
	if conn != nil {
		conn.gone.Store(true)
		p.peer.sfu.discard(conn.pc)
	}
	for _, kind := range wire.Kinds {
		p.peer.session.unpublish(p.peer, kind)
	}
}

// keep does what is due by the clock.
func (p *publisher) keep(now time.Time) {
	p.mu.Lock()
	conn := p.conn
	p.mu.Unlock()
	if conn != nil {
		conn.feedback.keep(now)
	}
}

// toFault returns a 4107 BAD_SDP for an *sdpError.
func toFault(err error) error {
	if bad, ok := errors.AsType[*sdpError](err); ok {
		return fault.InvalidMessageBadSDP(bad.problem).Because(err)
	}
	return err
}
