package egress

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// In a cluster a start is judged and a node chosen where the meeting lives, and the job runs on that node. A server
// alone runs its jobs itself, without a detour.

// startOrder asks a node to run a job. It holds the secrets of the request, and travels on links between nodes only.
type startOrder struct {
	Request  job.Request
	Restarts int    // so many times was it restarted
	JobID    string // the same for each node that is asked, so that it runs once

	Follows string        // id of the job whose work it goes on with, which leaves a node that is drained; "": none
	From    record.NodeID // that node
	Since   time.Time     // when the first of those has started: the longest duration counts from then; zero: from now
}

// isQuiet reports whether a failure of the start is for who drains alone: the job that it was to follow still runs.
func (o startOrder) isQuiet() bool { return o.Follows != "" && !isExclusive(o.Request.Kind) }

// isUnattended reports whether no call returns the fault of the start: that of an automatic start, of a restart and of
// a job that moves.
func (o startOrder) isUnattended() bool {
	return o.Request.By.AutoStart || o.Restarts > 0 || o.Follows != ""
}

// start is Start for a job that was restarted that many times.
func (m *Manager) start(ctx context.Context, q job.Request, restarts int) (record.Job, error) {
	return m.place(ctx, startOrder{Request: q, Restarts: restarts, JobID: uuid.NewString()})
}

// place starts a job on the node that is chosen for it.
func (m *Manager) place(ctx context.Context, o startOrder) (record.Job, error) {
	n := m.opts.Nodes
	if n == nil {
		return m.startHere(ctx, o)
	}
	if err := m.Check(o.Request); err != nil {
		m.notifyRefusal(o, err)
		return record.Job{}, err
	}
	if owner, ok, err := n.Owner(ctx, o.Request.MeetingID); err == nil && ok && owner != n.ID() && n.Alive(owner) {
		var j record.Job
		err := m.callWhileAlive(ctx, maxAskedNodes*m.answersWithin(), owner, topicDispatch, o, &j)
		return j, err
	}
	return m.dispatch(ctx, o)
}

// maxAskedNodes is how many nodes are asked to run a job: those after the first only when the one before did not
// answer, or drains, which not everybody may know yet.
const maxAskedNodes = 2

// dispatch chooses the node of a job and starts it there. The error is a *fault.Error.
func (m *Manager) dispatch(ctx context.Context, o startOrder) (record.Job, error) {
	n := m.opts.Nodes
	if needsImages(o.Request) { // here, where a restart is ordered after the loss of the node that runs the job
		q, _, err := m.resolve(ctx, normalized(o.Request))
		if err == nil {
			q, err = m.withImages(ctx, q)
		}
		if err != nil {
			f := fault.From(err).WithDefaultMeeting(o.Request.MeetingID, o.Request.SessionID, "")
			m.notifyRefusal(o, f)
			return record.Job{}, f
		}
		o.Request.Watermarks, o.Request.WatermarkImages = q.Watermarks, q.WatermarkImages
	}
	nodes := slices.DeleteFunc(n.Runners(o.JobID, n.ID()), func(id record.NodeID) bool {
		return o.Follows != "" && id == o.From // not everybody may know yet that it is drained
	})
	if len(nodes) == 0 {
		f := fault.ServerUnavailableNoEgressNode(n.Counts()).
			WithDefaultMeeting(o.Request.MeetingID, o.Request.SessionID, "")
		m.notifyRefusal(o, f)
		return record.Job{}, f
	}
	var err error
	for _, node := range nodes[:min(maxAskedNodes, len(nodes))] {
		var j record.Job
		if node == n.ID() {
			j, err = m.startHere(ctx, o)
		} else {
			err = m.callWhileAlive(ctx, m.answersWithin(), node, topicStart, o, &j)
		}
		if err == nil {
			m.board.remember(j, o)
			m.board.follow(j, o.Follows)
			return j, nil
		}
		if !isUnreachable(err) && !fault.Is(err, fault.CodeServerUnavailable, fault.ReasonDraining) {
			return record.Job{}, err // the node has told the moderators of it
		}
	}
	m.notifyRefusal(o, err)
	return record.Job{}, err
}

// aliveCheck is how often a node that takes its time to answer is looked at.
const aliveCheck = 250 * time.Millisecond

// answersWithin is how long a node may take to answer a start: it answers when ffmpeg has said what it is and the
// worker has started, or has not in time.
func (m *Manager) answersWithin() time.Duration {
	return ffmpeg.ProbeTimeout + m.opts.StartTimeout + 3*time.Second
}

// callWhileAlive is Call that waits for so long, and not for a node that has died meanwhile.
func (m *Manager) callWhileAlive(
	ctx context.Context, within time.Duration, to record.NodeID, topic string, args, result any,
) error {
	calling, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	n := m.opts.Nodes
	go func() {
		tick := time.NewTicker(aliveCheck)
		defer tick.Stop()
		for {
			select {
			case <-calling.Done():
				return
			case <-tick.C:
				if !n.Alive(to) {
					cancel()
				}
			}
		}
	}()
	err := n.Call(calling, to, topic, args, result)
	if err != nil && errors.Is(calling.Err(), context.Canceled) && ctx.Err() == nil {
		return fault.ServerUnavailableNodeLost(to.Name).Because(err)
	}
	return err
}

// isUnreachable reports whether a call failed because the other node did not answer.
func isUnreachable(err error) bool {
	return fault.Is(err, fault.CodeServerUnavailable, fault.ReasonNodeLost)
}

