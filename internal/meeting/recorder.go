package meeting

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
)

// recorder writes the records of one room in their order, apart from the room's loop, so that a slow database
// delays nobody. Its goroutine runs only while there is something to write.
//
// Shape: mutex around the queue; one writer at a time. When maxWrites wait, further records are lost and
// reported: the database has then hung for long, and the meeting goes on.
type recorder struct {
	meetings *Meetings
	to       Records
	life     context.Context // ended by discard
	end      context.CancelFunc

	mu      sync.Mutex // guards everything below
	queue   []write
	writing bool
	failing bool // the last write failed: a dead database is one report, not one per record

	discarded bool // nothing is written any more
}

type write struct {
	what string // for the fault: "the database did not take ..."
	do   func(context.Context, Records) error
	done chan<- error // may be nil; has room for one
	then func(error)  // may be nil; called when it was tried, or refused

	until time.Time    // zero: no deadline of its own
	taken *atomic.Bool // set by the writer that begins it, or by who no longer waits for it; nil with until zero
}

const maxWrites = 4096

var errWritesFull = errors.New("too many records wait to be written")

func newRecorder(m *Meetings) *recorder {
	q := &recorder{meetings: m, to: m.opts.Records}
	q.life, q.end = context.WithCancel(context.Background()) // not of m.life, which would know of it for ever
	return q
}

// discard drops what waits to be written, and refuses what comes after. It may be called again.
func (q *recorder) discard() {
	q.end()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.discarded = true
	for _, w := range q.queue {
		if w.done != nil {
			w.done <- errDiscarded
		}
	}
	q.queue = nil
}

// add queues a record; a failure is reported.
func (q *recorder) add(what string, do func(context.Context, Records) error) {
	q.push(write{what: what, do: do})
}

// waitLimit bounds how long the room's loop waits for a record: whoever waits for the loop must still be answered in
// time.
const waitLimit = 4 * time.Second

// Errors of wait and persist.
var (
	errNotWrittenYet = errors.New("what was to be written before it waits too long already")
	errStoreFails    = errors.New("the last write failed, and another is being tried")
	errDiscarded     = errors.New("the meeting goes on elsewhere")
)

// wait writes a record after all that are queued, and returns its error instead of reporting it. After waitLimit it
// gives up, and the record is not written any more.
func (q *recorder) wait(what string, do func(context.Context, Records) error) error {
	return q.pushUntil(what, waitLimit, do)()
}

// persist queues a record like wait, and leaves the waiting to the caller, who must be outside of the loop. It is
// refused at once while the database fails and something is being tried already.
func (q *recorder) persist(
	what string,
	timeout time.Duration,
	do func(context.Context, Records) error,
) (wait func() error) {
	q.mu.Lock()
	refuse := q.failing && q.writing
	q.mu.Unlock()
	if refuse {
		return func() error { return errStoreFails }
	}
	return q.pushUntil(what, timeout, do)
}

// pushUntil queues a record that is written before the timeout or not at all. wait returns its error.
func (q *recorder) pushUntil(
	what string,
	timeout time.Duration,
	do func(context.Context, Records) error,
) (wait func() error) {
	done := make(chan error, 1)
	w := write{what: what, do: do, done: done, until: time.Now().Add(timeout), taken: &atomic.Bool{}}
	q.push(w)
	return func() error {
		late := time.NewTimer(time.Until(w.until))
		defer late.Stop()
		select {
		case err := <-done:
			return err
		case <-q.life.Done():
			select {
			case err := <-done: // discard has answered what waited, and what was written is
				return err
			default:
			}
			return errDiscarded
		case <-late.C:
		}
		if w.taken.CompareAndSwap(false, true) {
			return errNotWrittenYet
		}
		return <-done // begun, and ended by the same deadline
	}
}

// flush waits until all that is queued now has been tried, or ctx ends.
func (q *recorder) flush(ctx context.Context) {
	q.mu.Lock()
	idle := !q.writing
	q.mu.Unlock()
	if idle {
		return
	}
	done := make(chan error, 1)
	q.push(write{do: func(context.Context, Records) error { return nil }, done: done})
	select {
	case <-done:
	case <-ctx.Done():
	}
}

func (q *recorder) push(w write) {
	q.mu.Lock()
	if q.discarded {
		q.mu.Unlock()
		if w.done != nil {
			w.done <- errDiscarded
		}
		return
	}
	full := len(q.queue) >= maxWrites
	if !full {
		q.queue = append(q.queue, w)
	}
	start := !q.writing && !full
	if start {
		q.writing = true
	}
	q.mu.Unlock()
	if full {
		q.finish(w, errWritesFull)
	}
	if start {
		q.meetings.running.Go(q.drain)
	}
}

func (q *recorder) drain() {
	for {
		q.mu.Lock()
		if len(q.queue) == 0 {
			q.queue, q.writing = nil, false
			q.mu.Unlock()
			return
		}
		w := q.queue[0]
		q.queue = q.queue[1:]
		q.mu.Unlock()
		q.finish(w, q.try(w))
	}
}

func (q *recorder) try(w write) error {
	ctx, cancel := context.WithTimeout(q.meetings.life, q.meetings.opts.RecordTimeout)
	defer cancel()
	defer context.AfterFunc(q.life, cancel)()
	if w.taken != nil {
		if !w.taken.CompareAndSwap(false, true) || !time.Now().Before(w.until) {
			return errNotWrittenYet
		}
		ctx, cancel = context.WithDeadline(ctx, w.until)
		defer cancel()
	}
	return guard.Run("the writing of "+w.what, func() error { return w.do(ctx, q.to) })
}

func (q *recorder) finish(w write, err error) {
	if w.then != nil {
		w.then(err)
	}
	if w.done != nil && w.taken == nil {
		w.done <- err
		return
	}
	q.mu.Lock()
	again := q.failing
	q.failing = err != nil && !q.discarded // what was cut short says nothing of the database
	failing := q.failing
	q.mu.Unlock()
	if w.done != nil { // its sender reports it
		w.done <- err
		return
	}
	switch key := fmt.Sprintf("records %p", q); { // of one meeting
	case failing && !again:
		q.meetings.opts.Raise(key, fault.ServerUnavailableStore(w.what).Because(err))
	case !failing && again:
		q.meetings.opts.Clear(key)
	}
}
