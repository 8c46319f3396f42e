package egress

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/wire"
)

// frameSizes returns the sizes of the pictures of a file, each once.
func frameSizes(t *testing.T, path string) (sizes []string) {
	t.Helper()
	known := map[string]bool{}
	for line := range strings.Lines(string(mediaprobe.Command(t, "ffprobe", "-v", "error", "-select_streams", "v:0",
		"-show_entries", "frame=width,height", "-of", "csv=p=0", path))) {
		if line = strings.Trim(line, ",\n"); line != "" && !known[line] {
			known[line] = true
			sizes = append(sizes, line)
		}
	}
	return sizes
}

// A sender begins with a small picture, as browsers do, which grows, and later turns it. Where pictures are coded anew
// each file has one size, of 640x360 at least. What is more than half as wide again, or turned, goes into another file,
// and nothing is stretched.
func TestPictureThatGrows(t *testing.T) {
	t.Parallel()
	s := open(t)
	raw := testpeer.JoinRaw(t, s.server.URL, s.token, s.meeting, "ann")
	tracks := raw.Publish(nil, testpeer.RawSection{Kind: wire.Audio}, testpeer.RawSection{Kind: wire.Video})
	var clips [][][]byte
	sizes := [][2]int{{160, 90}, {320, 180}, {640, 360}, {1280, 720}, {360, 640}}
	for _, size := range sizes {
		clips = append(clips, flashClip(t, "VP8", size[0], size[1]))
	}
	path, dir := file(t, "ann.mp4"), t.TempDir()
	source := []job.Source{{ParticipantID: "ann"}}
	asFile := s.startWorker(t, order.Spec{Kind: job.Participant, Format: job.MP4, File: path, Sources: source})
	asList := s.startWorker(t, order.Spec{Kind: job.Participant, Format: job.M3U8, HLSDir: dir, Sources: source})
	workers := []*workerProcess{asFile, asList}
	for _, w := range workers {
		w.waitStarted()
	}
	ends := []int{1, 7, 9, 11, 1 << 20} // of each size, in seconds
	sound, began := beepAudio(t), time.Now()
	sound.Began = began
	tracks[0].Send(sound)
	tracks[1].Send(testpeer.SendOptions{Began: began, Every: time.Second / senderFPS, Frame: func(n int, _ bool) []byte {
		of := 0
		for n/senderFPS >= ends[of] {
			of++
		}
		return clips[of][n%len(clips[of])]
	}})
	waitRecordedTogether(workers, 13*time.Second)
	for first, made := range map[string][]job.File{path: asFile.stop(), filepath.Join(dir, "index.m3u8"): asList.stop()} {
		require.Len(t, made, 3, first)
		require.Equal(t, first, made[0].Path)
		for i, f := range made {
			require.Equal(t, sizes[i+2], [2]int{f.Width, f.Height}, f.Path)
			want := []string{"640,360", "1280,720", "360,640"}[i : i+1]
			require.Equal(t, want, frameSizes(t, f.Path), f.Path)
			requireInSync(t, f.Path, 0, 1)
		}
	}
}
