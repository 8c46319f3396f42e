package encoder_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/picture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sourceFeeder feeds an encoder media as a job's clock does: 20 ms of sound and, now and then, a picture.
type sourceFeeder struct {
	e        *encoder.Encoder
	fps      int
	canvas   *picture.Picture
	samples  int // pairs
	pictures int
}

// tick is 20 ms of a 440 Hz tone, and what pictures fall into it: a bar that moves on a canvas.
func (f *sourceFeeder) tick() {
	pcm := make([]int16, 0, 2*960)
	for range 960 {
		v := int16(8000 * math.Sin(2*math.Pi*440*float64(f.samples)/encoder.Rate))
		pcm = append(pcm, v, v)
		f.samples++
	}
	for f.canvas != nil && f.pictures*encoder.Rate < f.samples*f.fps {
		f.canvas.Fill(picture.RGB(20, 30, 60))
		x := f.pictures * 8 % f.canvas.Width &^ 1
		bar := f.canvas.Sub(f.canvas.Bounds())
		picture.Blit(&bar, x, 0, white(f.canvas.Height))
		f.e.Picture(f.canvas)
		f.pictures++
	}
	f.e.Sound(pcm)
}

func white(height int) *picture.Picture {
	p := picture.New(32, height)
	p.Fill(picture.RGB(255, 255, 255))
	return p
}

// drained is what a reader got of an encoder.
type drained struct {
	data []byte
	err  error
}

func drain(e *encoder.Encoder) <-chan drained {
	out := make(chan drained, 1)
	go func() {
		data, err := io.ReadAll(e)
		out <- drained{data, err}
	}()
	return out
}

func start(t testing.TB, c encoder.Config) (*encoder.Encoder, *sourceFeeder) {
	t.Helper()
	c.FFmpeg = "ffmpeg"
	e, err := encoder.Start(t.Context(), c)
	require.NoError(t, err)
	f := &sourceFeeder{e: e, fps: c.FPS}
	if c.Width > 0 {
		f.canvas = picture.New(c.Width, c.Height)
	}
	return e, f
}

func closeWithin(e *encoder.Encoder, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return e.Close(ctx)
}

// pace calls tick in real time, or as fast as asked, for so much media.
func (f *sourceFeeder) pace(media time.Duration, speed float64) {
	ticker := time.NewTicker(time.Duration(float64(20*time.Millisecond) / speed))
	defer ticker.Stop()
	for range int(media / (20 * time.Millisecond)) {
		<-ticker.C
		f.tick()
	}
}

type probed struct {
	Streams []struct {
		Type       string `json:"codec_type"`
		Codec      string `json:"codec_name"`
		Width      int
		Height     int
		Rate       string `json:"sample_rate"`
		Channels   int
		Space      string `json:"color_space"`
		Frames     string `json:"nb_read_packets"`
		StartTime  string `json:"start_time"`
		HasBFrames int    `json:"has_b_frames"`
	}
	Packets []struct {
		Type  string `json:"codec_type"`
		PTS   string `json:"pts_time"`
		DTS   string `json:"dts_time"`
		Dur   string `json:"duration_time"`
		Flags string
	}
}

func probe(t testing.TB, data []byte) probed {
	t.Helper()
	name := filepath.Join(t.TempDir(), "out.mp4")
	require.NoError(t, os.WriteFile(name, data, 0o600))
	out, err := exec.Command("ffprobe", "-v", "error", "-count_packets", "-show_streams", "-show_packets", "-of", "json",
		name).
		Output()
	require.NoError(t, err)
	var p probed
	require.NoError(t, json.Unmarshal(out, &p))
	return p
}

func seconds(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return v
}

// ends is where the last packet of each kind ends.
func (p probed) ends(t testing.TB) (video, audio float64) {
	for _, packet := range p.Packets {
		end := seconds(t, packet.PTS)
		if packet.Dur != "" { // ffprobe does not know the first packet's
			end += seconds(t, packet.Dur)
		}
		if packet.Type == "video" {
			video = max(video, end)
		} else {
			audio = max(audio, end)
		}
	}
	return video, audio
}

func TestVideoAndSound(t *testing.T) {
	for codecs, names := range map[encoder.Codecs][]string{encoder.H264AAC: {"h264", "aac"}, encoder.VP9Opus: {"vp9",
		"opus"}} {
		t.Run(names[0], func(t *testing.T) { encodes(t, codecs, names...) })
	}
}

