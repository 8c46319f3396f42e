package sfu

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// NAL unit types of H.264, table 7-1, and of RFC 6184, table 1.
const (
	nalIDR   = 5
	nalSPS   = 7
	nalPPS   = 8
	nalSTAPA = 24
	nalFUA   = 28
	nalFUB   = 29
)

// h264 finds where a receiver can begin in a stream of H264: at the first packet of an access unit with an IDR picture.
// Senders may repeat the parameter sets that the picture needs in each such unit, or send them once and never again
// (RFC 6184, section 8.4), so the last ones are kept for receivers who come later. Guarded by the fan of its stream.
type h264 struct {
	begun bool
	unit  uint32 // timestamp of the access unit that has last begun as a key frame
	sps   []byte
	pps   [maxPPS][]byte // pictures may use one or another
	sets  []byte         // sps and pps as one payload, which never changes; nil: not known
}

const (
	maxPPS     = 4
	maxSetSize = 512  // bytes; usual ones have 10 to 40
	maxSets    = 1100 // bytes of the payload with all sets
)

// look reports whether a packet begins a key frame, and which payload a receiver needs before it, nil for none.
func (h *h264) look(payload []byte, rtpTime uint32) (key bool, sets []byte) {
	sps, idr := h.scan(payload)
	if !sps && !idr || h.begun && h.unit == rtpTime {
		return false, nil
	}
	if !sps {
		if h.sets == nil {
			return false, nil // nobody could decode it
		}
		sets = h.sets
	}
	h.begun, h.unit = true, rtpTime
	return true, sets
}

// scan looks at the NAL units of a payload and keeps parameter sets.
func (h *h264) scan(b []byte) (sps, idr bool) {
	if len(b) < 2 {
		return false, false
	}
	switch b[0] & 0x1f {
	case nalIDR:
		return false, true
	case nalSPS:
		h.keep(b)
		return true, false
	case nalPPS:
		h.keep(b)
	case nalSTAPA: // RFC 6184, section 5.7.1
		for rest := b[1:]; len(rest) > 2; {
			size := int(rest[0])<<8 | int(rest[1])
			if size == 0 || len(rest) < 2+size {
				break
			}
			unit := rest[2 : 2+size]
			switch unit[0] & 0x1f {
			case nalIDR:
				idr = true
			case nalSPS:
				sps = true
				h.keep(unit)
			case nalPPS:
				h.keep(unit)
			}
			rest = rest[2+size:]
		}
	case nalFUA, nalFUB: // section 5.8: bit S on the first fragment
		first, kind := b[1]&0x80 != 0, b[1]&0x1f
		return first && kind == nalSPS, first && kind == nalIDR
	}
	return sps, idr
}

// keep remembers a parameter set. It allocates only for one that is new.
func (h *h264) keep(unit []byte) {
	if len(unit) < 2 || len(unit) > maxSetSize {
		return
	}
	if unit[0]&0x1f == nalSPS {
		if len(unit) < 4 || bytes.Equal(h.sps, unit) {
			return
		}
		h.sps = bytes.Clone(unit)
		h.pps = [maxPPS][]byte{} // pictures of another size have their own
	} else {
		// pic_parameter_set_id is ue(v) and comes first (H.264, section 7.3.2.2): its four values from 0 on have
		// distinct leading bits, 1, 010, 011 and 00100.
		slot := -1
		switch first := unit[1]; {
		case first&0x80 != 0:
			slot = 0
		case first&0xe0 == 0x40:
			slot = 1
		case first&0xe0 == 0x60:
			slot = 2
		case first&0xf8 == 0x20:
			slot = 3
		}
		if slot < 0 || bytes.Equal(h.pps[slot], unit) {
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
	payload := []byte{h.sps[0]&0x60 | nalSTAPA} // NRI of the most important unit
	for _, unit := range units {
		if len(payload)+2+len(unit) > maxSets {
			break
		}
		payload = append(payload, byte(len(unit)>>8), byte(len(unit)))
		payload = append(payload, unit...)
	}
	return payload
}

// learn takes the parameter sets of an a=fmtp line, for senders that put them nowhere else (RFC 6184, section 8.1).
func (h *h264) learn(fmtpLine string) {
	for set := range strings.SplitSeq(fmtp(fmtpLine, "sprop-parameter-sets"), ",") {
		unit, err := base64.StdEncoding.DecodeString(set)
		if err == nil && len(unit) > 1 && (unit[0]&0x1f == nalSPS || unit[0]&0x1f == nalPPS) {
			h.keep(unit)
		}
	}
}
