package live

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/sdk"
)

// One livestream to four targets: one that lives, one that dies on the way, one that dies and comes back, and one that
// was never there. The first loses nothing of what the others go through.
func TestLivestream(t *testing.T) {
	t.Parallel()
	s := open(t, nil, func(c *conf.Config) { c.Egress.RetryTargetsFor = 2 * time.Second })
	ann, told := s.join(t, "ann")
	_, bobTold := s.join(t, "bob")
	port := func() string { return strconv.Itoa(testnet.FreePort(t)) }
	lives, dies, returns, never := startNginx(t, port()), startNginx(t, port()), startNginx(t, port()),
		"rtmp://127.0.0.1:"+port()+"/live"
	secret := "planted-" + rand.Text() + "-"
	keys := []string{secret + "one", secret + "two", secret + "three", secret + "four"}
	config := low
	config.Recording = &sdk.Switch{Enabled: true}
	require.NoError(t, ann.StartLivestream(t.Context(), []sdk.LivestreamOutput{
		{URL: lives.url(), StreamKey: keys[0]}, {URL: dies.url(), StreamKey: keys[1]},
		{URL: returns.url(), StreamKey: keys[2]}, {URL: never, StreamKey: keys[3]},
	}, sdk.LivestreamOptions{Config: &config}))
	told.requireStates(t, job.Livestream, "STARTING", "STARTED")
	f := told.fault(t, 4013, "REFUSED")
	require.Equal(t, "outputs[3].url", f.Param)
	require.False(t, f.Fatal)
	s.targets(t, job.OutputLive, job.OutputLive, job.OutputLive, job.OutputLost)
	requireHidden(t, secret)

	taken, late := play(t, lives.url()+"/"+keys[0], 120)
	t.Logf("glass to glass over RTMP with ffmpeg: %v", late)
	require.Less(t, late, 8*time.Second)
	p := mediaprobe.Probe(t, taken)
	require.ElementsMatch(t, []string{"h264", "aac"}, p.Codecs())
	picture := mediaprobe.Frame(t, taken, 2*time.Second)
	require.Equal(t, [2]int{854, 480}, [2]int{picture.Width, picture.Height})
	mediaprobe.RequireShows(t, picture, annsBox, "ann")
	mediaprobe.RequireShows(t, picture, bobsBox, "bob")
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, taken), time.Second, 2*time.Second, "ann", "bob")

	dies.Kill()
	returns.Kill()
	s.targets(t, job.OutputLive, job.OutputRetrying, job.OutputRetrying, job.OutputLost)
	returns = startNginx(t, returns.port)
	for _, b := range []*eventLog{told, bobTold} {
		f = b.fault(t, 5002, "OUTPUT_LOST")
		require.Equal(t, "outputs[1]", f.Param)
		require.EqualValues(t, 2, f.Details["remaining"])
		require.Contains(t, f.Details["address"], dies.port)
	}
	s.targets(t, job.OutputLive, job.OutputLost, job.OutputLive, job.OutputLost)
	bobTold.requireStates(t, job.Livestream, "STARTING", "STARTED") // and so it goes on
	again, _ := play(t, returns.url()+"/"+keys[2], 15)
	require.ElementsMatch(t, []string{"h264", "aac"}, mediaprobe.Probe(t, again).Codecs())

	require.NoError(t, ann.StopLivestream(t.Context()))
	for _, b := range []*eventLog{told, bobTold} {
		b.requireStates(t, job.Livestream, "STARTING", "STARTED", "STOPPING", "STOPPED")
	}
	s.targets(t, job.OutputDone, job.OutputLost, job.OutputDone, job.OutputLost)
	made := s.jobs(t, job.Livestream)[0]
	require.Equal(t, job.Stopped, made.State)
	require.Nil(t, made.Fault)
	require.Len(t, made.Files, 1)

	// What was sent is what was encoded, packet for packet.
	file := filepath.Join(s.server.Dir, "files", made.Files[0].Key)
	for _, stream := range []string{"v", "a"} {
		sent, all := packets(t, lives.record(keys[0]), stream), packets(t, file, stream)
		first := slices.Index(all, sent[0])
		require.GreaterOrEqual(t, first, 0)
		require.Less(t, first, len(all)/4)
		require.Equal(t, len(all[first:]), len(sent), "packets of %s", stream)
		require.Equal(t, all[first:], sent)
	}

	// The only one left dies: so does the livestream.
	require.NoError(
		t,
		ann.StartLivestream(
			t.Context(),
			[]sdk.LivestreamOutput{{URL: lives.url(), StreamKey: keys[0]}},
			sdk.LivestreamOptions{Config: &low},
		),
	)
	lives.Kill()
	told.requireStates(
		t,
		job.Livestream,
		"STARTING",
		"STARTED",
		"STOPPING",
		"STOPPED",
		"STARTING",
		"STARTED",
		"STOPPING",
		"STOPPED",
	)
	require.Eventually(
		t,
		func() bool { return s.jobs(t, job.Livestream)[0].State == job.Failed },
		waitLimit,
		20*time.Millisecond,
	)
	made = s.jobs(t, job.Livestream)[0]
	require.Equal(t, 5002, made.Fault.Code)
	require.Equal(t, "OUTPUT_LOST", made.Fault.Reason)
	require.EqualValues(t, 0, made.Fault.Details["remaining"])

	require.NotContains(t, told.text(t)+bobTold.text(t), secret)
	require.False(t, s.server.Logged(secret), "a key is in the log")
	jobs, err := json.Marshal(s.jobs(t, job.Livestream))
	require.NoError(t, err)
	require.NotContains(t, string(jobs), secret)
	status, answer := s.server.REST(t, s.account.Token(t), http.MethodGet, "/v2/livestreams?roomId="+s.meeting, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, string(answer), lives.url())
	require.NotContains(t, string(answer), secret)
	requireNowhere(t, s.server.Dir, secret)
}

