// Package egress carries real meetings out of a real server: bots with known pictures and tones are recorded and
// streamed, and ffmpeg and ffprobe, which are not ours, say what came of it.
package egress

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/testprocess"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "4") // they wait for media most of the time; what the command line says counts more
	os.Exit(m.Run())
}

// fixture is a meeting on a running server.
type fixture struct {
	server  *testserver.Server
	account testserver.Account
	meeting string
	token   string
}

func open(t *testing.T) *fixture {
	t.Helper()
	return openMeeting(t, testserver.Start(t))
}

// openMeeting makes a meeting on that server.
func openMeeting(t *testing.T, h *testserver.Server) *fixture {
	t.Helper()
	account := h.Account(t, nil)
	return &fixture{server: h, account: account, meeting: account.Meeting(t, nil), token: account.Token(t)}
}

// join lets a bot join with these devices; nil ones stay off.
func (s *fixture) join(t *testing.T, name string, webcam, mic sdk.Source) *sdk.Meeting {
	t.Helper()
	bot, err := sdk.InitMeeting(sdk.Options{
		URL: s.server.URL, Token: s.token, MeetingID: s.meeting, ParticipantID: name, Name: name,
		WebcamEnabled: webcam != nil, Webcam: webcam, MicEnabled: mic != nil, Mic: mic, ManualConsume: true,
	})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = bot.Leave(ctx) // it may have left already
	})
	return bot
}

// card is the picture of a bot of that name.
func card(name string) sdk.Source {
	return sdk.TestCard(sdk.CardOptions{Name: name, Width: 640, Height: 360, FPS: 30, Layers: 1})
}

// waitLimit is how long a test waits for what must come, on a machine that does much else.
const waitLimit = 60 * time.Second

// workerProcess is a running worker.
type workerProcess struct {
	t       *testing.T
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stdout  io.ReadCloser
	started time.Time
	ended   chan struct{}

	mu        sync.Mutex // guards everything below
	reports   []order.Report
	changed   chan struct{}
	startedAt time.Time // when it reported that its job has started; zero: not yet
	began     time.Time // when its recording began, by what it reported; zero: not known yet
}

// startWorker starts a worker of its own for a job; the server knows nothing of it but its participant.
func (s *fixture) startWorker(t *testing.T, spec order.Spec) *workerProcess {
	t.Helper()
	spec.JobID, spec.ServerURL, spec.MeetingID, spec.Ticket = "job-1", s.server.URL, s.meeting, s.token
	spec.Config = spec.Config.WithDefaults()
	if spec.FFmpeg == "" {
		spec.FFmpeg = "ffmpeg"
	}
	e := &workerProcess{
		t:       t,
		cmd:     testprocess.Command(os.Args[0], order.WorkerCommand),
		started: time.Now(),
		ended:   make(chan struct{}),
		changed: make(chan struct{}),
	}
	stdin, err := e.cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := e.cmd.StdoutPipe()
	require.NoError(t, err)
	e.stdin, e.stdout, e.cmd.Stderr = stdin, stdout, os.Stderr
	require.NoError(t, e.cmd.Start())
	go e.listen(stdout)
	t.Cleanup(func() {
		_ = stdin.Close()
		select {
		case <-e.ended:
		case <-time.After(20 * time.Second):
			_ = e.cmd.Process.Kill()
			<-e.ended
			t.Error("the worker did not end with its stdin")
		}
	})
	require.NoError(t, json.NewEncoder(stdin).Encode(spec))
	return e
}

func (e *workerProcess) listen(stdout io.Reader) {
	defer close(e.ended)
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, order.MaxReportBytes)
	for lines.Scan() {
		var r order.Report
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			e.t.Errorf("not a report: %s", lines.Bytes())
			continue
		}
		e.mu.Lock()
		e.reports = append(e.reports, r)
		if r.Report == order.ReportStarted {
			e.startedAt = time.Now()
		}
		// the report that was the least late tells best
		began := time.Now().Add(-time.Duration(r.DurationMs) * time.Millisecond)
		if r.Report == order.ReportProgress && r.DurationMs > 0 && (e.began.IsZero() || began.Before(e.began)) {
			e.began = began
		}
		close(e.changed)
		e.changed = make(chan struct{})
		e.mu.Unlock()
	}
	_ = e.cmd.Wait() // code asks for its state
}

// await returns the first report that fits.
func (e *workerProcess) await(what string, fits func(order.Report) bool) order.Report {
	e.t.Helper()
	deadline := time.After(waitLimit)
	for seen := 0; ; {
		e.mu.Lock()
		all, changed := e.reports, e.changed
		e.mu.Unlock()
		for ; seen < len(all); seen++ {
			if fits(all[seen]) {
				return all[seen]
			}
		}
		select {
		case <-changed:
		case <-e.ended:
			e.mu.Lock()
			over := seen == len(e.reports)
			e.mu.Unlock()
			require.False(e.t, over, "the worker ended without %s: %+v", what, all)
		case <-deadline:
			require.FailNow(e.t, "no report of "+what, "%+v", all)
		}
	}
}

func (e *workerProcess) waitStarted() {
	e.t.Helper()
	e.await("started", func(r order.Report) bool { return r.Report == order.ReportStarted })
}

// waitRecorded waits until that much is recorded.
func (e *workerProcess) waitRecorded(d time.Duration) {
	e.t.Helper()
	e.await(
		d.String(),
		func(r order.Report) bool { return r.Report == order.ReportProgress && r.DurationMs >= d.Milliseconds() },
	)
}

// position returns where in its file the worker is now. It must have recorded something.
func (e *workerProcess) position() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Since(e.began)
}

// reported returns how much the worker has reported to have recorded.
func (e *workerProcess) reported() (d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, r := range e.reports {
		if r.Report == order.ReportProgress {
			d = time.Duration(r.DurationMs) * time.Millisecond
		}
	}
	return d
}

// requireLength requires that a file of that many seconds, which the worker has made, has what it had reported and no
// more than it had time for. tolerance is what may be missing at its beginning.
func (e *workerProcess) requireLength(seconds float64, tolerance time.Duration) {
	e.t.Helper()
	require.GreaterOrEqual(e.t, seconds, (e.reported() - tolerance).Seconds())
	require.LessOrEqual(e.t, seconds, time.Since(e.started).Seconds())
}

// waitDone waits for the end and returns the files; failed reports whether it was one with a fault.
func (e *workerProcess) waitDone(failed bool) []job.File {
	e.t.Helper()
	r := e.await("done", func(r order.Report) bool { return r.Report == order.ReportDone })
	select {
	case <-e.ended:
	case <-time.After(waitLimit):
		require.FailNow(e.t, "the worker did not exit")
	}
	require.Equal(e.t, failed, e.cmd.ProcessState.ExitCode() == 1, "exit code %d", e.cmd.ProcessState.ExitCode())
	return r.Files
}

// stop ends the job in good order.
func (e *workerProcess) stop() []job.File {
	e.t.Helper()
	require.NoError(e.t, json.NewEncoder(e.stdin).Encode(order.Command{Command: order.CommandStop}))
	return e.waitDone(false)
}

// file is a place for a recording.
func file(t *testing.T, name string) string { return filepath.Join(t.TempDir(), name) }
