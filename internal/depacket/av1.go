package depacket

import "github.com/klatch/klatch/internal/payload"

// av1 follows the RTP Payload Format For AV1 1.0 of AOMedia, section numbers below. A frame is a temporal unit in the
// low overhead format: each OBU with its size, a temporal delimiter first, as IVF wants it.
type av1 struct {
	open bool // the last element of the packet before goes on in the next
	part []byte
	key  bool // the N bit of the first packet: a coded video sequence begins
}

func (f *av1) forget()            { f.open, f.part, f.key = false, nil, false }
func (f *av1) ends(_ []byte) bool { return false }
func (f *av1) leavesOut() bool    { return false }

func (f *av1) add(frame, data []byte, first bool) ([]byte, bool) {
	h, ok := payload.ParseAV1(data)
	if !ok || h.Continues != f.open {
		return frame, false
	}
	if first {
		f.key = h.NewSequence
		frame = append(frame, payload.OBUTemporalDelimiter<<3|2, 0)
	}
	for {
		element, more, ok := h.Next()
		if !ok {
			return frame, false
		}
		if !more {
			break
		}
		joined := h.IsFirst() && h.Continues
		if joined {
			f.part = append(f.part, element...)
			element = f.part
		}
		if len(element) > maxFrame {
			return frame, false
		}
		if h.IsLast() && h.Opens {
			if !joined {
				f.part = append(f.part[:0], element...)
			}
			break
		}
		if frame, ok = addOBU(frame, element); !ok {
			return frame, false
		}
	}
	f.open = h.Opens
	return frame, true
}

// addOBU appends one OBU with a size field (AV1, 5.3), which it may lack on the wire.
func addOBU(frame, element []byte) ([]byte, bool) {
	if len(element) == 0 {
		return frame, true
	}
	obu, ok := payload.ParseOBU(element)
	if !ok {
		return frame, false
	}
	if obu.Type == payload.OBUTemporalDelimiter || obu.Type == payload.OBUTileList {
		return frame, true // ignored (5)
	}
	frame = append(frame, obu.Header...)
	frame[len(frame)-len(obu.Header)] |= 2
	frame = appendLEB128(frame, len(obu.Data))
	return append(frame, obu.Data...), true
}

// finish finds the size in the sequence header: a temporal unit that brings one and says that a sequence begins is a
// key frame (4.4, N; AV1, 7.5).
func (f *av1) finish(frame []byte) ([]byte, header, bool) {
	if f.open || len(frame) <= 2 {
		return nil, header{}, false
	}
	if !f.key {
		return frame, header{}, true
	}
	sequence, _, ok := findSequenceHeader(frame)
	if !ok {
		return nil, header{}, false
	}
	return frame, header{key: true, size: sequence.Size}, true
}

// findSequenceHeader returns the first sequence header of a temporal unit, and the whole OBU that it is.
func findSequenceHeader(unit []byte) (h payload.SequenceHeader, whole []byte, ok bool) {
	for rest := unit; len(rest) > 0; {
		obu, ok := payload.ParseOBU(rest)
		if !ok || rest[0]&2 == 0 {
			return h, nil, false
		}
		size := len(obu.Header) + len(obu.Data) + lenLEB128(len(obu.Data))
		if obu.Type == payload.OBUSequenceHeader {
			h, ok = payload.ReadSequenceHeader(obu.Data)
			return h, rest[:size], ok
		}
		rest = rest[size:]
	}
	return h, nil, false
}

// AV1Config is the configuration record of a key frame, as files have it (AV1 Codec ISO Media File Format Binding,
// section 2.3): what senders of real time send, 8 bits of 4:2:0, with the sequence header itself, which says more. It
// is nil without one.
func AV1Config(unit []byte) []byte {
	h, obu, ok := findSequenceHeader(unit)
	if !ok {
		return nil
	}
	const subsampled = 0x0c
	return append([]byte{0x81, h.Profile<<5 | h.Level, h.Tier<<7 | subsampled, 0}, obu...)
}

func appendLEB128(b []byte, n int) []byte {
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

// lenLEB128 returns how many bytes appendLEB128 appends.
func lenLEB128(n int) int {
	size := 1
	for ; n >= 0x80; n >>= 7 {
		size++
	}
	return size
}
