package meeting

import (
	"context"
	"errors"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Errors of the calls that REST makes; REST knows whether the thing exists outside the running sessions and
// chooses the code.
var (
	ErrNotLive       = errors.New("meeting: no such running session")
	ErrNoParticipant = errors.New("meeting: no such participant in the session")
)

// Options of New. Zero values take the default named beside them.
type Options struct {
	Records Records
	// Report takes the faults that no caller receives: the reason somebody was put out (once per incident,
	// however many it hits) and records that could not be written.
	Report func(context.Context, *fault.Error)

	LobbyTimeout    time.Duration // 5 min; then 4102
	LobbyHint       time.Duration // 10 s; how often a knocker hears that nobody has answered
	LobbySize       int           // 500; people who wait in one meeting
	HistoryMessages int           // 1000; persistent pubsub messages of a session
	HistoryBytes    int           // 1 MiB; all of them together, as JSON
	RecordTimeout   time.Duration // 10 s; for one write
}

// Meetings are the live meetings of this server.
type Meetings struct{ opts Options }

// New makes an empty set of meetings. SetMedia must follow before the first Join.
func New(o Options) *Meetings { return &Meetings{opts: o} }

// SetMedia gives the media part. It is apart from New because media in turn needs the Meetings as MediaEvents.
func (m *Meetings) SetMedia(media Media) {}

// Join lets somebody in, or into the lobby: state waiting, then `meeting-joined` or Closed follows through l.
// JoinResult lacks Secret, ResumeWindowMs, PingIntervalMs and Welcome.ICEServers, which signaling fills.
// An error is a *fault.Error; l has then heard nothing.
func (m *Meetings) Join(ctx context.Context, req JoinRequest, l Listener) (*Participant, wire.JoinResult, error) {
	return nil, wire.JoinResult{}, fault.ServerUnavailableInternal()
}

// EndSession ends the running session of a meeting for everybody (4104 BY_API, leave reason 1009). sessionID ""
// is whichever runs. It returns the id of the session, whose records are then written. ErrNotLive.
func (m *Meetings) EndSession(ctx context.Context, accountID, meetingID, sessionID string) (string, error) {
	return "", ErrNotLive
}

// RemoveParticipant puts one out (4103 BY_API, leave reason 1010). ErrNotLive, ErrNoParticipant.
func (m *Meetings) RemoveParticipant(ctx context.Context, accountID, meetingID, sessionID, participantID string) (string, error) {
	return "", ErrNotLive
}

// LiveSession is a running session at a glance.
type LiveSession struct {
	SessionID, MeetingID, AccountID string
	StartedAt                       time.Time
	Participants, Waiting           int
}

// Live lists the running sessions of an account; "" lists all.
func (m *Meetings) Live(accountID string) []LiveSession { return nil }

// Present gives the participants of a running session, oldest first. ErrNotLive.
func (m *Meetings) Present(ctx context.Context, accountID, meetingID, sessionID string) (LiveSession, []wire.Participant, error) {
	return LiveSession{}, nil, ErrNotLive
}

// Counts of this server, for metrics and for the words of 5102.
type Counts struct{ Sessions, Participants, Waiting int }

// Counts counts.
func (m *Meetings) Counts() Counts { return Counts{} }

// CloseAccount puts everybody of an account out at once, those in the lobby included: f is 4006 or 4007.
func (m *Meetings) CloseAccount(ctx context.Context, accountID string, f *fault.Error) error {
	return nil
}

// CloseKey puts everybody out who came with a token of that key: f is 4053.
func (m *Meetings) CloseKey(ctx context.Context, apiKey string, f *fault.Error) error { return nil }

// Close refuses new joins, puts everybody out with f (5102), writes what is left to write and waits until
// no goroutine of the package runs, or ctx ends.
func (m *Meetings) Close(ctx context.Context, f *fault.Error) error { return nil }

// SubscribeOffer, SpeakerChanged and ConnectionLost make Meetings the MediaEvents of the media part.
func (m *Meetings) SubscribeOffer(peer Peer, offer wire.SubscribeOffer) {}

// SpeakerChanged says who speaks loudest.
func (m *Meetings) SpeakerChanged(sessionID, participantID string) {}

// ConnectionLost says that a media connection found its end.
func (m *Meetings) ConnectionLost(peer Peer, connection string) {}

var _ MediaEvents = (*Meetings)(nil)
