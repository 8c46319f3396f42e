package drill

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/record"
)

// Store keeps accounts and meetings, and knows what became of faults.
type Store interface {
	Account(ctx context.Context, id string) (record.Account, error)
	CreateAccount(ctx context.Context, a record.Account) (record.Account, error)
	UpdateAccount(ctx context.Context, id string, change func(*record.Account)) (record.Account, error)
	SetAccountState(
		ctx context.Context, id string, state record.AccountState, message string, at time.Time,
	) (record.Account, error)
	CreateMeeting(ctx context.Context, m record.Meeting) (meeting record.Meeting, created bool, err error)
	SetMeetingDisabled(
		ctx context.Context, accountID, id string, disabled bool, at time.Time,
	) (record.Meeting, error)
	Fault(ctx context.Context, accountID, id string) (record.Fault, error)
}

// Meetings are the live sessions.
type Meetings interface {
	CloseAccount(accountID string, f *fault.Error)
	CloseKey(apiKey string, f *fault.Error)
	EndFailed(ctx context.Context, accountID, meetingID, sessionID string, f *fault.Error)
}

// Jobs are the recordings and streams that run.
type Jobs interface {
	KillEncoder(meetingID string, kind job.Kind) error
	KillWorker(meetingID string, kind job.Kind) error
}

// Options of New.
type Options struct {
	Store    Store
	Meetings Meetings
	Jobs     Jobs
	Causes   *Causes
	Report   func(context.Context, *fault.Error)

	URL   string // where this server takes signaling and REST from programs on this machine
	Limit int    // drills at once; 0: none
	// PrivateWebhooks reports that webhooks may go to private addresses, so that none is refused.
	PrivateWebhooks bool
}

const (
	timeout      = 40 * time.Second // until the fault must have come
	afterFailure = 2 * time.Second  // how long it may come behind a call that failed with another error
	endTimeout   = 15 * time.Second // for leaving a meeting as it was
	perAccount   = 4                // drills at once in an account that has not been made for them
	keptEnded    = 100
	// MaxHold is how long the cause may hold after the fault came.
	MaxHold = 30 * time.Minute
)

// Runner makes drills. It is safe for concurrent use. Shape: mutex; each drill has a goroutine of its own.
type Runner struct {
	o       Options
	life    context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu    sync.Mutex // guards everything below
	made  []*made    // oldest first
	ended int        // of made
}

// made is a drill that was made. Its record is guarded by the mutex of the Runner.
type made struct {
	record  record.Drill
	own     bool // the account is made for drills
	named   bool // the meeting was there before
	drill   drill
	hold    time.Duration
	cancel  context.CancelFunc
	settled chan struct{} // closed when the fault has come, or will not
	over    chan struct{}
}

// New returns a Runner. Close ends its drills.
func New(o Options) *Runner {
	r := &Runner{o: o}
	r.life, r.stop = context.WithCancel(context.Background())
	return r
}

// Kinds returns the drills that can be made on this server, in the order of their codes.
func (r *Runner) Kinds() []record.DrillKind {
	return slices.DeleteFunc(Kinds(), func(k record.DrillKind) bool {
		return r.o.PrivateWebhooks && k.Key == "5103.PRIVATE_ADDRESS"
	})
}

// Start begins a drill. The error is a *fault.Error. Whether the request fits the drill has been judged.
func (r *Runner) Start(ctx context.Context, q record.DrillRequest) (record.Drill, error) {
	d, _ := find(q.Fault)
	m := &made{
		drill: d, own: q.AccountID == "", named: q.MeetingID != "", hold: q.Hold,
		settled: make(chan struct{}), over: make(chan struct{}),
	}
	if !m.own {
		account, err := r.o.Store.Account(ctx, q.AccountID)
		if err != nil {
			return record.Drill{}, fault.ServerUnavailableStore("the query for an account").Because(err)
		}
		if !account.Settings.Drills {
			return record.Drill{}, fault.NotPermittedDrillsOff(account.ID).WithAccount(account.ID)
		}
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	m.record = record.Drill{
		ID: "drl_" + strings.ToLower(rand.Text()), DrillKind: d.kind(), State: record.DrillRunning,
		AccountID: q.AccountID, MeetingID: q.MeetingID, StartedAt: now, EndsAt: now.Add(timeout + q.Hold),
	}
	life, cancel := context.WithCancel(r.life)
	m.cancel = cancel
	if f := r.add(m); f != nil {
		cancel()
		return record.Drill{}, f.WithAccount(q.AccountID).WithDefaultMeeting(q.MeetingID, "", "")
	}
	go func() {
		defer r.running.Done()
		defer cancel()
		r.make(life, m)
	}()
	return r.recordOf(m), nil
}

// add takes a place for a drill.
func (r *Runner) add(m *made) *fault.Error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.life.Err() != nil {
		return fault.ServerUnavailableDraining()
	}
	open, ofAccount := 0, 0
	for _, other := range r.made {
		if other.record.State.Over() {
			continue
		}
		open++
		if !m.own && other.record.AccountID == m.record.AccountID {
			ofAccount++
			if m.named && other.record.MeetingID == m.record.MeetingID ||
				!m.named && !other.named && other.record.Key == m.record.Key {
				return fault.RateLimitedDrills("this meeting", 1, 1)
			}
		}
	}
	switch {
	case open >= r.o.Limit:
		return fault.RateLimitedDrills("this server", open, r.o.Limit)
	case ofAccount >= perAccount:
		return fault.RateLimitedDrills("this account", ofAccount, perAccount)
	}
	if m.own {
		m.record.AccountID = r.freeAccountLocked(m.record.Key)
	}
	r.made = append(r.made, m)
	r.running.Add(1)
	return nil
}

