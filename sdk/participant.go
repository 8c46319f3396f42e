package sdk

import (
	"context"
	"encoding/json"
	"time"

	"github.com/klatch/klatch/internal/wire"
)

// Participant is somebody in the meeting, or oneself. It is safe for concurrent use.
type Participant struct {
	meeting  *Meeting
	name     string
	local    bool
	metaData json.RawMessage

	// guarded by meeting.mu; id and joinedAt change once, when the local participant joins
	id       string
	joinedAt time.Time
	mode     Mode
	streams  map[Kind]*Stream // enabled ones
	pin      PinState
	consume  map[Kind]bool // what Consume asked for
	lost     bool          // the server cannot reach it at the moment

	held      map[Kind]bool // of streams: not known to the server any more, and expected to come back
	heldSince time.Time

	sent      map[Kind]map[string]*sample // of own streams, by rid
	transport sample
}

// PinState is what of a participant is pinned.
type PinState struct {
	Cam   bool `json:"cam"`
	Share bool `json:"share"`
}

// ID is the participant id.
func (p *Participant) ID() string {
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	return p.id
}

// DisplayName is the name it joined with.
func (p *Participant) DisplayName() string { return p.name }

// Local reports whether this is oneself.
func (p *Participant) Local() bool { return p.local }

// MetaData is the JSON object it joined with, or nil.
func (p *Participant) MetaData() json.RawMessage { return p.metaData }

// JoinedAt is when it entered.
func (p *Participant) JoinedAt() time.Time {
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	return p.joinedAt
}

// Mode is the present mode.
func (p *Participant) Mode() Mode {
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	return p.mode
}

// ConnectionState is Connected, or Reconnecting while the server cannot reach the participant and keeps its place. Of
// oneself it is the state of the meeting.
func (p *Participant) ConnectionState() State {
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	switch {
	case p.local:
		return p.meeting.state
	case p.lost:
		return Reconnecting
	}
	return Connected
}

// PinState describes what of it is pinned.
func (p *Participant) PinState() PinState {
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	return p.pin
}

// Streams returns the enabled streams, audio first, then video, share and shareAudio.
func (p *Participant) Streams() []*Stream {
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	var list []*Stream
	for _, kind := range kinds {
		if s := p.streams[kind]; s != nil {
			list = append(list, s)
		}
	}
	return list
}

// Stream returns the enabled stream of a kind, or nil.
func (p *Participant) Stream(kind Kind) *Stream {
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	return p.streams[kind]
}

// MicOn reports whether it can be heard.
func (p *Participant) MicOn() bool { return p.Stream(Audio) != nil }

// WebcamOn reports whether its camera is on.
func (p *Participant) WebcamOn() bool { return p.Stream(Video) != nil }

// ScreenShareOn reports whether it shares.
func (p *Participant) ScreenShareOn() bool { return p.Stream(Share) != nil }

// EnableMic asks it to unmute: it gets mic-requested. Needs allow_mod.
func (p *Participant) EnableMic(ctx context.Context) error {
	return p.request(ctx, "enableMic", Audio, true)
}

// DisableMic mutes it at once. Needs allow_mod.
func (p *Participant) DisableMic(ctx context.Context) error {
	return p.request(ctx, "disableMic", Audio, false)
}

// EnableWebcam asks it to switch its camera on: it gets webcam-requested. Needs allow_mod.
func (p *Participant) EnableWebcam(ctx context.Context) error {
	return p.request(ctx, "enableWebcam", Video, true)
}

// DisableWebcam switches its camera off at once. Needs allow_mod.
func (p *Participant) DisableWebcam(ctx context.Context) error {
	return p.request(ctx, "disableWebcam", Video, false)
}

func (p *Participant) request(ctx context.Context, method string, kind Kind, enabled bool) error {
	return p.meeting.request(ctx, method, wire.MethodRequestStream,
		wire.RequestStreamParams{ParticipantID: p.ID(), Kind: wire.Kind(kind), Enabled: enabled}, nil)
}

// Remove puts it out of the meeting. Needs allow_mod.
func (p *Participant) Remove(ctx context.Context) error {
	return p.meeting.request(
		ctx,
		"remove",
		wire.MethodRemoveParticipant,
		wire.ParticipantParams{ParticipantID: p.ID()},
		nil,
	)
}

// Pin pins its camera, its share or both, for everybody.
func (p *Participant) Pin(ctx context.Context, state PinState) error {
	return p.meeting.request(
		ctx,
		"pin",
		wire.MethodPin,
		wire.PinParams{ParticipantID: p.ID(), State: wire.PinState(state)},
		nil,
	)
}

// Unpin unpins it.
func (p *Participant) Unpin(ctx context.Context) error {
	return p.meeting.request(ctx, "unpin", wire.MethodPin, wire.PinParams{ParticipantID: p.ID()}, nil)
}

// Consume receives a stream of it, or stops receiving it. Without Options.ManualConsume everything is received.
func (p *Participant) Consume(ctx context.Context, kind Kind, enabled bool) error {
	const method = "consume"
	if f := checkKind(method, kind); f != nil {
		return p.meeting.fail(f)
	}
	if err := p.meeting.request(ctx, method, wire.MethodConsume,
		wire.ConsumeParams{ParticipantID: p.ID(), Kind: wire.Kind(kind), Enabled: enabled}, nil); err != nil {
		return err
	}
	p.meeting.mu.Lock()
	defer p.meeting.mu.Unlock()
	if p.consume == nil {
		p.consume = map[Kind]bool{}
	}
	p.consume[kind] = enabled
	return nil
}

// MarshalJSON returns what others see of it.
func (p *Participant) MarshalJSON() ([]byte, error) {
	view := struct {
		ID          string          `json:"id"`
		DisplayName string          `json:"displayName"`
		Local       bool            `json:"local"`
		Mode        Mode            `json:"mode"`
		MetaData    json.RawMessage `json:"metaData,omitempty"`
		Streams     []*Stream       `json:"streams"`
	}{p.ID(), p.name, p.local, p.Mode(), p.metaData, append([]*Stream{}, p.Streams()...)}
	return json.Marshal(view)
}
