package sdk

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// What a meeting does when the server has lost the session, as a restart does: it joins anew, and restores what was on.
// It does the same when another node of a cluster goes on with the session, without a join.

// forgetMedia gives up both connections: the server knows nothing of them any more.
func (m *Meeting) forgetMedia() {
	m.pub.forget()
	m.sub.forget()
	m.data.forget()
}

// takenOver is told that another node goes on with the session, and the state in which it does.
func (m *Meeting) takenOver(w wire.Welcome) {
	m.forgetMedia()
	m.signaling.clear()
	m.reports.retry()
	m.mu.Lock()
	in := m.phase == phaseIn
	if in {
		m.state = Connected
	}
	m.mu.Unlock()
	if in {
		m.reentered(w)
	} else {
		m.welcome(w)
	}
}

// rejoining reports why. The participation goes on, so the fault is not fatal here; its id is the server's.
func (m *Meeting) rejoining(f *fault.Error) {
	m.forgetMedia()
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

// reentered takes the state of the new session, or of the same one on another node, and tells what differs: who is not
// there any more has left, who is new has joined. Streams of others are held.
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
	m.local.joinedAt = w.Participant.JoinedAt.Time
	m.permissions, m.iceServers = w.Permissions, w.ICEServers
	before := m.egress
	others := m.others
	m.mu.Unlock()
	m.events.emit(told...)
	m.spawn(m.pub.renew) // first: the others wait for it
	m.modeChanged(m.local.ID(), Mode(w.Participant.Mode))
	told = append(m.speakerChanged(w.ActiveSpeakerID), m.egressSince(before, w.Egress)...)
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
		m.modeChanged(p.id, Mode(present.Mode))
		if state := cmp.Or(present.ConnectionState, wire.ConnectionConnected); State(state) != p.ConnectionState() {
			told = append(told, m.connectionChanged(p.id, state, "")...)
		}
	}
	for _, p := range w.Participants {
		told = append(told, m.participantJoined(wire.ParticipantJoined{Participant: p})...)
	}
	told = append(told, m.comparePresenter(w.PresenterID)...)
	told = append(told, m.comparePins(w.Pins)...)
	told = append(told, m.lockChanged(w.Locked, "")...)
	told = append(told, m.restrictionsChanged(Restrictions(w.Restrictions), "")...)
	told = append(told, m.compareEntries(w.Entries)...)
	m.events.emit(told...)
	m.restoreChoices()
	if w.DataStarted {
		m.data.started()
	}
}

// comparePins brings the pins up to date.
func (m *Meeting) comparePins(now []wire.PinChanged) []Event {
	m.mu.Lock()
	before := maps.Clone(m.pins)
	m.mu.Unlock()
	var told []Event
	for _, pin := range now {
		if before[pin.ParticipantID] != PinState(pin.State) {
			told = append(told, m.pinChanged(pin)...)
		}
		delete(before, pin.ParticipantID)
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		told = append(told, m.pinChanged(wire.PinChanged{ParticipantID: id})...)
	}
	return told
}

// compareEntries brings up to date who asks to enter.
func (m *Meeting) compareEntries(now []wire.EntryRequested) []Event {
	m.mu.Lock()
	before := maps.Clone(m.entries)
	m.mu.Unlock()
	var told []Event
	for _, entry := range now {
		delete(before, entry.ParticipantID)
		told = append(told, m.entryRequested(entry)...)
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		m.entryOver(id)
		told = append(told, EntryWithdrawn{id})
	}
	return told
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
		m.local.streams[kind] = newStream(m.local, info)
		old.end()
	}
}

// compareStreams brings the streams of somebody who is still there up to date. Those that the server does not know are
// held.
func (m *Meeting) compareStreams(p *Participant, now []wire.Stream) []Event {
	m.mu.Lock()
	p.held = map[Kind]bool{}
	for kind := range p.streams {
		p.held[kind] = true
	}
	m.mu.Unlock()
	var told []Event
	for _, s := range now {
		told = append(told, m.streamEnabled(p.id, s)...)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.releaseSoonLocked(p)
	return told
}

// holdFor is how long a stream stays on that the server does not know after a new join or on another node. Its
// publisher lost the server at the same time and publishes again in a moment: nobody is to see the stream go and come.
const holdFor = 5 * time.Second

// releaseSoonLocked gives the publisher of held streams the time to publish again; without a connection more of it.
func (m *Meeting) releaseSoonLocked(p *Participant) {
	if p.lost || len(p.held) == 0 && m.presenter != p.id || m.tasksClosed {
		return
	}
	began := time.Now()
	p.heldSince = began
	m.tasks.Add(1)
	go func() {
		defer m.tasks.Done()
		if pause(m.ctx, holdFor) {
			m.events.emit(m.releaseHeld(p, began)...)
		}
	}()
}

// releaseHeld switches off what has been held since began and has not come back.
func (m *Meeting) releaseHeld(p *Participant, began time.Time) []Event {
	m.mu.Lock()
	if m.findLocked(p.id) != p || p.lost || !p.heldSince.Equal(began) {
		m.mu.Unlock()
		return nil
	}
	gone := slices.Sorted(maps.Keys(p.held))
	m.mu.Unlock()
	var told []Event
	for _, kind := range gone {
		told = append(told, m.streamDisabled(p.id, kind, "")...)
	}
	m.mu.Lock()
	over := m.presenter == p.id && p.streams[Share] == nil
	m.mu.Unlock()
	if over {
		told = append(told, m.presenterChanged("")...)
	}
	return told
}

// comparePresenter brings the presenter up to date. One whose stream is held stays.
func (m *Meeting) comparePresenter(now string) []Event {
	m.mu.Lock()
	before := m.findLocked(m.presenter)
	held := now == "" && before != nil && before.streams[Share] != nil
	if held && before.local { // of others, compareStreams has done it
		m.releaseSoonLocked(before)
	}
	m.mu.Unlock()
	if held {
		return nil
	}
	return m.presenterChanged(now)
}

// restoreChoices asks the new session for what the old one was asked: topics, and what is received of whom. Nothing of
// it waits for anything else of it.
func (m *Meeting) restoreChoices() {
	m.preferences.restore()
	for _, topic := range m.pubSub.subscribed() {
		m.spawn(func() { m.pubSub.restore(topic) })
	}
	m.spawn(m.store.restore)
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
		m.restore("consume", wire.MethodConsume, choice)
	}
}

func (m *Meeting) restore(name, method string, params any) {
	m.spawn(func() { m.restoreInto(name, method, params, nil) })
}

// restoreInto makes a request of the way back, and reports whether it succeeded.
func (m *Meeting) restoreInto(name, method string, params, result any) bool {
	f := fault.From(m.link.call(m.ctx, name, method, params, result))
	if f == nil {
		return true
	}
	if !f.Unanswered() && m.ctx.Err() == nil { // else the next way back restores it, or there is none
		_ = m.fail(f)
	}
	return false
}
