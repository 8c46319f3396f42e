package sdk

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

// What is no last word on a resume: the whole window is used.
func TestPasses(t *testing.T) {
	for _, f := range []*fault.Error{
		fault.InvalidMessageJoinExpected(10 * time.Second), fault.ServerUnavailableStore("x"), fault.ServerUnavailableDraining(), fault.ServerShutdownStopped(1),
		fault.OperationTimedOutNoAnswer("resume", 1), fault.SignalingUnreachableGatewayDown("x", 502, 1), fault.SignalingUnreachableForbidden("x", 403),
		fault.RateLimitedSlowReader(1, 1),
	} {
		require.True(t, passes(f), "%v", f)
	}
	for _, f := range []*fault.Error{fault.ReconnectFailedWindowPassed(1, 1), fault.InvalidTokenExpired(1, 2, 3, 4), fault.DuplicateParticipantReplaced("", ""),
		fault.ReconnectFailedSessionUnknown()} {
		require.False(t, passes(f), "%v", f)
	}
}
