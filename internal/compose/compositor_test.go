package compose

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/internal/picture"
)

// TestDrawingOnlyChangesLooksLikeDrawingAll makes random changes to a scene: what is drawn step by step is
// what a new compositor draws, and "unchanged" is true.
func TestDrawingOnlyChangesLooksLikeDrawingAll(t *testing.T) {
	var cards []*picture.Picture
	for i, size := range [][2]int{{64, 36}, {48, 36}, {36, 64}, {160, 90}, {66, 38}} {
		cards = append(cards, card(size[0], size[1], i))
	}
	rapid.Check(t, func(t *rapid.T) {
		config := Config{
			Width: 320, Height: 180,
			Layout:   rapid.SampledFrom([]Layout{Grid, Sidebar, Spotlight}).Draw(t, "layout"),
			Priority: rapid.SampledFrom([]Priority{Speaker, Pin}).Draw(t, "priority"),
			GridSize: rapid.IntRange(1, 6).Draw(t, "gridSize"),
			Theme:    rapid.SampledFrom([]Theme{Dark, Light, Default}).Draw(t, "theme"),
		}
		if rapid.Bool().Draw(t, "portrait") {
			config.Width, config.Height = config.Height, config.Width
		}
		c := New(config)
		scene := Scene{People: []Person{{ID: "p0", Name: "Zoë"}}, Speaker: "p0"}
		var before []byte
		for step := range rapid.IntRange(1, 25).Draw(t, "steps") {
			who := rapid.IntRange(0, len(scene.People)-1).Draw(t, "who")
			p := &scene.People[who]
			switch rapid.SampledFrom([]string{"come", "go", "picture", "picture", "camera", "mic", "speak", "pin", "rename",
				"share", "nothing"}).Draw(t, "what") {
			case "come":
				scene.People = append(scene.People, Person{ID: fmt.Sprintf("n%d", step), Name: "Bob", CameraOn: true, MicOn: true})
			case "go":
				if len(scene.People) > 1 {
					scene.People = append(scene.People[:who], scene.People[who+1:]...)
				}
			case "picture":
				p.Picture = rapid.SampledFrom(cards).Draw(t, "picture")
				p.Frame++
			case "camera":
				p.CameraOn = !p.CameraOn
			case "mic":
				p.MicOn = !p.MicOn
			case "speak":
				p.Speaking = !p.Speaking
				scene.Speaker = p.ID
			case "pin":
				p.Pinned = !p.Pinned
			case "rename":
				p.Name += "!"
			case "share":
				if scene.Share == nil {
					scene.Share = &Share{ID: p.ID, Name: p.Name, Picture: cards[1]}
				} else {
					scene.Share = nil
				}
			}
			if scene.Speaker != "" && len(scene.People) == 1 {
				scene.Speaker = scene.People[0].ID
			}
			canvas, changed := c.Draw(scene)
			after := canvas.Append(nil)

			fresh := New(config)
			scene.Speaker = c.speaker
			whole, first := fresh.Draw(scene)
			require.True(t, first)
			require.Equal(t, whole.Append(nil), after, "step %d", step)
			require.Equal(t, fresh.Shown(), c.Shown())
			if !changed {
				require.Equal(t, before, after, "step %d was said to change nothing", step)
			}
			before = after
		}
	})
}

