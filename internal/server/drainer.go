package server

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/rest"
)

// drainer drains this node for an operator, who may take it back: the node goes on running without meetings and jobs.
//
// Shape: mutex.
type drainer struct {
	takeover     *takeover
	mark, unmark func() // whether others see the node as draining
	jobs         drainedJobs
	problem      atomic.Value // string: why the last round has left meetings; "": it has not

	mu      sync.Mutex // guards everything below
	began   time.Time
	stop    context.CancelFunc // nil: the node is not drained
	stopped chan struct{}      // closed when the goroutine of the drain has ended
	closed  bool               // the server stops
}

// drainedJobs are the jobs of a node; *egress.Manager implements it.
type drainedJobs interface {
	MoveJobs(ctx context.Context)
	Left() []egress.Left
}

const (
	drainAgain = 500 * time.Millisecond // between looks for meetings that are left; it doubles while some cannot be moved
	// moveLimit bounds the move of one meeting. An end of the drain does not interrupt it.
	moveLimit = 15 * time.Second
)

// restDrainer returns what drains this node over REST; nil for a server alone.
func (s *Server) restDrainer() rest.Drainer {
	if s.drainer == nil {
		return nil
	}
	return s.drainer
}

// Drain implements rest.Drainer.
func (d *drainer) Drain() (rest.Drain, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return rest.Drain{}, fault.ServerUnavailableDraining()
	}
	if d.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		d.began, d.stop, d.stopped = time.Now(), stop, make(chan struct{})
		d.mark()
		go d.run(ctx, d.stopped)
	}
	return d.stateLocked(), nil
}

// State implements rest.Drainer.
func (d *drainer) State() (rest.Drain, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stateLocked(), nil
}

// Undrain implements rest.Drainer. It returns when no meeting and no job is being moved any more.
func (d *drainer) Undrain() (rest.Drain, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return rest.Drain{}, fault.ServerUnavailableDraining()
	}
	if d.endLocked() {
		d.unmark()
	}
	return d.stateLocked(), nil
}

// close ends the drain of a server that stops, and leaves the node marked as draining. It waits for the move of a
// meeting for a quarter of the time that ctx has.
func (d *drainer) close(ctx context.Context) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.stop == nil {
		return
	}
	d.stop()
	half, cancel := drainTime(ctx)
	defer cancel()
	quarter, cancel := drainTime(half)
	defer cancel()
	select {
	case <-d.stopped:
	case <-quarter.Done():
	}
}

// endLocked ends the moves, and reports whether the node was drained.
func (d *drainer) endLocked() bool {
	if d.stop == nil {
		return false
	}
	d.stop()
	<-d.stopped
	d.stop, d.stopped = nil, nil
	return true
}

func (d *drainer) stateLocked() rest.Drain {
	left := d.jobs.Left()
	state := rest.Drain{
		Node: d.takeover.node.ID().Name, State: "serving", Meetings: len(d.takeover.meetings.Owned()), Jobs: len(left),
		Waiting: []rest.DrainJob{},
	}
	if d.stop == nil {
		return state
	}
	state.ForMs = time.Since(d.began).Milliseconds()
	for _, one := range left {
		since := one.Job.CreatedAt
		if since.Before(d.began) {
			since = d.began
		}
		state.Waiting = append(state.Waiting, rest.DrainJob{
			ID: one.Job.ID, Kind: one.Job.Kind, RoomID: one.Job.MeetingID, State: one.Job.State,
			ForMs: max(0, time.Since(since).Milliseconds()), Problem: one.Problem,
		})
	}
	switch {
	case state.Meetings > 0:
		state.State = "draining"
		state.Problem, _ = d.problem.Load().(string)
	case state.Jobs > 0:
		state.State = "draining"
	default:
		state.State = "drained"
	}
	return state
}

// run moves the meetings and jobs that are here, and those that still come from nodes which do not know of the drain
// yet, until ctx ends. Meetings go first: who waits for them notices, and the node of a meeting chooses those of its
// jobs.
func (d *drainer) run(ctx context.Context, stopped chan<- struct{}) {
	defer close(stopped)
	t := d.takeover
	t.log.Info("draining", "meetings", len(t.meetings.Owned()), "jobs", len(d.jobs.Left()))
	for pause := drainAgain; ctx.Err() == nil; {
		problem := errNoNode.Error()
		if t.canDrain() {
			problem = d.moveAll(ctx)
		}
		d.problem.Store(problem)
		if err := guard.Do("the moves of jobs", func() { d.jobs.MoveJobs(ctx) }); err != nil {
			t.log.Error("moves of jobs", "err", err)
		}
		if pause = min(2*pause, longestPause); problem == "" {
			pause = drainAgain
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	t.log.Info("drain ended", "meetings", len(t.meetings.Owned()), "jobs", len(d.jobs.Left()))
}

// moveAll moves the meetings that live here, one after the other. Those that cannot be moved stay for the next time;
// problem is why the last of them does.
func (d *drainer) moveAll(ctx context.Context) (problem string) {
	t := d.takeover
	ids := t.meetings.Owned()
	slices.Sort(ids)
	moved := 0
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), moveLimit)
		err := guard.Run("the move of a meeting", func() error { return t.giveAway(within, id) })
		cancel()
		if err != nil {
			t.log.Warn("move of a meeting", "meeting", id, "err", err)
			problem = fmt.Sprintf("meeting %s: %v", id, err)
		} else {
			moved++
		}
		select {
		case <-time.After(drainPause):
		case <-ctx.Done():
		}
	}
	if len(ids) > 0 {
		t.log.Info("moved meetings", "moved", moved, "of", len(ids))
	}
	return problem
}
