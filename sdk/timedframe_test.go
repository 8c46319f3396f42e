package sdk

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A source that keeps the time is followed exactly, whenever its frames come, also after frames without a time.
func TestTimeOfTheSource(t *testing.T) {
	writers, err := newRTPWriters(Video, formats["H264"], nil)
	require.NoError(t, err)
	o := writers[0]
	now := time.Now()
	send := func(frame Frame) uint32 {
		length := o.advanceLocked(frame, now)
		return o.packetizer.Packetize([]byte{0, 0, 1, 0x65, 1, 2}, length)[0].Timestamp
	}
	at := func(ms int) Frame {
		d := time.Duration(ms) * time.Millisecond
		return Frame{At: &d}
	}
	first := send(at(1000))
	require.Equal(t, first+33*90, send(at(1033)))
	require.Equal(t, first+40*90, send(at(1040)))
	now = now.Add(5 * time.Second) // late
	require.Equal(t, first+67*90, send(at(1067)))
	day := 26 * 3600 * 1000 // RTP time has wrapped
	require.Equal(t, first+uint32((day-1000)*90%(1<<32)), send(at(day)))

	follows := send(Frame{Duration: 40 * time.Millisecond})
	require.Equal(t, follows+40*90, send(Frame{Duration: 40 * time.Millisecond}))
	now = now.Add(40 * time.Millisecond)
	require.Equal(t, follows+80*90, send(at(7)))
	require.Equal(t, follows+83*90, send(at(10)))
}
