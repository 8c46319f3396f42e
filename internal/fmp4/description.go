package fmp4

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/klatch/klatch/internal/payload"
)

// description is a sample description of H.264: what decoders must know of the pictures that refer to it.
type description struct {
	sps, pps [][]byte
	size     payload.Size
}

// maxDescriptions of a track. A sender with more sizes, or with other parameters in each key frame, has the rest of its
// pictures refer to the last: their parameter sets come with them anyway.
const maxDescriptions = 64

const (
	nalSPS = 7
	nalPPS = 8
)

func (d description) equals(other description) bool {
	return slices.EqualFunc(d.sps, other.sps, bytes.Equal) && slices.EqualFunc(d.pps, other.pps, bytes.Equal)
}

// add takes a parameter set; other units are ignored.
func (d *description) add(unit []byte) {
	if len(unit) == 0 {
		return
	}
	switch unit[0] & 0x1f {
	case nalSPS:
		if size, ok := payload.ReadSPS(unit); ok && len(d.sps) < 31 { // which avcC has room for
			d.sps, d.size = append(d.sps, unit), size
		}
	case nalPPS:
		if len(d.pps) < 255 {
			d.pps = append(d.pps, unit)
		}
	}
}

// describedBy returns what an AVCDecoderConfigurationRecord has (ISO/IEC 14496-15, 5.3.3.1).
func describedBy(avcC []byte) (d description) {
	f := (box{kind: "avcC", body: avcC}).fields()
	f.skip(5)
	sets := int(f.u8() & 0x1f)
	for range 2 {
		for range sets {
			size := int(f.u16())
			if f.short || size > len(f.left) {
				return d
			}
			d.add(f.left[:size])
			f.skip(size)
		}
		sets = int(f.u8())
	}
	return d
}

// avcC returns the AVCDecoderConfigurationRecord; like is another one of the track, whose size of lengths it has.
func (d description) avcC(like []byte) []byte {
	last := d.sps[len(d.sps)-1]
	out := []byte{1, last[1], last[2], last[3], like[4], 0xe0 | byte(len(d.sps))}
	put := func(sets [][]byte) {
		for _, set := range sets {
			out = binary.BigEndian.AppendUint16(out, uint16(len(set))) // a parameter set is shorter
			out = append(out, set...)
		}
	}
	put(d.sps)
	out = append(out, byte(len(d.pps)))
	put(d.pps)
	return out
}

// setsOf returns the parameter sets of a frame.
func (s *samples) setsOf(frame []byte) (d description) {
	lengthSize := int(s.avcC[4]&3) + 1
	for len(frame) > lengthSize {
		size := 0
		for _, b := range frame[:lengthSize] {
			size = size<<8 | int(b)
		}
		frame = frame[lengthSize:]
		if size > len(frame) {
			break
		}
		d.add(frame[:size])
		frame = frame[size:]
	}
	return d
}

// describe makes the samples that follow refer to the description that the parameter sets of a key frame need, which is
// added where it is new. A kind of set that the frame does not have stays.
func (s *samples) describe(frame []byte) {
	d := s.setsOf(frame)
	now := s.descriptions[s.description]
	if len(d.sps) == 0 {
		d.sps, d.size = now.sps, now.size
	}
	if len(d.pps) == 0 {
		d.pps = now.pps
	}
	at := slices.IndexFunc(s.descriptions, d.equals)
	if at < 0 {
		if len(s.descriptions) == maxDescriptions {
			return
		}
		s.descriptions = append(s.descriptions, d.clone())
		at = len(s.descriptions) - 1
	}
	s.description = at
}

// size is that of the largest pictures; zero where it is not known.
func (s *samples) size() (largest payload.Size) {
	for _, d := range s.descriptions {
		if int(d.size.Width)*int(d.size.Height) > int(largest.Width)*int(largest.Height) {
			largest = d.size
		}
	}
	return largest
}

// stsd returns the box with all descriptions. The first is that of the initialization segment.
func (s *samples) stsd(first box) ([]byte, error) {
	if len(s.descriptions) < 2 {
		return pack("stsd", first.body), nil
	}
	list, err := children("stsd", first.body[8:])
	if err != nil {
		return nil, err
	}
	entry := list[0]
	parts := [][]byte{be32(0, uint32(len(s.descriptions))), pack(entry.kind, entry.body)} // few
	for _, d := range s.descriptions[1:] {
		own, err := d.entry(entry, s.avcC)
		if err != nil {
			return nil, err
		}
		parts = append(parts, own)
	}
	return pack("stsd", parts...), nil
}
