package rest_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/fmp4/fmp4test"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/hls"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
	"github.com/klatch/klatch/internal/still"
)

// hlsFixture is a world with streams: where they are written, where they are kept, and what serves links.
type hlsFixture struct {
	*fixture
	dir, kept string
	links     *blob.Links
	room      string
	session   string
}

func newHLSFixture(t *testing.T) *hlsFixture {
	t.Helper()
	c := &hlsFixture{dir: filepath.Join(t.TempDir(), "egress"), kept: t.TempDir()}
	require.NoError(t, os.MkdirAll(filepath.Join(c.dir, "hls"), 0o700))
	c.fixture = newFixture(t, func(o *rest.Options) {
		c.links = blob.NewLinks(
			[]byte("0123456789abcdef0123456789abcdef"),
			func() string { return "http://server" },
			nil,
		)
		archive, err := blob.NewArchive(t.Context(), blob.ArchiveOptions{Dir: c.dir, Links: c.links, Jobs: o.Store,
			Kept: blob.NewDisk(c.kept, blob.KeptLinks(c.links)), Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		t.Cleanup(archive.Close)
		shows, err := hls.NewHandler(filepath.Join(c.dir, "hls"), nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, shows.Close()) })
		shows.UseArchive(archive, nil)
		o.Files, o.HLSAddresses = archive, func(base, id string) (string, string) { return base + id, base + id }
		o.Stills = still.New(still.Options{Dir: filepath.Join(c.dir, "still"), Streams: shows, Storage: archive})
	})
	c.room = c.newRoom(map[string]any{"customRoomId": "standup"})["roomId"].(string)
	c.join(c.room, "ann")
	live, _, err := c.meetings.Present(t.Context(), c.account.ID, c.room, "")
	require.NoError(t, err)
	c.session = live.SessionID
	return c
}

// stream makes an HLS job of so many seconds; 0: one that made nothing.
func (c *hlsFixture) stream(id string, seconds float64, age time.Duration, change func(*record.Job)) {
	c.t.Helper()
	c.fixture.kept(c.room, c.session, id, job.HLS, func(j *record.Job) {
		j.Path, j.CreatedAt = "hls/"+id, j.CreatedAt.Add(-age)
		if seconds > 0 {
			dir := filepath.Join(c.dir, j.Path)
			require.NoError(c.t, os.Mkdir(dir, 0o700))
			init, fragments := fmp4test.Split(
				c.t,
				fmp4test.Encode(c.t, fmp4test.Options{Video: true, Seconds: seconds}),
			)
			w, err := hls.NewWriter(dir, hls.Options{})
			require.NoError(c.t, err)
			require.NoError(c.t, w.WriteInit(init))
			for _, f := range fragments {
				require.NoError(c.t, w.WriteFragment(f))
			}
			require.NoError(c.t, w.Close())
			j.Files = []job.File{
				{
					Path:       j.Path + "/index.m3u8",
					Size:       1,
					DurationMs: int64(seconds * 1000),
					Width:      320,
					Height:     180,
					Format:     job.M3U8,
				},
			}
		}
		if change != nil {
			change(j)
		}
	})
}

func running(j *record.Job) { j.State, j.EndedAt, j.StoppedAt = job.Playable, time.Time{}, time.Time{} }

func (c *hlsFixture) capture(body map[string]any) answer {
	c.t.Helper()
	return c.call(c.token, http.MethodPost, "/v2/hls/capture", body)
}

// stills are the kept files of a stream.
func (c *hlsFixture) stills(id string) []string {
	found, err := filepath.Glob(filepath.Join(c.kept, c.session, id, "*"))
	require.NoError(c.t, err)
	return found
}

