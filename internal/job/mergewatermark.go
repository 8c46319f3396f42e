package job

import (
	"image"
	"time"
)

// MergeSize is the size of the picture of a composite merge, as published.
var MergeSize = image.Pt(1280, 720)

// MergeWatermark is printed over the picture of a composite merge: an image, a line of text, or a clock.
type MergeWatermark struct {
	ImageURL, ImageBase64 string // where the image is from; both empty for none
	// Image is the image in the size in which it is printed, as PNG; nil before it was fetched.
	Image []byte
	Text  string
	// Clock is the date and time at the beginning of the file, shown in its time zone; zero for none.
	Clock time.Time

	Position Position
	Margin   int     // pixels from the edges; of no effect in the center
	Width    int     // of the image, in pixels
	Opacity  float64 // of the image, 0 to 1
}

// Position is where a watermark stands.
type Position string

const (
	TopLeft     Position = "top-left"
	TopRight    Position = "top-right"
	BottomLeft  Position = "bottom-left"
	BottomRight Position = "bottom-right"
	Center      Position = "center"
)

// The published defaults of the watermarks of composite merges.
const (
	MergeWatermarkMargin = 20
	MergeWatermarkWidth  = 120
	MergeWatermarkText   = 24 // pixels
)

// Place returns the upper left corner of a watermark of that size in the picture. One that does not fit beside its
// margin moves to the edge.
func (w MergeWatermark) Place(size image.Point) image.Point {
	room := MergeSize.Sub(size)
	near, far := w.Margin, room.Sub(image.Pt(w.Margin, w.Margin))
	at := image.Pt(near, near)
	switch w.Position {
	case TopRight:
		at.X = far.X
	case BottomLeft:
		at.Y = far.Y
	case BottomRight:
		at = far
	case Center:
		at = room.Div(2)
	}
	return image.Pt(min(max(at.X, 0), max(room.X, 0)), min(max(at.Y, 0), max(room.Y, 0)))
}
