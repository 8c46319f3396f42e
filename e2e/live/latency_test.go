package live

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4/fmp4test"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

const (
	// glassToGlass is how late a picture may be in a player that knows parts. Two to three seconds are usual: encoding,
	// half a second of the part, and three parts that the player stays behind. Without parts it cannot be less than six
	// seconds, three segments behind the end of the playlist.
	glassToGlass = 6 * time.Second

	toLiveEdge = "video.currentTime = hls.liveSyncPosition"
)

// Every player there is at one stream: what knows low latency has it, at both addresses, and what does not plays as
// ever.
func TestLatency(t *testing.T) {
	s := open(t, nil)
	ann, told := s.join(t, "ann")
	s.join(t, "bob")
	require.NoError(t, ann.StartHLS(t.Context(), sdk.HLSOptions{Config: &low}))
	told.requireStates(t, job.HLS, "STARTING", "STARTED", "PLAYABLE")
	urls := ann.HLSURLs()

	p := watch(t, urls.LivestreamURL)
	t.Logf("glass to glass, hls.js: %v", p.latencyAtEdge(t, media(urls.LivestreamURL), toLiveEdge))
	require.Positive(t, p.requestCount(t, `live[.]m3u8[?]_HLS_msn=\d+&_HLS_part=\d+$`), "it waits for parts")
	require.Positive(t, p.requestCount(t, `seg\d+[.]\d+[.]m4s$`), "it fetches parts")
	p.requireShows(t, annsBox, "ann")
	p.requireShows(t, bobsBox, "bob")

	p.page.Until(
		"there is something to skip",
		`fetch("`+media(urls.PlaybackHLSURL)+`").then((r) => r.text()).then((text) => text.split("#EXTINF").length > 8)`,
	)
	p.play(t, urls.PlaybackHLSURL, byDefault)
	late := p.latencyAtEdge(t, media(urls.LivestreamURL), toLiveEdge)
	t.Logf("glass to glass, hls.js, the playlist from the start: %v", late)
	require.Positive(
		t,
		p.requestCount(t, `index[.]m3u8[?]_HLS_msn=\d+&_HLS_part=\d+&_HLS_skip=YES$`),
		"it gets what is new",
	)
	p.requireShows(t, annsBox, "ann")

	p.play(t, urls.PlaybackHLSURL, shortBuffer)
	p.waitProgress(t, 2*time.Second)
	p.requireShows(t, annsBox, "ann")

	p.play(t, urls.LivestreamURL, withoutParts)
	p.page.Eval("performance.clearResourceTimings()", nil) // what the one before was about to fetch
	p.waitProgress(t, 4*time.Second)
	t.Logf("glass to glass, hls.js without low latency: %v", p.latency(t))
	require.Zero(t, p.requestCount(t, `seg\d+[.]\d+[.]m4s`), "it knows no parts")
	require.Positive(t, p.requestCount(t, `seg\d+[.]m4s`))
	p.requireShows(t, annsBox, "ann")

	s.watchPage(t, p, s.jobs(t, job.HLS)[0].ID, media(urls.LivestreamURL))
	require.NoError(t, ann.StopHLS(t.Context()))
	p.page.Until(
		"it says that it is over",
		`document.querySelector('[data-testid="watch-screen"]').dataset.phase === "ended" ||
    document.querySelector('[data-testid="watch-status"]')?.textContent === "REPLAY"`,
	)
	require.False(t, s.server.Logged(`"level":"ERROR"`))
}

