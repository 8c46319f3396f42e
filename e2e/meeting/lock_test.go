package meeting

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// A moderator locks the meeting: everybody sees it, who is new is told so, who reloads the page or has lost the
// connection is back, and who may not moderate has no such control.
func TestLock(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	open := func(name, token string) *testbrowser.Page {
		return browser.Page(t, h.URL+"/meet/"+room+"?joinScreen.visible=false&micEnabled=false&webcamEnabled=false#name="+
			name+"&token="+token, noteSaid)
	}
	ann, bob := open("Ann", account.Token(t)), open("Bob", account.Token(t, "allow_join"))
	for _, p := range []*testbrowser.Page{ann, bob} {
		p.Until("the meeting is there", at("meeting-view")+` && document.querySelectorAll(".tile").length === 2`)
	}
	waiting := open("Wil", account.Token(t, "ask_join"))
	waiting.Until("Wil waits", at("lobby-view"))

	ann.Click(testbrowser.TestID("people-button"))
	ann.Click(testbrowser.TestID("people-lock"))
	for _, p := range []*testbrowser.Page{ann, bob} {
		p.Until("it is shown", at("locked-mark"))
		p.Until("it is announced", `window.said.includes("The meeting is locked: nobody new can join.")`)
	}
	out := `document.querySelector('[data-testid="left-title"]')?.innerText === "This meeting is locked"`
	waiting.Until("who waits is told", out)
	ann.Until("nobody waits any more", "!"+at("entries"))
	looks(ann, "locked")
	ann.RequireReach(t, "locked")
	ann.Look(1280, 720, false, false)

	bob.Until("it takes keys", `document.activeElement.classList.contains("stage")`)
	bob.Press("k")
	bob.Click(testbrowser.TestID("people-button"))
	bob.Until("the panel is open", at("people-panel"))
	bob.Click(testbrowser.TestID("more-button"))
	bob.Until("Bob cannot unlock it", at("more-dialog")+" && !"+at("more-lock")+" && !"+at("people-lock"))
	bob.Click(testbrowser.TestID("dialog-close"))

	newcomer := open("Cat", account.Token(t))
	newcomer.Until("who is new is told", out)
	looks(newcomer, "locked-out")
	newcomer.RequireReach(t, "locked-out")
	newcomer.Look(1280, 720, false, false)

	// The same by the Go SDK, which finds the lock, and whose connection is cut.
	options := sdk.Options{URL: h.URL, Token: account.Token(t), MeetingID: room, ParticipantID: "bot"}
	bot, err := sdk.InitMeeting(options)
	require.NoError(t, err)
	require.True(t, fault.Is(bot.Join(t.Context()), fault.CodeLobbyDenied))
	ann.Click(testbrowser.TestID("more-button"))
	ann.Click(testbrowser.TestID("more-lock"))
	bob.Until("it is unlocked", "!"+at("locked-mark")+` && window.said.includes("The meeting is not locked any more.")`)
	bot, err = sdk.InitMeeting(options)
	require.NoError(t, err)
	var locks notes[bool]
	bot.OnLockChanged(func(e sdk.LockChanged) { locks.add("changed", e.Locked) })
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() { _ = bot.Leave(context.WithoutCancel(t.Context())) })
	require.False(t, bot.Locked())
	require.NoError(t, bot.Lock(t.Context()))
	ann.Until("it is locked again", at("locked-mark"))
	require.Eventually(t, func() bool { return bot.Locked() && locks.has("changed", true) }, timeout, timeout/1000)

	bob.Reload()
	bob.Until("who reloads the page is back", at("meeting-view")+" && "+at("locked-mark"))
	bob.Eval(`window.dispatchEvent(new Event("offline"))`, nil)
	bob.Eval(`window.dispatchEvent(new Event("online"))`, nil)
	bob.Until("and so is who was cut", at("meeting-view")+` && document.querySelectorAll(".tile").length === 3`)

	ann.Press("k")
	ann.Until("a key unlocks it", "!"+at("locked-mark"))
	newcomer.Click(testbrowser.TestID("rejoin-button"))
	newcomer.Until("who was refused gets in", at("meeting-view"))
}
