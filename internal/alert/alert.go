package alert

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/quality"
	"github.com/klatch/klatch/internal/record"
)

// Store keeps rules and incidents.
type Store interface {
	// AlertChanges returns a number that is another one after each change of a rule or of an incident by somebody.
	AlertChanges() int64
	WatchedRules(ctx context.Context) ([]record.WatchedRule, error)
	FaultSteps(ctx context.Context, want record.FaultSteps) (map[int64]int, error)
	NewestFault(ctx context.Context, want record.FaultSteps) (id string, err error)
	// OpenIncident opens an incident of a rule and announces it, once; opened is false where the rule has one, or was
	// changed meanwhile.
	OpenIncident(ctx context.Context, rule record.AlertRule, incident record.AlertIncident) (opened bool, err error)
	ResolveIncident(ctx context.Context, accountID, id string, event record.IncidentEvent) (record.AlertIncident, error)
	ArmAlertRule(ctx context.Context, accountID, id string) error
	TrimIncidents(ctx context.Context, before time.Time) error
	// Touch notes for the other nodes of a cluster that something is so now; Touched reports whether one of them has noted
	// it within a time.
	Touch(ctx context.Context, what string) error
	Touched(ctx context.Context, what string, within time.Duration) (bool, error)
}

// Options of New. A zero value is the default beside it.
type Options struct {
	Store  Store
	Report func(context.Context, *fault.Error)
	Log    *slog.Logger
	// Present returns how many sessions and participants an account has now, for all accounts that have any.
	Present func() map[string]Usage
	// Lasting returns the faults that last, on all nodes.
	Lasting func(context.Context) []record.Condition
	Nodes   Nodes // the other ones; nil: this server is alone
	// Published is called with each incident that this package opens or resolves.
	Published func(record.AlertIncident)

	Interval time.Duration // 10 s; between two evaluations
	Keep     time.Duration // 90 days; of resolved incidents
}

// Usage is what an account uses now.
type Usage struct{ Sessions, Participants int }

const (
	evaluateWithin = 30 * time.Second // all rules, once
	trimEvery      = time.Hour
)

// Alerts evaluates the alert rules. Observe and the questions of REST are safe for concurrent use.
//
// Shape: loop. Run alone has the state of rules; what was measured has a mutex.
type Alerts struct {
	opts     Options
	measured *measured
	faults   *lastFaults

	// Of Run alone.
	changes int64
	rules   []*watched
	trimAt  time.Time
	lasting func() []record.Condition // asked once in an evaluation
	others  map[StepsQuery][]step     // of the other nodes, of this evaluation
}

// watched is a rule with what Run knows of it.
type watched struct {
	record.WatchedRule
	metric     Metric
	holds      bool
	since      time.Time // since when it holds, or does not
	judgedOnce bool
}

// New returns what evaluates rules, which does nothing before Run.
func New(opts Options) *Alerts {
	opts.Interval = cmp.Or(opts.Interval, 10*time.Second)
	opts.Keep = cmp.Or(opts.Keep, 90*24*time.Hour)
	return &Alerts{opts: opts, measured: newMeasured(), faults: newLastFaults(time.Now()), changes: -1}
}

// Observe takes a sample of the quality of a participant.
func (a *Alerts) Observe(accountID, participantID string, sample *quality.Sample) {
	if accountID != "" {
		a.measured.observe(accountID, participantID, sample)
	}
}

// FaultKept takes a fault that was written into the timeline.
func (a *Alerts) FaultKept(accountID string) { a.faults.happened(accountID, time.Now()) }

// Run evaluates until ctx ends.
func (a *Alerts) Run(ctx context.Context) {
	ticker := time.NewTicker(a.opts.Interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			err := guard.Run("the evaluation of alert rules", func() error {
				ctx, cancel := context.WithTimeout(ctx, evaluateWithin)
				defer cancel()
				return a.evaluate(ctx, now)
			})
			switch {
			case ctx.Err() != nil:
				return
			case err == nil:
			default:
				if _, panicked := errorsAsPanic(err); panicked {
					a.opts.Report(ctx, fault.From(err))
				}
				a.changes = -1 // what is not known any more is read again
				a.opts.Log.Error("alert rules", "err", err)
			}
		}
	}
}

// evaluate judges all rules once.
func (a *Alerts) evaluate(ctx context.Context, now time.Time) error {
	a.countPresent(now)
	if changes := a.opts.Store.AlertChanges(); changes != a.changes {
		if err := a.load(ctx); err != nil {
			return err
		}
		a.changes = changes
	}
	a.lasting = sync.OnceValue(func() []record.Condition { return a.opts.Lasting(ctx) })
	a.others = a.everywhere(ctx, a.rules, now)
	var failed error
	for _, r := range a.rules {
		if err := a.judge(ctx, r, now); err != nil {
			failed = err // the others are judged all the same
			if ctx.Err() != nil {
				break
			}
		}
	}
	if now.After(a.trimAt) {
		a.trimAt = now.Add(trimEvery)
		failed = cmp.Or(failed, a.opts.Store.TrimIncidents(ctx, now.Add(-a.opts.Keep)))
	}
	return failed
}

