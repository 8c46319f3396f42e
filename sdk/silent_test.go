package sdk_test

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/sdk"
)

// A source that is published and delivers nothing is told once; one that ends is off, here and for others.
func TestASourceThatDeliversNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ann, bob := p.joined("ann", nil), p.joined("bob", nil)
	packets := make(chan *rtp.Packet)
	require.NoError(t, ann.UnmuteMic(t.Context(), sdk.PacketSource("opus", packets)))
	require.NoError(t, bob.EnableWebcam(t.Context(), nil))
	told(ann, func(e sdk.ErrorEvent) bool {
		f := e.Fault
		return f.Code == 3012 && f.Reason == "NO_MEDIA_SENT" && f.Details["packetsSent"] == int64(0) && f.Details["label"] == "RTP packets"
	})
	require.True(t, bob.Participant("ann").MicOn(), "it may still begin")
	close(packets)
	require.Eventually(t, func() bool { return !ann.LocalParticipant().MicOn() && !bob.Participant("ann").MicOn() }, 5*time.Second, 5*time.Millisecond)
	require.NotContains(t, bob.names(), "error")
}
