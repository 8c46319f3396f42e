package worker

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/mix"
)

const (
	// reorderDelay is how long blocks wait for those that belong before them: what comes later is lost. Nobody waits for
	// a file, and on a busy machine packets take long from the sender to here.
	reorderDelay = time.Second
	// firstKeyFrameTimeout is how long the first key frame may take before a file begins with black.
	firstKeyFrameTimeout = 2 * time.Second
	// Senders begin with a small picture that grows. A container whose pictures have one size waits growTimeout for the
	// largest, unless that is fullWidth, and has at least minFixedSide on the longer side: with little bandwidth it takes
	// half a minute until a picture has its size.
	growTimeout        = 5 * time.Second
	minFixedSide       = 640
	fullWidth          = 1280
	fullHeight         = 720
	interleaveInterval = 100 * time.Millisecond
	// maxAdvance is by how much one interval advances at most.
	maxAdvance = 2 * interleaveInterval
	// A black picture is said again so often, so that players can seek while a camera is off.
	blackFrameInterval = time.Second
	// maxBlocks waiting; a second of many small packets.
	maxBlocks = 2048

	// minFrameStep is the least between two pictures: the files count in milliseconds.
	minFrameStep = time.Millisecond

	// maxAudioGap is how far a packet may be off the end of the one before it: clocks and the timeline move that much.
	maxAudioGap = 40 * time.Millisecond
)

// block is a piece of coded sound or picture at its time in a file.
type block struct {
	at            time.Duration
	lead          time.Duration // of a picture: by how much it comes later than the sound of its moment
	length        time.Duration // of sound
	video, key    bool
	off           bool // instead of a picture: the camera is off from here on
	data          []byte
	width, height int // of a key frame
	codec         string
	layers        int
}

// container is the file that an interleaver writes.
type container interface {
	// open is called once, first, with the size and first key frame of the video, which is nil when there is none.
	open(first *block) error
	write(b block) error
	// close ends the file, until ctx ends.
	close(ctx context.Context) error
}

// interleaver is one continuous stream of coded sound and pictures on its way into a file, without decoding: sound and
// pictures are merged by their times, missing sound is replaced by silence, and the picture of a camera that is off by
// black. Pictures keep the order in which they came, which is that of decoding, whatever their times say: those are
// made to grow. Its *loop* owns everything but the channels and what is atomic.
type interleaver struct {
	began      time.Time
	sound      bool
	codec      string // of the video; "" for none
	makeBlack  func(codec string, width, height int) ([]byte, error)
	container  container
	fixedSize  bool // the container has pictures of one size, to which others are scaled
	blocks     chan block
	quit       chan struct{}
	done       chan struct{}
	failed     chan struct{} // closed when err is set
	err        error
	firstFrame atomic.Pointer[block] // the first picture; nil before

	audio           []block
	video           []block
	opened          bool
	due             time.Duration // before it, everything is to be written
	audioEnd        time.Duration // end of the sound that was written
	audioSkew       time.Duration // how much later than it belongs the last sound was written
	sync            slew          // by how much pictures are earlier than they came
	keyFrameWritten bool          // pictures can be decoded: a key frame was written
	lastFrameAt     time.Duration // time of the last picture
	cameraOff       bool
	width           int
	height          int
	blackFrame      []byte
}

func newInterleaver(
	sound bool,
	codec string,
	off bool,
	black func(string, int, int) ([]byte, error),
	into container,
	fixedSize bool,
) *interleaver {
	r := &interleaver{
		began: time.Now(), sound: sound, codec: codec, cameraOff: off, makeBlack: black, container: into, width: 640,
		height: 360, fixedSize: fixedSize, lastFrameAt: -minFrameStep,
		blocks: make(
			chan block,
			maxBlocks,
		), quit: make(chan struct{}), done: make(chan struct{}), failed: make(chan struct{}),
	}
	if fixedSize {
		r.width, r.height = fullWidth, fullHeight // of black before the first picture: most are no larger
	}
	go r.run()
	return r
}

// addAudio takes a packet of Opus that belongs at that time.
func (r *interleaver) addAudio(at time.Time, length time.Duration, payload []byte) {
	r.add(block{at: at.Sub(r.began), length: length, data: payload})
}

// addVideo takes the next frame, which came as if it belonged at that time, but lead later than the sound of its
// moment. It reports whether there was room: without this frame those up to the next key frame are of no use.
func (r *interleaver) addVideo(at time.Time, lead time.Duration, f depacket.Frame) bool {
	return r.add(block{
		at: at.Sub(
			r.began,
		), lead: lead, video: true, key: f.Key, data: f.Data, width: f.Width, height: f.Height, layers: f.Layers,
	})
}

