package meeting

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

var update = flag.Bool("update", false, "write the table of docs/accessibility.md anew")

// walk is a person without a mouse who hears a screen reader.
type walk struct {
	*testbrowser.Page
	t    *testing.T
	rows []string
	keys []string
	// passed is what had the focus lately.
	passed []string
}

// focusProblem is what is wrong with the focus; empty where it is on something, and in sight.
const focusProblem = `(() => {
	const e = document.activeElement;
	if (e === null || e === document.body) return "nothing has the focus";
	const style = getComputedStyle(e);
	const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
	const { width, height } = e.getBoundingClientRect();
	if (e.tabIndex < 0 || !e.matches(":focus-visible")) return "";
	if (width < 1 || height < 1) return "the focus has no size: " + e.outerHTML.slice(0, 200);
	let faint = 1;
	for (let above = e; above !== null; above = above.parentElement) faint *= Number(getComputedStyle(above).opacity);
	if (faint < 0.5) return "the focus is transparent: " + e.outerHTML.slice(0, 200);
	// The ring of a field may be that of its form.
	const form = e.closest("form");
	const around = form !== null && getComputedStyle(form).boxShadow !== "none";
	return ring || around || style.boxShadow !== "none" ? "" : "the focus is not to be seen: " + e.outerHTML.slice(0, 200);
})()`

// focusIsKept checks that something has the focus, and shows it. What takes it does so within a moment.
func (w *walk) focusIsKept() {
	w.t.Helper()
	for by := time.Now().Add(2 * time.Second); ; {
		var problem string
		if w.Eval(focusProblem, &problem); problem == "" {
			return
		}
		require.Less(w.t, time.Now(), by, "after %v, with %s before: %s", w.keys, w.passed, problem)
	}
}

// press presses a key; the name is for the table.
func (w *walk) press(key, name string) {
	w.t.Helper()
	w.Press(key)
	if len(w.keys) == 0 || w.keys[len(w.keys)-1] != name {
		w.keys = append(w.keys, name)
	}
	w.focusIsKept()
}

// tabTo presses Tab until that has the focus.
func (w *walk) tabTo(role, name string) {
	w.t.Helper()
	w.passed = nil
	for range 60 {
		w.Press("\t")
		var over bool
		if w.Eval("document.activeElement === document.body && window.last === true", &over); over {
			w.Press("\t") // behind the last control the focus is on the browser itself, before it is on the first one
		}
		w.Eval(`void (window.last = [...document.querySelectorAll("button, a[href], input, select, textarea")].filter((e) =>
			e.tabIndex >= 0 && e.getClientRects().length > 0).at(-1) === document.activeElement)`, nil)
		if !slices.Contains(w.keys, "Tab") {
			w.keys = append(w.keys, "Tab")
		}
		w.focusIsKept()
		at := w.Focused()
		w.passed = append(w.passed, at.String())
		if at.Role == role && strings.Contains(at.Name, name) {
			return
		}
	}
	require.Fail(w.t, "not in reach of Tab: "+role+" "+name, "passed: %s", strings.Join(w.passed, "\n"))
}

// listen notes what live regions tell, each text once it stands there: a later one takes its place.
const listen = `window.heard = [];
new MutationObserver((changes) => {
	for (const { target } of changes) {
		const element = target instanceof Element ? target : target.parentElement;
		const region = element?.closest('[aria-live="polite"], [role="status"]');
		if (region) window.heard.push(region.textContent);
	}
}).observe(document, { subtree: true, childList: true, characterData: true });`

// hears waits until a live region tells a text, which the tree has as one.
func (w *walk) hears(text string) {
	w.t.Helper()
	w.Until("hears "+text, fmt.Sprintf("window.heard.some((said) => said.includes(%q))", text))
	w.Eval("void (window.heard = [])", nil)
	w.finds("a live region", func(a testbrowser.Accessible) bool { return a.Live == "polite" && a.Role == "StaticText" })
}

