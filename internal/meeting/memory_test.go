package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// memoryMedia is a media part that forwards nothing and keeps the books a real one keeps. It complains about
// calls that the interface does not allow.
type memoryMedia struct {
	events MediaEvents

	mu        sync.Mutex // guards everything below
	peers     map[Peer]*memoryPeer
	streams   int
	offers    int64
	failures  []string
	refuse    error                       // of Attach
	working   func(Peer, context.Context) // runs while Publish works, without mu
	detaching func(Peer)                  // runs at the end of Detach, without mu
	data      []string                    // calls of SetData
}

type memoryPeer struct {
	streams    map[wire.Kind]bool // enabled
	ids        map[wire.Kind]string
	subscribed []StreamRef
	subscribes int
	answers    []wire.AnswerParams
	restarts   int
	preferred  map[StreamRef]wire.StreamPreference
	pinned     wire.PinState
}

func newMemoryMedia(events MediaEvents) *memoryMedia {
	return &memoryMedia{events: events, peers: map[Peer]*memoryPeer{}}
}

func (m *memoryMedia) fail(format string, args ...any) {
	m.failures = append(m.failures, fmt.Sprintf(format, args...))
}

func (m *memoryMedia) Attach(_ context.Context, peer Peer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuse != nil {
		return m.refuse
	}
	for older := range m.peers {
		if older.SessionID == peer.SessionID && older.ParticipantID == peer.ParticipantID {
			delete(m.peers, older)
			if older.Participation >= peer.Participation {
				m.fail("attach %v after %v", peer, older)
			}
		}
	}
	m.peers[peer] = &memoryPeer{streams: map[wire.Kind]bool{}, ids: map[wire.Kind]string{}}
	return nil
}

func (m *memoryMedia) Detach(peer Peer) {
	m.mu.Lock()
	delete(m.peers, peer)
	detaching := m.detaching
	m.mu.Unlock()
	if detaching != nil {
		detaching(peer)
	}
}

func (m *memoryMedia) Publish(ctx context.Context, peer Peer, offer wire.PublishParams) (wire.PublishResult, error) {
	if !strings.HasPrefix(offer.SDP, "v=0") {
		return wire.PublishResult{}, fault.InvalidMessageBadSDP("it does not start with v=0")
	}
	m.mu.Lock()
	working := m.working
	m.mu.Unlock()
	if working != nil {
		working(peer, ctx)
	}
	if err := ctx.Err(); err != nil && working == nil {
		return wire.PublishResult{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.peers[peer]
	if p == nil {
		return wire.PublishResult{}, nil
	}
	result := wire.PublishResult{SDP: "v=0 answer"}
	enabled := map[wire.Kind]bool{}
	for _, s := range offer.Streams {
		if p.ids[s.Kind] == "" {
			m.streams++
			p.ids[s.Kind] = fmt.Sprintf("stream-%d", m.streams)
		}
		enabled[s.Kind] = s.Enabled
		result.Streams = append(result.Streams, wire.Stream{ID: p.ids[s.Kind], Kind: s.Kind, Codec: codecs[s.Kind]})
	}
	p.streams = enabled
	return result, nil
}

var codecs = map[wire.Kind]string{wire.Audio: "opus", wire.Video: "VP8", wire.Share: "VP8", wire.ShareAudio: "opus"}

func (m *memoryMedia) SetStream(peer Peer, kind wire.Kind, enabled bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.peers[peer]
	if p == nil {
		m.fail("set stream of %v, which is not attached", peer)
		return
	}
	if _, published := p.streams[kind]; !published {
		m.fail("set stream %s of %v, which is not published", kind, peer)
		return
	}
	p.streams[kind] = enabled
}

func (m *memoryMedia) Subscribe(peer Peer, streams []StreamRef) {
	m.mu.Lock()
	p := m.peers[peer]
	if p == nil {
		m.fail("subscribe %v, which is not attached", peer)
		m.mu.Unlock()
		return
	}
	for _, ref := range streams {
		if !m.attached(peer.SessionID, ref.ParticipantID) {
			m.fail("subscribe %v to %v, who is not there", peer, ref)
		}
	}
	p.subscribed = slices.Clone(streams)
	p.subscribes++
	m.offers++
	offer := wire.SubscribeOffer{OfferID: m.offers, SDP: "v=0 offer"}
	m.mu.Unlock()
	m.events.SubscribeOffer(peer, offer)
}

func (m *memoryMedia) SetData(peer Peer, sends, receives bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data = append(m.data, fmt.Sprint(peer.ParticipantID, " ", sends, " ", receives))
}

func (m *memoryMedia) Pin(peer Peer, state wire.PinState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.peers[peer]; p != nil {
		p.pinned = state
	} else {
		m.fail("pin of %v, which is not attached", peer)
	}
}

func (m *memoryMedia) Prefer(peer Peer, preferences []wire.StreamPreference) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.peers[peer]
	if p == nil {
		m.fail("prefer of %v, which is not attached", peer)
		return
	}
	if p.preferred == nil {
		p.preferred = map[StreamRef]wire.StreamPreference{}
	}
	for _, preference := range preferences {
		if !m.attached(peer.SessionID, preference.ParticipantID) {
			m.fail("%v prefers something of %s, who is not there", peer, preference.ParticipantID)
		}
		p.preferred[preference.Ref()] = preference
	}
}

func (m *memoryMedia) attached(sessionID, participantID string) bool {
	for peer := range m.peers {
		if peer.SessionID == sessionID && peer.ParticipantID == participantID {
			return true
		}
	}
	return false
}

func (m *memoryMedia) Play(_ context.Context, peer Peer, offer wire.PlayParams) (wire.PlayResult, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !strings.HasPrefix(offer.SDP, "v=0") {
		return wire.PlayResult{}, fault.InvalidMessageBadSDP("it does not start with v=0")
	}
	if m.peers[peer] == nil {
		m.fail("play of %v, which is not attached", peer)
	}
	return wire.PlayResult{SDP: "v=0 answer"}, nil
}

func (m *memoryMedia) Answer(_ context.Context, peer Peer, answer wire.AnswerParams) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuse != nil {
		return m.refuse
	}
	if !strings.HasPrefix(answer.SDP, "v=0") {
		return fault.InvalidMessageBadSDP("it does not start with v=0")
	}
	if p := m.peers[peer]; p != nil {
		p.answers = append(p.answers, answer)
	}
	return nil
}

