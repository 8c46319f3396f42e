package fmp4_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/fmp4/fmp4test"
)

// extents collects what is found in the first size bytes.
func extents(file []byte, size int) (found [][2]int64) {
	for from, to := range fmp4.Extents(bytes.NewReader(file[:size]), int64(size)) {
		found = append(found, [2]int64{from, to})
	}
	return found
}

// A segment that grows yields each fragment when it is whole, at whatever byte the writing stands.
func TestExtentsOfAGrowingSegment(t *testing.T) {
	_, fragments := fmp4test.Split(t, fmp4test.Encode(t, fmp4test.Options{Video: true, Audio: true, Seconds: 2}))
	require.Len(t, fragments, 4)
	var file []byte
	var want [][2]int64
	for _, f := range fragments {
		begin := len(file)
		file = append(file, f.Raw...)
		for size := begin; size < len(file); size++ {
			require.Equal(t, want, extents(file, size), "%d bytes", size)
		}
		want = append(want, [2]int64{int64(begin), int64(len(file))})
		require.Equal(t, want, extents(file, len(file)))
	}
	for range fmp4.Extents(bytes.NewReader(file), int64(len(file))) {
		break // whoever has enough may go
	}
}

func FuzzExtents(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x08moof\x00\x00\x00\x09mdatx"))
	f.Add([]byte("\x00\x00\x00\x00mdat\xff\xff\xff\xffmdat"))
	f.Fuzz(func(t *testing.T, file []byte) {
		at := int64(0)
		for _, e := range extents(file, len(file)) {
			require.Equal(t, at, e[0], "one after the other")
			require.GreaterOrEqual(t, e[1], e[0]+8)
			require.LessOrEqual(t, e[1], int64(len(file)))
			at = e[1]
		}
	})
}
