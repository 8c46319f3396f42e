package decoder_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/internal/decoder"
	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/internal/picture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Frames that belong early are all to be seen late.
var (
	early = time.Unix(0, 0)
	late  = time.Unix(1, 0)
)

var allCodecs = []string{"VP8", "H264", "VP9", "AV1"}

// frames encodes a clip and takes it through RTP.
func frames(t testing.TB, c mediatest.Clip) []depacket.Frame {
	t.Helper()
	var out []depacket.Frame
	d, err := depacket.New(c.Codec, func(f depacket.Frame) { out = append(out, f) }, nil)
	require.NoError(t, err)
	p := mediatest.NewPacketizer(t, c.Codec, c.FPS, 1, 1)
	for _, f := range mediatest.Encode(t, c) {
		for _, packet := range p.Frame(f) {
			d.Push(jitter.Packet{Packet: packet}, time.Now())
		}
	}
	require.Len(t, out, c.Frames)
	return out
}

// callbackLog hears what a decoder has to say.
type callbackLog struct {
	mu     sync.Mutex
	asked  int
	failed []error
}

func (w *callbackLog) keyFrame() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
}

func (w *callbackLog) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = append(w.failed, err)
}

func (w *callbackLog) failures() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]error{}, w.failed...)
}

func (w *callbackLog) keyFrames() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

func start(t testing.TB, config decoder.Config) (*decoder.Decoder, *callbackLog) {
	t.Helper()
	w := &callbackLog{}
	config.KeyFrame, config.Failed = w.keyFrame, w.fail
	if config.FFmpeg == "" {
		config.FFmpeg = "ffmpeg"
	}
	d := decoder.New(config)
	t.Cleanup(d.Close)
	return d, w
}

// wait polls until the decoder has given so many pictures since it began.
func wait(t testing.TB, d *decoder.Decoder, pictures uint64) {
	t.Helper()
	require.Eventually(t, func() bool { return d.Stats().Pictures >= pictures }, 10*time.Second, time.Millisecond,
		"pictures")
}

// A sender that changes its codec is decoded all the same, and so is one with several spatial layers: the largest is
// shown.
func TestAnotherCodecAndLayers(t *testing.T) {
	d, w := start(t, decoder.Config{})
	given := uint64(0)
	for _, codec := range []string{"VP8", "H264"} {
		for _, f := range frames(t, mediatest.Clip{Codec: codec, Width: 320, Height: 180, FPS: 30, Frames: 5, GOP: 5}) {
			d.Decode(f, early)
			given++
			wait(t, d, given)
		}
	}
	var layered []depacket.Frame
	depacketizer, err := depacket.New("VP9", func(f depacket.Frame) { layered = append(layered, f) }, nil)
	require.NoError(t, err)
	for _, packet := range mediatest.Layered(t, 5, 160, 90, 320, 180) {
		depacketizer.Push(jitter.Packet{Packet: packet}, time.Now())
	}
	require.Len(t, layered, 5)
	for _, f := range layered {
		d.Decode(f, early)
		given++
		wait(t, d, given)
		p := d.At(late)
		require.Equal(t, [2]int{320, 180}, [2]int{p.Width, p.Height})
	}
	require.Empty(t, w.failures())
}

// For each frame that goes in one picture comes out, before the next goes in: the delay is no frame at all.
func TestAPictureForEachFrameAtOnce(t *testing.T) {
	for _, codec := range allCodecs {
		t.Run(codec, func(t *testing.T) {
			d, w := start(t, decoder.Config{})
			for i, f := range frames(t, mediatest.Clip{Codec: codec, Width: 322, Height: 182, FPS: 30, Frames: 20, GOP: 10}) {
				d.Decode(f, early)
				wait(t, d, uint64(i)+1)
			}
			p := d.At(late)
			require.Equal(t, [2]int{322, 182}, [2]int{p.Width, p.Height})
			require.Same(t, p, d.At(late))
			require.Greater(t, deviation(p), 20.0) // the test picture has every brightness
			require.Empty(t, w.failures())
			require.Zero(t, d.Stats().Dropped)
		})
	}
}

