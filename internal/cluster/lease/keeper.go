package lease

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// Keeper runs the Machine of a node: it performs the calls, each in a goroutine, and hands their answers back. All its
// methods may be called by several goroutines at once.
type Keeper struct {
	o        Options
	mu       sync.Mutex
	machine  *Machine
	id       atomic.Pointer[record.NodeID]
	until    atomic.Int64 // the present incarnation holds before that, by o.Clock; 0: not yet; lapsed: no more
	answered chan struct{}
	calls    sync.WaitGroup
}

// lapsed is what Keeper.until is once somebody has seen that the incarnation did not hold.
const lapsed = -1

// Options are what a Keeper needs. All are required.
type Options struct {
	// Arbiters are the two places, by Place.
	Arbiters [2]Arbiter
	// Clock returns the time since some moment. It never jumps, and also runs while the machine sleeps.
	Clock func() time.Duration
	// NewID makes an incarnation that was never used before.
	NewID func() record.NodeID
	// Info returns what others shall know of this node. It is asked for each renewal.
	Info func() json.RawMessage
	// Stop stops all that was done as lost, which does not hold any more, and returns when that is done. The next
	// incarnation begins after it.
	Stop func(lost record.NodeID)
	// TakeOver gives all that dead owned to nodes that are alive, by compare-and-set: other nodes may do the same at
	// the same time. After an error it is called again. dead will never act again.
	TakeOver func(ctx context.Context, dead record.NodeID) error
}

// NewKeeper returns a Keeper whose Run has not been called.
func NewKeeper(o Options) *Keeper {
	k := &Keeper{o: o, machine: NewMachine(o.NewID, o.Clock()), answered: make(chan struct{}, 1)}
	id := k.machine.ID()
	k.id.Store(&id)
	return k
}

// ID returns the present incarnation of this node. It changes after Options.Stop has returned.
func (k *Keeper) ID() record.NodeID { return *k.id.Load() }

// Holds reports whether this node may act. Once it was false after it was true, it is true again only under the next
// incarnation.
func (k *Keeper) Holds() bool {
	for {
		until := k.until.Load()
		if until <= 0 {
			return false
		}
		if int64(k.o.Clock()) < until {
			return true
		}
		if k.until.CompareAndSwap(until, lapsed) {
			k.wake()
			return false
		}
	}
}

// Until returns until when this node holds, by Options.Clock, if nothing more is acknowledged, and 0 while it does not
// hold.
func (k *Keeper) Until() time.Duration { return time.Duration(max(k.until.Load(), 0)) }

// HoldsAs reports whether this node may act as id: id is its present incarnation, and holds.
func (k *Keeper) HoldsAs(id record.NodeID) bool {
	return k.ID() == id && k.Holds() && k.ID() == id // an incarnation that is over never comes back
}

// State returns what this node knows of an incarnation, its own too.
func (k *Keeper) State(id record.NodeID) State {
	k.mu.Lock()
	defer k.mu.Unlock()
	if id != k.machine.ID() {
		return k.machine.Observer().State(id, k.o.Clock())
	}
	if k.Holds() {
		return Alive
	}
	return Silent
}

// Alive returns the leases of other nodes that are alive, ordered by id.
func (k *Keeper) Alive() []Lease {
	k.mu.Lock()
	defer k.mu.Unlock()
	alive := k.machine.Observer().Alive(k.o.Clock())
	others := alive[:0]
	for _, l := range alive {
		if l.ID != k.machine.ID() {
			others = append(others, l)
		}
	}
	return others
}

// Surveyed reports whether this node knows which others are alive: one that has just started does not.
func (k *Keeper) Surveyed() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.machine.Observer().Surveyed(k.o.Clock())
}

// Watch notes that id owns something. If no place lists it, it is fenced as if it were silent.
func (k *Keeper) Watch(id record.NodeID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if id != k.machine.ID() {
		k.machine.Observer().Watch(id)
	}
}

// Ended notes that the process of id, another node, has ended, so that nobody needs to wait for its lease.
func (k *Keeper) Ended(id record.NodeID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if id != k.machine.ID() {
		k.machine.Observer().Ended(id, k.o.Clock())
		k.wake()
	}
}

// Run renews the lease and judges those of others until ctx ends, and returns when all calls have returned. It does not
// call Options.Stop at the end: who ends ctx has stopped serving, and may call Release then.
func (k *Keeper) Run(ctx context.Context) {
	defer k.calls.Wait()
	defer k.until.Store(lapsed)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-k.answered:
		}
		calls, wait := k.step()
		for _, c := range calls {
			k.calls.Go(func() { k.perform(ctx, c) })
		}
		timer.Reset(wait)
	}
}

// step returns what must be done now, and after which time to ask again.
func (k *Keeper) step() ([]Call, time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.o.Clock()
	calls := k.machine.Step(now)
	k.publish(now)
	return calls, max(k.machine.Next(now)-now, time.Millisecond)
}

func (k *Keeper) perform(ctx context.Context, c Call) {
	a := k.answer(ctx, c)
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.o.Clock()
	k.machine.Answered(c, a, now)
	if id := k.machine.ID(); id != k.ID() {
		k.until.Store(0)
		k.id.Store(&id)
	}
	k.publish(now)
	k.wake()
}

func (k *Keeper) answer(ctx context.Context, c Call) Answer {
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	switch c.Kind {
	case RenewLease:
		return Answer{Err: k.o.Arbiters[c.Place].Renew(ctx, c.ID, k.o.Info())}
	case ListLeases:
		leases, err := k.o.Arbiters[c.Place].List(ctx)
		return Answer{Leases: leases, Err: err}
	case FenceLease:
		ok, err := k.o.Arbiters[c.Place].Fence(ctx, c.ID, c.Version)
		return Answer{OK: ok, Err: err}
	case TakeOver:
		return Answer{Err: k.o.TakeOver(ctx, c.ID)}
	case StopServing:
		k.o.Stop(c.ID)
	}
	return Answer{}
}

// publish lets Holds see what the machine has decided. Where Holds was first to see that the incarnation did not hold
// for a moment, the machine follows: nobody may be told otherwise again. k.mu is held.
func (k *Keeper) publish(now time.Duration) {
	until := int64(k.machine.Until(now))
	if until == 0 {
		until = lapsed
	}
	old := k.until.Load()
	switch {
	case old == 0 && until == lapsed: // it has not held yet
	case old == lapsed || !k.until.CompareAndSwap(old, until):
		k.machine.Lose()
	}
}

func (k *Keeper) wake() {
	select {
	case k.answered <- struct{}{}:
	default:
	}
}

// Release fences the own incarnation in both places after Run has returned and nothing is served any more, so that
// nobody waits for it. Where that fails, others fence it after Observe.
func (k *Keeper) Release(ctx context.Context) error {
	var failed []error
	for _, a := range k.o.Arbiters {
		leases, err := a.List(ctx)
		for _, l := range leases {
			if l.ID == k.ID() && !l.Fenced {
				_, err = a.Fence(ctx, l.ID, l.Version)
			}
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
