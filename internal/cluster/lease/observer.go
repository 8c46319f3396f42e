package lease

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/klatch/klatch/internal/record"
)

// Observer is what one node has seen of the leases of others, in both places, and what may be done about those that
// are not renewed. It belongs to the process and outlives the incarnations of its node.
type Observer struct {
	lists [places]lists
	known map[record.NodeID]*incarnation
}

// lists are those of one place.
type lists struct {
	next    time.Duration // when the next one is due
	waiting bool          // one has no answer yet
	sent    time.Duration // when the newest one was sent
}

// incarnation is one that was seen in a list, or that owns something.
type incarnation struct {
	at       [places]sight
	stopped  bool          // it does nothing any more
	watched  bool          // it is kept although no place lists it
	fencing  bool          // a fence has no answer yet
	taking   bool          // a takeover has no answer yet
	taken    bool          // nothing is left to take over
	takeFrom time.Duration // when this node takes over, once it is fenced in both places; 0: it is not yet
}

// sight is how the lease of an incarnation looks in one place.
type sight struct {
	seen      bool // a list was read since the incarnation is known
	listed    bool // the newest list had it
	renewed   bool // a renewal was seen, and not only what was there at first
	version   uint64
	info      json.RawMessage
	since     time.Duration // when the answer came that showed this version first
	confirmed time.Duration // when the newest list was sent that still showed it
	after     time.Duration // a fence must rest on a list that was sent after that
	fenced    bool          // for good, whatever is listed later
}

// unchanged reports whether the lease was seen with the same version for Observe.
func (s *sight) unchanged() bool { return s.seen && s.confirmed-s.since >= Observe }

// NewObserver returns an Observer that has seen nothing yet.
func NewObserver(now time.Duration) *Observer {
	o := &Observer{known: map[record.NodeID]*incarnation{}}
	for p := range o.lists {
		o.lists[p].next = now
	}
	return o
}

// Lists returns the places whose leases must be listed now, and counts the lists as sent at now.
func (o *Observer) Lists(now time.Duration) []Place {
	var due []Place
	for p := range o.lists {
		l := &o.lists[p]
		if l.waiting || now < o.nextList(Place(p), now) {
			continue
		}
		l.waiting, l.sent, l.next = true, now, now+Poll
		due = append(due, Place(p))
	}
	return due
}

// nextList returns when the next list of a place is due: each Poll, and at the moment at which a lease will have been
// unchanged for Observe, so that a takeover does not wait for the next Poll.
func (o *Observer) nextList(p Place, now time.Duration) time.Duration {
	next := o.lists[p].next
	for _, known := range o.known {
		s := &known.at[p]
		if ripe := s.since + Observe; s.seen && !s.fenced && !known.taken && s.confirmed < ripe && ripe > o.lists[p].sent {
			next = min(next, max(ripe, now))
		}
	}
	return next
}

// Listed takes the answer to a list that was sent at sent. What it shows counts from now: it may have been written at
// any time before.
func (o *Observer) Listed(p Place, sent, now time.Duration, leases []Lease) {
	o.lists[p].waiting = false
	listed := make(map[record.NodeID]*Lease, len(leases))
	for i := range leases {
		listed[leases[i].ID] = &leases[i]
		if o.known[leases[i].ID] == nil {
			o.known[leases[i].ID] = &incarnation{}
		}
	}
	for id, known := range o.known {
		known.at[p].update(listed[id], sent, now)
		if known.forgotten() {
			delete(o.known, id)
			continue
		}
		if known.fenced() && known.takeFrom == 0 {
			known.takeFrom = now + TakeoverGrace
		}
	}
}

// update takes what a list shows; nil: no lease. No lease counts like a version: an incarnation whose node never
// reached this place, or whose lease this place has lost, can be fenced too.
func (s *sight) update(l *Lease, sent, now time.Duration) {
	var version uint64
	var info json.RawMessage
	if l != nil {
		version, info, s.fenced = l.Version, l.Info, s.fenced || l.Fenced
	}
	if !s.seen || s.version != version || !bytes.Equal(s.info, info) {
		s.renewed = s.seen && l != nil
		s.version, s.info, s.since, s.confirmed = version, info, now, sent
	}
	s.seen, s.listed, s.confirmed = true, l != nil, max(s.confirmed, sent)
}

