package meeting

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
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

	TokenSum [sha256.Size]byte // SHA-256 of the token
	Place    string            // names this join in the secret of signaling, on every server that goes on with it

	MayJoin     bool // allow_join: enters, answers the lobby; false means ask_join: requests entry
	MayModerate bool // allow_mod, or the account grants it to everybody
	MayEnd      bool // MayModerate, or the account lets everybody end a session
	MayEgress   bool // MayModerate, or the account lets everybody record, stream and show HLS

	// Hidden is the worker of an egress job: it receives, and nobody else notices that it is there. It enters the
	// running session SessionID or none. Its ParticipantID holds a space, as no other one does.
	Hidden    bool
	SessionID string

	Limits    Limits
	AutoClose AutoClose

	// Test takes part in a pre-call test: MeetingID is the test's, and names no meeting.
	Test bool

	// Direct is who has no signaling socket: a WHIP or RTMP publisher, a WHEP player. It cannot wait in the lobby, answer
	// it, or be asked for anything. Protocol is its name for faults.
	Direct   bool
	Protocol string
	// Viewer is a Direct in the mode RECV_ONLY that is not shown to others; limits and records count it. It is sent
	// one picture and one sound: those of the participant Source, or of who shares or speaks where that is "".
	Viewer bool
	Source string

	// CheckedAt is when the gate began to look. A CloseAccount or CloseKey since then refuses this join, so
	// that nobody slips in between the two. Zero: no such check.
	CheckedAt time.Time
}

// What an account and a meeting ask for lives in record, where the gate can see it too.
type (
	Limits    = record.Limits
	AutoClose = record.AutoClose
)

// Listener receives what a participant is told. Calls come in order, one at a time, and must not block:
// the signaling session queues them. Events and faults are shared between listeners: read, not changed. Closed is
// the last call; f is nil for who went by its own will or lost its connection. Moved is the last call where the place
// is kept and goes on elsewhere: f says why (5102 MOVING, 5101 NODE_LOST), and the client is to resume at once. All
// three may come before Join has returned.
type Listener interface {
	Notify(event wire.Event)
	Closed(reason wire.LeaveReason, f *fault.Error)
	Moved(f *fault.Error)
}
