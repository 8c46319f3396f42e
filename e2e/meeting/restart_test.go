package meeting

import (
	"strings"
	"testing"
	"time"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testpeer"
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
	proxy := testpeer.NewProxy(t, strings.TrimPrefix(h.URL, "http://"))
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: "http://" + proxy.Address, Token: token, MeetingID: room, ParticipantID: "bot", Name: "Bot",
		MicEnabled: true, WebcamEnabled: true,
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() { _ = bot.Leave(t.Context()) })
	chromium := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow)
	pages := []*testbrowser.Page{
		enter(t, chromium, h, room, token, "Ann"), enter(t, chromium, h, room, token, "Bob"),
	}
	ids := map[string]string{}
	together := func() {
		t.Helper()
		for _, p := range pages {
			// On a busy machine the flow of pictures may be held back; that of sound never is.
			p.Until("the pictures of both others", `document.querySelectorAll('.tile[data-local="false"] video').length === 2`)
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

	// The bot is cut off: its tile tells, also the one of a page that comes meanwhile, and that it is back.
	const away = `document.querySelector('[data-testid="away-bot"]')`
	proxy.Block()
	pages[0].UntilIn(2*time.Second, "the tile of the bot tells that it is cut off", away)
	cam := enter(t, chromium, h, room, token, "Cam")
	cam.Until("also for who comes meanwhile", away)
	cam.Screenshot("cut-off")
	cam.Close()
	proxy.Unblock()
	pages[0].Until("it is back", "!"+away)

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
