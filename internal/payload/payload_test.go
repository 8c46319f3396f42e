package payload_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/payload"
)

func TestCodecOf(t *testing.T) {
	for name, want := range map[string]payload.Codec{
		"video/VP8": payload.VP8, "vp9": payload.VP9, "video/h264": payload.H264, "AV1": payload.AV1,
		"audio/opus": payload.Opus,
		"video/rtx":  payload.Unknown, "": payload.Unknown, "unknown": payload.Unknown,
	} {
		require.Equal(t, want, payload.CodecOf(name), name)
	}
}

// cut parses every beginning of a payload: none may panic.
func cut(t *testing.T, codec payload.Codec, b, descriptor []byte) {
	t.Helper()
	for n := range b {
		payload.NewParser(codec).Parse(0, false, b[:n:n], descriptor)
	}
	for n := range descriptor {
		payload.NewParser(codec).Parse(0, false, b, descriptor[:n:n])
	}
}

func TestVP8(t *testing.T) {
	b := []byte{0x90, 0xf0, 0x81, 0x02, 7, 0x40 | 0x20 | 3, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00}
	require.Equal(t, payload.Facts{
		Codec: payload.VP8, RTPTime: 3000, KeyFrame: true, FrameStart: true,
		PictureID: 0x102, PictureIDBits: 15, PictureIDAt: 2, TL0PICIDX: 7, TL0PICIDXAt: 4,
		Temporal: 1, HasTemporal: true, SwitchUp: true, KeyIndex: 3, HasKeyIndex: true,
		Size: payload.Size{Width: 320, Height: 180},
	}, payload.NewParser(payload.VP8).Parse(3000, false, b, nil))
	cut(t, payload.VP8, b, nil)

	f := payload.NewParser(payload.VP8).Parse(0, true, []byte{0xa0, 0x80, 0x05, 1}, nil)
	require.Equal(t, payload.Facts{
		Codec: payload.VP8, Marker: true, FrameEnd: true, InterPicture: true, Discardable: true,
		PictureID: 5, PictureIDBits: 7, PictureIDAt: 2,
	}, f)
}

func TestVP9(t *testing.T) {
	// A key picture's layer 0 with sizes of two layers, and a group of three pictures.
	b := []byte{
		0x80 | 0x20 | 0x08 | 0x04 | 0x02, 0x81, 0x02, 0x10, 7,
		1<<5 | 0x18, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68,
		3, 0x14, 1, 0x40 | 0x18, 1, 2, 0x04 | 0x20, 1,
		0x82, 0x49, 0x83, 0x42, 0x00, 0x13, 0xf0, 0x0b, 0x30,
	}
	f := payload.NewParser(payload.VP9).Parse(3000, false, b, nil)
	require.True(t, f.KeyFrame && f.FrameStart && f.FrameEnd && f.SwitchUp && f.HasSpatial)
	require.False(t, f.InterPicture || f.InterLayer)
	require.Equal(t, []any{uint16(0x102), uint8(15), uint8(1), uint8(7), uint8(4)},
		[]any{f.PictureID, f.PictureIDBits, f.PictureIDAt, f.TL0PICIDX, f.TL0PICIDXAt})
	require.Equal(t, uint8(2), f.SizeCount)
	require.Equal(t, payload.Size{Width: 640, Height: 360}, f.Sizes[1])
	require.Equal(t, payload.Size{Width: 320, Height: 180}, f.Size)
	cut(t, payload.VP9, b, nil)

	// Flexible mode: layer 1 of a later picture, which refers to two pictures.
	b = []byte{0x80 | 0x40 | 0x20 | 0x10 | 0x08, 0x05, 2<<5 | 1<<1 | 1, 1<<1 | 1, 3 << 1, 0x86}
	f = payload.NewParser(payload.VP9).Parse(6000, true, b, nil)
	require.True(t, f.InterPicture && f.InterLayer && f.FrameStart && f.Marker)
	require.False(t, f.KeyFrame || f.FrameEnd || f.SwitchUp)
	require.Equal(t, []uint8{1, 2, 7}, []uint8{f.Spatial, f.Temporal, f.PictureIDBits})
	d, ok := payload.ParseVP9(b)
	require.True(t, ok)
	require.Equal(t, []uint8{1, 3}, d.PictureDiffs[:d.PictureDiffCount])
	require.Equal(t, 5, d.Length)
	cut(t, payload.VP9, b, nil)

	_, ok = payload.ParseVP9([]byte{0xd8, 0x05, 3, 3, 3, 2, 0x86}) // four references
	require.False(t, ok)
}

