package sdk

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// make runs ffmpeg; the files that we read are made by a program that we did not write.
func ffmpeg(t *testing.T, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	out, err := exec.CommandContext(t.Context(), "ffmpeg",
		append(append([]string{"-v", "error", "-y"}, args...), path)...).
		CombinedOutput()
	require.NoError(t, err, "ffmpeg: %s", out)
	return path
}

var (
	picture2s = []string{"-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=2"}
	sine2s    = []string{"-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-af", "volume=9dB"}
)

func with(args []string, more ...string) []string {
	return append(append([]string{}, args...), more...)
}

// all reads a source to its end.
func all(t *testing.T, r Reader) (frames []Frame, length time.Duration) {
	t.Helper()
	for {
		frame, err := r.Read()
		if errors.Is(err, io.EOF) {
			return frames, length
		}
		require.NoError(t, err)
		require.NotEmpty(t, frame.Data)
		frames = append(frames, frame)
		length += frame.Duration
	}
}

func TestFiles(t *testing.T) {
	for _, tt := range []struct {
		name, file, codec string
		kind              Kind
		args              []string
		frames            int
	}{
		{"VP8", "a.ivf", "VP8", Video, with(picture2s, "-c:v", "libvpx"), 20},
		{"VP9", "a.ivf", "VP9", Share, with(picture2s, "-c:v", "libvpx-vp9", "-cpu-used", "8", "-lag-in-frames", "0"), 20},
		{"H264", "a.h264", "H264", Video,
			with(picture2s, "-c:v", "libx264", "-bf", "0", "-preset", "ultrafast", "-x264-params", "slices=2"), 20},
		{"Opus, many packets a page", "a.ogg", "opus", Audio, with(sine2s, "-c:a", "libopus"), 101},
		{"Opus of 60 ms", "b.ogg", "opus", ShareAudio, with(sine2s, "-c:a", "libopus", "-frame_duration", "60"), 34},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := ffmpeg(t, tt.file, tt.args...)
			options := FileOptions{FPS: 10}
			r, err := FileSource(path, options).Open(tt.kind)
			require.NoError(t, err)
			require.Equal(t, tt.codec, r.Codec())
			frames, length := all(t, r)
			require.NoError(t, r.Close())
			require.Len(t, frames, tt.frames)
			require.InDelta(t, 2, length.Seconds(), 0.1)
			if tt.codec == "opus" {
				require.InDelta(t, 12, int(frames[20].Level), 4, "a sine of 1/8, 9 dB up, is at -12 dBov")
			}

			options.Loop = true
			again, err := FileSource(path, options).Open(tt.kind)
			require.NoError(t, err)
			for n := range 3*tt.frames + 1 {
				frame, err := again.Read()
				require.NoError(t, err)
				require.Equal(t, frames[n%tt.frames].Data, frame.Data)
			}
			require.NoError(t, again.Close())
		})
	}
}

func TestFilesThatDoNotWork(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	for _, tt := range []struct {
		name, path, want string
		kind             Kind
	}{
		{"absent", filepath.Join(dir, "none.ivf"), "3011 SOURCE_ABSENT", Video},
		{"a directory", dir, "3011 SOURCE_UNREADABLE", Video},
		{"empty", write("empty", ""), "3012 SOURCE_FORMAT", Audio},
		{"MP4", write("a.mp4", "\x00\x00\x00\x20ftypisom"), "3011 SOURCE_FORMAT", Video},
		{"text", write("a.txt", "hello"), "3013 SOURCE_FORMAT", Share},
		{"sound as video", ffmpeg(t, "a.ogg", with(sine2s, "-c:a", "libopus")...), "3011 SOURCE_FORMAT", Video},
		{"Vorbis", write("v.ogg", "OggS\x00\x02"+string(make([]byte, 20))+"\x01\x1e\x01vorbis"+string(make([]byte, 23))),
			"3012 SOURCE_FORMAT", Audio},
		{"IVF cut in its header", write("cut.ivf", "DKIF\x00\x00"), "3011 SOURCE_FORMAT", Video},
		{"IVF with another codec", write("x.ivf", "DKIF\x00\x00\x20\x00H265"+string(make([]byte, 20))), "3011 SOURCE_FORMAT",
			Video},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source := FileSource(tt.path, FileOptions{})
			_, err := source.Open(tt.kind)
			require.Error(t, err)
			f := deviceFault(tt.kind, source, err)
			require.Equal(t, tt.want, fmt.Sprintf("%d %s", f.Code, f.Reason), f.Detail)
			require.Contains(t, f.Detail, tt.path)
		})
	}
}

