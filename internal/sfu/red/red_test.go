package red_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/internal/sfu/red"
)

const opus = 111

// audio returns the payload of a packet, by which it is recognized.
func audio(seqno uint16) []byte { return fmt.Appendf(nil, "audio of packet %d", seqno) }

func TestParse(t *testing.T) {
	// two redundant blocks, 960 and 480 ticks old, of 3 and 2 bytes
	payload := []byte{
		0x80 | opus, 0x0f, 0x00, 3,
		0x80 | opus, 0x07, 0x80, 2,
		opus,
		1, 2, 3, 4, 5, 6, 7,
	}
	blocks, err := red.Parse(payload, nil)
	require.NoError(t, err)
	require.Equal(t, []red.Block{
		{PayloadType: opus, Offset: 960, Payload: []byte{1, 2, 3}},
		{PayloadType: opus, Offset: 480, Payload: []byte{4, 5}},
		{PayloadType: opus, Payload: []byte{6, 7}},
	}, blocks)
	primary, err := red.Primary(payload)
	require.NoError(t, err)
	require.Equal(t, blocks[2], primary)

	for n := range 14 { // without its end; the primary block may be empty
		_, err := red.Parse(payload[:n], nil)
		require.ErrorIs(t, err, red.ErrTruncated, "%d bytes", n)
		_, err = red.Primary(payload[:n])
		require.ErrorIs(t, err, red.ErrTruncated)
		_, err = red.Retype(nil, payload[:n], 1)
		require.ErrorIs(t, err, red.ErrTruncated)
	}
	blocks, err = red.Parse([]byte{opus}, nil)
	require.NoError(t, err)
	require.Equal(t, []red.Block{{PayloadType: opus, Payload: []byte{}}}, blocks)

	limit := append(bytes.Repeat([]byte{0x80, 0, 4, 0}, red.MaxBlocks-1), opus)
	blocks, err = red.Parse(limit, nil)
	require.NoError(t, err)
	require.Len(t, blocks, red.MaxBlocks)
	_, err = red.Parse(append([]byte{0x80, 0, 4, 0}, limit...), nil)
	require.ErrorIs(t, err, red.ErrTooManyBlocks)
}

func TestRetype(t *testing.T) {
	var b red.Builder
	b.Build(nil, 2, opus, 1, 960, audio(1))
	payload := b.Build(nil, 2, opus, 2, 1920, audio(2))
	retyped, err := red.Retype([]byte("x"), payload, 96)
	require.NoError(t, err)
	blocks, err := red.Parse(retyped[1:], nil)
	require.NoError(t, err)
	require.Equal(t, []red.Block{
		{PayloadType: 96, Offset: 960, Payload: audio(1)}, {PayloadType: 96, Payload: audio(2)},
	}, blocks)
	require.EqualValues(t, 0x80|opus, payload[0], "the original stays as it is")
}

