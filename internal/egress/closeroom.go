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
	for _, j := range m.Running(q.MeetingID) {
		if j.Kind == q.Kind && j.SessionID == q.SessionID && !j.State.Over() {
			return
		}
	}
	ended := fault.MeetingEndedOnFailure(string(q.Kind), int(wait/time.Second)).CausedBy(f.ID)
	m.opts.Meetings.EndFailed(m.life, q.AccountID, q.MeetingID, q.SessionID, ended)
}
