package incident

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
)

// How many conditions last at a time: those that the server finds, those that clients report, and of these those of one
// account. More of them are reported like faults that do not last.
const (
	maxConditions        = 10_000
	maxReported          = 10_000
	maxReportedOfAccount = 1000
)

// conditions are the faults that last: they are reported when they have lasted for the delay of the catalogue, and once
// more when they are over. One that is over before that is reported to nobody.
//
// Shape: mutex; a timer for each that waits for its delay.
type conditions struct {
	log    *Log
	metric *prometheus.GaugeVec

	mu         sync.Mutex // guards everything below
	byKey      map[string]*condition
	reported   int            // of them, those that clients have reported
	reportedOf map[string]int // the same, by account
	closed     bool
}

type condition struct {
	key, group string
	reported   bool // by the client that has found it
	fault      *fault.Error
	since      time.Time
	shown      bool
	delay      *time.Timer
	told       func(*fault.Error)   // may be nil
	over       func(record.Cleared) // may be nil
}

func newConditions(l *Log) *conditions {
	return &conditions{
		log: l, byKey: map[string]*condition{}, reportedOf: map[string]int{},
		metric: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "klatch_conditions", Help: "Faults that last, by code and reason.",
		}, []string{"code", "name", "reason"}),
	}
}

// Raise begins a condition, which lasts until Clear is called with its key. One that lasts under the key is kept, so
// that an incident has one id. Those of one group have one cause: the first is told, and the others only name it. Where
// some last on when the first is over, they begin anew, as another incident.
func (l *Log) Raise(key, group string, f *fault.Error) { l.RaiseTelling(key, group, f, nil, nil) }

// RaiseTelling is Raise for a condition that others are told of as well: told is called when it is reported, and over
// when its end is.
func (l *Log) RaiseTelling(key, group string, f *fault.Error, told func(*fault.Error), over func(record.Cleared)) {
	l.raise(&condition{key: key, group: group, fault: f, told: told, over: over}, f.ShowAfter())
}

// raise begins a condition, which is shown after delay.
func (l *Log) raise(began *condition, delay time.Duration) {
	c := l.conditions
	c.mu.Lock()
	if c.closed || c.byKey[began.key] != nil {
		c.mu.Unlock()
		return
	}
	f := began.fault
	if len(c.byKey)-c.reported >= maxConditions {
		c.mu.Unlock()
		l.Report(context.Background(), f)
		return
	}
	if f.CauseID == "" && began.group != "" {
		if first := c.firstLocked(began.group); first != nil {
			f = f.CausedBy(first.fault.ID)
		}
	}
	began.fault, began.since = f, time.Now()
	c.byKey[began.key] = began
	began.shown = delay == 0
	if delay > 0 {
		began.delay = time.AfterFunc(delay, func() { c.show(began) })
	}
	c.mu.Unlock()
	if began.shown {
		c.report(began, f)
	}
}

// RaiseReported begins a condition that a client has found and told to its application. It lasts since the time of the
// fault, and is reported at once. Where too many last it is reported like a fault that does not, and lasts is false.
func (l *Log) RaiseReported(key string, f *fault.Error) (lasts bool) {
	c := l.conditions
	c.mu.Lock()
	if c.byKey[key] != nil {
		c.mu.Unlock()
		return true
	}
	if lasts = !c.closed && c.reported < maxReported && c.reportedOf[f.Account()] < maxReportedOfAccount; lasts {
		c.byKey[key] = &condition{key: key, reported: true, fault: f, since: f.At.Time, shown: true}
		c.reported++
		c.reportedOf[f.Account()]++
		c.metric.WithLabelValues(labels(f)...).Inc()
	}
	c.mu.Unlock()
	l.Report(context.Background(), f)
	return lasts
}

// firstLocked returns the condition of a group that caused the others, or nil.
func (c *conditions) firstLocked(group string) *condition {
	for _, other := range c.byKey {
		if other.group == group && other.fault.CauseID == "" {
			return other
		}
	}
	return nil
}

