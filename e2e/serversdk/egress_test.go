package serversdk

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

const streamKey = "planted-stream-key"

// Recordings, livestreams, HLS and webhooks as an integrator's server uses them, with files on the disk and in a
// bucket; then what happens when they fail. At the end every event that a webhook can ask for has been sent.
func TestVendorServerSDKEgress(t *testing.T) {
	install(t)
	sent := t.TempDir()
	t.Run("storage", func(t *testing.T) {
		t.Run("disk", func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "disk", filepath.Join(sent, "disk"), func(*conf.Config) {}, "ann", "bob")
			s.run(t, "egress.test.mjs")
			<-s.ended
			probed, err := exec.CommandContext(
				t.Context(), "ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", s.target.path,
			).CombinedOutput()
			require.NoError(t, err, "%s", probed)
			require.Contains(t, string(probed), "h264")
			require.Contains(t, string(probed), "aac")
		})
		t.Run("bucket", func(t *testing.T) {
			t.Parallel()
			s := newScript(t, "bucket", filepath.Join(sent, "bucket"), func(c *conf.Config) {
				b := s3test.Start(t)
				c.Storage.S3Endpoint, c.Storage.S3Bucket = b.Endpoint, b.Name
				c.Storage.S3AccessKey, c.Storage.S3SecretKey = b.AccessKey, b.SecretKey
			}, "ann", "bob")
			s.run(t, "egress.test.mjs")
		})
	})
	t.Run("failures", func(t *testing.T) { // alone: it ends all workers of this process
		newScript(t, "disk", filepath.Join(sent, "failures"), func(*conf.Config) {}, "ann").run(t, "failures.test.mjs")
	})
	if t.Failed() {
		return
	}
	missing := slices.DeleteFunc(rest.WebhookEvents(), func(event string) bool {
		return event == "error-cleared" // not published; the tests of conditions send it
	})
	for _, name := range []string{"disk", "bucket", "failures"} {
		text, err := os.ReadFile(filepath.Join(sent, name))
		if err != nil {
			t.Skip("a part of the test did not run, so that not every event was sent")
		}
		var names []string
		require.NoError(t, json.Unmarshal(text, &names))
		missing = slices.DeleteFunc(missing, func(event string) bool { return slices.Contains(names, event) })
	}
	require.Empty(t, missing, "events that a webhook can ask for and that were not sent")
}

// script is a script of this directory with its server, a meeting with bots in it, and a taker of a livestream.
type script struct {
	server  *testserver.Server
	account testserver.Account
	target  rtmpTarget
	ended   <-chan struct{} // the livestream
	env     []string
}

func newScript(t *testing.T, storage, sent string, change func(*conf.Config), people ...string) *script {
	t.Helper()
	hook := testnet.FreePort(t)
	h := testserver.Start(t, func(c *conf.Config) {
		c.Log.Level = slog.LevelDebug // no secret shows there either
		c.Egress.AllowPrivateTargets, c.Webhook.AllowPrivateTargets = true, true
		change(c)
	})
	account := h.Account(t, nil)
	room := account.Meeting(t, map[string]any{
		"webhook": map[string]any{"endPoint": fmt.Sprintf("http://127.0.0.1:%d/room", hook), "events": []string{"*"}},
	})
	var session string
	for _, name := range people {
		in := enter(t, h, account.Token(t), room, name)
		require.True(t, session == "" || session == in)
		session = in
	}
	s := &script{server: h, account: account}
	s.target, s.ended = rtmpServer(t)
	s.env = append(os.Environ(),
		"TEST_URL="+h.URL, "TEST_API_KEY="+account.Key, "TEST_SECRET="+account.Secret,
		"TEST_ROOM="+room, "TEST_SESSION="+session, fmt.Sprintf("TEST_HOOK_PORT=%d", hook),
		"TEST_RTMP_URL="+s.target.url, "TEST_RTMP_KEY="+streamKey, "TEST_STORAGE="+storage, "TEST_SENT="+sent,
		"TEST_FILES="+h.Dir, "TEST_WORKER="+order.WorkerCommand, fmt.Sprintf("TEST_SERVER_PID=%d", os.Getpid()))
	return s
}

func (s *script) run(t *testing.T, name string) {
	t.Helper()
	node, err := exec.LookPath("node")
	require.NoError(t, err, "this test runs the vendor's SDK: install node 18 or later")
	cmd := testprocess.CommandContext(t.Context(), node, "--test", "--test-reporter=spec", name)
	cmd.Env = s.env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	t.Logf("%s", out)
	for _, secret := range []string{streamKey, s3test.SecretKey, s.account.Secret} {
		require.False(t, s.server.Logged(secret), "%s is in the log", secret)
	}
}

// enter lets a bot in that sends a picture and a tone, and returns the session.
func enter(t *testing.T, h *testserver.Server, token, room, name string) string {
	t.Helper()
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: name, Name: name, ManualConsume: true,
		WebcamEnabled: true, Webcam: sdk.TestCard(sdk.CardOptions{Name: name, Width: 640, Height: 360, Layers: 1}),
		MicEnabled: true, Mic: sdk.TestTone(name),
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = bot.Leave(ctx) // the server may have ended first
	})
	return bot.SessionID()
}

type rtmpTarget struct{ url, path string }

// rtmpServer is ffmpeg that takes one stream with our key.
func rtmpServer(t *testing.T) (rtmpTarget, <-chan struct{}) {
	t.Helper()
	port := testnet.FreePort(t)
	target := rtmpTarget{fmt.Sprintf("rtmp://127.0.0.1:%d/live", port), filepath.Join(t.TempDir(), "taken.flv")}
	cmd := testprocess.Command(
		"ffmpeg",
		"-v",
		"error",
		"-listen",
		"1",
		"-i",
		target.url+"/"+streamKey,
		"-c",
		"copy",
		target.path,
	)
	ended := testprocess.Start(t, cmd).Ended()
	listening := fmt.Sprintf(":%04X 00000000:0000 0A", port) // a connection would be taken for the publisher
	require.Eventually(t, func() bool {
		return exec.Command("grep", "-q", listening, "/proc/net/tcp").Run() == nil
	}, 5*time.Second, 20*time.Millisecond)
	return target, ended
}
