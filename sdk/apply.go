package sdk

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// appliers change the state by what the server tells, and give what handlers are told. A name that is not here
// comes from a newer server and is left out.
var appliers = map[string]func(m *Meeting, data json.RawMessage) []Event{
	wire.MeetingJoined{}.EventName(): applier(func(m *Meeting, e wire.MeetingJoined) []Event {
		m.welcome(e.Welcome)
		return nil
	}),
	wire.MeetingLeft{}.EventName():       applier((*Meeting).putOut),
	wire.ParticipantJoined{}.EventName(): applier((*Meeting).participantJoined),
	wire.ParticipantLeft{}.EventName():   applier((*Meeting).participantLeft),
	wire.ParticipantModeChanged{}.EventName(): applier(func(m *Meeting, e wire.ParticipantModeChanged) []Event {
		m.modeChanged(e.ParticipantID, Mode(e.Mode))
		return nil
	}),
	wire.ParticipantConnectionChanged{}.EventName(): applier(
		func(m *Meeting, e wire.ParticipantConnectionChanged) []Event {
			return m.connectionChanged(e.ParticipantID, e.State, LostConnection(e.Lost))
		},
	),
	wire.StreamEnabled{}.EventName(): applier(func(m *Meeting, e wire.StreamEnabled) []Event {
		return m.streamEnabled(e.ParticipantID, e.Stream)
	}),
	wire.StreamDisabled{}.EventName(): applier(func(m *Meeting, e wire.StreamDisabled) []Event {
		return m.streamDisabled(e.ParticipantID, Kind(e.Stream.Kind), e.By)
	}),
	wire.SpeakerChanged{}.EventName(): applier(func(m *Meeting, e wire.SpeakerChanged) []Event {
		return m.speakerChanged(e.ParticipantID)
	}),
	wire.PresenterChanged{}.EventName(): applier(func(m *Meeting, e wire.PresenterChanged) []Event {
		return m.presenterChanged(e.ParticipantID)
	}),
	wire.EntryRequested{}.EventName(): applier((*Meeting).entryRequested),
	wire.EntryResponded{}.EventName(): applier(func(m *Meeting, e wire.EntryResponded) []Event {
		m.entryOver(e.ParticipantID)
		return []Event{EntryResponded{e.ParticipantID, Decision(e.Decision), e.By}}
	}),
	wire.EntryWithdrawn{}.EventName(): applier(func(m *Meeting, e wire.EntryWithdrawn) []Event {
		m.entryOver(e.ParticipantID)
		return []Event{EntryWithdrawn{e.ParticipantID}}
	}),
	wire.EntryPending{}.EventName(): applier(func(_ *Meeting, e wire.EntryPending) []Event {
		return []Event{EntryPending{e.WaitedMs, e.Hosts}}
	}),
	wire.MicRequested{}.EventName(): applier(func(m *Meeting, e wire.MicRequested) []Event {
		return []Event{MicRequested{e.ParticipantID, m}}
	}),
	wire.WebcamRequested{}.EventName(): applier(func(m *Meeting, e wire.WebcamRequested) []Event {
		return []Event{WebcamRequested{e.ParticipantID, m}}
	}),
	wire.PinChanged{}.EventName(): applier((*Meeting).pinChanged),
	wire.LockChanged{}.EventName(): applier(func(m *Meeting, e wire.LockChanged) []Event {
		return m.lockChanged(e.Locked, e.By)
	}),
	wire.RestrictionsChanged{}.EventName(): applier(func(m *Meeting, e wire.RestrictionsChanged) []Event {
		return m.restrictionsChanged(Restrictions(e.Restrictions), e.By)
	}),
	wire.Message{}.EventName(): applier(func(m *Meeting, e wire.Message) []Event { return m.pubSub.received(e) }),
	wire.ValueChanged{}.EventName(): applier(func(_ *Meeting, e wire.ValueChanged) []Event {
		return []Event{ValueChanged(e)}
	}),
	wire.DataStarted{}.EventName(): applier(func(m *Meeting, _ wire.DataStarted) []Event {
		m.data.started()
		return nil
	}),
	wire.SubscribeOffer{}.EventName(): applier(func(m *Meeting, e wire.SubscribeOffer) []Event {
		m.sub.offer(e)
		return nil
	}),
	wire.Encodings{}.EventName(): applier(func(m *Meeting, e wire.Encodings) []Event {
		m.pub.encodings(e)
		return nil
	}),
	wire.ICEServersChanged{}.EventName(): applier((*Meeting).iceServersChanged),
	wire.StreamState{}.EventName():       applier((*Meeting).streamState),
	wire.QualityLimitation{}.EventName(): applier((*Meeting).qualityLimitation),
	wire.RecordingState{}.EventName():    applier((*Meeting).recordingChanged),
	wire.LivestreamState{}.EventName():   applier((*Meeting).livestreamChanged),
	wire.HLSState{}.EventName():          applier((*Meeting).hlsChanged),
	wire.Faulted{}.EventName(): applier(func(_ *Meeting, e wire.Faulted) []Event {
		return []Event{ErrorEvent{e.Fault}}
	}),
	wire.FaultCleared{}.EventName(): applier(func(_ *Meeting, e wire.FaultCleared) []Event {
		return []Event{FaultCleared(e)}
	}),
}

