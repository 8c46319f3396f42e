package worker

import (
	"context"
	"fmt"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/internal/mix"
	"github.com/klatch/klatch/internal/picture"
)

// clockFrames are pictures that tell the time, as they come out of RTP.
func clockFrames(t *testing.T, codec string, seconds, fps, gop int) (frames []depacket.Frame) {
	t.Helper()
	d, err := depacket.New(codec, func(f depacket.Frame) { frames = append(frames, f) }, nil)
	require.NoError(t, err)
	p := mediatest.NewPacketizer(t, codec, fps, 1, 1)
	clip := mediatest.Clip{
		Codec:  codec,
		Width:  160,
		Height: 90,
		FPS:    fps,
		Frames: seconds * fps,
		GOP:    gop,
		Source: mediatest.Clock,
	}
	for _, f := range mediatest.Encode(t, clip) {
		for _, packet := range p.Frame(f) {
			d.Push(jitter.Packet{Packet: packet}, time.Now())
		}
	}
	require.Len(t, frames, seconds*fps)
	return frames
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).Output()
	require.NoError(t, err, "%s %v", name, args)
	return out
}

// requireSeekable looks at one picture of each of many times, as a player that jumps does.
func requireSeekable(t *testing.T, path string, seconds int) {
	t.Helper()
	duration, err := strconv.ParseFloat(
		strings.TrimSpace(
			string(run(t, "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path)),
		),
		64,
	)
	require.NoError(t, err, path)
	require.InDelta(t, float64(seconds), duration, 0.3, path)
	for at := 0.5; at < float64(seconds); at += 1.7 {
		if _, part := math.Modf(at); part < 0.15 || part > 0.85 {
			continue // which picture is nearest is a question of rounding
		}
		args := append([]string{"-v", "error"}, jump(path, at)...)
		gray := run(
			t,
			"ffmpeg",
			append(args, "-frames:v", "1", "-vf", "scale=2:2", "-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1")...)
		require.Len(t, gray, 6, "%s at %v", path, at)
		require.InDelta(t, mediatest.Gray(int(at)), int(gray[0]), 4, "%s at %v s", path, at)
	}
}

// jump are ffmpeg's options to begin a file at a time. Playlists of fragmented MP4 it reads from the beginning:
// ffmpeg 5.1 cannot jump in any, not in its own either.
func jump(path string, at float64) []string {
	if strings.HasSuffix(path, ".m3u8") {
		return []string{"-i", path, "-ss", fmt.Sprint(at)}
	}
	return []string{"-ss", fmt.Sprint(at), "-i", path}
}

// Every file of one participant leads players to the picture of any time, whatever the codec and however far apart
// the key frames.
func TestEveryFileIsSeekable(t *testing.T) {
	const seconds, fps = 9, 10
	for _, c := range []struct {
		codec  string
		format job.Format
	}{
		{"VP8", job.WebM}, {"VP9", job.WebM}, {"AV1", job.WebM}, {"H264", job.WebM},
		{"VP8", job.MP4}, {"H264", job.MP4}, {"H264", job.M3U8},
	} {
		t.Run(c.codec+" as "+string(c.format), func(t *testing.T) {
			t.Parallel()
			frames := clockFrames(t, c.codec, seconds, fps, 31)
			dir := t.TempDir()
			s := &passthrough{worker: &worker{
				spec: order.Spec{
					FFmpeg: "ffmpeg",
					Format: c.format,
					File:   filepath.Join(dir, "file."+string(c.format)),
					HLSDir: dir,
				},
				reports: &reports{out: io.Discard},
			}}
			into, made, err := s.container(t.Context(), 1, true, c.codec)
			require.NoError(t, err)
			first := block{video: true, key: true, data: frames[0].Data, width: 160, height: 90, codec: c.codec}
			require.NoError(t, into.open(&first))
			sound := time.Duration(0)
			for i, f := range frames {
				at := time.Duration(i) * time.Second / fps
				for ; sound <= at; sound += mix.SilenceDuration {
					require.NoError(t, into.write(block{at: sound, length: mix.SilenceDuration, key: true, data: mix.Silence}))
				}
				require.NoError(
					t,
					into.write(block{at: at, video: true, key: f.Key, data: f.Data, width: f.Width, height: f.Height}),
				)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			require.NoError(t, into.close(ctx))
			file := made()
			require.InDelta(t, seconds*1000, file.DurationMs, 300)
			requireSeekable(t, file.Path, seconds)
		})
	}
}

// Pictures that are coded anew keep their times, however irregular: ffmpeg by itself would round them to a frame rate
// that it guesses, or fill up to one of 1000 pictures a second.
func TestTranscodedPicturesKeepTheirTimes(t *testing.T) {
	for _, c := range []struct {
		codec  string
		format job.Format
	}{{"VP8", job.MP4}, {"VP8", job.M3U8}, {"H264", job.WebM}} {
		t.Run(c.codec+" as "+string(c.format), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := &passthrough{worker: &worker{
				spec: order.Spec{
					FFmpeg: "ffmpeg",
					Format: c.format,
					File:   filepath.Join(dir, "file."+string(c.format)),
					HLSDir: dir,
				},
				reports: &reports{out: io.Discard},
			}}
			frames := clockFrames(t, c.codec, 5, 10, 31)
			into, made, err := s.container(t.Context(), 1, true, c.codec)
			require.NoError(t, err)
			first := block{video: true, key: true, data: frames[0].Data, width: 160, height: 90, codec: c.codec}
			require.NoError(t, into.open(&first))
			sound, at := time.Duration(0), 229*time.Millisecond // the first picture is later than the first sound
			var want []float64
			for i, f := range frames {
				for ; sound <= at; sound += mix.SilenceDuration {
					require.NoError(t, into.write(block{at: sound, length: mix.SilenceDuration, key: true, data: mix.Silence}))
				}
				require.NoError(
					t,
					into.write(block{at: at, video: true, key: f.Key, data: f.Data, width: f.Width, height: f.Height}),
				)
				want = append(want, at.Seconds())
				at += []time.Duration{64, 67, 1, 133, 61, 400}[i%6] * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			require.NoError(t, into.close(ctx))
			lines := strings.Fields(string(run(t, "ffprobe", "-v", "error", "-select_streams", "v:0",
				"-show_entries", "frame=best_effort_timestamp_time", "-of", "csv=p=0", made().Path)))
			require.Len(t, lines, len(frames))
			want[0] = 0 // ffmpeg lets the first picture of a fragmented MP4 stand from the beginning
			for i, line := range lines {
				got, err := strconv.ParseFloat(strings.Trim(line, ","), 64)
				require.NoError(t, err)
				require.InDelta(t, want[i], got, 0.025, "picture %d", i) // all is later by what AAC begins with, 21 ms
			}
		})
	}
}

// And so does every file that is composed.
func TestComposedFilesAreSeekable(t *testing.T) {
	const seconds, fps = 6, 10
	for _, format := range []job.Format{job.MP4, job.WebM} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "file."+string(format))
			open := newMP4File
			if format == job.WebM {
				open = newWebMFile
			}
			to, err := open(path)
			require.NoError(t, err)
			e, err := encoder.Start(t.Context(), encoder.Config{
				FFmpeg: "ffmpeg", Codecs: encoder.CodecsOf(string(format)), Width: 160, Height: 90, FPS: fps,
			})
			require.NoError(t, err)
			written := make(chan error)
			go func() { written <- forward(e, time.Now, to) }()
			pace := time.NewTicker(time.Second / fps / 4) // an encoder that does not keep up repeats pictures
			defer pace.Stop()
			for n := range seconds * fps {
				<-pace.C
				p := picture.Wrap(160, 90, make([]byte, picture.Size(160, 90)))
				for _, plane := range []struct {
					samples []byte
					value   int
				}{{p.Y, mediatest.Gray(n / fps)}, {p.U, 128}, {p.V, 128}} {
					for i := range plane.samples {
						plane.samples[i] = byte(plane.value)
					}
				}
				e.Picture(p)
				for range 5 {
					e.Sound(make([]int16, 2*960))
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			require.NoError(t, e.Close(ctx))
			require.NoError(t, <-written)
			require.NoError(t, to.finish(ctx))
			requireSeekable(t, path, seconds)
		})
	}
}

// Files of sound only: each odd second has a tone.
func TestFilesOfSoundAreSeekable(t *testing.T) {
	const seconds = 12
	packets := mediatest.Opus(t, "sine=frequency=700:sample_rate=48000,volume='mod(floor(t),2)':eval=frame", seconds)
	require.InDelta(t, seconds*50, len(packets), 2)
	for _, format := range []job.Format{job.WebM, job.MP4, job.MP3, job.M3U8} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := &passthrough{worker: &worker{
				spec: order.Spec{
					FFmpeg: "ffmpeg",
					Format: format,
					File:   filepath.Join(dir, "file."+string(format)),
					HLSDir: dir,
				},
				reports: &reports{out: io.Discard},
			}}
			into, made, err := s.container(t.Context(), 1, true, "")
			require.NoError(t, err)
			require.NoError(t, into.open(nil))
			for i, p := range packets {
				at := time.Duration(i) * mix.SilenceDuration
				require.NoError(t, into.write(block{at: at, length: mix.SilenceDuration, key: true, data: p}))
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			require.NoError(t, into.close(ctx))
			for _, at := range []float64{0.2, 3.2, 4.2, 7.2, 10.2, 11.2} {
				args := append(
					append([]string{"-v", "error"}, jump(made().Path, at)...),
					"-t",
					"0.5",
					"-ac",
					"1",
					"-f",
					"s16le",
					"pipe:1",
				)
				pcm := run(t, "ffmpeg", args...)
				loud := 0
				for i := 0; i+1 < len(pcm); i += 2 {
					if v := int(int16(uint16(pcm[i]) | uint16(pcm[i+1])<<8)); v > 1000 || v < -1000 { // a sample
						loud++
					}
				}
				require.Greater(t, len(pcm), 30000, "at %v", at)
				require.Equal(t, int(at)%2 == 1, loud > len(pcm)/8, "at %v: %d of %d", at, loud, len(pcm)/2)
			}
		})
	}
}

