package live

import (
	"image"
	"io"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/sdk"
	"github.com/klatch/klatch/sdk/testcard"
)

// clockSource is a test card whose number is the time of day at which each picture is made, so that whoever sees it
// knows how late they are. It has milliseconds, 30 bits of them, left of two zeros: those would be under the corner of
// a tile.
type clockSource string

const (
	clockWidth, clockHeight = 640, 360

	clockRate = time.Second / 15
	clockBits = 30
	clockLow  = 2
)

func (c clockSource) Name() string { return "clock" }

func (c clockSource) Open(sdk.Kind) (sdk.Reader, error) {
	card, err := testcard.New(clockWidth, clockHeight, string(c))
	if err != nil {
		return nil, err
	}
	return &clockReader{card: card}, nil
}

type clockReader struct {
	card   *testcard.Card
	closed atomic.Bool
}

func (r *clockReader) Codec() string { return "VP8" }
func (r *clockReader) KeyFrame()     {} // every frame is one

func (r *clockReader) Close() error {
	r.closed.Store(true)
	return nil
}

func (r *clockReader) Read() (sdk.Frame, error) {
	if r.closed.Load() {
		return sdk.Frame{}, io.EOF
	}
	return sdk.Frame{Data: r.card.Frame(timestampOf(time.Now()) << clockLow), Duration: clockRate}, nil
}

// timestampOf is a time as the card has it.
func timestampOf(at time.Time) uint32 {
	return uint32(at.UnixMilli() & (1<<clockBits - 1)) // masked
}

// since is how much later a stamp is than another, which may be the later one.
func since(later, earlier uint32) time.Duration {
	const round = 1 << clockBits
	d := (int64(later) - int64(earlier) + round) % round
	if d > round/2 {
		d -= round
	}
	return time.Duration(d) * time.Millisecond
}

// readClock reads the stamp in a part of the picture: luma of width w.
func readClock(luma []byte, w int, box image.Rectangle) (stamp uint32) {
	y := box.Min.Y + 8*box.Dy()/clockHeight
	for bit := range clockBits {
		x := box.Min.X + (16*(bit+clockLow)+8)*box.Dx()/clockWidth
		if luma[y*w+x] > 125 {
			stamp |= 1 << bit
		}
	}
	return stamp
}
