package depacket_test

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/mediatest"
)

var (
	allCodecs = []string{"VP8", "H264", "VP9", "AV1"}
	start     = time.Unix(1_700_000_000, 0)
)

func encode(t testing.TB, codec string) [][]byte {
	return mediatest.Encode(t, mediatest.Clip{Codec: codec, Width: 322, Height: 182, FPS: 30, Frames: 30, GOP: 10})
}

// receive puts packets through jitter and a depacketizer, a millisecond apart.
func receive(
	t testing.TB,
	codec string,
	packets []*rtp.Packet,
) (frames []depacket.Frame, asked int, d *depacket.Depacketizer) {
	d, err := depacket.New(codec, func(f depacket.Frame) { frames = append(frames, f) }, func() { asked++ })
	require.NoError(t, err)
	buffer := jitter.New(20 * time.Millisecond)
	now := start
	for _, p := range packets {
		now = now.Add(time.Millisecond)
		buffer.Push(p, now)
		for out, ok := buffer.Pop(now); ok; out, ok = buffer.Pop(now) {
			d.Push(out, now)
		}
	}
	now = now.Add(time.Hour)
	for out, ok := buffer.Pop(now); ok; out, ok = buffer.Pop(now) {
		d.Push(out, now)
	}
	return frames, asked, d
}

func packetize(t testing.TB, codec string, frames [][]byte) [][]*rtp.Packet {
	p := mediatest.NewPacketizer(t, codec, 30, 7, 65500)
	var out [][]*rtp.Packet
	for _, f := range frames {
		out = append(out, p.Frame(f))
	}
	return out
}

func flat(packets [][]*rtp.Packet) []*rtp.Packet {
	var out []*rtp.Packet
	for _, p := range packets {
		out = append(out, p...)
	}
	return out
}

func TestUnknownCodec(t *testing.T) {
	_, err := depacket.New("H266", nil, nil)
	var unknown *depacket.UnknownCodecError
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, "H266", unknown.Codec)
}

func TestEveryFrameComesBack(t *testing.T) {
	for _, codec := range allCodecs {
		t.Run(codec, func(t *testing.T) {
			in := encode(t, codec)
			require.Len(t, in, 30)
			packets := flat(packetize(t, codec, in))
			// Neighbors swapped, and some twice.
			for i := 5; i+1 < len(packets); i += 7 {
				packets[i], packets[i+1] = packets[i+1], packets[i]
			}
			packets = append(packets, packets[len(packets)-1])
			frames, asked, d := receive(t, codec, packets)
			require.Len(t, frames, 30)
			require.False(t, d.NeedsKey())
			require.LessOrEqual(t, asked, 1)
			for i, f := range frames {
				require.Equal(t, i%10 == 0, f.Key, "frame %d", i)
				if f.Key {
					require.Equal(t, [2]int{322, 182}, [2]int{f.Width, f.Height}, "frame %d", i)
				}
				require.Equal(t, uint32(0xfffff000)+uint32(i)*3000, f.RTPTime)
				if codec == "VP8" || codec == "VP9" {
					require.True(t, bytes.Equal(in[i], f.Data), "frame %d", i)
				}
			}
		})
	}
}

func TestLossDropsUpToTheNextKeyFrame(t *testing.T) {
	for _, codec := range allCodecs {
		in := encode(t, codec)
		for _, c := range []struct {
			name string
			lose func([]*rtp.Packet) []*rtp.Packet
		}{
			{"first packet", func(p []*rtp.Packet) []*rtp.Packet { return p[1:] }},
			{"last packet", func(p []*rtp.Packet) []*rtp.Packet { return p[:len(p)-1] }},
			{"whole frame", func([]*rtp.Packet) []*rtp.Packet { return nil }},
		} {
			t.Run(codec+" "+c.name, func(t *testing.T) {
				packets := packetize(t, codec, in)
				packets[14] = c.lose(packets[14])
				frames, asked, d := receive(t, codec, flat(packets))
				var times []int
				for _, f := range frames {
					times = append(times, int((f.RTPTime-0xfffff000)/3000))
				}
				require.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29}, times)
				require.GreaterOrEqual(t, asked, 1)
				require.False(t, d.NeedsKey())
			})
		}
	}
}

