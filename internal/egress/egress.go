// Package egress carries sessions out of the server: it starts recordings, livestreams and HLS, keeps their states, and
// supervises the worker process of each. A job is a client: a process of its own that joins the meeting as a hidden
// participant (package worker), so that a crash there costs one recording and never a meeting.
//
// It owns which jobs run, the limits of an account on them, their records in the store, their tickets, and what is
// reported about them. Signaling reaches it through the meeting, REST directly. Workers handle media; where files end
// up is decided by a Storage.
package egress

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/watermark"
	"github.com/klatch/klatch/internal/wire"
)

// Store keeps jobs and knows accounts and meetings.
type Store interface {
	Account(ctx context.Context, id string) (record.Account, error)
	Meeting(ctx context.Context, accountID, id string) (record.Meeting, error)
	CreateJob(ctx context.Context, j record.Job) error
	// PlaceJob is CreateJob where judge accepts the jobs of the account that are not over, whose error it returns: no
	// other job of the account is placed meanwhile, on any node.
	PlaceJob(ctx context.Context, j record.Job, judge func(open []record.Job) error) error
	// EndJob is UpdateJob for a job that is over, and reports whether it was not before.
	EndJob(ctx context.Context, j record.Job) (ended bool, err error)
	UpdateJob(ctx context.Context, j record.Job) error
	Jobs(
		ctx context.Context,
		accountID string,
		want record.JobFilter,
		page record.Page,
	) (record.List[record.Job], error)
	OpenJobs(ctx context.Context) ([]record.Job, error)
	// LostJobs takes the jobs of nodes that are fenced, so that this node ends them.
	LostJobs(ctx context.Context) ([]record.Job, error)
	Job(ctx context.Context, accountID, id string) (record.Job, error)
	JobByID(ctx context.Context, id string) (record.Job, error)
}

// Meetings are the live sessions. *meeting.Meetings implements it.
type Meetings interface {
	// RunningSession returns the session that runs in a meeting, and the ids of its participants, oldest first. A
	// sessionID that is given must be the one that runs. Without a running session the returned session is "".
	RunningSession(
		ctx context.Context,
		accountID, meetingID, sessionID string,
	) (session string, participantIDs []string, err error)
	// EgressChanged tells everybody in a session the new state of a job; a session that has ended hears nothing.
	EgressChanged(ctx context.Context, sessionID string, state wire.Event)
	// EgressFault reports a fault to those in the session whom the audience names.
	EgressFault(ctx context.Context, sessionID string, f *fault.Error, to job.Audience)
	// EgressFaultCleared tells them that it is over.
	EgressFaultCleared(ctx context.Context, sessionID string, over record.Cleared, to job.Audience)
	// EndFailed ends a session with that fault, 4104, for everybody; a session that has ended already is left alone.
	EndFailed(ctx context.Context, accountID, meetingID, sessionID string, f *fault.Error)
}

// Storage moves the files of a finished job to where they stay, and returns them as they are there. It may take long:
// until it returns, the job is STOPPING. On an error, a *fault.Error, the files stay where they are.
type Storage interface {
	Keep(ctx context.Context, j record.Job) ([]job.File, error)
	// Grow brings there what is new in the files of a job that runs, as far as that can be done in parts.
	Grow(ctx context.Context, j record.Job, paths []string) error
	// Salvage returns what it has of the files of a job that did not come to Keep, because its node was lost. finish
	// ends the playlists in a directory. The error is a *fault.Error.
	Salvage(ctx context.Context, j record.Job, finish func(dir string) error) ([]job.File, error)
}

// Watcher is called for every change of a job, in order, from the goroutine of the job: j.State is the new state. It
// must not call the Manager.
type Watcher interface {
	JobChanged(ctx context.Context, j record.Job)
}

