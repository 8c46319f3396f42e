package egress

import (
	"image"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/picture"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

// Places of a canvas of 854x480, well inside the tiles that the layouts make of it.
var (
	canvas   = image.Rect(0, 0, 854, 480)
	mainArea = image.Rect(0, 48, 680, 432) // beside a column of tiles
)

// tile of a column of n at the right.
func sideTile(i, n int) image.Rectangle {
	top := 240 - 48*n + 96*i
	return image.Rect(688, top, 850, top+91)
}

// tile of a grid of four.
func gridTile(i int) image.Rectangle {
	return image.Rect(427*(i%2), 240*(i/2), 427*(i%2)+427, 240*(i/2)+240)
}

// scene is what a file must show at some time after the scene before it.
type scene map[string]image.Rectangle

// requireScenes looks at two pictures of each second.
func requireScenes(t *testing.T, path string, scenes ...scene) {
	t.Helper()
	raw := mediaprobe.Command(
		t,
		"ffmpeg",
		"-v",
		"error",
		"-i",
		path,
		"-vf",
		"fps=2",
		"-pix_fmt",
		"yuv420p",
		"-f",
		"rawvideo",
		"pipe:1",
	)
	size := picture.Size(canvas.Dx(), canvas.Dy())
	next := 0
	for at := 0; at+size <= len(raw) && next < len(scenes); at += size {
		p := picture.Wrap(canvas.Dx(), canvas.Dy(), raw[at:])
		all := true
		for name, tile := range scenes[next] {
			all = all && mediaprobe.Shows(t, p, tile, name)
		}
		if all {
			next++
			at -= size // the next scene may be there too, where only less is asked for
		}
	}
	require.Equal(t, len(scenes), next, "%s does not come to scene %d: %v", path, next, scenes[min(next, len(scenes)-1)])
}

// One meeting, two recordings and one HLS stream of it, each in a layout of its own, while people come, pin, share and
// go.
func TestLayouts(t *testing.T) {
	s := open(t)
	bots := map[string]*sdk.Meeting{}
	for _, name := range four[:3] {
		bots[name] = s.join(t, name, card(name), nil)
	}
	dir := t.TempDir()
	begin := func(layout job.LayoutType) (*workerProcess, string) {
		path := file(t, string(layout)+".mp4")
		spec := order.Spec{Kind: job.Recording, File: path}
		if layout == job.Spotlight {
			spec.Kind, spec.HLSDir = job.HLS, dir
		}
		spec.Config = job.Config{Quality: job.Low, Layout: job.Layout{Type: layout}}
		w := s.startWorker(t, spec)
		w.waitStarted()
		return w, path
	}
	grid, gridFile := begin(job.Grid)
	sidebar, sidebarFile := begin(job.Sidebar)
	spotlight, spotlightFile := begin(job.Spotlight)

	spotlight.waitRecorded(2 * time.Second)
	joe := s.join(t, "joe", card("joe"), nil)
	require.NoError(t, bots["ann"].Participant("bob").Pin(t.Context(), sdk.PinState{Cam: true}))
	spotlight.waitRecorded(5 * time.Second)
	require.NoError(
		t,
		bots["cid"].EnableScreenShare(
			t.Context(),
			sdk.TestCard(sdk.CardOptions{Name: "screen", Width: 1280, Height: 720, Layers: 1}),
			nil,
		),
	)
	spotlight.waitRecorded(8 * time.Second)
	require.NoError(t, bots["cid"].DisableScreenShare(t.Context()))
	require.NoError(t, joe.Leave(t.Context()))
	spotlight.waitRecorded(11 * time.Second)

	require.Len(t, grid.stop(), 1)
	require.Len(t, sidebar.stop(), 1)
	made := spotlight.stop()
	require.Len(t, made, 2, "the playlist, and the recording beside it")
	require.Equal(t, filepath.Join(dir, hls.FullPlaylist), made[0].Path)
	require.InDelta(t, mediaprobe.Probe(t, made[0].Path).Seconds(t), float64(made[0].DurationMs)/1000, 0.1)

	middle := image.Rect(214, 240, 641, 480) // the third of three
	requireScenes(t, gridFile,
		scene{"ann": gridTile(0), "bob": gridTile(1), "cid": middle},
		scene{"bob": gridTile(0), "ann": gridTile(1), "cid": gridTile(2), "joe": gridTile(3)}, // pinned first
		scene{"screen": mainArea, "bob": sideTile(0, 4), "ann": sideTile(1, 4), "cid": sideTile(2, 4), "joe": sideTile(3, 4)},
		scene{"bob": gridTile(0), "ann": gridTile(1), "cid": middle})
	requireScenes(t, sidebarFile,
		scene{"ann": mainArea, "bob": sideTile(0, 2), "cid": sideTile(1, 2)},
		scene{"bob": canvas},
		scene{"screen": mainArea, "bob": sideTile(0, 1)},
		scene{"bob": canvas})
	for _, path := range []string{spotlightFile, made[0].Path} {
		requireScenes(t, path, scene{"ann": canvas}, scene{"bob": canvas}, scene{"screen": canvas}, scene{"bob": canvas})
	}
}

const (
	flashInterval = 600 * time.Millisecond
	flashLength   = 100 * time.Millisecond
)

// flashAndBeep flashes and beeps at once, every 600 ms: white and a tone for 100 ms, else black and silence. Each
// packet goes out in its moment, so picture and sound leave together.
func flashAndBeep(t *testing.T) (picture, sound sdk.Source) {
	t.Helper()
	frames, voice := make(chan *rtp.Packet), make(chan *rtp.Packet)
	still := func(color string) []byte {
		return mediaprobe.Command(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=c="+color+":size=320x180:rate=1",
			"-frames:v", "1",
			"-pix_fmt", "yuv420p", "-c:v", "libvpx", "-auto-alt-ref", "0", "-f", "ivf", "pipe:1")[44:]
	}
	white, black := still("white"), still("black")
	tone, _ := testcard.Tone("ann")
	began := time.Now()
	each := func(period time.Duration, to chan<- *rtp.Packet, send func(n int, loud bool) []*rtp.Packet) {
		defer close(to)
		for n := 0; ; n++ {
			at := time.Duration(n) * period
			select {
			case <-t.Context().Done():
				return
			case <-time.After(time.Until(began.Add(at))):
			}
			for _, packet := range send(n, at%flashInterval < flashLength) {
				select {
				case to <- packet:
				case <-time.After(time.Second): // nobody has opened the source yet
				case <-t.Context().Done():
					return
				}
			}
		}
	}
	payloader, sequence := &codecs.VP8Payloader{EnablePictureID: true}, uint16(0)
	go each(time.Second/30, frames, func(n int, loud bool) (packets []*rtp.Packet) {
		still := black
		if loud {
			still = white
		}
		parts := payloader.Payload(1100, still)
		for i, payload := range parts {
			sequence++
			packets = append(packets, &rtp.Packet{Payload: payload, Header: rtp.Header{
				Version: 2, SequenceNumber: sequence, Timestamp: uint32(n) * 3000, Marker: i == len(parts)-1}}) // wraps
		}
		return packets
	})
	go each(20*time.Millisecond, voice, func(n int, loud bool) []*rtp.Packet {
		payload := []byte{0xf8, 0xff, 0xfe} // silence
		if loud {
			payload = tone[n%len(tone)]
		}
		// wraps
		return []*rtp.Packet{
			{Payload: payload, Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: uint32(n) * 960}},
		}
	})
	return sdk.PacketSource("VP8", frames), sdk.PacketSource("opus", voice)
}

