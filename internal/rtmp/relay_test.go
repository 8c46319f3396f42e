package rtmp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/fmp4/fmp4test"
	"github.com/klatch/klatch/internal/rtmp"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
)

// changeRecorder keeps what a relay tells.
type changeRecorder struct {
	mu      sync.Mutex
	changes []rtmp.Change
}

func (r *changeRecorder) add(c rtmp.Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes = append(r.changes, c)
}

func (r *changeRecorder) states() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, c := range r.changes {
		out = append(out, c.State.String())
	}
	return out
}

func (r *changeRecorder) last() rtmp.Change {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.changes) == 0 {
		return rtmp.Change{}
	}
	return r.changes[len(r.changes)-1]
}

func (r *changeRecorder) await(t *testing.T, state rtmp.State) rtmp.Change {
	t.Helper()
	require.Eventually(
		t,
		func() bool { return r.last().State == state },
		8*time.Second,
		5*time.Millisecond,
		"want %s, got %v",
		state,
		r.states(),
	)
	return r.last()
}

// quick are options under which a test need not wait.
func quick(r *changeRecorder) rtmp.RelayOptions {
	return rtmp.RelayOptions{
		Dial:     local,
		MinWait:  20 * time.Millisecond,
		MaxWait:  100 * time.Millisecond,
		GiveUp:   5 * time.Second,
		OnChange: r.add,
	}
}

func closeNow(t *testing.T, r *rtmp.Relay) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	r.Close(ctx)
	require.NoError(t, ctx.Err(), "Close took too long")
}

type probed struct {
	Streams []struct {
		CodecName  string `json:"codec_name"`
		Profile    string
		Width      int
		Height     int
		SampleRate string `json:"sample_rate"`
		Channels   int
	}
	Packets []struct {
		CodecType string `json:"codec_type"`
		PTS       string `json:"pts_time"`
		DTS       string `json:"dts_time"`
		Size      string
		Flags     string
	}
}

// ffprobe reads a file or, for some packets, a running stream.
func ffprobe(t *testing.T, args ...string) probed {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "ffprobe", append([]string{
		"-v", "error", "-show_streams", "-show_packets", "-of", "json",
	}, args...)...).
		Output()
	require.NoError(t, err)
	var answer probed
	require.NoError(t, json.Unmarshal(out, &answer))
	return answer
}

func requireStreams(t *testing.T, got probed) {
	t.Helper()
	require.Len(t, got.Streams, 2)
	for _, s := range got.Streams {
		switch s.CodecName {
		case "h264":
			require.Equal(t, [2]int{320, 180}, [2]int{s.Width, s.Height})
		case "aac":
			require.Equal(t, "48000 2", fmt.Sprint(s.SampleRate, " ", s.Channels))
		default:
			t.Fatalf("codec %q", s.CodecName)
		}
	}
}

// sink is ffmpeg as an RTMP server that records to a file.
func sink(t *testing.T) (url, file string, process *testprocess.Process) {
	t.Helper()
	port := strconv.Itoa(testnet.FreePort(t))
	file = filepath.Join(t.TempDir(), "sink.flv")
	url = "rtmp://127.0.0.1:" + port + "/live"
	command := testprocess.Command(
		"ffmpeg",
		"-v",
		"error",
		"-listen",
		"1",
		"-timeout",
		"20",
		"-i",
		url+"/x",
		"-c",
		"copy",
		"-copyts",
		file,
	)
	return url, file, testprocess.Start(t, command)
}

