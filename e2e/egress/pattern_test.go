package egress

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/picture"
	"github.com/klatch/klatch/sdk/testcard"
)

// The pattern of testdata/sender.js and testdata/sender.py: a picture that shows the milliseconds on the sender's
// clock, and a tone with a beep on each full second of it.
const (
	patternBits = 16
	patternWrap = 1 << patternBits // ms
	patternFPS  = 15

	toneHz = 400
	beepHz = 1600
)

// Colors of the lower half of the pattern (BT.601, limited range).
var (
	patternLeft  = testcard.Color{Y: 100, U: 106, V: 189}
	patternRight = testcard.Color{Y: 80, U: 189, V: 118}
)

// patternFrame is a decoded picture of the pattern.
type patternFrame struct {
	at      float64 // seconds in the file
	stamp   int     // ms on the sender's clock
	problem string  // why it does not show the pattern; "" for a good one
}

// patternCell returns the middle of a cell: bit 0 to 15 of row 0, the stamp, or row 1, its complement.
func patternCell(box image.Rectangle, bit, row int) image.Point {
	return image.Pt(box.Min.X+box.Dx()*(2*bit+1)/(2*patternBits), box.Min.Y+box.Dy()*(2*row+1)/12)
}

// readPattern reads the pattern in a part of a picture.
func readPattern(p *picture.Picture, box image.Rectangle) (f patternFrame) {
	var unclear []string
	for bit := range patternBits {
		own, complement := mediaprobe.Color(p, patternCell(box, bit, 0)).Y, mediaprobe.Color(p, patternCell(box, bit, 1)).Y
		if own > complement {
			f.stamp |= 1 << bit
		}
		if bright, dark := max(own, complement), min(own, complement); bright < 170 || dark > 80 {
			unclear = append(unclear, fmt.Sprintf("bit %d is %d over %d", bit, own, complement))
		}
	}
	f.problem = strings.Join(unclear, ", ")
	for i, want := range []testcard.Color{patternLeft, patternRight} {
		got := mediaprobe.Color(p, image.Pt(box.Min.X+box.Dx()*(1+2*i)/4, box.Min.Y+box.Dy()*6/10))
		if far := func(a, b uint8) bool { return math.Abs(float64(a)-float64(b)) > 24 }; f.problem == "" &&
			(far(got.Y, want.Y) || far(got.U, want.U) || far(got.V, want.V)) {
			f.problem = fmt.Sprintf("half %d has the color %v, not %v", i, got, want)
		}
	}
	return f
}

// patternFrames decodes all pictures of a file, one after the other.
func patternFrames(t *testing.T, path string, width, height int) (frames []patternFrame) {
	t.Helper()
	times := strings.Fields(string(mediaprobe.Command(t, "ffprobe", "-v", "error", "-select_streams", "v:0",
		"-show_entries", "frame=best_effort_timestamp_time", "-of", "csv=p=0", path)))
	raw := mediaprobe.Command(t, "ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough",
		"-vf", fmt.Sprintf("scale=%d:%d", width, height), "-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1")
	size := picture.Size(width, height)
	require.Equal(t, len(times), len(raw)/size, "pictures and their times")
	for i, text := range times {
		f := readPattern(picture.Wrap(width, height, raw[i*size:(i+1)*size]), image.Rect(0, 0, width, height))
		var err error
		f.at, err = strconv.ParseFloat(strings.Trim(text, ","), 64)
		require.NoError(t, err)
		frames = append(frames, f)
	}
	return frames
}

// stampsBetween returns how much later one stamp is than another, in seconds.
func stampsBetween(earlier, later int) float64 {
	d := (later - earlier + patternWrap) % patternWrap
	if d > patternWrap/2 {
		d -= patternWrap
	}
	return float64(d) / 1000
}

