package egress

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

//go:embed testdata/sender.js
var senderScript string

// publishPage publishes the pattern from a page, without an SDK.
func (s *fixture) publishPage(t *testing.T, b *testbrowser.Browser, id, codec, scalabilityMode string) {
	t.Helper()
	options, err := json.Marshal(map[string]string{
		"server": s.server.URL, "token": s.token, "meetingId": s.meeting, "participantId": id, "codec": codec,
		"scalabilityMode": scalabilityMode,
	})
	require.NoError(t, err)
	b.Page(t, emptyPage(t)).Eval(senderScript+"("+string(options)+")", nil)
}

// emptyPage serves a page without a policy for its content.
func emptyPage(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<!doctype html>")) // a page that is gone needs none
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// publishAiortc publishes the pattern with aiortc.
func publishAiortc(t *testing.T, s *fixture, id, codec string) {
	t.Helper()
	script := testprocess.CommandContext(
		t.Context(),
		"/usr/bin/python3",
		"testdata/sender.py",
		s.server.URL,
		s.token,
		s.meeting,
		id,
		codec,
	)
	stdin, err := script.StdinPipe()
	require.NoError(t, err)
	stdout, err := script.StdoutPipe()
	require.NoError(t, err)
	var output bytes.Buffer
	script.Stderr = &output
	require.NoError(t, script.Start())
	published, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = stdout.Read(make([]byte, 100)) // its only line
		close(published)
		_ = script.Wait() // it ends with its standard input; its output tells how
	}()
	t.Cleanup(func() {
		_ = stdin.Close()
		<-ended
		if t.Failed() {
			t.Logf("aiortc wrote: %s", output.String())
		}
	})
	select {
	case <-published:
	case <-time.After(20 * time.Second):
		require.FailNow(t, "aiortc has not published")
	}
}

// recordedFile is what a worker made, and what it was to make.
type recordedFile struct {
	name   string
	spec   order.Spec
	worker *workerProcess
	file   job.File
}

// kindsOfFiles are the kinds of files that are made of a participant.
func kindsOfFiles(id string) map[string]order.Spec {
	whole := []job.Source{{ParticipantID: id}}
	audio, video := []job.Source{
		{ParticipantID: id, Kind: wire.Audio},
	}, []job.Source{
		{ParticipantID: id, Kind: wire.Video},
	}
	low := job.Config{Quality: job.Low}
	return map[string]order.Spec{
		"participant webm": {Kind: job.Participant, Format: job.WebM, Sources: whole},
		"participant mp4":  {Kind: job.Participant, Format: job.MP4, Sources: whole},
		"participant m3u8": {Kind: job.Participant, Format: job.M3U8, Sources: whole},
		"video track webm": {Kind: job.Track, Format: job.WebM, Sources: video},
		"audio track webm": {Kind: job.Track, Format: job.WebM, Sources: audio},
		"audio track mp3":  {Kind: job.Track, Format: job.MP3, Sources: audio},
		"composed webm":    {Kind: job.Recording, Format: job.WebM, Config: low},
		"composed mp4":     {Kind: job.Recording, Format: job.MP4, Config: low},
	}
}

