// Package directory finds the node on which a meeting lives, and gives a meeting that lives nowhere to one.
//
// The rows of owners in the database say where meetings live; the registry of nodes says who of them is alive. Nothing
// of it is remembered here: a row that is read is as old as the read, and the node that it names refuses a meeting
// which it does not have, so that the asker looks again.
package directory

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/placement"
	"github.com/klatch/klatch/internal/record"
)

// RoleMeetings is the role of nodes on which meetings live.
const RoleMeetings = "meetings"

// Nodes are this node and the others; *cluster.Node is one.
type Nodes interface {
	ID() record.NodeID
	Nodes() []cluster.Info
	Alive(id record.NodeID) bool
}

// Owners are the rows of the database that name the node of each meeting.
type Owners interface {
	Owner(ctx context.Context, meetingID string) (record.Owner, bool, error)
	PlaceMeeting(ctx context.Context, o record.Owner) (record.Owner, error)
	MoveMeeting(ctx context.Context, from record.Owner, to record.NodeID) (record.Owner, bool, error)
	NodeLeases(ctx context.Context) ([]record.NodeLease, error)
}

// Options of a Directory.
type Options struct {
	Nodes  Nodes
	Owners Owners
	// Here reports whether somebody is in a meeting on this node: then it lives here, and the database is not asked.
	Here func(meetingID string) bool
	// Region returns the region in which a meeting must live; "": anywhere.
	Region func(ctx context.Context, accountID, meetingID string) (string, error)
	// Wait is how long Locate waits for an owner that does not answer to be replaced; 6 s.
	Wait time.Duration
	// Settle is for how long an owner must have been fenced in the database, and silent, until its meeting is moved: who
	// fences it does that at once, and this only where that one is lost as well. Until the owner is fenced at the other
	// arbiter too it may hold, and then it is heard of again within a second; 1.5 s.
	Settle time.Duration
	// QueryTimeout is how long the database may take for one answer; 2 s.
	QueryTimeout time.Duration
}

// Directory is safe for concurrent use.
type Directory struct {
	opts    Options
	started time.Time

	mu     sync.Mutex // guards everything below
	recent placement.Recent
	moved  chan struct{} // closed by Moved, which makes another one
}

// New makes a Directory.
func New(opts Options) *Directory {
	if opts.Wait == 0 {
		opts.Wait = 6 * time.Second
	}
	if opts.Settle == 0 {
		opts.Settle = 1500 * time.Millisecond
	}
	if opts.QueryTimeout == 0 {
		opts.QueryTimeout = 2 * time.Second
	}
	return &Directory{opts: opts, started: time.Now(), moved: make(chan struct{})}
}

// Moved has those who wait for another owner look again at once: meetings of a lost node have one.
func (d *Directory) Moved() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.moved)
	d.moved = make(chan struct{})
}

// NextMove returns a channel that the next call of Moved closes.
func (d *Directory) NextMove() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.moved
}

// Query asks where a meeting lives.
type Query struct {
	AccountID, MeetingID string
	Place                bool   // give it to a node where it lives on none
	Hint                 string // name of the node on which it lived last, for when the database is away; "": unknown
}

// look is how long Locate waits before it looks again at an owner that does not answer, at first.
const look = 50 * time.Millisecond

// retry is when somebody may ask again whose meeting has no node that answers.
const retry = 500 * time.Millisecond

// Locate returns the node on which a meeting lives; local is true for this one. An Owner without a Node: it lives
// nowhere, which a query with Place never gets. Where the owner is lost it waits until the meeting has another one. The
// error is a *fault.Error.
func (d *Directory) Locate(ctx context.Context, q Query) (owner record.Owner, local bool, err error) {
	if self := d.opts.Nodes.ID(); d.opts.Here(q.MeetingID) {
		return record.Owner{MeetingID: q.MeetingID, AccountID: q.AccountID, Node: self}, true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, d.opts.Wait)
	defer cancel()
	var fenced time.Time // since when the owner is fenced and silent
	for pause := look; ; pause = min(2*pause, 400*time.Millisecond) {
		moved := d.NextMove() // before the look: a move after it is not missed
		owner, err = d.owner(ctx, q)
		if err != nil {
			return d.unread(q, err)
		}
		switch {
		case owner.Node == record.NodeID{}:
			return owner, false, nil
		case owner.Node == d.opts.Nodes.ID():
			return owner, true, nil
		case d.opts.Nodes.Alive(owner.Node):
			return owner, false, nil
		}
		isFenced, err := d.isFenced(ctx, owner.Node)
		switch {
		case err != nil:
			return d.unread(q, err)
		case !isFenced:
			fenced = time.Time{}
		case fenced.IsZero():
			fenced, pause = time.Now(), look
		case time.Since(fenced) >= d.opts.Settle:
			moved, err := d.takeOver(ctx, owner)
			switch {
			case err != nil:
				return d.unread(q, err)
			case moved:
				continue
			}
		}
		select {
		case <-time.After(pause):
		case <-moved:
		case <-ctx.Done():
			return record.Owner{}, false, fault.ServerUnavailableNodeLost(owner.Node.Name).RetryAfter(retry).
				Because(ctx.Err())
		}
	}
}

