// Package worker carries one RTMP publisher into its meeting, in a process of its own: it joins through the Go SDK as
// an ordinary participant, passes H264 on or has it encoded anew, and makes Opus of AAC. Whatever goes wrong with
// that media costs this publisher only. The hidden command ingest-worker runs it; the server's internal/ingest starts
// that command and writes what the encoder sends to its stdin (see internal/ingest/order).
package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/ingest/order"
	"github.com/klatch/klatch/sdk"
)

const (
	joinTimeout   = 10 * time.Second
	leaveTimeout  = 2 * time.Second
	aliveInterval = time.Second
)

// ErrFailed is returned when the publication ended with a fault, which was reported.
var ErrFailed = errors.New("the publication failed")

// errStop ends a publication in good order.
var errStop = errors.New("the encoder has ended")

// knownError is a fault that the server knows already: it refused a call, or put the participant out.
type knownError struct{ fault *fault.Error }

func (e *knownError) Error() string { return e.fault.Error() }

// Run carries the publication whose order comes on in, until the encoder or the meeting ends it, or something breaks.
// It reports on out.
func Run(ctx context.Context, in io.Reader, out io.Writer, log *slog.Logger) error {
	signal.Ignore(syscall.SIGPIPE) // a server that died took our stdout and stderr with it
	frames := bufio.NewReaderSize(in, 64<<10)
	spec, err := order.ReadSpec(frames)
	if err != nil {
		return err
	}
	w := &worker{
		spec: spec, frames: frames, reports: &reports{out: out},
		log: log.With("meeting", spec.MeetingID, "participant", spec.ParticipantID),
	}
	err = guard.Run("a publication", func() error { return w.run(ctx) })
	if err == nil || errors.Is(err, errStop) || errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		return nil
	}
	report := order.Report{Report: order.ReportFault, Final: true}
	if known, ok := errors.AsType[*knownError](err); ok {
		report.Fault, report.Known = known.fault, true
	} else {
		report.Fault = fault.From(err)
	}
	w.log.Warn("the publication failed", "code", report.Fault.Code, "reason", report.Fault.Reason, "err", err)
	w.reports.send(report)
	return ErrFailed
}

// worker is the frame of a publication.
type worker struct {
	spec    order.Spec
	frames  *bufio.Reader
	reports *reports
	log     *slog.Logger

	meeting  *sdk.Meeting
	cancel   context.CancelCauseFunc
	clock    clock
	timeline timeline
	video    *track
	audio    *track
	pictures *pictures
	sound    *sound
	enabling sync.WaitGroup
	enabled  map[sdk.Kind]bool
}

func (w *worker) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w.cancel, w.enabled = cancel, map[sdk.Kind]bool{}
	defer w.reportAlive(ctx)()
	if err := w.join(ctx); err != nil {
		return err
	}
	defer func() {
		leaving, done := context.WithTimeout(context.Background(), leaveTimeout)
		defer done()
		_ = w.meeting.Leave(leaving) // it may have ended; the server notices an absence by itself
		w.enabling.Wait()
	}()
	w.reports.send(order.Report{
		Report: order.ReportJoined, ParticipantID: w.meeting.LocalParticipant().ID(), SessionID: w.meeting.SessionID(),
	})
	w.video, w.audio = newTrack(sdk.Video, &w.clock), newTrack(sdk.Audio, &w.clock)
	w.pictures = &pictures{program: w.spec.FFmpeg, log: w.log, track: w.video, ctx: ctx, onSlow: w.slowKeyFrames}
	w.sound = &sound{program: w.spec.FFmpeg, log: w.log, track: w.audio, ctx: ctx}
	defer w.pictures.reset()
	defer w.sound.reset()
	defer cancel(nil) // whoever waits to hand on media goes first

	ended := make(chan error, 1)
	go func() { ended <- guard.Run("the frames of an encoder", func() error { return w.readFrames(ctx) }) }()
	select {
	case err := <-ended:
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return err
	case <-ctx.Done():
		return context.Cause(ctx) // the goroutine ends with the process
	}
}

