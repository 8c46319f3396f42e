package sdk

import (
	"context"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// Restrictions are true for what participants of a meeting may not do. Who has allow_mod is not bound by them.
type Restrictions struct {
	Audio bool `json:"audio"` // switch on the microphone
	Video bool `json:"video"` // switch on the camera
	Share bool `json:"share"` // share the screen, and its sound
	Chat  bool `json:"chat"`  // publish to the topic CHAT
}

// restricts reports whether a stream of this kind may not be switched on.
func (r Restrictions) restricts(kind Kind) bool {
	switch kind {
	case Audio:
		return r.Audio
	case Video:
		return r.Video
	default:
		return r.Share
	}
}

// RestrictOptions of Restrict. What is nil stays as it is; new(true) forbids, new(false) allows.
type RestrictOptions struct {
	Audio *bool
	Video *bool
	Share *bool
	Chat  *bool
}

// RestrictionsChanged is the event that participants may no longer do something, or may again. By is the moderator who
// changed it; "" where it was done over REST, or while this participant was reconnecting.
type RestrictionsChanged struct {
	Restrictions Restrictions `json:"restrictions"`
	By           string       `json:"by,omitempty"`
}

// EventName returns "restrictions-changed".
func (RestrictionsChanged) EventName() string { return "restrictions-changed" }

// OnRestrictionsChanged is told when the restrictions of the meeting change.
func (m *Meeting) OnRestrictionsChanged(fn func(RestrictionsChanged)) func() { return on(m, fn) }

// Restrict forbids participants who do not have allow_mod to switch on microphone, camera or share, or to write in the
// chat, and allows it again. What runs against it is stopped; who tries gets 4105 AUDIO_RESTRICTED, VIDEO_RESTRICTED,
// SHARE_RESTRICTED or CHAT_RESTRICTED. It lasts until the session ends. Needs allow_mod.
func (m *Meeting) Restrict(ctx context.Context, options RestrictOptions) error {
	return m.request(ctx, "restrict", wire.MethodRestrict, wire.RestrictParams{
		Audio: options.Audio, Video: options.Video, Share: options.Share, Chat: options.Chat,
	}, nil)
}

// Restrictions returns what participants may not do, whether or not this one is bound by it.
func (m *Meeting) Restrictions() Restrictions {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.restrictions
}

// forbids reports whether the restrictions of the meeting keep an own stream off.
func (m *Meeting) forbids(kind Kind) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.restrictions.restricts(kind) && !slices.Contains(m.permissions, "allow_mod")
}

// requestRight asks the server for what the restrictions forbid, so that its fault says why; nil where it is allowed.
func (m *Meeting) requestRight(ctx context.Context, method string, kind Kind) error {
	if !m.forbids(kind) {
		return nil
	}
	params := wire.SetStreamParams{Kind: wire.Kind(kind), Enabled: true}
	err := m.link.call(ctx, method, wire.MethodSetStream, params, nil)
	if f := fault.From(err); f != nil && f.Code == fault.CodeInvalidMessage {
		return nil // it is not published yet: the server knows of no restriction any more
	}
	return err
}

func (m *Meeting) restrictionsChanged(now Restrictions, by string) []Event {
	m.mu.Lock()
	before := m.restrictions
	m.restrictions = now
	m.mu.Unlock()
	if before == now {
		return nil
	}
	for _, kind := range []Kind{Audio, Video, Share, ShareAudio} {
		// It does not come on by itself when its source delivers something again.
		if m.forbids(kind) && m.pub.paused(kind) {
			m.spawn(func() { m.pub.keepOff(kind) })
		}
	}
	return []Event{RestrictionsChanged{now, by}}
}
