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

// Command is exec.Command for a process that leads a process group. Start and Run have the kernel kill it when the test
// program ends. Its own Start does not: the kernel would kill it when the thread that started it ends, and threads of
// Go end before the program where a goroutine that was locked to one returns.
func Command(name string, args ...string) *exec.Cmd {
	return leader(exec.Command(name, args...))
}

// CommandContext is exec.CommandContext, as Command is exec.Command.
func CommandContext(ctx context.Context, name string, args ...string) *exec.Cmd {
	return leader(exec.CommandContext(ctx, name, args...))
}

func leader(cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// Run runs a command of Command or CommandContext to its end.
func Run(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = Attr()
	return cmd.Run()
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
		cmd.SysProcAttr = Attr()
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
