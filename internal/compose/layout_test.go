package compose

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := 2 * rapid.IntRange(100, 1000).Draw(t, "half the width")
		height := 2 * rapid.IntRange(100, 1000).Draw(t, "half the height")
		n := rapid.IntRange(0, MaxGridSize).Draw(t, "people")
		hasMain := rapid.Bool().Draw(t, "hasMain")

		canvas := image.Rect(0, 0, width, height)
		main, others := arrangeTiles(width, height, hasMain, n)
		require.Len(t, others, n)
		require.Equal(t, hasMain, !main.Empty())
		all := others
		if hasMain {
			all = append([]image.Rectangle{main}, others...)
		}
		for i, r := range all {
			require.False(t, r.Empty(), "%v", all)
			require.True(t, r.In(canvas), "%v", r)
			require.Zero(t, (r.Min.X|r.Min.Y|r.Max.X|r.Max.Y)&1, "odd edges: %v", r)
			for _, other := range all[:i] {
				require.False(t, r.Overlaps(other), "%v and %v", r, other)
			}
		}
		for i, r := range others {
			require.Equal(t, others[0].Size(), r.Size())
			require.InDelta(t, 16.0/9, float64(r.Dx())/float64(r.Dy()), 16.0/9*3/float64(r.Dy()))
			if i > 0 {
				before := others[i-1]
				require.True(t, r.Min.Y > before.Min.Y || r.Min.Y == before.Min.Y && r.Min.X > before.Min.X, "reading order")
			}
			if hasMain {
				require.GreaterOrEqual(t, main.Dx()*main.Dy(), r.Dx()*r.Dy())
			}
		}
	})
}

