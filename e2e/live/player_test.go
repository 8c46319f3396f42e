package live

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/sdk/testcard"
)

const web = "../../web" // the npm workspace

// player is a page with hls.js in Chromium, of another origin than the server.
type player struct{ page *testbrowser.Page }

const playerPage = `<!doctype html><video muted autoplay playsinline></video><script src="/hls.js"></script><script>
const video = document.querySelector("video"), errors = [];
let hls;
performance.setResourceTimingBufferSize(10000);
function play(url, config) {
  hls?.destroy();
  performance.clearResourceTimings();
  hls = new Hls(config);
  hls.on(Hls.Events.ERROR, (_, e) => errors.push(e.type + " " + e.details + (e.fatal ? " fatal" : "")));
  hls.loadSource(url);
  hls.attachMedia(video);
}
` + looker + `</script>`

// looker defines look, which reads the size, the time and the colors of the page's video.
const looker = `window.look = (points) => {
  const video = document.querySelector("video"), canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const drawn = canvas.getContext("2d", {willReadFrequently: true});
  drawn.drawImage(video, 0, 0);
  return {time: video.currentTime, duration: isFinite(video.duration) ? video.duration : -1, now: Date.now(),
    width: canvas.width, height: canvas.height,
    colors: points.map(([x, y]) => Array.from(drawn.getImageData(x, y, 1, 1).data.slice(0, 3)))};
};
`

func watch(t *testing.T, url string) player {
	t.Helper()
	const script = web + "/node_modules/hls.js/dist/hls.light.min.js"
	if _, err := os.Stat(script); err != nil {
		out, err := exec.CommandContext(t.Context(), "npm", "--prefix", web, "ci").CombinedOutput()
		require.NoError(t, err, "npm ci in web: %s", out)
	}
	hls, err := os.ReadFile(filepath.Clean(script))
	require.NoError(t, err)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hls.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write(hls) // a page that is gone needs none
		case "/":
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(playerPage)) // as above
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(site.Close)
	p := player{testbrowser.Open(t).Page(t, site.URL)}
	p.play(t, url, byDefault)
	return p
}

// Configurations of hls.js.
const (
	byDefault    = "{}"
	fromTheStart = "{startPosition: 0}"
	withoutParts = "{lowLatencyMode: false}" // as a player that does not know them
	// as many applications for low latency have it; hls.js then buffers by the bit rate of a multivariant playlist
	shortBuffer = "{maxBufferLength: 0, maxMaxBufferLength: 1, liveSyncDurationCount: 1}"
)

func (p player) play(t *testing.T, url, config string) {
	t.Helper()
	p.page.Eval(fmt.Sprintf("play(%q, %s)", url, config), nil)
	p.page.Until("it plays", "!video.paused && !video.ended && video.readyState >= 3")
}

// requestCount counts what has been fetched since play whose address has this in it, as a regular expression.
func (p player) requestCount(t *testing.T, pattern string) (n int) {
	t.Helper()
	p.page.Eval(
		fmt.Sprintf("performance.getEntriesByType('resource').filter((e) => new RegExp(%q).test(e.name)).length", pattern),
		&n,
	)
	return n
}

// open goes to a page with a player of its own.
func (p player) open(t *testing.T, url string) {
	t.Helper()
	p.page.Eval(fmt.Sprintf("location.href = %q", url), nil)
	// not on the page before
	p.page.Until("it plays", fmt.Sprintf("location.href === %q && document.querySelector('video')?.currentTime > 1", url))
	p.page.Eval(fmt.Sprintf("{%s}", looker), nil)
}

// waitProgress waits until that much more has been played.
func (p player) waitProgress(t *testing.T, d time.Duration) {
	t.Helper()
	var from float64
	p.page.Eval("document.querySelector('video').currentTime", &from)
	p.page.Until("it goes on", fmt.Sprintf("document.querySelector('video').currentTime > %f", from+d.Seconds()))
	p.requireNoErrors(t)
}

