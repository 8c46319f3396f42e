// Package incident records faults at the boundary that stops them: signaling, REST, the server's start. Each fault is
// reported once. It is counted, written as one log line with its whole chain of causes, and kept in the timeline.
package incident

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/record"
	"github.com/prometheus/client_golang/prometheus"
)

// Timeline keeps faults for the console; the store implements it. KeepFault returns the account of the fault, and
// whether it is new there.
type Timeline interface {
	KeepFault(ctx context.Context, f *fault.Error) (accountID string, added bool, err error)
	ClearFault(ctx context.Context, over record.Cleared) error
}

// Options of a Log.
type Options struct {
	Logger   *slog.Logger
	Timeline Timeline
	Metrics  prometheus.Registerer
	// Published is called with each fault that was written down, and with the end of each that lasted, from one
	// goroutine. It must not block. nil: nobody reads them.
	Published func(f record.Fault, over *record.Cleared)
}

// How a fault is written into the timeline: one try takes saveTimeout at most. What a webhook tells is tried again for
// retryFor, for its event is written with it or not at all; closing is given closeTimeout.
const (
	saveTimeout  = 5 * time.Second
	retryFor     = 5 * time.Minute
	longestPause = 10 * time.Second
	closeTimeout = 5 * time.Second
)

// Log is safe for concurrent use. One goroutine writes the timeline.
type Log struct {
	opts    Options
	faults  *prometheus.CounterVec
	dropped prometheus.Counter
	sampler *sampler
	queue   *queue
	closing chan struct{}
	once    sync.Once
	done    sync.WaitGroup

	conditions *conditions
}

// firstOfServer is the first code of what failed in the server, which operators are alerted of.
const firstOfServer = 5000

// New starts the timeline writer; Close ends it.
func New(opts Options) *Log {
	l := &Log{
		opts: opts,
		faults: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "klatch_faults_total", Help: "Faults reported, by code and reason.",
		}, []string{"code", "name", "reason"}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "klatch_faults_untimelined_total",
			Help: "Faults that were not kept in the timeline, because too many of a kind came at once.",
		}),
		sampler: newSampler(), queue: newQueue(), closing: make(chan struct{}),
	}
	l.conditions = newConditions(l)
	if opts.Metrics != nil {
		opts.Metrics.MustRegister(l.faults, l.dropped, l.conditions.metric)
		for _, e := range fault.Catalogue() { // a counter that began with its first fault would show no increase
			if e.Code >= firstOfServer {
				l.faults.WithLabelValues(strconv.Itoa(e.Code), e.Name, e.Reason)
			}
		}
	}
	l.done.Go(l.write)
	return l
}

// Report takes a fault at its boundary: once per incident, before it is sent anywhere. Of a flood of one kind it writes
// down a sample; all are counted.
func (l *Log) Report(ctx context.Context, f *fault.Error) {
	l.faults.WithLabelValues(labels(f)...).Inc()
	write, more := l.sampler.take(f, time.Now())
	if !write {
		l.dropped.Inc()
		return
	}

	attrs := attributes(f)
	if err := f.Unwrap(); err != nil {
		attrs = append(attrs, slog.String("err", err.Error()))
	}
	if more > 0 {
		attrs = append(attrs, slog.Int("more", more)) // of the kind since its last line, not written down
	}
	l.opts.Logger.LogAttrs(ctx, level(f), "fault", attrs...)
	if !l.queue.push(item{fault: f}) {
		l.dropped.Inc()
	}
}

func labels(f *fault.Error) []string { return []string{strconv.Itoa(f.Code), f.Name, f.Reason} }

// attributes returns what the log line of a fault begins with.
func attributes(f *fault.Error) []slog.Attr {
	attrs := []slog.Attr{
		slog.Int("code", f.Code), slog.String("name", f.Name), slog.String("reason", f.Reason),
		slog.String("fault", f.ID), slog.String("detail", f.Detail),
	}
	for _, place := range []struct{ key, value string }{
		{"cause", f.CauseID}, {"account", f.Account()}, {"meeting", f.MeetingID}, {"session", f.SessionID},
		{"participant", f.ParticipantID},
	} {
		if place.value != "" {
			attrs = append(attrs, slog.String(place.key, place.value))
		}
	}
	return attrs
}

// thirdParty are the codes from 5000 on that are not this server's failure: what others did not take, limits, a
// shutdown.
var thirdParty = []int{
	fault.CodeRecordingDurationLimitReached, fault.CodeLivestreamDurationLimitReached, fault.CodeHLSDurationLimitReached,
	fault.CodeServerShutdown, fault.CodeWebhookDeliveryFailed,
}

// level returns info for what clients do wrong, warn for what the operator should see, error for what failed here.
func level(f *fault.Error) slog.Level {
	entry, _ := f.Entry()
	switch {
	case f.Lasts() && f.CauseID != "": // its cause was told
		return slog.LevelDebug
	case f.OfServer() && !slices.Contains(thirdParty, f.Code):
		return slog.LevelError
	case slices.Contains(entry.Tells, "operator"):
		return slog.LevelWarn
	default:
		return slog.LevelInfo
	}
}

func (l *Log) write() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-l.closing:
			time.AfterFunc(closeTimeout, cancel)
		case <-ctx.Done():
		}
	}()
	for {
		next, open := l.queue.pop()
		switch {
		case next.fault != nil:
			l.save(ctx, next)
			continue
		case !open:
			l.logSuppressed(time.Now().Add(time.Second))
			return
		}
		select {
		case <-l.queue.wake:
		case now := <-tick.C:
			l.logSuppressed(now)
		}
	}
}

// logSuppressed logs how many faults of a flood that has ended were not written down.
func (l *Log) logSuppressed(now time.Time) {
	for k, more := range l.sampler.suppressed(now) {
		attrs := []any{"code", k.code, "reason", k.reason, "more", more}
		if k.place != "" {
			attrs = append(attrs, "of", k.place)
		}
		l.opts.Logger.Warn("faults of a kind that were counted and not written down", attrs...)
	}
}

// save writes a fault into the timeline, or its end. While the database fails, what a webhook tells waits for it.
func (l *Log) save(ctx context.Context, next item) {
	began, pause := time.Now(), saveTimeout/10
	f, account, added := next.fault, next.fault.Account(), true
	for last := false; ; {
		err := guard.Run("the writing of a fault", func() (err error) {
			ctx, cancel := context.WithTimeout(ctx, saveTimeout)
			defer cancel()
			if next.cleared != nil {
				return l.opts.Timeline.ClearFault(ctx, *next.cleared)
			}
			account, added, err = l.opts.Timeline.KeepFault(ctx, f)
			return err
		})
		if err == nil {
			if next.cleared == nil && f.Lasts() && f.Account() == "" && account != "" {
				l.conditions.belongsTo(f, account)
			}
			break
		}
		l.opts.Logger.Error("timeline", "fault", f.ID, "err", err)
		account, added = f.Account(), true
		if last || !f.Webhook() && next.cleared == nil || time.Since(began) > retryFor {
			break
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, longestPause)
		case <-l.closing:
			last = true
		}
	}
	if l.opts.Published != nil && added {
		l.opts.Published(record.Fault{AccountID: account, Error: f}, next.cleared)
	}
}

// Close writes what waits and ends the writer. What is reported after it is only logged.
func (l *Log) Close() {
	l.conditions.close()
	l.queue.close()
	l.once.Do(func() { close(l.closing) })
	l.done.Wait()
}
