package meeting

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// senders joins that many bots, each with a camera; they receive nothing.
func senders(t *testing.T, h *testserver.Server, token, room string, count int, card sdk.CardOptions) {
	t.Helper()
	for i := range count {
		card.Name = fmt.Sprint("sender ", i)
		m, err := sdk.InitMeeting(sdk.Options{
			URL: h.URL, Token: token, MeetingID: room, ParticipantID: fmt.Sprint("sender", i), Name: card.Name,
			ManualConsume: true, WebcamEnabled: true, Webcam: sdk.TestCard(card),
		})
		require.NoError(t, err)
		require.NoError(t, m.Join(t.Context()))
		t.Cleanup(func() { _ = m.Leave(context.WithoutCancel(t.Context())) })
	}
}

var bytesSent = regexp.MustCompile(`(?m)^klatch_rtp_bytes_sent_total (\S+)$`)

// forwarded returns how many bits a second the server forwards, over two seconds.
func forwarded(t *testing.T, h *testserver.Server) float64 {
	t.Helper()
	read := func() float64 {
		status, text := h.Admin(t, http.MethodGet, "/metrics", nil)
		require.Equal(t, http.StatusOK, status)
		found := bytesSent.FindSubmatch(text)
		require.NotNil(t, found, "%s", text)
		value, err := strconv.ParseFloat(string(found[1]), 64)
		require.NoError(t, err)
		return value
	}
	before, began := read(), time.Now()
	<-time.After(2 * time.Second)
	return (read() - before) * 8 / time.Since(began).Seconds()
}

// inSight is how many pictures of others are in sight: what is scrolled out of the strip or on another page is not.
const inSight = `[...document.querySelectorAll('.tile[data-local="false"] video')].filter((v) => {
	const { left, top, right, bottom } = v.getBoundingClientRect();
	const page = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
	const strip = v.closest(".strip")?.getBoundingClientRect() ?? page;
	return right > Math.max(0, strip.left) && left < Math.min(innerWidth, strip.right) &&
		bottom > Math.max(0, strip.top) && top < Math.min(innerHeight, strip.bottom);
}).length`

// A picture that is scrolled out of sight, on another page or in a hidden tab is not received: of 9 that are sent the
// server forwards as many as are seen.
func TestOnlyWhatIsSeenIsReceived(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	const count = 9
	senders(t, h, token, room, count, sdk.CardOptions{Width: 320, Height: 180, FPS: 15, Layers: 1})
	p := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).Page(t, h.URL+"/meet/"+room+
		"?joinScreen.visible=false&micEnabled=false&webcamEnabled=false#name=Ann&token="+token, testbrowser.RecordConnections)
	p.Until("the meeting is there", at("meeting-view"))
	p.AwaitVideos(count)
	seen := func() (n int) {
		p.Eval(inSight, &n)
		return n
	}
	require.Equal(t, count, seen())
	each := forwarded(t, h) / count
	t.Logf("%d in sight: %.0f kbit/s of each", count, each/1000)
	settles := func(what string) {
		t.Helper()
		for by := time.Now().Add(timeout); ; {
			n := seen()
			rate := forwarded(t, h)
			if n == seen() && n > 0 && n < count && rate > (float64(n)-0.4)*each && rate < (float64(n)+0.4)*each {
				t.Logf("%s: %d in sight, %.2f pictures are forwarded", what, n, rate/each)
				return
			}
			require.Less(t, time.Now(), by, "%s: %d of %d are in sight, %.2f pictures are forwarded", what, n, count, rate/each)
		}
	}

	p.Press("l")
	p.Until("there is a strip", `document.querySelector(".strip") !== null`)
	p.Look(1280, 500, false, false)
	settles("speaker view")
	p.Eval(`document.querySelector(".strip").scrollTo({ top: 1e6, left: 1e6, behavior: "instant" })`, nil)
	p.Until("the last one is received", `document.querySelector('.strip li:last-child video')?.videoWidth > 0`)
	settles("the strip scrolled to its end")

	p.Press("l")
	p.Look(320, 480, false, true)
	p.Until("there are pages", at("page-next"))
	settles("a page of the grid")
	p.Click(testbrowser.TestID("page-next"))
	settles("the next one")
	p.Eval(`Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
		document.dispatchEvent(new Event("visibilitychange"))`, nil)
	by := time.Now().Add(timeout)
	for forwarded(t, h) > 0.4*each {
		require.Less(t, time.Now(), by, "a page that is not visible is sent pictures")
	}
}

// tilesVariable has the test of smoothness run, which keeps two processors busy; `make tiles` sets it to how many
// seconds to measure.
const tilesVariable = "TEST_TILES"

