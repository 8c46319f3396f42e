package sfu

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// session is the peers that can hear each other. Shape: mutex; nothing is called while it is held but wakes,
// which do not block, and preferences, a leaf.
type session struct {
	id      string
	speaker speaker // of the maintenance loop alone

	mu    sync.RWMutex // guards everything below
	peers map[string]*peer
}

// peer is a participant: what it publishes and what it receives.
type peer struct {
	sfu     *SFU
	session *session
	ref     wire.Peer
	tag     string // unguessable name of the peer in SDP and stream ids: participant ids may not fit there
	slot    int    // which tick of the maintenance loop sends its reports
	pub     *publisher
	sub     *subscriber

	preferences preferences

	streams map[wire.Kind]*Stream // guarded by session.mu; kept once made, for the id is stable
}

func newSession(id string) *session {
	return &session{id: id, peers: map[string]*peer{}}
}

func newPeer(s *SFU, ses *session, ref wire.Peer) *peer {
	p := &peer{sfu: s, session: ses, ref: ref, tag: rand.Text()[:13],
		slot: int(s.stats.attached.Add(1) % reportTicks), streams: map[wire.Kind]*Stream{}}
	p.pub = newPublisher(p)
	p.sub = newSubscriber(p)
	return p
}

// report tells of a fault that no call returns.
func (p *peer) report(f *fault.Error) { p.sfu.events.MediaFault(p.ref, f) }

// crashed reports a panic in the work for the peer: it is 5101 INTERNAL, and the log has the stack under its id.
func (p *peer) crashed(where string, panicked any) {
	p.report(fault.From(fmt.Errorf("sfu: %s: panic: %v\n%s", where, panicked, debug.Stack())))
}

// guard is deferred around work whose panic ends nothing but itself.
func (p *peer) guard(where string) {
	if v := recover(); v != nil {
		p.crashed(where, v)
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
		st = newStream(p, kind)
		p.streams[kind] = st
	}
	return st
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
				p.keep(now, (tick+p.slot)%reportTicks == 0)
			}
			if tick%speakerTicks == 0 {
				audio = ses.audio(audio[:0])
				s.decideSpeaker(ses, audio, now)
			}
		}
	}
}

// keep does for one peer what is due by the clock.
func (p *peer) keep(now time.Time, report bool) {
	defer p.guard("maintenance")
	p.pub.keep(now)
	if report {
		p.sub.report(now)
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
		s.events.SpeakerChanged(ses.id, id)
	}
}

const (
	maintenanceTick = 50 * time.Millisecond
	reportTicks     = 20 // sender and receiver reports every second
	speakerTicks    = 6  // speaker decisions every 300 ms
)
