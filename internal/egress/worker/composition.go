package worker

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"github.com/klatch/klatch/internal/compose"
	"github.com/klatch/klatch/internal/encoder"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mix"
	"github.com/klatch/klatch/internal/picture"
	"github.com/klatch/klatch/sdk"
)

// firstPictureTimeout is how long the first pictures may take before the recording begins without them.
const firstPictureTimeout = 2 * time.Second

// maxSkippedDraws pictures in a row stay what they were when the machine is behind.
const maxSkippedDraws = 5

// defaultCompositePeople is how many people a composite recording shows that names none.
const defaultCompositePeople = 3

// composition produces everything that is laid out and mixed: it draws and mixes on one clock, has that encoded
// once, and hands the encoding to all outputs.
type composition struct {
	*worker
	subscriptions *subscriptions
	mixer         *mix.Mixer
	syncGroups    syncGroups
	canvas        *compose.Compositor // nil: sound only
	history       *history            // nil: sound only
	marks         *watermarks
	draining      draining
	monitor       *mediaMonitor
	encoder       *encoder.Encoder
	outputs       *outputs

	startMoment atomic.Pointer[time.Time] // the moment of the first picture
	failed      chan struct{}             // closed when the encoding ended badly, or an output could not take it
	err         error                     // when broken is closed
	pumped      chan struct{}             // closed when the encoding was read to its end

	samples      [mix.TickSamples]int16
	last         compose.Scene
	skippedDraws int // pictures since the meeting was looked at
}

func newComposition(ctx context.Context, w *worker, meeting *sdk.Meeting) (*composition, error) {
	config := encoder.Config{FFmpeg: w.spec.FFmpeg, Codecs: encoder.CodecsOf(string(w.spec.Format))}
	c := &composition{
		skippedDraws: maxSkippedDraws, // the first frame is drawn, however late it is: there is nothing to repeat
		worker:       w, mixer: mix.New(mix.Config{Delay: compositionDelay - config.Codecs.Priming()}),
		draining: draining{closed: make(chan struct{})},
		monitor:  newMediaMonitor(w.reportMissing, w.reports.cleared, w.fail),
		failed:   make(chan struct{}), pumped: make(chan struct{}),
	}
	go func() {
		defer guard.Recover("the search for fonts", w.fail)
		compose.LoadFonts() // while the meeting is joined; the first foreign name would hold up the pictures
	}()
	opened := time.Now()
	c.startMoment.Store(&opened)
	var changed func(*view)
	if w.spec.Config.Mode != job.AudioOnly {
		config.Width, config.Height = w.spec.Config.Size()
		config.FPS = fps
		layout := w.spec.Config.Layout
		drawn := compose.Config{
			Width: config.Width, Height: config.Height, GridSize: layout.GridSize, Layout: compose.Layout(layout.Type),
			Priority: compose.Priority(layout.Priority), Theme: compose.Theme(w.spec.Config.Theme),
		}
		c.canvas, c.history = compose.New(drawn), newHistory(drawn)
		changed = func(v *view) { c.history.add(v, time.Now()) }
	}
	var err error
	if c.marks, err = openWatermarks(ctx, w.spec.Watermarks, meeting); err != nil {
		return nil, err
	}
	if c.outputs, err = openOutputs(w); err != nil {
		return nil, err
	}
	if c.encoder, err = encoder.Start(ctx, config); err != nil {
		c.outputs.abandon()
		return nil, err
	}
	go c.pump()
	most := 0
	if w.spec.Kind == job.Composite {
		most = defaultCompositePeople
	}
	c.subscriptions = subscribe(meeting, w.fail, w.spec.Sources, most, c.open, changed)
	return c, nil
}

// open begins to use a stream.
func (c *composition) open(s *sdk.Stream) track {
	if k := s.Kind(); k == sdk.Audio || k == sdk.ShareAudio {
		return openAudioTrack(s, c.syncGroups.groupOf(s), c.monitor.add(s), c.mixer, c.fail)
	}
	if c.canvas == nil {
		return unusedTrack{}
	}
	return openVideoTrack(s, c.syncGroups.groupOf(s), &c.draining, c.monitor.add(s), c.spec.FFmpeg, c.log, c.fail)
}

// unusedTrack is a stream that has no place in what is made.
type unusedTrack struct{}

func (unusedTrack) close() {}

// audioTrack feeds a stream of sound to the mixer, which forgets it by itself.
type audioTrack struct{ undo []func() }

