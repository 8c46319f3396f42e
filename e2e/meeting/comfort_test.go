package meeting

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// watchComforts counts the tones that a page plays, and notes what it asks of the screen: awake is whether it is kept
// on, as the browser says.
const watchComforts = `
	window.tones = 0;
	const { start } = OscillatorNode.prototype;
	OscillatorNode.prototype.start = function (...args) { window.tones++; return start.apply(this, args); };
	const { request } = WakeLock.prototype;
	window.locks = [];
	WakeLock.prototype.request = async function (...args) {
		const lock = await request.apply(this, args);
		window.locks.push(lock);
		return lock;
	};
	Object.defineProperty(window, "awake", { get: () => window.locks.some((l) => !l.released) });`

// Somebody who knocks, joins or writes is heard, many at once are heard once, oneself never; and not at all where the
// settings or the page around say so.
func TestNotificationSounds(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	enter := func(options string) *testbrowser.Page {
		p := browser.Page(t, h.URL+"/meet/"+room+"?"+options+"#token="+token+"&name=Ann", watchComforts)
		p.Click(testbrowser.TestID("join-button"))
		p.Until("the meeting is there", at("meeting-view"))
		return p
	}
	p := enter("micEnabled=false")
	tones := func(want int) { p.Until(fmt.Sprint(want, " tones"), fmt.Sprintf("window.tones === %d", want)) }
	join := func(id string, permissions ...string) *testserver.Socket {
		socket := h.Dial(t)
		socket.Do(t, wire.MethodJoin, testserver.JoinParams(account.Token(t, permissions...), room, id))
		return socket
	}
	bob := join("bob")
	tones(2)
	for _, id := range []string{"cam", "dan", "eve"} {
		join(id)
	}
	p.Until("all are there", `document.querySelectorAll(".tile").length === 5`)
	tones(2)
	bob.Do(t, wire.MethodPublishMessage, wire.PublishMessageParams{Topic: "CHAT", Message: "hello"})
	tones(3)
	join("guest", "ask_join")
	tones(6)

	p.Click(testbrowser.TestID("chat-button"))
	p.Until("the chat is open", at("chat-panel"))
	<-time.After(3100 * time.Millisecond) // the pause between two of a kind
	bob.Do(t, wire.MethodPublishMessage, wire.PublishMessageParams{Topic: "CHAT", Message: "this is seen"})
	p.Until("it is there", `document.body.innerText.includes("this is seen")`)
	tones(6)
	p.Click(testbrowser.TestID("chat-button"))

	p.Click(testbrowser.TestID("more-button"))
	p.Click(testbrowser.TestID("more-settings"))
	p.Click(testbrowser.TestID("sounds-check"))
	p.Press("\x1b")
	join("fay")
	p.Until("she is there", `document.querySelectorAll(".tile").length === 6`)
	tones(6)

	quiet := enter("notificationSoundEnabled=false")
	join("gus")
	quiet.Until("he is there", `[...document.querySelectorAll(".tile")].some((e) => e.dataset.testid === "tile-gus")`)
	require.Equal(t, 0, evalInt(quiet, "window.tones"))
}

func evalInt(p *testbrowser.Page, expression string) (n int) {
	p.Eval(expression, &n)
	return n
}

