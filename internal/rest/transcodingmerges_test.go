package rest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// mergeFixture is a session with recordings whose files exist.
type mergeFixture struct {
	*fixture
	dir, room string
	began     time.Time // of all recordings
}

func newMergeFixture(t *testing.T) *mergeFixture {
	w, dir := newEgressFixture(t)
	require.NoError(t, os.MkdirAll(dir, 0o700))
	m := &mergeFixture{w, dir, w.newRoom(nil)["roomId"].(string), time.Now().UTC().Add(-time.Hour)}
	m.begin(m.account.ID, m.room, "s1")
	m.begin(m.account.ID, m.room, "s2")
	return m
}

func (m *mergeFixture) begin(account, room, session string) {
	m.t.Helper()
	at := time.Now().UTC().Add(-2 * time.Hour).Truncate(time.Millisecond)
	require.NoError(m.t, m.store.SessionStarted(m.t.Context(),
		record.NewSession{ID: session, AccountID: account, MeetingID: room, StartedAt: at}))
}

// recording keeps a recording of a second in one color; "" is none: there is no file.
func (m *mergeFixture) recording(kind job.Kind, id, session, hue string, change func(*record.Job)) {
	m.t.Helper()
	name := id + ".mp4"
	if hue != "" {
		out, err := exec.CommandContext(m.t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
			"color=c="+hue+":s=640x360:r=30", "-f", "lavfi", "-i", "sine=sample_rate=48000", "-t", "1", "-c:v", "libx264",
			"-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", filepath.Join(m.dir, name)).CombinedOutput()
		require.NoError(m.t, err, "%s", out)
	}
	m.kept(m.room, session, id, kind, func(j *record.Job) {
		j.Sources, j.StartedAt = []job.Source{{ParticipantID: id}}, m.began
		j.Files = []job.File{{Path: name, Size: 1000, DurationMs: 1000, Format: job.MP4}}
		if change != nil {
			change(j)
		}
	})
}

// made waits for a job and returns its answer and its file.
func (m *mergeFixture) made(started map[string]any) (answer map[string]any, file string) {
	m.t.Helper()
	require.Equal(m.t, "pending", started["status"])
	path := "/v2/transcodings/" + started["id"].(string)
	require.Eventually(m.t, func() bool {
		answer = m.call(m.token, "GET", path, nil).ok()
		return answer["status"] != "pending" && answer["status"] != "processing"
	}, 2*time.Minute, 50*time.Millisecond)
	require.Equal(m.t, "completed", answer["status"], answer["fault"])
	j, err := m.store.Job(m.t.Context(), m.account.ID, started["id"].(string))
	require.NoError(m.t, err)
	from, err := m.archive.OpenFile(m.t.Context(), j.Files[0])
	require.NoError(m.t, err)
	defer from.Close()
	data, err := io.ReadAll(from)
	require.NoError(m.t, err)
	file = filepath.Join(m.t.TempDir(), "made.mp4")
	require.NoError(m.t, os.WriteFile(file, data, 0o600))
	return answer, file
}

// pixel is the color of a pixel half a second after the begin.
func (m *mergeFixture) pixel(file string, x, y int) color.RGBA {
	m.t.Helper()
	out, err := exec.CommandContext(m.t.Context(), "ffmpeg", "-v", "error", "-ss", "0.5", "-i", file, "-vf",
		fmt.Sprintf("crop=2:2:%d:%d:exact=1,format=rgb24", x, y), "-frames:v", "1", "-f", "rawvideo", "-").Output()
	require.NoError(m.t, err)
	require.GreaterOrEqual(m.t, len(out), 3)
	return color.RGBA{out[0], out[1], out[2], 255}
}

// pixelRow are the gray values of a row of pixels half a second after the begin.
func (m *mergeFixture) pixelRow(file string, y int) []byte {
	m.t.Helper()
	out, err := exec.CommandContext(m.t.Context(), "ffmpeg", "-v", "error", "-ss", "0.5", "-i", file, "-vf",
		fmt.Sprintf("crop=1280:2:0:%d:exact=1,format=gray", y), "-frames:v", "1", "-f", "rawvideo", "-").Output()
	require.NoError(m.t, err)
	return out
}

func near(a, b color.RGBA) bool {
	far := func(a, b uint8) float64 { return math.Abs(float64(a) - float64(b)) }
	return max(far(a.R, b.R), far(a.G, b.G), far(a.B, b.B)) < 24
}

