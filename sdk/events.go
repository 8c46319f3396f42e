package sdk

import (
	"context"
	"encoding/json"

	"github.com/klatch/klatch/fault"
)

// Event is something that happened in a meeting. EventName is the published name. The types below are all there are.
type Event interface{ EventName() string }

// Decision answers an entry request.
type Decision string

// LostConnection is which connection of a participant is lost.
type LostConnection string

// Its signaling, or the path of its media alone.
const (
	LostSignaling LostConnection = "signaling"
	LostMedia     LostConnection = "media"
)

// The decisions about an entry request.
const (
	Allowed Decision = "allowed"
	Denied  Decision = "denied"
)

// Events.
type (
	// MeetingJoined: join has succeeded; after the lobby, somebody let this participant in.
	MeetingJoined struct {
		MeetingID     string `json:"meetingId"`
		SessionID     string `json:"sessionId"`
		ParticipantID string `json:"participantId"`
	}
	// MeetingLeft is the last event. Fault says why, unless Leave was called.
	MeetingLeft struct {
		Reason LeaveReason  `json:"reason"`
		Fault  *fault.Error `json:"fault,omitempty"`
	}
	// MeetingStateChanged follows the connection.
	MeetingStateChanged struct {
		State State `json:"state"`
	}
	// ParticipantJoined tells of a newcomer.
	ParticipantJoined struct {
		Participant *Participant `json:"participant"`
	}
	// ParticipantLeft reports who left and why.
	ParticipantLeft struct {
		Participant *Participant `json:"participant"`
		Reason      LeaveReason  `json:"reason"`
	}
	// ParticipantModeChanged also tells of the own mode.
	ParticipantModeChanged struct {
		ParticipantID string `json:"participantId"`
		Mode          Mode   `json:"mode"`
	}
	// ParticipantConnectionChanged tells that the server cannot reach somebody else any more, or can again. Who does not
	// come back leaves.
	ParticipantConnectionChanged struct {
		Participant *Participant   `json:"participant"`
		State       State          `json:"state"`          // Connected or Reconnecting
		Lost        LostConnection `json:"lost,omitempty"` // with Reconnecting
	}
	// StreamEnabled tells of own and remote streams.
	StreamEnabled struct {
		Participant *Participant `json:"participant"`
		Stream      *Stream      `json:"stream"`
	}
	// StreamDisabled tells of own and remote streams; By is set when somebody else switched it off.
	StreamDisabled struct {
		Participant *Participant `json:"participant"`
		Stream      *Stream      `json:"stream"`
		By          string       `json:"by,omitempty"`
	}
	// SpeakerChanged names the active speaker; "" for none.
	SpeakerChanged struct {
		ParticipantID string `json:"participantId"`
	}
	// PresenterChanged names who shares; "" for none.
	PresenterChanged struct {
		ParticipantID string `json:"participantId"`
	}
	// EntryRequested: somebody asks to enter. Only holders of allow_join are told.
	EntryRequested struct {
		ParticipantID string          `json:"participantId"`
		Name          string          `json:"name"`
		MetaData      json.RawMessage `json:"metaData,omitempty"`
		meeting       *Meeting
	}
	// EntryResponded: an entry request was answered.
	EntryResponded struct {
		ParticipantID string   `json:"participantId"`
		Decision      Decision `json:"decision"`
		By            string   `json:"by"`
	}
	// EntryWithdrawn: who asked went away or waited too long.
	EntryWithdrawn struct {
		ParticipantID string `json:"participantId"`
	}
	// EntryPending: this participant still waits in the lobby, and Hosts people could let it in.
	EntryPending struct {
		WaitedMs int64 `json:"waitedMs"`
		Hosts    int   `json:"hosts"`
	}
	// MicRequested: a moderator asks this participant to unmute.
	MicRequested struct {
		ParticipantID string `json:"participantId"` // who asks
		meeting       *Meeting
	}
	// WebcamRequested: a moderator asks this participant to switch the camera on.
	WebcamRequested struct {
		ParticipantID string `json:"participantId"` // who asks
		meeting       *Meeting
	}
	// PinStateChanged reports what is pinned now.
	PinStateChanged struct {
		ParticipantID string   `json:"participantId"`
		State         PinState `json:"state"`
		PinnedBy      string   `json:"pinnedBy"`
	}
	// LockChanged is sent when the meeting is locked or unlocked. By is the moderator who did so; "" where it was done
	// over REST, or while this participant was reconnecting.
	LockChanged struct {
		Locked bool   `json:"locked"`
		By     string `json:"by,omitempty"`
	}
	// RecordingStateChanged tells the state of the recording: "RECORDING_STARTING", "RECORDING_STARTED", ...
	RecordingStateChanged struct {
		Status string `json:"status"`
		// FileURL is in RECORDING_STOPPED of a recording that has a file, where this participant may record. Anybody can
		// download the file there, until the link expires.
		FileURL string `json:"fileUrl,omitempty"`
	}
	// LivestreamStateChanged tells the state of the livestream: "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", ...
	LivestreamStateChanged struct {
		Status string `json:"status"`
	}
	// HLSStateChanged carries the state of the HLS: "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", ... with its
	// addresses.
	HLSStateChanged struct {
		Status string `json:"status"`
		HLSURLs
	}
	// FaultCleared is emitted when what a fault reported is over: media flows again, or a stream arrives.
	FaultCleared struct {
		ID     string `json:"id"` // of the fault
		Code   int    `json:"code"`
		Reason string `json:"reason"`
		ForMs  int64  `json:"forMs"` // how long it lasted
	}
	// ErrorEvent carries a fault: of a call that failed, or of something that happened by itself.
	ErrorEvent struct{ Fault *fault.Error }
)

