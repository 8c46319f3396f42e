// Package depacket makes whole frames out of the RTP packets of one video stream: VP8 (RFC 7741), H264 (RFC 6184), VP9
// (RFC 9628) and AV1 (the AOMedia RTP specification). Opus packets are frames already and need none of it. It owns no
// goroutine. Egress feeds it from jitter and hands the frames to a decoder or to a file. Input is hostile: whatever
// arrives, frames are bounded, and nothing panics.
package depacket

import (
	"fmt"
	"time"

	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/internal/payload"
)

// Frame is one coded picture: a VP8 or VP9 frame, an H264 access unit in Annex B form, or an AV1 temporal unit. A key
// frame says its size and brings everything a fresh decoder needs. Of an H264 sender without IDR pictures it is one
// from which a decoder recovers.
type Frame struct {
	Codec         string
	Data          []byte
	RTPTime       uint32
	Key           bool
	Width, Height int // of a key frame
	// Layers of a key frame is how many pictures of growing size a VP9 superframe holds, of which the last is to be
	// shown; else 1.
	Layers int
}

const (
	maxFrame = 4 << 20
	// maxSide is the widest and highest picture taken: 8K. What a header claims beyond it would only cost memory.
	maxSide = 8192
	// askAgain is how long a key frame may take before it is asked for again.
	askAgain = 500 * time.Millisecond
	// askForMore is the same while frames come out, but without a layer that the sender has added.
	askForMore = 2 * time.Second
)

// UnknownCodecError is a codec this package cannot put together.
type UnknownCodecError struct{ Codec string }

func (e *UnknownCodecError) Error() string {
	return fmt.Sprintf("no depacketizer for codec %q", e.Codec)
}

// format is what differs between the codecs.
type format interface {
	// add appends what a packet's payload carries to the frame. first means that it is the first packet of the frame
	// that was received. It is false when the frame cannot become whole.
	add(frame, payload []byte, first bool) ([]byte, bool)
	// ends reports whether the frame ends with this payload, which its header may say beside the RTP marker.
	ends(payload []byte) bool
	// finish completes the frame and reads from it whether it is a key frame, and its size. It is false for garbage.
	finish(frame []byte) (out []byte, header header, ok bool)
	// forget drops what is kept from one packet to the next.
	forget()
	// leavesOut reports whether a part of the frames is left out until the next key frame, which a receiver could
	// decode from then on.
	leavesOut() bool
}

type header struct {
	key    bool
	size   payload.Size
	layers int  // more than 1: a superframe
	empty  bool // there is no picture in it
}

// Depacketizer puts the frames of one stream together. After a loss it drops every frame until the next key frame,
// because none of them would decode cleanly, and asks for one. It belongs to the goroutine that calls Push.
type Depacketizer struct {
	codec    string
	format   format
	frame    func(Frame)
	keyFrame func()

	building  bool
	damaged   bool // the frame of this RTP time misses a part
	rtpTime   uint32
	buf       []byte
	needsKey  bool
	asked     time.Time
	dropped   uint64
	lastFrame int // bytes, as a guess for the next
}

// New returns a depacketizer for VP8, H264, VP9 or AV1, or an *UnknownCodecError. It calls frame with each whole frame,
// from within Push, and keyFrame (which may be nil) when nothing can go on without a key frame, at most every 500 ms.
// It calls it as well when a sender of VP9 has added a spatial layer, which is part of the frames from the next key
// frame on.
func New(codec string, frame func(Frame), keyFrame func()) (*Depacketizer, error) {
	if keyFrame == nil {
		keyFrame = func() {}
	}
	d := &Depacketizer{codec: codec, frame: frame, keyFrame: keyFrame, needsKey: true}
	switch codec {
	case "VP8":
		d.format = vp8{}
	case "H264":
		d.format = new(h264)
	case "VP9":
		d.format = new(vp9)
	case "AV1":
		d.format = new(av1)
	default:
		return nil, &UnknownCodecError{codec}
	}
	return d, nil
}

// NeedsKey reports whether frames are dropped until a key frame comes.
func (d *Depacketizer) NeedsKey() bool { return d.needsKey }

// Dropped counts the frames that were begun and not handed out.
func (d *Depacketizer) Dropped() uint64 { return d.dropped }

// Push takes the next packet of the stream, in order, at the time now.
func (d *Depacketizer) Push(p jitter.Packet, now time.Time) {
	if p.Broken() {
		d.lost(p)
	}
	if d.building && p.Timestamp != d.rtpTime {
		d.end() // its last packet came without the marker
	}
	if len(p.Payload) > 0 {
		d.add(p)
		if p.Marker || d.format.ends(p.Payload) {
			d.end()
		}
	}
	waited := now.Sub(d.asked)
	if d.needsKey && waited >= askAgain || d.format.leavesOut() && waited >= askForMore {
		d.asked = now
		d.keyFrame()
	}
}

// lost is called before the packet behind a gap: the gap may have taken the end of one frame, whole frames, and the
// beginning of this packet's own.
func (d *Depacketizer) lost(p jitter.Packet) {
	d.needsKey = true
	if d.building {
		d.damaged = true
	}
	if p.Restart || p.Timestamp != d.rtpTime {
		d.drop()
	}
}

func (d *Depacketizer) add(p jitter.Packet) {
	first := !d.building
	if first {
		d.building, d.damaged, d.rtpTime = true, false, p.Timestamp
		d.buf = make([]byte, 0, d.lastFrame+d.lastFrame/4)
		d.format.forget()
	}
	if d.damaged {
		return
	}
	buf, ok := d.format.add(d.buf, p.Payload, first)
	if !ok || len(buf) > maxFrame {
		d.damaged, d.needsKey = true, true
		return
	}
	d.buf = buf
}

// end hands out the frame that was built, or drops it.
func (d *Depacketizer) end() {
	if d.damaged {
		d.drop()
		return
	}
	if len(d.buf) == 0 {
		d.building = false // nothing of it was for us
		return
	}
	data, h, ok := d.format.finish(d.buf)
	if !ok || h.key && !plausible(h.size) {
		d.needsKey = true
		d.drop()
		return
	}
	if h.empty {
		d.building, d.buf = false, nil // parameter sets of their own, say, which the format remembers
		return
	}
	if d.needsKey && !h.key {
		d.drop()
		return
	}
	d.building, d.buf = false, nil
	d.needsKey = false
	d.lastFrame = len(data)
	d.frame(Frame{
		Codec: d.codec, Data: data, RTPTime: d.rtpTime, Key: h.key, Width: int(h.size.Width), Height: int(h.size.Height),
		Layers: max(1, h.layers),
	})
}

func plausible(s payload.Size) bool {
	return s.Width > 0 && s.Height > 0 && s.Width <= maxSide && s.Height <= maxSide
}

func (d *Depacketizer) drop() {
	if d.building {
		d.building, d.damaged, d.buf = false, false, nil
		d.dropped++
	}
}
