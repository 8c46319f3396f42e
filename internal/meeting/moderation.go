package meeting

import (
	"context"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Permission is judged before existence in all of these, so that ids cannot be probed.

// End ends the session for everybody, p included, and sends the lobby away: leave reason 1008.
func (p *Participant) End(ctx context.Context) error {
	return p.inSession(ctx, wire.MethodEnd, func(r *room) error {
		if !p.req.MayEnd {
			return fault.NotPermittedNeedsPermission(wire.MethodEnd, allowMod)
		}
		going := r.departures(wire.RemoveAll, fault.MeetingEndedByParticipant(p.id, p.req.Name), anyone)
		for i := range going {
			if going[i].p == p {
				going[i].fault = nil // it asked for this
			}
		}
		r.depart(going...)
		return nil
	})
}

// Remove puts a participant out: 4103 BY_MODERATOR, leave reason 1002. It can come back into this session only when
// somebody lets it in.
func (p *Participant) Remove(ctx context.Context, params wire.ParticipantParams) error {
	return p.inSession(ctx, wire.MethodRemoveParticipant, func(r *room) error {
		if !p.req.MayModerate {
			return fault.RemoveParticipantFailedNotPermitted(allowMod)
		}
		target := r.people.get(params.ParticipantID)
		if target == nil {
			return fault.RemoveParticipantFailedNoSuchParticipant(params.ParticipantID)
		}
		f := fault.ParticipantRemovedByModerator(p.id, p.req.Name).WithMeeting(r.meetingID, r.session.id, target.id)
		r.noteRemoval(target, f)
		r.depart(departure{p: target, code: wire.RemovePeer, fault: f})
		return nil
	})
}

// streamFaults are the codes of one of the four calls behind requestStream.
type streamFaults struct {
	notPermitted func(permission string) *fault.Error
	nobody       func(target string) *fault.Error
	targetMode   func(target, mode, name string) *fault.Error // nil: any mode will do
	cannotAnswer func(target, protocol, name string) *fault.Error
}

var (
	switchesOff = map[wire.Kind]streamFaults{
		wire.Audio: {
			fault.DisableParticipantMicFailedNotPermitted, fault.DisableParticipantMicFailedNoSuchParticipant, nil, nil,
		},
		wire.Video: {
			fault.DisableParticipantWebcamFailedNotPermitted,
			fault.DisableParticipantWebcamFailedNoSuchParticipant,
			nil, nil,
		},
	}
	asksOn = map[wire.Kind]streamFaults{
		wire.Audio: {
			fault.EnableParticipantMicFailedNotPermitted,
			fault.EnableParticipantMicFailedNoSuchParticipant,
			fault.EnableParticipantMicFailedTargetMode,
			fault.EnableParticipantMicFailedCannotAnswer,
		},
		wire.Video: {
			fault.EnableParticipantWebcamFailedNotPermitted,
			fault.EnableParticipantWebcamFailedNoSuchParticipant,
			fault.EnableParticipantWebcamFailedTargetMode,
			fault.EnableParticipantWebcamFailedCannotAnswer,
		},
	}
)

// RequestStream switches somebody's microphone or camera off at once, or asks for it to be switched on.
func (p *Participant) RequestStream(ctx context.Context, params wire.RequestStreamParams) error {
	faults := switchesOff[params.Kind]
	if params.Enabled {
		faults = asksOn[params.Kind]
	}
	return p.inSession(ctx, wire.MethodRequestStream, func(r *room) error {
		if !p.req.MayModerate {
			return faults.notPermitted(allowMod)
		}
		target := r.present(params.ParticipantID)
		switch {
		case target == nil:
			return faults.nobody(params.ParticipantID)
		case !params.Enabled:
			r.switchOff(target, params.Kind, p.id)
			return nil
		case !target.sends():
			return faults.targetMode(target.id, string(target.mode), target.req.Name)
		}
		if err := r.restriction(target, wire.MethodRequestStream, params.Kind.Right()); err != nil {
			return err
		}
		delete(target.held, params.Kind)
		s := target.streams[params.Kind]
		switch {
		case s != nil && s.enabled:
			return nil
		case target.req.Direct && s == nil:
			return faults.cannotAnswer(target.id, target.req.Protocol, target.req.Name)
		case target.req.Direct: // nobody is there to be asked, and what the program sends is wanted
			r.meetings.media.SetStream(target.peer(), params.Kind, true)
			r.isOn(target, params.Kind)
			return nil
		}
		if params.Kind == wire.Audio {
			target.listener.Notify(wire.MicRequested{ParticipantID: p.id})
		} else {
			target.listener.Notify(wire.WebcamRequested{ParticipantID: p.id})
		}
		return nil
	})
}

// RespondEntry answers an entry request.
func (p *Participant) RespondEntry(ctx context.Context, params wire.RespondEntryParams) error {
	var place *reservation
	var full *fault.Error
	if params.Decision == wire.Allowed && p.isHost() {
		place, full = p.room.reserveEntry(ctx, params.ParticipantID)
		defer place.release()
	}
	return p.inSession(ctx, wire.MethodRespondEntry, func(r *room) error {
		if !p.isHost() {
			return fault.RespondEntryFailedNotPermitted(allowJoin)
		}
		return r.respondEntry(p, params.ParticipantID, params.Decision, place, full)
	})
}

// Pin pins or unpins somebody for everybody. The pins of who leaves go with them.
func (p *Participant) Pin(ctx context.Context, params wire.PinParams) error {
	return p.inSession(ctx, wire.MethodPin, func(r *room) error {
		none := wire.PinState{}
		pinned := r.present(params.ParticipantID)
		if pinned == nil {
			if params.State == none {
				return fault.UnpinFailedNoSuchParticipant(params.ParticipantID)
			}
			return fault.PinFailedNoSuchParticipant(params.ParticipantID)
		}
		if r.session.pins[params.ParticipantID].State == params.State {
			return nil
		}
		pin := wire.PinChanged{ParticipantID: params.ParticipantID, State: params.State, PinnedBy: p.id}
		if params.State == none {
			delete(r.session.pins, params.ParticipantID)
		} else {
			if r.session.pins == nil {
				r.session.pins = map[string]wire.PinChanged{}
			}
			r.session.pins[params.ParticipantID] = pin
		}
		r.changed()
		r.meetings.media.Pin(pinned.peer(), params.State)
		r.notifyAll(pin)
		return nil
	})
}
