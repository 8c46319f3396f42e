package testcard

// boolCoder is the arithmetic coder of VP8 (RFC 6386, section 7.3): each bit costs what its probability says.
type boolCoder struct {
	out    []byte
	bottom uint32 // the low end of the interval, 24 bits and those not yet shifted out
	span   uint32 // its size, 128 to 255
	shifts int    // left until a byte is complete
}

func newBoolCoder(buf []byte) *boolCoder { return &boolCoder{out: buf[:0], span: 255, shifts: 24} }

// bit codes a bit that is 0 with probability prob/256.
func (c *boolCoder) bit(bit bool, prob uint8) {
	split := 1 + (c.span-1)*uint32(prob)>>8
	if bit {
		c.bottom += split // a carry shows when the top bit leaves
		c.span -= split
	} else {
		c.span = split
	}
	for c.span < 128 {
		c.span <<= 1
		if c.bottom&(1<<31) != 0 {
			c.carry()
		}
		c.bottom <<= 1
		if c.shifts--; c.shifts == 0 {
			c.out = append(c.out, byte(c.bottom>>24))
			c.bottom &= 1<<24 - 1
			c.shifts = 8
		}
	}
}

// carry adds one to what has been written: it ripples through bytes of 255.
func (c *boolCoder) carry() {
	i := len(c.out) - 1
	for ; i >= 0 && c.out[i] == 255; i-- {
		c.out[i] = 0
	}
	if i >= 0 {
		c.out[i]++
	}
}

// literal codes the low n bits of v, the highest first, with even odds.
func (c *boolCoder) literal(v uint32, n int) {
	for n--; n >= 0; n-- {
		c.bit(v>>n&1 == 1, 128)
	}
}

// flush writes what is left and returns all bytes.
func (c *boolCoder) flush() []byte {
	shift := c.shifts
	v := c.bottom
	if v&(1<<(32-shift)) != 0 {
		c.carry()
	}
	v <<= shift & 7
	for shift >>= 3; shift > 0; shift-- {
		v <<= 8
	}
	for range 4 {
		c.out = append(c.out, byte(v>>24))
		v <<= 8
	}
	return c.out
}
