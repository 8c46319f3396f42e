package sfu

import (
	"sync"

	"github.com/klatch/klatch/internal/wire"
)

// preferences holds what a peer prefers of the streams that it receives. Shape: mutex.
type preferences struct {
	mu       sync.Mutex // guards everything below
	byStream map[wire.StreamRef]wire.StreamPreference
}

// set takes preferences; one that prefers nothing is forgotten.
func (p *preferences) set(all []wire.StreamPreference) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byStream == nil {
		p.byStream = map[wire.StreamRef]wire.StreamPreference{}
	}
	for _, one := range all {
		ref := one.Ref()
		if one == (wire.StreamPreference{ParticipantID: ref.ParticipantID, Kind: ref.Kind}) {
			delete(p.byStream, ref)
		} else {
			p.byStream[ref] = one
		}
	}
}

// of returns the preference of a stream; one that prefers nothing when none was set.
func (p *preferences) of(ref wire.StreamRef) wire.StreamPreference {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one, found := p.byStream[ref]; found {
		return one
	}
	return wire.StreamPreference{ParticipantID: ref.ParticipantID, Kind: ref.Kind}
}

// forget drops the preferences of streams of a participant who is gone.
func (p *preferences) forget(participantID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ref := range p.byStream {
		if ref.ParticipantID == participantID {
			delete(p.byStream, ref)
		}
	}
}
