package cluster

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/sdk"
)

// testStreamsAtEachNode: each node serves a live stream that one of them makes, and when it is over.
func testStreamsAtEachNode(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	require.NoError(t, m.bots[0].StartHLS(withTimeout(t), sdk.HLSOptions{}))
	until(t, 40*time.Second, "the stream plays", func() bool { return m.bots[0].HLSState() == "HLS_PLAYABLE" })
	path := strings.TrimPrefix(m.bots[0].HLSURLs().PlaybackHLSURL, c.front.url)
	media := strings.Replace(path, "playback.m3u8", "index.m3u8", 1)
	runner := c.runner(t, m.meeting)
	for _, n := range c.all {
		t.Logf("%s, of %s", n.name, runner.name)
		playlist := get(t, n.URL+media)
		require.NotContains(t, playlist, "#EXT-X-ENDLIST", "it goes on")
		require.Equal(t, []string{"h264", "aac"}, mediaprobe.Probe(t, n.URL+path).Codecs())
	}
	require.NoError(t, m.bots[0].StopHLS(withTimeout(t)))
	until(t, 40*time.Second, "the stream is over", func() bool { return m.bots[0].HLSState() == "HLS_STOPPED" })
	for _, n := range c.all {
		until(t, 20*time.Second, n.name+" has all of it", func() bool {
			return strings.Contains(get(t, n.URL+media), "#EXT-X-ENDLIST")
		})
		require.Equal(t, []string{"h264", "aac"}, mediaprobe.Probe(t, n.URL+path).Codecs())
	}
}

// testEncoders: an encoder publishes over RTMP at each node, wherever the meeting lives, and goes on when the node of
// the meeting is lost.
func testEncoders(t *testing.T, c *nodes) {
	m := c.gather(t, "ann")
	for _, n := range c.all {
		c.publishRTMP(t, n, m.meeting, "encoder-"+n.name)
	}
	all := make([]string, len(c.all))
	for i, n := range c.all {
		all[i] = "encoder-" + n.name
	}
	hears := func(since time.Time, which []string) func() bool {
		return func() bool { return m.bots[0].hearsSince(since, which...) }
	}
	until(t, 30*time.Second, "all encoders are seen and heard", hears(time.Now(), all))

	owner := c.owner(t, m.meeting)
	var others []string
	for _, n := range c.all {
		if n != owner {
			others = append(others, "encoder-"+n.name)
		}
	}
	m.measure()
	owner.Kill()
	until(t, 15*time.Second, "the meeting lives elsewhere", func() bool { return c.ownerNow(t, m.meeting) != owner })
	until(t, 15*time.Second, "encoders at other nodes are seen and heard again", hears(time.Now(), others))
	for _, line := range m.bots[0].told() {
		for _, other := range others {
			require.NotEqual(t, "left "+other, line)
		}
	}
	c.restart(t, owner)
}

// publishRTMP publishes at a node with ffmpeg, until the test ends.
func (c *nodes) publishRTMP(t *testing.T, n *node, meeting, name string) {
	t.Helper()
	status, answer := n.REST(t, c.account.Token(t), http.MethodPost, "/v2/stream-keys",
		map[string]any{"roomId": meeting, "participantId": name, "name": name})
	require.Equal(t, http.StatusOK, status, string(answer))
	var key struct {
		StreamKey string
		URLs      []string
	}
	require.NoError(t, json.Unmarshal(answer, &key))
	testprocess.Start(t, testprocess.Command("ffmpeg", "-v", "error", "-re",
		"-f", "lavfi", "-i", "testsrc=s=320x180:r=15", "-f", "lavfi", "-i", "sine=f=440:r=44100",
		"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "15", "-c:a", "aac", "-ac", "2",
		"-f", "flv", key.URLs[0]+"/"+key.StreamKey))
}

// testRecordingRestarts: the node on which a recording runs is lost, and the recording was to begin again: another node
// makes it.
func testRecordingRestarts(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	c.record(t, m, map[string]any{"onFailure": "restart"})
	runner := c.runner(t, m.meeting)
	runner.Kill()
	until(t, 30*time.Second, "another node records", func() bool {
		now := c.runner(t, m.meeting)
		return now != nil && now != runner && m.bots[0].RecordingState() == "RECORDING_STARTED"
	})
	m.together(t, 10*time.Second)
	c.restart(t, runner)
	c.requireRecorded(t, m, 1) // of the first one no part was uploaded yet
}

