package sdk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// preferences is what this client wants of the streams that it receives, and what the server was told of it. A wish for
// a stream that is off is kept and told when it is on; all are told anew to a server that has lost the session.
//
// Shape: mutex; one goroutine of the participation (run) tells what nobody waits for.
type preferences struct {
	meeting *Meeting
	wake    chan struct{} // capacity 1: something changed
	turn    chan struct{} // capacity 1: held while a request is under way, so that the newest is told last

	mu       sync.Mutex // guards everything below
	wishes   map[wire.StreamRef]wish
	told     map[wire.StreamRef]wire.StreamPreference // of those that differ from no preference
	paused   map[Kind]bool                            // PauseAllStreams
	adaptive bool
}

// wish is what is wanted of one stream.
type wish struct {
	quality       Quality
	width, height int
	paused        *bool // by Stream.Pause and Resume; nil follows PauseAllStreams
}

func newPreferences(m *Meeting) *preferences {
	p := &preferences{meeting: m, wake: make(chan struct{}, 1), turn: make(chan struct{}, 1)}
	p.forget()
	return p
}

// forget begins anew, for another participation. Adaptive subscription stays as it is.
func (p *preferences) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wishes, p.paused = map[wire.StreamRef]wish{}, map[Kind]bool{}
	p.told = map[wire.StreamRef]wire.StreamPreference{}
}

// forgetParticipant drops what concerns somebody who has left.
func (p *preferences) forgetParticipant(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.wishes, func(ref wire.StreamRef, _ wish) bool { return ref.ParticipantID == id })
	maps.DeleteFunc(p.told, func(ref wire.StreamRef, _ wire.StreamPreference) bool { return ref.ParticipantID == id })
}

// qualityOf returns the quality that is wanted of a stream; "" for none.
func (p *preferences) qualityOf(participantID string, kind Kind) Quality {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wishes[wire.StreamRef{ParticipantID: participantID, Kind: wire.Kind(kind)}].quality
}

// isPaused reports whether Stream.Pause or PauseAllStreams holds for a stream.
func (p *preferences) isPaused(participantID string, kind Kind) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.isPausedLocked(wire.StreamRef{ParticipantID: participantID, Kind: wire.Kind(kind)})
}

func (p *preferences) isPausedLocked(ref wire.StreamRef) bool {
	if paused := p.wishes[ref].paused; paused != nil {
		return *paused
	}
	return p.paused[Kind(ref.Kind)]
}

// ofLocked returns what the server is asked for.
func (p *preferences) ofLocked(ref wire.StreamRef) wire.StreamPreference {
	w := p.wishes[ref]
	hidden := p.adaptive && !Kind(ref.Kind).carriesAudio() && w.width == 0
	return wire.StreamPreference{
		ParticipantID: ref.ParticipantID, Kind: ref.Kind, Quality: wire.Quality(w.quality), Width: w.width, Height: w.height,
		Paused: hidden || p.isPausedLocked(ref),
	}
}

// pauseKinds notes PauseAllStreams or ResumeAllStreams; false when that changes nothing.
func (p *preferences) pauseKinds(meant []Kind, paused bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	changes := false
	for _, kind := range meant {
		changes = changes || p.paused[kind] != paused
		for ref, w := range p.wishes {
			if Kind(ref.Kind) == kind && w.paused != nil {
				changes = changes || *w.paused != paused
				w.paused = nil
				p.wishes[ref] = w
			}
		}
		p.paused[kind] = paused
	}
	return changes
}

// adapt switches adaptive subscription; false when it is so already.
func (p *preferences) adapt(on bool) bool {
	p.mu.Lock()
	changes := p.adaptive != on
	p.adaptive = on
	p.mu.Unlock()
	p.changed()
	return changes
}

// set changes what is wanted of a stream and tells the server. A refusal changes nothing.
func (p *preferences) set(
	ctx context.Context,
	method string,
	of *Participant,
	kind Kind,
	about wire.PreferenceChange,
	change func(*wish),
) error {
	ref := wire.StreamRef{ParticipantID: of.ID(), Kind: wire.Kind(kind)}
	m := p.meeting
	if !p.take(ctx) {
		return m.fail(fault.OperationAbortedCancelled(method).Because(ctx.Err()))
	}
	defer p.release()
	p.mu.Lock()
	before, was := p.wishes[ref]
	now := before
	change(&now)
	p.wishes[ref] = now
	preference := p.ofLocked(ref)
	p.mu.Unlock()
	if of.Stream(kind) == nil {
		return nil
	}
	err := m.request(ctx, method, wire.MethodPrefer,
		wire.PreferParams{Streams: []wire.StreamPreference{preference}, Change: about}, nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
		p.told[ref] = preference
	case was:
		p.wishes[ref] = before
	default:
		delete(p.wishes, ref)
	}
	return err
}

func (p *preferences) take(ctx context.Context) bool {
	select {
	case p.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *preferences) release() { <-p.turn }

// changed has the server told soon of what is wanted now.
func (p *preferences) changed() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// restore tells everything to a server that has lost the session.
func (p *preferences) restore() {
	p.mu.Lock()
	clear(p.told)
	p.mu.Unlock()
	p.changed()
}

const (
	collectFor   = 50 * time.Millisecond // changes that nobody waits for go into one request
	tellAgain    = time.Second
	preferAtOnce = 500 // streams in one request
)

// run reports what changes until the participation ends.
func (p *preferences) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		for wait := collectFor; pause(ctx, wait); wait = tellAgain {
			if p.tell(ctx, "prefer") == nil {
				break
			}
		}
	}
}

// tell sends what differs from what was told. Streams that went away meanwhile are left out the next time.
func (p *preferences) tell(ctx context.Context, method string) error {
	if !p.take(ctx) {
		return fault.OperationAbortedCancelled(method).Because(ctx.Err())
	}
	defer p.release()
	for {
		wanted := p.untold()
		if len(wanted) == 0 {
			return nil
		}
		err := p.meeting.link.call(ctx, method, wire.MethodPrefer, wire.PreferParams{Streams: wanted}, nil)
		f, _ := errors.AsType[*fault.Error](err)
		gone := f != nil && (f.Reason == fault.ReasonNoSuchStream || f.Reason == fault.ReasonNoSuchParticipant)
		if err != nil && (!gone || !pause(ctx, tellAgain)) {
			return err
		}
		if err == nil {
			p.mu.Lock()
			for _, preference := range wanted {
				p.told[preference.Ref()] = preference
			}
			p.mu.Unlock()
		}
	}
}

// untold returns what the server is to be told of streams that are on.
func (p *preferences) untold() []wire.StreamPreference {
	var on []wire.StreamRef
	for _, other := range p.meeting.Participants() {
		for _, s := range other.Streams() {
			on = append(on, wire.StreamRef{ParticipantID: other.ID(), Kind: wire.Kind(s.kind)})
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var wanted []wire.StreamPreference
	for _, ref := range on {
		told, ever := p.told[ref]
		if !ever {
			told = wire.StreamPreference{ParticipantID: ref.ParticipantID, Kind: ref.Kind}
		}
		if now := p.ofLocked(ref); now != told {
			wanted = append(wanted, now)
		}
	}
	return slices.Clip(wanted[:min(len(wanted), preferAtOnce)])
}