// load reads the rules. What is known of one that has not changed stays.
func (a *Alerts) load(ctx context.Context) error {
	rules, err := a.opts.Store.WatchedRules(ctx)
	if err != nil {
		return err
	}
	before := map[string]*watched{}
	for _, r := range a.rules {
		before[r.ID] = r
	}
	a.rules = a.rules[:0:0]
	for _, each := range rules {
		m, known := Find(each.Config.Query.Metric)
		if !known {
			continue // of a newer version of the server
		}
		next := &watched{WatchedRule: each, metric: m}
		if old := before[each.ID]; old != nil && old.Version == each.Version {
			next.holds, next.since, next.judgedOnce = old.holds, old.since, old.judgedOnce
		}
		a.rules = append(a.rules, next)
	}
	return nil
}

// countPresent takes how many sessions and participants there are.
func (a *Alerts) countPresent(now time.Time) {
	present := a.opts.Present()
	for id, usage := range present {
		a.measured.set(id, Sessions, float64(usage.Sessions), now)
		a.measured.set(id, Participants, float64(usage.Participants), now)
	}
	for _, id := range a.measured.known() {
		if _, is := present[id]; !is {
			a.measured.set(id, Sessions, 0, now)
			a.measured.set(id, Participants, 0, now)
		}
	}
}

// judge looks at one rule.
func (a *Alerts) judge(ctx context.Context, r *watched, now time.Time) error {
	value, ok, err := a.value(ctx, r, now)
	if err != nil {
		return err
	}
	met := ok && holds(r.Config.Condition, value)
	if want := r.Config.AbsentData; ok && want != nil && want.Enabled {
		if err := a.opts.Store.Touch(ctx, dataOf(r)); err != nil {
			return err
		}
	}
	if !ok {
		if met, err = a.absent(ctx, r, now); err != nil {
			return err
		}
	}
	if met != r.holds || !r.judgedOnce {
		r.holds, r.since, r.judgedOnce = met, now, true
	}
	open, resolve := delays(r.AlertRule)
	switch {
	case met && r.IncidentID == "" && r.Armed && now.Sub(r.since) >= open:
		return a.open(ctx, r, value, ok, now)
	case met && r.IncidentID != "":
		return a.opts.Store.Touch(ctx, holdsOf(r))
	case !met && r.IncidentID != "" && now.Sub(r.since) >= resolve:
		return a.resolve(ctx, r, now)
	case !met && !r.Armed:
		if err := a.opts.Store.ArmAlertRule(ctx, r.AccountID, r.ID); err != nil {
			return err
		}
		r.Armed = true
	}
	return nil
}

func (a *Alerts) open(ctx context.Context, r *watched, value float64, ok bool, now time.Time) error {
	cause := record.IncidentCause{
		Operator: r.Config.Condition.Operator, Threshold: r.Config.Condition.Threshold, Unit: r.metric.Unit,
		Labels: r.Config.Labels,
	}
	if ok {
		cause.Value = &value
	}
	if r.metric.Kind == Counted {
		id, err := a.opts.Store.NewestFault(ctx, faultSteps(r, now))
		if err != nil {
			return err
		}
		cause.FaultID = id
	}
	if r.metric.Name == Conditions {
		for _, c := range a.lastingOf(r) {
			cause.FaultID = c.Fault.ID
		}
	}
	incident := record.AlertIncident{
		AccountID: r.AccountID, RuleID: r.ID, RuleName: r.Name, Metric: r.metric.Name, Category: r.metric.Category,
		Severity: r.Severity, Description: r.Description, Status: record.IncidentOpen, FiredAt: now.UTC(), Cause: cause,
		Summary: cmp.Or(r.Summary, Sentence(r.AlertRule, cause)),
		Events: []record.IncidentEvent{{
			Type: "opened", At: now.UTC(), By: "evaluation", Detail: Sentence(r.AlertRule, cause),
		}},
	}
	incident.ID = newIncidentID()
	opened, err := a.opts.Store.OpenIncident(ctx, r.AlertRule, incident)
	if err != nil {
		return err
	}
	if !opened { // somebody changed something meanwhile
		a.changes = -1
		return nil
	}
	r.IncidentID = incident.ID
	a.opts.Published(incident)
	return nil
}

// Nodes do not judge at the same moment, and one may miss the answer of another. An incident goes on while the
// condition holds for one of them, and data are absent where no node has any.
const nodeIntervals = 3 // evaluations, for which the note of another node counts

func holdsOf(r *watched) string { return "alert rule holds " + r.ID }
func dataOf(r *watched) string  { return "alert rule has data " + r.ID }