// A header says more than the codec: what changes how the file is to be read is followed, or the file is refused.
func TestHeadersOfOpus(t *testing.T) {
	stereo := ffmpeg(t, "stereo.ogg", with(sine2s, "-ac", "2", "-c:a", "libopus")...)
	edited := func(name string, edit func(head []byte)) string {
		content, err := os.ReadFile(stereo)
		require.NoError(t, err)
		edit(content[bytes.Index(content, []byte("OpusHead")):])
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	surround := func(layout string) string {
		return ffmpeg(
			t,
			layout+".ogg",
			with(sine2s, "-af", "aformat=channel_layouts="+layout, "-c:a", "libopus", "-mapping_family", "1")...)
	}
	for _, tt := range []struct{ name, path, want string }{
		{"5.1", surround("5.1"), "Ogg Opus with 6 channels (channel mapping family 1, 4 streams)"},
		{"7.1", surround("7.1"), "Ogg Opus with 8 channels (channel mapping family 1, 5 streams)"},
		{"output gain", edited("gain.ogg", func(head []byte) { head[17] = 0xfa }), "Ogg Opus with an output gain of -6.0 dB"},
		{"version", edited("version.ogg", func(head []byte) { head[8] = 0x11 }),
			"Ogg Opus with a header that cannot be read"},
		{"no channel", edited("none.ogg", func(head []byte) { head[9] = 0 }),
			"Ogg Opus with 0 channels (channel mapping family 0, 1 streams)"},
		{"family 255, cut", edited("cut.ogg", func(head []byte) { head[18] = 255 }),
			"Ogg Opus with a header that cannot be read"},
	} {
		source := FileSource(tt.path, FileOptions{})
		_, err := source.Open(Audio)
		require.Error(t, err, tt.name)
		f := deviceFault(Audio, source, err)
		require.Equal(t, "SOURCE_FORMAT", f.Reason, tt.name)
		require.Contains(t, f.Detail, tt.want, tt.name)
		require.Contains(t, f.Remedy, "ffmpeg -i INPUT -ac 2 -c:a libopus OUTPUT.ogg")
	}
	read := func(path string) ([]Frame, time.Duration) {
		r, err := FileSource(path, FileOptions{}).Open(Audio)
		require.NoError(t, err)
		defer func() { require.NoError(t, r.Close()) }()
		return all(t, r)
	}
	want, _ := read(stereo)
	require.Len(t, want, 101)

	// 500 ms are to be skipped, of which a decoder gets the last 80.
	frames, length := read(edited("skip.ogg", func(head []byte) { binary.LittleEndian.PutUint16(head[10:], 24000) }))
	require.Len(t, frames, 80)
	require.InDelta(t, 1.6, length.Seconds(), 0.03)

	// With a picture beside it, and another file behind it.
	besides := ffmpeg(t, "both.ogg", with(picture2s, with(sine2s, "-c:v", "libtheora", "-c:a", "libopus")...)...)
	frames, _ = read(besides)
	require.Len(t, frames, 101)
	var chain []byte
	for _, path := range []string{stereo, ffmpeg(t, "mono.ogg", with(sine2s, "-ac", "1", "-c:a", "libopus")...)} {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		chain = append(chain, content...)
	}
	chained := filepath.Join(t.TempDir(), "chain.ogg")
	require.NoError(t, os.WriteFile(chained, chain, 0o600))
	frames, _ = read(chained)
	require.Len(t, frames, 202)
	require.Equal(t, want[50].Data, frames[50].Data)

	// An end in the middle of the last page: RFC 7845, section 4.4.
	content, err := os.ReadFile(stereo)
	require.NoError(t, err)
	last := content[bytes.LastIndex(content, []byte("OggS")):]
	binary.LittleEndian.PutUint64(last[6:], binary.LittleEndian.Uint64(last[6:])-960*10)
	ended := filepath.Join(t.TempDir(), "ended.ogg")
	require.NoError(t, os.WriteFile(ended, content, 0o600))
	frames, _ = read(ended)
	require.Less(t, len(frames), 101)
}

func TestHeadersOfIVF(t *testing.T) {
	path := ffmpeg(t, "a.ivf", with(picture2s, "-c:v", "libvpx")...)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	write := func(content []byte) Source {
		path := filepath.Join(t.TempDir(), "b.ivf")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return FileSource(path, FileOptions{})
	}
	read := func(content []byte) ([]Frame, time.Duration) {
		r, err := write(content).Open(Video)
		require.NoError(t, err)
		defer func() { require.NoError(t, r.Close()) }()
		return all(t, r)
	}
	want, length := read(content)
	require.Len(t, want, 20)
	require.InDelta(t, 2, length.Seconds(), 0.1)

	longer := slices.Concat(content[:32], []byte("what a later version adds"), content[32:])
	binary.LittleEndian.PutUint16(longer[6:], 32+25)
	got, _ := read(longer)
	require.Equal(t, want, got)

	// times assigns every frame the time that is to come, in ticks of 1/rate.
	times := func(rate uint32, at func(n uint64) uint64) []byte {
		edited := bytes.Clone(content)
		binary.LittleEndian.PutUint32(edited[16:], rate)
		binary.LittleEndian.PutUint32(edited[20:], 1)
		for n, rest := uint64(0), edited[32:]; len(rest) > 0; n++ {
			binary.LittleEndian.PutUint64(rest[4:], at(n))
			rest = rest[12+binary.LittleEndian.Uint32(rest):]
		}
		return edited
	}
	_, length = read(times(1_000_000_000, func(n uint64) uint64 { return n * 100_000_000 }))
	require.InDelta(t, 2, length.Seconds(), 0.1, "nanoseconds")
	_, length = read(times(90_000, func(uint64) uint64 { return 0 }))
	require.InDelta(t, 20./30, length.Seconds(), 0.1, "a file without times is no flood")
	_, length = read(times(90_000, func(n uint64) uint64 { return n }))
	require.GreaterOrEqual(t, length, 19*time.Millisecond, "a thousand frames a second are enough")

	for name, edit := range map[string]func(head []byte){
		"IVF of version 7":              func(head []byte) { head[4] = 7 },
		"IVF with a header of 12 bytes": func(head []byte) { head[6] = 12 },
		"an IVF file that is cut off":   func(head []byte) { head[6], head[7] = 0xff, 0xff },
		"IVF without a frame rate":      func(head []byte) { copy(head[16:20], "\x00\x00\x00\x00") },
		`IVF with "H265"`:               func(head []byte) { copy(head[8:], "H265") },
	} {
		edited := bytes.Clone(content[:100])
		edit(edited)
		_, err := write(edited).Open(Video)
		var format *FormatError
		require.ErrorAs(t, err, &format, name)
		require.Equal(t, name, format.Got)
	}
	cut, _ := read(content[:len(content)-10])
	require.Len(t, cut, 19, "the frame that is cut off is not sent")
}

func TestFileWithoutFrames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty.ivf")
	require.NoError(
		t,
		os.WriteFile(
			path,
			[]byte(
				"DKIF\x00\x00\x20\x00VP80\xa0\x00\x78\x00\x0a\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
			),
			0o600,
		),
	)
	r, err := FileSource(path, FileOptions{Loop: true}).Open(Video)
	require.NoError(t, err)
	_, err = r.Read()
	var format *FormatError
	require.ErrorAs(t, err, &format)
	require.Equal(t, "no frame", format.Got)
	require.NoError(t, r.Close())
}

