package meeting

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ident"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// restore makes a new room go on with a session that another server left open. Its participants are there, and
// reconnecting. Who has no signaling socket cannot come back, and leaves. Who waited in the lobby requests entry again;
// hidden participants join again. It runs before the loop.
func (r *room) restore(open *record.OpenSession) {
	var state savedState
	if len(open.State) > 0 {
		if err := json.Unmarshal(open.State, &state); err != nil {
			r.restoring(fmt.Errorf("the state of the session: %w", err))
		}
	}
	s := &r.session
	s.id, s.startedAt = open.ID, open.StartedAt
	// Peers of participations that this server had before, and that end in the background, are other ones.
	s.participations = now().UnixMilli()
	s.data, s.egress = state.Data, state.Egress
	s.sharedBefore = state.Shares
	if state.Locked != nil {
		s.lock.since = *state.Locked
		s.lock.left = slices.Clone(state.Left)
		slices.Reverse(s.lock.left)
	}
	s.restrictions = state.Restricted
	r.restoreMessages(open.Messages)
	for _, v := range state.Values {
		s.values.set(v.Key, &v.Value, v.By)
	}
	for _, one := range slices.Backward(state.Removed) {
		if one.Fault == nil {
			continue
		}
		removed := removal{participantID: one.ParticipantID, fault: one.Fault}
		readSum(removed.token[:], one.TokenSum)
		s.removed = append(s.removed, removed)
	}
	for _, a := range slices.Backward(state.Answers) {
		s.answers = append(s.answers, entryAnswer{a.EntryResponded, a.Name, a.ByName})
	}
	auto := state.AutoClose
	for _, one := range open.Participants {
		if admitted := r.restoreParticipant(one); auto.DurationMin == 0 {
			auto = admitted.AutoClose // it is that of the meeting: nobody had saved a state yet
		}
	}
	s.autoClose = auto
	if auto.DurationMin > 0 {
		s.closeAt = s.startedAt.Add(time.Duration(auto.DurationMin) * time.Minute)
	}
	for _, pin := range state.Pins {
		if p := r.present(pin.ParticipantID); p != nil {
			if s.pins == nil {
				s.pins = map[string]wire.PinChanged{}
			}
			s.pins[p.id] = pin
			r.meetings.media.Pin(p.peer(), pin.State)
		}
	}
	r.publishSummary()
}

// restoreMessages takes the persistent messages.
func (r *room) restoreMessages(messages []record.OpenMessage) {
	t := &r.session.topics
	for _, m := range messages {
		k := storedMessage{m.Message, m.Readers, len(encode(m.Message))}
		t.history = append(t.history, k)
		t.bytes += k.bytes
	}
}

// restoreParticipant makes somebody present who was in the session, and returns what it was let in with.
func (r *room) restoreParticipant(open record.OpenParticipation) admission {
	var admitted admission
	err := fmt.Errorf("nobody wrote with what %q was let in", open.ParticipantID)
	if len(open.Admission) > 0 {
		err = json.Unmarshal(open.Admission, &admitted)
	}
	if err != nil {
		r.restoring(err)
	}
	if err != nil || admitted.Direct {
		r.mayReturn(open.ParticipantID)
		r.recordLeave(open.ParticipantID, wire.WebSocketDisconnected)
		return admitted
	}
	req := JoinRequest{
		AccountID: r.accountID, APIKey: open.APIKey, MeetingID: r.meetingID, ParticipantID: open.ParticipantID,
		Name: open.Name, Mode: open.Mode, MetaData: open.MetaData, Client: open.Client,
		Place: admitted.Place, AutoConsume: admitted.AutoConsume,
		MayJoin: admitted.MayJoin, MayModerate: admitted.MayModerate,
		MayEnd: admitted.MayEnd, MayEgress: admitted.MayEgress, Limits: admitted.Limits, AutoClose: admitted.AutoClose,
	}
	readSum(req.TokenSum[:], admitted.TokenSum)
	p := newParticipant(r, req, nil)
	p.skeleton = ident.Skeleton(p.id)
	p.joinedAt = open.JoinedAt
	p.away, p.cut, p.told, p.resettles = true, true, wire.LostSignaling, true
	r.session.participations++
	p.participation = r.session.participations
	p.setSession(r.session.id)
	if err := r.attach(p); err != nil {
		r.restoring(err)
		r.recordLeave(p.id, wire.WebSocketDisconnected)
		return admitted
	}
	// It has its place already, whatever the limits are.
	r.meetings.usage.move(r.accountID, noMode, p.mode, Limits{}, false, nil)
	p.place = p.mode
	p.state = joined
	r.people.add(p)
	p.listener = r.meetings.opts.Listener(p)
	return admitted
}

func (r *room) recordLeave(participantID string, code wire.LeaveCode) {
	sessionID, at := r.session.id, now()
	r.records.add("a participant's leaving", func(ctx context.Context, to Records) error {
		return to.ParticipantLeft(ctx, sessionID, participantID, at, code.Reason())
	})
}

// restoring reports what could not be restored of a session, which goes on without it.
func (r *room) restoring(err error) {
	m := r.meetings
	m.opts.Report(m.life, fault.ServerUnavailableInternal().Because(err).WithMeeting(r.meetingID, r.session.id, ""))
}

func readSum(sum []byte, encoded string) {
	if raw, err := base64.StdEncoding.DecodeString(encoded); err == nil && len(raw) == len(sum) {
		copy(sum, raw)
	}
}

// settleStreams ends the records of streams that were on when another server had the session, and that the first offer
// since does not switch on again.
func (r *room) settleStreams(p *Participant) {
	if !p.resettles {
		return
	}
	p.resettles = false
	sessionID, at := r.session.id, now()
	for _, kind := range wire.Kinds {
		if s := p.streams[kind]; s == nil || !s.enabled {
			r.records.add("a stream's change", func(ctx context.Context, to Records) error {
				return to.StreamChanged(ctx, sessionID, p.id, kind, false, at)
			})
		}
	}
}

// shareAgain puts p among those who share: at the end, or where it was when another server had the session.
func (r *room) shareAgain(p *Participant) {
	s := &r.session
	rank := func(id string) int {
		if i := slices.Index(s.sharedBefore, id); i >= 0 {
			return i
		}
		return len(s.sharedBefore)
	}
	at := len(s.shares)
	for at > 0 && rank(s.shares[at-1].id) > rank(p.id) {
		at--
	}
	s.shares = slices.Insert(s.shares, at, p)
}

// stopShare takes p out of those who share.
func (r *room) stopShare(p *Participant) {
	s := &r.session
	if slices.Contains(s.shares, p) || slices.Contains(s.sharedBefore, p.id) {
		r.changed()
	}
	s.shares = slices.DeleteFunc(s.shares, func(q *Participant) bool { return q == p })
	s.sharedBefore = slices.DeleteFunc(s.sharedBefore, func(id string) bool { return id == p.id })
}
