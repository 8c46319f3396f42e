package fmp4

import "fmt"

// parseMoov reads the body of moov; Raw is for the caller to set.
func parseMoov(body []byte) (*Init, error) {
	moov := box{kind: "moov", body: body}
	list, err := children(moov.kind, moov.body)
	if err != nil {
		return nil, err
	}
	init := &Init{}
	for _, b := range list {
		if b.kind == "trak" {
			if err := init.parseTrak(b); err != nil {
				return nil, err
			}
		}
	}
	if len(init.tracks) == 0 {
		return nil, &FormatError{Box: "moov", Reason: "has no track"}
	}
	mvex, ok := first(list, "mvex")
	if !ok {
		return nil, &FormatError{Box: "moov", Reason: "has no mvex: not a fragmented file"}
	}
	if list, err = children(mvex.kind, mvex.body); err != nil {
		return nil, err
	}
	for _, b := range list {
		if b.kind != "trex" {
			continue
		}
		f := b.fields()
		f.full()
		t := init.track(f.u32())
		f.u32() // sample description index: each track has one
		duration, size, flags := f.u32(), f.u32(), f.u32()
		if err := f.err(); err != nil {
			return nil, err
		}
		if t != nil {
			t.duration, t.size, t.flags = duration, size, flags
		}
	}
	return init, nil
}

func (init *Init) track(id uint32) *track {
	for _, t := range init.tracks {
		if t.id == id {
			return t
		}
	}
	return nil
}

func (init *Init) parseTrak(trak box) error {
	tkhd, err := descend(trak, "tkhd")
	if err != nil {
		return err
	}
	f := tkhd.fields()
	version, _ := f.full()
	f.skip(timesSize(version))
	t := &track{id: f.u32()}
	if err := f.err(); err != nil {
		return err
	}
	if t.id == 0 || init.track(t.id) != nil {
		return &FormatError{Box: "tkhd", Reason: fmt.Sprintf("track id %d is zero or taken", t.id)}
	}

	mdhd, err := descend(trak, "mdia", "mdhd")
	if err != nil {
		return err
	}
	f = mdhd.fields()
	version, _ = f.full()
	f.skip(timesSize(version))
	t.timescale = f.u32()
	if err := f.err(); err != nil {
		return err
	}
	if t.timescale == 0 {
		return &FormatError{Box: "mdhd", Reason: "timescale is zero"}
	}

	stsd, err := descend(trak, "mdia", "minf", "stbl", "stsd")
	if err != nil {
		return err
	}
	f = stsd.fields()
	f.full()
	f.u32() // number of entries, which the boxes themselves show
	if err := f.err(); err != nil {
		return err
	}
	entries, err := children("stsd", f.left)
	if err != nil {
		return err
	}
	if len(entries) != 1 {
		return &FormatError{Box: "stsd", Reason: fmt.Sprintf("has %d sample descriptions, want one", len(entries))}
	}
	entry := entries[0]
	picture, sound := visual[entry.kind], audible[entry.kind]
	switch {
	case picture != nil && init.Video != nil:
		return &FormatError{Box: "moov", Reason: "has two video tracks"}
	case picture != nil:
		t.video = true
		init.Video, err = picture(entry)
	case sound != nil && init.Audio != nil:
		return &FormatError{Box: "moov", Reason: "has two audio tracks"}
	case sound != nil:
		init.Audio, err = sound(entry)
	default:
		return &FormatError{Box: "stsd", Reason: fmt.Sprintf("codec %q is none of avc1, vp09, mp4a, Opus", entry.kind)}
	}
	if err != nil {
		return err
	}
	init.tracks = append(init.tracks, t)
	return nil
}

// How the sample entry of each codec is read.
var (
	visual  = map[string]func(box) (*VideoConfig, error){"avc1": parseAVC1, "vp09": parseVP09}
	audible = map[string]func(box) (*AudioConfig, error){"mp4a": parseMP4A, "Opus": parseOpus}
)

// timesSize is the size of creation_time and modification_time.
func timesSize(version uint8) int {
	if version == 1 {
		return 16
	}
	return 8
}

// parseVisual reads a VisualSampleEntry, ISO/IEC 14496-12, 12.1.3, and returns the box of its codec that must be there.
func parseVisual(b box, codec string) (*VideoConfig, box, error) {
	f := b.fields()
	f.skip(24)
	v := &VideoConfig{Width: int(f.u16()), Height: int(f.u16())}
	f.skip(50) // resolution, frame count, compressor name, depth
	if err := f.err(); err != nil {
		return nil, box{}, err
	}
	config, err := descend(box{kind: b.kind, body: f.left}, codec)
	return v, config, err
}

