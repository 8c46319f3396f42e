package klatch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// make runs ffmpeg; the files that we read are made by a program that we did not write.
func ffmpeg(t *testing.T, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	out, err := exec.CommandContext(t.Context(), "ffmpeg", append(append([]string{"-v", "error", "-y"}, args...), path)...).CombinedOutput()
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
		{"H264", "a.h264", "H264", Video, with(picture2s, "-c:v", "libx264", "-bf", "0", "-preset", "ultrafast", "-x264-params", "slices=2"), 20},
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
		{"Vorbis", write("v.ogg", "OggS\x00\x02"+string(make([]byte, 20))+"\x01\x1e\x01vorbis"+string(make([]byte, 23))), "3012 SOURCE_FORMAT", Audio},
		{"IVF cut in its header", write("cut.ivf", "DKIF\x00\x00"), "3011 SOURCE_FORMAT", Video},
		{"IVF with another codec", write("x.ivf", "DKIF\x00\x00\x20\x00H265"+string(make([]byte, 20))), "3011 SOURCE_FORMAT", Video},
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

func TestFileWithoutFrames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty.ivf")
	require.NoError(t, os.WriteFile(path, []byte("DKIF\x00\x00\x20\x00VP80\xa0\x00\x78\x00\x0a\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 0o600))
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
	f.Add([]byte("DKIF\x00\x00\x20\x00VP80\xa0\x00\x78\x00\x0a\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00ab\xff\xff\xff\xff"))
	f.Add([]byte("\x00\x00\x00\x01\x67\x42\x00\x00\x01\x68\x00\x00\x01\x65\x88\x00\x00\x01\x65\x08\x00\x00\x01\x41\x9a"))
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