func TestBuild(t *testing.T) {
	build := func(b *red.Builder, distance int, seqno uint16, timestamp uint32, payload []byte) []red.Block {
		t.Helper()
		made := b.Build([]byte("before"), distance, opus, seqno, timestamp, payload)
		require.Equal(t, "before", string(made[:6]))
		blocks, err := red.Parse(made[6:], nil)
		require.NoError(t, err)
		require.Equal(t, payload, blocks[len(blocks)-1].Payload)
		return blocks[:len(blocks)-1]
	}
	block := func(seqno uint16, offset uint32) red.Block {
		return red.Block{PayloadType: opus, Offset: offset, Payload: audio(seqno)}
	}
	t.Run("the last packets, the oldest first", func(t *testing.T) {
		var b red.Builder
		require.Empty(t, build(&b, 2, 65534, 0xfffffc40, audio(65534)))
		require.Equal(t, []red.Block{block(65534, 960)}, build(&b, 2, 65535, 0, audio(65535)))
		require.Equal(t, []red.Block{block(65534, 1920), block(65535, 960)}, build(&b, 2, 0, 960, audio(0)))
		require.Equal(t, []red.Block{block(65535, 1920), block(0, 960)}, build(&b, 2, 1, 1920, audio(1)))
		require.Equal(t, []red.Block{block(0, 960)}, build(&b, 1, 1, 1920, audio(1)), "again, for another subscriber")
		require.Empty(t, build(&b, 0, 1, 1920, audio(1)))
		require.Len(t, build(&b, 100, 2, 2880, audio(2)), red.MaxDistance)
	})
	t.Run("lost and late packets", func(t *testing.T) {
		var b red.Builder
		build(&b, 2, 10, 9600, audio(10))
		require.Equal(t, []red.Block{block(10, 1920)}, build(&b, 2, 12, 11520, audio(12)))
		require.Equal(t, []red.Block{block(10, 960)}, build(&b, 2, 11, 10560, audio(11)))
		require.Equal(t, []red.Block{block(11, 1920), block(12, 960)}, build(&b, 2, 13, 12480, audio(13)))
		require.Empty(t, build(&b, 2, 9, 8640, audio(9)), "its place is taken by 13")
		require.Equal(t, []red.Block{block(12, 1920), block(13, 960)}, build(&b, 2, 14, 13440, audio(14)))
	})
	t.Run("what the format does not allow", func(t *testing.T) {
		var b red.Builder
		build(&b, 2, 1, 960, audio(1))
		require.Empty(t, build(&b, 2, 2, 960+red.MaxOffset+1, audio(2)), "too far back")
		require.Equal(t, []red.Block{block(2, red.MaxOffset)}, build(&b, 2, 3, 960+2*red.MaxOffset+1, audio(3)))
		require.Empty(t, build(&b, 2, 4, 17, audio(4)), "the clock has jumped back")
		build(&b, 2, 5, 977, make([]byte, red.MaxLength+1))
		require.Empty(t, build(&b, 1, 6, 1937, audio(6)), "too long")
		build(&b, 2, 7, 2897, make([]byte, red.MaxLength))
		require.Len(t, build(&b, 1, 8, 3857, audio(8)), 1)
		require.Empty(t, build(&b, 1, 9, 4817, make([]byte, 1100)), "does not fit into one packet")
		build(&b, 1, 10, 5777, []byte{})
		require.Empty(t, build(&b, 1, 11, 6737, audio(11)), "empty")
	})
	t.Run("a new numbering", func(t *testing.T) {
		var b red.Builder
		for seqno := range uint16(10) {
			build(&b, 2, 30000+seqno, 960*uint32(seqno), audio(seqno))
		}
		for seqno := range uint16(10) {
			require.Len(t, build(&b, 2, 100+seqno, 960*uint32(seqno), audio(seqno)), min(int(seqno), 2))
		}
	})
}

