package live

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/sdk"
)

func TestHLS(t *testing.T) {
	t.Parallel()
	s := open(t, nil)
	ann, told := s.join(t, "ann")
	_, bobTold := s.join(t, "bob")
	began := timestampOf(time.Now())
	require.NoError(t, ann.StartHLS(t.Context(), sdk.HLSOptions{Config: &low}))
	told.requireStates(t, job.HLS, "STARTING", "STARTED", "PLAYABLE")
	startTook := since(timestampOf(time.Now()), began)
	urls := ann.HLSURLs()
	require.Equal(t, s.server.URL+"/hls/"+s.jobs(t, job.HLS)[0].ID+"/playback.m3u8", urls.PlaybackHLSURL)
	require.Equal(t, strings.Replace(urls.PlaybackHLSURL, "playback", "livestream", 1), urls.LivestreamURL)
	require.Equal(t, urls.PlaybackHLSURL, urls.DownstreamURL)
	told.mu.Lock()
	require.Equal(t, map[string]sdk.HLSURLs{"HLS_STARTING": {}, "HLS_STARTED": urls, "HLS_PLAYABLE": urls}, told.urls)
	told.mu.Unlock()
	require.Equal(t, 2, len(ann.Participants())+1, "the worker is hidden")

	const typeOfPlaylist = "application/vnd.apple.mpegurl"
	require.Equal(t, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"+
		"#EXT-X-STREAM-INF:BANDWIDTH=1200000,RESOLUTION=854x480,CODECS=\"avc1.64001F,mp4a.40.2\"\nlive.m3u8\n",
		fetch(t, urls.LivestreamURL, typeOfPlaylist))
	full, live := fetch(t, media(urls.PlaybackHLSURL), typeOfPlaylist), fetch(t, media(urls.LivestreamURL), typeOfPlaylist)
	require.Contains(t, full, "#EXT-X-PLAYLIST-TYPE:EVENT\n")
	require.NotContains(t, full+live, "#EXT-X-ENDLIST")
	base := strings.TrimSuffix(urls.PlaybackHLSURL, "playback.m3u8")
	fetch(t, base+"init.mp4", "video/mp4")
	fetch(t, base+"seg00000.m4s", "video/iso.segment")
	for _, url := range []string{urls.PlaybackHLSURL, urls.LivestreamURL} {
		p := mediaprobe.Probe(t, url)
		require.Equal(t, []string{"h264", "aac"}, p.Codecs())
		require.Equal(t, [2]int{854, 480}, [2]int{p.Streams[0].Width, p.Streams[0].Height})
	}

	player := watch(t, urls.LivestreamURL)
	player.waitProgress(t, 2*time.Second)
	player.requireShows(t, annsBox, "ann")
	player.requireShows(t, bobsBox, "bob")
	behind := player.latencyAtEdge(t, media(urls.LivestreamURL), toLiveEdge)
	t.Logf(
		"glass to glass with hls.js at the live edge: %v; the newest picture of the last segment: %v",
		behind,
		ageOfNewest(t, urls.LivestreamURL),
	)
	require.Greater(
		t,
		listedDuration(t, fetch(t, media(urls.PlaybackHLSURL), typeOfPlaylist)),
		listedDuration(t, full),
		"it grows",
	)

	require.NoError(t, ann.StopHLS(t.Context()))
	for _, b := range []*eventLog{told, bobTold} {
		b.requireStates(t, job.HLS, "STARTING", "STARTED", "PLAYABLE", "STOPPING", "STOPPED")
	}
	require.Empty(t, ann.HLSURLs())
	full = fetch(t, media(urls.PlaybackHLSURL), typeOfPlaylist)
	require.Contains(t, full, "#EXT-X-PLAYLIST-TYPE:VOD\n")
	require.True(t, strings.HasSuffix(full, "#EXT-X-ENDLIST\n"))
	require.True(t, strings.HasSuffix(fetch(t, media(urls.LivestreamURL), typeOfPlaylist), "#EXT-X-ENDLIST\n"))
	made := s.jobs(t, job.HLS)[0]
	require.Nil(t, made.Fault)
	require.Len(t, made.Files, 1)
	seconds := listedDuration(t, full).Seconds()
	require.InDelta(t, seconds, float64(made.Files[0].DurationMs)/1000, 0.1)
	require.InDelta(t, seconds, mediaprobe.Probe(t, urls.PlaybackHLSURL).Seconds(t), 0.2)
	player.playToEnd(t)

	player.play(t, urls.PlaybackHLSURL, fromTheStart)
	player.waitProgress(t, time.Second)
	shown := player.readPicture(t, annsBox)
	require.Less(t, shown.Time, seconds/2+3, "from the start")
	require.InDelta(t, seconds, shown.Duration, 0.3)
	late := since(shown.Stamp, began).Seconds() - shown.Time
	require.Greater(t, late, -1.0, "no pictures of before the start")
	require.Less(t, late, startTook.Seconds(), "the first pictures that there were")
	player.requireShows(t, bobsBox, "bob")
	player.open(t, s.server.URL+"/watch/"+made.ID)
	player.requireShows(t, annsBox, "ann")
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, urls.PlaybackHLSURL), 3*time.Second, 4*time.Second, "ann", "bob")
	require.False(t, s.server.Logged(`"level":"ERROR"`))
}