func TestH264(t *testing.T) {
	sps := []byte{0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x8d, 0x40, 0xa0, 0x2f, 0xf9, 0x66, 0xa0, 0x20, 0x20, 0x20, 0x40}
	pps := []byte{0x68, 0xce, 0x3c, 0x80}
	size, ok := payload.ReadSPS(sps)
	require.True(t, ok)

	p := payload.NewParser(payload.H264)
	f := p.Parse(0, false, []byte{0x65, 0x88}, nil)
	require.False(t, f.KeyFrame, "nobody could decode it")
	f = p.Parse(3000, false, sps, nil)
	require.True(t, f.KeyFrame)
	require.Nil(t, f.Sets)
	require.Equal(t, size, f.Size)
	f = p.Parse(3000, false, pps, nil)
	require.False(t, f.KeyFrame)
	f = p.Parse(3000, true, []byte{0x65, 0x88}, nil)
	require.False(t, f.KeyFrame, "the unit has begun")
	f = p.Parse(6000, true, []byte{0x01, 0x9a}, nil)
	require.True(t, f.Discardable)
	// Without parameter sets of its own a picture brings the ones that came before.
	f = p.Parse(9000, false, []byte{0x7c, 0x85, 0x88}, nil)
	require.True(t, f.KeyFrame)
	sets := append([]byte{0x78, 0, byte(len(sps))}, sps...)
	require.Equal(t, append(append(sets, 0, byte(len(pps))), pps...), f.Sets)
	require.Equal(t, size, f.Size)
	f = p.Parse(9000, true, []byte{0x7c, 0x45, 0x88}, nil)
	require.False(t, f.KeyFrame)
	cut(t, payload.H264, append([]byte{0x78, 0, byte(len(sps))}, sps...), nil)
}

// The structure is that of a recording of Chromium: L1T3.
func TestDependencyDescriptor(t *testing.T) {
	first, err := hex.DecodeString("c00059800214eaa860414d1410208427" + "03bf021b")
	require.NoError(t, err)
	key := []byte{0x28, 0x10, 0x08, 0x00}
	p := payload.NewParser(payload.AV1)
	f := p.Parse(0, false, []byte{0x10, 0x34, 0x40}, []byte{0xc3, 0, 0x5a})
	require.Nil(t, f.Dependency.Structure, "nothing says what template 3 is")

	f = p.Parse(0, true, key, first)
	require.True(t, f.KeyFrame && f.FrameStart && f.FrameEnd && f.Dependency.NewStructure)
	d := f.Dependency
	require.Equal(t, []payload.Target{{}, {Temporal: 1}, {Temporal: 2}}, d.Structure.Targets)
	require.Equal(t, []payload.Size{{Width: 960, Height: 540}}, d.Structure.Sizes)
	require.Equal(t, payload.Size{Width: 960, Height: 540}, f.Size)
	require.Equal(t, 1, d.Structure.Chains)
	require.Equal(t, []uint32{7, 7, 0, 7}, []uint32{d.Present, d.Switch, d.Discardable, d.Active})
	require.Zero(t, d.DiffCount)

	f = p.Parse(3000, true, []byte{0x10, 0x34, 0x40}, []byte{0xc3, 0, 0x5a})
	require.Equal(t, []uint32{4, 0, 4}, []uint32{f.Dependency.Present, f.Dependency.Switch, f.Dependency.Discardable})
	require.Equal(t, []uint16{1}, f.Dependency.Diffs[:f.Dependency.DiffCount])
	require.Equal(t, uint8(2), f.Temporal)
	require.True(t, f.Discardable)
	require.Same(t, d.Structure, f.Dependency.Structure)

	// What a frame says for itself: decode targets active and its own, references, chains.
	w := bitWriter{}
	w.put(0xc3, 8)
	w.put(0x5b, 16)
	w.put(0b01111, 5)    // no structure
	w.put(0b011, 3)      // active
	w.put(0b01_10_11, 6) // discardable, switch, required
	w.put(1, 2)          // a diff of 4 bits
	w.put(2, 4)
	w.put(3, 2) // and one of 12
	w.put(299, 12)
	w.put(0, 2)
	w.put(200, 8)
	f = p.Parse(6000, true, []byte{0x10, 0x34, 0x40}, w.bytes)
	d = f.Dependency
	require.Equal(t, []uint32{7, 2, 1, 3}, []uint32{d.Present, d.Switch, d.Discardable, d.Active})
	require.Equal(t, []uint16{3, 300}, d.Diffs[:d.DiffCount])
	require.Equal(t, uint8(200), d.ChainDiffs[0])
	later := p.Parse(7000, true, key, []byte{0xc3, 0, 0x5c})
	require.Equal(t, uint32(3), later.Dependency.Active, "until another packet says it")

	// The same structure once more is the same; packets of another one come late and are still read.
	again := p.Parse(9000, true, key, first)
	require.Same(t, d.Structure, again.Dependency.Structure)
	for n := range first {
		broken := append([]byte(nil), first...)
		broken[n] ^= 0xff
		payload.NewParser(payload.AV1).Parse(0, true, key, broken)
	}
	cut(t, payload.AV1, key, first)
}

