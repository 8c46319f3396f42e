package record

import "time"

// DeliveryState is how the delivery of an event to a webhook stands.
type DeliveryState string

// The states. All but the first are final.
const (
	DeliveryWaiting   DeliveryState = "waiting"   // for its first or its next attempt
	DeliveryDelivered DeliveryState = "delivered" // taken with 2xx
	DeliveryFailed    DeliveryState = "failed"    // given up, refused for good, or unsubscribed
)

// DeliveryStates lists all states.
var DeliveryStates = []DeliveryState{DeliveryWaiting, DeliveryDelivered, DeliveryFailed}

// DeliveryEntry is a delivery with what has become of it.
type DeliveryEntry struct {
	Delivery
	Problem   string // the reason of 5103 of the last attempt; "" for none
	DoneAt    time.Time
	Delivered bool
	Repeats   int64 // the delivery that this one makes again; 0 for none
	Tries     []Attempt
}

// State is where a delivery stands.
func (d DeliveryEntry) State() DeliveryState {
	switch {
	case d.DoneAt.IsZero():
		return DeliveryWaiting
	case d.Delivered:
		return DeliveryDelivered
	}
	return DeliveryFailed
}

// Attempt is one request that carried an event to a webhook.
type Attempt struct {
	DeliveryID int64
	Number     int // from 1
	At         time.Time
	Took       time.Duration
	Status     int    // of the answer; 0 where there was none
	Reason     string // of 5103; "" where it was taken
	Answer     string // its first bytes, without secrets
}

// DeliveryFilter selects deliveries of an account; zero fields select everything.
type DeliveryFilter struct {
	AccountID string
	MeetingID string
	SessionID string
	Event     string
	State     DeliveryState
	From, To  time.Time // of the event; both inclusive
}

// Timeline is what is known of a session on a common time axis.
type Timeline struct {
	Stays     []Stay
	Streams   []StreamSpan
	Modes     []StayMode
	Absences  []Absence
	Truncated bool // there is more than MaxTimeline of a kind
}

// MaxTimeline bounds the stays and the intervals that a Timeline holds.
const MaxTimeline = 20_000

// Stay is one participation of a participant.
type Stay struct {
	ParticipantID string
	Name          string
	APIKey        string
	JoinedAt      time.Time
	LeftAt        time.Time // zero: it goes on
	LeaveCode     int       // of wire.LeaveCode; 0: it goes on, or the server was killed
	SDKType       string
	SDKVersion    string
	Platform      string
	UserAgent     string
}

// StreamSpan is a stretch in which a stream of a participant was on.
type StreamSpan struct {
	Span
	ParticipantID string
	Kind          string
	Codec         string // "": not known
}

// StayMode is a stretch in which a participant had a mode.
type StayMode struct {
	ModeSpan
	ParticipantID string
}

// Absence is a stretch in which the signaling of a participant was cut, and after which it resumed.
type Absence struct {
	Span
	ParticipantID string
}
