package live

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/sdk"
)

// Somebody watches from the start while the stream ends and moves from the server's disk to a bucket: they notice
// nothing. The recording beside it comes there as well.
func TestHLSMovesWhileItIsWatched(t *testing.T) {
	t.Parallel()
	b := s3test.Start(t)
	s := open(t, nil, func(c *conf.Config) {
		c.Storage.S3Endpoint, c.Storage.S3Bucket, c.Storage.S3AccessKey, c.Storage.S3SecretKey = b.Endpoint, b.Name,
			b.AccessKey, b.SecretKey
	})
	ann, told := s.join(t, "ann")
	_, _ = s.join(t, "bob")
	config := low
	config.Recording = &sdk.Switch{Enabled: true}
	require.NoError(t, ann.StartHLS(t.Context(), sdk.HLSOptions{Config: &config}))
	told.requireStates(t, job.HLS, "STARTING", "STARTED", "PLAYABLE")
	urls := ann.HLSURLs()
	player := watch(t, urls.PlaybackHLSURL)
	player.play(t, urls.PlaybackHLSURL, fromTheStart) // at the live edge little would be left to play when it has moved
	player.waitProgress(t, 2*time.Second)
	player.page.Eval("video.pause()", nil)
	require.NoError(t, ann.StopHLS(t.Context()))
	told.requireStates(t, job.HLS, "STARTING", "STARTED", "PLAYABLE", "STOPPING", "STOPPED")

	made := s.jobs(t, job.HLS)[0]
	require.Nil(t, made.Fault)
	require.Len(t, made.Files, 2)
	for _, f := range made.Files {
		require.Empty(t, f.Path)
		require.Equal(t, made.SessionID+"/"+made.ID, filepath.Dir(f.Key))
	}
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(s.server.Dir, "egress", "hls", made.ID))
		return os.IsNotExist(err)
	}, waitLimit, 10*time.Millisecond, "it does not leave the server's disk")
	player.page.Eval("video.play()", nil)
	player.waitProgress(t, 2*time.Second)
	player.requireShows(t, annsBox, "ann")
	player.playToEnd(t)
	player.play(t, urls.PlaybackHLSURL, fromTheStart) // once more, now all of it from the bucket
	player.waitProgress(t, time.Second)
	player.requireShows(t, bobsBox, "bob")
	s.requireBoth(t, urls.PlaybackHLSURL)
	s.requireBoth(t, urls.LivestreamURL)

	// A still is the picture of the stream at that time, wherever the stream is.
	const at = 3.5
	status, answer := s.server.REST(
		t,
		s.account.Token(t),
		http.MethodPost,
		"/v2/hls/capture",
		map[string]any{"roomId": s.meeting, "time": at, "format": "png"},
	)
	require.Equal(t, http.StatusOK, status, string(answer))
	var still struct{ FileURL string }
	require.NoError(t, json.Unmarshal(answer, &still))
	grey := func(args ...string) []byte {
		return mediaprobe.Command(
			t,
			"ffmpeg",
			append(
				append([]string{"-v", "error"}, args...),
				"-frames:v",
				"1",
				"-an",
				"-pix_fmt",
				"gray",
				"-f",
				"rawvideo",
				"pipe:1",
			)...)
	}
	want := readClock(grey("-i", urls.PlaybackHLSURL, "-ss", "3.5"), 854, annsBox)
	got := readClock(grey("-i", still.FileURL), 854, annsBox)
	require.InDelta(t, 0, since(got, want).Seconds(), 0.1)

	status, answer = s.server.REST(t, s.account.Token(t), http.MethodGet, "/v2/hls/"+made.ID, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	var shown struct {
		Duration float64
		File     struct {
			FileURL string
			Meta    struct{ Format string }
		}
	}
	require.NoError(t, json.Unmarshal(answer, &shown))
	require.Equal(t, "mp4", shown.File.Meta.Format)
	s.requireBoth(t, shown.File.FileURL)
	require.InDelta(
		t,
		mediaprobe.Probe(t, shown.File.FileURL).Seconds(t),
		mediaprobe.Probe(t, urls.PlaybackHLSURL).Seconds(t),
		0.5,
	)
	require.False(t, s.server.Logged(`"level":"ERROR"`))
}

// A participant as a playlist: its link leads to the segments, where they are kept.
func TestParticipantAsPlaylist(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	_, _ = s.join(t, "ann")
	token := s.account.Token(t)
	status, answer := s.server.REST(t, token, http.MethodPost, "/v2/recordings/participant/start",
		map[string]any{"roomId": s.meeting, "participantId": "ann", "fileFormat": "m3u8"})
	require.Equal(t, http.StatusOK, status, string(answer))
	id := s.jobs(t, job.Participant)[0].ID
	require.Eventually(
		t,
		func() bool { return playable(filepath.Join(s.server.Dir, "egress", "participant", id)) },
		waitLimit,
		20*time.Millisecond,
	)
	status, answer = s.server.REST(
		t,
		token,
		http.MethodPost,
		"/v2/recordings/participant/stop",
		map[string]any{"roomId": s.meeting, "participantId": "ann"},
	)
	require.Equal(t, http.StatusOK, status, string(answer))
	require.Eventually(
		t,
		func() bool { return s.jobs(t, job.Participant)[0].State == job.Stopped },
		waitLimit,
		20*time.Millisecond,
	)

	status, answer = s.server.REST(t, token, http.MethodGet, "/v2/recordings/participant/"+id, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	var shown struct {
		Files []struct{ ID, FilePath, FileURL string }
	}
	require.NoError(t, json.Unmarshal(answer, &shown))
	require.Len(t, shown.Files, 1)
	require.Equal(t, id, shown.Files[0].ID)
	require.Equal(t, "index.m3u8", filepath.Base(shown.Files[0].FilePath))
	probed := mediaprobe.Probe(t, shown.Files[0].FileURL)
	require.ElementsMatch(t, []string{"h264", "aac"}, probed.Codecs())
	require.Greater(t, probed.Seconds(t), 2.0)
	require.NoDirExists(t, filepath.Join(s.server.Dir, "egress", "participant", id))
}

// playable reports whether a directory has a playlist that lists something.
func playable(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "seg00001.m4s"))
	return err == nil
}
