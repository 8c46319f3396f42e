// Package allocate divides the bandwidth of one subscriber among the streams that it wants.
//
// Audio comes first and is never withheld. Then every wanted video gets its lowest layer, in the order share, pinned,
// active speaker, larger before smaller. Then every camera is raised to the half of its frame rate, since a picture at
// 7.5 frames per second is hardly one. What is left raises the streams further: share and pinned, then the active
// speaker, then the others.
//
// The steps of a camera are the temporal layers of its lowest spatial layer, then the higher spatial layers at their
// full frame rate: 320x180 at 30 frames per second is better than 640x360 at 7.5, and costs less. A share takes every
// temporal layer as a step, for its text needs the resolution before it needs the frame rate.
//
// No layer is larger than what the subscriber shows, nor above the quality that it asked for.
package allocate

import (
	"math"

	"github.com/klatch/klatch/internal/sfu/layer"
)

// Kind is what a stream carries.
type Kind int8

// The kinds of streams. A share is a shared screen; its audio is Audio.
const (
	Audio Kind = iota + 1
	Share
	Camera
)

func (k Kind) String() string {
	switch k {
	case Audio:
		return "audio"
	case Share:
		return "share"
	case Camera:
		return "camera"
	}
	return "unknown"
}

// Quality bounds the spatial layers of a stream. The zero value bounds nothing.
type Quality int8

// The qualities that a subscriber can ask for: the lowest, the middle and the highest of the spatial layers that a
// stream has. The middle of two is the lower one.
const (
	Low Quality = iota + 1
	Medium
	High
)

// compare orders layers by spatial, then by temporal layer.
func compare(l, m layer.Layer) int {
	if l.Spatial != m.Spatial {
		return int(l.Spatial) - int(m.Spatial)
	}
	return int(l.Temporal) - int(m.Temporal)
}

// Option is one way to send a stream, and what it costs.
type Option struct {
	Layer         layer.Layer
	Bps           int64 // of all that is sent when Layer is the target; 0 when not known: guessed from the size
	Width, Height int   // in pixels; 0 when not known
}

// Stream is what a subscriber can be sent of one stream, and what it wants of it.
type Stream struct {
	ID   string // unique among the streams of one call
	Kind Kind

	Pinned  bool // shown large on request
	Speaker bool // of the active speaker

	Width, Height int     // at which the stream is shown, in device pixels; 0 when not known
	Quality       Quality // highest quality wanted
	Paused        bool    // nothing is wanted at present

	// Options are the layers that the source sends or would send when asked, in any order; none while it sends nothing.
	// An encoding that its publisher has stopped because nobody takes it belongs here, with its last known rate. At
	// most maxOptions are considered.
	Options []Option
}

const maxOptions = 32

// Reason is why a stream is sent below the highest layer of its source.
type Reason int8

// The reasons. Unlimited is the reason of a stream that is sent at its highest layer.
const (
	Unlimited Reason = iota
	Bandwidth        // the budget does not allow more
	Requested        // the subscriber asked for a lower quality, or for nothing
	Size             // a larger layer would be scaled down where it is shown
	Source           // the source sends nothing
)

func (r Reason) String() string {
	switch r {
	case Unlimited:
		return "unlimited"
	case Bandwidth:
		return "bandwidth"
	case Requested:
		return "requested"
	case Size:
		return "size"
	case Source:
		return "source"
	}
	return "unknown"
}

// Choice is what a stream is sent.
type Choice struct {
	ID     string
	Layer  layer.Layer // layer.Nothing while the stream is paused
	Bps    int64
	Reason Reason

	cheap int32 // how many levels counted as cheap, see cheapBps
}

// Paused reports whether nothing is sent.
func (c *Choice) Paused() bool { return c.Layer == layer.Nothing }

// covers reports whether a picture as large as the option need not be enlarged where the stream is shown. The video
// may be turned by 90 degrees on its way to the screen, so the long sides are compared, and the short ones.
func (o *Option) covers(width, height int) bool {
	if o.Width <= 0 || o.Height <= 0 {
		return false
	}
	if width <= 0 || height <= 0 { // one of them
		return o.Width >= width && o.Height >= height
	}
	return max(o.Width, o.Height) >= max(width, height) && min(o.Width, o.Height) >= min(width, height)
}

// pixels returns how many pixels of the screen the stream takes, or would take at its own size when that is not known.
func (s *Stream) pixels() int64 {
	width, height := int64(min(s.Width, maxSide)), int64(min(s.Height, maxSide))
	switch {
	case width > 0 && height > 0:
		return width * height
	case width > 0:
		return width * width * 9 / 16
	case height > 0:
		return height * height * 16 / 9
	}
	area := int64(0)
	for i := range s.Options {
		o := &s.Options[i]
		area = max(area, int64(min(o.Width, maxSide))*int64(min(o.Height, maxSide)))
	}
	if area == 0 {
		area = 1280 * 720
	}
	return area
}

const (
	maxSide = 1 << 16
	maxBps  = 1 << 40
)

// bps returns the rate of an option, guessed when it is not known.
func (s *Stream) bps(option int) int64 {
	o := &s.Options[option]
	if o.Bps > 0 {
		return min(o.Bps, maxBps)
	}
	area := float64(min(max(o.Width, 0), maxSide)) * float64(min(max(o.Height, 0), maxSide))
	if area == 0 {
		side := 320 << min(max(o.Layer.Spatial, 0), 3)
		area = float64(side) * float64(side) * 9 / 16
	}
	// 200 kbit/s for 320x180, 580 for 640x360, 1600 for 1280x720
	guess := 55 * math.Sqrt(area) * math.Sqrt(math.Sqrt(area))
	top := int8(0)
	for i := range s.Options {
		if l := s.Options[i].Layer; l.Spatial == o.Layer.Spatial {
			top = max(top, l.Temporal)
		}
	}
	if top > 0 {
		guess *= 0.4 + 0.6*float64(max(o.Layer.Temporal, 0))/float64(top)
	}
	return int64(guess)
}
