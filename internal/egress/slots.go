package egress

import (
	"context"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// reserve takes the slot of a job and counts it against the limits of the account, in one step. While the end of the
// previous job is being published it waits: whoever has heard of that end may start, and the states of the next job
// come after it.
func (m *Manager) reserve(ctx context.Context, r *run, limits record.Limits) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for other := m.slots[r.slot]; other != nil && other.job.State.Over(); other = m.slots[r.slot] {
		m.mu.Unlock()
		select {
		case <-other.slotFree:
		case <-ctx.Done():
		}
		m.mu.Lock()
		if ctx.Err() != nil {
			return fault.OperationAbortedCancelled(r.request.Method).Because(ctx.Err())
		}
	}
	if m.draining {
		return fault.ServerUnavailableDraining()
	}
	if other := m.slots[r.slot]; other != nil {
		return occupied(other.job)
	}
	if limit := limitOf(limits, r.job.Kind); limit > 0 {
		present := 0
		for _, other := range m.slots {
			if !other.job.State.Over() && other.job.AccountID == r.job.AccountID &&
				limitKind(other.job.Kind) == limitKind(r.job.Kind) {
				present++
			}
		}
		if present >= limit {
			return r.job.Kind.Faults().AccountLimit(limit, present).WithMeeting(r.job.MeetingID, r.job.SessionID, "")
		}
	}
	m.slots[r.slot] = r
	m.running.Add(1)
	return nil
}

// retryAfter is the retryAfterMs of a start while the previous job is being finished, which takes a second or two.
const retryAfter = 3 * time.Second

// limitKind returns the kind as which limits count a job: every file of a meeting is a recording.
func limitKind(kind job.Kind) job.Kind {
	if kind.Shown() {
		return kind
	}
	return job.Recording
}

func limitOf(l record.Limits, kind job.Kind) int {
	switch limitKind(kind) {
	case job.Livestream:
		return l.Livestreams
	case job.HLS:
		return l.HLS
	}
	return l.Recordings
}

func (m *Manager) release(r *run) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.slots, r.slot)
	delete(m.tickets, r.ticket)
	close(r.slotFree)
}

// slotOf returns the place of a job; with several, that of one of several jobs of its kind.
func slotOf(meetingID string, kind job.Kind, jobID string, sources []job.Source, several bool) slot {
	at := slot{meetingID: meetingID, kind: kind}
	switch {
	case kind == job.Composite || several:
		at.source = jobID
	case !kind.Composed() && len(sources) > 0:
		at.source = sources[0].ParticipantID
		if kind == job.Track {
			at.source += " " + string(sources[0].Kind) // an id holds no space
		}
	}
	return at
}