func applier[E wire.Event](fn func(*Meeting, E) []Event) func(*Meeting, json.RawMessage) []Event {
	return func(m *Meeting, data json.RawMessage) []Event {
		var e E
		if json.Unmarshal(data, &e) != nil {
			return nil // not a shape we know: a newer server
		}
		return fn(m, e)
	}
}

// apply is the link's event hook.
func (m *Meeting) apply(name string, data json.RawMessage) {
	m.events.ready()
	if fn := appliers[name]; fn != nil {
		m.events.emit(fn(m, data)...)
	}
}

// welcome takes the state of the meeting at the moment of entering.
func (m *Meeting) welcome(w wire.Welcome) {
	m.mu.Lock()
	if m.phase != phaseLobby {
		m.mu.Unlock()
		return
	}
	first := !m.wasIn
	m.phase, m.state, m.wasIn = phaseIn, Connected, true
	if !first {
		m.mu.Unlock()
		m.reentered(w)
		return
	}
	if w.SessionID != "" {
		m.sessionID = w.SessionID
	}
	m.local.mode, m.local.joinedAt = Mode(w.Participant.Mode), w.Participant.JoinedAt.Time
	m.permissions, m.iceServers = w.Permissions, w.ICEServers
	m.speaker, m.presenter, m.egress = w.ActiveSpeakerID, w.PresenterID, w.Egress
	m.locked, m.restrictions = w.Locked, Restrictions(w.Restrictions)
	for _, p := range w.Participants {
		m.others = append(m.others, m.newParticipantLocked(p))
	}
	for _, pin := range w.Pins {
		m.pins[pin.ParticipantID] = PinState(pin.State)
		if p := m.findLocked(pin.ParticipantID); p != nil {
			p.pin = PinState(pin.State)
		}
	}
	told := []Event{MeetingStateChanged{Connected}, MeetingJoined{m.opts.MeetingID, m.sessionID, m.local.id}}
	m.mu.Unlock()
	for _, entry := range w.Entries {
		told = append(told, m.entryRequested(entry)...)
	}
	m.events.emit(told...)
	m.preferences.changed()
	if w.DataStarted {
		m.data.started()
	}
	close(m.entered)
}

func (m *Meeting) newParticipantLocked(from wire.Participant) *Participant {
	p := &Participant{
		meeting: m, id: from.ID, name: from.DisplayName, mode: Mode(from.Mode), metaData: from.MetaData,
		joinedAt: from.JoinedAt.Time,
		streams:  map[Kind]*Stream{},
		lost:     from.ConnectionState == wire.ConnectionReconnecting,
	}
	for _, s := range from.Streams {
		p.streams[Kind(s.Kind)] = newStream(p, s)
	}
	return p
}

// putOut ends the participation by the server's word. After Leave its reason is ours. Nothing failed, unless entry was
// only asked for: then joining did.
func (m *Meeting) putOut(e wire.MeetingLeft) []Event {
	m.mu.Lock()
	state := Disconnected
	if m.phase != phaseIn && e.Fault != nil {
		state = Failed
	}
	m.mu.Unlock()
	m.finish(state, leaveReason(e.Reason), e.Fault)
	return nil
}

func (m *Meeting) participantJoined(e wire.ParticipantJoined) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.findLocked(e.Participant.ID) != nil {
		return nil
	}
	p := m.newParticipantLocked(e.Participant)
	m.others = append(m.others, p)
	m.preferences.changed()
	return []Event{ParticipantJoined{p}}
}

func (m *Meeting) participantLeft(e wire.ParticipantLeft) []Event {
	m.mu.Lock()
	p := m.findLocked(e.ParticipantID)
	if p == nil || p.local {
		m.mu.Unlock()
		return nil
	}
	m.others = slices.DeleteFunc(slices.Clone(m.others), func(other *Participant) bool { return other == p })
	delete(m.pins, p.id)
	streams := p.streams
	p.streams = map[Kind]*Stream{}
	m.mu.Unlock()
	m.preferences.forgetParticipant(p.id)
	for _, s := range streams {
		s.end()
	}
	return []Event{ParticipantLeft{p, leaveReason(e.Reason)}}
}

// modeChanged is told twice of the own mode, by the call and by the server; the first one counts.
func (m *Meeting) modeChanged(participantID string, mode Mode) {
	m.mu.Lock()
	p := m.findLocked(participantID)
	same := p == nil || p.mode == mode
	if !same {
		p.mode = mode
	}
	m.mu.Unlock()
	if !same {
		m.events.emit(ParticipantModeChanged{participantID, mode})
	}
}