func (m *memoryMedia) Restart(_ context.Context, peer Peer) error {
	m.mu.Lock()
	p := m.peers[peer]
	if p != nil {
		p.restarts++
		m.offers++
	}
	offer := wire.SubscribeOffer{OfferID: m.offers, SDP: "v=0 restart"}
	m.mu.Unlock()
	if p != nil {
		m.events.SubscribeOffer(peer, offer)
	}
	return nil
}

// of returns a copy of what media knows of a peer; nil when it knows nothing.
func (m *memoryMedia) of(peer Peer) *memoryPeer {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.peers[peer]
	if p == nil {
		return nil
	}
	c := *p
	c.streams, c.ids, c.preferred = maps.Clone(p.streams), maps.Clone(p.ids), maps.Clone(p.preferred)
	return &c
}

// set changes a field of the media part from a test.
func (m *memoryMedia) set(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
}

// memoryRecords keeps records as the store does, and complains about an order that makes no sense.
type memoryRecords struct {
	mu       sync.Mutex // guards everything below
	sessions map[string]*memorySession
	disabled []string
	failures []string
	fail     error                 // of every write
	writing  func(context.Context) // runs during a write, without mu
	writes   int
}

type memorySession struct {
	SessionRecord
	ended          bool
	participations map[string]int // open ones
	left           map[string]wire.LeaveCode
	modes          map[string]wire.Mode
	streams        map[StreamRef]bool
	messages       []record.OpenMessage
	joins          []ParticipantRecord // open ones, oldest first
	restored       bool
	state          json.RawMessage
	saves          int
}

func newMemoryRecords() *memoryRecords { return &memoryRecords{sessions: map[string]*memorySession{}} }

