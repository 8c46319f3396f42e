package egress

import (
	"strings"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/meeting"
	"github.com/klatch/klatch/internal/wire"
)

// Admit lets a worker into the meeting of its job: its token is a ticket, good for one join. ok is false for every other
// join, which the gate judges; for the gate a used or made-up ticket is a malformed token.
func (m *Manager) Admit(params wire.JoinParams) (join meeting.JoinRequest, ok bool) {
	ticket, ok := strings.CutPrefix(params.Token, order.TicketPrefix)
	if !ok {
		return meeting.JoinRequest{}, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.tickets[ticket]
	if r == nil {
		return meeting.JoinRequest{}, false
	}
	delete(m.tickets, ticket)
	return meeting.JoinRequest{
		AccountID: r.job.AccountID, MeetingID: r.job.MeetingID, SessionID: r.job.SessionID, Hidden: true,
		// An id that no participant can have, for theirs hold no space.
		ParticipantID: "egress " + r.job.ID,
		Mode:          wire.RecvOnly, AutoConsume: params.AutoConsume == nil || *params.AutoConsume, Client: params.Client,
	}, true
}