// Whatever a file holds, reading it ends, with frames of a bounded size or an error.
func FuzzFile(f *testing.F) {
	f.Add(
		[]byte(
			"DKIF\x00\x00\x20\x00VP80\xa0\x00\x78\x00\x0a\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00ab\xff\xff\xff\xff",
		),
	)
	f.Add(
		[]byte("\x00\x00\x00\x01\x67\x42\x00\x00\x01\x68\x00\x00\x01\x65\x88\x00\x00\x01\x65\x08\x00\x00\x01\x41\x9a"),
	)
	f.Add([]byte("OggS\x00\x02" + string(make([]byte, 20)) + "\x01\x13OpusHead\x01\x01" + string(make([]byte, 9)) +
		"OggS\x00\x00" + string(make([]byte, 20)) + "\x02\x08\x03OpusTags\xfc\xff\xfe"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		for _, kind := range []Kind{Audio, Video} {
			r, err := FileSource(path, FileOptions{}).Open(kind)
			if err != nil {
				require.NotEmpty(t, deviceFault(kind, FileSource(path, FileOptions{}), err).Detail)
				continue
			}
			for range 100 {
				frame, err := r.Read()
				if err != nil {
					break
				}
				require.LessOrEqual(t, len(frame.Data), len(content)+4*len(content))
				require.GreaterOrEqual(t, frame.Duration, time.Duration(0))
			}
			require.NoError(t, r.Close())
		}
	})
}
