package payload

// OBU types (AV1 bitstream specification, 6.2.2).
const (
	OBUSequenceHeader    = 1
	OBUTemporalDelimiter = 2
	OBUTileList          = 8
)

// AV1Header is the aggregation header of AV1 (RTP Payload Format For AV1 1.0, section 4.4).
type AV1Header struct {
	Continues    bool // Z: the first element continues the last one of the packet before
	Opens        bool // Y: the last element goes on in the next packet
	Count        int  // W: elements, the last without its size; 0: each has its size
	NewSequence  bool // N: the first packet of a coded video sequence
	elementsSeen int
	rest         []byte
}

// ParseAV1 reads the aggregation header of a payload.
func ParseAV1(b []byte) (h AV1Header, ok bool) {
	if len(b) < 2 {
		return h, false
	}
	return AV1Header{
		Continues: b[0]&0x80 != 0, Opens: b[0]&0x40 != 0, Count: int(b[0] >> 4 & 3), NewSequence: b[0]&0x08 != 0,
		rest: b[1:],
	}, true
}

// Next returns the next OBU element. It is false after the last one, and ok is false where the payload is malformed.
func (h *AV1Header) Next() (element []byte, more, ok bool) {
	if len(h.rest) == 0 {
		return nil, false, true
	}
	size := len(h.rest)
	if h.elementsSeen++; h.Count == 0 || h.elementsSeen < h.Count {
		n, used, ok := LEB128(h.rest)
		if !ok || n > len(h.rest)-used {
			return nil, false, false
		}
		h.rest, size = h.rest[used:], n
	}
	element, h.rest = h.rest[:size], h.rest[size:]
	return element, true, true
}

// IsLast reports whether the element that Next returned is the last one of the packet.
func (h *AV1Header) IsLast() bool { return len(h.rest) == 0 }

// IsFirst reports whether the element that Next returned is the first one of the packet.
func (h *AV1Header) IsFirst() bool { return h.elementsSeen == 1 }

// OBU is an open bitstream unit (AV1, 5.3).
type OBU struct {
	Type              uint8
	HasExtension      bool
	Temporal, Spatial uint8
	Header, Data      []byte // without the size between them
}

// ParseOBU reads an OBU, which may lack its size, as it mostly does in RTP.
func ParseOBU(b []byte) (o OBU, ok bool) {
	if len(b) == 0 || b[0]&0x80 != 0 { // obu_forbidden_bit
		return o, false
	}
	o.Type, o.HasExtension = b[0]>>3&0xf, b[0]&4 != 0
	head := 1
	if o.HasExtension {
		if len(b) < 2 {
			return o, false
		}
		o.Temporal, o.Spatial, head = b[1]>>5, b[1]>>3&3, 2
	}
	o.Header, o.Data = b[:head], b[head:]
	if b[0]&2 != 0 { // obu_has_size_field
		n, used, ok := LEB128(o.Data)
		if !ok || n > len(o.Data)-used {
			return o, false
		}
		o.Data = o.Data[used : used+n]
	}
	return o, true
}

// SequenceHeader is what is read of a sequence header OBU: of the first operating point, and the largest frame.
type SequenceHeader struct {
	Profile, Level, Tier uint8
	Size                 Size
}

// ReadSequenceHeader reads the data of a sequence header OBU (AV1, 5.5.1).
func ReadSequenceHeader(data []byte) (h SequenceHeader, ok bool) {
	r := bits{data: data}
	h.Profile = uint8(r.read(3))
	r.read(1)     // still_picture
	if r.flag() { // reduced_still_picture_header
		h.Level = uint8(r.read(5))
	} else {
		modelInfo, delayBits := false, 0
		if r.flag() { // timing_info_present_flag
			r.read(32)
			r.read(32)
			if r.flag() { // equal_picture_interval
				r.ue()
			}
			if modelInfo = r.flag(); modelInfo {
				delayBits = int(r.read(5)) + 1
				r.read(32)
				r.read(10)
			}
		}
		initialDelay := r.flag()
		for i := range r.read(5) + 1 { // operating points
			r.read(12)
			level, tier := r.read(5), uint32(0)
			if level > 7 {
				tier = r.read(1)
			}
			if i == 0 {
				h.Level, h.Tier = uint8(level), uint8(tier)
			}
			if modelInfo && r.flag() {
				r.read(delayBits)
				r.read(delayBits)
				r.read(1)
			}
			if initialDelay && r.flag() {
				r.read(4)
			}
		}
	}
	widthBits, heightBits := int(r.read(4))+1, int(r.read(4))+1
	width, height := r.read(widthBits)+1, r.read(heightBits)+1
	if r.short || width > 0xffff || height > 0xffff {
		return h, false
	}
	h.Size = Size{uint16(width), uint16(height)}
	return h, true
}

// LEB128 reads a number of at most 28 bits, far more than a packet holds (AV1, 4.10.5).
func LEB128(b []byte) (n, used int, ok bool) {
	for i := range min(len(b), 4) {
		n |= int(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			return n, i + 1, true
		}
	}
	return 0, 0, false
}

func (p *Parser) parseAV1(b []byte, f *Facts) {
	h, ok := ParseAV1(b)
	if !ok {
		return
	}
	f.FrameStart, f.FrameEnd = p.newer && !h.Continues, f.Marker
	f.KeyFrame = h.NewSequence && !h.Continues
	f.InterPicture = !f.KeyFrame
	if h.Continues {
		return
	}
	for {
		element, more, ok := h.Next()
		if !ok || !more {
			return
		}
		obu, ok := ParseOBU(element)
		if !ok {
			return
		}
		if obu.HasExtension {
			f.Spatial, f.HasSpatial, f.Temporal, f.HasTemporal = obu.Spatial, true, obu.Temporal, true
		}
		if obu.Type == OBUSequenceHeader && !(h.IsLast() && h.Opens) {
			if sequence, ok := ReadSequenceHeader(obu.Data); ok {
				f.Size = sequence.Size
			}
		}
		if obu.Type != OBUSequenceHeader && obu.Type != OBUTemporalDelimiter {
			return // a frame: what follows belongs to it
		}
	}
}
