package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/internal/ingest/order"
	"github.com/klatch/klatch/internal/workerprocess"
)

// process is the worker of a publisher. Its messages must be read until the exit.
type process struct {
	*workerprocess.Process[order.Report]

	mu     sync.Mutex // guards everything below, and what is written to stdin
	buffer []byte
}

const (
	// writeTimeout is how long a worker may take no media.
	writeTimeout = 5 * time.Second
	// stopTimeout is how long one that was told to stop may take.
	stopTimeout = 5 * time.Second
	// workerFiles is how many files a worker may have open: some 20 of its own, and those of two ffmpegs.
	workerFiles = 256
)

// errWorker is wrapped by what keeps media from the worker.
var errWorker = errors.New("ingest: the worker takes no media")

// startProcess starts a worker with its Spec. The error is that of the system.
func (s *Server) startProcess(spec order.Spec) (*process, error) {
	line, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	started, err := workerprocess.Start[order.Report](workerprocess.Options{
		Command: s.opts.Command, Files: workerFiles, MaxReportBytes: order.MaxReportBytes,
		Logger:  s.opts.Logger.With("meeting", spec.MeetingID, "participant", spec.ParticipantID),
		Secrets: []string{strings.TrimPrefix(spec.Ticket, order.TicketPrefix)},
	})
	if err != nil {
		return nil, err
	}
	p := &process{Process: started}
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.writeLocked(append(line, '\n')) // one that takes nothing is ended
	return p, nil
}

// write hands a frame to the worker. It waits while the worker is behind.
func (p *process) write(f order.Frame) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.buffer = order.Append(p.buffer[:0], f)
	return p.writeLocked(p.buffer)
}

func (p *process) writeLocked(b []byte) error {
	_ = p.Stdin().SetWriteDeadline(time.Now().Add(writeTimeout)) // a pipe takes deadlines
	_, err := p.Stdin().Write(b)
	if err == nil {
		return nil
	}
	select {
	case <-p.Gone(): // its end, which sets a deadline too, is no stall
		return errWorker
	default:
		return fmt.Errorf("%w: %w", errWorker, err)
	}
}

// send is write for what is not media: a worker that does not take it is dead or stalled, which others notice.
func (p *process) send(f order.Frame) { _ = p.write(f) }

// stop has the worker leave and exit; one that does not is killed.
func (p *process) stop() {
	go func() {
		p.send(order.Frame{Kind: order.Stop})
		timer := time.NewTimer(stopTimeout)
		defer timer.Stop()
		select {
		case <-p.Gone():
		case <-timer.C:
			p.Kill()
		}
	}()
}
