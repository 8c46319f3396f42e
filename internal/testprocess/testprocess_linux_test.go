package testprocess_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testprocess"
)

const parent = "TEST_PARENT" // in the environment of a test program that is killed: what it starts

// A test program that is killed takes its children with it, those in namespaces too.
func TestChildrenEndWithTheTestProgram(t *testing.T) {
	if command := strings.Split(os.Getenv(parent), "\n"); command[0] != "" {
		p := testprocess.Start(t, testprocess.Command(command[0], command[1:]...))
		fmt.Println("pid", p.Pid)
		<-p.Ended()
		return
	}
	for name, command := range map[string][]string{
		"sleep":          {"sleep", "60"},
		"in a namespace": {"unshare", "--map-root-user", "--net", "sh", "-ec", "exec sleep 60"},
	} {
		t.Run(name, func(t *testing.T) {
			if command[0] == "unshare" && exec.Command(command[0], "--map-root-user", "--net", "true").Run() != nil {
				t.Skip("network namespaces cannot be made here")
			}
			program := exec.Command(os.Args[0], "-test.run", "^TestChildrenEndWithTheTestProgram$")
			program.Env = append(os.Environ(), parent+"="+strings.Join(command, "\n"))
			out, err := program.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, program.Start())
			line, err := bufio.NewReader(out).ReadString('\n')
			require.NoError(t, err)
			child, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(line, "pid ")))
			require.NoError(t, err, line)
			require.True(t, runs(child))
			require.Eventually(t, func() bool {
				name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", child))
				return err == nil && string(name) == "sleep\n"
			}, 10*time.Second, 10*time.Millisecond, "it does not come to its sleep")

			require.NoError(t, program.Process.Kill())
			require.Error(t, program.Wait())
			require.Eventually(t, func() bool { return !runs(child) }, 10*time.Second, 10*time.Millisecond)
		})
	}
}

// runs reports whether a process exists and is no zombie, which its new parent may take a while to reap.
func runs(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(stat), ") ") // proc(5)
	return err == nil && !strings.HasPrefix(state, "Z")
}

func TestStartedProcessIsKilled(t *testing.T) {
	p := testprocess.Start(t, testprocess.Command("sh", "-c", "sleep 60 & wait"))
	p.Kill()
	<-p.Ended()
	require.Error(t, p.Err())
	require.ErrorIs(t, syscall.Kill(p.Pid, 0), syscall.ESRCH)
	p.Kill() // again, as the end of the test does
}