// finds waits until the tree has something.
func (w *walk) finds(what string, is func(testbrowser.Accessible) bool) (found testbrowser.Accessible) {
	w.t.Helper()
	var tree []string
	for by := time.Now().Add(timeout); ; {
		tree = tree[:0]
		for _, a := range w.Accessibility() {
			if is(a) {
				return a
			}
			tree = append(tree, a.String())
		}
		if time.Now().After(by) {
			require.Fail(w.t, what+": the tree has it not", "%s", strings.Join(tree, "\n"))
		}
	}
}

// stands waits until what has the focus is told so.
func (w *walk) stands(want string) {
	w.t.Helper()
	for by := time.Now().Add(timeout); ; {
		got := w.Focused().String()
		if got == want {
			return
		}
		require.Less(w.t, time.Now(), by, "after %v the focus is on what is told as\n%s\nand not as\n%s", w.keys, got, want)
	}
}

// ready waits until the button that has the focus has another name and is not busy, and returns what is told of it.
func (w *walk) ready(name string) string {
	w.t.Helper()
	// What is being done is not done twice: a press while the button is busy does nothing.
	w.Until(name+" is not busy", fmt.Sprintf(`document.activeElement.ariaLabel.startsWith(%q) &&
		document.activeElement.ariaBusy !== "true"`, name))
	return w.finds(name, func(a testbrowser.Accessible) bool {
		return a.Role == "button" && strings.HasPrefix(a.Name, name) && a.States["focused"] == "true"
	}).String()
}

// row ends a thing that is done: what, by which keys, and what was told.
func (w *walk) row(what string, told ...string) {
	w.rows = append(w.rows, fmt.Sprintf("| %s | %s | %s |", what, strings.Join(w.keys, ", "), strings.Join(told, "; ")))
	w.keys = nil
	w.focusIsKept()
}

const tableBegin, tableEnd = "<!-- begin of the table -->\n", "<!-- end of the table -->"

