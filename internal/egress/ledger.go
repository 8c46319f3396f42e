package egress

import (
	"context"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// ledger writes the records of a job into the store, in their order, and lets the watcher hear of each state when it is
// written: webhooks are written there, too. While the store takes nothing they wait in memory and are tried again, also
// after the end of the job; the meeting hears of them at once. Its methods are for one goroutine at a time.
type ledger struct {
	m       *Manager
	waiting []entry   // oldest first; a job has a handful of states
	next    time.Time // when the oldest is tried again; zero: nothing waits
	pause   time.Duration
}

// entry is a record to be written.
type entry struct {
	job   record.Job
	state bool // it has a new state, which the watcher is told
	known bool // the store has it already
}

// A store that took nothing is tried again after the first of these, then less and less often.
const (
	firstWrite = time.Second
	lastWrite  = 30 * time.Second
	writeFor   = 10 * time.Second // of the first try
	againFor   = 3 * time.Second  // of others: the supervisor has more to do
)

// add writes a record, or has it wait. Its fault is that of the first one that could not be written.
func (l *ledger) add(e entry) *fault.Error {
	if n := len(l.waiting); n > 0 {
		l.m.hold(e.job)
		if last := &l.waiting[n-1]; !e.state && !last.known { // nothing but its outputs has changed
			last.job = e.job
			return nil
		}
		l.waiting = append(l.waiting, e)
		return nil
	}
	err := l.write(e, writeFor)
	if err == nil {
		return nil
	}
	l.m.hold(e.job)
	l.waiting, l.pause = append(l.waiting, e), firstWrite
	l.next = time.Now().Add(l.pause)
	return fault.ServerUnavailableStore("the state of a " + string(e.job.Kind)).RetryAfter(l.pause).Because(err)
}

// flush writes what waits, as far as the store takes it.
func (l *ledger) flush() {
	for len(l.waiting) > 0 {
		if err := l.write(l.waiting[0], againFor); err != nil {
			l.m.opts.Logger.Warn("the record of a job waits for the store", "job", l.waiting[0].job.ID, "waiting", len(l.waiting), "err", err)
			l.pause = min(2*l.pause, lastWrite)
			l.next = time.Now().Add(l.pause)
			return
		}
		if len(l.waiting) == 1 {
			l.m.drop(l.waiting[0].job.ID)
		}
		l.waiting = l.waiting[1:]
	}
	l.next = time.Time{}
}

func (l *ledger) write(e entry, within time.Duration) error {
	if !e.known {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(l.m.life), within)
		defer cancel()
		if err := l.m.opts.Store.UpdateJob(ctx, e.job); err != nil {
			return err
		}
	}
	if e.state && l.m.opts.Watcher != nil {
		l.m.opts.Watcher.JobChanged(l.m.life, e.job)
	}
	return nil
}

// settle goes on with what waits when the job is over, until it is written or the server stops: then the next start finds
// the job open.
func (l *ledger) settle() {
	for len(l.waiting) > 0 {
		select {
		case <-time.After(time.Until(l.next)):
			l.flush()
		case <-l.m.closing:
			l.flush()
			return
		}
	}
}

// held are records that are newer than those of the store.
type held struct {
	mu   sync.Mutex // guards everything below
	jobs map[string]record.Job
}

func (m *Manager) hold(j record.Job) {
	m.held.mu.Lock()
	defer m.held.mu.Unlock()
	m.held.jobs[j.ID] = j
}

func (m *Manager) drop(id string) {
	m.held.mu.Lock()
	defer m.held.mu.Unlock()
	delete(m.held.jobs, id)
}

// Latest returns a job as it is, where the store could not take its last states yet.
func (m *Manager) Latest(j record.Job) record.Job {
	m.held.mu.Lock()
	defer m.held.mu.Unlock()
	if newer, ok := m.held.jobs[j.ID]; ok {
		return newer
	}
	return j
}
