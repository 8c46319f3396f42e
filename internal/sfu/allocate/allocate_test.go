package allocate_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/sfu/allocate"
	"github.com/klatch/klatch/internal/sfu/layer"
)

// simulcast returns the options of a camera in three sizes with three temporal layers each, as Chromium sends it.
func simulcast() []allocate.Option {
	var options []allocate.Option
	for spatial, top := range []int64{150_000, 500_000, 1_700_000} {
		for temporal, share := range []int64{40, 60, 100} {
			options = append(options, allocate.Option{
				Layer: layer.Layer{Spatial: int8(spatial), Temporal: int8(temporal)},
				Bps:   top * share / 100, Width: 320 << spatial, Height: 180 << spatial,
			})
		}
	}
	return options
}

func camera(id string) allocate.Stream {
	return allocate.Stream{ID: id, Kind: allocate.Camera, Options: simulcast()}
}

func audio(id string) allocate.Stream {
	return allocate.Stream{ID: id, Kind: allocate.Audio, Options: []allocate.Option{{Bps: 40_000}}}
}

// share returns a shared screen in two sizes with two temporal layers each.
func share(id string) allocate.Stream {
	s := allocate.Stream{ID: id, Kind: allocate.Share}
	for spatial, top := range []int64{400_000, 1_500_000} {
		for temporal, part := range []int64{60, 100} {
			s.Options = append(s.Options, allocate.Option{
				Layer: layer.Layer{Spatial: int8(spatial), Temporal: int8(temporal)},
				Bps:   top * part / 100, Width: 960 << spatial, Height: 540 << spatial,
			})
		}
	}
	return s
}

// single returns a camera of one layer.
func single(id string, bps int64) allocate.Stream {
	return allocate.Stream{ID: id, Kind: allocate.Camera, Options: []allocate.Option{
		{Bps: bps, Width: 1280, Height: 720},
	}}
}

func shown(s allocate.Stream, width, height int) allocate.Stream {
	s.Width, s.Height = width, height
	return s
}

func layers(r allocate.Result) map[string]layer.Layer {
	m := map[string]layer.Layer{}
	for _, c := range r.Choices {
		m[c.ID] = c.Layer
	}
	return m
}

func reasons(r allocate.Result) map[string]string {
	m := map[string]string{}
	for _, c := range r.Choices {
		m[c.ID] = c.Reason.String()
	}
	return m
}

var (
	none    = layer.Nothing
	quarter = layer.Layer{Spatial: 0, Temporal: 0} // 320x180 at 7.5 frames per second
	half    = layer.Layer{Spatial: 0, Temporal: 1} // 320x180 at 15
	small   = layer.Layer{Spatial: 0, Temporal: 2} // 320x180 at 30
	middle  = layer.Layer{Spatial: 1, Temporal: 2}
	large   = layer.Layer{Spatial: 2, Temporal: 2}
)

