package signal

import "sync"

// outbox holds the messages that wait for one socket's writer. It is bounded: past maxFrames or maxBytes push
// refuses, and the socket is given up (4106 SLOW_READER) while the session stays resumable.
type outbox struct {
	wake chan struct{} // capacity 1: something changed since the writer last looked

	mu     sync.Mutex // guards everything below; a leaf, nothing is called under it
	queue  []message
	bytes  int
	closed bool // no more messages are taken; the writer sends what is queued and then the close frame
	frame  closeFrame
}

// closeFrame is the WebSocket close frame that ends a socket.
type closeFrame struct {
	code   int
	reason string
}

// Twice what a session keeps for resume, so that a full replay and its answer always fit.
const (
	maxFrames = 2 * maxLogEvents
	maxBytes  = 2 * maxLogBytes
)

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// push queues a message. It returns false when the outbox is full; a closed outbox drops the message: its socket is
// about to close.
func (o *outbox) push(m message) (ok bool) {
	o.mu.Lock()
	ok = true
	switch {
	case o.closed:
	case len(o.queue) == maxFrames || o.bytes+m.size() > maxBytes:
		ok = false
	default:
		o.queue = append(o.queue, m)
		o.bytes += m.size()
	}
	o.mu.Unlock()
	o.signal()
	return ok
}

// replay queues events that fit whatever else is queued.
func (o *outbox) replay(messages []message) {
	for _, m := range messages {
		o.push(m)
	}
}

// close ends the outbox: what is queued is still sent, then the close frame. Only the first close counts.
func (o *outbox) close(c closeFrame) {
	o.mu.Lock()
	if !o.closed {
		o.closed, o.frame = true, c
	}
	o.mu.Unlock()
	o.signal()
}

// handOver is the close frame of a socket that others go on with: it is not sent.
var handOver = closeFrame{}

// handOver ends the outbox of a socket that others go on with; false where it is to be closed already.
func (o *outbox) handOver() (ok bool) {
	o.mu.Lock()
	if ok = !o.closed; ok {
		o.closed, o.frame = true, handOver
	}
	o.mu.Unlock()
	o.signal()
	return ok
}

// abandon ends the outbox of a socket that does not read: of what is queued nothing is sent but last.
func (o *outbox) abandon(c closeFrame, last []byte) {
	o.mu.Lock()
	if !o.closed {
		o.closed, o.frame = true, c
		o.queue, o.bytes = []message{{answer: last}}, len(last)
	}
	o.mu.Unlock()
	o.signal()
}

// take returns all that is queued; last is set, with the close frame to send, when nothing will follow.
func (o *outbox) take() (queued []message, last bool, c closeFrame) {
	o.mu.Lock()
	defer o.mu.Unlock()
	queued = o.queue
	o.queue, o.bytes = nil, 0
	return queued, o.closed, o.frame
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}