// Of a sender with several spatial layers the largest is recorded, in a file that all players show alike.
func TestLayersAreRecorded(t *testing.T) {
	var frames []depacket.Frame
	d, err := depacket.New("VP9", func(f depacket.Frame) { frames = append(frames, f) }, nil)
	require.NoError(t, err)
	for _, packet := range mediatest.Layered(t, 20, 160, 90, 320, 180) {
		d.Push(jitter.Packet{Packet: packet}, time.Now())
	}
	require.Len(t, frames, 20)
	for _, format := range []job.Format{job.WebM, job.MP4} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			s := &passthrough{worker: &worker{
				spec: order.Spec{FFmpeg: "ffmpeg", Format: format, File: filepath.Join(t.TempDir(), "file."+string(format))},
			}}
			into, made, err := s.container(t.Context(), 1, false, "VP9")
			require.NoError(t, err)
			for i, f := range frames {
				b := block{
					at: time.Duration(
						i,
					) * 40 * time.Millisecond, video: true, key: f.Key, data: f.Data, width: f.Width, height: f.Height,
					codec: "VP9", layers: f.Layers,
				}
				if i == 0 {
					require.NoError(t, into.open(&b))
				}
				require.NoError(t, into.write(b))
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			require.NoError(t, into.close(ctx))
			require.Equal(t, [2]int{320, 180}, [2]int{made().Width, made().Height})
			shown := strings.Fields(
				string(run(t, "ffprobe", "-v", "error", "-show_entries", "frame=width,height", "-of", "csv=p=0", made().Path)),
			)
			require.Len(t, shown, 20)
			for _, size := range shown {
				require.Equal(t, "320,180", strings.Trim(size, ","))
			}
		})
	}
}