// freeAccountLocked returns the id of an account for a drill that no other one uses at the moment. The accounts are
// used again, for they cannot be deleted.
func (r *Runner) freeAccountLocked(key string) string {
	for n := 1; ; n++ {
		id := "drill-" + key
		if n > 1 {
			id += "-" + strconv.Itoa(n)
		}
		if !slices.ContainsFunc(r.made, func(m *made) bool {
			return !m.record.State.Over() && m.record.AccountID == id
		}) {
			return id
		}
	}
}

// make makes the fault happen, holds its cause, and ends it.
func (r *Runner) make(ctx context.Context, m *made) {
	e := &environment{
		o: r.o, wanted: m.drill.key, own: m.own, account: m.record.AccountID, meeting: m.record.MeetingID,
		named: m.named, life: timeout + m.hold + endTimeout, snippet: m.drill.snippet,
		began: m.record.StartedAt.Add(-time.Second), came: make(chan *fault.Error, 1),
	}
	var f *fault.Error
	failed := guard.Run("the drill "+m.drill.key, func() (err error) {
		f, err = e.make(ctx, m.drill)
		return err
	})
	recorded := f != nil && e.recorded(ctx, f)
	var problem *fault.Error
	if f == nil {
		problem = fault.ServerCheckFailedDrill(m.drill.key, problemOf(failed)).Because(failed).
			WithAccount(e.account).WithDefaultMeeting(e.meeting, "", "")
		if other := asFault(failed); other != nil {
			problem = problem.CausedBy(other.ID)
		}
		r.o.Report(context.WithoutCancel(ctx), problem)
	}
	r.mu.Lock()
	m.record.Fault, m.record.Problem, m.record.Recorded = f, problem, recorded
	m.record.AccountID, m.record.MeetingID = e.account, e.meeting
	if f != nil && m.hold > 0 {
		m.record.State, m.record.EndsAt = record.DrillHolding, time.Now().UTC().Truncate(time.Millisecond).Add(m.hold)
		m.record.Token, m.record.Snippet = e.token, e.snippet
	}
	r.mu.Unlock()
	if f != nil && m.hold > 0 {
		close(m.settled)
		end := time.NewTimer(m.hold)
		select {
		case <-end.C:
		case <-ctx.Done():
		}
		end.Stop()
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	_ = guard.Do("the end of the drill "+m.drill.key, func() { e.close(ending) })
	cancel()
	r.finish(m, f)
}

// finish makes the drill one that is over, and forgets the oldest of those.
func (r *Runner) finish(m *made, f *fault.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m.record.State = record.DrillEnded
	if f == nil {
		m.record.State = record.DrillFailed
	}
	m.record.Token, m.record.Snippet = "", "" // nobody takes it any more
	m.record.EndedAt = time.Now().UTC().Truncate(time.Millisecond)
	m.record.EndsAt = m.record.EndedAt
	if f == nil || m.hold == 0 {
		close(m.settled)
	}
	close(m.over)
	if r.ended++; r.ended > keptEnded {
		r.ended--
		oldest := slices.IndexFunc(r.made, func(o *made) bool { return o.record.State.Over() })
		r.made = slices.Delete(r.made, oldest, oldest+1)
	}
}

func (r *Runner) recordOf(m *made) record.Drill {
	r.mu.Lock()
	defer r.mu.Unlock()
	return m.record
}

// List returns the drills of an account, or all for "", newest first.
func (r *Runner) List(accountID string) []record.Drill {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []record.Drill{}
	for _, m := range slices.Backward(r.made) {
		if accountID == "" || m.record.AccountID == accountID {
			list = append(list, m.record)
		}
	}
	slices.SortStableFunc(list, func(a, b record.Drill) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt))
	})
	return list
}

func (r *Runner) find(accountID, id string) (*made, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.made {
		if m.record.ID == id && (accountID == "" || m.record.AccountID == accountID) {
			return m, nil
		}
	}
	return nil, fault.NotFoundDrill(id)
}

// Settled returns a drill of an account, or of all for "", when its fault has come or will not, or when ctx ends.
func (r *Runner) Settled(ctx context.Context, accountID, id string) (record.Drill, error) {
	m, err := r.find(accountID, id)
	if err != nil {
		return record.Drill{}, err
	}
	select {
	case <-m.settled:
	case <-ctx.Done():
	}
	return r.recordOf(m), nil
}

// End ends a drill and returns it when everything is as before.
func (r *Runner) End(ctx context.Context, accountID, id string) (record.Drill, error) {
	m, err := r.find(accountID, id)
	if err != nil {
		return record.Drill{}, err
	}
	m.cancel()
	select {
	case <-m.over:
	case <-ctx.Done():
	}
	return r.recordOf(m), nil
}

// Close ends all drills and waits for that.
func (r *Runner) Close() {
	r.mu.Lock()
	r.stop()
	r.mu.Unlock()
	r.running.Wait()
}
