package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/testserver"
)

// startScenarios are what keeps recordings, livestreams and HLS from starting or from being stopped.
var startScenarios = scenarios{
	"4018.PROCESSING": func(t *T) { t.stillProcessed(carriers[0]) },
	"4019.PROCESSING": func(t *T) { t.stillProcessed(carriers[1]) },
	"4020.PROCESSING": func(t *T) { t.stillProcessed(carriers[2]) },

	"4021.DISABLED": func(t *T) {
		made := t.Server.Account(t, map[string]any{"settings": map[string]any{"addOnsDisabled": true}})
		t.account = &made
		for _, k := range carriers {
			if k.kind != job.Livestream {
				t.stage(k).refused()
			}
		}
	},
	"4028.LIMIT": func(t *T) { t.limitReached(carriers[0], "recordings") },
	"4029.LIMIT": func(t *T) { t.limitReached(carriers[2], "hls") },
	"4030.LIMIT": func(t *T) { t.limitReached(carriers[1], "livestreams") },
}

func init() {
	for _, k := range carriers {
		key := func(reason string) string { return fmt.Sprintf("%d.%s", k.start, reason) }
		startScenarios[key("ENCODER_MISSING")] = func(t *T) { t.encoderMissing(k) }
		startScenarios[key("ENCODER_UNUSABLE")] = func(t *T) { t.encoderUnusable(k) }
		startScenarios[key("ENCODER_TOO_OLD")] = func(t *T) { t.encoderTooOld(k) }
		startScenarios[key("ENCODER_UNRESPONSIVE")] = func(t *T) { t.encoderUnresponsive(k) }
		startScenarios[key("STORAGE_FULL")] = func(t *T) { t.storageFull(k) }
		startScenarios[key("STORAGE_UNWRITABLE")] = func(t *T) { t.storageUnwritable(k) }
		startScenarios[key("NO_SESSION")] = func(t *T) {
			token, meeting := t.Account().Token(t), t.Meeting()
			t.rest(token, http.MethodPost, k.path+"/start", k.order(meeting, livestreamAnywhere))
		}
		startScenarios[key("START_TIMEOUT")] = func(t *T) { t.startTimeout(k) }
		startScenarios[key("WORKER_DIED")] = func(t *T) { t.workerDiesAtStart(k) }
		startScenarios[fmt.Sprintf("%d.NOT_RUNNING", k.stop)] = func(t *T) { t.stoppedTwice(k) }
		if k.kind.Composed() {
			startScenarios[key("ENCODER_DIED")] = func(t *T) { t.encoderDiesAtStart(k) }
		} else {
			startScenarios[key("NO_SUCH_PARTICIPANT")] = func(t *T) { t.nobodyLikeThat(k) }
		}
		if k.kind == job.Composite {
			startScenarios[key("NO_SUCH_PARTICIPANT")] = func(t *T) { t.nobodyLikeThat(k) }
		} else {
			startScenarios[key("ALREADY_RUNNING")] = func(t *T) { t.startedTwice(k) }
		}
	}
}

func (t *T) encoderMissing(k carrier) {
	t.at("without ffmpeg", func(t *testing.T) *testserver.Server { return spawn(t, "egress.ffmpeg", "/nowhere/ffmpeg") })
	t.stage(k).refused()
	if k.kind.Composed() {
		t.account = nil
		t.at("with an ffmpeg that lacks an encoder", func(t *testing.T) *testserver.Server {
			ffmpeg := tricky(t)
			require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), "few"), nil, 0o600))
			return spawn(t, "egress.ffmpeg", ffmpeg)
		})
		require.Contains(t, t.stage(k).refusedByREST().Detail, "libx264")
	}
}

// encoderUnusable starts where there is a file that is no ffmpeg which runs.
func (t *T) encoderUnusable(k carrier) {
	t.at("with an ffmpeg that has lost its libraries", func(t *testing.T) *testserver.Server {
		ffmpeg := tricky(t)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), "broken"), nil, 0o600))
		return spawn(t, "egress.ffmpeg", ffmpeg)
	})
	encoder := readiness(t, t.Server)
	require.False(t, encoder.Ready)
	require.Contains(t, encoder.Detail, "libavdevice.so.59")
	require.Contains(t, t.stage(k).refusedOnce().Detail, "libavdevice.so.59")
	if k.kind != job.Recording {
		return
	}
	t.account = nil
	t.at("with an ffmpeg that may not be run", func(t *testing.T) *testserver.Server {
		ffmpeg := tricky(t)
		require.NoError(t, os.Chmod(ffmpeg, 0o600))
		return spawn(t, "egress.ffmpeg", ffmpeg)
	})
	require.Contains(t, t.stage(k).refusedOnce().Detail, "permission denied")
}