// requirePattern requires that each picture of a file shows the pattern and that the pictures move as the sender's did.
// It returns by how much nine of ten pictures are off the time that they had there at most.
func requirePattern(t *testing.T, frames []patternFrame, seconds float64) (jitter float64) {
	t.Helper()
	require.NotEmpty(t, frames)
	bad := 0
	for _, f := range frames {
		if f.problem != "" {
			bad++
			t.Logf("the picture at %.3f s, of about %d ms: %s", f.at, f.stamp, f.problem)
		}
	}
	require.Zero(t, bad, "of %d pictures", len(frames))
	first, last := frames[0], frames[len(frames)-1]
	require.InDelta(t, seconds, last.at-first.at, 1, "pictures from %.3f to %.3f s", first.at, last.at)
	var offsets []float64
	moved := first
	for _, f := range frames {
		if f.stamp == moved.stamp && f != first {
			continue // the same picture again
		}
		require.GreaterOrEqual(
			t,
			stampsBetween(moved.stamp, f.stamp),
			0.0,
			"the picture at %.3f s is older than the one before",
			f.at,
		)
		require.Less(t, f.at-moved.at, 2.0, "nothing moves from %.3f s on", moved.at)
		moved = f
		offsets = append(offsets, f.at-first.at-stampsBetween(first.stamp, f.stamp))
	}
	require.Greater(t, len(offsets), int(seconds*patternFPS/3), "different pictures")
	middle := slices.Sorted(slices.Values(offsets))[len(offsets)/2]
	// Not of the first two seconds: the first picture may stand from the beginning of the file, a busy machine draws the
	// next ones late, and picture and sound are brought together.
	var off []float64
	for _, offset := range offsets[min(2*patternFPS, len(offsets)-1):] {
		off = append(off, math.Abs(offset-middle))
	}
	slices.Sort(off)
	return off[len(off)*9/10]
}

// stampAt returns the sender's time at a time of the file, and whether a picture near to that tells it.
func stampAt(frames []patternFrame, at float64) (ms float64, ok bool) {
	var last patternFrame
	for _, f := range frames {
		if f.at > at {
			break
		}
		if !ok || f.stamp != last.stamp {
			last, ok = f, true
		}
	}
	return float64(last.stamp) + (at-last.at)*1000, ok && at-last.at < 0.25
}

// missingTone returns at which of the tenths of a second of a file's sound, of which it looks at count, a frequency is
// missing. The first two seconds do not count: a file begins when its track is subscribed to, and a machine that starts
// many workers at once is late then.
func missingTone(pcm []float64, hz float64) (missing []float64, count int) {
	const window = 4800
	for i := 2 * 48000; i+window < len(pcm)-48000/4; i += window {
		if count++; mediaprobe.Loudness(pcm[i:i+window], hz) <= 0.03 {
			missing = append(missing, float64(i)/48000)
		}
	}
	return missing, max(count, 1)
}

// beepTimes returns when the beeps of the pattern begin.
func beepTimes(pcm []float64) []float64 {
	const window = 240 // 5 ms are eight periods
	level := make([]float64, len(pcm)/window)
	for i := range level {
		level[i] = mediaprobe.Loudness(pcm[i*window:(i+1)*window], beepHz)
	}
	return onsets(level, 48000/window)
}

// patternSync returns by how much the sound is after the picture: by how much later than the pictures show a full
// second its beep is heard, in the middle of all from that time on.
func patternSync(t *testing.T, frames []patternFrame, pcm []float64, from float64) float64 {
	t.Helper()
	var offs []float64
	beeps := beepTimes(pcm)
	for _, at := range beeps {
		ms, ok := stampAt(frames, at)
		if !ok || at < from {
			continue
		}
		offs = append(offs, math.Remainder(ms/1000, 1))
	}
	t.Logf("the sound is after the picture by %.3f s", offs)
	require.GreaterOrEqual(t, len(offs), 2, "beeps at %v", beeps)
	slices.Sort(offs)
	return offs[len(offs)/2]
}

// waitRecordedTogether waits until all workers have recorded that much.
func waitRecordedTogether(workers []*workerProcess, d time.Duration) {
	for _, w := range workers {
		w.waitRecorded(d)
	}
}
