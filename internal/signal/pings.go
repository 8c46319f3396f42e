package signal

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// heard is when a socket last said something.
type heard struct{ at atomic.Int64 } // nanoseconds since started

var started = time.Now()

func newHeard() *heard {
	h := &heard{}
	h.note()
	return h
}

func (h *heard) note() { h.at.Store(int64(time.Since(started))) }

// silence returns how long the socket has said nothing.
func (h *heard) silence() time.Duration { return time.Since(started) - time.Duration(h.at.Load()) }

// pings finds peers whose TCP connection died silently: it pings a socket that has said nothing for a while, which SDKs
// do not let happen. Between two looks it has no goroutine.
type pings struct {
	conn  *conn
	ctx   context.Context
	end   context.CancelFunc
	done  sync.WaitGroup
	mu    sync.Mutex // guards timer, and done against Add beside Wait
	timer *time.Timer
}

func (c *conn) startPings(ctx context.Context) *pings {
	p := &pings{conn: c}
	p.ctx, p.end = context.WithCancel(ctx)
	p.lookIn(p.quiet())
	return p
}

// quiet is how long a socket may say nothing until it is pinged.
func (p *pings) quiet() time.Duration { return 2 * p.conn.server.opts.PingInterval }

// looksPerInterval: looks are at the same moments for all sockets, so that a server with many of them wakes up for some
// together and not for each.
const looksPerInterval = 6

// lookIn lets the next look follow, up to a part of the interval later.
func (p *pings) lookIn(d time.Duration) {
	if part := p.conn.server.opts.PingInterval / looksPerInterval; part > 0 {
		now := time.Now()
		d = now.Add(d).Truncate(part).Add(part).Sub(now)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.timer == nil:
		p.timer = time.AfterFunc(d, p.begin)
	case p.ctx.Err() == nil:
		p.timer.Reset(d)
	}
}

func (p *pings) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() == nil {
		p.done.Go(func() { p.conn.guarded("the pings of a signaling socket", p.look) })
	}
}

func (p *pings) look() {
	if s := p.conn.attached(); s != nil {
		s.renewICEServers(p.conn.server.opts.ICEServersLife / 2)
	}
	silence := p.conn.heard.silence()
	if silence < p.quiet() {
		p.lookIn(p.quiet() - silence)
		return
	}
	if p.ping() {
		p.conn.heard.note()
		p.lookIn(p.quiet())
	}
}

// ping reports whether the socket goes on. A late answer is told when it is late, and when it has come.
func (p *pings) ping() bool {
	opts := p.conn.server.opts
	pong, cancel := context.WithTimeout(p.ctx, opts.PingTimeout)
	defer cancel()
	told := make(chan struct{})
	late := time.AfterFunc(opts.PongLate, func() {
		defer close(told)
		p.conn.responds(false)
	})
	err := p.conn.ws.Ping(pong)
	wasLate := !late.Stop()
	if wasLate {
		<-told
	}
	switch {
	case p.ctx.Err() != nil:
		return false
	case err != nil:
		_ = p.conn.ws.CloseNow()
		return false
	case wasLate:
		p.conn.responds(true)
	}
	return true
}

// responds tells the meeting whether the socket answers.
func (c *conn) responds(does bool) {
	if s := c.attached(); s != nil {
		s.responds(c, does)
	}
}

// stop ends the pings, also one that is under way.
func (p *pings) stop() {
	p.end()
	p.mu.Lock()
	p.timer.Stop()
	p.mu.Unlock()
	p.done.Wait()
}
