package meeting

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// watchShifts notes what moves without a click or a key just before (Layout Instability, W3C): the score of the page,
// and the controls among it. In the stage people come and go.
const watchShifts = `window.shifts = { score: 0, moved: [], all: [] };
	new PerformanceObserver((list) => {
		for (const { hadRecentInput, value, sources } of list.getEntries()) {
			if (hadRecentInput) continue;
			const controls = "button, a, input, select, summary";
			const outside = sources.filter(({ node }) => {
				const element = node instanceof Element ? node : node?.parentElement;
				return element != null && element.closest(".stage") === null;
			});
			if (outside.length > 0) window.shifts.score += value;
			for (const { node, previousRect: from, currentRect: to } of outside) {
				const element = node instanceof Element ? node : node.parentElement;
				const within = element.closest(controls);
				if (within !== null && within !== element) continue; // other words in a control that stays
				const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(",");
				const what = element.tagName + "." + element.className + " " + place(from) + " to " + place(to);
				window.shifts.all.push(what);
				if ((within ?? element.querySelector(controls)) === null || to.width === 0 || from.width === 0) continue;
				window.shifts.moved.push(what);
			}
		}
	}).observe({ type: "layout-shift", buffered: true });`

// denies lets the person refuse the devices after a moment.
const denies = `navigator.mediaDevices.getUserMedia = () => new Promise((_, reject) =>
	setTimeout(() => reject(new DOMException("Permission denied", "NotAllowedError")), 700))`

// shifts is what watchShifts noted.
type shifts struct {
	Score float64  `json:"score"`
	Moved []string `json:"moved"` // controls
	All   []string `json:"all"`
}

// Nothing that can be clicked moves while a page loads and goes on, also where its parts come late: who clicks hits
// what was there.
func TestNothingMovesUnderTheClick(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	target, err := url.Parse(h.URL)
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	late := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/assets/") && !strings.Contains(r.URL.Path, "/assets/index-") {
			<-time.After(300 * time.Millisecond) // as over a slow line
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(late.Close)
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: "bot", Name: "Bot", WebcamEnabled: true,
		Webcam: sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: "bot"}),
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() { _ = bot.Leave(t.Context()) })

	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	previewed := `document.querySelector(".preview video")?.videoWidth > 0 && ` + at("effects")
	const sees = `document.querySelector('.tile[data-local="false"] video')?.videoWidth > 0`
	card := sdk.CardOptions{Width: 320, Height: 180, Name: "bot"}
	for _, view := range []struct {
		name, path, there string
		phone             bool
		script            string
	}{
		{"home", "/", `document.querySelector(".home") !== null`, false, ""},
		{"home on a phone", "/", `document.querySelector(".home") !== null`, true, ""},
		{"meet without a link", "/meet/" + room, at("token-view"), false, ""},
		{"join", "/meet/" + room + "#token=" + token, previewed, false, ""},
		{"join on a phone", "/meet/" + room + "#token=" + token, previewed, true, ""},
		{"join without devices", "/meet/" + room + "#token=" + token, at("fault-panel"), false, denies},
		{"join without devices on a phone", "/meet/" + room + "#token=" + token, at("fault-panel"), true, denies},
		{"meeting", "/meet/" + room + "?joinScreen.visible=false#name=Ann&token=" + token, sees, false, ""},
		{"meeting on a phone", "/meet/" + room + "?joinScreen.visible=false#name=Ann&token=" + token, sees, true, ""},
		{"watch", "/watch/" + room, `document.querySelector("main") !== null`, false, ""},
		{"console sign-in", "/console", `document.querySelector("input") !== null`, false, ""},
		{"console sign-in on a phone", "/console", `document.querySelector("input") !== null`, true, ""},
	} {
		p := browser.Page(t, "about:blank", watchShifts, view.script)
		if view.phone {
			p.Look(390, 844, false, true)
		}
		p.Eval(fmt.Sprintf("void (location.href = %q)", late.URL+view.path), nil)
		p.Until(view.name+" is there", `document.readyState === "complete" && (`+view.there+`)`)
		settle := func(what string) {
			t.Helper()
			// Two seconds in which nothing new comes.
			p.Eval(`new Promise((done) => setTimeout(done, 2000))`, nil)
			var got shifts
			p.Eval("window.shifts", &got)
			t.Logf("%s: %.3f %v", what, got.Score, got.All)
			assert.Empty(t, got.Moved, "%s: controls have moved", what)
			assert.Less(t, got.Score, 0.1, what) // "good" of Web Vitals
		}
		settle(view.name)
		if view.name == "meeting" {
			for _, panel := range []string{"people", "chat"} {
				p.Click(testbrowser.TestID(panel + "-button"))
				p.Until("the panel is open", at(panel+"-panel"))
				settle(panel)
			}
			require.NoError(t, bot.DisableWebcam(t.Context()))
			_, err := bot.PubSub().Publish(t.Context(), "CHAT", "hello", sdk.PublishOptions{})
			require.NoError(t, err)
			p.Until("the message is there", `document.querySelector('[data-testid="chat-list"]').innerText.includes("hello")`)
			settle("a message")
			require.NoError(t, bot.EnableWebcam(t.Context(), sdk.TestCard(card)))
		}
		p.Close()
	}
}
