package compose

import (
	"image"
	"image/color"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

const (
	missing  = '\u25a1' // a hollow square, for what the font cannot write
	ellipsis = '\u2026'
	longest  = 96 // runes of a name that are looked at
)

// The Go font writes Latin, Greek and Cyrillic (WGL4).
var typeface = sync.OnceValue(func() *sfnt.Font {
	f, err := opentype.Parse(gomedium.TTF)
	if err != nil {
		panic("compose: the font that is compiled in does not parse: " + err.Error())
	}
	return f
})

// letters writes text in one size.
type letters struct {
	face font.Face
	buf  sfnt.Buffer
}

func newLetters(size int) *letters {
	// NewFace cannot fail with a font that parses.
	face, _ := opentype.NewFace(typeface(), &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingVertical})
	return &letters{face: face}
}

// knows says whether the font has a letter for r.
func (l *letters) knows(r rune) bool {
	glyph, err := typeface().GlyphIndex(&l.buf, r)
	return err == nil && glyph != 0
}

// readable is a name as the font can write it. What it cannot write becomes a hollow square, one for a whole
// emoji; what has no shape of its own (controls, direction marks, accents that NFC could not join) is left out.
func (l *letters) readable(name string) string {
	var out strings.Builder
	var joined, flag bool // the next one belongs to the emoji before
	count := 0
	for _, r := range norm.NFC.String(clip(name, longest*utf8Max)) {
		switch {
		case r == '\u200d':
			joined = true
			continue
		case unicode.IsSpace(r):
			r = ' '
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r), unicode.Is(unicode.Cf, r), unicode.IsControl(r),
			r >= 0x1f3fb && r <= 0x1f3ff: // skin tones
			continue
		case !l.knows(r):
			second := flag && regional(r)
			flag = regional(r) && !second
			if joined || second {
				joined = false
				continue
			}
			r = missing
		}
		joined = false
		if count++; count > longest {
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

// regional says that two of these make a flag.
func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// shorten cuts text so that it is at most that wide.
func (l *letters) shorten(text string, width int) string {
	if l.width(text) <= width {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		short := strings.TrimRight(string(runes[:n]), " ") + string(ellipsis)
		if l.width(short) <= width {
			return short
		}
	}
	return ""
}

func (l *letters) width(text string) int { return font.MeasureString(l.face, text).Ceil() }

// write is the shape of the text, centred in height and as wide as it is, or centred in width too.
func (l *letters) write(text string, width, height int, centred bool) *image.Alpha {
	shape := image.NewAlpha(image.Rect(0, 0, width, height))
	left := 0
	if centred {
		left = (width - l.width(text)) / 2
	}
	capital := l.face.Metrics().CapHeight.Ceil()
	pen := font.Drawer{Dst: shape, Src: image.NewUniform(color.Alpha{A: 255}), Face: l.face,
		Dot: fixed.P(left, (height+capital)/2)}
	pen.DrawString(text)
	return shape
}

// initials are the first letters of the first and the last word that can be written; none if there is no such word.
func (l *letters) initials(name string) string {
	var found []rune
	for _, word := range strings.Fields(norm.NFC.String(clip(name, longest*utf8Max))) {
		for _, r := range word {
			if (unicode.IsLetter(r) || unicode.IsDigit(r)) && l.knows(r) {
				if upper := unicode.ToUpper(r); l.knows(upper) {
					r = upper
				}
				found = append(found, r)
			}
			if !unicode.Is(unicode.Cf, r) && !unicode.IsPunct(r) {
				break
			}
		}
	}
	if len(found) > 2 {
		found = []rune{found[0], found[len(found)-1]}
	}
	return string(found)
}
