package published

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// TestSamples runs the public samples of the published SDK, unmodified: only the hosts in their addresses are changed.
// They are no part of this repository; SAMPLES names a directory with checkouts of
// github.com/videosdk-live/quickstart and videosdk-rtc-javascript-sdk-example, and SAMPLE_SCRIPTS one with
// hls.js and jquery-3.4.1.slim.min.js, which the samples load from elsewhere:
//
//	SAMPLES=~/samples SAMPLE_SCRIPTS=~/scripts go test -v -run TestSamples/chromium/js-rtc ./e2e/published
func TestSamples(t *testing.T) {
	root := os.Getenv("SAMPLES")
	if root == "" {
		t.Skip("SAMPLES names no directory with the public samples")
	}
	server := testserver.Start(t, func(c *conf.Config) { c.Media.UDPAddress, c.Media.TCPAddress = ":0", ":0" })
	account := server.Account(t, nil)
	samples := map[string]struct {
		dir string
		run func(t *testing.T, s sample)
	}{
		"js-rtc":     {"quickstart/js-rtc", twoInQuickStart},
		"js-lobby":   {"quickstart/js-waiting-lobby-rtc", lobby},
		"js-hls":     {"quickstart/js-hls", hls},
		"js-ils":     {"quickstart/interactive-live-streaming/js-ils", interactive},
		"angular-js": {"quickstart/angular-rtc/videosdk_angular_js_quickstart", angular},
		"js-example": {"videosdk-rtc-javascript-sdk-example", example},
	}
	for _, name := range []string{"chromium", "firefox"} {
		t.Run(name, func(t *testing.T) {
			var browser *testbrowser.Browser
			if name == "chromium" {
				browser = testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
			} else {
				browser = testbrowser.OpenFirefox(t)
			}
			for sampleName, s := range samples {
				t.Run(sampleName, func(t *testing.T) {
					url := serveSample(t, filepath.Join(root, s.dir), server.URL, account)
					s.run(t, sample{browser, url})
				})
			}
		})
	}
}

type sample struct {
	browser *testbrowser.Browser
	url     string
}

func (s sample) open(t *testing.T) *testbrowser.Page {
	t.Helper()
	page := s.browser.Page(t, s.url+"/", testbrowser.RecordConnections)
	t.Cleanup(func() { t.Logf("console of %s:\n%s", s.url, page.Console()) })
	return page
}