// forgotten reports whether no place lists the incarnation any more and nothing is left to do about it.
func (i *incarnation) forgotten() bool {
	if i.fencing || i.taking {
		return false
	}
	pending := i.watched
	for p := range i.at {
		s := &i.at[p]
		if !s.seen || s.listed {
			return false
		}
		pending = pending || s.fenced
	}
	return i.taken || !pending
}

// fenced reports whether the incarnation is fenced in both places.
func (i *incarnation) fenced() bool {
	for p := range i.at {
		if !i.at[p].fenced {
			return false
		}
	}
	return true
}

// ListFailed takes a list without an answer. What was seen before stays: a place that is away renews nothing.
func (o *Observer) ListFailed(p Place, now time.Duration) {
	o.lists[p].waiting = false
	o.lists[p].next = max(o.lists[p].next, now+Retry)
}

// Fence is a fence that must be sent.
type Fence struct {
	Place   Place
	ID      record.NodeID
	Version uint64
}

// Fences returns the fences that must be sent now, one of an incarnation at a time, and counts them as sent. self is
// the node's own incarnation. Only a node that holds may call this: another one could not take over.
//
// An incarnation may be fenced when both places have shown its lease unchanged for Observe, or refuse its renewals
// already. One that does nothing any more needs no wait. It is fenced in SQL first.
func (o *Observer) Fences(self record.NodeID, now time.Duration) []Fence {
	var due []Fence
	for id, known := range o.known {
		if id == self || known.taken || known.fencing || !known.mayFence() {
			continue
		}
		for p := range known.at {
			s := &known.at[p]
			if s.fenced {
				continue
			}
			if s.confirmed >= s.after {
				known.fencing = true
				due = append(due, Fence{Place: Place(p), ID: id, Version: s.version})
			}
			break // the next place only after this one
		}
	}
	slices.SortFunc(due, func(a, b Fence) int { return compareIDs(a.ID, b.ID) })
	return due
}

func (i *incarnation) mayFence() bool {
	for p := range i.at {
		s := &i.at[p]
		if !s.seen || !s.fenced && !s.unchanged() && !i.stopped {
			return false
		}
	}
	return true
}

// Fenced takes the answer to a fence. ok false means that the lease had another version, or was fenced by another node:
// what was seen counts no more, and the next list decides.
func (o *Observer) Fenced(f Fence, now time.Duration, ok bool) {
	known := o.known[f.ID]
	if known == nil {
		return
	}
	known.fencing = false
	s := &known.at[f.Place]
	s.after = now
	if !ok {
		s.since = now
		return
	}
	s.fenced, s.listed = true, true
	if known.fenced() {
		known.takeFrom = now
	}
}

// FenceFailed takes a fence without an answer. It may have taken effect: the next list shows it.
func (o *Observer) FenceFailed(f Fence, now time.Duration) {
	if known := o.known[f.ID]; known != nil {
		known.fencing = false
		known.at[f.Place].after = now
	}
}

// Takeovers returns the incarnations from which this node must take over now, and counts them as begun: those that it
// has fenced itself, at once, and those that another node has fenced, after TakeoverGrace. Where that node has done it,
// nothing is left to take. Only a node that holds may call this.
func (o *Observer) Takeovers(now time.Duration) []record.NodeID {
	var due []record.NodeID
	for id, known := range o.known {
		if known.fenced() && !known.taken && !known.taking && now >= known.takeFrom {
			known.taking = true
			due = append(due, id)
		}
	}
	slices.SortFunc(due, compareIDs)
	return due
}

