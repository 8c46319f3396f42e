package live

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/testbrowser"
	"github.com/klatch/klatch/sdk"
)

// With addresses that end, the watch page plays on after its own has ended, and whoever comes later is told a fresh
// one.
func TestWatchPageOutlivesItsAddress(t *testing.T) {
	t.Parallel()
	s := open(t, nil, func(c *conf.Config) { c.HLS.LinkLife = 10 * time.Second })
	ann, told := s.join(t, "ann")
	require.NoError(t, ann.StartHLS(t.Context(), sdk.HLSOptions{Config: &low}))
	told.requireStates(t, job.HLS, "STARTING", "STARTED", "PLAYABLE")

	// a browser may take longer to start than an address lasts
	page := testbrowser.Open(t).Page(t, s.server.URL+"/watch/nosuch")
	id := s.jobs(t, job.HLS)[0].ID
	status, body := s.server.REST(t, s.account.Token(t), http.MethodGet, "/v2/hls/"+id, nil)
	require.Equal(t, http.StatusOK, status, string(body))
	var stream struct {
		PlaybackHLSURL string `json:"playbackHlsUrl"`
	}
	require.NoError(t, json.Unmarshal(body, &stream))
	signature := regexp.MustCompile(`/hls/([0-9]+\.[0-9]+\.[\w-]{43})/` + id + `/playback\.m3u8$`).
		FindStringSubmatch(stream.PlaybackHLSURL)
	require.NotNil(t, signature, stream.PlaybackHLSURL)

	page.Eval(fmt.Sprintf("location.href = %q", s.server.URL+"/watch/"+id+"#"+signature[1]), nil)
	page.Until(
		"it plays",
		fmt.Sprintf("location.pathname.endsWith(%q) && document.querySelector('video')?.currentTime > 0.5", id),
	)
	require.Eventually(t, func() bool { // the address with which the page was opened has ended
		return strings.Contains(answer(t, stream.PlaybackHLSURL), "HLS_LINK")
	}, waitLimit, 200*time.Millisecond)
	var from float64
	page.Eval("document.querySelector('video').currentTime", &from)
	page.Until("it plays on", fmt.Sprintf("document.querySelector('video').currentTime > %f", from+6))

	bob, _ := s.join(t, "bob")
	require.Contains(t, answer(t, bob.HLSURLs().PlaybackHLSURL), "#EXTM3U", "a newcomer is told one that is good now")
	require.Contains(t, answer(t, s.server.URL+"/hls/"+id+"/index.m3u8"), "no signature")
}

func answer(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(body)
}
