package meeting

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
)

// chatPage opens the page of somebody who joins at once, without devices.
func chatPage(t *testing.T, b *testbrowser.Browser, url, room, name, token string) *testbrowser.Page {
	t.Helper()
	p := b.Page(t, url+"/meet/"+room+"?joinScreen.visible=false&micEnabled=false&webcamEnabled=false#name="+name+
		"&token="+token, noteSaid)
	p.Until(name+" is in", at("meeting-view"))
	return p
}

// chatTexts is what stands in the chat: heads, texts and marks, a line each.
func chatTexts(p *testbrowser.Page) string { return p.Text(testbrowser.TestID("chat-list")) }

func hasText(id, text string) string {
	return fmt.Sprintf(`document.querySelector('[data-testid=%q]')?.innerText.includes(%q)`, id, text)
}

// chooseRecipient chooses who gets the next message, by name, as the keyboard does.
func chooseRecipient(p *testbrowser.Page, name string) {
	p.Until(name+" can be chosen", fmt.Sprintf(`(() => {
		const select = document.querySelector('[data-testid="chat-to"]');
		const option = [...select.options].find((o) => o.text === %q);
		if (!option) return false;
		select.focus();
		select.value = option.value;
		select.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`, name))
}

func write(p *testbrowser.Page, text string) {
	p.Type(testbrowser.TestID("chat-input"), text)
	p.Click(testbrowser.TestID("chat-send"))
	p.Until("it is sent", hasText("chat-list", text)+
		` && document.querySelector('[data-testid="chat-input"]').value === ""`)
}