// Allow lets the participant in.
func (e EntryRequested) Allow(ctx context.Context) error {
	return e.meeting.RespondEntry(ctx, e.ParticipantID, Allowed)
}

// Deny refuses the participant.
func (e EntryRequested) Deny(ctx context.Context) error {
	return e.meeting.RespondEntry(ctx, e.ParticipantID, Denied)
}

// Accept unmutes. To decline, do nothing.
func (e MicRequested) Accept(ctx context.Context) error { return e.meeting.UnmuteMic(ctx, nil) }

// Accept switches the camera on. To decline, do nothing.
func (e WebcamRequested) Accept(ctx context.Context) error { return e.meeting.EnableWebcam(ctx, nil) }

// MarshalJSON returns the fault itself.
func (e ErrorEvent) MarshalJSON() ([]byte, error) { return json.Marshal(e.Fault) }

func (MeetingJoined) EventName() string                { return "meeting-joined" }
func (MeetingLeft) EventName() string                  { return "meeting-left" }
func (MeetingStateChanged) EventName() string          { return "meeting-state-changed" }
func (ParticipantJoined) EventName() string            { return "participant-joined" }
func (ParticipantLeft) EventName() string              { return "participant-left" }
func (ParticipantModeChanged) EventName() string       { return "participant-mode-changed" }
func (ParticipantConnectionChanged) EventName() string { return "participant-connection-changed" }
func (StreamEnabled) EventName() string                { return "stream-enabled" }
func (StreamDisabled) EventName() string               { return "stream-disabled" }
func (SpeakerChanged) EventName() string               { return "speaker-changed" }
func (PresenterChanged) EventName() string             { return "presenter-changed" }
func (EntryRequested) EventName() string               { return "entry-requested" }
func (EntryResponded) EventName() string               { return "entry-responded" }
func (EntryWithdrawn) EventName() string               { return "entry-withdrawn" }
func (EntryPending) EventName() string                 { return "entry-pending" }
func (MicRequested) EventName() string                 { return "mic-requested" }
func (WebcamRequested) EventName() string              { return "webcam-requested" }
func (PinStateChanged) EventName() string              { return "pin-state-changed" }
func (LockChanged) EventName() string                  { return "lock-changed" }
func (RecordingStateChanged) EventName() string        { return "recording-state-changed" }
func (LivestreamStateChanged) EventName() string       { return "livestream-state-changed" }
func (HLSStateChanged) EventName() string              { return "hls-state-changed" }
func (FaultCleared) EventName() string                 { return "fault-cleared" }
func (ErrorEvent) EventName() string                   { return "error" }

// On calls fn for every event, in order, from one goroutine that all handlers share; the result undoes it. Handlers
// may call the meeting. One that panics harms nobody else: the panic goes to slog.Default().
func (m *Meeting) On(fn func(Event)) (undo func()) { return m.events.on(fn) }

func on[E Event](m *Meeting, fn func(E)) (undo func()) {
	return m.events.on(func(e Event) {
		if e, ok := e.(E); ok {
			fn(e)
		}
	})
}

// OnMeetingJoined is told once.
func (m *Meeting) OnMeetingJoined(fn func()) func() { return on(m, func(MeetingJoined) { fn() }) }

// OnMeetingLeft is told once, last.
func (m *Meeting) OnMeetingLeft(fn func(LeaveReason, *fault.Error)) func() {
	return on(m, func(e MeetingLeft) { fn(e.Reason, e.Fault) })
}