func (r *memoryRecords) write(ctx context.Context, do func() error) error {
	r.mu.Lock()
	writing := r.writing
	r.mu.Unlock()
	if writing != nil {
		writing(ctx)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writes++
	if r.fail != nil {
		return r.fail
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return do()
}

// in runs do with a session that is recorded and open.
func (r *memoryRecords) in(ctx context.Context, sessionID, what string, do func(*memorySession)) error {
	return r.write(ctx, func() error {
		s := r.sessions[sessionID]
		if s == nil || s.ended {
			r.failures = append(r.failures, fmt.Sprintf("%s: session %s is not open", what, sessionID))
			return nil
		}
		do(s)
		return nil
	})
}

func (r *memoryRecords) SessionStarted(ctx context.Context, s SessionRecord) error {
	return r.write(ctx, func() error {
		if r.sessions[s.ID] != nil {
			r.failures = append(r.failures, "session started twice")
		}
		r.sessions[s.ID] = &memorySession{
			SessionRecord: s, participations: map[string]int{}, left: map[string]wire.LeaveCode{},
			modes: map[string]wire.Mode{}, streams: map[StreamRef]bool{},
		}
		return nil
	})
}

func (r *memoryRecords) SessionEnded(ctx context.Context, id string, _ time.Time) error {
	return r.in(ctx, id, "session ended", func(s *memorySession) {
		s.ended = true
		for who, open := range s.participations {
			if open != 0 {
				r.failures = append(r.failures, fmt.Sprintf("session ended while %s has %d open participations", who, open))
			}
		}
	})
}

func (r *memoryRecords) ParticipantJoined(ctx context.Context, p ParticipantRecord) error {
	return r.in(ctx, p.SessionID, "participant joined", func(s *memorySession) {
		s.participations[p.ParticipantID]++
		s.joins = append(s.joins, p)
		s.modes[p.ParticipantID] = p.Mode
	})
}

func (r *memoryRecords) ParticipantLeft(
	ctx context.Context,
	sessionID, id string,
	_ time.Time,
	reason wire.LeaveReason,
) error {
	return r.in(ctx, sessionID, "participant left", func(s *memorySession) {
		s.participations[id]--
		if i := slices.IndexFunc(s.joins, func(p ParticipantRecord) bool { return p.ParticipantID == id }); i >= 0 {
			s.joins = slices.Delete(s.joins, i, i+1)
		}
		s.left[id] = reason.Code
		for _, kind := range wire.Kinds {
			delete(s.streams, StreamRef{ParticipantID: id, Kind: kind})
		}
	})
}

func (r *memoryRecords) ModeChanged(ctx context.Context, sessionID, id string, mode wire.Mode, _ time.Time) error {
	return r.in(ctx, sessionID, "mode changed", func(s *memorySession) { s.modes[id] = mode })
}

func (r *memoryRecords) StreamChanged(
	ctx context.Context,
	sessionID, id string,
	kind wire.Kind,
	enabled bool,
	_ time.Time,
) error {
	return r.in(ctx, sessionID, "stream changed", func(s *memorySession) {
		ref := StreamRef{ParticipantID: id, Kind: kind}
		if s.streams[ref] == enabled && !s.restored {
			r.failures = append(r.failures, fmt.Sprintf("stream %v changed to %v, which it was", ref, enabled))
		}
		if enabled {
			s.streams[ref] = true
		} else {
			delete(s.streams, ref)
		}
	})
}

func (r *memoryRecords) StreamCodec(ctx context.Context, sessionID, id string, kind wire.Kind, codec string) error {
	return r.in(ctx, sessionID, "stream codec", func(*memorySession) {})
}

func (r *memoryRecords) ConnectionResumed(ctx context.Context, sessionID, id string, _, _ time.Time) error {
	return r.in(ctx, sessionID, "reconnect", func(*memorySession) {})
}

func (r *memoryRecords) MessagePersisted(
	ctx context.Context, sessionID string, message wire.Message, readers []string,
) error {
	return r.in(ctx, sessionID, "message", func(s *memorySession) {
		s.messages = append(s.messages, record.OpenMessage{Message: message, Readers: readers})
	})
}

func (r *memoryRecords) SessionSaved(ctx context.Context, sessionID string, state json.RawMessage) error {
	return r.in(ctx, sessionID, "state", func(s *memorySession) { s.state, s.saves = state, s.saves+1 })
}

func (r *memoryRecords) MeetingDisabled(ctx context.Context, _, meetingID string, _ time.Time) error {
	return r.write(ctx, func() error {
		r.disabled = append(r.disabled, meetingID)
		return nil
	})
}

// open is the session of a meeting that has not ended, as the store describes it.
func (r *memoryRecords) open(meetingID string) *record.OpenSession {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.sessions {
		if s.MeetingID != meetingID || s.ended {
			continue
		}
		s.restored = true
		open := &record.OpenSession{
			ID: s.ID, AccountID: s.AccountID, MeetingID: meetingID, StartedAt: s.StartedAt, State: s.state,
			Messages: slices.Clone(s.messages),
		}
		for _, p := range s.joins {
			p.Mode = s.modes[p.ParticipantID]
			open.Participants = append(open.Participants, record.OpenParticipation{NewParticipation: p})
		}
		return open
	}
	return nil
}

func (r *memoryRecords) session(id string) memorySession {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.sessions[id]; s != nil {
		c := *s
		c.left, c.modes, c.streams = maps.Clone(s.left), maps.Clone(s.modes), maps.Clone(s.streams)
		return c
	}
	return memorySession{}
}

func (r *memoryRecords) set(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}
