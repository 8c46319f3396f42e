package egress

import (
	"errors"

	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/job"
)

// Part is what of a running job is to be killed.
type Part int

// The parts of a job that are processes.
const (
	Encoder Part = iota + 1 // the ffmpeg that encodes
	Worker                  // the worker with all its processes
)

// ErrNoProcess reports that no such process runs.
var ErrNoProcess = errors.New("egress: the job has no such process")

// Kill ends a process of the job of a kind that runs in a meeting with SIGKILL, as the kernel does when memory runs
// out. What follows is what follows from that: nothing else is told.
func (m *Manager) Kill(meetingID string, kind job.Kind, part Part) error {
	for _, r := range m.runsWhere(func(r *run) bool { return r.slot.meetingID == meetingID && r.slot.kind == kind }) {
		if p, ok := r.currentWorker().(*process); ok {
			if part == Worker {
				p.kill()
				return nil
			}
			if p.KillChild(encoder.Mark) {
				return nil
			}
		}
	}
	return ErrNoProcess
}

func (r *run) setWorker(w worker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.worker = w
}

func (r *run) currentWorker() worker {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.worker
}
