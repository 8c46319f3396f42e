package payload

// VP8Descriptor is the payload descriptor of VP8 (RFC 7741, section 4.2).
type VP8Descriptor struct {
	Start        bool  // the first packet of a partition
	Partition    uint8 // PID
	NonReference bool  // N: no frame refers to this one
	PictureID    uint16
	// PictureIDBits is 7 or 15, 0 without a picture id, which begins at the byte PictureIDAt.
	PictureIDBits, PictureIDAt uint8
	TL0PICIDX                  uint8
	TL0PICIDXAt                uint8 // 0: there is none
	HasTemporal                bool
	Temporal                   uint8
	LayerSync                  bool // Y
	HasKeyIndex                bool
	KeyIndex                   uint8
	Length                     int // bytes of the descriptor
}

// StartsFrame reports whether the packet is the first one of its frame.
func (d *VP8Descriptor) StartsFrame() bool { return d.Start && d.Partition == 0 }

// ParseVP8 reads the descriptor of a payload. It is false for one that is cut off, or has nothing behind it.
func ParseVP8(b []byte) (d VP8Descriptor, ok bool) {
	if len(b) < 2 {
		return d, false
	}
	const extended, nonReference, start, partition = 0x80, 0x20, 0x10, 0x07
	d.Start, d.Partition, d.NonReference = b[0]&start != 0, b[0]&partition, b[0]&nonReference != 0
	at := 1
	if b[0]&extended != 0 {
		flags := b[1]
		at++
		if flags&0x80 != 0 { // I
			if len(b) <= at {
				return d, false
			}
			d.PictureIDAt, d.PictureIDBits, d.PictureID = uint8(at), 7, uint16(b[at]&0x7f)
			if b[at]&0x80 != 0 { // M
				if at++; len(b) <= at {
					return d, false
				}
				d.PictureIDBits, d.PictureID = 15, d.PictureID<<8|uint16(b[at])
			}
			at++
		}
		if flags&0x40 != 0 { // L
			if len(b) <= at {
				return d, false
			}
			d.TL0PICIDXAt, d.TL0PICIDX = uint8(at), b[at]
			at++
		}
		if flags&0x30 != 0 { // T or K
			if len(b) <= at {
				return d, false
			}
			if d.HasTemporal = flags&0x20 != 0; d.HasTemporal {
				d.Temporal, d.LayerSync = b[at]>>6, b[at]&0x20 != 0
			}
			if d.HasKeyIndex = flags&0x10 != 0; d.HasKeyIndex {
				d.KeyIndex = b[at] & 0x1f
			}
			at++
		}
	}
	d.Length = at
	return d, len(b) > at
}

// ReadVP8Frame reads the beginning of a frame (RFC 6386, section 9.1): whether it is a key frame, and then its size. It
// is false for a key frame whose header is wrong or cut off.
func ReadVP8Frame(frame []byte) (key bool, size Size, ok bool) {
	if len(frame) == 0 || frame[0]&1 != 0 {
		return false, Size{}, len(frame) > 0
	}
	if len(frame) < 10 || frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a {
		return true, Size{}, false
	}
	return true, Size{uint16(frame[6]) | uint16(frame[7]&0x3f)<<8, uint16(frame[8]) | uint16(frame[9]&0x3f)<<8}, true
}

func (p *Parser) parseVP8(b []byte, f *Facts) {
	d, ok := ParseVP8(b)
	if !ok {
		return
	}
	f.FrameStart, f.FrameEnd = d.StartsFrame(), f.Marker
	f.PictureID, f.PictureIDBits, f.PictureIDAt = d.PictureID, d.PictureIDBits, d.PictureIDAt
	f.TL0PICIDX, f.TL0PICIDXAt = d.TL0PICIDX, d.TL0PICIDXAt
	f.Temporal, f.HasTemporal, f.SwitchUp = d.Temporal, d.HasTemporal, d.LayerSync
	f.KeyIndex, f.HasKeyIndex = d.KeyIndex, d.HasKeyIndex
	f.Discardable = d.NonReference
	f.InterPicture = true
	if f.FrameStart {
		// The bit alone makes a key frame: a first packet may be too short for the whole header.
		f.KeyFrame, f.Size, _ = ReadVP8Frame(b[d.Length:])
		f.InterPicture = !f.KeyFrame
	}
}
