package meeting

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// The page of examples/embed, on an origin of its own, has the meeting in it, is told what happens and asks for things.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	page, err := os.ReadFile("../../examples/embed/index.html")
	require.NoError(t, err)
	text := strings.NewReplacer("http://127.0.0.1:4000", h.URL, "TOKEN", token, "MEETING", room).Replace(string(page))
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, text)
	}))
	defer app.Close()
	bob, err := sdk.InitMeeting(sdk.Options{URL: h.URL, Token: token, MeetingID: room, ParticipantID: "bob", Name: "Bob"})
	require.NoError(t, err)
	require.NoError(t, bob.Join(t.Context()))
	t.Cleanup(func() { _ = bob.Leave(t.Context()) })

	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	p := browser.Page(t, app.URL)
	says := func(what string) { p.Until("it says: "+what, fmt.Sprintf(`element("state").textContent === %q`, what)) }
	says("Bob is here.")
	ann := find(t, bob, "Ann")
	require.Nil(t, ann.Stream(sdk.Audio), "the microphone is off")
	require.Eventually(t, func() bool { return ann.Stream(sdk.Video) != nil }, testserver.Timeout, 50*time.Millisecond)
	picture(t, ann.Stream(sdk.Video))
	p.Click("#mic")
	p.Until("the microphone is on", `element("mic").ariaPressed === "true"`)
	p.Screenshot("embedded")
	p.Click("#leave")
	says("You have left.")
	require.Eventually(t, func() bool { return len(bob.Participants()) == 0 }, testserver.Timeout, 50*time.Millisecond)

	// What is wrong with a configuration reaches whoever wrote it.
	for config, want := range map[string]string{
		`token: "x"`:                      "3073 MISSING meetingId",
		`meetingId: "m"`:                  "3073 MISSING token",
		`chatEnable: true`:                "3073 UNKNOWN_OPTION chatEnabled",
		`redirectOnLeave: "javascript:1"`: "3073 OUT_OF_RANGE redirectOnLeave",
		`apiKey: "key"`:                   "3105 NOT_OFFERED token",
		`lang: "tlh"`:                     "3073 NOT_ALLOWED lang",
		`containerId: "nowhere"`:          "3073 OUT_OF_RANGE containerId",
		`branding: { logoURL: "https://127.0.0.1:1/x.png" }`: "3073 OUT_OF_RANGE branding.logoURL",
	} {
		if !strings.Contains(want, "MISSING") {
			config = `token: "x", meetingId: "m", ` + config
		}
		var got string
		p.Eval(
			`new VideoSDKMeeting().init({ `+config+` }).then(() => "taken", (f) => [f.code, f.reason, f.detail].join(" "))`,
			&got,
		)
		fields := strings.Fields(want)
		require.Contains(t, got, fields[0]+" "+fields[1], config)
		require.Contains(t, got, fields[2], config)
	}

	// Another page may not command the meeting, nor listen to it.
	stranger := browser.Page(
		t,
		h.URL+"/meet/"+room+"#token="+token+"&joinScreen.visible=false&parentOrigin=https://a.example",
	)
	stranger.Until("it is in", `document.querySelector('[data-testid="meeting-view"]')`)
	stranger.Eval(`window.postMessage({ klatch: 1, command: "leave", number: 1 }, "*"),
		new Promise((done) => setTimeout(done, 300))`, nil)
	stranger.Until("it is still in", `document.querySelector('[data-testid="meeting-view"]')`)
}

