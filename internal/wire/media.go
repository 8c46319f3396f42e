package wire

import "github.com/klatch/klatch/fault"

// Peer names a participant to the media part. SessionID is unique on the server, ParticipantID in the session at a
// time. Participation distinguishes those who had the id one after the other: a call or an event that is late for one
// participation does not reach the next.
type Peer struct {
	SessionID     string
	ParticipantID string
	Participation int64
	// Recorder: it is the worker of an egress job, and is sent the best there is of each stream.
	Recorder bool
	// Test: it takes part in a pre-call test, of which no quality is recorded.
	Test bool
}

// UnreceivedStream is a stream that comes with a codec that the SDP answer of a receiver does not take.
type UnreceivedStream struct {
	StreamRef
	StreamID string
	Codec    string
	Taken    []string // codecs that the answer takes
}

// StreamRef names a stream of somebody in the same session.
type StreamRef struct {
	ParticipantID string
	Kind          Kind
}

// PlayParams are the offer of a player that receives on one connection: WHEP. Its sections receive, and what they are
// sent changes without another offer.
type PlayParams struct{ SDP string }

// Check returns the fault of what is impossible by itself. What only a parser of SDP finds is judged by the media part.
func (p PlayParams) Check() *fault.Error { return checkSDP(p.SDP) }

// PlayResult is the answer, complete with candidates; the server is ICE-lite.
type PlayResult struct{ SDP string }
