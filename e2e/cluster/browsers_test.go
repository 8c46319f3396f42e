package cluster

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testbrowser"
)

// enter opens the meeting page, with microphone and camera on.
func (c *nodes) enter(t *testing.T, b *testbrowser.Browser, meeting, name string) *testbrowser.Page {
	t.Helper()
	p := b.Page(t, fmt.Sprintf("%s/meet/%s#token=%s&name=%s", c.front.url, meeting, c.account.Token(t), name),
		testbrowser.RecordConnections)
	for _, device := range []string{"mic-button", "cam-button"} {
		p.Until("the page has "+device, fmt.Sprintf(`document.querySelector(%q)`, testbrowser.TestID(device)))
		p.Eval(fmt.Sprintf(
			`(() => { const b = document.querySelector(%q); if (b.getAttribute("aria-pressed") !== "true") b.click(); })()`,
			testbrowser.TestID(device)), nil)
	}
	p.Click(testbrowser.TestID("join-button"))
	p.Until(name+" is in", fmt.Sprintf(`document.querySelector(%q) !== null`, testbrowser.TestID("meeting-view")))
	return p
}

// others counts the people whose picture a page shows, and that nobody left.
const others = `document.querySelectorAll('.tile[data-local="false"] video').length`

// testBrowsers: two people in Chromium, with `make cluster` one in Firefox as well, a bot and a recording; the node of
// their meeting is killed.
func testBrowsers(t *testing.T, c *nodes) {
	m := c.gather(t, "bot")
	chromium := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	pages := map[string]*testbrowser.Page{
		"Ann": c.enter(t, chromium, m.meeting, "Ann"), "Bob": c.enter(t, chromium, m.meeting, "Bob"),
	}
	if os.Getenv("CLUSTER_TRIES") != "" { // with all the rest it is too much for two processors
		pages["Cem"] = c.enter(t, testbrowser.OpenFirefox(t), m.meeting, "Cem")
	}
	for name, p := range pages {
		p.Until(name+" sees all others", fmt.Sprintf("%s === %d", others, len(pages)))
	}
	status, answer := c.all[0].REST(t, c.account.Token(t), "POST", "/v2/recordings/start", map[string]any{
		"roomId": m.meeting, "config": map[string]any{"layout": map[string]any{"type": "GRID"}, "quality": "low"},
	})
	require.Equal(t, http.StatusOK, status, string(answer))
	until(
		t,
		30*time.Second,
		"the recording runs",
		func() bool { return m.bots[0].RecordingState() == "RECORDING_STARTED" },
	)

	owner := c.owner(t, m.meeting)
	for _, p := range pages {
		p.Eval(`(() => {
			window.seen = [];
			window.pictures = {}; // of each tile: what was seen last, when, and the longest time without anything new
			setInterval(() => {
				const n = `+others+`;
				if (window.seen.at(-1) !== n) window.seen.push(n);
				for (const tile of document.querySelectorAll('.tile[data-local="false"]')) {
					const frames = tile.querySelector("video")?.getVideoPlaybackQuality().totalVideoFrames;
					const now = Date.now(), old = window.pictures[tile.dataset.testid] ?? { at: now, longest: 0 };
					const longest = frames === old.frames ? Math.max(old.longest, now - old.at) : old.longest;
					const changed = frames !== undefined && frames !== old.frames;
					window.pictures[tile.dataset.testid] = { frames, at: changed ? now : old.at, longest };
				}
			}, 50);
		})()`, nil)
	}
	m.measure()
	owner.Kill()
	killed := time.Now()
	until(t, 10*time.Second, "another node has the meeting", func() bool { return c.ownerNow(t, m.meeting) != owner })
	for name, p := range pages {
		p.AwaitAudio(len(pages))
		p.AwaitVideos(len(pages))
		var seen []int
		p.Eval(`window.seen`, &seen)
		require.NotContains(t, seen, len(pages)-1, "%s saw somebody go: %v", name, seen)
		var stood map[string]struct{ Longest int64 }
		p.Eval(`window.pictures`, &stood)
		for tile, picture := range stood {
			t.Logf("%s: the picture of %s stood for %d ms", name, tile, picture.Longest)
		}
	}
	t.Logf("all see and hear all %v after the kill", time.Since(killed).Round(time.Millisecond))
	m.requireNobodyLeft(t, 1)
	c.restart(t, owner)

	status, answer = c.all[1].REST(
		t,
		c.account.Token(t),
		"POST",
		"/v2/recordings/end",
		map[string]any{"roomId": m.meeting},
	)
	require.Equal(t, http.StatusOK, status, string(answer))
	var file string
	until(t, 60*time.Second, "the recording is there", func() bool {
		_, answer := c.all[2].REST(t, c.account.Token(t), "GET", "/v2/recordings?roomId="+m.meeting, nil)
		var list struct {
			Data []struct {
				Status string
				File   struct{ FileURL string }
			}
		}
		require.NoError(t, json.Unmarshal(answer, &list))
		require.Len(t, list.Data, 1, string(answer))
		file = list.Data[0].File.FileURL
		return file != ""
	})
	probe := mediaprobe.Probe(t, file)
	require.Len(t, probe.Codecs(), 2)
	t.Logf("the recording: %+v", probe)
}