// openJobs returns the jobs of a kind in a meeting that are not over, wherever they run.
func (m *Manager) openJobs(ctx context.Context, q job.StopRequest) ([]record.Job, error) {
	over := false
	list, err := m.opts.Store.Jobs(ctx, q.AccountID,
		record.JobFilter{Kinds: []job.Kind{q.Kind}, MeetingID: q.MeetingID, Over: &over}, record.Page{Size: maxOpenJobs})
	if err != nil {
		return nil, fault.ServerUnavailableStore("the query for running jobs").Because(err)
	}
	return list.Items, nil
}

// maxOpenJobs bounds the jobs of one kind in one meeting that are looked at.
const maxOpenJobs = 100

// stopElsewhere is Stop for jobs that may run on any node.
func (m *Manager) stopElsewhere(ctx context.Context, q job.StopRequest) (record.Job, error) {
	open, err := m.openJobs(ctx, q)
	if err != nil {
		return record.Job{}, err
	}
	n := m.opts.Nodes
	asked := map[record.NodeID]bool{n.ID(): true}
	stopped, err := m.stopHere(ctx, q)
	for _, j := range open {
		if asked[j.Node] || !isNamed(slotOf(j.MeetingID, j.Kind, j.ID, j.Sources, false), j, q) {
			continue
		}
		asked[j.Node] = true
		var other record.Job
		if failed := m.callWhileAlive(ctx, m.opts.StopTimeout, j.Node, topicStop, q, &other); failed != nil {
			if err != nil && (!isUnreachable(failed) || fault.From(err).Reason == fault.ReasonNotRunning) {
				err = failed // it says more than that none runs on this node
			}
			continue
		}
		stopped, err = other, nil
	}
	return stopped, err
}

// transcode puts a transcoding into the queue of the node that takes it.
func (m *Manager) transcodeElsewhere(ctx context.Context, q job.TranscodingRequest) (record.Job, error) {
	n := m.opts.Nodes
	nodes := n.Runners(q.MeetingID, record.NodeID{})
	if len(nodes) == 0 {
		return record.Job{}, fault.ServerUnavailableNoEgressNode(n.Counts())
	}
	var j record.Job
	var err error
	for _, node := range nodes[:min(maxAskedNodes, len(nodes))] {
		if node == n.ID() {
			j, err = m.transcodeHere(ctx, q)
		} else {
			err = n.Call(ctx, node, topicTranscode, q, &j)
		}
		if !isUnreachable(err) {
			break
		}
	}
	return j, err
}

// placeJob keeps the record of a new job. In a cluster, where each node knows its own jobs alone, judge is asked about
// the jobs of the account on all nodes that are not over. The error is a *fault.Error.
func (m *Manager) placeJob(ctx context.Context, j record.Job, judge func(open []record.Job) error) error {
	var err error
	if m.opts.Nodes == nil {
		err = m.opts.Store.CreateJob(ctx, j)
	} else {
		err = m.opts.Store.PlaceJob(ctx, j, judge)
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if err != nil {
		return fault.ServerUnavailableStore("the new " + string(j.Kind)).Because(err)
	}
	return nil
}

// judgePlace returns what judges whether a job may run beside those of its account that do.
func (m *Manager) judgePlace(r *run, rules startRules) func(open []record.Job) error {
	j := r.job
	return func(open []record.Job) error {
		present := 0
		for _, other := range open {
			if other = m.Latest(other); other.State.Over() || other.ID == r.follows {
				continue
			}
			if other.ID == j.ID { // a node that was asked before has begun it, and has not answered
				return fault.ServerUnavailableNodeLost(other.Node.Name)
			}
			if slotOf(other.MeetingID, other.Kind, other.ID, other.Sources, rules.several) == r.slot {
				return occupied(other)
			}
			if limitKind(other.Kind) == limitKind(j.Kind) {
				present++
			}
		}
		if limit := limitOf(rules.limits, j.Kind); limit > 0 && present >= limit {
			return j.Kind.Faults().AccountLimit(limit, present).WithMeeting(j.MeetingID, j.SessionID, "")
		}
		return nil
	}
}

// occupied returns the fault of a start where another job of the same place is not over.
func occupied(other record.Job) *fault.Error {
	faults := other.Kind.Faults()
	if other.StoppedAt.IsZero() {
		return faults.AlreadyRunning(other.StartedBy.String(), formatTime(other.CreatedAt), other.StartedBy.Who()).
			WithMeeting(other.MeetingID, other.SessionID, "")
	}
	return faults.PreviousProcessing(formatTime(other.StoppedAt)).RetryAfter(retryAfter).
		WithMeeting(other.MeetingID, other.SessionID, "")
}

// JobNode returns the node that makes the files of a job; ok is false when the job is over, or no such job exists.
func (m *Manager) JobNode(ctx context.Context, jobID string) (node record.NodeID, ok bool, err error) {
	m.mu.Lock()
	for _, r := range m.slots {
		if r.job.ID == jobID {
			node, ok = r.job.Node, true
		}
	}
	m.mu.Unlock()
	if ok || m.opts.Nodes == nil {
		return node, ok, nil
	}
	j, err := m.opts.Store.JobByID(ctx, jobID)
	if _, unknown := errors.AsType[*record.NotFoundError](err); unknown {
		return record.NodeID{}, false, nil
	}
	if err != nil {
		return record.NodeID{}, false, fault.ServerUnavailableStore("the query for a stream").Because(err)
	}
	return j.Node, !j.State.Over() && j.Node != record.NodeID{}, nil
}

// nodeID returns this node; a server alone has the zero NodeID.
func (m *Manager) nodeID() record.NodeID {
	if m.opts.Nodes == nil {
		return record.NodeID{}
	}
	return m.opts.Nodes.ID()
}
