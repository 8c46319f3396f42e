package compose

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/draw"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"

	"github.com/klatch/klatch/internal/picture"
)

const (
	missingGlyph = '\u25a1' // a hollow square, for what no font can write
	ellipsis     = '\u2026'
	maxNameRunes = 96 // runes of a name that are looked at

	joiner, nonJoiner = '\u200d', '\u200c'
	asEmoji           = '\ufe0f' // a selector of what precedes
)

// textRenderer writes text in one size.
type textRenderer struct {
	fonts *fonts
	size  int
	lines map[string]*line // by their text: a name is drawn anew each time its owner begins to speak
}

const maxCachedLines = 512 // that are remembered

// line is text as it is drawn: what it is made of from left to right.
type line struct {
	runs  []shaping.Output
	width int
}

func newTextRenderer(size int, f *fonts) *textRenderer {
	return &textRenderer{fonts: f, size: size, lines: map[string]*line{}}
}

// knows reports whether there is a letter for r.
func (l *textRenderer) knows(r rune) bool { return l.fonts.knows(r) }

// readable is a name as it can be written. What no font has becomes a hollow square, one for a whole emoji; what has no
// shape and no meaning here (controls, direction marks) is left out.
func (l *textRenderer) readable(name string) string {
	var out strings.Builder
	var joined, square, flag bool // the next one belongs to the emoji before; that was a square; it is half a flag
	count := 0
	for _, r := range norm.NFC.String(clip(name, maxNameRunes*utf8Max)) {
		mark := unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r)
		switch {
		case r == joiner && square:
			joined = true
			continue
		case r == joiner, r == nonJoiner, r == asEmoji && !square:
			// shape what they stand between
		case unicode.IsSpace(r):
			r = ' '
		case mark && (square || !l.knows(r)), unicode.Is(unicode.Cf, r), unicode.IsControl(r), r == asEmoji,
			r >= 0x1f3fb && r <= 0x1f3ff && !l.knows(r): // skin tones
			continue
		case !l.knows(r):
			second := flag && regional(r)
			flag = regional(r) && !second
			if joined || second {
				joined = false
				continue
			}
			r = missingGlyph
		}
		joined, square = false, r == missingGlyph
		if count++; count > maxNameRunes {
			break
		}
		out.WriteRune(r)
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

const utf8Max = 4

// clip is the first bytes of s, at the edge of a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// regional reports whether r is one of the two runes that make a flag.
func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// clusters are what people take for single letters, so that nothing is cut in its middle.
func clusters(text string) (list []string) {
	var s segmenter.Segmenter
	s.Init([]rune(text))
	for each := s.GraphemeIterator(); each.Next(); {
		list = append(list, string(each.Grapheme().Text))
	}
	return list
}

// shorten cuts text so that it is at most that wide.
func (l *textRenderer) shorten(text string, width int) string {
	if l.width(text) <= width {
		return text
	}
	parts := clusters(text)
	for n := len(parts) - 1; n > 0; n-- {
		short := strings.TrimRight(strings.Join(parts[:n], ""), " ") + string(ellipsis)
		if l.shape(short).width <= width {
			return short
		}
	}
	return ""
}

func (l *textRenderer) width(text string) int { return l.line(text).width }

// line is shape with a memory.
func (l *textRenderer) line(text string) *line {
	if found := l.lines[text]; found != nil {
		return found
	}
	if len(l.lines) >= maxCachedLines {
		clear(l.lines)
	}
	shaped := l.shape(text)
	l.lines[text] = shaped
	return shaped
}

// shape chooses faces and glyphs of a text, and puts them into the order in which they are seen.
func (l *textRenderer) shape(text string) *line {
	runes := []rune(text)
	if len(runes) == 0 {
		return &line{}
	}
	direction := directionOf(runes)
	l.fonts.mu.Lock()
	defer l.fonts.mu.Unlock()
	var split shaping.Segmenter
	var shaper shaping.HarfbuzzShaper
	input := shaping.Input{Text: runes, RunEnd: len(runes), Direction: direction, Size: fixed.I(l.size)}
	var runs []shaping.Output
	for _, part := range split.Split(input, l.fonts.chooserOf(runes)) {
		run := shaper.Shape(part)
		for i, glyph := range run.Glyphs { // a space belongs to what precedes it, and that of an emoji is as wide as one
			if at := glyph.TextIndex(); at < len(runes) && runes[at] == ' ' && glyph.GlyphsCount() == 1 {
				run.Glyphs[i].Advance = l.space()
			}
		}
		run.RecomputeAdvance()
		runs = append(runs, run)
	}
	var wrapper shaping.LineWrapper
	config := shaping.WrapConfig{Direction: direction, BreakPolicy: shaping.Never}
	lines, _ := wrapper.WrapParagraphF(config, fixed.I(1<<24), runes, shaping.NewSliceIterator(runs))
	shaped := &line{}
	var advance fixed.Int26_6
	for _, seen := range lines { // one, for text holds no line break
		ordered := make([]shaping.Output, len(seen))
		for _, run := range seen {
			ordered[run.VisualIndex] = run
			advance += run.Advance
		}
		shaped.runs = append(shaped.runs, ordered...)
	}
	shaped.width = advance.Ceil()
	return shaped
}

// space is the width of one between words.
func (l *textRenderer) space() fixed.Int26_6 {
	glyph, _ := l.fonts.base.NominalGlyph(' ')
	return fixed.Int26_6(l.fonts.base.HorizontalAdvance(glyph) / float32(l.fonts.base.Upem()) * float32(l.size) * 64)
}

// directionOf is that of the first letter that has one (UAX 9, P2 and P3).
func directionOf(text []rune) di.Direction {
	for _, r := range text {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return di.DirectionLTR
		case bidi.R, bidi.AL:
			return di.DirectionRTL
		}
	}
	return di.DirectionLTR
}

