package egress

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/trace"
)

// Start starts a job and returns its record when it runs. REST, signaling and automatic starts all come here. The error
// is the *fault.Error that kept the job from running. When ctx ends first, the job goes on, and a fault of its start is
// reported.
func (m *Manager) Start(ctx context.Context, q job.Request) (record.Job, error) {
	return m.start(ctx, q, 0)
}

// startHere starts a job on this node.
func (m *Manager) startHere(ctx context.Context, o startOrder) (record.Job, error) {
	q := o.Request
	ctx, span := trace.Start(ctx, "start "+string(q.Kind), "klatch.meeting.id", q.MeetingID)
	r, err := m.launch(ctx, o)
	if err != nil {
		err = fault.From(err)
		span.End(err)
		m.notifyRefusal(o, err)
		return record.Job{}, err
	}
	span.Set("klatch.job.id", r.record().ID, "klatch.session.id", q.SessionID)
	j, err := r.awaitStart(ctx)
	if err != nil {
		err = fault.From(err)
	}
	span.End(err)
	return j, err
}

// launch checks a request, takes the slot of its job, and starts the supervision. The error is a *fault.Error, and then
// there is no job.
func (m *Manager) launch(ctx context.Context, o startOrder) (*run, error) {
	q := o.Request
	if err := m.Check(q); err != nil {
		return nil, err
	}
	q, rules, err := m.resolve(ctx, normalized(q))
	if err != nil {
		return nil, err
	}
	if f := m.checkEncoder(ctx, q.Method, q.Kind, q.Format); f != nil {
		return nil, f.WithMeeting(q.MeetingID, q.SessionID, "")
	}
	j := newJob(q, o.JobID, m.nodeID())
	if f := m.checkStorage(j); f != nil {
		return nil, f.WithMeeting(q.MeetingID, q.SessionID, "")
	}
	if q, err = m.withImages(ctx, q); err != nil {
		return nil, fault.From(err).WithMeeting(q.MeetingID, q.SessionID, "")
	}
	j.Watermarks = q.Watermarks
	o.Request = q
	r := newRun(m, j, o, rules.several)
	r.trace = trace.Detached(context.Background(), ctx)
	if err := m.reserve(ctx, r, rules.limits); err != nil {
		return nil, err
	}
	if err := m.placeJob(ctx, j, m.judgePlace(r, rules)); err != nil {
		m.release(r)
		m.running.Done()
		return nil, err
	}
	go func() {
		defer m.running.Done()
		r.supervise()
	}()
	return r, nil
}

// composedByDefault is the number of participants in a composite recording that names none, as published.
const composedByDefault = 3

// startRules are what account and meeting say of a start.
type startRules struct {
	limits  record.Limits
	several bool // several jobs of the kind may run at once
}

// resolve returns the request with the session that runs, and with the participants of a composite recording that names
// none, and the rules of its account and meeting. The error is a *fault.Error.
func (m *Manager) resolve(ctx context.Context, q job.Request) (job.Request, startRules, error) {
	account, err := m.opts.Store.Account(ctx, q.AccountID)
	if err != nil {
		return q, startRules{}, fault.ServerUnavailableStore("the query for an account").Because(err)
	}
	if account.Settings.AddOnsDisabled {
		return q, startRules{}, fault.AddOnServicesDisabledDisabled()
	}
	rules := startRules{limits: account.Limits}
	if q.Kind.Shown() {
		meeting, err := m.opts.Store.Meeting(ctx, q.AccountID, q.MeetingID)
		// one that does not exist has no session either
		if _, unknown := errors.AsType[*record.NotFoundError](err); err != nil && !unknown {
			return q, startRules{}, fault.ServerUnavailableStore("the query for a meeting").Because(err)
		}
		rules.several = meeting.Config.MultiComposition.Allows(q.Kind)
	}
	session, people, err := m.runningSession(ctx, sessionQuery{q.AccountID, q.MeetingID, q.SessionID})
	if f, ok := errors.AsType[*fault.Error](err); ok && m.opts.Nodes != nil {
		return q, startRules{}, f
	}
	if err != nil {
		return q, startRules{}, fault.OperationAbortedCancelled(q.Method).Because(err)
	}
	if session == "" {
		return q, startRules{}, q.Kind.Faults().NoSession().WithMeeting(q.MeetingID, "", "")
	}
	q.SessionID = session
	if q.By.AutoStart { // the session begins with the first participant; those who are named may follow
		return q, rules, nil
	}
	if q.Kind == job.Composite && len(q.Sources) == 0 {
		q.Sources = nil
		for _, id := range people[:min(composedByDefault, len(people))] {
			q.Sources = append(q.Sources, job.Source{ParticipantID: id})
		}
	}
	for _, s := range q.Sources {
		if !slices.Contains(people, s.ParticipantID) {
			return q, startRules{}, q.Kind.Faults().NoSuchParticipant(s.ParticipantID).WithMeeting(q.MeetingID, session, "")
		}
	}
	return q, rules, nil
}

// newJob returns the record of a job that is about to start.
func newJob(q job.Request, id string, node record.NodeID) record.Job {
	now := time.Now().UTC().Truncate(time.Millisecond)
	j := record.Job{
		ID: id, Node: node, Kind: q.Kind, AccountID: q.AccountID, MeetingID: q.MeetingID, SessionID: q.SessionID,
		State: job.Starting, Config: q.Config, Sources: q.Sources, Format: q.Format, Targets: targetsOf(q.Outputs),
		OnFailure: q.OnFailure, WebhookURL: q.WebhookURL, Dir: q.Dir, StartedBy: q.By, CreatedAt: now, UpdatedAt: now,
	}
	j.Path = outputPath(j)
	return j
}

// notifyRefusal reports to the moderators that a start was refused, where that concerns them. The participant who asked
// gets the fault as the answer. A start without a caller is told to every moderator.
func (m *Manager) notifyRefusal(o startOrder, err error) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || o.isQuiet() {
		return
	}
	q, to := o.Request, audience(f)
	if o.isUnattended() {
		if f.Is(fault.ServerUnavailableDraining()) {
			return // the server stops, and tells everybody so
		}
		f, to.Moderators = f.WithMeeting(q.MeetingID, q.SessionID, ""), true
	} else {
		to.Except = q.By.ParticipantID
	}
	if f.SessionID != "" {
		told := *f // the boundary that answers completes its own
		m.tellFault(record.Job{AccountID: q.AccountID, MeetingID: q.MeetingID, SessionID: f.SessionID}, &told, to)
	}
}

// startUnattended starts a job and reports the fault of its start, which no call returns.
func (m *Manager) startUnattended(q job.Request, restarts int) {
	_, err := m.start(m.life, q, restarts)
	if err == nil {
		return
	}
	f := fault.From(err)
	if f.Is(fault.ServerUnavailableDraining()) || m.life.Err() != nil { // the server stops: the job reports its own end
		return
	}
	m.opts.Report(m.life, f.WithMeeting(q.MeetingID, q.SessionID, ""))
}
