// Package testprocess starts the processes that tests need beside them, such as servers, encoders and browsers. None of
// them outlives the test program, even one that is killed: it would keep ports and locks.
package testprocess

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Command is exec.Command for a process that the kernel kills when the test program ends.
func Command(name string, args ...string) *exec.Cmd {
	return bound(exec.Command(name, args...))
}

// CommandContext is exec.CommandContext for a process that the kernel kills when the test program ends.
func CommandContext(ctx context.Context, name string, args ...string) *exec.Cmd {
	return bound(exec.CommandContext(ctx, name, args...))
}

func bound(cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = Attr()
	return cmd
}

// Process is a process that Start has started. Its methods may be called from several goroutines.
type Process struct {
	*os.Process

	ended chan struct{}
	err   error // set before ended is closed
}

// Start starts a command of Command or CommandContext. The process is killed when the test is over.
func Start(t testing.TB, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{ended: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// The kernel sends the parent-death signal when the thread that started the child ends, so that thread stays.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.ended)
		err := cmd.Start()
		p.Process = cmd.Process
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	require.NoError(t, <-started)
	t.Cleanup(p.Kill)
	return p
}

// Kill kills the process and its process group, and waits for its end.
func (p *Process) Kill() {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL) // it may have ended
	<-p.ended
}

// Ended is closed when the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Err returns how the process ended, as exec.Cmd.Wait does. It must be called after Ended is closed.
func (p *Process) Err() error { return p.err }
