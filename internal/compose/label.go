package compose

import (
	"image"
	"image/color"
	"strings"
)

// Label draws lines of text as the watermarks of a composition have them: white, on black that is opaque by 0.3. It is
// for pictures that are not composed here. Not safe for concurrent use.
type Label struct {
	renderer   *textRenderer
	pad        int
	wide, high int // of the text without the edges at its sides
}

// NewLabel returns a label for text of that size in pixels, wide enough for every line whose digits alone differ from
// those of sample, and at most limit pixels wide.
func NewLabel(sample string, size, limit int) *Label {
	l := &Label{renderer: newTextRenderer(size, shared()), pad: even(size / 2), high: even(size*3/2 + 1)}
	sample = l.renderer.readable(sample)
	widest := l.renderer.width(sample)
	for digit := '0'; digit <= '9'; digit++ {
		widest = max(widest, l.renderer.width(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return digit
			}
			return r
		}, sample)))
	}
	l.wide = min(even(widest+1), even(limit)-2*l.pad)
	return l
}

// Size returns the size of all pictures of the label, which is even.
func (l *Label) Size() image.Point { return image.Pt(l.wide+2*l.pad, l.high) }

// Draw returns a picture with that line.
func (l *Label) Draw(line string) *image.NRGBA {
	text := l.renderer.shorten(l.renderer.readable(line), l.wide)
	shape, colored := l.renderer.render(text, l.wide, l.high, false)
	out := image.NewNRGBA(image.Rectangle{Max: l.Size()})
	for y := range l.high {
		for x := range l.wide + 2*l.pad {
			above := color.RGBA{}
			if in := x - l.pad; in >= 0 && in < l.wide {
				a := shape.AlphaAt(in, y).A
				above = color.RGBA{a, a, a, a}
				if colored != nil && colored.RGBAAt(in, y).A > 0 {
					above = colored.RGBAAt(in, y)
				}
			}
			ground := uint32(watermarkGround) * (255 - uint32(above.A)) / 255 // black adds nothing but this
			above.A = uint8(min(255, uint32(above.A)+ground))
			out.Set(x, y, above) // not multiplied by its alpha any more
		}
	}
	return out
}

// Tiles returns n tiles of 16:9, as large as they can be on a picture of that size, in rows.
func Tiles(width, height, n int) []image.Rectangle {
	return grid(image.Rect(0, 0, width, height), n, gap(width, height))
}
