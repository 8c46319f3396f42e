package cluster

import (
	"fmt"
	"os"
	"strconv"
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

// watchMedia has a page keep, in window.watched, the longest time for which the picture of a tile stood, and for which
// the sound of somebody was missing, in milliseconds; and in window.seen how many others had pictures.
const watchMedia = `((expected) => {
	window.seen = [];
	window.watched = { picture: 0, sound: 0 };
	window.forget = () => {
		window.watched.picture = window.watched.sound = 0;
		shown.clear();
		heard = Date.now();
	};
	const shown = new Map(), packets = new Map(), watching = new WeakSet();
	let heard = Date.now();
	const frame = (tile) => {
		const now = Date.now();
		window.watched.picture = Math.max(window.watched.picture, now - (shown.get(tile) ?? now));
		shown.set(tile, now);
	};
	setInterval(() => {
		const n = ` + others + `;
		if (window.seen.at(-1) !== n) window.seen.push(n);
		for (const video of document.querySelectorAll('.tile[data-local="false"] video')) {
			if (watching.has(video)) continue;
			watching.add(video);
			const tile = video.closest(".tile").dataset.testid;
			const next = () => { frame(tile); video.requestVideoFrameCallback(next); };
			video.requestVideoFrameCallback(next);
		}
	}, 50);
	const listen = async () => {
		let growing = 0;
		for (const pc of window.__connections) {
			if (pc.connectionState !== "connected") continue;
			for (const r of await window.__stats(pc)) {
				if (r.type !== "inbound-rtp" || r.kind !== "audio") continue;
				const last = packets.get(r.ssrc);
				if (last?.count !== r.packetsReceived) packets.set(r.ssrc, { count: r.packetsReceived, at: Date.now() });
				if (Date.now() - packets.get(r.ssrc).at < 300) growing++;
			}
		}
		if (growing >= expected) {
			window.watched.sound = Math.max(window.watched.sound, Date.now() - heard);
			heard = Date.now();
		}
		setTimeout(listen, 100);
	};
	listen();
})(%d)`

// testBrowsers: two people in Chromium, with `make cluster` one in Firefox as well, a bot and a recording; the node of
// their meeting is killed, and with `make cluster` the next ones too.
func testBrowsers(t *testing.T, c *nodes) {
	m := c.gather(t, "bot")
	chromium := testbrowser.Open(t, testbrowser.FakeDevices, testbrowser.Allow)
	pages := map[string]*testbrowser.Page{
		"Ann": c.enter(t, chromium, m.meeting, "Ann"), "Bob": c.enter(t, chromium, m.meeting, "Bob"),
	}
	kills, _ := strconv.Atoi(os.Getenv(triesVariable))
	if kills > 0 { // with all the rest it is too much for two processors
		pages["Cem"] = c.enter(t, testbrowser.OpenFirefox(t), m.meeting, "Cem")
	}
	for name, p := range pages {
		p.Until(name+" sees all others", fmt.Sprintf("%s === %d", others, len(pages)))
	}
	c.record(t, m, grid)
	recordings := 1
	for _, p := range pages {
		p.Eval(fmt.Sprintf(watchMedia, len(pages)), nil)
	}
	var longest []time.Duration // for which somebody was without media, of each kill
	for range max(1, kills) {
		if c.runner(t, m.meeting) == c.owner(t, m.meeting) { // the meeting came to it
			c.requireRecorded(t, m, recordings)
			c.record(t, m, grid)
			recordings++
		}
		longest = append(longest, c.killBeneath(t, m, pages))
	}
	report(t, "the longest time without picture or sound on a page", longest)
	if kills > 0 {
		require.Less(t, percentile(longest, 50), 3*time.Second)
		require.Less(t, percentile(longest, 95), 5*time.Second)
	}

	for _, file := range c.requireRecorded(t, m, recordings) {
		probe := mediaprobe.Probe(t, file)
		require.Len(t, probe.Codecs(), 2)
		t.Logf("the recording: %+v", probe)
	}
}

// killBeneath kills the node of a meeting, and returns the longest time for which a page missed a picture or a sound.
func (c *nodes) killBeneath(t *testing.T, m company, pages map[string]*testbrowser.Page) (longest time.Duration) {
	t.Helper()
	owner := c.owner(t, m.meeting)
	for _, p := range pages {
		p.Eval(`window.forget()`, nil)
	}
	m.measure()
	<-time.After(time.Second) // pictures and sounds come
	owner.Kill()
	until(t, 10*time.Second, "another node has the meeting", func() bool { return c.ownerNow(t, m.meeting) != owner })
	for name, p := range pages {
		p.AwaitAudio(len(pages))
		p.AwaitVideos(len(pages))
		var seen []int
		p.Eval(`window.seen`, &seen)
		require.NotContains(t, seen, len(pages)-1, "%s saw somebody go: %v", name, seen)
	}
	c.restart(t, owner)
	for name, p := range pages {
		var missed struct{ Picture, Sound int64 }
		p.Eval(`window.watched`, &missed)
		t.Logf("%s was killed; %s: no picture for %d ms, no sound for %d ms", owner.name, name, missed.Picture, missed.Sound)
		require.Positive(t, missed.Picture, "%s watched nothing", name)
		longest = max(longest, time.Duration(max(missed.Picture, missed.Sound))*time.Millisecond)
	}
	m.requireNobodyLeft(t, 1)
	return longest
}
