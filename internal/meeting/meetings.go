// Package meeting is the live sessions: who is in a meeting and who waits to be let in, what they may do, what they
// send and receive, and who is told what. It knows no HTTP and no WebRTC: signaling calls a Participant and listens
// (Listener), the media part is a Media, what outlives a session goes to Records.
//
// It owns the limits that depend on who is there, the lobby, modes, pins, pubsub and moderation, and which
// subscriptions each participant has. Whether a token is good was judged before (JoinRequest); where a fault is
// reported is the caller's: a call returns its fault, and whoever is put out gets it through Listener.Closed.
package meeting

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Options of New. Zero values take the default named beside them.
type Options struct {
	Records Records
	// Report takes the faults that no call returns, before anyone hears of them: why people were put out, once for
	// each incident, records that could not be written, media that would not restart.
	Report func(context.Context, *fault.Error)

	// Raise and Clear begin and end what lasts: a database that takes no records. nil: Report takes the beginning.
	Raise func(key string, f *fault.Error)
	Clear func(key string)

	// FileAddress returns a link to a file of a job; nil: there are none.
	FileAddress func(ctx context.Context, path, key string) (string, error)
	HLSAddress  func(string) string // signs an address of a stream; nil: none are signed

	LobbyTimeout    time.Duration // 5 min; then 4102
	LobbyHint       time.Duration // 10 s; how often who waits in the lobby is told that nobody has answered
	ReturnWindow    time.Duration // 60 s; for how long who has left a locked session may come back
	LobbySize       int           // 500; people who wait in one meeting
	HistoryMessages int           // 1000; persistent pubsub messages of a session
	HistoryBytes    int           // 1 MiB; all of them together, as JSON
	RecordTimeout   time.Duration // 10 s; for one write
	PersistTimeout  time.Duration // 5 s; how long a persistent message waits to be written before its sender is refused

	MessageBytes        int // pubsub per second of one participant; 0: no limit
	MeetingMessageBytes int // pubsub per second of one session; 0: no limit

	// Refuse returns what keeps everybody new out, whatever the meeting; nil for nothing. It is called for each join.
	Refuse func() *fault.Error

	Usage  SharedUsage // what accounts have on several servers; nil: this one counts alone
	Owners Owners      // which meetings live here; nil: all
	// Listener returns who is told what happens in place of a participant of a session that this server goes on with. It
	// must not block. Nobody is connected yet: it calls Reenter, or Disconnected when nobody comes back in time. Not nil
	// with Owners.
	Listener func(p *Participant) Listener
}

func (o Options) withDefaults() Options {
	if o.Refuse == nil {
		o.Refuse = func() *fault.Error { return nil }
	}
	if o.Raise == nil {
		o.Raise = func(_ string, f *fault.Error) { o.Report(context.Background(), f) }
		o.Clear = func(string) {}
	}
	if o.LobbyTimeout == 0 {
		o.LobbyTimeout = 5 * time.Minute
	}
	if o.LobbyHint == 0 {
		o.LobbyHint = 10 * time.Second
	}
	if o.ReturnWindow == 0 {
		o.ReturnWindow = time.Minute
	}
	if o.LobbySize == 0 {
		o.LobbySize = 500
	}
	if o.HistoryMessages == 0 {
		o.HistoryMessages = 1000
	}
	if o.HistoryBytes == 0 {
		o.HistoryBytes = 1 << 20
	}
	if o.RecordTimeout == 0 {
		o.RecordTimeout = 10 * time.Second
	}
	if o.PersistTimeout == 0 {
		o.PersistTimeout = 5 * time.Second
	}
	return o
}

// Meetings are the live meetings of this server: it finds or makes the room of a meeting, counts what the
// limits of an account span, and carries out what comes from outside a meeting (closing.go).
//
// Shape: mutex. mu is never held while a room is asked for something.
type Meetings struct {
	opts    Options
	media   Media
	egress  Egress
	usage   usage
	life    context.Context // of background work; ends when Close gives up waiting
	stop    context.CancelFunc
	running sync.WaitGroup // rooms and their writers

	mu       sync.Mutex            // guards everything below
	rooms    map[string]*room      // by meeting id
	sessions map[string]*room      // by session id
	closings map[closingKey]closed // recent ones, for joins that were checked before them
	draining bool
	busy     map[string]chan struct{} // by meeting id: it is being opened or closed; closed when that is done
	losses   int                      // calls of Abandon
	loss     *fault.Error             // of the last one
}