// The screen stays on during a meeting, which can fill it, and a picture can be seen above other windows.
func TestScreen(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	enter := func(name string) *testbrowser.Page {
		p := browser.Page(t, h.URL+"/meet/"+room+"?webcamEnabled=true#token="+token+"&name="+name, watchComforts, noteSaid,
			testbrowser.RecordConnections)
		p.Until("nothing keeps the screen on before", "window.awake === false")
		p.Click(testbrowser.TestID("join-button"))
		p.Until("the meeting is there", at("meeting-view"))
		return p
	}
	enter("Bob")
	p := enter("Ann")
	p.Until("the other one is seen", `document.querySelector('.tile[data-local="false"] video')?.videoWidth > 0`)
	p.Until("the screen stays on", "window.awake")

	p.Press("w")
	p.Until("the page fills the screen", "document.fullscreenElement !== null")
	p.Click(testbrowser.TestID("more-button"))
	p.Until("it can be left",
		`document.querySelector('[data-testid="more-fullScreen"]').innerText.includes("Leave full screen")`)
	p.Click(testbrowser.TestID("more-fullScreen"))
	p.Until("it is left", "document.fullscreenElement === null")

	// Above other windows is a window of its own with controls; its picture goes on while the page is hidden.
	const above = `documentPictureInPicture.window?.document`
	inside := func(id string) string { return above + `.querySelector('[data-testid=` + id + `]')` }
	p.Press("o")
	p.Until("the picture of the other one is above", above+`?.querySelector("video:not(.mirrored)")?.videoWidth > 0`)
	p.Until("it looks as the page does", fmt.Sprintf(`getComputedStyle(%s.body).backgroundColor ===
		getComputedStyle(document.body).backgroundColor && %s.documentElement.lang === "en"`, above, above))
	for _, button := range []string{"mic-button", "cam-button"} {
		label := inside(button) + ".ariaLabel"
		var before string
		p.Eval(label, &before)
		p.Eval(inside(button)+".click()", nil)
		p.Until(button+" says that it is switched", fmt.Sprintf(
			"%s !== %q && document.querySelector('.toolbar '+%q).ariaLabel === %s",
			label, before, testbrowser.TestID(button), label,
		))
	}
	p.Eval(`void Object.defineProperty(document, "visibilityState", { get: () => "hidden" })`, nil)
	p.Eval(`document.dispatchEvent(new Event("visibilitychange"))`, nil)
	p.Eval(`new Promise((done) => setTimeout(done, 3000))`, nil) // longer than what is out of sight is still received
	p.AwaitVideos(1)
	p.Eval(`delete document.visibilityState`, nil)
	p.Press("o")
	p.Until("it is back", `documentPictureInPicture.window === null`)

	pressLater(p, "w")
	p.Until("it is announced", `window.said.some((s) => s.startsWith("Full screen is not possible: "))`)
	looks(p, "refused")
	p.RequireReach(t, "refused")
	p.Look(1280, 720, false, false)
	p.Click(testbrowser.TestID("refused-ok"))
	p.Until("it is read", "!"+at("refused-fullScreen"))

	p.Press("w")
	p.Until("the page fills the screen again", "document.fullscreenElement !== null")
	p.Click(testbrowser.TestID("leave-button"))
	p.Click(testbrowser.TestID("leave-confirm"))
	p.Until("the call is over", at("left-title"))
	p.Until("nothing is left of it", "window.awake === false && document.fullscreenElement === null")
}

// Where the browser has no window with controls, the picture alone is above other windows.
func TestPictureAlone(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	enter := func(name string) *testbrowser.Page {
		p := browser.Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&webcamEnabled=true#token="+token+"&name="+name,
			`Object.defineProperty(window, "documentPictureInPicture", { value: undefined })`, noteSaid)
		p.Until("the meeting is there", at("meeting-view"))
		return p
	}
	enter("Bob")
	p := enter("Ann")
	p.Until("the other one is seen", `document.querySelector('.tile[data-local="false"] video')?.videoWidth > 0`)
	p.Press("o")
	p.Until("the picture of the other one is above", `(() => {
		const refusal = document.querySelector('[data-testid="refused-pictureInPicture"]');
		if (refusal !== null) throw new Error(refusal.innerText);
		const above = document.pictureInPictureElement;
		return above !== null && !above.classList.contains("mirrored");
	})()`)
	p.Press("o")
	p.Until("it is back", "document.pictureInPictureElement === null")
	p.Press("o")
	p.Until("it is above again", `document.pictureInPictureElement !== null`)
	p.Press("o")
	p.Until("it is back again", "document.pictureInPictureElement === null")
	pressLater(p, "o")
	p.Until("a refusal is shown", at("refused-pictureInPicture"))
	p.Until("it is announced", `window.said.some((s) => s.startsWith("Picture in picture is not possible: "))`)
	p.Press("o")
	p.Until("it works now, and the refusal is gone",
		`document.pictureInPictureElement !== null && !`+at("refused-pictureInPicture"))
	p.Click(testbrowser.TestID("leave-button"))
	p.Click(testbrowser.TestID("leave-confirm"))
	p.Until("nothing is left of it", `document.pictureInPictureElement === null && `+at("left-title"))
}

// pressLater presses a key for which the browser does not take the person: nobody has clicked or pressed one for a
// while.
func pressLater(p *testbrowser.Page, key string) {
	p.Eval(fmt.Sprintf(`new Promise((done) => setTimeout(() => {
		document.dispatchEvent(new KeyboardEvent("keydown", { key: %q }));
		done();
	}, 6000))`, key), nil)
}
