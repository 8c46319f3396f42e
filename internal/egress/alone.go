package egress

import (
	"encoding/json"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/job"
)

// startAlone starts a job that nobody waits for: a failure is reported and told to the moderators.
func (m *Manager) startAlone(q job.Request, restarts int) {
	if _, err := m.launch(m.life, q, restarts, abandoned); err != nil {
		f := fault.From(err).In(q.MeetingID, q.SessionID, "")
		if f.Is(fault.ServerUnavailableDraining()) {
			return // the server stops: everybody hears that
		}
		m.opts.Report(m.life, f)
		to := audience(f)
		to.Moderators = true
		m.opts.Meetings.EgressFault(m.life, q.SessionID, f, to)
	}
}

// autoStart is the published autoStartConfig of a meeting.
type autoStart struct {
	Recording *autoJob `json:"recording"`
	HLS       *autoJob `json:"hls"`
	Composite *autoJob `json:"composite"`
}

type autoJob struct {
	Config    json.RawMessage `json:"config"`
	Dir       string          `json:"awsDirPath"`
	OnFailure job.OnFailure   `json:"onFailure"`
}

// SessionStarted starts what autoStartConfig of the meeting asks for. It does not block.
func (m *Manager) SessionStarted(accountID, meetingID, sessionID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.draining {
		return
	}
	m.running.Go(func() { m.autoStart(accountID, meetingID, sessionID) })
}

func (m *Manager) autoStart(accountID, meetingID, sessionID string) {
	found, err := m.opts.Store.Meeting(m.life, accountID, meetingID)
	if err != nil {
		m.opts.Report(m.life, fault.ServerUnavailableStore("the query for a meeting").Because(err).In(meetingID, sessionID, ""))
		return
	}
	if len(found.Config.AutoStart) == 0 {
		return
	}
	var config autoStart
	if err := json.Unmarshal(found.Config.AutoStart, &config); err != nil {
		m.opts.Report(m.life, fault.InvalidMessageBadParams("autoStartConfig", "autoStartConfig", "has a shape that does not fit").Because(err).In(meetingID, sessionID, ""))
		return
	}
	for _, wanted := range []struct {
		kind job.Kind
		job  *autoJob
	}{{job.Recording, config.Recording}, {job.HLS, config.HLS}, {job.Composite, config.Composite}} {
		if wanted.job == nil {
			continue
		}
		q := job.Request{
			Kind: wanted.kind, Method: "autoStartConfig", AccountID: accountID, MeetingID: meetingID, SessionID: sessionID,
			By: job.By{AutoStart: true}, Config: wanted.job.Config, Dir: wanted.job.Dir, OnFailure: wanted.job.OnFailure,
		}
		m.mu.Lock()
		if !m.draining {
			m.running.Go(func() { m.startAlone(q, 0) })
		}
		m.mu.Unlock()
	}
}
