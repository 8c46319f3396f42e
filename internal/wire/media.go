package wire

// Peer names a participant to the media part. SessionID is unique on the server, ParticipantID in the session at a
// time. Stay distinguishes those who had the id one after the other: a call or an event that is late for one stay
// does not reach the next.
type Peer struct {
	SessionID     string
	ParticipantID string
	Stay          int64
	// Recorder: it is the worker of an egress job, and is sent the best there is of each stream.
	Recorder bool
}

// StreamRef names a stream of somebody in the same session.
type StreamRef struct {
	ParticipantID string
	Kind          Kind
}
