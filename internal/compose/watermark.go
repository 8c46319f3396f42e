package compose

import (
	"image"
	"slices"

	"github.com/klatch/klatch/internal/picture"
)

// Watermark is printed over the canvas: an image, and lines of text below it.
type Watermark struct {
	Image *image.RGBA // of even size; nil for none
	Lines []string
}

// same reports whether two watermarks look the same. An image that is given again is taken to be unchanged.
func (w Watermark) same(other Watermark) bool {
	return w.Image == other.Image && slices.Equal(w.Lines, other.Lines)
}

// The measures of watermarks are the published ones of merged recordings, which are for 720p: 20 pixels from the edges,
// text of 24 pixels, in white on black that is opaque by 0.3.
const (
	watermarkMargin = 36 // of the shorter side of the canvas, as a fraction: 1/36
	watermarkText   = 30
	watermarkGround = 77 // of 255
)

// watermarkLayer prints watermarks over a canvas whose tiles are drawn one by one. It takes itself off before tiles are
// drawn, so that what shines through is always the picture of the moment, and never an older print.
type watermarkLayer struct {
	shown    []Watermark
	overlays []overlay
	area     image.Rectangle  // of all overlays
	under    *picture.Picture // what the canvas has there
	printed  bool
}

// takeOff puts back what the canvas had under the watermarks.
func (l *watermarkLayer) takeOff(canvas *picture.Picture) {
	if l.printed {
		picture.Blit(canvas, l.area.Min.X, l.area.Min.Y, l.under)
		l.printed = false
	}
}

// print prints the watermarks, and reports whether they differ from those that were printed last.
func (l *watermarkLayer) print(c *Compositor, marks []Watermark) (changed bool) {
	if !slices.EqualFunc(l.shown, marks, Watermark.same) {
		changed = true
		l.shown = slices.Clone(marks)
		l.overlays = c.watermarkOverlays(marks)
		l.area = image.Rectangle{}
		for _, o := range l.overlays {
			l.area = l.area.Union(o.shape.Rect.Add(o.at))
		}
		l.area = l.area.Intersect(c.canvas.Bounds())
		l.under = picture.New(l.area.Dx(), l.area.Dy())
	}
	if l.area.Empty() {
		return changed
	}
	part := c.canvas.Sub(l.area)
	picture.Blit(l.under, 0, 0, &part)
	for _, o := range l.overlays {
		o.blendOver(c.canvas)
	}
	l.printed = true
	return changed
}

// watermarkOverlays lays the watermarks out: they stand above each other in the lower right corner, the first one on
// top, at the right edge. What does not fit any more is left out.
func (c *Compositor) watermarkOverlays(marks []Watermark) (overlays []overlay) {
	width, height := c.canvas.Width, c.canvas.Height
	short := min(width, height)
	margin, size := even(short/watermarkMargin), max(6, short/watermarkText)
	high, gap := even(size*3/2+1), even(size/3+1)
	right, y := even(width-margin), even(height-margin)
	renderer := c.textRenderer(size)
	for i := len(marks) - 1; i >= 0; i-- {
		for _, line := range slices.Backward(marks[i].Lines) {
			pad := even(size / 2)
			text := renderer.shorten(renderer.readable(line), right-margin-2*pad)
			wide := even(renderer.width(text) + 1)
			if text == "" || y-high < margin {
				continue
			}
			y -= high
			ground := newPath(wide+2*pad, high)
			ground.square(0, 0, float32(wide+2*pad), float32(high))
			at := image.Pt(right-wide-pad, y)
			overlays = append(overlays, overlay{
				at: at.Sub(image.Pt(pad, 0)), shape: ground.fill(watermarkGround), color: picture.RGB(0, 0, 0),
			})
			shape, colored := renderer.render(text, wide, high, false)
			overlays = append(overlays, overlay{at: at, shape: shape, color: picture.RGB(255, 255, 255)})
			if colored != nil {
				overlays = append(overlays, coloredOverlay(at, colored))
			}
		}
		if picture := marks[i].Image; picture != nil {
			of := picture.Rect.Size()
			if at := image.Pt(even(right-of.X), even(y-of.Y)); at.X >= 0 && at.Y >= 0 {
				y = at.Y
				overlays = append(overlays, coloredOverlay(at, picture))
			}
		}
		y -= gap
	}
	return overlays
}
