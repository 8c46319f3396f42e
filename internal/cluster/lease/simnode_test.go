package lease_test

import (
	"fmt"
	"time"

	"github.com/klatch/klatch/internal/cluster/lease"
	"github.com/klatch/klatch/internal/record"
)

// node is a process with the real Machine, and with just enough around it to own meetings.
type node struct {
	w        *world
	name     string
	run      int  // grows with each start of the process
	up       bool // the process runs
	paused   bool // SIGSTOP
	queue    []func()
	cut      [2]bool       // from the places
	slow     time.Duration // its network to both, one way, at most
	offset   time.Duration
	rate     float64       // of its clock
	timer    time.Duration // when step is called next; 0: no timer runs
	ids      int
	renewals uint64 // since the first start
	machine  *lease.Machine
	until    time.Duration // by its own clock, as Holds of the Keeper sees it

	serving map[string]record.Owner
	sticky  map[string]int   // the session of what it serves
	handed  map[string]int64 // epochs up to which rows are old news: it has handed the meeting over
}

// local returns the time of the node's own clock.
func (n *node) local() time.Duration { return n.offset + time.Duration(float64(n.w.now)*n.rate) }

// lasts returns how long a duration of its own clock lasts.
func (n *node) lasts(d time.Duration) time.Duration { return time.Duration(float64(d)/n.rate) + 1 }

func (n *node) start() {
	n.run++
	n.up, n.paused, n.queue, n.timer = true, false, nil, 0
	n.serving, n.sticky, n.handed = map[string]record.Owner{}, map[string]int{}, map[string]int64{}
	n.machine = lease.NewMachine(func() record.NodeID {
		n.ids++
		return record.NodeID{Name: n.name, Incarnation: fmt.Sprint(n.ids)}
	}, n.local())
	n.w.log("%s: starts as %v", n.name, n.machine.ID())
	n.step()
	run := n.run
	var write func()
	write = func() {
		if n.run == run && n.up {
			n.deliver(n.write)
			n.w.after(n.w.between(800*ms, 1200*ms), write)
		}
	}
	n.w.after(n.w.between(0, second), write)
}

func (n *node) crash() {
	if !n.up {
		return
	}
	n.up, n.until = false, 0
	n.run++
	n.w.log("%s: dies", n.name)
	dead := n.machine.ID()
	for _, other := range n.w.nodes {
		if other != n && n.w.chance(50) { // else its machine is lost, or nobody is sure
			n.w.after(n.w.between(ms, second), func() {
				other.deliver(func() {
					other.machine.Observer().Ended(dead, other.local())
					other.step()
				})
			})
		}
	}
}

func (n *node) pause() {
	n.paused = true
	n.w.log("%s: is stopped", n.name)
}

// resume lets all that came in the meantime happen, at once and in order, as sockets and timers do after SIGCONT.
func (n *node) resume() {
	if !n.up || !n.paused {
		return
	}
	n.w.log("%s: goes on", n.name)
	n.paused = false
	queue := n.queue
	n.queue = nil
	for _, f := range queue {
		f()
	}
}

// deliver runs f in the process as it is now: later if it is stopped, and never if it dies.
func (n *node) deliver(f func()) {
	run := n.run
	n.in(run, f)
}

func (n *node) in(run int, f func()) {
	switch {
	case n.run != run || !n.up:
	case n.paused:
		n.queue = append(n.queue, func() { n.in(run, f) })
	default:
		f()
	}
}

// step does what Keeper.Run does: it asks the machine what to do, and when to ask again.
func (n *node) step() {
	now := n.local()
	for _, c := range n.machine.Step(now) {
		n.perform(c)
	}
	n.publish()
	wait := n.lasts(max(n.machine.Next(now)-now, ms))
	if n.timer != 0 && n.timer <= n.w.now+wait {
		return // the one that runs is early enough
	}
	n.timer = n.w.now + wait
	timer, run := n.timer, n.run
	n.w.after(wait, func() {
		n.in(run, func() {
			if n.timer == timer {
				n.timer = 0
				n.step()
			}
		})
	})
}

func (n *node) answered(c lease.Call, a lease.Answer) {
	n.machine.Answered(c, a, n.local())
	n.step()
}

func (n *node) publish() {
	n.until = n.machine.Until(n.local())
	for meeting := range n.serving {
		n.check(meeting)
	}
}

// holds is Keeper.HoldsAs: it only looks.
func (n *node) holds(id record.NodeID) bool {
	return n.up && n.machine.ID() == id && n.local() < n.until
}

// acts reports whether the node may forward packets of the meeting now. A process that is stopped may do so as soon as
// it goes on.
func (n *node) acts(meeting string) bool {
	o, ok := n.serving[meeting]
	return ok && n.holds(o.Node)
}

// check is the invariant: nobody else acts for the meeting.
func (n *node) check(meeting string) {
	if !n.acts(meeting) {
		return
	}
	for _, other := range n.w.nodes {
		if other != n && other.acts(meeting) {
			n.w.fail("%v and %v act for %s at once", n.machine.ID(), other.machine.ID(), meeting)
		}
	}
}

