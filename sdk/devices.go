package sdk

import (
	"context"
	"errors"

	"github.com/klatch/klatch/fault"
)

// UnmuteMic publishes sound from a source; nil is the last one, else Options.Mic, else a generated tone.
func (m *Meeting) UnmuteMic(ctx context.Context, source Source) error {
	return m.switchOn(ctx, "unmuteMic", Audio, source)
}

// MuteMic stops it.
func (m *Meeting) MuteMic(ctx context.Context) error { return m.switchOff(ctx, "muteMic", Audio) }

// EnableWebcam publishes video from a source; nil is the last one, else Options.Webcam, else a generated picture.
func (m *Meeting) EnableWebcam(ctx context.Context, source Source) error {
	return m.switchOn(ctx, "enableWebcam", Video, source)
}

// DisableWebcam stops it.
func (m *Meeting) DisableWebcam(ctx context.Context) error {
	return m.switchOff(ctx, "disableWebcam", Video)
}

// EnableScreenShare publishes a screen from a source, and its sound from another one if audio is not nil; a nil video
// is the last one, else a generated picture.
func (m *Meeting) EnableScreenShare(ctx context.Context, video, audio Source) error {
	const method = "enableScreenShare"
	if err := m.switchOn(ctx, method, Share, video); err != nil || audio == nil {
		return err
	}
	return m.switchOn(ctx, method, ShareAudio, audio)
}

// DisableScreenShare stops both.
func (m *Meeting) DisableScreenShare(ctx context.Context) error {
	const method = "disableScreenShare"
	release, f := m.use(method)
	if f != nil {
		return m.fail(f)
	}
	defer release()
	if m.pub.on(ShareAudio) {
		if err := m.switchOff(ctx, method, ShareAudio); err != nil {
			return err
		}
	}
	return m.switchOff(ctx, method, Share)
}

func (m *Meeting) switchOn(ctx context.Context, method string, kind Kind, source Source) (err error) {
	ctx, end := m.startSpan(ctx, method)
	defer func() { end(err) }()
	release, f := m.use(method)
	if f != nil {
		return m.fail(f)
	}
	defer release()
	if mode := m.Mode(); mode != SendAndRecv {
		return m.fail(fault.ActionNotSupportedInModeMode(method, string(mode), string(SendAndRecv)))
	}
	if err := m.begin(string(kind)); err != nil {
		return err
	}
	defer m.over(string(kind))
	if m.pub.paused(kind) || !m.isOn(kind) {
		m.pub.halt(kind) // its source delivers nothing; or a moderator has just switched it off, and it is about to end
	}
	if m.pub.on(kind) {
		return m.fail(fault.AlreadyInRequestedStateAlready(method, "on"))
	}
	if err := m.requestRight(ctx, method, kind); err != nil {
		return m.fail(asFault(method, err))
	}
	source = m.sourceOf(kind, source)
	stream, err := m.pub.enable(ctx, method, kind, source)
	if err != nil {
		return m.failWithCause(asFault(method, err))
	}
	m.mu.Lock()
	m.sources[kind] = source
	m.mu.Unlock()
	m.events.emit(m.streamEnabled(m.local.ID(), stream)...)
	if err := m.requestRight(ctx, method, kind); err != nil { // it was taken while the stream was published
		m.pub.halt(kind)
		m.streamOff(kind)
		return m.fail(asFault(method, err))
	}
	return nil
}

// isOn reports whether others see an own stream.
func (m *Meeting) isOn(kind Kind) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.local.streams[kind] != nil
}

func (m *Meeting) switchOff(ctx context.Context, method string, kind Kind) error {
	release, f := m.use(method)
	if f != nil {
		return m.fail(f)
	}
	defer release()
	if err := m.begin(string(kind)); err != nil {
		return err
	}
	defer m.over(string(kind))
	if !m.pub.on(kind) {
		return m.fail(fault.AlreadyInRequestedStateAlready(method, "off"))
	}
	if err := m.pub.disable(ctx, method, kind); err != nil {
		return m.fail(asFault(method, err))
	}
	m.streamOff(kind)
	return nil
}

// streamOff notes an own stream that we have switched off.
func (m *Meeting) streamOff(kind Kind) {
	m.events.emit(m.streamDisabled(m.local.ID(), kind, "")...)
}

// failWithCause tells first the fault that a fault names as its cause.
func (m *Meeting) failWithCause(f *fault.Error) error {
	if cause, ok := errors.AsType[*fault.Error](f.Unwrap()); ok && cause.ID == f.CauseID {
		_ = m.fail(cause)
	}
	return m.fail(f)
}

// sourceOf returns the source to publish from: this one, the last one that worked, or a generated one.
func (m *Meeting) sourceOf(kind Kind, source Source) Source {
	m.mu.Lock()
	defer m.mu.Unlock()
	if source == nil {
		source = m.sources[kind]
	}
	if source == nil {
		source = generated(kind, m.local.name+m.local.id)
	}
	return source
}

// remoteStream returns the enabled stream of somebody else, or nil.
func (m *Meeting) remoteStream(participantID string, kind Kind) *Stream {
	p := m.Participant(participantID)
	if p == nil || p.local {
		return nil
	}
	return p.Stream(kind)
}

func (m *Meeting) keyFrame(s *Stream) {
	if !s.kind.carriesAudio() && !s.owner.local {
		release, f := m.use("keyFrame")
		if f != nil {
			return
		}
		defer release()
		m.sub.keyFrame(s.owner.ID(), s.kind)
	}
}
