package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/wire"
)

// admit judges a join: entry or lobby. Everything a newcomer can fail at is judged before an older connection
// of the same id is put out, so that a join that fails costs nobody their place.
func (r *room) admit(p *Participant) (wire.JoinResult, error) {
	if f := r.meetings.refusal(p.req); f != nil {
		return wire.JoinResult{}, f
	}
	if p.req.Hidden {
		return r.joinHidden(p)
	}
	if f := r.lockedOut(p); f != nil {
		return wire.JoinResult{}, f
	}
	if f := r.looksAlike(p); f != nil {
		return wire.JoinResult{}, f
	}
	removed := r.removalOf(p)
	switch {
	case removed != nil && p.req.Direct:
		by, _ := removed.Details["by"].(string)
		byName, _ := removed.Details["byName"].(string)
		return wire.JoinResult{}, fault.ParticipantRemovedByModerator(by, byName).
			WithMeeting(r.meetingID, r.session.id, p.id)
	case !p.req.MayJoin && p.req.Direct:
		return wire.JoinResult{}, fault.InvalidPermissionsNoLobby([]string{askJoin}, p.req.Protocol)
	case !p.req.MayJoin, removed != nil:
		return r.requestEntry(p)
	}
	if err := r.enter(p, nil); err != nil {
		return wire.JoinResult{}, err
	}
	welcome := r.welcome(p)
	return r.result(p, wire.Joined, &welcome), nil
}

// looksAlike refuses an id that people cannot tell from that of somebody who is here. Whoever comes second is refused.
func (r *room) looksAlike(p *Participant) *fault.Error {
	skeleton := ident.Skeleton(p.id)
	for _, list := range []*roster{&r.people, &r.lobby} {
		for _, other := range list.order {
			if other.id != p.id && other.skeleton == skeleton {
				return fault.InvalidParticipantIDLooksAlike(p.id, other.id, other.req.Name)
			}
		}
	}
	p.skeleton = skeleton
	return nil
}

func (r *room) result(p *Participant, state wire.JoinState, welcome *wire.Welcome) wire.JoinResult {
	return wire.JoinResult{
		State: state, MeetingID: r.meetingID, SessionID: p.SessionID(), ParticipantID: p.id, Welcome: welcome,
	}
}

// requestEntry puts p into the lobby. The limits are asked now, to refuse at once, and again when p is let in. An older
// connection of the same id that is inside stays until then; one that waits in the lobby is replaced.
func (r *room) requestEntry(p *Participant) (wire.JoinResult, error) {
	older := r.lobby.get(p.id)
	if f := r.checkLimits(p, r.people.get(p.id), true); f != nil {
		return wire.JoinResult{}, f
	}
	if size := r.meetings.opts.LobbySize; older == nil && r.lobby.len() >= size {
		return wire.JoinResult{}, fault.MaxParticipantReachedLimit(size, r.lobby.len(), "lobby")
	}
	if older != nil {
		r.depart(r.replaced(older, p))
	}
	at := now()
	p.state = waiting
	p.requestedAt = at
	p.hintAt = at.Add(r.meetings.opts.LobbyHint)
	p.timeoutAt = at.Add(r.meetings.opts.LobbyTimeout)
	p.hosts = r.hosts()
	p.setSession(r.session.id)
	r.lobby.add(p)
	r.session.answers = slices.DeleteFunc(r.session.answers, func(a entryAnswer) bool { return a.ParticipantID == p.id })
	r.notifyHosts(p.request())
	return r.result(p, wire.Waiting, nil), nil
}

