package depacket

import "github.com/pion/rtp/codecs"

// vp9 follows RFC 9628. Of a stream in several spatial layers it takes the lowest, which decodes by itself.
type vp9 struct{}

func (vp9) forget() {}

// layer is the spatial layer a payload belongs to.
func (vp9) layer(d *codecs.VP9Packet) uint8 {
	if d.L {
		return d.SID
	}
	return 0
}

func (f vp9) add(frame, payload []byte, first bool) ([]byte, bool) {
	var d codecs.VP9Packet
	data, err := d.Unmarshal(payload)
	if err != nil {
		return frame, false
	}
	if f.layer(&d) > 0 {
		return frame, true
	}
	if first && !d.B || len(data) == 0 {
		return frame, false
	}
	return append(frame, data...), true
}

// ends is where the lowest layer ends: the marker stands on the highest only (RFC 9628, 4.1).
func (f vp9) ends(payload []byte) bool {
	var d codecs.VP9Packet
	_, err := d.Unmarshal(payload)
	return err == nil && d.E && f.layer(&d) == 0
}

// finish reads the beginning of the uncompressed header (VP9 bitstream specification, 6.2).
func (vp9) finish(frame []byte) ([]byte, header, bool) {
	r := bits{data: frame}
	if r.read(2) != 2 { // frame_marker
		return nil, header{}, false
	}
	profile := r.read(1) | r.read(1)<<1
	if profile == 3 {
		r.read(1)
	}
	if r.read(1) == 1 { // show_existing_frame
		return frame, header{}, !r.short
	}
	if inter := r.read(1) == 1; inter {
		return frame, header{}, !r.short
	}
	r.read(2)                   // show_frame, error_resilient_mode
	if r.read(24) != 0x498342 { // frame_sync_code
		return nil, header{}, false
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
	return frame, h, !r.short
}
