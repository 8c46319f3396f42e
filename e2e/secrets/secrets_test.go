// Package secrets plants secrets in a real server, lets it record, stream and push to RTMP targets and a bucket, and
// looks for them wherever somebody could read them: logs, process list, answers, events, database, files.
package secrets

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/testnet"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

const (
	livingKey = "planted-living-stream-key"
	deadKey   = "planted-dead-stream-key"
	hookQuery = "planted-webhook-query"
)

// findings is everything that was seen, with where it was.
type findings struct {
	mu   sync.Mutex // guards all
	all  []string
	from []string
}

func (h *findings) add(from string, text []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all, h.from = append(h.all, string(text)), append(h.from, from)
}

// search fails for each place that holds a secret, and when there were no such places.
func (h *findings) search(t *testing.T, secrets map[string]string, where ...string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, place := range where {
		require.True(
			t,
			slices.ContainsFunc(h.from, func(from string) bool { return strings.HasPrefix(from, place) }),
			"nothing was seen in %s",
			place,
		)
	}
	for i, text := range h.all {
		for name, secret := range secrets {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s is in %s: …%.60q…", name, h.from[i], text[max(0, at-60):])
			}
		}
	}
}

func TestNoSecretIsSeen(t *testing.T) {
	bucket := s3test.Start(t)
	program := testserver.Program(t)
	h := testserver.Spawn(t, program, map[string]string{
		"log.level":                  "debug",
		"egress.allowPrivateTargets": "true", "webhook.allowPrivateTargets": "true",
		"storage.s3Endpoint": bucket.Endpoint, "storage.s3Bucket": bucket.Name, "storage.s3AccessKey": bucket.AccessKey,
		"storage.s3SecretKey": bucket.SecretKey,
	})
	account := h.Account(t, nil)
	token := account.Token(t)
	adminToken, err := os.ReadFile(filepath.Join(h.Dir, "admin-token"))
	require.NoError(t, err)
	secrets := map[string]string{
		"the token": token, "the API secret": account.Secret, "the admin token": strings.TrimSpace(string(adminToken)),
		"the S3 secret": bucket.SecretKey, "the key of the living target": livingKey,
		"the key of the dead target": deadKey,
	}
	var seen findings

	// An endpoint that takes nothing: its address is in errors, if anywhere.
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body) // what came is looked at, however much it is
		seen.add("webhook "+r.Host, raw)
		w.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(hook.Close)
	room := account.Meeting(
		t,
		map[string]any{
			"webhook": map[string]any{"endPoint": hook.URL + "/?token=" + hookQuery, "events": []string{"*"}},
		},
	)
	ask := func(method, path string, body any) []byte {
		t.Helper()
		status, answer := h.REST(t, token, method, path, body)
		seen.add("answer "+method+" "+path, answer)
		require.Less(t, status, 500, "%s", answer)
		return answer
	}

	ann := enter(t, h, token, room, "ann")
	ann.On(func(e sdk.Event) {
		raw, err := json.Marshal(e)
		if err == nil {
			seen.add("event", raw)
		}
		seen.add("event", fmt.Appendf(nil, "%+v", e))
	})
	// One who is cut, comes back, and is refused with the old secret: all three can be logged.
	bob, joined := h.Join(t, testserver.JoinParams(token, room, "bob"))
	secrets["the secret of a session"] = joined.Secret
	resume := wire.ResumeParams{Protocol: wire.Version, SessionID: joined.SessionID, ParticipantID: "bob",
		Secret: joined.Secret}
	bob.Cut()
	bob = h.Dial(t)
	bob.Do(t, wire.MethodResume, resume)
	bob.Do(t, wire.MethodPing, struct{}{})
	_, refused := h.Dial(t).Call(t, wire.MethodResume, resume)
	require.Equal(t, "SECRET_REUSED", refused.Reason)
	bob.Do(t, wire.MethodLeave, struct{}{})
	living, dead := rtmpServer(t), testnet.FreePort(t)
	ask(
		http.MethodPost,
		"/v2/livestreams/start",
		map[string]any{"roomId": room, "config": map[string]any{"quality": "low"}, "outputs": []any{
			map[string]any{"url": living, "streamKey": livingKey},
			map[string]any{"url": fmt.Sprintf("rtmp://127.0.0.1:%d/live", dead), "streamKey": deadKey},
		}},
	)
	ask(http.MethodPost, "/v2/livestreams/start", map[string]any{"roomId": room, "outputs": []any{
		map[string]any{"url": "file:///" + deadKey, "streamKey": deadKey + "\n"}}}) // refused, and not repeated
	ask(
		http.MethodPost,
		"/v2/recordings/start",
		map[string]any{"roomId": room, "config": map[string]any{"quality": "low"}},
	)
	ask(http.MethodPost, "/v2/recordings/participant/start", map[string]any{"roomId": room, "participantId": "ann"})

	// While they run: whoever may list processes.
	workers := h.Workers(t)
	require.Len(t, workers, 3)
	for _, pid := range descendants(t, workers) {
		for _, what := range []string{"cmdline", "environ"} {
			raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, what))
			if err == nil { // else it has ended
				seen.add("process "+what, raw)
			}
		}
	}
	<-time.After(3 * time.Second) // of media
	for _, path := range []string{
		"/v2/livestreams", "/v2/recordings", "/v2/recordings/participant", "/v2/sessions", "/v2/rooms", "/metrics",
		"/readyz", "/healthz", "/openapi.json",
	} {
		raw := ask(http.MethodGet, path, nil)
		if path == "/v2/rooms" {
			require.Contains(t, string(raw), hookQuery, "the maker of the room may read what they set")
		}
	}
	for _, path := range []string{"recordings", "livestreams"} {
		ask(http.MethodPost, "/v2/"+path+"/end", map[string]any{"roomId": room})
	}
	ask(http.MethodPost, "/v2/recordings/participant/stop", map[string]any{"roomId": room, "participantId": "ann"})
	require.Eventually(t, func() bool { return len(h.Workers(t)) == 0 }, 20*time.Second, 50*time.Millisecond)
	require.Eventually(
		t,
		func() bool { return bytes.Contains(ask(http.MethodGet, "/v2/recordings", nil), []byte(`"STOPPED"`)) },
		20*time.Second,
		50*time.Millisecond,
	)
	status, faults := h.Admin(t, http.MethodGet, "/admin/v1/faults?perPage=100", nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, string(faults), `"code":5103`)
	require.Contains(t, string(faults), `"code":4013`)
	seen.add("faults", faults)
	require.NotContains(t, string(faults), hookQuery)
	h.Close(t)

	for name, secret := range secrets {
		require.False(t, h.Logged(secret), "%s is in the log", name)
	}
	require.False(t, h.Logged(hookQuery), "an endpoint's address is in the log")
	dump(t, filepath.Join(h.Dir, "klatch.db"), &seen)
	own := map[string]bool{"admin-token": true} // which is there to be read by the operator
	require.NoError(t, filepath.WalkDir(h.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || own[entry.Name()] {
			return err
		}
		raw, err := os.ReadFile(path)
		seen.add("file "+entry.Name(), raw)
		return err
	}))
	seen.search(
		t,
		secrets,
		"answer ",
		"event",
		"webhook ",
		"process cmdline",
		"process environ",
		"faults",
		"table egress_jobs",
		"table webhooks",
		"file klatch.db",
	)
}