// enter brings p into the session, which starts with the first. It replaces older connections of the same id.
// first, if any, is done when nothing can fail any more and before the others hear of p.
func (r *room) enter(p *Participant, first func()) error {
	inside := r.people.get(p.id)
	if f := r.checkLimits(p, inside, false); f != nil {
		return f
	}
	at := now().Truncate(time.Millisecond) // as it is kept
	if !r.session.running() {
		if err := r.startSession(at, p.req.AutoClose); err != nil {
			r.restorePlace(p, inside)
			return fault.ServerUnavailableStore("the start of the session").Because(err)
		}
	}
	r.session.participations++
	p.participation = r.session.participations
	p.setSession(r.session.id)
	if err := r.attach(p); err != nil {
		r.restorePlace(p, inside)
		return fault.From(err)
	}
	if inside != nil {
		r.depart(r.replaced(inside, p))
	}
	if waiting := r.lobby.get(p.id); waiting != nil && waiting != p {
		r.depart(r.replaced(waiting, p))
	}

	r.lobby.remove(p)
	if first != nil {
		first()
	}
	p.state = joined
	p.joinedAt = at
	if !p.req.Viewer {
		r.notifyAll(wire.ParticipantJoined{Participant: p.describe()})
	}
	r.people.add(p)
	if p.isHost() {
		hosts := r.hosts()
		for _, k := range r.lobby.order {
			k.hosts = max(k.hosts, hosts)
		}
	}
	rec := ParticipantRecord{
		SessionID: r.session.id, ParticipantID: p.id, APIKey: p.req.APIKey, Name: p.req.Name, Mode: p.mode,
		MetaData: p.req.MetaData, Client: p.req.Client, JoinedAt: at, Admission: p.admission(),
	}
	r.records.add("a participant's joining", func(ctx context.Context, to Records) error {
		return to.ParticipantJoined(ctx, rec)
	})
	r.subscribe(p)
	return nil
}

func (r *room) attach(p *Participant) error {
	ctx, cancel := context.WithTimeout(r.meetings.life, attachTimeout)
	defer cancel()
	return r.meetings.media.Attach(ctx, p.peer())
}

// attachTimeout bounds a call that only makes a name known, for it is made in the loop.
const attachTimeout = 5 * time.Second

// checkLimits returns which limit keeps p out; older is the connection that p would replace. When nothing does, p holds
// its place in the account's counts, unless dry.
func (r *room) checkLimits(p, older *Participant, dry bool) *fault.Error {
	if r.test {
		return r.checkTest(older)
	}
	limits := p.req.Limits
	others := func(q *Participant) bool { return q != older }
	if present := r.people.count(others); limits.Participants > 0 && present >= limits.Participants {
		return fault.MaxParticipantReachedLimit(limits.Participants, present, "account")
	}
	if f := r.speakersFull(p.mode, limits, others); f != nil {
		return f
	}
	from := noMode
	if older != nil {
		from = older.place
	}
	if f := r.meetings.usage.move(r.accountID, from, p.mode, limits, dry, p.reserved); f != nil {
		return f
	}
	if !dry {
		p.place = p.mode
		if older != nil {
			older.place = noMode
		}
	}
	return nil
}

func (r *room) speakersFull(mode wire.Mode, limits Limits, others func(*Participant) bool) *fault.Error {
	if mode != wire.SendAndRecv || limits.Speakers == 0 {
		return nil
	}
	present := r.people.count(func(q *Participant) bool { return others(q) && q.mode == wire.SendAndRecv })
	if present < limits.Speakers {
		return nil
	}
	return fault.MaxSpeakerReachedLimit(limits.Speakers, present)
}

// restorePlace undoes what checkLimits took.
func (r *room) restorePlace(p, older *Participant) {
	if older == nil {
		r.releasePlace(p)
		return
	}
	r.meetings.usage.move(r.accountID, p.place, older.mode, Limits{}, false, nil)
	p.place, older.place = noMode, older.mode
}

// releasePlace takes p out of the account's counts.
func (r *room) releasePlace(p *Participant) {
	r.meetings.usage.move(r.accountID, p.place, noMode, Limits{}, false, nil)
	p.place = noMode
}

