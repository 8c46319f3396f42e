// Package picture is raw video in memory: I420 pictures, and the few operations a compositor needs on them. It owns no
// goroutine and allocates nothing per frame. The decoder makes pictures, compose lays them out on a canvas, and the
// encoder takes the canvas.
package picture

import "image"

// Picture is an I420 picture: a plane of luma and two planes of chroma, each with half the width and half the height,
// rounded up. Samples are BT.601 limited range, as cameras send them over WebRTC. Planes may lie inside a larger
// picture (see Sub), so rows are Stride bytes apart. Whoever writes to a picture must be alone with it.
type Picture struct {
	Width, Height    int
	Y, U, V          []byte
	StrideY, StrideC int
}

// Size is the number of bytes of a picture without gaps between its rows and planes.
func Size(width, height int) int {
	return width*height + 2*((width+1)/2)*((height+1)/2)
}

// New returns a black picture whose planes follow each other without gaps.
func New(width, height int) *Picture {
	p := Wrap(width, height, make([]byte, Size(width, height)))
	p.Fill(Black)
	return p
}

// Wrap looks at the first Size(width, height) bytes of buf as a picture; it shares their memory.
func Wrap(width, height int, buf []byte) *Picture {
	chromaWidth := (width + 1) / 2
	luma, chroma := width*height, chromaWidth*((height+1)/2)
	return &Picture{
		Width: width, Height: height, StrideY: width, StrideC: chromaWidth,
		Y: buf[:luma:luma],
		U: buf[luma : luma+chroma : luma+chroma],
		V: buf[luma+chroma : luma+2*chroma : luma+2*chroma],
	}
}

// Bounds is the rectangle of the whole picture, from (0, 0).
func (p *Picture) Bounds() image.Rectangle { return image.Rect(0, 0, p.Width, p.Height) }

// Append adds the picture to buf without gaps, the way ffmpeg's rawvideo wants it.
func (p *Picture) Append(buf []byte) []byte {
	for _, pl := range p.planes() {
		if pl.stride == pl.width {
			buf = append(buf, pl.pix[:pl.width*pl.height]...)
			continue
		}
		for y := range pl.height {
			buf = append(buf, pl.row(y)...)
		}
	}
	return buf
}

// Sub is the part of the picture inside r, cut to the picture; it shares its memory. The left and upper edge move
// to even places, where chroma samples begin. An empty part has size 0 and can be drawn on without effect.
func (p *Picture) Sub(r image.Rectangle) Picture {
	r = r.Intersect(p.Bounds())
	if r.Empty() {
		return Picture{}
	}
	r.Min.X &^= 1
	r.Min.Y &^= 1
	luma := r.Min.Y*p.StrideY + r.Min.X
	chroma := r.Min.Y/2*p.StrideC + r.Min.X/2
	return Picture{
		Width: r.Dx(), Height: r.Dy(), StrideY: p.StrideY, StrideC: p.StrideC,
		Y: p.Y[luma:], U: p.U[chroma:], V: p.V[chroma:],
	}
}

// Fill paints the whole picture with one color.
func (p *Picture) Fill(c Color) {
	planes := p.planes()
	for i, v := range [3]byte{c.Y, c.U, c.V} {
		planes[i].fill(v)
	}
}

// Blit copies src onto dst with its upper left corner at (x, y), moved to even places and cut at the edges of dst.
func Blit(dst *Picture, x, y int, src *Picture) {
	x, y = x&^1, y&^1
	to := dst.Sub(image.Rect(x, y, x+src.Width, y+src.Height))
	if to.Width == 0 {
		return
	}
	left, top := max(-x, 0), max(-y, 0)
	from := src.Sub(image.Rect(left, top, left+to.Width, top+to.Height))
	copyPicture(&to, &from)
}

func copyPicture(dst, src *Picture) {
	to, from := dst.planes(), src.planes()
	for i := range to {
		to[i].copy(from[i])
	}
}

// plane is one of the three planes of a picture.
type plane struct {
	width, height, stride int
	pix                   []byte
}

func (p *Picture) planes() [3]plane {
	chromaWidth, chromaHeight := (p.Width+1)/2, (p.Height+1)/2
	return [3]plane{
		{p.Width, p.Height, p.StrideY, p.Y},
		{chromaWidth, chromaHeight, p.StrideC, p.U},
		{chromaWidth, chromaHeight, p.StrideC, p.V},
	}
}

func (p plane) row(y int) []byte {
	at := y * p.stride
	return p.pix[at : at+p.width : at+p.width]
}

func (p plane) fill(v byte) {
	if p.width == 0 || p.height == 0 {
		return
	}
	first := p.row(0)
	for x := range first {
		first[x] = v
	}
	for y := 1; y < p.height; y++ {
		copy(p.row(y), first)
	}
}

// copy takes over the samples of another plane of the same size.
func (p plane) copy(from plane) {
	if p.stride == p.width && from.stride == p.width {
		copy(p.pix[:p.width*p.height], from.pix)
		return
	}
	for y := range min(p.height, from.height) {
		copy(p.row(y), from.row(y))
	}
}
