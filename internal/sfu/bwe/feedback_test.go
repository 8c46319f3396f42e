package bwe

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/stretchr/testify/require"
)

func TestStatusesOfFeedback(t *testing.T) {
	small := func(us int64) *rtcp.RecvDelta {
		return &rtcp.RecvDelta{Type: rtcp.TypeTCCPacketReceivedSmallDelta, Delta: us}
	}
	fb := &rtcp.TransportLayerCC{BaseSequenceNumber: 65534, PacketStatusCount: 7,
		PacketChunks: []rtcp.PacketStatusChunk{
			&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 2},
			&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketNotReceived, RunLength: 3},
			&rtcp.StatusVectorChunk{SymbolList: []uint16{3, 1, 1, 1}},
		},
		RecvDeltas: []*rtcp.RecvDelta{small(250), small(500), small(1000)}}
	r := newStatusReader(fb, time.Second)
	var got []status
	for {
		s, ok := r.next()
		if !ok {
			break
		}
		got = append(got, s)
	}
	require.Equal(t, []status{
		{seq: 65534, run: 1, arrived: true, timed: true, at: time.Second + 250*time.Microsecond},
		{seq: 65535, run: 1, arrived: true, timed: true, at: time.Second + 750*time.Microsecond},
		{seq: 0, run: 3},
		{seq: 3, run: 1, arrived: true},
		{seq: 4, run: 1, arrived: true, timed: true, at: time.Second + 1750*time.Microsecond},
	}, got, "statuses beyond the count are none")
	fb.RecvDeltas = nil
	r = newStatusReader(fb, 0)
	_, ok := r.next()
	require.False(t, ok, "the times are missing")
}

func TestReferenceTimeWraps(t *testing.T) {
	var c arrivalClock
	before := c.unwrap(1<<24 - 1)
	require.Equal(t, referenceUnit, c.unwrap(0)-before)
	require.Equal(t, before, c.unwrap(1<<24-1), "and back")
}