func (n *node) perform(c lease.Call) {
	switch c.Kind {
	case lease.RenewLease:
		n.w.counts.renewals++
		n.renewals++
		number := n.renewals
		n.call(c.Place, c.Timeout, func(p *place) any { return p.renew(c.ID, number) }, func(r any, err error) {
			if refused, ok := r.(error); ok {
				err = refused
			}
			n.answered(c, lease.Answer{Err: err})
		})
	case lease.ListLeases:
		n.w.counts.lists++
		n.call(c.Place, c.Timeout, func(p *place) any { return p.list() }, func(r any, err error) {
			leases, _ := r.([]lease.Lease)
			n.answered(c, lease.Answer{Leases: leases, Err: err})
		})
	case lease.FenceLease:
		n.call(c.Place, c.Timeout, func(p *place) any { return p.fence(c.ID, c.Version) }, func(r any, err error) {
			ok, _ := r.(bool)
			n.answered(c, lease.Answer{OK: ok, Err: err})
		})
	case lease.TakeOver:
		n.w.counts.takeovers++
		n.takeOver(c)
	case lease.StopServing:
		n.w.counts.lost++
		n.w.log("%s: has lost its leases as %v", n.name, c.ID)
		run := n.run
		n.w.after(n.w.between(0, 300*ms), func() {
			n.in(run, func() {
				clear(n.serving)
				n.answered(c, lease.Answer{})
			})
		})
	}
}

// call sends a request to a place. do runs there, later than the timeout too; done runs here, once.
func (n *node) call(at lease.Place, timeout time.Duration, do func(*place) any, done func(any, error)) {
	w, p, run, finished := n.w, n.w.places[at], n.run, false
	finish := func(result any, err error) {
		n.in(run, func() {
			if !finished {
				finished = true
				done(result, err)
			}
		})
	}
	lost := func() bool { return n.cut[at] || p.away || p.loss > 0 && w.chance(p.loss) }
	w.after(n.lasts(timeout), func() { finish(nil, errNoAnswer) })
	if p.away && p.refuses {
		w.after(p.delay(), func() { finish(nil, errNoAnswer) })
		return
	}
	if lost() {
		return
	}
	delay := func() time.Duration {
		if n.slow > 0 {
			return p.delay() + w.between(0, n.slow)
		}
		return p.delay()
	}
	w.after(delay(), func() {
		if n.cut[at] || p.away {
			return
		}
		result := do(p)
		if lost() {
			return
		}
		w.after(delay(), func() {
			if !n.cut[at] {
				finish(result, nil)
			}
		})
	})
}

// sql is a statement. done gets the result, or an error after which nobody knows whether it took effect.
func (n *node) sql(do func() any, done func(any, error)) {
	n.w.counts.sql++
	n.call(lease.SQL, 2*second, func(*place) any { return do() }, done)
}

// takeOver moves the meetings of who is dead to nodes that are alive.
func (n *node) takeOver(c lease.Call) {
	over := false
	end := func(err error) {
		if !over {
			over = true
			n.answered(c, lease.Answer{Err: err})
		}
	}
	run := n.run
	n.w.after(n.lasts(c.Timeout), func() { n.in(run, func() { end(errNoAnswer) }) })
	n.sql(func() any {
		var owned []record.Owner
		for i := range n.w.meetings() {
			if o := n.w.db.owners[n.w.meetings()[i]]; o.Node == c.ID {
				owned = append(owned, o)
			}
		}
		return owned
	}, func(r any, err error) {
		if err != nil {
			end(err)
			return
		}
		var next func(owned []record.Owner)
		next = func(owned []record.Owner) {
			if over {
				return
			}
			if len(owned) == 0 {
				end(nil)
				return
			}
			n.moveMeeting(owned[0], n.choose(), func(o record.Owner, _ bool, err error) {
				if err != nil {
					end(err)
					return
				}
				if o.MeetingID != "" {
					n.hint(o)
				}
				next(owned[1:])
			})
		}
		owned, _ := r.([]record.Owner)
		next(owned)
	})
}

// hint lets the new owner open the meeting before the first client comes.
func (n *node) hint(o record.Owner) {
	for _, to := range n.w.nodes {
		if to.name == o.Node.Name {
			n.w.after(n.w.between(ms, 20*ms), func() {
				to.deliver(func() { to.open(o.MeetingID, func(*node, int) {}) })
			})
		}
	}
}

// choose returns a node for a meeting: one that is alive as far as this one knows.
func (n *node) choose() record.NodeID {
	alive := n.machine.Observer().Alive(n.local())
	ids := []record.NodeID{n.machine.ID()}
	for _, l := range alive {
		if l.ID != ids[0] {
			ids = append(ids, l.ID)
		}
	}
	return ids[n.w.rng.IntN(len(ids))]
}

