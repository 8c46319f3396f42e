package payload

// bits reads numbers from the most significant bit on. Past the end it reads zeros and sets short.
type bits struct {
	data  []byte
	at    int // in bits
	short bool
}

// read takes the next n bits, at most 32.
func (b *bits) read(n int) uint32 {
	if b.at+n > len(b.data)*8 {
		return b.readPastEnd(n)
	}
	var v uint64
	for i := b.at >> 3; i <= (b.at+n-1)>>3; i++ { // at most 5 bytes
		v = v<<8 | uint64(b.data[i])
	}
	v >>= (8 - (b.at+n)&7) & 7
	b.at += n
	return uint32(v & (1<<n - 1))
}

func (b *bits) readPastEnd(n int) uint32 {
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

// flag takes the next bit.
func (b *bits) flag() bool { return b.read(1) == 1 }

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

// ns takes a number below n that is coded in as few bits as that allows (AV1, 4.10.7).
func (b *bits) ns(n int) int {
	w := 0
	for x := n; x != 0; x >>= 1 {
		w++
	}
	m := 1<<w - n
	v := int(b.read(w - 1))
	if v < m {
		return v
	}
	return v<<1 - m + int(b.read(1))
}

// bitWriter appends numbers to data from the most significant bit on. The rest of the last byte is zero.
type bitWriter struct {
	data []byte
	free int // bits of the last byte
}

// write appends the last n bits of v, at most 32.
func (w *bitWriter) write(v uint32, n int) {
	for n > 0 {
		if w.free == 0 {
			w.data, w.free = append(w.data, 0), 8
		}
		take := min(n, w.free)
		n -= take
		w.free -= take
		w.data[len(w.data)-1] |= byte(v>>n&(1<<take-1)) << w.free
	}
}
