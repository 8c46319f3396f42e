package sdk

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
)

// A stream of which no report comes is unheard for as long as it is sent over one connection: each node that takes a
// meeting over gets another one, and time to report.
func TestUnheardSince(t *testing.T) {
	first, second := &webrtc.PeerConnection{}, &webrtc.PeerConnection{}
	before := &arrival{pc: first, sent: 10, unheard: 7 * time.Second}
	require.Equal(t, 8*time.Second, (&arrival{pc: first, sent: 20}).unheardSince(before, true))
	require.Equal(t, 7*time.Second, (&arrival{pc: first, sent: 10}).unheardSince(before, true), "nothing was sent")
	require.Equal(t, 7*time.Second, (&arrival{pc: first, sent: 20}).unheardSince(before, false), "there is no way")
	require.Zero(t, (&arrival{pc: second, sent: 20}).unheardSince(before, true))
}
