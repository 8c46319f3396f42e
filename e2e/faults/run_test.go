package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// runScenarios are what ends recordings, livestreams and HLS that run. Each has a server of its own, because the
// process that is killed or stopped must be the only one of its kind.
var runScenarios = scenarios{}

func init() {
	for _, k := range egressKinds[:3] {
		for reason, scenario := range map[string]func(*T, egressKind){
			"ENCODER_DIED":     func(t *T, k egressKind) { t.signalProcess(k, syscall.SIGKILL, (*egressSetup).encoder) },
			"ENCODER_STALLED":  func(t *T, k egressKind) { t.signalProcess(k, syscall.SIGSTOP, (*egressSetup).encoder) },
			"WORKER_DIED":      func(t *T, k egressKind) { t.signalProcess(k, syscall.SIGKILL, (*egressSetup).worker) },
			"WORKER_STALLED":   func(t *T, k egressKind) { t.signalProcess(k, syscall.SIGSTOP, (*egressSetup).worker) },
			"MEETING_LOST":     (*T).meetingLost,
			"MEDIA_LOST":       (*T).mediaLost,
			"SERVER_RESTARTED": (*T).serverRestarted,
			"STORAGE_FULL":     (*T).storageFills,
		} {
			if k.kind.Stores() || reason != "STORAGE_FULL" {
				runScenarios[fmt.Sprintf("%d.%s", k.failed, reason)] = func(t *T) { scenario(t, k) }
			}
		}
		runScenarios[fmt.Sprintf("%d.LIMIT", k.failed+3)] = func(t *T) { t.durationLimit(k) }
	}
}

// signalProcess sends a signal to a process of a job that runs.
func (t *T) signalProcess(k egressKind, signal syscall.Signal, of func(*egressSetup) int) {
	t.onOwnProcess()
	s := t.setUp(k)
	s.start()
	require.NoError(t, syscall.Kill(of(s), signal))
	if signal == syscall.SIGSTOP {
		t.waits()
	}
	s.awaitFailure()
	if k.kind == job.Recording {
		require.Positive(t, s.record().File.Size, "what was made is kept")
	}
	s.start() // as the remedy says
	require.NoError(t, k.stopBySDK(t.Context(), s.ann))
	s.awaitState("STOPPED")
}

// meetingLost freezes the worker and cuts its connection for longer than its place is kept.
func (t *T) meetingLost(k egressKind) {
	t.onOwnProcess("meeting.resumeWindow", "1s")
	s := t.setUp(k)
	s.start()
	worker := s.worker()
	require.NoError(t, syscall.Kill(worker, syscall.SIGSTOP))
	// it would come back at once
	require.Eventually(t, func() bool {
		return stopped(worker)
	}, testserver.Timeout, time.Millisecond, "the worker does not stop")
	cutOff(t, worker, t.Server.URL)
	t.waits()
	lost := make(chan struct{})
	time.AfterFunc(6*time.Second, func() { close(lost) }) // the window, and what a busy machine needs
	<-lost
	require.NoError(t, syscall.Kill(worker, syscall.SIGCONT))
	s.awaitFailure()
}

// stopped reports whether every thread of a process has come to its stop: they go on for a while after the signal was
// sent.
func stopped(pid int) bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if _, rest, _ := strings.Cut(string(stat), ") "); err != nil || !strings.HasPrefix(rest, "T") { // proc(5)
			return false
		}
	}
	return err == nil && len(threads) > 0
}

// mediaLost lets nothing through to the server's media port any more, as a firewall does. The job goes on, and can be
// stopped.
func (t *T) mediaLost(k egressKind) {
	t.onOwnProcess()
	s := t.setUp(k)
	require.NoError(t, s.ann.UnmuteMic(t.Context(), nil))
	block(t, t.Server.PID(), portOf(t.Server.URL))
	over := s.ann.ends()
	s.start()
	t.waits()
	f := t.awaitEvent(s.ann, 3*testserver.Timeout)
	for {
		var told wire.Faulted
		s.bob.Event(s.t, "error", &told)
		if told.Fault.ID == f.ID {
			break
		}
	}
	s.una.awaitSame(f)
	if k.kind == job.Recording { // for all kinds alike
		t.lasts(f, true)
		unblock(t, t.Server.PID())
		over.await(t, f)
		t.isOver(f)
	}
	require.Nil(t, s.stop())
	s.awaitState("STOPPED")
}

func portOf(server string) string {
	_, port, _ := strings.Cut(strings.TrimPrefix(server, "http://"), ":")
	return port
}

