// Package incident is where a fault ends its way up: the boundary that stops it (signaling, REST, the
// server's start) hands it over once, and the log dresses it (absolute docs link, the operator's provider
// name), counts it, writes one log line with the whole chain and keeps it in the timeline.
package incident

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/prometheus/client_golang/prometheus"
)

// Timeline keeps faults for the console; the store implements it.
type Timeline interface {
	SaveFault(ctx context.Context, f *fault.Error) error
}

// Options of a Log. Provider and Support replace the published provider name and contact where the operator
// has set them.
type Options struct {
	Logger   *slog.Logger
	Timeline Timeline
	Metrics  prometheus.Registerer
	BaseURL  string // public address of the server
	Provider string
	Support  string
}

// queued bounds the faults that wait for the timeline: past it they are only logged and counted, so that a
// flood of refusals cannot hold memory or the database.
const queued = 1024

// Log is safe for concurrent use. One goroutine writes the timeline.
type Log struct {
	opts    Options
	words   *strings.Replacer
	faults  *prometheus.CounterVec
	dropped prometheus.Counter
	queue   chan *fault.Error
	done    sync.WaitGroup
}

// New starts the timeline writer; Close ends it.
func New(opts Options) *Log {
	l := &Log{
		opts: opts,
		faults: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "klatch_faults_total", Help: "Faults reported, by code and reason.",
		}, []string{"code", "name", "reason"}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "klatch_faults_untimelined_total", Help: "Faults that were logged but not kept in the timeline, because too many came at once.",
		}),
		queue: make(chan *fault.Error, queued),
	}
	var pairs []string
	if opts.Support != "" {
		pairs = append(pairs, "support@videosdk.live", opts.Support)
	}
	if opts.Provider != "" {
		pairs = append(pairs, "VideoSDK", opts.Provider)
	}
	l.words = strings.NewReplacer(pairs...)
	if opts.Metrics != nil {
		opts.Metrics.MustRegister(l.faults, l.dropped)
	}
	l.done.Go(l.write)
	return l
}

// Dress completes a fault for the eyes of the outside, without reporting it.
func (l *Log) Dress(f *fault.Error) *fault.Error {
	if entry, ok := f.Entry(); ok && entry.Published && f.Message == entry.Message {
		f.Words(l.words.Replace(f.Message))
	}
	return f.Resolve(l.opts.BaseURL)
}

// Report takes a fault at its boundary: once per incident, before it is sent anywhere.
func (l *Log) Report(ctx context.Context, f *fault.Error) {
	l.Dress(f)
	l.faults.WithLabelValues(strconv.Itoa(f.Code), f.Name, f.Reason).Inc()

	attrs := []slog.Attr{
		slog.Int("code", f.Code), slog.String("name", f.Name), slog.String("reason", f.Reason),
		slog.String("fault", f.ID), slog.String("detail", f.Detail),
	}
	for _, place := range []struct{ key, value string }{
		{"cause", f.CauseID}, {"account", f.Account()}, {"meeting", f.MeetingID}, {"session", f.SessionID}, {"participant", f.ParticipantID},
	} {
		if place.value != "" {
			attrs = append(attrs, slog.String(place.key, place.value))
		}
	}
	if err := f.Unwrap(); err != nil {
		attrs = append(attrs, slog.String("err", err.Error()))
	}
	l.opts.Logger.LogAttrs(ctx, level(f), "fault", attrs...)

	select {
	case l.queue <- f:
	default:
		l.dropped.Inc()
	}
}

// thirdParty are the codes from 5000 on that are not this server's failure: what others did not take, limits, a shutdown.
var thirdParty = []int{5004, 5005, 5006, 5102, 5103}

// level returns info for what clients do wrong, warn for what the operator should see, error for what failed here.
func level(f *fault.Error) slog.Level {
	entry, _ := f.Entry()
	switch {
	case f.Code >= 5000 && !slices.Contains(thirdParty, f.Code):
		return slog.LevelError
	case slices.Contains(entry.Tells, "operator"):
		return slog.LevelWarn
	default:
		return slog.LevelInfo
	}
}

func (l *Log) write() {
	for f := range l.queue {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		if err := l.opts.Timeline.SaveFault(ctx, f); err != nil {
			l.opts.Logger.Error("timeline", "fault", f.ID, "err", err)
		}
		cancel()
	}
}

// Close writes what waits and ends the writer. Nothing may be reported after it.
func (l *Log) Close() {
	close(l.queue)
	l.done.Wait()
}
