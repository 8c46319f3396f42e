package egress

import (
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/e2e/house"
	"github.com/klatch/klatch/e2e/look"
	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	klatch "github.com/klatch/klatch/sdk"
)

// heard is what a bot was told.
type heard struct {
	mu     sync.Mutex // guards everything below
	states []string
	faults []*fault.Error
}

func listen(m *klatch.Meeting) *heard {
	h := &heard{}
	state := func(status string) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.states = append(h.states, status)
	}
	m.OnRecordingStateChanged(state)
	m.OnLivestreamStateChanged(state)
	m.OnHLSStateChanged(func(status string, _ klatch.HLSURLs) { state(status) })
	m.OnError(func(f *fault.Error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.faults = append(h.faults, f)
	})
	return h
}

func (h *heard) until(t *testing.T, state string) {
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
	}, 20*time.Second, 20*time.Millisecond, state)
}

func (h *heard) fault(t *testing.T, code int) (found *fault.Error) {
	t.Helper()
	require.Eventually(t, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, f := range h.faults {
			if f.Code == code {
				found = f
			}
		}
		return found != nil
	}, 20*time.Second, 20*time.Millisecond, strconv.Itoa(code))
	return found
}

// The jobs as a participant starts them: the server runs this test program as its workers.
func TestRecordingThroughTheServer(t *testing.T) {
	t.Parallel()
	s := open(t)
	bot := s.enter(t, "ann", card("ann"), klatch.TestTone("ann"))
	told := listen(bot)
	require.NoError(t, bot.StartRecording(t.Context(), klatch.RecordingOptions{Config: &klatch.EgressConfig{Quality: "low"}}))
	require.Empty(t, bot.Participants(), "the worker is hidden")
	path := s.only(t, "*.mp4")
	require.Eventually(t, func() bool { return look.Probe(t, path).Seconds(t) > 2 }, 10*time.Second, 200*time.Millisecond)
	require.NoError(t, bot.StopRecording(t.Context()))
	told.until(t, "RECORDING_STOPPED")
	require.Equal(t, []string{"RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED"}, told.states)
	path = s.only(t, "*.mp4")
	path = s.only(t, "*.mp4") // it may have been brought somewhere else
	look.RequireShows(t, look.Frame(t, path, 1500*time.Millisecond), canvas, "ann")
	look.RequireTones(t, look.Sound(t, path), time.Second, 2*time.Second, "ann")
}

// only gives the one file of that pattern that the server's jobs have made.
func (s *stage) only(t *testing.T, pattern string) (path string) {
	t.Helper()
	require.Eventually(t, func() bool {
		var found []string
		for _, root := range []string{"egress", "files"} { // while it runs; when it is over
			for _, depth := range []string{"", "*", "*/*", "*/*/*"} {
				list, err := filepath.Glob(filepath.Join(s.house.Dir, root, depth, pattern))
				require.NoError(t, err)
				found = append(found, list...)
			}
		}
		if len(found) > 0 {
			path = found[0]
		}
		return len(found) == 1
	}, 10*time.Second, 20*time.Millisecond, pattern)
	return path
}

// target is an RTMP server that takes one stream and keeps it.
func target(t *testing.T) (url, path string, ended <-chan struct{}) {
	t.Helper()
	port := freePort(t)
	url, path = fmt.Sprintf("rtmp://127.0.0.1:%d/live", port), file(t, "taken.flv")
	cmd := exec.Command("ffmpeg", "-v", "error", "-listen", "1", "-i", url+"/key", "-c", "copy", path)
	require.NoError(t, cmd.Start())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait() // killed, or at the end of the stream
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
	})
	listening := fmt.Sprintf(":%04X 00000000:0000 0A", port) // /proc/net/tcp: a connection would be taken for the publisher
	require.Eventually(t, func() bool {
		return exec.Command("grep", "-q", listening, "/proc/net/tcp").Run() == nil
	}, 5*time.Second, 20*time.Millisecond)
	return url, path, done
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().(*net.TCPAddr).Port
}

func TestLivestreamToALivingAndADeadTarget(t *testing.T) {
	t.Parallel()
	h := house.Open(t, func(c *conf.Config) { c.Egress.AllowPrivateTargets = true })
	account := h.Account(t, nil)
	s := &stage{house: h, account: account, meeting: account.Meeting(t, nil), token: account.Token(t)}
	bot := s.enter(t, "ann", card("ann"), klatch.TestTone("ann"))
	told := listen(bot)
	living, path, ended := target(t)
	dead := fmt.Sprintf("rtmp://127.0.0.1:%d/live", freePort(t))
	require.NoError(t, bot.StartLivestream(t.Context(), []klatch.LivestreamOutput{
		{URL: dead, StreamKey: "dead"}, {URL: living, StreamKey: "key"},
	}, klatch.LivestreamOptions{Config: &klatch.EgressConfig{Quality: "low"}}))
	f := told.fault(t, 4013)
	require.Equal(t, "REFUSED", f.Reason)
	require.Equal(t, "outputs[0].url", f.Param)
	told.until(t, "LIVESTREAM_STARTED")
	<-time.After(4 * time.Second) // of media
	require.NoError(t, bot.StopLivestream(t.Context()))
	told.until(t, "LIVESTREAM_STOPPED")
	<-ended

	p := look.Probe(t, path)
	require.ElementsMatch(t, []string{"h264", "aac"}, p.Codecs())
	require.InDelta(t, 5, p.Seconds(t), 1.5)
	look.RequireShows(t, look.Frame(t, path, 2*time.Second), canvas, "ann")
	look.RequireTones(t, look.Sound(t, path), time.Second, 2*time.Second, "ann")

	err := bot.StartLivestream(t.Context(), []klatch.LivestreamOutput{{URL: dead, StreamKey: "dead"}}, klatch.LivestreamOptions{})
	var refused *fault.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 4013, refused.Code)
	require.Equal(t, "REFUSED", refused.Reason, refused.Detail)
}