// Each option takes away, or shows, what it names.
func TestOptionsOfThePage(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	bob, err := sdk.InitMeeting(sdk.Options{URL: h.URL, Token: token, MeetingID: room, ParticipantID: "bob", Name: "Bob"})
	require.NoError(t, err)
	require.NoError(t, bob.Join(t.Context()))
	t.Cleanup(func() { _ = bob.Leave(t.Context()) })
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	open := func(options string) *testbrowser.Page {
		return browser.Page(t, h.URL+"/meet/"+room+"?"+options+"#token="+token)
	}
	shown := func(p *testbrowser.Page, id string) (yes bool) {
		p.Eval(fmt.Sprintf(`document.querySelector('[data-testid=%q]') !== null`, id), &yes)
		return yes
	}

	plain := open("joinScreen.visible=false&name=Ann")
	plain.Until("it has joined by itself", `document.querySelector('[data-testid="meeting-view"]')`)
	plain.Click(testbrowser.TestID("people-button"))
	plain.Until("Bob is listed", `document.querySelector('[data-testid="person-bob"]')`)
	controls := []string{
		"mic-button", "cam-button", "share-button", "hand-button", "react-button", "leave-button", "chat-button",
		"people-button", "egress-button", "mod-mic-bob", "mod-cam-bob", "mod-pin-bob", "mod-remove-bob",
	}
	plain.Click(testbrowser.TestID("actions-button-bob"))
	plain.Until("what may be done is listed", at("actions-bob"))
	for _, id := range controls {
		require.True(t, shown(plain, id), id)
	}
	plain.Close()

	p := open("joinScreen.visible=false&name=Ann&participantCanToggleSelfMic=false&participantCanToggleSelfWebcam=false" +
		"&participantCanLeave=false&chatEnabled=false&screenShareEnabled=false&raiseHandEnabled=false" +
		"&reactionsEnabled=false" +
		"&recording.enabled=false&livestream.enabled=false&hls.enabled=false&permissions.toggleParticipantMic=false" +
		"&permissions.toggleParticipantWebcam=false&permissions.pin=false&permissions.removeParticipant=false" +
		"&inviteEnabled=false&micEnabled=false&webcamEnabled=false&theme=DARK&branding.name=Acme&branding.color=%238a2be2&layout.type=SIDEBAR")
	p.Until("it has joined by itself", `document.querySelector('[data-testid="meeting-view"]')`)
	p.Click(testbrowser.TestID("people-button"))
	p.Until("Bob is listed", `document.querySelector('[data-testid="person-bob"]')`)
	p.Click(testbrowser.TestID("actions-button-bob"))
	p.Until("what may be done is listed", at("actions-bob"))
	for _, id := range controls {
		require.Equal(t, id == "people-button", shown(p, id), id)
	}
	p.Click(testbrowser.TestID("more-button"))
	require.False(t, shown(p, "more-invite"))
	p.Click(testbrowser.TestID("dialog-close"))
	ann := find(t, bob, "Ann")
	require.Nil(t, ann.Stream(sdk.Audio))
	require.Nil(t, ann.Stream(sdk.Video))
	require.Equal(t, "Acme", p.Text(".brand b"))
	require.Equal(t, "powered by Klatch", p.Text(".brand small"))
	p.Until("it is dark, in the color asked for", `document.documentElement.dataset.theme === "dark" &&
		getComputedStyle(document.documentElement).getPropertyValue("--accent") === "#8a2be2"`)
	p.Screenshot("options")
	p.Reload()
	p.Until("a reload keeps them", `document.querySelector(".brand b")?.innerText === "Acme"`)
	p.Close()

	join := open(
		"joinScreen.title=Daily&joinScreen.meetingUrl=https://a.example/daily&leftScreen.actionButton.label=Home" +
			"&leftScreen.actionButton.href=https://a.example/&leftScreen.rejoinButtonEnabled=false&branding.enabled=false" +
			"&permissions.endMeeting=false&name=Cam",
	)
	join.Until("the title is shown", `document.querySelector("h1")?.innerText === "Daily"`)
	require.Contains(t, join.Text(testbrowser.TestID("meeting-url")), "https://a.example/daily")
	require.Empty(t, join.Text(".brand"))
	join.Click(testbrowser.TestID("join-button"))
	join.Click(testbrowser.TestID("more-button"))
	join.Click(testbrowser.TestID("more-invite"))
	join.Until("others are invited by that address",
		`document.querySelector('[data-testid="invite-link"]')?.value === "https://a.example/daily"`)
	require.False(t, shown(join, "invite-hint"))
	join.Click(testbrowser.TestID("dialog-close"))
	join.Click(testbrowser.TestID("leave-button")) // no choice between leaving and ending
	join.Until(
		"the way on is shown",
		`document.querySelector('[data-testid="left-action"]')?.href === "https://a.example/"`,
	)
	require.False(t, shown(join, "rejoin-button"))
	join.Close()

	wrong := open("joinScreen.visibel=false")
	wrong.Until(
		"it is refused",
		`document.querySelector('[data-testid="refused-view"]')?.textContent.includes("joinScreen.visibel")`,
	)
	wrong.Screenshot("refused")
	require.False(t, shown(wrong, "join-button"))
}
