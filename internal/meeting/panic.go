package meeting

import (
	"context"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/wire"
)

// endAfterPanic ends a room whose loop panicked: what it holds may be half changed, so nothing of it goes on. Everybody
// is told 5101 INTERNAL with the id of the stack in the log, and may join again at once, into a new room. It runs in
// the loop. Each step stands alone, for any of them may meet what made the loop panic.
func (r *room) endAfterPanic(cause error) {
	m := r.meetings
	f := fault.ServerUnavailableInternal().Because(cause).WithMeeting(r.meetingID, r.session.id, "").WithFatal(true)
	m.opts.Report(m.life, f)
	r.failure = f

	all := slices.Concat(r.people.order, r.hidden.order, r.lobby.order)
	for _, d := range r.departing { // out of the rosters already, and not told
		all = append(all, d.p)
	}
	m.drop(r)
	for _, p := range all {
		if p.state == gone {
			continue
		}
		inside := p.state == joined
		p.state = gone
		r.attempt("the end of a participant's participation", func() {
			if inside {
				m.media.Detach(p.peer())
			}
		})
		r.attempt("the end of a participant's participation", func() { r.releasePlace(p) })
		r.attempt("the end of a participant's participation", func() {
			if inside && !p.req.Hidden {
				sessionID, at := r.session.id, now()
				r.records.add("a participant's leaving", func(ctx context.Context, to Records) error {
					return to.ParticipantLeft(ctx, sessionID, p.id, at, wire.RoomClose.Reason())
				})
			}
		})
		r.attempt("the end of a participant's participation", func() {
			p.listener.Closed(wire.RoomClose.Reason(), f.WithMeeting("", "", p.id))
		})
	}
	if r.session.running() {
		id, at := r.session.id, now()
		r.attempt("the end of a session", func() { m.egress.SessionEnded(id) })
		r.records.add("the end of the session", func(ctx context.Context, to Records) error {
			return to.SessionEnded(ctx, id, at)
		})
	}
	r.people, r.hidden, r.lobby, r.departing = roster{}, roster{}, roster{}, nil
	r.session = session{id: newID()}
	r.publishSummary()
}

// attempt runs a step of endAfterPanic; what panics again is only reported.
func (r *room) attempt(what string, step func()) {
	if err := guard.Do(what, step); err != nil {
		r.meetings.opts.Report(r.meetings.life, fault.From(err).WithMeeting(r.meetingID, r.session.id, ""))
	}
}

// drop takes a room off the maps, whoever is on the way in: they get its failure.
func (m *Meetings) drop(r *room) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rooms[r.meetingID] == r {
		delete(m.rooms, r.meetingID)
		if !r.released {
			m.closeLocked(r)
		}
	}
	if m.sessions[r.session.id] == r {
		delete(m.sessions, r.session.id)
	}
}

// outcome returns why a room that has ended took no more: the fault it collapsed with, or errRoomEnded. The loop has
// ended.
func (r *room) outcome() error {
	if r.failure == nil {
		return errRoomEnded
	}
	own := *r.failure
	return &own
}
