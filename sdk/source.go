package sdk

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/pion/rtp"
)

// Source is a device: something that a stream can be published from. It is opened when its stream is switched on and
// closed when it is switched off, and may be opened again.
type Source interface {
	// Open starts the source for a stream of that kind. Its errors become 3011, 3012 or 3013: wrap ErrAbsent,
	// ErrUnreadable or a *FormatError to say which reason.
	Open(kind Kind) (Reader, error)
	// Name names the source in faults, such as a path.
	Name() string
}

// Reader is an open source. One goroutine calls Read; KeyFrame and Close may come from others, and Close ends a
// Read that waits.
type Reader interface {
	// Codec is VP8, H264, VP9, AV1 or opus.
	Codec() string
	// Read returns the next frame. io.EOF ends the stream without a fault.
	Read() (Frame, error)
	// KeyFrame reports that a receiver needs a picture that can be decoded on its own.
	KeyFrame()
	Close() error
}

// LayeredReader is a Reader whose picture comes in several sizes, each encoded by itself: simulcast.
type LayeredReader interface {
	Reader
	// Layers is the number of sizes, 2 or 3.
	Layers() int
	// Activate is told which sizes somebody takes, smallest first: Read need not encode the others.
	Activate(active []bool)
	// KeyFrameOf reports that a receiver needs a key frame of one size; 0 is the smallest.
	KeyFrameOf(layer int)
}

// Frame is an encoded picture or piece of sound, or packets that are ready to be sent.
type Frame struct {
	Data     []byte        // one picture as the codec's RTP payload format takes it, or one Opus packet
	Duration time.Duration // until the next frame; the SDK keeps the time
	// At is the time of Data on the source's own clock, where the source keeps the time itself: the frame is sent at once,
	// and Duration is not looked at. It may not go back. nil: the SDK keeps the time.
	At    *time.Duration
	Level AudioLevel // of Data, where it is sound

	// Layers holds the picture in the sizes of a LayeredReader, smallest first, in place of Data. One that is empty is
	// not sent.
	Layers [][]byte

	// Packets go out at once and unchanged, except for SSRC and payload type; the source keeps the time and the
	// sequence. Data is then not looked at.
	Packets []*rtp.Packet
}

// AudioLevel is the loudness of a frame for active speaker detection (RFC 6464): 0 is the loudest, 127 silence.
type AudioLevel uint8

// Silence is the level of a frame in which nothing is heard.
const Silence AudioLevel = 127

// What Open and Read say about a source that does not work.
var (
	ErrAbsent     = errors.New("the source does not exist")
	ErrUnreadable = errors.New("the source cannot be read")
)

// FormatError reports that a source holds something else than its stream takes.
type FormatError struct{ Got, Want string }

func (e *FormatError) Error() string { return fmt.Sprintf("it holds %s, not %s", e.Got, e.Want) }

// takes names what a stream of a kind can be published from.
func takes(kind Kind) string {
	if kind.carriesAudio() {
		return "Opus sound"
	}
	return "VP8, VP9, AV1 or H264 video"
}

// level is the root mean square of samples from -1 to 1, in -dBov.
func level(samples []float32) AudioLevel {
	var energy float64
	for _, s := range samples {
		energy += float64(s) * float64(s)
	}
	if energy == 0 || len(samples) == 0 {
		return Silence
	}
	dbov := 10 * math.Log10(energy/float64(len(samples)))
	return AudioLevel(min(max(-dbov, 0), float64(Silence)))
}