func TestOnlyWhatChangedIsDrawn(t *testing.T) {
	c := New(Config{Width: 1280, Height: 720})
	scene := Scene{People: people(4)}
	canvas, changed := c.Draw(scene)
	require.True(t, changed)
	_, changed = c.Draw(scene)
	require.False(t, changed)

	// Paint over everything: what comes back has been drawn again.
	mark := picture.Color{Y: 1, U: 2, V: 3}
	canvas.Fill(mark)
	scene.People[1].Frame++
	_, changed = c.Draw(scene)
	require.True(t, changed)
	for i, tile := range c.tiles {
		middle := canvas.Y[(tile.rect.Min.Y+tile.rect.Dy()/2)*canvas.StrideY+tile.rect.Min.X+40]
		require.Equal(t, i == 1, middle != mark.Y, "tile %d", i)
	}
	require.Equal(t, mark.Y, canvas.Y[0], "the canvas between the tiles")

	t.Run("a camera that is off is not looked at", func(t *testing.T) {
		c.Draw(scene)
		scene.People[2].Frame++ // off
		_, changed := c.Draw(scene)
		require.False(t, changed)
	})
	t.Run("without allocating", func(t *testing.T) {
		require.LessOrEqual(t, testing.AllocsPerRun(20, func() { c.Draw(scene) }), 8.0, "unchanged")
		require.LessOrEqual(t, testing.AllocsPerRun(20, func() {
			scene.People[0].Frame++
			c.Draw(scene)
		}), 8.0, "one picture")
	})
}

func TestTheLastSpeakerStays(t *testing.T) {
	c := New(Config{Width: 320, Height: 180, Layout: Spotlight})
	scene := Scene{People: people(4), Speaker: "p2"}
	speaker := func() string {
		c.Draw(scene)
		require.Len(t, c.Shown(), 1)
		return c.Shown()[0].ID
	}
	require.Equal(t, "p2", speaker())
	scene.Speaker = ""
	require.Equal(t, "p2", speaker(), "a pause")
	scene.Speaker = "somebody who is not here"
	require.Equal(t, "p2", speaker())
	scene.People = scene.People[:2]
	require.Equal(t, "p0", speaker(), "gone")
}

func TestShown(t *testing.T) {
	c := New(Config{Width: 1280, Height: 720})
	c.Draw(Scene{People: people(2), Share: &Share{ID: "p1"}})
	require.Equal(t, []Shown{
		{ID: "p1", Share: true, Width: 1016, Height: 704},
		{ID: "p0", Width: 240, Height: 134},
		{ID: "p1", Width: 240, Height: 134},
	}, c.Shown())
}

func TestAvatarsKeepTheirColor(t *testing.T) {
	require.Equal(t, avatarColor("abc"), avatarColor("abc"))
	different := map[picture.Color]bool{}
	for i := range 100 {
		different[avatarColor(fmt.Sprint(i))] = true
	}
	require.Len(t, different, len(avatarColors))
}

func TestNames(t *testing.T) {
	l := newTextRenderer(20, compiledIn())
	for name, want := range map[string]struct{ readable, initials string }{
		"Ann Archer":                                 {"Ann Archer", "AA"},
		"  ann   marie\tarcher ":                     {"ann marie archer", "AA"},
		"Дмитрий Орлов":                              {"Дмитрий Орлов", "ДО"},
		"e\u0301te\u0301":                            {"été", "É"},
		"\U0001f389 Party":                           {"□ Party", "P"},
		"\U0001f469\u200d\U0001f469\u200d\U0001f467": {"□", ""},
		"\U0001f1e9\U0001f1ea":                       {"□", ""},
		"\U0001f44d\U0001f3fd ok":                    {"□ ok", "O"},
		"田中":                                         {"□□", ""},
		"a\u202eb\x00c":                              {"abc", "A"},
		"(bob)":                                      {"(bob)", "B"},
		"\xff\xfe":                                   {"��", ""},
		"":                                           {"", ""},
	} {
		if !l.knows('\ufffd') && name == "\xff\xfe" {
			want.readable = "□□"
		}
		require.Equal(t, want.readable, l.readable(name), "%q", name)
		require.Equal(t, want.initials, l.initials(name), "%q", name)
	}
	require.LessOrEqual(t, l.width(l.shorten("a very long name indeed", 80)), 80)
	require.Equal(t, "short", l.shorten("short", 80))
	require.Empty(t, l.shorten("www", 3))
}

