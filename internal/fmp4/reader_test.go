package fmp4_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/fmp4/fmp4test"
)

type packet struct {
	CodecType string `json:"codec_type"`
	PTS       string `json:"pts_time"`
	DTS       string `json:"dts_time"`
	Size      string `json:"size"`
	Flags     string `json:"flags"`
}

// probe reads the packets of a file with ffprobe, which did not come from us.
func probe(t *testing.T, stream []byte) []packet {
	file := filepath.Join(t.TempDir(), "stream.mp4")
	require.NoError(t, os.WriteFile(file, stream, 0o600))
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-show_packets", "-of", "json", file).Output()
	require.NoError(t, err)
	var answer struct{ Packets []packet }
	require.NoError(t, json.Unmarshal(out, &answer))
	return answer.Packets
}

func seconds(t *testing.T, s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return v
}

func TestSamplesAreThoseThatFFprobeSees(t *testing.T) {
	for name, options := range map[string]fmp4test.Options{
		"video and audio": {Video: true, Audio: true, Seconds: 4.3},
		"B-frames":        {Video: true, Audio: true, Seconds: 3, Encoder: []string{"-bf", "3"}},
		"audio only":      {Audio: true, Seconds: 3},
		"video only":      {Video: true, Seconds: 3},
		"VP9 and Opus":    {Video: true, Audio: true, WebM: true, Seconds: 3},
	} {
		t.Run(name, func(t *testing.T) {
			stream := fmp4test.Encode(t, options)
			init, fragments := fmp4test.Split(t, stream)
			require.Equal(t, options.Video, init.Video != nil)
			require.Equal(t, options.Audio, init.Audio != nil)
			if init.Video != nil {
				require.Equal(t, [2]int{320, 180}, [2]int{init.Video.Width, init.Video.Height})
				require.Equal(t, options.WebM, init.Video.AVCC == nil)
			}
			if init.Audio != nil {
				require.Equal(t, [2]int{48000, 2}, [2]int{init.Audio.Rate, init.Audio.Channels})
				require.Equal(t, options.WebM, init.Audio.ASC == nil)
			}
			want := map[bool][]packet{}
			for _, p := range probe(t, stream) {
				want[p.CodecType == "video"] = append(want[p.CodecType == "video"], p)
			}
			got := map[bool][]fmp4.Sample{}
			var last time.Duration
			for i, fragment := range fragments {
				if i > 0 {
					// the last may have the end of the audio only
					require.InDelta(t, last.Seconds(), fragment.Start.Seconds(), 0.04, "no gap between fragments")
				}
				last = fragment.Start + fragment.Duration
				samples, err := fragment.Samples()
				require.NoError(t, err)
				require.True(t, slices.IsSortedFunc(samples, func(a, b fmp4.Sample) int { return int(a.DTS - b.DTS) }))
				for _, s := range samples {
					got[s.Video] = append(got[s.Video], s)
				}
				if options.Video {
					lead := slices.IndexFunc(samples, func(s fmp4.Sample) bool { return s.Video })
					require.Equal(t, lead >= 0 && samples[lead].Key, fragment.Key)
				} else {
					require.True(t, fragment.Key)
				}
			}
			require.InDelta(t, options.Seconds, last.Seconds(), 0.15)
			for _, video := range []bool{true, false} {
				require.Len(t, got[video], len(want[video]))
				for i, s := range got[video] {
					p := want[video][i]
					require.InDelta(t, seconds(t, p.DTS), s.DTS.Seconds(), 0.000_002)
					require.InDelta(t, seconds(t, p.PTS), s.PTS.Seconds(), 0.000_002)
					require.Equal(t, p.Size, strconv.Itoa(len(s.Data)))
					require.Equal(t, p.Flags[0] == 'K', s.Key)
				}
			}
		})
	}
}

func TestAFragmentBeginsAtEveryKeyFrame(t *testing.T) {
	// key frames every 0.7 s, which no multiple of the fragments' half second meets
	_, fragments := fmp4test.Split(
		t,
		fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: 4, Encoder: []string{"-g", "21"}}),
	)
	keys := 0
	for _, fragment := range fragments {
		samples, err := fragment.Samples()
		require.NoError(t, err)
		for i, s := range slices.DeleteFunc(samples, func(s fmp4.Sample) bool { return !s.Video }) {
			if s.Key {
				require.Zero(t, i, "a key frame inside a fragment")
				keys++
			}
		}
	}
	require.Equal(t, 6, keys)
}

func TestThePartsAreTheStream(t *testing.T) {
	stream := fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: 2})
	r := fmp4.NewReader(iotest.OneByteReader(bytes.NewReader(stream)))
	init, err := r.Init()
	require.NoError(t, err)
	again, err := r.Init()
	require.NoError(t, err)
	require.Same(t, init, again)
	whole := slices.Clone(init.Raw)
	for {
		fragment, err := r.Next()
		if err != nil {
			require.Equal(t, io.EOF, err)
			break
		}
		whole = append(whole, fragment.Raw...)
	}
	require.NotEmpty(t, r.Trailer())
	require.True(t, bytes.Equal(stream, append(whole, r.Trailer()...)))
	_, err = r.Next()
	require.Equal(t, io.EOF, err, "the end stays")
}

// readAll reads until the stream ends and says how.
func readAll(r io.Reader) (fragments int, err error) {
	reader := fmp4.NewReader(r)
	for {
		if _, err := reader.Next(); err != nil {
			return fragments, err
		}
		fragments++
	}
}

