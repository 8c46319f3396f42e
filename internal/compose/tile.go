package compose

import (
	"image"

	"github.com/klatch/klatch/internal/picture"
)

// tileContent is everything that a tile shows besides the picture. Comparable: a tile whose look and picture stay is
// not drawn again.
type tileContent struct {
	id, name   string
	share      bool
	micOff     bool
	speaking   bool
	pictured   bool
	seen, area image.Rectangle // which part of the picture, and where on the canvas
}

// tile is one place on the canvas and what it shows now.
type tile struct {
	rect    image.Rectangle
	content tileContent

	picture  *picture.Picture
	frame    uint64
	overlays []overlay
	drawn    bool
}

// draw makes the tile show that, and reports whether it drew anything.
func (t *tile) draw(c *Compositor, l tileContent, p *picture.Picture, frame uint64) bool {
	if p != nil && (p.Width < 2 || p.Height < 2) {
		p = nil
	}
	if l.pictured = p != nil; l.pictured {
		l.seen, l.area = place(t.rect, p.Width, p.Height, l.share)
	}
	if t.drawn && t.content == l && t.picture == p && t.frame == frame {
		return false
	}
	if !t.drawn || t.content != l {
		t.overlays = c.overlaysOf(t.rect, l)
	}
	t.content, t.picture, t.frame, t.drawn = l, p, frame, true

	if p == nil {
		part := c.canvas.Sub(t.rect)
		part.Fill(c.colors.tile)
	} else {
		for _, rest := range outside(t.rect, l.area) {
			part := c.canvas.Sub(rest)
			part.Fill(c.colors.tile)
		}
		dst, src := c.canvas.Sub(l.area), p.Sub(l.seen)
		picture.Scale(&dst, &src)
	}
	part := c.canvas.Sub(t.rect)
	for _, s := range t.overlays {
		s.blendOver(&part)
	}
	return true
}

// outside is what of the outer rectangle lies outside the inner one, which touches it on two opposite sides at least.
func outside(outer, inner image.Rectangle) (rest []image.Rectangle) {
	for _, r := range [4]image.Rectangle{
		{Min: outer.Min, Max: image.Pt(outer.Max.X, inner.Min.Y)},
		{Min: image.Pt(outer.Min.X, inner.Max.Y), Max: outer.Max},
		{Min: outer.Min, Max: image.Pt(inner.Min.X, outer.Max.Y)},
		{Min: image.Pt(inner.Max.X, outer.Min.Y), Max: outer.Max},
	} {
		if !r.Empty() {
			rest = append(rest, r)
		}
	}
	return rest
}

// overlaysOf is what is printed over a tile, in order.
func (c *Compositor) overlaysOf(rect image.Rectangle, l tileContent) (overlays []overlay) {
	width, height := rect.Dx(), rect.Dy()
	if !l.pictured && !l.share {
		overlays = append(overlays, c.avatar(width, height, l)...)
	}
	overlays = append(overlays, c.namePlate(width, height, l)...)
	radius := 2 * gap(c.canvas.Width, c.canvas.Height)
	if rect == c.canvas.Bounds() {
		radius = 0
	}
	if l.speaking {
		overlays = append(
			overlays,
			border(width, height, radius, max(2, gap(c.canvas.Width, c.canvas.Height)/2), c.colors.accent)...)
	}
	if radius > 0 {
		overlays = append(overlays, corners(width, height, radius, c.colors.canvas)...)
	}
	return overlays
}

// avatar is a disc with the initials, or with the outline of somebody.
func (c *Compositor) avatar(width, height int, l tileContent) []overlay {
	size := even(min(width, height) * 45 / 100)
	if size < 8 {
		return nil
	}
	free := height - c.namePlateSize(height).taken()
	at := image.Pt(even((width-size)/2), even(max(0, min((height-size)/2, free-size))))
	disc := newPath(size, size)
	disc.round(0, 0, float32(size), float32(size), float32(size)/2, false)
	back := overlay{at: at, shape: disc.fill(255), color: avatarColor(l.id)}

	renderer := c.textRenderer(max(6, size*2/5))
	name := l.name
	if name == "" {
		name = l.id
	}
	front := overlay{at: at, color: c.colors.ink}
	if initials := renderer.initials(name); initials != "" {
		front.shape, _ = renderer.render(initials, size, size, true)
	} else {
		front.shape = personIcon(size)
	}
	clipTo(front.shape, back.shape)
	return []overlay{back, front}
}

// namePlateSize is how large the plate of a tile of some height is.
type namePlateSize struct{ textSize, inset, high int }

func (c *Compositor) namePlateSize(height int) namePlateSize {
	size := min(max(9, height/20), max(11, min(c.canvas.Width, c.canvas.Height)/36))
	return namePlateSize{textSize: size, inset: even(min(size, height/12) * 2 / 3), high: even(size*9/5 + 1)}
}

// taken is the height of the tile that the plate takes.
func (p namePlateSize) taken() int { return p.high + p.inset }

// namePlate is the name, low on the left, with the sign of a microphone that is off or of a shared screen before it.
func (c *Compositor) namePlate(width, height int, l tileContent) []overlay {
	measures := c.namePlateSize(height)
	size, inset, high := measures.textSize, measures.inset, measures.high
	renderer := c.textRenderer(size)
	pad := size / 2
	room := width - 2*inset - 2*pad
	icon := 0
	if l.micOff || l.share {
		icon = even(size + 1)
		room -= icon + pad/2
	}
	if high+2*inset > height || room < size {
		return nil
	}
	name := l.name
	if renderer.readable(name) == "" {
		name = l.id
	}
	name = renderer.shorten(renderer.readable(name), room)
	text := renderer.width(name)
	if text == 0 && icon == 0 {
		return nil
	}

	wide := 2*pad + text
	x := inset + pad
	if icon > 0 {
		wide += icon
		if text > 0 {
			wide += pad / 2
		}
	}
	wide = even(wide + 1)
	y := even(height - inset - high)
	ground := newPath(wide, high)
	ground.round(0, 0, float32(wide), float32(high), float32(size)/2, false)
	overlays := []overlay{{at: image.Pt(inset, y), shape: ground.fill(170), color: c.colors.plate}}
	if icon > 0 {
		at := image.Pt(even(x), y+even((high-icon)/2))
		if l.share {
			overlays = append(overlays, overlay{at: at, shape: screenIcon(icon), color: c.colors.ink})
		} else {
			overlays = append(overlays, overlay{at: at, shape: mutedMicIcon(icon), color: c.colors.alert})
		}
		x += icon + pad/2
	}
	if text > 0 {
		shape, colored := renderer.render(name, even(text+2), high, false)
		overlays = append(overlays, overlay{at: image.Pt(even(x), y), shape: shape, color: c.colors.ink})
		if colored != nil {
			overlays = append(overlays, coloredOverlay(image.Pt(even(x), y), colored))
		}
	}
	return overlays
}