// The things that people do first, by keys alone and by what the accessibility tree tells. docs/accessibility.md has
// what was told.
func TestByKeyboardAndScreenReader(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t, "allow_join", "allow_mod")
	bob, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: "bob", Name: "Bob", MicEnabled: true, WebcamEnabled: true,
		Mic: sdk.TestTone("bob"), Webcam: sdk.TestCard(sdk.CardOptions{Width: 320, Height: 180, Name: "bob"}),
	})
	require.NoError(t, err)
	require.NoError(t, bob.Join(t.Context()))
	t.Cleanup(func() { _ = bob.Leave(context.WithoutCancel(t.Context())) })

	browser := testbrowser.Open(t, testbrowser.Cameras(2), testbrowser.Allow)
	w := &walk{Page: browser.Page(t, h.URL+"/meet/"+room+"#token="+token, listen), t: t}
	w.Until("the preview is there", `document.querySelector(".preview video")?.videoWidth > 0`)

	w.tabTo("textbox", "Your name")
	field := w.Focused().String()
	w.Press("Ann")
	w.keys = append(w.keys, "Ann")
	w.stands(`textbox "Your name" value "Ann"`)
	w.press("\r", "Enter")
	w.Until("she is in", at("meeting-view"))
	w.hears("You joined the meeting.")
	w.stands(`main "Meeting"`)
	w.finds("Bob's tile", func(a testbrowser.Accessible) bool {
		return a.Role == "article" && strings.HasPrefix(a.Name, "Bob")
	})
	w.row("Join under a name", field, `says "You joined the meeting."`, "focus: main \"Meeting\"")

	toggles := []struct{ what, from, to, off, on, key string }{
		{
			"Mute and unmute", "Mute the microphone", "Unmute the microphone",
			"Your microphone is off.", "Your microphone is on.", "m",
		},
		{"Camera off and on", "Stop video", "Start video", "Your camera is off.", "Your camera is on.", "v"},
	}
	for _, toggle := range toggles {
		w.tabTo("button", toggle.from)
		from := w.Focused().String()
		w.press(" ", "Space")
		w.hears(toggle.off)
		to := w.ready(toggle.to)
		w.press(toggle.key, strings.ToUpper(toggle.key))
		w.hears(toggle.on)
		w.row(toggle.what, from, fmt.Sprintf("says %q", toggle.off), to, fmt.Sprintf("says %q", toggle.on))
	}

	w.tabTo("button", "Share the screen")
	from := w.Focused().String()
	w.press("\r", "Enter")
	w.hears("You are sharing a screen.")
	w.finds("the stage tells", func(a testbrowser.Accessible) bool { return a.Name == "You are sharing your screen" })
	to := w.ready("Stop sharing the screen")
	w.press("\r", "Enter")
	w.hears("The screen share ended.")
	w.row("Share the screen, and stop", from, `says "You are sharing a screen."`, to, `says "The screen share ended."`)

	w.tabTo("button", "Raise hand")
	from = w.Focused().String()
	w.press(" ", "Space")
	w.hears("You raised your hand.")
	to = w.ready("Lower hand")
	w.press("h", "H")
	w.hears("You lowered your hand.")
	w.row("Raise the hand, and lower it", from, `says "You raised your hand."`, to, `says "You lowered your hand."`)

	w.press("c", "C")
	w.Until("the chat is open", at("chat-panel"))
	w.stands(`heading "Chat"`) // with a mouse the field has the focus at once; this browser has none
	w.tabTo("textbox", "")
	field = w.Focused().String()
	w.Press("hello Bob")
	w.keys = append(w.keys, "hello Bob")
	w.press("\r", "Enter")
	w.finds("it is in the list", func(a testbrowser.Accessible) bool {
		return a.Name == "hello Bob" && a.Role == "StaticText"
	})
	_, err = bob.PubSub().Publish(t.Context(), "CHAT", "hello Ann", sdk.PublishOptions{Persist: true})
	require.NoError(t, err)
	w.hears("Bob wrote: hello Ann")
	w.press("\x1b", "Escape")
	w.Until("the chat is closed", "!"+at("chat-panel"))
	w.row("Write a chat message", field, `says "Bob wrote: hello Ann"`, "focus: "+w.Focused().String())

	w.press("c", "C")
	w.stands(`heading "Chat"`)
	w.tabTo("combobox", "To")
	from = w.Focused().String()
	w.press(kb.ArrowDown, "Down")
	w.tabTo("textbox", "Private message to Bob")
	field = w.Focused().String()
	w.Press("psst")
	w.keys = append(w.keys, "psst")
	w.press("\r", "Enter")
	w.finds("it is private", func(a testbrowser.Accessible) bool {
		return a.Name == "Private, to Bob" && a.Role == "StaticText"
	})
	_, err = bob.PubSub().Publish(t.Context(), "CHAT", "I see", sdk.PublishOptions{
		Persist: true, SendOnly: []string{find(t, bob, "Ann").ID()},
	})
	require.NoError(t, err)
	w.hears("Bob wrote to you privately: I see")
	w.press("\x1b", "Escape")
	w.Until("the chat is closed", "!"+at("chat-panel"))
	w.row("Write to one person", from, field, `says "Bob wrote to you privately: I see"`)

	w.tabTo("button", "People")
	from = w.Focused().String()
	w.press("\r", "Enter")
	w.Until("the people are there", at("people-panel"))
	w.stands(`heading "People"`)
	w.tabTo("button", "Actions on Bob")
	actions := w.Focused().String()
	w.press("\r", "Enter")
	w.stands(`button "Message Bob privately"`)
	w.tabTo("button", "Pin Bob")
	pin := w.Focused().String()
	w.press(" ", "Space")
	w.finds("Bob is pinned", func(a testbrowser.Accessible) bool {
		return strings.Contains(a.Name, "Unpin Bob") && a.States["focused"] == "true"
	})
	to = w.Focused().String()
	w.press(" ", "Space")
	w.press("\x1b", "Escape")
	w.Until("the actions are closed", `!document.querySelector(".person-actions")`)
	w.press("\x1b", "Escape")
	w.Until("the panel is closed", "!"+at("people-panel"))
	w.row("Open people and pin somebody", from, actions, pin, to, "focus: "+w.Focused().String())

	w.tabTo("button", "Connection of Bob")
	w.press("\r", "Enter")
	w.Until("the numbers are there", at("numbers-video"))
	w.finds("it is a dialog", func(a testbrowser.Accessible) bool {
		return a.Role == "dialog" && a.Name == "Connection of Bob"
	})
	w.finds("with tables", func(a testbrowser.Accessible) bool { return a.Role == "table" && a.Name == "Camera" })
	w.finds("whose rows have heads", func(a testbrowser.Accessible) bool {
		return a.Role == "rowheader" && a.Name == "Bit rate"
	})
	w.press("\x1b", "Escape")
	w.Until("the numbers are gone", "!"+at("connection-dialog"))
	w.finds("the focus is back", func(a testbrowser.Accessible) bool {
		return a.States["focused"] == "true" && strings.HasPrefix(a.Name, "Connection of Bob")
	})
	w.row("Read the numbers of a connection", `dialog "Connection of Bob"`, `table "Camera"`, `rowheader "Bit rate"`)

	w.press("r", "R")
	w.Until("the panel is open", at("egress-panel"))
	w.tabTo("button", "Start recording")
	from = w.Focused().String()
	w.press("\r", "Enter")
	w.hears("Recording started.")
	w.finds("it can be stopped", func(a testbrowser.Accessible) bool {
		return a.Name == "Stop the recording" && a.States["focused"] == "true" && a.States["disabled"] != "true"
	})
	to = w.Focused().String()
	w.press("\r", "Enter")
	w.hears("Recording stopped.")
	w.press("\x1b", "Escape")
	w.row("Record and stop", from, `says "Recording started."`, to, `says "Recording stopped."`)

	w.press("i", "I")
	w.Until("the invitation is there", at("invite-dialog"))
	dialog := w.Focused().String()
	w.tabTo("button", "Copy the link")
	w.press("\r", "Enter")
	w.hears("Copied")
	w.press("\x1b", "Escape")
	w.Until("the dialog is gone", "!"+at("invite-dialog"))
	w.row("Copy the invite link", dialog, `says "Copied"`, "focus: "+w.Focused().Role)

	w.press(",", ",")
	w.Until("the settings are there", at("settings-dialog"))
	w.tabTo("combobox", "Camera")
	from = w.Focused().String()
	w.press(kb.ArrowDown, "Down")
	w.finds("another one is chosen", func(a testbrowser.Accessible) bool {
		return a.Role == "combobox" && a.Name == "Camera" && a.States["focused"] == "true" && a.String() != from
	})
	to = w.Focused().String()
	w.press("\x1b", "Escape")
	w.Until("the dialog is gone", "!"+at("settings-dialog"))
	w.row("Change the camera", from, to)

	w.tabTo("button", "Leave")
	from = w.Focused().String()
	w.press("\r", "Enter")
	w.Until("it asks", at("leave-dialog"))
	w.stands(`button "Leave; the others go on"`)
	to = w.Focused().String()
	w.press("\r", "Enter")
	w.Until("she is out", at("left-title"))
	w.stands(`heading "You left the meeting"`)
	w.row("Leave", from, to, `heading "You left the meeting"`)

	const page = "../../docs/accessibility.md"
	raw, err := os.ReadFile(page)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(raw), tableBegin)
	require.True(t, found, "%s has no table", page)
	table, after, found := strings.Cut(rest, tableEnd)
	require.True(t, found, "the table of %s has no end", page)
	got := "| what | keys | what the tree tells |\n| --- | --- | --- |\n" + strings.Join(w.rows, "\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(before+tableBegin+got+tableEnd+after), 0o644))
		return
	}
	require.Equal(t, table, got, "%s; go test -run %s ./e2e/meeting -update writes it", page, t.Name())
}
