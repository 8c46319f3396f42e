package record

import (
	"encoding/json"
	"time"

	"github.com/klatch/klatch/internal/job"
)

// Meeting is a room: durable and reusable.
type Meeting struct {
	ID        string // xxxx-xxxx-xxxx
	CustomID  string // unique in the account; "" for none
	AccountID string

	DisabledSince time.Time // zero: enabled
	Config        MeetingConfig

	CreatedAt time.Time
	UpdatedAt time.Time
}

// Disabled reports whether nobody may join: 4052.
func (m Meeting) Disabled() bool { return !m.DisabledSince.IsZero() }

// MeetingConfig is what the maker of a meeting asked for, under the published names.
type MeetingConfig struct {
	Webhook               *Webhook         `json:"webhook,omitempty"`
	AutoClose             *AutoCloseConfig `json:"autoCloseConfig,omitempty"`
	AutoStart             json.RawMessage  `json:"autoStartConfig,omitempty"`
	Name                  string           `json:"name,omitempty"`
	GeoFence              string           `json:"geoFence,omitempty"`
	MultiComposition      MultiComposition `json:"multiComposition,omitzero"`
	AllowedParticipantIDs []string         `json:"allowedParticipantIds,omitempty"` // empty: everybody
}

// Webhook is where the events of a meeting go.
type Webhook struct {
	EndPoint string   `json:"endPoint"`
	Events   []string `json:"events"`
}

// MultiComposition lets several jobs of a kind run at once in the meeting.
type MultiComposition struct {
	Recording bool `json:"recording,omitempty"`
	HLS       bool `json:"hls,omitempty"`
	RTMP      bool `json:"rtmp,omitempty"`
}

// Allows reports whether several jobs of that kind may run at once.
func (m MultiComposition) Allows(kind job.Kind) bool {
	switch kind {
	case job.Recording:
		return m.Recording
	case job.HLS:
		return m.HLS
	case job.Livestream:
		return m.RTMP
	}
	return false
}

// Published types of autoCloseConfig.
const (
	SessionEnds              = "session-ends"
	SessionEndsAndDeactivate = "session-end-and-deactivate"
)

// AutoCloseConfig is the published form of AutoClose; Duration is in minutes.
type AutoCloseConfig struct {
	Type     string `json:"type"`
	Duration int    `json:"duration"`
}

// AutoClose returns what ends a session of the meeting. Without a config a session goes on while somebody is in it.
func (m Meeting) AutoClose() AutoClose {
	if m.Config.AutoClose == nil {
		return AutoClose{}
	}
	return AutoClose{
		DurationMin: m.Config.AutoClose.Duration,
		Deactivate:  m.Config.AutoClose.Type == SessionEndsAndDeactivate,
	}
}
