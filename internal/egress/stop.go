package egress

import (
	"context"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// Stop asks a job to stop, without waiting for its end; its states follow as events. Where several of a kind run in the
// meeting and none is named, all of them stop. The error is a *fault.Error.
func (m *Manager) Stop(ctx context.Context, q job.StopRequest) (record.Job, error) {
	if m.opts.Nodes != nil {
		return m.stopElsewhere(ctx, q)
	}
	return m.stopHere(ctx, q)
}

// stopHere is Stop for the jobs of this node.
func (m *Manager) stopHere(ctx context.Context, q job.StopRequest) (record.Job, error) {
	var mine, asked []*run // of the caller's account; of those, the ones that this call stops
	var j record.Job
	m.mu.Lock()
	for at, r := range m.slots {
		if at.meetingID != q.MeetingID || at.kind != q.Kind || r.job.AccountID != q.AccountID || !isNamed(at, r.job, q) {
			continue
		}
		mine = append(mine, r)
		r.asked = true
		if r.job.StoppedAt.IsZero() {
			// here and not when its supervisor takes it up, for the next call may come before that
			r.job.StoppedAt = now()
			asked = append(asked, r)
		}
		j = r.job
	}
	m.mu.Unlock()
	for _, r := range asked {
		r.requestStop()
	}
	if len(asked) > 0 {
		return j, nil
	}
	last := "there was none"
	if len(mine) > 0 {
		last = formatTime(j.StoppedAt)
	} else if ended, err := m.lastEnded(ctx, q); err != nil {
		return record.Job{}, fault.ServerUnavailableStore("the query for the last job").Because(err)
	} else if !ended.IsZero() {
		last = formatTime(ended)
	}
	return record.Job{}, q.Kind.Faults().NotRunning(last).WithMeeting(q.MeetingID, "", "")
}

// isNamed reports whether a request to stop means the job at that place of its meeting.
func isNamed(at slot, j record.Job, q job.StopRequest) bool {
	if q.Kind.Shown() {
		return q.JobID == "" || q.JobID == j.ID
	}
	return at == slotOf(q.MeetingID, q.Kind, q.JobID, []job.Source{q.Source}, false)
}

func (m *Manager) lastEnded(ctx context.Context, q job.StopRequest) (time.Time, error) {
	over := true
	want := record.JobFilter{
		Kinds:         []job.Kind{q.Kind},
		MeetingID:     q.MeetingID,
		ParticipantID: q.Source.ParticipantID,
		Over:          &over,
	}
	jobs, err := m.opts.Store.Jobs(ctx, q.AccountID, want, record.Page{Size: 1})
	if err != nil || len(jobs.Items) == 0 {
		return time.Time{}, err
	}
	return jobs.Items[0].EndedAt, nil
}

func formatTime(t time.Time) string { return fault.InstantOf(t).String() }