// A descriptor that is written anew says the same, but for what is replaced.
func requireRewritten(t testing.TB, b, descriptor []byte, f payload.Facts, before *payload.Parser) {
	t.Helper()
	d := &f.Dependency
	for _, active := range []uint32{0, 1} {
		number := d.Number + 77
		out := d.Rewrite([]byte{1, 2}, descriptor, number, active)
		require.Equal(t, []byte{1, 2}, out[:2])
		again := before.Parse(f.RTPTime, f.Marker, b, out[2:])
		if active == 0 {
			active = d.Active
		}
		require.Equal(t, number, again.Dependency.Number)
		require.Equal(t, active, again.Dependency.Active)
		again.Dependency.Number, again.Dependency.Active = d.Number, d.Active
		require.Equal(t, told(f), told(again))
	}
}

// told is what a descriptor says of a packet.
func told(f payload.Facts) string {
	d := f.Dependency
	return fmt.Sprint(f.FrameStart, f.FrameEnd, f.Spatial, f.Temporal, f.Sizes, f.OwnLayer, *d.Structure, d.Number,
		d.NewStructure, d.Present, d.Switch, d.Discardable, d.Active, d.Diffs, d.DiffCount, d.ChainDiffs)
}

func TestRewriteDependencyDescriptor(t *testing.T) {
	first, err := hex.DecodeString("c00059800214eaa860414d1410208427" + "03bf021b")
	require.NoError(t, err)
	key, next := []byte{0x28, 0x10, 0x08, 0x00}, []byte{0x10, 0x34, 0x40}
	w := bitWriter{}
	w.put(0xc3, 8)
	w.put(0x5b, 16)
	w.put(0b01111, 5)
	w.put(0b011, 3)
	w.put(0b01_10_11, 6)
	w.put(1, 2)
	w.put(2, 4)
	w.put(0, 2)
	w.put(200, 8)
	for _, c := range [][2][]byte{{key, first}, {next, {0xc3, 0, 0x5a}}, {next, w.bytes}, {next, {0xc3, 0, 0x5d, 0, 0}}} {
		p, q := payload.NewParser(payload.AV1), payload.NewParser(payload.AV1)
		p.Parse(0, true, key, first)
		q.Parse(0, true, key, first)
		f := p.Parse(3000, true, c[0], c[1])
		require.NotNil(t, f.Dependency.Structure)
		requireRewritten(t, c[0], c[1], f, q)
	}
	require.Equal(t, []byte{0xc3, 1}, (&payload.Dependency{}).Rewrite(nil, []byte{0xc3, 1}, 5, 1), "cut off")
}

// The best decode target of a layer is one of those that the sender produces.
func TestSelectDecodeTargets(t *testing.T) {
	d := payload.Dependency{Structure: &payload.Structure{}, Active: 0b111111}
	for spatial := range uint8(2) {
		for temporal := range uint8(3) {
			d.Structure.Targets = append(d.Structure.Targets, payload.Target{Spatial: spatial, Temporal: temporal})
		}
	}
	for _, c := range []struct {
		spatial, temporal int8
		active            uint32
		targets, best     uint32
	}{
		{7, 7, 0b111111, 0b111111, 0b100000}, {0, 7, 0b111111, 0b000111, 0b000100}, {7, 0, 0b111111, 0b001001, 0b001000},
		{7, 7, 0b000111, 0b000111, 0b000100}, {1, 2, 0b011011, 0b011011, 0b010000}, {-1, -1, 0b111111, 0, 0},
		{1, 1, 0, 0, 0},
	} {
		d.Active = c.active
		targets, best := d.Select(c.spatial, c.temporal)
		require.Equal(t, []uint32{c.targets, c.best}, []uint32{targets, best}, "%+v", c)
	}
}

