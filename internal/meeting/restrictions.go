package meeting

import (
	"context"
	"maps"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// restrictions are the rights that participants who may not moderate do not have, each with the moderator who took it;
// "" over REST.
type restrictions map[wire.Right]string

func (s restrictions) has(right wire.Right) bool {
	_, restricted := s[right]
	return restricted
}

func (s restrictions) wire() wire.Restrictions {
	return wire.Restrictions{
		Audio: s.has(wire.AudioRight), Video: s.has(wire.VideoRight),
		Share: s.has(wire.ShareRight), Chat: s.has(wire.ChatRight),
	}
}

// Restrict takes rights from participants who may not moderate, and gives them back: 4105 for who may not moderate.
func (p *Participant) Restrict(ctx context.Context, params wire.RestrictParams) error {
	return p.inSession(ctx, wire.MethodRestrict, func(r *room) error {
		if !p.req.MayModerate {
			return fault.NotPermittedNeedsPermission(wire.MethodRestrict, allowMod)
		}
		r.restrict(params, p.id)
		return nil
	})
}

// Restrict changes the restrictions of the running session of a meeting; sessionID "" is whichever runs. It returns the
// id of the session and its restrictions. ErrNotLive.
func (m *Meetings) Restrict(
	ctx context.Context,
	accountID, meetingID, sessionID string,
	params wire.RestrictParams,
) (string, wire.Restrictions, error) {
	var now wire.Restrictions
	id, err := m.change(ctx, accountID, meetingID, sessionID, func(r *room) error {
		r.restrict(params, "")
		now = r.session.restrictions.wire()
		return nil
	})
	return id, now, err
}

// restrict changes what participants may do, announces it to all, and stops what runs against it. by is "" over REST.
func (r *room) restrict(params wire.RestrictParams, by string) {
	s := &r.session
	before := maps.Clone(s.restrictions)
	for _, right := range wire.Rights {
		asked := params.Of(right)
		switch {
		case asked == nil || *asked == s.restrictions.has(right):
		case *asked:
			if s.restrictions == nil {
				s.restrictions = restrictions{}
			}
			s.restrictions[right] = by
		default:
			delete(s.restrictions, right)
		}
	}
	if maps.Equal(before, s.restrictions) {
		return
	}
	r.changed()
	r.notifyAll(wire.RestrictionsChanged{Restrictions: s.restrictions.wire(), By: by})
	for _, right := range wire.Rights {
		for _, p := range slices.Clone(r.people.order) {
			for _, kind := range right.Kinds() {
				switch {
				case !r.restricts(p, right):
					r.letIn(p, kind)
				case !before.has(right):
					r.stop(p, kind)
				}
			}
		}
	}
}

// restricts reports whether p may not use a right now.
func (r *room) restricts(p *Participant, right wire.Right) bool {
	return !p.req.MayModerate && r.session.restrictions.has(right)
}

// restriction returns the fault of a method of p that needs a right; nil where p has it.
func (r *room) restriction(p *Participant, method string, right wire.Right) error {
	if !r.restricts(p, right) {
		return nil
	}
	return map[wire.Right]func(method, right string) *fault.Error{
		wire.AudioRight: fault.NotPermittedAudioRestricted,
		wire.VideoRight: fault.NotPermittedVideoRestricted,
		wire.ShareRight: fault.NotPermittedShareRestricted,
		wire.ChatRight:  fault.NotPermittedChatRestricted,
	}[right](method, string(right))
}

// stop switches a stream off that its publisher may no longer send.
func (r *room) stop(p *Participant, kind wire.Kind) {
	s := p.streams[kind]
	if s == nil {
		return // one that is being published is judged when it is there
	}
	if p.switchedOff != nil {
		p.switchedOff[kind] = true
	}
	if !s.enabled {
		r.tellRestricted(p, kind)
		return
	}
	p.keepOut(kind)
	r.meetings.media.SetStream(p.peer(), kind, false)
	r.isOff(p, kind, r.session.restrictions[kind.Right()])
}

// tellRestricted tells p alone that a stream, of which others know nothing, is off: its client may think that it is on,
// or be about to switch it on by itself, when its source delivers something.
func (r *room) tellRestricted(p *Participant, kind wire.Kind) {
	if s := p.streams[kind]; s != nil && !s.enabled {
		by := r.session.restrictions[kind.Right()]
		p.listener.Notify(wire.StreamDisabled{ParticipantID: p.id, Stream: s.Stream, By: by})
	}
}

// withoutRestricted returns what p offers, without what it may not switch on.
func (r *room) withoutRestricted(p *Participant, streams []wire.PublishedStream) []wire.PublishedStream {
	streams = slices.Clone(streams)
	for i, s := range streams {
		if s.Enabled && r.restricts(p, s.Kind.Right()) {
			streams[i].Enabled = false
		}
	}
	return streams
}

// keepOut notes for a Direct, which no button belongs to, that a stream is off only while the restriction lasts.
func (p *Participant) keepOut(kind wire.Kind) {
	if !p.req.Direct {
		return
	}
	if p.keptOut == nil {
		p.keptOut = map[wire.Kind]bool{}
	}
	p.keptOut[kind] = true
}

// letIn switches on what a Direct sends, and what only a restriction kept off.
func (r *room) letIn(p *Participant, kind wire.Kind) {
	s := p.streams[kind]
	if s == nil || !p.keptOut[kind] || r.restricts(p, kind.Right()) {
		return
	}
	delete(p.keptOut, kind)
	if !s.enabled && !p.held[kind] && p.sends() {
		r.meetings.media.SetStream(p.peer(), kind, true)
		r.isOn(p, kind)
	}
}

// settleRestricted brings what was offered in line with the restrictions, which may have changed while media worked on
// the offer.
func (r *room) settleRestricted(p *Participant, offered []wire.PublishedStream) {
	for _, one := range offered {
		switch {
		case !one.Enabled:
		case r.restricts(p, one.Kind.Right()):
			p.keepOut(one.Kind)
			r.tellRestricted(p, one.Kind)
		default:
			r.letIn(p, one.Kind)
		}
	}
}
