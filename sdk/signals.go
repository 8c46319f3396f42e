package sdk

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// signals leaves the meetings of the process that ask for it when the program is to end.
var signals signalWatch

// signalLeaveTimeout bounds how long the end of the program waits for the servers to take note.
const signalLeaveTimeout = time.Second

// signalWatch is a set of meetings. Shape: mutex, and a goroutine while the set is not empty.
type signalWatch struct {
	mu       sync.Mutex // guards everything below
	meetings map[*Meeting]struct{}
	received chan os.Signal
}

// watchSignals leaves when the program is asked to end, from its return on and while the participation lasts.
func (m *Meeting) watchSignals() {
	signals.add(m)
	m.spawn(func() {
		defer signals.remove(m)
		<-m.ctx.Done()
	})
}

func (s *signalWatch) add(m *Meeting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.meetings) == 0 {
		s.meetings = map[*Meeting]struct{}{}
		s.received = make(chan os.Signal, 1)
		signal.Notify(s.received, os.Interrupt, syscall.SIGTERM)
		go s.wait(s.received)
	}
	s.meetings[m] = struct{}{}
}

func (s *signalWatch) remove(m *Meeting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.meetings, m)
	if len(s.meetings) == 0 && s.received != nil {
		signal.Stop(s.received)
		close(s.received)
		s.received = nil
	}
}

// wait leaves all meetings at the first signal, and then lets it end the program.
func (s *signalWatch) wait(received chan os.Signal) {
	sig, ok := <-received
	if !ok {
		return
	}
	s.mu.Lock()
	s.received = nil // no remove closes it
	meetings := s.meetings
	s.meetings = nil
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), signalLeaveTimeout)
	defer cancel()
	var left sync.WaitGroup
	for m := range meetings {
		left.Go(func() { _ = m.link.call(ctx, "leave", wire.MethodLeave, wire.LeaveParams{}, nil) })
	}
	left.Wait()
	signal.Stop(received)
	self, err := os.FindProcess(os.Getpid())
	if err != nil || self.Signal(sig) != nil {
		os.Exit(1) // a system that knows no signals
	}
}
