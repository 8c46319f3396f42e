package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTrimmer(t *testing.T) {
	const mb = 1 << 20
	bytes := int64(40 * mb)
	left := int64(22 * mb) // when memory was given back
	given := 0
	now := time.Now()
	trimmer := &trimmer{
		resident: func() (int64, bool) { return bytes, true },
		collect:  func() { given++; bytes = left },
	}
	look := func(resident int64) int {
		now, bytes, given = now.Add(trimEvery), resident*mb, 0
		trimmer.look(now)
		return given
	}
	trimmer.trim(now)
	require.Equal(t, 1, given, "after the start")
	for resident := int64(40); resident <= 64; resident += 8 {
		require.Zero(t, look(resident), "people are joining, at once")
	}
	left = 38 * mb
	require.Equal(t, 1, look(65), "they have joined")
	for range 10 {
		require.Zero(t, look(45), "it needs that")
	}
	for _, resident := range []int64{46, 48, 50, 52, 54, 56, 58, 50} {
		require.Zero(t, look(resident), "garbage comes together until it is collected")
	}
	require.Zero(t, look(64))
	require.Equal(t, 1, look(64))
	require.Zero(t, look(45))

	require.Zero(t, look(1000))
	trimmer.earliest = now.Add(time.Hour)
	require.Zero(t, look(1000), "it has taken long")
	trimmer.earliest = now
	require.Equal(t, 1, look(1000))
}

// What is resident is known, and is less when garbage was collected.
func TestResident(t *testing.T) {
	if _, ok := resident(); !ok {
		t.Skip("what is resident is known on Linux alone")
	}
	garbage := make([]byte, 64<<20)
	for i := 0; i < len(garbage); i += 4096 {
		garbage[i] = 1
	}
	before, _ := resident()
	newTrimmer().trim(time.Now())
	after, _ := resident()
	require.Less(t, after, before-32<<20)
}
