package bwe

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHistoryKeepsTheNewest(t *testing.T) {
	var h history
	require.Nil(t, h.find(0))
	h.add(65530, 100, time.Second, 0)
	for seq := uint16(65531); seq != 10; seq++ {
		h.add(seq, 200, time.Second+ms, 7)
	}
	require.EqualValues(t, 100, h.find(65530).size)
	require.EqualValues(t, 7, h.find(9).probe)
	require.Equal(t, time.Second+ms, h.find(9).sentAt(2*time.Second))
	require.Nil(t, h.find(10), "not sent yet")
	h.add(9+historySize, 100, time.Second, 0)
	require.Nil(t, h.find(9), "its place was taken")
	require.Nil(t, h.find(9+historySize/2), "skipped")
	require.NotNil(t, h.find(9+historySize))
	h.add(5000, 1<<20, time.Second, 0)
	require.EqualValues(t, 65535, h.find(5000).size)
}

// A history is as large as the number of packets that wait for feedback makes necessary.
func TestHistoryGrows(t *testing.T) {
	var h history
	now := time.Second
	sendFor := func(d time.Duration, feedback bool) {
		for end := now + d; now < end; now += 5 * ms { // 200 packets a second
			seq := h.newest + 1
			h.add(seq, 1200, now, 0)
			if feedback {
				h.find(seq).state = packetReceived
			}
		}
	}
	require.Empty(t, h.packets)
	sendFor(20*time.Second, true)
	require.Len(t, h.packets, historyStart)
	newest := h.newest
	sendFor(2*time.Second, false)
	require.Len(t, h.packets, 512)
	for back := range uint16(400) {
		require.Equal(t, packetSent, h.find(h.newest-back).state)
	}
	require.Equal(t, packetSent, h.find(newest+1).state)
	require.Nil(t, h.find(newest), "its feedback has come")
	sendFor(20*time.Second, false)
	require.Len(t, h.packets, 1024, "five seconds")
}
