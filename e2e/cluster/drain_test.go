package cluster

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// grid has two people beside each other.
var (
	grid      = map[string]any{"config": map[string]any{"layout": map[string]any{"type": "GRID"}, "quality": "low"}}
	leftTile  = image.Rect(2, 121, 425, 359)
	rightTile = image.Rect(429, 121, 852, 359)
)

// longestJobGap is what a job may miss when it moves, as when the node of its meeting is lost.
const longestJobGap = 3 * time.Second

// klatch runs the command at a node.
func (n *node) klatch(t *testing.T, args ...string) (out string, err error) {
	t.Helper()
	cmd := exec.CommandContext(withTimeout(t), testserver.Program(t), append(args, "--url", n.URL)...)
	cmd.Env = append(os.Environ(), "KLATCH_ADMIN_TOKEN="+n.AdminToken())
	text, err := cmd.CombinedOutput()
	return string(text), err
}

// drain drains a node, and requires that nothing is left on it.
func (n *node) drain(t *testing.T) {
	t.Helper()
	began := time.Now()
	out, err := n.klatch(t, "drain", "--wait", "--timeout", "50s")
	require.NoError(t, err, out)
	require.Contains(t, out, n.name+": meetings left: 0, jobs: 0")
	t.Logf("%s was drained after %v", n.name, time.Since(began).Round(100*time.Millisecond))
}

func (n *node) undrain(t *testing.T) {
	t.Helper()
	out, err := n.klatch(t, "drain", "--undo")
	require.NoError(t, err, out)
}

