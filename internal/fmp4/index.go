package fmp4

import (
	"encoding/binary"
	"math"
	"slices"
	"time"
)

// Index notes where the samples of a file of fragments lie, so that the finished file can have sample tables: then it
// is an ordinary MP4, in which every player seeks at once. The fragments stay as they are; Plan says what becomes of
// the boxes around them. Pictures of H.264 whose key frames bring other parameter sets refer to a sample description of
// their own, so that players know each size before its first picture.
type Index struct {
	init   *Init
	tracks []*samples // as init.tracks
}

// samples are the tables of one track, in ticks of its timescale.
type samples struct {
	*track
	first     int64 // decoding time of the first
	next      int64 // end of the last
	last      int64 // decoding time of the last
	sizes     []uint32
	durations runs // stts
	offsets   runs // ctts
	moved     bool // a sample is shown at another time than it is decoded
	keys      []uint32
	chunks    []uint64
	perChunk  []uint32

	// of H.264, whose sender may change its size
	avcC         []byte // nil: another codec
	descriptions []description
	description  int   // of the samples that come
	ofChunk      []int // description of each chunk
}

// runs counts equal values in a row.
type runs []struct{ count, value uint32 }

func (r *runs) add(value uint32) {
	if n := len(*r); n > 0 && (*r)[n-1].value == value {
		(*r)[n-1].count++
		return
	}
	*r = append(*r, struct{ count, value uint32 }{1, value})
}

// NewIndex begins with the initialization segment.
func NewIndex(init *Init) *Index {
	x := &Index{init: init}
	for _, t := range init.tracks {
		s := &samples{track: t}
		if t.video && init.Video.AVCC != nil {
			s.avcC, s.descriptions = init.Video.AVCC, []description{describedBy(init.Video.AVCC)}
		}
		x.tracks = append(x.tracks, s)
	}
	return x
}

// Add notes a fragment whose moof begins at that offset of the file. Fragments come in their order.
func (x *Index) Add(f *Fragment, offset int64) {
	for _, r := range f.runs {
		for _, s := range x.tracks {
			if s.video == r.video {
				s.add(f, r, offset)
			}
		}
	}
}

func (s *samples) add(f *Fragment, r run, offset int64) {
	// The samples of a run lie one behind the other unless it has several truns.
	at := -1
	for _, e := range r.entries {
		dts := s.ticks(e.dts)
		if len(s.sizes) == 0 {
			s.first = dts
		} else {
			s.durations.add(between(s.last, dts))
		}
		dts = max(dts, s.last)
		if s.avcC != nil && e.key {
			s.describe(f.Raw[e.offset:][:e.size])
		}
		if n := len(s.ofChunk); e.offset != at || s.ofChunk[n-1] != s.description {
			s.ofChunk = append(s.ofChunk, s.description)
			s.chunks = append(s.chunks, uint64(offset)+uint64(e.offset)) // never negative
			s.perChunk = append(s.perChunk, 0)
		}
		s.perChunk[len(s.perChunk)-1]++
		at = e.offset + e.size
		s.sizes = append(s.sizes, uint32(e.size)) // a moof bounds it
		shift := int32(min(max(s.ticks(e.pts)-dts, math.MinInt32), math.MaxInt32))
		s.moved = s.moved || shift != 0
		s.offsets.add(uint32(shift)) // version 1 has a sign
		if e.key {
			s.keys = append(s.keys, uint32(len(s.sizes))) // counted from 1
		}
		s.last = dts
	}
	s.next = max(s.ticks(r.end), s.last)
}

// between is the duration of a sample: times do not go back.
func between(from, to int64) uint32 {
	return uint32(min(max(to-from, 0), math.MaxUint32)) // just bounded
}

// ticks is the inverse of track.at, which rounds down.
func (t *track) ticks(d time.Duration) int64 {
	scale := int64(t.timescale)
	seconds, rest := int64(d/time.Second), int64(d%time.Second)
	return seconds*scale + (rest*scale+int64(time.Second)/2)/int64(time.Second)
}

// Size returns the size of the largest pictures, in pixels; zero without pictures.
func (x *Index) Size() (width, height int) {
	if x.init.Video == nil {
		return 0, 0
	}
	for _, s := range x.tracks {
		if largest := s.size(); len(s.descriptions) > 1 {
			return int(largest.Width), int(largest.Height)
		}
	}
	return x.init.Video.Width, x.init.Video.Height
}

