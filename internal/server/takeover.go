package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/cluster"
	"github.com/klatch/klatch/internal/cluster/directory"
	"github.com/klatch/klatch/internal/cluster/placement"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// takeover is which meetings live on this node: it places those that live nowhere, takes over those of nodes that are
// lost, and gives its own away when it is stopped. SQL is the truth; what is kept here are the fencing tokens.
//
// Shape: mutex.
type takeover struct {
	node     peerNode
	store    *store.Store
	meetings *meeting.Meetings
	places   *sync.Map // see records
	version  string
	log      *slog.Logger
	report   func(context.Context, *fault.Error)
	moved    func() // called when meetings of a lost node have another one
	started  time.Time

	mu      sync.Mutex // guards everything below
	recent  placement.Recent
	owned   map[string]record.Owner
	unended map[string]bool        // meetings whose last session has ended, which could not be written
	former  map[string]bool        // incarnations that this process had, and lost
	silent  map[record.NodeID]bool // nodes that the last sweep found fenced and silent
}

// peerNode is what the takeover needs of a cluster.Node.
type peerNode interface {
	ID() record.NodeID
	Nodes() []cluster.Info
	Alive(id record.NodeID) bool
	Call(ctx context.Context, to record.NodeID, topic string, args, result any) error
}

const (
	// topicRestore has a node make a meeting live that it was given.
	topicRestore = "meeting.restore"

	takenAtOnce    = 16                     // meetings of one lost node
	tellEvery      = 100 * time.Millisecond // between two calls of moved: all who wait look again
	retryLost      = 500 * time.Millisecond // for those whose meeting has no owner yet
	restoreTimeout = 5 * time.Second
	releaseTimeout = 5 * time.Second
	firstPause     = 250 * time.Millisecond // before what failed is tried again; it doubles
	longestPause   = 5 * time.Second
	sweepEvery     = 15 * time.Second
)

var _ meeting.Owners = (*takeover)(nil)

// openTakeover makes the part that says which meetings live here; a server alone has none.
func (s *Server) openTakeover() {
	if !s.node.IsAlone() {
		s.takeover = newTakeover(s.node, s.Store, &s.places, s.version, s.log, s.incidents.Report)
		s.drainer = &drainer{
			takeover: s.takeover, mark: s.node.Drain, unmark: s.node.Undrain, jobs: serverJobs{s},
		}
	}
}

// owners returns what meetings ask before they live here; nil: all do.
func (s *Server) owners() meeting.Owners {
	if s.takeover == nil {
		return nil
	}
	return s.takeover
}

// joinCluster has this node serve, take over and lose meetings.
func (s *Server) joinCluster() {
	t := s.takeover
	if t == nil {
		return
	}
	t.meetings = s.meetings
	t.moved = func() {
		s.directory.Moved()
		_ = s.node.Broadcast(topicMoved, nil) // who does not hear it looks again by itself
	}
	s.node.OnLost(t.lost)
	s.node.OnFenced(t.takeOver)
	s.node.Answer(topicRestore, t.answerRestore)
}

// drainMeetings gives the meetings that live here to other nodes, where there are any.
func (s *Server) drainMeetings(ctx context.Context) {
	if s.takeover == nil {
		return
	}
	s.drainer.close(ctx)
	s.node.Drain()
	if !s.takeover.canDrain() {
		s.log.Warn("no other node takes meetings: those that run here end")
		return
	}
	s.signal.Leave()
	moved, all := s.takeover.drain(ctx)
	s.log.Info("drained", "moved", moved, "of", all)
}

func newTakeover(node peerNode, kept *store.Store, places *sync.Map, version string, log *slog.Logger,
	report func(context.Context, *fault.Error)) *takeover {
	return &takeover{
		node: node, store: kept, places: places, version: version, log: log, report: report,
		moved: func() {}, started: time.Now(),
		owned: map[string]record.Owner{}, unended: map[string]bool{}, former: map[string]bool{},
		silent: map[record.NodeID]bool{},
	}
}

// Open implements meeting.Owners.
func (t *takeover) Open(ctx context.Context, accountID, meetingID string) (*record.OpenSession, error) {
	owner, found, err := t.own(ctx, accountID, meetingID)
	if err != nil || !found {
		return nil, err
	}
	t.mu.Lock()
	t.owned[meetingID] = owner
	unended := t.unended[meetingID]
	t.mu.Unlock()
	session, err := t.store.OpenSession(ctx, meetingID)
	if err == nil && session != nil && unended {
		err = t.store.SessionEnded(ctx, session.ID, time.Now())
		session = nil
	}
	if err != nil {
		return nil, t.storeFault("the session of a meeting", err)
	}
	t.mu.Lock()
	delete(t.unended, meetingID)
	t.mu.Unlock()
	if session != nil {
		t.places.Store(session.ID, sessionPlace{session.AccountID, meetingID})
	}
	return session, nil
}

