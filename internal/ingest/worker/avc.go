package worker

import (
	"errors"
	"fmt"
)

// errMedia is media that breaks the format of its codec or of FLV.
var errMedia = errors.New("malformed media")

// avcConfig is what a decoder needs before the pictures: the AVCDecoderConfigurationRecord of ISO/IEC 14496-15,
// 5.3.3.
type avcConfig struct {
	record     []byte // as it came
	lengthSize int    // bytes before each NAL unit
	parameters []byte // SPS and PPS, each behind a start code
	sps        spsFacts
}

var startCode = []byte{0, 0, 0, 1}

// Types of NAL units: ITU-T H.264, table 7-1.
const (
	nalIDR       = 5
	nalSPS       = 7
	nalPPS       = 8
	nalDelimiter = 9
	nalFiller    = 12
)

// maxNALUnits bounds the NAL units of a picture: no encoder has more slices than macroblock rows of 4K video, and
// SEI.
const maxNALUnits = 512

func parseAVCConfig(b []byte) (avcConfig, error) {
	if len(b) < 7 || b[0] != 1 {
		return avcConfig{}, fmt.Errorf("%w: no AVCDecoderConfigurationRecord", errMedia)
	}
	c := avcConfig{record: b, lengthSize: int(b[4]&3) + 1}
	rest := b[5:]
	for _, mask := range []byte{0x1f, 0xff} { // of the counts of SPS and PPS
		if len(rest) == 0 {
			return avcConfig{}, fmt.Errorf("%w: parameter sets are cut off", errMedia)
		}
		count := int(rest[0] & mask)
		rest = rest[1:]
		for range count {
			if len(rest) < 2 || len(rest)-2 < int(rest[0])<<8|int(rest[1]) {
				return avcConfig{}, fmt.Errorf("%w: parameter sets are cut off", errMedia)
			}
			size := int(rest[0])<<8 | int(rest[1])
			unit := rest[2 : 2+size]
			rest = rest[2+size:]
			if size == 0 {
				continue
			}
			c.parameters = append(append(c.parameters, startCode...), unit...)
			if unit[0]&0x1f == nalSPS {
				sps, err := parseSPS(unit)
				if err != nil {
					return avcConfig{}, err
				}
				c.sps = sps
			}
		}
	}
	if c.sps.profile == 0 {
		return avcConfig{}, fmt.Errorf("%w: no sequence parameter set", errMedia)
	}
	return c, nil
}

// annexB returns a picture with each NAL unit behind a start code, without delimiters and filling, and whether it can
// be decoded on its own; then parameter sets are in front.
func (c *avcConfig) annexB(b []byte) (picture []byte, key bool, err error) {
	parameters := false
	var units [][]byte
	for len(b) > 0 {
		if len(b) < c.lengthSize || len(units) == maxNALUnits {
			return nil, false, fmt.Errorf("%w: NAL units are cut off, or too many", errMedia)
		}
		size := 0
		for _, octet := range b[:c.lengthSize] {
			size = size<<8 | int(octet)
		}
		if b = b[c.lengthSize:]; size > len(b) {
			return nil, false, fmt.Errorf("%w: a NAL unit of %d bytes, of which %d are there", errMedia, size, len(b))
		}
		unit := b[:size]
		b = b[size:]
		if size == 0 {
			continue
		}
		switch unit[0] & 0x1f {
		case nalDelimiter, nalFiller:
			continue
		case nalSPS:
			parameters = true
			if _, err := parseSPS(unit); err != nil {
				return nil, false, err
			}
		case nalPPS:
			parameters = true
		case nalIDR:
			key = true
		}
		units = append(units, unit)
	}
	if key && !parameters {
		picture = append(picture, c.parameters...)
	}
	for _, unit := range units {
		picture = append(append(picture, startCode...), unit...)
	}
	return picture, key, nil
}

// spsFacts are what a sequence parameter set holds about whether browsers decode the video (7.3.2.1.1).
type spsFacts struct {
	profile, level int
	chroma         int // chroma_format_idc: 1 is 4:2:0
	depth          int // bits of a sample
	width, height  int
	interlaced     bool
}

