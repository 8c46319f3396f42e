package clients

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// checks of a healthy network that has a relay.
var allChecks = []string{"camera", "microphone", "speaker", "signaling", "udp", "tcp", "turn", "network"}

// preCallPage runs tests in a page, with the SDK as it is served, and keeps in `ran` what they come to.
const preCallPage = `(async (token, server, options, stopAt) => {
  const { VideoSDK, PreCallTestError } = await import("/sdk/klatch.mjs");
  VideoSDK.config(token, { serverUrl: server });
  VideoSDK.setLogLevel("WARN");
  const seen = [], stats = [];
  const test = VideoSDK.runPreCallTest({ token, ...options, onStatsChange: (s) => stats.push(s), onCheckChange: (check) => {
    seen.push(check.name + " " + check.status);
    if (stopAt === check.name + " " + check.status) test.stop();
  } });
  window.ran = await test.then((result) => {
    const live = [result.camera, result.microphone].flatMap((one) => one?.track?.getTracks() ?? [])
      .filter((track) => track.readyState === "live").length;
    return { ...result, camera: { ...result.camera, track: undefined }, microphone: { ...result.microphone, track: undefined },
      network: undefined, live, seen, stats: stats.length };
  }, (error) => ({ rejected: error instanceof PreCallTestError, code: error.code, fault: error.fault, seen }));
  return window.ran;
})`

type preCallResult struct {
	Aborted      bool
	TestDuration int
	Camera       struct {
		Status            bool
		CaptureResolution string
	}
	Microphone     struct{ Status bool }
	NetworkQuality *struct {
		Uplink, Downlink struct {
			Quality      int
			Audio, Video struct{ Bitrate, BytesSent, BytesReceived float64 }
		}
	}
	Checks []struct {
		Name, Status string
		Values       map[string]float64
		Fault        *fault.Error
	}
	ReportID string
	Live     int // tracks that are left open
	Seen     []string
	Stats    int

	Rejected bool
	Code     string
	Fault    fault.Error
}

func (r preCallResult) status(check string) string {
	for _, c := range r.Checks {
		if c.Name == check {
			return c.Status
		}
	}
	return "missing"
}

func runPreCall(page *testbrowser.Page, token, server, options, stopAt string) (r preCallResult) {
	page.Eval(fmt.Sprintf("%s(%q, %q, %s, %q)", preCallPage, token, server, options, stopAt), &r)
	return r
}

func TestPreCall(t *testing.T) {
	withTURN := func(c *conf.Config) { c.TURN.Enabled, c.TURN.Address = true, ":0" }
	h := open(t, withTURN)
	account := h.Account(t, nil)
	token := account.Token(t, "ask_join")
	t.Run("firefox", func(t *testing.T) {
		t.Parallel()
		h := open(t) // no relay: that check is left out
		account := h.Account(t, nil)
		token := account.Token(t, "ask_join")
		page := testbrowser.OpenFirefox(t).Page(t, h.URL+"/")
		r := runPreCall(page, token, h.URL, "{ samplingDuration: 10000, speakerHeard: true }", "")
		requireHealthy(t, r)
		requireReport(t, h, account, r.ReportID, "passed")
		requireNoSession(t, h, account)
	})
	t.Run("chromium", func(t *testing.T) {
		t.Parallel()
		b := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
		page := b.Page(t, h.URL+"/")
		r := runPreCall(page, token, h.URL, "{}", "udp passed")
		require.True(t, r.Aborted, r.Seen)
		require.Nil(t, r.NetworkQuality)
		require.Zero(t, r.Live, "what the test has opened is closed")
		require.Contains(t, []string{"aborted", "missing"}, r.status("tcp"))
		requireReport(t, h, account, r.ReportID, "aborted")
		r = runPreCall(page, token, h.URL, `{ videoTrack: (() => {
			const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
			canvas.getContext("2d").fillRect(0, 0, 9, 9);
			return canvas.captureStream(5);
		})() }`, "microphone passed")
		require.Equal(t, "320x180", r.Camera.CaptureResolution, "a track of the page is tested in place of the camera")
		for parameter, options := range map[string]string{
			"samplingDuration":       "{ samplingDuration: 9999 }",
			"samplingDuraton":        "{ samplingDuraton: 10000 }",
			"videoConfig":            "{ audioOnly: true, videoConfig: {} }",
			"videoTrack":             "{ audioOnly: true, videoTrack: new MediaStream() }",
			"videoConfig.resolution": "{ videoConfig: { resolution: 1 } }",
			"audioConfig":            "{ audioTrack: new MediaStream(), audioConfig: {} }",
		} {
			r := runPreCall(page, token, h.URL, options, "")
			require.True(t, r.Rejected)
			require.Equal(t, "ERROR_PRECALL_INVALID_CONFIG", r.Code)
			require.Equal(t, 3073, r.Fault.Code)
			require.Equal(t, parameter, r.Fault.Details["parameter"])
		}
		r = runPreCall(page, token[:len(token)-4]+"AAAA", h.URL, "{}", "")
		require.Equal(t, "ERROR_PRECALL_INVALID_TOKEN", r.Code)
		require.Equal(t, "SIGNATURE_MISMATCH", r.Fault.Reason)
		onThePage(t, b, h, account, token)
	})
}

