package lease_test

import (
	"cmp"
	"container/heap"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/record"
)

const (
	ms     = time.Millisecond
	second = time.Second

	troubleEnds = 16 * second // from then on everything is reachable again
	worldEnds   = 34 * second // by then all must be well
	faultAfter  = 15 * second // a client that has no place for so long ends with a fault
)

var errNoAnswer = errors.New("no answer")

// world is a cluster under a virtual clock: all that happens is an event at a time, and one seed makes it all.
type world struct {
	seed     uint64
	rng      *rand.Rand
	now      time.Duration
	events   events
	sequence int

	places   [2]*place
	db       database
	nodes    []*node
	clients  []*client
	troubles []string
	hopeless bool // Postgres never comes back

	trace   []string
	failure string
	counts  counts
}

// counts are what the schedules of a run have made happen, so that a test can see that it tests something.
type counts struct {
	lost, fenced, takeovers, moves, wipes, refusedWrites, renewals, lists, sql, joins, faults int
}

func (c *counts) add(o counts) {
	c.lost += o.lost
	c.fenced += o.fenced
	c.takeovers += o.takeovers
	c.moves += o.moves
	c.wipes += o.wipes
	c.refusedWrites += o.refusedWrites
	c.renewals += o.renewals
	c.lists += o.lists
	c.sql += o.sql
	c.joins += o.joins
	c.faults += o.faults
}

type event struct {
	at       time.Duration
	sequence int
	do       func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(e[i].at, e[j].at), cmp.Compare(e[i].sequence, e[j].sequence)) < 0
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	old[len(old)-1] = event{}
	*e = old[:len(old)-1]
	return last
}

// after lets do happen d later.
func (w *world) after(d time.Duration, do func()) {
	w.sequence++
	heap.Push(&w.events, event{at: w.now + max(d, 0), sequence: w.sequence, do: do})
}

// run lets everything happen until end, or until an invariant is broken.
func (w *world) run(end time.Duration) {
	for len(w.events) > 0 && w.events[0].at <= end && w.failure == "" {
		e := heap.Pop(&w.events).(event)
		w.now = e.at
		e.do()
	}
	w.now = max(w.now, end)
}

func (w *world) chance(percent int) bool { return w.rng.IntN(100) < percent }

// between returns a random duration in [low, high).
func (w *world) between(low, high time.Duration) time.Duration {
	return low + time.Duration(w.rng.Int64N(int64(high-low)))
}

func (w *world) log(format string, args ...any) {
	if w.failure != "" {
		return
	}
	w.trace = append(w.trace, fmt.Sprintf("%8.3f ", w.now.Seconds())+fmt.Sprintf(format, args...))
	if len(w.trace) > 400 {
		w.trace = slices.Delete(w.trace, 0, 200)
	}
}

// fail ends the run: an invariant is broken.
func (w *world) fail(format string, args ...any) {
	if w.failure == "" {
		w.log("BROKEN: "+format, args...)
		w.failure = fmt.Sprintf("seed %d at %.3f s: ", w.seed, w.now.Seconds()) + fmt.Sprintf(format, args...)
	}
}

func (w *world) report() string {
	return w.failure + "\n\ntroubles:\n  " + strings.Join(w.troubles, "\n  ") + "\n\nbefore it:\n  " +
		strings.Join(w.trace[max(0, len(w.trace)-60):], "\n  ")
}

// place is an arbiter, and the network to it. The one for SQL has the rows of owners too.
type place struct {
	w       *world
	is      lease.Place
	leases  map[record.NodeID]*entry
	replica []lease.Lease // what a replica that is behind shows
	lagging bool          // lists come from the replica
	calm    bool          // no message takes seconds
	away    bool
	refuses bool          // while away: an error comes at once
	slow    time.Duration // one way, at most
	loss    int           // percent of requests, and of answers
	forgets time.Duration // how long it lists what was fenced
}

type entry struct {
	lease.Lease
	at time.Duration // of the last change
}

// delay returns how long one way takes. Few messages take seconds: they were sent again by TCP, or a queue was long.
func (p *place) delay() time.Duration {
	switch {
	case p.slow > 0:
		return p.w.between(ms, p.slow)
	case !p.calm && p.w.rng.IntN(300) == 0:
		return p.w.between(ms, 6*second)
	default:
		return p.w.between(200*time.Microsecond, 8*ms)
	}
}

// renew writes a lease. A database counts versions; a bucket that may be lost takes the number of the renewal.
func (p *place) renew(id record.NodeID, number uint64) error {
	e := p.leases[id]
	if e == nil {
		e = &entry{Lease: lease.Lease{ID: id}}
		p.leases[id] = e
	}
	if e.Fenced {
		return fmt.Errorf("renew in %s: %w", p.is, lease.ErrFenced)
	}
	e.Version++
	if p.is == lease.Bus {
		e.Version = number
	}
	e.at = p.w.now
	return nil
}

