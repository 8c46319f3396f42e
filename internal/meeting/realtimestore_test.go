package meeting

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

func (a *client) sets(key string, value *string) error {
	return a.p.SetValue(a.s.ctx(), wire.SetValueParams{Key: key, Value: value})
}

func (a *client) has(key string) wire.StoredValue {
	got, err := a.p.GetValue(a.s.ctx(), wire.KeyParams{Key: key})
	require.NoError(a.s.t, err)
	return got
}

func (a *client) observes(key string) wire.StoredValue {
	got, err := a.p.ObserveValue(a.s.ctx(), wire.ObserveValueParams{Key: key})
	require.NoError(a.s.t, err)
	return got
}

// told returns what a was told so far.
func (a *client) told() []wire.Event {
	a.s.wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.events)
}

// changes returns the changes of values that a was told of, as key=value by whom.
func (a *client) changes() []string {
	all := []string{}
	for _, e := range a.told() {
		if v, ok := e.(wire.ValueChanged); ok {
			value := "null"
			if v.Value != nil {
				value = *v.Value
			}
			all = append(all, fmt.Sprint(v.Key, "=", value, " by ", v.UpdatedBy))
		}
	}
	return all
}

func TestRealtimeStore(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		bob := s.client("bob", mode(wire.SignallingOnly)).join() // every mode reads and writes
		require.Nil(t, ann.observes("k").Value)
		v, w := "v", "w"
		ann.succeeds(bob.sets("k", &v)).succeeds(bob.sets("other", &v)).succeeds(ann.sets("k", &w))
		ann.succeeds(bob.sets("k", nil)).succeeds(bob.sets("k", nil))
		require.Equal(t, []string{"k=v by bob", "k=w by ann", "k=null by bob"}, ann.changes())
		require.Empty(t, bob.changes())

		// Who comes later reads it; who left observes nothing more.
		cat := s.client("cat").join()
		got := cat.has("other")
		require.Equal(t, "v", *got.Value)
		require.Equal(t, "bob", got.UpdatedBy)
		require.Nil(t, cat.has("k").Value)
		require.Equal(t, "v", *cat.observes("other").Value)
		ann.succeeds(ann.p.StopObserving(s.ctx(), wire.StopObservingParams{Key: "k"}))
		ann.succeeds(ann.sets("k", &v))
		require.Len(t, ann.changes(), 3)
		ann.succeeds(cat.p.Leave(s.ctx()))
		ann.succeeds(ann.sets("other", &w))
	})
}

func TestRealtimeStoreLimits(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann := s.client("ann").join()
		long, short := strings.Repeat("x", wire.MaxValueBytes), "x"
		n := 0
		for ; ; n++ {
			if err := ann.sets(fmt.Sprintf("%04d", n), &long); err != nil {
				f := s.refused("4045.STORE_FULL", err)
				require.Equal(t, map[string]any{"limit": int64(maxStoreBytes), "unit": "bytes"}, f.Details)
				break
			}
		}
		require.Equal(t, maxStoreBytes/(wire.MaxValueBytes+4), n)
		ann.succeeds(ann.sets("0000", &short)).succeeds(ann.sets("more", &short)) // what is replaced makes room
		for i := range n {
			ann.succeeds(ann.sets(fmt.Sprintf("%04d", i), nil))
		}
		for i := range maxKeys - 1 {
			ann.succeeds(ann.sets(fmt.Sprint("key ", i), &short))
		}
		f := s.refused("4045.STORE_FULL", ann.sets("one more", &short))
		require.Equal(t, map[string]any{"limit": int64(maxKeys), "unit": "keys"}, f.Details)
		ann.succeeds(ann.sets("more", &long))

		for i := range maxObserved {
			ann.observes(fmt.Sprint(i))
		}
		ann.observes("3")
		_, err := ann.p.ObserveValue(s.ctx(), wire.ObserveValueParams{Key: "one more"})
		s.refused("4085.TOO_MANY_KEYS", err)
	})
}

func TestRealtimeStoreRate(t *testing.T) {
	runScenario(t, Options{MessageBytes: 1000}, func(s *scenario) {
		ann := s.client("ann").join()
		value := strings.Repeat("x", wire.MaxValueBytes)
		for range 1000 {
			if err := ann.sets("k", &value); err != nil {
				require.Positive(t, s.refused("4106.MESSAGE_BYTES", err).RetryAfterMs)
				return
			}
		}
		t.Fatal("no limit")
	})
}

func TestOpenData(t *testing.T) {
	runScenario(t, Options{}, func(s *scenario) {
		ann, bob := s.client("ann").join(), s.client("bob").join()
		started := func(c *client) (n int) {
			for _, e := range c.told() {
				if _, ok := e.(wire.DataStarted); ok {
					n++
				}
			}
			return n
		}
		ann.succeeds(ann.p.OpenData(s.ctx())).succeeds(bob.p.OpenData(s.ctx()))
		require.Equal(t, 1, started(ann))
		require.Equal(t, 1, started(bob))
		ann.succeeds(bob.p.SetMode(s.ctx(), wire.SetModeParams{Mode: string(wire.RecvOnly)}))
		ann.succeeds(ann.p.SetMode(s.ctx(), wire.SetModeParams{Mode: string(wire.SignallingOnly)}))
		s.refused("3066.MODE", ann.p.OpenData(s.ctx()))
		require.Equal(t, []string{"ann true true", "bob true true", "bob false true", "ann false false"}, s.media.data)
	})
}
