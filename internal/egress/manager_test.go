package egress

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
	"github.com/klatch/klatch/internal/store/storetest"
	"github.com/klatch/klatch/internal/wire"
)

// fixture is a manager over a real store, with a session whose ears are open.
type fixture struct {
	t       *testing.T
	m       *Manager
	store   *store.Store
	account record.Account
	meeting record.Meeting
	session string
	dir     string
	log     *lockedBuffer
	onState func(status string) // on the way of the job; may be nil, and is set before a start

	mu       sync.Mutex // guards everything below
	states   []string
	faults   []sentFault
	reported []*fault.Error
	people   []string
	watched  []record.Job

	closed []*fault.Error // with which sessions were ended

	sessionEverywhere bool // there is a session in every meeting
}

type sentFault struct {
	fault *fault.Error
	to    job.Audience
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newFixture(t *testing.T, s script, change ...func(*Options)) *fixture {
	p := &fixture{
		t:       t,
		session: "session-1",
		dir:     t.TempDir(),
		log:     &lockedBuffer{},
		people:  []string{"ann", "bob", "cid", "dan"},
	}
	p.store = storetest.Open(t)
	p.account, p.meeting = storetest.Session(t, p.store, p.session)
	p.start(s, change...)
	return p
}

func (p *fixture) start(s script, change ...func(*Options)) {
	opts := Options{
		Store: p.store, Meetings: p, Watcher: p, Logger: slog.New(slog.NewJSONHandler(p.log, nil)), Dir: p.dir,
		PublicURL: "https://meet.example.com",
		Report: func(_ context.Context, f *fault.Error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.reported = append(p.reported, f)
		},
		MinFree: 1, StartTimeout: 10 * time.Second, StopTimeout: 10 * time.Second, StallTimeout: 10 * time.Second,
	}
	for _, c := range change {
		c(&opts)
	}
	argument, err := json.Marshal(s)
	require.NoError(p.t, err)
	self, err := os.Executable()
	require.NoError(p.t, err)
	if opts.Command == nil {
		opts.Command = []string{self, scriptArgument, string(argument)}
	}
	m, err := New(opts)
	require.NoError(p.t, err)
	p.m = m
	p.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(p.t, m.Close(ctx))
	})
}

func (p *fixture) RunningSession(_ context.Context, _, meetingID, _ string) (string, []string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if meetingID != p.meeting.ID && !p.sessionEverywhere {
		return "", nil, nil
	}
	return p.session, p.people, nil
}

func (p *fixture) EgressChanged(_ context.Context, sessionID string, state wire.Event) {
	require.Equal(p.t, p.session, sessionID)
	raw, _ := json.Marshal(state)
	var s struct{ Status string }
	_ = json.Unmarshal(raw, &s)
	p.mu.Lock()
	p.states = append(p.states, s.Status)
	p.mu.Unlock()
	if p.onState != nil {
		p.onState(s.Status)
	}
}

func (p *fixture) EgressFaultCleared(context.Context, string, record.Cleared, job.Audience) {}

func (p *fixture) EgressFault(_ context.Context, _ string, f *fault.Error, to job.Audience) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, sentFault{f, to})
}

func (p *fixture) EndFailed(_ context.Context, _, meetingID, sessionID string, f *fault.Error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	require.Equal(p.t, p.meeting.ID, meetingID)
	require.Equal(p.t, p.session, sessionID)
	p.closed = append(p.closed, f)
}

func (p *fixture) JobChanged(_ context.Context, j record.Job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watched = append(p.watched, j)
}

func (p *fixture) request(kind job.Kind) job.Request {
	q := job.Request{
		Kind:      kind,
		Method:    "start",
		AccountID: p.account.ID,
		MeetingID: p.meeting.ID,
		By:        job.By{ParticipantID: "ann", Name: "Ann Lee"},
	}
	switch kind {
	case job.Livestream:
		q.Outputs = []job.Output{{URL: "rtmp://live.example.com/app?x=hidden-query", StreamKey: "planted-stream-key"}}
	case job.Participant:
		q.Sources = []job.Source{{ParticipantID: "bob"}}
	case job.Track:
		q.Sources = []job.Source{{ParticipantID: "bob", Kind: wire.Video}}
	}
	return q
}

