package picture

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func noise(width, height int, seed uint64) *Picture {
	p := New(width, height)
	r := rand.New(rand.NewPCG(seed, 1))
	for _, pl := range p.planes() {
		for i := range pl.pix {
			pl.pix[i] = byte(r.Uint32())
		}
	}
	return p
}

func TestNewIsBlackAndWithoutGaps(t *testing.T) {
	p := New(6, 4)
	raw := p.Append(nil)
	require.Len(t, raw, Size(6, 4))
	require.Equal(t, 36, len(raw))
	for i, v := range raw {
		want := byte(16)
		if i >= 24 {
			want = 128
		}
		require.Equal(t, want, v, "byte %d", i)
	}
}

func TestWrapOfOddSize(t *testing.T) {
	require.Equal(t, 5*3+2*3*2, Size(5, 3))
	p := noise(5, 3, 1)
	again := Wrap(5, 3, p.Append(nil))
	require.Equal(t, p, again)
}

func TestAppendOfASub(t *testing.T) {
	p := noise(16, 8, 2)
	sub := p.Sub(image.Rect(4, 2, 12, 6))
	raw := sub.Append(nil)
	require.Len(t, raw, Size(8, 4))
	require.Equal(t, p.Y[2*16+4:2*16+12], raw[:8])
	require.Equal(t, p.U[1*8+2:1*8+6], raw[32:36])
}

func TestSubIsCutAndEven(t *testing.T) {
	p := New(16, 8)
	sub := p.Sub(image.Rect(3, 3, 100, 100))
	require.Equal(t, 14, sub.Width)
	require.Equal(t, 6, sub.Height)
	outside := p.Sub(image.Rect(50, 50, 60, 60))
	require.Zero(t, outside.Width)
	outside.Fill(Black)
	Scale(&outside, p)
}

func TestFillOfASubLeavesTheRest(t *testing.T) {
	p := New(8, 8)
	white := RGB(255, 255, 255)
	sub := p.Sub(image.Rect(2, 2, 6, 6))
	sub.Fill(white)
	for y := range 8 {
		for x := range 8 {
			want := Black.Y
			if x >= 2 && x < 6 && y >= 2 && y < 6 {
				want = white.Y
			}
			require.Equal(t, want, p.Y[y*8+x], "(%d, %d)", x, y)
		}
	}
}

func TestRGB(t *testing.T) {
	require.Equal(t, Color{16, 128, 128}, RGB(0, 0, 0))
	require.Equal(t, Color{235, 128, 128}, RGB(255, 255, 255))
	require.Equal(t, Color{82, 90, 240}, RGB(255, 0, 0))
	require.Equal(t, Color{144, 54, 34}, RGB(0, 255, 0))
	require.Equal(t, Color{41, 240, 110}, RGB(0, 0, 255))
}

func TestBlitIsCutAtEveryEdge(t *testing.T) {
	src := noise(8, 6, 3)
	for _, at := range []image.Point{{0, 0}, {4, 2}, {-4, -2}, {12, 8}, {-8, 0}, {16, 10}, {100, -100}, {-2, 8}} {
		dst := New(16, 10)
		Blit(dst, at.X, at.Y, src)
		for y := range 10 {
			for x := range 16 {
				want := Black.Y
				if sx, sy := x-at.X, y-at.Y; sx >= 0 && sx < 8 && sy >= 0 && sy < 6 {
					want = src.Y[sy*8+sx]
				}
				require.Equal(t, want, dst.Y[y*16+x], "at %v: (%d, %d)", at, x, y)
			}
		}
	}
}

func TestScaleOfEqualSizeCopies(t *testing.T) {
	src, dst := noise(34, 18, 4), New(34, 18)
	Scale(dst, src)
	require.Equal(t, src, dst)
}

// The fast rows must return what the definition of bilinear scaling returns, within rounding.
func TestScaleAgainstDefinition(t *testing.T) {
	sizes := []image.Point{{1, 1}, {2, 2}, {3, 5}, {16, 9}, {17, 11}, {33, 18}, {40, 24}, {64, 36}, {63, 37}}
	for _, from := range sizes {
		for _, to := range sizes {
			src, dst := noise(from.X, from.Y, 5), New(to.X, to.Y)
			Scale(dst, src)
			in, out := src.planes(), dst.planes()
			for i := range out {
				if in[i].width >= 2*out[i].width && in[i].height >= 2*out[i].height {
					continue // halved first; tested below
				}
				for y := range out[i].height {
					for x := range out[i].width {
						want := bilinear(in[i], out[i], x, y)
						require.InDelta(t, want, float64(out[i].row(y)[x]), 3.2, "%v to %v plane %d at (%d, %d)", from, to, i, x, y)
					}
				}
			}
		}
	}
}