func TestPlace(t *testing.T) {
	tile := image.Rect(100, 50, 420, 230) // 16:9
	for name, test := range map[string]struct {
		width, height int
		whole         bool
		seen, area    image.Rectangle
	}{
		"the same ratio":              {1280, 720, false, image.Rect(0, 0, 1280, 720), tile},
		"a little tall is cropped":    {640, 384, false, image.Rect(0, 12, 640, 372), tile},
		"a little wide is cropped":    {704, 384, false, image.Rect(10, 0, 692, 384), tile},
		"hardly larger is copied":     {330, 184, false, image.Rect(4, 2, 324, 182), tile},
		"hardly larger in width only": {332, 200, false, image.Rect(0, 6, 332, 192), tile},
		"4:3 is fitted":               {640, 480, false, image.Rect(0, 0, 640, 480), image.Rect(140, 50, 380, 230)},
		"upright is fitted":           {360, 640, false, image.Rect(0, 0, 360, 640), image.Rect(210, 50, 310, 230)},
		"very wide is fitted":         {1920, 800, false, image.Rect(0, 0, 1920, 800), image.Rect(100, 74, 420, 206)},
		"a share is never cropped":    {640, 384, true, image.Rect(0, 0, 640, 384), image.Rect(110, 50, 410, 230)},
		"a share of the tile's ratio": {1920, 1080, true, image.Rect(0, 0, 1920, 1080), tile},
	} {
		t.Run(name, func(t *testing.T) {
			seen, area := place(tile, test.width, test.height, test.whole)
			require.Equal(t, test.seen, seen)
			require.Equal(t, test.area, area)
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(2, 4000).Draw(t, "width"), rapid.IntRange(2, 4000).Draw(t, "height")
		whole := rapid.Bool().Draw(t, "whole")
		seen, area := place(tile, width, height, whole)
		require.True(t, area.In(tile) && !area.Empty(), "%v", area)
		require.True(t, seen.In(image.Rect(0, 0, width, height)) && !seen.Empty(), "%v", seen)
		require.Zero(t, (area.Min.X|area.Min.Y|area.Max.X|area.Max.Y)&1, "%v", area)
		// even edges may cost two more on a side
		require.GreaterOrEqual(t, (seen.Dx()+2)*(seen.Dy()+2)*100, width*height*85, "cropped too much: %v", seen)
	})
}

func TestWhoIsSeen(t *testing.T) {
	// a to f; c and e are pinned.
	scene := func(n int, speaker string, share bool, pinned ...int) Scene {
		s := Scene{Speaker: speaker}
		for i := range n {
			s.People = append(s.People, Person{ID: string(rune('a' + i))})
		}
		for _, i := range pinned {
			s.People[i].Pinned = true
		}
		if share {
			s.Share = &Share{}
		}
		return s
	}
	for name, test := range map[string]struct {
		config Config
		scene  Scene
		want   string // the main, a colon, the others; S is the share
	}{
		"grid":                                 {Config{}, scene(6, "", false), ":abcdef"},
		"grid, pinned first":                   {Config{}, scene(6, "", false, 2, 4), ":ceabdf"},
		"grid, the speaker does not move":      {Config{}, scene(6, "d", false, 2, 4), ":ceabdf"},
		"grid full, the speaker gets in":       {Config{GridSize: 4}, scene(6, "f", false, 2, 4), ":ceaf"},
		"grid full of pins, SPEAKER":           {Config{GridSize: 2}, scene(6, "f", false, 2, 4), ":cf"},
		"grid full of pins, PIN":               {Config{GridSize: 2, Priority: Pin}, scene(6, "f", false, 2, 4), ":ce"},
		"grid full, PIN, the last not pinned":  {Config{GridSize: 3, Priority: Pin}, scene(6, "f", false, 2, 4), ":cef"},
		"grid, share":                          {Config{GridSize: 4}, scene(6, "", true, 2, 4), "S:ceab"},
		"grid, unknown layout":                 {Config{Layout: "MOSAIC"}, scene(2, "", false), ":ab"},
		"grid, nobody":                         {Config{}, scene(0, "", false), ":"},
		"sidebar, PIN":                         {Config{Layout: Sidebar, Priority: Pin}, scene(6, "a", false, 2, 4), "c:e"},
		"sidebar, SPEAKER":                     {Config{Layout: Sidebar}, scene(6, "a", false, 2, 4), "a:ce"},
		"sidebar, SPEAKER, a pinned one":       {Config{Layout: Sidebar}, scene(6, "e", false, 2, 4), "e:c"},
		"sidebar, SPEAKER, nobody speaks":      {Config{Layout: Sidebar}, scene(6, "", false, 2, 4), "c:e"},
		"sidebar, nobody pinned":               {Config{Layout: Sidebar, Priority: Pin}, scene(3, "b", false), "b:ac"},
		"sidebar, share":                       {Config{Layout: Sidebar, Priority: Pin}, scene(6, "a", true, 2, 4), "S:ce"},
		"sidebar, nobody":                      {Config{Layout: Sidebar}, scene(0, "", false), ":"},
		"spotlight, PIN":                       {Config{Layout: Spotlight, Priority: Pin}, scene(6, "a", false, 2, 4), ":ce"},
		"spotlight, SPEAKER":                   {Config{Layout: Spotlight}, scene(6, "a", false, 2, 4), ":cea"},
		"spotlight, nobody pinned":             {Config{Layout: Spotlight, Priority: Pin}, scene(6, "d", false), ":d"},
		"spotlight, nobody pinned, nor speaks": {Config{Layout: Spotlight}, scene(6, "", false), ":a"},
		"spotlight, share":                     {Config{Layout: Spotlight}, scene(6, "a", true, 2, 4), "S:"},
		"spotlight, nobody":                    {Config{Layout: Spotlight}, scene(0, "", false), ":"},
		"a grid size beyond all":               {Config{GridSize: 1000}, scene(26, "", false), ":abcdefghijklmnopqrstuvwxy"},
	} {
		t.Run(name, func(t *testing.T) {
			cast := selectPeople(New(test.config).config, test.scene)
			got := ""
			if cast.share {
				got = "S"
			}
			if cast.main != nil {
				got = cast.main.ID
			}
			got += ":"
			for _, p := range cast.tiles {
				got += p.ID
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestSizes(t *testing.T) {
	for _, test := range []struct {
		quality, orientation string
		width, height        int
	}{
		{"low", "landscape", 854, 480}, {"med", "", 1280, 720}, {"high", "landscape", 1920, 1080},
		{"low", "portrait", 480, 854}, {"", "portrait", 720, 1280}, {"high", "portrait", 1080, 1920},
	} {
		width, height := Size(test.quality, test.orientation)
		require.Equal(t, [2]int{test.width, test.height}, [2]int{width, height}, "%+v", test)
	}
}
