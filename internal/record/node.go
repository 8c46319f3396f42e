package record

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/wire"
)

// NodeID names one run of a server among those of a cluster. A server that is alone has the zero NodeID.
type NodeID struct {
	Name        string `json:"name"`
	Incarnation string `json:"incarnation"` // made at start, and anew when the leases were lost
}

// NodeLease is the lease of a run of a server, as the database has it.
type NodeLease struct {
	ID        NodeID
	Version   int64 // grows with each renewal, from 1
	Info      json.RawMessage
	Fenced    bool      // it never renews again
	RenewedAt time.Time // by the clock of that node
}

// Owner is the node on which a meeting lives.
type Owner struct {
	MeetingID string
	AccountID string
	Node      NodeID
	Epoch     int64 // grows with each change of the owner: the fencing token
}

// FencedError is returned to a node that may not do something any more: its lease is lost, or the meeting lives
// elsewhere.
type FencedError struct {
	Node  NodeID // which was refused
	Owner NodeID // to which the thing belongs now; zero: the lease of Node itself is lost
}

func (e *FencedError) Error() string {
	if e.Owner == (NodeID{}) {
		return fmt.Sprintf("the node %s (%s) has lost its lease", e.Node.Name, e.Node.Incarnation)
	}
	return fmt.Sprintf("the node %s (%s) is not the owner any more: %s (%s) is", e.Node.Name, e.Node.Incarnation,
		e.Owner.Name, e.Owner.Incarnation)
}

// OpenSession is what the database knows of a session that has not ended: what its next owner goes on with.
type OpenSession struct {
	ID, AccountID, MeetingID string
	StartedAt                time.Time
	// AliveAt is when the node from which the session was taken has last renewed its lease, by the clock of that node.
	// Zero: it was not taken from another node, or that one handed it over.
	AliveAt      time.Time
	State        json.RawMessage     // as the meeting last saved it; nil: never
	Participants []OpenParticipation // oldest first; each once, in its newest participation
	Messages     []OpenMessage       // persisted, oldest first
}

// OpenParticipation is a participation that has not ended, in the mode that it has now. Its Admission is nil where an
// older version wrote it.
type OpenParticipation struct {
	NewParticipation
}

// OpenMessage is a persisted message of a session that goes on.
type OpenMessage struct {
	wire.Message
	Readers []string // participants who may read it; nil: everybody
}

// AccountUsage is what an account has at one time.
type AccountUsage struct {
	Participants map[wire.Mode]int
	Sessions     int
	Jobs         map[job.Kind]int
}

// UsageCount is how many participants of a mode an account has on one node.
type UsageCount struct {
	AccountID    string
	Mode         wire.Mode
	Participants int
}

// LiveUsage is what runs of an account at one time.
type LiveUsage struct{ Sessions, Participants int }