// Options of New. Zero values take the default named beside them.
type Options struct {
	Store    Store
	Meetings Meetings
	Storage  Storage // nil: files stay in Dir
	Watcher  Watcher // may be nil
	Nodes    Nodes   // nil: this server is alone
	// TicketKey signs what workers join with; nil: a key of this process.
	TicketKey []byte
	Logger    *slog.Logger
	// Report receives the faults that no call returns.
	Report func(context.Context, *fault.Error)
	// Raise and Clear begin and end what lasts while a job runs; told and over are called when others are to be told of
	// it. nil: Report takes the beginning.
	Raise func(key string, f *fault.Error, told func(*fault.Error), over func(record.Cleared))
	Clear func(key string)

	Dir       string // where jobs write; absolute
	ServerURL string // how a worker on this machine reaches the server
	MediaAddr string // of the server's media, as a worker on this machine reaches it
	PublicURL string // of the server: HLS addresses begin with it
	FFmpeg    string // "ffmpeg", found in PATH

	AllowPrivateTargets bool
	RetryTargetsFor     time.Duration // 1 min in which a target that was live may come back
	MaxDuration         time.Duration // 2 h, published; then 5004 to 5006
	MinFree             int64         // 256 MiB; bytes that must be free to start
	// MinFreeOf returns how many bytes must be free to start in a meeting, where MinFree is n; nil: n everywhere.
	MinFreeOf func(meetingID string, n int64) int64
	// OwnTarget reports whether an RTMP target is a listener of this server, which may be private; nil: none is.
	OwnTarget    func(url string) bool
	StartTimeout time.Duration // 12 s until a worker has started
	StopTimeout  time.Duration // 30 s until a worker that was told to stop has ended
	StallTimeout time.Duration // 15 s without a report end a worker

	// AutoStart reads the autoStartConfig of a meeting as the calls of the API are read, into requests without a
	// meeting and a session; nil: nothing starts by itself. Its error is a *fault.Error.
	AutoStart func(config json.RawMessage) ([]job.Request, error)

	Command []string // of a worker; this program's own hidden command
}

func (o Options) withDefaults() (Options, error) {
	o.FFmpeg = cmp.Or(o.FFmpeg, "ffmpeg")
	o.MaxDuration = cmp.Or(o.MaxDuration, 2*time.Hour)
	o.RetryTargetsFor = cmp.Or(o.RetryTargetsFor, time.Minute)
	o.MinFree = cmp.Or(o.MinFree, 256<<20)
	o.StartTimeout = cmp.Or(o.StartTimeout, 12*time.Second)
	o.StopTimeout = cmp.Or(o.StopTimeout, 30*time.Second)
	o.StallTimeout = cmp.Or(o.StallTimeout, 15*time.Second)
	if o.MinFreeOf == nil {
		o.MinFreeOf = func(_ string, n int64) int64 { return n }
	}
	if o.OwnTarget == nil {
		o.OwnTarget = func(string) bool { return false }
	}
	if o.Raise == nil {
		o.Raise = func(_ string, f *fault.Error, told func(*fault.Error), _ func(record.Cleared)) {
			o.Report(context.Background(), f)
			told(f)
		}
		o.Clear = func(string) {}
	}
	if o.Command == nil {
		self, err := os.Executable()
		if err != nil {
			return o, err
		}
		o.Command = []string{self, order.WorkerCommand}
	}
	return o, nil
}

// Manager runs jobs. It is safe for concurrent use.
//
// Shape: mutex around which jobs there are; each job is a loop of its own (run.go).
type Manager struct {
	opts         Options
	spawn        func(spec order.Spec) (worker, error)
	life         context.Context // of jobs and their records; ends when Close gives up waiting
	cancel       context.CancelFunc
	running      sync.WaitGroup // jobs, restarts, automatic starts
	closing      chan struct{}  // closed by Close
	closeOnce    sync.Once
	unwritten    unwritten
	transcodings transcodings
	sources      Sources
	images       *watermark.Fetcher
	ticketKey    []byte

	// In a cluster.
	watch   sync.WaitGroup // watchOwners
	notices notices
	board   board

	mu       sync.Mutex // guards everything below
	slots    map[slot]*run
	tickets  map[string]*run
	draining bool
}

