package egress

import (
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
)

// closeRoom ends the session of a job that has failed with f, after the time that onFailure leaves for another start of
// the same kind. The manager's wait group holds the caller.
func (m *Manager) closeRoom(q job.Request, f *fault.Error, wait time.Duration) {
	select {
	case <-time.After(wait):
	case <-m.closing:
		return
	case <-m.life.Done():
		return
	}
	others := m.Running(q.MeetingID)
	if m.opts.Nodes != nil {
		var err error
		stop := job.StopRequest{Kind: q.Kind, AccountID: q.AccountID, MeetingID: q.MeetingID}
		if others, err = m.openJobs(m.life, stop); err != nil {
			m.opts.Report(m.life, fault.From(err).WithMeeting(q.MeetingID, q.SessionID, ""))
		}
	}
	for _, j := range others {
		if j.Kind == q.Kind && j.SessionID == q.SessionID && !j.State.Over() {
			return
		}
	}
	ended := fault.MeetingEndedOnFailure(string(q.Kind), int(wait/time.Second)).CausedBy(f.ID)
	m.tell(notice{AccountID: q.AccountID, MeetingID: q.MeetingID, SessionID: q.SessionID, End: ended})
}