// A packet of the structure before the present one, which came late, is read by that one.
func TestDependencyDescriptorOfThePictureBefore(t *testing.T) {
	structure := func(offset uint32) []byte {
		w := bitWriter{}
		w.put(0xc0|offset, 8)
		w.put(1, 16)
		w.put(0b10000, 5)
		w.put(offset, 6)
		w.put(0, 5) // one target
		w.put(3, 2) // one template
		w.put(2, 2) // switch
		w.put(0, 1) // no diffs
		w.put(0, 1) // no chains
		w.put(0, 1) // no sizes
		return w.bytes
	}
	p := payload.NewParser(payload.AV1)
	old := p.Parse(0, true, []byte{0x18, 0x0a}, structure(5)).Dependency.Structure
	next := p.Parse(3000, true, []byte{0x18, 0x0a}, structure(20)).Dependency.Structure
	require.NotNil(t, old)
	require.NotNil(t, next)
	require.NotSame(t, old, next)
	require.Same(t, old, p.Parse(0, true, []byte{0x10, 0x32}, []byte{0xc5, 0, 1}).Dependency.Structure)
	require.Same(t, next, p.Parse(6000, true, []byte{0x10, 0x32}, []byte{0xd4, 0, 2}).Dependency.Structure)
	require.Nil(t, p.Parse(6000, true, []byte{0x10, 0x32}, []byte{0xc0, 0, 2}).Dependency.Structure)
}

type bitWriter struct {
	bytes []byte
	used  int
}

func (w *bitWriter) put(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.used%8 == 0 {
			w.bytes = append(w.bytes, 0)
		}
		w.bytes[w.used/8] |= byte(v>>i&1) << (7 - w.used%8)
		w.used++
	}
}

func TestOpusDTX(t *testing.T) {
	for _, c := range []struct {
		payload []byte
		want    bool
	}{
		{[]byte{0x78}, true},
		{[]byte{0x78, 1}, true},
		{[]byte{0x78, 1, 2}, false},
		{[]byte{0x79, 1, 2}, true},
		{[]byte{0x79, 1, 2, 3, 4}, false},
		{[]byte{0x7a, 1, 1, 1}, true},
		{[]byte{0x7a, 2, 1, 1, 1, 1}, false},
		{[]byte{0x7b, 3, 1, 1, 1}, true},
		{[]byte{0x7b, 3, 1, 1, 1, 1}, false},
	} {
		require.Equal(t, c.want, payload.NewParser(payload.Opus).Parse(0, false, c.payload, nil).DTX, "% x", c.payload)
	}
}

func TestPadding(t *testing.T) {
	for codec := payload.Unknown; codec <= payload.AV1; codec++ {
		f := payload.NewParser(codec).Parse(3000, true, nil, nil)
		require.True(t, f.Padding)
		require.False(t, f.KeyFrame || f.FrameStart)
	}
}

// Whatever arrives: no panic, and facts that cannot lead anybody outside the payload.
func FuzzParse(f *testing.F) {
	f.Add(byte(payload.VP8), []byte{0x90, 0xf0, 0x81, 2, 7, 0x63, 0x10, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xb4, 0}, []byte{},
		[]byte{})
	f.Add(byte(payload.VP9), []byte{0xae, 0x81, 2, 0x10, 7, 0x38, 1, 0x40, 0, 0xb4, 2, 0x80, 1, 0x68, 1, 4, 1, 0x82},
		[]byte{}, []byte{})
	f.Add(byte(payload.H264), []byte{0x78, 0, 3, 0x67, 1, 2, 0, 2, 0x68, 0xce}, []byte{}, []byte{0x7c, 0x85, 0x88})
	first, err := hex.DecodeString("c00059800214eaa860414d141020842703bf021b")
	require.NoError(f, err)
	f.Add(byte(payload.AV1), []byte{0x28, 0x10, 0x08, 0x00}, first, []byte{0xc3, 0, 0x5a})
	f.Fuzz(func(t *testing.T, codec byte, first, descriptor, second []byte) {
		p := payload.NewParser(payload.Codec(codec % 6))
		for i, b := range [][]byte{first, second, first} {
			extension := descriptor
			if i == 1 {
				extension = second
			}
			facts := p.Parse(uint32(i)*3000, i == 1, b, extension)
			if facts.PictureIDBits != 0 && int(facts.PictureIDAt)+1 > len(b) || int(facts.TL0PICIDXAt) >= max(1, len(b)) {
				t.Fatalf("ids at %d and %d of %d bytes", facts.PictureIDAt, facts.TL0PICIDXAt, len(b))
			}
			if facts.PictureIDBits == 7 && facts.PictureID > 0x7f || facts.PictureID > 0x7fff {
				t.Fatalf("picture id %d of %d bits", facts.PictureID, facts.PictureIDBits)
			}
			if facts.Spatial > 7 || facts.Temporal > 7 || len(facts.Sets) > 1200 || facts.SizeCount > payload.MaxSpatial {
				t.Fatalf("%+v", facts)
			}
			if s := facts.Dependency.Structure; s != nil {
				if len(s.Targets) == 0 || len(s.Targets) > payload.MaxTargets || facts.Dependency.Present>>len(s.Targets) != 0 {
					t.Fatalf("%d targets, frame in %b", len(s.Targets), facts.Dependency.Present)
				}
				requireRewritten(t, b, extension, facts, p)
			}
		}
	})
}