// owner reads the owner, and places a meeting that has none.
func (d *Directory) owner(ctx context.Context, q Query) (record.Owner, error) {
	ctx, cancel := context.WithTimeout(ctx, d.opts.QueryTimeout)
	defer cancel()
	owner, found, err := d.opts.Owners.Owner(ctx, q.MeetingID)
	if found || err != nil || !q.Place {
		return owner, err
	}
	region, err := d.opts.Region(ctx, q.AccountID, q.MeetingID)
	if err != nil {
		return record.Owner{}, err
	}
	for tries := 0; ; tries++ {
		to, err := d.choose(placement.Want{
			Key: q.MeetingID, Role: RoleMeetings, GeoFence: region, Region: d.self().Region, Near: d.opts.Nodes.ID().Name,
		})
		if err != nil {
			return record.Owner{}, err
		}
		owner, err = d.opts.Owners.PlaceMeeting(ctx, record.Owner{
			MeetingID: q.MeetingID, AccountID: q.AccountID, Node: to,
		})
		if _, lost := errors.AsType[*record.FencedError](err); !lost || tries == placeTries {
			return owner, err
		}
		// The node that was chosen is lost, and the registry does not know it yet.
		select {
		case <-time.After(look):
		case <-ctx.Done():
			return record.Owner{}, err
		}
	}
}

// placeTries bounds how often a placement is tried whose node turns out to be lost.
const placeTries = 8

// isFenced reports whether the database refuses what a node writes. One whose row is gone was fenced long ago.
func (d *Directory) isFenced(ctx context.Context, id record.NodeID) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, d.opts.QueryTimeout)
	defer cancel()
	leases, err := d.opts.Owners.NodeLeases(ctx)
	i := slices.IndexFunc(leases, func(l record.NodeLease) bool { return l.ID == id })
	return err == nil && (i < 0 || leases[i].Fenced), err
}

// takeOver moves a meeting of a lost owner to a live node: others may do the same, and only one of them succeeds.
func (d *Directory) takeOver(ctx context.Context, owner record.Owner) (moved bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.opts.QueryTimeout)
	defer cancel()
	region, err := d.opts.Region(ctx, owner.AccountID, owner.MeetingID)
	if err != nil {
		return false, err
	}
	to, err := d.choose(placement.Want{
		Key: owner.MeetingID, Role: RoleMeetings, GeoFence: region, Region: d.self().Region,
		Near: d.opts.Nodes.ID().Name, Running: true,
	})
	if err != nil {
		return false, err
	}
	_, moved, err = d.opts.Owners.MoveMeeting(ctx, owner, to)
	if _, lost := errors.AsType[*record.FencedError](err); lost {
		return false, nil // look again
	}
	return moved, err
}

// self is what others know of this node.
func (d *Directory) self() cluster.Info {
	id := d.opts.Nodes.ID()
	for _, n := range d.opts.Nodes.Nodes() {
		if n.ID == id {
			return n
		}
	}
	return cluster.Info{ID: id}
}

// Placement returns the nodes for which is holds, as placement sees them.
func Placement(infos []cluster.Info, is func(cluster.Info) bool) []placement.Node {
	var nodes []placement.Node
	for _, i := range infos {
		if is(i) {
			nodes = append(nodes, placement.Node{
				Name: i.ID.Name, Region: i.Region, Version: i.Version, Roles: i.Roles, Draining: i.Draining,
				Load: placement.Load(i.Load),
			})
		}
	}
	return nodes
}

// choose returns the node that placement chooses among those that are alive, or the fault of there being none.
func (d *Directory) choose(want placement.Want) (record.NodeID, error) {
	infos := d.opts.Nodes.Nodes()
	nodes := Placement(infos, func(cluster.Info) bool { return true })
	d.mu.Lock()
	now := time.Since(d.started)
	name, ok := placement.Choose(d.recent.With(nodes, now), want)
	if ok {
		d.recent.Chose(now, name, false)
	}
	d.mu.Unlock()
	if !ok {
		return record.NodeID{}, refusal(placement.Why(nodes, want), nodes, want)
	}
	i := slices.IndexFunc(infos, func(n cluster.Info) bool { return n.ID.Name == name })
	return infos[i].ID, nil
}

func refusal(why placement.Refusal, nodes []placement.Node, want placement.Want) *fault.Error {
	switch why {
	case placement.Full:
		return fault.ServerUnavailableOverloaded(len(nodes))
	case placement.Draining:
		return fault.ServerUnavailableDraining()
	default:
		return fault.ServerUnavailableNoMeetingNode(len(nodes), want.GeoFence)
	}
}

// unread answers a query whose owner could not be read: with the node that had the meeting last, which may have it
// still.
func (d *Directory) unread(q Query, err error) (record.Owner, bool, error) {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return record.Owner{}, false, f
	}
	if id, alive := d.Node(q.Hint); alive && id != d.opts.Nodes.ID() { // this one does not have it
		return record.Owner{MeetingID: q.MeetingID, AccountID: q.AccountID, Node: id}, false, nil
	}
	return record.Owner{}, false, fault.ServerUnavailableStore("the query for the node of a meeting").Because(err)
}

// Node returns the live node of a name.
func (d *Directory) Node(name string) (record.NodeID, bool) {
	if name == "" {
		return record.NodeID{}, false
	}
	for _, n := range d.opts.Nodes.Nodes() {
		if n.ID.Name == name {
			return n.ID, true
		}
	}
	return record.NodeID{}, false
}

// Owns reports whether a meeting lives on this node. With an error nobody knows.
func (d *Directory) Owns(ctx context.Context, meetingID string) (bool, error) {
	if d.opts.Here(meetingID) {
		return true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, d.opts.QueryTimeout)
	defer cancel()
	owner, found, err := d.opts.Owners.Owner(ctx, meetingID)
	return found && owner.Node == d.opts.Nodes.ID(), err
}
