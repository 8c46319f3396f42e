package serversdk

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

const streamKey = "planted-stream-key"

// Recordings, livestreams, HLS and webhooks as an integrator's server uses them, with files on the disk and in a
// bucket.
func TestVendorServerSDKEgress(t *testing.T) {
	install(t)
	for name, keep := range map[string]func(t *testing.T, c *conf.Config){
		"disk": func(*testing.T, *conf.Config) {},
		"s3": func(t *testing.T, c *conf.Config) {
			b := s3test.Start(t)
			c.Storage.S3Endpoint, c.Storage.S3Bucket = b.Endpoint, b.Name
			c.Storage.S3AccessKey, c.Storage.S3SecretKey = b.AccessKey, b.SecretKey
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			node, err := exec.LookPath("node")
			require.NoError(t, err, "this test runs the vendor's SDK: install node 18 or later")
			hook := freePort(t)
			h := testserver.Start(t, func(c *conf.Config) {
				c.Log.Level = slog.LevelDebug // no secret shows there either
				c.Egress.AllowPrivateTargets, c.Webhook.AllowPrivateTargets = true, true
				keep(t, c)
			})
			account := h.Account(t, nil)
			room := account.Meeting(
				t,
				map[string]any{
					"webhook": map[string]any{
						"endPoint": fmt.Sprintf("http://127.0.0.1:%d/room", hook),
						"events":   []string{"*"},
					},
				},
			)
			session := enter(t, h, account.Token(t), room, "ann")
			require.Equal(t, session, enter(t, h, account.Token(t), room, "bob"))
			taken, ended := rtmpServer(t)

			cmd := testprocess.CommandContext(t.Context(), node, "--test", "--test-reporter=spec", "egress.test.mjs")
			cmd.Env = append(
				os.Environ(),
				"TEST_URL="+h.URL,
				"TEST_API_KEY="+account.Key,
				"TEST_SECRET="+account.Secret,
				"TEST_ROOM="+room,
				"TEST_SESSION="+session,
				fmt.Sprintf("TEST_HOOK_PORT=%d", hook),
				"TEST_RTMP_URL="+taken.url,
				"TEST_RTMP_KEY="+streamKey,
			)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			t.Logf("%s", out)
			<-ended
			probed, err := exec.CommandContext(
				t.Context(), "ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0",
				taken.path,
			).
				CombinedOutput()
			require.NoError(t, err, "%s", probed)
			require.Contains(t, string(probed), "h264")
			require.Contains(t, string(probed), "aac")

			for _, secret := range []string{streamKey, s3test.SecretKey, account.Secret} {
				require.False(t, h.Logged(secret), "%s is in the log", secret)
			}
		})
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
	port := freePort(t)
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

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().(*net.TCPAddr).Port
}
