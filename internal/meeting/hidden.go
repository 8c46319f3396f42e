package meeting

import (
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// A hidden participant is the worker of an egress job. It is told what everybody is told and receives what it wants,
// and that is all: it is not listed, announced, counted or recorded, and keeps no session alive.

// hiddenMethods are what a hidden participant may call, beside leaving.
var hiddenMethods = []string{
	wire.MethodAnswer, wire.MethodRestartSubscribe, wire.MethodConsume, wire.MethodSubscribeTopic, // of watermarks
}

// joinHidden lets a worker into the session its job is for.
func (r *room) joinHidden(p *Participant) (wire.JoinResult, error) {
	if !r.session.running() || p.req.SessionID != r.session.id {
		return wire.JoinResult{}, fault.ActionPerformedBeforeMeetingJoinedLeft(wire.MethodJoin)
	}
	r.session.participations++
	p.participation, p.recorder = r.session.participations, true
	p.setSession(r.session.id)
	if err := r.attach(p); err != nil {
		return wire.JoinResult{}, fault.From(err)
	}
	if older := r.hidden.get(p.id); older != nil {
		r.depart(departure{p: older, code: wire.DuplicateParticipantLeave})
	}
	p.state = joined
	p.joinedAt = now()
	r.hidden.add(p)
	r.subscribe(p)
	welcome := r.welcome(p)
	return r.result(p, wire.Joined, &welcome), nil
}

// removeHidden ends the participation of the workers with the session.
func (r *room) removeHidden() {
	var going []departure
	for _, p := range slices.Clone(r.hidden.order) {
		going = append(going, departure{p: p, code: wire.RoomClose})
	}
	r.depart(going...)
}
