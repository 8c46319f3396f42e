package egress

import (
	"context"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// Stop asks a job to stop, without waiting for its end; its states follow as events. The error is a *fault.Error.
func (m *Manager) Stop(ctx context.Context, q job.StopRequest) (record.Job, error) {
	at := slotOf(q.MeetingID, q.Kind, q.JobID, []job.Source{q.Source})
	m.mu.Lock()
	r := m.slots[at]
	var j record.Job
	mine, first := false, false
	if r != nil {
		mine = r.job.AccountID == q.AccountID
		if first = mine && r.job.StoppedAt.IsZero(); first {
			// here and not when its supervisor takes it up, for the next call may come before that
			r.job.StoppedAt = now()
		}
		j = r.job
	}
	m.mu.Unlock()
	if first {
		r.requestStop()
		return j, nil
	}
	last := "there was none"
	if mine {
		last = formatTime(j.StoppedAt)
	} else if ended, err := m.lastEnded(ctx, q); err != nil {
		return record.Job{}, fault.ServerUnavailableStore("the query for the last job").Because(err)
	} else if !ended.IsZero() {
		last = formatTime(ended)
	}
	return record.Job{}, q.Kind.Faults().NotRunning(last).WithMeeting(q.MeetingID, "", "")
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

func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
