package egress

import (
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// SessionStarted starts what autoStartConfig of the meeting asks for. It does not block.
func (m *Manager) SessionStarted(accountID, meetingID, sessionID string) {
	m.background("an automatic start", func() { m.autoStart(accountID, meetingID, sessionID) })
}

// background runs f in a goroutine that Close waits for, unless the manager is closing.
func (m *Manager) background(what string, f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.draining {
		m.running.Go(func() { m.guarded(what, f) })
	}
}

func (m *Manager) autoStart(accountID, meetingID, sessionID string) {
	found, err := m.opts.Store.Meeting(m.life, accountID, meetingID)
	if err != nil {
		m.reportUnattended(
			accountID,
			fault.ServerUnavailableStore("the query for a meeting").Because(err).WithMeeting(meetingID, sessionID, ""),
		)
		return
	}
	if len(found.Config.AutoStart) == 0 || m.opts.AutoStart == nil {
		return
	}
	wanted, err := m.opts.AutoStart(found.Config.AutoStart)
	if err != nil { // a config from before it was checked when a room is made
		m.reportUnattended(accountID, fault.From(err).WithMeeting(meetingID, sessionID, ""))
		return
	}
	for _, q := range wanted {
		q.AccountID, q.MeetingID, q.SessionID, q.By = accountID, meetingID, sessionID, job.By{AutoStart: true}
		m.background("an automatic start", func() { m.startUnattended(q, 0) })
	}
}

// reportUnattended reports why nothing could be started automatically, and tells the moderators.
func (m *Manager) reportUnattended(accountID string, f *fault.Error) {
	f = f.WithAccount(accountID)
	m.opts.Report(m.life, f)
	to := audience(f)
	to.Moderators = true
	m.tellFault(record.Job{AccountID: accountID, MeetingID: f.MeetingID, SessionID: f.SessionID}, f, to)
}
