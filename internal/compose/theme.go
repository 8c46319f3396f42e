package compose

import (
	"hash/fnv"

	"github.com/klatch/klatch/internal/picture"
)

type colors struct {
	canvas, tile, accent picture.Color
	plate, ink, alert    picture.Color // of the name
}

// The colors of DARK and LIGHT are those of the meeting page.
func (t Theme) colors() colors {
	c := colors{
		plate: picture.RGB(0x16, 0x14, 0x12),
		ink:   picture.RGB(0xf4, 0xf0, 0xe9),
		alert: picture.RGB(0xf0, 0x61, 0x6f),
	}
	switch t {
	case Light:
		c.canvas, c.tile, c.accent = picture.RGB(
			0xf6,
			0xf3,
			0xee,
		), picture.RGB(
			0xe5,
			0xdf,
			0xd5,
		), picture.RGB(
			0x0b,
			0x6b,
			0x5d,
		)
	case Default:
		c.canvas, c.tile, c.accent = picture.RGB(0, 0, 0), picture.RGB(0x1c, 0x1c, 0x1c), picture.RGB(0x55, 0xcd, 0xb6)
	default:
		c.canvas, c.tile, c.accent = picture.RGB(
			0x16,
			0x14,
			0x12,
		), picture.RGB(
			0x2a,
			0x26,
			0x22,
		), picture.RGB(
			0x55,
			0xcd,
			0xb6,
		)
	}
	return c
}

// Dark enough for white letters: contrast of 4.5 and more.
var avatarColors = []picture.Color{
	picture.RGB(
		0xb2,
		0x3a,
		0x48,
	), picture.RGB(0xa8, 0x4a, 0x1a), picture.RGB(0x85, 0x5a, 0x00), picture.RGB(0x5c, 0x6b, 0x12),
	picture.RGB(
		0x2e,
		0x71,
		0x3c,
	), picture.RGB(0x0b, 0x6b, 0x5d), picture.RGB(0x12, 0x6a, 0x86), picture.RGB(0x2b, 0x5c, 0xa8),
	picture.RGB(
		0x50,
		0x4e,
		0xb4,
	), picture.RGB(0x77, 0x42, 0xa6), picture.RGB(0x96, 0x36, 0x8a), picture.RGB(0xa8, 0x35, 0x68),
}

// avatarColor is the same for one participant in every recording.
func avatarColor(id string) picture.Color {
	hash := fnv.New32a()
	hash.Write([]byte(id))
	return avatarColors[hash.Sum32()%uint32(len(avatarColors))]
}
