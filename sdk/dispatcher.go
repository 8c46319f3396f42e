package sdk

import (
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
)

// dispatcher calls the handlers of a meeting, in order, from one goroutine. The goroutine runs only while there is
// something to tell. The queue is bounded by what feeds it: the link waits in ready while handlers are maxQueued
// events behind, then the server's queue fills, and it drops the socket (4106). Calls emit their own faults without
// waiting, for they may come from a handler.
type dispatcher struct {
	mu       sync.Mutex // guards everything below
	room     *sync.Cond
	handlers []*handler
	queue    []Event
	running  bool
	stopped  bool // ready waits no more
}

// handler is one subscription; its address is its identity.
type handler struct{ fn func(Event) }

const maxQueued = 4096

func newDispatcher() *dispatcher {
	d := &dispatcher{}
	d.room = sync.NewCond(&d.mu)
	return d
}

func (d *dispatcher) on(fn func(Event)) (undo func()) {
	h := &handler{fn: fn}
	d.mu.Lock()
	d.handlers = append(slices.Clip(d.handlers), h)
	d.mu.Unlock()
	return func() {
		d.mu.Lock()
		d.handlers = slices.DeleteFunc(slices.Clone(d.handlers), func(other *handler) bool { return other == h })
		d.mu.Unlock()
	}
}

// emit queues events; all of them are told before those of a later emit.
func (d *dispatcher) emit(events ...Event) {
	if len(events) == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = append(d.queue, events...)
	if !d.running {
		d.running = true
		go d.run()
	}
}

// ready waits until there is room in the queue, or stop.
func (d *dispatcher) ready() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.queue) >= maxQueued && !d.stopped {
		d.room.Wait()
	}
}

// stop lets ready wait no more. What is queued is still told.
func (d *dispatcher) stop() {
	d.mu.Lock()
	d.stopped = true
	d.mu.Unlock()
	d.room.Broadcast()
}

// restart lets ready wait again.
func (d *dispatcher) restart() {
	d.mu.Lock()
	d.stopped = false
	d.mu.Unlock()
}

func (d *dispatcher) run() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.queue) > 0 {
		event := d.queue[0]
		d.queue[0] = nil
		d.queue = d.queue[1:]
		handlers := d.handlers
		d.room.Broadcast()
		d.mu.Unlock()
		for _, h := range handlers {
			tell(h.fn, event)
		}
		d.mu.Lock()
	}
	d.running = false
}

func tell(fn func(Event), event Event) {
	defer func() {
		if r := recover(); r != nil {
			slog.Default().
				Error("klatch: a handler panicked", "event", event.EventName(), "panic", r, "stack", string(debug.Stack()))
		}
	}()
	fn(event)
}
