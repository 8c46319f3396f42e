package payload

// isDTX reports whether an Opus packet holds no sound: every frame in it has at most one byte (RFC 6716, sections 2.1.9
// and 3.2).
func isDTX(b []byte) bool {
	frames := len(b) - 1 // bytes behind the TOC byte
	switch b[0] & 3 {
	case 0: // one frame
		return frames <= 1
	case 1: // two frames of one size
		return frames <= 2
	case 2: // two frames, the first with its size
		return frames == 0 || b[1] <= 1 && frames <= 3
	}
	// A number of frames, perhaps padding. The sender of DTX pads nothing.
	return frames == 0 || b[1]&0x40 == 0 && frames-1 <= int(b[1]&0x3f)
}