func encodes(t *testing.T, codecs encoder.Codecs, names ...string) {
	e, f := start(t, encoder.Config{Width: 640, Height: 360, FPS: 30, Codecs: codecs})
	out := drain(e)
	f.pace(5*time.Second, 4)
	require.NoError(t, closeWithin(e, 10*time.Second))
	got := <-out
	require.NoError(t, got.err)

	p := probe(t, got.data)
	require.Len(t, p.Streams, 2)
	v, a := p.Streams[0], p.Streams[1]
	require.Equal(t, names, []string{v.Codec, a.Codec})
	require.Equal(t, []int{640, 360}, []int{v.Width, v.Height})
	require.Equal(t, "smpte170m", v.Space)
	require.Equal(t, "48000", a.Rate)
	require.Equal(t, 2, a.Channels)
	require.Equal(t, "150", v.Frames)
	require.Zero(t, v.HasBFrames)
	require.InDelta(t, seconds(t, v.StartTime), seconds(t, a.StartTime), 0.03)
	video, audio := p.ends(t)
	require.InDelta(t, 5, video, 0.05)
	require.InDelta(t, 5, audio, 0.06)
	var keys []float64
	for _, packet := range p.Packets {
		if packet.Type == "video" && packet.Flags[0] == 'K' {
			keys = append(keys, seconds(t, packet.PTS))
		}
	}
	require.Len(t, keys, 3)
	for i, at := range keys {
		require.InDelta(t, float64(2*i), at, 0.03)
	}
}

// The stream is what fmp4 takes: fragments of half a second, a key frame at the beginning of every fourth.
func TestStreamIsWhatFmp4Takes(t *testing.T) {
	e, f := start(t, encoder.Config{Width: 320, Height: 180, FPS: 30})
	type result struct {
		fragments []*fmp4.Fragment
		err       error
	}
	out := make(chan result, 1)
	go func() {
		var r result
		reader := fmp4.NewReader(e)
		_, r.err = reader.Init()
		for r.err == nil {
			var fragment *fmp4.Fragment
			if fragment, r.err = reader.Next(); r.err == nil {
				r.fragments = append(r.fragments, fragment)
			}
		}
		out <- r
	}()
	f.pace(4*time.Second, 4)
	require.NoError(t, closeWithin(e, 10*time.Second))
	r := <-out
	require.ErrorIs(t, r.err, io.EOF)
	require.GreaterOrEqual(t, len(r.fragments), 8)
	keys := 0
	for _, fragment := range r.fragments {
		require.LessOrEqual(t, fragment.Duration, 600*time.Millisecond)
		if fragment.Key {
			keys++
		}
	}
	require.Equal(t, 2, keys)
}

func TestSoundOnly(t *testing.T) {
	e, f := start(t, encoder.Config{})
	out := drain(e)
	f.pace(3*time.Second, 8)
	require.NoError(t, closeWithin(e, 10*time.Second))
	got := <-out
	require.NoError(t, got.err)
	p := probe(t, got.data)
	require.Len(t, p.Streams, 1)
	require.Equal(t, "aac", p.Streams[0].Codec)
	_, audio := p.ends(t)
	require.InDelta(t, 3, audio, 0.06)
}

// While the child sleeps the clock goes on; afterwards video and sound have the length they should, pictures repeated.
func TestSlowEncoderNeverBlocksAndKeepsSync(t *testing.T) {
	e, f := start(t, encoder.Config{Width: 1280, Height: 720, FPS: 30})
	out := drain(e)
	f.pace(500*time.Millisecond, 2)
	require.NoError(t, syscall.Kill(e.PID(), syscall.SIGSTOP))
	before := time.Now()
	for range 150 {
		f.tick() // three seconds of media at once
	}
	require.Less(t, time.Since(before), 2*time.Second)
	require.NotZero(t, e.Stats().Repeated)
	require.NoError(t, syscall.Kill(e.PID(), syscall.SIGCONT))
	f.pace(500*time.Millisecond, 1)
	require.NoError(t, closeWithin(e, 30*time.Second))
	got := <-out
	require.NoError(t, got.err)
	p := probe(t, got.data)
	video, audio := p.ends(t)
	require.InDelta(t, 4, video, 0.05)
	require.InDelta(t, 4, audio, 0.06)
}

func TestKilledEncoderSaysSoAndGivesWhatItWrote(t *testing.T) {
	e, f := start(t, encoder.Config{Width: 320, Height: 180, FPS: 30})
	out := drain(e)
	f.pace(4*time.Second, 4)
	require.NoError(t, e.Err())
	require.NoError(t, syscall.Kill(e.PID(), syscall.SIGKILL))
	<-e.Done()
	var died *ffmpeg.DiedError
	require.ErrorAs(t, e.Err(), &died)
	require.Equal(t, "SIGKILL", died.Signal)
	require.Equal(t, -1, died.Exit)
	f.pace(100*time.Millisecond, 1) // the clock does not know yet
	got := <-out
	require.ErrorAs(t, got.err, &died)
	require.ErrorAs(t, closeWithin(e, time.Second), &died)
	p := probe(t, got.data)
	video, audio := p.ends(t)
	require.Greater(t, video, 2.0)
	require.Greater(t, audio, 2.0)
}

