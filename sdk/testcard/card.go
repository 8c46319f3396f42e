// Package testcard makes picture and sound for programs that have no camera and no microphone: a card of flat
// colors as VP8 key frames, and tones as Opus packets. Nothing is downloaded and nothing outside runs.
//
// The picture is recognizable to people and to tests: four quadrants whose colors follow from a name, a white
// block that moves, and the frame's number in black and white stripes along the top. Colors survive decoding exactly.
package testcard

import (
	"errors"
	"hash/fnv"
)

// Color is a color as video has it (BT.601, limited range).
type Color struct{ Y, U, V uint8 }

// Colors of the stripes and the moving block.
var (
	Black = Color{16, 128, 128}
	White = Color{235, 128, 128}
)

// palette is what quadrants are painted with: far apart for eyes and for tests.
var palette = []Color{
	{82, 90, 240}, {145, 54, 34}, {41, 240, 110}, {210, 16, 146}, {107, 202, 222}, {170, 166, 16},
	{120, 60, 180}, {90, 160, 100}, {180, 110, 170}, {60, 140, 180}, {150, 180, 130}, {110, 100, 90},
}

// ErrSize is returned for a size that cannot be coded.
var ErrSize = errors.New("testcard: width and height go from 16 to 4096")

// Card draws frames of one size. It is not safe for concurrent use.
type Card struct {
	encoder   *encoder
	quadrants [4]Color
}

// New makes a card; the same name has the same colors.
func New(width, height int, name string) (*Card, error) {
	if width < 16 || height < 16 || width > 4096 || height > 4096 {
		return nil, ErrSize
	}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name)) // a hash takes everything
	seed := int(hash.Sum32())
	c := &Card{encoder: newEncoder(width, height)}
	step := [...]int{1, 5, 7, 11}[seed/len(palette)%4] // no common factor with 12: the four differ
	for i := range c.quadrants {
		c.quadrants[i] = palette[(seed+step*i)%len(palette)]
	}
	return c, nil
}

// Quadrants returns the colors: top left, top right, bottom left, bottom right.
func (c *Card) Quadrants() [4]Color { return c.quadrants }

// Frame draws and encodes frame n. The result is valid until the next call.
func (c *Card) Frame(n uint32) []byte {
	e := c.encoder
	for row := range e.rows {
		for column := range e.columns {
			e.paint(column, row, c.at(column, row, n))
		}
	}
	return e.encode()
}

// at returns the color of a block of 16 x 16 pixels.
func (c *Card) at(column, row int, n uint32) Color {
	columns, rows := c.encoder.columns, c.encoder.rows
	switch {
	case row == 0 && rows > 1: // the frame number, lowest bit first
		if column < 32 && n>>column&1 == 1 {
			return White
		}
		return Black
	case row == rows/2 && column == int(n)%columns:
		return White
	}
	return c.quadrants[2*min(2*row/rows, 1)+min(2*column/columns, 1)]
}
