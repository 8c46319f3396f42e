package rest_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/blob"
	"github.com/klatch/klatch/internal/egress"
	"github.com/klatch/klatch/internal/gate"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/rest"
)

// newEgressFixture is a world with the real egress, whose workers die at once, and the real archive.
func newEgressFixture(t testing.TB) (w *fixture, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "egress")
	var archive *blob.Archive
	w = newFixture(t, func(o *rest.Options) {
		links := blob.NewLinks(
			[]byte("0123456789abcdef0123456789abcdef"),
			func() string { return "http://server" },
			nil,
		)
		var err error
		archive, err = blob.NewArchive(t.Context(), blob.ArchiveOptions{Dir: dir, Links: links, Jobs: o.Store,
			Kept: blob.NewDisk(t.TempDir(), blob.KeptLinks(links)), Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		t.Cleanup(archive.Close)
		jobs, err := egress.New(
			egress.Options{Store: o.Store, Meetings: o.Meetings, Logger: slog.New(slog.DiscardHandler),
				Report: o.Report, Dir: dir, Storage: archive, Command: []string{"/bin/false"}},
		)
		require.NoError(t, err)
		jobs.SetSources(fileSources{archive})
		t.Cleanup(func() { require.NoError(t, jobs.Close(context.Background())) })
		o.Egress, o.Files, o.HLSAddresses, o.WebhookKey = jobs, archive, egress.HLSAddresses, "PUBLIC KEY"
	})
	w.archive = archive
	return w, dir
}

// fileSources are files of earlier jobs, without streams.
type fileSources struct{ *blob.Archive }

func (fileSources) OpenStream(context.Context, string, string) (io.ReadCloser, error) {
	return nil, fs.ErrNotExist
}

func TestHostileStarts(t *testing.T) {
	w, _ := newEgressFixture(t)
	roomID := w.newRoom(nil)["roomId"].(string)
	w.join(roomID, "ann")
	long := strings.Repeat("a", 10<<10)
	output := func(url, key string) map[string]any {
		return map[string]any{"outputs": []any{map[string]any{"url": url, "streamKey": key}}}
	}
	for _, c := range []struct {
		path   string
		body   map[string]any
		code   int
		reason string
		param  string
	}{
		{"recordings/start", map[string]any{"config": "GRID"}, 4107, "BAD_PARAMS", "config"},
		{
			"recordings/start", map[string]any{"config": map[string]any{"layout": map[string]any{"type": "ROUND"}}},
			4107, "BAD_PARAMS", "config.layout.type",
		},
		{
			"recordings/start", map[string]any{"config": map[string]any{"layout": map[string]any{"gridSize": 26}}},
			4107, "BAD_PARAMS", "config.layout.gridSize",
		},
		{
			"recordings/start", map[string]any{"config": map[string]any{"layout": map[string]any{"gridSize": "many"}}},
			4107, "BAD_PARAMS", "config.layout.gridSize",
		},
		{
			"recordings/start", map[string]any{"config": map[string]any{"quality": "ultra"}}, 4110, "NOT_OFFERED",
			"config.quality",
		},
		{
			"recordings/start", map[string]any{"config": map[string]any{"color": "red"}}, 4107, "BAD_PARAMS",
			"config.color",
		},
		{"recordings/start", map[string]any{"templateUrl": "https://example.org"}, 4110, "NOT_OFFERED", "templateUrl"},
		{
			"recordings/start", map[string]any{"transcription": map[string]any{"enabled": true}}, 4110, "NOT_OFFERED",
			"transcription.enabled",
		},
		{
			"recordings/start", map[string]any{"onFailure": map[string]any{"action": "leave"}}, 4107, "BAD_PARAMS",
			"onFailure",
		},
		{"recordings/start", map[string]any{"fileFormat": "avi"}, 4107, "BAD_PARAMS", "fileFormat"},
		{
			"recordings/start", map[string]any{"fileFormat": "mp4", "config": map[string]any{"fileFormat": "webm"}},
			4107, "BAD_PARAMS", "fileFormat",
		},
		{"recordings/start", map[string]any{"awsDirPath": "../../etc"}, 4107, "BAD_PARAMS", "awsDirPath"},
		{"recordings/start", map[string]any{"awsDirPath": "/../etc"}, 4107, "BAD_PARAMS", "awsDirPath"},
		{"recordings/start", map[string]any{"awsDirPath": "a\x00b"}, 4107, "BAD_PARAMS", "awsDirPath"},
		{"recordings/start", map[string]any{"awsDirPath": long}, 4107, "BAD_PARAMS", "awsDirPath"},
		{"recordings/start", map[string]any{"webhookUrl": "file:///etc/passwd"}, 4107, "BAD_PARAMS", "webhookUrl"},
		{
			"recordings/start", map[string]any{"webhookUrl": "https://ann:pw@example.org"}, 4107, "BAD_PARAMS",
			"webhookUrl",
		},
		{"recordings/start", map[string]any{"sessionId": "another"}, 4011, "NO_SESSION", ""},
		{"recordings/start", nil, 4011, "WORKER_DIED", ""},
		{"recordings/stop", nil, 4012, "NOT_RUNNING", ""},
		{"recordings/end", map[string]any{"id": "none"}, 4108, "JOB", ""},
		{"recordings/participant/start", nil, 4107, "BAD_PARAMS", "participantId"},
		{
			"recordings/participant/start", map[string]any{"participantId": "ann", "fileFormat": "mp3"}, 4107,
			"BAD_PARAMS", "fileFormat",
		},
		{
			"recordings/participant/start", map[string]any{"participantId": "ann", "bucketDirPath": "a/.."}, 4107,
			"BAD_PARAMS", "bucketDirPath",
		},
		{"recordings/participant/stop", map[string]any{"participantId": "ann"}, 4036, "NOT_RUNNING", ""},
		{
			"recordings/participant/track/start",
			map[string]any{"participantId": "ann", "kind": "video", "fileFormat": "mp3"}, 4107, "BAD_PARAMS",
			"fileFormat",
		},
		{
			"recordings/participant/track/start", map[string]any{"participantId": "ann", "kind": "smell"}, 4107,
			"BAD_PARAMS", "kind",
		},
		{"recordings/participant/track/start", map[string]any{"participantId": "ann"}, 4107, "BAD_PARAMS", "kind"},
		{
			"recordings/composite/start",
			map[string]any{"participants": []any{map[string]any{"participantId": "ann", "kind": []any{"smell"}}}}, 4107,
			"BAD_PARAMS", "participants[0].kind",
		},
		{"recordings/start", map[string]any{"watermarks": []any{}}, 4110, "NOT_OFFERED", "watermarks"},
		{"recordings/composite/start", map[string]any{"watermarks": []any{}}, 4039, "WORKER_DIED", ""},
		{"recordings/composite/stop", nil, 4107, "BAD_PARAMS", "recordingId"},
		{"livestreams/start", nil, 4015, "EMPTY", ""},
		{"livestreams/start", output("", "k"), 4015, "BAD_URL", ""},
		{"livestreams/start", output("file:///etc/passwd", "k"), 4015, "SCHEME", ""},
		{"livestreams/start", output("rtmp://10.0.0.1/live", "k"), 4015, "PRIVATE_ADDRESS", ""},
		{"livestreams/start", output("rtmp://[::ffff:127.0.0.1]/live", "k"), 4015, "PRIVATE_ADDRESS", ""},
		{"livestreams/start", output("rtmp://example.org/live\nx", "k"), 4015, "BAD_URL", ""},
		{"livestreams/start", output("rtmp://-x/live", "k"), 4015, "BAD_URL", ""},
		{"livestreams/start", output("rtmp://example.org/"+long, "k"), 4015, "BAD_URL", ""},
		{"livestreams/start", output("rtmp://example.org/live", ""), 4015, "BAD_KEY", ""},
		{"hls/start", map[string]any{"config": []any{}}, 4107, "BAD_PARAMS", "config"},
		{"hls/stop", nil, 4017, "NOT_RUNNING", ""},
	} {
		t.Run(fmt.Sprintf("%s %.60v", c.path, c.body), func(t *testing.T) {
			w := w.in(t)
			body := map[string]any{"roomId": roomID}
			for name, value := range c.body {
				body[name] = value
			}
			f := w.refused(w.call(w.token, "POST", "/v2/"+c.path, body), c.code, c.reason)
			if c.param != "" {
				require.Equal(t, c.param, f.Details["field"], f.Detail)
			}
			require.NotContains(t, f.Detail, long)
			w.refused(w.call(w.otherToken, "POST", "/v2/"+c.path, valid(c.path, body)), 4003, "NOT_FOUND")
		})
	}
}

// Each part of autoStartConfig is judged as the call that starts the same by hand: what could not start makes no room.
func TestAutoStartIsJudgedWithTheRoom(t *testing.T) {
	w, _ := newEgressFixture(t)
	bob := map[string]any{"participantId": "bob", "kind": []any{"audio"}}
	everything := map[string]any{
		"recording": map[string]any{
			"config": map[string]any{
				"layout": map[string]any{"type": "GRID", "priority": "PIN", "gridSize": 4.0},
				"theme":  "DARK",
			},
			"awsDirPath": "/meetings/${meetingId}/", "fileFormat": "webm", "webhookUrl": "https://example.org/hook",
			"onFailure":     "restart",
			"transcription": map[string]any{"enabled": false, "summary": map[string]any{"enabled": false}},
		},
		"hls": map[string]any{
			"config":     map[string]any{"quality": "high"},
			"webhookUrl": "https://example.org/hook",
			"onFailure":  "stop",
		},
		"composite": map[string]any{
			"participants": []any{
				bob,
				map[string]any{"participantId": "ann", "kind": "screen_video"},
				map[string]any{"participantId": "cid"},
			},
			"config": map[string]any{
				"mode": "audio",
			}, "bucketDirPath": "composites", "fileFormat": "mp4", "onFailure": "restart",
		},
	}
	require.Equal(
		t,
		everything,
		w.newRoom(map[string]any{"autoStartConfig": everything})["autoStartConfig"],
		"as it was given",
	)

	person := func(fields map[string]any) map[string]any { return map[string]any{"participants": []any{bob, fields}} }
	for _, c := range []struct {
		part   string
		body   any
		field  string
		detail string
	}{
		{
			"composite", person(map[string]any{"participantId": "bob", "kind": []any{"sound"}}),
			"composite.participants[1].kind", "screen_audio",
		},
		{
			"composite", person(map[string]any{"participantId": "bob", "kind": "sound"}),
			"composite.participants[1].kind", "screen_audio",
		},
		{
			"composite", person(map[string]any{"participantId": "bob", "kind": []any{}}),
			"composite.participants[1].kind", "screen_audio",
		},
		{
			"composite", person(map[string]any{"participantId": "bob", "kinds": []any{"audio"}}),
			"composite.participants[1].kinds", "no such field",
		},
		{
			"composite", person(map[string]any{"participantId": "b ob"}), "composite.participants[1].participantId",
			"white",
		},
		{
			"composite", person(map[string]any{"participantId": strings.Repeat("b", 300)}),
			"composite.participants[1].participantId", "300",
		},
		{"composite", person(map[string]any{}), "composite.participants[1].participantId", "required"},
		{"composite", map[string]any{"participants": []any{}}, "composite.participants", ""},
		{"composite", map[string]any{"participants": "bob"}, "composite.participants", "array"},
		{"composite", map[string]any{"participant": []any{bob}}, "composite.participant", "no such field"},
		{"composite", map[string]any{"awsDirPath": "x"}, "composite.awsDirPath", "no such field"},
		{"composite", map[string]any{"bucketDirPath": "../x"}, "composite.bucketDirPath", ""},
		{"recording", map[string]any{"participants": []any{bob}}, "recording.participants", "no such field"},
		{
			"recording", map[string]any{"config": map[string]any{"layout": map[string]any{"type": "ROUND"}}},
			"recording.config.layout.type", "SPOTLIGHT",
		},
		{
			"recording", map[string]any{"config": map[string]any{"color": "red"}}, "recording.config.color",
			"no such field",
		},
		{
			"recording", map[string]any{"fileFormat": "mp4", "config": map[string]any{"fileFormat": "webm"}},
			"recording.fileFormat", "webm",
		},
		{"recording", map[string]any{"awsDirPath": "a/../../b"}, "recording.awsDirPath", ""},
		{"recording", map[string]any{"webhookUrl": "ftp://example.org"}, "recording.webhookUrl", ""},
		{"recording", map[string]any{"onFailure": "again"}, "recording.onFailure", "restart"},
		{
			"recording", map[string]any{"transcription": map[string]any{"enabled": true}},
			"recording.transcription.enabled", "transcription",
		},
		{"hls", map[string]any{"templateUrl": "https://example.org"}, "hls.templateUrl", "templates"},
		{"recording", map[string]any{"watermarks": []any{}}, "recording.watermarks", "watermarks"},
		{
			"composite", map[string]any{"watermarks": []any{
				map[string]any{"type": "custom", "imageUrl": "http://example.org/a"},
			}},
			"composite.watermarks[0].imageUrl", "https",
		},
		{
			"composite", map[string]any{"watermarks": []any{map[string]any{"type": "pubsub"}}},
			"composite.watermarks[0].topic", "missing",
		},
		{
			"hls", map[string]any{"recording": map[string]any{"enabled": true, "config": map[string]any{}}},
			"hls.recording.config", "no such field",
		},
		{"recording", map[string]any{"roomId": "abcd-efgh-ijkl"}, "recording.roomId", "no such field"},
		{"recording", "yes", "recording", "object"},
		{"hls", map[string]any{"config": map[string]any{"fileFormat": "webm"}}, "hls.config.fileFormat", "hls"},
		{"hls", map[string]any{"outputs": []any{}}, "hls.outputs", "no such field"},
		{"livestream", map[string]any{}, "livestream", "no such field"},
	} {
		t.Run(fmt.Sprintf("%s %.60v", c.part, c.body), func(t *testing.T) {
			w := w.in(t)
			code, reason := 4107, "BAD_PARAMS"
			if slices.Contains([]string{"transcription", "templates", "watermarks"}, c.detail) {
				code, reason = 4110, "NOT_OFFERED"
			}
			f := w.refused(w.call(w.token, "POST", "/v2/rooms", map[string]any{
				"customRoomId": "refused", "autoStartConfig": map[string]any{c.part: c.body},
			}), code, reason)
			require.Equal(t, "autoStartConfig."+c.field, f.Details["field"], f.Detail)
			require.Contains(t, f.Detail, c.detail)
			w.refused(w.call(w.token, "GET", "/v2/rooms/refused", nil), 4003, "NOT_FOUND")
		})
	}
}

// valid is a body whose shape passes, so that what comes next is judged.
func valid(path string, with map[string]any) map[string]any {
	body := map[string]any{"roomId": with["roomId"]}
	if strings.Contains(path, "participant") {
		body["participantId"] = "ann"
	}
	if strings.Contains(path, "track") {
		body["kind"] = "audio"
	}
	if strings.HasSuffix(path, "composite/stop") {
		body["recordingId"] = "x"
	}
	return body
}

// kept puts a recording that is over into the store, as egress would.
func (w *fixture) kept(roomID, sessionID, id string, kind job.Kind, change func(*record.Job)) {
	w.t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	j := record.Job{
		ID:        id,
		Kind:      kind,
		AccountID: w.account.ID,
		MeetingID: roomID,
		SessionID: sessionID,
		State:     job.Stopped,
		Config:    job.Config{}.WithDefaults(),
		CreatedAt: now,
		StartedAt: now,
		StoppedAt: now,
		EndedAt:   now,
		UpdatedAt: now,
	}
	if change != nil {
		change(&j)
	}
	require.NoError(w.t, w.store.CreateJob(w.t.Context(), j))
}

func TestRecordingsAreListedReadAndDeleted(t *testing.T) {
	w, dir := newEgressFixture(t)
	roomID, otherRoom := w.newRoom(
		map[string]any{"customRoomId": "standup"},
	)["roomId"].(string), w.newRoom(nil)["roomId"].(string)
	w.join(roomID, "ann")
	live, _, err := w.meetings.Present(t.Context(), w.account.ID, roomID, "")
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "recording"), 0o700))
	for i := range 3 {
		name := filepath.Join("recording", fmt.Sprintf("r%d.mp4", i))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
		w.kept(roomID, live.SessionID, fmt.Sprintf("r%d", i), job.Recording, func(j *record.Job) {
			j.Files = []job.File{{Path: name, Size: 1, DurationMs: 1500, Width: 1280, Height: 720, Format: job.MP4}}
			j.CreatedAt = j.CreatedAt.Add(time.Duration(i) * time.Second)
		})
	}
	w.kept(roomID, live.SessionID, "broken", job.Recording, func(j *record.Job) {
		j.State, j.CreatedAt = job.Failed, j.CreatedAt.Add(-time.Hour)
		j.Fault = fault.RecordingFailedEncoderDied("killed", -1, "last words").WithMeeting(roomID, live.SessionID, "")
	})
	w.kept(
		roomID,
		live.SessionID,
		"running",
		job.HLS,
		func(j *record.Job) { j.State, j.EndedAt, j.StoppedAt = job.Playable, time.Time{}, time.Time{} },
	)
	w.kept(roomID, live.SessionID, "pushed", job.Livestream, func(j *record.Job) {
		j.Targets = []job.Target{{URL: "rtmp://example.org/live", State: job.OutputDone}}
	})

	page := w.call(w.token, "GET", "/v2/recordings?roomId=standup&perPage=2", nil).ok()
	require.EqualValues(
		t,
		map[string]any{"currentPage": 1.0, "perPage": 2.0, "lastPage": 2.0, "total": 4.0},
		page["pageInfo"],
	)
	newest := page["data"].([]any)[0].(map[string]any)
	require.Equal(t, "r2", newest["id"])
	require.Equal(t, "standup", newest["customRoomId"])
	file := newest["file"].(map[string]any)
	require.Equal(
		t,
		map[string]any{
			"format":     "mp4",
			"duration":   1.5,
			"resolution": map[string]any{"width": 1280.0, "height": 720.0},
		},
		file["meta"],
	)
	require.Equal(t, "16:9", file["ratio"])
	require.True(t, strings.HasPrefix(file["fileUrl"].(string), "http://server/files/"))
	broken := w.call(w.token, "GET", "/v2/recordings/broken", nil).ok()
	require.Equal(t, "ENCODER_DIED", broken["fault"].(map[string]any)["reason"])
	require.Nil(t, broken["file"])
	for query, total := range map[string]float64{
		"": 4, "?sessionId=" + live.SessionID: 4, "?query=" + roomID: 4, "?roomId=" + otherRoom: 0, "?roomId=none": 0,
		"?sessionId=none":          0,
		"?withTranscription=false": 4, "?roomId=" + roomID + "&customRoomId=standup": 4,
		"?roomId=" + otherRoom + "&customRoomId=standup": 0,
	} {
		require.Equal(
			t,
			total,
			w.call(w.token, "GET", "/v2/recordings"+query, nil).ok()["pageInfo"].(map[string]any)["total"],
			query,
		)
	}
	w.refused(w.call(w.token, "GET", "/v2/recordings?room=x", nil), 4107, "BAD_PARAMS")

	active := w.call(w.token, "GET", "/v2/hls/standup/active", nil).ok()
	require.EqualValues(t, 200, active["code"])
	require.Contains(t, active["data"].(map[string]any)["playbackHlsUrl"], "/hls/running/playback.m3u8")
	require.Equal(
		t,
		[]any{map[string]any{"url": "rtmp://example.org/live", "state": "done"}},
		w.call(w.token, "GET", "/v2/livestreams/pushed", nil).ok()["outputs"],
	)

	// Nobody else sees or deletes any of it, and a token for one room only what is of that room.
	scoped := w.mint(gate.Grant{APIKey: w.key.ID, MeetingID: otherRoom, Roles: []string{gate.RoleCrawler}}, w.secret)
	require.Zero(t, w.call(w.otherToken, "GET", "/v2/recordings", nil).ok()["pageInfo"].(map[string]any)["total"])
	for _, path := range []string{"/v2/recordings/r0", "/v2/hls/running", "/v2/livestreams/pushed"} {
		for _, method := range []string{"GET", "DELETE"} {
			w.refused(w.call(w.otherToken, method, path, nil), 4108, "JOB")
			w.refused(w.call(scoped, method, path, nil), 4022, "MISMATCH")
		}
	}
	w.refused(w.call(scoped, "GET", "/v2/recordings", nil), 4022, "MISMATCH")
	w.refused(w.call(w.token, "GET", "/v2/recordings/participant/r0", nil), 4108, "JOB")

	w.refused(w.call(w.token, "DELETE", "/v2/hls/running", nil), 4109, "STATE")
	deleted := w.call(w.token, "DELETE", "/v2/recordings/r0", nil)
	require.Equal(t, http.StatusOK, deleted.status)
	require.Equal(t, "Room recording deleted successfully", deleted.body)
	require.NoFileExists(t, filepath.Join(dir, "recording/r0.mp4"))
	require.FileExists(t, filepath.Join(dir, "recording/r1.mp4"))
	w.refused(w.call(w.token, "DELETE", "/v2/recordings/r0", nil), 4108, "JOB")
	require.Equal(
		t,
		map[string]any{"publicKey": "PUBLIC KEY"},
		w.call("", "GET", "/v2/public/rsa-public-key", nil).ok(),
	)
}

