package hls_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/fmp4/fmp4test"
	"github.com/klatch/klatch/internal/hls"
)

var epoch = time.Date(2026, 3, 4, 5, 6, 7, 890_000_000, time.UTC)

const seconds = 17.3

var stream []byte
var streamOnce sync.Once

// clip is 17.3 s with a key frame every 2 s.
func clip(t *testing.T) (*fmp4.Init, []*fmp4.Fragment) {
	streamOnce.Do(func() {
		stream = fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: seconds})
	})
	return fmp4test.Split(t, stream)
}

func newWriter(t *testing.T, options hls.Options) (*hls.Writer, string) {
	t.Helper()
	dir := t.TempDir()
	w, err := hls.NewWriter(dir, options)
	require.NoError(t, err)
	return w, dir
}

func text(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return string(b)
}

// requireWhole checks a playlist against the rules of RFC 8216 that players hold us to, and that everything
// it lists is there. It returns the sum of the durations.
func requireWhole(t *testing.T, dir, name string) (total float64) {
	t.Helper()
	list := text(t, dir, name)
	require.True(t, strings.HasPrefix(list, "#EXTM3U\n#EXT-X-VERSION:7\n"), list)
	require.Contains(t, list, "#EXT-X-INDEPENDENT-SEGMENTS\n")
	require.FileExists(t, filepath.Join(dir, hls.InitSegment))
	found := regexp.MustCompile(`#EXT-X-TARGETDURATION:(\d+)\n`).FindStringSubmatch(list)
	require.NotNil(t, found, list)
	target, err := strconv.Atoi(found[1])
	require.NoError(t, err)
	found = regexp.MustCompile(`#EXT-X-MEDIA-SEQUENCE:(\d+)\n`).FindStringSubmatch(list)
	require.NotNil(t, found, list)
	number, err := strconv.Atoi(found[1])
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`#EXTINF:([\d.]+),\n(\S+)\n`).FindAllStringSubmatch(list, -1) {
		duration, err := strconv.ParseFloat(m[1], 64)
		require.NoError(t, err)
		require.LessOrEqual(t, int(duration+0.5), target, "4.3.3.1")
		require.Equal(t, fmt.Sprintf("seg%05d.m4s", number), m[2], "4.3.3.2")
		require.FileExists(t, filepath.Join(dir, m[2]))
		number++
		total += duration
	}
	require.Positive(t, total)
	return total
}

func TestPlaylistsWhileLiveAndAfter(t *testing.T) {
	for name, lowLatency := range map[string]bool{"with parts": true, "without": false} {
		t.Run(name, func(t *testing.T) { playlistsWhileLiveAndAfter(t, lowLatency) })
	}
}

func playlistsWhileLiveAndAfter(t *testing.T, lowLatency bool) {
	init, fragments := clip(t)
	playable := 0
	w, dir := newWriter(
		t,
		hls.Options{Epoch: epoch, LiveSegments: 3, OnPlayable: func() { playable++ }, LowLatency: lowLatency},
	)
	require.NoError(t, w.WriteInit(init))
	_, err := os.Stat(filepath.Join(dir, hls.LivePlaylist))
	require.ErrorIs(t, err, os.ErrNotExist, "no playlist before there is something to play")
	for _, f := range fragments {
		require.NoError(t, w.WriteFragment(f))
		require.Equal(t, w.Duration() > 5*time.Second, playable == 1, "playable with three segments")
		if w.Duration() > 0 {
			requireWhole(t, dir, hls.LivePlaylist)
			requireWhole(t, dir, hls.FullPlaylist)
		}
	}
	live, full := text(t, dir, hls.LivePlaylist), text(t, dir, hls.FullPlaylist)
	require.Equal(t, lowLatency, strings.Contains(live, "#EXT-X-PART"))
	require.Equal(t, lowLatency, strings.Contains(full, "#EXT-X-PART"))
	require.Contains(t, full, "#EXT-X-PLAYLIST-TYPE:EVENT\n")
	require.NotContains(t, live, "PLAYLIST-TYPE", "segments leave it, so it has none")
	require.NotContains(t, live+full, "ENDLIST")
	require.Equal(t, 3, strings.Count(live, "#EXTINF"))
	require.Equal(t, 8, strings.Count(full, "#EXTINF"))
	require.Contains(t, full, "#EXT-X-TARGETDURATION:2\n")
	require.Contains(t, full, "#EXT-X-PROGRAM-DATE-TIME:2026-03-04T05:06:07.890Z\n")
	require.Contains(t, live, "#EXT-X-PROGRAM-DATE-TIME:2026-03-04T05:06:17.9", "the sixth begins 10 s later")

	require.NoError(t, w.Close())
	require.ErrorIs(t, w.Close(), hls.ErrClosed)
	require.ErrorIs(t, w.WriteFragment(fragments[0]), hls.ErrClosed)
	require.InDelta(t, seconds, requireWhole(t, dir, hls.FullPlaylist), 0.05)
	require.NotContains(
		t,
		text(t, dir, hls.LivePlaylist)+text(t, dir, hls.FullPlaylist),
		"PART",
		"the same for all once it is over",
	)
	require.InDelta(t, seconds, w.Duration().Seconds(), 0.05)
	live, full = text(t, dir, hls.LivePlaylist), text(t, dir, hls.FullPlaylist)
	require.Contains(t, full, "#EXT-X-PLAYLIST-TYPE:VOD\n")
	require.True(t, strings.HasSuffix(full, "#EXT-X-ENDLIST\n"))
	require.True(t, strings.HasSuffix(live, "#EXT-X-ENDLIST\n"))
	parts, err := filepath.Glob(filepath.Join(dir, "*.part"))
	require.NoError(t, err)
	require.Empty(t, parts)
	var size int64
	for _, pattern := range []string{"*.m4s", "*.mp4"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		require.NoError(t, err)
		for _, name := range names {
			info, err := os.Stat(name)
			require.NoError(t, err)
			size += info.Size()
		}
	}
	require.Equal(t, size, w.Bytes())
}