func TestUnwrap(t *testing.T) {
	// stream returns redundant packets from number 65530 on.
	stream := func(n, distance int) (payloads [][]byte) {
		var b red.Builder
		for i := range n {
			seqno := uint16(65530 + i)
			payloads = append(payloads, b.Build(nil, distance, opus, seqno, uint32(i)*960, audio(seqno)))
		}
		return payloads
	}
	unwrap := func(u *red.Unwrapper, i int, payload []byte) (seqnos []uint16, recovered int) {
		t.Helper()
		packets, err := u.Unwrap(nil, uint16(65530+i), uint32(i)*960, payload)
		require.NoError(t, err)
		for _, p := range packets {
			require.Equal(t, audio(p.SequenceNumber), p.Payload)
			require.Equal(t, uint32(p.SequenceNumber-65530)*960, p.Timestamp)
			require.EqualValues(t, opus, p.PayloadType)
			seqnos = append(seqnos, p.SequenceNumber)
			if p.Recovered {
				recovered++
			}
		}
		return seqnos, recovered
	}
	t.Run("each packet once", func(t *testing.T) {
		var u red.Unwrapper
		for i, payload := range stream(200, 2) {
			seqnos, recovered := unwrap(&u, i, payload)
			require.Equal(t, []uint16{uint16(65530 + i)}, seqnos)
			require.Zero(t, recovered)
			seqnos, _ = unwrap(&u, i, payload)
			require.Empty(t, seqnos, "a duplicate")
		}
	})
	t.Run("two lost packets come with the next one", func(t *testing.T) {
		var u red.Unwrapper
		payloads := stream(200, 2)
		unwrap(&u, 0, payloads[0])
		seqnos, recovered := unwrap(&u, 3, payloads[3])
		require.Equal(t, []uint16{65531, 65532, 65533}, seqnos)
		require.Equal(t, 2, recovered)
		seqnos, _ = unwrap(&u, 1, payloads[1])
		require.Empty(t, seqnos, "it was recovered before it came")
		seqnos, recovered = unwrap(&u, 100, payloads[100])
		require.Equal(t, []uint16{92, 93, 94}, seqnos)
		require.Equal(t, 2, recovered)
		seqnos, recovered = unwrap(&u, 98, payloads[98])
		require.Equal(t, []uint16{90, 91}, seqnos, "what it carries is new")
		require.Equal(t, 2, recovered)
		seqnos, _ = unwrap(&u, 5, payloads[5])
		require.Empty(t, seqnos, "too late")
	})
	t.Run("what comes late comes alone", func(t *testing.T) {
		var u red.Unwrapper
		payloads := stream(10, 1)
		unwrap(&u, 0, payloads[0])
		unwrap(&u, 4, payloads[4])
		seqnos, recovered := unwrap(&u, 2, payloads[2])
		require.Equal(t, []uint16{65531, 65532}, seqnos)
		require.Equal(t, 1, recovered)
		require.False(t, u.Plain(65532, 2*960))
		require.True(t, u.Plain(65535, 5*960))
	})
	t.Run("a new source", func(t *testing.T) {
		var u red.Unwrapper
		payloads := stream(10, 1)
		unwrap(&u, 0, payloads[0])
		packets, err := u.Unwrap(nil, 30_000, 1<<31, payloads[5])
		require.NoError(t, err)
		require.Len(t, packets, 2)
		packets, err = u.Unwrap(nil, 30_001, 7, payloads[6]) // another clock
		require.NoError(t, err)
		require.Len(t, packets, 2)
	})
	t.Run("a block that contradicts what has come", func(t *testing.T) {
		var u red.Unwrapper
		require.True(t, u.Plain(10, 9600))
		require.True(t, u.Plain(12, 11520))
		// It can be neither packet 12, which has come, nor 11, before which its timestamp is.
		var b red.Builder
		b.Build(nil, 1, opus, 99, 9600, audio(99))
		payload := b.Build(nil, 1, opus, 100, 10560, audio(100))
		packets, err := u.Unwrap(nil, 12, 10560, payload)
		require.NoError(t, err)
		require.Empty(t, packets)
		packets, err = u.Unwrap(nil, 13, 12480, payload) // 12 again
		require.NoError(t, err)
		require.Len(t, packets, 1)
	})
	t.Run("broken", func(t *testing.T) {
		var u red.Unwrapper
		before := []red.Packet{{SequenceNumber: 1}}
		packets, err := u.Unwrap(before, 1, 1, []byte{0x80})
		require.ErrorIs(t, err, red.ErrTruncated)
		require.Equal(t, before, packets)
	})
}