var red, blue = color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}

// refusals of what both merges check alike. other is a recording that is not of that kind.
func (m *mergeFixture) refusesSources(path string, kind job.Kind, good, other string) {
	t := m.t
	m.recording(kind, "running", "s1", "", func(j *record.Job) { j.State, j.EndedAt = job.Started, time.Time{} })
	m.recording(kind, "failed", "s1", "", func(j *record.Job) { j.State, j.Files = job.Failed, nil })
	m.recording(kind, "empty", "s1", "", func(j *record.Job) { j.Files = nil })
	m.recording(kind, "playlist", "s1", "", func(j *record.Job) { j.Format = job.M3U8 })
	theirs := m.call(m.otherToken, "POST", "/v2/rooms", nil).ok()["roomId"].(string)
	m.begin(m.other.ID, theirs, "s9")
	require.NoError(t, m.store.CreateJob(t.Context(), record.Job{
		ID: "theirs", Kind: kind, AccountID: m.other.ID, MeetingID: theirs, SessionID: "s9", State: job.Stopped,
		Sources: []job.Source{{ParticipantID: "x"}}, CreatedAt: time.Now(), EndedAt: time.Now(), UpdatedAt: time.Now(),
	}))
	for _, c := range []struct {
		ids           any
		code          int
		reason        string
		param, detail string
	}{
		{[]any{}, 4107, "BAD_PARAMS", "recordingIds", ""},
		{nil, 4107, "BAD_PARAMS", "recordingIds", ""},
		{[]any{good, good}, 4107, "BAD_PARAMS", "recordingIds[1]", good + ", which recordingIds[0] names already"},
		{slicesOf("r", 26), 4107, "BAD_PARAMS", "recordingIds", "25"},
		{[]any{good, "theirs"}, 4108, "JOB", "", "theirs"},
		{[]any{good, "deleted"}, 4108, "JOB", "", "deleted"},
		{[]any{good, other}, 4108, "JOB", "", other},
		{[]any{good, "running"}, 4109, "STATE", "", "running is STARTED"},
		{[]any{good, "failed"}, 4107, "BAD_PARAMS", "recordingIds[1]", "the recording failed failed and left no file"},
		{[]any{good, "empty"}, 4107, "BAD_PARAMS", "recordingIds[1]", "the recording empty ended without a file"},
		{[]any{good, "playlist"}, 4107, "BAD_PARAMS", "recordingIds[1]", "the recording playlist is a playlist"},
		{[]any{good, 7}, 4107, "BAD_PARAMS", "recordingIds[1]", ""},
	} {
		f := m.refused(m.call(m.token, "POST", path, map[string]any{"recordingIds": c.ids}), c.code, c.reason)
		require.Equal(t, c.param, f.Param, "%v: %s", c.ids, f.Detail)
		require.Contains(t, f.Detail, c.detail)
	}
	narrow := m.mint(gate.Grant{APIKey: m.key.ID, MeetingID: m.newRoom(nil)["roomId"].(string)}, m.secret)
	require.Equal(t, http.StatusForbidden,
		m.call(narrow, "POST", path, map[string]any{"recordingIds": []any{good}}).status, "the token is for another room")
	m.refused(m.call(m.token, "POST", path,
		map[string]any{"recordingIds": []any{good}, "webhookUrl": "file:///etc/passwd"}), 4107, "BAD_PARAMS")
}

func slicesOf(prefix string, n int) (list []any) {
	for i := range n {
		list = append(list, fmt.Sprintf("%s%d", prefix, i))
	}
	return list
}

