package sdk

import (
	"maps"
	"slices"
)

// What a program reads of a meeting. Events change it.

// Done is closed when the participation has ended and nothing of it runs any more. The next Join begins another one,
// with another channel.
func (m *Meeting) Done() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.gone
}

// ID is the meeting's id.
func (m *Meeting) ID() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.opts.MeetingID
}

// SessionID is the id of the running session; "" before the server answered.
func (m *Meeting) SessionID() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sessionID
}

// State is the present state.
func (m *Meeting) State() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}

// Mode is the own mode.
func (m *Meeting) Mode() Mode { return m.local.Mode() }

// LocalParticipant is oneself.
func (m *Meeting) LocalParticipant() *Participant { return m.local }

// Participants returns the others, oldest first.
func (m *Meeting) Participants() []*Participant {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.others)
}

// Participant returns one by id, oneself included, or nil.
func (m *Meeting) Participant(id string) *Participant {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.findLocked(id)
}

func (m *Meeting) findLocked(id string) *Participant {
	if id == m.local.id {
		return m.local
	}
	for _, p := range m.others {
		if p.id == id {
			return p
		}
	}
	return nil
}

// ActiveSpeakerID names who speaks; "" for nobody.
func (m *Meeting) ActiveSpeakerID() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.speaker
}

// ActivePresenterID names who shares; "" for nobody.
func (m *Meeting) ActivePresenterID() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.presenter
}

// Locked reports whether the meeting is locked: nobody new gets in.
func (m *Meeting) Locked() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.locked
}

// Permissions are what this participant may do, what the account grants to everybody included.
func (m *Meeting) Permissions() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.permissions)
}

// PinnedParticipants returns what is pinned, by participant id.
func (m *Meeting) PinnedParticipants() map[string]PinState {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.pins)
}

// PubSub sends and receives messages.
func (m *Meeting) PubSub() *PubSub { return m.pubSub }

// RealtimeStore returns the values by key that the whole session shares.
func (m *Meeting) RealtimeStore() *RealtimeStore { return m.store }
