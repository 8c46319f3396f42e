package meeting

import (
	"crypto/sha256"
	"slices"

	"github.com/klatch/klatch/fault"
)

// removal is somebody whom a moderator has put out. Until the session ends, who comes with the same participant id, or
// the same token, has to be let in again, whatever the token allows; who has no signaling socket cannot ask, and is
// refused. A token that others in the session have too, as a link that was sent to many, says nothing of who comes.
type removal struct {
	participantID string
	token         [sha256.Size]byte // zero: it is shared
	fault         *fault.Error      // with which it was put out
}

// maxRemovals of a session are remembered.
const maxRemovals = 256

// noteRemoval remembers that a moderator puts p out with f.
func (r *room) noteRemoval(p *Participant, f *fault.Error) {
	removed := removal{participantID: p.id, token: p.req.TokenSum, fault: f}
	shared := func(q *Participant) bool { return q != p && q.req.TokenSum == p.req.TokenSum }
	if slices.ContainsFunc(r.people.order, shared) {
		removed.token = [sha256.Size]byte{}
	}
	r.forgiveRemoval(p)
	if r.session.removed = append(r.session.removed, removed); len(r.session.removed) > maxRemovals {
		r.session.removed = r.session.removed[1:]
	}
	r.changed()
}

// removalOf returns the fault with which a moderator has put p out of this session before; nil: none has.
func (r *room) removalOf(p *Participant) *fault.Error {
	if i := slices.IndexFunc(r.session.removed, func(one removal) bool { return one.of(p) }); i >= 0 {
		return r.session.removed[i].fault
	}
	return nil
}

// forgiveRemoval forgets it: somebody has let p in again.
func (r *room) forgiveRemoval(p *Participant) {
	before := len(r.session.removed)
	r.session.removed = slices.DeleteFunc(r.session.removed, func(one removal) bool { return one.of(p) })
	if len(r.session.removed) != before {
		r.changed()
	}
}

func (r removal) of(p *Participant) bool {
	return r.participantID == p.id || r.token != [sha256.Size]byte{} && r.token == p.req.TokenSum
}
