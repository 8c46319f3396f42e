package faults

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// systemDevices is the socket of the sound server whose microphone the browser uses.
var systemDevices string

// systemFlags runs a sound server with a microphone, which hums, and has the browser use it.
func systemFlags(t *testing.T) []string {
	t.Helper()
	path, err := exec.LookPath("pulseaudio")
	require.NoError(t, err, "this scenario needs Debian's pulseaudio")
	dir := t.TempDir()
	systemDevices = filepath.Join(dir, "socket")
	command := exec.Command(path, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-level=error",
		"--load=module-native-protocol-unix auth-anonymous=1 socket="+systemDevices,
		"--load=module-sine-source source_name=microphone", "--load=module-null-sink")
	command.Env = append(os.Environ(), "HOME="+dir, "XDG_RUNTIME_DIR="+dir, "PULSE_RUNTIME_PATH="+dir)
	var log bytes.Buffer
	command.Stdout, command.Stderr = &log, &log
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // killed
		if t.Failed() {
			t.Logf("the sound server: %s", log.String())
		}
	})
	require.Eventually(t, func() bool {
		_, err := os.Stat(systemDevices)
		return err == nil
	}, testserver.Timeout, 5*time.Millisecond, "the sound server does not listen")
	return []string{"$PULSE_SERVER=unix:" + systemDevices, "use-fake-ui-for-media-stream"}
}

// muteMicrophone mutes the microphone as a key of the keyboard or the desktop's mixer does, or unmutes it.
func muteMicrophone(t testing.TB, muted bool) {
	t.Helper()
	command := exec.Command("pactl", "set-source-mute", "microphone", strconv.FormatBool(muted))
	command.Env = append(os.Environ(), "PULSE_SERVER=unix:"+systemDevices)
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
}

var systemScenarios = pageScenarios{
	"3012.MUTED_BY_SYSTEM": func(p *tab) {
		p.navigate("/")
		seen := p.publishesDevice(sdk.Audio, "unmuteMic()")
		began := time.Now()
		muteMicrophone(p, true)
		f := p.awaitEvent()
		require.Less(p, time.Since(began), 10*time.Second)
		require.Equal(p, "audio", f.Details["kind"])
		require.Equal(p, "live, muted", f.Details["trackState"])
		p.checkEvent(f)
		p.isOffUntil(seen, f, func() { muteMicrophone(p, false) })
	},
}

// stopCamera stops the process in which the browser reads cameras, or lets it run again: no picture comes meanwhile, as
// from a driver that hangs.
func stopCamera(p *tab, stopped bool) {
	p.Helper()
	signal := unix.SIGCONT
	if stopped {
		signal = unix.SIGSTOP
	}
	info, err := chromedp.CallBrowser(p.ctx, systeminfo.GetProcessInfo, cdp.Empty{})
	require.NoError(p, err)
	found := 0
	for _, process := range info.ProcessInfo {
		pid := int(process.ID)
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // it may have ended
		if bytes.Contains(line, []byte("video_capture.mojom.VideoCaptureService")) {
			require.NoError(p, unix.Kill(pid, signal))
			found++
		}
	}
	require.Equal(p, 1, found, "processes that read cameras")
}

// publishesDevice joins and publishes from a device, and returns a function that reports whether somebody else sees the
// stream, after media of it has arrived there.
func (p *tab) publishesDevice(kind sdk.Kind, start string) (seen func() bool) {
	p.Helper()
	p.joins("ann")
	bob := p.client(p.Server.URL, p.Account().Token(p), p.meeting, nil)
	require.NoError(p, bob.Join(p.Context()))
	p.run("meeting."+start+".then(() => true)", nil)
	seen = func() bool { a := bob.Participant("ann"); return a != nil && a.Stream(kind) != nil }
	require.Eventually(p, seen, testserver.Timeout, 5*time.Millisecond)
	_, err := bob.Participant("ann").Stream(kind).ReadRTP(p.Context())
	require.NoError(p, err)
	p.waits()
	return seen
}

// isOffUntil requires a stream that is off for others, and on again when what a fault reports is over.
func (p *tab) isOffUntil(seen func() bool, f *fault.Error, mend func()) {
	p.Helper()
	require.Eventually(p, func() bool {
		return !seen()
	}, testserver.Timeout, 5*time.Millisecond, "others see the stream on")
	p.clears(f, mend)
	require.Eventually(p, seen, testserver.Timeout, 5*time.Millisecond, "others do not see the stream on again")
}

// hangingCamera publishes from a camera from which no more pictures come.
func (p *tab) hangingCamera() {
	p.navigate("/")
	p.setPermission(granted, "camera")
	seen := p.publishesDevice(sdk.Video, "enableWebcam()")
	began := time.Now()
	stopCamera(p, true)
	mend := sync.OnceFunc(func() { stopCamera(p, false) })
	defer mend()
	f := p.awaitEvent()
	require.Less(p, time.Since(began), 13*time.Second) // and a look each second, of a busy browser
	p.isOffUntil(seen, f, mend)
}
