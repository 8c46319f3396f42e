package meeting

import (
	"context"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// values are the realtime store of a session: one value for each key, and who observes it.
type values struct {
	stored    map[string]storedValue
	observers map[string]map[*Participant]bool
	bytes     int // of keys and values
}

// storedValue is a value with the participant who set it.
type storedValue struct{ value, by string }

// The bounds of a realtime store. No account raises them.
const (
	maxKeys       = 1000
	maxStoreBytes = 256 << 10 // keys and values
	maxObserved   = 100       // keys that one participant observes
)

// SetValue sets a key of the realtime store, or deletes it where the value is nil, and tells who observes it. Everybody
// in the session may, in each mode. It counts as a message of pubsub.
func (p *Participant) SetValue(ctx context.Context, params wire.SetValueParams) error {
	return p.inSession(ctx, wire.MethodSetValue, func(r *room) error {
		v := &r.session.values
		old, had := v.stored[params.Key]
		bytes := len(params.Key)
		if params.Value != nil {
			bytes += len(*params.Value)
			if !had && len(v.stored) >= maxKeys {
				return fault.FailedToSetValueStoreFull(maxKeys, "keys")
			}
			after := v.bytes + bytes
			if had {
				after -= len(params.Key) + len(old.value)
			}
			if after > maxStoreBytes {
				return fault.FailedToSetValueStoreFull(maxStoreBytes, "bytes")
			}
		}
		if err := r.spend(p, bytes); err != nil {
			return err
		}
		if !had && params.Value == nil {
			return nil
		}
		v.set(params.Key, params.Value, p.id)
		r.changed()
		told := wire.NewBroadcast(wire.ValueChanged{Key: params.Key, Value: params.Value, UpdatedBy: p.id})
		for q := range v.observers[params.Key] {
			q.listener.Notify(told)
		}
		return nil
	})
}

func (v *values) set(key string, value *string, by string) {
	if old, had := v.stored[key]; had {
		v.bytes -= len(key) + len(old.value)
		delete(v.stored, key)
	}
	if value == nil {
		return
	}
	if v.stored == nil {
		v.stored = map[string]storedValue{}
	}
	v.stored[key] = storedValue{*value, by}
	v.bytes += len(key) + len(*value)
}

func (v *values) get(key string) wire.StoredValue {
	stored, has := v.stored[key]
	if !has {
		return wire.StoredValue{}
	}
	return wire.StoredValue{Value: &stored.value, UpdatedBy: stored.by}
}

// GetValue returns the value of a key.
func (p *Participant) GetValue(ctx context.Context, params wire.KeyParams) (wire.StoredValue, error) {
	var result wire.StoredValue
	err := p.inSession(ctx, wire.MethodGetValue, func(r *room) error {
		result = r.session.values.get(params.Key)
		return nil
	})
	return result, err
}

// ObserveValue has changes of a key told to p, and returns the present value; there is no gap between them.
func (p *Participant) ObserveValue(ctx context.Context, params wire.ObserveValueParams) (wire.StoredValue, error) {
	var result wire.StoredValue
	err := p.inSession(ctx, wire.MethodObserveValue, func(r *room) error {
		v := &r.session.values
		result = v.get(params.Key)
		if v.observers[params.Key][p] {
			return nil
		}
		if p.observed >= maxObserved {
			return fault.FailedToObserveValueTooManyKeys(params.Key, maxObserved)
		}
		if v.observers == nil {
			v.observers = map[string]map[*Participant]bool{}
		}
		if v.observers[params.Key] == nil {
			v.observers[params.Key] = map[*Participant]bool{}
		}
		v.observers[params.Key][p] = true
		p.observed++
		return nil
	})
	return result, err
}

// StopObserving ends that; of a key that p does not observe it does nothing.
func (p *Participant) StopObserving(ctx context.Context, params wire.StopObservingParams) error {
	return p.inSession(ctx, wire.MethodStopObserving, func(r *room) error {
		r.session.values.stopObserving(params.Key, p)
		return nil
	})
}

func (v *values) stopObserving(key string, p *Participant) {
	if !v.observers[key][p] {
		return
	}
	delete(v.observers[key], p)
	if len(v.observers[key]) == 0 {
		delete(v.observers, key)
	}
	p.observed--
}

// leave ends all observations of p.
func (v *values) leave(p *Participant) {
	if p.observed == 0 {
		return
	}
	for key := range v.observers {
		v.stopObserving(key, p)
	}
}