// Moov returns the box with the sample tables. It needs what Reader gave of the initialization segment.
func (x *Index) Moov() ([]byte, error) {
	var moov []byte
	for rest := x.init.Raw; len(rest) >= headerSize; {
		size := int(binary.BigEndian.Uint32(rest))
		if size < headerSize || size > len(rest) {
			return nil, &FormatError{Box: "moov", Reason: "is not whole"}
		}
		if string(rest[4:8]) == "moov" {
			moov = rest[headerSize:size]
		}
		rest = rest[size:]
	}
	list, err := children("moov", moov)
	if err != nil {
		return nil, err
	}
	header, ok := first(list, "mvhd")
	if !ok || len(header.body) < 100 || header.body[0] != 0 {
		return nil, &FormatError{Box: "moov", Reason: "has no mvhd of version 0"}
	}
	scale := int64(binary.BigEndian.Uint32(header.body[12:]))
	var out [][]byte
	longest := int64(0)
	for _, b := range list {
		if b.kind != "trak" {
			continue
		}
		trak, duration, err := x.trak(b, scale)
		if err != nil {
			return nil, err
		}
		longest = max(longest, duration)
		out = append(out, trak)
	}
	mvhd := slices.Clone(header.body)
	binary.BigEndian.PutUint32(mvhd[16:], uint32(min(longest, math.MaxUint32))) // just bounded
	return pack("moov", append([][]byte{pack("mvhd", mvhd)}, out...)...), nil
}

// trak returns a track with its tables, and its duration in the movie's timescale.
func (x *Index) trak(trak box, scale int64) ([]byte, int64, error) {
	list, err := children(trak.kind, trak.body)
	if err != nil {
		return nil, 0, err
	}
	tkhd, ok := first(list, "tkhd")
	if !ok || len(tkhd.body) < 84 || tkhd.body[0] != 0 {
		return nil, 0, &FormatError{Box: "trak", Reason: "has no tkhd of version 0"}
	}
	var s *samples
	for _, known := range x.tracks {
		if known.id == binary.BigEndian.Uint32(tkhd.body[12:]) {
			s = known
		}
	}
	mdia, ok := first(list, "mdia")
	if s == nil || !ok {
		return nil, 0, &FormatError{Box: "trak", Reason: "has no mdia"}
	}
	media, err := s.mdia(mdia)
	if err != nil {
		return nil, 0, err
	}
	of := func(ticks int64) int64 {
		return ticks/int64(s.timescale)*scale + ticks%int64(s.timescale)*scale/int64(s.timescale)
	}
	length := of(s.next - s.first)
	parts := [][]byte{nil}
	duration := length
	if s.first > 0 && len(s.sizes) > 0 {
		duration += of(s.first)
		parts = append(parts, pack("edts", pack("elst", be32(0, 2), // the time before, then the media (8.6.6)
			be32(uint32(of(s.first)), math.MaxUint32, 1<<16), be32(uint32(length), 0, 1<<16)))) // 49 days
	}
	header := slices.Clone(tkhd.body)
	if size := s.size(); len(s.descriptions) > 1 { // players scale all pictures to this size
		binary.BigEndian.PutUint32(header[76:], uint32(size.Width)<<16)
		binary.BigEndian.PutUint32(header[80:], uint32(size.Height)<<16)
	}
	binary.BigEndian.PutUint32(header[20:], uint32(min(duration, math.MaxUint32))) // just bounded
	parts[0] = pack("tkhd", header)
	return pack("trak", append(parts, media)...), duration, nil
}

func (s *samples) mdia(mdia box) ([]byte, error) {
	list, err := children(mdia.kind, mdia.body)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, b := range list {
		switch b.kind {
		case "mdhd":
			f := b.fields()
			version, _ := f.full()
			f.skip(timesSize(version) + 4) // and the timescale
			if version == 1 {
				f.skip(8)
			} else {
				f.skip(4)
			}
			language := f.u32()
			if err := f.err(); err != nil {
				return nil, err
			}
			// version 1: 32 bits of a video clock are 13 hours
			// never negative
			out = append(
				out,
				pack("mdhd", be32(1<<24), make([]byte, 16), be32(s.timescale), be64(uint64(s.next-s.first)), be32(language)),
			)
		case "minf":
			minf, err := s.minf(b)
			if err != nil {
				return nil, err
			}
			out = append(out, minf)
		default:
			out = append(out, pack(b.kind, b.body))
		}
	}
	return pack("mdia", out...), nil
}

