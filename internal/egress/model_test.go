package egress

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/internal/workerprocess"
)

// memoryEnv is everything around a manager, in memory: what is tested is the manager's own order of things, at the
// speed of a bubble of synctest. The real store and processes have tests of their own.
type memoryEnv struct {
	t *rapid.T
	m *Manager

	mu       sync.Mutex // guards everything below
	jobs     map[string]record.Job
	states   map[string][]job.State // as the watcher was told
	workers  []*fakeWorker
	reported int
}

// fakeWorker is a worker that does what the test says.
type fakeWorker struct {
	spec order.Spec
	out  chan message

	mu      sync.Mutex // guards everything below
	stopped bool
	killed  bool
	exited  bool
}

func (p *fakeWorker) messages() <-chan message { return p.out }

func (p *fakeWorker) admit(string) {}

func (p *fakeWorker) publish() {}

func (p *fakeWorker) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
}

func (p *fakeWorker) kill() {
	p.mu.Lock()
	p.killed = true
	p.mu.Unlock()
	p.exit(workerprocess.Exit{Signal: "SIGKILL", Code: -1})
}

func (p *fakeWorker) exit(e workerprocess.Exit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.exited {
		p.exited = true
		p.out <- message{Exit: &e}
	}
}

func (p *fakeWorker) report(report order.Report) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.exited {
		p.out <- message{Report: report}
	}
}

func (w *memoryEnv) PlaceJob(ctx context.Context, j record.Job, _ func([]record.Job) error) error {
	return w.CreateJob(ctx, j)
}

func (w *memoryEnv) EndJob(ctx context.Context, j record.Job) (bool, error) {
	return true, w.UpdateJob(ctx, j)
}

func (w *memoryEnv) LostJobs(context.Context) ([]record.Job, error) { return nil, nil }

func (w *memoryEnv) JobByID(ctx context.Context, id string) (record.Job, error) {
	return w.Job(ctx, "", id)
}

func (w *memoryEnv) Account(context.Context, string) (record.Account, error) {
	return record.Account{ID: "acc", Limits: record.Limits{Recordings: 3, HLS: 1, Livestreams: 1}}, nil
}

func (w *memoryEnv) Meeting(context.Context, string, string) (record.Meeting, error) {
	return record.Meeting{}, nil
}

func (w *memoryEnv) CreateJob(_ context.Context, j record.Job) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jobs[j.ID] = j
	return nil
}

func (w *memoryEnv) UpdateJob(_ context.Context, j record.Job) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	require.False(w.t, w.jobs[j.ID].State.Over(), "what is over stays over")
	w.jobs[j.ID] = j
	return nil
}

func (w *memoryEnv) Jobs(context.Context, string, record.JobFilter, record.Page) (record.List[record.Job], error) {
	return record.List[record.Job]{}, nil
}

func (w *memoryEnv) Job(_ context.Context, _, id string) (record.Job, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.jobs[id], nil
}

func (w *memoryEnv) OpenJobs(context.Context) ([]record.Job, error) { return nil, nil }

func (w *memoryEnv) RunningSession(_ context.Context, _, meetingID, _ string) (string, []string, error) {
	return "session of " + meetingID, []string{"ann", "bob"}, nil
}

func (w *memoryEnv) EgressChanged(context.Context, string, wire.Event)                        {}
func (w *memoryEnv) EgressFaultCleared(context.Context, string, record.Cleared, job.Audience) {}

func (w *memoryEnv) EgressFault(context.Context, string, *fault.Error, job.Audience) {}

func (w *memoryEnv) EndFailed(context.Context, string, string, string, *fault.Error) {}

func (w *memoryEnv) JobChanged(_ context.Context, j record.Job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.states[j.ID] = append(w.states[j.ID], j.State)
}

func (w *memoryEnv) spawn(spec order.Spec) (worker, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := &fakeWorker{spec: spec, out: make(chan message, 100)}
	w.workers = append(w.workers, p)
	return p, nil
}

func (w *memoryEnv) running() []*fakeWorker {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.workers), func(p *fakeWorker) bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.exited
	})
}

type bubbleTB struct{ rapid.TB }

