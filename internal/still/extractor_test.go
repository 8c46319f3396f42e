package still_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	_ "golang.org/x/image/webp"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/fmp4/fmp4test"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/still"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// seconds of the stream: its picture is grey, one shade lighter in each of its 180 pictures.
const seconds = 6

var stream = sync.OnceValue(func() []byte { return nil }) // set by encode

func encode(t *testing.T) []byte {
	t.Helper()
	if made := stream(); made != nil {
		return made
	}
	made := fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: seconds,
		Encoder: []string{"-bf", "0", "-vf", "geq=lum='N+20':cb=128:cr=128"}})
	stream = func() []byte { return made }
	return made
}

// fixture is a directory of streams as the server has it, a storage that is a directory, and a camera.
type fixture struct {
	*still.Extractor
	root, kept, way string
	fails           error
}

func newFixture(t *testing.T, change ...func(*still.Options)) *fixture {
	t.Helper()
	s := &fixture{root: t.TempDir(), kept: t.TempDir(), way: filepath.Join(t.TempDir(), "still")}
	handler, err := hls.NewHandler(s.root, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, handler.Close()) })
	o := still.Options{Dir: s.way, Streams: handler, Storage: s}
	for _, c := range change {
		c(&o)
	}
	s.Extractor = still.New(o)
	return s
}

func (s *fixture) KeepBeside(_ context.Context, j record.Job, name, path string) (job.File, error) {
	if s.fails != nil {
		return job.File{}, s.fails
	}
	raw, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(filepath.Join(s.kept, name), raw, 0o600)
	}
	return job.File{Key: j.SessionID + "/" + j.ID + "/" + name}, err
}

// addStream makes a stream of an encoding.
func (s *fixture) addStream(t *testing.T, id string, encoding []byte) record.Job {
	t.Helper()
	dir := filepath.Join(s.root, id)
	require.NoError(t, os.Mkdir(dir, 0o700))
	init, fragments := fmp4test.Split(t, encoding)
	w, err := hls.NewWriter(dir, hls.Options{})
	require.NoError(t, err)
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments {
		require.NoError(t, w.WriteFragment(f))
	}
	require.NoError(t, w.Close())
	return record.Job{
		ID:        id,
		Kind:      job.HLS,
		MeetingID: "m1",
		SessionID: "s1",
		State:     job.Playable,
		Config:    job.Config{}.WithDefaults(),
	}
}

// picture decodes what was kept.
func (s *fixture) picture(t *testing.T, made job.Still) image.Image {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.kept, filepath.Base(made.File.Key)))
	require.NoError(t, err)
	require.EqualValues(t, len(raw), made.File.Size)
	shown, format, err := image.Decode(bytes.NewReader(raw))
	require.NoError(t, err)
	require.Equal(t, map[job.StillFormat]string{job.JPG: "jpeg", job.PNG: "png", job.WebP: "webp"}[made.Format], format)
	require.Equal(t, image.Pt(made.Width, made.Height), shown.Bounds().Size())
	return shown
}

// frameNumber is which of the pictures of the stream this is.
func frameNumber(shown image.Image, format job.StillFormat) float64 {
	at := shown.Bounds().Min.Add(shown.Bounds().Size().Div(2))
	grey, _, _, _ := shown.At(at.X, at.Y).RGBA()
	if format == job.WebP { // whose range is limited, which the decoder does not know
		return float64(grey>>8) - 20
	}
	return float64(grey>>8)*219/255 + 16 - 20 // from full to limited range, BT.601
}

func requireFault(t *testing.T, err error, key string) *fault.Error {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, "%v", err)
	entry, _ := f.Entry()
	require.Equal(t, key, entry.Key(), f.Detail)
	require.Equal(t, "m1", f.MeetingID)
	return f
}

