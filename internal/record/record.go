// Package record holds the nouns Klatch keeps: accounts, API keys, meetings, sessions and who was in them.
//
// It is a leaf of plain values. The store reads and writes them; the gate, the meeting and REST speak with
// the store in these words, so that none of them has to import another. It holds no behavior beyond
// what a value can say about itself. Times are UTC, in whole milliseconds.
package record

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// NotFoundError is returned when there is no such thing, or it belongs to somebody else: callers cannot tell.
type NotFoundError struct {
	Kind string // account, key, meeting, session, participant
	ID   string
}

func (e *NotFoundError) Error() string { return fmt.Sprintf("no %s %q", e.Kind, e.ID) }

// ConflictError is returned when a thing is in a state that forbids the change.
type ConflictError struct {
	Kind  string // account, key, meeting
	ID    string
	State string // the state it is in: revoked, exists
}

func (e *ConflictError) Error() string { return fmt.Sprintf("%s %q is %s", e.Kind, e.ID, e.State) }

// Page asks for one page of a list. The zero value is the first page of 20.
type Page struct {
	Number int // from 1
	Size   int // perPage
}

// List is one page and how many there are in all.
type List[T any] struct {
	Items []T
	Total int
}

// Limits are an account's; 0 means no limit.
type Limits struct {
	Participants     int `json:"participants"`     // in one meeting: 4009
	Speakers         int `json:"speakers"`         // SEND_AND_RECV in one meeting: 4010
	AccountSpeakers  int `json:"accountSpeakers"`  // SEND_AND_RECV in all meetings: 4026
	AccountViewers   int `json:"accountViewers"`   // SIGNALLING_ONLY in all meetings: 4027
	AccountReceivers int `json:"accountReceivers"` // RECV_ONLY in all meetings: 4041
	Recordings       int `json:"recordings"`       // at once in all meetings, of any form: 4028
	HLS              int `json:"hls"`              // at once in all meetings: 4029
	Livestreams      int `json:"livestreams"`      // at once in all meetings: 4030
}

// AutoClose ends a session DurationMin minutes after its start; 0: never.
type AutoClose struct {
	DurationMin int
	Deactivate  bool // also disable the meeting
}

// NewSession is a session that starts.
type NewSession struct {
	ID, AccountID, MeetingID string
	StartedAt                time.Time
}

// NewParticipation is one participation of an id in a session, which may come several times.
type NewParticipation struct {
	SessionID, ParticipantID, APIKey string
	Name                             string
	Mode                             wire.Mode
	MetaData                         json.RawMessage
	Client                           wire.ClientInfo
	JoinedAt                         time.Time
	// Admission is what the participant may do, as the meeting writes it for a node that goes on with the session.
	Admission json.RawMessage
}