// record makes files of these kinds, all of them at once, in dir.
func (s *fixture) record(
	t *testing.T,
	dir string,
	kinds map[string]order.Spec,
	d time.Duration,
) (files []recordedFile) {
	t.Helper()
	var workers []*workerProcess
	for name, spec := range kinds {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if spec.File = path + "." + string(spec.Format); spec.Format == job.M3U8 {
			spec.File, spec.HLSDir = "", path
			require.NoError(t, os.Mkdir(path, 0o700))
		}
		workers = append(workers, s.startWorker(t, spec))
		files = append(files, recordedFile{name: name, spec: spec, worker: workers[len(workers)-1]})
	}
	waitRecordedTogether(workers, d)
	var stopping sync.WaitGroup
	for i, w := range workers {
		stopping.Go(func() {
			if made := w.stop(); len(made) == 1 {
				files[i].file = made[0]
			} else {
				t.Errorf("%s: files %+v", files[i].name, made)
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, r := range w.reports {
				if r.Report == order.ReportFault {
					t.Errorf("%s: %s %s", files[i].name, r.Fault.Reason, r.Fault.Detail)
				}
			}
		})
	}
	stopping.Wait()
	require.False(t, t.Failed())
	return files
}

// codecsOf returns the codecs of a file of a sender of that video codec.
func (f recordedFile) codecsOf(sent string) (codecs []string) {
	sound := f.spec.Kind != job.Track || f.spec.Sources[0].Kind == wire.Audio
	if f.video() {
		codec := strings.ToLower(sent)
		switch {
		case f.spec.Kind == job.Recording && f.spec.Format == job.WebM, f.spec.Format == job.WebM && sent == "H264":
			codec = "vp9" // coded anew
		case f.spec.Format != job.WebM:
			codec = "h264"
		}
		codecs = append(codecs, codec)
	}
	if sound {
		codecs = append(codecs, map[job.Format]string{
			job.WebM: "opus", job.MP4: "aac", job.M3U8: "aac", job.MP3: "mp3",
		}[f.spec.Format])
	}
	return codecs
}

func (f recordedFile) video() bool {
	return f.spec.Kind != job.Track || f.spec.Sources[0].Kind == wire.Video
}

func (f recordedFile) composed() bool { return f.spec.Kind == job.Recording }

// requireSize requires the size of a canvas, or that of the sender's pictures. Where they are copied it is one that the
// sender may have begun with: browsers begin with a half or a quarter of their picture's sides on a busy machine.
func (f recordedFile) requireSize(t *testing.T) {
	t.Helper()
	got := [2]int{f.file.Width, f.file.Height}
	if f.composed() {
		require.Equal(t, [2]int{854, 480}, got)
		return
	}
	if f.spec.Format != job.WebM {
		require.Equal(t, [2]int{640, 360}, got)
		return
	}
	require.Contains(t, [][2]int{{640, 360}, {480, 270}, {320, 180}, {160, 90}}, got)
}

// recordingQuality is how well a file shows what its sender did. The sender has a part in all of it: on a busy machine
// it is late too, and its sound breaks off. What the recorder adds is by how much one file is worse than the best of
// the same sender.
type recordingQuality struct {
	frames   []patternFrame
	dropouts float64 // part of the sound that is not there
	jitter   float64 // s, by which nine of ten pictures are off their time at most
	sync     float64 // s, of the picture with its sound
	synced   bool    // sync is known
}

// What a recorder may add. Files with sound are compared: their pictures move to their sound, as the reports of the
// sender say.
const (
	addedDropouts = 0.06
	addedJitter   = 0.15
	addedSync     = 0.08
)

// requireRecorded judges a file of a sender of the pattern of that video codec by itself, and measures it.
func (f recordedFile) requireRecorded(t *testing.T, codec string) (q recordingQuality) {
	t.Helper()
	p := mediaprobe.Probe(t, f.file.Path)
	require.ElementsMatch(t, f.codecsOf(codec), p.Codecs())
	seconds := float64(f.file.DurationMs) / 1000
	require.InDelta(t, seconds, p.Seconds(t), 0.3, "the file is as long as it is said to be")
	f.worker.requireLength(seconds, 2*time.Second)
	requireDecodes(t, f.file.Path)
	begin := 0.0
	if f.video() {
		f.requireSize(t)
		q.frames = patternFrames(t, f.file.Path, 640, 360)
		q.jitter = requirePattern(t, q.frames, seconds)
		begin = q.frames[0].at
	}
	if f.spec.Kind == job.Track && f.video() {
		return q
	}
	pcm := mediaprobe.Sound(t, f.file.Path)
	require.InDelta(t, seconds, float64(len(pcm))/48000, 1)
	missing, count := missingTone(pcm, toneHz)
	if len(missing) > 0 {
		t.Logf("no tone at %v s", missing)
	}
	q.dropouts = float64(len(missing)) / float64(count)
	if f.video() {
		q.sync = patternSync(t, q.frames, pcm, begin+3)
		q.synced = true
	}
	return q
}

// requireDecodes requires that ffmpeg decodes a whole file and complains of nothing.
func requireDecodes(t *testing.T, path string) {
	t.Helper()
	complaints := mediaprobe.Command(
		t,
		"sh",
		"-c",
		`ffmpeg -v error -i "$0" -fps_mode passthrough -enc_time_base 1:1000 -f null - 2>&1`,
		path,
	)
	require.Empty(t, string(complaints))
}

// requireRecordedAll judges all files of a sender, and returns the pictures of each.
func requireRecordedAll(t *testing.T, files []recordedFile, codec string) map[string][]patternFrame {
	t.Helper()
	frames, qualities := map[string][]patternFrame{}, map[string]recordingQuality{}
	var mu sync.Mutex // guards both
	if !t.Run("files", func(t *testing.T) {
		for _, f := range files {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				q := f.requireRecorded(t, codec)
				mu.Lock()
				defer mu.Unlock()
				frames[f.file.Path], qualities[f.name] = q.frames, q
			})
		}
	}) {
		return nil
	}
	best := recordingQuality{dropouts: 1, jitter: math.Inf(1), sync: math.Inf(1)}
	for name, q := range qualities {
		t.Logf("%-16s lacks %.2f of its sound, jitter %.3f s, sync %.3f s", name, q.dropouts, q.jitter, q.sync)
		if len(q.frames) == 0 || q.synced {
			best.dropouts = min(best.dropouts, q.dropouts)
		}
		if q.synced {
			best.jitter, best.sync = min(best.jitter, q.jitter), min(best.sync, math.Abs(q.sync))
		}
	}
	for name, q := range qualities {
		// A sender that a busy machine keeps from sending loses some in each file, and not the same: they begin one by one.
		require.LessOrEqual(t, q.dropouts, 1.5*best.dropouts+addedDropouts, "%s: sound that is lost", name)
		if len(q.frames) > 0 {
			require.LessOrEqual(t, q.jitter, best.jitter+addedJitter, "%s: pictures out of their time", name)
		}
		if q.synced {
			require.LessOrEqual(t, math.Abs(q.sync), best.sync+addedSync, "%s: picture and sound", name)
		}
	}
	require.Less(t, best.dropouts, 0.5)
	require.Less(t, best.jitter, 0.5)
	require.Less(t, best.sync, 0.4)
	return frames
}

