package incident

import (
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// Bounds of the queue: past them a fault is only logged and counted.
const (
	perLane     = 256
	perToldLane = 1024 // of what webhooks tell
	maxLanes    = 4096
)

// item is a fault that waits for the timeline, or the end of one.
type item struct {
	fault   *fault.Error
	cleared *record.Cleared // nil: the fault itself
}

// queue holds what waits for the timeline. What webhooks tell goes first; within both, meetings take turns, and what
// belongs to none is one lane, so that nobody's flood loses or delays another's fault.
//
// Shape: mutex.
type queue struct {
	wake chan struct{} // capacity 1

	mu          sync.Mutex // guards everything below
	told, other lanes
	closed      bool
}

// lanes are the queues of meetings.
type lanes struct {
	perLane int
	waiting map[string][]item
	turns   []string // the lanes that hold something, next first
}

func newQueue() *queue {
	return &queue{
		wake: make(chan struct{}, 1),
		told: lanes{perToldLane, map[string][]item{}, nil}, other: lanes{perLane, map[string][]item{}, nil},
	}
}

func (l *lanes) push(next item) bool {
	lane := placeOf(next.fault)
	waiting, known := l.waiting[lane]
	if len(waiting) >= l.perLane || !known && len(l.waiting) >= maxLanes {
		return false
	}
	l.waiting[lane] = append(waiting, next)
	if !known {
		l.turns = append(l.turns, lane)
	}
	return true
}

func (l *lanes) pop() (next item, any bool) {
	if len(l.turns) == 0 {
		return next, false
	}
	lane := l.turns[0]
	l.turns = l.turns[1:]
	next = l.waiting[lane][0]
	if l.waiting[lane] = l.waiting[lane][1:]; len(l.waiting[lane]) == 0 {
		delete(l.waiting, lane)
	} else {
		l.turns = append(l.turns, lane)
	}
	return next, true
}

// push reports whether there was room.
func (q *queue) push(next item) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	into := &q.other
	if next.fault.Webhook() {
		into = &q.told
	}
	if !into.push(next) {
		return false
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return true
}

// pop returns what is next; no fault when nothing waits, and then whether anything can follow.
func (q *queue) pop() (next item, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if next, any := q.told.pop(); any {
		return next, true
	}
	if next, any := q.other.pop(); any {
		return next, true
	}
	return item{}, !q.closed
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}
