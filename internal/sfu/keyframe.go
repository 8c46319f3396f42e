package sfu

// startsKeyFrame reports whether an RTP payload is the first packet of a key frame. A receiver can begin to decode with
// it. For H264 see h264.
func startsKeyFrame(mime string, payload []byte) bool {
	switch mime {
	case "video/vp8":
		return startsKeyFrameVP8(payload)
	case "video/vp9":
		return startsKeyFrameVP9(payload)
	case "video/av1":
		return startsKeyFrameAV1(payload)
	}
	return false
}

// VP8: RFC 7741, sections 4.2 and 4.3. The first partition of a frame begins with the payload header, in
// which the bit P is 0 for a key frame.
func startsKeyFrameVP8(b []byte) bool {
	if len(b) < 1 {
		return false
	}
	const x, s, pid = 0x80, 0x10, 0x07
	if b[0]&s == 0 || b[0]&pid != 0 {
		return false
	}
	n := 1
	if b[0]&x != 0 {
		if len(b) < 2 {
			return false
		}
		flags := b[1]
		n = 2
		if flags&0x80 != 0 { // I: picture id, of one or two bytes
			if len(b) <= n {
				return false
			}
			if b[n]&0x80 != 0 {
				n++
			}
			n++
		}
		if flags&0x40 != 0 { // L: TL0PICIDX
			n++
		}
		if flags&0x30 != 0 { // T or K
			n++
		}
	}
	return len(b) > n && b[n]&0x01 == 0
}

// VP9: RFC 9628, section 4.2. P is 0 when the picture is not inter-predicted, B marks the start of a frame.
// With spatial layers only the lowest starts the picture.
func startsKeyFrameVP9(b []byte) bool {
	if len(b) < 1 {
		return false
	}
	const i, p, l, f, begin = 0x80, 0x40, 0x20, 0x10, 0x08
	if b[0]&p != 0 || b[0]&begin == 0 {
		return false
	}
	if b[0]&l == 0 {
		return true
	}
	n := 1
	if b[0]&i != 0 {
		if len(b) <= n {
			return false
		}
		if b[n]&0x80 != 0 {
			n++
		}
		n++
	}
	return len(b) > n && b[n]>>1&0x07 == 0
}

// AV1: RTP Payload Format For AV1 (AOM, v1.0), section 4.4: N is set on the first packet of a coded video
// sequence, which begins with a key frame.
func startsKeyFrameAV1(b []byte) bool { return len(b) > 1 && b[0]&0x08 != 0 && b[0]&0x80 == 0 }