func TestAllocate(t *testing.T) {
	paused := func(s allocate.Stream) allocate.Stream { s.Paused = true; return s }
	pinned := func(s allocate.Stream) allocate.Stream { s.Pinned = true; return s }
	speaker := func(s allocate.Stream) allocate.Stream { s.Speaker = true; return s }
	asked := func(s allocate.Stream, q allocate.Quality) allocate.Stream { s.Quality = q; return s }
	for _, c := range []struct {
		name    string
		budget  int64
		streams []allocate.Stream
		want    map[string]layer.Layer
		why     map[string]string
	}{
		{"enough for everything", 10_000_000,
			[]allocate.Stream{audio("a"), camera("v"), share("s")},
			map[string]layer.Layer{"a": {}, "v": large, "s": {Spatial: 1, Temporal: 1}},
			map[string]string{"a": "unlimited", "v": "unlimited", "s": "unlimited"}},
		{"no budget: audio is sent all the same", 0,
			[]allocate.Stream{camera("v"), audio("a")},
			map[string]layer.Layer{"a": {}, "v": none},
			map[string]string{"a": "unlimited", "v": "bandwidth"}},
		{"audio that is paused", 1_000_000, []allocate.Stream{paused(audio("a"))},
			map[string]layer.Layer{"a": none}, map[string]string{"a": "requested"}},
		{"250 kbit/s: a small picture in motion", 250_000, []allocate.Stream{audio("a"), camera("v")},
			map[string]layer.Layer{"a": {}, "v": small}, map[string]string{"v": "bandwidth", "a": "unlimited"}},
		{"180 kbit/s: half of the frame rate", 180_000, []allocate.Stream{audio("a"), camera("v")},
			map[string]layer.Layer{"a": {}, "v": half}, nil},
		{"550 kbit/s: no larger picture at a lower frame rate", 550_000, []allocate.Stream{audio("a"), camera("v")},
			map[string]layer.Layer{"a": {}, "v": small}, nil},
		{"640 kbit/s: the middle layer", 640_000, []allocate.Stream{audio("a"), camera("v")},
			map[string]layer.Layer{"a": {}, "v": middle}, nil},
		{"every video has its lowest layer before one is raised", 260_000,
			[]allocate.Stream{camera("u"), pinned(camera("v")), speaker(camera("w"))},
			map[string]layer.Layer{"u": quarter, "v": half, "w": quarter}, nil},
		{"and the half of its frame rate", 330_000,
			[]allocate.Stream{camera("u"), pinned(camera("v")), speaker(camera("w"))},
			map[string]layer.Layer{"u": half, "v": half, "w": half}, nil},
		{"what cannot be shown at all is the least important", 150_000,
			[]allocate.Stream{camera("u"), pinned(camera("v")), speaker(camera("w"))},
			map[string]layer.Layer{"u": none, "v": quarter, "w": quarter}, nil},
		{"the larger one", 80_000,
			[]allocate.Stream{shown(camera("u"), 320, 180), shown(camera("v"), 640, 360)},
			map[string]layer.Layer{"u": none, "v": quarter}, nil},
		{"a share is raised first", 2_070_000,
			[]allocate.Stream{camera("u"), share("s"), camera("v")},
			map[string]layer.Layer{"u": small, "s": {Spatial: 1, Temporal: 1}, "v": half}, nil},
		{"the text of a share before its motion", 1_200_000, []allocate.Stream{share("s")},
			map[string]layer.Layer{"s": {Spatial: 1, Temporal: 0}}, nil},
		{"the active speaker is raised before the others", 2_300_000,
			[]allocate.Stream{camera("u"), speaker(camera("v")), camera("w")},
			map[string]layer.Layer{"u": small, "v": large, "w": half}, nil},
		{"others are raised alike", 1_250_000,
			[]allocate.Stream{camera("u"), camera("v")},
			map[string]layer.Layer{"u": middle, "v": middle}, nil},
		{"the larger one first", 850_000,
			[]allocate.Stream{shown(camera("u"), 640, 360), shown(camera("v"), 1280, 720)},
			map[string]layer.Layer{"u": small, "v": middle}, nil},
		{"no larger than shown", 10_000_000,
			[]allocate.Stream{shown(camera("u"), 320, 180), shown(camera("v"), 321, 180), shown(camera("w"), 180, 320),
				shown(camera("x"), 2000, 2000), shown(camera("y"), 640, 0)},
			map[string]layer.Layer{"u": small, "v": middle, "w": small, "x": large, "y": middle},
			map[string]string{"u": "size", "v": "size", "w": "size", "x": "unlimited", "y": "size"}},
		{"no better than asked", 10_000_000,
			[]allocate.Stream{asked(camera("u"), allocate.Low), asked(camera("v"), allocate.Medium),
				asked(camera("w"), allocate.High), asked(share("s"), allocate.Medium), paused(camera("x"))},
			map[string]layer.Layer{"u": small, "v": middle, "w": large, "s": {Spatial: 0, Temporal: 1}, "x": none},
			map[string]string{"u": "requested", "v": "requested", "w": "unlimited", "s": "requested", "x": "requested"}},
		{"asked is below shown", 10_000_000,
			[]allocate.Stream{asked(shown(camera("u"), 640, 360), allocate.Low)},
			map[string]layer.Layer{"u": small}, map[string]string{"u": "requested"}},
		{"shown is below asked", 10_000_000,
			[]allocate.Stream{asked(shown(camera("u"), 320, 180), allocate.Medium)},
			map[string]layer.Layer{"u": small}, map[string]string{"u": "size"}},
		{"a publisher without layers costs the others nothing", 1_000_000,
			[]allocate.Stream{camera("u"), single("v", 2_500_000)},
			map[string]layer.Layer{"u": middle, "v": none},
			map[string]string{"u": "bandwidth", "v": "bandwidth"}},
		{"nor does a share without layers", 800_000,
			[]allocate.Stream{camera("u"), {ID: "s", Kind: allocate.Share, Options: single("", 2_500_000).Options}},
			map[string]layer.Layer{"u": middle, "s": none}, nil},
		{"a source that sends nothing", 1_000_000,
			[]allocate.Stream{{ID: "v", Kind: allocate.Camera}, {ID: "a", Kind: allocate.Audio}},
			map[string]layer.Layer{"v": none, "a": none}, map[string]string{"v": "source", "a": "source"}},
		{"rates that are not known are guessed", 700_000,
			[]allocate.Stream{{ID: "v", Kind: allocate.Camera, Options: []allocate.Option{
				{Layer: layer.Layer{Spatial: 2}, Width: 1280, Height: 720},
				{Layer: layer.Layer{Spatial: 1}},
				{Layer: layer.Layer{Spatial: 0}, Width: -1},
			}}},
			map[string]layer.Layer{"v": {Spatial: 1}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := allocate.Allocate(c.budget, c.streams, nil)
			require.Equal(t, c.want, layers(r))
			if c.why != nil {
				require.Equal(t, c.why, reasons(r))
			}
		})
	}
}