func TestPictureAndSoundAreTogether(t *testing.T) {
	s := open(t)
	picture, voice := flashAndBeep(t)
	s.join(t, "ann", picture, voice)
	path := file(t, "claps.mp4")
	w := s.startWorker(t, order.Spec{Kind: job.Recording, File: path})
	w.waitRecorded(7 * time.Second)
	require.Len(t, w.stop(), 1)

	raw := mediaprobe.Command(
		t,
		"ffmpeg",
		"-v",
		"error",
		"-i",
		path,
		"-vf",
		"fps=30,scale=1:1,format=gray",
		"-f",
		"rawvideo",
		"pipe:1",
	)
	light := make([]float64, len(raw))
	for i, v := range raw {
		light[i] = float64(v)
	}
	const window = 240 // 5 ms
	pcm := mediaprobe.Sound(t, path)
	level := make([]float64, len(pcm)/window)
	for i := range level {
		for _, v := range pcm[i*window : (i+1)*window] {
			level[i] = math.Max(level[i], math.Abs(v))
		}
	}
	flashes, beeps := onsets(light, 30), onsets(level, 48000/window)
	require.Greater(t, len(flashes), 5)
	require.InDelta(t, len(flashes), len(beeps), 2)
	var offs []float64
	for _, flash := range flashes {
		if flash < beeps[0]-0.2 || flash > beeps[len(beeps)-1]+0.2 {
			continue // its beep lies outside of the file
		}
		off := math.Inf(1)
		for _, beep := range beeps {
			if d := beep - flash; math.Abs(d) < math.Abs(off) {
				off = d
			}
		}
		offs = append(offs, off)
	}
	slices.Sort(offs)
	median, first, last := offs[len(offs)/2], offs[0], offs[len(offs)-1]
	t.Logf("the sound is %.0f ms after the picture (median; %.0f to %.0f)", 1000*median, 1000*first, 1000*last)
	require.InDelta(t, 0, median, 0.050)
	late := 0 // a busy machine sends some of it late
	for _, off := range offs {
		if math.Abs(off) > 0.080 {
			late++
		}
	}
	require.LessOrEqual(t, late, len(offs)/5, "%v", offs)
}

// onsets finds when a signal rises over half, in seconds.
func onsets(level []float64, rate float64) (at []float64) {
	top := 0.0
	for _, v := range level {
		top = math.Max(top, v)
	}
	up := true // one that has begun before does not count
	for i, v := range level {
		if v > top/2 && !up {
			at = append(at, float64(i)/rate)
		}
		up = v > top/2
	}
	return at
}
