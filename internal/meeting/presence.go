package meeting

import "github.com/klatch/klatch/internal/wire"

// Reachable notes whether the client of p answers: it has a socket, and what is asked on it is answered. The others are
// told. It does not block.
func (p *Participant) Reachable(answers bool) {
	p.room.mail.reachable(p, answers)
	p.room.wakeLoop()
}

// MediaSilent takes whether nothing comes any more over the path of a participant's media, which has worked.
func (m *Meetings) MediaSilent(peer Peer, silent bool) {
	if r := m.roomOfSession(peer.SessionID); r != nil {
		r.mail.mediaSilent(peer, silent)
		r.wakeLoop()
	}
}

// lost returns which connection of p is lost.
func (p *Participant) lost() wire.LostConnection {
	switch {
	case p.cut:
		return wire.LostSignaling
	case p.silent:
		return wire.LostMedia
	}
	return ""
}

// updateConnection tells the others when p has become unreachable, or is back. Of somebody in the lobby it is told
// when that one enters.
func (r *room) updateConnection(p *Participant) {
	lost := p.lost()
	before := p.told
	p.told = lost
	if before == lost || p.state != joined || p.req.Hidden || p.req.Viewer {
		return
	}
	change := wire.ParticipantConnectionChanged{ParticipantID: p.id, State: wire.ConnectionConnected}
	if lost != "" {
		change.State, change.Lost = wire.ConnectionReconnecting, lost
	}
	event := wire.NewBroadcast(change)
	for _, q := range r.everyone() {
		if q != p {
			q.listener.Notify(event)
		}
	}
}
