package meeting

import (
	"context"
	"encoding/json"
	"time"

	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Records keeps what REST lists later: sessions, who was in them, persisted messages. The store implements
// it. An error is the store's own; the meeting makes it 5101 STORE where a caller waits, and else only
// reports it: a broken database ends no running call.
type Records interface {
	SessionStarted(ctx context.Context, s SessionRecord) error
	SessionEnded(ctx context.Context, sessionID string, at time.Time) error
	ParticipantJoined(ctx context.Context, p ParticipantRecord) error
	ParticipantLeft(ctx context.Context, sessionID, participantID string, at time.Time, reason wire.LeaveReason) error
	ModeChanged(ctx context.Context, sessionID, participantID string, mode wire.Mode, at time.Time) error
	// StreamChanged opens (enabled) or closes an interval of the participant's events log.
	StreamChanged(ctx context.Context, sessionID, participantID string, kind wire.Kind, enabled bool, at time.Time) error
	// StreamCodec notes the codec of a stream that is on.
	StreamCodec(ctx context.Context, sessionID, participantID string, kind wire.Kind, codec string) error
	// ConnectionResumed notes that the signaling of a participant was cut at one time and came back at another.
	ConnectionResumed(ctx context.Context, sessionID, participantID string, cut, back time.Time) error
	// MessagePersisted keeps a message with who may read it; nil: everybody.
	MessagePersisted(ctx context.Context, sessionID string, m wire.Message, readers []string) error
	// SessionSaved replaces the state of a session that is kept for a server that goes on with it.
	SessionSaved(ctx context.Context, sessionID string, state json.RawMessage) error
	// MeetingDisabled deactivates the meeting: autoCloseConfig session-end-and-deactivate.
	MeetingDisabled(ctx context.Context, accountID, meetingID string, at time.Time) error
}

// What is kept of a session lives in record, where the store can see it too.
type (
	// SessionRecord is a session that starts.
	SessionRecord = record.NewSession
	// ParticipantRecord is one participation of an id in a session, which may come several times.
	ParticipantRecord = record.NewParticipation
)