func TestAStreamCutAnywhereIsTruncatedOrEnds(t *testing.T) {
	stream := fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: 1.2, Size: "64x36"})
	boundaries := map[int]bool{}
	for at := 0; at < len(stream); at += int(binary.BigEndian.Uint32(stream[at:])) {
		kind := string(stream[at+4 : at+8])
		boundaries[at] = at > 100 && kind != "mdat" && kind != "moov" // between fragments
	}
	for cut := range stream {
		if cut%53 != 0 && !boundaries[cut] {
			continue
		}
		_, err := readAll(bytes.NewReader(stream[:cut]))
		if boundaries[cut] {
			require.Equal(t, io.EOF, err, "at %d", cut)
		} else {
			require.ErrorIs(t, err, fmp4.ErrTruncated, "at %d", cut)
		}
	}
}

func TestAReadErrorIsKept(t *testing.T) {
	broken := errors.New("pipe broke")
	stream := fmp4test.Encode(t, fmp4test.Options{Audio: true, Seconds: 2})
	fragments, err := readAll(io.MultiReader(bytes.NewReader(stream[:len(stream)/2]), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, fmp4.ErrTruncated)
	require.Positive(t, fragments)
}

func TestWhatIsNotOurStreamIsRefused(t *testing.T) {
	stream := fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: 1, Size: "64x36"})
	// patch returns the stream with bytes changed at an offset from the first occurrence of a box's name
	patch := func(name string, offset int, change ...byte) []byte {
		out := slices.Clone(stream)
		at := bytes.Index(out, []byte(name))
		require.Positive(t, at)
		copy(out[at+offset:], change)
		return out
	}
	for name, c := range map[string]struct {
		stream []byte
		box    string
	}{
		"text":                {[]byte("HTTP/1.1 200 OK\r\n\r\n"), "/1.1"},
		"a size of zero":      {append([]byte{0, 0, 0, 0}, "ftyp"...), "ftyp"},
		"media before moov":   {append([]byte{0, 0, 0, 8}, "mdat"...), "mdat"},
		"another codec":       {patch("avc1", 0, []byte("hvc1")...), "stsd"},
		"no mvex":             {patch("mvex", 0, []byte("free")...), "moov"},
		"no parameter sets":   {patch("avcC", 9, 0xe0), "avcC"},
		"no ASC":              {patch("esds", 8, 0x09), "esds"},
		"a timescale of zero": {patch("mdhd", 16, 0, 0, 0, 0), "mdhd"},
		"an unknown track":    {patch("tfhd", 8, 0, 0, 0, 9), "tfhd"},
		"two runs of a track": {patch2(stream, "tfhd"), "moof"},
		"absolute offsets":    {patch("tfhd", 5, 0, 0, 0x39), "tfhd"},
		"no time":             {patch("tfdt", 0, []byte("free")...), "traf"},
		"a time of the stars": {patch("tfdt", 8, 0x7f), "tfdt"},
		"samples without end": {patch("trun", 8, 0x7f), "trun"},
		"samples not there":   {patch("trun", 8, 0, 0, 1), "trun"},
		"data before mdat":    {patch("trun", 12, 0, 0, 0, 8), "trun"},
		"data behind mdat":    {patch("trun", 12, 0, 0x10), "trun"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(bytes.NewReader(c.stream))
			var format *fmp4.FormatError
			require.ErrorAs(t, err, &format)
			require.Equal(t, c.box, format.Box, err.Error())
		})
	}
}

// patch2 sets the id of the second track of the first fragment to that of the first.
func patch2(stream []byte, name string) []byte {
	out := slices.Clone(stream)
	at := bytes.Index(out, []byte(name))
	next := at + 4 + bytes.Index(out[at+4:], []byte(name))
	copy(out[next+8:next+12], out[at+8:at+12])
	return out
}

func TestASizeAloneTakesNoMemory(t *testing.T) {
	for _, kind := range []string{"moov", "free"} {
		_, err := readAll(bytes.NewReader(append([]byte{0xff, 0xff, 0xff, 0xff}, kind...)))
		require.ErrorIs(t, err, fmp4.ErrTooLarge)
	}
	stream := fmp4test.Encode(t, fmp4test.Options{Audio: true, Seconds: 1})
	at := bytes.Index(stream, []byte("mdat"))
	allocated := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			hostile := slices.Clone(stream[:at+4])
			binary.BigEndian.PutUint32(hostile[at-4:], 60<<20)
			_, err := readAll(bytes.NewReader(hostile))
			require.ErrorIs(b, err, fmp4.ErrTruncated)
		}
	}).AllocedBytesPerOp()
	require.Less(t, allocated, int64(4<<20))
}

func FuzzReader(f *testing.F) {
	f.Add(fmp4test.Encode(f, fmp4test.Options{Video: true, Audio: true, Seconds: 1, Size: "64x36"}))
	f.Add(fmp4test.Encode(f, fmp4test.Options{Audio: true, Seconds: 0.1}))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := fmp4.NewReader(bytes.NewReader(data))
		init, err := r.Init()
		if err != nil {
			var format *fmp4.FormatError
			require.True(
				t,
				errors.As(err, &format) || errors.Is(err, fmp4.ErrTruncated) || errors.Is(err, fmp4.ErrTooLarge),
				"%v",
				err,
			)
			return
		}
		require.True(t, init.Video != nil || init.Audio != nil)
		for {
			fragment, err := r.Next()
			if err != nil {
				return
			}
			require.GreaterOrEqual(t, fragment.Start, time.Duration(0))
			require.GreaterOrEqual(t, fragment.Duration, time.Duration(0))
			samples, err := fragment.Samples()
			require.NoError(t, err)
			require.NotEmpty(t, samples)
		}
	})
}
