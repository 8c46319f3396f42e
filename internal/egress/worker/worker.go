// Package worker is one egress job in a process of its own: it joins the meeting as a hidden participant through the Go
// SDK and carries it out, as a file, as HLS or to RTMP targets. It owns the processes, files and connections of that
// job, so whatever goes wrong with them costs this job only. The hidden command egress-worker runs it; the server's
// internal/egress starts that command, writes the job to its stdin and reads reports from its stdout (see
// internal/egress/order).
package worker

import (
	"context"
	"errors"
	"fmt"
	"github.com/klatch/klatch/internal/disk"
	"io"
	"log/slog"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/ffmpeg"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/sdk"
)

const (
	// finishTimeout is what a stop leaves for what is still under way; the server that asked waits longer.
	finishTimeout = 20 * time.Second
	// stallTimeout is how long what is under way may come no further.
	stallTimeout = 8 * time.Second
	// orphanFinishTimeout is the same when the server is gone and nobody waits.
	orphanFinishTimeout = time.Second

	progressInterval = time.Second
)

// ErrFailed is returned when the job ended with a fault, which was reported.
var ErrFailed = errors.New("the job failed")

// Run does the job whose order comes on in, until it is told to stop, the meeting ends, or something breaks. It reports
// on out. ctx is for ending at once, as the end of in is.
func Run(ctx context.Context, in io.Reader, out io.Writer, log *slog.Logger) error {
	// A server that died took our stdout and stderr with it. A word said to nobody must not kill what finalizes its files.
	signal.Ignore(syscall.SIGPIPE)
	orders, err := readOrders(in)
	if err != nil {
		return err
	}
	if known := orders.spec.FFmpegBuild; known != nil {
		ffmpeg.Remember(known)
	}
	w := &worker{
		spec: orders.spec, orders: orders, began: time.Now(), reports: &reports{out: out},
		log: log.With("job", orders.spec.JobID, "meeting", orders.spec.MeetingID),
	}
	w.run(ctx)
	if w.reports.hasFailed() {
		return ErrFailed
	}
	return nil
}

// worker is the frame of a job: its meeting, its beginning and its end.
type worker struct {
	spec     order.Spec
	orders   *orders
	began    time.Time
	reports  *reports
	log      *slog.Logger
	fail     func(error)              // ends the job; set by run
	producer atomic.Pointer[producer] // nil until it has begun
}

// producer makes the outputs of a job while the meeting goes on.
type producer interface {
	// run works until ctx ends or something breaks.
	run(ctx context.Context) error
	// finish brings what was begun to its end, until ctx ends; nothing of the producer runs afterwards.
	finish(ctx context.Context) error
	// status is how far it came.
	status() (started bool, saved time.Duration, bytes int64)
	files() []job.File
}

func (w *worker) run(ctx context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w.fail = cancel
	go func() {
		defer guard.Recover("the commands of a job", w.fail)
		select {
		case <-w.orders.stop:
			cancel(errStopped)
		case <-w.orders.orphan:
			cancel(errOrphaned)
		case <-ctx.Done():
		}
	}()
	stopProgress := w.progress()
	var m producer
	err := guard.Run("a job", func() (err error) {
		m, err = w.runJob(ctx, cancel)
		return err
	})
	stopProgress()
	w.conclude(m, err)
}

// conclude reports how the job ended. m is nil when it came to nothing.
func (w *worker) conclude(m producer, err error) {
	var at jobStatus
	var files []job.File
	if m != nil {
		at.started, at.saved, _ = m.status()
		files = m.files()
	}
	if err != nil {
		at.waited = time.Since(w.began)
		at.free, _ = disk.Free(w.dir()) // unknown is 0
		f := faultFrom(w.spec.Kind, err, at).WithMeeting(w.spec.MeetingID, "", "")
		level := slog.LevelWarn
		if _, panicked := errors.AsType[*guard.PanicError](err); panicked {
			level = slog.LevelError // err has the stack
		}
		w.log.Log(context.Background(), level, "the job failed", "code", f.Code, "reason", f.Reason, "err", err)
		w.reports.final(f)
	}
	w.reports.send(order.Report{Report: order.ReportDone, Files: files})
}

// Why a job that did not fail came to its end.
var (
	errStopped  = errors.New("asked to stop")
	errOrphaned = errors.New("the server is gone")
	errEmptied  = errors.New("the session is over")
)

// runJob joins, produces and finishes. The producer is nil when the job did not begin.
func (w *worker) runJob(ctx context.Context, cancel context.CancelCauseFunc) (producer, error) {
	meeting, err := w.join(ctx, cancel)
	if err != nil {
		return nil, unlessEnded(ctx, err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), orphanFinishTimeout)
		defer cancel()
		_ = meeting.Leave(ctx) // the server notices an absence by itself
	}()
	m, err := w.newProducer(ctx, meeting)
	if err != nil {
		return nil, unlessEnded(ctx, err)
	}
	return m, w.produce(ctx, cancel, m)
}

