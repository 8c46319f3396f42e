package sfu

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/trace"
	"github.com/klatch/klatch/internal/wire"
)

// publisher is the sending side of a peer: it answers offers and keeps the connection they make. Shape: mutex,
// with turn as the lock of whole calls.
type publisher struct {
	owner   owner
	engine  *engine
	stats   *counters
	bps     int64 // bound of what the peer may send, 0 for none
	streams streamsOf
	life    func(*webrtc.PeerConnection) *connLife

	turn chan struct{} // holds one token: the right to negotiate
	pace pace          // of who has the turn

	arrival arrival // of the maintenance loop

	mu     sync.Mutex // guards everything below
	conn   *upConn
	closed bool
}

func newPublisher(sv *services, o owner, streams streamsOf) *publisher {
	pub := &publisher{
		owner: o, engine: sv.engine, stats: sv.stats, bps: sv.publishBps, streams: streams, turn: make(chan struct{}, 1),
		life: func(pc *webrtc.PeerConnection) *connLife { return newConnLife(sv, o, "publish", pc) },
	}
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
	_, span := trace.Start(ctx, "answer the offer")
	answer, err := conn.negotiate(ctx, o)
	if err != nil {
		err = fault.From(err)
	}
	span.End(err)
	if err != nil {
		if fresh {
			conn.life.end()
			p.engine.discard(conn.pc)
		}
		return wire.PublishResult{}, err
	}
	streams, err := conn.route(o, p.streams.stream)
	if err != nil {
		if fresh {
			conn.life.end()
			p.engine.discard(conn.pc)
		}
		return wire.PublishResult{}, err
	}

	p.mu.Lock()
	old := p.conn
	p.conn = conn
	closed = p.closed
	p.mu.Unlock()
	if closed {
		conn.life.end()
		p.engine.discard(conn.pc)
		return wire.PublishResult{}, nil
	}
	if fresh {
		conn.life.trace(ctx)
		conn.life.begin()
	}
	if old != nil && old != conn {
		old.life.end()
		old.gone.Store(true)
		p.engine.discard(old.pc)
	}
	p.streams.set(conn.tracks())
	return wire.PublishResult{SDP: answer, Streams: streams}, nil
}

// connect makes the connection that will answer o.
func (p *publisher) connect(o offer) (*upConn, error) {
	codecs, err := publishCodecs()
	if err != nil {
		return nil, fmt.Errorf("sfu: codecs: %w", err)
	}
	c := &upConn{
		owner: p.owner, engine: p.engine, stats: p.stats, serves: p.engine.ports.udp.Serves, fingerprint: o.fingerprint,
		limit: meter{rate: float64(p.bps) / 8},
	}
	c.feedback.init(c)
	c.routes.Store(&routes{})
	if _, c.pc, c.rtp, err = p.engine.connectionOf(codecs, c.buffer); err != nil {
		return nil, err
	}
	c.life = p.life(c.pc)
	c.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		defer p.owner.guard("a change of state")
		c.life.changed(state)
		if state == webrtc.PeerConnectionStateClosed { // by the client: its next offer makes a new one
			c.gone.Store(true)
		}
	})
	return c, nil
}

func (p *publisher) close() {
	p.mu.Lock()
	conn := p.conn
	p.conn, p.closed = nil, true
	p.mu.Unlock()
	if conn != nil {
		conn.life.end()
		conn.gone.Store(true)
		p.engine.discard(conn.pc)
	}
	p.streams.set(nil)
}

// keep does what is due by the clock.
func (p *publisher) keep(now time.Time) {
	p.mu.Lock()
	conn := p.conn
	p.mu.Unlock()
	if conn != nil {
		conn.feedback.keep(now)
	}
	if p.arrival.look(conn, now, p.streams) {
		p.owner.events.MediaSilent(p.owner.ref, p.arrival.silent)
	}
}

// toFault returns a 4107 BAD_SDP for an *sdpError.
func toFault(err error) error {
	if bad, ok := errors.AsType[*sdpError](err); ok {
		return fault.InvalidMessageBadSDP(bad.problem).Because(err)
	}
	return err
}
