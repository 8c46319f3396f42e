package meeting

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// looks keeps pictures of a page on a desk and on a phone, light and dark, and ends on the desk.
func looks(p *testbrowser.Page, name string) {
	for _, dark := range []bool{true, false} {
		for _, size := range []struct {
			width, height int64
			phone         bool
		}{{390, 844, true}, {1280, 720, false}} {
			p.Look(size.width, size.height, dark, size.phone)
			p.Eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`, nil)
			p.Screenshot(fmt.Sprintf("%s-%dx%d-dark=%t", name, size.width, size.height, dark))
		}
	}
}

// An emoji is shown on the tile of whoever sent it, or at the edge of the stage, is announced, and goes again; more
// than a few at once are not sent.
func TestReactions(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	bob, err := sdk.InitMeeting(sdk.Options{URL: h.URL, Token: token, MeetingID: room, ParticipantID: "bob", Name: "Bob"})
	require.NoError(t, err)
	require.NoError(t, bob.Join(t.Context()))
	t.Cleanup(func() { _ = bob.Leave(context.WithoutCancel(t.Context())) })
	var received atomic.Int32
	_, err = bob.PubSub().Subscribe(t.Context(), "REACTION", func(m sdk.Message) {
		if m.SenderName == "Ann" {
			received.Add(1)
		}
	}, sdk.SubscribeOptions{})
	require.NoError(t, err)
	react := func(emoji string) {
		_, err := bob.PubSub().Publish(t.Context(), "REACTION", emoji, sdk.PublishOptions{})
		require.NoError(t, err)
	}
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	enter := func(options string) *testbrowser.Page {
		p := browser.Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&name=Ann"+options+"#token="+token, noteSaid)
		p.Until("Bob is seen", at("tile-bob"))
		return p
	}
	p := enter("")
	says := func(text string) {
		p.Until("it says: "+text, fmt.Sprintf(`window.said.some((s) => s.split("\n").includes(%q))`, text))
	}
	const own = `document.querySelector('[data-local="true"] .reaction') !== null`

	react("👍")
	p.Until("it is on Bob's tile", `document.querySelector('[data-testid="reactions-bob"]')?.innerText === "👍"`)
	says("Bob reacted: Thumbs up")
	p.Until("it goes again", "!"+at("reactions-bob"))

	// By keyboard alone: E opens the row, which has the focus, Enter sends, Escape closes it.
	p.Press("e")
	p.Until("the first emoji has the focus", `document.activeElement?.dataset.testid === "react-0"`)
	p.Press("\r")
	p.Until("it is on the own tile", own)
	says("You reacted: Thumbs up")
	p.Press("\x1b")
	p.Until("the row is closed, and its button has the focus",
		"!"+at("reaction-bar")+` && document.activeElement?.dataset.testid === "react-button"`)
	p.Until("one may send as many as at first", "!("+own+")")

	p.Click(testbrowser.TestID("react-button"))
	p.Until("the row is open", at("reaction-bar"))
	p.Eval(`(async () => {
		for (let i = 0; i < 12; i++) {
			document.querySelector('[data-testid="react-3"]').click();
			await new Promise((done) => setTimeout(done, 100));
		}
	})()`, nil)
	p.Until("the row waits", `document.querySelector('[data-testid="react-3"]').getAttribute("aria-disabled") === "true"`)
	p.Until("it goes on", `document.querySelector('[data-testid="react-3"]').getAttribute("aria-disabled") === "false"`)
	require.Equal(t, int32(1+5), received.Load(), "what Ann sent")

	// Whoever has no tile here is shown at the edge.
	p.Press("y")
	p.Until("she does not see herself", `document.querySelector('[data-local="true"]') === null`)
	p.Click(testbrowser.TestID("react-4"))
	p.Until("it is at the edge, with a name",
		`document.querySelector('[data-testid="edge-reactions"]')?.innerText.includes("Ann")`)
	react("🎉")
	p.Until("Bob's is on his tile", at("reactions-bob"))
	looks(p, "reactions")
	p.Click(testbrowser.TestID("react-button"))
	p.Until("the row is closed", "!"+at("reaction-bar"))

	p.Look(390, 844, false, true)
	p.Click(testbrowser.TestID("more-button"))
	p.Click(testbrowser.TestID("more-react"))
	p.RequireReach(t, "reaction-bar")
	p.Look(390, 844, false, true)
	p.Press("\x1b")
	p.Until("it is closed, and More has the focus",
		"!"+at("reaction-bar")+` && document.activeElement?.dataset.testid === "more-button"`)

	without := enter("&reactionsEnabled=false")
	react("❤️")
	p.Until("the other page shows it", `document.querySelector('[data-testid="reactions-bob"]')?.innerText.includes("❤️")`)
	_, err = bob.PubSub().Publish(t.Context(), "CHAT", "later", sdk.PublishOptions{})
	require.NoError(t, err)
	without.Until("what came later is there", `window.said.some((s) => s.includes("later"))`)
	var there bool
	without.Eval(at("react-button")+"||"+at("reactions-bob")+`||
		window.said.some((s) => s.includes("reacted"))`, &there)
	require.False(t, there)
}

// noteSaid keeps what a page announces to screen readers.
const noteSaid = `window.said = [];
new MutationObserver(() => {
	const text = document.querySelector('[data-testid="live-region"]')?.lastElementChild?.textContent ?? "";
	if (text !== "" && text !== window.said.at(-1)) window.said.push(text);
}).observe(document, { childList: true, subtree: true, characterData: true });`
