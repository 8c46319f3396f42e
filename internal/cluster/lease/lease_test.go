package lease

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/record"
)

const (
	ms     = time.Millisecond
	second = time.Second
)

var (
	own   = record.NodeID{Name: "a", Incarnation: "1"}
	other = record.NodeID{Name: "b", Incarnation: "1"}

	errAway = errors.New("away")
)

func TestHolderHoldsFromWhenTheRenewalWasSent(t *testing.T) {
	h := NewHolder(own, 0)
	require.Equal(t, []Place{SQL, Bus}, h.Due(0))
	require.Empty(t, h.Due(999*ms))
	require.False(t, h.Holds(0), "nothing was acknowledged")
	h.Answered(SQL, 0, 500*ms, nil)
	require.True(t, h.Holds(2399*ms))
	require.Equal(t, Hold, h.Until(500*ms))
	require.False(t, h.Holds(2400*ms), "2.4 s after it was sent, not after it was acknowledged")
	require.True(t, h.Lost(0))
}

func TestHolderHoldsThroughEitherPlace(t *testing.T) {
	h := NewHolder(own, 0)
	for now := time.Duration(0); now < 30*time.Second; now += 100 * ms {
		for _, p := range h.Due(now) {
			var err error
			if (p == SQL) == (now > 10*time.Second && now < 20*time.Second) {
				err = errAway
			}
			h.Answered(p, now, now, err)
		}
		require.True(t, h.Holds(now), now)
	}
}

func TestHolderNeverHoldsAgain(t *testing.T) {
	h := NewHolder(own, 0)
	h.Due(0)
	h.Answered(SQL, 0, 10*ms, nil)
	h.Due(Renew)
	h.Answered(SQL, Renew, 3500*ms, nil)
	require.False(t, h.Holds(3500*ms))
	require.Empty(t, h.Due(3500*ms))

	h = NewHolder(own, 0)
	h.Due(0)
	h.Answered(SQL, 0, 10*ms, nil)
	h.Due(2300 * ms)
	require.True(t, h.Holds(2399*ms))
	h.Answered(SQL, 2300*ms, 2400*ms, nil) // in time for Hold, and a moment after the last one was over
	require.False(t, h.Holds(2400*ms))

	h = NewHolder(own, 0)
	h.Due(0)
	h.Answered(Bus, 0, 10*ms, nil)
	h.Answered(SQL, 0, 20*ms, fmt.Errorf("renew: %w", ErrFenced))
	require.False(t, h.Holds(20*ms), "refused in one place, it ends, whatever the other one acknowledges")
}

func TestHolderRenewsThoughNoAnswerComes(t *testing.T) {
	h := NewHolder(own, 0)
	sent := 0
	for now := time.Duration(0); now < 10*time.Second; now += 100 * ms {
		sent += len(h.Due(now))
	}
	require.Equal(t, 2*maxRenewals, sent, "each second, until so many wait that the first one is worth nothing")
	h.Answered(SQL, 0, 10*time.Second, errAway)
	require.Equal(t, []Place{SQL}, h.Due(10*time.Second+Retry))
}

// seen lets o see the leases in both places at now.
func seen(o *Observer, now time.Duration, sql, bus []Lease) {
	for p, leases := range [][]Lease{sql, bus} {
		o.Lists(now)
		o.Listed(Place(p), now, now, leases)
	}
}

func version(v uint64) []Lease { return []Lease{{ID: other, Version: v}} }

func TestObserverIsSurveyed(t *testing.T) {
	o := NewObserver(0)
	require.False(t, o.Surveyed(time.Second), "no list has come")
	seen(o, 0, version(5), version(9))
	require.False(t, o.Surveyed(0), "whether the other node is alive is not known")
	seen(o, 500*ms, version(6), version(9))
	require.False(t, o.Surveyed(500*ms), "one place has shown no renewal yet")
	seen(o, 700*ms, version(6), version(10))
	require.True(t, o.Surveyed(700*ms))

	o = NewObserver(0)
	seen(o, 0, version(5), version(9))
	require.True(t, o.Surveyed(Renew+Poll), "it would have renewed: it is lost")
}