func (p *fixture) stop(kind job.Kind, id string) error {
	q := job.StopRequest{Kind: kind, AccountID: p.account.ID, MeetingID: p.meeting.ID, JobID: id}
	if s := p.request(kind).Sources; len(s) > 0 {
		q.Source = s[0]
	}
	_, err := p.m.Stop(p.t.Context(), q)
	return err
}

// awaitEnd waits until a job is over and returns its record.
func (p *fixture) awaitEnd(id string) record.Job {
	p.t.Helper()
	var j record.Job
	require.Eventually(p.t, func() bool {
		var err error
		j, err = p.store.Job(p.t.Context(), p.account.ID, id)
		return err == nil && j.State.Over() && p.m.Count() == 0
	}, 20*time.Second, 10*time.Millisecond)
	return j
}

func (p *fixture) events() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.states...)
}

// refused checks that err is the fault of that key.
func refused(t *testing.T, want string, err error) *fault.Error {
	t.Helper()
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	entry, _ := f.Entry()
	require.Equal(t, want, entry.Key(), f.Detail)
	return f
}

func TestRecordingFromStartToFile(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Writes: 1000, Obeys: true})
	j, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	require.Equal(t, job.Started, j.State)
	require.False(t, j.StartedAt.IsZero())

	f := refused(t, "4011.ALREADY_RUNNING", errOf(p.m.Start(t.Context(), p.request(job.Recording))))
	require.Contains(t, f.Detail, "ann (Ann Lee)")
	require.Equal(t, "ann", f.Details["startedBy"])
	require.NoError(t, p.stop(job.Recording, ""))
	end := p.awaitEnd(j.ID)
	require.Equal(t, job.Stopped, end.State)
	require.Nil(t, end.Fault)
	require.Equal(
		t,
		[]job.File{
			{
				Path:       "recording/" + j.ID + ".mp4",
				Size:       1000,
				DurationMs: 1234,
				Width:      1280,
				Height:     720,
				Format:     job.MP4,
			},
		},
		end.Files,
		"files outside of the storage are not the job's",
	)
	require.Equal(
		t,
		[]string{"RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED"},
		p.events(),
	)
	require.Len(t, p.watched, 4)
	require.Empty(t, p.reported)

	f = refused(t, "4012.NOT_RUNNING", p.stop(job.Recording, ""))
	require.Contains(t, f.Detail, formatTime(end.EndedAt))
	_, err = p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err, "a meeting is recorded as often as wanted")
}

func errOf[T any](_ T, err error) error { return err }

func TestStartWhileThePreviousIsFinished(t *testing.T) {
	t.Parallel()
	for kind, code := range map[job.Kind]string{
		job.Recording: "4018.PROCESSING", job.Livestream: "4019.PROCESSING", job.HLS: "4020.PROCESSING",
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p := newFixture(t, script{Starts: true, Slow: 500 * time.Millisecond})
			j, err := p.m.Start(t.Context(), p.request(kind))
			require.NoError(t, err)
			require.NoError(t, p.stop(kind, ""))
			f := refused(t, code, errOf(p.m.Start(t.Context(), p.request(kind))))
			require.Positive(t, f.RetryAfterMs)
			refused(
				t,
				map[job.Kind]string{
					job.Recording: "4012.NOT_RUNNING", job.Livestream: "4014.NOT_RUNNING", job.HLS: "4017.NOT_RUNNING",
				}[kind],
				p.stop(kind, ""),
			)
			p.awaitEnd(j.ID)
		})
	}
}

