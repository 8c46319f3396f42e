package sdk

import (
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
)

// condition is a fault that lasts: it is told when it begins, and FaultCleared when it is over.
type condition struct {
	meeting *Meeting

	mu    sync.Mutex // guards everything below
	fault *fault.Error
	since time.Time
}

// raise reports a fault, unless one lasts already.
func (c *condition) raise(f *fault.Error) {
	c.mu.Lock()
	lasts := c.fault != nil
	if !lasts {
		c.fault, c.since = f, time.Now()
	}
	c.mu.Unlock()
	if !lasts {
		_ = c.meeting.fail(f) // nobody called: only the event tells it
	}
}

// lasts reports whether the condition was raised and not cleared.
func (c *condition) lasts() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault != nil
}

// clear reports that the condition is over, if there was one. After the end of the participation it reports nothing.
func (c *condition) clear() {
	c.mu.Lock()
	f, since := c.fault, c.since
	c.fault = nil
	c.mu.Unlock()
	if f != nil && c.meeting.ctx.Err() == nil {
		c.meeting.reports.ended(f)
		c.meeting.events.emit(
			FaultCleared{ID: f.ID, Code: f.Code, Reason: f.Reason, ForMs: time.Since(since).Milliseconds()},
		)
	}
}
