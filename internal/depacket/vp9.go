package depacket

import "github.com/klatch/klatch/internal/payload"

// vp9 follows RFC 9628. The pictures of all spatial layers of one moment make a superframe, of which decoders show
// the last: the largest.
type vp9 struct {
	top   uint8 // the highest layer of the last key picture: what comes above it cannot be decoded before the next
	above bool  // a layer above top has come since
	sizes [payload.MaxSpatial]payload.Size

	// Of the frame that is built.
	key    bool
	layer  uint8
	bounds []int // where the picture of each layer ends
	open   bool  // the picture of a layer has begun and not ended
}

func (f *vp9) forget() { f.key, f.layer, f.bounds, f.open = false, 0, f.bounds[:0], false }

// ends leaves it to the marker, which stands on the last packet of the highest layer (RFC 9628, section 4.1).
func (f *vp9) ends(_ []byte) bool { return false }

// leavesOut: a sender that has more bandwidth adds a layer. With inter-layer prediction (L3T3) it does so between key
// pictures.
func (f *vp9) leavesOut() bool { return f.above }

func (f *vp9) add(frame, data []byte, first bool) ([]byte, bool) {
	d, ok := payload.ParseVP9(data)
	if !ok {
		return frame, false
	}
	layer := d.Spatial
	if d.HasSizes {
		f.sizes = d.Sizes
	}
	if first {
		// The lowest layer carries the others, but where they refer to it at key pictures alone it may be left out.
		if !d.Start || layer > 0 && (!d.InterPicture || d.InterLayer) {
			return frame, false
		}
		f.key = !d.InterPicture
	}
	if !f.key && layer > f.top {
		f.above = true
		return frame, true
	}
	switch {
	case d.Start && (f.open || !first && layer <= f.layer), !d.Start && (!f.open || layer != f.layer):
		return frame, false
	}
	if d.Start {
		f.layer = layer
	}
	frame = append(frame, data[d.Length:]...)
	f.open = !d.End
	if d.End {
		f.bounds = append(f.bounds, len(frame))
	}
	return frame, true
}

// finish reads the headers, and puts the index behind the pictures of several layers (VP9 bitstream specification,
// annex B).
func (f *vp9) finish(frame []byte) ([]byte, header, bool) {
	if f.open || len(f.bounds) == 0 {
		return nil, header{}, false
	}
	var h header
	var ok bool
	if h.key, h.size, ok = payload.ReadVP9Frame(frame); !ok {
		return nil, header{}, false
	}
	h.layers = len(f.bounds)
	if h.key {
		f.top, f.above = f.layer, false
	}
	if h.layers == 1 {
		return frame, h, true
	}
	if h.key {
		if int(f.layer) < len(f.sizes) && f.sizes[f.layer] != (payload.Size{}) {
			h.size = f.sizes[f.layer]
		}
		for _, begin := range f.bounds[:len(f.bounds)-1] {
			if key, size, ok := payload.ReadVP9Frame(frame[begin:]); ok && key { // it says for itself
				h.size = size
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
