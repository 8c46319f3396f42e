package worker

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/egress/order"
	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/job"
)

// idleProducer has made a file, and waits for the end of its job.
type idleProducer struct{ finished bool }

func (*idleProducer) run(ctx context.Context) error { <-ctx.Done(); return nil }

func (p *idleProducer) finish(context.Context) error { p.finished = true; return nil }

func (*idleProducer) status() (bool, time.Duration, int64) { return true, time.Second, 1 }

func (*idleProducer) files() []job.File { return []job.File{{Path: "kept.mp4"}} }

type panickingHandler struct{}

func (panickingHandler) handlePacket(jitter.Packet, time.Time)  { panic("boom") }
func (panickingHandler) handleTimer(time.Time) (next time.Time) { return next }

// A goroutine of a job that panics ends that job: its file is finished, its fault is reported, and the stack is logged.
func TestAPanicEndsTheJob(t *testing.T) {
	var reported, logged bytes.Buffer
	w := &worker{
		spec: order.Spec{
			Kind: job.Recording,
		}, reports: &reports{out: &reported}, log: slog.New(slog.NewJSONHandler(&logged, nil)),
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	w.fail = cancel
	in := &reorderer{packets: make(chan *rtp.Packet, 1), quit: make(chan struct{}), done: make(chan struct{})}
	go in.run(panickingHandler{}, w.fail)
	in.packets <- &rtp.Packet{Header: rtp.Header{Version: 2}}
	p := &idleProducer{}
	w.conclude(p, w.produce(ctx, cancel, p))
	require.True(t, p.finished)
	require.Contains(t, reported.String(), `"reason":"WORKER_DIED"`)
	require.Contains(t, reported.String(), "panic in the packets of a stream: boom")
	require.NotContains(t, reported.String(), "panic_test.go", "the stack is for the log")
	require.Contains(t, reported.String(), "kept.mp4")
	require.Contains(t, logged.String(), `"level":"ERROR"`)
	require.Contains(t, logged.String(), "panic_test.go", "the stack leads to the line")
	<-in.done
}

type panickingContainer struct{ recordingContainer }

func (*panickingContainer) write(block) error { panic("boom") }

func TestAPanicEndsAFile(t *testing.T) {
	c := &panickingContainer{}
	r := newInterleaver(true, "VP8", false, blackFrame, c, false)
	r.addVideo(time.Now(), 0, depacket.Frame{Key: true, Data: []byte("key"), Width: 2, Height: 2})
	<-r.failed
	var panicked *guard.PanicError
	require.ErrorAs(t, r.close(t.Context()), &panicked)
}

type panickingSink struct{ sink }

func (panickingSink) begin(*fmp4.Init, time.Time) error { panic("boom") }
func (panickingSink) finish(context.Context) error      { return nil }

func TestAPanicEndsATranscoder(t *testing.T) {
	black, err := newBlackFrames("ffmpeg").frame("VP8", 160, 90)
	require.NoError(t, err)
	c, err := newTranscoder(t.Context(), "ffmpeg", job.MP4, false, "VP8", panickingSink{}, nil)
	require.NoError(t, err)
	picture := block{video: true, key: true, data: black, width: 160, height: 90}
	require.NoError(t, c.open(&picture))
	require.NoError(t, c.write(picture))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var panicked *guard.PanicError
	require.ErrorAs(t, c.close(ctx), &panicked)
}

func TestAPanicOfTheMonitor(t *testing.T) {
	failed := make(chan error, 1)
	s := newMediaMonitor(func(*streamMonitor, string, string) *fault.Error { return nil }, func(*fault.Error) {},
		func(err error) { failed <- err })
	s.streams[nil] = struct{}{} // whose check panics
	quit := make(chan struct{})
	s.done.Go(func() { s.run(quit) })
	require.ErrorContains(t, <-failed, "panic in the monitor of the streams")
	s.done.Wait()
	require.True(t, s.mu.TryLock(), "nobody is held up by it")
}

func TestAPanicOfAnOutput(t *testing.T) {
	w := &worker{spec: order.Spec{Kind: job.HLS}, reports: &reports{out: io.Discard}}
	f := faultFrom(w.spec.Kind, guard.Do("the outputs of a composition", func() { panic("boom") }), jobStatus{})
	require.Equal(t, "WORKER_DIED", f.Reason)
	require.Contains(t, f.Detail, "panic in the outputs of a composition: boom")
	require.Less(t, len(f.Detail), 400)
}
