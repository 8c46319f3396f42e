package meeting

import (
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// mailbox holds what the media part told a room until the room's loop reads it. Putting never blocks, and the
// newest of a kind replaces the older: an offer replaces an unanswered one, only the last speaker counts. So it
// is bounded by the number of peers. Shape: mutex.
type mailbox struct {
	mu sync.Mutex // guards everything below
	in mail
}

type mail struct {
	offers  map[Peer]wire.SubscribeOffer
	lost    map[Peer]bool         // the subscribe connection needs a restart
	ended   map[Peer]*fault.Error // the connection of a Direct has ended; nil: its client closed it
	codecs  map[Peer]map[wire.Kind]wire.Stream
	faults  map[Peer][]mediaReport
	media   map[mediaNews]wire.Event
	speaker *speakerOfSession // nil: no news
	cut     map[*Participant]bool
	silent  map[Peer]bool
}

// mediaReport is a fault, or one that the loop makes, which knows the names of both participants.
type mediaReport struct {
	fault      *fault.Error
	unreceived *wire.UnreceivedStream // where fault is nil
}

// mediaNews is what an event of the media part is about; a newer event about the same replaces the older.
type mediaNews struct {
	peer  Peer
	event string
	about any
}

type speakerOfSession struct{ sessionID, participantID string }

func (b *mailbox) offer(peer Peer, offer wire.SubscribeOffer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.in.offers == nil {
		b.in.offers = map[Peer]wire.SubscribeOffer{}
	}
	b.in.offers[peer] = offer
}

func (b *mailbox) subscribeLost(peer Peer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.in.lost == nil {
		b.in.lost = map[Peer]bool{}
	}
	b.in.lost[peer] = true
}

func (b *mailbox) connectionLost(peer Peer, f *fault.Error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.in.ended == nil {
		b.in.ended = map[Peer]*fault.Error{}
	}
	b.in.ended[peer] = f
}

func (b *mailbox) codec(peer Peer, stream wire.Stream) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.in.codecs == nil {
		b.in.codecs = map[Peer]map[wire.Kind]wire.Stream{}
	}
	if b.in.codecs[peer] == nil {
		b.in.codecs[peer] = map[wire.Kind]wire.Stream{}
	}
	b.in.codecs[peer][stream.Kind] = stream
}

// maxMediaFaults of one peer wait for the room's loop, which reads in moments; more say nothing new.
const maxMediaFaults = 16

func (b *mailbox) fault(peer Peer, f mediaReport) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.in.faults == nil {
		b.in.faults = map[Peer][]mediaReport{}
	}
	if len(b.in.faults[peer]) < maxMediaFaults {
		b.in.faults[peer] = append(b.in.faults[peer], f)
	}
}

func (b *mailbox) news(peer Peer, about any, event wire.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.in.media == nil {
		b.in.media = map[mediaNews]wire.Event{}
	}
	b.in.media[mediaNews{peer, event.EventName(), about}] = event
}

func (b *mailbox) speaks(sessionID, participantID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.in.speaker = &speakerOfSession{sessionID, participantID}
}

func (b *mailbox) reachable(p *Participant, answers bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.in.cut == nil {
		b.in.cut = map[*Participant]bool{}
	}
	b.in.cut[p] = !answers
}

func (b *mailbox) mediaSilent(peer Peer, silent bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.in.silent == nil {
		b.in.silent = map[Peer]bool{}
	}
	b.in.silent[peer] = silent
}

// take empties the box.
func (b *mailbox) take() mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.in
	b.in = mail{}
	return taken
}

// SubscribeOffer takes an offer for a participant.
func (m *Meetings) SubscribeOffer(peer Peer, offer wire.SubscribeOffer) {
	if r := m.roomOfSession(peer.SessionID); r != nil {
		r.mail.offer(peer, offer)
		r.wakeLoop()
	}
}

// SpeakerChanged takes who is heard; "" for nobody.
func (m *Meetings) SpeakerChanged(sessionID, participantID string) {
	if r := m.roomOfSession(sessionID); r != nil {
		r.mail.speaks(sessionID, participantID)
		r.wakeLoop()
	}
}

// SubscribeLost has the subscribe connection restarted, for that offer is the server's to make. A client
// restarts its publish connection itself, by a new offer.
func (m *Meetings) SubscribeLost(peer Peer) {
	if r := m.roomOfSession(peer.SessionID); r != nil {
		r.mail.subscribeLost(peer)
		r.wakeLoop()
	}
}

// ConnectionLost ends the participation of a participant without a signaling socket: nothing else would tell that it is
// gone. A client with one makes the connection anew.
func (m *Meetings) ConnectionLost(peer Peer, f *fault.Error) {
	if r := m.roomOfSession(peer.SessionID); r != nil {
		r.mail.connectionLost(peer, f)
		r.wakeLoop()
	}
}

// CodecChanged takes the codec that a stream really has.
func (m *Meetings) CodecChanged(peer Peer, stream wire.Stream) {
	if r := m.roomOfSession(peer.SessionID); r != nil {
		r.mail.codec(peer, stream)
		r.wakeLoop()
	}
}

// StreamState takes what a participant is sent of a stream.
func (m *Meetings) StreamState(peer Peer, state wire.StreamState) {
	m.mediaNews(peer, StreamRef{ParticipantID: state.ParticipantID, Kind: state.Kind}, state)
}

