package history_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/sfu/history"
	"github.com/klatch/klatch/internal/sfu/packet"
)

func put(h *history.History, seqno uint16, epoch uint32) {
	p := packet.New([]byte{byte(seqno), byte(seqno >> 8)})
	p.SequenceNumber, p.Epoch = seqno, epoch
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
