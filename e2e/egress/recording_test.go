package egress

import (
	"image"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/sdk"
)

// four have test cards of different colors and tones of different frequencies.
var four = []string{"ann", "bob", "cid", "joe"}

func TestRecordingOfFour(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, name := range four {
		s.join(t, name, card(name), sdk.TestTone(name))
	}
	path := file(t, "four.mp4")
	w := s.startWorker(t, order.Spec{Kind: job.Recording, File: path})
	w.waitStarted()
	w.waitRecorded(5 * time.Second)
	made := w.stop()

	require.Len(t, made, 1)
	p := mediaprobe.Probe(t, path)
	require.Equal(t, []string{"h264", "aac"}, p.Codecs())
	require.Equal(t, [2]int{1280, 720}, [2]int{p.Streams[0].Width, p.Streams[0].Height})
	require.InDelta(t, p.Seconds(t), float64(made[0].DurationMs)/1000, 0.06)
	w.requireLength(p.Seconds(t), 100*time.Millisecond)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, info.Size(), made[0].Size)
	require.Equal(
		t,
		job.File{Path: path, Size: made[0].Size, DurationMs: made[0].DurationMs, Width: 1280, Height: 720, Format: job.MP4},
		made[0],
	)

	picture := mediaprobe.Frame(t, path, 4*time.Second)
	for i, name := range four {
		mediaprobe.RequireShows(t, picture, image.Rect(640*(i%2), 360*(i/2), 640*(i%2)+640, 360*(i/2)+360), name)
	}
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, path), 3*time.Second, 4*time.Second, four...)
}
