package meeting

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// speaks makes the microphones of a page pick up words and pauses of half a second.
const speaks = `(() => {
	const devices = navigator.mediaDevices, open = devices.getUserMedia.bind(devices);
	devices.getUserMedia = async (wanted) => {
		const opened = await open(wanted);
		if (opened.getAudioTracks().length === 0) return opened;
		const out = ` + testbrowser.Speech + `;
		return new MediaStream([...opened.getVideoTracks(), ...out.getAudioTracks()]);
	};
})()`

// The first view needs nothing of what comes after it. Where that cannot be loaded, behind a proxy with a path of its
// own, who asks to join is told, and is in once it can.
func TestFirstViewStandsAlone(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	target, err := url.Parse(h.URL)
	require.NoError(t, err)
	var away atomic.Bool
	away.Store(true)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	front := httptest.NewServer(http.StripPrefix("/video", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away.Load() && strings.Contains(r.URL.Path, "/assets/inside-") {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		proxy.ServeHTTP(w, r)
	})))
	t.Cleanup(front.Close)

	p := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).
		Page(t, front.URL+"/video/meet/"+room+"#token="+token+"&name=Ann", speaks)
	p.Until("the preview is shown", at("join-view")+` && document.querySelector("video")?.videoWidth > 0`)
	p.Until("the texts of faults are there", `performance.getEntriesByType("resource").some(
		(r) => r.name.includes("personTexts") && r.responseEnd > 0)`)
	p.Click(testbrowser.TestID("join-button"))
	p.Until("it is told", at("fault-panel"))
	require.Equal(t, "A part of this page could not be loaded.", p.Text(testbrowser.TestID("fault-what")))
	away.Store(false)
	p.Click(testbrowser.TestID("join-button"))
	p.Until("it is in", at("meeting-view"))
	p.Until("the stage has the focus", `document.activeElement.classList.contains("stage")`)

	// Others are invited by a link without one's own token.
	p.Screenshot("alone")
	p.Click(testbrowser.TestID("alone-invite"))
	p.Until("the QR code is shown", `document.querySelector('[data-testid="qr-code"] path')`)
	p.Until("the link has no token", fmt.Sprintf(`document.querySelector('[data-testid="invite-link"]').value === %q`,
		front.URL+"/video/meet/"+room))
	require.Contains(t, p.Text(testbrowser.TestID("invite-hint")), "lets nobody in by itself")
	p.Click(testbrowser.TestID("invite-copy"))
	p.Until("it is copied", `document.querySelector('[data-testid="invite-copy"]').innerText.includes("Copied")`)
	p.RequireReach(t, "invite")
	p.Look(1280, 720, true, false)
	p.Screenshot("invite-dark")
	p.Click(testbrowser.TestID("dialog-close"))
	p.Until("the focus is where it was", `document.activeElement.dataset.testid === "alone-invite"`)
	p.Press("i")
	p.Until("a key opens it too", at("invite-dialog"))
	p.Click(testbrowser.TestID("dialog-close"))

	// Whoever speaks while muted is told, and can unmute there.
	pressed := func(yes bool) string {
		return fmt.Sprintf(`!document.querySelector('[data-testid="mic-button"]').classList.contains("off") === %t`, yes)
	}
	p.Until("the microphone is on", pressed(true))
	p.Press("m")
	p.Until("it is told", at("muted-speech"))
	require.NotContains(t, p.Text(testbrowser.TestID("fault-lines")), "muted", "one notice is enough")
	p.RequireReach(t, "muted-speech")
	p.Click(testbrowser.TestID("muted-speech-unmute"))
	p.Until("it is over", pressed(true)+" && !"+at("muted-speech"))
}