// encoderTooOld starts with an ffmpeg of before 5.1.
func (t *T) encoderTooOld(k carrier) {
	t.at("with an old ffmpeg", func(t *testing.T) *testserver.Server {
		ffmpeg := tricky(t)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), "old"), nil, 0o600))
		return spawn(t, "egress.ffmpeg", ffmpeg)
	})
	encoder := readiness(t, t.Server)
	require.False(t, encoder.Ready)
	require.Contains(t, encoder.Detail, "4.4.2")
	require.Equal(t, "5.1", t.stage(k).refusedOnce().Details["needed"])
}

// encoderUnresponsive starts where ffmpeg hangs: when the server asks it, and when the worker does that was started
// because it had been good.
func (t *T) encoderUnresponsive(k carrier) {
	t.at("with an ffmpeg that hangs", func(t *testing.T) *testserver.Server {
		ffmpeg := tricky(t)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), "hang"), nil, 0o600))
		return spawn(t, "egress.ffmpeg", ffmpeg)
	})
	encoder := readiness(t, t.Server)
	require.False(t, encoder.Ready)
	require.Contains(t, encoder.Detail, "did not answer within")
	f := t.stage(k).refusedOnce()
	require.Contains(t, f.Detail, "/ffmpeg did not answer within")
	require.EqualValues(t, 5000, f.Details["waitedMs"])
	if k.kind == job.Track {
		return // its worker needs no ffmpeg before it has started
	}
	t.account = nil
	t.at("where ffmpeg hangs when workers ask it", func(t *testing.T) *testserver.Server {
		ffmpeg := tricky(t)
		h := spawn(t, "egress.ffmpeg", ffmpeg)
		turn(t, h, ffmpeg, "hang")
		return h
	})
	k.format = "mp4" // which ffmpeg makes
	require.EqualValues(t, 5000, t.stage(k).refusedOnce().Details["waitedMs"])
	require.True(t, readiness(t, t.Server).Ready, "the server has its answer")
}

// encoderCapability is what /readyz says of ffmpeg.
type encoderCapability struct {
	Ready  bool
	Detail string
}

func readiness(t testing.TB, h *testserver.Server) encoderCapability {
	t.Helper()
	_, body := h.Admin(t, http.MethodGet, "/readyz", nil) // the details are the operator's
	var ready struct {
		Capabilities struct{ Encoder encoderCapability }
	}
	require.NoError(t, json.Unmarshal(body, &ready))
	return ready.Capabilities.Encoder
}

// storageFull starts where the file system has less room than the operator wants, and where it has none at all.
func (t *T) storageFull(k carrier) {
	t.at("short of storage", func(t *testing.T) *testserver.Server { return spawn(t, "egress.minFreeMb", "1000000") })
	t.stage(k).refused()

	t.account = nil
	t.at("with a full file system", func(t *testing.T) *testserver.Server {
		dir := fileSystem(t, "64k")
		h := spawn(t, "egress.dir", dir)
		fill(t, dir)
		return h
	})
	t.stage(k).refused()
}

// fileSystem mounts a small one. Where that is not permitted the test is skipped, aloud.
func fileSystem(t testing.TB, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("NO FULL DISK: a file system cannot be mounted here: ", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) }) // it goes with the machine at the latest
	return dir
}

// fill leaves no byte free.
func fill(t testing.TB, dir string) {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, "filler"))
	require.NoError(t, err)
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, file.Close())
}

func (t *T) storageUnwritable(k carrier) {
	t.at("with a storage that somebody spoiled", func(t *testing.T) *testserver.Server {
		h := spawn(t)
		for _, k := range carriers {
			dir := filepath.Join(h.Dir, "egress", string(k.kind))
			require.NoError(t, os.RemoveAll(dir))
			require.NoError(t, os.MkdirAll(filepath.Dir(dir), 0o700))
			require.NoError(t, os.WriteFile(dir, nil, 0o600)) // a file in the place of the directory
		}
		return h
	})
	t.stage(k).refused()
}

func (t *T) startedTwice(k carrier) {
	t.outside()
	s := t.stage(k)
	s.start()
	s.refused()
	require.Nil(t, s.halt())
	s.over("STOPPED")
}

