package sfu

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sctpPacket makes a packet of chunks.
func sctpPacket(chunks ...[]byte) []byte {
	packet := make([]byte, sctpHeader)
	for _, c := range chunks {
		packet = append(packet, c...)
		packet = append(packet, make([]byte, -len(c)&3)...)
	}
	return packet
}

// sctpChunk makes a chunk with a body of some size.
func sctpChunk(kind, flags byte, size int) []byte {
	c := binary.BigEndian.AppendUint16([]byte{kind, flags}, uint16(sctpChunkHeader+size))
	return append(c, make([]byte, size)...)
}

// wholeMessage makes a chunk with a message of a byte.
func wholeMessage(tsn uint32) []byte {
	c := sctpChunk(sctpData, sctpComplete, sctpDataHeader-sctpChunkHeader+1)
	binary.BigEndian.PutUint32(c[4:], tsn)
	return c
}

func TestSCTPGuardBoundsWaitingMessages(t *testing.T) {
	t.Parallel()
	g, now := newSCTPGuard(func() {}), time.Now()
	takes := func(tsn uint32) bool {
		admitted, exceeded := g.admits(sctpPacket(wholeMessage(tsn)), now)
		require.False(t, exceeded)
		return admitted
	}
	tsn := uint32(math.MaxUint32 - maxWaitingMessages/2) // they wrap
	for n := range uint32(maxWaitingMessages) {
		require.True(t, takes(tsn+n), n)
		require.True(t, takes(tsn+n), "it is repeated")
	}
	tsn += maxWaitingMessages
	require.False(t, takes(tsn), "one too many")
	require.True(t, takes(tsn-sctpTSNs-1), "repeated late")
	g.read(1)
	require.False(t, takes(tsn+sctpTSNs), "too far ahead")
	require.True(t, takes(tsn+1), "out of order")
	require.False(t, takes(tsn))
	g.read(1)
	require.True(t, takes(tsn))
	g.waiting = 0
	forward := sctpChunk(sctpForwardTSN, 0, 4) // what was sent once, and lost
	binary.BigEndian.PutUint32(forward[4:], tsn+100_000)
	admitted, _ := g.admits(sctpPacket(forward), now)
	require.True(t, admitted)
	require.True(t, takes(tsn+100_001))
	require.Equal(t, 1, g.waiting)
	require.True(t, takes(tsn+100_000), "it was given up")
	require.Equal(t, 1, g.waiting)
}

func TestSCTPGuardBoundsOverhead(t *testing.T) {
	t.Parallel()
	for name, chunk := range map[string][]byte{
		"small fragments": sctpChunk(sctpData, 0, sctpDataHeader+1), "acknowledgments": sctpChunk(3, 0, 12),
		"large fragments": sctpChunk(sctpData, 2, 1100), "resets": sctpChunk(sctpReconfig, 0, 16),
	} {
		g, now := newSCTPGuard(func() {}), time.Now()
		until := func() (packets int) {
			for {
				if _, exceeded := g.admits(sctpPacket(chunk), now); exceeded {
					return packets
				}
				packets++
			}
		}
		require.InDelta(t, sctpOverheadBurst/(len(chunk)+sctpChunkCharge), until(), 1, name)
		admitted, exceeded := g.admits(sctpPacket(wholeMessage(1)), now)
		require.False(t, admitted || exceeded, "nothing more is taken, and it is told once")
	}

	// What messages need is theirs: fragments and acknowledgments, each of them twice.
	g, now := newSCTPGuard(func() {}), time.Now()
	for n := range 1000 {
		for i := range 2 * 13 { // a message of 15 KiB
			fragment := sctpChunk(sctpData, 0, 1200)
			binary.BigEndian.PutUint32(fragment[4:], uint32(13*n+i/2))
			admitted, exceeded := g.admits(sctpPacket(fragment), now)
			require.True(t, admitted && !exceeded)
		}
		g.read(15 << 10)
		g.delivered(15 << 10)
		for range 2 * 13 {
			admitted, exceeded := g.admits(sctpPacket(sctpChunk(3, 0, 60)), now)
			require.True(t, admitted && !exceeded)
		}
	}
}

// FuzzSCTPGuard holds that no packet makes it panic, and that what it counts stays within its bounds.
func FuzzSCTPGuard(f *testing.F) {
	f.Add(sctpPacket(wholeMessage(1), sctpChunk(sctpReconfig, 0, 16)), uint16(1))
	f.Add(sctpPacket(sctpChunk(sctpData, 2, 30), sctpChunk(1, 0, 16)), uint16(900))
	f.Add(sctpPacket([]byte{0, 3, 0, 0}), uint16(2))
	f.Fuzz(func(t *testing.T, packet []byte, times uint16) {
		g, now := newSCTPGuard(func() {}), time.Now()
		for range times % 64 {
			admitted, _ := g.admits(packet, now)
			if admitted && len(packet) <= sctpHeader {
				t.Fatal("a packet without chunks is admitted")
			}
			if g.waiting < 0 || g.waiting > maxWaitingMessages || g.budget > sctpOverheadBurst {
				t.Fatalf("%d messages wait, the budget is %d", g.waiting, g.budget)
			}
			now = now.Add(time.Millisecond)
		}
	})
}
