package egress

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// A node that is drained has other nodes go on with its jobs. Each gets a successor, another job with the same request,
// as after the failure of a job with onFailure restart: the work of one node ends with a whole file or stream, and that
// of the next begins with its own. The successor is started first, so that both overlap; an RTMP target takes one
// publisher at a time, so there it is made ready, and publishes as soon as the job before it does not.

const (
	// movesAtOnce bounds the workers that start elsewhere at once: a start takes a processor for a second.
	movesAtOnce = 4
	// holdLimit is how long a successor waits with its targets for the node of the job before it, which may be lost.
	holdLimit = 10 * time.Second
	// releaseWithin is how long a worker may take to let its targets go.
	releaseWithin = 8 * time.Second
	// playableWithin is how long a stream may take from its start until players can begin.
	playableWithin = 20 * time.Second
	playableCheck  = 200 * time.Millisecond
	// firstMovePause is how long a job that could not be moved stays until that is tried again; the pause doubles.
	firstMovePause   = time.Second
	longestMovePause = 30 * time.Second
)

// isExclusive reports whether two jobs of a kind cannot do the same at once.
func isExclusive(kind job.Kind) bool { return kind == job.Livestream }

// Left is a job that a node still has.
type Left struct {
	Job     record.Job
	Problem string // why it could not be moved when that was tried last; ""
}

// Left returns the jobs of this node that are not over, transcodings too, oldest first.
func (m *Manager) Left() []Left {
	var left []Left
	m.mu.Lock()
	for _, r := range m.slots {
		if !r.job.State.Over() {
			left = append(left, Left{r.job, r.whyStays})
		}
	}
	m.mu.Unlock()
	m.transcodings.mu.Lock()
	for _, t := range m.transcodings.queue {
		left = append(left, Left{Job: t.job})
	}
	m.transcodings.mu.Unlock()
	slices.SortFunc(left, func(a, b Left) int {
		return cmp.Or(a.Job.CreatedAt.Compare(b.Job.CreatedAt), cmp.Compare(a.Job.ID, b.Job.ID))
	})
	return left
}

// MoveJobs has other nodes go on with the jobs of this node that run, and stops them here. What has not started yet and
// what cannot be moved stays for a later call, which tries it again less and less often; see Left. What already ends is
// left alone. When ctx is canceled no further job is moved, and the moves that have begun are brought to their end.
// Its deadline, that of a server which stops, holds for them as well.
func (m *Manager) MoveJobs(ctx context.Context) {
	if m.opts.Nodes == nil {
		return
	}
	began := time.Now()
	runs := m.runsWhere(func(r *run) bool {
		return !r.job.State.Over() && !r.job.StartedAt.IsZero() && r.job.StoppedAt.IsZero() && !r.moved.Load() &&
			!began.Before(r.moveAt)
	})
	within := context.WithoutCancel(ctx)
	if deadline, limited := ctx.Deadline(); limited {
		var cancel context.CancelFunc
		within, cancel = context.WithDeadline(within, deadline)
		defer cancel()
	}
	slices.SortFunc(runs, func(a, b *run) int { return cmp.Compare(a.job.ID, b.job.ID) })
	var moving sync.WaitGroup
	defer moving.Wait() // before the deadline is given up
	places := make(chan struct{}, movesAtOnce)
	for _, r := range runs {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if ctx.Err() != nil {
			return
		}
		moving.Go(func() {
			defer func() { <-places }()
			m.guarded("the move of a job", func() { m.moveOrStay(within, r) })
		})
	}
}

