package sdk_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

// Data messages reach who receives them, also the first one of a session, in order; who does not ask gets none.
func TestData(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	receives := func(o *sdk.Options) { o.ReceiveData = true }
	bob := p.joined("bob", receives)
	deaf := p.joined("deaf", nil)
	ann := p.joined("ann", nil)
	for i := range 20 {
		sent, err := ann.Send(t.Context(), fmt.Append(nil, i), sdk.SendOptions{Text: true})
		require.NoError(t, err)
		require.True(t, sent)
	}
	for i := range 20 {
		m := told(bob, func(m sdk.DataMessage) bool { return string(m.Payload) == fmt.Sprint(i) })
		require.Equal(t, "ann", m.From)
		require.True(t, m.Text && m.Reliable)
	}
	_, err := bob.Send(t.Context(), []byte{0, 1}, sdk.SendOptions{Unreliable: true})
	require.NoError(t, err)
	require.NotContains(t, ann.names(), "data")
	require.NotContains(t, deaf.names(), "data")

	late := p.joined("late", receives)
	_, err = ann.Send(t.Context(), []byte("to both"), sdk.SendOptions{})
	require.NoError(t, err)
	told(late, func(m sdk.DataMessage) bool { return string(m.Payload) == "to both" && !m.Text })

	require.NoError(t, bob.ChangeMode(t.Context(), sdk.RecvOnly))
	_, err = bob.Send(t.Context(), nil, sdk.SendOptions{})
	require.True(t, fault.Is(err, fault.CodeActionNotSupportedInMode, "MODE"), err)
}

// Values are shared, and observers are told of each.
func TestRealtimeStore(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	changes := make(chan sdk.ValueChanged, 8)
	id, err := bob.RealtimeStore().Observe(t.Context(), "k", func(v sdk.ValueChanged) { changes <- v })
	require.NoError(t, err)
	v := "v"
	require.NoError(t, ann.RealtimeStore().SetValue(t.Context(), "k", &v))
	require.NoError(t, ann.RealtimeStore().SetValue(t.Context(), "k", nil))
	require.Equal(t, sdk.ValueChanged{Key: "k", Value: &v, UpdatedBy: "ann"}, <-changes)
	require.Equal(t, sdk.ValueChanged{Key: "k", UpdatedBy: "ann"}, <-changes)
	require.NoError(t, bob.RealtimeStore().SetValue(t.Context(), "other", &v))
	got, err := ann.RealtimeStore().Value(t.Context(), "other")
	require.NoError(t, err)
	require.Equal(t, "v", *got)
	require.NoError(t, bob.RealtimeStore().StopObserving(t.Context(), id))
	err = bob.RealtimeStore().StopObserving(t.Context(), id)
	require.True(t, fault.Is(err, fault.CodeFailedToStopObservingValue, "UNKNOWN_OBSERVER"), err)
}
