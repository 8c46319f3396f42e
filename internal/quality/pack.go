package quality

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"time"
)

// The form of packed samples: a version, the number of samples, the time of each after the one before in milliseconds,
// and for each key its number, the mask of the fields that any sample has, the mask of those that are the same in all,
// and the values. A field that is the same in all has its value once; another one has the difference of each sample to
// the one before, in zigzag form. All numbers are varints. Samples of one minute are alike, so that most of it is
// small.
const packVersion = 1

// maxPacked bounds what Unpack makes of a row.
const maxPacked = 1000

// Pack returns samples of one participant, in the order of their times, in the form that the store keeps. at is the
// time of the first.
func Pack(samples []Sample) []byte {
	b := make([]byte, 0, 1024)
	b = append(b, packVersion)
	b = binary.AppendUvarint(b, uint64(len(samples)))
	for i := range samples {
		after := time.Duration(0)
		if i > 0 {
			after = samples[i].At.Sub(samples[i-1].At)
		}
		b = binary.AppendUvarint(b, uint64(max(after.Milliseconds(), 0)))
	}
	var values [fields]uint32
	column := make([]*[fields]uint32, len(samples))
	for key := Key(0); key < keys; key++ {
		var present, same uint32
		for i := range samples {
			column[i] = &values // of no field
			if e := samples[i].Entry(key); e != nil {
				column[i] = &e.values
			}
			for f, v := range column[i] {
				if v > 0 {
					present |= 1 << f
				}
			}
		}
		if present == 0 {
			continue
		}
		for f := range fields {
			if present&(1<<f) != 0 && isConstant(column, f) {
				same |= 1 << f
			}
		}
		b = append(b, byte(key))
		b = binary.AppendUvarint(b, uint64(present))
		b = binary.AppendUvarint(b, uint64(same))
		for f := range fields {
			if present&(1<<f) == 0 {
				continue
			}
			var before uint32
			for _, of := range column {
				b = binary.AppendVarint(b, int64(of[f])-int64(before))
				if before = of[f]; same&(1<<f) != 0 {
					break
				}
			}
		}
	}
	return b
}

func isConstant(column []*[fields]uint32, f int) bool {
	for _, of := range column[1:] {
		if of[f] != column[0][f] {
			return false
		}
	}
	return true
}

// ErrCorrupt is returned by Unpack for what Pack has not made.
var ErrCorrupt = errors.New("quality: corrupt samples")

// Unpack returns the samples of a row.
func Unpack(at time.Time, packed []byte) ([]Sample, error) {
	r := reader{b: packed}
	if version := r.byte(); version != packVersion && !r.bad {
		return nil, fmt.Errorf("%w: version %d", ErrCorrupt, version)
	}
	n := r.unsigned()
	if r.bad || n > maxPacked || n > uint64(len(packed)) {
		return nil, ErrCorrupt
	}
	samples := make([]Sample, n)
	for i := range samples {
		at = at.Add(time.Duration(min(r.unsigned(), 1<<40)) * time.Millisecond)
		samples[i].At = at
	}
	var seen uint32
	for len(r.b) > 0 && !r.bad {
		key := r.byte()
		if key >= keys || seen&(1<<key) != 0 {
			return nil, ErrCorrupt
		}
		seen |= 1 << key
		r.column(Key(key), samples)
	}
	if r.bad {
		return nil, ErrCorrupt
	}
	return samples, nil
}

// reader reads varints; bad is set for good by the first that is not there.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.bad = true
		return 0
	}
	v := r.b[0]
	r.b = r.b[1:]
	return v
}

func (r *reader) unsigned() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) signed() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// column reads the fields of a key.
func (r *reader) column(key Key, samples []Sample) {
	present, same := r.unsigned(), r.unsigned()
	if present >= 1<<fields || r.bad {
		r.bad = true
		return
	}
	entries := make([]Entry, len(samples))
	for rest := uint32(present); rest != 0 && !r.bad; rest &= rest - 1 {
		f := bits.TrailingZeros32(rest)
		value := int64(0)
		for i := range entries {
			if i == 0 || same&(1<<f) == 0 {
				value += r.signed()
			}
			if value < 0 || value > maxValue+1 {
				r.bad = true
				return
			}
			entries[i].values[f] = uint32(value)
		}
	}
	for i := range entries {
		if slices.Max(entries[i].values[:]) > 0 {
			entries[i].Key = key
			samples[i].Entries = append(samples[i].Entries, entries[i])
		}
	}
}
