package sdk

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// What a meeting does when the server has lost the session, as a restart does: it joins anew, and restores what was on.

// rejoining reports why. The participation goes on, so the fault is not fatal here; its id is the server's.
func (m *Meeting) rejoining(f *fault.Error) {
	m.pub.forget()
	m.sub.forget()
	m.data.forget()
	m.events.emit(ErrorEvent{m.name(f.WithFatal(false))})
}

// rejoined is the link's hook: the new join has succeeded. Without a welcome it waits in the lobby.
func (m *Meeting) rejoined(result wire.JoinResult) {
	m.mu.Lock()
	if m.phase == phaseOut {
		m.mu.Unlock()
		return
	}
	m.phase = phaseLobby
	m.local.id, m.sessionID = result.ParticipantID, result.SessionID
	m.mu.Unlock()
	m.signaling.clear()
	m.reports.retry()
	if result.Welcome == nil {
		m.changeState(Connecting)
		return
	}
	m.welcome(*result.Welcome)
}

// reentered takes the state of the new session: who is not there any more has left, who is new has joined.
func (m *Meeting) reentered(w wire.Welcome) {
	told := []Event{MeetingStateChanged{Connected}}
	there := map[string]wire.Participant{}
	for _, p := range w.Participants {
		there[p.ID] = p
	}
	m.mu.Lock()
	if w.SessionID != "" {
		m.sessionID = w.SessionID
	}
	m.local.mode, m.local.joinedAt = Mode(w.Participant.Mode), w.Participant.JoinedAt
	m.permissions, m.iceServers = w.Permissions, w.ICEServers
	if m.speaker != w.ActiveSpeakerID {
		told = append(told, SpeakerChanged{w.ActiveSpeakerID})
	}
	if m.presenter != w.PresenterID {
		told = append(told, PresenterChanged{w.PresenterID})
	}
	m.speaker, m.presenter = w.ActiveSpeakerID, w.PresenterID
	before := m.egress
	clear(m.pins)
	others := m.others
	m.mu.Unlock()
	told = append(told, m.egressSince(before, w.Egress)...)
	for _, p := range others {
		present, ok := there[p.id]
		if !ok {
			told = append(
				told,
				m.participantLeft(
					wire.ParticipantLeft{ParticipantID: p.id, Reason: wire.WebSocketDisconnected.Reason()},
				)...)
			continue
		}
		told = append(told, m.compareStreams(p, present.Streams)...)
		if state := cmp.Or(present.ConnectionState, wire.ConnectionConnected); State(state) != p.ConnectionState() {
			told = append(told, m.connectionChanged(p.id, state, "")...)
		}
	}
	for _, p := range w.Participants {
		told = append(told, m.participantJoined(wire.ParticipantJoined{Participant: p})...)
	}
	for _, pin := range w.Pins {
		told = append(told, m.pinChanged(pin)...)
	}
	for _, entry := range w.Entries {
		told = append(told, EntryRequested{entry.ParticipantID, entry.Name, entry.MetaData, m})
	}
	m.events.emit(told...)
	m.spawn(m.pub.renew)
	m.spawn(m.restoreChoices)
	if w.DataStarted {
		m.data.started()
	}
}

// egressSince returns what has changed of what leaves the meeting. What ran when the session was lost has stopped with
// it.
func (m *Meeting) egressSince(before, now wire.Egress) []Event {
	var told []Event
	if status := since("RECORDING", before.Recording.Status, now.Recording.Status); status != before.Recording.Status {
		told = append(told, m.recordingChanged(wire.RecordingState{Status: status})...)
	}
	if status := since("LIVESTREAM", before.Livestream.Status, now.Livestream.Status); status != before.Livestream.Status {
		told = append(told, m.livestreamChanged(wire.LivestreamState{Status: status})...)
	}
	if status := since("HLS", before.HLS.Status, now.HLS.Status); status != before.HLS.Status {
		now.HLS.Status = status
		told = append(told, m.hlsChanged(now.HLS)...)
	}
	return told
}

func since(kind, before, now string) string {
	if before != "" && now == "" {
		return kind + "_STOPPED"
	}
	return now
}

// replaceOwn notes under which id an own stream is published now. Nobody is told: it was on all the time.
func (m *Meeting) replaceOwn(info wire.Stream) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kind := Kind(info.Kind)
	if old := m.local.streams[kind]; old != nil && old.id != info.ID {
		m.local.streams[kind] = newStream(m.local, info.ID, kind, info.Codec)
		old.end()
	}
}

// compareStreams brings the streams of somebody who is still there up to date.
func (m *Meeting) compareStreams(p *Participant, now []wire.Stream) []Event {
	var told []Event
	for _, kind := range kinds {
		if !slices.ContainsFunc(now, func(s wire.Stream) bool { return Kind(s.Kind) == kind }) {
			told = append(told, m.streamDisabled(p.id, kind, "")...)
		}
	}
	for _, s := range now {
		told = append(told, m.streamEnabled(p.id, s)...)
	}
	return told
}

// restoreChoices asks the new session for what the old one was asked: topics, and what is received of whom.
func (m *Meeting) restoreChoices() {
	m.preferences.restore()
	ctx, cancel := context.WithTimeout(m.ctx, m.opts.RequestTimeout)
	defer cancel()
	none := 0
	for _, topic := range m.pubSub.subscribed() {
		m.restore(
			ctx,
			"pubSub.subscribe",
			wire.MethodSubscribeTopic,
			wire.SubscribeTopicParams{Topic: topic, OldMessageLimit: &none},
		)
	}
	m.store.restore(ctx)
	m.mu.Lock()
	var choices []wire.ConsumeParams
	for _, p := range m.others {
		for _, kind := range slices.Sorted(maps.Keys(p.consume)) {
			choices = append(
				choices,
				wire.ConsumeParams{ParticipantID: p.id, Kind: wire.Kind(kind), Enabled: p.consume[kind]},
			)
		}
	}
	m.mu.Unlock()
	for _, choice := range choices {
		m.restore(ctx, "consume", wire.MethodConsume, choice)
	}
}

func (m *Meeting) restore(ctx context.Context, name, method string, params any) {
	m.restoreInto(ctx, name, method, params, nil)
}

func (m *Meeting) restoreInto(ctx context.Context, name, method string, params, result any) {
	err := m.link.call(ctx, name, method, params, result)
	f := fault.From(err)
	if f == nil || f.Unanswered() || m.ctx.Err() != nil {
		return // the next way back restores it, or there is none
	}
	_ = m.fail(f)
}
