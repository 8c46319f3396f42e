package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/testserver"
)

// startScenarios are what keeps recordings, livestreams and HLS from starting or from being stopped.
var startScenarios = scenarios{
	"4018.PROCESSING": func(t *T) { t.stillProcessed(egressKinds[0]) },
	"4019.PROCESSING": func(t *T) { t.stillProcessed(egressKinds[1]) },
	"4020.PROCESSING": func(t *T) { t.stillProcessed(egressKinds[2]) },

	"4021.DISABLED": func(t *T) {
		made := t.Server.Account(t, map[string]any{"settings": map[string]any{"addOnsDisabled": true}})
		t.account = &made
		for _, k := range egressKinds {
			if k.kind != job.Livestream {
				t.setUp(k).checkRefusals()
			}
		}
	},
	"4028.LIMIT": func(t *T) { t.limitReached(egressKinds[0], "recordings") },
	"4029.LIMIT": func(t *T) { t.limitReached(egressKinds[2], "hls") },
	"4030.LIMIT": func(t *T) { t.limitReached(egressKinds[1], "livestreams") },
}

func init() {
	for _, k := range egressKinds {
		key := func(reason string) string { return fmt.Sprintf("%d.%s", k.start, reason) }
		startScenarios[key("ENCODER_MISSING")] = func(t *T) { t.encoderMissing(k) }
		startScenarios[key("ENCODER_UNUSABLE")] = func(t *T) { t.encoderUnusable(k) }
		startScenarios[key("ENCODER_TOO_OLD")] = func(t *T) { t.encoderTooOld(k) }
		startScenarios[key("ENCODER_UNRESPONSIVE")] = func(t *T) { t.encoderUnresponsive(k) }
		startScenarios[key("STORAGE_FULL")] = func(t *T) { t.storageFull(k) }
		startScenarios[key("STORAGE_UNWRITABLE")] = func(t *T) { t.storageUnwritable(k) }
		startScenarios[key("NO_SESSION")] = func(t *T) {
			token, meeting := t.Account().Token(t), t.Meeting()
			t.rest(token, http.MethodPost, k.path+"/start", k.startBody(meeting, livestreamAnywhere))
		}
		startScenarios[key("START_TIMEOUT")] = func(t *T) { t.startTimeout(k) }
		startScenarios[key("WORKER_DIED")] = func(t *T) { t.workerDiesAtStart(k) }
		startScenarios[fmt.Sprintf("%d.NOT_RUNNING", k.stop)] = func(t *T) { t.stoppedTwice(k) }
		if k.kind.Composed() {
			startScenarios[key("ENCODER_DIED")] = func(t *T) { t.encoderDiesAtStart(k) }
		} else {
			startScenarios[key("NO_SUCH_PARTICIPANT")] = func(t *T) { t.noSuchParticipant(k) }
		}
		if k.kind == job.Composite {
			startScenarios[key("NO_SUCH_PARTICIPANT")] = func(t *T) { t.noSuchParticipant(k) }
			startScenarios[key("WATERMARK_IMAGE")] = func(t *T) { t.watermarkMissing(k) }
		} else {
			startScenarios[key("ALREADY_RUNNING")] = func(t *T) { t.startedTwice(k) }
		}
	}
}

func (t *T) encoderMissing(k egressKind) {
	t.onShared("without ffmpeg", func(t *testing.T) *testserver.Server {
		return spawn(t, "egress.ffmpeg", "/nowhere/ffmpeg")
	})
	t.setUp(k).checkRefusals()
	if k.kind.Composed() {
		t.account = nil
		t.onShared("with an ffmpeg that lacks an encoder", func(t *testing.T) *testserver.Server {
			ffmpeg := fakeFFmpeg(t)
			require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), "few"), nil, 0o600))
			return spawn(t, "egress.ffmpeg", ffmpeg)
		})
		require.Contains(t, t.setUp(k).checkRefusalByREST().Detail, "libx264")
	}
}