// New makes an empty set of meetings. SetMedia must follow before the first Join.
func New(o Options) *Meetings {
	m := &Meetings{
		opts:     o.withDefaults(),
		rooms:    map[string]*room{},
		sessions: map[string]*room{},
		closings: map[closingKey]closed{},
		busy:     map[string]chan struct{}{},
		egress:   noEgress{},
	}
	m.life, m.stop = context.WithCancel(context.Background())
	if o.Usage != nil {
		m.usage.shared = newSharing(o.Usage, &m.running)
	}
	return m
}

// SetMedia sets the media part. It is apart from New because media in turn needs the Meetings as MediaEvents.
func (m *Meetings) SetMedia(media Media) { m.media = media }

// SetEgress sets the jobs that record and stream sessions. It is apart from New because they in turn need the Meetings.
func (m *Meetings) SetEgress(egress Egress) { m.egress = egress }

// Join lets somebody in, or into the lobby: state waiting, then `meeting-joined` or Closed follows through l.
// JoinResult lacks Secret, ResumeWindowMs, PingIntervalMs, StatsIntervalMs, TokenLeewayMs and Welcome.ICEServers, which
// signaling fills. When it returns, REST sees the session and the participant. An error is a *fault.Error; l has then
// heard nothing. The shape of what the client sent was judged before.
func (m *Meetings) Join(ctx context.Context, req JoinRequest, l Listener) (*Participant, wire.JoinResult, error) {
	if req.ParticipantID == "" {
		req.ParticipantID = newID()[:12]
	}
	r, err := m.acquire(ctx, req)
	if err != nil {
		return nil, wire.JoinResult{}, unacquired(err)
	}
	defer m.release(r)

	p := newParticipant(r, req, l)
	place, full := m.reservePlace(ctx, r, p)
	if full != nil {
		return nil, wire.JoinResult{}, full
	}
	defer place.release()
	p.reserved = place
	var result wire.JoinResult
	switch asked := r.do(ctx, func() { result, err = r.admit(p) }); {
	case isFault(asked): // the room collapsed
		m.usage.move(req.AccountID, p.place, noMode, Limits{}, false, nil)
		if p.participation > 0 {
			m.media.Detach(p.peer())
		}
		return nil, wire.JoinResult{}, asked
	case errors.Is(asked, context.DeadlineExceeded): // only a record that is waited for holds up a room for so long
		return nil, wire.JoinResult{}, fault.ServerUnavailableStore("the start of the session").Because(asked)
	case asked != nil:
		return nil, wire.JoinResult{}, fault.OperationAbortedCancelled(wire.MethodJoin).Because(asked)
	}
	if err != nil {
		return nil, wire.JoinResult{}, err
	}
	r.records.flush(ctx)
	return p, result, nil
}

// newID makes an id that nobody guesses and nobody else has: 26 characters, 130 bits.
func newID() string { return strings.ToLower(rand.Text()) }

// unacquired is the fault of a join whose meeting has no room.
func unacquired(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.OperationAbortedCancelled(wire.MethodJoin).Because(err)
	}
	return fault.From(err)
}

func (m *Meetings) release(r *room) {
	m.mu.Lock()
	r.joining--
	m.mu.Unlock()
	r.wakeLoop()
}

// forget takes a room that has become empty off the map, unless somebody is on the way in.
func (m *Meetings) forget(r *room) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.joining > 0 {
		return false
	}
	delete(m.rooms, r.meetingID)
	m.closeLocked(r)
	return true
}

// route makes a session id lead media events to its room, or to none.
func (m *Meetings) route(sessionID string, r *room) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r == nil {
		delete(m.sessions, sessionID)
	} else {
		m.sessions[sessionID] = r
	}
}