// slot is the place that only one job at a time can have. who is the participant of a participant recording, with the
// kind of stream for a track, and the job's id where there may be several.
type slot struct {
	meetingID string
	kind      job.Kind
	source    string
}

// New returns a manager. Recover must be called before the first Start.
func New(o Options) (*Manager, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	m := &Manager{opts: o, slots: map[slot]*run{}, tickets: map[string]*run{}, closing: make(chan struct{})}
	m.images = watermark.NewFetcher(o.AllowPrivateTargets)
	m.unwritten.jobs = map[string]record.Job{}
	m.life, m.cancel = context.WithCancel(context.Background())
	m.spawn = m.startProcess
	m.ticketKey = o.TicketKey
	if m.ticketKey == nil {
		m.ticketKey = make([]byte, sha256.Size)
		_, _ = rand.Read(m.ticketKey) // never fails
	}
	if o.Nodes != nil {
		m.notices.queues, m.notices.told = map[string][]notice{}, map[string]record.NodeID{}
		m.board.sessions = map[string]*sessionBoard{}
		m.joinNodes()
	}
	return m, nil
}

// SetWatcher sets the Watcher, where that needs the manager itself. It must be called before the first Start.
func (m *Manager) SetWatcher(w Watcher) { m.opts.Watcher = w }

// Running returns the jobs of a meeting that are not over.
func (m *Manager) Running(meetingID string) []record.Job {
	m.mu.Lock()
	defer m.mu.Unlock()
	var jobs []record.Job
	for at, r := range m.slots {
		if at.meetingID == meetingID {
			jobs = append(jobs, r.job)
		}
	}
	return jobs
}

// Count returns how many jobs run, for metrics.
func (m *Manager) Count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.slots)
}

// SessionEnded stops the jobs of a session, wherever they run. It does not block. A node that does not hear of it
// learns of the end from its worker, which is put out of the session.
func (m *Manager) SessionEnded(sessionID string) {
	m.stopSession(sessionID)
	if m.opts.Nodes != nil {
		m.board.forget(sessionID)
		m.background("the end of a session", func() { _ = m.opts.Nodes.Broadcast(topicEnded, sessionID) })
	}
}

func (m *Manager) stopSession(sessionID string) {
	for _, r := range m.runsWhere(func(r *run) bool { return r.job.SessionID == sessionID }) {
		r.requestStop()
	}
}

func (m *Manager) runsWhere(is func(*run) bool) []*run {
	m.mu.Lock()
	defer m.mu.Unlock()
	var picked []*run
	for _, r := range m.slots {
		if is(r) {
			picked = append(picked, r)
		}
	}
	return picked
}

// Drain refuses new jobs, has other nodes go on with those that run, and waits until none runs any more, or ctx ends.
func (m *Manager) Drain(ctx context.Context) {
	m.mu.Lock()
	m.draining = true
	m.mu.Unlock()
	tick := time.NewTicker(drainCheck)
	defer tick.Stop()
	for m.Count() > 0 {
		m.MoveJobs(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// drainCheck is how often Drain looks whether jobs run, and whether one that does can be moved.
const drainCheck = 100 * time.Millisecond

// Close refuses new jobs, stops the running ones and waits until their files are in place. When ctx ends first, it ends
// the workers and returns ctx's error; what was made until then is kept.
func (m *Manager) Close(ctx context.Context) error {
	m.mu.Lock()
	m.draining = true
	m.mu.Unlock()
	m.closeOnce.Do(func() { close(m.closing) })
	defer m.watch.Wait()
	defer m.cancel()
	for _, r := range m.runsWhere(func(*run) bool { return true }) {
		r.requestStop()
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.running.Wait()
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		m.cancel()
		<-ended
		return ctx.Err()
	}
}
