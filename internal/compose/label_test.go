package compose

import (
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLabelKeepsItsSize(t *testing.T) {
	l := NewLabel("2026-11-11 11:11:11", 24, 1280)
	size := l.Size()
	require.Zero(t, size.X%2+size.Y%2)
	brightest := func(p *image.NRGBA) (most color.NRGBA) {
		for y := range size.Y {
			for x := range size.X {
				if c := p.NRGBAAt(x, y); c.A > most.A {
					most = c
				}
			}
		}
		return most
	}
	for _, text := range []string{"2026-11-11 11:11:11", "2048-08-08 08:48:48", "a line that is longer than the sample"} {
		p := l.Draw(text)
		require.Equal(t, size, p.Rect.Size())
		require.Equal(t, color.NRGBA{A: watermarkGround}, p.NRGBAAt(0, 0), "the ground is black")
		require.Equal(t, color.NRGBA{255, 255, 255, 255}, brightest(p), "the text is white")
	}
	require.Equal(t, 200, NewLabel("a line that is much longer than there is room for it", 24, 200).Size().X)
}

func TestTiles(t *testing.T) {
	require.Len(t, Tiles(1280, 720, 1), 1)
	tiles := Tiles(1280, 720, 25)
	require.Len(t, tiles, 25)
	for i, a := range tiles {
		require.True(t, a.In(image.Rect(0, 0, 1280, 720)), "%v", a)
		for _, b := range tiles[:i] {
			require.False(t, a.Overlaps(b), "%v %v", a, b)
		}
	}
}
