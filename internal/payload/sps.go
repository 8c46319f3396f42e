package payload

import "bytes"

// maxSide is the widest and highest picture of an SPS that is believed: 8K.
const maxSide = 8192

// ReadSPS reads the size of the pictures from a sequence parameter set (H.264, 7.3.2.1.1 and 7.4.2.1.1).
func ReadSPS(nalu []byte) (size Size, ok bool) {
	if len(nalu) < 5 {
		return Size{}, false
	}
	// Emulation prevention bytes are not part of the syntax (7.3.1).
	r := bits{data: bytes.ReplaceAll(nalu[1:], []byte{0, 0, 3}, []byte{0, 0})}
	profile := r.read(8)
	r.read(16) // constraint flags, level_idc
	r.ue()     // seq_parameter_set_id
	chroma := uint32(1)
	planes := false
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		chroma = r.ue()
		if chroma == 3 {
			planes = r.read(1) == 1
		}
		r.ue()              // bit_depth_luma_minus8
		r.ue()              // bit_depth_chroma_minus8
		r.read(1)           // qpprime_y_zero_transform_bypass_flag
		if r.read(1) == 1 { // seq_scaling_matrix_present_flag
			skipScalingLists(&r, chroma)
		}
	}
	r.ue() // log2_max_frame_num_minus4
	switch r.ue() {
	case 0:
		r.ue() // log2_max_pic_order_cnt_lsb_minus4
	case 1:
		r.read(1)
		r.se()
		r.se()
		n := r.ue()
		for range min(n, 255) {
			r.se()
		}
	}
	r.ue()    // max_num_ref_frames
	r.read(1) // gaps_in_frame_num_value_allowed_flag
	columns, rows := r.ue()+1, r.ue()+1
	frameOnly := r.read(1)
	if frameOnly == 0 {
		r.read(1) // mb_adaptive_frame_field_flag
	}
	r.read(1) // direct_8x8_inference_flag
	if columns > maxSide/16 || rows > maxSide/16 {
		return Size{}, false
	}
	width, height := int(columns)*16, int(rows)*16*int(2-frameOnly)
	if r.read(1) == 1 {
		unitX, unitY := 1, int(2-frameOnly)
		if !planes && (chroma == 1 || chroma == 2) {
			unitX = 2
		}
		if !planes && chroma == 1 {
			unitY *= 2
		}
		left, right, top, bottom := r.ue(), r.ue(), r.ue(), r.ue()
		if max(left, right, top, bottom) > maxSide {
			return Size{}, false
		}
		width -= unitX * int(left+right)
		height -= unitY * int(top+bottom)
	}
	if r.short || width <= 0 || height <= 0 || width > maxSide || height > maxSide {
		return Size{}, false
	}
	return Size{uint16(width), uint16(height)}, true
}

// skipScalingLists passes over the scaling lists (H.264, 7.3.2.1.1.1).
func skipScalingLists(r *bits, chroma uint32) {
	lists := 8
	if chroma == 3 {
		lists = 12
	}
	for i := range lists {
		if r.read(1) == 0 {
			continue
		}
		size := 16
		if i >= 6 {
			size = 64
		}
		last, next := int32(8), int32(8)
		for range size {
			if next != 0 {
				next = (last + r.se() + 256) & 0xff
			}
			if next != 0 {
				last = next
			}
		}
	}
}
