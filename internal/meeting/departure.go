package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// departure is somebody's going: from the session or from the lobby.
type departure struct {
	p        *Participant
	code     wire.LeaveCode
	fault    *fault.Error // nil: went by its own will, or its connection did
	answered bool         // from the lobby, and the hosts know already
	by       string       // the host who denied a request, and so knows its fault
	returned bool         // a call returns the fault as well: its boundary reports it
}

// depart takes people out, all in one step: first the state is without them, then those who stay are told, then
// those who go. The session ends after the last; the loop sees to that.
func (r *room) depart(going ...departure) {
	going = slices.DeleteFunc(going, func(d departure) bool { return d.p.state != waiting && d.p.state != joined })
	before := r.departing
	r.departing = slices.Concat(before, going)
	for _, d := range going {
		if d.p.state == waiting {
			r.lobby.remove(d.p)
		} else {
			r.takeOut(d)
		}
	}
	media := false
	for _, d := range going {
		switch {
		case d.p.req.Hidden || d.p.req.Viewer:
		case d.p.state == joined:
			r.notifyAll(wire.ParticipantLeft{ParticipantID: d.p.id, Reason: d.code.Reason()})
			media = media || len(d.p.streams) > 0
		case !d.answered:
			r.notifyHosts(wire.EntryWithdrawn{ParticipantID: d.p.id})
		}
		r.notifyHostsOfFault(d)
	}
	if media {
		r.subscribeAll()
	}
	r.presentLatest()
	if r.people.get(r.session.speaker) == nil {
		r.setSpeaker("")
	}
	r.report(going)
	for _, d := range going {
		d.p.state = gone
		d.p.listener.Closed(d.code.Reason(), d.fault)
	}
	r.departing = before // not deferred: endAfterPanic tells those that a panic left here
}

// report hands the faults that put people out to the log, each incident once, however many it concerns.
func (r *room) report(going []departure) {
	var reported []*fault.Error
	for _, d := range going {
		if d.fault != nil && !d.returned && !slices.Contains(reported, d.fault) {
			reported = append(reported, d.fault)
			r.meetings.opts.Report(r.meetings.life, d.fault.WithAccount(r.accountID).WithClient(d.p.req.Client.FaultClient()))
		}
	}
}

// notifyHostsOfFault reports to those who could have answered a request why it failed (4101, 4102). For them nothing
// ends.
func (r *room) notifyHostsOfFault(d departure) {
	if d.p.state != waiting || !fault.Is(d.fault, fault.CodeLobbyDenied) && !fault.Is(d.fault, fault.CodeLobbyTimeout) {
		return
	}
	if r.session.lock.locked() { // they have been told that it is
		return
	}
	told := d.fault.WithFatal(false)
	for _, p := range r.people.order {
		if p.isHost() && p.id != d.by {
			p.listener.Notify(wire.Faulted{Fault: told})
		}
	}
}

// takeOut removes a participant from the state of the session.
func (r *room) takeOut(d departure) {
	p, at := d.p, now()
	r.people.remove(p)
	r.hidden.remove(p)
	r.meetings.media.Detach(p.peer())
	if p.req.Hidden {
		return
	}
	r.releasePlace(p)
	r.noteLeaving(d)
	r.stopShare(p)
	if _, pinned := r.session.pins[p.id]; pinned {
		delete(r.session.pins, p.id)
		r.changed()
	}
	r.session.topics.leave(p)
	r.session.values.leave(p)
	for _, q := range r.people.order {
		q.forgetChoices(p.id)
	}
	sessionID, reason := r.session.id, d.code.Reason()
	r.records.add("a participant's leaving", func(ctx context.Context, to Records) error {
		return to.ParticipantLeft(ctx, sessionID, p.id, at, reason)
	})
}

// replaced puts out an older connection because a newer of the same id is let in.
func (r *room) replaced(older, newer *Participant) departure {
	client := newer.req.Client.SDKType
	by := newer.req.Client
	for _, more := range []string{by.SDKVersion, by.Platform, by.BrowserUserAgent} {
		if more != "" {
			client += " " + more
		}
	}
	if client == "" {
		client = "a client that does not name itself"
	}
	f := fault.DuplicateParticipantReplaced(fault.InstantOf(now()).String(), client).
		WithMeeting(r.meetingID, r.session.id, older.id)
	return departure{p: older, code: wire.DuplicateParticipantLeave, fault: f}
}

// departures returns a departure for each who is in the session or waits, and for whom pick is true: one incident, so
// all have one fault with one id.
func (r *room) departures(code wire.LeaveCode, f *fault.Error, pick func(*Participant) bool) []departure {
	var out []departure
	f = f.WithMeeting(r.meetingID, r.session.id, "")
	for _, list := range [][]*Participant{r.people.order, r.lobby.order} {
		for _, p := range list {
			if pick(p) {
				out = append(out, departure{p: p, code: code, fault: f})
			}
		}
	}
	return out
}

func anyone(*Participant) bool { return true }

// autoClose ends a session that has reached its time. Where the meeting is to be disabled, that is written first:
// whoever is put out and comes again at once must find it disabled.
func (r *room) autoClose(at time.Time) {
	auto := r.session.autoClose
	if auto.Deactivate {
		r.meetings.refuseFromNow(
			closingKey{meetingID: r.meetingID},
			fault.MeetingIDDisabledDeactivated(r.meetingID, fault.InstantOf(at).String()),
		)
		err := r.records.wait("the disabling of the meeting", func(ctx context.Context, to Records) error {
			return to.MeetingDisabled(ctx, r.accountID, r.meetingID, at)
		})
		if err != nil {
			r.meetings.opts.Report(
				r.meetings.life,
				fault.ServerUnavailableStore("the disabling of the meeting").Because(err).
					WithMeeting(r.meetingID, r.session.id, ""),
			)
		}
	}
	r.depart(r.departures(wire.RoomClose, fault.MeetingEndedAutoClosed(auto.DurationMin), anyone)...)
}
