package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
		dir := fileSystem(t, "64m")
		t.Server = testserver.Start(t, func(c *conf.Config) { c.Egress.Dir, c.Egress.MinFreeMB = dir, 16 })
		filler := filepath.Join(dir, "filler")
		require.NoError(t, os.WriteFile(filler, make([]byte, 40<<20), 0o600))
		f := t.inTimeline()
		t.lasts(f, true)
		require.NoError(t, os.Remove(filler))
		t.isOver(f)
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
		over := s.ann.ends()
		server.Kill()
		f := t.awaitEvent(s.ann, 2*testserver.Timeout)
		t.Read(f)
		s.checkPageEvent(f)
		server.restart(t)
		t.isOver(f)
		over.await(t, f)
		s.awaitEndPosted(f)
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

// isOver waits until the timeline has the end of a condition, and checks that every road has it that operators read.
func (t *T) isOver(f *fault.Error) {
	t.Helper()
	t.waits()
	require.Eventually(t, func() bool {
		_, body := t.Server.Admin(t, http.MethodGet, "/admin/v1/faults/"+f.ID, nil)
		var entry struct{ ClearedAt time.Time }
		_ = json.Unmarshal(body, &entry) // nothing yet, while the database is busy
		return !entry.ClearedAt.IsZero()
	}, 3*testserver.Timeout, 20*time.Millisecond, "%v does not end", f)
	t.lasts(f, false)
	require.True(t, t.Server.Logged(`"msg":"fault-cleared"`) && t.Server.Logged(`"fault":"`+f.ID+`"`), "no line of its end")
	t.streamed(f, "fault-cleared")
	if len(t.conditions()) == 0 { // another scenario of this server may have one
		require.Contains(t, metrics(t, t.Server),
			fmt.Sprintf("klatch_conditions{code=\"%d\",name=%q,reason=%q} 0", f.Code, f.Name, f.Reason))
	}
}

// streamed waits until the event streams have an event of a fault. Those that are kept come first.
func (t *T) streamed(f *fault.Error, event string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testserver.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.Server.AdminURL()+"/admin/v1/events", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+t.Server.AdminToken())
	req.Header.Set("Last-Event-ID", "1")
	stream, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = stream.Body.Close() }() // nothing was written to it
	name := ""
	for lines := bufio.NewScanner(stream.Body); lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		if field == "event" {
			name = value
		}
		if field == "data" && name == event && strings.Contains(value, f.ID) {
			return
		}
	}
	t.Fatalf("the event stream has no %s of %v", event, f)
}

// ends are the ends of faults that a program was told.
type ends struct {
	mu  sync.Mutex // guards ids
	ids []string
}

// ends begins to listen.
func (c *client) ends() *ends {
	e := &ends{}
	c.OnFaultCleared(func(over sdk.FaultCleared) {
		e.mu.Lock()
		e.ids = append(e.ids, over.ID)
		e.mu.Unlock()
	})
	return e
}

func (e *ends) has(f *fault.Error) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Contains(e.ids, f.ID)
}

func (e *ends) await(t *T, f *fault.Error) {
	t.Helper()
	require.Eventually(t, func() bool { return e.has(f) }, 3*testserver.Timeout, 20*time.Millisecond,
		"the event fault-cleared says nothing of %v", f)
}

// awaitEndPosted waits until the webhook of the meeting is told that a fault is over.
func (s *egressSetup) awaitEndPosted(f *fault.Error) {
	s.t.Helper()
	require.Eventually(s.t, func() bool { return s.sink.received(`"error-cleared"`, f.ID) },
		2*testserver.Timeout, 20*time.Millisecond, "no webhook tells the end of %v", f)
}
