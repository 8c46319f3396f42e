package sdk_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/sdk"
)

// seen reports whether the sound of somebody arrives.
func seen(t *testing.T, who *person, of string) {
	t.Helper()
	require.Eventually(t, func() bool {
		p := who.Participant(of)
		if p == nil || p.Stream(sdk.Audio) == nil {
			return false
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := p.Stream(sdk.Audio).ReadRTP(ctx)
		return err == nil // the stream may be one that has just ended
	}, 10*time.Second, 5*time.Millisecond, "the sound of %s does not arrive", of)
}

// states returns those that a meeting has had.
func (p *person) states() (list []sdk.State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if e, ok := e.(sdk.MeetingStateChanged); ok {
			list = append(list, e.State)
		}
	}
	return list
}

// TestSimulateSignalingCut cuts the socket for long enough that the cut is told, and has the session resumed.
func TestSimulateSignalingCut(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	began := time.Now()
	require.NoError(t, ann.Simulate(sdk.SignalingCut, sdk.SimulateOptions{For: 4 * time.Second}))
	f := told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Code == 3102 }).Fault
	require.Equal(t, "NO_ROUTE", f.Reason)
	require.Equal(t, f.ID, told[sdk.FaultCleared](ann, nil).ID)
	require.GreaterOrEqual(t, time.Since(began), 4*time.Second)
	require.Eventually(t, func() bool { return ann.State() == sdk.Connected }, 10*time.Second, 5*time.Millisecond)
	require.Equal(t, []sdk.State{sdk.Connecting, sdk.Connected, sdk.Reconnecting, sdk.Connected}, ann.states())
	require.NotContains(t, bob.names(), "participant-left")
	require.NotContains(t, bob.names(), "error")
}

// TestSimulatePathLost loses each of the two connections for media. What was on is on afterwards, and nobody else is
// disturbed.
func TestSimulatePathLost(t *testing.T) {
	t.Parallel()
	for scenario, connection := range map[sdk.Scenario]string{
		sdk.PublishLost: "publish", sdk.SubscribeLost: "subscribe",
	} {
		t.Run(connection, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			ann, bob := p.joined("ann", nil), p.joined("bob", nil)
			require.NoError(t, ann.UnmuteMic(t.Context(), sdk.TestTone("ann")))
			require.NoError(t, bob.UnmuteMic(t.Context(), sdk.TestTone("bob")))
			seen(t, bob, "ann")
			seen(t, ann, "bob")
			began := time.Now()
			require.NoError(t, ann.Simulate(scenario, sdk.SimulateOptions{}))
			f := told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Code == 3101 }).Fault
			require.Equal(t, "PATH_LOST", f.Reason)
			require.Equal(t, connection, f.Details["connection"])
			require.Equal(t, f.ID, told[sdk.FaultCleared](ann, nil).ID)
			require.GreaterOrEqual(t, time.Since(began), 5*time.Second)
			seen(t, bob, "ann")
			seen(t, ann, "bob")
			require.Len(t, ann.all("error"), 1)
			require.NotContains(t, bob.names(), "error")
			require.NotContains(t, bob.names(), "participant-left")
		})
	}
}

// TestSimulateServerGone has the session lost: the SDK joins anew and publishes what was on.
func TestSimulateServerGone(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	require.NoError(t, ann.UnmuteMic(t.Context(), sdk.TestTone("ann")))
	seen(t, bob, "ann")
	before := bob.Participant("ann")
	require.NoError(t, ann.Simulate(sdk.ServerGone, sdk.SimulateOptions{For: 500 * time.Millisecond}))
	f := told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Code == 3103 }).Fault
	require.Equal(t, "SESSION_UNKNOWN", f.Reason)
	require.False(t, f.Fatal)
	require.Eventually(t, func() bool { return ann.State() == sdk.Connected }, 10*time.Second, 5*time.Millisecond)
	require.Eventually(t, func() bool {
		again := bob.Participant("ann")
		return again != nil && again != before && again.MicOn()
	}, 10*time.Second, 5*time.Millisecond)
	seen(t, bob, "ann")
}

// TestSimulateServerGoneForGood has the session lost of a participant who does not join anew.
func TestSimulateServerGoneForGood(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann := p.joined("ann", func(o *sdk.Options) { o.NoRejoin = true })
	require.NoError(t, ann.Simulate(sdk.ServerGone, sdk.SimulateOptions{For: time.Millisecond}))
	f := told[sdk.MeetingLeft](ann, nil).Fault
	require.Equal(t, "SESSION_UNKNOWN", f.Reason)
}

// TestSimulateRefused calls what cannot be simulated: nothing happens.
func TestSimulateRefused(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann := p.person("ann", nil)
	asFault(ann, ann.Simulate(sdk.SignalingCut, sdk.SimulateOptions{}), 3035, "NOT_JOINED")
	require.NoError(t, ann.Join(t.Context()))
	f := asFault(ann, ann.Simulate("migration", sdk.SimulateOptions{}), 3073, "NOT_ALLOWED")
	require.Equal(t, "migration", f.Details["got"])
	require.Equal(t, []string{"signaling-cut", "publish-lost", "subscribe-lost", "server-gone"}, f.Details["allowed"])
	for _, lasting := range []time.Duration{-1, time.Minute + 1} {
		asFault(ann, ann.Simulate(sdk.SignalingCut, sdk.SimulateOptions{For: lasting}), 3073, "OUT_OF_RANGE")
	}
	f = asFault(ann, ann.Simulate(sdk.PublishLost, sdk.SimulateOptions{}), 3048, "NOT_CONNECTED")
	require.Equal(t, "publish", f.Details["connection"])
	require.Equal(t, sdk.Connected, ann.State())
	require.NoError(t, ann.Simulate(sdk.SignalingCut, sdk.SimulateOptions{For: time.Second}))
	require.Eventually(t, func() bool { return ann.State() == sdk.Reconnecting }, 5*time.Second, time.Millisecond)
	asFault(ann, ann.Simulate(sdk.SignalingCut, sdk.SimulateOptions{}), 3065, "RECONNECTING")
}