// Whoever hears that a job has ended may start the next one, of which everybody hears afterwards.
func TestStartAsSoonAsThePreviousIsOver(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Obeys: true})
	_, err := p.store.UpdateAccount(t.Context(), p.account.ID, func(a *record.Account) { a.Limits.Recordings = 1 })
	require.NoError(t, err)
	next := make(chan error, 1)
	again := sync.OnceFunc(func() { next <- errOf(p.m.Start(t.Context(), p.request(job.Recording))) })
	p.onState = func(status string) {
		if status == "RECORDING_STOPPED" {
			go again()
			time.Sleep(50 * time.Millisecond) // who tells it comes no further for a while, as on a busy machine
		}
	}
	_, err = p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	require.NoError(t, p.stop(job.Recording, ""))
	require.NoError(t, <-next)
	require.Equal(
		t,
		[]string{
			"RECORDING_STARTING",
			"RECORDING_STARTED",
			"RECORDING_STOPPING",
			"RECORDING_STOPPED",
			"RECORDING_STARTING",
			"RECORDING_STARTED",
		},
		p.events(),
	)
}

func TestJobsOfOneMeetingAreIndependent(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Plays: true})
	ids := map[job.Kind]string{}
	for _, kind := range job.Kinds {
		j, err := p.m.Start(t.Context(), p.request(kind))
		require.NoError(t, err, kind)
		ids[kind] = j.ID
	}
	other, err := p.m.Start(t.Context(), p.request(job.Composite))
	require.NoError(t, err, "several composite recordings run at once")
	require.Equal(
		t,
		[]job.Source{{ParticipantID: "ann"}, {ParticipantID: "bob"}, {ParticipantID: "cid"}},
		other.Sources,
		"three by default",
	)
	refused(t, "4035.ALREADY_RUNNING", errOf(p.m.Start(t.Context(), p.request(job.Participant))))
	q := p.request(job.Track)
	q.Sources[0].Kind = wire.Audio
	_, err = p.m.Start(t.Context(), q)
	require.NoError(t, err, "another track of the same participant")
	require.Len(t, p.m.Running(p.meeting.ID), 8)

	require.NoError(t, p.stop(job.HLS, ""))
	require.Eventually(
		t,
		func() bool { return len(p.m.Running(p.meeting.ID)) == 7 },
		10*time.Second,
		5*time.Millisecond,
	)
	require.NoError(t, p.stop(job.Composite, ids[job.Composite]))
	require.NoError(t, p.stop(job.Participant, ""))
	require.Eventually(
		t,
		func() bool { return len(p.m.Running(p.meeting.ID)) == 5 },
		10*time.Second,
		5*time.Millisecond,
	)
	refused(t, "4040.NOT_RUNNING", p.stop(job.Composite, ids[job.Composite]))
	p.m.SessionEnded(p.session)
	p.awaitEnd(ids[job.Recording])
	for _, kind := range job.Kinds {
		j, err := p.store.Job(t.Context(), p.account.ID, ids[kind])
		require.NoError(t, err)
		require.Equal(t, job.Stopped, j.State, kind)
	}
}

func TestHLSAddresses(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Plays: true})
	j, err := p.m.Start(t.Context(), p.request(job.HLS))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(p.events()) == 3 }, 5*time.Second, time.Millisecond)
	require.Equal(t, "HLS_PLAYABLE", p.events()[2])
	state := eventOf(p.m.Running(p.meeting.ID)[0], "https://meet.example.com").(wire.HLSState)
	require.Equal(t, "https://meet.example.com/hls/"+j.ID+"/playback.m3u8", state.PlaybackHLSURL)
	require.Equal(t, "https://meet.example.com/hls/"+j.ID+"/livestream.m3u8", state.LivestreamURL)
	require.DirExists(t, filepath.Join(p.dir, "hls", j.ID))
}