// produce runs a producer to its end. A goroutine of it that panics ends the job with that.
func (w *worker) produce(ctx context.Context, cancel context.CancelCauseFunc, m producer) error {
	w.producer.Store(&m)
	if limit := time.Duration(w.spec.MaxDurationMs) * time.Millisecond; limit > 0 {
		timer := time.AfterFunc(limit, func() { cancel(&limitError{limit}) })
		defer timer.Stop()
	}
	err := guard.Run("the run of a job", func() error {
		guard.PanicPoint("worker", w.spec.MeetingID)
		return m.run(ctx)
	})
	if err == nil {
		err = context.Cause(ctx)
	}
	reason := err
	if isNormalEnd(err) {
		err = nil
	}
	timeout := finishTimeout
	if isImmediate(reason) {
		timeout = orphanFinishTimeout
	}
	ending, done := context.WithTimeout(context.Background(), timeout)
	defer done()
	finished := guard.Run("the end of a job", func() error { return m.finish(ending) })
	if _, panicked := errors.AsType[*guard.PanicError](context.Cause(ctx)); panicked {
		return context.Cause(ctx) // whatever else went wrong followed from it
	}
	if err == nil {
		err = finished
	}
	return err
}

// unlessEnded drops an error of a beginning that was cut short in good order.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	if cause := context.Cause(ctx); !isNormalEnd(cause) {
		return cause
	}
	return nil
}

// isImmediate reports whether nobody waits for what is still under way.
func isImmediate(err error) bool {
	return errors.Is(err, errOrphaned) || errors.Is(err, context.Canceled)
}

// isNormalEnd reports whether a job ended in good order. A cancelled parent is a SIGTERM.
func isNormalEnd(err error) bool {
	return errors.Is(err, errStopped) || errors.Is(err, errOrphaned) || errors.Is(err, errEmptied) ||
		errors.Is(err, context.Canceled)
}

// join enters the meeting. From then on the end of the participation cancels the job: in good order when the session is
// over, with its fault when the connection is lost.
func (w *worker) join(ctx context.Context, cancel context.CancelCauseFunc) (*sdk.Meeting, error) {
	meeting, err := sdk.InitMeeting(sdk.Options{
		URL: w.spec.ServerURL, Token: w.spec.Ticket, MeetingID: w.spec.MeetingID, Mode: sdk.RecvOnly,
		MediaAddress: w.spec.MediaAddr,
		NoRejoin:     !w.spec.Rejoin, // of a server alone that has lost the session nothing is left to join
		RenewToken:   w.newTicket,
	})
	if err != nil {
		return nil, lost(err)
	}
	var lasting sync.Map // what was reported, by the fault of the SDK
	meeting.OnError(func(f *fault.Error) {
		defer guard.Recover("a fault of the meeting", w.fail)
		if fault.Is(f, fault.CodeMediaConnectionLost) { // once for each time; the SDK goes on looking for a path
			problem := "No pictures and no sound reach the worker process: " + f.Detail
			missing := w.spec.Kind.Faults().MediaLost(problem, "", "", seenNobody, "").
				WithMeeting(w.spec.MeetingID, "", "")
			lasting.Store(f.ID, missing)
			w.reports.fault(missing)
		}
	})
	meeting.OnFaultCleared(func(over sdk.FaultCleared) {
		if missing, known := lasting.LoadAndDelete(over.ID); known {
			w.reports.cleared(missing.(*fault.Error))
		}
	})
	meeting.OnMeetingLeft(func(_ sdk.LeaveReason, f *fault.Error) {
		defer guard.Recover("the end of a participation", w.fail)
		if meeting.State() == sdk.Failed && f != nil {
			cancel(&lostError{f})
			return
		}
		cancel(errEmptied)
	})
	if err := meeting.Join(ctx); err != nil {
		return nil, lost(err)
	}
	return meeting, nil
}

// reportMissing reports a stream that is on and of which nothing usable comes.
func (w *worker) reportMissing(monitor *streamMonitor, seen, problem string) *fault.Error {
	stream := monitor.stream
	who, kind := stream.Participant(), string(stream.Kind())
	problem = fmt.Sprintf("The %s stream %s of the participant %s (%s) is missing. %s", kind, stream.ID(), who.ID(),
		who.DisplayName(), problem)
	w.log.Warn("a stream is missing", "participant", who.ID(), "stream", stream.ID(), "seen", seen)
	missing := w.spec.Kind.Faults().MediaLost(problem, who.ID(), stream.ID(), seen, who.DisplayName()).
		WithMeeting(w.spec.MeetingID, "", who.ID())
	w.reports.fault(missing)
	return missing
}

func lost(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return &lostError{f}
	}
	return err
}

func (w *worker) newProducer(ctx context.Context, meeting *sdk.Meeting) (producer, error) {
	if w.spec.Kind.Composed() {
		return newComposition(ctx, w, meeting)
	}
	return newPassthrough(ctx, w, meeting)
}

// progress reports until its result is called: also while the job is still beginning, for silence is taken for death.
func (w *worker) progress() (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer guard.Recover("the progress of a job", w.fail)
		ticker := time.NewTicker(progressInterval)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				report := order.Report{Report: order.ReportProgress}
				if m := w.producer.Load(); m != nil {
					_, saved, bytes := (*m).status()
					report.DurationMs, report.Bytes = saved.Milliseconds(), bytes
				}
				w.reports.send(report)
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}
