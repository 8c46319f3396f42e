package depacket

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/klatch/klatch/internal/payload"
)

var startCode = []byte{0, 0, 0, 1}

// maxParameterSets bounds what is remembered of parameter sets, in bytes.
const maxParameterSets = 16 << 10

// h264 follows RFC 6184: single NAL units, STAP-A and FU-A, which are all that packetization modes 0 and 1 allow. It
// remembers the parameter sets, since a sender may send them once and a fresh decoder needs them with its key
// picture.
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
	if nalu[0]&0x1f == payload.NALUSPS {
		list = &f.sequence
	}
	id, ok := payload.ParameterSetID(nalu)
	set := parameterSet{id, bytes.Clone(nalu)}
	size := len(nalu)
	for _, known := range f.sequence {
		size += len(known.nalu)
	}
	for _, known := range f.picture {
		size += len(known.nalu)
	}
	if i := slices.IndexFunc(*list, func(known parameterSet) bool { return known.id == set.id }); i >= 0 {
		(*list)[i] = set
	} else if ok && size <= maxParameterSets {
		*list = append(*list, set)
	}
}

func (f *h264) forget()            { f.inUnit = false }
func (f *h264) ends(_ []byte) bool { return false }
func (f *h264) leavesOut() bool    { return false }

func (f *h264) add(frame, data []byte, first bool) ([]byte, bool) {
	if data[0]&0x80 != 0 { // forbidden_zero_bit
		return frame, false
	}
	kind := data[0] & 0x1f
	if f.inUnit && kind != payload.NALUFUA {
		return frame, false
	}
	switch {
	case kind == payload.NALUFUA:
		return f.addFragment(frame, data, first)
	case kind == payload.NALUSTAPA:
		rest := data[1:]
		for len(rest) > 0 {
			if len(rest) < 3 {
				return frame, false
			}
			size := int(binary.BigEndian.Uint16(rest))
			rest = rest[2:]
			if size == 0 || size > len(rest) || first && !payload.StartsAccessUnit(rest[:size]) {
				return frame, false
			}
			frame = f.addUnit(frame, rest[:size])
			rest, first = rest[size:], false
		}
		return frame, true
	case kind == 0 || kind > 23:
		return frame, false
	case first && !payload.StartsAccessUnit(data):
		return frame, false
	}
	return f.addUnit(frame, data), true
}

// addFragment takes an FU-A (RFC 6184, 5.8).
func (f *h264) addFragment(frame, data []byte, first bool) ([]byte, bool) {
	const start, end = 0x80, 0x40
	if len(data) < 3 {
		return frame, false
	}
	flags := data[1]
	unit := data[0]&0xe0 | flags&0x1f
	begins := flags&start != 0
	if begins == f.inUnit {
		return frame, false
	}
	if begins {
		if first && !payload.StartsAccessUnit([]byte{unit, data[2]}) {
			return frame, false
		}
		frame = append(append(frame, startCode...), unit)
	}
	f.inUnit = flags&end == 0
	return append(frame, data[2:]...), true
}

func (f *h264) addUnit(frame, nalu []byte) []byte {
	return append(append(frame, startCode...), nalu...)
}

// finish looks for a picture with which decoding can begin, and puts the parameter sets before it when they came
// earlier.
func (f *h264) finish(frame []byte) ([]byte, header, bool) {
	if f.inUnit {
		return nil, header{}, false
	}
	var idr, recovery, coded, others bool
	var hasSPS, hasPPS bool
	for nalu := range units(frame) {
		switch nalu[0] & 0x1f {
		case payload.NALUIDR:
			idr, coded = true, true
		case payload.NALUSlice:
			coded = true
			others = others || !payload.IsIntraSlice(nalu)
		case payload.NALUSEI:
			recovery = recovery || payload.IsRecoveryPoint(nalu)
		case payload.NALUSPS:
			hasSPS = true
			f.remember(nalu)
		case payload.NALUPPS:
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
	size, ok := payload.ReadSPS(f.sequence[len(f.sequence)-1].nalu)
	return frame, header{key: true, size: size}, ok
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