func TestKeyFrameIsAskedForAgain(t *testing.T) {
	in := encode(t, "VP8")
	asked := 0
	d, err := depacket.New("VP8", func(depacket.Frame) {}, func() { asked++ })
	require.NoError(t, err)
	p := mediatest.NewPacketizer(t, "VP8", 30, 7, 0)
	p.Frame(in[0])
	for i := range 31 {
		for _, packet := range p.Frame(in[1]) {
			d.Push(jitter.Packet{Packet: packet}, start.Add(time.Duration(i)*50*time.Millisecond))
		}
	}
	require.Equal(t, 4, asked) // at 0, 0.5, 1 and 1.5 s
	require.True(t, d.NeedsKey())
	require.Equal(t, uint64(31), d.Dropped())
}

// A sender may send its parameter sets once: every key frame must carry them all the same.
func TestH264ParameterSetsAreRemembered(t *testing.T) {
	in := encode(t, "H264")
	stripped := make([][]byte, len(in))
	for i, f := range in {
		stripped[i] = f
		if i > 0 && i%10 == 0 {
			at := bytes.Index(f, []byte{0, 0, 1, 0x65})
			require.Positive(t, at)
			stripped[i] = append([]byte{0}, f[at:]...)
		}
	}
	frames, _, _ := receive(t, "H264", flat(packetize(t, "H264", stripped)))
	require.Len(t, frames, 30)
	for i := 0; i < 30; i += 10 {
		require.True(t, frames[i].Key)
		require.Equal(t, 322, frames[i].Width)
		require.Contains(t, string(frames[i].Data), "\x00\x00\x00\x01\x67")
		require.Contains(t, string(frames[i].Data), "\x00\x00\x00\x01\x68")
	}
}

// What a decoder needs to begin is looked for wherever it may be: in access units of its own, in one of two parameter
// sets.
func TestH264KeyFramesWithoutAllTheirParts(t *testing.T) {
	in := encode(t, "H264")
	units := func(frame []byte) (list [][]byte) {
		for _, unit := range bytes.Split(frame, []byte{0, 0, 1}) {
			if unit = bytes.TrimRight(unit, "\x00"); len(unit) > 0 {
				list = append(list, append([]byte{0, 0, 0, 1}, unit...))
			}
		}
		return list
	}
	pick := func(frame []byte, kinds ...byte) (out []byte) {
		for _, unit := range units(frame) {
			if bytes.IndexByte(kinds, unit[4]&0x1f) >= 0 {
				out = append(out, unit...)
			}
		}
		return out
	}
	slice := func(frame []byte) []byte { return pick(frame, 1, 5) }
	recovery := []byte{0, 0, 0, 1, 6, 6, 1, 0x84, 0x80} // recovery_point: recovery_frame_cnt 0, exact_match_flag
	for name, c := range map[string]struct {
		frames [][]byte
		keys   []bool
	}{
		"sets before the first picture": {[][]byte{pick(in[0], 7, 8), slice(in[0]), in[1]}, []bool{true, false}},
		"sets between pictures": {[][]byte{in[0], in[1], pick(in[0], 7, 8), in[2], slice(in[10])}, []bool{true,
			false, false, true}},
		"one set of two": {[][]byte{in[0], in[1], append(pick(in[10], 7), slice(in[10])...)}, []bool{true,
			false, true}},
		"never any sets": {[][]byte{slice(in[0]), in[1], slice(in[10])}, nil},
		"a recovery point": {[][]byte{in[3], append(append(pick(in[0], 7, 8), recovery...), slice(in[4])...),
			in[5]}, []bool{true, false}},
		"a recovery point, sets earlier": {[][]byte{pick(in[0], 7, 8), append(bytes.Clone(recovery), slice(in[4])...),
			in[5]}, []bool{true, false}},
		"neither": {[][]byte{append(pick(in[0], 7, 8), slice(in[4])...), in[5]}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			frames, _, _ := receive(t, "H264", flat(packetize(t, "H264", c.frames)))
			var keys []bool
			for _, f := range frames {
				keys = append(keys, f.Key)
				if f.Key {
					require.Equal(t, 1, bytes.Count(f.Data, []byte("\x00\x00\x00\x01\x67")))
					require.Equal(t, 1, bytes.Count(f.Data, []byte("\x00\x00\x00\x01\x68")))
					require.Equal(t, 322, f.Width)
				}
			}
			require.Equal(t, c.keys, keys)
		})
	}
}