// Whatever becomes of a worker, the job ends once, with its fault, told to those who are to know it.
func TestWorkerFailures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		script script
		change func(*Options)
		start  string // of the call; "": it starts
		fault  string // with which it ends
		says   string
	}{
		{"dies at its start", script{Fails: "dies"}, nil, "4011.WORKER_DIED", "4011.WORKER_DIED", "exit code 2"},
		{"is killed at its start", script{Fails: "kill"}, nil, "4011.WORKER_DIED", "4011.WORKER_DIED", "SIGKILL"},
		{
			"cannot be started", script{}, func(o *Options) { o.Command = []string{"/no/such/program"} },
			"4011.WORKER_NOT_STARTED",
			"4011.WORKER_NOT_STARTED", "no such file",
		},
		{
			"gives up before it starts", script{Fails: "fault"}, nil, "4011.WORKER_FAILED", "4011.WORKER_FAILED",
			"for 5000 ms",
		},
		{
			"never starts", script{}, func(o *Options) { o.StartTimeout = 300 * time.Millisecond },
			"4011.START_TIMEOUT", "4011.START_TIMEOUT", "300 ms",
		},
		{
			"stops at its start", script{Fails: "stall"}, func(o *Options) { o.StartTimeout = 300 * time.Millisecond },
			"4011.START_TIMEOUT", "4011.START_TIMEOUT", "",
		},
		{"dies", script{Starts: true, Writes: 10, Fails: "dies"}, nil, "", "5001.WORKER_DIED", "panic: out of order"},
		{"is killed", script{Starts: true, Writes: 10, Fails: "kill"}, nil, "", "5001.WORKER_DIED", "SIGKILL"},
		{
			"stalls", script{Starts: true, Writes: 10, Fails: "stall"},
			func(o *Options) { o.StallTimeout = 2 * time.Second }, "", "5001.WORKER_STALLED", "2000 ms",
		},
		{
			"reports a fault", script{Starts: true, Writes: 10, Fails: "fault"}, nil, "", "5001.ENCODER_STALLED",
			"5000 ms",
		},
		{
			"writes without end", script{Starts: true, Writes: 10, Fails: "garbage"}, nil, "", "5001.WORKER_DIED",
			"SIGKILL",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newFixture(t, tt.script)
			if tt.change != nil {
				p.start(tt.script, tt.change)
			}
			j, err := p.m.Start(t.Context(), p.request(job.Recording))
			if tt.start != "" {
				refused(t, tt.start, err)
				all, err := p.store.Jobs(t.Context(), p.account.ID, record.JobFilter{}, record.Page{})
				require.NoError(t, err)
				require.Len(t, all.Items, 1)
				j = all.Items[0]
			} else {
				require.NoError(t, err)
			}
			end := p.awaitEnd(j.ID)
			require.Equal(t, job.Failed, end.State)
			f := refused(t, tt.fault, end.Fault)
			require.Contains(t, f.Detail, tt.says)
			require.Equal(t, p.meeting.ID, f.MeetingID)
			require.Equal(t, p.session, f.SessionID)
			if tt.script.Writes > 0 {
				require.Len(t, end.Files, 1, "what was made is kept")
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			require.Len(t, p.faults, 1)
			require.Equal(t, f.ID, p.faults[0].fault.ID)
			if tt.start != "" {
				require.Equal(t, job.Audience{Moderators: true, Except: "ann"}, p.faults[0].to)
				require.Empty(t, p.reported, "the boundary of the call reports it")
			} else {
				require.Equal(t, job.Audience{Everybody: true}, p.faults[0].to)
				require.Len(t, p.reported, 1)
				require.Equal(t, f.ID, p.reported[0].ID)
			}
			require.Equal(t, "RECORDING_STOPPED", p.states[len(p.states)-1])
		})
	}
}

func TestWorkerThatDoesNotStopIsEnded(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Fails: "deaf"}, func(o *Options) { o.StopTimeout = 300 * time.Millisecond })
	j, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	require.NoError(t, p.stop(job.Recording, ""))
	refused(t, "5001.WORKER_STALLED", p.awaitEnd(j.ID).Fault)
}

func TestDurationLimit(t *testing.T) {
	t.Parallel()
	for kind, code := range map[job.Kind]string{
		job.Recording: "5004.LIMIT", job.Livestream: "5005.LIMIT", job.HLS: "5006.LIMIT", job.Track: "5004.LIMIT",
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p := newFixture(t, script{Starts: true}, func(o *Options) { o.MaxDuration = 300 * time.Millisecond })
			j, err := p.m.Start(t.Context(), p.request(kind))
			require.NoError(t, err)
			end := p.awaitEnd(j.ID)
			require.Equal(t, job.Stopped, end.State, "the file is complete")
			refused(t, code, end.Fault)
			require.Len(t, p.reported, 1)
		})
	}
}

