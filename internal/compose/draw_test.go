package compose

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/picture"
)

var (
	update = flag.Bool("update", false, "write the golden pictures anew")
	show   = flag.String("show", "", "a folder to write the scenes to in full size")
)

// card is a test picture of that size: a gradient, a frame that shows what was cropped, and a color of its own.
func card(width, height, n int) *picture.Picture {
	p := picture.New(width, height)
	c := avatarColors[n%len(avatarColors)]
	p.Fill(c)
	for y := range height {
		for x := range width {
			luma := 40 + x*100/width + y*60/height
			if x < 8 || y < 8 || x >= width-8 || y >= height-8 {
				luma = 225
			}
			p.Y[y*p.StrideY+x] = byte(luma)
		}
	}
	return p
}

func people(n int) []Person {
	names := []string{
		"Ann Archer",
		"Bob",
		"Chloë Dubois",
		"Дмитрий Орлов",
		"Ελένη",
		"Farid Al-Sayed",
		"Grace",
		"Håkon Åsen",
	}
	var all []Person
	for i := range n {
		all = append(all, Person{ID: fmt.Sprintf("p%d", i), Name: names[i%len(names)], CameraOn: i%3 != 2, MicOn: i%2 == 0,
			Picture: card(640, 360, i), Frame: 1})
	}
	return all
}

type scenario struct {
	config Config
	scene  Scene
}

func scenarios() map[string]scenario {
	landscape, portrait := Config{Width: 1280, Height: 720}, Config{Width: 720, Height: 1280}
	with := func(c Config, l Layout, p Priority, t Theme) Config {
		c.Layout, c.Priority, c.Theme = l, p, t
		return c
	}
	screen := &Share{ID: "p1", Name: "Bob", Picture: card(1024, 768, 9), Frame: 1}
	all := map[string]scenario{}
	for _, n := range []int{0, 1, 2, 3, 4, 5, 9, 25} {
		all[fmt.Sprintf("grid-%d", n)] = scenario{landscape, Scene{People: people(n), Speaker: "p1"}}
	}
	for _, n := range []int{1, 2, 5, 9} {
		all[fmt.Sprintf("grid-%d-portrait", n)] = scenario{portrait, Scene{People: people(n)}}
		all[fmt.Sprintf("grid-%d-share", n)] = scenario{landscape, Scene{People: people(n), Share: screen}}
	}
	all["grid-25-share"] = scenario{landscape, Scene{People: people(25), Share: screen}}
	all["grid-5-share-portrait"] = scenario{portrait, Scene{People: people(5), Share: screen}}
	all["grid-5-light"] = scenario{with(landscape, Grid, Speaker, Light), Scene{People: people(5)}}
	all["grid-4-default-low"] = scenario{Config{Width: 854, Height: 480, Theme: Default}, Scene{People: people(4)}}

	pinned := people(6)
	pinned[3].Pinned, pinned[4].Pinned, pinned[1].Speaking = true, true, true
	all["sidebar-pin"] = scenario{with(landscape, Sidebar, Pin, Dark), Scene{People: pinned, Speaker: "p1"}}
	all["sidebar-speaker"] = scenario{with(landscape, Sidebar, Speaker, Dark), Scene{People: pinned, Speaker: "p1"}}
	all["sidebar-share"] = scenario{with(landscape, Sidebar, Pin, Light), Scene{People: pinned, Share: screen}}
	all["sidebar-nobody-pinned"] = scenario{with(landscape, Sidebar, Pin, Dark), Scene{People: people(4)}}
	all["spotlight-pin"] = scenario{with(landscape, Spotlight, Pin, Dark), Scene{People: pinned, Speaker: "p1"}}
	all["spotlight-share"] = scenario{with(landscape, Spotlight, Pin, Dark), Scene{People: pinned, Share: screen}}
	all["spotlight-speaker"] = scenario{with(landscape, Spotlight, Speaker, Dark), Scene{People: people(4), Speaker: "p3"}}

	names := people(9)
	for i, name := range []string{
		"Wolfeschlegelsteinhausenbergerdorff the Elder, Duke of a Name That Never Ends", "🎉 Party 👩‍👩‍👧‍👦 🇩🇪👍🏽", "田中太郎", "",
		"a\u202eb\u0000c\td",
		"e\u0301te\u0301 Zoe\u0308", "مريم", "👻", "O'Neil-Smith Jr.",
	} {
		names[i].Name, names[i].CameraOn, names[i].Speaking = name, i%2 == 1 && i != 7, i < 2
	}
	all["names"] = scenario{landscape, Scene{People: names}}

	world := people(16)
	for i, name := range []string{
		"Đặng Thị Ngọc Ánh", "王小明 讀書", "佐藤さくら サトウ", "김민준", "محمد عبد الله", "יעקב כהן 42", "नितिन श्रीवास्तव",
		"สมชาย ใจดีปี้",
		"🎉 Party 👩‍👩‍👧‍👦 🇩🇪👍🏽", "Ann مريم Bob", "তানভীর", "ქეთევან", "తెలుగు ಕನ್ನಡ", "❤️ Zoë", "አበበ Հայկ", "Σοφία Ζ",
	} {
		world[i].Name, world[i].CameraOn = name, i%2 == 1
	}
	all["world"] = scenario{landscape, Scene{People: world}}

	shapes := people(6)
	for i, size := range []image.Point{{640, 480}, {360, 640}, {640, 352}, {1920, 800}, {2, 2}, {176, 144}} {
		shapes[i].CameraOn, shapes[i].Picture = true, card(size.X, size.Y, i)
	}
	all["shapes"] = scenario{landscape, Scene{People: shapes}}
	return all
}