func enter(t *testing.T, h *testserver.Server, token, room, name string) *sdk.Meeting {
	t.Helper()
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: h.URL, Token: token, MeetingID: room, ParticipantID: name, Name: name, ManualConsume: true,
		WebcamEnabled: true, Webcam: sdk.TestCard(sdk.CardOptions{Name: name, Width: 320, Height: 180}),
		MicEnabled: true, Mic: sdk.TestTone(name),
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = bot.Leave(ctx) // the server has ended
	})
	return bot
}

// descendants returns processes with all that they have started.
func descendants(t *testing.T, pids []int) []int {
	t.Helper()
	all := slices.Clone(pids)
	for _, pid := range pids {
		all = append(all, descendants(t, testserver.Children(t, pid, ""))...)
	}
	return all
}

// dump reads every table as somebody does who copied the database.
func dump(t *testing.T, path string, into *findings) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	names, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table'`)
	require.NoError(t, err)
	var tables []string
	for names.Next() {
		var name string
		require.NoError(t, names.Scan(&name))
		tables = append(tables, name)
	}
	require.NoError(t, names.Err())
	require.NoError(t, names.Close())
	for _, table := range tables {
		rows, err := db.QueryContext(t.Context(), `SELECT * FROM `+strconv.Quote(table))
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			for i, value := range values {
				into.add("table "+table+"."+columns[i], fmt.Append(nil, *value.(*any)))
			}
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
}

// rtmpServer takes one stream with the living key.
func rtmpServer(t *testing.T) string {
	t.Helper()
	port := testnet.FreePort(t)
	url := fmt.Sprintf("rtmp://127.0.0.1:%d/live", port)
	testprocess.Start(
		t,
		testprocess.Command("ffmpeg", "-v", "error", "-listen", "1", "-i", url+"/"+livingKey, "-f", "null", "-"),
	)
	listening := fmt.Sprintf(":%04X 00000000:0000 0A", port) // a connection would be taken for the publisher
	require.Eventually(t, func() bool {
		return exec.Command("grep", "-q", listening, "/proc/net/tcp").Run() == nil
	}, 5*time.Second, 20*time.Millisecond)
	return url
}
