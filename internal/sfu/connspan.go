package sfu

import (
	"context"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/trace"
)

// connSpans are the spans of a connection that is to publish: until ICE and DTLS are done, and then until the first
// packet has come. The zero value is of one that nobody traces. It is guarded by the mutex of its connLife.
type connSpans struct {
	ctx        context.Context
	connecting trace.Span
	waiting    trace.Span
	step       int // 0: none, 1: connecting, 2: waiting, 3: done
	early      bool
}

// trace begins the spans of a connection, for the request that ctx belongs to.
func (l *connLife) trace(ctx context.Context) {
	if trace.ID(ctx) == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.spans
	s.ctx, s.step = trace.Detached(context.Background(), ctx), 1
	_, s.connecting = trace.Start(s.ctx, "connect: ICE and DTLS")
	if !l.connected.IsZero() {
		s.connected()
	}
}

func (s *connSpans) connected() {
	if s.step != 1 {
		return
	}
	s.connecting.End(nil)
	_, s.waiting = trace.Start(s.ctx, "wait for the first packet")
	s.step = 2
	if s.early {
		s.end(nil)
	}
}

// end ends what has not ended; f is what the connection failed with, or nil.
func (s *connSpans) end(f *fault.Error) {
	var err error
	if f != nil {
		err = f
	}
	switch s.step {
	case 1:
		s.connecting.End(err)
	case 2:
		s.waiting.End(err)
	}
	if s.step > 0 {
		s.step = 3
	}
}

func (l *connLife) endSpans(f *fault.Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spans.end(f)
}

// media notes that a packet of a new SSRC has come.
func (l *connLife) media() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.spans.early = true; l.spans.step == 2 {
		l.spans.end(nil)
	}
}
