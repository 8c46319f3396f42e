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
