package meeting

import (
	"crypto/sha256"
	"slices"
)

// removal is somebody whom a moderator has put out. Until the session ends, who comes with the same participant id, or
// the same token, has to be let in again, whatever the token allows. A token that others in the session have too, as a
// link that was sent to many, says nothing of who comes.
type removal struct {
	participantID string
	token         [sha256.Size]byte // zero: it is shared
}

// maxRemovals of a session are remembered.
const maxRemovals = 256

// noteRemoval remembers that a moderator puts p out. Who has no signaling socket cannot ask to be let in again.
func (r *room) noteRemoval(p *Participant) {
	if p.req.Direct {
		return
	}
	removed := removal{participantID: p.id, token: p.req.TokenSum}
	shared := func(q *Participant) bool { return q != p && q.req.TokenSum == p.req.TokenSum }
	if slices.ContainsFunc(r.people.order, shared) {
		removed.token = [sha256.Size]byte{}
	}
	r.forgiveRemoval(p)
	if r.session.removed = append(r.session.removed, removed); len(r.session.removed) > maxRemovals {
		r.session.removed = r.session.removed[1:]
	}
}

// wasRemoved reports whether a moderator has put p out of this session before.
func (r *room) wasRemoved(p *Participant) bool {
	return !p.req.Direct && slices.ContainsFunc(r.session.removed, func(one removal) bool { return one.of(p) })
}

// forgiveRemoval forgets it: somebody has let p in again.
func (r *room) forgiveRemoval(p *Participant) {
	r.session.removed = slices.DeleteFunc(r.session.removed, func(one removal) bool { return one.of(p) })
}

func (r removal) of(p *Participant) bool {
	return r.participantID == p.id || r.token != [sha256.Size]byte{} && r.token == p.req.TokenSum
}
