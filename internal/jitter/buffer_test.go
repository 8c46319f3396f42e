package jitter

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const wait = 100 * time.Millisecond

var start = time.Unix(1_700_000_000, 0)

func packet(ssrc uint32, seqno uint16) *rtp.Packet {
	return &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: ssrc, SequenceNumber: seqno}, Payload: []byte{1}}
}

// out is a packet in short: its number, how many were lost before it, and whether the stream begins with it.
type out struct {
	seqno   uint16
	lost    int
	restart bool
}

func drain(b *Buffer, now time.Time) []out {
	var got []out
	for {
		p, ok := b.Pop(now)
		if !ok {
			return got
		}
		got = append(got, out{p.SequenceNumber, p.Lost, p.Restart})
	}
}

func TestOrder(t *testing.T) {
	for _, c := range []struct {
		name  string
		in    []uint16
		early []out // what comes out at once
		late  []out // what comes out when the wait is over
		stats Stats
	}{
		{"in order", []uint16{1, 2, 3}, []out{{1, 0, true}, {2, 0, false}, {3, 0, false}}, nil, Stats{Received: 3}},
		{"swapped", []uint16{1, 3, 2}, []out{{1, 0, true}, {2, 0, false}, {3, 0, false}}, nil, Stats{Received: 3}},
		{"wrap", []uint16{65534, 0, 65535, 1}, []out{{65534, 0, true}, {65535, 0, false}, {0, 0, false}, {1, 0, false}},
			nil, Stats{Received: 4}},
		{"one lost", []uint16{1, 3, 4}, []out{{1, 0, true}}, []out{{3, 1, false}, {4, 0, false}}, Stats{Received: 3,
			Lost: 1}},
		{"lost over the wrap", []uint16{65533, 2}, []out{{65533, 0, true}}, []out{{2, 4, false}}, Stats{Received: 2,
			Lost: 4}},
		{"duplicate held", []uint16{1, 3, 3, 2}, []out{{1, 0, true}, {2, 0, false}, {3, 0, false}}, nil, Stats{Received: 4,
			Duplicate: 1}},
		{"one stray packet", []uint16{1, 30000, 2}, []out{{1, 0, true}, {2, 0, false}}, nil, Stats{Received: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := New(wait)
			for _, seqno := range c.in {
				b.Push(packet(1, seqno), start)
			}
			require.Equal(t, c.early, drain(b, start))
			_, waiting := b.Deadline()
			require.Equal(t, c.late != nil, waiting)
			require.Nil(t, drain(b, start.Add(wait-1)))
			require.Equal(t, c.late, drain(b, start.Add(wait)))
			_, waiting = b.Deadline()
			require.False(t, waiting)
			require.Equal(t, c.stats, b.Stats())
		})
	}
}

func TestLatePacketIsDropped(t *testing.T) {
	b := New(wait)
	b.Push(packet(1, 1), start)
	b.Push(packet(1, 3), start)
	require.Len(t, drain(b, start.Add(wait)), 2)
	b.Push(packet(1, 2), start.Add(wait))
	b.Push(packet(1, 3), start.Add(wait))
	require.Empty(t, drain(b, start.Add(time.Hour)))
	require.Equal(t, uint64(2), b.Stats().Late)
}

func TestWaitCountsFromTheFirstPacketBehindTheGap(t *testing.T) {
	b := New(wait)
	b.Push(packet(1, 1), start)
	drain(b, start)
	b.Push(packet(1, 5), start)
	b.Push(packet(1, 4), start.Add(50*time.Millisecond))
	b.Push(packet(1, 3), start.Add(90*time.Millisecond))
	deadline, ok := b.Deadline()
	require.True(t, ok)
	require.Equal(t, start.Add(wait), deadline)
	require.Equal(t, []out{{3, 1, false}, {4, 0, false}, {5, 0, false}}, drain(b, deadline))
}

