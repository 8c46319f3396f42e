package wire

// Peer names a participant to the media part. SessionID is unique on the server, ParticipantID in the session.
type Peer struct {
	SessionID     string
	ParticipantID string
}

// StreamRef names a stream of somebody in the same session.
type StreamRef struct {
	ParticipantID string
	Kind          Kind
}