func (s *samples) minf(minf box) ([]byte, error) {
	list, err := children(minf.kind, minf.body)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, b := range list {
		if b.kind != "stbl" {
			out = append(out, pack(b.kind, b.body))
			continue
		}
		stsd, err := descend(b, "stsd")
		if err != nil {
			return nil, err
		}
		descriptions, err := s.stsd(stsd)
		if err != nil {
			return nil, err
		}
		out = append(out, pack("stbl", append([][]byte{descriptions}, s.tables()...)...))
	}
	return pack("minf", out...), nil
}

// tables are those of ISO/IEC 14496-12, 8.6.1 and 8.7.
func (s *samples) tables() [][]byte {
	durations := s.durations
	if len(s.sizes) > 0 {
		durations = slices.Clone(durations)
		durations.add(between(s.last, s.next))
	}
	out := [][]byte{pack("stts", durations.box(0)...)}
	if s.moved {
		out = append(out, pack("ctts", s.offsets.box(1)...))
	}
	if s.video && len(s.keys) < len(s.sizes) {
		out = append(out, pack("stss", be32(0, uint32(len(s.keys))), be32(s.keys...))) // fewer than samples
	}
	var chunks []uint32 // first chunk, samples in each, description
	for i, n := range s.perChunk {
		if i == 0 || n != s.perChunk[i-1] || s.ofChunk[i] != s.ofChunk[i-1] {
			chunks = append(chunks, uint32(i+1), n, uint32(s.ofChunk[i]+1)) // fewer than samples
		}
	}
	out = append(out, pack("stsc", be32(0, uint32(len(chunks)/3)), be32(chunks...)), // fewer than samples
		pack("stsz", be32(0, 0, uint32(len(s.sizes))), be32(s.sizes...))) // as many as fit into memory
	if n := len(s.chunks); n > 0 && s.chunks[n-1] > math.MaxUint32 {
		return append(out, pack("co64", be32(0, uint32(n)), be64(s.chunks...))) // fewer than samples
	}
	short := make([]uint32, len(s.chunks))
	for i, at := range s.chunks {
		short[i] = uint32(at) // the last is the largest
	}
	return append(out, pack("stco", be32(0, uint32(len(short))), be32(short...))) // fewer than samples
}

func (r runs) box(version byte) [][]byte {
	body := make([]byte, 0, 8*len(r))
	for _, run := range r {
		body = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(body, run.count), run.value)
	}
	return [][]byte{be32(uint32(version)<<24, uint32(len(r))), body} // fewer than samples
}

// pack makes a box.
func pack(kind string, parts ...[]byte) []byte {
	size := headerSize
	for _, part := range parts {
		size += len(part)
	}
	out := binary.BigEndian.AppendUint32(make([]byte, 0, size), uint32(size)) // sample tables of weeks are smaller
	out = append(out, kind...)
	for _, part := range parts {
		out = append(out, part...)
	}
	return out
}

func be32(values ...uint32) []byte {
	out := make([]byte, 0, 4*len(values))
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

func be64(values ...uint64) []byte {
	out := make([]byte, 0, 8*len(values))
	for _, v := range values {
		out = binary.BigEndian.AppendUint64(out, v)
	}
	return out
}

// Lead is what a file of fragments begins with so that an Index can be put behind it later: the initialization
// segment with room for Whole, and where that room is.
func (init *Init) Lead() (lead []byte, room int64) {
	size := len(init.Raw)
	if n := int(binary.BigEndian.Uint32(init.Raw)); string(init.Raw[4:8]) == "ftyp" && n <= size {
		size = n
	} else {
		size = 0
	}
	lead = append(slices.Clone(init.Raw[:size]), pack("free", make([]byte, 8))...)
	return append(lead, init.Raw[size:]...), int64(size)
}

// Whole goes into the room once the Moov stands at that offset behind the last fragment: it makes all between them
// one box of samples, so that this moov is the only one.
func Whole(room, moov int64) []byte {
	return append(append(be32(1), "mdat"...), be64(uint64(moov-room))...) // never negative
}
