package sfu

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// session is the peers that can hear each other. Shape: mutex; nothing is called while it is held but wakes,
// which do not block, and preferences, a leaf.
type session struct {
	id      string
	speaker speaker                // of the maintenance loop alone
	speaks  atomic.Pointer[string] // participant who speaks, "" for none
	data    dataHub

	mu    sync.RWMutex // guards everything below
	peers map[string]*peer
}

// owner is the participant whose media something carries. Faults of it are reported to who uses the SFU.
type owner struct {
	ref    wire.Peer
	events Events
}

// peer is a participant: what it publishes and what it receives.
type peer struct {
	owner
	session *session
	tag     string // unguessable name of the peer in SDP and stream ids: participant ids may not fit there
	slot    int    // which tick of the maintenance loop sends its reports
	pub     *publisher
	sub     *subscriber

	preferences preferences

	streams map[wire.Kind]*Stream // guarded by session.mu; kept once made, for the id is stable
}

func newSession(id string) *session {
	s := &session{id: id, peers: map[string]*peer{}}
	s.speaks.Store(new(string))
	return s
}

func newPeer(sv *services, ses *session, ref wire.Peer) *peer {
	p := &peer{owner: owner{ref, sv.events}, session: ses, tag: rand.Text()[:13],
		slot: int(sv.stats.attached.Add(1) % reportTicks), streams: map[wire.Kind]*Stream{}}
	p.pub = newPublisher(sv, p.owner, streamsOf{p})
	p.sub = newSubscriber(sv, p.owner, ses, &p.preferences)
	return p
}

// report tells of a fault that no call returns.
func (o owner) report(f *fault.Error) { o.events.MediaFault(o.ref, f) }

// crashed reports a panic in the work for the participant: it is 5101 INTERNAL, and the log has the stack under its id.
func (o owner) crashed(where string, panicked any) {
	o.report(fault.From(fmt.Errorf("sfu: %s: panic: %v\n%s", where, panicked, debug.Stack())))
}

// guard is deferred around work whose panic ends nothing but itself.
func (o owner) guard(where string) {
	if v := recover(); v != nil {
		o.crashed(where, v)
	}
}

// close ends both connections in the background.
func (p *peer) close() {
	p.pub.close()
	p.sub.close()
}

func (s *session) add(p *peer) (replaced *peer) {
	s.mu.Lock()
	replaced = s.peers[p.ref.ParticipantID]
	if replaced != nil {
		s.forgetPreferencesLocked(p.ref.ParticipantID)
	}
	s.peers[p.ref.ParticipantID] = p
	s.mu.Unlock()
	s.wake()
	return replaced
}

// remove forgets p and reports whether it was the last.
func (s *session) remove(p *peer) (last bool) {
	s.mu.Lock()
	if s.peers[p.ref.ParticipantID] == p {
		delete(s.peers, p.ref.ParticipantID)
		s.forgetPreferencesLocked(p.ref.ParticipantID)
	}
	last = len(s.peers) == 0
	s.mu.Unlock()
	s.wake()
	return last
}

// forgetPreferencesLocked drops what others prefer of a participant who is gone.
func (s *session) forgetPreferencesLocked(participantID string) {
	for _, p := range s.peers {
		p.preferences.forget(participantID)
	}
}

func (s *session) peer(participantID string) *peer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.peers[participantID]
}

func (s *session) all() []*peer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*peer, 0, len(s.peers))
	for _, p := range s.peers {
		all = append(all, p)
	}
	return all
}

// wake makes every subscriber compare what it wants with what there is.
func (s *session) wake() {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, p := range s.peers {
		p.sub.wake()
	}
}

// stream returns the stream of a kind, made on first use.
func (s *session) stream(p *peer, kind wire.Kind) *Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := p.streams[kind]
	if st == nil {
		st = newStream(p.owner, p.tag, kind, s.wake)
		p.streams[kind] = st
	}
	return st
}

// unpublish ends the stream of a kind until it is published again.
func (s *session) unpublish(p *peer, kind wire.Kind) {
	s.mu.RLock()
	st := p.streams[kind]
	s.mu.RUnlock()
	if st != nil && st.unpublish() {
		s.wake()
	}
}