// requireNoSession sees that no session is recorded of a test.
func requireNoSession(t *testing.T, h *testserver.Server, of testserver.Account) {
	t.Helper()
	_, sessions := h.REST(t, of.Token(t), http.MethodGet, "/v2/sessions", nil)
	require.Contains(t, string(sessions), `"total":0`)
}

func requireHealthy(t *testing.T, r preCallResult) {
	t.Helper()
	require.False(t, r.Rejected, "%s %s", r.Code, r.Fault.Detail)
	require.False(t, r.Aborted)
	require.Equal(t, "skipped", r.status("turn"), "the server has no relay")
	for _, check := range slices.DeleteFunc(slices.Clone(allChecks), func(c string) bool { return c == "turn" }) {
		require.Equal(t, "passed", r.status(check), "%s: %+v", check, r.Checks)
		require.Contains(t, r.Seen, check+" running")
	}
	require.True(t, r.Camera.Status && r.Microphone.Status)
	require.Equal(t, 2, r.Live, "the tested tracks stay open")
	require.GreaterOrEqual(t, r.TestDuration, 10_000)
	require.GreaterOrEqual(t, r.Stats, 5)
	up, down := r.NetworkQuality.Uplink, r.NetworkQuality.Downlink
	require.Positive(t, up.Quality)
	require.Positive(t, down.Quality)
	for _, rate := range []float64{up.Audio.Bitrate, up.Video.Bitrate, down.Audio.Bitrate, down.Video.Bitrate} {
		require.Greater(t, rate, 1000.0)
	}
	require.Positive(t, up.Video.BytesSent)
	require.Positive(t, down.Video.BytesReceived)
	for _, c := range r.Checks {
		if c.Name == "udp" || c.Name == "tcp" || c.Name == "signaling" {
			require.Positive(t, c.Values["connectMs"], c.Name)
		}
	}
}

// requireReport reads the report of a test, which its account alone may.
func requireReport(t *testing.T, h *testserver.Server, of testserver.Account, id, outcome string) {
	t.Helper()
	require.NotEmpty(t, id, "the server has kept no report")
	path := "/v2/pre-call-tests/" + id
	status, answer := h.REST(t, of.Token(t), http.MethodGet, path, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	var report struct {
		Outcome string
		Checks  []struct{ Name string }
	}
	require.NoError(t, json.Unmarshal(answer, &report))
	require.Equal(t, outcome, report.Outcome)
	require.NotEmpty(t, report.Checks)
	status, answer = h.REST(t, h.Account(t, nil).Token(t), http.MethodGet, path, nil)
	require.Equal(t, "PRE_CALL_TEST", testserver.Refused(t, status, answer).Reason)
}

// axe is the accessibility checker of the web workspace.
const axe = "../../web/node_modules/axe-core/axe.min.js"

// onThePage makes a test on the page as a person does.
func onThePage(
	t *testing.T, b *testbrowser.Browser, h *testserver.Server, account testserver.Account, token string,
) {
	t.Helper()
	page := b.Page(t, h.URL+"/test/#token="+token)
	accessible := func(at string, dark, phone bool) {
		t.Helper()
		page.Look(1280, 900, dark, false)
		if phone {
			page.Look(390, 844, dark, true)
		}
		var violations string
		require.Eventually(t, func() bool { // colors change over a moment
			page.Eval(`axe.run().then((r) => r.violations.map((v) => v.id + " " + v.nodes.map((n) => n.html)).join("\n"))`,
				&violations)
			return violations == ""
		}, 5*time.Second, 200*time.Millisecond, "%s: %v", at, &violations)
		var wide bool
		page.Eval(`document.documentElement.scrollWidth > innerWidth`, &wide)
		require.False(t, wide, "%s is wider than the window", at)
		page.Screenshot("precall-" + at)
	}
	page.Until("the page is there", `document.querySelector('[data-testid="test-start"]')`)
	script, err := os.ReadFile(axe)
	require.NoError(t, err)
	page.Eval(string(script)+"; 0", nil) // the policy of the page does not bind the debugger
	var address string
	page.Eval("location.href", &address)
	require.NotContains(t, address, token, "the token has left the address")
	accessible("start", false, false)
	accessible("start-phone-dark", true, true)
	page.Click(testbrowser.TestID("test-tone"))
	page.Click(testbrowser.TestID("test-heard"))
	page.Press("\t") // to No
	page.Press("\t") // to the camera
	page.Press("\t") // to the start
	page.Press("\r")
	page.Until("media flow", `document.querySelector('[data-testid="check-network"] progress')`)
	accessible("running-phone", false, true)
	page.UntilIn(time.Minute, "there is an outcome", `document.querySelector('[data-testid="test-outcome"]')`)
	for _, check := range allChecks {
		var status string
		page.Eval(fmt.Sprintf(`document.querySelector('[data-testid="check-%s"]').dataset.status`, check), &status)
		require.Equal(t, "passed", status, check)
	}
	accessible("done", false, false)
	accessible("done-phone-dark", true, true)
	requireReport(t, h, account, strings.TrimSpace(page.Text(testbrowser.TestID("test-report"))), "passed")
	require.NotContains(t, page.Console(), "Content Security Policy")
}
