package sdk_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/sdk"
)

// One object is joined again and again: after leaving, after being put out, after a join that failed.
func TestAMeetingIsJoinedAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	bob := p.joined("bob", nil)
	ann := p.joined("ann", nil)
	for range 2 {
		require.NoError(t, ann.EnableWebcam(t.Context(), nil))
		_, err := ann.PubSub().Subscribe(t.Context(), "CHAT", func(sdk.Message) {}, sdk.SubscribeOptions{})
		require.NoError(t, err)
		require.Eventually(
			t,
			func() bool { a := bob.Participant("ann"); return a != nil && a.WebcamOn() },
			5*time.Second,
			5*time.Millisecond,
		)
		picture(t, bob.Participant("ann").Stream(sdk.Video))
		done := ann.Done()
		require.NoError(t, ann.Leave(t.Context()))
		<-done
		require.False(t, ann.LocalParticipant().WebcamOn())
		asFault(ann, ann.EnableWebcam(t.Context(), nil), 3035, "LEFT")
		require.NoError(t, ann.Join(t.Context()))
		require.Equal(t, sdk.Connected, ann.State())
		require.Len(t, ann.Participants(), 1)
		require.Equal(t, "ann", ann.LocalParticipant().ID())
		require.False(t, ann.LocalParticipant().WebcamOn())
	}

	require.Eventually(t, func() bool { return bob.Participant("ann") != nil }, 5*time.Second, 5*time.Millisecond)
	require.NoError(t, bob.Participant("ann").Remove(t.Context()))
	told(ann, func(e sdk.MeetingLeft) bool { return e.Fault != nil && e.Fault.Code == 4103 })
	bob.OnEntryRequested(func(e sdk.EntryRequested) { _ = e.Allow(t.Context()) }) // who was removed has to ask
	require.NoError(t, ann.Join(t.Context()))
	require.Equal(t, sdk.Connected, ann.State())

	var nobody *fault.Error
	other := p.person("carl", func(o *sdk.Options) { o.MeetingID = "aaaa-bbbb-cccc" })
	for range 2 {
		require.ErrorAs(t, other.Join(t.Context()), &nobody)
		require.Equal(t, 4003, nobody.Code)
		require.Equal(t, sdk.Failed, other.State())
	}
}

// Handlers and other goroutines may call while participations come and go.
func TestJoinsWhileOthersCall(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann := p.person("ann", nil)
	again := make(chan error, 1)
	ann.OnMeetingLeft(func(sdk.LeaveReason, *fault.Error) {
		select {
		case again <- ann.Join(t.Context()): // a handler may join
		default:
		}
	})
	calling, stop := context.WithCancel(t.Context())
	var calls sync.WaitGroup
	for range 4 {
		calls.Go(func() {
			for calling.Err() == nil {
				_ = ann.UnmuteMic(calling, nil) // whether it is in is another matter
				_ = ann.MuteMic(calling)
				_, _ = ann.PubSub().Publish(calling, "CHAT", "x", sdk.PublishOptions{})
				<-time.After(5 * time.Millisecond)
			}
		})
	}
	require.NoError(t, ann.Join(t.Context()))
	require.NoError(t, ann.Leave(t.Context()))
	require.NoError(t, <-again)
	require.Equal(t, sdk.Connected, ann.State())
	stop()
	calls.Wait()
}

// Who leaves while joining is gone at once, although the server has carried the join out.
func TestAJoinIsTakenBack(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	bob := p.joined("bob", nil)
	proxy := p.house.Proxy(t)
	proxy.Edit(func(down bool, frame string) (string, bool) { return frame, !down }) // answers are under way
	ann := p.person("", func(o *sdk.Options) { o.URL = proxy.URL })
	ctx, cancel := context.WithCancel(t.Context())
	joining := make(chan error, 1)
	go func() { joining <- ann.Join(ctx) }()
	require.Eventually(t, func() bool { return len(bob.Participants()) == 1 }, 5*time.Second, 5*time.Millisecond)
	cancel()
	asFault(ann, <-joining, 3056, "CANCELLED")
	require.Eventually(
		t,
		func() bool { return len(bob.Participants()) == 0 },
		5*time.Second,
		5*time.Millisecond,
		"its place is kept",
	)
}
