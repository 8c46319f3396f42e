// Package mediaprobe judges what came out of a meeting with programs that are not ours: ffprobe says what a file or
// stream is, ffmpeg decodes it, and the test cards and tones of bots are recognized in that.
package mediaprobe

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/picture"
	"github.com/klatch/klatch/sdk/testcard"
)

// Probed is what ffprobe reports about a file.
type Probed struct {
	Format  struct{ Duration, Size string }
	Streams []struct {
		CodecName     string `json:"codec_name"`
		CodecType     string `json:"codec_type"`
		Width, Height int
		Duration      string
		SampleRate    string `json:"sample_rate"`
		Channels      int
	}
}

// Probe asks ffprobe about a file or an address.
func Probe(t testing.TB, path string) Probed {
	t.Helper()
	out := Command(t, "ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", path)
	var p Probed
	require.NoError(t, json.Unmarshal(out, &p))
	return p
}

// Seconds returns the duration that the file states.
func (p Probed) Seconds(t testing.TB) float64 {
	t.Helper()
	d, err := strconv.ParseFloat(p.Format.Duration, 64)
	require.NoError(t, err)
	return d
}

// Recorded returns the duration in seconds of a file that is still written; 0 while it does not play.
func Recorded(t testing.TB, path string) float64 {
	t.Helper()
	out, err := exec.CommandContext(
		t.Context(), "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path,
	).Output()
	if err != nil {
		return 0
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		return 0 // N/A
	}
	return seconds
}

// Codecs returns the codec of each stream.
func (p Probed) Codecs() (list []string) {
	for _, s := range p.Streams {
		list = append(list, s.CodecName)
	}
	return list
}

// Command runs a program that must succeed and returns its output.
func Command(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	var errOut bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	require.NoError(t, err, errOut.String())
	return out
}

// Frame is the picture of a file at that time.
func Frame(t testing.TB, path string, at time.Duration) *picture.Picture {
	t.Helper()
	size := Probe(t, path)
	for _, s := range size.Streams {
		if s.CodecType == "video" {
			raw := Command(t, "ffmpeg", "-v", "error", "-i", path, "-vf", "fps=30", "-ss", fmt.Sprint(at.Seconds()),
				"-frames:v", "1", "-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1")
			require.Len(t, raw, picture.Size(s.Width, s.Height), "no frame at %v", at)
			return picture.Wrap(s.Width, s.Height, raw)
		}
	}
	require.FailNow(t, "no video in "+path)
	return nil
}

// Color is the middle of the colors around a point.
func Color(p *picture.Picture, at image.Point) testcard.Color {
	var y, u, v, n int
	for dy := -4; dy < 4; dy += 2 {
		for dx := -4; dx < 4; dx += 2 {
			x, row := at.X+dx, at.Y+dy
			y += int(p.Y[row*p.StrideY+x])
			u += int(p.U[row/2*p.StrideC+x/2])
			v += int(p.V[row/2*p.StrideC+x/2])
			n++
		}
	}
	return testcard.Color{Y: uint8(y / n), U: uint8(u / n), V: uint8(v / n)} // means of bytes
}

// Near reports whether two colors are the same but for what encoding changes.
func Near(a, b testcard.Color) bool {
	far := func(x, y uint8) bool { return math.Abs(float64(x)-float64(y)) > 14 }
	return !far(a.Y, b.Y) && !far(a.U, b.U) && !far(a.V, b.V)
}

// Shows reports whether a part of the picture is the test card of that name.
func Shows(t testing.TB, p *picture.Picture, tile image.Rectangle, name string) bool {
	t.Helper()
	drawn, err := testcard.New(64, 64, name)
	require.NoError(t, err)
	for i, want := range drawn.Quadrants() {
		// off the middle row, where a white block moves, and off the edges, where names and stripes are
		x, y := tile.Min.X+tile.Dx()*(1+2*(i%2))/4, tile.Min.Y+tile.Dy()*(5+8*(i/2))/16
		if !Near(Color(p, image.Pt(x, y)), want) {
			return false
		}
	}
	return true
}

// RequireShows fails the test unless Shows reports true.
func RequireShows(t testing.TB, p *picture.Picture, tile image.Rectangle, name string) {
	t.Helper()
	if !Shows(t, p, tile, name) {
		require.Fail(t, "the picture does not show "+name, "in %v", tile)
	}
}

// Sound is a file's, 48 kHz mono, from -1 to 1.
func Sound(t testing.TB, path string) []float64 {
	t.Helper()
	raw := Command(t, "ffmpeg", "-v", "error", "-i", path, "-vn", "-ac", "1", "-ar", "48000", "-f", "s16le", "pipe:1")
	pcm := make([]float64, len(raw)/2)
	for i := range pcm {
		pcm[i] = float64(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / (1 << 15) // s16
	}
	return pcm
}

// Loudness of one frequency, as an amplitude (Goertzel's algorithm).
func Loudness(pcm []float64, hz float64) float64 {
	coefficient := 2 * math.Cos(2*math.Pi*hz/48000)
	var s1, s2 float64
	for _, x := range pcm {
		s1, s2 = x+coefficient*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - coefficient*s1*s2
	return 2 * math.Sqrt(max(0, power)) / float64(len(pcm))
}

// RequireTones requires that exactly the tones of these names are heard in a part of the sound.
func RequireTones(t testing.TB, pcm []float64, from, to time.Duration, names ...string) {
	t.Helper()
	start, end := int(from*48000/time.Second), int(to*48000/time.Second)
	require.LessOrEqual(t, end, len(pcm))
	if wrong := wrongTone(pcm[start:end], names); wrong != "" {
		require.Fail(t, "the sound is not that of "+strings.Join(names, ", "), wrong)
	}
}

// wrongTone names a tone that is missing or too much; "" for none.
func wrongTone(pcm []float64, names []string) string {
	want := map[int]bool{}
	for _, name := range names {
		_, hz := testcard.Tone(name)
		want[hz] = true
	}
	for _, hz := range testcard.Frequencies {
		if level := Loudness(pcm, float64(hz)); want[hz] && level <= 0.03 || !want[hz] && level >= 0.01 {
			return fmt.Sprintf("%d Hz at level %.4f", hz, level)
		}
	}
	return ""
}
