package meeting

import (
	"sync"

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
	lost    map[Peer]bool     // the subscribe connection needs a restart
	speaker *speakerOfSession // nil: no news
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

func (b *mailbox) speaks(sessionID, participantID string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.in.speaker = &speakerOfSession{sessionID, participantID}
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
		r.poke()
	}
}

// SpeakerChanged takes who is heard; "" for nobody.
func (m *Meetings) SpeakerChanged(sessionID, participantID string) {
	if r := m.roomOfSession(sessionID); r != nil {
		r.mail.speaks(sessionID, participantID)
		r.poke()
	}
}

// ConnectionLost has the subscribe connection restarted, for that offer is the server's to make. A client
// restarts its publish connection itself, by a new offer.
func (m *Meetings) ConnectionLost(peer Peer, connection string) {
	if connection != subscribeConnection {
		return
	}
	if r := m.roomOfSession(peer.SessionID); r != nil {
		r.mail.subscribeLost(peer)
		r.poke()
	}
}

const subscribeConnection = "subscribe"

var _ MediaEvents = (*Meetings)(nil)

// readMail passes on what media said.
func (r *room) readMail() {
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
	if s := news.speaker; s != nil && s.sessionID == r.session.id {
		if s.participantID == "" || r.people.get(s.participantID) != nil {
			r.setSpeaker(s.participantID)
		}
	}
}

// memberOf gives who is meant; nil when that one has left, even if the id is taken again.
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
	r.tell(wire.SpeakerChanged{ParticipantID: participantID})
}