// All layers of a moment are one frame, with an index, as large as the largest. A layer that comes between key
// pictures waits for one.
func TestVP9LayersAreOneFrame(t *testing.T) {
	lower, upper := encode(
		t,
		"VP9",
	), mediatest.Encode(
		t,
		mediatest.Clip{Codec: "VP9", Width: 644, Height: 364, FPS: 30, Frames: 2, GOP: 1},
	)
	var got []depacket.Frame
	d, err := depacket.New("VP9", func(f depacket.Frame) { got = append(got, f) }, nil)
	require.NoError(t, err)
	packet := func(rtpTime uint32, marker bool, payload []byte) {
		d.Push(
			jitter.Packet{Packet: &rtp.Packet{Header: rtp.Header{Timestamp: rtpTime, Marker: marker}, Payload: payload}},
			start,
		)
	}
	const layered, begins, ends, inter = 0x20, 0x08, 0x04, 0x40
	of := func(flags, layer byte, data []byte) []byte {
		return append([]byte{flags | layered | begins | ends, layer<<1 | min(layer, 1), 0}, data...)
	}
	packet(0, true, of(0, 0, lower[0]))         // one layer
	packet(3000, false, of(inter, 0, lower[1])) // and one more, too early
	packet(3000, true, of(inter, 1, upper[0]))
	packet(6000, false, of(0, 0, lower[10]))
	packet(6000, true, of(0, 1, upper[1]))
	packet(9000, false, of(inter, 0, lower[11]))
	packet(9000, true, of(inter, 1, []byte("what an upper layer adds")))
	require.Len(t, got, 4)
	require.Zero(t, d.Dropped())
	require.Equal(t, []any{true, 322, 182, 1}, []any{got[0].Key, got[0].Width, got[0].Height, got[0].Layers})
	require.True(t, bytes.Equal(lower[1], got[1].Data))
	require.Equal(t, []any{true, 644, 364, 2}, []any{got[2].Key, got[2].Width, got[2].Height, got[2].Layers})
	require.True(t, bytes.HasPrefix(got[2].Data, append(bytes.Clone(lower[10]), upper[1]...)))
	require.Equal(t, 2, got[3].Layers)
	n := len(got[3].Data)
	require.Equal(t, byte(0xd9), got[3].Data[n-1])
	require.Equal(t, byte(0xd9), got[3].Data[n-10])
	require.Equal(t, byte(len(lower[11])), got[3].Data[n-9])
	require.Equal(t, []byte{24, 0, 0, 0}, got[3].Data[n-5:n-1])
}

// A sender that adds a layer between key pictures is asked for a key frame, every two seconds until it comes. Frames
// without the layer go on meanwhile.
func TestVP9LayerThatIsAddedIsAskedFor(t *testing.T) {
	var got []depacket.Frame
	asked := 0
	d, err := depacket.New("VP9", func(f depacket.Frame) { got = append(got, f) }, func() { asked++ })
	require.NoError(t, err)
	coded := encode(t, "VP9")
	picture := func(n int, now time.Duration, flags byte, layers int) {
		for layer := range byte(layers) {
			payload := append([]byte{flags | 0x2c, layer<<1 | min(layer, 1), 0}, coded[min(flags, 1)]...)
			header := rtp.Header{Timestamp: uint32(n) * 3000, Marker: int(layer) == layers-1}
			d.Push(jitter.Packet{Packet: &rtp.Packet{Header: header, Payload: payload}}, start.Add(now))
		}
	}
	picture(0, 0, 0, 1)
	require.Zero(t, asked)
	for n := 1; n <= 45; n++ { // the second layer comes for 4.5 s
		picture(n, time.Duration(n)*100*time.Millisecond, 0x40, 2)
	}
	require.Equal(t, 3, asked)
	require.Len(t, got, 46)
	require.Equal(t, 1, got[45].Layers)
	picture(46, 5*time.Second, 0, 2)
	require.Equal(t, 2, got[46].Layers)
	for n := 47; n < 100; n++ {
		picture(n, time.Duration(n)*100*time.Millisecond, 0x40, 2)
	}
	require.Equal(t, 3, asked)
	require.Equal(t, 2, got[99].Layers)
	require.Zero(t, d.Dropped())
}

