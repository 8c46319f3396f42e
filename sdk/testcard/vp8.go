package testcard

// encoder writes VP8 key frames (RFC 6386) of blocks that have one color each. Every macroblock is predicted by DC, the
// mean of its neighbors, and corrected by one DC coefficient a plane: at quantizer 0 and without loop filter that is
// exact.
type encoder struct {
	width, height, columns, rows int
	blocks                       []Color
	first, tokens                *boolCoder
	frame                        []byte
}

func newEncoder(width, height int) *encoder {
	e := &encoder{width: width, height: height, columns: (width + 15) / 16, rows: (height + 15) / 16}
	e.blocks = make([]Color, e.columns*e.rows)
	return e
}

func (e *encoder) paint(column, row int, c Color) { e.blocks[row*e.columns+column] = c }

// encode returns the frame of what was painted.
func (e *encoder) encode() []byte {
	e.first, e.tokens = newBoolCoder(nil), newBoolCoder(nil)
	e.header()
	above := make([]context, e.columns)
	for row := range e.rows {
		var left context
		for column := range e.columns {
			e.macroblock(column, row, &left, &above[column])
		}
	}
	first, tokens := e.first.flush(), e.tokens.flush()

	// Section 9.1: key frame, version 0, shown, size of the first partition; start code; size without scaling.
	tag := uint32(len(first))<<5 | 1<<4 // a frame has at most 65536 macroblocks of a few bits
	e.frame = append(e.frame[:0], byte(tag), byte(tag>>8), byte(tag>>16), 0x9d, 0x01, 0x2a,
		byte(e.width), byte(e.width>>8), byte(e.height), byte(e.height>>8))
	e.frame = append(e.frame, first...)
	return append(e.frame, tokens...)
}

// header is section 9.2 to 9.11, all of it the simplest there is.
func (e *encoder) header() {
	c := e.first
	c.literal(0, 1) // color space: BT.601
	c.literal(0, 1) // clamping needed
	c.literal(0, 1) // no segments
	c.literal(0, 1) // filter type: normal
	c.literal(0, 6) // filter level: off
	c.literal(0, 3) // sharpness
	c.literal(0, 1) // no filter deltas
	c.literal(0, 2) // one token partition
	c.literal(0, 7) // quantizer 0: a DC step is 4, twice that for Y2
	c.literal(0, 5) // no quantizer deltas
	c.literal(0, 1) // do not keep the probabilities
	for i := range updateProbs {
		for j := range updateProbs[i] {
			for k := range updateProbs[i][j] {
				for _, p := range updateProbs[i][j][k] {
					c.bit(false, p)
				}
			}
		}
	}
	c.literal(1, 1) // macroblocks without coefficients are marked
	c.literal(skipProb, 8)
}

const skipProb = 32 // most blocks look like their neighbors

// context remembers which neighboring blocks have coefficients: the probabilities depend on it (section 13.3).
type context struct {
	y2   bool
	u, v bool // all four blocks of a plane are alike
}

func (e *encoder) macroblock(column, row int, left, above *context) {
	want := e.blocks[row*e.columns+column]
	mean := func(plane func(Color) uint8) int {
		switch {
		case column > 0 && row > 0:
			return (int(plane(e.blocks[row*e.columns+column-1])) + int(plane(e.blocks[(row-1)*e.columns+column])) + 1) / 2
		case column > 0:
			return int(plane(e.blocks[row*e.columns+column-1]))
		case row > 0:
			return int(plane(e.blocks[(row-1)*e.columns+column]))
		}
		return 128
	}
	y := int(want.Y) - mean(func(c Color) uint8 { return c.Y })
	u := int(want.U) - mean(func(c Color) uint8 { return c.U })
	v := int(want.V) - mean(func(c Color) uint8 { return c.V })
	empty := y == 0 && u == 0 && v == 0
	e.first.bit(empty, skipProb)
	e.first.bit(true, 145) // luma mode DC_PRED: section 11.2
	e.first.bit(false, 156)
	e.first.bit(false, 163)
	e.first.bit(false, 142) // chroma mode DC_PRED
	if empty {
		*left, *above = context{}, context{}
		return
	}
	// Y2: the transform yields (8c+3)>>3 = c to all 16 luma blocks, whose own transform yields (c+4)>>3.
	e.block(typeY2, 0, 8*y, count(left.y2, above.y2))
	left.y2, above.y2 = y != 0, y != 0
	for range 16 {
		e.block(typeY, 1, 0, 0)
	}
	// Chroma: (4c+4)>>3 with c = 2r is r.
	left.u, above.u = e.chroma(u, left.u, above.u)
	left.v, above.v = e.chroma(v, left.v, above.v)
}

// chroma codes the four blocks of a plane. Inside the macroblock the neighbors are its own blocks.
func (e *encoder) chroma(residual int, left, above bool) (bool, bool) {
	coded := residual != 0
	e.block(typeChroma, 0, 2*residual, count(left, above))
	e.block(typeChroma, 0, 2*residual, count(coded, above))
	e.block(typeChroma, 0, 2*residual, count(left, coded))
	e.block(typeChroma, 0, 2*residual, count(coded, coded))
	return coded, coded
}

func count(a, b bool) (n int) {
	if a {
		n++
	}
	if b {
		n++
	}
	return n
}

// Block types of section 13.3.
const (
	typeY      = 0 // luma without DC
	typeY2     = 1
	typeChroma = 2
)

// block codes one coefficient at the block's first position, or none, and the end of the block (section 13.2).
func (e *encoder) block(kind, position, value, neighbors int) {
	c := e.tokens
	p := &tokenProbs[kind][position][neighbors] // positions 0 and 1 are their own bands
	if value == 0 {
		c.bit(false, p[0])
		return
	}
	c.bit(true, p[0])
	c.bit(true, p[1]) // not zero
	size := max(value, -value)
	e.magnitude(size, p)
	c.bit(value < 0, 128)
	after := 2
	if size == 1 {
		after = 1
	}
	c.bit(false, tokenProbs[kind][position+1][after][0]) // end of block
}

// category is a range of magnitudes with extra bits, most significant first.
type category struct {
	base  int
	probs []uint8
}

var categories = [...]category{
	{5, []uint8{159}},
	{7, []uint8{165, 145}},
	{11, []uint8{173, 148, 140}},
	{19, []uint8{176, 155, 140, 135}},
	{35, []uint8{180, 157, 141, 134, 130}},
	{67, []uint8{254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}},
}

func (e *encoder) magnitude(size int, p *[11]uint8) {
	c := e.tokens
	if size == 1 {
		c.bit(false, p[2])
		return
	}
	c.bit(true, p[2])
	switch {
	case size <= 4:
		c.bit(false, p[3])
		c.bit(size > 2, p[4])
		if size > 2 {
			c.bit(size == 4, p[5])
		}
		return
	case size <= 10:
		c.bit(true, p[3])
		c.bit(false, p[6])
		c.bit(size >= 7, p[7])
	default:
		c.bit(true, p[3])
		c.bit(true, p[6])
		c.bit(size >= 35, p[8])
		if size < 35 {
			c.bit(size >= 19, p[9])
		} else {
			c.bit(size >= 67, p[10])
		}
	}
	i := len(categories) - 1
	for categories[i].base > size {
		i--
	}
	extra := size - categories[i].base
	for n, prob := range categories[i].probs {
		c.bit(extra>>(len(categories[i].probs)-1-n)&1 == 1, prob)
	}
}