// A sender that scales its picture down, as one with little bandwidth does, goes on in the same file, and every
// picture of it is right.
func TestASmallerPictureOfTheSameShape(t *testing.T) {
	for _, c := range []struct {
		codec  string
		format job.Format
	}{{"VP8", job.WebM}, {"H264", job.MP4}} {
		t.Run(c.codec, func(t *testing.T) {
			t.Parallel()
			clip := func(width, height int) (frames []depacket.Frame) {
				d, err := depacket.New(c.codec, func(f depacket.Frame) { frames = append(frames, f) }, nil)
				require.NoError(t, err)
				p := mediatest.NewPacketizer(t, c.codec, 10, 1, 1)
				for _, f := range mediatest.Encode(t, mediatest.Clip{
					Codec: c.codec, Width: width, Height: height, FPS: 10, Frames: 30, GOP: 30, Source: mediatest.Clock,
				}) {
					for _, packet := range p.Frame(f) {
						d.Push(jitter.Packet{Packet: packet}, time.Now())
					}
				}
				return frames
			}
			s := &passthrough{worker: &worker{
				spec: order.Spec{FFmpeg: "ffmpeg", Format: c.format, File: filepath.Join(t.TempDir(), "file."+string(c.format))},
			}}
			into, made, err := s.container(t.Context(), 1, false, c.codec)
			require.NoError(t, err)
			for i, f := range append(clip(320, 180), clip(160, 90)...) {
				b := block{
					at: time.Duration(
						i,
					) * 100 * time.Millisecond, video: true, key: f.Key, data: f.Data, width: f.Width, height: f.Height,
					codec: c.codec,
				}
				if i == 0 {
					require.NoError(t, into.open(&b))
				}
				require.NoError(t, into.write(b))
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			require.NoError(t, into.close(ctx))
			raw := run(
				t,
				"ffmpeg",
				"-v",
				"error",
				"-i",
				made().Path,
				"-vf",
				"scale=2:2",
				"-fps_mode",
				"passthrough",
				"-pix_fmt",
				"yuv420p",
				"-f",
				"rawvideo",
				"pipe:1",
			)
			require.Len(t, raw, 60*6)
			for i := range 60 {
				require.InDelta(t, mediatest.Gray(i%30/10), int(raw[i*6]), 4, "picture %d", i)
			}
		})
	}
}
