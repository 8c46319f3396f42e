package compose

import (
	"image"

	"github.com/klatch/klatch/internal/picture"
)

// look is everything that a tile shows besides the picture. Comparable: a tile whose look and picture stay is not drawn again.
type look struct {
	id, name   string
	share      bool
	micOff     bool
	speaking   bool
	pictured   bool
	seen, area image.Rectangle // which part of the picture, and where on the canvas
}

// tile is one place on the canvas and what it shows now.
type tile struct {
	rect image.Rectangle
	look look

	picture *picture.Picture
	frame   uint64
	stamps  []stamp
	drawn   bool
}

// show makes the tile show that, and says whether it drew anything.
func (t *tile) show(c *Compositor, l look, p *picture.Picture, frame uint64) bool {
	if p != nil && (p.Width < 2 || p.Height < 2) {
		p = nil
	}
	if l.pictured = p != nil; l.pictured {
		l.seen, l.area = place(t.rect, p.Width, p.Height, l.share)
	}
	if t.drawn && t.look == l && t.picture == p && t.frame == frame {
		return false
	}
	if !t.drawn || t.look != l {
		t.stamps = c.stampsOf(t.rect, l)
	}
	t.look, t.picture, t.frame, t.drawn = l, p, frame, true

	if p == nil {
		part := c.canvas.Sub(t.rect)
		part.Fill(c.colors.tile)
	} else {
		for _, rest := range around(t.rect, l.area) {
			part := c.canvas.Sub(rest)
			part.Fill(c.colors.tile)
		}
		dst, src := c.canvas.Sub(l.area), p.Sub(l.seen)
		picture.Scale(&dst, &src)
	}
	part := c.canvas.Sub(t.rect)
	for _, s := range t.stamps {
		s.print(&part)
	}
	return true
}

// around is what of the outer rectangle lies outside the inner one, which touches it on two opposite sides at least.
func around(outer, inner image.Rectangle) (rest []image.Rectangle) {
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

// stampsOf is what is printed over a tile, in order.
func (c *Compositor) stampsOf(rect image.Rectangle, l look) (stamps []stamp) {
	width, height := rect.Dx(), rect.Dy()
	if !l.pictured && !l.share {
		stamps = append(stamps, c.avatar(width, height, l)...)
	}
	stamps = append(stamps, c.plate(width, height, l)...)
	radius := 2 * gap(c.canvas.Width, c.canvas.Height)
	if rect == c.canvas.Bounds() {
		radius = 0
	}
	if l.speaking {
		stamps = append(stamps, border(width, height, radius, max(2, gap(c.canvas.Width, c.canvas.Height)/2), c.colors.accent)...)
	}
	if radius > 0 {
		stamps = append(stamps, corners(width, height, radius, c.colors.canvas)...)
	}
	return stamps
}

// avatar is a disc with the initials, or with the outline of somebody.
func (c *Compositor) avatar(width, height int, l look) []stamp {
	size := even(min(width, height) * 45 / 100)
	if size < 8 {
		return nil
	}
	free := height - c.plateSize(height).taken()
	at := image.Pt(even((width-size)/2), even(max(0, min((height-size)/2, free-size))))
	disc := newPath(size, size)
	disc.round(0, 0, float32(size), float32(size), float32(size)/2, false)
	back := stamp{at: at, shape: disc.fill(255), color: avatarColor(l.id)}

	letters := c.letters(max(6, size*2/5))
	name := l.name
	if name == "" {
		name = l.id
	}
	front := stamp{at: at, color: c.colors.ink}
	if initials := letters.initials(name); initials != "" {
		front.shape, _ = letters.write(initials, size, size, true)
	} else {
		front.shape = somebody(size)
	}
	within(front.shape, back.shape)
	return []stamp{back, front}
}

// plateSize is how large the plate of a tile of some height is.
type plateSize struct{ letters, inset, high int }

func (c *Compositor) plateSize(height int) plateSize {
	size := min(max(9, height/20), max(11, min(c.canvas.Width, c.canvas.Height)/36))
	return plateSize{letters: size, inset: even(min(size, height/12) * 2 / 3), high: even(size*9/5 + 1)}
}

// taken is the height of the tile that the plate takes.
func (p plateSize) taken() int { return p.high + p.inset }

// plate is the name, low on the left, with the sign of a microphone that is off or of a shared screen before it.
func (c *Compositor) plate(width, height int, l look) []stamp {
	measures := c.plateSize(height)
	size, inset, high := measures.letters, measures.inset, measures.high
	letters := c.letters(size)
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
	if letters.readable(name) == "" {
		name = l.id
	}
	name = letters.shorten(letters.readable(name), room)
	text := letters.width(name)
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
	stamps := []stamp{{at: image.Pt(inset, y), shape: ground.fill(170), color: c.colors.plate}}
	if icon > 0 {
		at := image.Pt(even(x), y+even((high-icon)/2))
		if l.share {
			stamps = append(stamps, stamp{at: at, shape: screen(icon), color: c.colors.ink})
		} else {
			stamps = append(stamps, stamp{at: at, shape: mutedMic(icon), color: c.colors.alert})
		}
		x += icon + pad/2
	}
	if text > 0 {
		shape, colored := letters.write(name, even(text+2), high, false)
		stamps = append(stamps, stamp{at: image.Pt(even(x), y), shape: shape, color: c.colors.ink})
		if colored != nil {
			stamps = append(stamps, coloredStamp(image.Pt(even(x), y), colored))
		}
	}
	return stamps
}
