package sdk

import (
	"context"
	"fmt"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// qualities of a picture that is sent, by the rank of its size.
var qualities = []Quality{QualityLow, QualityMed, QualityHigh}

// PauseReason is why nothing of a stream is received.
type PauseReason string

// The reasons of a pause.
const (
	PausedRequested  PauseReason = "requested"  // Stream.Pause or PauseAllStreams
	PausedVisibility PauseReason = "visibility" // adaptive subscription, and no viewport
	PausedBandwidth  PauseReason = "bandwidth"  // the connection is too slow
)

// StreamState is how a received picture gets on.
type StreamState string

// The states of a received picture. What is only known after decoding, the published "frozen", this SDK cannot tell.
const (
	StreamActive    StreamState = "active"    // its first packets have come
	StreamStuck     StreamState = "stuck"     // nothing arrives
	StreamRecovered StreamState = "recovered" // packets arrive again
	StreamEnded     StreamState = "ended"     // it was switched off
)

// Events of what is received.
type (
	// StreamPaused: nothing of the stream is received.
	StreamPaused struct {
		Participant *Participant `json:"participant"`
		Kind        Kind         `json:"kind"`
		Reason      PauseReason  `json:"reason"`
	}
	// StreamResumed: it is received again; Reason is that of the pause.
	StreamResumed struct {
		Participant *Participant `json:"participant"`
		Kind        Kind         `json:"kind"`
		Reason      PauseReason  `json:"reason"`
	}
	// VideoQualityChanged: the picture that is received has another rank. PrevQuality is "" the first time.
	VideoQualityChanged struct {
		Participant    *Participant `json:"participant"`
		Kind           Kind         `json:"kind"`
		CurrentQuality Quality      `json:"currentQuality"`
		PrevQuality    Quality      `json:"prevQuality,omitempty"`
	}
	// StreamStateChanged follows received pictures.
	StreamStateChanged struct {
		Stream    *Stream       `json:"stream"`
		State     StreamState   `json:"state"`
		Timestamp fault.Instant `json:"timestamp"`
	}
	// QualityLimitation: the connection is too slow for what would be received, or no longer. Type is "bandwidth" or
	// "congestion", State "detected" or "resolved".
	QualityLimitation struct {
		Type      string        `json:"type"`
		State     string        `json:"state"`
		Timestamp fault.Instant `json:"timestamp"`
	}
	// PausedAllStreams and ResumedAllStreams tell of the calls; Kind is "all" for every kind.
	PausedAllStreams struct {
		Kind Kind `json:"kind"`
	}
	// ResumedAllStreams is the end of PausedAllStreams.
	ResumedAllStreams struct {
		Kind Kind `json:"kind"`
	}
)

func (StreamPaused) EventName() string        { return "stream-paused" }
func (StreamResumed) EventName() string       { return "stream-resumed" }
func (VideoQualityChanged) EventName() string { return "video-quality-changed" }
func (StreamStateChanged) EventName() string  { return "stream-state-changed" }
func (QualityLimitation) EventName() string   { return "quality-limitation" }
func (PausedAllStreams) EventName() string    { return "paused-all-streams" }
func (ResumedAllStreams) EventName() string   { return "resumed-all-streams" }

// OnStreamPaused is told when nothing of a stream is received any more.
func (m *Meeting) OnStreamPaused(fn func(StreamPaused)) func() { return on(m, fn) }

// OnStreamResumed is told when it is received again.
func (m *Meeting) OnStreamResumed(fn func(StreamResumed)) func() { return on(m, fn) }

// OnVideoQualityChanged is told when a picture is received in another size.
func (m *Meeting) OnVideoQualityChanged(fn func(VideoQualityChanged)) func() { return on(m, fn) }

// OnStreamStateChanged follows received pictures.
func (m *Meeting) OnStreamStateChanged(fn func(StreamStateChanged)) func() { return on(m, fn) }

// OnQualityLimitation is told when the connection is too slow, and when that is over.
func (m *Meeting) OnQualityLimitation(fn func(QualityLimitation)) func() { return on(m, fn) }

// all is the kind of PausedAllStreams for every kind.
const allKinds Kind = "all"

// SetQuality sets the best size of the camera that is received: 3068 of an own one, 3073 or 4073. It is kept while the
// camera is off.
func (p *Participant) SetQuality(ctx context.Context, quality Quality) error {
	return p.setQuality(ctx, "setQuality", Video, quality)
}

// SetScreenShareQuality does the same for the shared screen.
func (p *Participant) SetScreenShareQuality(ctx context.Context, quality Quality) error {
	return p.setQuality(ctx, "setScreenShareQuality", Share, quality)
}

func (p *Participant) setQuality(ctx context.Context, method string, kind Kind, quality Quality) error {
	m := p.meeting
	if f := checkQuality(method, quality); f != nil {
		return m.fail(f)
	}
	if f := p.remote(method, kind); f != nil {
		return m.fail(f)
	}
	return m.preferences.set(ctx, method, p, kind, wire.ChangeQuality, func(w *wish) { w.quality = quality })
}

// maxPixels of a side of a viewport; docs/protocol.md.
const maxPixels = wire.MaxPixels

// SetViewPort sets how large the camera is shown, in pixels: the size that is received fits it. It is kept while the
// camera is off. Without adaptive subscription a picture without a viewport is received in full size; with it, not at
// all.
func (p *Participant) SetViewPort(ctx context.Context, width, height int) error {
	return p.setViewPort(ctx, "setViewPort", Video, width, height)
}

// SetScreenShareViewPort does the same for the shared screen.
func (p *Participant) SetScreenShareViewPort(ctx context.Context, width, height int) error {
	return p.setViewPort(ctx, "setScreenShareViewPort", Share, width, height)
}

func (p *Participant) setViewPort(ctx context.Context, method string, kind Kind, width, height int) error {
	m := p.meeting
	for _, side := range []struct {
		name   string
		pixels int
	}{{"width", width}, {"height", height}} {
		if side.pixels < 1 || side.pixels > maxPixels {
			return m.fail(fault.InvalidParameterOutOfRange(method, side.name, fmt.Sprint(side.pixels),
				fmt.Sprintf("a number from 1 to %d", maxPixels)))
		}
	}
	if f := p.remote(method, kind); f != nil {
		return m.fail(f)
	}
	return m.preferences.set(ctx, method, p, kind, wire.ChangeQuality, func(w *wish) { w.width, w.height = width, height })
}

// Quality returns which size of the camera is received; "" while none is.
func (p *Participant) Quality() Quality { return p.qualityOf(Video) }

// ScreenShareQuality returns which size of the shared screen is received; "" while none is.
func (p *Participant) ScreenShareQuality() Quality { return p.qualityOf(Share) }

func (p *Participant) qualityOf(kind Kind) Quality {
	if s := p.Stream(kind); s != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		return Quality(s.forwarded.Quality)
	}
	return ""
}