func TestGoldenPictures(t *testing.T) {
	golden := []string{
		"grid-1",
		"grid-3",
		"grid-4-default-low",
		"grid-5-light",
		"grid-5-share-portrait",
		"grid-9",
		"grid-25-share",
		"sidebar-speaker",
		"sidebar-share",
		"spotlight-pin",
		"spotlight-share",
		"names",
		"shapes",
	}
	for name, s := range scenarios() {
		t.Run(name, func(t *testing.T) {
			if *show != "" {
				canvas, _ := New(s.config).Draw(s.scene)
				writePNG(t, filepath.Join(*show, name+".png"), canvas)
			}
			if !slices.Contains(golden, name) {
				return
			}
			s.config.Width, s.config.Height = s.config.Width*2/5, s.config.Height*2/5 // keeps the files small
			c := New(s.config)
			c.fonts = compiledIn() // machines have different ones
			canvas, changed := c.Draw(s.scene)
			require.True(t, changed)
			file := filepath.Join("testdata", name+".png")
			if *update {
				writePNG(t, file, canvas)
			}
			want, err := os.Open(file)
			require.NoError(t, err, "write it with -update")
			defer want.Close()
			image, err := png.Decode(want)
			require.NoError(t, err)
			require.Less(
				t,
				difference(image, seen(canvas)),
				4,
				"%s looks different; see it with -show, keep it with -update",
				file,
			)
		})
	}
}

// difference is the largest of any color of any pixel. Small ones come from the floating point of other machines.
func difference(a, b image.Image) (largest int) {
	if a.Bounds() != b.Bounds() {
		return 255
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			ar, ag, ab, _ := a.At(x, y).RGBA()
			br, bg, bb, _ := b.At(x, y).RGBA()
			for _, d := range [3]int{int(ar>>8) - int(br>>8), int(ag>>8) - int(bg>>8), int(ab>>8) - int(bb>>8)} {
				largest = max(largest, d, -d)
			}
		}
	}
	return largest
}

func writePNG(t *testing.T, file string, p *picture.Picture) {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, seen(p)))
	require.NoError(t, os.WriteFile(file, out.Bytes(), 0o644))
}

// seen is the picture as a player shows it.
func seen(p *picture.Picture) image.Image {
	out := image.NewRGBA(p.Bounds())
	for y := range p.Height {
		for x := range p.Width {
			l := 1.164 * (float64(p.Y[y*p.StrideY+x]) - 16)
			u, v := float64(p.U[y/2*p.StrideC+x/2])-128, float64(p.V[y/2*p.StrideC+x/2])-128
			at := out.Pix[out.PixOffset(x, y):]
			for i, c := range [3]float64{l + 1.596*v, l - 0.392*u - 0.813*v, l + 2.017*u} {
				at[i] = byte(min(max(c+0.5, 0), 255))
			}
			at[3] = 255
		}
	}
	return out
}