// jobTimes are when the jobs of a meeting started and were stopped, in their order, as the database knows it.
func (c *nodes) jobTimes(t *testing.T, meeting string) (times [][2]time.Time) {
	t.Helper()
	db, err := sql.Open("pgx", c.database)
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT COALESCE(started_at, 0), COALESCE(stopped_at, 0) FROM egress_jobs
		WHERE meeting_id = $1 ORDER BY created_at`, meeting)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var started, stopped int64
		require.NoError(t, rows.Scan(&started, &stopped))
		times = append(times, [2]time.Time{time.UnixMilli(started), time.UnixMilli(stopped)})
	}
	require.NoError(t, rows.Err())
	return times
}

// requireBoth requires that a file has the pictures and sounds of ann and bob at its begin and at its end, with sound
// and picture of the same length, and returns that.
func requireBoth(t *testing.T, file string) time.Duration {
	t.Helper()
	probe := mediaprobe.Probe(t, file)
	require.Equal(t, []string{"h264", "aac"}, probe.Codecs())
	length := time.Duration(probe.Seconds(t) * float64(time.Second))
	pcm := mediaprobe.Sound(t, file)
	heard := time.Duration(len(pcm)) * time.Second / 48000
	require.InDelta(t, length.Seconds(), heard.Seconds(), 0.3, "sound and picture have the same length")
	require.Greater(t, length, 3*time.Second)
	for _, at := range []time.Duration{time.Second, length - 1500*time.Millisecond} {
		picture := mediaprobe.Frame(t, file, at)
		mediaprobe.RequireShows(t, picture, leftTile, "annann") // a bot's own are of its id and its name
		mediaprobe.RequireShows(t, picture, rightTile, "bobbob")
		mediaprobe.RequireTones(t, pcm, at-500*time.Millisecond, at+500*time.Millisecond, "annann", "bobbob")
	}
	return length
}

// testRecordingMoves: the node of a recording is drained. Another one goes on with the recording, and nothing is
// missing between the two files. In the meeting it has run all the time.
func testRecordingMoves(t *testing.T, c *nodes) {
	ways := []string{"drained"}
	if os.Getenv(triesVariable) != "" {
		ways = append(ways, "stopped")
	}
	for _, way := range ways {
		m := c.gather(t, "ann", "bob")
		c.record(t, m, grid)
		drained := c.runner(t, m.meeting)
		<-time.After(5 * time.Second) // of picture and sound
		m.measure()
		ended := make(chan string, 10)
		undo := m.bots[0].OnRecordingStateChanged(func(state string) {
			if state != "RECORDING_STARTED" {
				ended <- state
			}
		})
		if way == "drained" {
			drained.drain(t)
		} else {
			drained.Stop(t)
		}
		next := c.runner(t, m.meeting)
		require.NotNil(t, next)
		require.NotEqual(t, drained, next)
		require.Equal(t, "RECORDING_STARTED", m.bots[0].RecordingState())
		undo()
		require.Empty(t, ended, "nobody sees it end")
		m.together(t, 10*time.Second)
		for _, line := range m.bots[0].told() {
			require.NotContains(t, line, "error")
		}
		if way == "drained" {
			drained.undrain(t)
		} else {
			c.restart(t, drained)
		}
		<-time.After(3 * time.Second)
		files := c.requireRecorded(t, m, 2) // the newest first
		first, second := requireBoth(t, files[1]), requireBoth(t, files[0])
		times := c.jobTimes(t, m.meeting)
		require.Len(t, times, 2)
		// Both files end as long after their jobs were told to stop.
		gap := times[1][1].Add(-second).Sub(times[0][1])
		t.Logf("%s: files of %v and %v, between them %v", way, first, second, gap)
		require.Less(t, gap, longestJobGap)
		c.settle(t)
	}
}

// testStreamMoves: the node of an HLS stream is drained. The next one can be played before the first one ends.
func testStreamMoves(t *testing.T, c *nodes) {
	tries(t)
	m := c.gather(t, "ann", "bob")
	low := &sdk.EgressConfig{Quality: "low"}
	require.NoError(t, m.bots[0].StartHLS(withTimeout(t), sdk.HLSOptions{Config: low}))
	until(t, 40*time.Second, "the stream plays", func() bool { return m.bots[0].HLSState() == "HLS_PLAYABLE" })
	path := func() string { return strings.TrimPrefix(m.bots[0].HLSURLs().PlaybackHLSURL, c.front.url) }
	media := func(path string) string { return strings.Replace(path, "playback.m3u8", "index.m3u8", 1) }
	before, drained := path(), c.runner(t, m.meeting)
	drained.drain(t)
	require.Equal(t, "HLS_PLAYABLE", m.bots[0].HLSState())
	after := path()
	require.NotEqual(t, before, after, "another stream, whose address the meeting is told")
	require.NotEqual(t, drained, c.runner(t, m.meeting))
	for _, n := range c.all {
		require.Contains(t, get(t, n.URL+media(before)), "#EXT-X-ENDLIST")
		require.NotContains(t, get(t, n.URL+media(after)), "#EXT-X-ENDLIST")
		require.Equal(t, []string{"h264", "aac"}, mediaprobe.Probe(t, n.URL+after).Codecs())
	}
	times := c.jobTimes(t, m.meeting)
	t.Logf("the next stream started %v before the first was stopped", times[0][1].Sub(times[1][0]))
	require.True(t, times[1][0].Before(times[0][1]))
	require.NoError(t, m.bots[0].StopHLS(withTimeout(t)))
	until(t, 40*time.Second, "the stream is over", func() bool { return m.bots[0].HLSState() == "HLS_STOPPED" })
	drained.undrain(t)
}

// testLivestreamMoves: the node of a livestream is drained. The target, which takes one publisher at a time, gets the
// stream of another node after a short gap.
func testLivestreamMoves(t *testing.T, c *nodes) {
	target := startNginx(t)
	m := c.gather(t, "ann", "bob")
	config := &sdk.EgressConfig{Layout: sdk.EgressLayout{Type: "GRID"}, Quality: "low"}
	require.NoError(t, m.bots[0].StartLivestream(withTimeout(t),
		[]sdk.LivestreamOutput{{URL: target.url, StreamKey: "main"}}, sdk.LivestreamOptions{Config: config}))
	until(t, 20*time.Second, "the target has a stream", func() bool { return len(target.files(t)) == 1 })
	<-time.After(5 * time.Second)
	drained := c.runner(t, m.meeting)
	m.measure()
	gap := target.measure(t)
	drained.drain(t)
	until(t, 20*time.Second, "the target has the next stream", func() bool { return len(target.files(t)) == 2 })
	<-time.After(5 * time.Second)
	longest := gap()
	t.Logf("the target got nothing for %v", longest)
	require.Less(t, longest, longestJobGap)
	require.NotEqual(t, drained, c.runner(t, m.meeting))
	require.Equal(t, "LIVESTREAM_STARTED", m.bots[0].LivestreamState())
	for _, line := range m.bots[0].told() {
		require.NotContains(t, line, "error")
	}
	require.NoError(t, m.bots[0].StopLivestream(withTimeout(t)))
	until(t, 20*time.Second, "the livestream is over",
		func() bool { return m.bots[0].LivestreamState() == "LIVESTREAM_STOPPED" })
	for _, file := range target.files(t) {
		requireBoth(t, file)
	}
	drained.undrain(t)
}

// testJobStays: no other node takes jobs. The drain says what it waits for and how long, also through another node, and
// ends when one takes them again.
func testJobStays(t *testing.T, c *nodes) {
	m := c.gather(t, "ann", "bob")
	c.record(t, m, grid)
	drained := c.runner(t, m.meeting)
	var others []*node
	for _, n := range c.all {
		if n != drained {
			others = append(others, n)
			status, answer := n.Admin(t, http.MethodPost, "/admin/v1/drain", nil)
			require.Equal(t, http.StatusOK, status, string(answer))
		}
	}
	for _, asked := range c.all { // whichever places the job
		until(t, 10*time.Second, asked.name+" knows who drains", func() bool {
			draining := 0
			for _, n := range asked.nodes(t) {
				if n.Draining {
					draining++
				}
			}
			return draining == len(others)
		})
	}
	out, err := drained.klatch(t, "drain", "--wait", "--timeout", "4s")
	require.Error(t, err, out)
	require.Contains(t, out, drained.name+" is not drained after 4s")
	require.Contains(t, out, "of "+m.meeting+": started for 4s, ", out)
	require.Contains(t, out, "No node", out)
	out, err = others[0].klatch(t, "cluster", "status")
	require.NoError(t, err, out)
	require.Contains(t, out, "WAITS FOR")
	require.Contains(t, out, "of "+m.meeting+": started for ")
	for _, n := range others[0].nodes(t) {
		if n.Name == drained.name {
			require.NotNil(t, n.Drain)
			require.Len(t, n.Drain.Waiting, 1)
			require.Equal(t, 1, n.Jobs)
		}
	}
	require.Equal(t, drained, c.runner(t, m.meeting), "it goes on")
	for _, other := range others {
		other.undrain(t)
	}
	until(t, 60*time.Second, "it has moved", func() bool {
		status, answer := drained.Admin(t, http.MethodGet, "/admin/v1/drain", nil)
		require.Equal(t, http.StatusOK, status, string(answer))
		var d rest.Drain
		require.NoError(t, json.Unmarshal(answer, &d))
		return d.State == "drained"
	})
	m.together(t, 10*time.Second)
	c.requireRecorded(t, m, 2)
	drained.undrain(t)
}

// target is a real RTMP server, nginx, which keeps each stream that it gets in a file of its own.
type target struct{ url, dir string }

func startNginx(t *testing.T) *target {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not in the path of ordinary users
	}
	dir, address := t.TempDir(), freeAddress(t)
	records := filepath.Join(dir, "records")
	require.NoError(t, os.Mkdir(records, 0o700))
	config := fmt.Sprintf(`load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
user root; daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log info;
events { worker_connections 64; }
rtmp { server {
	listen %[2]s;
	application live { live on; wait_key on; record all; record_unique on; record_path %[3]s; }
} }
`, dir, address, records)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	testprocess.Start(t, testprocess.Command(program, "-c", file, "-p", dir, "-e", filepath.Join(dir, "error.log")))
	until(t, 10*time.Second, "nginx runs", func() bool {
		conn, err := net.Dial("tcp", address)
		return err == nil && conn.Close() == nil
	})
	return &target{"rtmp://" + address + "/live", records}
}

// files are those that have something in them.
func (s *target) files(t *testing.T) (files []string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(s.dir, "*.flv"))
	require.NoError(t, err)
	for _, name := range all {
		if info, err := os.Stat(name); err == nil && info.Size() > 1000 {
			files = append(files, name)
		}
	}
	return files
}

// measure looks at the files until the function that it returns is called, which returns the longest time in which none
// grew.
func (s *target) measure(t *testing.T) (stop func() time.Duration) {
	t.Helper()
	ended, result := make(chan struct{}), make(chan time.Duration)
	go func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		var longest time.Duration
		var size int64
		last := time.Now()
		for {
			var now int64
			all, _ := filepath.Glob(filepath.Join(s.dir, "*.flv"))
			for _, name := range all {
				if info, err := os.Stat(name); err == nil {
					now += info.Size()
				}
			}
			longest = max(longest, time.Since(last))
			if now > size+500 { // more than the header of a file
				size, last = now, time.Now()
			}
			select {
			case <-tick.C:
			case <-ended:
				result <- longest
				return
			}
		}
	}()
	return func() time.Duration {
		close(ended)
		return <-result
	}
}
