package testcard

import (
	"bytes"
	"image"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/vp8"
	"pgregory.net/rapid"
)

func decode(t require.TestingT, frame []byte) *image.YCbCr {
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(frame), len(frame))
	_, err := d.DecodeFrameHeader()
	require.NoError(t, err)
	picture, err := d.DecodeFrame()
	require.NoError(t, err)
	return picture
}

func colorAt(p *image.YCbCr, x, y int) Color {
	c := p.YCbCrAt(x, y)
	return Color{c.Y, c.Cb, c.Cr}
}

// Whatever is painted comes out of a decoder that we did not write, pixel for pixel.
func TestEncoderIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(16, 150).Draw(t, "width"), rapid.IntRange(16, 150).Draw(t, "height")
		e := newEncoder(width, height)
		for i := range e.blocks {
			e.blocks[i] = Color{rapid.Uint8().Draw(t, "y"), rapid.Uint8().Draw(t, "u"), rapid.Uint8().Draw(t, "v")}
		}
		picture := decode(t, e.encode())
		require.Equal(t, width, picture.Bounds().Dx())
		require.Equal(t, height, picture.Bounds().Dy())
		for y := range height {
			for x := range width {
				require.Equal(t, e.blocks[y/16*e.columns+x/16], colorAt(picture, x, y), "pixel %d,%d", x, y)
			}
		}
	})
}

func TestCard(t *testing.T) {
	card, err := New(640, 360, "ann")
	require.NoError(t, err)
	const n = 0b1011
	picture := decode(t, card.Frame(n))
	quadrants := card.Quadrants()
	for i, at := range []image.Point{{100, 100}, {500, 100}, {100, 300}, {500, 300}} {
		require.Equal(t, quadrants[i], colorAt(picture, at.X, at.Y))
	}
	for bit := range 32 {
		want := Black
		if n>>bit&1 == 1 {
			want = White
		}
		require.Equal(t, want, colorAt(picture, bit*16+8, 8), "bit %d", bit)
	}
	require.Equal(t, White, colorAt(picture, n*16+8, 23/2*16+8), "moving block")
	other, err := New(640, 360, "bob")
	require.NoError(t, err)
	require.NotEqual(t, quadrants, other.Quadrants())
	_, err = New(8, 8, "")
	require.ErrorIs(t, err, ErrSize)
}
