package fault

import (
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
	"time"
)

// Crockford's alphabet: no I, L, O, U, so that an id can be read aloud.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newID makes flt_ and a ULID: 48 bits of milliseconds, 16 that count within the millisecond, 64 random ones. So ids
// sort by time, and those of one process in the order in which they were made.
func newID() string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], nextMoment(time.Now()))
	_, _ = rand.Read(raw[8:]) // crypto/rand.Read never fails

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

// lastMoment is what nextMoment returned last.
var lastMoment atomic.Uint64

// nextMoment returns the milliseconds of now and, in the lowest 16 bits, a count; more than it has returned before.
func nextMoment(now time.Time) uint64 {
	for {
		last := lastMoment.Load()
		next := max(uint64(now.UnixMilli())<<16, last+1)
		if lastMoment.CompareAndSwap(last, next) {
			return next
		}
	}
}
