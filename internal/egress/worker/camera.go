package worker

import (
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/decoder"
	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/picture"
	klatch "github.com/klatch/klatch/sdk"
)

const (
	// headStart is how long before its time a frame goes to the decoder, which needs a few milliseconds for it, and more on a
	// busy machine.
	headStart = 200 * time.Millisecond

	maxHeld  = 256                    // frames waiting for their time
	askAgain = 500 * time.Millisecond // for a key frame
)

// camera follows one stream of pictures, be it of a camera or of a screen: it puts packets in order, frames together, and
// gives each to the decoder in its time.
type camera struct {
	decoder *decoder.Decoder
	intake  *intake
	report  reported
	undo    func()
	ask     func() // for a key frame
	wings   *wings

	shown *picture.Picture // of the goroutine that draws
	frame uint64
	seen  atomic.Bool // somebody looks: only then is it decoded

	// The intake's own.
	frames *pictures
	watch  *watch
	times  timeline
	lips   *lips
	sync   slew
	now    time.Time
	held   []held
	asked  time.Time
	blind  bool // frames were passed over: the decoder must begin with a key frame
}

// held is a frame that waits for its time.
type held struct {
	at    time.Time // in the meeting
	frame depacket.Frame
}

// wings is where a camera stands that has left the meeting and not yet the picture, which is behind.
type wings struct {
	leaving sync.WaitGroup
	closed  chan struct{} // nothing is drawn any more
}

func openCamera(stream *klatch.Stream, lips *lips, wings *wings, watch *watch, ffmpegPath string, log *slog.Logger) *camera {
	c := &camera{times: timeline{rate: videoRate}, ask: stream.RequestKeyFrame, lips: lips, wings: wings, watch: watch}
	c.seen.Store(true)
	c.frames = newPictures(stream, watch, c.hold)
	c.decoder = decoder.New(decoder.Config{
		FFmpeg: ffmpegPath, KeyFrame: stream.RequestKeyFrame,
		Failed: func(err error) { log.Warn("a decoder ended", "stream", stream.ID(), "err", err) },
		TooLarge: func(width, height int) {
			watch.of.tell(watch, seenTooLarge, fmt.Sprintf("Its pictures are %dx%d; those of more than %d pixels (4096x2304) are not decoded.",
				width, height, decoder.MaxPixels))
		},
	})
	c.undo = stream.OnSenderReport(c.report.hear)
	c.intake = openIntake(stream, c)
	return c
}

// show gives the picture of a moment of the meeting, and a number that is new with each. One goroutine calls it.
func (c *camera) show(moment time.Time) (*picture.Picture, uint64) {
	const half = time.Second / fps / 2 // so that a picture is late as often as it is early
	if p := c.decoder.At(moment.Add(half)); p != c.shown {
		c.shown = p
		c.frame++
	}
	return c.shown, c.frame
}

// close ends it when it has left the picture.
func (c *camera) close() {
	c.undo()
	c.watch.close()
	c.wings.leaving.Go(func() {
		select {
		case <-time.After(behind):
		case <-c.wings.closed:
		}
		c.intake.close()
		c.decoder.Close()
	})
}

func (c *camera) take(p jitter.Packet, now time.Time) {
	c.now = now
	c.frames.push(p, now)
}

// hold takes a frame that is whole now.
func (c *camera) hold(f depacket.Frame) {
	at, sure := c.times.at(f.RTPTime, c.now) // what it is not sure of is late, and shown as it comes
	if sure {
		if offset, ok := c.report.take(&c.times); ok {
			c.lips.saw(offset)
		}
	}
	at = at.Add(-c.sync.toward(c.lips.lead(behind/2), c.now))
	if n := len(c.held); n > 0 && at.Before(c.held[n-1].at) {
		at = c.held[n-1].at // frames are decoded in the order in which they came
	}
	c.held = append(c.held, held{at, f})
}

// idle gives the decoder what is due.
func (c *camera) idle(now time.Time) time.Time {
	c.now = now
	n := 0
	for n < len(c.held) && (!c.held[n].due().After(now) || len(c.held)-n > maxHeld) {
		c.decode(c.held[n])
		n++
	}
	c.held = append(c.held[:0], c.held[n:]...)
	if len(c.held) == 0 {
		return time.Time{}
	}
	return c.held[0].due()
}

// due is when it goes to the decoder.
func (h held) due() time.Time { return h.at.Add(behind - headStart) }

// decode gives a frame to the decoder if it is looked at.
func (c *camera) decode(h held) {
	if !c.seen.Load() {
		c.blind = true
		return
	}
	if c.blind && !h.frame.Key {
		if c.now.Sub(c.asked) > askAgain {
			c.asked = c.now
			c.ask()
		}
		return
	}
	c.blind = false
	c.decoder.Decode(h.frame, h.at)
}

// look says whether the picture is seen from now on.
func (c *camera) look(seen bool) { c.seen.Store(seen) }
