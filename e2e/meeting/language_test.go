package meeting

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// englishWords returns the texts and names of the page that have an English word in them. What is for developers is
// English in every language, and says so.
const englishWords = `(() => {
	const english = /\b(the|you|your|and|of|is|to|join|leave|camera|microphone|people|meeting|close|settings)\b/i;
	const found = [];
	const look = (e, text) => {
		if (english.test(text ?? "") && e.closest('[lang="en"], [data-testid="meeting-id"]') === null) found.push(text.trim());
	};
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (texts.nextNode()) look(texts.currentNode.parentElement, texts.currentNode.data);
	for (const e of document.body.querySelectorAll("*"))
		for (const name of ["title", "aria-label", "aria-description", "placeholder", "alt"]) look(e, e.getAttribute(name));
	return found;
})()`

// choose sets the language in the dialog of settings, which is open.
func choose(p *testbrowser.Page, language string) {
	p.Eval(fmt.Sprintf(`(() => {
		const select = document.querySelector('[data-testid="language-select"]');
		select.value = %q;
		select.dispatchEvent(new Event("change", { bubbles: true }));
	})()`, language), nil)
	p.Until("the page is in "+language, fmt.Sprintf(`document.documentElement.lang === %q`, language))
}

// The page is in the language of its address, from the preview to the end of the call and with what goes wrong on the
// way. A choice in the settings shows at once and is remembered.
func TestLanguage(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Deny)
	p := browser.Page(t, h.URL+"/meet/"+room+"?lang=de#token="+token+"&name=Ann")
	german := func(where string) {
		t.Helper()
		var found []string
		p.Eval(englishWords, &found)
		assert.Empty(t, found, "English %s", where)
	}
	says := func(id, text string) {
		t.Helper()
		p.Until(
			"it says: "+text,
			fmt.Sprintf(`document.querySelector('[data-testid=%q]')?.textContent.includes(%q)`, id, text),
		)
	}

	says("join-button", "Jetzt teilnehmen")
	says("join-view", "Der Browser lässt diese Seite Ihre Kamera nicht verwenden.")
	p.Until("the document is German", `document.documentElement.lang === "de" && document.documentElement.dir === "ltr"`)
	german("in the preview")
	p.RequireReach(t, "de-join")
	p.Look(1280, 720, false, false)
	p.Click(testbrowser.TestID("join-button"))
	says("alone", "Sie sind als Erstes hier")
	says("live-region", "Sie nehmen an der Besprechung teil.")
	p.Click(testbrowser.TestID("mic-button"))
	says("fault-line", "Der Browser lässt diese Seite Ihr Mikrofon nicht verwenden.")
	p.Click(testbrowser.TestID("fault-more"))
	says("fault-todo", "erlauben Sie das Mikrofon")
	german("in the meeting")
	for _, panel := range []string{"people", "chat", "egress", "problems"} {
		p.Click(testbrowser.TestID(panel + "-button"))
		p.Until("the panel is open", at(panel+"-panel"))
		german("in the panel " + panel)
	}
	p.Click(testbrowser.TestID("problems-button"))
	for _, dialog := range []struct{ opener, view string }{
		{"more-invite", "invite-dialog"}, {"more-help", "shortcuts-dialog"}, {"more-settings", "settings-dialog"},
	} {
		p.Click(testbrowser.TestID("more-button"))
		german("in the menu")
		p.Click(testbrowser.TestID(dialog.opener))
		p.Until("the dialog is open", at(dialog.view))
		german("in the dialog " + dialog.view)
		p.RequireReach(t, "de-"+dialog.view)
		p.Look(1280, 720, false, false)
		if dialog.view != "settings-dialog" {
			p.Click(testbrowser.TestID("dialog-close"))
		}
	}

	// Without a reload, in all that is shown.
	choose(p, "en")
	says("settings-dialog", "Your camera is off.")
	choose(p, "de")
	says("settings-dialog", "Ihre Kamera ist aus.")
	p.Click(testbrowser.TestID("dialog-close"))

	// From right to left the controls are in reach too, and the panel is at the other side.
	p.Eval(`document.documentElement.dir = "rtl"`, nil)
	p.RequireReach(t, "rtl")
	p.Look(1280, 720, false, false)
	p.Click(testbrowser.TestID("people-button"))
	p.Until("the panel is at the left", `(() => {
		const panel = document.querySelector('[data-testid="people-panel"]')?.getBoundingClientRect();
		return panel !== undefined && panel.left < 40 && panel.right < innerWidth / 2;
	})()`)
	p.RequireReach(t, "rtl-people")
	p.Look(1280, 720, false, false)
	p.Eval(`document.documentElement.dir = "ltr"`, nil)

	p.Click(testbrowser.TestID("leave-button"))
	p.Until("it asks", at("leave-dialog"))
	german("in the dialog that leaves")
	p.Click(testbrowser.TestID("leave-confirm"))
	says("left-title", "Sie haben die Besprechung verlassen")
	german("at the end")

	// The choice is remembered; the language of an address is not.
	other := browser.Page(t, h.URL+"/meet/"+room+"#token="+token+"&name=Bob")
	other.Until("it is as the browser has it", `document.documentElement.lang === "en" && `+at("join-button"))
	other.Click(testbrowser.TestID("join-button"))
	other.Until("it is in", at("meeting-view"))
	other.Click(testbrowser.TestID("more-button"))
	other.Click(testbrowser.TestID("more-settings"))
	other.Until("the dialog is open", at("settings-dialog"))
	choose(other, "de")
	other.Reload()
	other.Until("it is German", `document.documentElement.lang === "de" && `+at("join-button"))
	require.Equal(t, "Jetzt teilnehmen", other.Text(testbrowser.TestID("join-button")))

	refused := browser.Page(t, h.URL+"/meet/"+room+"?lang=tlh#token="+token)
	refused.Until("it is refused", at("refused-view"))
	var detail string
	refused.Eval(`document.querySelector('[data-testid="fault-panel"]').dataset.code + " " +
		document.querySelector('[data-testid="fault-detail"]').textContent`, &detail)
	require.Contains(t, detail, "3073 ")
	require.Contains(t, detail, "lang")
}