func (n *node) moveMeeting(from record.Owner, to record.NodeID, done func(o record.Owner, ok bool, err error)) {
	type moved struct {
		o  record.Owner
		ok bool
	}
	n.sql(func() any {
		o, ok := n.w.move(from, to)
		return moved{o, ok}
	}, func(r any, err error) {
		m, _ := r.(moved)
		done(m.o, m.ok, err)
	})
}

// owner reads the row. ok false: there is none.
func (n *node) owner(meeting string, done func(o record.Owner, ok bool, err error)) {
	n.sql(func() any { return n.w.db.owners[meeting] }, func(r any, err error) {
		o, _ := r.(record.Owner)
		done(o, o.MeetingID != "", err)
	})
}

// locate finds the node of a meeting for a client, and has it opened there. done gets nil where the client must ask
// again.
func (n *node) locate(meeting string, ticket record.NodeID, hops int, done func(at *node, session int)) {
	if n.acts(meeting) {
		n.open(meeting, done)
		return
	}
	n.owner(meeting, func(o record.Owner, ok bool, err error) {
		again := func(o record.Owner, ok bool, err error) {
			if err != nil || !ok || hops == 0 {
				done(nil, 0)
				return
			}
			n.locate(meeting, ticket, hops-1, done)
		}
		switch {
		case err != nil:
			if n.machine.Observer().State(ticket, n.local()) == lease.Alive {
				n.relay(ticket, meeting, done)
				return
			}
			done(nil, 0)
		case !ok:
			to := n.choose()
			n.sql(func() any {
				return n.w.db.insert(record.Owner{MeetingID: meeting, Node: to})
			}, func(r any, err error) {
				o, _ := r.(record.Owner)
				again(o, true, err)
			})
		case o.Node == n.machine.ID():
			n.open(meeting, done)
		default:
			switch n.machine.Observer().State(o.Node, n.local()) {
			case lease.Alive:
				n.relay(o.Node, meeting, done)
			case lease.Fenced:
				n.moveMeeting(o, n.machine.ID(), again)
			default:
				n.machine.Observer().Watch(o.Node)
				done(nil, 0)
			}
		}
	})
}

// relay asks the owner to open the meeting.
func (n *node) relay(to record.NodeID, meeting string, done func(*node, int)) {
	for _, other := range n.w.nodes {
		if other.name != to.Name {
			continue
		}
		n.w.after(n.w.between(ms, 20*ms), func() {
			other.deliver(func() {
				if other.machine.ID() != to {
					done(nil, 0)
					return
				}
				other.open(meeting, done)
			})
		})
	}
}

// open serves the meeting here if the row says so, and goes on with its session.
func (n *node) open(meeting string, done func(*node, int)) {
	if n.acts(meeting) {
		done(n, n.sticky[meeting])
		return
	}
	n.owner(meeting, func(o record.Owner, ok bool, err error) {
		if err != nil || !ok || !n.mayServe(o) {
			done(nil, 0)
			return
		}
		n.sql(func() any {
			if !n.w.save(o) {
				return 0
			}
			return n.w.db.sessions[meeting].id
		}, func(r any, err error) {
			id, _ := r.(int)
			if err != nil || id == 0 || !n.mayServe(o) {
				done(nil, 0)
				return
			}
			n.w.log("%s: serves %s, epoch %d", n.name, meeting, o.Epoch)
			n.serving[meeting], n.sticky[meeting] = o, id
			n.check(meeting)
			done(n, id)
		})
	})
}

// mayServe judges a row that was read: it may be of before this node handed the meeting over.
func (n *node) mayServe(o record.Owner) bool {
	return n.holds(o.Node) && o.Epoch > n.handed[o.MeetingID]
}

// write saves the sessions. A refusal ends what is served.
func (n *node) write() {
	for _, meeting := range n.w.meetings() {
		o, ok := n.serving[meeting]
		if !ok || !n.holds(o.Node) {
			continue
		}
		n.sql(func() any { return n.w.save(o) }, func(r any, err error) {
			if err == nil && r != true && n.serving[meeting] == o {
				delete(n.serving, meeting)
			}
		})
	}
}

// drain hands all meetings to others. Where nobody knows whether a move took effect, this node serves the meeting only
// under a new epoch, so that the move cannot take effect later.
func (n *node) drain() {
	for _, meeting := range n.w.meetings() {
		o, ok := n.serving[meeting]
		if !ok || !n.holds(o.Node) {
			continue
		}
		delete(n.serving, meeting)
		n.handed[meeting] = o.Epoch
		n.moveMeeting(o, n.choose(), func(moved record.Owner, ok bool, err error) {
			switch {
			case err != nil:
				n.reclaim(o)
			case ok:
				n.hint(moved)
			}
		})
	}
}

// reclaim makes sure of a meeting after a move without an answer, however long that takes.
func (n *node) reclaim(o record.Owner) {
	if !n.holds(o.Node) {
		return // who fences this incarnation takes over from it
	}
	n.moveMeeting(o, o.Node, func(_ record.Owner, _ bool, err error) {
		if err != nil {
			n.reclaim(o)
		}
	})
}
