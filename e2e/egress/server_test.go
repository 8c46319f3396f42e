package egress

import (
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/mediaprobe"
	"github.com/klatch/klatch/sdk"
)

// stateLog is what a bot was told.
type stateLog struct {
	mu     sync.Mutex // guards everything below
	states []string
}

func logStates(m *sdk.Meeting) *stateLog {
	h := &stateLog{}
	state := func(status string) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.states = append(h.states, status)
	}
	m.OnRecordingStateChanged(state)
	m.OnLivestreamStateChanged(state)
	m.OnHLSStateChanged(func(status string, _ sdk.HLSURLs) { state(status) })
	return h
}

func (h *stateLog) waitFor(t *testing.T, state string) {
	t.Helper()
	require.Eventually(t, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, s := range h.states {
			if s == state {
				return true
			}
		}
		return false
	}, waitLimit, 20*time.Millisecond, state)
}

// The jobs as a participant starts them: the server runs this test program as its workers.
func TestRecordingThroughTheServer(t *testing.T) {
	t.Parallel()
	s := open(t)
	bot := s.join(t, "ann", card("ann"), sdk.TestTone("ann"))
	told := logStates(bot)
	files := make(chan string, 1)
	bot.OnRecordingFile(func(url string) { files <- url })
	require.NoError(
		t,
		bot.StartRecording(t.Context(), sdk.RecordingOptions{Config: &sdk.EgressConfig{Quality: "low"}}),
	)
	require.Empty(t, bot.Participants(), "the worker is hidden")
	path := s.onlyFile(t, "*.mp4")
	require.Eventually(
		t,
		func() bool { return mediaprobe.Recorded(t, path) > 2 },
		waitLimit,
		200*time.Millisecond,
	)
	require.NoError(t, bot.StopRecording(t.Context()))
	told.waitFor(t, "RECORDING_STOPPED")
	require.Equal(
		t,
		[]string{"RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED"},
		told.states,
	)
	file, err := http.Get(<-files) // whoever may record gets it
	require.NoError(t, err)
	require.NoError(t, file.Body.Close())
	require.Equal(t, http.StatusOK, file.StatusCode)
	require.Contains(t, file.Header.Get("Content-Disposition"), ".mp4")
	path = s.onlyFile(t, "*.mp4") // it may have been brought somewhere else
	mediaprobe.RequireShows(t, mediaprobe.Frame(t, path, 1500*time.Millisecond), canvas, "ann")
	mediaprobe.RequireTones(t, mediaprobe.Sound(t, path), time.Second, 2*time.Second, "ann")
}

// onlyFile returns the one file of that pattern that the server's jobs have made.
func (s *fixture) onlyFile(t *testing.T, pattern string) (path string) {
	t.Helper()
	require.Eventually(t, func() bool {
		var found []string
		for _, root := range []string{"egress", "files"} { // while it runs; when it is over
			for _, depth := range []string{"", "*", "*/*", "*/*/*"} {
				list, err := filepath.Glob(filepath.Join(s.server.Dir, root, depth, pattern))
				require.NoError(t, err)
				found = append(found, list...)
			}
		}
		if len(found) > 0 {
			path = found[0]
		}
		return len(found) == 1
	}, waitLimit, 20*time.Millisecond, pattern)
	return path
}