// respondEntry carries out what a host answers to an entry request. The first answer counts. full is why no place could
// be taken for who is let in.
func (r *room) respondEntry(
	host *Participant, target string, decision wire.Decision, place *reservation, full *fault.Error,
) error {
	k := r.lobby.get(target)
	if k == nil {
		for _, a := range r.session.answers {
			if a.ParticipantID == target {
				return fault.RespondEntryFailedAlreadyAnswered(target, string(a.Decision), a.By, a.name, a.byName)
			}
		}
		return fault.RespondEntryFailedNoSuchRequest(target)
	}
	answer := entryAnswer{
		EntryResponded: wire.EntryResponded{ParticipantID: target, Decision: decision, By: host.id},
		name:           k.req.Name, byName: host.req.Name,
	}
	if decision == wire.Denied {
		r.answered(k, answer)
		waited := now().Sub(k.requestedAt)
		f := fault.LobbyDeniedDenied(host.id, waited, host.req.Name).WithMeeting(r.meetingID, r.session.id, k.id)
		r.depart(departure{p: k, code: wire.JoinRoomFailed, fault: f, answered: true, by: host.id})
		return nil
	}

	if full != nil && full.Code == fault.CodeServerUnavailable { // who waits may be let in later
		return full.WithFatal(false)
	}
	// The person may be allowed and still not fit: the limits are those of this moment.
	k.reserved = place
	var err error
	if full != nil {
		err = full
	} else {
		err = r.enter(k, func() { r.answered(k, answer) })
	}
	if err != nil {
		f := fault.From(err).WithMeeting(r.meetingID, r.session.id, k.id).WithFatal(true)
		r.depart(departure{p: k, code: wire.JoinRoomFailed, fault: f, returned: true})
		return f.WithFatal(false)
	}
	r.forgiveRemoval(k)
	k.listener.Notify(wire.MeetingJoined{Welcome: r.welcome(k)})
	return nil
}

// maxAnswers answered entry requests are remembered, for hosts who answer late.
const maxAnswers = 64

// entryAnswer is the answer to an entry request, with the names of those it concerns: they may have left when it is
// told again.
type entryAnswer struct {
	wire.EntryResponded
	name, byName string
}

func (r *room) answered(k *Participant, answer entryAnswer) {
	s := &r.session
	if s.answers = append(s.answers, answer); len(s.answers) > maxAnswers {
		s.answers = s.answers[1:]
	}
	r.changed()
	r.notifyHosts(answer.EntryResponded)
	k.listener.Notify(answer.EntryResponded)
}

// updateWaiting sends a reminder to those in the lobby, and refuses those who have waited too long.
func (r *room) updateWaiting(at time.Time) {
	var out []departure
	for _, k := range r.lobby.order {
		waited := at.Sub(k.requestedAt)
		switch {
		case !at.Before(k.timeoutAt):
			f := fault.LobbyTimeoutNobodyThere(waited)
			if k.hosts > 0 {
				f = fault.LobbyTimeoutNoAnswer(waited, k.hosts)
			}
			out = append(out, departure{p: k, code: wire.JoinRoomFailed, fault: f.WithMeeting(r.meetingID, r.session.id, k.id)})
		case !at.Before(k.hintAt):
			k.hintAt = k.hintAt.Add(r.meetings.opts.LobbyHint)
			k.listener.Notify(wire.EntryPending{WaitedMs: waited.Milliseconds(), Hosts: r.hosts()})
		}
	}
	r.depart(out...)
}

func (r *room) hosts() int { return r.people.count((*Participant).isHost) }

// welcome describes the meeting to somebody who has just entered.
func (r *room) welcome(p *Participant) wire.Welcome {
	w := wire.Welcome{
		SessionID: r.session.id, Participant: p.describe(), Participants: r.othersThan(p), Permissions: p.permissions(),
		ActiveSpeakerID: r.session.speaker, PresenterID: r.session.presenter,
		Pins: make([]wire.PinChanged, 0, len(r.session.pins)), Entries: []wire.EntryRequested{},
		StartedAt: fault.InstantOf(r.session.startedAt), Egress: r.session.egress, ServerTime: fault.InstantOf(now()),
		DataStarted: r.session.data, Locked: r.session.lock.locked(), Restrictions: r.session.restrictions.wire(),
	}
	w.Egress.HLS = r.signedHLS(w.Egress.HLS)
	for _, q := range r.people.order {
		if pin, pinned := r.session.pins[q.id]; pinned {
			w.Pins = append(w.Pins, pin)
		}
	}
	if p.isHost() {
		for _, k := range r.lobby.order {
			w.Entries = append(w.Entries, k.request())
		}
	}
	return w
}
