package payload

// VP9Descriptor is the payload descriptor of VP9 (RFC 9628, section 4.2).
type VP9Descriptor struct {
	Start, End        bool // B, E: of the frame of a layer
	InterPicture      bool // P
	NotLayerReference bool // Z: no higher spatial layer of the picture refers to this one
	Flexible          bool // F
	PictureID         uint16
	// PictureIDBits is 7 or 15, 0 without a picture id, which begins at the byte PictureIDAt.
	PictureIDBits, PictureIDAt uint8
	TL0PICIDX                  uint8
	TL0PICIDXAt                uint8 // 0: there is none
	HasLayers                  bool  // L
	Temporal, Spatial          uint8
	SwitchUp                   bool // U
	InterLayer                 bool // D
	// PictureDiffs are P_DIFF of the flexible mode.
	PictureDiffs     [3]uint8
	PictureDiffCount uint8
	// HasStructure: the scalability structure is here, with SpatialLayers, of which the first have their size in Sizes
	// if HasSizes, and with a group of Pictures, 0 for none.
	HasStructure, HasSizes bool
	SpatialLayers          uint8
	Sizes                  [MaxSpatial]Size
	Pictures               uint8
	Length                 int // bytes of the descriptor
}

// ParseVP9 reads the descriptor of a payload. It is false for one that is cut off, or has nothing behind it.
func ParseVP9(b []byte) (d VP9Descriptor, ok bool) {
	if len(b) < 2 {
		return d, false
	}
	const (
		pictureID = 0x80
		inter     = 0x40
		layers    = 0x20
		flexible  = 0x10
		start     = 0x08
		end       = 0x04
		structure = 0x02
		notLayer  = 0x01
	)
	flags := b[0]
	d.Start, d.End = flags&start != 0, flags&end != 0
	d.InterPicture, d.Flexible, d.NotLayerReference = flags&inter != 0, flags&flexible != 0, flags&notLayer != 0
	at := 1
	if flags&pictureID != 0 {
		d.PictureIDAt, d.PictureIDBits, d.PictureID = uint8(at), 7, uint16(b[at]&0x7f)
		if b[at]&0x80 != 0 { // M
			if at++; len(b) <= at {
				return d, false
			}
			d.PictureIDBits, d.PictureID = 15, d.PictureID<<8|uint16(b[at])
		}
		at++
	}
	if flags&layers != 0 {
		if len(b) <= at {
			return d, false
		}
		d.HasLayers = true
		d.Temporal, d.SwitchUp = b[at]>>5, b[at]&0x10 != 0
		d.Spatial, d.InterLayer = b[at]>>1&7, b[at]&1 != 0
		at++
		if !d.Flexible {
			if len(b) <= at {
				return d, false
			}
			d.TL0PICIDXAt, d.TL0PICIDX = uint8(at), b[at]
			at++
		}
	}
	if d.Flexible && d.InterPicture {
		for more := true; more; at++ {
			if len(b) <= at || int(d.PictureDiffCount) == len(d.PictureDiffs) {
				return d, false
			}
			d.PictureDiffs[d.PictureDiffCount] = b[at] >> 1
			d.PictureDiffCount++
			more = b[at]&1 != 0 // N
		}
	}
	if flags&structure != 0 {
		if at, ok = d.parseStructure(b, at); !ok {
			return d, false
		}
	}
	d.Length = at
	return d, len(b) > at
}

// parseStructure reads the scalability structure (RFC 9628, section 4.2.1), and returns where it ends.
func (d *VP9Descriptor) parseStructure(b []byte, at int) (end int, ok bool) {
	if len(b) <= at {
		return at, false
	}
	head := b[at]
	at++
	d.HasStructure, d.SpatialLayers = true, head>>5+1
	if d.HasSizes = head&0x10 != 0; d.HasSizes { // Y
		if len(b) < at+4*int(d.SpatialLayers) {
			return at, false
		}
		for i := range int(d.SpatialLayers) {
			if i < MaxSpatial {
				d.Sizes[i] = Size{uint16(b[at])<<8 | uint16(b[at+1]), uint16(b[at+2])<<8 | uint16(b[at+3])}
			}
			at += 4
		}
	}
	if head&0x08 != 0 { // G
		if len(b) <= at {
			return at, false
		}
		d.Pictures = b[at]
		at++
		for range d.Pictures {
			if len(b) <= at {
				return at, false
			}
			at += 1 + int(b[at]>>2&3) // TID, U, R; R times P_DIFF
		}
	}
	return at, len(b) >= at
}

// ReadVP9Frame reads the beginning of the uncompressed header of a frame (VP9 bitstream specification, section 6.2):
// whether it is a key frame, and then its size. It is false for what is no frame or is cut off.
func ReadVP9Frame(frame []byte) (key bool, size Size, ok bool) {
	r := bits{data: frame}
	if r.read(2) != 2 { // frame_marker
		return false, Size{}, false
	}
	profile := r.read(1) | r.read(1)<<1
	if profile == 3 {
		r.read(1)
	}
	if r.read(1) == 1 { // show_existing_frame
		return false, Size{}, !r.short
	}
	if inter := r.read(1) == 1; inter {
		return false, Size{}, !r.short
	}
	r.read(2)                   // show_frame, error_resilient_mode
	if r.read(24) != 0x498342 { // frame_sync_code
		return false, Size{}, false
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
	width, height := r.read(16)+1, r.read(16)+1
	if width > 0xffff || height > 0xffff {
		return true, Size{}, false
	}
	return true, Size{uint16(width), uint16(height)}, !r.short
}

func (p *Parser) parseVP9(b []byte, f *Facts) {
	d, ok := ParseVP9(b)
	if !ok {
		return
	}
	f.FrameStart, f.FrameEnd = d.Start, d.End
	f.PictureID, f.PictureIDBits, f.PictureIDAt = d.PictureID, d.PictureIDBits, d.PictureIDAt
	f.TL0PICIDX, f.TL0PICIDXAt = d.TL0PICIDX, d.TL0PICIDXAt
	f.Spatial, f.HasSpatial, f.Temporal, f.HasTemporal = d.Spatial, d.HasLayers, d.Temporal, d.HasLayers
	f.SwitchUp, f.InterLayer, f.InterPicture = d.SwitchUp, d.InterLayer, d.InterPicture
	f.OwnLayer = d.NotLayerReference
	f.KeyFrame = d.Start && !d.InterPicture && d.Spatial == 0
	if d.HasSizes {
		f.Sizes, f.SizeCount = d.Sizes, min(d.SpatialLayers, MaxSpatial)
		if d.Spatial < f.SizeCount {
			f.Size = d.Sizes[d.Spatial]
		}
	}
	if d.Start && !d.InterPicture {
		if _, size, ok := ReadVP9Frame(b[d.Length:]); ok && size != (Size{}) {
			f.Size = size
		}
	}
}
