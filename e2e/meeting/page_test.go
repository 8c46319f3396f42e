package meeting

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
	"github.com/stretchr/testify/require"
)

// longestNames are names without a space, as long as a server takes them, in scripts of different widths and
// directions.
func longestNames() (names []string) {
	for _, letter := range []string{"W", "漢", "ش", "क", "ไ", "👩"} {
		names = append(names, strings.Repeat(letter, wire.MaxNameBytes/len(letter)))
	}
	return names
}

// Whatever others are called, and whatever they write, every control of every view can be clicked at every size.
func TestEveryControlIsInReach(t *testing.T) {
	t.Parallel()
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room := account.Meeting(t, nil)
	for i, name := range longestNames() {
		m, err := sdk.InitMeeting(sdk.Options{
			URL: h.URL, Token: account.Token(t), MeetingID: room, ParticipantID: fmt.Sprint("p", i), Name: name,
		})
		require.NoError(t, err)
		require.NoError(t, m.Join(t.Context()))
		t.Cleanup(func() { _ = m.Leave(context.WithoutCancel(t.Context())) })
		if i < 3 {
			_, err = m.PubSub().Publish(t.Context(), "CHAT", strings.Repeat(name, 3), sdk.PublishOptions{Persist: true})
			require.NoError(t, err)
		}
	}
	knock, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: account.Token(t, "ask_join"), MeetingID: room, ParticipantID: "knock", Name: longestNames()[0],
	})
	require.NoError(t, err)
	waiting, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = knock.Join(waiting) // nobody answers
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})

	p := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Deny).Page(t, h.URL+"/meet/"+room)
	p.Until("it asks for a link", at("token-view"))
	p.RequireReach(t, "token")
	p.Type(testbrowser.TestID("token-input"), fmt.Sprintf("%s/meet/%s#token=%s", h.URL, room,
		account.Token(t, "allow_join", "allow_mod")))
	p.Press("\r")
	p.Until("it knows the cause", at("fault-what"))
	require.NotContains(t, p.Text(testbrowser.TestID("camera-select")), "found", "a camera that is not allowed")
	p.Type(testbrowser.TestID("name-input"), strings.Repeat("W", 64))
	p.RequireReach(t, "join")
	p.Look(1280, 720, false, false)
	p.Click(testbrowser.TestID("join-button"))
	p.Until("it is in", at("meeting-view")+` && document.querySelectorAll(".tile").length > 6`)

	// A denied camera and microphone have a line each, which covers nothing and leaves with Escape.
	for _, device := range []string{"mic-button", "cam-button"} {
		p.Click(testbrowser.TestID(device))
	}
	p.Until("two lines", `document.querySelectorAll('[data-testid="fault-line"]').length === 2`)
	p.RequireReach(t, "lines")
	p.Click(testbrowser.TestID("fault-more"))
	p.RequireReach(t, "more")
	for _, word := range []string{"3017", "3018", "NotAllowed", "PERMISSION"} {
		require.NotContains(t, p.Text(testbrowser.TestID("fault-lines")), word, "people do not read this")
	}
	for range 2 {
		p.Press("\x1b")
	}
	p.Until("no line is left", `!`+at("fault-lines"))

	for _, panel := range []string{"people", "chat", "egress", "problems"} {
		p.Look(1280, 720, false, false)
		p.Click(testbrowser.TestID(panel + "-button"))
		p.Until("the panel is open", at(panel+"-panel"))
		p.RequireReach(t, panel)
		p.Look(1280, 720, false, false)
		p.Press("\x1b")
	}
	for _, dialog := range []struct{ opener, view string }{
		{"more-settings", "settings-dialog"}, {"more-help", "shortcuts-dialog"}, {"leave-button", "leave-dialog"},
	} {
		p.Look(1280, 720, false, false)
		if dialog.opener != "leave-button" {
			p.Click(testbrowser.TestID("more-button"))
			p.RequireReach(t, "more-dialog")
			p.Look(1280, 720, false, false)
		}
		p.Click(testbrowser.TestID(dialog.opener))
		p.Until("the dialog is open", at(dialog.view))
		p.RequireReach(t, dialog.view)
		if dialog.view != "leave-dialog" {
			p.Click(testbrowser.TestID("dialog-close"))
		}
	}
	p.Click(testbrowser.TestID("leave-confirm"))
	p.Until("it is out", at("left-view"))
	p.RequireReach(t, "left")
}

func at(id string) string {
	return fmt.Sprintf("(document.querySelector(%q) !== null)", testbrowser.TestID(id))
}
