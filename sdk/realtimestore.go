package sdk

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// RealtimeStore has values by key, one for the whole session: everybody in the meeting reads, writes and observes them,
// in every mode. A key has 1 to 128 bytes, a value up to 1 KiB. They end with the session.
type RealtimeStore struct {
	meeting *Meeting

	mu        sync.Mutex // guards everything below
	observers map[string]observer
	known     map[string]*string // what observers were told last, by key
	count     int
}

// ValueChanged is the event of a new value of an observed key; Value is nil when the key was deleted.
type ValueChanged struct {
	Key       string  `json:"key"`
	Value     *string `json:"value"`
	UpdatedBy string  `json:"updatedBy"`
}

// EventName returns "store-value-changed".
func (ValueChanged) EventName() string { return "store-value-changed" }

type observer struct {
	key string
	fn  func(ValueChanged)
}

func newRealtimeStore(m *Meeting) *RealtimeStore {
	return &RealtimeStore{meeting: m, observers: map[string]observer{}, known: map[string]*string{}}
}

// SetValue sets a value; nil deletes the key. Errors are 3072, 4045 and 4106.
func (s *RealtimeStore) SetValue(ctx context.Context, key string, value *string) error {
	if value != nil && len(*value) > wire.MaxValueBytes {
		return s.meeting.fail(fault.PayloadTooLargeValue(len(*value), wire.MaxValueBytes))
	}
	return s.meeting.request(ctx, "realtimeStore.setValue", wire.MethodSetValue,
		wire.SetValueParams{Key: key, Value: value}, nil)
}

// Value returns the present value; nil where there is none. Errors are 4046.
func (s *RealtimeStore) Value(ctx context.Context, key string) (*string, error) {
	var result wire.StoredValue
	err := s.meeting.request(ctx, "realtimeStore.getValue", wire.MethodGetValue, wire.KeyParams{Key: key}, &result)
	return result.Value, err
}

// Observe calls fn with each new value of a key, like any handler, and not with the present one. It returns an id for
// StopObserving. Errors are 4085.
func (s *RealtimeStore) Observe(ctx context.Context, key string, fn func(ValueChanged)) (id string, err error) {
	const method = "realtimeStore.observe"
	if fn == nil {
		return "", s.meeting.fail(fault.InvalidParameterMissing(method, "fn"))
	}
	s.mu.Lock()
	s.count++
	id = "observer-" + strconv.Itoa(s.count)
	s.observers[id] = observer{key, fn}
	s.mu.Unlock()
	var result wire.StoredValue
	err = s.meeting.request(ctx, method, wire.MethodObserveValue, wire.ObserveValueParams{Key: key}, &result)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		delete(s.observers, id)
		return "", err
	}
	if _, known := s.known[key]; !known {
		s.known[key] = result.Value
	}
	return id, nil
}

// StopObserving ends an observer. Errors are 4086.
func (s *RealtimeStore) StopObserving(ctx context.Context, id string) error {
	s.mu.Lock()
	stopped, ok := s.observers[id]
	delete(s.observers, id)
	last := true
	for _, other := range s.observers {
		last = last && other.key != stopped.key
	}
	if last {
		delete(s.known, stopped.key)
	}
	s.mu.Unlock()
	switch {
	case !ok:
		return s.meeting.fail(fault.FailedToStopObservingValueUnknownObserver(id))
	case !last:
		return nil
	}
	return s.meeting.request(ctx, "realtimeStore.stopObserving", wire.MethodStopObserving,
		wire.StopObservingParams{Key: stopped.key}, nil)
}

// deliver is an event handler: it tells a change to the observers of its key.
func (s *RealtimeStore) deliver(e Event) {
	changed, ok := e.(ValueChanged)
	if !ok {
		return
	}
	s.mu.Lock()
	s.known[changed.Key] = changed.Value
	var fns []func(ValueChanged)
	for _, id := range slices.Sorted(maps.Keys(s.observers)) {
		if o := s.observers[id]; o.key == changed.Key {
			fns = append(fns, o.fn)
		}
	}
	s.mu.Unlock()
	for _, fn := range fns {
		tell(func(Event) { fn(changed) }, e)
	}
}

// forget drops all observers: they end with the participation.
func (s *RealtimeStore) forget() {
	s.mu.Lock()
	clear(s.observers)
	clear(s.known)
	s.mu.Unlock()
}

// observed returns the keys that have observers, in order.
func (s *RealtimeStore) observed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := map[string]bool{}
	for _, o := range s.observers {
		keys[o.key] = true
	}
	return slices.Sorted(maps.Keys(keys))
}

// restore observes again at a server that has lost the session, and tells what differs there.
func (s *RealtimeStore) restore() {
	for _, key := range s.observed() {
		var now wire.StoredValue
		if !s.meeting.restoreInto(
			"realtimeStore.observe", wire.MethodObserveValue, wire.ObserveValueParams{Key: key}, &now) {
			continue
		}
		s.mu.Lock()
		before := s.known[key]
		s.mu.Unlock()
		same := before == nil && now.Value == nil || before != nil && now.Value != nil && *before == *now.Value
		if !same {
			s.meeting.events.emit(ValueChanged{key, now.Value, now.UpdatedBy})
		}
	}
}