// serveSample serves a sample with the two hosts of the published service replaced, and its config.js written.
func serveSample(t *testing.T, dir, server string, account testserver.Account) string {
	t.Helper()
	_, err := os.Stat(filepath.Join(dir, "index.html"))
	require.NoError(t, err)
	hosts := strings.NewReplacer(
		"https://sdk.videosdk.live", server, "https://api.videosdk.live", server,
		"https://cdn.jsdelivr.net/npm/hls.js", "/scripts/hls.js",
		"https://code.jquery.com/", "/scripts/",
	)
	all := account.Token(t)
	config := fmt.Sprintf("TOKEN = %q; HOST_TOKEN = %q; GUEST_TOKEN = %q; AUTH_URL = \"\";\n", all, all,
		account.Token(t, "ask_join"))
	if strings.Contains(dir, "angular") {
		config = fmt.Sprintf("angular.module(\"config\", []).constant(\"ENV\", { token: %q });\n", all)
	}
	files := http.FileServer(http.Dir(dir))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "index.html"
		}
		if script, ok := strings.CutPrefix(name, "scripts/"); ok {
			http.ServeFile(w, r, filepath.Join(os.Getenv("SAMPLE_SCRIPTS"), script))
			return
		}
		text := config
		if name != "config.js" {
			raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil || !strings.HasSuffix(name, ".js") && !strings.HasSuffix(name, ".html") {
				files.ServeHTTP(w, r)
				return
			}
			text = hosts.Replace(string(raw))
		}
		kind := "text/html; charset=utf-8"
		if strings.HasSuffix(name, ".js") {
			kind = "text/javascript; charset=utf-8"
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// playing is the number of videos of the page whose pictures move.
const playing = `(async () => {
  const all = () => [...document.querySelectorAll("video")].filter((v) => v.videoWidth > 0 && getComputedStyle(v).display !== "none");
  const before = new Map(all().map((v) => [v, v.currentTime]));
  await new Promise((done) => setTimeout(done, 400));
  return all().filter((v) => v.currentTime > before.get(v)).length;
})()`

func awaitPlaying(page *testbrowser.Page, n int) {
	page.Until(fmt.Sprintf("%d videos play", n), fmt.Sprintf("%s.then((n) => n === %d)", playing, n))
}

// enterQuickStart makes a meeting on one page and joins it on another.
func enterQuickStart(t *testing.T, s sample, heading, create, field, join string) (ann, bob *testbrowser.Page) {
	t.Helper()
	ann, bob = s.open(t), s.open(t)
	ann.Click(create)
	ann.Until("there is an id", fmt.Sprintf(
		`/ [0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}/.test(document.querySelector(%q).textContent)`, heading))
	bob.Type(field, ann.Text(heading)[strings.LastIndex(ann.Text(heading), " ")+1:])
	bob.Click(join)
	return ann, bob
}

func twoInQuickStart(t *testing.T, s sample) {
	ann, bob := enterQuickStart(t, s, "#meetingIdHeading", "#createMeetingBtn", "#meetingIdTxt", "#joinBtn")
	seeAndToggle(ann, bob)
	bob.Click("#leaveBtn")
	awaitPlaying(ann, 1)
}

// seeAndToggle sees that both see and hear each other and themselves, and uses the buttons of the quick starts.
func seeAndToggle(ann, bob *testbrowser.Page) {
	for _, page := range []*testbrowser.Page{ann, bob} {
		awaitPlaying(page, 2) // the own one, and the other
		page.AwaitVideos(1)
		page.AwaitAudio(1)
	}
	ann.Click("#toggleWebCamBtn")
	bob.AwaitVideos(0)
	ann.Click("#toggleWebCamBtn")
	bob.AwaitVideos(1)
	awaitPlaying(ann, 2)
	ann.Click("#toggleMicBtn")
	bob.AwaitAudio(0)
	ann.Click("#toggleMicBtn")
	bob.AwaitAudio(1)
}

func lobby(t *testing.T, s sample) {
	ann, bob := enterQuickStart(t, s, "#meetingIdHeading", "#createMeetingBtn", "#meetingIdTxt", "#joinGuestBtn")
	ann.Click(`[id^="denyButton-"]`)
	ann.Until("the request is gone", `!document.querySelector('[id^="denyButton-"]')`)
	again := s.open(t)
	again.Type("#meetingIdTxt", ann.Text("#meetingIdHeading")[len("Meeting Id: "):])
	again.Click("#joinGuestBtn")
	// The page lists the one who was denied again: its filter keeps whom it should drop.
	ann.Until("somebody waits", `document.querySelectorAll('[id^="allowButton-"]').length >= 1`)
	ann.Eval(`[...document.querySelectorAll('[id^="allowButton-"]')].at(-1).click()`, nil)
	seeAndToggle(ann, again)
	bob.Until("the one who was denied is out",
		`getComputedStyle(document.querySelector("#grid-screen")).display === "none"`)
}

func hls(t *testing.T, s sample) {
	ann, bob := enterQuickStart(t, s, "#meetingIdHeading", "#createMeetingBtn", "#meetingIdTxt", "#joinHostBtn")
	ann.Click("#toggleWebCamBtn")
	ann.Click("#toggleMicBtn")
	awaitPlaying(bob, 1) // of another host: the page compares the mode with CONFERENCE
	bob.AwaitAudio(1)
	viewer := s.open(t)
	viewer.Type("#meetingIdTxt", ann.Text("#meetingIdHeading")[len("Meeting Id: "):])
	viewer.Click("#joinViewerBtn")
	viewer.Until("it says that there is none",
		`document.querySelector("#hlsStatusHeading").textContent.includes("HLS has not")`)
	ann.Click("#startHlsBtn")
	awaitPlaying(viewer, 1)
	ann.Click("#stopHlsBtn")
	viewer.Until("the player is gone", `!document.querySelector("video")`)
	ann.Until("it has stopped", `document.querySelector("#hlsStatusHeading").textContent.includes("HLS_STOPPED")`)
}

func interactive(t *testing.T, s sample) {
	ann, bob := enterQuickStart(t, s, "#heading", "#createLiveStreamBtn", "#streamIdText", "#joinHostBtn")
	seeAndToggle(ann, bob)
	guest := s.open(t)
	guest.Type("#streamIdText", ann.Text("#heading")[len("Stream Id: "):])
	guest.Click("#joinAudienceBtn")
	awaitPlaying(guest, 2)
	bob.Click("#switchModeBtn")
	awaitPlaying(ann, 1)
	guest.Click("#switchModeBtn")
	awaitPlaying(ann, 1) // the page gives somebody who becomes a host a picture when the camera is switched on
}

func angular(t *testing.T, s sample) {
	ann := s.open(t)
	ann.Click("#meetingStartButton")
	awaitPlaying(ann, 1)
	var id string
	ann.Eval(`angular.element(document.querySelector("#joinPage")).scope().meetingId`, &id)
	bob := s.open(t)
	bob.Type(".text-input", id)
	bob.Click("#meetingJoinButton")
	for _, page := range []*testbrowser.Page{ann, bob} {
		awaitPlaying(page, 2)
		page.AwaitVideos(1)
		page.AwaitAudio(1)
	}
	bob.Eval(`angular.element(document.querySelector("#joinPage")).scope().meeting.disableWebcam()`, nil)
	awaitPlaying(ann, 1)
}

func example(t *testing.T, s sample) {
	ann := s.open(t)
	ann.Until("the camera is on", playing+`.then((n) => n === 1)`)
	ann.Click(`[onclick="joinMeeting(true)"]`)
	ann.Until("there is an id", `/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/.test(document.querySelector("#meetingid").value)`)
	var id string
	ann.Eval(`document.querySelector("#meetingid").value`, &id)
	bob := s.open(t)
	bob.Until("the camera is on", playing+`.then((n) => n === 1)`)
	bob.Eval(fmt.Sprintf(`(() => { showInputFields(); for (const [i, v] of [["joinMeetingId", %q], ["name", "Bob"]]) {
    const e = document.getElementById(i); e.value = v; e.dispatchEvent(new Event("input")); } void joinMeeting(false); })()`, id), nil)
	for _, page := range []*testbrowser.Page{ann, bob} {
		page.AwaitVideos(1)
		page.AwaitAudio(1)
		awaitPlaying(page, 2)
	}
	ann.Eval(`document.querySelector("#main-pg-cam-on").click()`, nil)
	bob.AwaitVideos(0)
	ann.Eval(`document.querySelector("#main-pg-cam-off").click()`, nil)
	bob.AwaitVideos(1)
	ann.Eval(`document.querySelector("#btnScreenShare").click()`, nil)
	bob.Until("the shared screen plays", `document.querySelector("#videoScreenShare").videoWidth > 0`)
	ann.Eval(`(() => { txtChat.value = "hello"; btnSend.click(); })()`, nil)
	bob.Until("the chat has it", `document.querySelector("#chatArea").textContent.includes("hello")`)
}