// parseVP09 reads what the WebM project's "VP Codec ISO Media File Format Binding" has; its frames say what they are
// themselves.
func parseVP09(b box) (*VideoConfig, error) {
	v, _, err := parseVisual(b, "vpcC")
	return v, err
}

func parseAVC1(b box) (*VideoConfig, error) {
	v, avcC, err := parseVisual(b, "avcC")
	if err != nil {
		return nil, err
	}
	// ISO/IEC 14496-15, 5.3.3.1: six bytes up to the number of SPS, then at least one SPS and one PPS
	if len(avcC.body) < 7 || avcC.body[0] != 1 || avcC.body[5]&0x1f == 0 {
		return nil, &FormatError{Box: "avcC", Reason: "has no parameter sets"}
	}
	v.AVCC = avcC.body
	return v, nil
}

// parseAudible reads an AudioSampleEntry, ISO/IEC 14496-12, 12.2.3, and returns the box of its codec that must be
// there.
func parseAudible(b box, codec string) (box, error) {
	f := b.fields()
	f.skip(28)
	if err := f.err(); err != nil {
		return box{}, err
	}
	return descend(box{kind: b.kind, body: f.left}, codec)
}

// parseOpus reads Xiph's "Encapsulation of Opus in ISO Base Media File Format", section 4.3.2. Opus is always decoded
// at 48 kHz.
func parseOpus(b box) (*AudioConfig, error) {
	dOps, err := parseAudible(b, "dOps")
	if err != nil {
		return nil, err
	}
	if len(dOps.body) < 11 || dOps.body[0] != 0 || dOps.body[1] == 0 {
		return nil, &FormatError{Box: "dOps", Reason: "says of no channels"}
	}
	return &AudioConfig{Rate: 48000, Channels: int(dOps.body[1])}, nil
}

func parseMP4A(b box) (*AudioConfig, error) {
	esds, err := parseAudible(b, "esds")
	if err != nil {
		return nil, err
	}
	f := esds.fields()
	f.full()
	// ISO/IEC 14496-1, 7.2.6: ES_Descriptor > DecoderConfigDescriptor > DecoderSpecificInfo
	f = f.descriptor(0x03)
	f.u16() // ES_ID
	flags := f.u8()
	if flags&0x80 != 0 {
		f.u16() // depends on ES_ID
	}
	if flags&0x40 != 0 {
		f.skip(int(f.u8())) // URL
	}
	if flags&0x20 != 0 {
		f.u16() // OCR ES_ID
	}
	f = f.descriptor(0x04)
	f.skip(13) // object type, stream type, buffer size, bit rates
	f = f.descriptor(0x05)
	if err := f.err(); err != nil {
		return nil, err
	}
	return parseASC(f.left)
}

// descriptor enters the descriptor that must come next. A failure shows in the result's err.
func (f *fields) descriptor(tag uint8) *fields {
	got := f.u8()
	size := 0
	for i := range 4 {
		b := f.u8()
		size = size<<7 | int(b&0x7f)
		if b&0x80 == 0 {
			break
		}
		if i == 3 {
			f.short = true
		}
	}
	if f.short || got != tag || size > len(f.left) {
		return &fields{box: f.box, short: true}
	}
	return &fields{box: f.box, left: f.left[:size]}
}

// rates of samplingFrequencyIndex, ISO/IEC 14496-3, table 1.18.
var rates = [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// parseASC reads the first fields of an AudioSpecificConfig, ISO/IEC 14496-3, 1.6.2.1.
func parseASC(asc []byte) (*AudioConfig, error) {
	bad := &FormatError{Box: "esds", Reason: "AudioSpecificConfig is not one of AAC"}
	if len(asc) < 2 || len(asc) > 64 {
		return nil, bad
	}
	index := int(asc[0]&7)<<1 | int(asc[1]>>7)
	a := &AudioConfig{ASC: asc}
	switch {
	case index < len(rates):
		a.Rate, a.Channels = rates[index], int(asc[1]>>3&15)
	case index == 15 && len(asc) >= 5: // the rate itself in 24 bits
		a.Rate = int(asc[1]&0x7f)<<17 | int(asc[2])<<9 | int(asc[3])<<1 | int(asc[4]>>7)
		a.Channels = int(asc[4] >> 3 & 15)
	default:
		return nil, bad
	}
	if a.Channels == 7 {
		a.Channels = 8 // table 1.19: 7.1
	}
	if asc[0]>>3 == 0 || a.Rate == 0 || a.Channels == 0 || a.Channels > 8 {
		return nil, bad
	}
	return a, nil
}
