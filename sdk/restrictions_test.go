package sdk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

// What a moderator forbids is stopped, refused by the server before any source is opened, and allowed again.
func TestRestrictions(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann := p.joined("ann", nil)
	bob := p.person("bob", nil, "allow_join")
	require.NoError(t, bob.Join(t.Context()))
	require.NoError(t, bob.UnmuteMic(t.Context(), nil))
	require.NoError(t, bob.EnableScreenShare(t.Context(), nil, nil))

	err := bob.Restrict(t.Context(), sdk.RestrictOptions{Chat: new(true)})
	require.True(t, fault.Is(err, fault.CodeNotPermitted, fault.ReasonNeedsPermission), "%v", err)
	err = ann.Restrict(t.Context(), sdk.RestrictOptions{})
	require.True(t, fault.Is(err, fault.CodeInvalidMessage, fault.ReasonBadParams), "%v", err)

	require.NoError(t, ann.Restrict(t.Context(), sdk.RestrictOptions{
		Audio: new(true), Video: new(true), Share: new(true), Chat: new(true),
	}))
	want := sdk.RestrictionsChanged{
		Restrictions: sdk.Restrictions{Audio: true, Video: true, Share: true, Chat: true}, By: "ann",
	}
	require.Equal(t, want, told(bob, func(sdk.RestrictionsChanged) bool { return true }))
	require.Equal(t, want.Restrictions, bob.Restrictions())
	for _, kind := range []sdk.Kind{sdk.Audio, sdk.Share} {
		off := told(bob, func(e sdk.StreamDisabled) bool { return e.Stream.Kind() == kind })
		require.Equal(t, "ann", off.By)
	}
	_, chat := bob.PubSub().Publish(t.Context(), "CHAT", "hello", sdk.PublishOptions{})
	for reason, err := range map[string]error{
		fault.ReasonAudioRestricted: bob.UnmuteMic(t.Context(), nil),
		fault.ReasonVideoRestricted: bob.EnableWebcam(t.Context(), nil),
		fault.ReasonShareRestricted: bob.EnableScreenShare(t.Context(), nil, nil),
		fault.ReasonChatRestricted:  chat,
	} {
		require.True(t, fault.Is(err, fault.CodeNotPermitted, reason), "%s: %v", reason, err)
	}
	require.NoError(t, ann.UnmuteMic(t.Context(), nil), "who moderates is not bound")
	cat := p.person("cat", nil, "allow_join")
	require.NoError(t, cat.Join(t.Context()))
	require.Equal(t, want.Restrictions, cat.Restrictions())

	require.NoError(t, ann.Restrict(t.Context(), sdk.RestrictOptions{Audio: new(false), Video: new(false)}))
	require.Eventually(t, func() bool {
		return bob.Restrictions() == sdk.Restrictions{Share: true, Chat: true}
	}, 5*time.Second, time.Millisecond)
	require.NoError(t, bob.UnmuteMic(t.Context(), nil))
	require.NoError(t, bob.EnableWebcam(t.Context(), nil))
	requireParticipant(t, ann, "bob", func(b *sdk.Participant) bool { return b.MicOn() && b.WebcamOn() })
}