// OnMeetingStateChanged follows the connection.
func (m *Meeting) OnMeetingStateChanged(fn func(State)) func() {
	return on(m, func(e MeetingStateChanged) { fn(e.State) })
}

// OnParticipantJoined is told of newcomers; Participants has those who were there before.
func (m *Meeting) OnParticipantJoined(fn func(*Participant)) func() {
	return on(m, func(e ParticipantJoined) { fn(e.Participant) })
}

// OnParticipantLeft is told who left and why.
func (m *Meeting) OnParticipantLeft(fn func(*Participant, LeaveReason)) func() {
	return on(m, func(e ParticipantLeft) { fn(e.Participant, e.Reason) })
}

// OnParticipantModeChanged is told of all modes, the own included.
func (m *Meeting) OnParticipantModeChanged(fn func(participantID string, mode Mode)) func() {
	return on(m, func(e ParticipantModeChanged) { fn(e.ParticipantID, e.Mode) })
}

// OnParticipantConnectionChanged is told when somebody else cannot be reached any more, and when it can again.
func (m *Meeting) OnParticipantConnectionChanged(fn func(ParticipantConnectionChanged)) func() {
	return on(m, fn)
}

// OnStreamEnabled is told of all streams, the own included.
func (m *Meeting) OnStreamEnabled(fn func(*Participant, *Stream)) func() {
	return on(m, func(e StreamEnabled) { fn(e.Participant, e.Stream) })
}

// OnStreamDisabled is told of all streams, the own included.
func (m *Meeting) OnStreamDisabled(fn func(*Participant, *Stream)) func() {
	return on(m, func(e StreamDisabled) { fn(e.Participant, e.Stream) })
}

// OnSpeakerChanged gets "" when nobody speaks.
func (m *Meeting) OnSpeakerChanged(fn func(participantID string)) func() {
	return on(m, func(e SpeakerChanged) { fn(e.ParticipantID) })
}

// OnPresenterChanged gets "" when nobody shares.
func (m *Meeting) OnPresenterChanged(fn func(participantID string)) func() {
	return on(m, func(e PresenterChanged) { fn(e.ParticipantID) })
}

// OnEntryRequested is told of entry requests, those included that waited before this participant came.
func (m *Meeting) OnEntryRequested(fn func(EntryRequested)) func() { return on(m, fn) }

// OnEntryResponded is told how an entry request was answered.
func (m *Meeting) OnEntryResponded(fn func(participantID string, decision Decision)) func() {
	return on(m, func(e EntryResponded) { fn(e.ParticipantID, e.Decision) })
}

// OnMicRequested is told when a moderator asks to unmute.
func (m *Meeting) OnMicRequested(fn func(MicRequested)) func() { return on(m, fn) }

// OnWebcamRequested is told when a moderator asks for the camera.
func (m *Meeting) OnWebcamRequested(fn func(WebcamRequested)) func() { return on(m, fn) }

// OnPinStateChanged is told of all pins.
func (m *Meeting) OnPinStateChanged(fn func(PinStateChanged)) func() { return on(m, fn) }

// OnLockChanged is told when the meeting is locked or unlocked.
func (m *Meeting) OnLockChanged(fn func(LockChanged)) func() { return on(m, fn) }

// OnRecordingStateChanged follows the recording of the meeting.
func (m *Meeting) OnRecordingStateChanged(fn func(status string)) func() {
	return on(m, func(e RecordingStateChanged) { fn(e.Status) })
}

// OnRecordingFile is told a link to the file of each recording that has stopped, where this participant may record. The
// link needs no token and expires.
func (m *Meeting) OnRecordingFile(fn func(fileURL string)) func() {
	return on(m, func(e RecordingStateChanged) {
		if e.FileURL != "" {
			fn(e.FileURL)
		}
	})
}

// OnLivestreamStateChanged follows the livestream of the meeting.
func (m *Meeting) OnLivestreamStateChanged(fn func(status string)) func() {
	return on(m, func(e LivestreamStateChanged) { fn(e.Status) })
}

// OnHLSStateChanged follows the HLS of the meeting.
func (m *Meeting) OnHLSStateChanged(fn func(status string, urls HLSURLs)) func() {
	return on(m, func(e HLSStateChanged) { fn(e.Status, e.HLSURLs) })
}

// OnError is told of every fault once: those that a failed call has returned, and those that came by themselves.
func (m *Meeting) OnError(fn func(*fault.Error)) func() {
	return on(m, func(e ErrorEvent) { fn(e.Fault) })
}

// OnFaultCleared is told when what a fault told is over.
func (m *Meeting) OnFaultCleared(fn func(FaultCleared)) func() { return on(m, fn) }
