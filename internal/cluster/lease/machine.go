package lease

import (
	"time"

	"github.com/klatch/klatch/internal/record"
)

// Machine is the lease of one node, over all its incarnations, and what it does about others: it turns time and answers
// into calls. It is not safe for concurrent use.
type Machine struct {
	holder   *Holder
	observer *Observer
	newID    func() record.NodeID
	stopping bool
}

// Kind is what a Call asks for.
type Kind int

// The kinds of calls.
const (
	RenewLease  Kind = iota + 1 // renew the lease of ID at Place
	ListLeases                  // list the leases at Place
	FenceLease                  // fence ID at Place if its lease has Version
	TakeOver                    // give all that ID owned to nodes that are alive
	StopServing                 // stop all that was done as ID, which is lost, and return when that is done
)

// Call is something that must be done now, without waiting for it. Its Answer must be handed to Machine.Answered.
type Call struct {
	Kind    Kind
	Place   Place
	ID      record.NodeID
	Version uint64
	Sent    time.Duration // when it was returned by Step
	Timeout time.Duration // an answer that takes longer is an error; 0: none
}

// Answer is the end of a Call.
type Answer struct {
	Leases []Lease // of ListLeases
	OK     bool    // of FenceLease: it took effect
	Err    error
}

// NewMachine returns the Machine of a node that starts. newID makes an incarnation that was never used before.
func NewMachine(newID func() record.NodeID, now time.Duration) *Machine {
	return &Machine{holder: NewHolder(newID(), now), observer: NewObserver(now), newID: newID}
}

// ID returns the present incarnation.
func (m *Machine) ID() record.NodeID { return m.holder.ID() }

// Holds reports whether this node may act at now.
func (m *Machine) Holds(now time.Duration) bool { return m.holder.Holds(now) }

// Until returns when this node stops to hold if nothing more is acknowledged, and 0 while it does not hold.
func (m *Machine) Until(now time.Duration) time.Duration { return m.holder.Until(now) }

// Lose ends the present incarnation: somebody has seen that it did not hold.
func (m *Machine) Lose() { m.holder.Lose() }

// Observer returns what this node has seen of others.
func (m *Machine) Observer() *Observer { return m.observer }

// Step returns what must be done at now.
func (m *Machine) Step(now time.Duration) []Call {
	var calls []Call
	if m.holder.Lost(now) && !m.stopping {
		m.stopping = true
		calls = append(calls, Call{Kind: StopServing, ID: m.holder.ID(), Sent: now})
	}
	for _, p := range m.holder.Due(now) {
		calls = append(calls, Call{Kind: RenewLease, Place: p, ID: m.holder.ID(), Sent: now, Timeout: Hold})
	}
	for _, p := range m.observer.Lists(now) {
		calls = append(calls, Call{Kind: ListLeases, Place: p, Sent: now, Timeout: ListTimeout})
	}
	if !m.holder.Holds(now) {
		return calls // who may not act cannot take over, and leaves it to others to fence
	}
	for _, f := range m.observer.Fences(m.holder.ID(), now) {
		calls = append(calls, Call{Kind: FenceLease, Place: f.Place, ID: f.ID, Version: f.Version, Sent: now,
			Timeout: FenceTimeout})
	}
	for _, id := range m.observer.Takeovers(now) {
		calls = append(calls, Call{Kind: TakeOver, ID: id, Sent: now, Timeout: TakeoverTimeout})
	}
	return calls
}

// Answered takes the answer to a call that Step returned. Step must be called after it.
func (m *Machine) Answered(c Call, a Answer, now time.Duration) {
	switch c.Kind {
	case RenewLease:
		if c.ID == m.holder.ID() { // else of an incarnation that is over
			m.holder.Answered(c.Place, c.Sent, now, a.Err)
		}
	case ListLeases:
		if a.Err != nil {
			m.observer.ListFailed(c.Place, now)
			return
		}
		m.observer.Listed(c.Place, c.Sent, now, a.Leases)
	case FenceLease:
		f := Fence{Place: c.Place, ID: c.ID, Version: c.Version}
		if a.Err != nil {
			m.observer.FenceFailed(f, now)
			return
		}
		m.observer.Fenced(f, now, a.OK)
	case TakeOver:
		m.observer.TakenOver(c.ID, now, a.Err == nil)
	case StopServing:
		m.stopping = false
		m.observer.Stopped(c.ID)
		m.holder = NewHolder(m.newID(), now)
	}
}

// Next returns when Step must be called again, if nothing is answered before.
func (m *Machine) Next(now time.Duration) time.Duration {
	next := m.observer.Next(now)
	if !m.stopping {
		next = min(next, m.holder.Next(now))
	}
	return next
}
