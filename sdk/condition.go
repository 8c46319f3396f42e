package sdk

import (
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// condition is a fault that lasts: it is told when it begins, and FaultCleared when it is over. Both are reported to
// the server.
type condition struct {
	meeting *Meeting
	group   *conditionGroup // nil: it has a cause of its own
	follows bool            // it never is the cause of others of its group

	mu    sync.Mutex // guards everything below; that of the group comes first
	fault *fault.Error
	since time.Time
	told  bool
}

// conditionGroup holds the conditions that one dead network has: the first is told, and those that begin while it lasts
// name it as their cause and are told to nobody. Where some last on for leadGrace after the first is over, the next one
// is told.
type conditionGroup struct {
	meeting *Meeting

	mu      sync.Mutex // guards everything below
	lead    *condition
	lasting []*condition // oldest first; with lead
}

// leadGrace is what a network that is back may take to bring everything back.
const leadGrace = 5 * time.Second

// raise begins a condition, unless one lasts already.
func (c *condition) raise(f *fault.Error) { c.raiseSince(f, time.Now()) }

// raiseSince is raise for a condition that has lasted since then.
func (c *condition) raiseSince(f *fault.Error, since time.Time) {
	if c.group != nil {
		c.group.mu.Lock()
		defer c.group.mu.Unlock()
	}
	c.mu.Lock()
	if c.fault != nil {
		c.mu.Unlock()
		return
	}
	c.told = true
	if g := c.group; g != nil {
		if g.lead != nil {
			f, c.told = f.CausedBy(g.lead.id()), false
		} else if !c.follows {
			g.lead = c
		}
		g.lasting = append(g.lasting, c)
	}
	f = c.meeting.name(f)
	c.fault, c.since = f, since
	told := c.told
	c.mu.Unlock()
	if c.meeting.ready(wire.MethodReport) == nil {
		c.meeting.reports.began(f, since)
	}
	if told {
		c.meeting.events.emit(ErrorEvent{f})
	}
}

func (c *condition) id() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault == nil {
		return ""
	}
	return c.fault.ID
}

// lasts reports whether the condition was raised and not cleared.
func (c *condition) lasts() bool { return c.id() != "" }

// clear reports that the condition is over, if there was one. After the end of the participation it reports nothing.
func (c *condition) clear() {
	if c.group != nil {
		c.group.mu.Lock()
		defer c.group.mu.Unlock()
	}
	c.mu.Lock()
	f, since, told := c.fault, c.since, c.told
	c.fault = nil
	c.mu.Unlock()
	if f == nil {
		return
	}
	if c.group != nil {
		c.group.overLocked(c)
	}
	if c.meeting.ctx.Err() != nil {
		return
	}
	c.meeting.reports.ended(f)
	if told {
		c.meeting.events.emit(
			FaultCleared{ID: f.ID, Code: f.Code, Reason: f.Reason, ForMs: time.Since(since).Milliseconds()},
		)
	}
}

// overLocked forgets a condition. Where it was the lead, the next one is, and is told if it lasts on.
func (g *conditionGroup) overLocked(c *condition) {
	g.lasting = slices.DeleteFunc(g.lasting, func(other *condition) bool { return other == c })
	if g.lead != c {
		return
	}
	g.lead = nil
	for _, next := range g.lasting {
		if next.follows {
			continue
		}
		g.lead = next
		id := next.id()
		g.meeting.spawn(func() {
			if pause(g.meeting.ctx, leadGrace) {
				next.tell(id)
			}
		})
		return
	}
}

// tell tells a condition that has outlived its cause.
func (c *condition) tell(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault != nil && c.fault.ID == id && !c.told {
		c.told = true
		c.meeting.events.emit(ErrorEvent{c.fault})
	}
}

// cause returns the id of the fault that has stopped the network, or "".
func (g *conditionGroup) cause() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lead == nil {
		return ""
	}
	return g.lead.id()
}