// streamsOf are the streams of a peer, as its publisher sees them.
type streamsOf struct{ peer *peer }

// stream returns the stream of a kind, made on first use.
func (s streamsOf) stream(kind wire.Kind) *Stream { return s.peer.session.stream(s.peer, kind) }

// on reports whether a stream is switched on.
func (s streamsOf) on() bool {
	ses := s.peer.session
	ses.mu.RLock()
	defer ses.mu.RUnlock()
	for _, st := range s.peer.streams {
		if st.enabled.Load() {
			return true
		}
	}
	return false
}

// set publishes the tracks of a connection; the streams of kinds that it does not carry end.
func (s streamsOf) set(tracks []*upTrack) {
	kinds := map[wire.Kind]bool{}
	for _, t := range tracks {
		kinds[t.kind] = true
		t.stream.publish(t.publication())
	}
	for _, kind := range wire.Kinds {
		if !kinds[kind] {
			s.peer.session.unpublish(s.peer, kind)
		}
	}
	s.peer.session.wake()
}

// published returns the stream that ref names when subscribers may have it.
func (s *session) published(ref wire.StreamRef) *Stream {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.peers[ref.ParticipantID]
	if p == nil {
		return nil
	}
	if st := p.streams[ref.Kind]; st != nil && st.announced() {
		return st
	}
	return nil
}

func (s *session) setStream(p *peer, kind wire.Kind, enabled bool) {
	s.mu.RLock()
	st := p.streams[kind]
	s.mu.RUnlock()
	if st == nil {
		return
	}
	if st.setEnabled(enabled) {
		s.wake()
	}
}

// audio returns the streams whose levels are heard, in stable order of the map's choosing.
func (s *session) audio(into []*Stream) []*Stream {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, p := range s.peers {
		if st := p.streams[wire.Audio]; st != nil && st.announced() {
			into = append(into, st)
		}
	}
	return into
}

// runMaintenance does what is due by the clock rather than by a packet, for all connections on one goroutine:
// feedback to publishers whose packets have stopped, receiver and sender reports, and the active speaker.
func (s *SFU) runMaintenance() {
	ticker := time.NewTicker(maintenanceTick)
	defer ticker.Stop()
	var audio []*Stream
	for tick := 0; ; tick++ {
		select {
		case <-s.ctx.Done():
			return
		case <-ticker.C:
		}
		now := time.Now()
		for _, ses := range s.allSessions() {
			for _, p := range ses.all() {
				p.keep(now, (tick+p.slot)%reportTicks == 0, (tick+p.slot)%allocateEvery == 0)
			}
			if tick%speakerTicks == 0 {
				audio = ses.audio(audio[:0])
				s.decideSpeaker(ses, audio, now)
			}
		}
	}
}

// keep does for one peer what is due by the clock.
func (p *peer) keep(now time.Time, report, allocate bool) {
	defer p.guard("maintenance")
	p.pub.keep(now)
	if report {
		p.sub.report(now)
	}
	if allocate {
		p.session.demand(p, now)
		p.sub.allocate(now)
	}
}

// demand tells a publisher which of its encodings somebody takes.
func (s *session) demand(p *peer, now time.Time) {
	var streams [4]*Stream
	n := 0
	s.mu.RLock()
	for _, st := range p.streams {
		streams[n] = st
		n++
	}
	s.mu.RUnlock()
	for _, st := range streams[:n] {
		st.demand(now)
	}
}

func (s *SFU) decideSpeaker(ses *session, audio []*Stream, now time.Time) {
	defer func() {
		if v := recover(); v != nil {
			ses.speaker = speaker{}
			s.log.Error("the active speaker is not known", slog.String("session", ses.id), slog.Any("err", v),
				slog.String("stack", string(debug.Stack())))
		}
	}()
	if id, changed := ses.speaker.decide(audio, now); changed {
		ses.speaks.Store(&id)
		s.events.SpeakerChanged(ses.id, id)
	}
}

const (
	maintenanceTick = 50 * time.Millisecond
	reportTicks     = 20 // sender and receiver reports every second
	speakerTicks    = 6  // speaker decisions every 300 ms
)
