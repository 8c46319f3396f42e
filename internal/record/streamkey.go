package record

import "time"

// StreamKey lets an encoder publish into a meeting over RTMP, as one participant. The key itself is not kept.
type StreamKey struct {
	ID            string
	AccountID     string
	APIKey        string // with which it was made, and joins
	MeetingID     string
	ParticipantID string
	Name          string // shown to others
	CreatedAt     time.Time
	ExpiresAt     time.Time // zero: never
	RevokedAt     time.Time // zero: not revoked
}

// StreamKeyState is whether an encoder may publish with a key.
type StreamKeyState string

// The states. Revoked is final.
const (
	StreamKeyActive  StreamKeyState = "active"
	StreamKeyExpired StreamKeyState = "expired"
	StreamKeyRevoked StreamKeyState = "revoked"
)

// State is that of a key at a time.
func (k StreamKey) State(at time.Time) StreamKeyState {
	switch {
	case !k.RevokedAt.IsZero():
		return StreamKeyRevoked
	case !k.ExpiresAt.IsZero() && !at.Before(k.ExpiresAt):
		return StreamKeyExpired
	}
	return StreamKeyActive
}

// NewStreamKey asks for a stream key. Without a ParticipantID it takes one of its own.
type NewStreamKey struct {
	AccountID, APIKey, MeetingID, ParticipantID, Name string
	ExpiresAt                                         time.Time
}
