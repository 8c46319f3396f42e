package depacket

import (
	"bytes"
	"encoding/binary"
)

// NAL unit types of H.264 (table 7-1) and of RFC 6184 (table 1).
const (
	naluSlice = 1
	naluIDR   = 5
	naluSEI   = 6
	naluSPS   = 7
	naluPPS   = 8
	naluAUD   = 9
	naluSTAPA = 24
	naluFUA   = 28
)

var startCode = []byte{0, 0, 0, 1}

// maxParameterSets bounds what is remembered of parameter sets.
const maxParameterSets = 16 << 10

// h264 follows RFC 6184: single NAL units, STAP-A and FU-A, which are all that packetization modes 0 and 1 allow.
// It remembers the parameter sets, since a sender may send them once and a fresh decoder needs them with its IDR picture.
type h264 struct {
	parameterSets []byte // in Annex B form: the last SPS and the PPS after it
	inUnit        bool   // a fragmented unit has begun and not ended
}

func (f *h264) forget()            { f.inUnit = false }
func (f *h264) ends(_ []byte) bool { return false }

func (f *h264) add(frame, payload []byte, first bool) ([]byte, bool) {
	if payload[0]&0x80 != 0 { // forbidden_zero_bit
		return frame, false
	}
	kind := payload[0] & 0x1f
	if f.inUnit && kind != naluFUA {
		return frame, false
	}
	switch {
	case kind == naluFUA:
		return f.addFragment(frame, payload, first)
	case kind == naluSTAPA:
		rest := payload[1:]
		for len(rest) > 0 {
			if len(rest) < 3 {
				return frame, false
			}
			size := int(binary.BigEndian.Uint16(rest))
			rest = rest[2:]
			if size == 0 || size > len(rest) || first && !startsUnit(rest[:size]) {
				return frame, false
			}
			frame = f.addUnit(frame, rest[:size])
			rest, first = rest[size:], false
		}
		return frame, true
	case kind == 0 || kind > 23:
		return frame, false
	case first && !startsUnit(payload):
		return frame, false
	}
	return f.addUnit(frame, payload), true
}

// addFragment takes an FU-A (RFC 6184, 5.8).
func (f *h264) addFragment(frame, payload []byte, first bool) ([]byte, bool) {
	const start, end = 0x80, 0x40
	if len(payload) < 3 {
		return frame, false
	}
	flags := payload[1]
	unit := payload[0]&0xe0 | flags&0x1f
	begins := flags&start != 0
	if begins == f.inUnit {
		return frame, false
	}
	if begins {
		if first && !startsUnit([]byte{unit, payload[2]}) {
			return frame, false
		}
		frame = append(append(frame, startCode...), unit)
	}
	f.inUnit = flags&end == 0
	return append(frame, payload[2:]...), true
}

// startsUnit reports whether an access unit can begin with this NAL unit: with a slice only when it holds the first
// macroblock, because otherwise a packet before it was lost (H.264, 7.3.3: first_mb_in_slice is 0, coded as one bit 1).
func startsUnit(nalu []byte) bool {
	switch nalu[0] & 0x1f {
	case naluSlice, naluIDR:
		return len(nalu) > 1 && nalu[1]&0x80 != 0
	case naluSEI, naluSPS, naluPPS, naluAUD:
		return true
	}
	return false
}

func (f *h264) addUnit(frame, nalu []byte) []byte {
	if kind := nalu[0] & 0x1f; kind == naluSPS || kind == naluPPS {
		if kind == naluSPS {
			f.parameterSets = f.parameterSets[:0]
		}
		if len(f.parameterSets)+len(nalu) <= maxParameterSets {
			f.parameterSets = append(append(f.parameterSets, startCode...), nalu...)
		}
	}
	return append(append(frame, startCode...), nalu...)
}

// finish looks for an IDR picture, and puts the parameter sets before it when they came earlier.
func (f *h264) finish(frame []byte) ([]byte, header, bool) {
	if f.inUnit {
		return nil, header{}, false
	}
	var idr bool
	var sps []byte
	for nalu := range units(frame) {
		switch nalu[0] & 0x1f {
		case naluIDR:
			idr = true
		case naluSPS:
			sps = nalu
		}
	}
	if !idr {
		return frame, header{}, true
	}
	if sps == nil {
		for nalu := range units(f.parameterSets) {
			if nalu[0]&0x1f == naluSPS {
				sps = nalu
			}
		}
		frame = append(bytes.Clone(f.parameterSets), frame...)
	}
	width, height, ok := spsSize(sps)
	return frame, header{key: true, width: width, height: height}, ok
}

// units walks over the NAL units of an Annex B byte string that was made here, with start codes of four bytes.
// A payload may hold a start code of its own; then what follows counts as a unit, as it will for the decoder.
func units(annexB []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		rest, found := bytes.CutPrefix(annexB, startCode)
		for found {
			var nalu []byte
			nalu, rest, found = bytes.Cut(rest, startCode)
			if len(nalu) > 0 && !yield(nalu) {
				return
			}
		}
	}
}
