package compose

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/picture"
)

// square is an image of one color.
func square(side int, c color.RGBA) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := 0; i < len(p.Pix); i += 4 {
		copy(p.Pix[i:], []byte{c.R, c.G, c.B, c.A})
	}
	return p
}

// differing is the smallest rectangle outside of which two pictures are equal in luma.
func differing(a, b *picture.Picture) (area image.Rectangle) {
	for y := range a.Height {
		for x := range a.Width {
			if a.Y[y*a.StrideY+x] != b.Y[y*b.StrideY+x] {
				area = area.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return area
}

func copied(p *picture.Picture) *picture.Picture {
	return picture.Wrap(p.Width, p.Height, p.Append(nil))
}

var (
	red  = color.RGBA{R: 255, A: 255}
	half = color.RGBA{R: 128, A: 128} // red that is half transparent
)

func TestWatermarkPlace(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{1280, 720}, {720, 1280}, {854, 480}, {1920, 1080}} {
		c := New(Config{Width: size.X, Height: size.Y})
		scene := Scene{People: people(4)}
		plain, _ := c.Draw(scene)
		before := copied(plain)
		side := min(size.X, size.Y) / 6 &^ 1
		scene.Watermarks = []Watermark{{Image: square(side, red)}}
		canvas, changed := c.Draw(scene)
		require.True(t, changed)
		margin := even(min(size.X, size.Y) / 36)
		want := image.Rect(size.X-margin-side, size.Y-margin-side, size.X-margin, size.Y-margin)
		got := differing(before, canvas)
		require.True(t, got.In(want) && got.Dx() > side*9/10 && got.Dy() > side*9/10, "%v in %v", got, want)

		scene.Watermarks[0].Lines = []string{"CONFIDENTIAL", strings.Repeat("long ", 60)}
		scene.Watermarks = append(scene.Watermarks, Watermark{Lines: []string{"second"}},
			Watermark{Image: square(side, red), Lines: []string{"third", "2026-11-27 12:00:00"}})
		canvas, _ = c.Draw(scene)
		got = differing(before, canvas)
		require.True(t, got.In(canvas.Bounds().Inset(margin)), "%v in %v: nothing reaches the edge", got, size)
		require.Less(t, got.Min.X, size.X/2, "a long text goes to the left")

		scene.Watermarks = nil
		canvas, changed = c.Draw(scene)
		require.True(t, changed)
		require.Equal(t, before, canvas, "nothing is left of them")
	}
}

// What shines through a watermark is the picture of the moment: drawn again, also where only one of the tiles below it
// changes, it looks as if it were drawn for the first time.
func TestWatermarkOverTilesThatChange(t *testing.T) {
	t.Parallel()
	config := Config{Width: 640, Height: 360}
	marks := []Watermark{{Image: square(300, half), Lines: []string{"over all tiles"}}}
	c := New(config)
	all := people(4)
	for i := range all {
		all[i].CameraOn = true
	}
	for frame := uint64(2); frame < 12; frame++ {
		moving := &all[frame%4]
		moving.Frame, moving.Picture = frame, card(640, 360, int(frame))
		canvas, changed := c.Draw(Scene{People: all, Watermarks: marks})
		require.True(t, changed)
		first, _ := New(config).Draw(Scene{People: all, Watermarks: marks})
		require.Equal(t, first, canvas, "frame %d", frame)
	}
	canvas, _ := c.Draw(Scene{People: all, Watermarks: marks})
	before := copied(canvas)
	canvas, changed := c.Draw(Scene{People: all, Watermarks: marks})
	require.False(t, changed)
	require.Equal(t, before, canvas)
	_, changed = c.Draw(Scene{People: all, Watermarks: []Watermark{{Image: marks[0].Image, Lines: []string{"another"}}}})
	require.True(t, changed, "a text that changes is drawn")
}

func TestWatermarkOnASmallCanvas(t *testing.T) {
	t.Parallel()
	for _, size := range []int{16, 40, 100} {
		c := New(Config{Width: size, Height: size})
		canvas, _ := c.Draw(Scene{Watermarks: []Watermark{
			{Image: square(200, red), Lines: []string{"\u200b", "text", "😀 مرحبا"}},
			{Lines: []string{strings.Repeat("x", 4000)}},
		}})
		require.Equal(t, size, canvas.Width)
	}
}