// watchPage looks at the page that plays it: it says how late it is, and goes back to the live edge, by keyboard too.
func (s *fixture) watchPage(t *testing.T, p player, id, stream string) {
	t.Helper()
	live, late, status := testbrowser.TestID(
		"watch-live",
	), testbrowser.TestID(
		"watch-late",
	), testbrowser.TestID(
		"watch-status",
	)
	p.open(t, s.server.URL+"/watch/"+id)
	real := p.latencyAtEdge(t, stream, `document.querySelector('[data-testid="watch-live"]').click()`)
	p.page.Until("it is live", `document.querySelector('[data-testid="watch-status"]').textContent.trim() === "LIVE"`)
	p.page.Until("it knows how late it is", `/\d/.test(document.querySelector('[data-testid="watch-late"]').textContent)`)
	said := p.page.Text(late)
	t.Logf("glass to glass, the watch page: %v; it says %s", real, said)
	seconds, err := strconv.ParseFloat(strings.TrimSuffix(said, " s behind"), 64)
	require.NoError(t, err, "%q", said)
	shown := p.readPicture(t, annsBox)
	now := since(timestampOf(time.UnixMilli(shown.Now)), shown.Stamp)
	require.InDelta(t, now.Seconds(), seconds, 3+encoderLate(t, stream).Seconds(), "looked at a moment later")
	require.Equal(t, "Live", strings.TrimSpace(p.page.Text(live)))
	for _, look := range []struct {
		name          string
		width, height int64
		dark, phone   bool
	}{{"desktop-light", 1280, 800, false, false}, {"desktop-dark", 1280, 800, true, false}, {"phone-light", 390, 844,
		false, true}, {"phone-dark", 390, 844, true, true}} {
		p.page.Look(look.width, look.height, look.dark, look.phone)
		p.page.Until("its colors have changed", "document.getAnimations().length === 0")
		p.page.Screenshot("watch-live-" + look.name)
	}

	p.page.Eval("document.querySelector('video').pause()", nil)
	p.page.Until(
		"it is not live any more",
		`document.querySelector('[data-testid="watch-status"]').textContent === "EARLIER"`,
	)
	require.Equal(t, "Go live", strings.TrimSpace(p.page.Text(live)))
	p.page.Until("it is drawn", "document.getAnimations().length === 0")
	p.page.Screenshot("watch-earlier-phone-dark")
	p.page.Look(1280, 800, false, false)
	p.page.Until("its colors have changed", "document.getAnimations().length === 0")
	p.page.Screenshot("watch-earlier-desktop-light")
	var reached bool
	for range 30 { // what has the focus before it, the video's controls as well
		p.page.Press("\t")
		if p.page.Eval(`document.activeElement?.dataset.testid === "watch-live"`, &reached); reached {
			break
		}
	}
	require.True(t, reached, "the tab key leads to the button")
	p.page.Screenshot("watch-focus-desktop-light")
	p.page.Press("\r")
	p.page.Until(
		"it is live again",
		`document.querySelector('[data-testid="watch-status"]').textContent.trim() === "LIVE" &&
    !document.querySelector('video').paused`,
	)
	require.Equal(t, "LIVE", strings.TrimSpace(p.page.Text(status)))
	p.waitProgress(t, time.Second)
}

// A server that stops is not held up by those who wait for a stream that nobody writes any more.
func TestStopWhileSomebodyWaits(t *testing.T) {
	h := testserver.Start(t)
	dir := filepath.Join(h.Dir, "egress", "hls", "left")
	require.NoError(t, os.Mkdir(dir, 0o700))
	w, err := hls.NewWriter(dir, hls.Options{LowLatency: true})
	require.NoError(t, err)
	init, fragments := fmp4test.Split(t, fmp4test.Encode(t, fmp4test.Options{Video: true, Seconds: 3}))
	require.NoError(t, w.WriteInit(init))
	for _, f := range fragments {
		require.NoError(t, w.WriteFragment(f))
	}
	answers := make(chan string, 1)
	go func() {
		var body []byte
		res, err := http.Get(h.URL + "/hls/left/live.m3u8?_HLS_msn=1")
		if err == nil {
			body, err = io.ReadAll(res.Body)
			_ = res.Body.Close() // read to its end
		}
		if err != nil {
			body = []byte(err.Error())
		}
		answers <- string(body)
	}()
	select { // the server is in this process: the request is under way when it has not been answered
	case got := <-answers:
		t.Fatal(got)
	case <-time.After(500 * time.Millisecond):
	}
	began := time.Now()
	h.Close(t)
	require.Less(t, time.Since(began), 5*time.Second, "it could have waited for five and a half")
	require.Contains(t, <-answers, `"reason":"DRAINING"`)
}
