package compose

import (
	"image"

	"golang.org/x/image/vector"

	"github.com/klatch/klatch/internal/picture"
)

// overlay is a shape of one color, or of its own, that is blended over a picture, at an even place of the tile.
type overlay struct {
	at    image.Point
	shape *image.Alpha // of even size, from (0, 0)
	color picture.Color
	// colors are those of each point of the shape, in place of color; nil for most.
	colors *picture.Picture
}

// blendOver blends the overlay over the tile, as far as it lies inside. As the loops of picture.Scale it is not
// instrumented by the race detector.
//
//go:norace
func (s overlay) blendOver(tile *picture.Picture) {
	area := s.shape.Rect.Add(s.at).Intersect(tile.Bounds())
	area.Max = image.Pt(even(area.Max.X), even(area.Max.Y))
	if s.at.X < 0 || s.at.Y < 0 || area.Empty() {
		return
	}
	for y := area.Min.Y; y < area.Max.Y; y += 2 {
		over0 := s.shape.Pix[(y-s.at.Y)*s.shape.Stride:][:area.Dx()]
		over1 := s.shape.Pix[(y-s.at.Y+1)*s.shape.Stride:][:area.Dx()]
		luma0 := tile.Y[y*tile.StrideY+area.Min.X:][:area.Dx()]
		luma1 := tile.Y[(y+1)*tile.StrideY+area.Min.X:][:area.Dx()]
		c := y/2*tile.StrideC + area.Min.X/2
		u, v := tile.U[c:][:area.Dx()/2], tile.V[c:][:area.Dx()/2]
		if s.colors != nil {
			s.blendColors(y-s.at.Y, over0, over1, luma0, luma1, u, v)
			continue
		}
		for x := 0; x < len(over0); x += 2 {
			a, b, c, d := over0[x], over0[x+1], over1[x], over1[x+1]
			if a|b|c|d == 0 {
				continue
			}
			luma0[x], luma0[x+1] = blend(luma0[x], s.color.Y, a), blend(luma0[x+1], s.color.Y, b)
			luma1[x], luma1[x+1] = blend(luma1[x], s.color.Y, c), blend(luma1[x+1], s.color.Y, d)
			all := byte((uint(a) + uint(b) + uint(c) + uint(d) + 2) / 4)
			u[x/2], v[x/2] = blend(u[x/2], s.color.U, all), blend(v[x/2], s.color.V, all)
		}
	}
}

// blendColors blends two rows of an overlay with colors of its own, from row y of it on.
//
//go:norace
func (s overlay) blendColors(y int, over0, over1, luma0, luma1, u, v []byte) {
	for x, a := range over0 {
		luma0[x] = blend(luma0[x], s.colors.Y[y*s.colors.StrideY+x], a)
	}
	for x, a := range over1 {
		luma1[x] = blend(luma1[x], s.colors.Y[(y+1)*s.colors.StrideY+x], a)
	}
	for x := range u {
		all := byte((uint(over0[2*x]) + uint(over0[2*x+1]) + uint(over1[2*x]) + uint(over1[2*x+1]) + 2) / 4)
		at := y/2*s.colors.StrideC + x
		u[x], v[x] = blend(u[x], s.colors.U[at], all), blend(v[x], s.colors.V[at], all)
	}
}

//go:norace
func blend(under, over, alpha byte) byte {
	return byte((uint(under)*(255-uint(alpha)) + uint(over)*uint(alpha) + 127) / 255)
}

// path collects outlines and fills them.
type path struct{ vector.Rasterizer }

func newPath(width, height int) *path {
	p := &path{}
	p.Reset(width, height)
	return p
}

// fill is the shape inside the outlines, that opaque.
func (p *path) fill(opacity byte) *image.Alpha {
	shape := image.NewAlpha(image.Rectangle{Max: p.Size()})
	p.Draw(shape, shape.Rect, image.NewUniform(alpha(opacity)), image.Point{})
	return shape
}

// round adds a rectangle with round corners. Turned around it is a hole in what it lies in.
func (p *path) round(x, y, w, h, radius float32, around bool) {
	const k = 0.5523 // of the radius: control points of a quarter of a circle
	radius = min(radius, w/2, h/2)
	c := radius * (1 - k)
	right, bottom := x+w, y+h
	p.MoveTo(x+radius, y)
	if around {
		p.CubeTo(x+c, y, x, y+c, x, y+radius)
		p.LineTo(x, bottom-radius)
		p.CubeTo(x, bottom-c, x+c, bottom, x+radius, bottom)
		p.LineTo(right-radius, bottom)
		p.CubeTo(right-c, bottom, right, bottom-c, right, bottom-radius)
		p.LineTo(right, y+radius)
		p.CubeTo(right, y+c, right-c, y, right-radius, y)
	} else {
		p.LineTo(right-radius, y)
		p.CubeTo(right-c, y, right, y+c, right, y+radius)
		p.LineTo(right, bottom-radius)
		p.CubeTo(right, bottom-c, right-c, bottom, right-radius, bottom)
		p.LineTo(x+radius, bottom)
		p.CubeTo(x+c, bottom, x, bottom-c, x, bottom-radius)
		p.LineTo(x, y+radius)
		p.CubeTo(x, y+c, x+c, y, x+radius, y)
	}
	p.ClosePath()
}

// line adds a stroke with square ends.
func (p *path) line(x0, y0, x1, y1, width float32) {
	dx, dy := x1-x0, y1-y0
	length := sqrt(dx*dx + dy*dy)
	nx, ny := -dy/length*width/2, dx/length*width/2
	p.MoveTo(x0+nx, y0+ny)
	p.LineTo(x0-nx, y0-ny)
	p.LineTo(x1-nx, y1-ny)
	p.LineTo(x1+nx, y1+ny)
	p.ClosePath()
}