// In Arabic the document runs from right to left: the first control stands at the right, a panel at the left, and every
// control is in reach, at the size of a desktop and of a phone.
func TestLanguageArabic(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices)
	p := browser.Page(t, h.URL+"/meet/"+room+"?lang=ar#token="+token+"&name=Ann")
	arabic := func(where string) {
		t.Helper()
		var found []string
		p.Eval(englishWords, &found)
		assert.Empty(t, found, "English %s", where)
	}
	label := func(id string) string {
		t.Helper()
		var name string
		p.Eval(fmt.Sprintf(`document.querySelector('[data-testid=%q]').ariaLabel ?? ""`, id), &name)
		return name
	}

	p.Until("the document is Arabic", `document.documentElement.lang === "ar" && document.documentElement.dir === "rtl" &&
		document.querySelector('[data-testid="join-button"]')?.textContent.includes("الانضمام الآن")`)
	arabic("in the preview")
	p.RequireReach(t, "ar-join")
	p.Look(1280, 720, false, false)
	p.Click(testbrowser.TestID("join-button"))
	p.Until("it is in", at("meeting-view")+` && document.querySelector('[data-testid="alone"]') !== null`)
	require.Contains(t, p.Text(testbrowser.TestID("alone")), "أنت أول الحاضرين هنا")
	require.Contains(t, label("mic-button"), "الميكروفون")
	require.Contains(t, label("leave-button"), "مغادرة")
	arabic("in the meeting")
	p.Until("the toolbar begins at the right", `(() => {
		const left = (id) => document.querySelector('[data-testid="' + id + '"]').getBoundingClientRect().left;
		return left("mic-button") > left("cam-button") && left("cam-button") > left("leave-button");
	})()`)
	for _, panel := range []string{"people", "chat"} {
		p.Click(testbrowser.TestID(panel + "-button"))
		p.Until("the panel is at the left", fmt.Sprintf(`(() => {
			const panel = document.querySelector('[data-testid="%s-panel"]')?.getBoundingClientRect();
			return panel !== undefined && panel.left >= 0 && panel.left < 40 && panel.right < innerWidth / 2;
		})()`, panel))
		arabic("in the panel " + panel)
		p.RequireReach(t, "ar-"+panel)
		p.Look(1280, 720, false, false)
	}
	p.Click(testbrowser.TestID("chat-button"))
	p.Click(testbrowser.TestID("more-button"))
	p.Click(testbrowser.TestID("more-settings"))
	p.Until("the dialog is open", at("settings-dialog"))
	arabic("in the settings")
	p.RequireReach(t, "ar-settings")
}

// Each language is shown as soon as it is chosen, without a word of English, and fits a phone and a wide screen.
func TestEveryLanguage(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	p := browser.Page(t, h.URL+"/meet/"+room+"#token="+account.Token(t)+"&name=Ann")
	p.Click(testbrowser.TestID("join-button"))
	p.Until("the meeting is there", at("meeting-view"))
	p.Click(testbrowser.TestID("more-button"))
	p.Click(testbrowser.TestID("more-settings"))
	p.Until("the settings are open", at("settings-dialog"))
	for _, language := range []string{"de", "es", "fr", "pt", "hi", "ar", "ja"} {
		choose(p, language)
		var found []string
		p.Eval(englishWords+`.filter((text) => ![...document.querySelector('[data-testid="live-region"]').children].some((said) =>
			said.innerText === text))`, &found) // what was announced before stays as it was said
		assert.Empty(t, found, "English in %s", language)
		for _, width := range []int64{390, 1280} {
			p.Look(width, 800, false, width == 390)
			p.Until(fmt.Sprintf("%s fits %d", language, width), `[document.documentElement, document.querySelector("dialog")]
				.every((e) => e.scrollWidth <= innerWidth)`)
		}
	}
}
