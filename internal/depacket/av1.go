package depacket

// OBU types (AV1 bitstream specification, 6.2.2).
const (
	obuSequenceHeader    = 1
	obuTemporalDelimiter = 2
	obuTileList          = 8
)

// av1 follows the RTP Payload Format For AV1 1.0 of AOMedia, section numbers below. A frame is a temporal unit in the low
// overhead format: each OBU with its size, a temporal delimiter first, as IVF wants it.
type av1 struct {
	open bool // the last element of the packet before goes on in the next
	part []byte
	key  bool // the N bit of the first packet: a coded video sequence begins
}

func (f *av1) forget()            { f.open, f.part, f.key = false, nil, false }
func (f *av1) ends(_ []byte) bool { return false }

func (f *av1) add(frame, payload []byte, first bool) ([]byte, bool) {
	// Aggregation header (4.4): Z, Y, W (2 bits), N.
	continues, opens := payload[0]&0x80 != 0, payload[0]&0x40 != 0
	count := int(payload[0] >> 4 & 3)
	if continues != f.open {
		return frame, false
	}
	if first {
		f.key = payload[0]&0x08 != 0
		frame = append(frame, obuTemporalDelimiter<<3|2, 0)
	}
	rest := payload[1:]
	for i := 1; len(rest) > 0; i++ {
		size := len(rest)
		if count == 0 || i < count {
			n, used, ok := leb128(rest)
			if !ok || n > len(rest)-used {
				return frame, false
			}
			rest, size = rest[used:], n
		}
		element := rest[:size]
		rest = rest[size:]
		joined := i == 1 && continues
		if joined {
			f.part = append(f.part, element...)
			element = f.part
		}
		if len(element) > maxFrame {
			return frame, false
		}
		if len(rest) == 0 && opens {
			if !joined {
				f.part = append(f.part[:0], element...)
			}
			break
		}
		var ok bool
		if frame, ok = addOBU(frame, element); !ok {
			return frame, false
		}
	}
	f.open = opens
	return frame, true
}

// addOBU appends one OBU with a size field (AV1, 5.3), which it may lack on the wire.
func addOBU(frame, obu []byte) ([]byte, bool) {
	if len(obu) == 0 {
		return frame, true
	}
	if obu[0]&0x80 != 0 { // obu_forbidden_bit
		return frame, false
	}
	body := 1 + int(obu[0]>>2&1) // obu_extension_flag
	if len(obu) < body {
		return frame, false
	}
	head, rest := obu[:body], obu[body:]
	if kind := obu[0] >> 3 & 0xf; kind == obuTemporalDelimiter || kind == obuTileList {
		return frame, true // ignored (5)
	}
	if obu[0]&2 != 0 { // obu_has_size_field
		n, used, ok := leb128(rest)
		if !ok || n > len(rest)-used {
			return frame, false
		}
		rest = rest[used : used+n]
	}
	frame = append(frame, head...)
	frame[len(frame)-len(head)] |= 2
	frame = appendLEB128(frame, len(rest))
	return append(frame, rest...), true
}

// finish finds the size in the sequence header: a temporal unit that brings one and says that a sequence begins is a key
// frame (4.4, N; AV1, 7.5).
func (f *av1) finish(frame []byte) ([]byte, header, bool) {
	if f.open || len(frame) <= 2 {
		return nil, header{}, false
	}
	if !f.key {
		return frame, header{}, true
	}
	for rest := frame; len(rest) > 0; {
		body := 1 + int(rest[0]>>2&1)
		n, used, ok := leb128(rest[min(body, len(rest)):])
		if !ok || n > len(rest)-body-used {
			return nil, header{}, false
		}
		data := rest[body+used : body+used+n]
		if rest[0]>>3&0xf == obuSequenceHeader {
			width, height, ok := sequenceSize(data)
			return frame, header{key: true, width: width, height: height}, ok
		}
		rest = rest[body+used+n:]
	}
	return nil, header{}, false
}

// AV1Config is the configuration record of a key frame, as files have it (AV1 Codec ISO Media File Format Binding, section 2.3): what
// senders of real time send, 8 bits of 4:2:0, with the sequence header itself, which says more. It is nil without one.
func AV1Config(unit []byte) []byte {
	for rest := unit; len(rest) > 0; {
		body := 1 + int(rest[0]>>2&1)
		n, used, ok := leb128(rest[min(body, len(rest)):])
		if !ok || n > len(rest)-body-used {
			return nil
		}
		obu := rest[:body+used+n]
		rest = rest[len(obu):]
		if obu[0]>>3&0xf != obuSequenceHeader {
			continue
		}
		r := bits{data: obu[body+used:]}
		profile := r.read(3)
		r.read(1) // still_picture
		level, tier := uint32(0), uint32(0)
		if r.read(1) == 1 { // reduced_still_picture_header
			level = r.read(5)
		} else if r.read(1) == 0 { // timing_info_present_flag
			r.read(1 + 5 + 12) // initial_display_delay_present_flag, operating_points_cnt_minus_1, operating_point_idc
			if level = r.read(5); level > 7 {
				tier = r.read(1)
			}
		}
		const subsampled = 0x0c
		return append([]byte{0x81, byte(profile<<5 | level), byte(tier<<7) | subsampled, 0}, obu...)
	}
	return nil
}

// sequenceSize reads the largest frame size of a sequence header (AV1, 5.5.1).
func sequenceSize(data []byte) (width, height int, ok bool) {
	r := bits{data: data}
	r.read(4)           // seq_profile, still_picture
	if r.read(1) == 1 { // reduced_still_picture_header
		r.read(5) // seq_level_idx
	} else {
		modelInfo, delayBits := false, 0
		if r.read(1) == 1 { // timing_info_present_flag
			r.read(32)
			r.read(32)
			if r.read(1) == 1 { // equal_picture_interval
				r.ue()
			}
			if modelInfo = r.read(1) == 1; modelInfo {
				delayBits = int(r.read(5)) + 1
				r.read(32)
				r.read(10)
			}
		}
		initialDelay := r.read(1) == 1
		for range r.read(5) + 1 { // operating points
			r.read(12)
			if r.read(5) > 7 {
				r.read(1) // seq_tier
			}
			if modelInfo && r.read(1) == 1 {
				r.read(delayBits)
				r.read(delayBits)
				r.read(1)
			}
			if initialDelay && r.read(1) == 1 {
				r.read(4)
			}
		}
	}
	widthBits, heightBits := int(r.read(4))+1, int(r.read(4))+1
	width, height = int(r.read(widthBits))+1, int(r.read(heightBits))+1
	return width, height, !r.short
}

// leb128 reads a number of at most 28 bits, far more than a packet holds (AV1, 4.10.5).
func leb128(b []byte) (n, used int, ok bool) {
	for i := range min(len(b), 4) {
		n |= int(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			return n, i + 1, true
		}
	}
	return 0, 0, false
}

func appendLEB128(b []byte, n int) []byte {
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}
