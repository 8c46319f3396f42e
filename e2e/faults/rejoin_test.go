package faults

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// A server is killed and started again: a Go program and a page come back by themselves, publish again what was on, and
// each receive one fault, which ends nothing.
func TestEverybodyComesBackAfterARestart(t *testing.T) {
	t.Parallel()
	h := spawn(t)
	s := &T{T: t, Server: h, Entry: fault.Find("3103.SESSION_UNKNOWN")[0]}
	browser := startChromium(t, h, 1, "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream")
	page := browser.open(s)
	meeting, token := s.Meeting(), s.Account().Token(t)
	bot := s.client(h.URL, token, meeting, func(o *sdk.Options) { o.WebcamEnabled = true })
	require.NoError(t, bot.Join(t.Context()))
	page.navigate("/")
	page.make(token, meeting, "una")
	page.run(`meeting.join().then(() => meeting.enableWebcam()).then(() => true)`, nil)
	bothSee := func() {
		t.Helper()
		require.Eventually(t, func() bool {
			p := bot.Participant("una")
			return p != nil && p.WebcamOn()
		}, 2*testserver.Timeout, 10*time.Millisecond)
		_, err := bot.Participant("una").Stream(sdk.Video).ReadRTP(t.Context())
		require.NoError(t, err)
		page.until(func() bool {
			var size int
			page.run(`(async () => (await meeting.participants.get("go")?.getVideoStats())?.[0]?.size?.height ?? 0)()`, &size)
			return size > 0
		}, "the page gets no picture")
	}
	bothSee()

	h.Kill()
	require.Eventually(t, func() bool {
		return bot.State() == sdk.Reconnecting
	}, testserver.Timeout, 5*time.Millisecond)
	h.RespawnAt(t, strings.TrimPrefix(h.URL, "http://"))

	require.Eventually(t, func() bool {
		return bot.State() == sdk.Connected
	}, 2*testserver.Timeout, 10*time.Millisecond)
	page.until(func() bool {
		var state string
		page.run("Promise.resolve(meeting.state)", &state)
		return state == "CONNECTED"
	}, "the page does not come back")
	bothSee()
	for who, told := range map[string][]*fault.Error{"bot": bot.all(), "page": page.all()} {
		require.Len(t, told, 1, "%s: %v", who, told)
		require.Equal(t, "SESSION_UNKNOWN", told[0].Reason)
		require.False(t, told[0].Fatal)
		require.Eventually(t, func() bool {
			return h.Logged(told[0].ID)
		}, testserver.Timeout, 10*time.Millisecond, "the log does not know %v", told[0])
	}
}

// all returns everything that the error event carried.
func (c *client) all() []*fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*fault.Error{}, c.received...)
}

// all returns everything that the error event of `meeting` carried.
func (p *tab) all() (list []*fault.Error) {
	p.Helper()
	p.run("Promise.resolve(meeting.heard)", &list)
	return list
}