// join enters the meeting as a participant.
func (w *worker) join(ctx context.Context) error {
	meeting, err := sdk.InitMeeting(sdk.Options{
		URL: w.spec.ServerURL, MediaAddress: w.spec.MediaAddr, Token: w.spec.Ticket,
		MeetingID: w.spec.MeetingID, ParticipantID: w.spec.ParticipantID, Name: w.spec.Name,
		ManualConsume: true, SingleStream: true,
		NoRejoin: true, // where the server has lost the session, the encoder begins anew
	})
	if err != nil {
		return err
	}
	w.meeting = meeting
	meeting.OnMeetingLeft(func(_ sdk.LeaveReason, f *fault.Error) {
		if f != nil {
			w.cancel(&knownError{f})
			return
		}
		w.cancel(errStop)
	})
	// A moderator who mutes and asks to unmute has the encoder's stream off and on: there is nobody else to ask.
	meeting.OnMicRequested(func(e sdk.MicRequested) { w.accept(e.Accept) })
	meeting.OnWebcamRequested(func(e sdk.WebcamRequested) { w.accept(e.Accept) })
	joining, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	if err := meeting.Join(joining); err != nil {
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return &knownError{f}
		}
		return err
	}
	return nil
}

func (w *worker) accept(request func(context.Context) error) {
	w.enabling.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), joinTimeout)
		defer cancel()
		_ = request(ctx) // a stream that the encoder does not send cannot be switched on
	})
}

// slowKeyFrames reports the interval of the encoder's key frames, while it publishes.
func (w *worker) slowKeyFrames(interval time.Duration) {
	w.reports.send(order.Report{
		Report: order.ReportFault, Fault: fault.RTMPIngestRefusedKeyFrameInterval(interval, acceptableInterval),
	})
}

func (w *worker) readFrames(ctx context.Context) error {
	for ctx.Err() == nil {
		frame, err := order.Read(w.frames)
		if err != nil {
			return err
		}
		switch frame.Kind {
		case order.Begin:
			w.timeline.begin(w.clock.begin(time.Now()))
			w.pictures.reset()
			w.sound.reset()
		case order.Audio, order.Video:
			if err := w.media(ctx, frame); err != nil {
				return err
			}
		case order.Cut: // what is on stays on: the last picture, and silence
		case order.Stop:
			return errStop
		}
	}
	return context.Cause(ctx)
}

func (w *worker) media(ctx context.Context, frame order.Frame) (err error) {
	at, jumped := w.timeline.of(frame.Timestamp)
	if jumped {
		w.log.Info("the timestamps of the encoder do not follow each other")
		w.sound.restart()
		w.pictures.restart()
	}
	if frame.Kind == order.Video {
		err = w.pictures.take(at, frame.Payload)
	} else {
		err = w.sound.take(at, frame.Payload)
	}
	if errors.Is(err, errMedia) {
		return fault.RTMPIngestRefusedMalformed("The encoder", err.Error()).Because(err)
	}
	if err != nil {
		return err
	}
	if len(w.video.queue) > 0 {
		w.enable(ctx, sdk.Video, w.video, w.meeting.EnableWebcam)
	}
	if len(w.audio.queue) > 0 {
		w.enable(ctx, sdk.Audio, w.audio, w.meeting.UnmuteMic)
	}
	return nil
}

// enable switches a stream on when the first of it is there. From then on moderators decide.
func (w *worker) enable(ctx context.Context, kind sdk.Kind, t *track, on func(context.Context, sdk.Source) error) {
	if w.enabled[kind] {
		return
	}
	w.enabled[kind] = true
	w.enabling.Go(func() {
		err := guard.Run("the start of a stream", func() error { return on(ctx, t) })
		if f, ok := errors.AsType[*fault.Error](err); ok && ctx.Err() == nil {
			w.cancel(&knownError{f})
		} else if err != nil {
			w.cancel(err)
		}
	})
}

// reportAlive reports each second until its result is called: silence is taken for death.
func (w *worker) reportAlive(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(aliveInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				w.reports.send(order.Report{Report: order.ReportAlive})
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// reports writes to the server. Shape: mutex.
type reports struct {
	mu  sync.Mutex
	out io.Writer
}

func (r *reports) send(report order.Report) {
	line, err := json.Marshal(report)
	if err != nil {
		return // no report of ours fails
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = r.out.Write(append(line, '\n')) // the server is gone: the input ends as well
}
