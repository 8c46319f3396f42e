package rtmp

import (
	"time"

	"github.com/klatch/klatch/internal/fmp4"
)

// Bodies of FLV tags, FLV specification 10.1, E.4.2 and E.4.3; RTMP's audio and video messages are those.

const (
	avcHeader = 0 // AVCPacketType
	avcUnit   = 1

	aacHeader = 0 // AACPacketType
	aacRaw    = 1

	codecAVC = 7
	codecAAC = 10
)

func videoTag(b []byte, packet byte, key bool, composition time.Duration, data []byte) []byte {
	const keyFrame, interFrame = 1 << 4, 2 << 4
	frame := byte(interFrame)
	if key {
		frame = keyFrame
	}
	ms := int32(composition.Round(time.Millisecond) / time.Millisecond)
	b = append(b, frame|codecAVC, packet, byte(ms>>16), byte(ms>>8), byte(ms))
	return append(b, data...)
}

func audioTag(b []byte, packet byte, data []byte) []byte {
	// 44 kHz, 16 bit, stereo whatever it really is: for AAC the configuration counts (E.4.2.1)
	b = append(b, codecAAC<<4|3<<2|1<<1|1, packet)
	return append(b, data...)
}

// milliseconds wraps after 49 days, as 5.3.1 has it.
func milliseconds(d time.Duration) uint32 {
	return uint32(d.Round(time.Millisecond) / time.Millisecond)
}

// metadata is the argument of onMetaData, E.5.
func metadata(init *fmp4.Init) ecmaArray {
	m := ecmaArray{{"duration", 0.0}, {"encoder", "Klatch"}}
	if v := init.Video; v != nil {
		m = append(m,
			property{"width", float64(v.Width)},
			property{"height", float64(v.Height)},
			property{"videocodecid", float64(codecAVC)})
	}
	if a := init.Audio; a != nil {
		m = append(m,
			property{"audiosamplerate", float64(a.Rate)},
			property{"audiosamplesize", 16.0},
			property{"audiochannels", float64(a.Channels)},
			property{"stereo", a.Channels == 2},
			property{"audiocodecid", float64(codecAAC)})
	}
	return m
}