// foreignSender is a client that is not ours.
type foreignSender struct {
	codec   string
	publish func(t *testing.T, s *fixture, id, codec string)
}

var foreignSenders = map[string]foreignSender{
	"Chromium": {codec: "VP8", publish: func(t *testing.T, s *fixture, id, codec string) {
		s.publishPage(t, testbrowser.Open(t), id, codec, "")
	}},
	// Its sound is that of a file, whose position it tells late, and which it does not always keep playing on a busy
	// machine.
	"Firefox": {codec: "VP8", publish: func(t *testing.T, s *fixture, id, codec string) {
		requireAddress(t)
		s.publishPage(t, testbrowser.OpenFirefox(t), id, codec, "")
	}},
	"aiortc": {codec: "VP8", publish: publishAiortc},
}

// Every kind of file of senders that are not ours, all of one sender made of one meeting.
func TestRecordingsOfForeignSenders(t *testing.T) {
	for name, c := range foreignSenders {
		t.Run(name, func(t *testing.T) {
			if name == "Firefox" {
				wholeMatrixOnly(t)
			}
			var files []recordedFile
			dir := t.TempDir()
			if !t.Run("recording", func(t *testing.T) {
				s := openMeeting(
					t,
					testserver.Start(t, func(c *conf.Config) { c.Media.UDPAddress, c.Media.TCPAddress = ":0", ":0" }),
				)
				c.publish(t, s, "ann", c.codec)
				files = s.record(t, dir, kindsOfFiles("ann"), 6*time.Second)
			}) {
				return
			}
			frames := requireRecordedAll(t, files, c.codec)
			t.Run("seeking", func(t *testing.T) { requireChromiumSeeks(t, dir, frames) })
		})
	}
}

// wholeMatrixOnly skips a test that takes long and is like another in most.
func wholeMatrixOnly(t *testing.T) {
	t.Helper()
	if os.Getenv("WHOLE_MATRIX") == "" {
		t.Skip("only make recordings records this sender")
	}
}

// requireAddress skips a test that needs an address besides loopback: Firefox uses no loopback address for WebRTC.
func requireAddress(t *testing.T) {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	require.NoError(t, err)
	if !slices.ContainsFunc(addresses, func(a net.Addr) bool {
		ip, ok := a.(*net.IPNet)
		return ok && ip.IP.To4() != nil && !ip.IP.IsLoopback()
	}) {
		t.Skip("the machine has no IPv4 address besides loopback")
	}
}

// Of a sender with several spatial layers the top one is recorded, in every picture of every file.
func TestRecordingsOfChromiumLayers(t *testing.T) {
	for codec, names := range map[string][]string{
		"VP9": {"participant webm", "participant mp4", "composed mp4"}, "AV1": {"participant webm"},
	} {
		t.Run(codec, func(t *testing.T) {
			if codec == "AV1" {
				wholeMatrixOnly(t)
			}
			var files []recordedFile
			dir := t.TempDir()
			if !t.Run("recording", func(t *testing.T) {
				s := open(t)
				s.publishPage(t, testbrowser.Open(t), "ann", codec, "L3T3_KEY")
				kinds := kindsOfFiles("ann")
				maps.DeleteFunc(kinds, func(name string, _ order.Spec) bool { return !slices.Contains(names, name) })
				files = s.record(t, dir, kinds, 6*time.Second)
			}) {
				return
			}
			frames := requireRecordedAll(t, files, codec)
			for _, f := range files {
				if !f.composed() {
					require.Equal(t, [2]int{640, 360}, [2]int{f.file.Width, f.file.Height}, f.name)
					require.Equal(t, []string{"640,360"}, frameSizes(t, f.file.Path), "the size of each picture")
				}
			}
			requireChromiumSeeks(t, dir, frames)
		})
	}
}