func TestStoppedEncoderIsNoticed(t *testing.T) {
	e, f := start(t, encoder.Config{Width: 320, Height: 180, FPS: 30, Stall: time.Second})
	out := drain(e)
	f.pace(time.Second, 2)
	require.NoError(t, syscall.Kill(e.PID(), syscall.SIGSTOP))
	f.pace(4*time.Second, 2)
	got := <-out
	var stalled *ffmpeg.StalledError
	require.ErrorAs(t, got.err, &stalled)
	require.GreaterOrEqual(t, stalled.After, time.Second)
	require.ErrorAs(t, e.Err(), &stalled)
	require.ErrorAs(t, closeWithin(e, time.Second), &stalled)
	require.ErrorIs(t, syscall.Kill(e.PID(), 0), syscall.ESRCH)
}

func TestCloseKillsWhatDoesNotEnd(t *testing.T) {
	e, f := start(t, encoder.Config{Width: 320, Height: 180, FPS: 30})
	out := drain(e)
	f.pace(time.Second, 2)
	require.NoError(t, syscall.Kill(e.PID(), syscall.SIGSTOP))
	var stalled *ffmpeg.StalledError
	require.ErrorAs(t, closeWithin(e, 300*time.Millisecond), &stalled)
	require.ErrorAs(t, (<-out).err, &stalled)
}

func TestCloseWithoutReader(t *testing.T) {
	e, f := start(t, encoder.Config{Width: 320, Height: 180, FPS: 30})
	f.pace(time.Second, 2)
	require.NoError(t, closeWithin(e, time.Second), "all of it fits into the pipe, so ffmpeg ended well")
}

func TestNothingToRun(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other")
	require.NoError(t, os.WriteFile(other, []byte("#!/bin/sh\necho hello\n"), 0o700))
	poor := filepath.Join(dir, "poor")
	require.NoError(t, os.WriteFile(poor, []byte(`#!/bin/sh
case "$2" in
-version) echo "ffmpeg version 5.1 Copyright" ;;
-encoders) printf 'Encoders:\n ------\n V....D mpeg4   MPEG-4\n A....D aac   AAC\n' ;;
esac
`), 0o700))

	nothing := filepath.Join(dir, "nothing")
	_, err := encoder.Start(t.Context(), encoder.Config{FFmpeg: nothing, Width: 640, Height: 360, FPS: 30})
	var missing *ffmpeg.NotFoundError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, nothing, missing.Path)
	for _, path := range []string{other, dir} {
		_, err := encoder.Start(t.Context(), encoder.Config{FFmpeg: path, Width: 640, Height: 360, FPS: 30})
		var unusable *ffmpeg.UnusableError
		require.ErrorAs(t, err, &unusable)
		require.Equal(t, path, unusable.Path)
	}
	_, err = encoder.Start(t.Context(), encoder.Config{FFmpeg: poor, Width: 640, Height: 360, FPS: 30})
	var lacking *ffmpeg.MissingEncoderError
	require.ErrorAs(t, err, &lacking)
	require.Equal(t, "libx264", lacking.Name)

	for _, size := range [][2]int{{641, 360}, {640, 0}, {-2, 360}} {
		_, err := encoder.Start(t.Context(), encoder.Config{FFmpeg: "ffmpeg", Width: size[0], Height: size[1], FPS: 30})
		require.Error(t, err)
	}
}

// A child that cannot begin says why.
func TestLastWords(t *testing.T) {
	e, f := start(t, encoder.Config{Width: 320, Height: 180, FPS: 30, AudioBps: 1})
	out := drain(e)
	f.pace(400*time.Millisecond, 1)
	err := (<-out).err
	var died *ffmpeg.DiedError
	require.ErrorAs(t, err, &died)
	require.Equal(t, 1, died.Exit)
	require.NotEmpty(t, died.LastWords)
	require.False(t, errors.Is(closeWithin(e, time.Second), context.DeadlineExceeded))
}

func TestBitrateGrowsWithTheSize(t *testing.T) {
	require.Equal(t, 1_000_000, encoder.VideoBps(854, 480))
	require.Equal(t, 2_500_000, encoder.VideoBps(1280, 720))
	require.Equal(t, 2_500_000, encoder.VideoBps(720, 1280))
	require.Equal(t, 4_500_000, encoder.VideoBps(1920, 1080))
}