func TestStillsShowTheirMoment(t *testing.T) {
	s := newFixture(t)
	j := s.addStream(t, "j1", encode(t))
	for at, want := range map[time.Duration]float64{
		0: 0, 40 * time.Millisecond: 1, 1500 * time.Millisecond: 45, 2 * time.Second: 60, 3990 * time.Millisecond: 119,
		5500 * time.Millisecond: 165,
		seconds * time.Second:   179, -1: 179,
	} {
		for _, format := range []job.StillFormat{job.JPG, job.PNG, job.WebP} {
			made, err := s.Extract(t.Context(), j, job.StillRequest{At: at, Format: format})
			require.NoError(t, err)
			require.Equal(t, [2]int{320, 180}, [2]int{made.Width, made.Height})
			require.InDelta(t, want, frameNumber(s.picture(t, made), format), 1.8, "%v as %s", at, format)
			require.Regexp(t, `^s1/j1/still-\d{8}-[0-9a-f]{8}\.`+string(format)+`$`, made.File.Key)
			require.WithinDuration(t, time.Now(), made.CreatedAt, time.Minute)
			if at >= 0 {
				require.InDelta(t, at, made.At, float64(time.Millisecond))
			}
		}
	}
	left, err := os.ReadDir(s.way)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestSizesOfStills(t *testing.T) {
	s := newFixture(t)
	j := s.addStream(t, "j1", encode(t))
	for _, tt := range []struct{ w, h, width, height int }{
		{0, 0, 320, 180}, {640, 0, 640, 360}, {0, 90, 160, 90}, {100, 100, 100, 100}, {16, 0, 16, 9}, {333, 0, 333, 187},
		{3840, 2160, 3840, 2160}, {17, 19, 17, 19},
	} {
		for _, format := range []job.StillFormat{"", job.PNG, job.WebP} {
			made, err := s.Extract(t.Context(), j, job.StillRequest{Width: tt.w, Height: tt.h, Format: format})
			require.NoError(t, err, tt)
			require.Equal(t, [2]int{tt.width, tt.height}, [2]int{made.Width, made.Height})
			s.picture(t, made)
		}
	}
	for name, q := range map[string]job.StillRequest{
		"width": {Width: 15}, "height": {Height: 3841}, "format": {Format: "gif"}, "follows": {Height: 3840},
	} {
		_, err := s.Extract(t.Context(), j, q)
		field, ok := errors.AsType[*job.FieldError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, strings.Replace(name, "follows", "height", 1), field.Field)
	}
}

func TestStreamsWithoutAPicture(t *testing.T) {
	s := newFixture(t)
	j := s.addStream(t, "j1", encode(t))
	_, err := s.Extract(t.Context(), j, job.StillRequest{At: (seconds + 1) * time.Second})
	f := requireFault(t, err, "4107.BEYOND_STREAM")
	require.InDelta(t, seconds, f.Details["streamSec"], 0.1)
	require.Equal(t, "time", f.Param)

	new := j
	new.ID, new.State = "j2", job.Started
	require.NoError(t, os.Mkdir(filepath.Join(s.root, "j2"), 0o700))
	_, err = s.Extract(t.Context(), new, job.StillRequest{At: -1})
	require.Positive(t, requireFault(t, err, "4109.NO_PICTURE_YET").RetryAfterMs)
	require.NoError(t, os.WriteFile(filepath.Join(s.root, "j2", "index.m3u8"), []byte("#EXTM3U\n"), 0o600))
	_, err = s.Extract(t.Context(), new, job.StillRequest{At: -1})
	requireFault(t, err, "4109.NO_PICTURE_YET")

	gone := j
	gone.ID, gone.State = "j3", job.Stopped
	_, err = s.Extract(t.Context(), gone, job.StillRequest{})
	requireFault(t, err, "4108.FILE")
	require.NoError(t, os.Remove(filepath.Join(s.root, "j1", "seg00001.m4s")))
	gone.ID = "j1"
	_, err = s.Extract(t.Context(), gone, job.StillRequest{At: 3 * time.Second})
	require.Contains(t, requireFault(t, err, "4108.FILE").Detail, "seg00001.m4s")

	mute := j
	mute.Config.Mode = job.AudioOnly
	_, err = s.Extract(t.Context(), mute, job.StillRequest{})
	requireFault(t, err, "4109.SOUND_ONLY")
	mute = s.addStream(t, "j4", fmp4test.Encode(t, fmp4test.Options{Audio: true, Seconds: 3}))
	_, err = s.Extract(t.Context(), mute, job.StillRequest{})
	requireFault(t, err, "4109.SOUND_ONLY")
}

// program writes an ffmpeg that answers what it is asked, and makes pictures as the text says.
func program(t *testing.T, text string) string {
	t.Helper()
	real, err := exec.LookPath("ffmpeg")
	require.NoError(t, err)
	return script(t, fmt.Sprintf("case \"$*\" in *pipe*) ;; *) exec %q \"$@\" ;; esac\nreal=%q\n%s", real, real, text))
}

// script writes a program.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ffmpeg")
	syscall.ForkLock.RLock() // a child that is forked while the file is open for writing keeps it from being run (ETXTBSY)
	defer syscall.ForkLock.RUnlock()
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700))
	return path
}

