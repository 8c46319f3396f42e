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
	require.Eventually(t, func() bool { return bob.Participant("ann").MicOn() }, 5*time.Second, 5*time.Millisecond)
	f := told(ann, func(e sdk.ErrorEvent) bool {
		f := e.Fault
		return f.Code == 3012 && f.Reason == "NO_MEDIA_SENT" && f.Details["packetsSent"] == int64(0) &&
			f.Details["label"] == "RTP packets"
	}).Fault
	on := func(who *person) bool { return who.Participant("ann").MicOn() }
	require.Eventually(t, func() bool {
		return !on(ann) && !on(bob)
	}, 5*time.Second, 5*time.Millisecond, "others must not see it as on")
	packets <- &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: 1}, Payload: []byte{0xF8, 0xFF, 0xFE}}
	require.Eventually(t, func() bool { return on(ann) && on(bob) }, 5*time.Second, 5*time.Millisecond)
	require.Equal(t, f.ID, told[sdk.FaultCleared](ann, nil).ID)
	close(packets)
	require.Eventually(t, func() bool { return !on(ann) && !on(bob) }, 5*time.Second, 5*time.Millisecond)
	require.Len(t, ann.all("error"), 1)
	require.NotContains(t, bob.names(), "error")
}