func openAudioTrack(
	s *sdk.Stream,
	sync *avSync,
	monitor *streamMonitor,
	mixer *mix.Mixer,
	fail func(error),
) audioTrack {
	id := s.Participant().ID() + "/" + string(s.Kind())
	last := &reportSlot{}
	times := timeline{rate: opusRate} // of the goroutine that packets come on
	return audioTrack{undo: []func(){monitor.close, s.OnSenderReport(last.store), s.OnRTP(func(p *rtp.Packet) {
		defer guard.Recover("the sound of a stream", fail)
		now := time.Now()
		mixer.Push(id, p, now)
		if mix.PacketDuration(p.Payload) > 0 {
			monitor.usable()
		}
		if _, sure := times.place(p.Timestamp, now); !sure {
			return
		}
		if offset, ok := last.takeOffset(&times); ok {
			sync.setAudioOffset(offset)
		}
	})}}
}

func (v audioTrack) close() {
	for _, undo := range v.undo {
		undo()
	}
}

// run drives picture and sound until those of the moment in which ctx ends are made, or the encoder or the last output
// ends.
func (c *composition) run(ctx context.Context) error {
	playing, cancel := context.WithCancel(context.Background())
	defer cancel()
	var over sync.WaitGroup
	over.Go(func() {
		defer cancel()
		select {
		case <-c.failed:
		case <-c.outputs.lost:
		case <-playing.Done():
		}
	})
	end := make(chan time.Time, 1)
	defer context.AfterFunc(ctx, func() {
		last := time.Now()
		if isImmediate(context.Cause(ctx)) {
			last = last.Add(-compositionDelay)
		}
		end <- last
	})()
	first := c.waitForPictures(playing, ctx)
	c.startMoment.Store(&first)
	err := runFrameClock(playing, first, end, c)
	cancel()
	over.Wait()
	if err != nil {
		return err
	}
	select {
	case <-c.failed:
		return c.err
	case <-c.outputs.lost:
		return c.outputs.lastErr
	default:
		return nil
	}
}

// waitForPictures waits until there is a picture of everybody whose camera is on, so that nothing begins with empty
// tiles, and returns the first moment of which there is one.
func (c *composition) waitForPictures(playing, ctx context.Context) time.Time {
	deadline := time.Now().Add(firstPictureTimeout)
	look := time.NewTicker(time.Second / fps)
	defer look.Stop()
	for c.history != nil && time.Now().Before(deadline) {
		_, present := c.history.at(time.Time{})
		if first, all := present.firstPictures(); all {
			return first
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return time.Now()
		case <-playing.Done():
			return time.Now()
		}
	}
	return time.Now()
}

// renderFrame makes one frame.
func (c *composition) renderFrame(moment time.Time, hurry bool) error {
	if c.canvas == nil {
		return nil
	}
	c.skippedDraws++
	if hurry && c.skippedDraws <= maxSkippedDraws {
		canvas, _ := c.canvas.Draw(c.last)
		c.encoder.Picture(canvas)
		return nil
	}
	c.skippedDraws = 0
	then, now := c.history.at(moment)
	c.last = then.scene(func(from *videoTrack) (*picture.Picture, uint64) { return from.pictureAt(moment) })
	c.last.Watermarks = c.marks.at(moment)
	canvas, _ := c.canvas.Draw(c.last)
	seen := append(c.canvas.Shown(), now.selected...)
	then.setVisible(seen)
	now.setVisible(seen)
	c.encoder.Picture(canvas)
	return nil
}

// renderAudio makes one tick.
func (c *composition) renderAudio(moment time.Time) error {
	c.mixer.Tick(moment.Add(compositionDelay), c.samples[:])
	c.encoder.Sound(c.samples[:])
	return nil
}

// pump reads the encoding and hands it out. It goes on reading when no output takes it any more, so that the encoder
// can end.
func (c *composition) pump() {
	defer close(c.pumped)
	err := guard.Run("the outputs of a composition", func() error {
		return forward(c.encoder, func() time.Time { return *c.startMoment.Load() }, c.outputs)
	})
	if err != nil {
		if died := c.encoder.Err(); died != nil {
			err = died // which says more than what it left behind
		}
		c.err = err
		close(c.failed)
	}
	_, _ = io.Copy(io.Discard, c.encoder)
}

func (c *composition) finish(ctx context.Context) error {
	close(c.draining.closed)
	c.subscriptions.close()
	c.draining.tracks.Wait()
	err := c.encoder.Close(ctx)
	<-c.pumped
	if err == nil {
		err = c.err
	}
	return errors.Join(err, c.outputs.finish(ctx))
}

func (c *composition) status() (started bool, saved time.Duration, bytes int64) {
	return c.outputs.status()
}

func (c *composition) files() []job.File { return c.outputs.files() }
