package depacket

// bits reads numbers from the most significant bit on. Past the end it reads zeros and sets short.
type bits struct {
	data  []byte
	at    int // in bits
	short bool
}

// read takes the next n bits, at most 32.
func (b *bits) read(n int) uint32 {
	var v uint32
	for range n {
		v <<= 1
		if b.at>>3 >= len(b.data) {
			b.short = true
			continue
		}
		v |= uint32(b.data[b.at>>3]>>(7-b.at&7)) & 1
		b.at++
	}
	return v
}

// ue takes an unsigned Exp-Golomb number (H.264, 9.1).
func (b *bits) ue() uint32 {
	zeros := 0
	for b.read(1) == 0 {
		if zeros++; zeros > 31 || b.short {
			b.short = true
			return 0
		}
	}
	return 1<<zeros - 1 + b.read(zeros)
}

// se takes a signed one (H.264, 9.1.1).
func (b *bits) se() int32 {
	k := b.ue()
	if k&1 == 1 {
		return int32(k/2) + 1 // at most 2^31-1
	}
	return -int32(k / 2) // at most 2^31-1
}
