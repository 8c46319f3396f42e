package egress

import (
	"strings"

	"github.com/klatch/klatch/internal/egress/order"
)

// Admission is what the ticket of a worker admits it to.
type Admission struct {
	AccountID, MeetingID, SessionID string
	ParticipantID                   string // of the hidden participant that the worker becomes
}

// Admit uses up the ticket of a worker: a token that is good for one join, into the meeting of its job. ok is false for
// every other token, which the gate judges; for the gate a used or invented ticket is a malformed token.
func (m *Manager) Admit(token string) (to Admission, ok bool) {
	ticket, ok := strings.CutPrefix(token, order.TicketPrefix)
	if !ok {
		return Admission{}, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.tickets[ticket]
	if r == nil {
		return Admission{}, false
	}
	delete(m.tickets, ticket)
	return Admission{
		AccountID: r.job.AccountID, MeetingID: r.job.MeetingID, SessionID: r.job.SessionID,
		ParticipantID: "egress " + r.job.ID, // an id that no participant can have, for theirs hold no space
	}, true
}
