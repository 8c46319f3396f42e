package worker

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/depacket"
)

const (
	// settle is how long blocks wait in a reel for those that belong before them.
	settle = 300 * time.Millisecond
	// headLimit is how long the first key frame may take before a reel begins with black.
	headLimit = 2 * time.Second
	reelTick  = 100 * time.Millisecond
	// A black picture is said again so often, so that players can seek while a camera is off.
	blackEvery = time.Second
	// maxBlocks waiting; a second of many small packets.
	maxBlocks = 2048

	// pictureStep is the least between two pictures: the files count in milliseconds.
	pictureStep = time.Millisecond

	opusPacket = 20 * time.Millisecond
	// snap is how far a packet may be off the end of the one before it: clocks and the timeline move that much.
	snap = 40 * time.Millisecond
)

// silence is an Opus packet of 20 ms without sound: CELT, full band, one frame with nothing coded (RFC 6716, section 3.1).
var silence = []byte{0xf8, 0xff, 0xfe}

// block is a piece of coded sound or picture at its place on a reel.
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

// container is the file a reel is written to.
type container interface {
	// open is called once, first, with the size and first key frame of the video, which is nil when there is none.
	open(first *block) error
	write(b block) error
	// close ends the file, until ctx ends.
	close(ctx context.Context) error
}

// reel is one continuous stream of coded sound and pictures on its way into a file, without decoding: sound and pictures are merged by
// their times, silence stands for missing sound, and black for a camera that is off. Pictures keep the order in which they came, which
// is that of decoding, whatever their times say: those are made to grow. Its *loop* owns everything but the channels and what is atomic.
type reel struct {
	began  time.Time
	sound  bool
	codec  string // of the video; "" for none
	black  func(codec string, width, height int) ([]byte, error)
	into   container
	blocks chan block
	quit   chan struct{}
	done   chan struct{}
	failed chan struct{} // closed when err is set
	err    error
	size   atomic.Pointer[block] // the first picture; nil before

	sounds   []block
	pictures []block
	opened   bool
	heard    time.Duration // end of the sound that was written
	skew     time.Duration // how much later than it belongs the last sound was written
	sync     slew          // by how much pictures are earlier than they came
	keyed    bool          // pictures can be decoded: a key frame was written
	seen     time.Duration // time of the last picture
	off      bool
	width    int
	height   int
	darkness []byte
}

func newReel(sound bool, codec string, off bool, black func(string, int, int) ([]byte, error), into container) *reel {
	r := &reel{
		began: time.Now(), sound: sound, codec: codec, off: off, black: black, into: into, width: 640, height: 360, seen: -pictureStep,
		blocks: make(chan block, maxBlocks), quit: make(chan struct{}), done: make(chan struct{}), failed: make(chan struct{}),
	}
	go r.run()
	return r
}

// addSound takes a packet of Opus that belongs at that time.
func (r *reel) addSound(at time.Time, length time.Duration, payload []byte) {
	r.add(block{at: at.Sub(r.began), length: length, data: payload})
}

// addPicture takes the next frame, which came as if it belonged at that time, but lead later than the sound of its moment. It reports
// whether there was room: without this frame those up to the next key frame are of no use.
func (r *reel) addPicture(at time.Time, lead time.Duration, f depacket.Frame) bool {
	return r.add(block{
		at: at.Sub(r.began), lead: lead, video: true, key: f.Key, data: f.Data, width: f.Width, height: f.Height, layers: f.Layers,
	})
}

// switchOff says that the camera is off from now on, until the next picture.
func (r *reel) switchOff() { r.add(block{at: time.Since(r.began), video: true, off: true}) }