// render is the shape of the text, centered in height and as wide as it is, or centered in width too. What has colors
// of its own stands in the second picture, which is nil where nothing has.
func (l *textRenderer) render(text string, width, height int, centered bool) (shape *image.Alpha, colored *image.RGBA) {
	shape = image.NewAlpha(image.Rect(0, 0, width, height))
	shaped := l.line(text)
	l.fonts.mu.Lock()
	defer l.fonts.mu.Unlock()
	pen := float32(0)
	if centered {
		pen = float32(width-shaped.width) / 2
	}
	capital := l.fonts.base.LineMetric(font.CapHeight) / float32(l.fonts.base.Upem()) * float32(l.size)
	baseline := (float32(height) + capital) / 2
	fill := &vector.Rasterizer{}
	for _, run := range shaped.runs {
		fill.Reset(width, height)
		scale := float32(l.size) / float32(run.Face.Upem())
		for _, glyph := range run.Glyphs {
			x, y := pen+toPixels(glyph.XOffset), baseline-toPixels(glyph.YOffset)
			switch data := run.Face.GlyphData(glyph.GlyphID).(type) {
			case font.GlyphOutline:
				outline(fill, data, x, y, scale)
			case font.GlyphBitmap:
				if colored == nil {
					colored = image.NewRGBA(shape.Rect)
				}
				paste(colored, data, image.Rect(
					round(x+toPixels(glyph.XBearing)), round(y-toPixels(glyph.YBearing)),
					round(x+toPixels(glyph.XBearing+glyph.Width)), round(y-toPixels(glyph.YBearing+glyph.Height)),
				))
			}
			pen += toPixels(glyph.Advance)
		}
		fill.Draw(shape, shape.Rect, image.Opaque, image.Point{})
	}
	return shape, colored
}

func toPixels(v fixed.Int26_6) float32 { return float32(v) / 64 }

func round(v float32) int { return int(v + 0.5) }

// outline adds a glyph whose dot is there.
func outline(to *vector.Rasterizer, glyph font.GlyphOutline, x, y, scale float32) {
	for _, s := range glyph.Segments {
		var p [3][2]float32
		for i, arg := range s.Args {
			p[i] = [2]float32{x + arg.X*scale, y - arg.Y*scale}
		}
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			to.ClosePath()
			to.MoveTo(p[0][0], p[0][1])
		case opentype.SegmentOpLineTo:
			to.LineTo(p[0][0], p[0][1])
		case opentype.SegmentOpQuadTo:
			to.QuadTo(p[0][0], p[0][1], p[1][0], p[1][1])
		case opentype.SegmentOpCubeTo:
			to.CubeTo(p[0][0], p[0][1], p[1][0], p[1][1], p[2][0], p[2][1])
		}
	}
	to.ClosePath()
}

// paste draws a glyph that is a picture.
func paste(to *image.RGBA, glyph font.GlyphBitmap, area image.Rectangle) {
	if glyph.Format != font.PNG {
		return
	}
	picture, err := png.Decode(bytes.NewReader(glyph.Data))
	if err != nil {
		return
	}
	draw.CatmullRom.Scale(to, area, picture, picture.Bounds(), draw.Over, nil)
}

// coloredOverlay returns an overlay of a picture, which has an even size.
func coloredOverlay(at image.Point, from *image.RGBA) overlay {
	size := from.Rect.Size()
	s := overlay{at: at, shape: image.NewAlpha(from.Rect), colors: picture.New(size.X, size.Y)}
	for y := range size.Y {
		for x := range size.X {
			c := from.RGBAAt(x, y)
			s.shape.Pix[y*s.shape.Stride+x] = c.A
			if c.A == 0 {
				continue
			}
			// not multiplied by its alpha
			own := func(v uint8) byte { return byte(min(255, (uint(v)*255+uint(c.A)/2)/uint(c.A))) }
			color := picture.RGB(own(c.R), own(c.G), own(c.B))
			s.colors.Y[y*s.colors.StrideY+x] = color.Y
			at := y/2*s.colors.StrideC + x/2
			s.colors.U[at], s.colors.V[at] = color.U, color.V
		}
	}
	return s
}

// initials are the first letters of the first and the last word that can be written; none if there is no such word.
func (l *textRenderer) initials(name string) string {
	var found []string
	for _, word := range strings.Fields(norm.NFC.String(clip(name, maxNameRunes*utf8Max))) {
		for _, cluster := range clusters(word) {
			r := []rune(cluster)[0]
			if (unicode.IsLetter(r) || unicode.IsDigit(r)) && l.knows(r) {
				if upper := unicode.ToUpper(r); l.knows(upper) {
					cluster = string(upper) + cluster[len(string(r)):]
				}
				found = append(found, cluster)
			}
			if !unicode.Is(unicode.Cf, r) && !unicode.IsPunct(r) {
				break
			}
		}
	}
	if len(found) > 2 {
		found = []string{found[0], found[len(found)-1]}
	}
	if strings.ContainsFunc(strings.Join(found, ""), func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		return strings.Join(found, string(nonJoiner)) // letters of two words do not join
	}
	return strings.Join(found, "")
}
