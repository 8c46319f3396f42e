package egress

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/workerticket"
)

// Admission is what the ticket of a worker admits it to.
type Admission struct {
	AccountID, MeetingID, SessionID string
	ParticipantID                   string // of the hidden participant that the worker becomes
}

// ticket is good for one join of one worker, into the session of its job. It is used up on the node on which the worker
// runs, the only one that knows its nonce; the node on which the meeting lives, to which that one relays the join,
// judges the signature.
type ticket struct {
	Nonce     string        `json:"nonce"`
	JobID     string        `json:"job"`
	AccountID string        `json:"account"`
	MeetingID string        `json:"meeting"`
	SessionID string        `json:"session"`
	Node      record.NodeID `json:"node"` // on which the worker runs
	ExpiresAt int64         `json:"exp"`  // Unix time in seconds
}

// ticketLife is how long a worker may take to join. Clocks of nodes may differ by less than that.
const ticketLife = time.Minute

// newTicket returns a ticket for the worker of a job. The one before is void.
func (r *run) newTicket() (string, error) {
	t := ticket{
		Nonce: strings.ToLower(rand.Text()), JobID: r.job.ID, AccountID: r.job.AccountID, MeetingID: r.job.MeetingID,
		SessionID: r.job.SessionID, Node: r.job.Node, ExpiresAt: time.Now().Add(ticketLife).Unix(),
	}
	signed, err := workerticket.Sign(r.m.ticketKey, t)
	if err != nil {
		return "", fault.From(err)
	}
	r.m.mu.Lock()
	defer r.m.mu.Unlock()
	if r.m.slots[r.slot] != r { // it is over
		return order.TicketPrefix + signed, nil
	}
	delete(r.m.tickets, r.ticket)
	r.ticket = t.Nonce
	r.m.tickets[t.Nonce] = r
	return order.TicketPrefix + signed, nil
}

// Admit judges the ticket of a worker: a token that is good for one join, into the meeting of its job. relayedBy is the
// node that took the socket and judged the ticket before; the zero NodeID: this one. ok is false for every other
// token, which the gate judges; for the gate a used or invented ticket is a malformed token.
func (m *Manager) Admit(token string, relayedBy record.NodeID) (to Admission, ok bool) {
	signed, ok := strings.CutPrefix(token, order.TicketPrefix)
	if !ok {
		return Admission{}, false
	}
	var t ticket
	if !workerticket.Open(m.ticketKey, signed, &t) || time.Now().Unix() > t.ExpiresAt {
		return Admission{}, false
	}
	to = Admission{
		AccountID: t.AccountID, MeetingID: t.MeetingID, SessionID: t.SessionID,
		ParticipantID: "egress " + t.JobID, // an id that no participant can have, for theirs hold no space
	}
	if relayedBy != (record.NodeID{}) {
		return to, relayedBy == t.Node
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tickets[t.Nonce] == nil {
		return Admission{}, false
	}
	delete(m.tickets, t.Nonce)
	return to, true
}