// media returns the address of the playlist to which a multivariant playlist leads.
func media(url string) string {
	return strings.NewReplacer("/playback.m3u8", "/index.m3u8", "/livestream.m3u8", "/live.m3u8").Replace(url)
}

// fetch reads a file of the stream as a page of another origin may.
func fetch(t *testing.T, url, contentType string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Header.Set("Origin", "https://example.com")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, url)
	require.Equal(t, contentType, res.Header.Get("Content-Type"))
	require.Equal(t, "*", res.Header.Get("Access-Control-Allow-Origin"))
	return string(body)
}

// listedDuration is how long the segments of a playlist are together.
func listedDuration(t *testing.T, playlist string) (total time.Duration) {
	t.Helper()
	for line := range strings.Lines(playlist) {
		if text, ok := strings.CutPrefix(line, "#EXTINF:"); ok {
			seconds, err := strconv.ParseFloat(strings.TrimSuffix(text, ",\n"), 64)
			require.NoError(t, err)
			total += time.Duration(seconds * float64(time.Second))
		}
	}
	return total
}

// encoderLate returns by how much more than usual the end of a live playlist is behind the meeting.
func encoderLate(t *testing.T, url string) time.Duration {
	t.Helper()
	const usual = 1500 * time.Millisecond
	res, err := http.Get(url)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }() // read to its end
	var begin time.Time
	var listed, open time.Duration // open: the parts of the segment that is not listed yet
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "#EXT-X-PROGRAM-DATE-TIME":
			begin, err = time.Parse(time.RFC3339, value)
		case "#EXTINF":
			var seconds float64
			seconds, err = strconv.ParseFloat(strings.TrimSuffix(value, ","), 64)
			listed, open = listed+time.Duration(seconds*float64(time.Second)), 0
		case "#EXT-X-PART":
			var seconds float64
			duration, _, _ := strings.Cut(strings.TrimPrefix(value, "DURATION="), ",")
			seconds, err = strconv.ParseFloat(duration, 64)
			open += time.Duration(seconds * float64(time.Second))
		}
		require.NoError(t, err, line)
	}
	require.False(t, begin.IsZero(), "%s", text)
	return max(0, time.Since(begin.Add(listed+open))-usual)
}

// ageOfNewest is how old the last picture is that a playlist lists.
func ageOfNewest(t *testing.T, url string) time.Duration {
	t.Helper()
	raw := mediaprobe.Command(
		t,
		"ffmpeg",
		"-v",
		"error",
		"-live_start_index",
		"-1",
		"-i",
		url,
		"-t",
		"1.5",
		"-an",
		"-pix_fmt",
		"gray",
		"-f",
		"rawvideo",
		"pipe:1",
	)
	now := timestampOf(time.Now())
	const size = 854 * 480
	require.GreaterOrEqual(t, len(raw), size)
	return since(now, readClock(raw[len(raw)-size:], 854, annsBox))
}