// measureTiles measures the pictures of the others for so many ms.
const measureTiles = `(async (ms) => {
	const tasks = [];
	const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)));
	observer.observe({ type: "longtask" });
	const received = async () => {
		const found = new Map();
		for (const pc of window.__connections) {
			if (pc.connectionState !== "connected") continue;
			for (const r of (await pc.getStats()).values())
				if (r.type === "inbound-rtp" && r.kind === "video") found.set(r.trackIdentifier, r);
		}
		return found;
	};
	const shown = (video) => new Promise((done) => {
		const late = setTimeout(() => done(undefined), 3000);
		video.requestVideoFrameCallback((now, { presentedFrames }) => {
			clearTimeout(late);
			done({ now, presentedFrames });
		});
	});
	const videos = [...document.querySelectorAll('.tile[data-local="false"] video')];
	const [counts, frames] = [await received(), await Promise.all(videos.map(shown))];
	await new Promise((done) => setTimeout(done, ms));
	const [later, after] = [await received(), await Promise.all(videos.map(shown))];
	observer.disconnect();
	return {
		longTasks: tasks.length, longTaskMs: tasks.reduce((sum, t) => sum + t, 0), longest: Math.max(0, ...tasks),
		tiles: videos.map((video, i) => {
			const { id } = video.srcObject.getVideoTracks()[0];
			const [a, b] = [counts.get(id), later.get(id)], seconds = (b.timestamp - a.timestamp) / 1000;
			const { width, height } = video.getBoundingClientRect();
			return {
				tile: Math.round(width) + "x" + Math.round(height), picture: b.frameWidth + "x" + b.frameHeight,
				received: (b.framesReceived - a.framesReceived) / seconds,
				decoded: (b.framesDecoded - a.framesDecoded) / seconds,
				dropped: b.framesDropped - a.framesDropped, freezes: b.freezeCount - a.freezeCount,
				shown: frames[i] && after[i] ? (after[i].presentedFrames - frames[i].presentedFrames) * 1000 /
					(after[i].now - frames[i].now) : 0,
			};
		}),
	};
})(%d)`

type tiles struct {
	LongTasks           int
	LongTaskMs, Longest float64
	Tiles               []struct {
		Tile, Picture            string
		Received, Decoded, Shown float64
		Dropped, Freezes         float64
	}
}

// 9 people who send 720p in three sizes are shown smoothly by one Chromium: the layers that fit the tiles are asked
// for, and nearly all frames that are sent are shown. The rows are those of docs/benchmarks.md.
func TestTilesAreSmooth(t *testing.T) {
	seconds, _ := strconv.Atoi(os.Getenv(tilesVariable))
	if seconds == 0 {
		t.Skip(tilesVariable + " is not set: `make tiles` sets it")
	}
	h := testserver.Start(t)
	account := h.Account(t, nil)
	room, token := account.Meeting(t, nil), account.Token(t)
	const count, fps = 9, 24
	senders(t, h, token, room, count, sdk.CardOptions{Width: 1280, Height: 720, FPS: fps, Layers: 3})
	p := testbrowser.Open(t, testbrowser.SlowDevices, testbrowser.Allow).Page(t, h.URL+"/meet/"+room+
		"?joinScreen.visible=false&micEnabled=false&webcamEnabled=false#name=Ann&token="+token, testbrowser.RecordConnections)
	p.Until("the meeting is there", at("meeting-view"))
	fmt.Println("| window | tile | picture | frames received | decoded | shown | fewest shown | dropped | freezes |" +
		" long tasks | main thread |")
	for _, size := range []struct{ width, height int64 }{{1280, 720}, {1920, 1080}} {
		p.Look(size.width, size.height, false, false)
		p.AwaitVideos(count)
		p.Until("the layers have settled", fmt.Sprintf(`(() => {
			const now = [...document.querySelectorAll('.tile[data-local="false"] video')].map((v) => v.videoWidth).join();
			if (now !== window.sizes) [window.sizes, window.since] = [now, performance.now()];
			return performance.now() - window.since > %d && !now.split(",").includes("0");
		})()`, 4000))
		before := p.ProcessorTime()
		began := time.Now()
		var measured tiles
		p.Eval(fmt.Sprintf("void (window.measured = undefined, "+measureTiles+".then((m) => (window.measured = m)))",
			seconds*1000), nil)
		p.UntilIn(time.Duration(seconds+30)*time.Second, "it is measured", "window.measured")
		p.Eval("window.measured", &measured)
		processor := float64(p.ProcessorTime()-before) / float64(time.Since(began))
		require.Len(t, measured.Tiles, count)
		var received, decoded, shown, dropped, freezes float64
		least := 1000.0
		for _, tile := range measured.Tiles {
			received += tile.Received / count
			decoded += tile.Decoded / count
			shown += tile.Shown / count
			dropped += tile.Dropped
			freezes += tile.Freezes
			least = min(least, tile.Shown)
			require.False(t, strings.HasPrefix(tile.Picture, "1280x"), "a tile of %s is sent %s", tile.Tile, tile.Picture)
		}
		first := measured.Tiles[0]
		fmt.Printf("| %dx%d | %s | %s | %.1f | %.1f | %.1f | %.1f | %.0f | %.0f | %d, %.0f ms, longest %.0f ms | %.0f %% |\n",
			size.width, size.height, first.Tile, first.Picture, received, decoded, shown, least, dropped, freezes,
			measured.LongTasks, measured.LongTaskMs, measured.Longest, 100*processor)
		require.Greater(t, least, 0.8*fps, "each tile shows nearly all frames: %+v", measured.Tiles)
		require.Less(t, measured.LongTaskMs, 20*float64(seconds), "the main thread is busy for long")
		p.Screenshot(fmt.Sprintf("tiles-%d", size.width))
	}
}