func (t *T) stoppedTwice(k carrier) {
	t.outside()
	s := t.stage(k)
	if k.kind != job.Composite { // which has no id to stop yet
		t.Read(s.halt())
	}
	s.start()
	require.Nil(t, s.halt())
	t.Read(s.halt())
	s.over("STOPPED")
	t.Read(s.halt())
	if k.method != "" {
		t.failed(s.ann, k.end(t.Context(), s.ann))
		t.asked(s.bob, "stop"+k.method, struct{}{})
		s.una.refused("stop" + k.method + "()")
	}
}

// stillProcessed starts while an encoder that hangs keeps the last job from its end.
func (t *T) stillProcessed(k carrier) {
	t.alone()
	s := t.stage(k)
	s.start()
	encoder := s.encoder()
	require.NoError(t, syscall.Kill(encoder, syscall.SIGSTOP))
	require.NoError(t, k.end(t.Context(), s.ann))
	f := t.failed(s.ann, k.begin(t.Context(), s.ann, s.outputs...))
	require.Positive(t, f.RetryAfterMs)
	t.asked(s.bob, "start"+k.method, k.request(s.outputs...))
	require.Positive(t, s.una.refused(k.inPage(s.outputs...)).RetryAfterMs)
	s.refusedByREST()
	require.NoError(t, syscall.Kill(encoder, syscall.SIGCONT))
	s.over("STOPPED")
	s.start() // as the remedy says
	require.NoError(t, k.end(t.Context(), s.ann))
	s.over("STOPPED")
}

func (t *T) limitReached(k carrier, limit string) {
	t.outside()
	t.limited(map[string]any{limit: 1})
	first := t.stage(k)
	first.start()
	t.stage(k).refused() // in another meeting of the account
	require.Nil(t, first.halt())
	first.over("STOPPED")
}

func (t *T) nobodyLikeThat(k carrier) {
	t.outside()
	s := t.stage(k)
	require.NoError(t, s.ann.Leave(t.Context()))
	s.refusedByREST()
}

// startTimeout starts where something hangs that was good when the server looked.
func (t *T) startTimeout(k carrier) {
	t.at("where workers hang for want of "+hangs(k), func(t *testing.T) *testserver.Server { return hanging(t, k) })
	f := t.stage(k).refusedOnce()
	require.GreaterOrEqual(t, f.Details["waitedMs"], 5000.0)
}

// hangs is what a worker of a kind waits for before it has started: what is not composed starts without ffmpeg's work.
func hangs(k carrier) string {
	if k.kind.Composed() {
		return "ffmpeg"
	}
	return "a program"
}

// hanging starts a server whose workers wait for ffmpeg, or whose program was replaced by one that does nothing.
func hanging(t testing.TB, k carrier) *testserver.Server {
	if hangs(k) == "ffmpeg" {
		ffmpeg := tricky(t)
		h := spawn(t, "egress.ffmpeg", ffmpeg)
		turn(t, h, ffmpeg, "stall")
		return h
	}
	program, err := binary()
	require.NoError(t, err)
	mine := filepath.Join(t.TempDir(), "klatch")
	require.NoError(t, os.Link(program, mine))
	h := spawnProgram(t, mine)
	require.NoError(t, os.Remove(mine))
	require.NoError(t, os.WriteFile(mine, []byte("#!/bin/sh\nread order\nwhile :; do /bin/sleep 1; done # as $1\n"),
		0o700))
	return h
}

func (t *T) encoderDiesAtStart(k carrier) {
	t.at("with an ffmpeg that dies", func(t *testing.T) *testserver.Server {
		ffmpeg := tricky(t)
		h := spawn(t, "egress.ffmpeg", ffmpeg)
		turn(t, h, ffmpeg, "die")
		return h
	})
	f := t.stage(k).refusedOnce()
	require.Contains(t, f.Detail, "Cannot allocate memory")
}

// workerDiesAtStart kills a worker that has not started, as the kernel does when memory runs out.
func (t *T) workerDiesAtStart(k carrier) {
	t.Server = hanging(t, k)
	s := t.stage(k)
	done := make(chan struct{})
	go func() {
		defer close(done)
		deadline := time.Now().Add(testserver.Timeout)
		for time.Now().Before(deadline) {
			if list := t.Server.Workers(t); len(list) == 1 {
				_ = syscall.Kill(list[0], syscall.SIGKILL)
				return
			}
			time.Sleep(10 * time.Millisecond) // until the next look
		}
	}()
	f := s.refusedOnce()
	<-done
	require.Equal(t, "SIGKILL", f.Details["signal"])
}