// show reports a condition that has lasted for its delay.
func (c *conditions) show(began *condition) {
	c.mu.Lock()
	due := !c.closed && c.byKey[began.key] == began && !began.shown
	began.shown = began.shown || due
	f := began.fault
	c.mu.Unlock()
	if due {
		c.report(began, f)
	}
}

func (c *conditions) report(began *condition, f *fault.Error) {
	c.metric.WithLabelValues(labels(f)...).Inc()
	c.log.Report(context.Background(), f)
	if began.told != nil && f.CauseID == "" {
		began.told(f)
	}
}

// belongsTo records the account of a condition, which the timeline knows.
func (c *conditions) belongsTo(f *fault.Error, accountID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, each := range c.byKey {
		if each.fault.ID == f.ID {
			each.fault = each.fault.WithAccount(accountID)
		}
	}
}

// Clear ends the condition of a key, if one lasts, and reports that to whoever was told of it.
func (l *Log) Clear(key string) { l.ClearAt(key, time.Now()) }

// ClearAt is Clear for a condition that has ended before now.
func (l *Log) ClearAt(key string, at time.Time) {
	c := l.conditions
	c.mu.Lock()
	over := c.byKey[key]
	delete(c.byKey, key)
	if over != nil && over.reported {
		c.reported--
		if c.reportedOf[over.fault.Account()]--; c.reportedOf[over.fault.Account()] == 0 {
			delete(c.reportedOf, over.fault.Account())
		}
	}
	if over == nil {
		c.mu.Unlock()
		return
	}
	shown := over.shown
	if over.delay != nil {
		over.delay.Stop()
	}
	var follow []*condition
	for _, other := range c.byKey {
		if over.group != "" && other.group == over.group && other.fault.CauseID == over.fault.ID {
			follow = append(follow, other)
		}
	}
	closed := c.closed
	c.mu.Unlock()
	if !closed {
		defer l.beginAnew(follow)
	}
	if !shown {
		return
	}
	c.metric.WithLabelValues(labels(over.fault)...).Dec()
	ended := record.Cleared{
		Fault: over.fault, At: at.UTC().Truncate(time.Millisecond), For: max(0, at.Sub(over.since)),
	}
	l.cleared(ended)
	if over.over != nil && over.fault.CauseID == "" {
		over.over(ended)
	}
}

// recovery is what everything may take to go on after the cause of its trouble is over.
const recovery = 5 * time.Second

// beginAnew ends conditions whose cause is over, and raises them without it: they are shown if they last on.
func (l *Log) beginAnew(follow []*condition) {
	slices.SortFunc(follow, func(a, b *condition) int { return a.since.Compare(b.since) })
	for _, each := range follow {
		l.Clear(each.key)
	}
	for _, each := range follow {
		f := each.fault.Anew()
		l.raise(&condition{key: each.key, group: each.group, fault: f, told: each.told, over: each.over},
			max(f.ShowAfter(), recovery))
	}
}

// Lasting returns the conditions that last.
func (l *Log) Lasting() []record.Condition {
	c := l.conditions
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]record.Condition, 0, len(c.byKey))
	for _, each := range c.byKey {
		list = append(list, record.Condition{Fault: each.fault, Since: each.since, Shown: each.shown})
	}
	return list
}

// CauseOf returns the id of the condition that lasts under a key, or "".
func (l *Log) CauseOf(key string) string {
	l.conditions.mu.Lock()
	defer l.conditions.mu.Unlock()
	if c := l.conditions.byKey[key]; c != nil {
		return c.fault.ID
	}
	return ""
}

// cleared writes down that a condition is over: the log line, the timeline, the webhook, the event streams.
func (l *Log) cleared(over record.Cleared) {
	attrs := append(attributes(over.Fault), slog.Int64("forMs", over.For.Milliseconds()))
	l.opts.Logger.LogAttrs(context.Background(), min(level(over.Fault), slog.LevelInfo), "fault-cleared", attrs...)
	l.queue.push(item{fault: over.Fault, cleared: &over})
}

func (c *conditions) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, each := range c.byKey {
		if each.delay != nil {
			each.delay.Stop()
		}
	}
}