// TakenOver takes the end of a takeover. done false: it is tried again after TakeoverRetry.
func (o *Observer) TakenOver(id record.NodeID, now time.Duration, done bool) {
	known := o.known[id]
	if known == nil {
		return
	}
	known.taking, known.taken = false, done
	known.takeFrom = now + TakeoverRetry
}

// Stopped notes that id, an incarnation of this node, does nothing any more: it may be fenced at once.
func (o *Observer) Stopped(id record.NodeID) {
	known := o.know(id)
	known.stopped, known.watched = true, true
}

// Ended notes that the process of id has ended: it may be fenced at once, by lists that are sent from now on, for it
// may have renewed after those before.
func (o *Observer) Ended(id record.NodeID, now time.Duration) {
	known := o.know(id)
	known.stopped, known.watched = true, true
	for p := range known.at {
		known.at[p].after = max(known.at[p].after, now)
		o.lists[p].next = now
	}
}

// Watch notes that id owns something. If no place lists it, it is fenced as if it were silent, so that what it owns is
// taken over.
func (o *Observer) Watch(id record.NodeID) { o.know(id).watched = true }

func (o *Observer) know(id record.NodeID) *incarnation {
	if o.known[id] == nil {
		o.known[id] = &incarnation{}
	}
	return o.known[id]
}

// State is what an Observer thinks of an incarnation.
type State int

// The states of an incarnation.
const (
	Unknown State = iota // no place has listed it
	Alive                // one place has shown a renewal in the last Observe
	Silent               // none has; it may still act
	Fenced               // both places refuse it: what it owned may be taken over
)

// String returns a name for the log.
func (s State) String() string {
	switch s {
	case Alive:
		return "alive"
	case Silent:
		return "silent"
	case Fenced:
		return "fenced"
	default:
		return "unknown"
	}
}

// State returns what is known of an incarnation. That of the own one is of no use: only its Holder knows.
func (o *Observer) State(id record.NodeID, now time.Duration) State {
	known := o.known[id]
	switch {
	case known == nil:
		return Unknown
	case known.fenced():
		return Fenced
	case known.at[SQL].fenced || known.at[Bus].fenced || known.stopped:
		return Silent // it stops as soon as it learns of that
	}
	state := Unknown
	for p := range known.at {
		switch s := &known.at[p]; {
		case !s.listed:
		case s.renewed && now-s.since < Observe:
			return Alive
		default:
			state = Silent
		}
	}
	return state
}

// Surveyed reports whether a place was listed, and each lease that was there at first has been renewed since, or has
// had the time for it: all nodes that are alive are known.
func (o *Observer) Surveyed(now time.Duration) bool {
	if len(o.known) == 0 { // no list has had even the own lease
		return false
	}
	for _, known := range o.known {
		for p := range known.at {
			s := &known.at[p]
			if s.listed && !s.renewed && !s.fenced && now-s.since < Renew+Poll {
				return false
			}
		}
	}
	return true
}

// Alive returns the leases of incarnations that are alive, ordered by id, with the info that changed last.
func (o *Observer) Alive(now time.Duration) []Lease {
	var alive []Lease
	for id, known := range o.known {
		if o.State(id, now) == Alive {
			newest := known.newest()
			alive = append(alive, Lease{ID: id, Version: newest.version, Info: newest.info})
		}
	}
	slices.SortFunc(alive, func(a, b Lease) int { return compareIDs(a.ID, b.ID) })
	return alive
}

// newest returns the sight with the newest renewal.
func (i *incarnation) newest() *sight {
	newest := &i.at[SQL]
	for p := range i.at {
		if s := &i.at[p]; s.listed && (!newest.listed || s.since > newest.since) {
			newest = s
		}
	}
	return newest
}

// Next returns when Lists may have something new to return, if no answer comes before.
func (o *Observer) Next(now time.Duration) time.Duration {
	next := now + Renew
	for p := range o.lists {
		if !o.lists[p].waiting {
			next = min(next, o.nextList(Place(p), now))
		}
	}
	return next
}

func compareIDs(a, b record.NodeID) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Incarnation, b.Incarnation))
}