// encoderUnusable starts where there is a file that is no ffmpeg which runs.
func (t *T) encoderUnusable(k egressKind) {
	t.onShared("with an ffmpeg that has lost its libraries", func(t *testing.T) *testserver.Server {
		ffmpeg := fakeFFmpeg(t)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), "broken"), nil, 0o600))
		return spawn(t, "egress.ffmpeg", ffmpeg)
	})
	encoder := readiness(t, t.Server)
	require.False(t, encoder.Ready)
	require.Contains(t, encoder.Detail, "libavdevice.so.59")
	require.Contains(t, t.setUp(k).checkRefusalOnce().Detail, "libavdevice.so.59")
	if k.kind != job.Recording {
		return
	}
	t.account = nil
	t.onShared("with an ffmpeg that may not be run", func(t *testing.T) *testserver.Server {
		ffmpeg := fakeFFmpeg(t)
		require.NoError(t, os.Chmod(ffmpeg, 0o600))
		return spawn(t, "egress.ffmpeg", ffmpeg)
	})
	require.Contains(t, t.setUp(k).checkRefusalOnce().Detail, "permission denied")
}

// encoderTooOld starts with an ffmpeg of before 5.1.
func (t *T) encoderTooOld(k egressKind) {
	t.onShared("with an old ffmpeg", func(t *testing.T) *testserver.Server {
		ffmpeg := fakeFFmpeg(t)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), "old"), nil, 0o600))
		return spawn(t, "egress.ffmpeg", ffmpeg)
	})
	encoder := readiness(t, t.Server)
	require.False(t, encoder.Ready)
	require.Contains(t, encoder.Detail, "4.4.2")
	require.Equal(t, "5.1", t.setUp(k).checkRefusalOnce().Details["needed"])
}