// One of three gets a private message. The third one gets nothing of it, live, from the history, or by REST; both who
// have it see that it is private, also after a reload; and who writes to somebody who has left is told.
func TestPrivateChat(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	ann := chatPage(t, browser, h.URL, room, "Ann", token)
	bob := chatPage(t, browser, h.URL, room, "Bob", token)
	cat := chatPage(t, browser, h.URL, room, "Cat", token)
	ann.Until("all are there", `document.querySelectorAll(".tile").length === 3`)

	// From Bob's row in the People panel.
	ann.Click(testbrowser.TestID("people-button"))
	ann.Until("the people are there", at("people-panel"))
	ann.Click(`[aria-label="Actions on Bob"]`)
	ann.Until("the actions are there", `document.querySelector('[data-testid^="write-"]')`)
	ann.RequireReach(t, "people-private")
	ann.Look(1280, 720, false, false)
	ann.Click(`[data-testid^="write-"]`)
	ann.Until("the chat is open, and says to whom",
		hasText("chat-hint", "only Bob sees this")+
			` && document.querySelector('[data-testid="chat-input"]').placeholder === "Private message to Bob"
			&& document.querySelector('[data-testid="chat-send"]').ariaLabel === "Send privately to Bob"`)
	write(ann, "the code is 4711")
	ann.Until("Ann sees to whom it went", hasText("chat-private", "Private, to Bob"))
	ann.Until("the choice stays", hasText("chat-hint", "only Bob"))
	bob.Until("it is announced", `window.said.includes("Ann wrote to you privately: the code is 4711")`)
	bob.Until("it is unread", `document.querySelector('[data-testid="chat-button"]').ariaLabel.includes("1 unread")`)
	bob.Click(testbrowser.TestID("chat-button"))
	bob.Until("Bob has it, as private",
		hasText("chat-list", "the code is 4711")+" && "+hasText("chat-private", "Private, to you"))

	// To everybody, by the keyboard; a message that comes later proves that the earlier one did not come.
	chooseRecipient(ann, "Everyone")
	ann.Until("nothing says private", "!"+at("chat-hint"))
	write(ann, "hello all")
	cat.Click(testbrowser.TestID("chat-button"))
	cat.Until("Cat has what is for all", hasText("chat-list", "hello all"))
	require.NotContains(t, chatTexts(cat), "4711")
	require.NotContains(t, chatTexts(cat), "rivate")
	chooseRecipient(bob, "Ann")
	write(bob, "thank you")
	chooseRecipient(bob, "Cat")
	write(bob, "are you well?")
	ann.Until("Ann has the answer", hasText("chat-list", "thank you"))
	looks(ann, "chat-private")
	ann.RequireReach(t, "chat-private")
	ann.Look(1280, 720, false, false)
	cat.Until("Cat has her own", hasText("chat-list", "are you well?"))

	// The history of each, after a reload.
	for name, want := range map[*testbrowser.Page]struct{ has, hasNot []string }{
		ann: {[]string{"4711", "Private, to Bob", "hello all", "thank you", "Private, to you"}, []string{"well"}},
		bob: {[]string{"4711", "Private, to you", "Private, to Ann", "Private, to Cat", "well"}, nil},
		cat: {[]string{"hello all", "are you well?", "Private, to you"}, []string{"4711", "thank you", "to Bob"}},
	} {
		name.Reload()
		name.Until("it is back", at("meeting-view"))
		name.Click(testbrowser.TestID("chat-button"))
		for _, text := range want.has {
			name.Until("it has "+text, hasText("chat-list", text))
		}
		for _, text := range want.hasNot {
			require.NotContains(t, chatTexts(name), text)
		}
	}

	// What the server tells of the session by REST has what was for everybody alone.
	status, answer := h.REST(t, token, http.MethodGet, "/v2/sessions?roomId="+room, nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	var sessions struct {
		Data []struct{ ID string }
	}
	require.NoError(t, json.Unmarshal(answer, &sessions))
	require.NotEmpty(t, sessions.Data)
	status, answer = h.REST(t, token, http.MethodGet, "/v2/sessions/"+sessions.Data[0].ID+"/chat", nil)
	require.Equal(t, http.StatusOK, status, string(answer))
	require.Contains(t, string(answer), "hello all")
	for _, private := range []string{"4711", "thank you", "well"} {
		require.NotContains(t, string(answer), private)
	}

	// Bob leaves while Ann writes to him: she is told, her text stays, and it goes to nobody else.
	chooseRecipient(ann, "Bob")
	ann.Type(testbrowser.TestID("chat-input"), "only for Bob")
	bob.Click(testbrowser.TestID("leave-button"))
	bob.Click(testbrowser.TestID("leave-confirm"))
	ann.Until("she is told", hasText("chat-gone", "Bob has left the meeting"))
	ann.Press("\r")
	var form struct {
		Draft    string
		Disabled bool
		To       string
	}
	ann.Eval(`({ draft: document.querySelector('[data-testid="chat-input"]').value,
		disabled: document.querySelector('[data-testid="chat-send"]').disabled,
		to: document.querySelector('[data-testid="chat-to"]').selectedOptions[0].text })`, &form)
	require.Equal(t, "only for Bob", strings.TrimSpace(form.Draft))
	require.True(t, form.Disabled)
	require.Equal(t, "Bob (has left)", form.To)
	looks(ann, "chat-gone")
	ann.Look(1280, 720, false, false)
	chooseRecipient(ann, "Cat")
	ann.Click(testbrowser.TestID("chat-send"))
	cat.Until("it went to who was chosen", hasText("chat-list", "only for Bob"))
}

// picturePNG returns a picture of one color.
func picturePNG(t *testing.T, width, height int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = 0xff
		if i%4 == 1 {
			img.Pix[i] = 0x60
		}
	}
	img.Set(0, 0, color.Black)
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, img))
	return out.Bytes()
}

// give hands a file to the page: chosen in the dialog of the browser, pasted into the field, or dropped on the page.
func give(p *testbrowser.Page, how, name string, content []byte) {
	p.Until("the file is given", fmt.Sprintf(`(() => {
		const bytes = Uint8Array.from(atob(%q), (c) => c.charCodeAt(0));
		const data = new DataTransfer();
		data.items.add(new File([bytes], %q));
		const how = %q;
		if (how === "choose") {
			const input = document.querySelector('[data-testid="chat-files"]');
			input.files = data.files;
			input.dispatchEvent(new Event("change", { bubbles: true }));
		} else if (how === "paste") {
			const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
			return !document.querySelector('[data-testid="chat-input"]').dispatchEvent(event);
		} else {
			const over = new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true });
			const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
			const stage = document.querySelector(".stage");
			return !stage.dispatchEvent(over) && !stage.dispatchEvent(drop);
		}
		return true;
	})()`, base64.StdEncoding.EncodeToString(content), name, how))
}

