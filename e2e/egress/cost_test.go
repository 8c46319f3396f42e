package egress

import (
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/sdk"
)

// clipSource is real coded video, again and again: it moves all over, as no test card does.
type clipSource struct {
	codecName string
	frames    [][]byte
}

func (f clipSource) Name() string { return "clip" }

func (f clipSource) Open(sdk.Kind) (sdk.Reader, error) {
	return &clipReader{codec: f.codecName, frames: f.frames}, nil
}

type clipReader struct {
	codec  string
	frames [][]byte
	n      int
	closed atomic.Bool
}

func (r *clipReader) Codec() string { return r.codec }
func (r *clipReader) KeyFrame()     {} // one comes every two seconds

func (r *clipReader) Close() error {
	r.closed.Store(true)
	return nil
}

func (r *clipReader) Read() (sdk.Frame, error) {
	if r.closed.Load() {
		return sdk.Frame{}, io.EOF
	}
	frame := r.frames[r.n%len(r.frames)]
	r.n++
	return sdk.Frame{Data: frame, Duration: time.Second / 30}, nil
}

// cpuSeconds is the CPU time of a process so far, in seconds, with that of its children.
func cpuSeconds(t *testing.T, pid int, names map[string]float64) (seconds float64) {
	t.Helper()
	const ticks = 100 // USER_HZ of every Linux that Go runs on
	of := func(pid int) float64 {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		require.NoError(t, err)
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		user, err := strconv.ParseFloat(fields[11], 64)
		require.NoError(t, err)
		system, err := strconv.ParseFloat(fields[12], 64)
		require.NoError(t, err)
		return (user + system) / ticks
	}
	seconds = of(pid)
	names["worker"] += seconds
	for _, c := range children(t, pid) {
		name := "decoders"
		if strings.Contains(c.command, "libx264") || strings.Contains(c.command, "libvpx-vp9") {
			name = "encoder"
		}
		cost := of(c.pid)
		names[name] += cost
		seconds += cost
	}
	return seconds
}

// cpuCost is the CPU time a job takes for each second.
func (e *workerProcess) cpuCost(d time.Duration) float64 {
	e.t.Helper()
	before, after := map[string]float64{}, map[string]float64{}
	began, at := time.Now(), cpuSeconds(e.t, e.cmd.Process.Pid, before)
	<-time.After(d)
	used, took := cpuSeconds(e.t, e.cmd.Process.Pid, after)-at, time.Since(began).Seconds()
	for name := range after {
		e.t.Logf("%-8s %.2f", name, (after[name]-before[name])/took)
	}
	return used / took
}

// skipUnlessMeasuring skips what wants the machine for itself, unless it is asked for.
func skipUnlessMeasuring(t *testing.T) {
	t.Helper()
	if os.Getenv("MEASURE_COST") == "" {
		t.Skip("measures for a quarter of a minute or more: set MEASURE_COST=1")
	}
}

func TestCost(t *testing.T) {
	skipUnlessMeasuring(t)
	s := openWithClips(t, 640, 360)
	solo := s.startWorker(
		t,
		order.Spec{Kind: job.Participant, File: file(t, "solo.webm"), Sources: []job.Source{{ParticipantID: "ann"}}},
	)
	solo.waitRecorded(3 * time.Second)
	cost := solo.cpuCost(10 * time.Second)
	t.Logf("a participant recording takes %.3f CPU seconds per second", cost)
	require.Less(t, cost, 0.25)
	solo.stop()
	for _, format := range []job.Format{job.MP4, job.WebM} {
		require.Less(t, s.recordingCost(t, "cameras of 640x360", format), 0.9)
	}
}

// What browsers send by themselves is larger than its tile.
func TestCostOfLargeCameras(t *testing.T) {
	skipUnlessMeasuring(t)
	require.Less(t, openWithClips(t, 1280, 720).recordingCost(t, "cameras of 1280x720", job.MP4), 0.9)
}

// openWithClips returns a meeting of four whose cameras have that size.
func openWithClips(t *testing.T, width, height int) *fixture {
	t.Helper()
	s := open(t)
	clip := mediatest.Encode(
		t,
		mediatest.Clip{Codec: "VP8", Width: width, Height: height, FPS: 30, Frames: 300, GOP: 60, Noise: 10},
	)
	for i, name := range four {
		frames := append(append([][]byte{}, clip[60*i:]...), clip[:60*i]...) // each somewhere else
		s.join(t, name, clipSource{"VP8", frames}, sdk.TestTone(name))
	}
	return s
}

func (s *fixture) recordingCost(t *testing.T, what string, format job.Format) float64 {
	t.Helper()
	all := s.startWorker(t, order.Spec{Kind: job.Recording, Format: format, File: file(t, "four."+string(format))})
	all.waitRecorded(3 * time.Second)
	cost := all.cpuCost(10 * time.Second)
	t.Logf("a recording of four %s at 1280x720 as %s takes %.2f CPU seconds per second", what, format, cost)
	all.stop()
	return cost
}
