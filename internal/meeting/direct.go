package meeting

import (
	"context"
	"sync"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Direct is the place of a participant that has no signaling socket: a WHIP or RTMP publisher, or a WHEP player. It is
// judged, shown, limited, recorded and moderated as every participant is. What it cannot do without a socket is wait:
// in the lobby, or for the return of a lost connection. Its participation ends when its media connection is lost for
// good.
//
// A Direct is safe for concurrent use. Shape: mutex.
type Direct struct {
	*Participant
	result wire.JoinResult
	done   chan struct{}

	mu     sync.Mutex // guards everything below
	reason wire.LeaveReason
	fault  *fault.Error
}

// JoinDirect lets a participant in that has no signaling socket. req is what the gate let through, as for Join, and
// says the protocol; an error is a *fault.Error that the caller reports and returns. Faults that end the participation
// later are reported already: they are in the log, in the timeline of their account and in its webhooks.
func (m *Meetings) JoinDirect(ctx context.Context, req JoinRequest) (*Direct, error) {
	req.Direct = true
	if req.Viewer {
		req.Mode = wire.RecvOnly
	}
	d := &Direct{done: make(chan struct{})}
	p, result, err := m.Join(ctx, req, d)
	if err != nil {
		return nil, err
	}
	d.Participant, d.result = p, result
	return d, nil
}

// Result returns what the join was answered with.
func (d *Direct) Result() wire.JoinResult { return d.result }

// Done is closed when the participant is out.
func (d *Direct) Done() <-chan struct{} { return d.done }

// Outcome returns why the participant is out, after Done is closed. The fault is nil for who went by its own will.
func (d *Direct) Outcome() (wire.LeaveReason, *fault.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.reason, d.fault
}

// Notify implements Listener: there is nobody to be told.
func (d *Direct) Notify(wire.Event) {}

// Closed implements Listener.
func (d *Direct) Closed(reason wire.LeaveReason, f *fault.Error) {
	d.mu.Lock()
	d.reason, d.fault = reason, f
	d.mu.Unlock()
	close(d.done)
}

// Moved implements Listener: without a socket there is no way to follow.
func (d *Direct) Moved(f *fault.Error) { d.Closed(wire.WebSocketDisconnected.Reason(), f) }

// connectionLost ends the participation of a participant without a signaling socket. f is nil when its client closed
// the connection.
func (r *room) connectionLost(p *Participant, f *fault.Error) {
	if f == nil {
		r.depart(departure{p: p, code: wire.ManualLeave})
		return
	}
	r.depart(departure{p: p, code: wire.WebSocketDisconnected, fault: f.WithMeeting(r.meetingID, r.session.id, p.id)})
}

// Play answers the offer of a viewer: WHEP.
func (p *Participant) Play(ctx context.Context, params wire.PlayParams) (wire.PlayResult, error) {
	var result wire.PlayResult
	err := p.atMedia(ctx, methodPlay, func(media Media, peer Peer) (err error) {
		result, err = media.Play(ctx, peer, params)
		return err
	})
	return result, err
}

// methodPlay names Play in faults.
const methodPlay = "play"

// SetSource sets whom a viewer is sent; "" follows who shares or speaks. Somebody who is not there yet is waited for.
func (p *Participant) SetSource(ctx context.Context, participantID string) error {
	return p.inSession(ctx, methodPlay, func(r *room) error {
		p.source = participantID
		r.subscribe(p)
		return nil
	})
}

// played returns the picture and the sound that a viewer is sent. What is switched off is left out, so that a viewer
// who follows the speaker sees somebody else.
func (r *room) played(p *Participant) []StreamRef {
	var refs []StreamRef
	if picture, ok := r.picture(p); ok {
		refs = append(refs, picture)
	}
	if sound, ok := r.sound(p, refs); ok {
		refs = append(refs, sound)
	}
	return refs
}

// picture chooses: the share of the presenter, the camera of who speaks, what is shown already, the first camera.
func (r *room) picture(p *Participant) (StreamRef, bool) {
	if p.source != "" {
		return r.firstOn(p.source, wire.Share, wire.Video)
	}
	if ref, ok := r.firstOn(r.session.presenter, wire.Share); ok {
		return ref, true
	}
	if ref, ok := r.firstOn(r.session.speaker, wire.Video); ok {
		return ref, true
	}
	for _, ref := range p.subscribed {
		if ref.Kind == wire.Video && r.on(ref) {
			return ref, true
		}
	}
	return r.firstOfAll(wire.Video)
}

// sound chooses: who speaks, what is heard already, who is shown, the first who sends any.
func (r *room) sound(p *Participant, picture []StreamRef) (StreamRef, bool) {
	if p.source != "" {
		return r.firstOn(p.source, wire.Audio, wire.ShareAudio)
	}
	if ref, ok := r.firstOn(r.session.speaker, wire.Audio); ok {
		return ref, true
	}
	for _, ref := range p.subscribed {
		if (ref.Kind == wire.Audio || ref.Kind == wire.ShareAudio) && r.on(ref) {
			return ref, true
		}
	}
	for _, shown := range picture {
		kinds := []wire.Kind{wire.Audio}
		if shown.Kind == wire.Share {
			kinds = []wire.Kind{wire.ShareAudio, wire.Audio}
		}
		if ref, ok := r.firstOn(shown.ParticipantID, kinds...); ok {
			return ref, true
		}
	}
	return r.firstOfAll(wire.Audio, wire.ShareAudio)
}

func (r *room) on(ref StreamRef) bool {
	p := r.present(ref.ParticipantID)
	return p != nil && p.streams[ref.Kind] != nil && p.streams[ref.Kind].enabled
}

// firstOn returns the first of the kinds that a participant sends.
func (r *room) firstOn(participantID string, kinds ...wire.Kind) (StreamRef, bool) {
	for _, kind := range kinds {
		if ref := (StreamRef{ParticipantID: participantID, Kind: kind}); r.on(ref) {
			return ref, true
		}
	}
	return StreamRef{}, false
}

// firstOfAll returns the first of the kinds that anybody sends, of who came first.
func (r *room) firstOfAll(kinds ...wire.Kind) (StreamRef, bool) {
	for _, kind := range kinds {
		for _, q := range r.people.order {
			if ref, ok := r.firstOn(q.id, kind); ok {
				return ref, true
			}
		}
	}
	return StreamRef{}, false
}