// Files go out by each way of attaching them, with progress and cancel, privately too. A picture is shown, and only
// where its bytes are one; others are fetched as they are. What is too large is refused before it is sent.
func TestChatFiles(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t, func(c *conf.Config) { c.Limit.TemporaryFileMB, c.Limit.TemporaryFilesMB = 1, 2 })
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	ann := chatPage(t, browser, h.URL, room, "Ann", token)
	bob := chatPage(t, browser, h.URL, room, "Bob", token)
	cat := chatPage(t, browser, h.URL, room, "Cat", token)
	ann.Until("all are there", `document.querySelectorAll(".tile").length === 3`)
	for _, p := range []*testbrowser.Page{ann, bob, cat} {
		p.Click(testbrowser.TestID("chat-button"))
		p.Until("the chat is open", at("chat-panel"))
	}

	// The limits are told before anything is chosen, and what is larger is not sent.
	ann.Click(testbrowser.TestID("chat-attach"))
	ann.Until("the limits", hasText("file-limit", "Up to 1 MB for each file. Files are deleted after 24 hours."))
	give(ann, "drop", "large.bin", bytes.Repeat([]byte{7}, 1<<20+1))
	ann.Until("it is refused", hasText("file-refused", "large.bin is too large: it has 1 MB, and the limit is 1 MB."))
	give(ann, "choose", "empty.txt", nil)
	ann.Until("so is an empty one", hasText("file-refused", "empty.txt is empty."))
	require.False(t, strings.Contains(ann.Text(testbrowser.TestID("attached")), "Remove"))

	// A picture, with its progress; cancelled, and sent at last.
	picture := picturePNG(t, 640, 360)
	noise := make([]byte, 300_000)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	picture = append(picture, noise...) // a picture ends where its format says
	ann.SlowUploads(h.URL+"/base64-upload", 100_000)
	give(ann, "paste", "chart.png", picture)
	ann.Type(testbrowser.TestID("chat-input"), "look at this")
	ann.Click(testbrowser.TestID("chat-send"))
	progress := `document.querySelector('[data-testid="upload-progress"]')`
	ann.Until("its progress", progress+`?.value > 0.05 && `+progress+`.value < 0.95`)
	looks(ann, "chat-upload")
	ann.Look(1280, 720, false, false)
	ann.Click(testbrowser.TestID("attachment-remove"))
	ann.Until("it is cancelled, and the text is there again",
		"!"+at("attachment")+` && document.querySelector('[data-testid="chat-input"]').value === "look at this"`)
	require.NotContains(t, chatTexts(ann), "chart.png")
	require.Empty(t, ann.Text(testbrowser.TestID("fault-lines")), "whoever cancels is told nothing")
	ann.SlowUploads("", 0)
	give(ann, "choose", "chart.png", picture)
	ann.Until("it is attached", at("attachment"))
	ann.Click(testbrowser.TestID("chat-send"))
	for _, p := range []*testbrowser.Page{ann, bob, cat} {
		p.Until("the picture is shown",
			`document.querySelector('[data-testid="chat-picture"]')?.naturalWidth === 640 && `+
				hasText("chat-list", "look at this"))
	}

	// What calls itself a picture and is none is a file.
	give(ann, "drop", "sly.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`))
	ann.Until("it is attached", at("attachment"))
	ann.Click(testbrowser.TestID("chat-send"))
	bob.Until("it is a file", `document.querySelectorAll('[data-testid="chat-file"]').length === 2 &&
		document.querySelectorAll('[data-testid="chat-picture"]').length === 1`)

	// To one of them alone, who gets the bytes that were sent. Whoever is chosen while it is on its way does not get it.
	chooseRecipient(ann, "Bob")
	ann.SlowUploads(h.URL+"/base64-upload", 20_000)
	give(ann, "choose", "plan.txt", append([]byte("for Bob alone"), make([]byte, 30_000)...))
	ann.Until("it is attached", at("attachment"))
	ann.Click(testbrowser.TestID("chat-send"))
	ann.Until("it is on its way", progress)
	ann.Click(testbrowser.TestID("people-button"))
	ann.Click(`[aria-label="Actions on Cat"]`)
	ann.Click(`[data-testid^="write-"]`)
	ann.Until("the next message is for Cat", hasText("chat-hint", "only Cat"))
	require.Contains(t, ann.Text(testbrowser.TestID("attached")), "plan.txt", "it is still on its way")
	bob.Until("Bob has it", hasText("chat-list", "plan.txt")+" && "+hasText("chat-private", "Private, to you"))
	bob.Eval(`URL.createObjectURL = ((create) => (blob) => {
		window.saved = blob;
		return create.call(URL, blob);
	})(URL.createObjectURL)`, nil)
	bob.Click(`[aria-label="Download plan.txt"]`)
	bob.Until("it is what was sent",
		`window.saved?.type === "application/octet-stream" &&
		window.saved.size === 30_013 &&
		window.saved.text().then((text) => text.startsWith("for Bob alone"))`)
	ann.SlowUploads("", 0)
	chooseRecipient(ann, "Everyone")
	write(ann, "that was all")
	cat.Until("a later message is there", hasText("chat-list", "that was all"))
	require.NotContains(t, chatTexts(cat), "plan.txt")
	looks(bob, "chat-files")
	bob.RequireReach(t, "chat-files")

	// The meeting has room for no more: the fault stands where the file is, in words for people.
	for i := range 3 {
		give(ann, "choose", fmt.Sprintf("n%d.bin", i), bytes.Repeat([]byte{byte(i)}, 600<<10))
	}
	ann.Until("they are attached", `document.querySelectorAll('[data-testid="attachment"]').length === 3`)
	ann.Click(testbrowser.TestID("chat-send"))
	ann.Until("it is told",
		hasText("attachment-problem", "There is no room for another file of this size in the meeting."))
	require.Empty(t, ann.Text(testbrowser.TestID("fault-lines")), "it is told once")
	ann.Until("the last message is in sight", `(() => {
		const list = document.querySelector('[data-testid="chat-list"]');
		return list.scrollHeight - list.scrollTop - list.clientHeight < 2;
	})()`)
	looks(ann, "chat-full")
}