type probed struct {
	Format  struct{ Duration string }
	Streams []struct {
		CodecName string `json:"codec_name"`
		Frames    string `json:"nb_read_frames"`
		Width     int
	}
	Packets []struct {
		Flags string
	}
}

func ffprobe(t *testing.T, args ...string) probed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "ffprobe", append([]string{"-v", "warning", "-of", "json"}, args...)...)
	var words strings.Builder
	command.Stderr = &words
	out, err := command.Output()
	require.NoError(t, err, words.String())
	require.Empty(t, words.String(), "ffprobe has something to complain about")
	var answer probed
	require.NoError(t, json.Unmarshal(out, &answer))
	return answer
}

func TestFFprobePlaysItOverHTTP(t *testing.T) {
	init, fragments := clip(t)
	root := t.TempDir()
	dir := filepath.Join(root, "job_1")
	require.NoError(t, os.Mkdir(dir, 0o755))
	w, err := hls.NewWriter(dir, hls.Options{Epoch: epoch, LowLatency: true})
	require.NoError(t, err)
	handler, err := hls.NewHandler(root, nil)
	require.NoError(t, err)
	defer handler.Close()
	server := httptest.NewServer(handler)
	defer server.Close()
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments {
		require.NoError(t, w.WriteFragment(f))
	}
	for _, name := range []string{hls.LivePlaylist, hls.FullPlaylist} { // which it knows without parts
		live := ffprobe(t, "-show_streams", "-read_intervals", "%+1", "-count_frames", server.URL+"/job_1/"+name)
		require.Equal(t, "h264", live.Streams[0].CodecName)
		require.NotEmpty(t, live.Streams[0].Frames)
	}
	require.NoError(t, w.Close())

	got := ffprobe(t, "-show_format", "-show_streams", "-count_frames", server.URL+"/job_1/index.m3u8")
	length, err := strconv.ParseFloat(got.Format.Duration, 64)
	require.NoError(t, err)
	require.InDelta(t, seconds, length, 0.1)
	require.Len(t, got.Streams, 2)
	require.Equal(t, "h264", got.Streams[0].CodecName)
	require.Equal(t, 320, got.Streams[0].Width)
	require.Equal(t, "519", got.Streams[0].Frames, "every frame decodes: 17.3 s of 30")
	require.Equal(t, "aac", got.Streams[1].CodecName)

	live := ffprobe(t, "-show_format", server.URL+"/job_1/live.m3u8")
	length, err = strconv.ParseFloat(live.Format.Duration, 64)
	require.NoError(t, err)
	require.InDelta(t, 5*2+1.3, length, 0.1, "the last six segments")

	// each segment is one a player can begin with
	segments, err := filepath.Glob(filepath.Join(dir, "seg*.m4s"))
	require.NoError(t, err)
	require.Len(t, segments, 9)
	for _, segment := range segments {
		alone := ffprobe(
			t,
			"-select_streams",
			"v",
			"-show_packets",
			"concat:"+filepath.Join(dir, hls.InitSegment)+"|"+segment,
		)
		require.Equal(t, byte('K'), alone.Packets[0].Flags[0], segment)
	}
}

func TestAudioAlone(t *testing.T) {
	init, fragments := fmp4test.Split(t, fmp4test.Encode(t, fmp4test.Options{Audio: true, Seconds: 7}))
	w, dir := newWriter(t, hls.Options{})
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments {
		require.NoError(t, w.WriteFragment(f))
	}
	require.NoError(t, w.Close())
	require.InDelta(t, 7, requireWhole(t, dir, hls.FullPlaylist), 0.1)
	require.Contains(t, text(t, dir, hls.FullPlaylist), "TARGETDURATION:2\n")
}