// Profiles: A.2.
const (
	profileBaseline = 66
	profileMain     = 77
	profileHigh     = 100
)

// maxPixels is the size of the largest picture that is taken, that of level 5.2: decoders take memory by it.
const maxPixels = 4096 * 2304

// maxLevel is what decoders of browsers take; 5.2 is 4K at 60 pictures a second.
const maxLevel = 52

// foreign returns why browsers may not decode the video as it is; "" where they do.
func (f spsFacts) foreign() string {
	switch {
	case f.profile != profileBaseline && f.profile != profileMain && f.profile != profileHigh:
		return fmt.Sprintf("profile %d", f.profile)
	case f.chroma != 1 || f.depth != 8:
		return fmt.Sprintf("chroma format %d with %d bits", f.chroma, f.depth)
	case f.interlaced:
		return "interlaced video"
	case f.level > maxLevel:
		return fmt.Sprintf("level %d.%d", f.level/10, f.level%10)
	}
	return ""
}

func parseSPS(unit []byte) (spsFacts, error) {
	r := &bitReader{b: unescape(unit[1:])}
	f := spsFacts{profile: int(r.bits(8)), chroma: 1, depth: 8}
	r.bits(8) // constraint flags
	f.level = int(r.bits(8))
	r.ue() // seq_parameter_set_id
	switch f.profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		f.chroma = int(r.ue())
		if f.chroma == 3 {
			r.bits(1)
		}
		f.depth = 8 + int(r.ue())
		r.ue()
		r.bits(1)
		if r.bits(1) == 1 {
			r.scalingLists(f.chroma)
		}
	}
	r.ue() // log2_max_frame_num_minus4
	switch r.ue() {
	case 0:
		r.ue()
	case 1:
		r.bits(1)
		r.ue()
		r.ue()
		for range min(r.ue(), 255) {
			r.ue()
		}
	}
	r.ue() // max_num_ref_frames
	r.bits(1)
	f.width = 16 * (int(r.ue()) + 1)
	f.height = 16 * (int(r.ue()) + 1)
	f.interlaced = r.bits(1) == 0
	if r.short || f.width > 1<<16 || f.height > 1<<16 {
		return spsFacts{}, fmt.Errorf("%w: a sequence parameter set that cannot be read", errMedia)
	}
	if f.width*f.height > maxPixels {
		return spsFacts{}, fmt.Errorf("%w: pictures of %dx%d, larger than 4096x2304", errMedia, f.width, f.height)
	}
	return f, nil
}

// unescape removes the emulation prevention bytes of a NAL unit (7.4.1.1).
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	zeros := 0
	for _, octet := range b {
		if zeros >= 2 && octet == 3 {
			zeros = 0
			continue
		}
		if zeros++; octet != 0 {
			zeros = 0
		}
		out = append(out, octet)
	}
	return out
}

// bitReader reads the syntax elements of 7.2. Past the end it returns zeros, and short is set.
type bitReader struct {
	b     []byte
	at    int // bit
	short bool
}

func (r *bitReader) bits(n int) (v uint32) {
	for range n {
		v <<= 1
		if r.at>>3 >= len(r.b) {
			r.short = true
			continue
		}
		v |= uint32(r.b[r.at>>3]>>(7-r.at&7)) & 1
		r.at++
	}
	return v
}

// ue reads an unsigned Exp-Golomb code (9.1).
func (r *bitReader) ue() uint32 {
	zeros := 0
	for r.bits(1) == 0 {
		if zeros++; zeros > 31 || r.short {
			r.short = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.bits(zeros)
}

// scalingLists skips them (7.3.2.1.1.1).
func (r *bitReader) scalingLists(chroma int) {
	lists := 8
	if chroma == 3 {
		lists = 12
	}
	for i := range lists {
		if r.bits(1) == 0 {
			continue
		}
		size := 16
		if i >= 6 {
			size = 64
		}
		last, next := int32(8), int32(8)
		for range size {
			if next != 0 {
				code := r.ue()
				delta := int32(code+1) / 2 // se(v), 9.1.1
				if code&1 == 0 {
					delta = -delta
				}
				next = (last + delta + 256) & 0xff
			}
			if next != 0 {
				last = next
			}
		}
	}
}
