package picture

import (
	"encoding/binary"
	"sync"
)

// Scale fills dst with the whole of src: a copy when the sizes are equal, bilinear otherwise, after halving by
// averages as often as src is at least twice as large, so that fine patterns do not flicker. To keep the aspect
// ratio choose the parts with Sub. dst and src must not share memory.
func Scale(dst, src *Picture) {
	if dst.Width == 0 || dst.Height == 0 || src.Width == 0 || src.Height == 0 {
		return
	}
	if dst.Width == src.Width && dst.Height == src.Height {
		copyPicture(dst, src)
		return
	}
	s := scratches.Get().(*scratch)
	to, from := dst.planes(), src.planes()
	for i := range to {
		s.scale(to[i], from[i])
	}
	scratches.Put(s)
}

// scratch is the working memory of one Scale: a halved plane, and two rows. It is kept because a canvas asks for the
// same sizes thirty times a second.
type scratch struct {
	halved []byte
	rows   [2][]byte
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func (s *scratch) scale(dst, src plane) {
	for src.width >= 2*dst.width && src.height >= 2*dst.height {
		half := plane{width: src.width / 2, height: src.height / 2, stride: src.width / 2}
		if half.width == dst.width && half.height == dst.height {
			halve(dst, src)
			return
		}
		// A second halving reads and writes the same memory: every sample is read before its place is written.
		s.halved = grown(s.halved, half.width*half.height)
		half.pix = s.halved
		halve(half, src)
		src = half
	}
	if dst.height > src.height {
		s.widenFirst(dst, src)
	} else {
		s.lowerFirst(dst, src)
	}
}

func grown(buf []byte, n int) []byte {
	if cap(buf) < n {
		return make([]byte, n)
	}
	return buf[:n]
}

// lowerFirst mixes two rows of src into one and then brings that to the new width: cheapest when rows become fewer.
func (s *scratch) lowerFirst(dst, src plane) {
	s.rows[0] = grown(s.rows[0], src.width)
	mixed := s.rows[0]
	at := newSteps(src.height, dst.height)
	for y := range dst.height {
		i, weight := at.next()
		row := src.row(i)
		if weight > 0 {
			mixRows(mixed, row, src.row(i+1), weight)
			row = mixed
		}
		stretchRow(dst.row(y), row)
	}
}

// widenFirst brings rows of src to the new width, each once, and mixes those: cheapest when rows become more.
func (s *scratch) widenFirst(dst, src plane) {
	var have [2]int // which row of src, plus one, each of the two holds
	for i := range s.rows {
		s.rows[i] = grown(s.rows[i], dst.width)
	}
	wide := func(i int) []byte {
		row := s.rows[i&1]
		if have[i&1] != i+1 {
			stretchRow(row, src.row(i))
			have[i&1] = i + 1
		}
		return row
	}
	at := newSteps(src.height, dst.height)
	for y := range dst.height {
		i, weight := at.next()
		if weight == 0 {
			copy(dst.row(y), wide(i))
			continue
		}
		mixRows(dst.row(y), wide(i), wide(i+1), weight)
	}
}

// steps walks over n places of a line of m samples, center on center, in 16.16 fixed point.
type steps struct{ pos, step, last int }

func newSteps(m, n int) steps {
	step := m << 16 / n
	return steps{pos: step/2 - 1<<15, step: step, last: m - 1}
}

// next is the sample at or before the place, and the weight of the one behind it, of 256. It is 0 at the ends.
func (s *steps) next() (int, uint64) {
	pos := max(s.pos, 0)
	s.pos += s.step
	if pos>>16 >= s.last {
		return s.last, 0
	}
	return pos >> 16, uint64(pos >> 8 & 0xff)
}

// The loops over samples are not instrumented by the race detector, which makes them ten times slower and has nothing
// to find in them: they touch what they are given, by one goroutine. So tests with it keep up with thirty pictures a
// second.

// Eight samples are worked on at a time as two words of four 16 bit lanes, the even and the odd ones.
const evenLanes = 0x00ff00ff00ff00ff

// mixRows sets dst to (a*(256-weight) + b*weight) / 256.
//
//go:norace
func mixRows(dst, a, b []byte, weight uint64) {
	n := len(dst)
	a, b = a[:n], b[:n]
	other := 256 - weight
	x := 0
	for ; x+8 <= n; x += 8 {
		va, vb := binary.LittleEndian.Uint64(a[x:]), binary.LittleEndian.Uint64(b[x:])
		even := (va&evenLanes*other + vb&evenLanes*weight) >> 8 & evenLanes
		odd := (va>>8&evenLanes*other + vb>>8&evenLanes*weight) &^ evenLanes
		binary.LittleEndian.PutUint64(dst[x:], even|odd)
	}
	for ; x < n; x++ {
		dst[x] = byte((uint64(a[x])*other + uint64(b[x])*weight) >> 8)
	}
}

// stretchRow brings one row to another width.
//
//go:norace
func stretchRow(dst, src []byte) {
	if len(dst) == len(src) {
		copy(dst, src)
		return
	}
	at := newSteps(len(src), len(dst))
	pos, step := at.pos, at.step
	x := 0
	for ; x < len(dst) && pos < 0; x++ {
		dst[x] = src[0]
		pos += step
	}
	for ; x < len(dst); x++ {
		i := pos >> 16
		if uint(i)+1 >= uint(len(src)) {
			break
		}
		weight := pos >> 8 & 0xff
		left := int(src[i])
		dst[x] = byte(left + (int(src[i+1])-left)*weight>>8)
		pos += step
	}
	for ; x < len(dst); x++ {
		dst[x] = src[len(src)-1]
	}
}

// halve makes each sample of dst the average of four of src.
//
//go:norace
func halve(dst, src plane) {
	for y := range dst.height {
		out, a, b := dst.row(y), src.row(2*y), src.row(2*y+1)
		x := 0
		for ; x+4 <= len(out); x += 4 {
			va, vb := binary.LittleEndian.Uint64(a[2*x:]), binary.LittleEndian.Uint64(b[2*x:])
			sum := va&evenLanes + va>>8&evenLanes + vb&evenLanes + vb>>8&evenLanes
			v := (sum + 0x0002000200020002) >> 2 & evenLanes
			v = (v | v>>8) & 0x0000ffff0000ffff
			binary.LittleEndian.PutUint32(out[x:], uint32(v|v>>16))
		}
		for ; x < len(out); x++ {
			out[x] = byte((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) >> 2)
		}
	}
}