// Simulcast: what the server sends of one encoding goes on with another one at a key frame, of another size, after a
// picture of which a part is missing.
func TestSizeChangesInOneStream(t *testing.T) {
	for _, codec := range allCodecs {
		t.Run(codec, func(t *testing.T) {
			var frames [][]byte
			for _, width := range []int{322, 642, 162} {
				clip := mediatest.Clip{Codec: codec, Width: width, Height: 182, FPS: 30, Frames: 5, GOP: 5}
				frames = append(frames, mediatest.Encode(t, clip)...)
			}
			packets := packetize(t, codec, frames)
			cut := packets[9]
			cut[len(cut)-1].Marker = false // the last picture of the second encoding has no end
			got, asked, d := receive(t, codec, flat(packets))
			require.LessOrEqual(t, asked, 1)
			require.False(t, d.NeedsKey())
			var widths []int
			for _, f := range got {
				if f.Key {
					widths = append(widths, f.Width)
				}
			}
			require.Equal(t, []int{322, 642, 162}, widths)
			require.GreaterOrEqual(t, len(got), 14)
		})
	}
}

// Bits flipped and payloads cut at random: no panic, only bounded frames, and good ones again at the end.
func TestCorruptedInput(t *testing.T) {
	for _, codec := range allCodecs {
		t.Run(codec, func(t *testing.T) {
			in := encode(t, codec)
			for seed := range uint64(10) {
				r := rand.New(rand.NewPCG(seed, 9))
				packets := packetize(t, codec, append(append([][]byte{}, in[:20]...), in[:10]...))
				for i := range 20 {
					for _, p := range packets[i] {
						corrupt(r, p)
					}
				}
				frames, _, _ := receive(t, codec, flat(packets))
				require.NotEmpty(t, frames)
				last := frames[len(frames)-10]
				require.True(t, last.Key)
				require.Equal(t, 322, last.Width)
			}
		})
	}
}

func corrupt(r *rand.Rand, p *rtp.Packet) {
	payload := bytes.Clone(p.Payload)
	switch r.IntN(4) {
	case 0:
		payload[r.IntN(len(payload))] ^= byte(1 << r.IntN(8))
	case 1:
		payload = payload[:r.IntN(len(payload))]
	case 2:
		payload[0] = byte(r.Uint32())
	}
	p.Payload = payload
}

// FuzzPush reads the input as packets: a byte of header bits, two bytes of length, the payload.
func FuzzPush(f *testing.F) {
	for i, codec := range allCodecs {
		var seed []byte
		for _, packets := range packetize(f, codec, encode(f, codec)[:2]) {
			for _, p := range packets {
				seed = append(seed, 0, byte(len(p.Payload)>>8), byte(len(p.Payload)))
				if p.Marker {
					seed[len(seed)-3] = 1
				}
				seed = append(seed, p.Payload...)
			}
		}
		f.Add(byte(i), seed)
	}
	f.Fuzz(func(t *testing.T, which byte, input []byte) {
		d, err := depacket.New(allCodecs[which%4], func(f depacket.Frame) {
			if len(f.Data) == 0 || f.Key && (f.Width <= 0 || f.Height <= 0) {
				t.Fatalf("frame of %d bytes, %dx%d", len(f.Data), f.Width, f.Height)
			}
		}, nil)
		require.NoError(t, err)
		var rtpTime uint32
		for len(input) >= 3 {
			flags, size := input[0], int(input[1])<<8|int(input[2])
			input = input[3:]
			size = min(size, len(input))
			if flags&2 != 0 {
				rtpTime += 3000
			}
			d.Push(jitter.Packet{
				Packet: &rtp.Packet{Header: rtp.Header{Marker: flags&1 != 0, Timestamp: rtpTime}, Payload: input[:size]},
				Lost:   int(flags >> 2 & 1), Restart: flags&8 != 0,
			}, start)
			input = input[size:]
		}
	})
}
