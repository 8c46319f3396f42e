package clients

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
)

// startSound starts a sound system with an output that nobody hears, for what the test starts after it: without an
// output no AudioContext of Firefox runs.
func startSound(t *testing.T) {
	t.Helper()
	path, err := exec.LookPath("pulseaudio")
	require.NoError(t, err, "this test needs Debian's pulseaudio")
	dir := t.TempDir()
	socket := filepath.Join(dir, "native")
	command := testprocess.Command(path, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"--log-level=error", "--load=module-native-protocol-unix auth-anonymous=1 socket="+socket, "--load=module-null-sink")
	command.Env = append(os.Environ(), "HOME="+dir, "XDG_RUNTIME_DIR="+dir, "PULSE_RUNTIME_PATH="+dir)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // killed
	})
	require.Eventually(t, func() bool {
		_, err := os.Stat(socket)
		return err == nil
	}, timeout, 10*time.Millisecond)
	t.Setenv("PULSE_SERVER", "unix:"+socket)
}

// toldFault is a fault as the timeline of the account has it.
type toldFault struct {
	fault.Error
	Browser   string
	ClearedAt *time.Time
}

// awaitTold waits until the server knows a fault of a participant, and with over that it is over. It does not touch the
// page, for which that would be an act of its user.
func awaitTold(t *testing.T, h *testserver.Server, token, participant, reason string, over bool) (found toldFault) {
	t.Helper()
	require.Eventually(t, func() bool {
		status, answer := h.REST(t, token, http.MethodGet, "/v2/faults?participantId="+participant+"&reason="+reason, nil)
		var page struct{ Data []toldFault }
		if status != http.StatusOK || json.Unmarshal(answer, &page) != nil || len(page.Data) == 0 {
			return false
		}
		require.Len(t, page.Data, 1, "it is told once")
		found = page.Data[0]
		return !over || found.ClearedAt != nil
	}, 90*time.Second, 200*time.Millisecond, "%s, over: %v", reason, over)
	require.True(t, strings.HasPrefix(found.Browser, "Firefox/"), found.Browser)
	return found
}

// silentAndBlack publishes a microphone of zeros and a black camera, until loud and bright are called.
const silentAndBlack = `(async () => {
  const { VideoSDK } = await import("/sdk/klatch.mjs");
  VideoSDK.config(%q, { serverUrl: location.origin });
  const meeting = window.meeting = VideoSDK.initMeeting({ meetingId: %q, participantId: "ann", name: "Ann",
    micEnabled: false, webcamEnabled: false });
  await meeting.join();
  const context = new AudioContext(), hum = context.createOscillator(), out = context.createMediaStreamDestination();
  const gain = context.createGain();
  gain.gain.value = 0;
  hum.connect(gain).connect(out);
  hum.start();
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 }), pen = canvas.getContext("2d");
  let color = "black";
  setInterval(() => { pen.fillStyle = color; pen.fillRect(0, 0, 640, 360); }, 40);
  window.loud = () => { gain.gain.value = 0.5; };
  window.bright = () => { color = "white"; };
  await meeting.unmuteMic(out.stream);
  await meeting.enableWebcam(canvas.captureStream(25));
  return "on";
})()`

// What the SDK finds on a device is found in Firefox too, told to the server, and over when its cause is.
func TestDiagnosesInFirefox(t *testing.T) {
	startSound(t)
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	page := testbrowser.OpenFirefox(t).Page(t, h.URL+"/")
	page.Eval(fmt.Sprintf(silentAndBlack, token, room), nil)
	awaitTold(t, h, token, "ann", "SILENT_MICROPHONE", false)
	black := awaitTold(t, h, token, "ann", "BLACK_CAMERA", false)
	require.Zero(t, black.Details["brightest"])
	page.Eval("(loud(), bright(), true)", nil)
	awaitTold(t, h, token, "ann", "SILENT_MICROPHONE", true)
	awaitTold(t, h, token, "ann", "BLACK_CAMERA", true)

	// No script of the page runs for a while: one of them takes all the time.
	page.Eval("void setTimeout(() => { for (const end = Date.now() + 11_000; Date.now() < end; ); }, 100)", nil)
	suspended := awaitTold(t, h, token, "ann", "TAB_SUSPENDED", false)
	require.Greater(t, suspended.Details["forMs"], 10_000.0)
	awaitTold(t, h, token, "ann", "TAB_SUSPENDED", true)
}

// playsSound plays what a participant sends, as a page does that nobody has touched.
const playsSound = `(async () => {
  if (location.pathname !== "/") return;
  const { VideoSDK } = await import("/sdk/klatch.mjs");
  VideoSDK.config(%q, { serverUrl: location.origin });
  const meeting = VideoSDK.initMeeting({ meetingId: %q, participantId: "eve", name: "Eve", micEnabled: false,
    webcamEnabled: false });
  await meeting.join();
  const sound = () => [...meeting.participants.values()].map((p) => p.stream("audio")?.track).find((track) => track);
  while (!sound()) await new Promise((done) => setTimeout(done, 50));
  const element = window.element = document.body.appendChild(document.createElement("audio"));
  element.autoplay = true;
  element.srcObject = new MediaStream([sound()]);
})()`

func TestAutoplayBlockedInFirefox(t *testing.T) {
	h := open(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	joinViewer(t, h.URL, room, token)
	// As Firefox comes: sound needs an act of the user. Permission to record would be one.
	firefox := testbrowser.OpenFirefox(t, testbrowser.Pref{Name: "media.autoplay.default", Value: 1})
	page := firefox.Page(t, h.URL+"/", fmt.Sprintf(playsSound, token, room))
	blocked := awaitTold(t, h, token, "eve", "AUTOPLAY_BLOCKED", false)
	require.Equal(t, "audio", blocked.Details["kind"])
	page.Eval("element.play().then(() => true)", nil) // with an act of the user
	awaitTold(t, h, token, "eve", "AUTOPLAY_BLOCKED", true)
}