// encoderUnresponsive starts where ffmpeg hangs when the server asks what it is.
func (t *T) encoderUnresponsive(k egressKind) {
	t.onShared("with an ffmpeg that hangs", func(t *testing.T) *testserver.Server {
		ffmpeg := fakeFFmpeg(t)
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(ffmpeg), "hang"), nil, 0o600))
		return spawn(t, "egress.ffmpeg", ffmpeg)
	})
	encoder := readiness(t, t.Server)
	require.False(t, encoder.Ready)
	require.Contains(t, encoder.Detail, "did not answer within")
	s := t.setUp(k)
	t.waits()
	f := s.checkRefusalOnce()
	require.Contains(t, f.Detail, "/ffmpeg did not answer within")
	require.EqualValues(t, ffmpeg.ProbeTimeout.Milliseconds(), f.Details["waitedMs"])
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
func (t *T) storageFull(k egressKind) {
	t.onShared("short of storage", func(t *testing.T) *testserver.Server {
		return spawn(t, "egress.minFreeMb", "1000000")
	})
	t.setUp(k).checkRefusals()

	t.account = nil
	t.onShared("with a full file system", func(t *testing.T) *testserver.Server {
		dir := fileSystem(t, "64k")
		h := spawn(t, "egress.dir", dir)
		fill(t, dir)
		return h
	})
	t.setUp(k).checkRefusals()
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

func (t *T) storageUnwritable(k egressKind) {
	t.onShared("with a storage that somebody spoiled", func(t *testing.T) *testserver.Server {
		h := spawn(t)
		for _, k := range egressKinds {
			dir := filepath.Join(h.Dir, "egress", string(k.kind))
			require.NoError(t, os.RemoveAll(dir))
			require.NoError(t, os.MkdirAll(filepath.Dir(dir), 0o700))
			require.NoError(t, os.WriteFile(dir, nil, 0o600)) // a file in the place of the directory
		}
		return h
	})
	t.setUp(k).checkRefusals()
}

func (t *T) startedTwice(k egressKind) {
	t.onSharedProcess()
	s := t.setUp(k)
	s.start()
	s.checkRefusals()
	require.Nil(t, s.stop())
	s.awaitState("STOPPED")
}

func (t *T) stoppedTwice(k egressKind) {
	t.onSharedProcess()
	s := t.setUp(k)
	if k.kind != job.Composite { // which has no id to stop yet
		t.Read(s.stop())
	}
	s.start()
	require.Nil(t, s.stop())
	t.Read(s.stop())
	s.awaitState("STOPPED")
	t.Read(s.stop())
	if k.method != "" {
		t.checkFailed(s.ann, k.stopBySDK(t.Context(), s.ann))
		t.refusedCall(s.bob, "stop"+k.method, struct{}{})
		s.una.refused("stop" + k.method + "()")
	}
}

// stillProcessed starts while an encoder that hangs keeps the last job from its end.
func (t *T) stillProcessed(k egressKind) {
	t.onOwnProcess()
	s := t.setUp(k)
	s.start()
	encoder := s.encoder()
	require.NoError(t, syscall.Kill(encoder, syscall.SIGSTOP))
	require.NoError(t, k.stopBySDK(t.Context(), s.ann))
	f := t.checkFailed(s.ann, k.startBySDK(t.Context(), s.ann, s.outputs...))
	require.Positive(t, f.RetryAfterMs)
	t.refusedCall(s.bob, "start"+k.method, k.startParams(s.outputs...))
	require.Positive(t, s.una.refused(k.startInPage(s.outputs...)).RetryAfterMs)
	s.checkRefusalByREST()
	require.NoError(t, syscall.Kill(encoder, syscall.SIGCONT))
	s.awaitState("STOPPED")
	s.start() // as the remedy says
	require.NoError(t, k.stopBySDK(t.Context(), s.ann))
	s.awaitState("STOPPED")
}

func (t *T) limitReached(k egressKind, limit string) {
	t.onSharedProcess()
	t.limited(map[string]any{limit: 1})
	first := t.setUp(k)
	first.start()
	t.setUp(k).checkRefusals() // in another meeting of the account
	require.Nil(t, first.stop())
	first.awaitState("STOPPED")
}

func (t *T) noSuchParticipant(k egressKind) {
	t.onSharedProcess()
	s := t.setUp(k)
	require.NoError(t, s.ann.Leave(t.Context()))
	s.checkRefusalByREST()
}

// watermarkMissing starts with a watermark whose host has no such image.
func (t *T) watermarkMissing(k egressKind) {
	t.onSharedProcess()
	s := t.setUp(k)
	host := httptest.NewServer(http.NotFoundHandler())
	defer host.Close()
	body := k.startBody(s.meeting)
	body["config"] = map[string]any{"quality": "low"}
	body["watermarks"] = []any{map[string]any{"type": "custom", "imageUrl": host.URL + "/logo.png"}}
	t.rest(t.Account().Token(t), http.MethodPost, k.path+"/start", body)
}

// startTimeout starts where something hangs that was good when the server looked.
func (t *T) startTimeout(k egressKind) {
	t.onShared("where "+hangingPart(k)+" hangs", func(t *testing.T) *testserver.Server { return startHanging(t, k) })
	s := t.setUp(k)
	t.waits()
	f := s.checkRefusalOnce()
	require.GreaterOrEqual(t, f.Details["waitedMs"], 5000.0)
}

// hangingPart is what a worker of a kind waits for before it has started: what is not composed starts without
// ffmpeg's work.
func hangingPart(k egressKind) string {
	if k.kind.Composed() {
		return "ffmpeg"
	}
	return "a program"
}

// startHanging starts a server whose workers wait for ffmpeg, or whose program was replaced by one that does nothing.
func startHanging(t testing.TB, k egressKind) *testserver.Server {
	if hangingPart(k) == "ffmpeg" {
		ffmpeg := fakeFFmpeg(t)
		h := spawn(t, "egress.ffmpeg", ffmpeg)
		breakFFmpeg(t, h, ffmpeg, "stall")
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

func (t *T) encoderDiesAtStart(k egressKind) {
	t.onShared("with an ffmpeg that dies", func(t *testing.T) *testserver.Server {
		ffmpeg := fakeFFmpeg(t)
		h := spawn(t, "egress.ffmpeg", ffmpeg)
		breakFFmpeg(t, h, ffmpeg, "die")
		return h
	})
	f := t.setUp(k).checkRefusalOnce()
	require.Contains(t, f.Detail, "Cannot allocate memory")
}

// workerDiesAtStart kills a worker that has not started, as the kernel does when memory runs out.
func (t *T) workerDiesAtStart(k egressKind) {
	t.Server = startHanging(t, k)
	s := t.setUp(k)
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
	f := s.checkRefusalOnce()
	<-done
	require.Equal(t, "SIGKILL", f.Details["signal"])
}
