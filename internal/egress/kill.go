package egress

import (
	"errors"

	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/job"
)

// ErrNoProcess reports that no such process runs.
var ErrNoProcess = errors.New("egress: no process of such a job runs")

// KillEncoder ends the ffmpeg that encodes the job of a kind in a meeting with SIGKILL, as the kernel does when memory
// runs out. Nothing else is done: what follows is what follows from that.
func (m *Manager) KillEncoder(meetingID string, kind job.Kind) error {
	return m.kill(meetingID, kind, func(p *process) bool { return p.KillChild(encoder.Mark) })
}

// KillWorker does it with the worker and all its processes.
func (m *Manager) KillWorker(meetingID string, kind job.Kind) error {
	return m.kill(meetingID, kind, func(p *process) bool {
		p.kill()
		return true
	})
}

func (m *Manager) kill(meetingID string, kind job.Kind, end func(*process) bool) error {
	for _, r := range m.runsWhere(func(r *run) bool { return r.slot.meetingID == meetingID && r.slot.kind == kind }) {
		if p, ok := r.currentWorker().(*process); ok && end(p) {
			return nil
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