func (m *Meeting) connectionChanged(participantID string, now wire.ConnectionState, which LostConnection) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.findLocked(participantID)
	if p == nil || p.local {
		return nil
	}
	p.lost = now == wire.ConnectionReconnecting
	m.releaseSoonLocked(p)
	return []Event{ParticipantConnectionChanged{p, State(now), which}}
}

// streamEnabled is told twice of own streams, by the call and by the server; the first one counts.
func (m *Meeting) streamEnabled(participantID string, info wire.Stream) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.findLocked(participantID)
	if p == nil {
		return nil
	}
	kind := Kind(info.Kind)
	delete(p.held, kind)
	if old := p.streams[kind]; old != nil {
		if old.id == info.ID && old.codec == info.Codec {
			return nil
		}
		defer old.end()
	}
	s := newStream(p, info)
	p.streams[kind] = s
	if !p.local {
		m.preferences.changed()
	}
	return []Event{StreamEnabled{p, s}}
}

func (m *Meeting) streamDisabled(participantID string, kind Kind, by string) []Event {
	m.mu.Lock()
	p := m.findLocked(participantID)
	if p == nil || p.streams[kind] == nil {
		m.mu.Unlock()
		if p != nil && p.local && by != "" && m.pub.paused(kind) {
			m.spawn(func() { m.pub.keepOff(kind) })
		}
		return nil
	}
	s := p.streams[kind]
	delete(p.streams, kind)
	delete(p.held, kind)
	m.mu.Unlock()
	s.end()
	if p.local { // a moderator, or a change of mode, switched it off; or we did, and may switch it on again meanwhile
		if running := m.pub.running(kind); running != nil {
			m.spawn(func() { m.pub.haltOnly(kind, running) })
		}
	}
	told := []Event{StreamDisabled{p, s, by}}
	if !p.local && !kind.carriesAudio() {
		told = append(told, StreamStateChanged{s, StreamEnded, fault.InstantOf(time.Now())})
	}
	return told
}

// streamPaused notes an own stream that is off for others while its source stays open.
func (m *Meeting) streamPaused(kind Kind) []Event {
	m.mu.Lock()
	s := m.local.streams[kind]
	delete(m.local.streams, kind)
	m.mu.Unlock()
	if s == nil {
		return nil
	}
	s.end()
	return []Event{StreamDisabled{m.local, s, ""}}
}

func (m *Meeting) speakerChanged(id string) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.speaker == id {
		return nil
	}
	m.speaker = id
	return []Event{SpeakerChanged{id}}
}

func (m *Meeting) presenterChanged(id string) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.presenter == id {
		return nil
	}
	m.presenter = id
	return []Event{PresenterChanged{id}}
}

func (m *Meeting) entryRequested(e wire.EntryRequested) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries[e.ParticipantID] {
		return nil
	}
	m.entries[e.ParticipantID] = true
	return []Event{EntryRequested{e.ParticipantID, e.Name, e.MetaData, m}}
}

func (m *Meeting) entryOver(participantID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, participantID)
}

func (m *Meeting) pinChanged(e wire.PinChanged) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	state := PinState(e.State)
	if state == (PinState{}) {
		delete(m.pins, e.ParticipantID)
	} else {
		m.pins[e.ParticipantID] = state
	}
	if p := m.findLocked(e.ParticipantID); p != nil {
		p.pin = state
	}
	return []Event{PinStateChanged{e.ParticipantID, state, e.PinnedBy}}
}

func (m *Meeting) lockChanged(locked bool, by string) []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked == locked {
		return nil
	}
	m.locked = locked
	return []Event{LockChanged{locked, by}}
}

// The link's other hooks.

func (m *Meeting) cut() { m.changeState(Reconnecting) }

// restored is told that the session goes on; where another node goes on with it, in the state w.
func (m *Meeting) restored(w *wire.Welcome) {
	if w != nil {
		m.takenOver(*w)
		return
	}
	m.changeState(Connected)
	m.signaling.clear()
	m.reports.retry()
	m.pub.path.retry()
	m.sub.path.retry()
}

func (m *Meeting) lost(f *fault.Error) {
	reason := wire.WebSocketDisconnected // the server has refused or ended it
	if f.Code == fault.CodeReconnectFailed {
		reason = wire.ConnectionAttemptsExhausted
	}
	if f = m.name(f); f.CauseID == "" {
		f = f.CausedBy(m.network.cause())
	}
	m.finish(Failed, leaveReasonOf(reason), f)
}

func (m *Meeting) changeState(state State) {
	m.mu.Lock()
	inLobby, out := m.phase == phaseLobby, m.phase == phaseOut
	if inLobby && state == Connected {
		state = Connecting
	}
	if !out {
		m.state = state
	}
	m.mu.Unlock()
	if !out {
		m.events.emit(MeetingStateChanged{state})
	}
}
