package egress

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// notice is what a meeting is told of a job: one of the fields after the ids.
type notice struct {
	AccountID, MeetingID, SessionID string

	Job     *record.Job     // a job has a new state
	Fault   *fault.Error    // for To
	Cleared *record.Cleared // for To
	End     *fault.Error    // the session is to end with it

	To job.Audience

	queuedAt time.Time
}

const (
	// noticeLife is how long a notice waits for the node on which its meeting lives: a takeover takes some seconds.
	noticeLife = 30 * time.Second
	// maxNotices bounds what waits for one meeting: faults and states of its jobs. The oldest is dropped.
	maxNotices = 256
	// noticeTimeout is that of one attempt, and noticePause is between two.
	noticeTimeout = 3 * time.Second
	noticePause   = 200 * time.Millisecond
	// ownerCheck is how often it is looked whether the nodes that know the states of jobs are still alive.
	ownerCheck = time.Second
)

// notices are what waits to be told to meetings on other nodes, in order for each meeting. *mutex*
type notices struct {
	mu     sync.Mutex          // guards everything below
	queues map[string][]notice // by meeting id, while a goroutine delivers them
	told   map[string]record.NodeID
}

// tell sends a notice to the meeting of a job. On a server alone it is told when tell returns.
func (m *Manager) tell(n notice) {
	if m.opts.Nodes == nil {
		_, _ = m.applyNotice(m.life, n) // whether the session is here does not matter: else it is over
		return
	}
	n.queuedAt = time.Now()
	w := &m.notices
	w.mu.Lock()
	defer w.mu.Unlock()
	queue, delivering := w.queues[n.MeetingID]
	if len(queue) >= maxNotices {
		queue = slices.Delete(queue, 0, 1)
	}
	w.queues[n.MeetingID] = append(queue, n)
	if !delivering {
		m.running.Go(func() { m.guarded("what a meeting is told of its jobs", func() { m.deliver(n.MeetingID) }) })
	}
}

// deliver delivers the notices of a meeting until none waits.
func (m *Manager) deliver(meetingID string) {
	w := &m.notices
	for {
		w.mu.Lock()
		queue := w.queues[meetingID]
		if len(queue) == 0 || m.life.Err() != nil {
			delete(w.queues, meetingID)
			w.mu.Unlock()
			return
		}
		first := queue[0]
		w.queues[meetingID] = queue[1:]
		w.mu.Unlock()
		for !m.deliverOnce(first) && time.Since(first.queuedAt) < noticeLife {
			select {
			case <-time.After(noticePause):
			case <-m.life.Done():
				return
			}
		}
	}
}

// deliverOnce sends a notice to the node on which the meeting lives now, and reports whether nothing is left to do.
func (m *Manager) deliverOnce(n notice) bool {
	ctx, cancel := context.WithTimeout(m.life, noticeTimeout)
	defer cancel()
	owner, ok, err := m.opts.Nodes.Owner(ctx, n.MeetingID)
	if err != nil {
		return false
	}
	if !ok {
		return true // nobody is in the meeting any more
	}
	here := false
	if owner == m.opts.Nodes.ID() {
		here, err = m.applyNotice(ctx, n)
	} else {
		err = m.opts.Nodes.Call(ctx, owner, topicNotice, n, &here)
	}
	if err != nil || !here {
		return false
	}
	if n.Job != nil {
		m.notices.mu.Lock()
		if n.Job.State.Over() {
			delete(m.notices.told, n.Job.ID)
		} else {
			m.notices.told[n.Job.ID] = owner
		}
		m.notices.mu.Unlock()
	}
	return true
}

// watchOwners sends the states of jobs again when the node that was told them is gone: the one that goes on with the
// meeting may not know the last of them.
func (m *Manager) watchOwners() {
	tick := time.NewTicker(ownerCheck)
	defer tick.Stop()
	for {
		select {
		case <-m.life.Done():
			return
		case <-tick.C:
		}
		for _, r := range m.runsWhere(func(r *run) bool { return !r.job.State.Over() && r.job.Kind.Shown() }) {
			j := r.record()
			m.notices.mu.Lock()
			owner, told := m.notices.told[j.ID]
			gone := told && !m.opts.Nodes.Alive(owner)
			if gone {
				delete(m.notices.told, j.ID)
			}
			m.notices.mu.Unlock()
			if gone {
				m.guarded("the state of a job", func() { m.tellState(j) })
			}
		}
	}
}

// tellState sends the meeting the state of a job.
func (m *Manager) tellState(j record.Job) {
	m.tell(notice{AccountID: j.AccountID, MeetingID: j.MeetingID, SessionID: j.SessionID, Job: &j})
}

