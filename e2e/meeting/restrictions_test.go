package meeting

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// noteOpened keeps the tracks of devices that a page opens.
const noteOpened = `
	window.opened = [];
	const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
	navigator.mediaDevices.getUserMedia = async (wanted) => {
		const stream = await open(wanted);
		window.opened.push(...stream.getTracks());
		return stream;
	};`

// A moderator takes microphone, camera, share and chat from participants and gives them back: what runs stops, the
// controls of who is bound say why, and work again at once; who moderates is not bound.
func TestRestrictions(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	open := func(name, token string) *testbrowser.Page {
		return browser.Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&micEnabled=true&webcamEnabled=true#name="+
			name+"&token="+token, noteSaid, noteOpened)
	}
	isOn := func(button string) string {
		return fmt.Sprintf(`!document.querySelector('[data-testid=%q]').classList.contains("off")`, button)
	}
	ann, bob := open("Ann", account.Token(t)), open("Bob", account.Token(t, "allow_join"))
	for _, p := range []*testbrowser.Page{ann, bob} {
		p.Until("the meeting is there", at("meeting-view")+` && document.querySelectorAll(".tile").length === 2`)
		p.Until("microphone and camera are on", isOn("mic-button")+" && "+isOn("cam-button"))
	}
	bob.Click(testbrowser.TestID("chat-button"))
	bob.Type(testbrowser.TestID("chat-input"), "hello")
	bob.Press("\r")
	bob.Until("he writes", `document.querySelectorAll('[data-testid="chat-message"]').length === 1`)
	ann.Click(testbrowser.TestID("people-button"))
	ann.Until("everything is allowed", at("rights")+` && document.querySelectorAll(".rights :checked").length === 4`)

	reason := func(what string) string { return fmt.Sprintf("Only hosts can %s at the moment.", what) }
	barred := func(button, what string) string {
		return fmt.Sprintf(`(b => b.ariaDisabled === "true" && b.title === %[2]q &&
			b.getAttribute("aria-description") === %[2]q)(document.querySelector('[data-testid=%[1]q]'))`, button, reason(what))
	}
	free := func(button string) string {
		return fmt.Sprintf(`document.querySelector('[data-testid=%q]').ariaDisabled !== "true"`, button)
	}
	notice := func(text string) string {
		return fmt.Sprintf(`document.querySelector('[data-testid="rights-notice"]')?.innerText.includes(%q)`, text)
	}

	// By keys alone: a switch is one for who sees and for who hears.
	ann.Eval(`document.querySelector('[data-testid="right-audio"]').focus()`, nil)
	ann.Press(" ")
	ann.Until("the switch shows what holds", `!document.querySelector('[data-testid="right-audio"]').checked`)
	bob.Until("his microphone is stopped", barred("mic-button", "switch on a microphone"))
	bob.Until("he reads who did it", notice("Ann switched this off for participants: Microphones.")+
		" && !"+at("silenced-audio"))
	bob.Until("and hears it", `window.said.includes("Ann switched this off for participants: Microphones.")`)
	ann.Until("Ann sees it", `[...document.querySelectorAll(".person")].some((row) =>
		row.textContent.includes("Bob") && row.querySelector('[title="Muted"]'))`)
	ann.Until("she is not bound", isOn("mic-button")+" && "+free("mic-button")+" && !"+at("rights-notice"))
	bob.Click(testbrowser.TestID("rights-ok"))
	bob.Until("it is read", "!"+at("rights-notice"))
	bob.Click(testbrowser.TestID("mic-button"))
	bob.Until("a click says why", notice(reason("switch on a microphone")))

	for _, right := range []string{"video", "share", "chat"} {
		ann.Click(testbrowser.TestID("right-" + right))
		ann.Until(right+" is off", `!document.querySelector('[data-testid="right-`+right+`"]').checked`)
	}
	bob.Until("camera and share say why",
		barred("cam-button", "switch on a camera")+" && "+barred("share-button", "share a screen"))
	bob.Until("the chat says why", `document.querySelector('[data-testid="chat-barred"]')?.innerText === `+
		fmt.Sprintf("%q", reason("write in the chat"))+` && document.querySelector('[data-testid="chat-input"]').readOnly`)
	require.Equal(t, reason("write in the chat"), bob.Text(testbrowser.TestID("chat-barred")))
	for name, p := range map[string]*testbrowser.Page{"restricting": ann, "restricted": bob} {
		looks(p, name)
		p.RequireReach(t, name)
		p.Look(1280, 720, false, false)
	}

	// Who joins learns it, and no line about a fault hides the meeting.
	cat := open("Cat", account.Token(t, "allow_join"))
	cat.Until("Cat is in", at("meeting-view")+" && "+barred("mic-button", "switch on a microphone"))
	cat.Until("no device stays open",
		`window.opened.length > 0 && window.opened.every((track) => track.readyState === "ended")`)
	cat.Until("no line tells of a fault", "!"+at("fault-lines"))

	ann.Click(testbrowser.TestID("right-video"))
	ann.Click(testbrowser.TestID("right-chat"))
	bob.Until("he may again", free("cam-button")+" && !"+at("chat-barred")+" && "+notice("Ann switched this on again"))
	bob.Click(testbrowser.TestID("cam-button"))
	bob.Until("his camera is on", isOn("cam-button"))
	bob.Type(testbrowser.TestID("chat-input"), "again")
	bob.Press("\r")
	bob.Until("he writes again", `document.querySelectorAll('[data-testid="chat-message"]').length === 2`)
}
