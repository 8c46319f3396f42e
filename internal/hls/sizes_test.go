package hls_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4/fmp4test"
	"github.com/klatch/klatch/internal/hls"
)

// Pictures of H.264 that change their size have an initialization segment for each: a player that knows the first one
// only would show nothing, or stretched pictures, from the change on.
func TestSizesOfAStream(t *testing.T) {
	ffmpeg := func(input []byte, args ...string) []byte {
		cmd := exec.Command("ffmpeg", append([]string{"-v", "error"}, args...)...)
		var out, words bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &words
		require.NoError(t, cmd.Run(), words.String())
		return out.Bytes()
	}
	sizes := []string{"320x180", "640x360", "320x180", "480x270"}
	inits := []string{"init.mp4", "init1.mp4", "init.mp4", "init2.mp4"}
	var pictures []byte
	for _, size := range sizes {
		pictures = append(pictures, ffmpeg(nil, "-f", "lavfi", "-i", "testsrc2=rate=30:size="+size, "-t", "1", "-c:v",
			"libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "15", "-f", "h264",
			"pipe:1")...)
	}
	init, fragments := fmp4test.Split(t, ffmpeg(pictures, "-f", "h264", "-framerate", "30", "-i", "pipe:0", "-c", "copy",
		"-f", "mp4", "-movflags", "+empty_moov+default_base_moof+frag_keyframe", "pipe:1"))
	w, dir := newWriter(t, hls.Options{Epoch: epoch, LiveSegments: 2})
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments {
		require.NoError(t, w.WriteFragment(f))
	}
	require.NoError(t, w.Close())
	width, height := w.Size()
	require.Equal(t, [2]int{640, 360}, [2]int{width, height})

	const head = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:"
	const begins = "#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI="
	require.Equal(t, head+"0\n#EXT-X-PLAYLIST-TYPE:VOD\n"+begins+`"init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-03-04T05:06:07.890Z
#EXTINF:0.99999,
seg00000.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init1.mp4"
#EXTINF:0.99999,
seg00001.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init.mp4"
#EXTINF:0.99999,
seg00002.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init2.mp4"
#EXTINF:0.99999,
seg00003.m4s
#EXT-X-ENDLIST
`, text(t, dir, hls.FullPlaylist))
	require.Equal(t, head+"2\n#EXT-X-DISCONTINUITY-SEQUENCE:2\n"+begins+`"init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-03-04T05:06:09.889Z
#EXTINF:0.99999,
seg00002.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init2.mp4"
#EXTINF:0.99999,
seg00003.m4s
#EXT-X-ENDLIST
`, text(t, dir, hls.LivePlaylist))
	ended := text(t, dir, hls.FullPlaylist)
	require.NoError(t, hls.Finish(dir), "it reads what was written")
	require.Equal(t, ended, text(t, dir, hls.FullPlaylist))

	played := strings.Fields(string(probe(t, filepath.Join(dir, hls.FullPlaylist))))
	require.Len(t, played, 30*len(sizes))
	for i, size := range played {
		require.Equal(t, sizes[i/30], strings.TrimSuffix(size, "x"), "picture %d", i)
	}
	for i, name := range inits {
		first, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		segment, err := os.ReadFile(filepath.Join(dir, "seg0000"+string(rune('0'+i))+".m4s"))
		require.NoError(t, err)
		for at := range len(segment) - 5 { // makes filler data of the sets, so that all depends on the map
			if bytes.Equal(segment[at:at+3], []byte{0, 0, 0}) && segment[at+3] < 40 &&
				(segment[at+4] == 0x67 || segment[at+4] == 0x68) {
				segment[at+4] = 12
			}
		}
		alone := filepath.Join(t.TempDir(), "alone.mp4")
		require.NoError(t, os.WriteFile(alone, append(first, segment...), 0o600))
		shown := strings.Fields(string(probe(t, alone)))
		require.Len(t, shown, 30)
		require.Equal(t, sizes[i], strings.TrimSuffix(shown[29], "x"))

		playlist, err := os.Open(filepath.Join(dir, hls.FullPlaylist))
		require.NoError(t, err)
		place, err := hls.Seek(playlist, time.Duration(i)*time.Second+time.Second/2)
		require.NoError(t, playlist.Close())
		require.NoError(t, err)
		require.Equal(t, name, place.Init)
	}
}

// probe returns the sizes of all pictures that ffprobe decodes.
func probe(t *testing.T, path string) []byte {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-allowed_extensions", "ALL", "-show_entries", "frame=width,height",
		"-of", "csv=s=x:p=0", path).Output()
	require.NoError(t, err)
	return out
}