// targets waits until the targets of the last livestream are in these states.
func (s *fixture) targets(t *testing.T, want ...job.OutputState) {
	t.Helper()
	var are []job.OutputState
	require.Eventually(t, func() bool {
		are = nil
		for _, target := range s.jobs(t, job.Livestream)[0].Targets {
			are = append(are, target.State)
		}
		return slices.Equal(are, want)
	}, waitLimit, 10*time.Millisecond, "%v are %v", want, &are)
}

// play takes so many pictures of a stream with their sound, and says how late the last one was.
func play(t *testing.T, url string, pictures int) (taken string, late time.Duration) {
	t.Helper()
	taken = filepath.Join(t.TempDir(), "taken.flv")
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-fflags", "nobuffer", "-i", url,
		"-c", "copy", taken, "-an", "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo", "pipe:1")
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	luma := make([]byte, 854*480)
	for range pictures {
		_, err := io.ReadFull(out, luma)
		require.NoError(t, err, &words)
		late = since(timestampOf(time.Now()), readClock(luma, 854, annsBox))
	}
	require.NoError(t, cmd.Process.Signal(os.Interrupt)) // it completes its file
	_, err = io.Copy(io.Discard, out)
	require.NoError(t, err)
	_ = cmd.Wait() // 255: interrupted
	return taken, late
}

// packets returns the hashes of the packets of a file, in their order.
func packets(t *testing.T, path, stream string) (hashes []string) {
	t.Helper()
	out := mediaprobe.Command(
		t,
		"ffprobe",
		"-v",
		"error",
		"-select_streams",
		stream,
		"-show_packets",
		"-show_data_hash",
		"md5",
		"-show_entries",
		"packet=data_hash",
		"-of",
		"csv=p=0",
		path,
	)
	for word := range strings.FieldsSeq(string(out)) {
		if at := strings.Index(word, "MD5:"); at >= 0 { // else a note beside a packet
			hashes = append(hashes, word[at:])
		}
	}
	return hashes
}

// requireHidden looks into the arguments and the environment of every process for a secret.
func requireHidden(t *testing.T, secret string) {
	t.Helper()
	seen := 0
	for _, name := range []string{"cmdline", "environ"} {
		list, err := filepath.Glob("/proc/[0-9]*/" + name)
		require.NoError(t, err)
		for _, path := range list {
			if text, err := os.ReadFile(path); err == nil { // else it has ended, or is somebody else's
				seen++
				require.NotContains(t, string(text), secret, path)
			}
		}
	}
	require.Greater(t, seen, 4)
}

// requireNowhere looks into every file of a directory for a secret: the database and its journal among them.
func requireNowhere(t *testing.T, dir, secret string) {
	t.Helper()
	seen := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		seen++
		require.False(t, bytes.Contains(text, []byte(secret)), path)
		return err
	}))
	require.Greater(t, seen, 2)
}
