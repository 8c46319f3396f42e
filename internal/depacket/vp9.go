package depacket

import (
	"github.com/pion/rtp/codecs"
)

// maxLayers is how many spatial layers RFC 9628 knows (SID has three bits), and a superframe holds.
const maxLayers = 8

// vp9 follows RFC 9628. The pictures of all spatial layers of one moment make a superframe, of which decoders show the last: the largest.
type vp9 struct {
	top    uint8 // the highest layer of the last key picture: what comes above it cannot be decoded before the next
	widths [maxLayers]int
	height [maxLayers]int

	// Of the frame that is built.
	key    bool
	layer  uint8
	bounds []int // where the picture of each layer ends
	open   bool  // the picture of a layer has begun and not ended
}

func (f *vp9) forget() { f.key, f.layer, f.bounds, f.open = false, 0, f.bounds[:0], false }

// ends leaves it to the marker, which stands on the last packet of the highest layer (RFC 9628, section 4.1).
func (f *vp9) ends(_ []byte) bool { return false }

func (f *vp9) add(frame, payload []byte, first bool) ([]byte, bool) {
	var d codecs.VP9Packet
	data, err := d.Unmarshal(payload)
	if err != nil || len(data) == 0 {
		return frame, false
	}
	layer := uint8(0)
	if d.L {
		layer = d.SID
	}
	if d.V && d.Y {
		for i := range min(len(d.Width), len(d.Height), maxLayers) {
			f.widths[i], f.height[i] = int(d.Width[i]), int(d.Height[i])
		}
	}
	if first {
		if !d.B || layer > 0 { // the lowest carries the others
			return frame, false
		}
		f.key = !d.P
	}
	if !f.key && layer > f.top {
		return frame, true
	}
	switch {
	case d.B && (f.open || !first && layer <= f.layer), !d.B && (!f.open || layer != f.layer):
		return frame, false
	}
	if d.B {
		f.layer = layer
	}
	frame = append(frame, data...)
	f.open = !d.E
	if d.E {
		f.bounds = append(f.bounds, len(frame))
	}
	return frame, true
}

// finish reads the headers, and puts the index behind the pictures of several layers (VP9 bitstream specification, annex B).
func (f *vp9) finish(frame []byte) ([]byte, header, bool) {
	if f.open || len(f.bounds) == 0 {
		return nil, header{}, false
	}
	h, ok := readVP9(frame)
	if !ok {
		return nil, header{}, false
	}
	h.layers = len(f.bounds)
	if h.key {
		f.top = f.layer
	}
	if h.layers == 1 {
		return frame, h, true
	}
	if h.key {
		if f.widths[f.layer] > 0 && f.height[f.layer] > 0 {
			h.width, h.height = f.widths[f.layer], f.height[f.layer]
		}
		for _, begin := range f.bounds[:len(f.bounds)-1] {
			if upper, ok := readVP9(frame[begin:]); ok && upper.key { // it says for itself
				h.width, h.height = upper.width, upper.height
			}
		}
	}
	const sizeBytes = 4
	marker := byte(0xc0 | (sizeBytes-1)<<3 | (h.layers - 1))
	frame = append(frame, marker)
	begin := 0
	for _, end := range f.bounds {
		size := end - begin
		frame = append(frame, byte(size), byte(size>>8), byte(size>>16), byte(size>>24))
		begin = end
	}
	return append(frame, marker), h, true
}

// readVP9 reads the beginning of the uncompressed header (VP9 bitstream specification, 6.2).
func readVP9(frame []byte) (header, bool) {
	r := bits{data: frame}
	if r.read(2) != 2 { // frame_marker
		return header{}, false
	}
	profile := r.read(1) | r.read(1)<<1
	if profile == 3 {
		r.read(1)
	}
	if r.read(1) == 1 { // show_existing_frame
		return header{}, !r.short
	}
	if inter := r.read(1) == 1; inter {
		return header{}, !r.short
	}
	r.read(2)                   // show_frame, error_resilient_mode
	if r.read(24) != 0x498342 { // frame_sync_code
		return header{}, false
	}
	const sRGB = 7
	if profile >= 2 {
		r.read(1) // ten_or_twelve_bit
	}
	if r.read(3) != sRGB {
		r.read(1) // color_range
		if profile&1 != 0 {
			r.read(3) // subsampling_x, subsampling_y, reserved_zero
		}
	} else if profile&1 != 0 {
		r.read(1)
	}
	h := header{key: true, width: int(r.read(16)) + 1, height: int(r.read(16)) + 1}
	return h, !r.short
}