// A stream that goes through a builder, a network that loses and reorders, and an unwrapper: every packet comes at most
// once, as it was, and it comes unless it and the packets that carry it again were lost.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var (
			b        red.Builder
			u        red.Unwrapper
			distance = rapid.IntRange(0, red.MaxDistance).Draw(t, "distance")
			n        = rapid.IntRange(1, 150).Draw(t, "packets")
			first    = rapid.Uint16().Draw(t, "first")
			clock    = rapid.Uint32().Draw(t, "clock")
			lost     = rapid.SliceOfN(rapid.IntRange(0, 3), n, n).Draw(t, "lost")
			swapped  = rapid.SliceOfN(rapid.IntRange(0, 5), n, n).Draw(t, "swapped")
			payloads [][]byte
			order    []int
			came     = map[int]bool{}
			arrived  = map[int]bool{}
		)
		for i := range n {
			seqno := first + uint16(i)
			payloads = append(payloads, b.Build(nil, distance, opus, seqno, clock+uint32(i)*960, audio(seqno)))
			if lost[i] > 0 {
				order = append(order, i)
				arrived[i] = true
			}
		}
		for i := 1; i < len(order); i++ {
			if swapped[i] == 0 {
				order[i-1], order[i] = order[i], order[i-1]
			}
		}
		for _, i := range order {
			packets, err := u.Unwrap(nil, first+uint16(i), clock+uint32(i)*960, payloads[i])
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range packets {
				k := int(p.SequenceNumber - first)
				if k >= n || came[k] || p.Timestamp != clock+uint32(k)*960 || !bytes.Equal(p.Payload, audio(p.SequenceNumber)) {
					t.Fatalf("packet %d brought %+v", i, p)
				}
				came[k] = true
			}
		}
		for i := range n {
			carried := false
			for k := i; k <= min(i+distance, n-1); k++ {
				carried = carried || arrived[k]
			}
			if carried != came[i] {
				t.Fatalf("packet %d came: %v, was carried: %v", i, came[i], carried)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{0x80 | opus, 0x0f, 0x00, 3, opus, 1, 2, 3, 4}, uint16(7), uint32(960))
	f.Add([]byte{}, uint16(0), uint32(0))
	var u red.Unwrapper
	f.Fuzz(func(t *testing.T, payload []byte, seqno uint16, timestamp uint32) {
		blocks, err := red.Parse(payload, nil)
		primary, primaryErr := red.Primary(payload)
		retyped, retypedErr := red.Retype(nil, payload, 5)
		packets, unwrapErr := u.Unwrap(nil, seqno, timestamp, payload)
		for _, other := range []error{primaryErr, retypedErr, unwrapErr} {
			if (err == nil) != (other == nil) {
				t.Fatalf("%v, but %v", err, other)
			}
		}
		if err != nil {
			if len(blocks) > 0 || len(packets) > 0 || len(retyped) > 0 {
				t.Fatal("an error and a result")
			}
			return
		}
		size := 1 + 4*(len(blocks)-1)
		for i, b := range blocks {
			size += len(b.Payload)
			if b.PayloadType > 127 || b.Offset > red.MaxOffset || i < len(blocks)-1 && len(b.Payload) > red.MaxLength {
				t.Fatalf("%+v", b)
			}
		}
		last := blocks[len(blocks)-1]
		if size != len(payload) || last.Offset != 0 || !bytes.Equal(last.Payload, primary.Payload) {
			t.Fatalf("%d bytes of %d", size, len(payload))
		}
		again, err := red.Parse(retyped, nil)
		if err != nil || len(again) != len(blocks) || again[0].PayloadType != 5 {
			t.Fatalf("%v %v", again, err)
		}
		if len(packets) > len(blocks) {
			t.Fatal("more packets than blocks")
		}
	})
}

func TestDoesNotAllocate(t *testing.T) {
	var (
		b       red.Builder
		u       red.Unwrapper
		seqno   uint16
		payload = make([]byte, 80)
		made    = make([]byte, 0, 1500)
		typed   = make([]byte, 0, 1500)
		packets = make([]red.Packet, 0, red.MaxBlocks)
	)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		seqno++
		made = b.Build(made[:0], 2, opus, seqno, uint32(seqno)*960, payload)
		typed, _ = red.Retype(typed[:0], made, 96)
		if seqno%4 > 0 {
			packets, _ = u.Unwrap(packets[:0], seqno, uint32(seqno)*960, typed)
		}
	}))
}

func BenchmarkBuild(b *testing.B) {
	var builder red.Builder
	payload, made, seqno := make([]byte, 80), make([]byte, 0, 1500), uint16(0)
	b.ReportAllocs()
	for b.Loop() {
		seqno++
		made = builder.Build(made[:0], 2, opus, seqno, uint32(seqno)*960, payload)
	}
}

func BenchmarkUnwrap(b *testing.B) {
	var (
		builder red.Builder
		u       red.Unwrapper
		made    [64][]byte
		packets []red.Packet
		seqno   uint16
	)
	for i := range made {
		made[i] = builder.Build(nil, 2, opus, uint16(i), uint32(i)*960, make([]byte, 80))
	}
	b.ReportAllocs()
	for b.Loop() {
		seqno++
		packets, _ = u.Unwrap(packets[:0], seqno, uint32(seqno)*960, made[seqno%64])
	}
}