// The chat is still there where the server was restarted under the page, and where the page joins again by itself.
// Somebody who comes later sees what was written in the session since.
func TestChatAfterRestart(t *testing.T) {
	h := testserver.Spawn(t, testserver.Program(t), nil)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	browser := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	ann := chatPage(t, browser, h.URL, room, "Ann", token)
	bob := chatPage(t, browser, h.URL, room, "Bob", token)
	ann.Until("both are there", `document.querySelectorAll(".tile").length === 2`)
	for _, p := range []*testbrowser.Page{ann, bob} {
		p.Click(testbrowser.TestID("chat-button"))
	}
	write(ann, "before the restart")
	chooseRecipient(bob, "Ann")
	write(bob, "privately")
	ann.Until("it is there", hasText("chat-list", "privately"))

	h.Kill()
	ann.Until("the page tells that it reconnects", at("reconnecting-banner"))
	h.RespawnAt(t, strings.TrimPrefix(h.URL, "http://"))
	for _, p := range []*testbrowser.Page{ann, bob} {
		p.UntilIn(30*time.Second, "the page is back", at("meeting-view")+" && !"+at("reconnecting-banner"))
	}
	ann.Until("both are there", `document.querySelectorAll(".tile").length === 2`)
	write(ann, "after the restart")
	bob.Until("it is there", hasText("chat-list", "after the restart"))
	for _, p := range []*testbrowser.Page{ann, bob} {
		for _, text := range []string{"before the restart", "privately", "after the restart"} {
			require.Equal(t, 1, strings.Count(chatTexts(p), text), "%s in %q", text, chatTexts(p))
		}
	}
	bob.Until("the choice stays", hasText("chat-hint", "only Ann"))
	looks(bob, "chat-restarted")

	// A session keeps its own messages: so it is published.
	cat := chatPage(t, browser, h.URL, room, "Cat", token)
	cat.Click(testbrowser.TestID("chat-button"))
	cat.Until("who comes later has those of the session", hasText("chat-list", "after the restart"))
	require.NotContains(t, chatTexts(cat), "before the restart")
}
