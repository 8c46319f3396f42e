package simulator

import "time"

// clock runs events in the order of their times. Nothing here waits for real time.
type clock struct {
	now    time.Duration
	events []event // a binary heap
	order  uint64
}

type event struct {
	at    time.Duration
	order uint64 // events of the same time run in the order in which they were set
	run   func()
}

func (e *event) before(other *event) bool {
	return e.at < other.at || e.at == other.at && e.order < other.order
}

// after runs f once d has passed.
func (c *clock) after(d time.Duration, f func()) { c.at(c.now+d, f) }

// at runs f at that time, or now when it is over.
func (c *clock) at(t time.Duration, f func()) {
	c.order++
	c.events = append(c.events, event{max(t, c.now), c.order, f})
	child := len(c.events) - 1
	for child > 0 {
		parent := (child - 1) / 2
		if !c.events[child].before(&c.events[parent]) {
			break
		}
		c.events[child], c.events[parent] = c.events[parent], c.events[child]
		child = parent
	}
}

// every runs f each period, as long as it returns true.
func (c *clock) every(period time.Duration, f func() bool) {
	var again func()
	again = func() {
		if f() {
			c.after(period, again)
		}
	}
	c.after(period, again)
}

// runUntil runs all events up to that time.
func (c *clock) runUntil(end time.Duration) {
	for len(c.events) > 0 && c.events[0].at <= end {
		e := c.pop()
		c.now = e.at
		e.run()
	}
	c.now = end
}

func (c *clock) pop() event {
	first, last := c.events[0], len(c.events)-1
	c.events[0] = c.events[last]
	c.events[last] = event{}
	c.events = c.events[:last]
	parent := 0
	for {
		child := 2*parent + 1
		if child >= last {
			return first
		}
		if child+1 < last && c.events[child+1].before(&c.events[child]) {
			child++
		}
		if !c.events[child].before(&c.events[parent]) {
			return first
		}
		c.events[child], c.events[parent] = c.events[parent], c.events[child]
		parent = child
	}
}
