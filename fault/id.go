package fault

import (
	"crypto/rand"
	"time"
)

// Crockford's alphabet: no I, L, O, U, so that an id can be read aloud.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newID makes flt_ and a ULID: 48 bits of milliseconds and 80 random bits, so that ids sort by time.
func newID() string {
	var raw [16]byte
	ms := uint64(time.Now().UnixMilli())
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	_, _ = rand.Read(raw[6:]) // crypto/rand.Read never fails

	// 128 bits in 26 characters of 5 bits, the first with 3.
	out := [26]byte{}
	bit := -2
	for i := range out {
		var v byte
		for range 5 {
			v <<= 1
			if bit >= 0 {
				v |= raw[bit/8] >> (7 - bit%8) & 1
			}
			bit++
		}
		out[i] = crockford[v]
	}
	return "flt_" + string(out[:])
}
