package sandbox_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/sandbox"
)

func TestLimitsOfAChild(t *testing.T) {
	child := exec.Command("cat")
	stdin, err := child.StdinPipe()
	require.NoError(t, err)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // it ends with this goroutine
		sandbox.DropPrivileges()
		started <- child.Start()
	}()
	require.NoError(t, <-started)
	defer func() {
		require.NoError(t, stdin.Close())
		require.NoError(t, child.Wait())
	}()
	sandbox.Limit(child.Process.Pid, sandbox.Limits{Files: 40, Addresses: 1 << 30})

	read := func(pid int, file string) string {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
		require.NoError(t, err)
		return string(text)
	}
	limits := read(child.Process.Pid, "limits")
	require.Regexp(t, `Max open files\s+40\s+40 `, limits)
	require.Regexp(t, `Max core file size\s+0\s+0 `, limits)
	require.Regexp(t, `Max address space\s+1073741824\s+1073741824 `, limits)
	require.Regexp(t, `NoNewPrivs:\s+1`, read(child.Process.Pid, "status"))
	require.NotRegexp(t, `Max open files\s+40 `, read(os.Getpid(), "limits"), "this process is as it was")
}
