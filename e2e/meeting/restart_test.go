package meeting

import (
	"strings"
	"testing"
	"time"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
	"github.com/stretchr/testify/require"
)

// A server is stopped, and killed, under two pages and a bot: everybody is told, and sees and hears the others again
// within seconds of its return, without a click.
func TestServerRestarts(t *testing.T) {
	h := testserver.Spawn(t, testserver.Program(t), nil)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: "bot", Name: "Bot", MicEnabled: true, WebcamEnabled: true,
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() { _ = bot.Leave(t.Context()) })
	chromium := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	pages := []*testbrowser.Page{
		enter(t, chromium, h, room, token, "Ann"), enter(t, chromium, h, room, token, "Bob"),
	}
	ids := map[string]string{}
	together := func() {
		t.Helper()
		for _, p := range pages {
			p.AwaitVideos(2)
			p.AwaitAudio(2)
		}
		for _, name := range []string{"Ann", "Bob"} {
			person := find(t, bot, name)
			if ids[name] == "" {
				ids[name] = person.ID()
			}
			require.Equal(t, ids[name], person.ID(), "the same participant id")
			picture(t, person.Stream(sdk.Video))
		}
	}
	together()
	for name, stop := range map[string]func(){"stopped": func() { h.Stop(t) }, "killed": h.Kill} {
		stop()
		for _, p := range pages {
			p.Until("the page tells that it reconnects, "+name, `document.querySelector('[data-testid="reconnecting-banner"]')`)
		}
		if name == "stopped" {
			pages[0].Until("when it tries again",
				`document.querySelector('[data-testid="reconnect-countdown"]')?.innerText.match(/in \d+ s/) &&
				document.querySelector('[data-testid="reconnecting-banner"]').innerText.includes("restarting")`)
			pages[0].Screenshot("restarting")
		}
		h.RespawnAt(t, strings.TrimPrefix(h.URL, "http://"))
		back := time.Now()
		for _, p := range pages {
			p.UntilIn(10*time.Second, "the page is back, "+name,
				`document.querySelector('[data-testid="meeting-view"]') &&
				!document.querySelector('[data-testid="reconnecting-banner"]')`)
		}
		t.Logf("%s: back after %v", name, time.Since(back))
		together()
		t.Logf("%s: together after %v", name, time.Since(back))
	}
}
