package egress

import (
	"context"
	"encoding/json"

	"github.com/klatch/klatch/internal/record"
)

// Nodes are the servers of a cluster, as jobs see them. Errors of calls are *fault.Error.
type Nodes interface {
	// ID returns this node.
	ID() record.NodeID
	Alive(id record.NodeID) bool
	// Owner returns the node on which a meeting lives; ok is false when it lives on none.
	Owner(ctx context.Context, meetingID string) (id record.NodeID, ok bool, err error)
	// Runners returns the nodes that take jobs, the best first. Of nodes that are equally loaded, different keys choose
	// different ones; not is chosen only where there is no other.
	Runners(key string, not record.NodeID) []record.NodeID
	// Counts returns how many nodes run, and how many of those that take jobs are shutting down.
	Counts() (running, draining int)

	// Call has another node answer; see Answer. 5101 NODE_LOST says that it cannot be reached.
	Call(ctx context.Context, to record.NodeID, topic string, args, result any) error
	Answer(topic string, f func(ctx context.Context, from record.NodeID, args json.RawMessage) (any, error))
	// Broadcast reaches the other nodes, but one that is cut off at this moment.
	Broadcast(topic string, v any) error
	On(topic string, f func(from record.NodeID, data json.RawMessage))
}

// Topics of calls and broadcasts between nodes.
const (
	topicDispatch  = "egress.dispatch"  // startOrder: choose a node, and start there; a record.Job
	topicStart     = "egress.start"     // startOrder: start on this node; a record.Job
	topicStop      = "egress.stop"      // job.StopRequest; a record.Job
	topicStopJob   = "egress.stopJob"   // the id of a job that is to stop; whether it was there
	topicSession   = "egress.session"   // sessionQuery; a runningSession
	topicPublish   = "egress.publish"   // the id of a job whose worker holds; whether it was there
	topicNotice    = "egress.notice"    // notice; whether its session is here
	topicEnded     = "egress.ended"     // broadcast of the id of a session that has ended
	topicTranscode = "egress.transcode" // job.TranscodingRequest; a record.Job
	topicCancel    = "egress.cancel"    // the id of a transcoding; whether it was there
)

// answer makes a function that takes arguments of a type answer the calls of a topic.
func answer[Args, Result any](n Nodes, topic string, f func(context.Context, Args) (Result, error)) {
	n.Answer(topic, func(ctx context.Context, _ record.NodeID, raw json.RawMessage) (any, error) {
		var args Args
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, err
		}
		return f(ctx, args)
	})
}

// joinNodes answers what other nodes ask of this one.
func (m *Manager) joinNodes() {
	n := m.opts.Nodes
	answer(n, topicDispatch, m.dispatch)
	answer(n, topicStart, m.startHere)
	answer(n, topicStop, m.stopHere)
	answer(n, topicStopJob, func(_ context.Context, id string) (bool, error) { return m.stopJob(id), nil })
	answer(n, topicSession, func(ctx context.Context, q sessionQuery) (runningSession, error) {
		var s runningSession
		var err error
		s.ID, s.ParticipantIDs, err = m.opts.Meetings.RunningSession(ctx, q.AccountID, q.MeetingID, q.SessionID)
		return s, err
	})
	answer(n, topicPublish, func(_ context.Context, id string) (bool, error) { return m.publishHere(id), nil })
	answer(n, topicNotice, m.applyNotice)
	answer(n, topicTranscode, m.transcodeHere)
	answer(n, topicCancel, func(_ context.Context, id string) (bool, error) { return m.cancelHere(id), nil })
	n.On(topicEnded, func(_ record.NodeID, raw json.RawMessage) {
		var sessionID string
		if json.Unmarshal(raw, &sessionID) == nil {
			m.stopSession(sessionID)
		}
	})
	m.watch.Go(m.watchOwners)
}

// sessionQuery are the arguments of Meetings.RunningSession, and runningSession is its result.
type sessionQuery struct{ AccountID, MeetingID, SessionID string }

type runningSession struct {
	ID             string
	ParticipantIDs []string
}

// runningSession asks the node on which the meeting lives.
func (m *Manager) runningSession(ctx context.Context, q sessionQuery) (id string, people []string, err error) {
	n := m.opts.Nodes
	if n == nil {
		return m.opts.Meetings.RunningSession(ctx, q.AccountID, q.MeetingID, q.SessionID)
	}
	owner, ok, err := n.Owner(ctx, q.MeetingID)
	switch {
	case err != nil || !ok:
		return "", nil, err
	case owner == n.ID():
		return m.opts.Meetings.RunningSession(ctx, q.AccountID, q.MeetingID, q.SessionID)
	}
	var s runningSession
	err = n.Call(ctx, owner, topicSession, q, &s)
	return s.ID, s.ParticipantIDs, err
}
