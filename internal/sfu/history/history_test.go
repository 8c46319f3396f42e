package history_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/sfu/history"
	"github.com/klatch/klatch/internal/sfu/packet"
)

func put(h *history.History, seqno uint16, epoch uint32) { putAt(h, seqno, epoch, time.Time{}) }

func putAt(h *history.History, seqno uint16, epoch uint32, at time.Time) {
	p := packet.New([]byte{byte(seqno), byte(seqno >> 8)})
	p.SequenceNumber, p.Epoch, p.Arrival = seqno, epoch, at
	h.Put(p)
	p.Release()
}

func TestHistory(t *testing.T) {
	var h history.History
	require.Nil(t, h.Get(5, 0), "empty")
	for n := range uint16(history.Size + 10) {
		put(&h, n, 1)
	}
	p := h.Get(20, 1)
	require.NotNil(t, p)
	require.Equal(t, []byte{20, 0}, p.Payload)
	require.Nil(t, h.Get(5, 1), "overwritten")
	require.Nil(t, h.Get(20, 2), "of another epoch")
	require.Nil(t, h.Get(history.Size+10, 1), "not come yet")

	put(&h, 20+history.Size, 1)
	require.Equal(t, []byte{20, 0}, p.Payload, "who has a reference keeps the packet")
	p.Release()

	h.Clear()
	require.Nil(t, h.Get(21, 1))
	put(&h, 1, 2)
	require.NotNil(t, h.Get(1, 2), "in use again")
}

// kept returns how many of the packets up to a number are kept.
func kept(h *history.History, newest uint16, epoch uint32) (n int) {
	for back := range uint16(history.Size) {
		if p := h.Get(newest-back, epoch); p != nil {
			p.Release()
			n++
		}
	}
	return n
}

// A history does not keep the packets of a slow stream for long: each of them takes 2 kB.
func TestOldPackets(t *testing.T) {
	var h history.History
	at, seqno := time.Now(), uint16(65000)
	send := func(count int, perSecond int, epoch uint32) {
		for range count {
			seqno++
			at = at.Add(time.Second / time.Duration(perSecond))
			putAt(&h, seqno, epoch, at)
		}
	}
	send(2000, 100, 1)
	require.InDelta(t, 200, kept(&h, seqno, 1), 2, "of two seconds")
	send(2000, 1000, 1)
	require.Equal(t, history.Size, kept(&h, seqno, 1))
	send(2000, 10, 1)
	require.InDelta(t, 64, kept(&h, seqno, 1), 2)
	seqno += 30_000 // another source
	send(1000, 100, 2)
	require.InDelta(t, 200, kept(&h, seqno, 2), 2)
	for n := uint16(0); n < 500; n++ { // gaps and packets that come late
		seqno += 3
		at = at.Add(10 * time.Millisecond)
		putAt(&h, seqno, 2, at)
		putAt(&h, seqno-2, 2, at)
	}
	require.InDelta(t, 2*history.Size/3, kept(&h, seqno, 2), 2)
}

func TestAllocatesNothing(t *testing.T) {
	var h history.History
	seqno := uint16(0)
	next := func() {
		put(&h, seqno, 1)
		if p := h.Get(seqno-3, 1); p != nil {
			p.Release()
		}
		seqno++
	}
	for range 2 * history.Size {
		next()
	}
	require.Less(t, testing.AllocsPerRun(1000, next), 1.0)
}
