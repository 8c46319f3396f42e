package record

import (
	"encoding/json"
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// NodeID names one run of a server among those of a cluster. A server that is alone has the zero NodeID.
type NodeID struct {
	Name        string `json:"name"`
	Incarnation string `json:"incarnation"` // made at start, and anew when the leases were lost
}

// Owner is the node on which a meeting lives.
type Owner struct {
	MeetingID string
	AccountID string
	Node      NodeID
	Epoch     int64 // grows with each change of the owner: the fencing token
}

// OpenSession is what the database knows of a session that has not ended: what its next owner goes on with.
type OpenSession struct {
	ID, AccountID, MeetingID string
	StartedAt                time.Time
	State                    json.RawMessage     // as the meeting last saved it; nil: never
	Participants             []OpenParticipation // oldest first
	Messages                 []wire.Message      // persisted, oldest first
}

// OpenParticipation is a participation that has not ended.
type OpenParticipation struct {
	NewParticipation // in the mode that it has now
}