func TestEverySampleArrivesAtFFmpeg(t *testing.T) {
	t.Parallel()
	init, fragments := fmp4test.Split(
		t,
		fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: 5, Encoder: []string{"-bf", "2"}}),
	)
	url, file, process := sink(t)
	told := &changeRecorder{}
	options := quick(told)
	options.FirstAttempts = 100 // until ffmpeg listens
	relay := rtmp.NewRelay(init, target(t, url), options)
	told.await(t, rtmp.Live)
	for _, f := range fragments {
		relay.Write(f)
	}
	closeNow(t, relay)
	require.Equal(t, rtmp.Done, told.last().State)
	require.NoError(t, told.last().Err)
	<-process.Ended()
	require.NoError(t, process.Err())

	got := ffprobe(t, file)
	requireStreams(t, got)
	for _, video := range []bool{true, false} {
		var want []fmp4.Sample
		for _, f := range fragments {
			samples, err := f.Samples()
			require.NoError(t, err)
			want = append(want, slices.DeleteFunc(samples, func(s fmp4.Sample) bool { return s.Video != video })...)
		}
		i := 0
		for _, p := range got.Packets {
			if (p.CodecType == "video") != video {
				continue
			}
			require.Less(t, i, len(want))
			require.Equal(t, strconv.Itoa(len(want[i].Data)), p.Size)
			for what, pair := range map[string][2]string{
				"dts": {p.DTS, fmt.Sprint(want[i].DTS.Seconds())}, "pts": {p.PTS, fmt.Sprint(want[i].PTS.Seconds())},
			} {
				at, err := strconv.ParseFloat(pair[0], 64)
				require.NoError(t, err)
				is, err := strconv.ParseFloat(pair[1], 64)
				require.NoError(t, err)
				require.InDelta(t, is, at, 0.002, what)
			}
			require.Equal(t, want[i].Key, p.Flags[0] == 'K')
			i++
		}
		require.Equal(t, len(want), i, "video %v", video)
	}
}

// play writes fragments in real time, over and over, until the test stops it.
func play(t *testing.T, fragments []*fmp4.Fragment, relays ...*rtmp.Relay) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		ticker := time.NewTicker(fragments[0].Duration)
		defer ticker.Stop()
		for i := 0; i < len(fragments); i++ {
			for _, r := range relays {
				r.Write(fragments[i])
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	})
	stop = func() { cancel(); done.Wait() }
	t.Cleanup(stop)
	return stop
}

func TestReadBackFromNginxBesideDeadTargets(t *testing.T) {
	t.Parallel()
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	init, fragments := fmp4test.Split(
		t,
		fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: 30, Size: "320x180"}),
	)
	told, refused, silent := &changeRecorder{}, &changeRecorder{}, &changeRecorder{}
	good := rtmp.NewRelay(init, target(t, server.url("live")), quick(told))
	dead := rtmp.NewRelay(init, target(t, "rtmp://127.0.0.1:"+strconv.Itoa(testnet.FreePort(t))+"/live"), quick(refused))
	quiet := rtmp.NewRelay(init, target(t, "rtmp://"+listen(t, readAndSayNothing)+"/live"), quick(silent))
	stop := play(t, fragments, dead, quiet, good)
	told.await(t, rtmp.Live)
	got := ffprobe(t, "-read_intervals", "%+#120", server.url("live")+"/"+key)
	requireStreams(t, got)
	require.GreaterOrEqual(t, len(got.Packets), 120)
	stop()
	closeNow(t, good)
	require.Equal(t, []string{"live", "done"}, told.states())
	require.Zero(t, good.Dropped())

	change := refused.await(t, rtmp.Lost)
	requireCause(t, change.Err, rtmp.Refused)
	require.False(t, change.WasLive)
	closeNow(t, dead)
	closeNow(t, quiet) // in its handshake
	require.Equal(t, []string{"done"}, silent.states())
	require.NoError(t, silent.last().Err, "stopped, not failed")
}

func TestRelayComesBack(t *testing.T) {
	t.Parallel()
	port := strconv.Itoa(testnet.FreePort(t))
	server := startNginx(t, port, "")
	init, fragments := fmp4test.Split(t, fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: 30}))
	told := &changeRecorder{}
	relay := rtmp.NewRelay(init, target(t, server.url("live")), quick(told))
	stop := play(t, fragments, relay)
	told.await(t, rtmp.Live)
	server.Kill()
	change := told.await(t, rtmp.Retrying)
	failure, ok := errors.AsType[*rtmp.Error](change.Err)
	require.True(t, ok, "%v", change.Err)
	require.Contains(t, []string{"LOST", "REFUSED"}, failure.Cause.String())
	require.Positive(t, change.Wait)
	again := startNginx(t, port, "")
	told.await(t, rtmp.Live)
	got := ffprobe(t, "-read_intervals", "%+#60", again.url("live")+"/"+key)
	requireStreams(t, got)
	for _, p := range got.Packets {
		if p.CodecType == "video" {
			require.Equal(t, byte('K'), p.Flags[0], "starts at a key frame")
			break
		}
	}
	stop()
	closeNow(t, relay)
	for _, c := range told.changes {
		if c.Err != nil {
			requireNoSecret(t, c.Err)
		}
	}
}

