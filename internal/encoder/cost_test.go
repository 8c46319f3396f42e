package encoder_test

import (
	"image"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/decoder"
	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/load"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/internal/picture"
)

func cpu(t testing.TB, pid int) time.Duration {
	t.Helper()
	used, err := load.ProcessorTime(pid)
	require.NoError(t, err)
	return used
}

func ownCPU(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFourCameras is a whole composite in real time: four 640x360 VP8 streams at 30 fps through RTP, four
// decoders, a 1280x720 canvas in four tiles, x264 and AAC. It reports CPU seconds per second of media.
func BenchmarkFourCameras(b *testing.B) {
	const cameras, fps, media = 4, 30, 8 * time.Second
	clip := mediatest.Encode(
		b,
		mediatest.Clip{Codec: "VP8", Width: 640, Height: 360, FPS: fps, Frames: 4 * fps, GOP: 4 * fps, Noise: 15},
	)
	for b.Loop() {
		e, f := start(b, encoder.Config{Width: 1280, Height: 720, FPS: fps})
		out := drain(e)
		var decoders [cameras]*decoder.Decoder
		var packetizers [cameras]*mediatest.Packetizer
		var depacketizers [cameras]*depacket.Depacketizer
		var buffers [cameras]*jitter.Buffer
		for i := range cameras {
			d := decoder.New(decoder.Config{FFmpeg: "ffmpeg"})
			decoders[i] = d
			var err error
			packetizers[i] = mediatest.NewPacketizer(b, "VP8", fps, uint32(i), 1)
			depacketizers[i], err = depacket.New("VP8", func(f depacket.Frame) { d.Decode(f, time.Now()) }, nil)
			require.NoError(b, err)
			buffers[i] = jitter.New(100 * time.Millisecond)
		}
		own := ownCPU(b)
		canvas := picture.New(1280, 720)
		ticker := time.NewTicker(20 * time.Millisecond)
		pictures, samples := 0, make([]int16, 2*960)
		for tick := range int(media / (20 * time.Millisecond)) {
			now := <-ticker.C
			for pictures*1000 < tick*20*fps {
				for i, d := range decoders {
					for _, packet := range packetizers[i].Frame(clip[pictures%len(clip)]) {
						buffers[i].Push(packet, now)
					}
					for p, ok := buffers[i].Pop(now); ok; p, ok = buffers[i].Pop(now) {
						depacketizers[i].Push(p, now)
					}
					if p := d.At(now); p != nil {
						tile := canvas.Sub(p.Bounds().Add(image.Pt(i%2*640, i/2*360)))
						picture.Scale(&tile, p)
					}
				}
				f.e.Picture(canvas)
				pictures++
			}
			f.e.Sound(samples)
		}
		ticker.Stop()
		own = ownCPU(b) - own
		var decode time.Duration
		for _, d := range decoders {
			decode += cpu(b, d.PID())
			require.Greater(b, d.Stats().Pictures, uint64(media.Seconds()*fps*0.9))
			d.Close()
		}
		encode := cpu(b, e.PID())
		stats := e.Stats()
		require.NoError(b, closeWithin(e, 10*time.Second))
		got := <-out
		require.NoError(b, got.err)
		per := func(d time.Duration) float64 { return d.Seconds() / media.Seconds() }
		b.ReportMetric(per(decode), "decode-core")
		b.ReportMetric(per(encode), "encode-core")
		b.ReportMetric(per(own), "go-core")
		b.ReportMetric(per(own+decode+encode), "total-core")
		b.ReportMetric(float64(stats.Repeated), "repeated")
		b.ReportMetric(float64(len(got.data))*8/media.Seconds()/1e6, "Mbit/s")
	}
}