func bilinear(src, dst plane, x, y int) float64 {
	place := func(at, m, n int) (int, int, float64) {
		pos := min(max((float64(at)+0.5)*float64(m)/float64(n)-0.5, 0), float64(m-1))
		i := int(pos)
		return i, min(i+1, m-1), pos - float64(i)
	}
	x0, x1, fx := place(x, src.width, dst.width)
	y0, y1, fy := place(y, src.height, dst.height)
	at := func(x, y int) float64 { return float64(src.row(y)[x]) }
	return (at(x0, y0)*(1-fx)+at(x1, y0)*fx)*(1-fy) + (at(x0, y1)*(1-fx)+at(x1, y1)*fx)*fy
}

func TestHalveIsTheAverage(t *testing.T) {
	src, dst := noise(38, 22, 6), New(19, 11)
	Scale(dst, src)
	for y := range 11 {
		for x := range 19 {
			sum := 0
			for _, i := range []int{2*y*38 + 2*x, 2*y*38 + 2*x + 1, (2*y+1)*38 + 2*x, (2*y+1)*38 + 2*x + 1} {
				sum += int(src.Y[i])
			}
			require.Equal(t, byte((sum+2)/4), dst.Y[y*19+x])
		}
	}
}

// A fine checkerboard must become grey at a quarter of the size, not a pattern of its own.
func TestScaleFarDownAverages(t *testing.T) {
	src, dst := New(400, 240), New(90, 54)
	for y := range 240 {
		for x := range 400 {
			src.Y[y*400+x] = byte(200 * ((x + y) & 1))
		}
	}
	Scale(dst, src)
	for _, v := range dst.Y {
		require.InDelta(t, 100, int(v), 2)
	}
}

func TestScaleKeepsAFlatPicture(t *testing.T) {
	c := RGB(40, 90, 200)
	for _, to := range []image.Point{{1, 1}, {7, 7}, {50, 31}, {640, 360}, {21, 400}} {
		src, dst := New(100, 60), New(to.X, to.Y)
		src.Fill(c)
		want := New(to.X, to.Y)
		want.Fill(c)
		Scale(dst, src)
		require.Equal(t, want, dst)
	}
}

// The scratch is the test's own: the pool is emptied by collections, and at random under the race detector.
func TestNothingAllocatesPerFrame(t *testing.T) {
	canvas := New(1280, 720)
	src := noise(640, 360, 7)
	big := noise(1920, 1080, 8)
	raw := make([]byte, 0, Size(1280, 720))
	kept := new(scratch)
	draw := func(r image.Rectangle, p *Picture) {
		part := canvas.Sub(r)
		to, from := part.planes(), p.planes()
		for i := range to {
			kept.scale(to[i], from[i])
		}
	}
	require.Zero(t, testing.AllocsPerRun(5, func() {
		draw(image.Rect(10, 10, 800, 500), src)
		draw(image.Rect(800, 10, 1100, 200), big)
		Blit(canvas, 300, 400, src)
		canvas.Fill(Black)
		raw = canvas.Append(raw[:0])
	}))
}

func BenchmarkScale(b *testing.B) {
	for _, c := range []struct {
		name     string
		from, to image.Point
	}{
		{"same", image.Pt(640, 360), image.Pt(640, 360)},
		{"half", image.Pt(1280, 720), image.Pt(640, 360)},
		{"up", image.Pt(640, 360), image.Pt(1280, 720)},
		{"down", image.Pt(640, 360), image.Pt(416, 234)},
		{"far_down", image.Pt(1920, 1080), image.Pt(416, 234)},
	} {
		b.Run(c.name, func(b *testing.B) {
			src, dst := noise(c.from.X, c.from.Y, 1), New(c.to.X, c.to.Y)
			for b.Loop() {
				Scale(dst, src)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.to.X*c.to.Y), "ns/px")
		})
	}
}