// tellFault sends the meeting a fault.
func (m *Manager) tellFault(j record.Job, f *fault.Error, to job.Audience) {
	m.tell(notice{AccountID: j.AccountID, MeetingID: j.MeetingID, SessionID: j.SessionID, Fault: f, To: to})
}

// applyNotice hands a notice to a meeting on this node. It reports whether the session runs here.
func (m *Manager) applyNotice(ctx context.Context, n notice) (here bool, err error) {
	if m.opts.Nodes != nil {
		session, _, err := m.opts.Meetings.RunningSession(ctx, n.AccountID, n.MeetingID, n.SessionID)
		if err != nil || session == "" {
			return false, err
		}
	}
	switch {
	case n.Job != nil:
		m.applyState(ctx, *n.Job)
	case n.Fault != nil:
		m.opts.Meetings.EgressFault(ctx, n.SessionID, n.Fault, n.To)
	case n.Cleared != nil:
		m.opts.Meetings.EgressFaultCleared(ctx, n.SessionID, *n.Cleared, n.To)
	case n.End != nil:
		m.opts.Meetings.EndFailed(ctx, n.AccountID, n.MeetingID, n.SessionID, n.End)
	}
	return true, nil
}

// applyState hands a meeting on this node the state of one of its jobs.
func (m *Manager) applyState(ctx context.Context, j record.Job) {
	others := m.Running(j.MeetingID)
	if m.opts.Nodes != nil {
		if others = m.board.update(j); others == nil {
			return
		}
		if !j.StoppedAt.IsZero() && j.State != job.Failed && m.board.isFollowed(j) {
			return // the other job tells how it goes on; what is told of it may come later than this
		}
	}
	if shown, changed := shownJob(j, others); changed {
		if event := eventOf(shown, m.opts.PublicURL); event != nil {
			m.opts.Meetings.EgressChanged(ctx, j.SessionID, event)
		}
	}
	if m.opts.Nodes != nil && j.State == job.Failed {
		m.followLoss(j)
	}
}

// board is what this node knows of the jobs of the sessions that live on it, wherever they run. *mutex*
type board struct {
	mu       sync.Mutex               // guards everything below
	sessions map[string]*sessionBoard // by session id
}

type sessionBoard struct {
	jobs   map[string]record.Job // that are not over
	orders map[string]startOrder // of those that were started from here
	over   map[string]bool
	// followed are the jobs with whose work other ones go on, and those: the nodes of the first are drained.
	followed map[string]string
}

func (b *board) ofLocked(sessionID string) *sessionBoard {
	s := b.sessions[sessionID]
	if s == nil {
		s = &sessionBoard{
			jobs: map[string]record.Job{}, orders: map[string]startOrder{}, over: map[string]bool{},
			followed: map[string]string{},
		}
		b.sessions[sessionID] = s
	}
	return s
}

// update takes the state of a job, and returns the jobs of its session that are not over; nil for a state that is older
// than the one that is known, or the same.
func (b *board) update(j record.Job) []record.Job {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.ofLocked(j.SessionID)
	if s.over[j.ID] {
		return nil
	}
	known, have := s.jobs[j.ID]
	if have && (j.UpdatedAt.Before(known.UpdatedAt) || j.State == known.State) {
		return nil
	}
	if j.State.Over() {
		s.over[j.ID] = true
		delete(s.jobs, j.ID)
		if j.State != job.Failed { // after which it may be started again
			delete(s.orders, j.ID)
		}
	} else {
		s.jobs[j.ID] = j
	}
	all := []record.Job{}
	for _, other := range s.jobs {
		all = append(all, other)
	}
	slices.SortFunc(all, func(a, b record.Job) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// remember keeps with which order a job was started, so that it can be started again elsewhere.
func (b *board) remember(j record.Job, o startOrder) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.ofLocked(j.SessionID); !s.over[j.ID] {
		s.orders[j.ID] = o
	}
}

// follow notes that a job goes on with the work of another one; "" is none.
func (b *board) follow(j record.Job, other string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if other != "" {
		b.ofLocked(j.SessionID).followed[other] = j.ID
	}
}

// isFollowed reports whether another job, which is not over, goes on with the work of one.
func (b *board) isFollowed(j record.Job) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.ofLocked(j.SessionID)
	next, is := s.followed[j.ID]
	return is && !s.over[next]
}

// take returns the order with which a job was started, once.
func (b *board) take(j record.Job) (o startOrder, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.ofLocked(j.SessionID)
	o, ok = s.orders[j.ID]
	delete(s.orders, j.ID)
	return o, ok
}

// forget forgets a session that has ended.
func (b *board) forget(sessionID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.sessions, sessionID)
}