// The log, the database and what is shown hold no secret of a job.
func TestSecretsStayOutOfLogsAndRecords(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Fails: "dies"})
	q := p.request(job.Livestream)
	j, err := p.m.Start(t.Context(), q)
	require.NoError(t, err)
	end := p.awaitEnd(j.ID)
	shown, err := json.Marshal(end)
	require.NoError(t, err)
	require.Equal(t, []job.Target{{URL: "rtmp://live.example.com/app"}}, end.Targets)
	require.Contains(t, p.log.String(), "joined with egress ***")
	for name, text := range map[string]string{"log": p.log.String(), "record": string(shown)} {
		require.NotContains(t, text, "planted-stream-key", name)
		require.NotContains(t, text, "hidden-query", name)
	}
}

func TestTicketAdmitsOnce(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true})
	_, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	r := p.m.runsWhere(func(*run) bool { return true })[0]
	void, err := r.newTicket()
	require.NoError(t, err)
	ticket, err := r.newTicket()
	require.NoError(t, err)
	here := record.NodeID{}
	for _, token := range []string{"", "egress ", "egress x", "E" + ticket[1:], ticket[:len(ticket)-1], void} {
		_, ok := p.m.Admit(token, here)
		require.False(t, ok, token)
	}
	to, ok := p.m.Admit(ticket, here)
	require.True(t, ok)
	require.Equal(t, p.session, to.SessionID)
	require.Equal(t, p.meeting.ID, to.MeetingID)
	require.True(t, strings.HasPrefix(to.ParticipantID, "egress "))
	_, ok = p.m.Admit(ticket, here)
	require.False(t, ok)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true})
	for _, tt := range []struct {
		name   string
		kind   job.Kind
		change func(*job.Request)
		want   string
		param  string
	}{
		{
			"unknown layout", job.HLS, func(q *job.Request) { q.Config.Layout.Type = "ROUND" }, "4107.BAD_PARAMS",
			"config.layout.type",
		},
		{"onFailure", job.Recording, func(q *job.Request) { q.OnFailure = "weep" }, "4107.BAD_PARAMS", "onFailure"},
		{
			"long directory", job.Recording, func(q *job.Request) { q.Dir = strings.Repeat("x", 600) },
			"4107.BAD_PARAMS", "awsDirPath",
		},
		{"no outputs", job.Livestream, func(q *job.Request) { q.Outputs = nil }, "4015.EMPTY", "outputs"},
		{"nobody there", job.Recording, func(q *job.Request) { q.MeetingID = "gone-gone-gone" }, "4011.NO_SESSION", ""},
		{
			"stranger", job.Participant, func(q *job.Request) { q.Sources[0].ParticipantID = "eve" },
			"4035.NO_SUCH_PARTICIPANT", "participantId",
		},
		{
			"stranger's track", job.Track, func(q *job.Request) { q.Sources[0].ParticipantID = "eve" },
			"4037.NO_SUCH_PARTICIPANT", "participantId",
		},
		{
			"stranger among the chosen", job.Composite,
			func(q *job.Request) { q.Sources = []job.Source{{ParticipantID: "ann"}, {ParticipantID: "eve"}} },
			"4039.NO_SUCH_PARTICIPANT", "participantId",
		},
		{"track without kind", job.Track, func(q *job.Request) { q.Sources[0].Kind = "" }, "4107.BAD_PARAMS", "kind"},
		{"format", job.Track, func(q *job.Request) { q.Format = "avi" }, "4107.BAD_PARAMS", "fileFormat"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := p.request(tt.kind)
			tt.change(&q)
			f := refused(t, tt.want, errOf(p.m.Start(t.Context(), q)))
			require.Equal(t, tt.param, f.Param)
			require.Zero(t, p.m.Count())
		})
	}
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	good := job.Output{URL: "rtmp://live.example.com:1935/app/instance", StreamKey: "key"}
	with := func(change func(*job.Output)) []job.Output {
		o := good
		change(&o)
		return []job.Output{good, o}
	}
	url := func(u string) []job.Output { return with(func(o *job.Output) { o.URL = u }) }
	key := func(k string) []job.Output { return with(func(o *job.Output) { o.StreamKey = k }) }
	for _, tt := range []struct {
		name    string
		outputs []job.Output
		want    string
	}{
		{"none", nil, "4015.EMPTY"},
		{"eleven", make([]job.Output, 11), "4015.TOO_MANY"},
		{"no url", url(""), "4015.BAD_URL"},
		{"10 kB", url("rtmp://live.example.com/" + strings.Repeat("x", 10<<10)), "4015.BAD_URL"},
		{"newline", url("rtmp://live.example.com/a\nb"), "4015.BAD_URL"},
		{"option", url("-f"), "4015.BAD_URL"},
		{"host like an option", url("rtmp://-i/app"), "4015.BAD_URL"},
		{"bad port", url("rtmp://live.example.com:70000/app"), "4015.BAD_URL"},
		{"user without a password", url("rtmp://secret@live.example.com/app"), "4015.BAD_URL"},
		{"password without a user", url("rtmp://:secret@live.example.com/app"), "4015.BAD_URL"},
		{"no application", url("rtmp://live.example.com/"), "4015.BAD_URL"},
		{"no host", url("rtmp:///app"), "4015.BAD_URL"},
		{"file", url("file:///etc/passwd"), "4015.SCHEME"},
		{"http", url("http://live.example.com/app"), "4015.SCHEME"},
		{"concat", url("concat:a|b"), "4015.SCHEME"},
		{"loopback", url("rtmp://127.0.0.1/app"), "4015.PRIVATE_ADDRESS"},
		{"localhost", url("rtmp://LocalHost./app"), "4015.PRIVATE_ADDRESS"},
		{"private", url("rtmps://10.1.2.3/app"), "4015.PRIVATE_ADDRESS"},
		{"mapped", url("rtmp://[::ffff:127.0.0.1]/app"), "4015.PRIVATE_ADDRESS"},
		{"metadata service", url("rtmp://169.254.169.254/app"), "4015.PRIVATE_ADDRESS"},
		{"no key", key(""), "4015.BAD_KEY"},
		{"key with a newline", key("a\r\nb"), "4015.BAD_KEY"},
		{"long key", key(strings.Repeat("x", 2000)), "4015.BAD_KEY"},
		{"the same twice", []job.Output{good, good}, "4015.DUPLICATE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := checkOutputs(tt.outputs, no)
			require.NotNil(t, f)
			refused(t, tt.want, f)
			require.NotContains(t, f.Detail, "secret")
		})
	}
	require.Nil(
		t,
		checkOutputs([]job.Output{{URL: "rtmp://127.0.0.1/app", StreamKey: "key"}}, func(string) bool { return true }),
	)
	secret := []job.Output{{URL: "rtmp://me:secret@live.example.com/app?token=secret", StreamKey: "key"}}
	require.Nil(t, checkOutputs(secret, no))
	require.Equal(t, "rtmp://live.example.com/app", targetsOf(secret)[0].URL, "what is shown and kept")
	require.Equal(
		t,
		[]string{"me:secret", "secret", "key"},
		secretsOf(
			order.Spec{
				Ticket:  order.TicketPrefix,
				Outputs: []job.Output{{URL: "rtmp://me:secret@live.example.com/app", StreamKey: "key"}},
			},
		)[:3],
	)
	for _, ivs := range []string{
		"rtmps://a1.global-contribute.live-video.net", "rtmps://a1.global-contribute.live-video.net:443/",
	} {
		f := checkOutputs(url(ivs), no)
		require.Contains(t, f.Detail, "write "+strings.TrimSuffix(ivs, "/")+"/app")
	}
}