// record starts a recording, and waits until it runs.
func (c *nodes) record(t *testing.T, m company, more map[string]any) {
	t.Helper()
	body := map[string]any{"roomId": m.meeting}
	for field, value := range more {
		body[field] = value
	}
	status, answer := c.all[0].REST(t, c.account.Token(t), http.MethodPost, "/v2/recordings/start", body)
	require.Equal(t, http.StatusOK, status, string(answer))
	until(t, 30*time.Second, "the recording runs", func() bool {
		return m.bots[0].RecordingState() == "RECORDING_STARTED"
	})
}

// requireRecorded stops the recording, and requires that the meeting has count recordings, whose files it returns.
func (c *nodes) requireRecorded(t *testing.T, m company, count int) (files []string) {
	t.Helper()
	<-time.After(2 * time.Second) // of picture and sound
	status, answer := c.all[0].REST(t, c.account.Token(t), http.MethodPost, "/v2/recordings/end",
		map[string]any{"roomId": m.meeting})
	require.Equal(t, http.StatusOK, status, string(answer))
	return c.requireFiles(t, m, count, 30*time.Second)
}

// requireFiles waits until count recordings of a meeting have files, has ffprobe read them, and returns links to them.
func (c *nodes) requireFiles(t *testing.T, m company, count int, within time.Duration) (links []string) {
	t.Helper()
	var list struct {
		Data []struct{ File struct{ FileURL string } }
	}
	until(t, within, fmt.Sprintf("%d files", count), func() bool {
		list.Data = nil
		status, answer := c.all[0].REST(t, c.account.Token(t), http.MethodGet, "/v2/recordings?roomId="+m.meeting, nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		require.NoError(t, json.Unmarshal(answer, &list))
		links = nil
		for _, r := range list.Data {
			if r.File.FileURL != "" {
				links = append(links, r.File.FileURL)
			}
		}
		return len(links) == count
	})
	for _, link := range links {
		require.Equal(t, []string{"h264", "aac"}, mediaprobe.Probe(t, link).Codecs())
	}
	return links
}

// TestRecordedMeetingLosesItsNode: the node of a meeting is killed while another one records it. The recording goes on
// in one file, with a gap.
func TestRecordedMeetingLosesItsNode(t *testing.T) {
	tries(t)
	c := start(t, 3, nil)
	c.settle(t)
	m := c.gather(t, "ann", "bob")
	c.record(t, m, nil)
	owner := c.owner(t, m.meeting)
	require.NotEqual(t, owner, c.runner(t, m.meeting))
	<-time.After(5 * time.Second)
	owner.Kill()
	m.together(t, 15*time.Second)
	<-time.After(5 * time.Second)
	sound := mediaprobe.Sound(t, c.requireRecorded(t, m, 1)[0])
	const loud = 0.005 // a bot beeps twice a second
	longest, since := 0, -1
	for i, x := range sound {
		if math.Abs(x) < loud {
			continue
		}
		if since >= 0 {
			longest = max(longest, i-since)
		}
		since = i
	}
	gap := time.Duration(longest) * time.Second / 48000
	t.Logf("the gap in the file: %v of %v", gap, time.Duration(len(sound))*time.Second/48000)
	require.Positive(t, since, "the recording is silent")
	require.Less(t, gap, 5*time.Second)
}

// TestStorageAway: the S3 server is away while a meeting is recorded and when the recording ends. Nobody in the meeting
// notices, and the file is uploaded when the server is back.
func TestStorageAway(t *testing.T) {
	tries(t)
	c := start(t, 3, nil)
	m := c.gather(t, "ann", "bob")
	c.record(t, m, nil)
	m.measure()
	c.storage.Block()
	<-time.After(10 * time.Minute)
	status, answer := c.all[0].REST(t, c.account.Token(t), http.MethodPost, "/v2/recordings/end",
		map[string]any{"roomId": m.meeting})
	require.Equal(t, http.StatusOK, status, string(answer))
	m.together(t, 5*time.Second)
	m.requireNobodyLeft(t, 0)
	<-time.After(5 * time.Second) // the upload that ends it fails
	c.storage.Unblock()
	c.requireFiles(t, m, 1, 2*time.Minute)
}

func get(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, "%s: %s", url, raw)
	return string(raw)
}
