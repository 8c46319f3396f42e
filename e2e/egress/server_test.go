package egress

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/job"
	klatch "github.com/klatch/klatch/sdk"
)

// states follows the states of a kind as a bot is told them.
type states struct {
	mu  sync.Mutex
	all []string
}

func (s *states) add(status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, status)
}

func (s *states) are(t *testing.T, want ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.all) >= len(want)
	}, 20*time.Second, 10*time.Millisecond, "%v", want)
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Equal(t, want, s.all)
}

// The whole way: a moderator records, everybody follows the states, nobody sees the worker, and the file is there.
func TestRecordingByTheServer(t *testing.T) {
	s := open(t)
	ann := s.enter(t, "ann", card("ann"), klatch.TestTone("ann"))
	bob := s.enter(t, "bob", card("bob"), klatch.TestTone("bob"))
	var told states
	bob.OnRecordingStateChanged(told.add)
	require.NoError(t, ann.StartRecording(t.Context(), klatch.RecordingOptions{Config: &klatch.EgressConfig{Quality: job.Low}}))
	require.Equal(t, "RECORDING_STARTED", ann.RecordingState())
	require.Len(t, bob.Participants(), 1, "the worker is hidden")

	err := bob.StartRecording(t.Context(), klatch.RecordingOptions{})
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Equal(t, "ALREADY_RUNNING", f.Reason)

	time.Sleep(3 * time.Second) // what is recorded
	require.NoError(t, ann.StopRecording(t.Context()))
	told.are(t, "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED")
	files, err := filepath.Glob(filepath.Join(s.house.Dir, "egress", "recording", "*.mp4"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	p := probe(t, files[0])
	require.Equal(t, []string{"h264", "aac"}, p.codecs())
	require.InDelta(t, 3, p.seconds(t), 1.2)
	require.Equal(t, 854, p.Streams[0].Width)
}

// When the last one leaves, the recording ends by itself and is whole.
func TestSessionEndFinishesTheRecording(t *testing.T) {
	s := open(t)
	ann := s.enter(t, "ann", card("ann"), klatch.TestTone("ann"))
	require.NoError(t, ann.StartRecording(t.Context(), klatch.RecordingOptions{}))
	time.Sleep(2 * time.Second) // what is recorded
	require.NoError(t, ann.Leave(t.Context()))
	var files []string
	require.Eventually(t, func() bool {
		files, _ = filepath.Glob(filepath.Join(s.house.Dir, "egress", "recording", "*.mp4"))
		open, err := s.house.Server.Store.OpenJobs(t.Context())
		return err == nil && len(open) == 0 && len(files) == 1
	}, 20*time.Second, 20*time.Millisecond)
	info, err := os.Stat(files[0])
	require.NoError(t, err)
	require.Positive(t, info.Size())
	require.InDelta(t, 2, probe(t, files[0]).seconds(t), 1.2)
	require.False(t, s.house.Logged(`"level":"ERROR"`))
}