// Names of the world are written with the fonts that make tools installs, each in its order.
func TestNamesOfTheWorld(t *testing.T) {
	require.Empty(t, Gaps(), "install the packages")
	l := newTextRenderer(20, shared())
	for _, name := range []string{
		"Đặng Thị Ngọc Ánh", "王小明 讀書", "佐藤さくら サトウ", "김민준", "محمد عبد الله", "יעקב כהן 42", "नितिन श्रीवास्तव", "สมชาย ใจดี",
		"🎉 Party 👩‍👩‍👧‍👦 🇩🇪👍🏽", "Ann مريم Bob", "তানভীর", "ქეთევან", "తెలుగు ಕನ್ನಡ", "❤️ Zoë", "አበበ Հայկ",
	} {
		require.Equal(t, norm.NFC.String(name), l.readable(name), "nothing is left out, nothing is a square")
		shaped := l.line(l.readable(name))
		require.Positive(t, shaped.width)
		for _, run := range shaped.runs {
			for _, glyph := range run.Glyphs {
				require.NotZero(t, glyph.GlyphID, "%s has no letter at %d", name, glyph.TextIndex())
			}
		}
		require.Same(t, shaped, l.line(l.readable(name)), "it is shaped once")
		for width := range 200 {
			require.LessOrEqual(t, l.width(l.shorten(name, width)), width)
		}
	}
	order := func(text string) (at []int) {
		for _, run := range l.shape(text).runs {
			for _, glyph := range run.Glyphs {
				at = append(at, glyph.TextIndex())
			}
		}
		return at
	}
	require.Equal(t, []int{2, 1, 0}, order("כהן"), "from the right")
	require.Equal(t, []int{4, 5, 3, 2, 1, 0}, order("כהן 42"), "numbers from the left")
	require.Equal(t, []int{0, 1, 3, 2, 4, 5}, order("a כה b"), "words of others stay in their order")
	require.Len(t, l.shape("Đặng").runs, 1, "a word is of one font")
	require.Less(t, len(l.shape("नि").runs[0].Glyphs), 3)
	joined, apart := l.shape("مم").runs[0], l.shape("م\u200cم").runs[0]
	require.NotEqual(t, joined.Glyphs[0].GlyphID, apart.Glyphs[0].GlyphID, "letters join")
	shape, colored := l.render("🎉a", 60, 40, false)
	require.NotNil(t, colored)
	require.NotZero(t, colored.RGBAAt(10, 20).A)
	require.NotZero(t, slices.Max(shape.Pix))
	require.Equal(t, "م", l.initials("محمد"))
	require.Equal(t, "नि", l.initials("नितिन"), "a letter with its vowel")
}

func FuzzNames(f *testing.F) {
	f.Add("Ann", 200)
	f.Add("\U0001f469\u200d\U0001f469\u200d", 40)
	c := New(Config{Width: 160, Height: 90})
	f.Fuzz(func(t *testing.T, name string, width int) {
		text := c.textRenderer(12).readable(name)
		if n := len([]rune(text)); n > maxNameRunes {
			t.Fatalf("%d runes", n)
		}
		c.Draw(Scene{People: []Person{{ID: "x", Name: name}}})
		width = width&0xfff + 8
		if short := c.textRenderer(12).shorten(text, width); c.textRenderer(12).width(short) > width {
			t.Fatalf("%q is wider than %d", short, width)
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	for _, size := range []struct {
		name    string
		w, h, n int
	}{{"4 of 640x360", 640, 360, 4}, {"4 of 1280x720", 1280, 720, 4}, {"1 of 1280x720", 1280, 720, 1}, {"25 of 320x180",
		320, 180, 25}} {
		scene := Scene{People: people(size.n)}
		for i := range scene.People {
			scene.People[i].CameraOn = true
			scene.People[i].Picture = card(size.w, size.h, i)
		}
		c := New(Config{Width: 1280, Height: 720})
		b.Run(size.name, func(b *testing.B) {
			for range b.N {
				for i := range scene.People {
					scene.People[i].Frame++
				}
				c.Draw(scene)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)*30/1e9, "cores-at-30fps")
		})
		if size.n == 4 && size.w == 640 {
			b.Run("unchanged", func(b *testing.B) {
				for range b.N {
					c.Draw(scene)
				}
			})
		}
	}
}
