package sandbox_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/internal/sandbox"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("SANDBOX_TEST_DIR"); dir != "" {
		attempts(dir)
		return
	}
	os.Exit(m.Run())
}

// attempts runs in a child: it tries what a decoder that has been taken over would, and prints how each ended.
func attempts(dir string) {
	file := filepath.Join(dir, "file")
	open := func(flags int) func() error {
		return func() error {
			fd, err := unix.Open(file, flags, 0o600)
			if err == nil {
				_ = unix.Close(fd)
			}
			return err
		}
	}
	for _, attempt := range []struct {
		name string
		do   func() error
	}{
		{"open for reading", open(unix.O_RDONLY)},
		{"open for writing", open(unix.O_WRONLY)},
		{"open for both", open(unix.O_RDWR)},
		{"open a new file", open(unix.O_RDONLY | unix.O_CREAT)},
		{"remove", func() error { return unix.Unlink(file) }},
		{"rename", func() error { return unix.Rename(file, file+"2") }},
		{"truncate", func() error { return unix.Truncate(file, 0) }},
		{"socket", func() error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return err }},
		{"local socket", func() error { _, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err }},
		{"signal to the parent", func() error { return unix.Kill(os.Getppid(), 0) }},
		{"ptrace", func() error { return unix.PtraceAttach(os.Getppid()) }},
		{"mount", func() error { return unix.Mount("none", dir, "tmpfs", 0, "") }},
		{"namespace", func() error { return unix.Unshare(unix.CLONE_NEWUSER) }},
		{"kernel", func() error { _, _, err := unix.Syscall(unix.SYS_BPF, 0, 0, 0); return err }},
	} {
		err := attempt.do()
		fmt.Printf("%s: %v\n", attempt.name, err == nil || !errors.Is(err, unix.EPERM))
	}
}

// A child cannot call what a program between pipes does not need; this process still can.
func TestDeniedSyscalls(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o600))
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "SANDBOX_TEST_DIR="+dir)
	var out strings.Builder
	child.Stdout, child.Stderr = &out, &out
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // it ends with this goroutine
		sandbox.DropPrivileges()
		if err := sandbox.DenySyscalls(false); err != nil {
			started <- err
			return
		}
		started <- child.Start()
	}()
	require.NoError(t, <-started)
	require.NoError(t, child.Wait(), out.String())
	require.Equal(t, `open for reading: true
open for writing: false
open for both: false
open a new file: false
remove: false
rename: false
truncate: false
socket: false
local socket: false
signal to the parent: false
ptrace: false
mount: false
namespace: false
kernel: false
`, out.String())
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	require.NoError(t, unix.Close(fd))
}

// A child that takes more processor time than its work may need is ended by the kernel.
func TestProcessorTimeOfAChild(t *testing.T) {
	child := exec.Command("sh", "-c", "read go; while :; do :; done")
	stdin, err := child.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	defer func() { _ = child.Process.Kill() }()
	sandbox.Limit(child.Process.Pid, sandbox.Limits{Files: 40, CPU: 300 * time.Millisecond})
	_, err = stdin.Write([]byte("go\n"))
	require.NoError(t, err)
	var exit *exec.ExitError
	require.ErrorAs(t, child.Wait(), &exit)
	status := exit.Sys().(syscall.WaitStatus)
	require.True(t, status.Signaled())
	require.Contains(t, []syscall.Signal{syscall.SIGXCPU, syscall.SIGKILL}, status.Signal())
}
