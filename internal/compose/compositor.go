// Package compose draws a meeting as one picture: people in tiles, a shared screen,
// names, and who is speaking. It owns the canvas and the rules of the layouts; what
// people look like comes in as pictures, and the encoder takes the canvas. It has no goroutine and no
// clock: the egress worker calls Draw for every picture it sends on.
//
// Only tiles that changed are drawn again. When places change the canvas is drawn anew, once.
package compose

import (
	"slices"

	"github.com/klatch/klatch/internal/picture"
)

// Compositor draws scenes. Not safe for concurrent use.
type Compositor struct {
	Selector
	colors  colors
	canvas  *picture.Picture
	tiles   []tile
	started bool
	marks   watermarkLayer
	fonts   *fonts
	faces   map[int]*textRenderer // by size; a layout has three or so
}

// New returns a compositor with an empty canvas.
func New(c Config) *Compositor {
	c.Width, c.Height = max(16, even(c.Width)), max(16, even(c.Height))
	return &Compositor{
		Selector: *NewSelector(c),
		colors:   c.Theme.colors(),
		canvas:   picture.New(c.Width, c.Height),
		fonts:    shared(),
		faces:    map[int]*textRenderer{},
	}
}

// Draw returns the canvas with that scene on it, and whether it differs from the last one. The canvas stays the
// compositor's: it is valid, and must not be changed, until the next Draw. Scene's pictures are only
// read during the call, but a picture that is given again with the same Frame is taken to be unchanged.
func (c *Compositor) Draw(scene Scene) (canvas *picture.Picture, changed bool) {
	c.marks.takeOff(c.canvas)
	seen := c.selectPeople(scene)
	changed = c.setPlaces(seen)

	tiles := c.tiles
	if seen.share {
		s := scene.Share
		changed = tiles[0].draw(c, tileContent{id: s.ID, name: s.Name, share: true}, s.Picture, s.Frame) || changed
		tiles = tiles[1:]
	}
	people := seen.tiles
	if seen.main != nil {
		changed = tiles[0].drawPerson(c, seen.main) || changed
		tiles = tiles[1:]
	}
	for i, p := range people {
		changed = tiles[i].drawPerson(c, p) || changed
	}
	return c.canvas, c.marks.print(c, scene.Watermarks) || changed
}

func (t *tile) drawPerson(c *Compositor, p *Person) bool {
	l := tileContent{id: p.ID, name: p.Name, micOff: !p.MicOn, speaking: p.Speaking}
	if !p.CameraOn {
		return t.draw(c, l, nil, 0)
	}
	return t.draw(c, l, p.Picture, p.Frame)
}

// Shown is a tile as it was drawn last: the picture of a participant's camera or share, at that size.
type Shown struct {
	ID            string
	Share         bool
	Width, Height int
}

// Shown lists the tiles, so that the worker asks for and decodes what is seen, in the quality in which it is seen.
func (c *Compositor) Shown() []Shown {
	shown := make([]Shown, len(c.tiles))
	for i, t := range c.tiles {
		shown[i] = Shown{ID: t.content.id, Share: t.content.share, Width: t.rect.Dx(), Height: t.rect.Dy()}
	}
	return shown
}

// setPlaces lays the tiles out for a selection. If any place moved the canvas is cleared.
func (c *Compositor) setPlaces(seen selection) (changed bool) {
	hasMain := seen.share || seen.main != nil
	main, places := arrangeTiles(c.config.Width, c.config.Height, hasMain, len(seen.tiles))
	if hasMain {
		places = slices.Insert(places, 0, main)
	}
	same := c.started && len(places) == len(c.tiles)
	for i := 0; same && i < len(places); i++ {
		same = c.tiles[i].rect == places[i]
	}
	if same {
		return false
	}
	c.started = true
	c.canvas.Fill(c.colors.canvas)
	c.tiles = make([]tile, len(places))
	for i, place := range places {
		c.tiles[i].rect = place
	}
	return true
}

func (c *Compositor) textRenderer(size int) *textRenderer {
	l := c.faces[size]
	if l == nil {
		l = newTextRenderer(size, c.fonts)
		c.faces[size] = l
	}
	return l
}
