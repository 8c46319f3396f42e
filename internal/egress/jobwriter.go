package egress

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// jobWriter writes the records of a job into the store, in order, and calls the watcher for each state when it is
// written: the watcher writes webhooks there, too. While the store takes nothing they wait in memory and are tried
// again, also after the end of the job; the meeting is told at once. Its methods are for one goroutine at a time.
type jobWriter struct {
	m       *Manager
	pending []jobUpdate // oldest first; a job has a handful of states
	next    time.Time   // when the oldest is tried again; zero: nothing waits
	pause   time.Duration
}

// jobUpdate is a record that is to be written.
type jobUpdate struct {
	job     record.Job
	changed bool // it has a new state, for which the watcher is called
	stored  bool // the store has it already
}

// A store that failed is tried again after the first of these, then less and less often.
const (
	firstRetry   = time.Second
	longestRetry = 30 * time.Second
	writeTimeout = 10 * time.Second // of the first try
	retryTimeout = 3 * time.Second  // of later tries: the supervisor has more to do
)

// add writes a record, or queues it. It returns a fault for the first record that could not be written.
func (l *jobWriter) add(e jobUpdate) *fault.Error {
	if n := len(l.pending); n > 0 {
		l.m.keepUnwritten(e.job)
		if last := &l.pending[n-1]; !e.changed && !last.stored { // nothing but its outputs has changed
			last.job = e.job
			return nil
		}
		l.pending = append(l.pending, e)
		return nil
	}
	err := l.write(e, writeTimeout)
	if err == nil {
		return nil
	}
	l.m.keepUnwritten(e.job)
	l.pending, l.pause = append(l.pending, e), firstRetry
	l.next = time.Now().Add(l.pause)
	return fault.ServerUnavailableStore("the state of a " + string(e.job.Kind)).RetryAfter(l.pause).Because(err)
}

// flush writes the pending records, as far as the store takes them.
func (l *jobWriter) flush() {
	for len(l.pending) > 0 {
		if err := l.write(l.pending[0], retryTimeout); err != nil {
			l.m.opts.Logger.Warn(
				"the record of a job waits for the store",
				"job",
				l.pending[0].job.ID,
				"waiting",
				len(l.pending),
				"err",
				err,
			)
			l.pause = min(2*l.pause, longestRetry)
			l.next = time.Now().Add(l.pause)
			return
		}
		if len(l.pending) == 1 {
			l.m.dropUnwritten(l.pending[0].job.ID)
		}
		l.pending = l.pending[1:]
	}
	l.next = time.Time{}
}

func (l *jobWriter) write(e jobUpdate, within time.Duration) error {
	if !e.stored {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(l.m.life), within)
		defer cancel()
		err := l.m.opts.Store.UpdateJob(ctx, e.job)
		if _, ended := errors.AsType[*record.NotFoundError](err); ended && l.m.opts.Nodes != nil {
			return nil // by another node, which took this one for lost and tells of it
		}
		if err != nil {
			return err
		}
	}
	if e.changed && l.m.opts.Watcher != nil {
		l.m.opts.Watcher.JobChanged(l.m.life, e.job)
	}
	return nil
}

// drain writes the pending records of a job that is over, until all are written or the server stops: then the next
// start finds the job open.
func (l *jobWriter) drain() {
	for len(l.pending) > 0 {
		select {
		case <-time.After(time.Until(l.next)):
			l.flush()
		case <-l.m.closing:
			l.flush()
			return
		}
	}
}

// unwritten holds records that are newer than those of the store.
type unwritten struct {
	mu   sync.Mutex // guards everything below
	jobs map[string]record.Job
}

func (m *Manager) keepUnwritten(j record.Job) {
	m.unwritten.mu.Lock()
	defer m.unwritten.mu.Unlock()
	m.unwritten.jobs[j.ID] = j
}

func (m *Manager) dropUnwritten(id string) {
	m.unwritten.mu.Lock()
	defer m.unwritten.mu.Unlock()
	delete(m.unwritten.jobs, id)
}

// Latest returns a job as it is, where the store could not take its last states yet.
func (m *Manager) Latest(j record.Job) record.Job {
	m.unwritten.mu.Lock()
	defer m.unwritten.mu.Unlock()
	if newer, ok := m.unwritten.jobs[j.ID]; ok {
		return newer
	}
	return j
}