func TestCompositeMerge(t *testing.T) {
	const path = "/v2/transcodings/merge"
	m := newMergeFixture(t)
	m.recording(job.Participant, "ann", "s1", "red", nil)
	m.recording(job.Track, "bob", "s1", "blue", func(j *record.Job) { j.Sources[0].Kind = wire.Video })
	m.recording(job.Participant, "cid", "s2", "red", nil)
	m.recording(job.Participant, "many", "s1", "", func(j *record.Job) {
		for range job.MaxMergedFiles {
			j.Files = append(j.Files, j.Files[0])
		}
	})
	m.recording(job.Recording, "room", "s1", "red", nil)
	m.refusesSources(path, job.Participant, "ann", "room")
	ids := []any{"ann", "bob"}
	f := m.refused(m.call(m.token, "POST", path, map[string]any{"recordingIds": []any{"ann", "cid"}}), 4107, "BAD_PARAMS")
	require.Equal(t, "recordingIds[1]", f.Param)
	require.Contains(t, f.Detail, "the recording cid is of the session s2")
	f = m.refused(m.call(m.token, "POST", path, map[string]any{"recordingIds": []any{"ann", "many"}}), 4107, "BAD_PARAMS")
	require.Contains(t, f.Detail, "up to many have 50 files")
	m.refused(m.call(m.token, "POST", path, map[string]any{"recordingIds": ids, "task": "hls-to-mp4"}), 4107, "BAD_PARAMS")

	var logo bytes.Buffer
	picture := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	require.NoError(t, png.Encode(&logo, picture))
	coded := base64.StdEncoding.EncodeToString(logo.Bytes())
	for _, c := range []struct {
		mark   map[string]any
		code   int
		reason string
		param  string
	}{
		{map[string]any{"type": "round"}, 4107, "BAD_PARAMS", "watermark.type"},
		{map[string]any{"type": "image"}, 4107, "BAD_PARAMS", "watermark.image"},
		{map[string]any{"type": "image", "image": "no base64"}, 4107, "BAD_PARAMS", "watermark.image"},
		{map[string]any{"type": "image", "image": coded, "lat": 1}, 4107, "BAD_PARAMS", "watermark.lat"},
		{map[string]any{"type": "timestamp"}, 4107, "BAD_PARAMS", "watermark.startTime"},
		{map[string]any{"type": "timestamp", "startTime": "noon"}, 4107, "BAD_PARAMS", "watermark.startTime"},
		{map[string]any{"type": "timestamp", "startTime": true}, 4107, "BAD_PARAMS", "watermark.startTime"},
		{map[string]any{"type": "lat_long", "lat": 1}, 4107, "BAD_PARAMS", "watermark.long"},
		{map[string]any{"type": "lat_long", "lat": 91, "long": 1}, 4107, "BAD_PARAMS", "watermark.lat"},
		{map[string]any{"type": "lat_long", "lat": 1, "long": 181}, 4107, "BAD_PARAMS", "watermark.long"},
		{
			map[string]any{"type": "lat_long", "lat": 1, "long": 1, "textConfig": map[string]any{}},
			4110, "NOT_OFFERED", "watermark.textConfig",
		},
		{
			map[string]any{"type": "image", "image": coded, "imageConfig": map[string]any{"width": 1281}},
			4107, "BAD_PARAMS", "watermark.imageConfig.width",
		},
		{
			map[string]any{"type": "lat_long", "lat": 1, "long": 1, "imageConfig": map[string]any{"margin": 1}},
			4107, "BAD_PARAMS", "watermark.imageConfig",
		},
	} {
		body := map[string]any{"recordingIds": ids, "watermark": c.mark}
		f := m.refused(m.call(m.token, "POST", path, body), c.code, c.reason)
		require.Equal(t, c.param, f.Param, "%v", c.mark)
	}

	merge := func(mark any) (map[string]any, string) {
		t.Helper()
		body := map[string]any{"recordingIds": ids, "task": "composite-merge", "webhookUrl": "https://example.org/hook"}
		if mark != nil {
			body["watermark"] = mark
		}
		started := m.call(m.token, "POST", path, body).ok()
		require.Equal(t, "composite-merge", started["task"])
		require.Equal(t, ids, started["recordingIds"])
		require.NotContains(t, started, "hlsId")
		return m.made(started)
	}
	done, file := merge(nil)
	require.Equal(t, m.room, done["roomId"])
	require.Equal(t, "s1", done["sessionId"])
	meta := done["file"].(map[string]any)["meta"].(map[string]any)
	require.Equal(t, map[string]any{"width": 1280., "height": 720.}, meta["resolution"])
	require.True(t, near(red, m.pixel(file, 320, 360)), "ann is on the left")
	require.True(t, near(blue, m.pixel(file, 960, 360)), "bob is on the right")

	white := color.RGBA{255, 255, 255, 255}
	_, file = merge(map[string]any{"type": "image", "image": coded})
	require.True(t, near(white, m.pixel(file, 1250, 690)), "20 pixels from the lower right corner")
	_, file = merge(map[string]any{"type": "image", "image": coded, "imageConfig": map[string]any{
		"position": "center", "margin": 0, "width": 200, "opacity": 0.5,
	}})
	require.True(t, near(color.RGBA{255, 128, 128, 255}, m.pixel(file, 560, 360)), "%v", m.pixel(file, 560, 360))
	_, file = merge(map[string]any{"type": "image", "image": coded, "imageConfig": map[string]any{
		"position": "top-left", "margin": 300,
	}})
	require.True(t, near(white, m.pixel(file, 302, 302)))
	require.False(t, near(white, m.pixel(file, 296, 302)))
	for _, mark := range []map[string]any{
		{"type": "lat_long", "lat": 12.971599, "long": 77.594566},
		{"type": "timestamp", "startTime": 1746439200000},
		{"type": "timestamp", "startTime": "1746439200"},
		{"type": "timestamp", "startTime": "2026-05-05T10:00:00"},
	} {
		_, file = merge(mark)
		require.Greater(t, slices.Max(m.pixelRow(file, 38)[1000:1280]), byte(200), "%v is white at the upper right", mark)
	}

	page := m.call(m.token, "GET", "/v2/transcodings?status=completed&sessionId=s1", nil).ok()
	require.Len(t, page["data"], 8)
	path404 := "/v2/transcodings/" + done["id"].(string)
	m.refused(m.call(m.token, "POST", path404+"/cancel", nil), 4109, "STATE")
	m.refused(m.call(m.otherToken, "GET", path404, nil), 4108, "JOB")
	require.Equal(t, http.StatusOK, m.call(m.token, "DELETE", path404, nil).status)
	m.refused(m.call(m.token, "GET", path404, nil), 4108, "JOB")
}