// playToEnd goes near to the end, which must be there, and plays it.
func (p player) playToEnd(t *testing.T) {
	t.Helper()
	p.page.Until("it has an end", "!hls.latestLevelDetails.live")
	p.page.Eval("video.currentTime = hls.latestLevelDetails.edge - 2", nil)
	p.page.Until("it ends", "video.ended")
	p.requireNoErrors(t)
}

func (p player) requireNoErrors(t *testing.T) {
	t.Helper()
	var errors []string
	p.page.Eval("typeof errors === 'undefined' ? [] : errors", &errors) // a page of the server has none
	for _, e := range errors {
		require.NotContains(t, e, "fatal")
	}
}

// pictureState is what the page shows at a moment.
type pictureState struct {
	Time, Duration float64
	Now            int64
	Width, Height  int
	Colors         [][3]float64
	Stamp          uint32
}

// readPicture reads the clock in a part of the picture, and the colors at more points.
func (p player) readPicture(t *testing.T, box image.Rectangle, more ...[2]int) pictureState {
	t.Helper()
	var points [][2]int
	for bit := range clockBits {
		points = append(
			points,
			[2]int{box.Min.X + (16*(bit+clockLow)+8)*box.Dx()/clockWidth, box.Min.Y + 8*box.Dy()/clockHeight},
		)
	}
	asked, err := json.Marshal(append(points, more...))
	require.NoError(t, err)
	var s pictureState
	p.page.Eval(fmt.Sprintf("look(%s)", asked), &s)
	for bit := range clockBits {
		if s.Colors[bit][1] > 125 {
			s.Stamp |= 1 << bit
		}
	}
	s.Colors = s.Colors[clockBits:]
	return s
}

// latency is how old what is shown is, at worst within a second.
func (p player) latency(t *testing.T) (worst time.Duration) {
	t.Helper()
	for range 10 {
		s := p.readPicture(t, annsBox)
		worst = max(worst, since(timestampOf(time.UnixMilli(s.Now)), s.Stamp))
		p.waitProgress(t, 100*time.Millisecond)
	}
	return worst
}

// latencyAtEdge is how old what is shown of the stream at that address is where the player is at its best. It must be
// less than glassToGlass, or more by as much as the encoder is late. A machine that has no time for the player makes it
// fall behind, which is not what is measured; then it goes to the live edge, as a viewer would, and once more.
func (p player) latencyAtEdge(t *testing.T, url, goLive string) (late time.Duration) {
	t.Helper()
	bound := glassToGlass
	for try := range 8 {
		if try > 0 {
			t.Logf("%v behind: to the live edge", late)
			p.page.Eval(goLive, nil)
			p.page.Until("it plays", "(v => !v.paused && !v.seeking && v.readyState >= 3)(document.querySelector('video'))")
		}
		late = p.latency(t)
		if bound = glassToGlass + encoderLate(t, url); late < bound {
			break
		}
	}
	require.Less(t, late, bound)
	require.Positive(t, late)
	return late
}

// requireShows requires the card of that name in a part of the picture.
func (p player) requireShows(t *testing.T, box image.Rectangle, name string) {
	t.Helper()
	var points [][2]int
	for i := range 4 {
		points = append(points, [2]int{box.Min.X + box.Dx()*(1+2*(i%2))/4, box.Min.Y + box.Dy()*(5+8*(i/2))/16})
	}
	card, err := testcard.New(64, 64, name)
	require.NoError(t, err)
	s := p.readPicture(t, box, points...)
	for i, want := range card.Quadrants() {
		r, g, b := rgb(want)
		for c, value := range []float64{r, g, b} {
			require.InDelta(t, value, s.Colors[i][c], 24, "%s, quadrant %d, channel %d: %v", name, i, c, s.Colors[i])
		}
	}
}

// rgb is a color on a screen (BT.601, limited range).
func rgb(c testcard.Color) (r, g, b float64) {
	y, u, v := 1.164*(float64(c.Y)-16), float64(c.U)-128, float64(c.V)-128
	in := func(x float64) float64 { return math.Max(0, math.Min(255, x)) }
	return in(y + 1.596*v), in(y - 0.392*u - 0.813*v), in(y + 2.017*u)
}