func TestAccountMayForbidAndLimit(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true})
	set := func(change func(*record.Account)) {
		_, err := p.store.UpdateAccount(t.Context(), p.account.ID, change)
		require.NoError(t, err)
	}
	set(func(a *record.Account) { a.Settings.AddOnsDisabled = true })
	refused(t, "4021.DISABLED", errOf(p.m.Start(t.Context(), p.request(job.HLS))))
	set(func(a *record.Account) {
		a.Settings.AddOnsDisabled = false
		a.Limits.Recordings, a.Limits.HLS, a.Limits.Livestreams = 1, 1, 1
	})
	for _, tt := range []struct {
		first, second job.Kind
		want          string
	}{
		{job.Composite, job.Recording, "4028.LIMIT"}, {job.HLS, job.HLS, "4029.LIMIT"},
		{job.Livestream, job.Livestream, "4030.LIMIT"},
	} {
		_, err := p.m.Start(t.Context(), p.request(tt.first))
		require.NoError(t, err)
		q := p.request(tt.second)
		// HLS and livestreams run once in a meeting, so their limit shows in another one.
		if tt.first == tt.second {
			made, _, err := p.store.CreateMeeting(t.Context(), record.Meeting{AccountID: p.account.ID})
			require.NoError(t, err)
			q.MeetingID = made.ID
			p.mu.Lock()
			p.sessionEverywhere = true
			p.mu.Unlock()
		}
		f := refused(t, tt.want, errOf(p.m.Start(t.Context(), q)))
		require.EqualValues(t, 1, f.Details["limit"])
	}
}