// moveOrStay moves a job, and keeps why it stays.
func (m *Manager) moveOrStay(ctx context.Context, r *run) {
	began := time.Now()
	next, err := m.move(ctx, r)
	why, log := "", m.opts.Logger.With("meeting", r.job.MeetingID, "job", r.job.ID, "kind", string(r.job.Kind))
	if err != nil {
		why = err.Error()
		if f, ok := errors.AsType[*fault.Error](err); ok {
			why = f.Detail
		}
		log.Warn("move of a job", "err", err)
	} else if next.ID != "" {
		log.Info("moved a job", "to", next.Node.Name, "successor", next.ID, "tookMs", time.Since(began).Milliseconds())
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r.whyStays, r.moveAt = why, time.Now().Add(min(longestMovePause, firstMovePause<<min(r.moves, 8)))
	r.moves++
}

// move starts the successor of a job, and stops the job. next is the zero value where somebody has stopped the job
// meanwhile.
func (m *Manager) move(ctx context.Context, r *run) (next record.Job, err error) {
	j := r.record()
	o := startOrder{
		Request: r.request, Restarts: r.restarts, JobID: uuid.NewString(),
		Follows: j.ID, From: m.opts.Nodes.ID(), Since: cmp.Or(r.since, j.StartedAt),
	}
	o.Request.SessionID = j.SessionID
	placing, cancel := context.WithTimeout(ctx, 2*maxAskedNodes*m.answersWithin())
	next, err = m.place(placing, o)
	cancel()
	if err == nil && j.Kind == job.HLS {
		err = m.awaitPlayable(ctx, next)
	}
	switch {
	case err != nil && ctx.Err() != nil: // this server stops, and the job with it: a successor is left alone
		return record.Job{}, err
	case err != nil:
		m.stopSuccessor(ctx, o)
		return record.Job{}, err
	}
	r.moved.Store(true)
	if !r.stopToMove() { // whoever stopped it meant what is made, on whichever node
		m.stopSuccessor(ctx, o)
		return record.Job{}, nil
	}
	if !isExclusive(j.Kind) {
		return next, nil
	}
	select {
	case <-r.workerGone:
	case <-time.After(releaseWithin): // the successor tries its targets several times
	}
	var there bool
	if err := m.opts.Nodes.Call(ctx, next.Node, topicPublish, next.ID, &there); err != nil {
		m.opts.Logger.Warn("the successor of a job publishes later", "job", next.ID, "err", err)
	}
	return next, nil
}

// awaitPlayable waits until players can begin with a stream.
func (m *Manager) awaitPlayable(ctx context.Context, next record.Job) error {
	ctx, cancel := context.WithTimeout(ctx, playableWithin)
	defer cancel()
	tick := time.NewTicker(playableCheck)
	defer tick.Stop()
	for {
		j, err := m.opts.Store.JobByID(ctx, next.ID)
		switch {
		case err != nil && ctx.Err() == nil: // the store may be away for a moment
		case err == nil && j.State == job.Playable:
			return nil
		case err == nil && j.Fault != nil:
			return j.Fault
		case err == nil && !j.StoppedAt.IsZero(): // by somebody, who has stopped the job before it as well
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return next.Kind.Faults().StartTimeout(playableWithin).WithMeeting(next.MeetingID, next.SessionID, "")
		}
	}
}

// stopToMove stops a job whose successor has started. It reports false where somebody else has stopped it.
func (r *run) stopToMove() (first bool) {
	r.m.mu.Lock()
	defer r.m.mu.Unlock()
	if r.asked || !r.job.StoppedAt.IsZero() {
		return false
	}
	r.stopOnce.Do(func() {
		first = true
		close(r.stopped)
	})
	return first
}

// stopSuccessor stops a successor that is not wanted, also one of which no node has answered that it started.
func (m *Manager) stopSuccessor(ctx context.Context, o startOrder) {
	ctx, cancel := context.WithTimeout(ctx, m.opts.StopTimeout)
	defer cancel()
	j, err := m.opts.Store.JobByID(ctx, o.JobID)
	if err != nil || j.State.Over() {
		return // it was not placed, or has failed
	}
	stopped := j.Node == m.opts.Nodes.ID() && m.stopJob(j.ID)
	if stopped {
		return
	}
	if err := m.opts.Nodes.Call(ctx, j.Node, topicStopJob, j.ID, &stopped); err != nil {
		m.opts.Logger.Warn("the successor of a job that stays was not stopped", "job", j.ID, "err", err)
	}
}

// stopJob stops one job of this node, and reports whether it is here.
func (m *Manager) stopJob(id string) (here bool) {
	for _, r := range m.runsWhere(func(r *run) bool { return r.job.ID == id }) {
		r.requestStop()
		here = true
	}
	return here
}

// publishHere has the worker of a job reach its targets, and reports whether the job is here.
func (m *Manager) publishHere(id string) (here bool) {
	for _, r := range m.runsWhere(func(r *run) bool { return r.job.ID == id }) {
		if w := r.currentWorker(); w != nil {
			w.publish()
			here = true
		}
	}
	return here
}

// hasRun reports whether the job was seen by somebody: it has started, or goes on with one that had.
func (r *run) hasRun(j record.Job) bool {
	return !j.StartedAt.IsZero() || r.follows != "" && isExclusive(j.Kind)
}

// order returns the order with which the job was started, as far as a failure needs it.
func (r *run) order() startOrder {
	return startOrder{Request: r.request, Restarts: r.restarts, Follows: r.follows}
}

// remaining is how long the job may run: a successor has what the jobs before it have left.
func (r *run) remaining() time.Duration {
	longest := r.m.opts.MaxDuration
	if r.since.IsZero() {
		return longest
	}
	return max(0, longest-time.Since(r.since))
}
