package egress

import (
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/job"
)

// startUnattended starts a job that nobody waits for: a failure is reported and told to the moderators.
func (m *Manager) startUnattended(q job.Request, restarts int) {
	if _, err := m.launch(m.life, q, restarts, abandoned); err != nil {
		m.reportUnattended(fault.From(err).In(q.MeetingID, q.SessionID, ""))
	}
}

// reportUnattended reports why something did not start by itself, and tells the moderators.
func (m *Manager) reportUnattended(f *fault.Error) {
	if f.Is(fault.ServerUnavailableDraining()) {
		return // the server stops: everybody hears that
	}
	m.opts.Report(m.life, f)
	to := audience(f)
	to.Moderators = true
	m.opts.Meetings.EgressFault(m.life, f.SessionID, f, to)
}

// SessionStarted starts what autoStartConfig of the meeting asks for. It does not block.
func (m *Manager) SessionStarted(accountID, meetingID, sessionID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.draining {
		return
	}
	m.running.Go(func() { m.guarded("an automatic start", func() { m.autoStart(accountID, meetingID, sessionID) }) })
}

func (m *Manager) autoStart(accountID, meetingID, sessionID string) {
	found, err := m.opts.Store.Meeting(m.life, accountID, meetingID)
	if err != nil {
		m.reportUnattended(fault.ServerUnavailableStore("the query for a meeting").Because(err).In(meetingID, sessionID, ""))
		return
	}
	if len(found.Config.AutoStart) == 0 || m.opts.AutoStart == nil {
		return
	}
	wanted, err := m.opts.AutoStart(found.Config.AutoStart)
	if err != nil { // a config of a time when it was not judged
		m.reportUnattended(fault.From(err).In(meetingID, sessionID, ""))
		return
	}
	for _, q := range wanted {
		q.AccountID, q.MeetingID, q.SessionID, q.By = accountID, meetingID, sessionID, job.By{AutoStart: true}
		m.mu.Lock()
		if !m.draining {
			m.running.Go(func() { m.guarded("an automatic start", func() { m.startUnattended(q, 0) }) })
		}
		m.mu.Unlock()
	}
}
