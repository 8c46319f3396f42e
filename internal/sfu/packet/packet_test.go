package packet_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/sfu/packet"
)

func TestPayloadIsACopy(t *testing.T) {
	for _, size := range []int{0, 1, 320, 321, 1280, 1281, 2048, 5000} {
		payload := bytes.Repeat([]byte{7}, size)
		p := packet.New(payload)
		clear(payload)
		require.Equal(t, bytes.Repeat([]byte{7}, size), append([]byte{}, p.Payload...), "%d bytes", size)
		p.Release()
	}
}

func TestNewIsEmpty(t *testing.T) {
	for range 100 {
		p := packet.New([]byte("payload"))
		require.Zero(t, p.SequenceNumber)
		require.Zero(t, p.Epoch)
		require.Zero(t, p.Facts)
		require.Equal(t, "payload", string(p.Payload))
		p.SequenceNumber, p.Epoch, p.Facts.KeyFrame, p.Facts.Sets, p.Arrival = 1, 2, true, []byte{3}, time.Now()
		p.Release()
	}
}

func TestReleasedTooOften(t *testing.T) {
	p := packet.New(make([]byte, 5000)) // of no pool: nobody else gets it
	p.Retain()
	p.Release()
	p.Release()
	require.Panics(t, p.Release)
}

func TestAllocatesNothing(t *testing.T) {
	payload := make([]byte, 1200)
	allocs := testing.AllocsPerRun(1000, func() {
		p := packet.New(payload)
		p.Retain()
		p.Release()
		p.Release()
	})
	require.Less(t, allocs, 1.0)
}

func BenchmarkNew(b *testing.B) {
	payload := make([]byte, 1200)
	b.ReportAllocs()
	for b.Loop() {
		packet.New(payload).Release()
	}
}