// cutOff ends the TCP connections of a process to a server, as a router that forgets them does.
func cutOff(t testing.TB, pid int, server string) {
	t.Helper()
	cut := 0
	sockets(t, pid, func(socket int) {
		if peer, err := unix.Getpeername(socket); err == nil {
			if to, ok := peer.(*unix.SockaddrInet4); ok && strconv.Itoa(to.Port) == portOf(server) {
				require.NoError(t, unix.Shutdown(socket, unix.SHUT_RDWR))
				cut++
			}
		}
	})
	require.Positive(t, cut, "the worker has no connection")
}

// block lets nothing in through the ports that a process listens on, but for one.
func block(t testing.TB, pid int, but string) {
	t.Helper()
	blocked := 0
	sockets(t, pid, func(socket int) {
		own, err := unix.Getsockname(socket)
		at, ok := own.(*unix.SockaddrInet4)
		if err != nil || !ok {
			return // of another family
		}
		kind, err := unix.GetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_TYPE)
		require.NoError(t, err)
		listens, err := unix.GetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
		require.NoError(t, err)
		switch {
		case strconv.Itoa(at.Port) == but:
			return
		case kind == unix.SOCK_DGRAM:
			nothing := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0} // of a packet
			require.NoError(t, unix.SetsockoptSockFprog(socket, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
				&unix.SockFprog{Len: 1, Filter: &nothing}))
		case listens == 1:
			require.NoError(t, unix.Shutdown(socket, unix.SHUT_RD))
		default:
			return
		}
		blocked++
	})
	require.GreaterOrEqual(t, blocked, 2, "the server has no media ports")
}

// unblock lets packets in again that block keeps out.
func unblock(t testing.TB, pid int) {
	t.Helper()
	sockets(t, pid, func(socket int) {
		_ = unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0) // of most there is none
	})
}

// sockets calls do with each socket of another process.
func sockets(t testing.TB, pid int, do func(socket int)) {
	t.Helper()
	process, err := unix.PidfdOpen(pid, 0)
	require.NoError(t, err)
	defer func() { _ = unix.Close(process) }() // nothing was written to it
	names, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	require.NoError(t, err)
	for _, name := range names {
		if link, err := os.Readlink(name); err != nil || !strings.HasPrefix(link, "socket:") {
			continue
		}
		number, err := strconv.Atoi(filepath.Base(name))
		require.NoError(t, err)
		socket, err := unix.PidfdGetfd(process, number, 0)
		if err != nil {
			continue // closed meanwhile
		}
		do(socket)
		require.NoError(t, unix.Close(socket))
	}
}

// storageFills fills the file system while a job writes.
func (t *T) storageFills(k egressKind) {
	dir := fileSystem(t, "32m")
	t.onOwnProcess("egress.dir", dir)
	s := t.setUp(k)
	s.start()
	fill(t, dir)
	t.waits()
	r := s.awaitFailure()
	require.Less(t, r.Fault.Details["freeBytes"], 1e6)
	require.Positive(t, r.Fault.Details["savedMs"])
}

// serverRestarted kills the server while a job runs. The next one reports it, once, and keeps the file.
func (t *T) serverRestarted(k egressKind) {
	t.onOwnProcess()
	s := t.setUp(k)
	s.start()
	worker, encoder := s.worker(), s.encoder()
	t.Server.Kill()
	require.Eventually(t, func() bool {
		return syscall.Kill(worker, 0) != nil && syscall.Kill(encoder, 0) != nil
	}, 6*time.Second, 10*time.Millisecond, "a process of the job outlives the server")

	t.Server.Respawn(t)
	r := s.awaitState("FAILED")
	require.NotNil(t, r.Fault)
	t.Read(r.Fault)
	if k.kind == job.Recording {
		require.Positive(t, r.File.Size, "what was made is kept")
	}
	t.waits()
	// An attempt at an earlier webhook that the kill cut off is made again when its claim of 30 s has run out, and keeps
	// back the others of the meeting until then.
	require.Eventually(t, func() bool {
		return s.sink.received(r.Fault.ID)
	}, 4*testserver.Timeout, 20*time.Millisecond, "no webhook tells of %v", r.Fault)

	t.Server.Kill()
	t.Server.Respawn(t)
	require.Equal(t, r.Fault.ID, s.record().Fault.ID, "once")
	require.Len(t, t.timeline(), 1, "once")
}

func (t *T) durationLimit(k egressKind) {
	t.onShared("with a short limit", func(t *testing.T) *testserver.Server { return spawn(t, "egress.maxDuration", "1s") })
	s := t.setUp(k)
	s.start()
	f := t.awaitEvent(s.ann, testserver.Timeout)
	s.checkPageTold(f)
	r := s.awaitState("STOPPED") // complete, and yet it says why
	require.NotNil(t, r.Fault)
	t.sameIncident(f, r.Fault)
	require.Eventually(t, func() bool {
		return s.sink.received(f.ID)
	}, testserver.Timeout, 20*time.Millisecond, "no webhook tells of %v", f)
}