func TestTotalAndDemand(t *testing.T) {
	r := allocate.Allocate(250_000, []allocate.Stream{audio("a"), camera("v")}, nil)
	require.EqualValues(t, 190_000, r.Total)
	require.EqualValues(t, 150_000, r.Choices[1].Bps)
	// the demand suffices for everything
	r = allocate.Allocate(r.Demand, []allocate.Stream{audio("a"), camera("v")}, r.Choices)
	require.Equal(t, large, r.Choices[1].Layer)
	// what is not wanted demands nothing
	v := camera("v")
	v.Quality = allocate.Low
	w := camera("w")
	w.Paused = true
	require.InDelta(t, 150_000/0.85, allocate.Allocate(0, []allocate.Stream{v, w}, nil).Demand, 2)
}

func TestHysteresis(t *testing.T) {
	streams := []allocate.Stream{audio("a"), camera("v")}
	at := func(budget int64, before []allocate.Choice) allocate.Result {
		return allocate.Allocate(budget, streams, before)
	}
	r := at(560_000, nil)
	require.Equal(t, small, r.Choices[1].Layer, "the middle layer needs a margin")
	r = at(640_000, r.Choices)
	require.Equal(t, middle, r.Choices[1].Layer)
	for _, budget := range []int64{600_000, 560_000, 640_000, 541_000} {
		r = at(budget, r.Choices)
		require.Equal(t, middle, r.Choices[1].Layer, "at %d", budget)
	}
	r = at(530_000, r.Choices)
	require.Equal(t, small, r.Choices[1].Layer)
	r = at(600_000, r.Choices)
	require.Equal(t, small, r.Choices[1].Layer, "does not return at once")

	t.Run("streams that come and go in between", func(t *testing.T) {
		r := at(640_000, nil)
		streams := []allocate.Stream{camera("w"), camera("v"), audio("a")}
		r = allocate.Allocate(640_000, streams, r.Choices)
		require.Equal(t, map[string]layer.Layer{"a": {}, "v": small, "w": small}, layers(r))
	})
	t.Run("the top layer goes away", func(t *testing.T) {
		r := at(2_100_000, nil)
		require.Equal(t, large, r.Choices[1].Layer)
		v := camera("v")
		v.Options = v.Options[:6]
		r = allocate.Allocate(560_000, []allocate.Stream{audio("a"), v}, r.Choices)
		require.Equal(t, middle, r.Choices[1].Layer, "the middle layer is not an upgrade")
	})
}

// hundred returns a meeting of fifty.
func hundred() []allocate.Stream {
	var streams []allocate.Stream
	for i := range 50 {
		v := shown(camera(fmt.Sprintf("video-of-participant-%d", i)), 320+i%5*100, 180+i%5*60)
		v.Speaker, v.Pinned = i == 7, i == 9
		streams = append(streams, audio(fmt.Sprintf("audio-of-participant-%d", i)), v)
	}
	return streams
}

func TestAllocateDoesNotAllocate(t *testing.T) {
	var a allocate.Allocator
	streams := hundred()
	before := a.Allocate(10_000_000, streams, nil).Choices
	a.Allocate(10_000_000, streams, before)
	budget := int64(5_000_000)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		before = a.Allocate(budget, streams, before).Choices
		budget += 10_000
	}))
	reversed := make([]allocate.Choice, len(before))
	for i := range before {
		reversed[len(before)-1-i] = before[i]
	}
	a.Allocate(budget, streams, reversed) // makes the index
	require.Zero(t, testing.AllocsPerRun(100, func() { a.Allocate(budget, streams, reversed) }))
}

func BenchmarkAllocate(b *testing.B) {
	for _, n := range []int{2, 12, 100} {
		b.Run(fmt.Sprintf("streams=%d", n), func(b *testing.B) {
			var a allocate.Allocator
			streams := hundred()[:n]
			var before []allocate.Choice
			b.ReportAllocs()
			for b.Loop() {
				before = a.Allocate(int64(n)*200_000, streams, before).Choices
			}
		})
	}
}
