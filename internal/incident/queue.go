package incident

import (
	"sync"

	"github.com/klatch/klatch/fault"
)

// Bounds of the queue: past them a fault is only logged and counted.
const (
	perLane  = 256
	maxLanes = 1024
	maxTold  = 4096
)

// queue holds the faults that wait for the timeline. Those that webhooks tell go first and have their own bound; the
// others take turns by meeting, and what belongs to none is one lane, so that nobody's flood loses another's fault.
//
// Shape: mutex.
type queue struct {
	wake chan struct{} // capacity 1

	mu     sync.Mutex // guards everything below
	told   []*fault.Error
	lanes  map[string][]*fault.Error
	turns  []string // the lanes that hold something, next first
	closed bool
}

func newQueue() *queue {
	return &queue{wake: make(chan struct{}, 1), lanes: map[string][]*fault.Error{}}
}

// push reports whether there was room.
func (q *queue) push(f *fault.Error) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	if f.Webhook() {
		if len(q.told) >= maxTold {
			return false
		}
		q.told = append(q.told, f)
	} else {
		lane := placeOf(f)
		waiting, known := q.lanes[lane]
		if len(waiting) >= perLane || !known && len(q.lanes) >= maxLanes {
			return false
		}
		q.lanes[lane] = append(waiting, f)
		if !known {
			q.turns = append(q.turns, lane)
		}
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return true
}

// pop returns the next fault; nil when none waits, and then whether any can follow.
func (q *queue) pop() (f *fault.Error, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.told) > 0 {
		f, q.told = q.told[0], q.told[1:]
		return f, true
	}
	if len(q.turns) == 0 {
		return nil, !q.closed
	}
	lane := q.turns[0]
	q.turns = q.turns[1:]
	f = q.lanes[lane][0]
	if q.lanes[lane] = q.lanes[lane][1:]; len(q.lanes[lane]) == 0 {
		delete(q.lanes, lane)
	} else {
		q.turns = append(q.turns, lane)
	}
	return f, true
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
