package faults

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/testserver"
)

// The disk of the database is full while a recording fails: REST shows at once that it is over and why, and when there
// is room again the timeline and the webhook have it under the same id, once.
func TestRecordingFailsWhileTheDatabaseIsFull(t *testing.T) {
	t.Parallel()
	dir := fileSystem(t, "48m")
	s := &T{T: t, Entry: fault.Find("5001.WORKER_DIED")[0]}
	s.Server = spawn(t, "data.dir", dir, "egress.dir", t.TempDir())
	account := s.Account()
	e := &egressSetup{t: s, k: egressKinds[0], sink: newWebhookSink(t), token: account.Token(t)}
	e.meeting = account.Meeting(t, map[string]any{
		"webhook": map[string]any{"endPoint": e.sink.URL, "events": []string{"*"}},
	})
	ann := s.client(s.Server.URL, e.token, e.meeting, nil)
	require.NoError(t, ann.Join(t.Context()))
	require.NoError(t, e.k.startBySDK(t.Context(), ann))
	e.awaitState("STARTED")

	fill(t, dir)
	require.NoError(t, syscall.Kill(e.worker(), syscall.SIGKILL))
	r := e.awaitState("FAILED")
	require.NotNil(t, r.Fault)
	require.Equal(t, "WORKER_DIED", r.Fault.Reason)
	require.False(t, e.sink.received(r.Fault.ID), "nothing is told that is not written")

	require.NoError(t, os.Remove(filepath.Join(dir, "filler")))
	require.Eventually(t, func() bool {
		return e.sink.received(r.Fault.ID)
	}, 4*testserver.Timeout, 50*time.Millisecond, "no webhook tells of it")
	require.Equal(t, r.Fault.ID, e.record().Fault.ID)
	require.Eventually(t, func() bool { return len(s.timeline()) > 0 }, 2*testserver.Timeout, 50*time.Millisecond)
	require.Len(t, s.timeline(), 1, "once")
}
