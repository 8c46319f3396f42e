package readme

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// TestRecorder has examples/recorder write what somebody says who was there before it, and whom ffprobe hears.
func TestRecorder(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting, dir := account.Meeting(t, nil), t.TempDir()
	ann, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: account.Token(t), MeetingID: meeting, ParticipantID: "ann", Name: "Ann", MicEnabled: true,
	})
	require.NoError(t, err)
	chat := make(chan string, 10)
	require.NoError(t, ann.Join(t.Context()))
	t.Cleanup(func() { _ = ann.Leave(t.Context()) })
	_, err = ann.PubSub().
		Subscribe(t.Context(), "CHAT", func(m sdk.Message) { chat <- m.Message }, sdk.SubscribeOptions{})
	require.NoError(t, err)

	recorder := testprocess.Command(goExample(t, "recorder"), meeting, account.Token(t), dir)
	recorder.Env = append(os.Environ(), "KLATCH_URL="+h.URL)
	recorder.Stderr = os.Stderr
	process := testprocess.Start(t, recorder)
	await(t, chat, "recorded")
	var files []string
	require.Eventually(t, func() bool {
		files, err = filepath.Glob(dir + "/ann-*.ogg")
		require.NoError(t, err)
		if len(files) == 0 {
			return false
		}
		info, err := os.Stat(files[0])
		return err == nil && info.Size() > 10_000 // some seconds
	}, testserver.Timeout, 50*time.Millisecond, "the file grows")
	require.NoError(t, process.Signal(syscall.SIGTERM))
	select {
	case <-process.Ended():
	case <-time.After(testserver.Timeout):
		require.Fail(t, "it does not end")
	}

	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format",
		files[0]).Output()
	require.NoError(t, err)
	var probed struct {
		Streams []struct {
			CodecName string `json:"codec_name"`
		}
		Format struct{ Duration string }
	}
	require.NoError(t, json.Unmarshal(out, &probed))
	require.Len(t, probed.Streams, 1)
	require.Equal(t, "opus", probed.Streams[0].CodecName)
	seconds, err := strconv.ParseFloat(probed.Format.Duration, 64)
	require.NoError(t, err)
	require.Greater(t, seconds, 0.5)
}
