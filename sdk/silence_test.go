package sdk_test

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/sdk"
)

// TestSourceDeliversNothing publishes a source that delivers nothing: that is told once, and the stream is off for
// others until it flows. One that ends is off, here and for others.
func TestSourceDeliversNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	packets := make(chan *rtp.Packet)
	require.NoError(t, ann.UnmuteMic(t.Context(), sdk.PacketSource("opus", packets)))
	require.NoError(t, bob.EnableWebcam(t.Context(), nil))
	requireParticipant(t, bob, "ann", (*sdk.Participant).MicOn)
	f := told(ann, func(e sdk.ErrorEvent) bool {
		f := e.Fault
		return f.Code == 3012 && f.Reason == "NO_MEDIA_SENT" && f.Details["packetsSent"] == int64(0) &&
			f.Details["label"] == "RTP packets"
	}).Fault
	on := func(who *person) bool { return who.Participant("ann").MicOn() }
	require.Eventually(
		t,
		func() bool { return !on(ann) && !on(bob) },
		5*time.Second,
		5*time.Millisecond,
		"others must not see it as on",
	)
	packets <- &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: 1}, Payload: []byte{0xF8, 0xFF, 0xFE}}
	require.Eventually(t, func() bool { return on(ann) && on(bob) }, 5*time.Second, 5*time.Millisecond)
	require.Equal(t, f.ID, told[sdk.FaultCleared](ann, nil).ID)
	close(packets)
	require.Eventually(t, func() bool { return !on(ann) && !on(bob) }, 5*time.Second, 5*time.Millisecond)
	require.Len(t, ann.all("error"), 1)
	require.NotContains(t, bob.names(), "error")
}

// TestModeratorMutesSilentStream mutes a stream that is off because its source delivers nothing: it stays off when the
// source does, and its owner may switch it on again.
func TestModeratorMutesSilentStream(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	packets := make(chan *rtp.Packet, 16)
	require.NoError(t, ann.UnmuteMic(t.Context(), sdk.PacketSource("opus", packets)))
	f := told(ann, func(e sdk.ErrorEvent) bool { return e.Fault.Reason == "NO_MEDIA_SENT" }).Fault
	off := func() bool { return !ann.LocalParticipant().MicOn() && !bob.Participant("ann").MicOn() }
	require.Eventually(t, off, 5*time.Second, 5*time.Millisecond)
	require.NoError(t, bob.Participant("ann").DisableMic(t.Context()))
	require.Equal(t, f.ID, told[sdk.FaultCleared](ann, nil).ID, "nothing is waited for any more")
	for n := range uint16(10) {
		packets <- &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: n}, Payload: []byte{0xF8, 0xFF, 0xFE}}
	}
	for range 3 { // each goes to the server and back
		_, err := ann.PubSub().Publish(t.Context(), "CHAT", "x", sdk.PublishOptions{})
		require.NoError(t, err)
		require.True(t, off())
	}
	require.NoError(t, ann.UnmuteMic(t.Context(), sdk.TestTone("ann")))
	requireParticipant(t, bob, "ann", (*sdk.Participant).MicOn)
	require.Len(t, ann.all("stream-disabled"), 1)
}

// TestStateAfterTheEnd puts somebody out in each way: the meeting is disconnected then, and has failed only where
// joining did.
func TestStateAfterTheEnd(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	host := p.joined("host", nil)
	for name, act := range map[string]func(id string){
		"removed":  func(id string) { require.NoError(t, host.Participant(id).Remove(t.Context())) },
		"replaced": func(id string) { p.joined(id, nil) },
		"ended": func(string) {
			require.NoError(t, host.End(t.Context()))
			over := func() bool { return host.State() == sdk.Disconnected }
			require.Eventually(t, over, 5*time.Second, 5*time.Millisecond)
			require.NoError(t, host.Join(t.Context()))
		},
	} {
		who := p.joined(name, nil)
		require.Eventually(t, func() bool { return host.Participant(name) != nil }, 5*time.Second, 5*time.Millisecond)
		act(name)
		require.NotNil(t, told[sdk.MeetingLeft](who, nil).Fault, name)
		require.Equal(t, sdk.Disconnected, who.State(), name)
	}
	denied := p.person("denied", nil, "ask_join")
	result := make(chan error, 1)
	go func() { result <- denied.Join(t.Context()) }()
	entry := told(host, func(e sdk.EntryRequested) bool { return e.ParticipantID == "denied" })
	require.NoError(t, entry.Deny(t.Context()))
	asFault(denied, <-result, 4101, "DENIED")
	require.Equal(t, sdk.Failed, denied.State())
}
