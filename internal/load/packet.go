package load

import (
	"encoding/binary"
	"time"
)

// The traffic of one publisher: 75 frames of two packets a second, about 1.4 Mbit/s, and 50 audio packets.
const (
	frameInterval   = time.Second / 75
	packetsPerFrame = 2
	audioInterval   = 20 * time.Millisecond
	videoBytes      = 1170
	audioBytes      = 100
	stampAt         = 16 // offset of the 8-byte stamp in a payload, behind the VP8 headers
)

// videoPayload writes one of a frame's packets: a VP8 payload descriptor (RFC 7741, section 4.2), for the first
// packet of a key frame the header that servers look for (RFC 6386, section 9.1), and the time of sending.
func videoPayload(buf []byte, first, key bool, now time.Time) []byte {
	buf = buf[:videoBytes]
	buf[0] = 0
	if first {
		buf[0] = 0x10 // S: start of partition 0
		buf[1] = 0x11 // not a key frame, shown
		if key {
			copy(buf[1:], []byte{0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01}) // 640x360
		}
	}
	binary.BigEndian.PutUint64(buf[stampAt:], uint64(now.UnixNano()))
	return buf
}

func audioPayload(buf []byte, now time.Time) []byte {
	buf = buf[:audioBytes]
	buf[0] = 0xfc // CELT, 20 ms, stereo: RFC 6716, section 3.1
	binary.BigEndian.PutUint64(buf[stampAt:], uint64(now.UnixNano()))
	return buf
}

// isKey reports whether a video payload starts a key frame.
func isKey(payload []byte) bool {
	return len(payload) > stampAt && payload[0]&0x10 != 0 && payload[1]&0x01 == 0
}

// delayMs is how long ago the payload was stamped.
func delayMs(payload []byte, now time.Time) (float64, bool) {
	if len(payload) < stampAt+8 {
		return 0, false
	}
	stamp := int64(binary.BigEndian.Uint64(payload[stampAt:]))
	delay := now.Sub(time.Unix(0, stamp))
	return float64(delay) / 1e6, delay >= 0 && delay < time.Minute
}
