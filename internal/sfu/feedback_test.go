package sfu

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReception(t *testing.T) {
	now := time.Now()
	var r reception
	for i := range 100 {
		if i%10 == 5 {
			continue
		}
		at := now.Add(time.Duration(i) * 20 * time.Millisecond)
		r.arrived(uint16(65500+i), uint32(i)*960, 48000, at)
	}
	b := r.report(7, now.Add(2*time.Second))
	require.Equal(t, uint32(7), b.SSRC)
	require.Equal(t, uint32(10), b.TotalLost)
	require.Equal(t, uint8(10*256/100), b.FractionLost)
	require.Equal(t, uint32(65500+99), b.LastSequenceNumber, "with the cycle in the upper half")
	require.Less(t, b.Jitter, uint32(5))
	require.Zero(t, b.LastSenderReport)

	r.lastSR, r.lastSRAt = 42, now
	b = r.report(7, now.Add(2*time.Second))
	require.Zero(t, b.FractionLost, "of the time since the last report")
	require.Equal(t, uint32(42), b.LastSenderReport)
	require.Equal(t, uint32(2<<16), b.Delay)
}