func (r *reel) add(b block) bool {
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
func (r *reel) close(ctx context.Context) error {
	close(r.quit)
	<-r.done
	return cmp.Or(r.err, r.into.close(ctx))
}

func (r *reel) run() {
	defer close(r.done)
	ticker := time.NewTicker(reelTick)
	defer ticker.Stop()
	for {
		var err error
		select {
		case b := <-r.blocks:
			r.insert(b)
		case <-ticker.C:
			// a picture that is slower than its sound comes when that would be written already
			err = r.advance(time.Since(r.began) - settle - max(0, r.sync.value))
		case <-r.quit:
			for len(r.blocks) > 0 {
				r.insert(<-r.blocks)
			}
			if err = r.advance(r.end()); err != nil {
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

// end is now, or later where a picture waits for a sound that is slower: what was seen is not cut off, least of all the first
// picture, without which there is no file.
func (r *reel) end() time.Duration {
	end := time.Since(r.began)
	if n := len(r.pictures); n > 0 {
		end = max(end, r.pictures[n-1].at)
	}
	return end
}

func (r *reel) fail(err error) {
	r.err = err
	close(r.failed)
}

func (r *reel) insert(b block) {
	if !b.video {
		if b.at < 0 {
			return // from before the file
		}
		i, _ := slices.BinarySearchFunc(r.sounds, b.at, func(x block, at time.Duration) int {
			if x.at <= at { // behind its equals
				return -1
			}
			return 1
		})
		r.sounds = slices.Insert(r.sounds, i, b)
		return
	}
	if !b.off {
		b.at -= r.sync.toward(b.lead-r.skew, r.began.Add(b.at))
	}
	last := time.Duration(-1)
	if n := len(r.pictures); n > 0 {
		last = r.pictures[n-1].at
	}
	b.at = max(b.at, last+1) // one from before the file may be the key frame of all that follow
	r.pictures = append(r.pictures, b)
}

// advance writes everything before that time.
func (r *reel) advance(until time.Duration) error {
	if !r.opened {
		if ready, err := r.open(until); !ready || err != nil {
			return err
		}
	}
	sounds, pictures := 0, 0
	for {
		var next block
		sound := sounds < len(r.sounds) && r.sounds[sounds].at <= until
		picture := pictures < len(r.pictures) && r.pictures[pictures].at <= until
		switch {
		case sound && (!picture || r.sounds[sounds].at <= r.pictures[pictures].at):
			next = r.sounds[sounds]
			sounds++
		case picture:
			next = r.pictures[pictures]
			pictures++
		}
		if !sound && !picture {
			break
		}
		if err := r.put(next); err != nil {
			return err
		}
	}
	r.sounds, r.pictures = slices.Delete(r.sounds, 0, sounds), slices.Delete(r.pictures, 0, pictures)
	if err := r.hush(until); err != nil {
		return err
	}
	return r.darken(until)
}

// open begins the file when its first picture is known.
func (r *reel) open(until time.Duration) (ready bool, err error) {
	var first *block
	if r.codec != "" {
		i := slices.IndexFunc(r.pictures, func(b block) bool { return b.key })
		switch {
		case i >= 0:
			key := r.pictures[i]
			first = &key
			r.width, r.height = first.width, first.height
		case r.off || until > headLimit:
			if r.darkness, err = r.black(r.codec, r.width, r.height); err != nil {
				return false, err
			}
			first = &block{video: true, key: true, data: r.darkness, width: r.width, height: r.height}
			r.off, r.seen = true, -blackEvery
		default:
			return false, nil
		}
		first.codec = r.codec
		r.size.Store(first)
	}
	r.opened = true
	return true, r.into.open(first)
}

func (r *reel) put(b block) error {
	switch {
	case !b.video:
		return r.putSound(b)
	case b.off:
		if r.off {
			return nil
		}
		var err error
		if r.darkness, err = r.black(r.codec, r.width, r.height); err != nil {
			return err
		}
		r.off = true
		return r.shade(max(b.at, r.seen+pictureStep))
	}
	if (r.off || !r.keyed) && !b.key {
		return nil // it would change a black picture
	}
	r.off = false
	if b.key {
		r.keyed = true
		r.width, r.height = b.width, b.height
	}
	r.seen = max(b.at, r.seen+pictureStep)
	b.at = r.seen
	return r.into.write(b)
}

// putSound writes a packet right behind the last one, unless it is far from there.
func (r *reel) putSound(b block) error {
	switch gap := b.at - r.heard; {
	case gap < -snap:
		return nil
	case gap > snap:
		if err := r.fill(b.at); err != nil {
			return err
		}
	}
	r.skew = r.heard - b.at
	b.at = r.heard
	r.heard += b.length
	return r.into.write(b)
}

// hush fills up with silence what no packet came for.
func (r *reel) hush(until time.Duration) error {
	if !r.sound || until-r.heard < 5*opusPacket {
		return nil
	}
	return r.fill(until)
}

func (r *reel) fill(until time.Duration) error {
	for r.heard+opusPacket <= until {
		if err := r.into.write(block{at: r.heard, length: opusPacket, key: true, data: silence}); err != nil {
			return err
		}
		r.heard += opusPacket
	}
	return nil
}

// darken keeps a black picture going.
func (r *reel) darken(until time.Duration) error {
	for r.off && r.codec != "" && r.seen+blackEvery <= until {
		if err := r.shade(r.seen + blackEvery); err != nil {
			return err
		}
	}
	return nil
}

func (r *reel) shade(at time.Duration) error {
	r.seen = at
	return r.into.write(block{at: at, video: true, key: true, data: r.darkness, width: r.width, height: r.height})
}