func deviation(p *picture.Picture) float64 {
	var sum, squares float64
	for _, v := range p.Y {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	n := float64(len(p.Y))
	return math.Sqrt(squares/n - sum/n*sum/n)
}

// A picture is seen in the time of its frame, also when frames before it came to nothing.
func TestPicturesHaveTheTimesOfTheirFrames(t *testing.T) {
	for _, codec := range allCodecs {
		t.Run(codec, func(t *testing.T) {
			clip := frames(t, mediatest.Clip{Codec: codec, Width: 160, Height: 90, FPS: 30, Frames: 9, GOP: 3})
			d, _ := start(t, decoder.Config{})
			at := func(n int) time.Time { return early.Add(time.Duration(n) * time.Millisecond) }
			for n, f := range clip {
				if n == 4 || n == 5 {
					f.Data = []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
				}
				d.Decode(f, at(n))
			}
			wait(t, d, uint64(len(clip)-2))
			require.Nil(t, d.At(early.Add(-time.Millisecond)))
			next, ok := d.Next()
			require.True(t, ok)
			require.Equal(t, early, next)
			seen := d.At(at(0))
			require.NotNil(t, seen)
			for n := 1; n < len(clip); n++ {
				require.Same(t, seen, d.At(at(n).Add(-time.Nanosecond)), "nothing new before frame %d", n)
				next := d.At(at(n))
				require.Equal(t, n != 4 && n != 5, next != seen, "frame %d", n)
				seen = next
			}
		})
	}
}

// Whoever shows pictures too late gets newer ones nevertheless.
func TestPicturesGoOnForALateViewer(t *testing.T) {
	clip := frames(t, mediatest.Clip{Codec: "VP8", Width: 160, Height: 90, FPS: 30, Frames: 40, GOP: 10})
	d, _ := start(t, decoder.Config{})
	for n, f := range clip {
		d.Decode(f, late)
		wait(t, d, uint64(n)+1)
	}
	first := d.At(early)
	require.NotNil(t, first)
	for n, f := range clip[:10] {
		d.Decode(f, late)
		wait(t, d, uint64(len(clip)+n)+1)
	}
	require.NotSame(t, first, d.At(early))
}

func TestNothingBeforeTheFirstKeyFrame(t *testing.T) {
	d, w := start(t, decoder.Config{})
	clip := frames(t, mediatest.Clip{Codec: "VP8", Width: 160, Height: 90, FPS: 30, Frames: 10, GOP: 100})
	for _, f := range clip[1:] {
		d.Decode(f, early)
	}
	require.Eventually(t, func() bool { return w.keyFrames() == 1 }, time.Second, time.Millisecond)
	require.Nil(t, d.At(late))
	require.Equal(t, uint64(9), d.Stats().Dropped)
}

func TestResolutionChangeKeepsTheOldPictureMeanwhile(t *testing.T) {
	for _, codec := range allCodecs {
		t.Run(codec, func(t *testing.T) {
			small := frames(t, mediatest.Clip{Codec: codec, Width: 160, Height: 90, FPS: 30, Frames: 3, GOP: 100})
			large := frames(t, mediatest.Clip{Codec: codec, Width: 320, Height: 180, FPS: 30, Frames: 3, GOP: 100})
			d, w := start(t, decoder.Config{})
			pictures := uint64(0)
			for _, clip := range [][]depacket.Frame{small, large, small} {
				for i, f := range clip {
					d.Decode(f, early)
					if pictures > 0 {
						require.NotNil(t, d.At(late))
					}
					pictures++
					wait(t, d, pictures)
					require.Equal(t, clip[0].Width, d.At(late).Width, "frame %d", i)
				}
			}
			require.Empty(t, w.failures())
		})
	}
}

func TestKilledChildIsReplacedAtTheNextKeyFrame(t *testing.T) {
	clip := frames(t, mediatest.Clip{Codec: "VP8", Width: 160, Height: 90, FPS: 30, Frames: 2, GOP: 100})
	d, w := start(t, decoder.Config{})
	d.Decode(clip[0], early)
	wait(t, d, 1)
	asked := w.keyFrames()
	require.NoError(t, syscall.Kill(d.PID(), syscall.SIGKILL))
	require.Eventually(t, func() bool { return len(w.failures()) == 1 }, 5*time.Second, time.Millisecond)
	var died *ffmpeg.DiedError
	require.ErrorAs(t, w.failures()[0], &died)
	require.Equal(t, "SIGKILL", died.Signal)
	require.Equal(t, -1, died.Exit)
	require.NotNil(t, d.At(late), "the last picture stays")

	// The sender knows nothing of it and goes on, until it is asked for a key frame.
	require.Eventually(t, func() bool {
		d.Decode(clip[1], early)
		return w.keyFrames() > asked
	}, 10*time.Second, 20*time.Millisecond)
	d.Decode(clip[0], early)
	wait(t, d, 2)
	require.Len(t, w.failures(), 1)
}

func TestStoppedChildIsNoticed(t *testing.T) {
	clip := frames(t, mediatest.Clip{Codec: "VP8", Width: 160, Height: 90, FPS: 30, Frames: 30, GOP: 1})
	d, w := start(t, decoder.Config{Stall: 300 * time.Millisecond})
	d.Decode(clip[0], early)
	wait(t, d, 1)
	require.NoError(t, syscall.Kill(d.PID(), syscall.SIGSTOP))
	for i := 0; len(w.failures()) == 0; i++ {
		require.Less(t, i, 400, "not noticed")
		d.Decode(clip[i%30], early)
		time.Sleep(5 * time.Millisecond) // the pace of the stream, not a wait for something
	}
	var stalled *ffmpeg.StalledError
	require.ErrorAs(t, w.failures()[0], &stalled)
	require.Eventually(t, func() bool {
		d.Decode(clip[1], early)
		return d.Stats().Pictures > 1
	}, 10*time.Second, 20*time.Millisecond)
}

func TestSlowChildDropsToTheNextKeyFrame(t *testing.T) {
	clip := frames(t, mediatest.Clip{Codec: "VP8", Width: 160, Height: 90, FPS: 30, Frames: 60, GOP: 1000})
	// Longer than a pipe holds, so that the queue fills while the child sleeps.
	for i := range clip {
		if !clip[i].Key {
			clip[i].Data = append(clip[i].Data, make([]byte, 200_000)...)
		}
	}
	d, w := start(t, decoder.Config{})
	d.Decode(clip[0], early)
	wait(t, d, 1)
	pid := d.PID()
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
	before := time.Now()
	for _, f := range clip[1:] {
		d.Decode(f, early)
	}
	require.Less(t, time.Since(before), time.Second, "Decode blocked")
	require.GreaterOrEqual(t, d.Stats().Dropped, uint64(30))
	require.NoError(t, syscall.Kill(pid, syscall.SIGCONT))
	require.Eventually(t, func() bool { return w.keyFrames() > 0 }, 5*time.Second, time.Millisecond)
	pictures := d.Stats().Pictures
	require.Eventually(t, func() bool {
		d.Decode(clip[0], early)
		return d.Stats().Pictures > pictures
	}, 10*time.Second, 20*time.Millisecond)
	require.Empty(t, w.failures())
	require.Equal(t, pid, d.PID())
}

// Garbage with a good header: the stream recovers with its next good key frame, whatever ffmpeg makes of it.
func TestGarbageCostsNothingButPictures(t *testing.T) {
	for _, codec := range allCodecs {
		t.Run(codec, func(t *testing.T) {
			clip := frames(t, mediatest.Clip{Codec: codec, Width: 160, Height: 90, FPS: 30, Frames: 40, GOP: 10})
			d, w := start(t, decoder.Config{Stall: 300 * time.Millisecond})
			r := rand.New(rand.NewPCG(1, 1))
			d.Decode(clip[0], early)
			wait(t, d, 1)
			for _, f := range clip[1:] {
				data := append([]byte{}, f.Data...)
				for i := 12; i < len(data); i++ {
					if r.IntN(4) == 0 {
						data[i] = byte(r.Uint32())
					}
				}
				f.Data = data
				d.Decode(f, early)
				time.Sleep(2 * time.Millisecond) // the pace of the stream
			}
			require.Eventually(t, func() bool {
				before := d.Stats().Pictures
				for _, f := range clip[:10] {
					d.Decode(f, early)
					time.Sleep(2 * time.Millisecond)
				}
				return d.Stats().Pictures >= before+10
			}, 15*time.Second, time.Millisecond)
			t.Logf("failures: %v", w.failures())
		})
	}
}

func TestNoFFmpeg(t *testing.T) {
	clip := frames(t, mediatest.Clip{Codec: "VP8", Width: 160, Height: 90, FPS: 30, Frames: 1, GOP: 1})
	d, w := start(t, decoder.Config{FFmpeg: "/nonexistent/ffmpeg"})
	d.Decode(clip[0], early)
	require.Eventually(t, func() bool { return len(w.failures()) == 1 }, time.Second, time.Millisecond)
	var missing *ffmpeg.NotFoundError
	require.ErrorAs(t, w.failures()[0], &missing)
	require.Equal(t, "/nonexistent/ffmpeg", missing.Path)
}

func TestCloseLeavesNoProcess(t *testing.T) {
	clip := frames(t, mediatest.Clip{Codec: "VP8", Width: 160, Height: 90, FPS: 30, Frames: 1, GOP: 1})
	d := decoder.New(decoder.Config{FFmpeg: "ffmpeg"})
	d.Decode(clip[0], early)
	wait(t, d, 1)
	pid := d.PID()
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
	d.Close()
	require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
	require.NotNil(t, d.At(late))
}

// Pictures that are too large cost their stream's picture only: no child is started, it is told once, and what fits
// again is decoded again.
func TestTooLarge(t *testing.T) {
	var told []string
	asked := 0
	d := decoder.New(
		decoder.Config{
			FFmpeg:   "ffmpeg",
			KeyFrame: func() { asked++ },
			TooLarge: func(w, h int) { told = append(told, fmt.Sprintf("%dx%d", w, h)) },
		},
	)
	defer d.Close()
	frame := depacket.Frame{Codec: "VP8", Key: true, Width: 8192, Height: 8192, Data: []byte{0}}
	for range 3 {
		d.Decode(frame, time.Now())
		d.Decode(depacket.Frame{Codec: "VP8", Data: []byte{1}}, time.Now())
	}
	require.Equal(t, []string{"8192x8192"}, told)
	require.Zero(t, d.PID(), "no child is started for it")
	require.Equal(t, decoder.Stats{Frames: 6, Dropped: 6}, d.Stats())
	require.Zero(t, asked)
	clip := mediatest.Encode(t, mediatest.Clip{Codec: "VP8", Width: 64, Height: 48, FPS: 30, Frames: 10, GOP: 10})
	for i, data := range clip {
		d.Decode(depacket.Frame{Codec: "VP8", Key: i == 0, Width: 64, Height: 48, Data: data}, time.Now())
	}
	require.Eventually(t, func() bool { return d.At(time.Now()) != nil }, 20*time.Second, 10*time.Millisecond)
	d.Decode(frame, time.Now())
	require.Len(t, told, 2)
}

// A decoder that panics says so, and costs nobody but its stream.
func TestAPanicEndsOneDecoder(t *testing.T) {
	failed := make(chan error, 1)
	d := decoder.New(decoder.Config{
		FFmpeg: "ffmpeg", KeyFrame: func() { panic("boom") }, Failed: func(err error) { failed <- err },
	})
	d.Decode(depacket.Frame{Codec: "VP8", Data: []byte{1}}, early)
	require.ErrorContains(t, <-failed, "panic in a decoder: boom")
	d.Decode(depacket.Frame{Codec: "VP8", Data: []byte{1}}, late)
	require.Nil(t, d.At(late))
	d.Close()
}
