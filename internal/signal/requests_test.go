package signal

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

// What waits of one participant is bounded by its size, too: 64 offers of the largest size would be 16 MiB.
func TestRequestsThatWaitAreBounded(t *testing.T) {
	waiting := func(size int) (n int) {
		s := &session{running: true} // the one that runs is not done
		for ; !s.queueFull(); n++ {
			s.submit(wire.Request{ID: int64(n + 1), Params: make([]byte, size)}, nil)
		}
		return n
	}
	require.Equal(t, maxJobs, waiting(100))
	require.Equal(t, 4, waiting(wire.MaxFrameBytes/4))
	require.Equal(t, 1, waiting(wire.MaxFrameBytes))
}
