// Package serversdk holds Klatch against the vendor's own server SDK: npm's unmodified @videosdk.live/server-sdk,
// with apiEndpoint set to a real Klatch server. (A folder called vendor would be skipped by the go tool.)
package serversdk

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

func TestMain(m *testing.M) {
	testserver.UseProgramForWorkers()
	os.Exit(m.Run())
}

func TestVendorServerSDK(t *testing.T) {
	node, err := exec.LookPath("node")
	require.NoError(t, err, "this test runs the vendor's SDK: install node 18 or later")
	install(t)

	h := testserver.Start(t, func(c *conf.Config) { c.Quality.Interval = time.Second })
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	ann, joined := h.Join(t, testserver.JoinParams(account.Token(t), room, "ann"))
	bob, _ := h.Join(t, testserver.JoinParams(account.Token(t), room, "bob"))
	require.EqualValues(t, 1000, joined.StatsIntervalMs)
	ann.Do(t, wire.MethodReportStats, wire.StatsParams{
		DurationMs: 1000, Path: &wire.PathMeasure{Candidate: "relay", Protocol: "tls", Network: "wifi"},
		Streams: []wire.StreamMeasure{{
			Direction: wire.Send, Kind: wire.Video, Streams: 1, BitrateBps: 1_234_000, Packets: 100, PacketsLost: 5,
			Width: 1280, Height: 720,
		}},
	})

	narrow := testserver.Start(t, func(c *conf.Config) { c.Limit.RESTPerSecond = 1 })
	few := narrow.Account(t, nil)

	cmd := testprocess.CommandContext(t.Context(), node, "--test", "--test-reporter=spec", "all.test.mjs", "sdk.test.mjs")
	cmd.Env = append(os.Environ(),
		"TEST_URL="+h.URL, "TEST_API_KEY="+account.Key, "TEST_SECRET="+account.Secret,
		"TEST_ROOM="+room, "TEST_SESSION="+joined.SessionID,
		"TEST_NARROW_URL="+narrow.URL, "TEST_NARROW_API_KEY="+few.Key, "TEST_NARROW_SECRET="+few.Secret)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	t.Logf("%s", out)

	// What the SDK did reached those who were in the meeting.
	f := bob.AwaitRemoval(t)
	require.Equal(t, 4103, f.Code)
	require.Equal(t, "BY_API", f.Reason)
	f = ann.AwaitRemoval(t)
	require.Equal(t, 4104, f.Code)
	require.Equal(t, "BY_API", f.Reason)
	require.Equal(t, room, f.MeetingID)
}

// install puts the pinned SDK in place, once.
func install(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("node_modules/@videosdk.live/server-sdk/package.json"); err == nil {
		return
	}
	out, err := exec.CommandContext(t.Context(), "npm", "ci").CombinedOutput()
	require.NoError(t, err, "npm ci in e2e/serversdk: %s", out)
}
