// Package watermark gets the images that are printed into recordings: over HTTPS, or as they came with a request. What
// an integrator names is hostile input: bytes, pixels, formats, redirects and time are bounded, and only addresses of
// the public internet are called. It returns small PNG pictures; where they are printed is known to internal/compose.
package watermark

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"github.com/klatch/klatch/internal/guard"
)

// The limits of an image.
const (
	MaxBytes  = 1 << 20
	MaxPixels = 4 << 20
)

// ImageError is an image that cannot be used. Its text continues "the image ".
type ImageError struct{ Problem string }

func (e *ImageError) Error() string { return e.Problem }

// format is a way in which an image may be encoded.
type format struct {
	name   string
	begins func(data []byte) bool
	size   func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// formats are tried by what the data begins with: a content type may be wrong, and the registry of package image takes
// whatever some other package has registered.
var formats = []format{
	{"PNG", prefix("\x89PNG\r\n\x1a\n"), png.DecodeConfig, png.Decode},
	{"JPEG", prefix("\xff\xd8\xff"), jpeg.DecodeConfig, jpeg.Decode},
	{"WebP", func(data []byte) bool {
		return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
	}, webp.DecodeConfig, webp.Decode},
}

func prefix(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

// Check returns an *ImageError if the data is no image that can be used, as far as its header says.
func Check(data []byte) error {
	_, err := formatOf(data)
	return err
}

// formatOf returns the format of an image of a size within the limits.
func formatOf(data []byte) (found format, err error) {
	if len(data) > MaxBytes {
		return format{}, &ImageError{fmt.Sprintf("has more than %d bytes", MaxBytes)}
	}
	for _, f := range formats {
		if !f.begins(data) {
			continue
		}
		var size image.Config
		broken := guard.Run("the size of an image", func() (err error) {
			size, err = f.size(bytes.NewReader(data))
			return err
		})
		switch pixels := int64(size.Width) * int64(size.Height); {
		case broken != nil:
			return format{}, &ImageError{"is a broken " + f.name}
		case size.Width < 1 || size.Height < 1:
			return format{}, &ImageError{"is empty"}
		case pixels > MaxPixels:
			return format{}, &ImageError{
				fmt.Sprintf("has %d x %d pixels; the limit is %d in all", size.Width, size.Height, MaxPixels),
			}
		}
		return f, nil
	}
	return format{}, &ImageError{"is neither PNG, JPEG nor WebP"}
}

// decoding bounds how many images are decoded at a time: one of MaxPixels takes some 50 MB until it is small.
var decoding = make(chan struct{}, 2)

// Fit returns the image as a PNG that fills a square of that side in one direction at least. The error is an
// *ImageError.
func Fit(data []byte, side int) ([]byte, error) {
	return scaled(data, func(size image.Point) image.Point { return fit(size, side) })
}

// FitWidth returns the image as a PNG of that width, or of a smaller one where it would be higher than that. The error
// is an *ImageError.
func FitWidth(data []byte, width, highest int) ([]byte, error) {
	return scaled(data, func(size image.Point) image.Point {
		even := func(n int) int { return max(2, n&^1) }
		high := size.Y * width / size.X
		if high > highest {
			width, high = width*highest/high, highest
		}
		return image.Pt(even(width), even(high))
	})
}

// scaled returns the image as a PNG of the size that is chosen for its own.
func scaled(data []byte, choose func(size image.Point) image.Point) ([]byte, error) {
	f, err := formatOf(data)
	if err != nil {
		return nil, err
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	var out bytes.Buffer
	err = guard.Run("the decoding of an image", func() error {
		from, err := f.decode(bytes.NewReader(data))
		if err != nil {
			return err
		}
		size := choose(from.Bounds().Size())
		to := image.NewRGBA(image.Rectangle{Max: size})
		draw.CatmullRom.Scale(to, to.Rect, from, from.Bounds(), draw.Src, nil)
		return png.Encode(&out, to)
	})
	if err != nil {
		return nil, &ImageError{"is a broken " + f.name}
	}
	return out.Bytes(), nil
}

// fit returns the size of an image that is scaled to a square of that side. Both sides are even, as pictures of video
// have their colors.
func fit(size image.Point, side int) image.Point {
	longest := max(size.X, size.Y)
	even := func(n int) int { return max(2, (n*side/longest+1)&^1) }
	return image.Pt(min(even(size.X), max(2, side&^1)), min(even(size.Y), max(2, side&^1)))
}
