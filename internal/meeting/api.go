package meeting

import (
	"encoding/json"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// JoinRequest is a join that the gate has let through: signature, account, key and meeting are checked.
// What is left to judge here is what depends on the running session: duplicates, limits, the lobby.
type JoinRequest struct {
	AccountID string
	APIKey    string
	MeetingID string

	ParticipantID string // "": the meeting makes one
	Name          string
	Mode          wire.Mode
	MetaData      json.RawMessage
	AutoConsume   bool
	Client        wire.ClientInfo

	MayJoin     bool // allow_join: enters, answers the lobby; false means ask_join: knocks
	MayModerate bool // allow_mod, or the account gives it to everybody

	Limits    Limits
	AutoClose AutoClose
}

// Limits are the account's; 0 means no limit.
type Limits struct {
	Participants     int // in one meeting: 4009
	Speakers         int // SEND_AND_RECV in one meeting: 4010
	AccountSpeakers  int // SEND_AND_RECV in all meetings: 4026
	AccountViewers   int // SIGNALLING_ONLY in all meetings: 4027
	AccountReceivers int // RECV_ONLY in all meetings: 4041
}

// AutoClose ends a session DurationMin minutes after its start; 0: never.
type AutoClose struct {
	DurationMin int
	Deactivate  bool // also disable the meeting
}

// Listener is told what a participant is told. Calls come in order, one at a time, and must not block:
// the signaling session queues them. Closed is the last call; f is nil after leave.
type Listener interface {
	Notify(event wire.Event)
	Closed(reason wire.LeaveReason, f *fault.Error)
}
