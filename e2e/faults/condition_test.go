package faults

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// conditionScenarios are faults of the server that last, each raised and ended by its real cause.
var conditionScenarios = scenarios{
	"4106.EVENT_STREAMS": func(t *T) {
		t.Server = testserver.Start(t, func(c *conf.Config) { c.Limit.EventStreams = 1 })
		token := t.Server.Account(t, nil).Token(t)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, t.Server.URL+"/v2/events", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", token)
		stream, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer func() { _ = stream.Body.Close() }()
		require.Equal(t, http.StatusOK, stream.StatusCode)
		t.rest(token, http.MethodGet, "/v2/events", nil)
	},
	"5101.RECORDING_UNAVAILABLE": func(t *T) {
		ffmpeg, err := exec.LookPath("ffmpeg")
		require.NoError(t, err)
		own := filepath.Join(t.TempDir(), "ffmpeg")
		t.Server = testserver.Start(t, func(c *conf.Config) { c.Egress.FFmpeg = own })
		f := t.inTimeline()
		t.lasts(f, true)
		require.NoError(t, os.Symlink(ffmpeg, own))
		t.isOver(f)
	},
	"5101.STORAGE_LOW": func(t *T) {
		t.Server = testserver.Start(t, func(c *conf.Config) { c.Egress.MinFreeMB = 1_000_000 }) // 1 TB
		t.lasts(t.inTimeline(), true)
	},
	"5101.STORE_BUSY": func(t *T) {
		t.Server = testserver.Start(t)
		tx, err := database(t, t.Server).BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), `UPDATE meetings SET updated_at = updated_at`)
		require.NoError(t, err)
		var f *fault.Error
		require.Eventually(t, func() bool { // the timeline waits for the database as well
			f = t.shownCondition()
			return f != nil
		}, testserver.Timeout, 20*time.Millisecond, "nothing says that the database is busy")
		require.NoError(t, tx.Rollback())
		t.Read(f)
		t.isOver(f)
	},
	"5002.OUTPUT_RETRYING": func(t *T) {
		t.onSharedProcess()
		s := t.setUp(livestream)
		server := startRTMP(t)
		s.outputs = []sdk.LivestreamOutput{server.output("live")}
		s.start()
		server.Kill()
		f := t.awaitEvent(s.ann, 2*testserver.Timeout)
		t.Read(f)
		s.checkPageEvent(f)
	},
}

// conditionEntry is a condition as the console shows it.
type conditionEntry struct {
	Shown bool `json:"shown"`
	fault.Error
}

// conditions returns those of the scenario's reason that last.
func (t *T) conditions() (list []conditionEntry) {
	t.Helper()
	status, body := t.Server.Admin(t, http.MethodGet, "/admin/v1/conditions", nil)
	require.Equal(t, http.StatusOK, status, string(body))
	var page struct{ Data []conditionEntry }
	require.NoError(t, json.Unmarshal(body, &page))
	for _, c := range page.Data {
		if c.Code == t.Entry.Code && c.Reason == t.Entry.Reason {
			list = append(list, c)
		}
	}
	return list
}

// shownCondition returns the condition of the scenario, once it is shown.
func (t *T) shownCondition() *fault.Error {
	t.Helper()
	for _, c := range t.conditions() {
		if c.Shown {
			return &c.Error
		}
	}
	return nil
}

// lasts checks whether a condition is listed.
func (t *T) lasts(f *fault.Error, want bool) {
	t.Helper()
	found := false
	for _, c := range t.conditions() {
		found = found || c.ID == f.ID
	}
	require.Equal(t, want, found, "%v in the list of conditions", f)
}

// isOver waits until the timeline has the end of a condition.
func (t *T) isOver(f *fault.Error) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, body := t.Server.Admin(t, http.MethodGet, "/admin/v1/faults/"+f.ID, nil)
		var entry struct{ ClearedAt time.Time }
		_ = json.Unmarshal(body, &entry) // nothing yet, while the database is busy
		return !entry.ClearedAt.IsZero()
	}, testserver.Timeout, 20*time.Millisecond, "%v does not end", f)
	t.lasts(f, false)
}
