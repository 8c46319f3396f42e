package payload

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// NAL unit types of H.264 (table 7-1) and of RFC 6184 (table 1).
const (
	NALUSlice  = 1
	NALUIDR    = 5
	NALUSEI    = 6
	NALUSPS    = 7
	NALUPPS    = 8
	NALUAUD    = 9
	NALUPrefix = 14
	NALUSTAPA  = 24
	NALUFUA    = 28
)

const nalFUB = 29

const (
	maxPPS     = 4
	maxSetSize = 512  // bytes; usual ones have 10 to 40
	maxSets    = 1100 // bytes of the payload with all sets
)

// h264 finds where a receiver can begin in a stream of H264: at the first packet of an access unit with an IDR picture.
// Senders may repeat the parameter sets that the picture needs in each such unit, or send them once and never again
// (RFC 6184, section 8.4), so the last ones are kept for receivers who come later.
type h264 struct {
	begun bool
	unit  uint32 // timestamp of the access unit that has last begun as a key frame
	sps   []byte
	size  Size           // of sps
	pps   [maxPPS][]byte // pictures may use one or another
	sets  []byte         // sps and pps as one payload, which never changes; nil: not known
}

// units is what scan finds in a payload.
type units struct {
	sps, idr  bool
	reference bool // nal_ref_idc is not 0 in one of them
}

func (p *Parser) parseH264(b []byte, f *Facts) {
	h := &p.h264
	found := h.scan(b)
	f.FrameStart, f.FrameEnd = p.newer, f.Marker
	f.Discardable = !found.reference
	f.InterPicture = !found.idr && !found.sps
	if found.sps {
		f.Size = h.size
	}
	if !found.sps && !found.idr || h.begun && h.unit == f.RTPTime {
		return
	}
	if !found.sps {
		if h.sets == nil {
			return // nobody could decode it
		}
		f.Sets, f.Size = h.sets, h.size
	}
	h.begun, h.unit = true, f.RTPTime
	f.KeyFrame = true
}

// scan looks at the NAL units of a payload and keeps parameter sets.
func (h *h264) scan(b []byte) (found units) {
	if len(b) < 2 {
		return found
	}
	found.reference = b[0]&0x60 != 0
	switch b[0] & 0x1f {
	case NALUSTAPA: // RFC 6184, section 5.7.1
		for rest := b[1:]; len(rest) > 2; {
			size := int(binary.BigEndian.Uint16(rest))
			if size == 0 || len(rest) < 2+size {
				break
			}
			h.look(rest[2:2+size], &found)
			rest = rest[2+size:]
		}
	case NALUFUA, nalFUB: // section 5.8: bit S on the first fragment
		first, kind := b[1]&0x80 != 0, b[1]&0x1f
		found.sps, found.idr = first && kind == NALUSPS, first && kind == NALUIDR
	default:
		h.look(b, &found)
	}
	return found
}

// look looks at one NAL unit.
func (h *h264) look(unit []byte, found *units) {
	switch unit[0] & 0x1f {
	case NALUIDR:
		found.idr = true
	case NALUSPS:
		found.sps = true
		h.keep(unit)
	case NALUPPS:
		h.keep(unit)
	}
}

// keep remembers a parameter set. It allocates only for one that is new.
func (h *h264) keep(unit []byte) {
	if len(unit) < 2 || len(unit) > maxSetSize {
		return
	}
	if unit[0]&0x1f == NALUSPS {
		if len(unit) < 4 || bytes.Equal(h.sps, unit) {
			return
		}
		h.sps = bytes.Clone(unit)
		h.pps = [maxPPS][]byte{} // pictures of another size have their own
		h.size, _ = ReadSPS(unit)
	} else {
		slot, ok := ParameterSetID(unit)
		if !ok || slot >= maxPPS || bytes.Equal(h.pps[slot], unit) {
			return
		}
		h.pps[slot] = bytes.Clone(unit)
	}
	h.sets = h.aggregate()
}

// aggregate returns the sets as one STAP-A, nil when a set is missing.
func (h *h264) aggregate() []byte {
	units, pps := [][]byte{h.sps}, 0
	for _, set := range h.pps {
		if set != nil {
			units = append(units, set)
			pps++
		}
	}
	if h.sps == nil || pps == 0 {
		return nil
	}
	payload := []byte{h.sps[0]&0x60 | NALUSTAPA} // NRI of the most important unit
	for _, unit := range units {
		if len(payload)+2+len(unit) > maxSets {
			break
		}
		payload = append(payload, byte(len(unit)>>8), byte(len(unit)))
		payload = append(payload, unit...)
	}
	return payload
}

// Learn takes the parameter sets of an a=fmtp line, as "a=b;sprop-parameter-sets=…", for senders of H264 that put them
// nowhere else (RFC 6184, section 8.1).
func (p *Parser) Learn(fmtp string) {
	for param := range strings.SplitSeq(fmtp, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if !strings.EqualFold(key, "sprop-parameter-sets") {
			continue
		}
		for set := range strings.SplitSeq(value, ",") {
			unit, err := base64.StdEncoding.DecodeString(set)
			if err == nil && len(unit) > 1 && (unit[0]&0x1f == NALUSPS || unit[0]&0x1f == NALUPPS) {
				p.h264.keep(unit)
			}
		}
	}
}

// ParameterSetID returns the id of an SPS or a PPS (H.264, sections 7.3.2.1.1 and 7.3.2.2).
func ParameterSetID(nalu []byte) (id uint32, ok bool) {
	if len(nalu) == 0 {
		return 0, false
	}
	r := bits{data: nalu[1:]}
	if nalu[0]&0x1f == NALUSPS {
		r.read(24) // profile_idc, constraint flags, level_idc
	}
	id = r.ue()
	return id, !r.short
}

// IsIntraSlice reports whether a slice says that all slices of its picture are I (H.264, table 7-6).
func IsIntraSlice(nalu []byte) bool {
	const allI = 7
	if len(nalu) == 0 {
		return false
	}
	r := bits{data: nalu[1:]}
	r.ue() // first_mb_in_slice
	return r.ue() == allI && !r.short
}

// IsRecoveryPoint reports whether an SEI says that a decoder that begins here comes to right pictures (H.264, D.1.8).
// Senders that refresh pictures bit by bit, without IDR, send it.
func IsRecoveryPoint(nalu []byte) bool {
	const payloadRecoveryPoint = 6
	if len(nalu) == 0 {
		return false
	}
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

// StartsAccessUnit reports whether an access unit can begin with this NAL unit: with a slice only when it holds the
// first macroblock, because otherwise a packet before it was lost (H.264, 7.3.3: first_mb_in_slice is 0, coded as one
// bit 1).
func StartsAccessUnit(nalu []byte) bool {
	if len(nalu) == 0 {
		return false
	}
	switch nalu[0] & 0x1f {
	case NALUSlice, NALUIDR:
		return len(nalu) > 1 && nalu[1]&0x80 != 0
	case NALUSEI, NALUSPS, NALUPPS, NALUAUD:
		return true
	}
	return nalu[0]&0x1f >= NALUPrefix && nalu[0]&0x1f <= 18 // 7.4.1.2.3
}
