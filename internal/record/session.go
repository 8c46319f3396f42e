package record

import (
	"encoding/json"
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// Session is one live occurrence of a meeting, running or over.
type Session struct {
	ID           string
	AccountID    string
	MeetingID    string
	CustomID     string // of the meeting
	StartedAt    time.Time
	EndedAt      time.Time // zero: ongoing
	Messages     int       // persisted ones; 0: no chat file
	Participants []Participant
}

// Ongoing reports whether the session has not ended.
func (s Session) Ongoing() bool { return s.EndedAt.IsZero() }

// SessionStatus filters sessions.
type SessionStatus string

const (
	SessionOngoing SessionStatus = "ongoing"
	SessionEnded   SessionStatus = "ended"
)

// SessionFilter selects sessions; zero fields select everything.
type SessionFilter struct {
	MeetingID string
	CustomID  string
	Status    SessionStatus
	From, To  time.Time // of the start; both inclusive

	ParticipantID string // who was or is in it
}

// Participant is one participant id in a session, over all its participations.
type Participant struct {
	ID        string
	SessionID string
	APIKey    string
	Name      string // of the last participation, as the fields below
	Mode      wire.Mode
	MetaData  json.RawMessage
	Client    wire.ClientInfo

	FirstJoinedAt  time.Time
	Participations []Span
	Streams        map[wire.Kind][]Span
	Modes          []ModeSpan
}

// Active reports whether the participant is in the session.
func (p Participant) Active() bool {
	return len(p.Participations) > 0 && p.Participations[len(p.Participations)-1].End.IsZero()
}

// Span is a stretch of time; a zero End means that it goes on.
type Span struct {
	Start, End time.Time
}

// ModeSpan is how long a mode lasted.
type ModeSpan struct {
	Span
	Mode wire.Mode
}