func (m *Meetings) roomOfSession(sessionID string) *room {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sessions[sessionID]
}

func (m *Meetings) roomOfMeeting(meetingID string) *room {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rooms[meetingID]
}

// IsHere reports whether somebody is in a meeting, or enters it, on this server.
func (m *Meetings) IsHere(meetingID string) bool { return m.roomOfMeeting(meetingID) != nil }

func (m *Meetings) allRooms() []*room {
	m.mu.Lock()
	defer m.mu.Unlock()
	rooms := make([]*room, 0, len(m.rooms))
	for _, r := range m.rooms {
		rooms = append(rooms, r)
	}
	return rooms
}

// LiveSession is a running session in short.
type LiveSession struct {
	SessionID, MeetingID, AccountID string
	StartedAt                       time.Time
	Participants, Waiting           int
}

// Live lists the running sessions of an account, oldest first; "" lists all.
func (m *Meetings) Live(accountID string) []LiveSession {
	var live []LiveSession
	for _, r := range m.allRooms() {
		if s := *r.summary.Load(); s.Participants > 0 && !r.test && (accountID == "" || s.AccountID == accountID) {
			live = append(live, s)
		}
	}
	slices.SortFunc(live, func(a, b LiveSession) int {
		if byStart := a.StartedAt.Compare(b.StartedAt); byStart != 0 {
			return byStart
		}
		return strings.Compare(a.SessionID, b.SessionID)
	})
	return live
}

// Present returns the participants of a running session, oldest first; sessionID "" is whichever runs. ErrNotLive.
func (m *Meetings) Present(
	ctx context.Context,
	accountID, meetingID, sessionID string,
) (LiveSession, []wire.Participant, error) {
	var participants []wire.Participant
	var live LiveSession
	err := m.inSession(ctx, accountID, meetingID, sessionID, func(r *room) error {
		live = r.summarize()
		for _, p := range r.people.order { // viewers too: they take a place, and can be removed
			participants = append(participants, p.describe())
		}
		return nil
	})
	return live, participants, err
}

// AdmittedWith reports whether somebody who joined with a token, of which sum is the SHA-256, is in a running session
// of the meeting.
func (m *Meetings) AdmittedWith(
	ctx context.Context, accountID, meetingID string, sum [sha256.Size]byte,
) (admitted bool, err error) {
	err = m.inSession(ctx, accountID, meetingID, "", func(r *room) error {
		admitted = slices.ContainsFunc(r.people.order, func(p *Participant) bool { return p.req.TokenSum == sum })
		return nil
	})
	if errors.Is(err, ErrNotLive) {
		err = nil
	}
	return admitted, err
}

// Counts of this server, for metrics and for the words of 5102.
type Counts struct {
	Sessions, Participants, Waiting int
	Tests                           int // pre-call tests, which are in none of the others
}

// Counts counts.
func (m *Meetings) Counts() Counts {
	var c Counts
	for _, r := range m.allRooms() {
		s := r.summary.Load()
		if r.test {
			c.Tests += min(s.Participants, 1)
			continue
		}
		if s.Participants > 0 {
			c.Sessions++
		}
		c.Participants += s.Participants
		c.Waiting += s.Waiting
	}
	return c
}

// Errors of the calls that REST makes; REST knows whether the thing exists outside the running sessions and
// chooses the code.
var (
	ErrNotLive       = errors.New("meeting: no such running session")
	ErrNoParticipant = errors.New("meeting: no such participant in the session")
)

// inSession runs f in the room of that running session.
func (m *Meetings) inSession(ctx context.Context, accountID, meetingID, sessionID string, f func(*room) error) error {
	r := m.roomOfMeeting(meetingID)
	if r == nil || r.accountID != accountID {
		return ErrNotLive
	}
	var err error
	asked := r.do(ctx, func() {
		if !r.session.running() || sessionID != "" && sessionID != r.session.id {
			err = ErrNotLive
			return
		}
		err = f(r)
	})
	switch {
	case errors.Is(asked, errRoomEnded):
		return ErrNotLive
	case asked != nil:
		return asked
	}
	return err
}
