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
	Width, Height int // 640 x 360; with one of them the other follows, at 16:9
	FPS           int // 15
	Name          string
	// Layers is in how many sizes the picture is made, each half as wide and high as the next: 1 to 3. 0 makes as many
	// as are 160 pixels wide or more.
	Layers int
}

// TestCard is a picture made by the program itself: VP8, key frames only, quadrants whose colors follow from the
// name, a moving block, and the frame's number in stripes along the top. It is published in up to three sizes.
func TestCard(o CardOptions) Source {
	switch {
	case o.Width == 0 && o.Height == 0:
		o.Width, o.Height = 640, 360
	case o.Width == 0:
		o.Width = o.Height * 16 / 9 &^ 1
	case o.Height == 0:
		o.Height = o.Width * 9 / 16 &^ 1
	}
	if o.FPS == 0 {
		o.FPS = 15
	}
	if o.Layers == 0 {
		o.Layers = 1
		for o.Layers < 3 && o.Width>>o.Layers >= 160 && o.Height>>o.Layers >= 16 {
			o.Layers++
		}
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
	wrong := &FormatError{
		Got:  fmt.Sprintf("%dx%d at %d fps in %d sizes", o.Width, o.Height, o.FPS, o.Layers),
		Want: "16x16 to 4096x4096 at 1 to 120 fps in 1 to 3 sizes of 16x16 or more",
	}
	if o.FPS < 1 || o.FPS > 120 || o.Layers < 1 || o.Layers > 3 {
		return nil, wrong
	}
	r := &cardReader{duration: time.Second / time.Duration(o.FPS)}
	for layer := range o.Layers {
		shift := o.Layers - 1 - layer
		drawn, err := testcard.New(o.Width>>shift, o.Height>>shift, o.Name)
		if err != nil {
			return nil, wrong
		}
		r.cards = append(r.cards, drawn)
	}
	if len(r.cards) == 1 {
		return r, nil
	}
	return &layeredCardReader{cardReader: r}, nil
}

type cardReader struct {
	cards    []*testcard.Card // smallest first
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
	frame := r.cards[0].Frame(r.n)
	r.n++
	return Frame{Data: frame, Duration: r.duration}, nil
}

func (r *cardReader) Close() error {
	r.closed.Store(true)
	return nil
}

// layeredCardReader makes the card in several sizes.
type layeredCardReader struct {
	*cardReader
	idle atomic.Uint32 // a bit for each size that nobody takes
}

func (r *layeredCardReader) Layers() int    { return len(r.cards) }
func (r *layeredCardReader) KeyFrameOf(int) {} // every frame is one

func (r *layeredCardReader) Activate(active []bool) {
	var idle uint32
	for layer, on := range active {
		if !on {
			idle |= 1 << layer
		}
	}
	r.idle.Store(idle)
}

func (r *layeredCardReader) Read() (Frame, error) {
	if r.closed.Load() {
		return Frame{}, io.EOF
	}
	frame := Frame{Layers: make([][]byte, len(r.cards)), Duration: r.duration}
	idle := r.idle.Load()
	for layer, card := range r.cards {
		if idle>>layer&1 == 0 {
			frame.Layers[layer] = card.Frame(r.n)
		}
	}
	r.n++
	return frame, nil
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
