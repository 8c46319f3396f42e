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
	"github.com/klatch/klatch/internal/job"
	"github.com/klatch/klatch/internal/mix"
	"github.com/klatch/klatch/internal/picture"
	klatch "github.com/klatch/klatch/sdk"
)

// openingTime is how long the first pictures may take before the recording begins without them.
const openingTime = 2 * time.Second

// mostSkipped pictures in a row stay what they were when the machine is behind.
const mostSkipped = 5

// unnamed is how many people a composite recording shows that names none.
const unnamed = 3

// composition is the maker of everything that is laid out and mixed: it draws and mixes on one clock, has that encoded
// once, and hands the encoding to all outputs.
type composition struct {
	*worker
	room    *room
	mixer   *mix.Mixer
	pairs   pairs
	canvas  *compose.Compositor // nil: sound only
	past    *past               // nil: sound only
	wings   wings
	watches *watches
	encoder *encoder.Encoder
	outputs *outputs

	zero   atomic.Pointer[time.Time] // the moment of the first picture
	broken chan struct{}             // closed when the encoding ended badly, or an output could not take it
	why    error                     // when broken is closed
	pumped chan struct{}             // closed when the encoding was read to its end

	samples [mix.TickSamples]int16
	last    compose.Scene
	skipped int // pictures since the meeting was looked at
}

func newComposition(ctx context.Context, w *worker, meeting *klatch.Meeting) (*composition, error) {
	config := encoder.Config{FFmpeg: w.spec.FFmpeg, Codecs: encoder.CodecsOf(string(w.spec.Format))}
	c := &composition{
		worker: w, mixer: mix.New(mix.Config{Delay: behind - config.Codecs.Priming()}), wings: wings{closed: make(chan struct{})},
		watches: newWatches(w.missing),
		broken:  make(chan struct{}), pumped: make(chan struct{}),
	}
	go compose.LoadFonts() // while the meeting is joined; the first foreign name would hold up the pictures
	opened := time.Now()
	c.zero.Store(&opened)
	var changed func(*view)
	if w.spec.Config.Mode != job.AudioOnly {
		config.Width, config.Height = w.spec.Config.Size()
		config.FPS = fps
		layout := w.spec.Config.Layout
		drawn := compose.Config{
			Width: config.Width, Height: config.Height, GridSize: layout.GridSize, Layout: compose.Layout(layout.Type),
			Priority: compose.Priority(layout.Priority), Theme: compose.Theme(w.spec.Config.Theme),
		}
		c.canvas, c.past = compose.New(drawn), newPast(drawn)
		changed = func(v *view) { c.past.add(v, time.Now()) }
	}
	var err error
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
		most = unnamed
	}
	c.room = follow(meeting, w.spec.Sources, most, c.open, changed)
	return c, nil
}

// open takes up a stream.
func (c *composition) open(s *klatch.Stream) track {
	if k := s.Kind(); k == klatch.Audio || k == klatch.ShareAudio {
		return openVoice(s, c.pairs.of(s), c.watches.add(s), c.mixer)
	}
	if c.canvas == nil {
		return unheard{}
	}
	return openCamera(s, c.pairs.of(s), &c.wings, c.watches.add(s), c.spec.FFmpeg, c.log)
}

// unheard is a stream that has no place in what is made.
type unheard struct{}

func (unheard) close() {}

// voice gives a stream of sound to the mixer, which forgets it by itself.
type voice struct{ undo []func() }

func openVoice(s *klatch.Stream, lips *lips, watch *watch, mixer *mix.Mixer) voice {
	id := s.Participant().ID() + "/" + string(s.Kind())
	last := &reported{}
	times := timeline{rate: opusRate} // of the goroutine that packets come on
	return voice{undo: []func(){watch.close, s.OnSenderReport(last.hear), s.OnRTP(func(p *rtp.Packet) {
		now := time.Now()
		mixer.Push(id, p, now)
		if mix.PacketDuration(p.Payload) > 0 {
			watch.good()
		}
		if _, sure := times.at(p.Timestamp, now); !sure {
			return
		}
		if offset, ok := last.take(&times); ok {
			lips.heard(offset)
		}
	})}}
}

func (v voice) close() {
	for _, undo := range v.undo {
		undo()
	}
}

// run drives picture and sound until those of the moment in which ctx ends are made, or the encoder or the last output ends.
func (c *composition) run(ctx context.Context) error {
	playing, cancel := context.WithCancel(context.Background())
	defer cancel()
	var over sync.WaitGroup
	over.Go(func() {
		defer cancel()
		select {
		case <-c.broken:
		case <-c.outputs.lost:
		case <-playing.Done():
		}
	})
	end := make(chan time.Time, 1)
	defer context.AfterFunc(ctx, func() {
		last := time.Now()
		if atOnce(context.Cause(ctx)) {
			last = last.Add(-behind)
		}
		end <- last
	})()
	first := c.opening(playing, ctx)
	c.zero.Store(&first)
	err := beat(playing, first, end, c)
	cancel()
	over.Wait()
	if err != nil {
		return err
	}
	select {
	case <-c.broken:
		return c.why
	case <-c.outputs.lost:
		return c.outputs.last
	default:
		return nil
	}
}

// opening waits until there is a picture of everybody whose camera is on, so that nothing begins with empty tiles, and gives the
// first moment of which there is one.
func (c *composition) opening(playing, ctx context.Context) time.Time {
	deadline := time.Now().Add(openingTime)
	look := time.NewTicker(time.Second / fps)
	defer look.Stop()
	for c.past != nil && time.Now().Before(deadline) {
		_, present := c.past.at(time.Time{})
		if first, all := present.pictured(); all {
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

// picture makes one frame.
func (c *composition) picture(moment time.Time, hurry bool) error {
	if c.canvas == nil {
		return nil
	}
	c.skipped++
	if hurry && c.skipped <= mostSkipped {
		canvas, _ := c.canvas.Draw(c.last)
		c.encoder.Picture(canvas)
		return nil
	}
	c.skipped = 0
	then, now := c.past.at(moment)
	c.last = then.scene(func(from *camera) (*picture.Picture, uint64) { return from.show(moment) })
	canvas, _ := c.canvas.Draw(c.last)
	seen := append(c.canvas.Shown(), now.cast...)
	then.look(seen)
	now.look(seen)
	c.encoder.Picture(canvas)
	return nil
}

// sound makes one tick.
func (c *composition) sound(moment time.Time) error {
	c.mixer.Tick(moment.Add(behind), c.samples[:])
	c.encoder.Sound(c.samples[:])
	return nil
}

// pump reads the encoding and hands it out. It goes on reading when no output takes it any more, so that the encoder can end.
func (c *composition) pump() {
	defer close(c.pumped)
	if err := forward(c.encoder, func() time.Time { return *c.zero.Load() }, c.outputs); err != nil {
		if died := c.encoder.Err(); died != nil {
			err = died // which says more than what it left behind
		}
		c.why = err
		close(c.broken)
	}
	_, _ = io.Copy(io.Discard, c.encoder)
}

func (c *composition) finish(ctx context.Context) error {
	close(c.wings.closed)
	c.room.close()
	c.wings.leaving.Wait()
	err := c.encoder.Close(ctx)
	<-c.pumped
	if err == nil {
		err = c.why
	}
	return errors.Join(err, c.outputs.finish(ctx))
}

func (c *composition) made() (started bool, saved time.Duration, bytes int64) {
	return c.outputs.made()
}

func (c *composition) files() []job.File { return c.outputs.files() }
