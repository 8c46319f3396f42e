package rtmp

import (
	"sync"
	"time"

	"github.com/klatch/klatch/internal/fmp4"
)

// maxQueuedBytes bounds a queue whatever the bit rate.
const maxQueuedBytes = 32 << 20

// queue is the media that waits for a Relay's connection; its first fragment after any gap begins with a key
// frame. While live it holds what the server has not taken yet; when that is too much, all of it goes and the
// next key frame begins anew. While not live it holds what came since the last key frame. (mutex)
type queue struct {
	longest time.Duration

	mu        sync.Mutex // guards everything below
	fragments []*fmp4.Fragment
	duration  time.Duration
	bytes     int
	waitKey   bool // nothing is taken until a key frame
	live      bool
	closed    bool
	dropped   time.Duration
}

func (q *queue) push(f *fmp4.Fragment) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	full := len(q.fragments) > 0 && (q.duration+f.Duration > q.longest || q.bytes+len(f.Raw) > maxQueuedBytes)
	if full || f.Key && !q.live {
		q.clearLocked()
	}
	if q.waitKey && !f.Key {
		if q.live {
			q.dropped += f.Duration
		}
		return
	}
	q.waitKey = false
	q.fragments = append(q.fragments, f)
	q.duration += f.Duration
	q.bytes += len(f.Raw)
}

func (q *queue) clearLocked() {
	if q.live {
		q.dropped += q.duration
	}
	q.fragments, q.duration, q.bytes, q.waitKey = nil, 0, 0, true
}

// next removes and returns the first fragment, or nil when there is none. closed reports that none will come.
func (q *queue) next() (f *fmp4.Fragment, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.fragments) == 0 {
		return nil, q.closed
	}
	f = q.fragments[0]
	q.fragments[0] = nil
	q.fragments = q.fragments[1:]
	q.duration -= f.Duration
	q.bytes -= len(f.Raw)
	return f, q.closed
}

// setLive changes what push keeps. When a connection has failed, only what begins with a key frame is of use.
func (q *queue) setLive(live bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.live = live
	if live {
		return
	}
	for i := len(q.fragments) - 1; i >= 0; i-- {
		if q.fragments[i].Key {
			for _, f := range q.fragments[:i] {
				q.duration -= f.Duration
				q.bytes -= len(f.Raw)
			}
			q.fragments = q.fragments[i:]
			return
		}
	}
	q.clearLocked()
}

// end makes push do nothing from now on.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

func (q *queue) ended() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// drop ends the queue and empties it.
func (q *queue) drop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.clearLocked()
}

func (q *queue) droppedTime() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.dropped
}