// switchCameraOff makes the picture black from now on, until the next frame.
func (r *interleaver) switchCameraOff() {
	r.add(block{at: time.Since(r.began), video: true, off: true})
}

func (r *interleaver) add(b block) bool {
	select {
	case r.blocks <- b:
	case <-r.done:
	case <-r.failed:
	default: // the disk does not keep up; as on a network, packets are lost
		return false
	}
	return true
}

// close writes what there is and ends the file.
func (r *interleaver) close(ctx context.Context) error {
	close(r.quit)
	<-r.done
	return cmp.Or(r.err, r.container.close(ctx))
}

func (r *interleaver) run() {
	defer close(r.done)
	defer guard.Recover("the interleaver of a file", r.fail)
	ticker := time.NewTicker(interleaveInterval)
	defer ticker.Stop()
	for {
		var err error
		select {
		case b := <-r.blocks:
			r.insert(b)
		case <-ticker.C:
			err = r.advance(r.advanceDue(time.Since(r.began)))
		case <-r.quit:
			for len(r.blocks) > 0 {
				r.insert(<-r.blocks)
			}
			if err = r.finish(); err != nil {
				r.fail(err)
			}
			return
		}
		if err != nil {
			r.fail(err)
			<-r.quit
			return
		}
	}
}

// finish writes what there is.
func (r *interleaver) finish() error {
	end := r.end()
	if !r.opened {
		if ready, err := r.open(end, true); !ready || err != nil {
			return err
		}
	}
	return r.advance(end)
}

// advanceDue returns the time before which everything is to be written now. It advances by maxAdvance at most: when the
// process had no processor time for a while, what was sent meanwhile is still in its socket and its queues.
func (r *interleaver) advanceDue(now time.Duration) time.Duration {
	// a picture that is slower than its sound comes when that would be written already
	r.due = min(now-reorderDelay-max(0, r.sync.value), r.due+maxAdvance)
	return r.due
}

// end is now, or later where a picture waits for a sound that is slower: what was seen is not cut off, least of all
// the first picture, without which there is no file.
func (r *interleaver) end() time.Duration {
	end := time.Since(r.began)
	if n := len(r.video); n > 0 {
		end = max(end, r.video[n-1].at)
	}
	return end
}

func (r *interleaver) fail(err error) {
	if r.err == nil {
		r.err = err
		close(r.failed)
	}
}

func (r *interleaver) insert(b block) {
	if !b.video {
		if b.at < 0 {
			return // from before the file
		}
		i, _ := slices.BinarySearchFunc(r.audio, b.at, func(x block, at time.Duration) int {
			if x.at <= at { // behind its equals
				return -1
			}
			return 1
		})
		r.audio = slices.Insert(r.audio, i, b)
		return
	}
	if !b.off {
		b.at -= r.sync.toward(b.lead-r.audioSkew, r.began.Add(b.at))
	}
	last := time.Duration(-1)
	if n := len(r.video); n > 0 {
		last = r.video[n-1].at
	}
	b.at = max(b.at, last+1) // one from before the file may be the key frame of all that follow
	r.video = append(r.video, b)
}

// advance writes everything before that time.
func (r *interleaver) advance(until time.Duration) error {
	if !r.opened {
		if ready, err := r.open(until, false); !ready || err != nil {
			return err
		}
	}
	sounds, pictures := 0, 0
	for {
		var next block
		sound := sounds < len(r.audio) && r.audio[sounds].at <= until
		picture := pictures < len(r.video) && r.video[pictures].at <= until
		switch {
		case sound && (!picture || r.audio[sounds].at < r.video[pictures].at):
			next = r.audio[sounds]
			sounds++
		case picture:
			next = r.video[pictures]
			pictures++
		}
		if !sound && !picture {
			break
		}
		if err := r.writeBlock(next); err != nil {
			return err
		}
	}
	r.audio, r.video = slices.Delete(r.audio, 0, sounds), slices.Delete(r.video, 0, pictures)
	if err := r.padSilence(until); err != nil {
		return err
	}
	return r.repeatBlack(until)
}