func TestMeetingRecordingMerge(t *testing.T) {
	const path = "/v2/transcodings/meeting-recording-merge"
	m := newMergeFixture(t)
	earlier := func(by time.Duration) func(*record.Job) {
		return func(j *record.Job) {
			j.Sources, j.StartedAt = nil, j.StartedAt.Add(-by)
		}
	}
	m.recording(job.Recording, "late", "s2", "blue", earlier(0))
	m.recording(job.Recording, "early", "s1", "red", earlier(time.Hour))
	m.recording(job.Participant, "ann", "s1", "red", nil)
	m.refusesSources(path, job.Recording, "early", "ann")
	elsewhere := m.newRoom(nil)["roomId"].(string)
	m.begin(m.account.ID, elsewhere, "s3")
	m.recording(job.Recording, "elsewhere", "s3", "", func(j *record.Job) { j.MeetingID = elsewhere })
	f := m.refused(m.call(m.token, "POST", path, map[string]any{"recordingIds": []any{"early", "elsewhere"}}), 4107,
		"BAD_PARAMS")
	require.Equal(t, "recordingIds[1]", f.Param)
	require.Contains(t, f.Detail, "the recording elsewhere is of the room "+elsewhere)
	for field, body := range map[string]any{
		"recordingIds[1].presignedUrl": map[string]any{
			"recordingIds": []any{"early", map[string]any{"id": "late", "presignedUrl": "https://example.org/a.mp4"}},
		},
		"presignedOutputUrl": map[string]any{
			"recordingIds": []any{"early"}, "presignedOutputUrl": "https://example.org/out.mp4",
		},
	} {
		require.Equal(t, field, m.refused(m.call(m.token, "POST", path, body), 4110, "NOT_OFFERED").Param)
	}
	f = m.refused(m.call(m.token, "POST", path, map[string]any{"recordingIds": []any{map[string]any{"no": "id"}}}), 4107,
		"BAD_PARAMS")
	require.Contains(t, f.Detail, "the id of a recording")

	started := m.call(m.token, "POST", path, map[string]any{
		"recordingIds": []any{"late", map[string]any{"id": "early"}}, "webhookUrl": "https://example.org/hook",
	}).ok()
	require.Equal(t, "meeting-recording-merge", started["task"])
	require.Equal(t, []any{"late", "early"}, started["recordingIds"])
	require.Equal(t, "s1", started["sessionId"])
	done, file := m.made(started)
	require.InDelta(t, 2., done["file"].(map[string]any)["meta"].(map[string]any)["duration"], 0.1)
	require.True(t, near(red, m.pixel(file, 320, 180)), "the earlier one is first")
}