func TestEachGapHasItsOwnWait(t *testing.T) {
	b := New(wait)
	b.Push(packet(1, 1), start)
	b.Push(packet(1, 3), start)
	b.Push(packet(1, 5), start.Add(60*time.Millisecond))
	require.Equal(t, []out{{1, 0, true}, {3, 1, false}}, drain(b, start.Add(wait)))
	require.Equal(t, []out{{5, 1, false}}, drain(b, start.Add(wait+60*time.Millisecond)))
}

func TestNewSSRCRestarts(t *testing.T) {
	b := New(wait)
	b.Push(packet(1, 1), start)
	b.Push(packet(1, 3), start)
	require.Len(t, drain(b, start), 1)
	b.Push(packet(2, 500), start)
	b.Push(packet(2, 501), start)
	require.Equal(t, []out{{500, 0, true}, {501, 0, false}}, drain(b, start))
	require.Equal(t, Stats{Received: 4, Lost: 1, Restarts: 1}, b.Stats())
}

func TestJumpInTheNumberingRestarts(t *testing.T) {
	for _, to := range []uint16{30000, 40000, 2000} {
		b := New(wait)
		b.Push(packet(1, 10), start)
		drain(b, start)
		b.Push(packet(1, to), start)
		require.Empty(t, drain(b, start.Add(time.Hour)))
		b.Push(packet(1, to+1), start)
		require.Equal(t, []out{{to, 0, true}, {to + 1, 0, false}}, drain(b, start))
	}
}

// Whatever arrives, what comes out is in order, never twice, and accounts for every number in between.
func TestAnyArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 400).Draw(t, "packets")
		base := rapid.Uint16().Draw(t, "base")
		lossPercent := rapid.IntRange(0, 40).Draw(t, "loss")
		dupPercent := rapid.IntRange(0, 20).Draw(t, "dup")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		type arrival struct {
			seqno uint16
			at    time.Time
		}
		var in []arrival
		for i := range n {
			at := start.Add(time.Duration(i)*5*time.Millisecond + time.Duration(r.IntN(150))*time.Millisecond)
			a := arrival{base + uint16(i), at} // wraps on purpose
			if i == 0 {
				a.at = start.Add(-time.Millisecond)
			} else if r.IntN(100) < lossPercent {
				continue
			}
			in = append(in, a)
			if r.IntN(100) < dupPercent {
				in = append(in, arrival{a.seqno, at.Add(3 * time.Millisecond)})
			}
		}
		slices.SortStableFunc(in, func(x, y arrival) int { return x.at.Compare(y.at) })

		b := New(wait)
		var got []out
		for _, a := range in {
			for {
				deadline, ok := b.Deadline()
				if !ok || deadline.After(a.at) {
					break
				}
				got = append(got, drain(b, deadline)...)
			}
			b.Push(packet(1, a.seqno), a.at)
			got = append(got, drain(b, a.at)...)
		}
		got = append(got, drain(b, start.Add(time.Hour))...)

		next := base
		var lost uint64
		for i, o := range got {
			if o.restart != (i == 0) {
				t.Fatalf("restart at %d", i)
			}
			next += uint16(o.lost)
			lost += uint64(o.lost)
			if o.seqno != next {
				t.Fatalf("packet %d: want number %d, got %d", i, next, o.seqno)
			}
			next++
		}
		stats := b.Stats()
		if stats.Lost != lost || stats.Received != uint64(len(in)) ||
			stats.Received-stats.Late-stats.Duplicate != uint64(len(got)) {
			t.Fatalf("stats %+v do not add up: %d in, %d out, %d lost", stats, len(in), len(got), lost)
		}
	})
}

func TestNothingAllocatesPerPacket(t *testing.T) {
	b := New(wait)
	p := packet(1, 0)
	now := start
	require.Zero(t, testing.AllocsPerRun(5000, func() {
		p.SequenceNumber++
		b.Push(p, now)
		b.Pop(now)
	}))
}