func TestObserverFencesWhatBothPlacesShowUnchanged(t *testing.T) {
	o := NewObserver(0)
	seen(o, 0, version(5), version(9))
	require.NotEqual(t, Alive, o.State(other, 0), "nobody knows when it was renewed")
	seen(o, 1*time.Second, version(6), version(9))
	require.Equal(t, Alive, o.State(other, 1*time.Second))
	seen(o, 3*time.Second, version(6), version(9))
	require.Empty(t, o.Fences(own, 3*time.Second), "SQL has shown a renewal 2 s ago")
	seen(o, 3999*ms, version(6), version(9))
	require.Empty(t, o.Fences(own, 9*time.Second), "the newest list is of 3.999 s")
	seen(o, 4*time.Second, version(6), version(9))
	require.Empty(t, o.Fences(other, 4*time.Second), "nobody fences itself")

	sql := Fence{Place: SQL, ID: other, Version: 6}
	require.Equal(t, []Fence{sql}, o.Fences(own, 4*time.Second))
	require.Empty(t, o.Fences(own, 4*time.Second), "the first one has no answer yet")
	o.Fenced(sql, 4*time.Second, true)
	require.Empty(t, o.Takeovers(4*time.Second), "it may hold through NATS")
	bus := Fence{Place: Bus, ID: other, Version: 9}
	require.Equal(t, []Fence{bus}, o.Fences(own, 4*time.Second))
	o.Fenced(bus, 4100*ms, true)
	require.Equal(t, []record.NodeID{other}, o.Takeovers(4100*ms))
	require.Empty(t, o.Takeovers(4100*ms))
	o.TakenOver(other, 5*time.Second, false)
	require.Empty(t, o.Takeovers(5*time.Second))
	require.Equal(t, []record.NodeID{other}, o.Takeovers(6*time.Second))
	o.TakenOver(other, 6*time.Second, true)
	require.Empty(t, o.Takeovers(time.Hour))
	require.Equal(t, Fenced, o.State(other, 6*time.Second))
}

func TestObserverAfterAFenceThatDidNotTakeEffect(t *testing.T) {
	o := NewObserver(0)
	for now := time.Duration(0); now <= Observe; now += 500 * ms {
		seen(o, now, version(5), version(9))
	}
	f := o.Fences(own, Observe)
	require.Len(t, f, 1)
	o.Fenced(f[0], Observe, false)
	seen(o, Observe+ms, version(5), version(9)) // from a replica that is behind
	require.Empty(t, o.Fences(own, Observe+ms), "it was renewed: counting starts again")

	o.FenceFailed(f[0], Observe+2*ms)
	seen(o, 2*Observe, version(5), version(9))
	f = o.Fences(own, 2*Observe)
	require.Len(t, f, 1)
	o.FenceFailed(f[0], 2*Observe+second)
	require.Empty(t, o.Fences(own, 2*Observe+second), "it may have taken effect: a list decides")
	fenced := []Lease{{ID: other, Version: 5, Fenced: true}}
	seen(o, 2*Observe+second+ms, fenced, version(9))
	require.Equal(t, []Fence{{Place: Bus, ID: other, Version: 9}}, o.Fences(own, 2*Observe+2*second))
}

func TestObserverTakesOverWhereWhoFencedIsLostToo(t *testing.T) {
	o := NewObserver(0)
	fenced := []Lease{{ID: other, Version: 5, Fenced: true}}
	seen(o, second, fenced, version(5))
	require.Empty(t, o.Takeovers(second))
	seen(o, 2*second, fenced, fenced)
	require.Empty(t, o.Takeovers(2*second), "another node has fenced it and is about to take over")
	require.Equal(t, []record.NodeID{other}, o.Takeovers(2*second+TakeoverGrace))
}

func TestObserverFencesWhatNoPlaceLists(t *testing.T) {
	o := NewObserver(0)
	for now := time.Duration(0); now <= Observe; now += 500 * ms {
		seen(o, now, version(5), nil)
	}
	f := o.Fences(own, Observe)
	require.Equal(t, []Fence{{Place: SQL, ID: other, Version: 5}}, f)
	o.Fenced(f[0], Observe, true)
	require.Equal(t, []Fence{{Place: Bus, ID: other}}, o.Fences(own, Observe))

	o = NewObserver(0)
	o.Watch(other)
	require.Equal(t, Unknown, o.State(other, 0))
	for now := time.Duration(0); now <= Observe; now += 500 * ms {
		seen(o, now, nil, nil)
	}
	require.Equal(t, []Fence{{Place: SQL, ID: other}}, o.Fences(own, Observe))
}

func TestObserverFencesAnOwnIncarnationAtOnce(t *testing.T) {
	o := NewObserver(0)
	seen(o, 0, version(5), version(9))
	seen(o, 500*ms, version(6), version(10))
	o.Stopped(other)
	require.Equal(t, []Fence{{Place: SQL, ID: other, Version: 6}}, o.Fences(own, 500*ms))
}

func TestObserverFencesAnEndedProcessByANewList(t *testing.T) {
	o := NewObserver(0)
	seen(o, 0, version(5), version(9))
	seen(o, 500*ms, version(6), version(10))
	o.Ended(other, 600*ms)
	require.Equal(t, Silent, o.State(other, 600*ms))
	require.Empty(t, o.Fences(own, 600*ms), "it may have renewed after the last list")
	require.Equal(t, []Place{SQL, Bus}, o.Lists(600*ms))
	seen(o, 610*ms, version(7), version(11))
	require.Equal(t, []Fence{{Place: SQL, ID: other, Version: 7}}, o.Fences(own, 610*ms))
}