func TestEncoderAndStorage(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true}, func(o *Options) { o.FFmpeg = "/nowhere/ffmpeg" })
	f := refused(t, "4011.ENCODER_MISSING", errOf(p.m.Start(t.Context(), p.request(job.Recording))))
	require.Contains(t, f.Detail, "/nowhere/ffmpeg")
	require.NotNil(t, p.m.Ready(t.Context()))

	write := func(text string) (path string) {
		path = filepath.Join(t.TempDir(), "ffmpeg")
		// a child that is forked while the file is open for writing keeps it from being run (ETXTBSY)
		syscall.ForkLock.RLock()
		defer syscall.ForkLock.RUnlock()
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700))
		return path
	}
	poor := write("case \"$*\" in *encoders*) echo ' A....D aac AAC';; *) echo 'ffmpeg version 5.1';; esac")
	p.start(script{Starts: true}, func(o *Options) { o.FFmpeg = poor })
	f = refused(t, "4016.ENCODER_MISSING", errOf(p.m.Start(t.Context(), p.request(job.HLS))))
	require.Contains(t, f.Detail, "libx264")
	_, err := p.m.Start(t.Context(), p.request(job.Track))
	require.NoError(t, err, "what is not encoded needs no encoder")

	hangs := write("exec /bin/sleep 60")
	p.start(script{Starts: true}, func(o *Options) { o.FFmpeg = hangs })
	soon, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	require.Contains(
		t,
		refused(t, "4011.ENCODER_UNRESPONSIVE", p.m.Ready(soon)).Detail,
		hangs,
		"as soon as readiness must answer",
	)
	gone, leave := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, leave)
	refused(t, "3056.CANCELLED", errOf(p.m.Start(gone, p.request(job.Recording))))
	refusals := map[job.Kind]error{}
	var asking sync.WaitGroup
	var mu sync.Mutex // guards refusals
	for _, kind := range job.Kinds {
		asking.Go(func() {
			_, err := p.m.Start(t.Context(), p.request(kind))
			mu.Lock()
			defer mu.Unlock()
			refusals[kind] = err
		})
	}
	asking.Wait()
	for kind, code := range map[job.Kind]string{
		job.Recording: "4011", job.Livestream: "4013", job.HLS: "4016", job.Participant: "4035", job.Track: "4037",
		job.Composite: "4039",
	} {
		require.Contains(t, refused(t, code+".ENCODER_UNRESPONSIVE", refusals[kind]).Detail, hangs)
	}

	p.start(script{Starts: true}, func(o *Options) { o.MinFree = 1 << 60 })
	f = refused(t, "4011.STORAGE_FULL", errOf(p.m.Start(t.Context(), p.request(job.Recording))))
	require.Positive(t, f.Details["freeBytes"])
	_, err = p.m.Start(t.Context(), p.request(job.Livestream))
	require.NoError(t, err, "a livestream stores nothing")

	notADir := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(notADir, nil, 0o600))
	p.start(script{Starts: true}, func(o *Options) { o.Dir = notADir })
	refused(t, "4011.STORAGE_UNWRITABLE", errOf(p.m.Start(t.Context(), p.request(job.Recording))))
}

