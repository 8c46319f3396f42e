package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/testserver"
)

// What a drain waits for is one line in the tables of `klatch drain` and `klatch cluster status`.
func TestWhatADrainWaitsFor(t *testing.T) {
	require.Equal(t, "-", waitsFor(nil))
	require.Equal(t, "-", waitsFor(&rest.Drain{State: "drained"}))
	require.Equal(t,
		"meeting m: no node takes it; recording r1 of abcd-efgh-ijkl: started for 1m5s, No node runs jobs; "+
			"hls h1 of abcd-efgh-ijkl: stopping for 2s",
		waitsFor(&rest.Drain{Problem: "meeting m: no node takes it", Waiting: []rest.DrainJob{
			{
				ID: "r1", Kind: job.Recording, RoomID: "abcd-efgh-ijkl", State: job.Started, ForMs: 65_000,
				Problem: "No node runs jobs.",
			},
			{ID: "h1", Kind: job.HLS, RoomID: "abcd-efgh-ijkl", State: job.Stopping, ForMs: 1_900},
		}}))
}

func TestFlagsOfDrain(t *testing.T) {
	s := testserver.Start(t)
	t.Setenv("KLATCH_ADMIN_TOKEN", s.AdminToken())
	for wrong, args := range map[string][]string{
		"--timeout needs --wait":         {"--timeout", "3s"},
		"--timeout must not be negative": {"--wait", "--timeout", "-3s"},
		"none of the others can be":      {"--timeout", "3s", "--undo"},
		"NO_CLUSTER":                     {"--wait", "--timeout", "3s"},
	} {
		code, out, errOut := klatch(t, append([]string{"drain", "--url", s.URL}, args...)...)
		require.NotZero(t, code, out)
		require.Contains(t, errOut, wrong)
	}
}