// TestHostileWatermarks names each field that cannot be used; nothing is fetched and nothing starts.
func TestHostileWatermarks(t *testing.T) {
	w, _ := newEgressFixture(t)
	roomID := w.newRoom(nil)["roomId"].(string)
	w.join(roomID, "ann")
	mark := func(fields ...any) map[string]any {
		m := map[string]any{"type": "custom"}
		for i := 0; i < len(fields); i += 2 {
			m[fields[i].(string)] = fields[i+1]
		}
		return m
	}
	text := mark("text", "SECRET")
	for _, c := range []struct {
		marks  any
		field  string
		detail string
	}{
		{"SECRET", "watermarks", "array"},
		{[]any{"SECRET"}, "watermarks[0]", "object"},
		{[]any{text, text, text, text}, "watermarks", "3"},
		{[]any{map[string]any{"text": "x"}}, "watermarks[0].type", "required"},
		{[]any{mark("type", "image")}, "watermarks[0].type", "custom"},
		{[]any{mark("type", "")}, "watermarks[0].type", "custom"},
		{[]any{mark()}, "watermarks[0].type", "needs imageUrl"},
		{[]any{text, mark("text", strings.Repeat("x", 97))}, "watermarks[1].text", "96"},
		{[]any{mark("text", " \u200b\n")}, "watermarks[0].text", "seen"},
		{[]any{mark("text", 7)}, "watermarks[0].text", "string"},
		{[]any{mark("text", "x", "topic", "CHAT")}, "watermarks[0].topic", "pubsub"},
		{[]any{mark("type", "pubsub", "text", "x")}, "watermarks[0].topic", "missing"},
		{[]any{mark("type", "pubsub", "topic", strings.Repeat("x", 129))}, "watermarks[0].topic", "128"},
		{[]any{mark("type", "pubsub", "topic", "CHAT", "timezone", "UTC")}, "watermarks[0].timezone", "custom"},
		{[]any{mark("timezone", "Europe/Atlantis")}, "watermarks[0].timezone", "Europe/Atlantis"},
		{[]any{mark("timezone", "Local")}, "watermarks[0].timezone", "Local"},
		{[]any{mark("timezone", "../../../etc/passwd")}, "watermarks[0].timezone", "time zone"},
		{[]any{mark("imageUrl", "http://example.org/logo.png")}, "watermarks[0].imageUrl", "https"},
		{[]any{mark("imageUrl", "file:///etc/passwd")}, "watermarks[0].imageUrl", "https"},
		{[]any{mark("imageUrl", "https://")}, "watermarks[0].imageUrl", "host"},
		{[]any{mark("imageUrl", "https://ann:pw@example.org/a")}, "watermarks[0].imageUrl", "password"},
		{[]any{mark("imageUrl", "https://127.0.0.1/logo.png")}, "watermarks[0].imageUrl", "public internet"},
		{[]any{mark("imageUrl", "https://[::ffff:10.0.0.1]/")}, "watermarks[0].imageUrl", "public internet"},
		{[]any{mark("imageUrl", "https://localhost./a")}, "watermarks[0].imageUrl", "public internet"},
		{[]any{mark("imageUrl", "https://example.org/"+strings.Repeat("x", 2048))}, "watermarks[0].imageUrl", "2048"},
		{[]any{mark("imageUrl", "https://example.org/a", "imageBase64", "AAAA")}, "watermarks[0].imageBase64", "one of them"},
		{[]any{mark("imageBase64", "?")}, "watermarks[0].imageBase64", "base64"},
		{[]any{mark("imageBase64", "PHN2Zy8+")}, "watermarks[0].imageBase64", "neither PNG"},
		{[]any{mark("imageBase64", "data:image/png;base64,iVBORw0KGgo=")}, "watermarks[0].imageBase64", "broken PNG"},
		{[]any{mark("text", "x", "position", "center")}, "watermarks[0].position", "no such field"},
	} {
		t.Run(fmt.Sprintf("%.60v", c.marks), func(t *testing.T) {
			w := w.in(t)
			f := w.refused(w.call(w.token, "POST", "/v2/recordings/composite/start", map[string]any{
				"roomId": roomID, "watermarks": c.marks,
			}), 4107, "BAD_PARAMS")
			require.Equal(t, c.field, f.Details["field"], f.Detail)
			require.Contains(t, f.Detail, c.detail)
			w.refused(w.call(w.token, "POST", "/v2/rooms", map[string]any{
				"autoStartConfig": map[string]any{"composite": map[string]any{"watermarks": c.marks}},
			}), 4107, "BAD_PARAMS")
		})
	}
	f := w.refused(w.call(w.token, "POST", "/v2/recordings/composite/start", map[string]any{
		"roomId": roomID, "watermarks": []any{text}, "config": map[string]any{"mode": "audio"},
	}), 4107, "BAD_PARAMS")
	require.Equal(t, "watermarks", f.Details["field"], f.Detail)
	f = w.refused(w.call(w.token, "POST", "/v2/recordings/composite/start", map[string]any{
		"roomId": roomID, "watermarks": []any{mark("imageUrl", "https://logo.invalid/a.png")},
	}), 4039, "WATERMARK_IMAGE")
	require.EqualValues(t, 0, f.Details["watermark"])
	require.Contains(t, f.Detail, "watermarks[0] is at a host", "names that end with invalid exist nowhere")
}
