package egress

import (
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/mediatest"
	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

// child is a process that a worker has started, with its command line.
type child struct {
	pid     int
	command string
}

// children of a process, by /proc.
func children(t *testing.T, of int) (list []child) {
	t.Helper()
	entries, err := filepath.Glob("/proc/[0-9]*")
	require.NoError(t, err)
	for _, dir := range entries {
		stat, err := os.ReadFile(dir + "/stat")
		if err != nil {
			continue // it is gone
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(of) {
			continue
		}
		command, _ := os.ReadFile(dir + "/cmdline")
		pid, err := strconv.Atoi(filepath.Base(dir))
		require.NoError(t, err)
		list = append(list, child{pid, strings.ReplaceAll(string(command), "\x00", " ")})
	}
	return list
}

func (e *workerProcess) encoder() int {
	e.t.Helper()
	for _, c := range children(e.t, e.cmd.Process.Pid) {
		if strings.Contains(c.command, "libx264") {
			return c.pid
		}
	}
	require.FailNow(e.t, "the worker has no encoder")
	return 0
}

func (e *workerProcess) finalFault() *fault.Error {
	e.t.Helper()
	return e.await("a final fault", func(r order.Report) bool { return r.Report == order.ReportFault && r.Final }).Fault
}

// requirePlayable sees that a file decodes to its end without a complaint and lasts.
func requirePlayable(t *testing.T, path string, atLeast time.Duration) {
	t.Helper()
	require.GreaterOrEqual(t, mediaprobe.Probe(t, path).Seconds(t), atLeast.Seconds())
	complaints := mediaprobe.Command(t, "sh", "-c", `ffmpeg -v error -i "$0" -f null - 2>&1`, path)
	require.Empty(t, string(complaints))
}

// startRecording starts a recording of one bot and waits until it lasts that long.
func startRecording(t *testing.T, d time.Duration) (*workerProcess, string) {
	t.Helper()
	s := open(t)
	s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	path := file(t, "ann.mp4")
	w := s.startWorker(t, order.Spec{Kind: job.Recording, File: path, Config: job.Config{Quality: job.Low}})
	w.waitStarted()
	w.waitRecorded(d)
	return w, path
}

func TestKilledEncoder(t *testing.T) {
	t.Parallel()
	w, path := startRecording(t, 3*time.Second)
	require.NoError(t, syscall.Kill(w.encoder(), syscall.SIGKILL))
	f := w.finalFault()
	require.Equal(t, 5001, f.Code)
	require.Equal(t, "ENCODER_DIED", f.Reason)
	require.Equal(t, "SIGKILL", f.Details["signal"])
	require.Len(t, w.waitDone(true), 1)
	requirePlayable(t, path, 2500*time.Millisecond)
}

func TestStoppedEncoder(t *testing.T) {
	t.Parallel()
	w, path := startRecording(t, 2*time.Second)
	require.NoError(t, syscall.Kill(w.encoder(), syscall.SIGSTOP))
	f := w.finalFault()
	require.Equal(t, 5001, f.Code)
	require.Equal(t, "ENCODER_STALLED", f.Reason)
	require.Len(t, w.waitDone(true), 1)
	requirePlayable(t, path, 1500*time.Millisecond)
}

func TestServerGone(t *testing.T) {
	t.Parallel()
	w, path := startRecording(t, 3*time.Second)
	began := time.Now()
	pids := children(t, w.cmd.Process.Pid)
	require.NotEmpty(t, pids)
	require.NoError(t, w.stdout.Close()) // what a worker says then must not kill it
	require.NoError(t, w.stdin.Close())
	<-w.ended
	require.Zero(t, w.cmd.ProcessState.ExitCode(), "it finalizes: %v", w.cmd.ProcessState)
	require.Less(t, time.Since(began), 20*time.Second, "nobody waits for it")
	for _, c := range pids {
		require.ErrorIs(t, syscall.Kill(c.pid, 0), syscall.ESRCH, c.command)
	}
	requirePlayable(t, path, 3*time.Second)
}

func TestWorkerKilled(t *testing.T) {
	t.Parallel()
	w, path := startRecording(t, 3*time.Second)
	pids := children(t, w.cmd.Process.Pid)
	require.NotEmpty(t, pids)
	require.NoError(t, w.cmd.Process.Kill())
	require.Eventually(t, func() bool {
		for _, c := range pids {
			if syscall.Kill(c.pid, 0) == nil {
				return false
			}
		}
		return true
	}, waitLimit, 10*time.Millisecond)
	requirePlayable(t, path, 2*time.Second)
}

func TestNoEncoder(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.join(t, "ann", nil, sdk.TestTone("ann"))
	w := s.startWorker(t, order.Spec{Kind: job.HLS, HLSDir: t.TempDir(), FFmpeg: "/nowhere/ffmpeg"})
	f := w.finalFault()
	require.Equal(t, 4016, f.Code)
	require.Equal(t, "ENCODER_MISSING", f.Reason)
	require.Equal(t, "/nowhere/ffmpeg", f.Details["path"])
	require.Empty(t, w.waitDone(true))
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		t.Skip("needs a file system of its own: ", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	s := open(t)
	s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	path := filepath.Join(dir, "ann.mp4")
	w := s.startWorker(t, order.Spec{Kind: job.Recording, File: path, Config: job.Config{Quality: job.Low}})
	w.waitRecorded(2 * time.Second)
	filler, err := os.Create(filepath.Join(dir, "filler"))
	require.NoError(t, err)
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	require.NoError(t, filler.Close())

	f := w.finalFault()
	require.Equal(t, 5001, f.Code)
	require.Equal(t, "STORAGE_FULL", f.Reason)
	require.GreaterOrEqual(t, f.Details["savedMs"], 2000.0)
	made := w.waitDone(true)
	require.Len(t, made, 1)
	requirePlayable(t, path, 2*time.Second)
	require.InDelta(t, mediaprobe.Probe(t, path).Seconds(t), float64(made[0].DurationMs)/1000, 0.06)
}

// corruptPackets damages packets on their way, every few, as no network does and an enemy may. Sequence numbers are its
// own.
func corruptPackets(
	t *testing.T,
	seed uint64,
	period time.Duration,
	packets func(n int) []*rtp.Packet,
) <-chan *rtp.Packet {
	t.Helper()
	spoilt := make(chan *rtp.Packet)
	go func() {
		defer close(spoilt)
		random := rand.New(rand.NewPCG(seed, 1))
		sequence := uint16(0)
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		for n := 0; ; n++ {
			select {
			case <-t.Context().Done():
				return
			case <-ticker.C:
			}
			for _, packet := range packets(n) {
				payload := slices.Clone(packet.Payload)
				sequence++
				switch random.IntN(6) {
				case 0:
					for range 1 + random.IntN(20) {
						payload[random.IntN(len(payload))] ^= byte(1 + random.IntN(255))
					}
				case 1:
					payload = payload[:random.IntN(len(payload))]
				case 2:
					sequence += uint16(random.IntN(3))
				}
				packet := &rtp.Packet{Header: packet.Header, Payload: payload}
				packet.SequenceNumber = sequence
				select {
				case spoilt <- packet:
				case <-t.Context().Done():
					return
				}
			}
		}
	}()
	return spoilt
}

// corruptVideo is a moving picture in damaged packets.
func corruptVideo(t *testing.T, seed uint64, codec string) sdk.Source {
	t.Helper()
	const fps = 30
	clip := mediatest.Encode(t, mediatest.Clip{Codec: codec, Width: 320, Height: 180, FPS: fps, Frames: 60, GOP: 30})
	packetizer := mediatest.NewPacketizer(t, codec, fps, 1, 1)
	return sdk.PacketSource(codec, corruptPackets(t, seed, time.Second/fps, func(n int) []*rtp.Packet {
		return packetizer.Frame(clip[n%len(clip)])
	}))
}

// corruptTone is a tone in damaged packets.
func corruptTone(t *testing.T, seed uint64, name string) sdk.Source {
	t.Helper()
	tone, _ := testcard.Tone(name)
	return sdk.PacketSource("opus", corruptPackets(t, seed, 20*time.Millisecond, func(n int) []*rtp.Packet {
		// wraps
		return []*rtp.Packet{{Header: rtp.Header{Version: 2, Timestamp: uint32(n) * 960}, Payload: tone[n%len(tone)]}}
	}))
}

// Damaged packets of all kinds cost those who send them their picture and sound, and nobody else anything: neither in a
// recording of all, nor is a recording of theirs lost.
func TestBrokenPackets(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	s.join(t, "bad0", corruptVideo(t, 0, "VP8"), nil)
	s.join(t, "bad1", corruptVideo(t, 1, "H264"), corruptTone(t, 2, "bad1"))
	path, alone := file(t, "broken.mp4"), file(t, "bad1.mp4")
	w := s.startWorker(t, order.Spec{Kind: job.Recording, File: path, Config: job.Config{Quality: job.Low}})
	one := s.startWorker(
		t,
		order.Spec{Kind: job.Participant, Format: job.MP4, File: alone, Sources: []job.Source{{ParticipantID: "bad1"}}},
	)
	w.waitRecorded(5 * time.Second)
	one.waitRecorded(4 * time.Second)
	require.Len(t, w.stop(), 1)
	requirePlayable(t, path, 5*time.Second)
	mediaprobe.RequireShows(t, mediaprobe.Frame(t, path, 4*time.Second), image.Rect(0, 0, 427, 240), "ann")
	_, hz := testcard.Tone("ann")
	require.Greater(t, mediaprobe.Loudness(mediaprobe.Sound(t, path)[3*48000:4*48000], float64(hz)), 0.03)

	require.Len(t, one.stop(), 1)
	require.ElementsMatch(t, []string{"aac", "h264"}, mediaprobe.Probe(t, alone).Codecs())
	require.Greater(t, mediaprobe.Probe(t, alone).Seconds(t), 3.0)
}
