package depacket

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// NAL unit types of H.264 (table 7-1) and of RFC 6184 (table 1).
const (
	naluSlice  = 1
	naluIDR    = 5
	naluSEI    = 6
	naluSPS    = 7
	naluPPS    = 8
	naluAUD    = 9
	naluPrefix = 14
	naluSTAPA  = 24
	naluFUA    = 28
)

var startCode = []byte{0, 0, 0, 1}

// maxParameterSets bounds what is remembered of parameter sets, in bytes.
const maxParameterSets = 16 << 10

// h264 follows RFC 6184: single NAL units, STAP-A and FU-A, which are all that packetization modes 0 and 1 allow.
// It remembers the parameter sets, since a sender may send them once and a fresh decoder needs them with its key picture.
type h264 struct {
	sequence, picture []parameterSet // SPS and PPS, in the order in which they first came
	inUnit            bool           // a fragmented unit has begun and not ended
}

// parameterSet is a NAL unit that later pictures refer to by its id.
type parameterSet struct {
	id   uint32
	nalu []byte
}

// remember keeps a parameter set; a newer one of the same id takes its place.
func (f *h264) remember(nalu []byte) {
	list := &f.picture
	id := bits{data: nalu[1:]}
	if nalu[0]&0x1f == naluSPS {
		list = &f.sequence
		id.read(24) // profile_idc, constraint flags, level_idc
	}
	set := parameterSet{id.ue(), bytes.Clone(nalu)}
	size := len(nalu)
	for _, known := range f.sequence {
		size += len(known.nalu)
	}
	for _, known := range f.picture {
		size += len(known.nalu)
	}
	if i := slices.IndexFunc(*list, func(known parameterSet) bool { return known.id == set.id }); i >= 0 {
		(*list)[i] = set
	} else if !id.short && size <= maxParameterSets {
		*list = append(*list, set)
	}
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
	return nalu[0]&0x1f >= naluPrefix && nalu[0]&0x1f <= 18 // 7.4.1.2.3
}

func (f *h264) addUnit(frame, nalu []byte) []byte {
	return append(append(frame, startCode...), nalu...)
}

// finish looks for a picture with which decoding can begin, and puts the parameter sets before it when they came earlier.
func (f *h264) finish(frame []byte) ([]byte, header, bool) {
	if f.inUnit {
		return nil, header{}, false
	}
	var idr, recovery, coded, others bool
	var hasSPS, hasPPS bool
	for nalu := range units(frame) {
		switch nalu[0] & 0x1f {
		case naluIDR:
			idr, coded = true, true
		case naluSlice:
			coded = true
			others = others || !intraOnly(nalu)
		case naluSEI:
			recovery = recovery || recoveryPoint(nalu)
		case naluSPS:
			hasSPS = true
			f.remember(nalu)
		case naluPPS:
			hasPPS = true
			f.remember(nalu)
		}
	}
	if !coded {
		return frame, header{empty: true}, true
	}
	if !idr && !recovery && others {
		return frame, header{}, true
	}
	if len(f.sequence) == 0 || len(f.picture) == 0 {
		return nil, header{}, false // it cannot be decoded
	}
	if !hasSPS || !hasPPS {
		var sets []byte
		missing := [][]parameterSet{f.sequence, f.picture}
		if hasSPS {
			missing = missing[1:]
		} else if hasPPS {
			missing = missing[:1]
		}
		for _, list := range missing {
			for _, set := range list {
				sets = append(append(sets, startCode...), set.nalu...)
			}
		}
		frame = append(sets, frame...)
	}
	width, height, ok := spsSize(f.sequence[len(f.sequence)-1].nalu)
	return frame, header{key: true, width: width, height: height}, ok
}

// recoveryPoint reports whether an SEI says that a decoder that begins here comes to right pictures (H.264, D.1.8): the way of senders
// that refresh pictures bit by bit, without IDR.
func recoveryPoint(nalu []byte) bool {
	const payloadRecoveryPoint = 6
	for rest := nalu[1:]; len(rest) > 1 && rest[0] != 0x80; { // rbsp_trailing_bits
		kind, size := 0, 0
		for _, number := range []*int{&kind, &size} {
			for len(rest) > 0 && rest[0] == 0xff {
				*number += 0xff
				rest = rest[1:]
			}
			if len(rest) == 0 {
				return false
			}
			*number += int(rest[0])
			rest = rest[1:]
		}
		if kind == payloadRecoveryPoint {
			return true
		}
		rest = rest[min(size, len(rest)):]
	}
	return false
}

// intraOnly reports whether a slice says that all slices of its picture are I (H.264, table 7-6).
func intraOnly(slice []byte) bool {
	const allI = 7
	r := bits{data: slice[1:]}
	r.ue() // first_mb_in_slice
	return r.ue() == allI && !r.short
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
