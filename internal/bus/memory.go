package bus

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// Memory is a Bus within one process. Shape: mutex; each subscription has a goroutine.
type Memory struct {
	mu        sync.Mutex // guards everything below
	closed    bool
	listeners map[string]map[*subscription]struct{}
	answers   map[string]map[*answering]struct{}
	buckets   map[string]*memoryBucket
}

// NewMemory returns a Bus that ends with Close.
func NewMemory() *Memory {
	return &Memory{
		listeners: map[string]map[*subscription]struct{}{}, answers: map[string]map[*answering]struct{}{},
		buckets: map[string]*memoryBucket{},
	}
}

// subscription hands messages to f, in order.
type subscription struct {
	queue chan []byte
	done  chan struct{} // closed when f is not called any more
}

// Publish implements Bus.
func (m *Memory) Publish(_ context.Context, subject string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrDown
	}
	for s := range m.listeners[subject] {
		select {
		case s.queue <- slices.Clone(data):
		default: // too slow
		}
	}
	return nil
}

// Subscribe implements Bus.
func (m *Memory) Subscribe(subject string, f func(data []byte)) (cancel func(), err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrDown
	}
	s := &subscription{queue: make(chan []byte, maxPending), done: make(chan struct{})}
	if m.listeners[subject] == nil {
		m.listeners[subject] = map[*subscription]struct{}{}
	}
	m.listeners[subject][s] = struct{}{}
	go func() { // until cancel or Close
		defer close(s.done)
		for data := range s.queue {
			f(data)
		}
	}()
	return func() {
		m.mu.Lock()
		if _, open := m.listeners[subject][s]; open {
			delete(m.listeners[subject], s)
			close(s.queue)
		}
		m.mu.Unlock()
		<-s.done
	}, nil
}

// Request implements Bus.
func (m *Memory) Request(ctx context.Context, subject string, data []byte) ([]byte, error) {
	m.mu.Lock()
	var a *answering
	for a = range m.answers[subject] {
		break
	}
	closed := m.closed
	m.mu.Unlock()
	if closed {
		return nil, ErrDown
	}
	if a == nil {
		return nil, ErrNoResponders
	}
	answer := make(chan []byte, 1)
	a.handle(slices.Clone(data), func(data []byte) { answer <- data })
	select {
	case data := <-answer:
		return data, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Answer implements Bus.
func (m *Memory) Answer(
	subject string,
	f func(ctx context.Context, data []byte) []byte,
) (cancel func(), err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrDown
	}
	a := newAnswering(f)
	if m.answers[subject] == nil {
		m.answers[subject] = map[*answering]struct{}{}
	}
	m.answers[subject][a] = struct{}{}
	return func() {
		m.mu.Lock()
		delete(m.answers[subject], a)
		m.mu.Unlock()
		a.close()
	}, nil
}

// Bucket implements Bus.
func (m *Memory) Bucket(_ context.Context, name string) (Bucket, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrDown
	}
	if m.buckets[name] == nil {
		m.buckets[name] = &memoryBucket{entries: map[string]Entry{}}
	}
	return m.buckets[name], nil
}

// Close implements Bus.
func (m *Memory) Close() {
	m.mu.Lock()
	m.closed = true
	var waits []func()
	for _, all := range m.listeners {
		for s := range all {
			close(s.queue)
			waits = append(waits, func() { <-s.done })
		}
		clear(all)
	}
	for _, all := range m.answers {
		for a := range all {
			waits = append(waits, a.close)
		}
		clear(all)
	}
	m.mu.Unlock()
	for _, wait := range waits {
		wait()
	}
}

// answering calls f for requests, some at once.
type answering struct {
	f      func(ctx context.Context, data []byte) []byte
	ctx    context.Context // of all calls of f
	cancel context.CancelFunc
	slots  chan struct{}

	mu     sync.Mutex // guards everything below
	closed bool
	calls  sync.WaitGroup
}

func newAnswering(f func(ctx context.Context, data []byte) []byte) *answering {
	a := &answering{f: f, slots: make(chan struct{}, maxAnswering)}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	return a
}

// handle calls f when there is room for a call, and then answer; without room it blocks.
func (a *answering) handle(data []byte, answer func([]byte)) {
	select {
	case a.slots <- struct{}{}:
	case <-a.ctx.Done():
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return
	}
	a.calls.Go(func() {
		defer func() { <-a.slots }()
		answer(a.f(a.ctx, data))
	})
}

func (a *answering) close() {
	a.cancel()
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.calls.Wait()
}

// memoryBucket is a Bucket within one process. Its values do not expire.
type memoryBucket struct {
	mu       sync.Mutex // guards everything below
	revision uint64
	entries  map[string]Entry
}

// Get implements Bucket.
func (b *memoryBucket) Get(_ context.Context, key string) (Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.entries[key]
	if !ok {
		return Entry{}, ErrNotFound
	}
	return e, nil
}

// Create implements Bucket.
func (b *memoryBucket) Create(ctx context.Context, key string, value []byte) (uint64, error) {
	return b.Update(ctx, key, value, 0)
}

// Update implements Bucket.
func (b *memoryBucket) Update(_ context.Context, key string, value []byte, revision uint64) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.entries[key].Revision != revision {
		return 0, ErrConflict
	}
	b.revision++
	b.entries[key] = Entry{Key: key, Value: slices.Clone(value), Revision: b.revision}
	return b.revision, nil
}

// Delete implements Bucket.
func (b *memoryBucket) Delete(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.entries, key)
	return nil
}

// List implements Bucket.
func (b *memoryBucket) List(context.Context) ([]Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(maps.Values(b.entries)), nil
}
