package sdk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

// Who switches is the same person in the other meeting, with the same devices; those who stay are told 1005.
func TestSwitchTo(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	bob := p.joined("bob", nil)
	ann := p.joined("ann", func(o *sdk.Options) { o.MicEnabled = true })
	require.NoError(t, ann.EnableWebcam(t.Context(), nil))
	require.NoError(t, ann.MuteMic(t.Context()))
	other := p.account.Meeting(t, nil)
	carl := p.joined("carl", func(o *sdk.Options) { o.MeetingID = other })

	asFault(ann, ann.SwitchTo(t.Context(), sdk.SwitchOptions{}), 4003, "EMPTY")
	asFault(ann, ann.SwitchTo(t.Context(), sdk.SwitchOptions{MeetingID: ann.ID()}), 3054, "ALREADY")
	require.Equal(t, sdk.Connected, ann.State())

	require.NoError(t, ann.SwitchTo(t.Context(), sdk.SwitchOptions{MeetingID: other, Token: p.account.Token(t)}))
	told(ann, func(e sdk.MeetingLeft) bool { return e.Reason.Code == 1005 && e.Reason.Name == "SWITCH_ROOM" })
	told(bob, func(e sdk.ParticipantLeft) bool { return e.Participant.ID() == "ann" && e.Reason.Code == 1005 })
	require.Equal(t, other, ann.ID())
	require.Equal(t, []bool{true, false}, []bool{ann.LocalParticipant().WebcamOn(), ann.LocalParticipant().MicOn()})
	require.Eventually(t, func() bool { a := carl.Participant("ann"); return a != nil && a.WebcamOn() },
		5*time.Second, 5*time.Millisecond)
	picture(t, carl.Participant("ann").Stream(sdk.Video))

	err := ann.SwitchTo(t.Context(), sdk.SwitchOptions{MeetingID: "aaaa-bbbb-cccc"})
	asFault(ann, err, 4076, "JOIN_FAILED")
	var cause *fault.Error
	require.ErrorAs(t, errors.Unwrap(err), &cause)
	require.Equal(t, 4003, cause.Code)
	told(ann, func(e sdk.MeetingLeft) bool { return e.Reason.Code == 1104 && e.Fault.Code == 4003 })
	told(carl, func(e sdk.ParticipantLeft) bool { return e.Participant.ID() == "ann" && e.Reason.Code == 1005 })
	require.Equal(t, sdk.Failed, ann.State())
	asFault(ann, ann.SwitchTo(t.Context(), sdk.SwitchOptions{MeetingID: other}), 3035, "LEFT")
}
