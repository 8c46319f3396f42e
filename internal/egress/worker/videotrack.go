package worker

import (
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/decoder"
	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/picture"
	"github.com/klatch/klatch/sdk"
)

const (
	// decodeLead is how long before its time a frame goes to the decoder, which needs a few milliseconds for it, and more
	// on a busy machine.
	decodeLead = 200 * time.Millisecond

	// maxVideoLead is by how much a picture can be shown earlier than it came: the rest of the delay is for decoding it.
	maxVideoLead = compositionDelay * 4 / 5

	maxQueuedFrames = 256                    // frames waiting for their time
	askAgain        = 500 * time.Millisecond // for a key frame
)

// videoTrack follows one stream of pictures, be it of a camera or of a screen: it puts packets in order, frames
// together, and sends each to the decoder at its time.
type videoTrack struct {
	decoder   *decoder.Decoder
	reorderer *reorderer
	report    reportSlot
	undo      func()
	ask       func() // for a key frame
	fail      func(error)
	draining  *draining

	shown   *picture.Picture // of the goroutine that draws
	frame   uint64
	visible atomic.Bool // somebody looks: only then is it decoded

	// Used by the reorderer's goroutine only.
	assembler *frameAssembler
	monitor   *streamMonitor
	times     timeline
	avSync    *avSync
	sync      slew
	now       time.Time
	queued    []queuedFrame
	askedAt   time.Time
	needsKey  bool // frames were passed over: the decoder must begin with a key frame
}

// queuedFrame is a frame that waits for its time.
type queuedFrame struct {
	at    time.Time // in the meeting
	frame depacket.Frame
}

// draining holds the video tracks that have left the meeting and are still in the picture, which is later.
type draining struct {
	tracks sync.WaitGroup
	closed chan struct{} // nothing is drawn any more
}

func openVideoTrack(
	stream *sdk.Stream,
	sync *avSync,
	draining *draining,
	monitor *streamMonitor,
	ffmpegPath string,
	log *slog.Logger,
	fail func(error),
) *videoTrack {
	c := &videoTrack{
		times:    timeline{rate: videoRate},
		ask:      stream.RequestKeyFrame,
		avSync:   sync,
		draining: draining,
		monitor:  monitor,
		fail:     fail,
	}
	c.visible.Store(true)
	c.assembler = newFrameAssembler(stream, monitor, c.queueFrame)
	c.decoder = decoder.New(decoder.Config{
		FFmpeg: ffmpegPath, KeyFrame: stream.RequestKeyFrame,
		Failed: func(err error) { log.Warn("a decoder ended", "stream", stream.ID(), "err", err) },
		TooLarge: func(width, height int) {
			monitor.monitor.report(
				monitor,
				seenTooLarge,
				fmt.Sprintf("Its pictures are %dx%d; those of more than %d pixels (4096x2304) are not decoded.",
					width, height, decoder.MaxPixels),
			)
		},
	})
	c.undo = stream.OnSenderReport(c.report.store)
	c.reorderer = startReorderer(stream, c, fail)
	return c
}

// pictureAt returns the picture of a moment of the meeting, and a number that changes with each. One goroutine calls
// it.
func (c *videoTrack) pictureAt(moment time.Time) (*picture.Picture, uint64) {
	const half = time.Second / fps / 2 // so that a picture is late as often as it is early
	if p := c.decoder.At(moment.Add(half)); p != c.shown {
		c.shown = p
		c.frame++
	}
	return c.shown, c.frame
}

// close ends the track when it has left the picture.
func (c *videoTrack) close() {
	c.undo()
	c.monitor.close()
	c.draining.tracks.Go(func() {
		defer guard.Recover("the end of a video track", c.fail)
		select {
		case <-time.After(compositionDelay):
		case <-c.draining.closed:
		}
		c.reorderer.close()
		c.decoder.Close()
	})
}

func (c *videoTrack) handlePacket(p jitter.Packet, now time.Time) {
	c.now = now
	c.assembler.push(p, now)
}

// queueFrame takes a frame that is whole now.
func (c *videoTrack) queueFrame(f depacket.Frame) {
	at, sure := c.times.place(f.RTPTime, c.now) // what it is not sure of is late, and shown as it comes
	if sure {
		if offset, ok := c.report.takeOffset(&c.times); ok {
			c.avSync.setVideoOffset(offset)
		}
	}
	at = at.Add(-c.sync.toward(c.avSync.lead(maxVideoLead), c.now))
	if n := len(c.queued); n > 0 && at.Before(c.queued[n-1].at) {
		at = c.queued[n-1].at // frames are decoded in the order in which they came
	}
	c.queued = append(c.queued, queuedFrame{at, f})
}

// handleTimer sends to the decoder what is due.
func (c *videoTrack) handleTimer(now time.Time) time.Time {
	c.now = now
	n := 0
	for n < len(c.queued) && (!c.queued[n].due().After(now) || len(c.queued)-n > maxQueuedFrames) {
		c.decode(c.queued[n])
		n++
	}
	c.queued = append(c.queued[:0], c.queued[n:]...)
	if len(c.queued) == 0 {
		return time.Time{}
	}
	return c.queued[0].due()
}

// due is when it goes to the decoder.
func (h queuedFrame) due() time.Time { return h.at.Add(compositionDelay - decodeLead) }

// decode sends a frame to the decoder if the track is visible.
func (c *videoTrack) decode(h queuedFrame) {
	if !c.visible.Load() {
		c.needsKey = true
		return
	}
	if c.needsKey && !h.frame.Key {
		if c.now.Sub(c.askedAt) > askAgain {
			c.askedAt = c.now
			c.ask()
		}
		return
	}
	c.needsKey = false
	c.decoder.Decode(h.frame, h.at)
}

// setVisible sets whether the picture is on the canvas from now on.
func (c *videoTrack) setVisible(seen bool) { c.visible.Store(seen) }
