package depacket

// vp8 follows RFC 7741. It keeps nothing between packets.
type vp8 struct{}

func (vp8) forget()            {}
func (vp8) ends(_ []byte) bool { return false }

// add skips the payload descriptor (RFC 7741, 4.2).
func (vp8) add(frame, payload []byte, first bool) ([]byte, bool) {
	const (
		extended  = 0x80 // X
		start     = 0x10 // S
		partition = 0x07 // PID
	)
	if begins := payload[0]&start != 0 && payload[0]&partition == 0; first && !begins {
		return frame, false
	}
	at := 1
	if payload[0]&extended != 0 {
		if len(payload) < 2 {
			return frame, false
		}
		flags := payload[1]
		at++
		if flags&0x80 != 0 { // I: a picture id of 7 or 15 bits
			if len(payload) <= at {
				return frame, false
			}
			if payload[at]&0x80 != 0 {
				at++
			}
			at++
		}
		if flags&0x40 != 0 { // L: TL0PICIDX
			at++
		}
		if flags&0x30 != 0 { // T or K: TID, Y, KEYIDX
			at++
		}
	}
	if len(payload) <= at {
		return frame, false
	}
	return append(frame, payload[at:]...), true
}

// finish reads the uncompressed data chunk (RFC 6386, 9.1).
func (vp8) finish(frame []byte) ([]byte, header, bool) {
	if frame[0]&1 != 0 {
		return frame, header{}, true
	}
	if len(frame) < 10 || frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a {
		return nil, header{}, false
	}
	return frame, header{
		key:    true,
		width:  int(frame[6]) | int(frame[7])&0x3f<<8,
		height: int(frame[8]) | int(frame[9])&0x3f<<8,
	}, true
}