func checkQuality(method string, quality Quality) *fault.Error {
	if slices.Contains(qualities, quality) {
		return nil
	}
	return fault.InvalidParameterNotAllowed(method, "quality", string(quality), []string{"low", "med", "high"})
}

// remote returns 3068 for an own stream, and 3035 outside of the meeting.
func (p *Participant) remote(method string, kind Kind) *fault.Error {
	f := p.meeting.ready(method)
	if f == nil && p.local {
		f = fault.ActionNotSupportedOwnStream(method, string(kind))
	}
	return f
}

// Pause has the server send nothing of a remote stream: 3054, 3068 or 4074.
func (s *Stream) Pause(ctx context.Context) error { return s.setPaused(ctx, "stream.pause", true) }

// Resume receives it again: 3054, 3068 or 4075.
func (s *Stream) Resume(ctx context.Context) error { return s.setPaused(ctx, "stream.resume", false) }

// Paused reports whether nothing of it is received: by Pause, or as StreamPaused has said.
func (s *Stream) Paused() bool {
	return s.owner.meeting.preferences.isPaused(s.owner.ID(), s.kind) || s.PauseReason() != ""
}

// PauseReason returns why the server sends nothing of it; "" while it sends.
func (s *Stream) PauseReason() PauseReason {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pausedFor
}

func (s *Stream) setPaused(ctx context.Context, method string, paused bool) error {
	p := s.owner
	m := p.meeting
	if f := p.remote(method, s.kind); f != nil {
		return m.fail(f)
	}
	if p.Stream(s.kind) == nil {
		return m.fail(fault.ActionNotSupportedNotReceived(method, p.ID(), string(s.kind)))
	}
	about, state := wire.ChangeResume, "active"
	if paused {
		about, state = wire.ChangePause, "paused"
	}
	if m.preferences.isPaused(p.ID(), s.kind) == paused {
		return m.fail(fault.AlreadyInRequestedStateAlready(method, state))
	}
	return m.preferences.set(ctx, method, p, s.kind, about, func(w *wish) { w.paused = &paused })
}