// Encodings takes which encodings of a stream of the participant somebody takes.
func (m *Meetings) Encodings(peer Peer, encodings wire.Encodings) {
	m.mediaNews(peer, encodings.Kind, encodings)
}

// QualityLimitation takes whether the connection to a participant is fast enough.
func (m *Meetings) QualityLimitation(peer Peer, limitation wire.QualityLimitation) {
	m.mediaNews(peer, limitation.Type, limitation)
}

func (m *Meetings) mediaNews(peer Peer, about any, event wire.Event) {
	if r := m.roomOfSession(peer.SessionID); r != nil {
		r.mail.news(peer, about, event)
		r.wakeLoop()
	}
}

// MediaFault takes a fault of what a participant sends or receives.
func (m *Meetings) MediaFault(peer Peer, f *fault.Error) { m.mediaFault(peer, mediaReport{fault: f}) }

// CodecNotReceived takes a stream that a participant cannot receive.
func (m *Meetings) CodecNotReceived(peer Peer, stream wire.UnreceivedStream) {
	m.mediaFault(peer, mediaReport{unreceived: &stream})
}

func (m *Meetings) mediaFault(peer Peer, f mediaReport) {
	if r := m.roomOfSession(peer.SessionID); r != nil {
		r.mail.fault(peer, f)
		r.wakeLoop()
	}
}

var _ MediaEvents = (*Meetings)(nil)

// readMailbox passes on what media said.
func (r *room) readMailbox() {
	news := r.mail.take()
	for peer, offer := range news.offers {
		if p := r.memberOf(peer); p != nil {
			p.listener.Notify(offer)
		}
	}
	for peer := range news.lost {
		if p := r.memberOf(peer); p != nil {
			r.meetings.running.Go(func() { r.attempt("the restart of a connection", p.restart) })
		}
	}
	for peer, f := range news.ended {
		if p := r.memberOf(peer); p != nil && p.req.Direct {
			r.connectionLost(p, f)
		}
	}
	for peer, streams := range news.codecs {
		if p := r.memberOf(peer); p != nil {
			for _, s := range streams {
				r.codecChanged(p, s)
			}
		}
	}
	for about, event := range news.media {
		if p := r.memberOf(about.peer); p != nil && r.concerns(event) {
			p.listener.Notify(event)
		}
	}
	for peer, faults := range news.faults {
		if p := r.memberOf(peer); p != nil {
			for _, f := range faults {
				r.mediaFault(p, f)
			}
		}
	}
	for p, cut := range news.cut {
		if p.state == waiting || p.state == joined {
			p.cut = cut
			r.updateConnection(p)
		}
	}
	for peer, silent := range news.silent {
		if p := r.memberOf(peer); p != nil {
			p.silent = silent
			r.updateConnection(p)
		}
	}
	if s := news.speaker; s != nil && s.sessionID == r.session.id {
		if s.participantID == "" || r.people.get(s.participantID) != nil {
			r.setSpeaker(s.participantID)
		}
	}
}

// codecChanged tells everybody of a stream again that comes with another codec than they were told of.
func (r *room) codecChanged(p *Participant, now wire.Stream) {
	s := p.streams[now.Kind]
	if s == nil || s.ID != now.ID || s.Codec == now.Codec {
		return
	}
	now.DisplaySurface = s.DisplaySurface
	s.Stream = now
	if s.enabled {
		r.notifyAll(wire.StreamEnabled{ParticipantID: p.id, Stream: now})
		r.recordCodec(p, now.Kind, now.Codec)
	}
}

// concerns reports whether an event of the media part is still about something that participants know.
func (r *room) concerns(event wire.Event) bool {
	state, ok := event.(wire.StreamState)
	if !ok {
		return true
	}
	p := r.people.get(state.ParticipantID)
	return p != nil && p.streams[state.Kind] != nil && p.streams[state.Kind].ID == state.StreamID
}

// mediaFault reports a fault and tells the participant that it concerns.
func (r *room) mediaFault(p *Participant, told mediaReport) {
	f := told.fault
	if s := told.unreceived; s != nil {
		publisher := r.people.get(s.ParticipantID)
		if publisher == nil {
			return // it has left since
		}
		publisher.listener.Notify(wire.CodecNotReceived{ParticipantID: p.id, Kind: s.Kind, Codec: s.Codec, Taken: s.Taken})
		f = fault.UnsupportedEnvironmentCodecNotReceived(publisher.id, string(s.Kind), s.StreamID, s.Codec, s.Taken,
			publisher.req.Name, p.id, p.req.Name)
	}
	f = f.WithMeeting(r.meetingID, r.session.id, p.id)
	m := r.meetings
	m.opts.Report(m.life, f.WithClient(p.req.Client.FaultClient()))
	p.listener.Notify(wire.Faulted{Fault: f})
}

// memberOf returns the participant of a peer; nil when it has left, even if the id is taken again.
func (r *room) memberOf(peer Peer) *Participant {
	for _, list := range []*roster{&r.people, &r.hidden} {
		if p := list.get(peer.ParticipantID); p != nil && p.peer() == peer {
			return p
		}
	}
	return nil
}

func (r *room) setSpeaker(participantID string) {
	if r.session.speaker == participantID {
		return
	}
	r.session.speaker = participantID
	r.notifyAll(wire.SpeakerChanged{ParticipantID: participantID})
	r.subscribeViewers()
}