func TestRelayGivesUp(t *testing.T) {
	t.Parallel()
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	init, fragments := fmp4test.Split(t, fmp4test.Encode(t, fmp4test.Options{Audio: true, Seconds: 1}))
	told := &changeRecorder{}
	options := quick(told)
	options.GiveUp = 300 * time.Millisecond
	relay := rtmp.NewRelay(init, target(t, server.url("live")), options)
	told.await(t, rtmp.Live)
	server.Kill()
	change := told.await(t, rtmp.Lost)
	require.True(t, change.WasLive)
	require.Greater(t, change.Attempt, 1)
	requireCause(t, change.Err, rtmp.Refused)
	first := told.changes[1]
	require.Equal(t, rtmp.Retrying, first.State)
	requireCause(t, first.Err, rtmp.ConnectionLost)
	relay.Write(fragments[0]) // goes nowhere and harms nobody
	closeNow(t, relay)
	require.Equal(t, rtmp.Lost, told.last().State, "Close after the end says nothing more")
}

func TestSlowServerLosesItsOwnMedia(t *testing.T) {
	t.Parallel()
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	init, fragments := fmp4test.Split(
		t,
		fmp4test.Encode(
			t,
			fmp4test.Options{Video: true, Audio: true, Seconds: 4, Size: "1280x720", Encoder: []string{"-qp", "1"}},
		),
	)
	told := &changeRecorder{}
	options := quick(told)
	options.Dial.WriteTimeout = 700 * time.Millisecond
	options.MaxQueued = 2 * time.Second
	relay := rtmp.NewRelay(init, target(t, server.url("live")), options)
	told.await(t, rtmp.Live)
	require.NoError(t, server.Process.Signal(syscall.SIGSTOP))
	began := time.Now()
	for range 20 {
		for _, f := range fragments {
			relay.Write(f)
		}
	}
	require.Less(t, time.Since(began), 200*time.Millisecond, "Write never waits")
	require.Eventually(t, func() bool {
		for _, f := range fragments {
			relay.Write(f)
		}
		return told.last().State == rtmp.Retrying
	}, 8*time.Second, 20*time.Millisecond)
	require.Positive(t, relay.Dropped())
	requireCause(t, told.changes[1].Err, rtmp.WriteStalled)
	closeNow(t, relay)
}

func TestCloseIsCutShortByItsContext(t *testing.T) {
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	init, fragments := fmp4test.Split(
		t,
		fmp4test.Encode(t, fmp4test.Options{Video: true, Seconds: 2, Size: "1280x720", Encoder: []string{"-qp", "1"}}),
	)
	told := &changeRecorder{}
	options := quick(told)
	options.MaxQueued = time.Hour
	relay := rtmp.NewRelay(init, target(t, server.url("live")), options)
	told.await(t, rtmp.Live)
	require.NoError(t, server.Process.Signal(syscall.SIGSTOP))
	for range 4 {
		for _, f := range fragments {
			relay.Write(f)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	relay.Close(ctx)
	require.Less(t, time.Since(began), 2*time.Second)
	require.Equal(t, rtmp.Done, told.last().State)
}

// A panic while media is sent ends the connection of that output, which is tried again and given up.
func TestPanicEndsOneOutput(t *testing.T) {
	server := startNginx(t, strconv.Itoa(testnet.FreePort(t)), "")
	_, fragments := fmp4test.Split(t, fmp4test.Encode(t, fmp4test.Options{Video: true, Seconds: 1}))
	told := &changeRecorder{}
	options := quick(told)
	options.GiveUp = 200 * time.Millisecond
	relay := rtmp.NewRelay(nil, target(t, server.url("live")), options) // what the first fragment of a connection needs
	defer closeNow(t, relay)
	var change rtmp.Change
	require.Eventually(t, func() bool {
		relay.Write(fragments[0])
		change = told.last()
		return change.State == rtmp.Lost
	}, 8*time.Second, 10*time.Millisecond, "%v", told.states())
	var failed *rtmp.Error
	require.ErrorAs(t, change.Err, &failed)
	require.Equal(t, rtmp.ConnectionLost, failed.Cause)
	require.ErrorContains(t, failed.Err, "panic in the publishing to an RTMP target")
}