func TestCapture(t *testing.T) {
	c := newHLSFixture(t)
	c.refused(c.capture(map[string]any{"roomId": c.room}), 4108, "JOB")
	c.refused(c.capture(map[string]any{"roomId": c.room, "time": 1}), 4108, "JOB")
	c.stream("failed", 0, time.Minute, func(j *record.Job) { j.State = job.Failed })
	c.refused(c.capture(map[string]any{"roomId": c.room, "time": 1}), 4108, "JOB")
	c.stream("older", 7, time.Hour, nil)
	c.stream("newer", 3, 10*time.Minute, nil)
	c.refused(c.capture(map[string]any{"roomId": c.room}), 4108, "JOB") // none runs

	// The newest that can be played, under either name of the room; its last second, and no more.
	got := c.capture(map[string]any{"roomId": "standup", "time": 2.5, "width": 160}).ok()
	require.Len(t, c.stills("newer"), 1)
	f := c.refused(c.capture(map[string]any{"roomId": c.room, "time": 6}), 4107, "BEYOND_STREAM")
	require.InDelta(t, 3, f.Details["streamSec"], 0.1)
	require.Equal(t, "time", f.Param)
	c.refused(c.capture(map[string]any{"roomId": c.room, "time": 1e300}), 4107, "BEYOND_STREAM")

	require.NotEmpty(t, got["message"])
	require.Equal(t, c.room, got["roomId"])
	meta := got["meta"].(map[string]any)
	require.Equal(t, []any{160.0, 90.0, "jpg"}, []any{meta["width"], meta["height"], meta["format"]})
	at, err := time.Parse(time.RFC3339, meta["createdAt"].(string))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), at, time.Minute)
	name := got["fileName"].(string)
	require.Regexp(t, `^still-00002500-[0-9a-f]{8}\.jpg$`, name)
	require.Equal(t, c.session+"/newer/"+name, got["filePath"])
	raw, err := os.ReadFile(filepath.Join(c.kept, got["filePath"].(string)))
	require.NoError(t, err)
	require.EqualValues(t, len(raw), got["fileSize"])
	w := httptest.NewRecorder()
	c.links.ServeHTTP(
		w,
		httptest.NewRequestWithContext(
			t.Context(),
			http.MethodGet,
			strings.TrimPrefix(got["fileUrl"].(string), "http://server"),
			nil,
		),
	)
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "image/jpeg", w.Header().Get("Content-Type"))
	shown, _, err := image.Decode(bytes.NewReader(w.Body.Bytes()))
	require.NoError(t, err)
	require.Equal(t, image.Pt(160, 90), shown.Bounds().Size())

	// One that runs is meant, with a time and without.
	c.stream("running", 4, 0, running)
	c.capture(map[string]any{"roomId": c.room}).ok()
	c.capture(map[string]any{"roomId": c.room, "time": 3.9, "format": "png"}).ok()
	c.capture(map[string]any{"roomId": c.room, "time": 0, "format": "webp"}).ok()
	require.Len(t, c.stills("running"), 3)
	c.refused(c.capture(map[string]any{"roomId": c.room, "time": 6}), 4107, "BEYOND_STREAM")

	// It is listed nowhere, and goes with its stream.
	stream := c.call(c.token, http.MethodGet, "/v2/hls/newer", nil)
	require.NotContains(t, fmt.Sprint(stream.ok()), "still-")
	require.Equal(t, http.StatusOK, c.call(c.token, http.MethodDelete, "/v2/hls/newer", nil).status)
	require.Empty(t, c.stills("newer"))
	require.NoDirExists(t, filepath.Join(c.dir, "hls/newer"))
	require.Len(t, c.stills("running"), 3)
	require.DirExists(t, filepath.Join(c.dir, "hls/older"))
}

func TestHostileCaptures(t *testing.T) {
	c := newHLSFixture(t)
	c.stream("running", 2, 0, running)
	for _, bad := range []struct {
		field string
		value any
	}{
		{"width", 15}, {"width", 3841}, {"width", 0}, {"width", -1}, {"width", 1e30}, {"width", 20.5},
		{"width", "320; rm -rf /"}, {"width", []any{}},
		{"height", 15}, {"height", 4000}, {"height", "-i /etc/passwd"}, {"height", true}, {"height", 3840},
		{"format", "gif"}, {"format", "jpg -y /etc/passwd -f mp4 pipe:1"}, {"format", ""}, {"format", 1},
		{"format", "JPG"},
		{"time", -0.1}, {"time", "now"}, {"time", "1 -i http://127.0.0.1/"}, {"time", map[string]any{}},
		{"input", "file:///etc/passwd"}, {"filePath", "../../x"},
	} {
		f := c.refused(c.capture(map[string]any{"roomId": c.room, bad.field: bad.value}), 4107, "BAD_PARAMS")
		require.Equal(t, bad.field, f.Details["field"], "%v: %s", bad, f.Detail)
		require.NotContains(t, f.Detail, "passwd")
	}
	c.refused(c.capture(map[string]any{}), 4003, "EMPTY")
	c.refused(c.capture(map[string]any{"roomId": "none"}), 4003, "NOT_FOUND")
	c.refused(
		c.call(c.otherToken, http.MethodPost, "/v2/hls/capture", map[string]any{"roomId": c.room}),
		4003,
		"NOT_FOUND",
	)
	other := c.newRoom(nil)["roomId"].(string)
	scoped := c.mint(gate.Grant{APIKey: c.key.ID, MeetingID: other, Roles: []string{gate.RoleCrawler}}, c.secret)
	c.refused(c.call(scoped, http.MethodPost, "/v2/hls/capture", map[string]any{"roomId": c.room}), 4022, "MISMATCH")
	require.Empty(t, c.stills("running"))
}
