// Package lease decides which node of a cluster may act, and when another one may take over from it
// (docs/adr/0010-more-than-one-machine.md).
//
// Each run of a node, an incarnation, has one lease, which it renews in two places: a table of Postgres and a bucket of
// NATS. It holds while one of both has acknowledged a renewal that was sent less than Hold ago. Others may fence it
// when both places have shown the same version of its lease for Observe, and they fence it in both, before they take
// over. So one place that is away stops nobody, and nobody is taken over from while it may still act:
//
//   - A version that was seen at r, by the clock of the observer, was written by a renewal that was sent before r. The
//     holder may rely on it until r + Hold at the latest.
//   - A fence takes effect only where the lease still has that version, so no renewal came in between, and refuses
//     every later one.
//   - It is sent at r + Observe at the earliest. That is later than r + Hold even if the clock of the holder is
//     10 % slow and the clock of the observer 10 % fast: Hold / 0.9 = 2.67 s, Observe / 1.1 = 2.73 s.
//
// An incarnation whose process is known to have ended needs no such wait: it is fenced at once.
//
// Holder and Observer are state machines, and Machine is both of one node. They start no goroutine, do no I/O and read
// no clock: what time it is comes as an argument. Keeper runs a Machine; a simulation runs the same Machine under a
// clock and a network of its own.
//
// Times are durations since any moment, by a clock that never jumps and that also runs while the machine sleeps.
// Those of two nodes are never compared.
package lease

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/klatch/klatch/internal/record"
)

const (
	// Renew is the time from one renewal to the next in one place. Two may be lost in a row before Hold is over.
	Renew = time.Second
	// Hold is how long a renewal that was acknowledged holds, from when it was sent: the place may have written it at
	// any time after that, and the others count from what they have seen written.
	Hold = 2400 * time.Millisecond
	// Observe is how long a lease must have been seen unchanged, in both places, before it may be fenced. It exceeds
	// Hold by what two clocks may differ in that time.
	Observe = 3 * time.Second
	// Retry is the time from a renewal or a list that failed to the next one.
	Retry = 300 * time.Millisecond
	// Poll is the time from one list to the next in one place. A node that is lost is noticed later by as much.
	Poll = 250 * time.Millisecond

	// ListTimeout and FenceTimeout bound how long a call may take.
	ListTimeout  = 1500 * time.Millisecond
	FenceTimeout = 2 * time.Second
	// TakeoverTimeout bounds one try to take over from an incarnation.
	TakeoverTimeout = 10 * time.Second
	// TakeoverRetry is the time from a takeover that failed to the next try.
	TakeoverRetry = time.Second
	// TakeoverGrace is how long others wait for the node that has fenced an incarnation to take over from it. Then they
	// do it themselves: that node may be lost too.
	TakeoverGrace = 3 * time.Second
	// ForgetFenced is how long an arbiter must list a lease that is fenced, at least. What forgets it earlier makes a
	// node that was away for long start under a new incarnation later, and never act twice: Holder sees to that.
	ForgetFenced = time.Hour
)

// ErrFenced is returned by Arbiter.Renew when the incarnation was fenced there.
var ErrFenced = errors.New("the lease of this incarnation was fenced")

// Place is one of the two places in which a lease is renewed.
type Place int

// The places, in the order in which a lease is fenced. SQL comes first: a takeover needs it, so that an incarnation is
// not fenced anywhere while nobody could take over from it.
const (
	SQL Place = iota
	Bus
	places
)

// String returns a name for the log.
func (p Place) String() string {
	switch p {
	case SQL:
		return "postgres"
	case Bus:
		return "nats"
	default:
		return "invalid place"
	}
}

// Lease is what a place knows of an incarnation.
type Lease struct {
	ID      record.NodeID
	Version uint64          // at least 1; another one with each renewal, and never one that it had before
	Info    json.RawMessage // as of the last renewal: address, load and so on
	Fenced  bool            // it will never be renewed again
}

// Arbiter is one of the two places. Each incarnation has an entry of its own there. Methods must return when ctx ends.
// An error other than ErrFenced means that the call may have taken effect or not.
//
// A place that may lose its data must not take versions from a sequence that begins again then, as the revisions of a
// bucket of NATS do: an observer that was away meanwhile would see the version that it knows, and fence a node that
// renews. There, who renews numbers its renewals, the number is part of what is written, and Fence compares it before
// it compares the revision.
type Arbiter interface {
	// Renew writes the lease with a new version, and makes it where there is none. It returns an error that wraps
	// ErrFenced, and writes nothing, where the lease is fenced.
	Renew(ctx context.Context, id record.NodeID, info json.RawMessage) error

	// List returns all leases, those too that were fenced in the last ForgetFenced. It may be behind Renew and Fence:
	// what it shows is acted on by Fence alone, which compares.
	List(ctx context.Context) ([]Lease, error)

	// Fence marks the lease as fenced if it has this version and is not fenced, in one step with the comparison, and
	// reports whether it did. Version 0 stands for no lease: then it makes one that is fenced.
	Fence(ctx context.Context, id record.NodeID, version uint64) (bool, error)
}
