package compose

import (
	"image"
	"image/color"
	"math"

	"github.com/klatch/klatch/internal/picture"
)

func alpha(opacity byte) color.Alpha { return color.Alpha{A: opacity} }

func sqrt(v float32) float32 { return float32(math.Sqrt(float64(v))) }

// corners makes the tile's corners round, by printing the canvas's color over them.
func corners(width, height, radius int, c picture.Color) []overlay {
	r := float32(radius)
	var overlays []overlay
	for _, at := range [4]image.Point{{}, {X: width - radius}, {Y: height - radius}, {X: width - radius,
		Y: height - radius}} {
		p := newPath(radius, radius)
		p.square(0, 0, r, r)
		// The round part of a tile of twice the radius, moved so that this corner is inside.
		x, y := float32(0), float32(0)
		if at.X > 0 {
			x = -r
		}
		if at.Y > 0 {
			y = -r
		}
		p.round(x, y, 2*r, 2*r, r, true)
		overlays = append(overlays, overlay{at: at, shape: p.fill(255), color: c})
	}
	return overlays
}

// border runs along the inside of the tile, in four pieces, so that what lies between costs nothing.
func border(width, height, radius, thick int, c picture.Color) []overlay {
	r, t := float32(radius), float32(thick)
	end := max(radius, thick)
	var overlays []overlay
	for _, y := range [2]int{0, height - end} {
		p := newPath(width, end)
		p.round(0, -float32(y), float32(width), float32(height), r, false)
		p.round(t, t-float32(y), float32(width)-2*t, float32(height)-2*t, max(0, r-t), true)
		overlays = append(overlays, overlay{at: image.Pt(0, y), shape: p.fill(255), color: c})
	}
	for _, x := range [2]int{0, width - thick} {
		p := newPath(thick, height-2*end)
		p.square(0, 0, t, float32(height-2*end))
		overlays = append(overlays, overlay{at: image.Pt(x, end), shape: p.fill(255), color: c})
	}
	return overlays
}

func (p *path) square(x, y, w, h float32) { p.round(x, y, w, h, 0, false) }

// personIcon is a head and shoulders, for a name without a letter.
func personIcon(size int) *image.Alpha {
	s := float32(size)
	p := newPath(size, size)
	p.round(0.35*s, 0.2*s, 0.3*s, 0.3*s, 0.15*s, false)
	p.round(0.22*s, 0.56*s, 0.56*s, 0.7*s, 0.28*s, false)
	return p.fill(255)
}

// mutedMicIcon is a microphone that is struck out.
func mutedMicIcon(size int) *image.Alpha {
	s := float32(size)
	mic := newPath(size, size)
	mic.round(0.36*s, 0.04*s, 0.28*s, 0.52*s, 0.14*s, false)
	const steps = 10 // of the half circle below it
	for i := range steps {
		a, b := math.Pi*float64(i)/steps, math.Pi*float64(i+1)/steps
		mic.line(s/2+0.28*s*cos(a), 0.42*s+0.28*s*sin(a), s/2+0.28*s*cos(b), 0.42*s+0.28*s*sin(b), 0.09*s)
	}
	mic.line(s/2, 0.7*s, s/2, 0.94*s, 0.09*s)
	mic.line(0.3*s, 0.94*s, 0.7*s, 0.94*s, 0.09*s)
	shape := mic.fill(255)

	cut, stroke := newPath(size, size), newPath(size, size)
	cut.line(0.06*s, 0.06*s, 0.94*s, 0.94*s, 0.28*s)
	stroke.line(0.06*s, 0.06*s, 0.94*s, 0.94*s, 0.11*s)
	hole, bar := cut.fill(255), stroke.fill(255)
	for i := range shape.Pix {
		shape.Pix[i] = max(min(shape.Pix[i], 255-hole.Pix[i]), bar.Pix[i])
	}
	return shape
}

// screenIcon is a monitor on its foot.
func screenIcon(size int) *image.Alpha {
	s := float32(size)
	p := newPath(size, size)
	p.round(0.04*s, 0.1*s, 0.92*s, 0.62*s, 0.1*s, false)
	p.round(0.13*s, 0.19*s, 0.74*s, 0.44*s, 0.03*s, true)
	p.square(0.44*s, 0.72*s, 0.12*s, 0.12*s)
	p.square(0.26*s, 0.84*s, 0.48*s, 0.09*s)
	return p.fill(255)
}

// clipTo cuts the shape to another of the same size.
func clipTo(shape, limit *image.Alpha) {
	for i, a := range limit.Pix {
		shape.Pix[i] = min(shape.Pix[i], a)
	}
}

func cos(a float64) float32 { return float32(math.Cos(a)) }
func sin(a float64) float32 { return float32(math.Sin(a)) }