// PauseAllStreams has the server send nothing of a kind, or of any for "", those included that begin later: 4057.
// Stream.Resume resumes a single one.
func (m *Meeting) PauseAllStreams(ctx context.Context, kind Kind) error {
	return m.pauseAll(ctx, "pauseAllStreams", kind, true)
}

// ResumeAllStreams receives them again, those included that Stream.Pause has paused: 4058.
func (m *Meeting) ResumeAllStreams(ctx context.Context, kind Kind) error {
	return m.pauseAll(ctx, "resumeAllStreams", kind, false)
}

func (m *Meeting) pauseAll(ctx context.Context, method string, kind Kind, paused bool) error {
	meant, named := []Kind{kind}, kind
	if kind == "" {
		meant, named = kinds, allKinds
	} else if f := checkKind(method, kind); f != nil {
		return m.fail(f)
	}
	if f := m.ready(method); f != nil {
		return m.fail(f)
	}
	if err := m.begin("pauseAll"); err != nil {
		return err
	}
	defer m.over("pauseAll")
	if !m.preferences.pauseKinds(meant, paused) {
		if paused {
			return m.fail(fault.PauseAllStreamsFailedAlreadyPaused(string(named)))
		}
		return m.fail(fault.ResumeAllStreamsFailedNotPaused(string(named)))
	}
	if err := m.preferences.tell(ctx, method); err != nil {
		return m.fail(asFault(method, err))
	}
	if paused {
		m.events.emit(PausedAllStreams{named})
	} else {
		m.events.emit(ResumedAllStreams{named})
	}
	return nil
}

// EnableAdaptiveSubscription receives no picture without a viewport (Participant.SetViewPort), until it is disabled:
// 4048. It lasts over a new join.
func (m *Meeting) EnableAdaptiveSubscription(context.Context) error {
	const method = "enableAdaptiveSubscription"
	if f := m.ready(method); f != nil {
		return m.fail(f)
	}
	if !m.preferences.adapt(true) {
		return m.fail(fault.AdaptiveSubscriptionEnableFailedAlreadyEnabled())
	}
	return nil
}

// DisableAdaptiveSubscription ends it: 4049.
func (m *Meeting) DisableAdaptiveSubscription(context.Context) error {
	const method = "disableAdaptiveSubscription"
	if f := m.ready(method); f != nil {
		return m.fail(f)
	}
	if !m.preferences.adapt(false) {
		return m.fail(fault.AdaptiveSubscriptionDisableFailedAlreadyDisabled())
	}
	return nil
}

// SetWebcamQuality sends the own camera in this quality at most, where it is published in several sizes: 3054, 3062,
// 3073.
func (m *Meeting) SetWebcamQuality(_ context.Context, quality Quality) error {
	const method = "setWebcamQuality"
	if f := checkQuality(method, quality); f != nil {
		return m.fail(f)
	}
	release, f := m.use(method)
	if f != nil {
		return m.fail(f)
	}
	defer release()
	if !m.pub.on(Video) {
		local := m.LocalParticipant()
		return m.fail(fault.WebcamNotEnabledCameraOff(method, local.ID(), local.DisplayName()))
	}
	if !m.pub.setQuality(quality) {
		return m.fail(fault.AlreadyInRequestedStateAlready(method, string(quality)))
	}
	return nil
}

// streamState takes what the server sends of a stream.
func (m *Meeting) streamState(e wire.StreamState) []Event {
	s := m.remoteStream(e.ParticipantID, Kind(e.Kind))
	if s == nil {
		return nil
	}
	reason := PauseReason("")
	if e.State == wire.Paused {
		reason = PauseReason(e.Reason)
		if reason == PausedRequested && !m.preferences.isPaused(e.ParticipantID, s.kind) {
			reason = PausedVisibility
		}
	}
	s.mu.Lock()
	before, was := s.quality, s.pausedFor
	s.forwarded, s.pausedFor = e, reason
	if e.Quality != "" {
		s.quality = Quality(e.Quality)
	}
	quality := s.quality
	s.mu.Unlock()
	var told []Event
	switch {
	case reason != "" && reason != was:
		told = append(told, StreamPaused{s.owner, s.kind, reason})
	case reason == "" && was != "":
		told = append(told, StreamResumed{s.owner, s.kind, was})
	}
	if quality != before {
		told = append(told, VideoQualityChanged{s.owner, s.kind, quality, before})
	}
	return told
}

func (m *Meeting) qualityLimitation(e wire.QualityLimitation) []Event {
	return []Event{QualityLimitation{string(e.Type), string(e.State), e.Timestamp}}
}
