package ffmpeg_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/internal/ffmpeg"
)

func TestMain(m *testing.M) {
	if os.Getenv("FFMPEG_TEST_PARENT") != "" {
		parent()
		return
	}
	goleak.VerifyTestMain(m)
}

// parent runs in a process of its own: it starts a child, says its id and waits to be killed.
func parent() {
	p, err := ffmpeg.Start("ffmpeg", 1, "-f", "s16le", "-i", ffmpeg.Pipe(0), "-f", "null", "-")
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString(strconv.Itoa(p.PID()) + "\n")
	select {}
}

func TestAnOutputBeside(t *testing.T) {
	p, err := ffmpeg.StartBeside("ffmpeg", 1, "-f", "s16le", "-ar", "48000", "-i", ffmpeg.Pipe(0),
		"-f", "s16le", "pipe:1", "-ar", "24000", "-f", "s16le", ffmpeg.Pipe(1))
	require.NoError(t, err)
	defer p.Close()
	_, err = p.In[0].Write(make([]byte, 9600))
	require.NoError(t, err)
	require.NoError(t, p.In[0].Close())
	out, err := io.ReadAll(p.Out)
	require.NoError(t, err)
	require.Len(t, out, 9600)
	beside, err := io.ReadAll(p.Beside)
	require.NoError(t, err)
	require.InDelta(t, 4800, len(beside), 200)
}

func TestTwoInputsOneOutput(t *testing.T) {
	p, err := ffmpeg.Start("ffmpeg", 2,
		"-f", "s16le", "-ar", "48000", "-i", ffmpeg.Pipe(0), "-f", "s16le", "-ar", "48000", "-i", ffmpeg.Pipe(1),
		"-filter_complex", "amerge=inputs=2", "-f", "s16le", "pipe:1")
	require.NoError(t, err)
	defer p.Close()
	for i, in := range p.In {
		go func() {
			_, _ = in.Write([]byte(strings.Repeat(string([]byte{byte(i + 1), 0}), 4800)))
			_ = in.Close()
		}()
	}
	out, err := io.ReadAll(p.Out)
	require.NoError(t, err)
	require.Len(t, out, 2*2*4800)
	require.Equal(t, []byte{1, 0, 2, 0}, out[:4])
	<-p.Done()
	require.NoError(t, p.Err())
}

func TestDied(t *testing.T) {
	p, err := ffmpeg.Start("ffmpeg", 0, "-f", "flv", "-i", "rtmp://127.0.0.1:1/live/secretkey", "-f", "null", "-")
	require.NoError(t, err)
	defer p.Close()
	<-p.Done()
	var died *ffmpeg.DiedError
	require.ErrorAs(t, p.Err(), &died)
	require.Equal(t, 1, died.Exit)
	require.Empty(t, died.Signal)
	require.NotContains(t, died.Error(), "secretkey")
	require.Contains(t, died.LastWords, "rtmp://[redacted]")
	require.NotContains(t, died.LastWords, "\n")
}

func TestCloseEndsAStoppedChildWithoutZombie(t *testing.T) {
	p, err := ffmpeg.Start("ffmpeg", 1, "-f", "s16le", "-i", ffmpeg.Pipe(0), "-f", "null", "-")
	require.NoError(t, err)
	group, err := syscall.Getpgid(p.PID())
	require.NoError(t, err)
	require.Equal(t, p.PID(), group)
	require.NoError(t, syscall.Kill(p.PID(), syscall.SIGSTOP))
	p.Close()
	require.ErrorIs(t, syscall.Kill(p.PID(), 0), syscall.ESRCH)
	var died *ffmpeg.DiedError
	require.ErrorAs(t, p.Err(), &died)
	require.Equal(t, "SIGKILL", died.Signal)
	p.Kill() // its id is nobody's; nothing happens
}

func TestChildDiesWithItsParent(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "FFMPEG_TEST_PARENT=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, 0))
	// A child that cannot even notice the end of its input.
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool {
		stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		return err != nil || strings.Contains(string(stat), ") Z ") // whoever adopted it may be slow to bury it
	}, 5*time.Second, 5*time.Millisecond)
}

func TestProbe(t *testing.T) {
	b, err := ffmpeg.Probe(t.Context(), "ffmpeg")
	require.NoError(t, err)
	require.NotEmpty(t, b.Version)
	require.True(t, filepath.IsAbs(b.Path))
	require.NoError(t, b.Require("libx264", "aac"))
	var missing *ffmpeg.MissingEncoderError
	require.ErrorAs(t, b.Require("aac", "nosuch"), &missing)
	require.Equal(t, "nosuch", missing.Name)

	again, err := ffmpeg.Probe(t.Context(), "ffmpeg")
	require.NoError(t, err)
	require.Same(t, b, again)
}

func TestProbeFails(t *testing.T) {
	var missing *ffmpeg.NotFoundError
	for _, path := range []string{"", "/nonexistent", "no-such-program"} {
		_, err := ffmpeg.Probe(t.Context(), path)
		require.ErrorAs(t, err, &missing, path)
	}
	var unusable *ffmpeg.UnusableError
	for _, path := range []string{"/bin/true", "/bin/false"} {
		_, err := ffmpeg.Probe(t.Context(), path)
		require.ErrorAs(t, err, &unusable, path)
	}
}

func TestStartOfWhatIsNoProgram(t *testing.T) {
	text := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(text, []byte("not a program"), 0o700)) // on purpose
	_, err := ffmpeg.Start("/nonexistent", 2)
	var missing *ffmpeg.NotFoundError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "/nonexistent", missing.Path)
	_, err = ffmpeg.Start(text, 2)
	var unusable *ffmpeg.UnusableError
	require.ErrorAs(t, err, &unusable)
	require.Equal(t, text, unusable.Path)
}

// A child can gain no rights, and takes no more than what is needed.
func TestChildLimits(t *testing.T) {
	path, _ := script(t, "cat /proc/self/status /proc/self/limits; exec cat")
	p, err := ffmpeg.StartBeside(path, 1)
	require.NoError(t, err)
	defer p.Close()
	require.NoError(t, p.In[0].Close())
	<-p.Done()
	out, err := io.ReadAll(p.Out)
	require.NoError(t, err)
	require.Regexp(t, `NoNewPrivs:\s+1`, string(out))
	require.Regexp(t, `Seccomp:\s+2`, string(out), "a filter of system calls")
	require.Regexp(t, `Max open files\s+64\s+64 `, string(out))
	require.Regexp(t, `Max address space\s+2147483648\s+2147483648 `, string(out))
	require.Regexp(t, `Max core file size\s+0\s+0 `, string(out))
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", os.Getpid()))
	require.NoError(t, err)
	require.NotRegexp(t, `Max open files\s+64 `, string(limits), "this process is as it was")
}