func TestFFmpegThatFails(t *testing.T) {
	for name, tt := range map[string]struct{ script, want, says string }{
		"dies":           {`echo "no memory" >&2; exit 3`, "5101.ENCODER_DIED", "no memory"},
		"is killed":      {`ulimit -f 0; echo x >"$0.out"`, "5101.ENCODER_DIED", "SIGXFSZ"},
		"hangs":          {`exec /bin/sleep 60`, "5101.ENCODER_STALLED", "700 ms"},
		"has a child":    {`/bin/sleep 60`, "5101.ENCODER_STALLED", "700 ms"},
		"writes nothing": {`exit 0`, "5101.ENCODER_DIED", "no picture"},
		"tells a secret": {`echo "rtmp://host/live/key" >&2; exit 1`, "5101.ENCODER_DIED", "[redacted]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFixture(t, func(o *still.Options) { o.FFmpeg, o.MakeFor = program(t, tt.script), 700*time.Millisecond })
			j := s.addStream(t, "j1", encode(t))
			_, err := s.Extract(t.Context(), j, job.StillRequest{})
			require.Contains(t, requireFault(t, err, tt.want).Detail, tt.says)
			_, err = s.Extract(t.Context(), j, job.StillRequest{})
			requireFault(t, err, tt.want)
		})
	}
	t.Run("is not there", func(t *testing.T) {
		s := newFixture(t, func(o *still.Options) { o.FFmpeg = "/nowhere/ffmpeg" })
		_, err := s.Extract(t.Context(), s.addStream(t, "j1", encode(t)), job.StillRequest{})
		require.Contains(t, requireFault(t, err, "5101.ENCODER_MISSING").Detail, "/nowhere/ffmpeg")
	})
	t.Run("does not answer", func(t *testing.T) {
		s := newFixture(t, func(o *still.Options) { o.FFmpeg = script(t, "exec /bin/sleep 60") })
		_, err := s.Extract(t.Context(), s.addStream(t, "j1", encode(t)), job.StillRequest{})
		f := requireFault(t, err, "5101.ENCODER_UNRESPONSIVE")
		require.EqualValues(t, ffmpeg.ProbeTimeout.Milliseconds(), f.Details["waitedMs"])
	})
	t.Run("lacks an encoder", func(t *testing.T) {
		s := newFixture(t, func(o *still.Options) {
			o.FFmpeg = script(
				t,
				`case "$*" in *encoders*) echo ' ------'; echo ' V....D mjpeg MJPEG';; *) echo 'ffmpeg version 5.1';; esac`,
			)
		})
		_, err := s.Extract(t.Context(), s.addStream(t, "j1", encode(t)), job.StillRequest{Format: job.WebP})
		require.Contains(t, requireFault(t, err, "5101.ENCODER_MISSING").Detail, "libwebp")
	})
}

// What ffmpeg writes is bounded, and so is what is kept of it.
func TestFFmpegThatGivesWithoutEnd(t *testing.T) {
	s := newFixture(t, func(o *still.Options) { o.FFmpeg = program(t, `exec /bin/cat /dev/zero`) })
	_, err := s.Extract(t.Context(), s.addStream(t, "j1", encode(t)), job.StillRequest{})
	require.ErrorContains(t, err, "too much")
	left, err := os.ReadDir(s.kept)
	require.NoError(t, err)
	require.Empty(t, left)
}

// Nothing that a caller wrote reaches the program: numbers that were checked, and names of ours.
func TestArgumentsHoldNumbersOnly(t *testing.T) {
	dir := t.TempDir()
	s := newFixture(t, func(o *still.Options) {
		o.FFmpeg = program(t, fmt.Sprintf(`echo "$@" > %s/args; exec "$real" "$@"`, dir))
	})
	_, err := s.Extract(
		t.Context(),
		s.addStream(t, "j1", encode(t)),
		job.StillRequest{At: 1500 * time.Millisecond, Width: 64, Format: job.PNG},
	)
	require.NoError(t, err)
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	require.NoError(t, err)
	require.Equal(
		t,
		"-hide_banner -nostats -loglevel error -threads 1 -f mp4 -i pipe:0 -map 0:v:0 -ss 1.483 -frames:v 1 "+
			"-filter_threads 1 "+
			"-vf scale=64:36 -threads 1 -fflags +bitexact -flags +bitexact -c:v png -f image2pipe pipe:1\n",
		string(args),
	)
}

func TestStillsAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := newFixture(t, func(o *still.Options) {
		o.MaxConcurrent = 2
		o.FFmpeg = program(
			t,
			fmt.Sprintf(`: > %s/began-$$; while [ ! -e %s/go ]; do /bin/sleep 0.02; done; exec "$real" "$@"`, dir, dir),
		)
	})
	one, two, three := s.addStream(t, "j1", encode(t)), s.addStream(t, "j2", encode(t)), s.addStream(t, "j3", encode(t))
	var working sync.WaitGroup
	for n, j := range []record.Job{one, two} {
		working.Go(func() {
			_, err := s.Extract(context.WithoutCancel(t.Context()), j, job.StillRequest{})
			if err != nil {
				t.Error(err)
			}
		})
		require.Eventually(t, func() bool {
			began, _ := filepath.Glob(dir + "/began-*")
			return len(began) == n+1
		}, 10*time.Second, 5*time.Millisecond)
	}
	_, err := s.Extract(t.Context(), one, job.StillRequest{})
	f := requireFault(t, err, "4106.STILLS")
	require.Contains(t, f.Detail, "this stream")
	require.Positive(t, f.RetryAfterMs)
	_, err = s.Extract(t.Context(), three, job.StillRequest{})
	require.Contains(t, requireFault(t, err, "4106.STILLS").Detail, "all streams")
	require.NoError(t, os.WriteFile(dir+"/go", nil, 0o600))
	working.Wait()
	for _, j := range []record.Job{one, three} {
		_, err = s.Extract(t.Context(), j, job.StillRequest{})
		require.NoError(t, err)
	}
}

func TestWhoGoesAwayEndsTheStill(t *testing.T) {
	s := newFixture(t, func(o *still.Options) { o.FFmpeg, o.MakeFor = program(t, `exec /bin/sleep 60`), time.Minute })
	j := s.addStream(t, "j1", encode(t))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := s.Extract(ctx, j, job.StillRequest{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(began), 5*time.Second)
}

// slowStreams streams never come.
type slowStreams struct{}

func (slowStreams) Open(ctx context.Context, _, _ string) (io.ReadSeekCloser, time.Time, error) {
	<-ctx.Done()
	return nil, time.Time{}, ctx.Err()
}

// brokenStreams ones come with an error.
type brokenStreams struct{ err error }

func (b brokenStreams) Open(context.Context, string, string) (io.ReadSeekCloser, time.Time, error) {
	return nil, time.Time{}, b.err
}

// panickingStreams are a bug.
type panickingStreams struct{}

func (panickingStreams) Open(context.Context, string, string) (io.ReadSeekCloser, time.Time, error) {
	panic("boom")
}

// A still that panics is one that fails, and leaves its place to the next.
func TestAPanicEndsOneStill(t *testing.T) {
	j := record.Job{ID: "j1", Kind: job.HLS, MeetingID: "m1", State: job.Stopped}
	s := newFixture(t, func(o *still.Options) { o.Streams, o.MaxConcurrent = panickingStreams{}, 1 })
	for range 2 {
		_, err := s.Extract(t.Context(), j, job.StillRequest{})
		require.ErrorContains(t, err, "panic in a still: boom")
		require.Equal(t, "INTERNAL", fault.From(err).Reason)
	}
}

func TestStoragesThatFail(t *testing.T) {
	j := record.Job{ID: "j1", Kind: job.HLS, MeetingID: "m1", State: job.Stopped}
	s := newFixture(t, func(o *still.Options) { o.Streams, o.ReadFor = slowStreams{}, 100*time.Millisecond })
	_, err := s.Extract(t.Context(), j, job.StillRequest{})
	requireFault(t, err, "5101.STORAGE")
	s = newFixture(t, func(o *still.Options) {
		o.Streams = brokenStreams{fault.ServerUnavailableStorage("stat", "AccessDenied")}
	})
	_, err = s.Extract(t.Context(), j, job.StillRequest{})
	require.Contains(t, requireFault(t, err, "5101.STORAGE").Detail, "AccessDenied")

	s = newFixture(t)
	j = s.addStream(t, "j1", encode(t))
	s.fails = fault.ServerUnavailableStorage("put", "no space left on device")
	_, err = s.Extract(t.Context(), j, job.StillRequest{})
	requireFault(t, err, "5101.STORAGE")
	s.fails = nil
	require.NoError(t, os.WriteFile(s.way+"x", nil, 0o600))
	require.NoError(t, os.RemoveAll(s.way))
	require.NoError(t, os.Rename(s.way+"x", s.way)) // a file in the place of the directory
	_, err = s.Extract(t.Context(), j, job.StillRequest{})
	require.Contains(t, requireFault(t, err, "5101.STORAGE").Detail, "not a directory")
}

func TestNewRemovesWhatACrashLeft(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "still")
	require.NoError(t, os.Mkdir(dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "left"), nil, 0o600))
	still.New(still.Options{Dir: dir})
	_, err := os.Stat(filepath.Join(dir, "left"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}
