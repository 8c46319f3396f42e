package meeting

import (
	"context"
	"errors"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Publish answers the offer of the sending connection. The offer is the whole: a stream that it no longer names
// is gone. Media works on it outside the room; what happened to p meanwhile counts.
func (p *Participant) Publish(ctx context.Context, params wire.PublishParams) (wire.PublishResult, error) {
	none := wire.PublishResult{}
	if err := p.lockStreams(ctx, wire.MethodPublish); err != nil {
		return none, err
	}
	defer p.unlockStreams()

	var peer Peer
	offered := params.Streams
	err := p.inSession(ctx, wire.MethodPublish, func(r *room) error {
		if err := p.needs(wire.MethodPublish, p.sends(), wire.SendAndRecv); err != nil {
			return err
		}
		peer = p.peer()
		p.switchedOff = map[wire.Kind]bool{}
		params.Streams = r.withoutRestricted(p, p.withoutHeld(params.Streams))
		return nil
	})
	if err != nil {
		return none, err
	}
	result, err := p.room.meetings.media.Publish(ctx, peer, params)
	if err != nil {
		return none, mediaFault(wire.MethodPublish, err)
	}
	// Media has the new streams from here on, so the commit may not be lost to ctx.
	err = p.inRoom(context.WithoutCancel(ctx), wire.MethodPublish, func(r *room) error {
		if p.state != joined {
			return fault.OperationAbortedLeft(wire.MethodPublish)
		}
		r.published(p, params, result)
		r.settleRestricted(p, offered)
		return p.needs(wire.MethodPublish, p.sends(), wire.SendAndRecv)
	})
	if err != nil {
		return none, err
	}
	return result, nil
}

// withoutHeld returns what a Direct offers, without what others have switched off: it cannot be told of that, and its
// next offer, for another path, says nothing about it.
func (p *Participant) withoutHeld(streams []wire.PublishedStream) []wire.PublishedStream {
	if len(p.held) == 0 {
		return streams
	}
	streams = slices.Clone(streams)
	for i := range streams {
		streams[i].Enabled = streams[i].Enabled && !p.held[streams[i].Kind]
	}
	return streams
}

// published takes over what media made of an offer.
func (r *room) published(p *Participant, offer wire.PublishParams, result wire.PublishResult) {
	carried := map[wire.Kind]wire.Stream{}
	for _, s := range result.Streams {
		carried[s.Kind] = s
	}
	for _, offered := range offer.Streams {
		if s, ok := carried[offered.Kind]; ok {
			s.DisplaySurface = offered.DisplaySurface // which media knows nothing of
			carried[offered.Kind] = s
		}
	}
	for _, kind := range wire.Kinds {
		old, now := p.streams[kind], carried[kind] // the zero Stream: not carried
		if old != nil && now == old.Stream {
			continue
		}
		if old != nil {
			r.isOff(p, kind, "")
			delete(p.streams, kind)
		}
		if now.Kind == kind {
			p.streams[kind] = &stream{Stream: now}
		}
	}
	for _, offered := range offer.Streams {
		s := p.streams[offered.Kind]
		switch {
		case s == nil:
		case !offered.Enabled:
			r.isOff(p, offered.Kind, "")
		case p.switchedOff[offered.Kind] || r.restricts(p, offered.Kind.Right()):
			// Off is immediate: a switch-off that came while media worked on the offer beats it.
			r.meetings.media.SetStream(p.peer(), offered.Kind, false)
		default:
			r.isOn(p, offered.Kind)
		}
	}
	r.settleStreams(p)
	r.subscribeAll()
}

// SetStream switches an own stream on or off.
func (p *Participant) SetStream(ctx context.Context, params wire.SetStreamParams) error {
	if err := p.lockStreams(ctx, wire.MethodSetStream); err != nil {
		return err
	}
	defer p.unlockStreams()
	return p.inSession(ctx, wire.MethodSetStream, func(r *room) error {
		if err := p.needs(wire.MethodSetStream, p.sends() || !params.Enabled, wire.SendAndRecv); err != nil {
			return err
		}
		if params.Enabled {
			if err := r.restriction(p, wire.MethodSetStream, params.Kind.Right()); err != nil {
				return err
			}
		}
		s := p.streams[params.Kind]
		switch {
		case s == nil && params.Enabled:
			return fault.InvalidMessageNotPublished(wire.MethodSetStream, string(params.Kind))
		case s == nil || s.enabled == params.Enabled:
		case params.Enabled:
			s.DisplaySurface = params.DisplaySurface
			r.meetings.media.SetStream(p.peer(), params.Kind, true)
			r.isOn(p, params.Kind)
		default:
			r.switchOff(p, params.Kind, "")
		}
		return nil
	})
}

// needs is 3066 unless ok.
func (p *Participant) needs(method string, ok bool, mode wire.Mode) error {
	if ok {
		return nil
	}
	return fault.ActionNotSupportedInModeMode(method, string(p.mode), string(mode))
}

func (p *Participant) lockStreams(ctx context.Context, method string) error {
	select {
	case p.streamsLock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.OperationAbortedCancelled(method).Because(ctx.Err())
	}
}

func (p *Participant) unlockStreams() { <-p.streamsLock }

// switchOff stops a stream at once; by is who did it, "" for p itself. A publish under way loses against it.
func (r *room) switchOff(p *Participant, kind wire.Kind, by string) {
	if p.switchedOff != nil {
		p.switchedOff[kind] = true
	}
	if p.req.Direct && by != "" {
		if p.held == nil {
			p.held = map[wire.Kind]bool{}
		}
		p.held[kind] = true
	}
	switch s := p.streams[kind]; {
	case s == nil:
	case s.enabled:
		r.meetings.media.SetStream(p.peer(), kind, false)
		r.isOff(p, kind, by)
	case by != "": // its client may be about to switch it on again by itself, when its source delivers something
		p.listener.Notify(wire.StreamDisabled{ParticipantID: p.id, Stream: s.Stream, By: by})
	}
}

// isOn and isOff take note, and tell everybody, that media forwards a stream or no longer does.
func (r *room) isOn(p *Participant, kind wire.Kind) {
	s := p.streams[kind]
	if s.enabled {
		return
	}
	s.enabled = true
	r.notifyAll(wire.StreamEnabled{ParticipantID: p.id, Stream: s.Stream})
	r.recordStream(p, kind, true)
	if kind == wire.Share {
		r.shareAgain(p)
		r.presentLatest()
		r.changed()
	}
	r.subscribeViewers()
}

func (r *room) isOff(p *Participant, kind wire.Kind, by string) {
	s := p.streams[kind]
	if !s.enabled {
		return
	}
	s.enabled = false
	r.notifyAll(wire.StreamDisabled{ParticipantID: p.id, Stream: s.Stream, By: by})
	r.recordStream(p, kind, false)
	if kind == wire.Share {
		r.stopShare(p)
		r.presentLatest()
	}
	r.subscribeViewers()
}

func (r *room) recordStream(p *Participant, kind wire.Kind, enabled bool) {
	sessionID, at := r.session.id, now()
	r.records.add("a stream's change", func(ctx context.Context, to Records) error {
		return to.StreamChanged(ctx, sessionID, p.id, kind, enabled, at)
	})
	if codec := p.streams[kind].Codec; enabled && codec != "" {
		r.recordCodec(p, kind, codec)
	}
}

func (r *room) recordCodec(p *Participant, kind wire.Kind, codec string) {
	sessionID := r.session.id
	r.records.add("the codec of a stream", func(ctx context.Context, to Records) error {
		return to.StreamCodec(ctx, sessionID, p.id, kind, codec)
	})
}

// presentLatest makes the one who began last to share the presenter. Several may share at once.
func (r *room) presentLatest() {
	latest := ""
	if n := len(r.session.shares); n > 0 {
		latest = r.session.shares[n-1].id
	}
	if latest != r.session.presenter {
		r.session.presenter = latest
		r.notifyAll(wire.PresenterChanged{ParticipantID: latest})
	}
}

// Consume chooses whether to receive a stream of somebody, published or not yet.
func (p *Participant) Consume(ctx context.Context, params wire.ConsumeParams) error {
	return p.inSession(ctx, wire.MethodConsume, func(r *room) error {
		if err := p.needs(wire.MethodConsume, p.receives(), wire.RecvOnly); err != nil {
			return err
		}
		if other := r.present(params.ParticipantID); other == nil || other == p {
			return fault.InvalidMessageNoSuchParticipant(wire.MethodConsume, params.ParticipantID)
		}
		ref := StreamRef{ParticipantID: params.ParticipantID, Kind: params.Kind}
		if params.Enabled == p.req.AutoConsume {
			delete(p.choices, ref)
		} else {
			if p.choices == nil {
				p.choices = map[StreamRef]bool{}
			}
			p.choices[ref] = params.Enabled
		}
		r.subscribe(p)
		return nil
	})
}

// Prefer sets what p prefers of streams of others, from when it receives them: who receives nothing in its mode may
// change that. One stream that does not exist refuses the whole call.
func (p *Participant) Prefer(ctx context.Context, params wire.PreferParams) error {
	return p.inSession(ctx, wire.MethodPrefer, func(r *room) error {
		for _, preference := range params.Streams {
			refusal := refusals[changeOf(params.Change, preference)]
			switch other := r.present(preference.ParticipantID); {
			case other == nil || other == p:
				return refusal.participant(preference.ParticipantID)
			case other.streams[preference.Kind] == nil:
				return refusal.stream(preference.ParticipantID, string(preference.Kind))
			}
		}
		r.meetings.media.Prefer(p.peer(), slices.Clone(params.Streams))
		return nil
	})
}

// changeOf returns what a preference is about, where the call does not name it.
func changeOf(named wire.PreferenceChange, preference wire.StreamPreference) wire.PreferenceChange {
	switch {
	case named != "":
		return named
	case preference.Paused:
		return wire.ChangePause
	case preference.Quality != "" || preference.Width != 0:
		return wire.ChangeQuality
	}
	return wire.ChangeResume
}

// refusals are the faults of a preference whose stream does not exist.
var refusals = map[wire.PreferenceChange]struct {
	participant func(target string) *fault.Error
	stream      func(target, kind string) *fault.Error
}{
	wire.ChangeQuality: {fault.SetQualityFailedNoSuchParticipant, fault.SetQualityFailedNoSuchStream},
	wire.ChangePause:   {fault.PauseStreamFailedNoSuchParticipant, fault.PauseStreamFailedNoSuchStream},
	wire.ChangeResume:  {fault.ResumeStreamFailedNoSuchParticipant, fault.ResumeStreamFailedNoSuchStream},
}

func (p *Participant) forgetChoices(participantID string) {
	for _, kind := range wire.Kinds {
		delete(p.choices, StreamRef{ParticipantID: participantID, Kind: kind})
	}
}

// wanted is what p receives: the negotiated streams of the others that it chose, or everything. A stream that is
// switched off stays in, so that switching it on needs no offer.
func (r *room) wanted(p *Participant) []StreamRef {
	if !p.receives() || p.away {
		return nil
	}
	if p.req.Viewer {
		return r.played(p)
	}
	var refs []StreamRef
	for _, q := range r.people.order {
		if q == p || len(q.streams) == 0 {
			continue
		}
		for _, kind := range wire.Kinds {
			ref := StreamRef{ParticipantID: q.id, Kind: kind}
			if _, chosen := p.choices[ref]; q.streams[kind] != nil && chosen != p.req.AutoConsume {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

func (r *room) subscribe(p *Participant) {
	refs := r.wanted(p)
	if slices.Equal(refs, p.subscribed) {
		return
	}
	p.subscribed = refs
	r.meetings.media.Subscribe(p.peer(), slices.Clone(refs))
}

// subscribeViewers has viewers follow a change of what there is to be seen and heard.
func (r *room) subscribeViewers() {
	for _, p := range r.people.order {
		if p.req.Viewer {
			r.subscribe(p)
		}
	}
}

func (r *room) subscribeAll() {
	for _, p := range r.everyone() {
		r.subscribe(p)
	}
}

// Answer takes the answer to a subscribe-offer.
func (p *Participant) Answer(ctx context.Context, params wire.AnswerParams) error {
	return p.atMedia(ctx, wire.MethodAnswer, func(media Media, peer Peer) error {
		return media.Answer(ctx, peer, params)
	})
}

// RestartSubscribe asks for a subscribe-offer with an ICE restart.
func (p *Participant) RestartSubscribe(ctx context.Context) error {
	return p.atMedia(ctx, wire.MethodRestartSubscribe, func(media Media, peer Peer) error {
		return media.Restart(ctx, peer)
	})
}

// atMedia lets media work for p outside the room.
func (p *Participant) atMedia(ctx context.Context, method string, work func(Media, Peer) error) error {
	var peer Peer
	// In every mode: an offer may be under way when the mode changes, and the connection outlives a mode that receives
	// nothing.
	err := p.inSession(ctx, method, func(*room) error {
		peer = p.peer()
		return nil
	})
	if err != nil {
		return err
	}
	if err := work(p.room.meetings.media, peer); err != nil {
		return mediaFault(method, err)
	}
	return nil
}

// mediaFault is the fault of a call that media did not carry out: media's own, or that the caller gave up.
func mediaFault(method string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.OperationAbortedCancelled(method).Because(err)
	}
	return fault.From(err)
}

// restart renews a subscribe connection that media found lost.
func (p *Participant) restart() {
	m := p.room.meetings
	if err := m.media.Restart(m.life, p.peer()); err != nil {
		m.opts.Report(m.life, fault.From(err).WithMeeting(p.room.meetingID, p.SessionID(), p.id))
	}
}
