package sdk

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/sdk/testcard"
)

// CardOptions of TestCard. Zero values take the defaults.
type CardOptions struct {
	Width, Height int // 640 x 360
	FPS           int // 15
	Name          string
}

// TestCard is a picture made by the program itself: VP8, key frames only, quadrants whose colors follow from the
// name, a moving block, and the frame's number in stripes along the top.
func TestCard(o CardOptions) Source {
	if o.Width == 0 || o.Height == 0 {
		o.Width, o.Height = 640, 360
	}
	if o.FPS == 0 {
		o.FPS = 15
	}
	return card{o}
}

type card struct{ options CardOptions }

func (c card) Name() string { return fmt.Sprintf("test card %dx%d", c.options.Width, c.options.Height) }

func (c card) Open(kind Kind) (Reader, error) {
	if kind.carriesAudio() {
		return nil, &FormatError{Got: "a VP8 picture", Want: takes(kind)}
	}
	o := c.options
	drawn, err := testcard.New(o.Width, o.Height, o.Name)
	if err != nil || o.FPS < 1 || o.FPS > 120 {
		return nil, &FormatError{
			Got:  fmt.Sprintf("%dx%d at %d fps", o.Width, o.Height, o.FPS),
			Want: "16x16 to 4096x4096 at 1 to 120 fps",
		}
	}
	return &cardReader{card: drawn, duration: time.Second / time.Duration(o.FPS)}, nil
}

type cardReader struct {
	card     *testcard.Card
	duration time.Duration
	n        uint32
	closed   atomic.Bool
}

func (r *cardReader) Codec() string { return "VP8" }
func (r *cardReader) KeyFrame()     {} // every frame is one

func (r *cardReader) Read() (Frame, error) {
	if r.closed.Load() {
		return Frame{}, io.EOF
	}
	frame := r.card.Frame(r.n)
	r.n++
	return Frame{Data: frame, Duration: r.duration}, nil
}

func (r *cardReader) Close() error {
	r.closed.Store(true)
	return nil
}

// TestTone is a tone made by the program itself; its frequency follows from the name.
func TestTone(name string) Source { return tone(name) }

type tone string

func (t tone) Name() string { return "test tone" }

func (t tone) Open(kind Kind) (Reader, error) {
	if !kind.carriesAudio() {
		return nil, &FormatError{Got: "an Opus tone", Want: takes(kind)}
	}
	packets, _ := testcard.Tone(string(t))
	return &toneReader{packets: packets}, nil
}

type toneReader struct {
	packets [][]byte
	n       int
	closed  atomic.Bool
}

func (r *toneReader) Codec() string { return "opus" }
func (r *toneReader) KeyFrame()     {} // sound has none

func (r *toneReader) Read() (Frame, error) {
	if r.closed.Load() {
		return Frame{}, io.EOF
	}
	packet := r.packets[r.n%len(r.packets)]
	r.n++
	return Frame{Data: packet, Duration: testcard.PacketDuration, Level: testcard.ToneLevel}, nil
}

func (r *toneReader) Close() error {
	r.closed.Store(true)
	return nil
}

// generated is the device of a program that names none.
func generated(kind Kind, name string) Source {
	switch kind {
	case Audio, ShareAudio:
		return TestTone(name)
	case Share:
		return TestCard(CardOptions{Width: 1280, Height: 720, FPS: 5, Name: name + " shares"})
	default:
		return TestCard(CardOptions{Name: name})
	}
}