const hlsScript = "../../web/node_modules/hls.js/dist/hls.light.min.js"

const seekPage = `<!doctype html><video muted></video><script src="/hls.js"></script><script>
const video = document.querySelector("video");
let hls;
const once = (event) => new Promise((done, failed) => {
  video.addEventListener(event, done, { once: true });
  video.addEventListener("error", () => failed(new Error(video.error.message)), { once: true });
});
// seek opens a file, jumps to these times, and returns the brightness of the points at each.
async function seek(url, times, points) {
  hls?.destroy();
  hls = undefined;
  const known = once("loadeddata");
  if (url.endsWith(".m3u8")) {
    hls = new Hls({ maxBufferLength: 60 });
    hls.loadSource(url);
    hls.attachMedia(video);
  } else {
    video.src = url;
  }
  await known;
  if (hls) {
    // all of it, for hls.js leaps to what it has when that begins within two seconds after the time to which it seeks
    const ranges = () => Array.from({ length: video.buffered.length }, (_, i) => [video.buffered.start(i), video.buffered.end(i)]);
    for (let tries = 0; !(ranges().at(-1)?.[1] > video.duration - 0.2); tries++) {
      if (tries === 200) throw new Error("the player does not load all of " + video.duration + " s: " + ranges().join("; "));
      await new Promise((done) => setTimeout(done, 100));
    }
    if (ranges().length > 1) throw new Error("there are holes: " + ranges().join("; "));
  }
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight), seen = [];
  const draw = canvas.getContext("2d", { willReadFrequently: true });
  for (const at of times) {
    const there = once("seeked"), shown = new Promise((done) => video.requestVideoFrameCallback(done));
    video.currentTime = at;
    await there;
    await Promise.race([shown, new Promise((done) => setTimeout(done, 2000))]); // the picture may be the same one
    draw.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { width, height } = canvas, data = draw.getImageData(0, 0, width, height).data;
    seen.push(points.map(([x, y]) => data[4 * (Math.round(y * height) * width + Math.round(x * width)) + 1]));
  }
  return seen;
}
</script>`

// requireChromiumSeeks requires that Chromium, told to jump to a time of a file, shows a picture of that time.
func requireChromiumSeeks(t *testing.T, dir string, files map[string][]patternFrame) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			_, _ = w.Write([]byte(seekPage)) // a page that is gone needs none
		case "/hls.js":
			http.ServeFile(w, r, hlsScript)
		default:
			http.FileServer(http.Dir(dir)).ServeHTTP(w, r)
		}
	}))
	defer server.Close()
	page := testbrowser.Open(t).Page(t, server.URL)
	var points [][2]float64
	for row := range 2 {
		for bit := range patternBits {
			points = append(points, [2]float64{(float64(bit) + 0.5) / patternBits, (float64(row) + 0.5) / 6})
		}
	}
	for path, frames := range files {
		if len(frames) == 0 {
			continue // of sound only
		}
		begin, end := frames[0].at, frames[len(frames)-1].at
		var times []float64
		for at := end - 0.5; at > begin+0.2; at -= 1.3 {
			times = append(times, at, begin+end-at) // back and forth, as people do
		}
		script, err := json.Marshal([]any{times, points})
		require.NoError(t, err)
		name, err := filepath.Rel(dir, path)
		require.NoError(t, err)
		var seen [][]int
		page.Eval(fmt.Sprintf("seek(%q, ...%s)", "/"+name, script), &seen)
		for i, at := range times {
			stamp := 0
			for bit := range patternBits {
				own, complement := seen[i][bit], seen[i][patternBits+bit]
				require.Greater(
					t,
					max(own, complement)-min(own, complement),
					100,
					"%s at %.3f s, bit %d: %v",
					name,
					at,
					bit,
					seen[i],
				)
				if own > complement {
					stamp |= 1 << bit
				}
			}
			require.Contains(t, stampsNear(frames, at, 0.1), stamp, "%s at %.3f s", name, at)
		}
	}
}

// stampsNear returns the stamps of the pictures that are shown at most that far from a time.
func stampsNear(frames []patternFrame, at, near float64) (stamps []int) {
	for i, f := range frames {
		until := at + 1
		if i+1 < len(frames) {
			until = frames[i+1].at
		}
		if f.at <= at+near && until >= at-near {
			stamps = append(stamps, f.stamp)
		}
	}
	return stamps
}