// Whatever is started, stopped, killed and forgotten, in any order: one job at a time has a slot, each goes forward
// through its states and ends once, and with its end its place is free.
func TestManagerUnderRandomCalls(t *testing.T) {
	if _, err := ffmpeg.Probe(t.Context(), "ffmpeg"); err != nil {
		t.Skip("NO FFMPEG: a manager starts nothing without it")
	}
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(bubbleTB{t}, func(rt *rapid.T) {
			w := &memoryEnv{t: rt, jobs: map[string]record.Job{}, states: map[string][]job.State{}}
			m, err := New(Options{
				Store: w, Meetings: w, Watcher: w, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Dir: dir,
				MinFree: 1,
				Report:  func(context.Context, *fault.Error) { w.mu.Lock(); w.reported++; w.mu.Unlock() },
			})
			require.NoError(rt, err)
			w.m, m.spawn = m, w.spawn
			var calls sync.WaitGroup
			kinds := rapid.SampledFrom(job.Kinds)
			halls := rapid.SampledFrom([]string{"hall-1", "hall-2"})
			pick := func(rt *rapid.T) *fakeWorker {
				all := w.running()
				if len(all) == 0 {
					rt.Skip("no worker")
				}
				return rapid.SampledFrom(all).Draw(rt, "worker")
			}
			rt.Repeat(map[string]func(*rapid.T){
				"start": func(rt *rapid.T) {
					q := job.Request{
						Kind:      kinds.Draw(rt, "kind"),
						AccountID: "acc",
						MeetingID: halls.Draw(rt, "hall"),
						Outputs:   []job.Output{{URL: "rtmp://a.example.com/x", StreamKey: "k"}},
					}
					switch q.Kind {
					case job.Participant:
						q.Sources = []job.Source{{ParticipantID: "ann"}}
					case job.Track:
						q.Sources = []job.Source{{ParticipantID: "bob", Kind: wire.Audio}}
					}
					if rapid.Bool().Draw(rt, "restarts") {
						q.OnFailure = job.RestartOnFailure
					}
					calls.Go(func() {
						j, err := m.Start(context.Background(), q)
						if err == nil && j.State == job.Failed {
							panic(fmt.Sprintf("a start of %s that failed returned no fault", q.Kind))
						}
					})
				},
				"stop": func(rt *rapid.T) {
					q := job.StopRequest{
						Kind:      kinds.Draw(rt, "kind"),
						AccountID: "acc",
						MeetingID: halls.Draw(rt, "hall"),
						Source:    job.Source{ParticipantID: "ann"},
					}
					for _, j := range m.Running(q.MeetingID) {
						if j.Kind == q.Kind {
							q.JobID, q.Source = j.ID, append(j.Sources, q.Source)[0]
						}
					}
					if _, err := m.Stop(context.Background(), q); err == nil { // else nothing runs
						require.Error(rt, errOf(m.Stop(context.Background(), q)), "what was stopped does not run")
					}
				},
				"session ends": func(rt *rapid.T) { m.SessionEnded("session of " + halls.Draw(rt, "hall")) },
				"report": func(rt *rapid.T) {
					kind := rapid.SampledFrom(
						[]order.ReportType{
							order.ReportStarted,
							order.ReportStarted,
							order.ReportPlayable,
							order.ReportProgress,
							order.ReportOutput,
							"nonsense",
						},
					)
					pick(rt).report(order.Report{Report: kind.Draw(rt, "report")})
				},
				"final fault": func(rt *rapid.T) {
					p := pick(rt)
					p.report(
						order.Report{
							Report: order.ReportFault,
							Final:  true,
							Fault:  p.spec.Kind.Faults().EncoderStalled(1),
						},
					)
				},
				"finishes": func(rt *rapid.T) {
					p := pick(rt)
					p.report(order.Report{Report: order.ReportDone})
					p.exit(workerprocess.Exit{})
				},
				"dies": func(rt *rapid.T) { pick(rt).exit(workerprocess.Exit{Signal: "SIGSEGV", Code: -1}) },
				"is late": func(rt *rapid.T) {
					time.Sleep(
						rapid.SampledFrom([]time.Duration{time.Second, 13 * time.Second, time.Minute, 3 * time.Hour}).
							Draw(rt, "time"),
					)
				},
				"": func(rt *rapid.T) {
					synctest.Wait()
					w.mu.Lock()
					defer w.mu.Unlock()
					open := map[string]bool{}
					for id, states := range w.states {
						for i, s := range states[1:] {
							require.Greater(rt, rank(s), rank(states[i]), "%v", states)
						}
						if !states[len(states)-1].Over() {
							open[id] = true
						}
						require.Equal(rt, w.jobs[id].State, states[len(states)-1], "the store knows what was told")
					}
					require.Equal(rt, len(open), m.Count(), "who is over has left its place")
					perSlot := map[slot]int{}
					for id := range open {
						j := w.jobs[id]
						perSlot[slotOf(j.MeetingID, j.Kind, j.ID, j.Sources, false)]++
					}
					for at, n := range perSlot {
						require.Equal(rt, 1, n, "%v", at)
					}
				},
			})
			closing, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_ = m.Close(closing) // workers that do not stop are killed
			calls.Wait()
			require.Zero(rt, m.Count())
			for id, j := range w.jobs {
				require.True(rt, j.State.Over(), id)
				require.Equal(rt, j.State == job.Failed, j.Fault != nil && j.Fault.Reason != "LIMIT", "%v", j.Fault)
			}
		})
	})
}