func TestObserverForgetsWhatIsNotListedAnyMore(t *testing.T) {
	o := NewObserver(0)
	fenced := []Lease{{ID: other, Version: 5, Fenced: true}}
	seen(o, 0, fenced, fenced)
	require.Len(t, o.Takeovers(TakeoverGrace), 1)
	o.TakenOver(other, TakeoverGrace, true)
	seen(o, 4*second, nil, fenced)
	require.Equal(t, Fenced, o.State(other, 4*second))
	require.Empty(t, o.Fences(own, 9*second), "one place forgets it before the other one")
	seen(o, 5*second, nil, nil)
	require.Equal(t, Unknown, o.State(other, 5*second))
	require.Empty(t, o.known)
}

// memory is an Arbiter in memory.
type memory struct {
	mu     sync.Mutex
	leases map[record.NodeID]Lease
	away   atomic.Bool
}

func (m *memory) do(ctx context.Context, f func() error) error {
	if m.away.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.leases == nil {
		m.leases = map[record.NodeID]Lease{}
	}
	return f()
}

func (m *memory) Renew(ctx context.Context, id record.NodeID, info json.RawMessage) error {
	return m.do(ctx, func() error {
		l := m.leases[id]
		if l.Fenced {
			return ErrFenced
		}
		m.leases[id] = Lease{ID: id, Version: l.Version + 1, Info: info}
		return nil
	})
}

func (m *memory) List(ctx context.Context) (list []Lease, err error) {
	return list, m.do(ctx, func() error {
		for _, l := range m.leases {
			list = append(list, l)
		}
		return nil
	})
}

func (m *memory) Fence(ctx context.Context, id record.NodeID, version uint64) (ok bool, err error) {
	return ok, m.do(ctx, func() error {
		if l := m.leases[id]; l.Version == version && !l.Fenced {
			m.leases[id], ok = Lease{ID: id, Version: version + 1, Fenced: true}, true
		}
		return nil
	})
}

// cut is an Arbiter as a node sees it that may be cut off from it.
type cut struct {
	Arbiter
	off *atomic.Bool
}

func (c cut) Renew(ctx context.Context, id record.NodeID, info json.RawMessage) error {
	if c.off.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	return c.Arbiter.Renew(ctx, id, info)
}

// Two nodes in real goroutines, under the clock of a bubble: one is cut off, stops, is taken over from, and comes back
// under a new incarnation.
func TestKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var sql, bus memory
		var isCut atomic.Bool
		var stopped, taken []time.Duration
		var incarnations atomic.Int32
		keeper := func(name string, arbiters [2]Arbiter) *Keeper {
			return NewKeeper(Options{
				Arbiters: arbiters,
				Clock:    func() time.Duration { return time.Since(start) + time.Hour },
				NewID: func() record.NodeID {
					return record.NodeID{Name: name, Incarnation: fmt.Sprint(incarnations.Add(1))}
				},
				Info: func() json.RawMessage { return json.RawMessage(`{"of":"` + name + `"}`) },
				Stop: func(record.NodeID) { stopped = append(stopped, time.Since(start)) },
				TakeOver: func(_ context.Context, dead record.NodeID) error {
					require.Equal(t, record.NodeID{Name: "a", Incarnation: "1"}, dead)
					taken = append(taken, time.Since(start))
					return nil
				},
			})
		}
		a := keeper("a", [2]Arbiter{cut{&sql, &isCut}, cut{&bus, &isCut}})
		b := keeper("b", [2]Arbiter{&sql, &bus})
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { a.Run(ctx) })
		running.Go(func() { b.Run(ctx) })

		time.Sleep(1900 * ms)
		first := a.ID()
		require.True(t, a.Holds())
		require.True(t, a.HoldsAs(first))
		require.Equal(t, Alive, b.State(first))
		require.Len(t, b.Alive(), 1)
		require.JSONEq(t, `{"of":"a"}`, string(b.Alive()[0].Info))

		isCut.Store(true)
		time.Sleep(1499 * ms)
		require.True(t, a.Holds(), "a renewal was sent at 1 s")
		time.Sleep(2 * ms)
		require.False(t, a.Holds())
		synctest.Wait()
		require.Equal(t, []time.Duration{3400 * ms}, stopped)
		require.NotEqual(t, first, a.ID())
		require.False(t, a.HoldsAs(first))

		time.Sleep(second)
		synctest.Wait()
		require.Len(t, taken, 1, "b has taken over")
		require.WithinRange(t, start.Add(taken[0]), start.Add(4*second), start.Add(4300*ms))
		require.Equal(t, Fenced, b.State(first))

		isCut.Store(false)
		time.Sleep(5 * second)
		require.True(t, a.HoldsAs(a.ID()))
		require.Equal(t, Alive, b.State(a.ID()))

		sql.away.Store(true)
		time.Sleep(30 * second)
		bus.away.Store(true)
		sql.away.Store(false)
		time.Sleep(30 * second)
		bus.away.Store(false)
		synctest.Wait()
		require.True(t, a.Holds())
		require.Len(t, stopped, 1, "one place is enough")

		cancel()
		running.Wait()
		require.False(t, a.Holds())
		require.NoError(t, a.Release(t.Context()))
		for _, m := range []*memory{&sql, &bus} {
			require.True(t, m.leases[a.ID()].Fenced)
			require.False(t, m.leases[b.ID()].Fenced)
		}
	})
}