func TestLateKeyFramesStretchTheTarget(t *testing.T) {
	init, fragments := fmp4test.Split(
		t,
		fmp4test.Encode(t, fmp4test.Options{Video: true, Seconds: 9, Encoder: []string{"-g", "100"}}),
	)
	w, dir := newWriter(t, hls.Options{})
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments {
		require.NoError(t, w.WriteFragment(f))
	}
	require.NoError(t, w.Close())
	requireWhole(t, dir, hls.FullPlaylist)
	require.Contains(t, text(t, dir, hls.FullPlaylist), "TARGETDURATION:3\n")
}

func TestACrashLeavesWhatFinishEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		lowLatency bool
		seconds    float64
		frames     string
	}{
		"with parts": {true, 8.5, "255"},
		"without":    {false, 8, "240"},
	} {
		t.Run(name, func(t *testing.T) { aCrashLeavesWhatFinishEnds(t, tt.lowLatency, tt.seconds, tt.frames) })
	}
}

func aCrashLeavesWhatFinishEnds(t *testing.T, lowLatency bool, seconds float64, frames string) {
	init, fragments := clip(t)
	w, dir := newWriter(t, hls.Options{LowLatency: lowLatency})
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments[:17] { // 8.5 s: the fifth segment is open
		require.NoError(t, w.WriteFragment(f))
	}
	// the writer dies here: no Close
	require.InDelta(t, 8, requireWhole(t, dir, hls.FullPlaylist), 0.1)
	require.NoError(t, hls.Finish(dir))
	require.InDelta(t, seconds, requireWhole(t, dir, hls.FullPlaylist), 0.1)
	full, live := text(t, dir, hls.FullPlaylist), text(t, dir, hls.LivePlaylist)
	require.Contains(t, full, "TYPE:VOD\n")
	require.NotContains(t, full, "EVENT")
	require.True(t, strings.HasSuffix(full, "ENDLIST\n"))
	require.True(t, strings.HasSuffix(live, "ENDLIST\n"))
	parts, err := filepath.Glob(filepath.Join(dir, "*.part"))
	require.NoError(t, err)
	require.Empty(t, parts)
	got := ffprobe(t, "-show_streams", "-count_frames", filepath.Join(dir, hls.FullPlaylist))
	require.Equal(t, frames, got.Streams[0].Frames)

	require.NoError(t, hls.Finish(dir), "once more changes nothing")
	require.Equal(t, full, text(t, dir, hls.FullPlaylist))
	require.NoError(t, hls.Finish(t.TempDir()), "nothing was written yet")
	require.Error(t, w.Close(), "a writer that was not dead after all")
	require.Equal(t, full, text(t, dir, hls.FullPlaylist))
}

func TestWrongOrder(t *testing.T) {
	init, fragments := clip(t)
	w, _ := newWriter(t, hls.Options{})
	err := w.WriteFragment(fragments[0])
	require.ErrorContains(t, err, "before the initialization segment")
	require.Equal(t, err, w.WriteInit(init), "the first error stays")
	require.Equal(t, err, w.Close())

	w, dir := newWriter(t, hls.Options{})
	require.NoError(t, w.WriteInit(init))
	require.NoError(t, w.WriteFragment(fragments[1]), "not a key frame: left out")
	require.Zero(t, w.Duration())
	require.NoError(t, w.Close())
	require.NoFileExists(t, filepath.Join(dir, hls.FullPlaylist))
	_, err = hls.NewWriter(dir, hls.Options{})
	require.ErrorContains(t, err, "not empty")
	_, err = hls.NewWriter(filepath.Join(dir, "none"), hls.Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestFullDiskKeepsWhatIsListed(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("needs to mount a small tmpfs: %v", err)
	}
	defer func() { require.NoError(t, syscall.Unmount(dir, 0)) }()
	init, fragments := clip(t)
	w, err := hls.NewWriter(dir, hls.Options{LowLatency: true})
	require.NoError(t, err)
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments {
		if err = w.WriteFragment(f); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorIs(t, w.Close(), syscall.ENOSPC)
	length := requireWhole(t, dir, hls.FullPlaylist)
	require.InDelta(t, length, w.Duration().Seconds(), 0.001)
	require.True(t, strings.HasSuffix(text(t, dir, hls.FullPlaylist), "ENDLIST\n"))
	got := ffprobe(t, "-show_streams", "-count_frames", filepath.Join(dir, hls.FullPlaylist))
	frames, err := strconv.Atoi(got.Streams[0].Frames)
	require.NoError(t, err)
	require.InDelta(t, length*30, frames, 1, "all of it plays")
}