// own makes this node the owner of a meeting that lives here, or nowhere. found is false for one that lives nowhere and
// that nobody wants to join.
func (t *takeover) own(ctx context.Context, accountID, meetingID string) (owner record.Owner, found bool, err error) {
	const what = "the node of a meeting"
	self := t.node.ID()
	if owner, found, err = t.store.Owner(ctx, meetingID); err != nil {
		return owner, false, t.storeFault(what, err)
	}
	if !found {
		if accountID == "" {
			return owner, false, nil
		}
		owner, err = t.store.PlaceMeeting(ctx, record.Owner{MeetingID: meetingID, AccountID: accountID, Node: self})
		if err != nil {
			return owner, false, t.storeFault(what, err)
		}
	}
	if owner.Node == self {
		return owner, true, nil
	}
	t.mu.Lock()
	former := t.former[owner.Node.Incarnation]
	t.mu.Unlock()
	switch {
	case former: // this process serves nothing of it any more
	case t.node.Alive(owner.Node):
		return owner, false, fault.ServerShutdownMoving()
	default: // whoever comes again waits in the directory until it has another owner
		return owner, false, fault.ServerUnavailableNodeLost(owner.Node.Name).RetryAfter(retryLost)
	}
	moved, ok, err := t.store.MoveMeeting(ctx, owner, self)
	switch {
	case err != nil:
		return owner, false, t.storeFault(what, err)
	case !ok && moved.Node != self: // another node was faster
		return owner, false, fault.ServerShutdownMoving()
	}
	return moved, true, nil
}

func (t *takeover) storeFault(what string, err error) *fault.Error {
	if _, fenced := errors.AsType[*store.FencedError](err); fenced {
		return fault.ServerUnavailableNodeLost(t.node.ID().Name).RetryAfter(retryLost).Because(err)
	}
	return fault.ServerUnavailableStore(what).Because(err)
}

// Closed implements meeting.Owners. A meeting that cannot be released stays owned, and the next sweep tries again.
func (t *takeover) Closed(meetingID string) {
	t.mu.Lock()
	owner, owned := t.owned[meetingID]
	delete(t.owned, meetingID)
	t.mu.Unlock()
	if !owned {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), releaseTimeout)
	defer cancel()
	err := t.store.ReleaseMeeting(ctx, owner)
	if _, running := errors.AsType[*record.ConflictError](err); running { // its end could not be written
		t.mu.Lock()
		t.unended[meetingID] = true
		t.mu.Unlock()
		err = t.endLeft(ctx, owner)
	}
	if err != nil {
		t.log.Warn("release of a meeting", "meeting", meetingID, "err", err)
	}
}

// endLeft ends the session of a meeting in which nobody is any more, and releases the meeting.
func (t *takeover) endLeft(ctx context.Context, owner record.Owner) error {
	session, err := t.store.OpenSession(ctx, owner.MeetingID)
	if err == nil && session != nil {
		err = t.store.SessionEnded(ctx, session.ID, time.Now())
	}
	if err == nil {
		err = t.store.ReleaseMeeting(ctx, owner)
	}
	if err == nil {
		t.mu.Lock()
		delete(t.unended, owner.MeetingID)
		t.mu.Unlock()
	}
	return err
}

// lost drops every meeting: the leases of this incarnation are lost.
func (t *takeover) lost() {
	id := t.node.ID()
	t.mu.Lock()
	t.former[id.Incarnation] = true
	clear(t.owned)
	clear(t.unended)
	t.mu.Unlock()
	f := fault.ServerUnavailableNodeLost(id.Name)
	t.report(context.Background(), f)
	t.meetings.Abandon(f)
}