func TestAutoStart(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true}, func(o *Options) {
		o.AutoStart = func(config json.RawMessage) ([]job.Request, error) {
			require.Equal(t, `{"of":"the meeting"}`, string(config))
			return []job.Request{
				{
					Kind:   job.Recording,
					Method: "autoStart",
					Under:  "auto.recording.",
					Config: job.Config{Theme: job.Dark},
					Dir:    "calls",
				},
				{Kind: job.HLS, Method: "autoStart", Under: "auto.hls.", Config: job.Config{Quality: "best"}},
				{
					Kind:    job.Composite,
					Method:  "autoStart",
					Sources: []job.Source{{ParticipantID: "later", Kind: wire.Audio}},
				},
			}, nil
		}
	})
	made, _, err := p.store.CreateMeeting(
		t.Context(),
		record.Meeting{AccountID: p.account.ID, Config: record.MeetingConfig{
			AutoStart: json.RawMessage(`{"of":"the meeting"}`),
		}},
	)
	require.NoError(t, err)
	p.meeting = made
	p.m.SessionStarted(p.account.ID, made.ID, p.session)
	require.Eventually(t, func() bool {
		jobs := p.m.Running(made.ID)
		return len(jobs) == 2 && jobs[0].State == job.Started && jobs[1].State == job.Started
	}, 10*time.Second, 5*time.Millisecond)
	jobs := p.m.Running(made.ID)
	if jobs[0].Kind == job.Composite {
		slices.Reverse(jobs)
	}
	j := jobs[0]
	require.Equal(t, []job.Source{{ParticipantID: "later", Kind: wire.Audio}}, jobs[1].Sources, "who is not there yet")
	require.Equal(t, job.Dark, j.Config.Theme)
	require.Equal(t, "calls", j.Dir)
	require.True(t, j.StartedBy.AutoStart)
	require.Eventually(
		t,
		func() bool { p.mu.Lock(); defer p.mu.Unlock(); return len(p.reported) == 1 && len(p.faults) == 1 },
		10*time.Second,
		5*time.Millisecond,
	)
	f := refused(t, "4107.BAD_PARAMS", p.reported[0])
	require.Equal(t, "auto.hls.config.quality", f.Param)
	require.True(t, p.faults[0].to.Moderators, "they learn that there is no HLS")
}

func TestRestartOnFailure(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Writes: 5, Fails: "dies"})
	q := p.request(job.Recording)
	q.OnFailure = job.RestartOnFailure
	first, err := p.m.Start(t.Context(), q)
	require.NoError(t, err)
	over := true
	require.Eventually(t, func() bool {
		all, err := p.store.Jobs(t.Context(), p.account.ID, record.JobFilter{Over: &over}, record.Page{})
		return err == nil && all.Total == 2
	}, 10*time.Second, 10*time.Millisecond)
	p.m.SessionEnded(p.session)
	all, err := p.store.Jobs(t.Context(), p.account.ID, record.JobFilter{}, record.Page{})
	require.NoError(t, err)
	require.NotEqual(t, first.ID, all.Items[0].ID)
	require.Equal(t, job.RestartOnFailure, all.Items[0].OnFailure)
}

func TestCloseStopsRunningJobs(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Writes: 20, Slow: 100 * time.Millisecond})
	j, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	require.NoError(t, p.m.Close(t.Context()))
	end := p.awaitEnd(j.ID)
	require.Equal(t, job.Stopped, end.State)
	require.EqualValues(t, 1234, end.Files[0].DurationMs)
	refused(t, "5101.DRAINING", errOf(p.m.Start(t.Context(), p.request(job.Recording))))
}

func TestCloseKillsWorkersThatDoNotStop(t *testing.T) {
	t.Parallel()
	p := newFixture(t, script{Starts: true, Writes: 20, Fails: "deaf"})
	j, err := p.m.Start(t.Context(), p.request(job.Recording))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, p.m.Close(ctx), context.DeadlineExceeded)
	end := p.awaitEnd(j.ID)
	refused(t, "5001.WORKER_DIED", end.Fault)
	require.Len(t, end.Files, 1)
}

func no(string) bool { return false }