func (p *place) list() []lease.Lease {
	if p.lagging {
		return p.replica
	}
	leases := make([]lease.Lease, 0, len(p.leases))
	for id, e := range p.leases {
		if e.Fenced && p.w.now > e.at+p.forgets {
			delete(p.leases, id)
			continue
		}
		leases = append(leases, e.Lease)
	}
	return leases
}

func (p *place) fence(id record.NodeID, version uint64) bool {
	e := p.leases[id]
	if e == nil {
		e = &entry{Lease: lease.Lease{ID: id}}
	}
	if e.Version != version || e.Fenced {
		return false
	}
	e.Fenced, e.at = true, p.w.now
	if version == 0 {
		e.Version = 1
	}
	p.leases[id] = e
	p.w.counts.fenced++
	p.w.log("%s: %v is fenced", p.is, id)
	return true
}

// lag lets lists come from a replica, which follows every now and then.
func (p *place) lag() {
	if p.lagging {
		p.lagging = false
		p.replica = p.list()
		p.lagging = true
		p.w.after(p.w.between(100*ms, 2500*ms), p.lag)
	}
}

// database has the rows that the nodes write. Its epochs come from one sequence, so that no row ever looks as before.
type database struct {
	epoch    int64
	owners   map[string]record.Owner
	sessions map[string]*session
}

type session struct {
	id    int
	epoch int64 // of who wrote it last
}

func (d *database) insert(o record.Owner) record.Owner {
	if there, ok := d.owners[o.MeetingID]; ok {
		return there
	}
	d.epoch++
	o.Epoch = d.epoch
	d.owners[o.MeetingID] = o
	return o
}

// move is a compare-and-set. Who owned the meeting must not act any more by then, and its successor not yet.
func (w *world) move(from record.Owner, to record.NodeID) (record.Owner, bool) {
	if w.db.owners[from.MeetingID] != from {
		return record.Owner{}, false
	}
	for _, n := range w.nodes {
		if n.acts(from.MeetingID) && n.machine.ID() != to {
			w.fail("%s goes from %v to %v while %v acts", from.MeetingID, from.Node, to, n.machine.ID())
		}
	}
	w.db.epoch++
	from.Node, from.Epoch = to, w.db.epoch
	w.db.owners[from.MeetingID] = from
	w.counts.moves++
	w.log("sql: %s belongs to %v, epoch %d", from.MeetingID, to, from.Epoch)
	return from, true
}

// save writes the session, and reports whether the row of owners allowed that.
func (w *world) save(o record.Owner) bool {
	if w.db.owners[o.MeetingID] != o {
		w.counts.refusedWrites++
		return false
	}
	s := w.db.sessions[o.MeetingID]
	if s == nil {
		s = &session{id: len(w.db.sessions) + 1}
		w.db.sessions[o.MeetingID] = s
	}
	if o.Epoch < s.epoch {
		w.fail("%v wrote %s with epoch %d after %d", o.Node, o.MeetingID, o.Epoch, s.epoch)
	}
	s.epoch = o.Epoch
	return true
}

// client is somebody in a meeting who comes back wherever a node answers.
type client struct {
	w       *world
	name    string
	meeting string
	at      *node         // nil: it has no place
	since   time.Duration // when it lost its place
	ticket  record.NodeID // who had it last
	tries   int
	session int
	faulted bool
	asking  bool
}

// tick looks whether the node still serves the client, and looks for another one if not.
func (c *client) tick() {
	if c.faulted {
		return
	}
	defer c.w.after(c.w.between(300*ms, 500*ms), c.tick)
	if c.at != nil && c.at.acts(c.meeting) && !c.at.paused {
		return
	}
	if c.at != nil {
		c.at, c.since = nil, c.w.now
	}
	if c.w.now-c.since > faultAfter {
		c.faulted = true
		c.w.counts.faults++
		c.w.log("%s: ends with a fault", c.name)
		return
	}
	if !c.asking {
		c.ask()
	}
}

func (c *client) ask() {
	c.asking = true
	c.tries++
	try := c.tries
	c.w.after(3*second, func() {
		if c.tries == try {
			c.asking = false
		}
	})
	to := c.w.nodes[c.w.rng.IntN(len(c.w.nodes))]
	to.deliver(func() {
		to.locate(c.meeting, c.ticket, 3, func(at *node, session int) {
			if c.tries != try || !c.asking {
				return
			}
			c.asking = false
			if at == nil {
				return
			}
			c.w.counts.joins++
			if c.session != 0 && session != c.session {
				c.w.fail("%s is in session %d of %s and was in %d", c.name, session, c.meeting, c.session)
			}
			c.at, c.session, c.ticket = at, session, at.machine.ID()
		})
	})
}
