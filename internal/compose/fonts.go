package compose

import (
	"bytes"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
	"golang.org/x/image/font/gofont/gomedium"
)

// fonts choose the face that writes a letter: the one that is compiled in, which has Latin, Greek and Cyrillic (WGL4),
// and those of the system for what it lacks. Faces keep caches of their own: mu is held while one is used.
type fonts struct {
	base   *font.Face
	system *fontscan.FontMap // nil: there are none

	mu    sync.Mutex // guards everything below, and what faces and system keep
	query string     // of the system, as it was set last
	known map[rune]bool
}

// shared are the fonts of the process. The first look at those of the system takes a third of a second.
var shared = sync.OnceValue(func() *fonts {
	f := compiledIn()
	f.system = systemFonts()
	return f
})

// LoadFonts looks for the fonts of the system, so that the first name that needs one is drawn at once.
func LoadFonts() { shared() }

func compiledIn() *fonts {
	face, err := font.ParseTTF(bytes.NewReader(gomedium.TTF))
	if err != nil {
		panic("compose: the font that is compiled in does not parse: " + err.Error())
	}
	return &fonts{base: face, known: map[rune]bool{}}
}

// withCache calls use with a directory in which what is known of the fonts of the system is kept.
func withCache(use func(dir string)) {
	cache, err := os.UserCacheDir()
	if err == nil {
		cache = filepath.Join(cache, "klatch")
		err = os.MkdirAll(cache, 0o700)
	}
	if err != nil { // a service without a home looks anew each time
		if cache, err = os.MkdirTemp("", "klatch-fonts"); err != nil {
			return
		}
		defer os.RemoveAll(cache)
	}
	use(cache)
}

var silent = log.New(io.Discard, "", 0)

func systemFonts() (found *fontscan.FontMap) {
	withCache(func(cache string) {
		system := fontscan.NewFontMap(silent)
		if system.UseSystemFonts(cache) == nil {
			found = system
		}
	})
	return found
}

// What is written in one family where it can be; sans-serif is whatever the system has for the letter.
var families = map[string][]string{
	"": {
		"Noto Sans",
		"Noto Sans Arabic",
		"Noto Sans Hebrew",
		"Noto Sans Devanagari",
		"Noto Sans Thai",
		"Noto Sans CJK SC",
		fontscan.SansSerif,
	},
	"ja":    {"Noto Sans CJK JP", "Noto Sans", fontscan.SansSerif},
	"ko":    {"Noto Sans CJK KR", "Noto Sans", fontscan.SansSerif},
	"emoji": {"Noto Color Emoji", "Apple Color Emoji", "Twemoji Mozilla", fontscan.Emoji},
}

// find returns the face of the system that has r; nil for none.
func (f *fonts) find(r rune, script language.Script, query string) *font.Face {
	if f.system == nil {
		return nil
	}
	if f.query != query || len(f.known) == 0 {
		f.query = query
		f.system.SetQuery(fontscan.Query{Families: families[query]})
	}
	f.system.SetScript(script)
	face := f.system.ResolveFace(r)
	if face == nil {
		return nil
	}
	if glyph, ok := face.NominalGlyph(r); !ok || glyph == 0 {
		return nil
	}
	return face
}

func (f *fonts) baseHas(r rune) bool {
	glyph, ok := f.base.NominalGlyph(r)
	return ok && glyph != 0
}

// knows reports whether some font has a letter for r.
func (f *fonts) knows(r rune) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.knowsLocked(r)
}

const maxKnownRunes = 1 << 14 // runes that are remembered

func (f *fonts) knowsLocked(r rune) bool {
	known, looked := f.known[r]
	if !looked {
		query := ""
		if pictorial(r) {
			query = "emoji"
		}
		known = f.baseHas(r) || f.find(r, language.LookupScript(r), query) != nil
		if len(f.known) > maxKnownRunes {
			clear(f.known)
		}
		f.known[r] = known
	}
	return known
}

// chooser chooses the faces of one text. It is a shaping.FontmapScript.
type chooser struct {
	*fonts
	plain  bool // the font that is compiled in has all its Latin, Greek and Cyrillic letters: no word is of two fonts
	query  string
	script language.Script
}

func (f *fonts) chooserOf(text []rune) *chooser {
	c := &chooser{fonts: f, plain: true}
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) && !f.baseHas(r):
			c.plain = false
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			c.query = "ja"
		case unicode.Is(unicode.Hangul, r) && c.query == "":
			c.query = "ko"
		}
	}
	return c
}

// SetScript is told of what follows.
func (c *chooser) SetScript(s language.Script) { c.script = s }

// ResolveFace returns the face for one rune.
func (c *chooser) ResolveFace(r rune) *font.Face {
	query := c.query
	if pictorial(r) {
		query = "emoji"
	} else if c.baseHas(r) && (c.plain || !unicode.IsLetter(r)) {
		return c.base
	}
	if face := c.find(r, c.script, query); face != nil {
		return face
	}
	return c.base
}

// pictorial reports whether r is drawn as an emoji, or as a part of one.
func pictorial(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff || r >= 0x2600 && r <= 0x27bf || r == '\u2b50' || r == '\u2b55'
}

// Gap is a script that no font of this machine can write.
type Gap struct{ Script, Package string } // the Debian package that has such a font

// Gaps lists what names in pictures cannot be written in: letters without a font are drawn as hollow squares. It reads
// no font, only what is known of all.
var Gaps = sync.OnceValue(func() (gaps []Gap) {
	var system []fontscan.Footprint
	withCache(func(cache string) { system, _ = fontscan.SystemFonts(silent, cache) })
	base := compiledIn()
	has := func(r rune) bool {
		return base.baseHas(r) || slices.ContainsFunc(system, func(f fontscan.Footprint) bool { return f.Runes.Contains(r) })
	}
	for _, script := range []struct {
		name, sample, pack string
	}{
		{"Vietnamese", "ặĐ", "fonts-noto-core"}, {"Arabic", "مپ", "fonts-noto-core"}, {"Hebrew", "ש", "fonts-noto-core"},
		{"Devanagari", "नि", "fonts-noto-core"}, {"Bengali", "ক", "fonts-noto-core"}, {"Tamil", "க", "fonts-noto-core"},
		{"Thai", "ไท", "fonts-noto-core"}, {"Georgian", "ქ", "fonts-noto-core"}, {"Armenian", "Հ", "fonts-noto-core"},
		{"Chinese", "王讀", "fonts-noto-cjk"}, {"Japanese", "さカ", "fonts-noto-cjk"}, {"Korean", "김", "fonts-noto-cjk"},
		{"emoji", "😀🎉", "fonts-noto-color-emoji"},
	} {
		for _, r := range script.sample {
			if !has(r) {
				gaps = append(gaps, Gap{script.name, script.pack})
				break
			}
		}
	}
	return gaps
})