func (a *Alerts) resolve(ctx context.Context, r *watched, now time.Time) error {
	if elsewhere, err := a.opts.Store.Touched(ctx, holdsOf(r), nodeIntervals*a.opts.Interval); err != nil || elsewhere {
		return err
	}
	resolved, err := a.opts.Store.ResolveIncident(ctx, r.AccountID, r.IncidentID, record.IncidentEvent{
		Type: "resolved", At: now.UTC(), By: "evaluation", Detail: "The condition of the rule does not hold any more.",
	})
	if isSettled(err) { // by somebody, meanwhile
		r.IncidentID, a.changes = "", -1
		return nil
	}
	if err != nil {
		return err
	}
	r.IncidentID = ""
	a.opts.Published(resolved)
	return nil
}

// absent reports whether a rule is to open an incident because its metric has no values.
func (a *Alerts) absent(ctx context.Context, r *watched, now time.Time) (bool, error) {
	want := r.Config.AbsentData
	if want == nil || !want.Enabled {
		return false, nil
	}
	since := cmp.Or(time.Duration(want.ForSeconds)*time.Second, window(r.AlertRule))
	if len(a.steps(r, now.Add(-since), now)) > 0 ||
		now.Sub(a.faults.started) < since {
		return false, nil
	}
	elsewhere, err := a.opts.Store.Touched(ctx, dataOf(r), since)
	return !elsewhere, err
}

// value returns that of a rule's window; ok is false where it has none.
func (a *Alerts) value(ctx context.Context, r *watched, now time.Time) (value float64, ok bool, err error) {
	how := reduction(r.metric, r.Config)
	switch {
	case r.metric.Name == Conditions:
		return float64(len(a.lastingOf(r))), true, nil
	case r.metric.Kind == Counted:
		want := faultSteps(r, now)
		points := []Point{}
		if a.faults.any(r.AccountID, want.From) {
			if points, err = a.counted(ctx, want); err != nil {
				return 0, false, err
			}
		}
		if len(points) == 0 {
			return 0, true, nil
		}
		value, _ = reduce(points, how)
		return value, true, nil
	}
	in := cmp.Or(r.TimeAggregation, r.metric.TimeAggregations()[0])
	value, ok = reduce(pointsOf(a.steps(r, now.Add(-window(r.AlertRule)), now), in), how)
	return value, ok || r.metric.Kind == Present, nil
}

// steps returns what was measured for a rule, on all nodes. How many are present is known of all nodes already.
func (a *Alerts) steps(r *watched, from, to time.Time) []step {
	own := a.measured.steps(r.AccountID, r.metric.Name, from, to)
	others := a.others[StepsQuery{AccountID: r.AccountID, Metric: r.metric.Name}]
	return merge(append(own, between(others, from, to)...))
}

// faultSteps returns which faults a rule counts.
func faultSteps(r *watched, now time.Time) record.FaultSteps {
	q := r.Config.Query
	return record.FaultSteps{
		AccountID: r.AccountID, MeetingID: q.RoomID, Reason: q.Reason, Codes: codesOf(r.metric, q),
		From: now.Add(-window(r.AlertRule)), To: now, Step: Step,
	}
}

// counted returns the numbers of faults, one for each step of the time, also where there were none.
func (a *Alerts) counted(ctx context.Context, want record.FaultSteps) ([]Point, error) {
	counts, err := a.opts.Store.FaultSteps(ctx, want)
	if err != nil {
		return nil, err
	}
	var points []Point
	size := want.Step.Milliseconds()
	for i := want.From.UnixMilli() / size; i <= want.To.UnixMilli()/size; i++ {
		points = append(points, Point{time.UnixMilli(i * size).UTC(), float64(counts[i])})
	}
	return points, nil
}

// lastingOf returns the conditions that a rule selects.
func (a *Alerts) lastingOf(r *watched) []record.Condition { return selected(a.lasting(), r.AlertRule) }

// selected returns those of the conditions that a rule selects.
func selected(lasting []record.Condition, r record.AlertRule) []record.Condition {
	q := r.Config.Query
	return slices.DeleteFunc(slices.Clone(lasting), func(c record.Condition) bool {
		f := c.Fault
		return !c.Shown || f.Account() != r.AccountID || q.Code != 0 && f.Code != q.Code ||
			q.Reason != "" && f.Reason != q.Reason || q.RoomID != "" && f.MeetingID != q.RoomID
	})
}

// lastFaults remembers when an account had its last fault, so that what had none is not asked of the database. Shape:
// mutex.
type lastFaults struct {
	started time.Time

	mu sync.Mutex // guards at
	at map[string]time.Time
}

func newLastFaults(now time.Time) *lastFaults {
	return &lastFaults{started: now, at: map[string]time.Time{}}
}

func (l *lastFaults) happened(accountID string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at[accountID] = at
}

// any reports whether an account may have had a fault since a time.
func (l *lastFaults) any(accountID string, since time.Time) bool {
	if since.Before(l.started) {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at[accountID].After(since.Add(-time.Minute)) // faults are written a little later than they occurred
}