// open begins the file when its first picture is known, and its size if it has only one. At the end it begins with what
// there is.
func (r *interleaver) open(until time.Duration, end bool) (ready bool, err error) {
	var first *block
	if r.codec != "" {
		i := slices.IndexFunc(r.video, func(b block) bool { return b.key })
		switch {
		case i >= 0:
			r.video = slices.Delete(r.video, 0, i) // nothing can be decoded before the first key frame
			width, height := largest(r.video)
			if r.fixedSize && !end && max(width, height) < fullWidth && until < r.video[0].at+growTimeout {
				return false, nil
			}
			if r.sound {
				// The first picture stands from the beginning of the file. Sound that precedes it would be a fragment of
				// its own, which no HLS segment can begin with.
				r.video[0].at = 0
			}
			key := r.video[0]
			first = &key
			if r.fixedSize {
				first.width, first.height = enlarge(width, height)
			}
			r.width, r.height = first.width, first.height
		case r.cameraOff || until > firstKeyFrameTimeout:
			if r.blackFrame, err = r.makeBlack(r.codec, r.width, r.height); err != nil {
				return false, err
			}
			first = &block{video: true, key: true, data: r.blackFrame, width: r.width, height: r.height}
			r.cameraOff, r.lastFrameAt = true, -blackFrameInterval
		default:
			return false, nil
		}
		first.codec = r.codec
		r.firstFrame.Store(first)
	}
	r.opened = true
	return true, r.container.open(first)
}

// largest returns the size of the largest key frame.
func largest(pictures []block) (width, height int) {
	for _, b := range pictures {
		if b.key && b.width*b.height > width*height {
			width, height = b.width, b.height
		}
	}
	return width, height
}

// enlarge returns a size of the same shape whose longer side is minFixedSide at least.
func enlarge(width, height int) (int, int) {
	side := max(width, height)
	if side >= minFixedSide {
		return width, height
	}
	return (width*minFixedSide + side/2) / side, (height*minFixedSide + side/2) / side
}

func (r *interleaver) writeBlock(b block) error {
	switch {
	case !b.video:
		return r.writeAudio(b)
	case b.off:
		if r.cameraOff {
			return nil
		}
		var err error
		if r.blackFrame, err = r.makeBlack(r.codec, r.width, r.height); err != nil {
			return err
		}
		r.cameraOff = true
		return r.writeBlack(max(b.at, r.lastFrameAt+minFrameStep))
	}
	if (r.cameraOff || !r.keyFrameWritten) && !b.key {
		return nil // it would change a black picture
	}
	r.cameraOff = false
	if b.key {
		r.keyFrameWritten = true
		r.width, r.height = b.width, b.height
	}
	r.lastFrameAt = max(b.at, r.lastFrameAt+minFrameStep)
	b.at = r.lastFrameAt
	return r.container.write(b)
}

// writeAudio writes a packet right behind the last one, unless it is far from there. The sound of a file begins with
// silence, be it instead of the first packet: see mix.Silence.
func (r *interleaver) writeAudio(b block) error {
	switch gap := b.at - r.audioEnd; {
	case gap < -maxAudioGap:
		return nil
	case gap <= maxAudioGap && r.audioEnd == 0:
		return r.writeSilence(max(b.at+b.length, mix.SilenceDuration))
	case gap > maxAudioGap:
		if err := r.writeSilence(b.at); err != nil {
			return err
		}
	}
	r.audioSkew = r.audioEnd - b.at
	b.at = r.audioEnd
	r.audioEnd += b.length
	return r.container.write(b)
}

// padSilence fills up with silence what no packet came for.
func (r *interleaver) padSilence(until time.Duration) error {
	if !r.sound || until-r.audioEnd < 5*mix.SilenceDuration {
		return nil
	}
	return r.writeSilence(until)
}

func (r *interleaver) writeSilence(until time.Duration) error {
	for r.audioEnd+mix.SilenceDuration <= until {
		b := block{at: r.audioEnd, length: mix.SilenceDuration, key: true, data: mix.Silence}
		if err := r.container.write(b); err != nil {
			return err
		}
		r.audioEnd += mix.SilenceDuration
	}
	return nil
}

// repeatBlack keeps a black picture going.
func (r *interleaver) repeatBlack(until time.Duration) error {
	for r.cameraOff && r.codec != "" && r.lastFrameAt+blackFrameInterval <= until {
		if err := r.writeBlack(r.lastFrameAt + blackFrameInterval); err != nil {
			return err
		}
	}
	return nil
}

func (r *interleaver) writeBlack(at time.Duration) error {
	r.lastFrameAt = at
	return r.container.write(block{at: at, video: true, key: true, data: r.blackFrame, width: r.width, height: r.height})
}