// takeOver moves the meetings of a node that was fenced to nodes that are alive, until none is left.
func (t *takeover) takeOver(ctx context.Context, dead record.NodeID) {
	began, taken := time.Now(), 0
	for pause := firstPause; ctx.Err() == nil; pause = min(2*pause, longestPause) {
		owned, err := t.store.OwnedBy(ctx, dead)
		if err == nil && len(owned) == 0 {
			break
		}
		if err != nil {
			t.log.Warn("takeover", "node", dead.Name, "err", err)
		}
		done := t.takeAll(ctx, owned)
		if taken += done; done == len(owned) && err == nil {
			continue // a meeting that was placed meanwhile
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	if taken > 0 {
		t.log.Info("took over", "node", dead.Name, "incarnation", dead.Incarnation, "meetings", taken,
			"duration", time.Since(began).String())
	}
}

// takeAll gives meetings away, some at a time, and returns how many have another node. Who waits for that is told while
// it goes on: the meetings of a node may be many.
func (t *takeover) takeAll(ctx context.Context, owned []record.Owner) (taken int) {
	var mu sync.Mutex // guards taken and told
	told := time.Now()
	var running sync.WaitGroup
	slots := make(chan struct{}, takenAtOnce)
	for _, owner := range owned {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			err := guard.Run("the takeover of a meeting", func() error { return t.take(ctx, owner) })
			if err != nil {
				t.log.Warn("takeover of a meeting", "meeting", owner.MeetingID, "err", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if taken++; time.Since(told) >= tellEvery {
				told = time.Now()
				t.moved()
			}
		})
	}
	running.Wait()
	if taken > 0 {
		t.moved()
	}
	return taken
}

// take gives a meeting of a node that was fenced to one that is alive, which then makes it live: so participants who
// never come back are timed out. Where the node does not answer, the first who comes back makes it live.
func (t *takeover) take(ctx context.Context, owner record.Owner) error {
	to, err := t.choose(ctx, owner)
	if err != nil {
		return err
	}
	_, moved, err := t.store.MoveMeeting(ctx, owner, to)
	if err != nil || !moved { // not moved: another node was faster
		return err
	}
	if err := t.restoreAt(ctx, to, owner.MeetingID); err != nil {
		t.log.Warn("restoration of a meeting", "meeting", owner.MeetingID, "node", to.Name, "err", err)
	}
	return nil
}

// restoreAt has a node, or this one, make a meeting live.
func (t *takeover) restoreAt(ctx context.Context, to record.NodeID, meetingID string) error {
	ctx, cancel := context.WithTimeout(ctx, restoreTimeout)
	defer cancel()
	if to == t.node.ID() {
		return t.meetings.Restore(ctx, meetingID)
	}
	return t.node.Call(ctx, to, topicRestore, meetingID, nil)
}

// answerRestore answers topicRestore.
func (t *takeover) answerRestore(ctx context.Context, _ record.NodeID, args json.RawMessage) (any, error) {
	var meetingID string
	if err := json.Unmarshal(args, &meetingID); err != nil {
		return nil, err
	}
	return nil, t.meetings.Restore(ctx, meetingID)
}

var errNoNode = errors.New("no node can take the meeting")

// choose returns the node for a meeting that runs and has to leave the one that it lives on.
func (t *takeover) choose(ctx context.Context, owner record.Owner) (record.NodeID, error) {
	want := placement.Want{Key: owner.MeetingID, Role: directory.RoleMeetings, Running: true, Version: t.version}
	kept, err := t.store.Meeting(ctx, owner.AccountID, owner.MeetingID)
	if err == nil {
		want.GeoFence = kept.Config.GeoFence
	} else if _, gone := errors.AsType[*record.NotFoundError](err); !gone {
		return record.NodeID{}, err
	}
	infos := t.node.Nodes()
	nodes := directory.Placement(infos, func(i cluster.Info) bool { return i.ID != owner.Node })
	t.mu.Lock()
	name, ok := placement.Choose(t.recent.With(nodes, time.Since(t.started)), want)
	if ok {
		t.recent.Chose(time.Since(t.started), name, false)
	}
	t.mu.Unlock()
	if !ok {
		return record.NodeID{}, errNoNode
	}
	i := slices.IndexFunc(infos, func(i cluster.Info) bool { return i.ID.Name == name && i.ID != owner.Node })
	return infos[i].ID, nil
}

// run sweeps until ctx ends.
func (t *takeover) run(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := guard.Run("the sweep of meetings", func() error { return t.sweep(ctx) }); err != nil && ctx.Err() == nil {
			t.log.Warn("sweep of meetings", "err", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// sweep finds what nobody takes care of: meetings of fenced nodes whose successor was lost too, and meetings that live
// here without a room, because their join never came or their release failed.
func (t *takeover) sweep(ctx context.Context) error {
	leases, err := t.store.NodeLeases(ctx)
	if err != nil {
		return err
	}
	seen := map[record.NodeID]bool{}
	for _, l := range leases {
		if !l.Fenced || t.node.Alive(l.ID) {
			continue
		}
		t.mu.Lock()
		again := t.silent[l.ID]
		t.mu.Unlock()
		// Who fences a node ends its lease in the database first. It has stopped serving when the other one ends as well.
		if seen[l.ID] = true; again {
			t.takeOver(ctx, l.ID)
		}
	}
	t.mu.Lock()
	t.silent = seen
	t.mu.Unlock()
	return t.adopt(ctx)
}

// adopt makes those meetings live that the database says live here, and that have no room.
func (t *takeover) adopt(ctx context.Context) error {
	owned, err := t.store.OwnedBy(ctx, t.node.ID())
	if err != nil {
		return err
	}
	here := map[string]bool{}
	for _, id := range t.meetings.Owned() {
		here[id] = true
	}
	for _, owner := range owned {
		if here[owner.MeetingID] || ctx.Err() != nil {
			continue
		}
		within, cancel := context.WithTimeout(ctx, restoreTimeout)
		err := t.meetings.Restore(within, owner.MeetingID)
		cancel()
		if err != nil {
			t.log.Warn("restoration of a meeting", "meeting", owner.MeetingID, "err", err)
		}
	}
	return nil
}

// drain gives the meetings that live here to other nodes, one after the other, in about half of the time that ctx has.
// It returns how many it has moved; those that nobody takes stay. The others see the node as draining already.
func (t *takeover) drain(ctx context.Context) (moved, all int) {
	ids := t.meetings.Owned()
	slices.Sort(ids)
	all = len(ids)
	took, cancel := drainTime(ctx)
	defer cancel()
	deadline, limited := took.Deadline()
	told := time.Now()
	for i, id := range ids {
		if took.Err() != nil {
			break
		}
		err := guard.Run("the move of a meeting", func() error { return t.giveAway(took, id) })
		if err != nil {
			t.log.Warn("move of a meeting", "meeting", id, "err", err)
		} else {
			moved++
		}
		if i == all-1 || time.Since(told) >= time.Second {
			told = time.Now()
			t.log.Info("moving meetings", "moved", moved, "of", all)
		}
		// A moved meeting negotiates media again: they come to the others one by one, where there is time.
		pause := drainPause
		if limited {
			pause = min(pause, time.Until(deadline)/time.Duration(all-i)/2)
		}
		select {
		case <-time.After(pause):
		case <-took.Done():
		}
	}
	return moved, all
}

// drainPause is the longest pause between the moves of two meetings.
const drainPause = 100 * time.Millisecond

// drainTime leaves half of the time of ctx for what comes after the moves.
func drainTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, limited := ctx.Deadline(); limited {
		return context.WithTimeout(ctx, time.Until(deadline)/2)
	}
	return context.WithCancel(ctx)
}

// giveAway moves one meeting, which ends meanwhile where its last participant leaves.
func (t *takeover) giveAway(ctx context.Context, meetingID string) error {
	t.mu.Lock()
	owner, owned := t.owned[meetingID]
	t.mu.Unlock()
	if !owned {
		return nil
	}
	to, err := t.choose(ctx, owner)
	if err != nil {
		return err
	}
	err = t.meetings.Move(ctx, meetingID, func(ctx context.Context) error {
		_, moved, err := t.store.MoveMeeting(ctx, owner, to)
		if err == nil && !moved {
			err = &record.ConflictError{Kind: "meeting", ID: meetingID, State: "owned by another node"}
		}
		return err
	})
	switch {
	case errors.Is(err, meeting.ErrNotLive):
		return nil
	case err != nil:
		return err
	}
	t.mu.Lock()
	delete(t.owned, meetingID)
	t.mu.Unlock()
	if err := t.restoreAt(ctx, to, meetingID); err != nil { // whoever comes back makes it live
		t.log.Warn("restoration of a meeting", "meeting", meetingID, "node", to.Name, "err", err)
	}
	return nil
}

// canDrain reports whether another node could take meetings.
func (t *takeover) canDrain() bool {
	self := t.node.ID()
	_, ok := placement.Choose(
		directory.Placement(t.node.Nodes(), func(i cluster.Info) bool { return i.ID != self }),
		placement.Want{Role: directory.RoleMeetings, Running: true},
	)
	return ok
}
