package payload_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/payload"
)

func TestVP8(t *testing.T) {
	p := payload.NewParser(payload.VP8)
	f := p.Parse(3000, false, []byte{
		0x90, 0xf0, 0x81, 0x02, 7, 0x40 | 0x20 | 3, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00,
	}, nil)
	require.Equal(t, payload.Facts{
		Codec: payload.VP8, RTPTime: 3000, KeyFrame: true, FrameStart: true,
		PictureID: 0x102, PictureIDBits: 15, PictureIDAt: 2, TL0PICIDX: 7, TL0PICIDXAt: 4,
		Temporal: 1, HasTemporal: true, SwitchUp: true, KeyIndex: 3, HasKeyIndex: true, Size: payload.Size{320, 180},
	}, f)
	for n := range 7 {
		require.NotPanics(t, func() { p.Parse(0, false, []byte{0x90, 0xf0, 0x81, 0x02, 7, 0, 0}[:n], nil) })
	}
}
