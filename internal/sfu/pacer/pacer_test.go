package pacer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/internal/sfu/pacer"
)

var start = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// at the rate of 800 kbit/s a byte takes 10 us
func paced(now time.Time) *pacer.Pacer[int] {
	p := pacer.New[int](pacer.Config{Factor: 1})
	p.SetRate(800_000, now)
	return p
}

func TestPassesWithoutQueue(t *testing.T) {
	p := paced(start)
	now := start
	for i := range 100 { // 600 bytes in 10 ms
		require.Equal(t, pacer.Passed, p.Push(i, 600, pacer.Video, now))
		require.Zero(t, p.Next())
		now = now.Add(10 * time.Millisecond)
	}
}

func TestBurstIsSpread(t *testing.T) {
	p := paced(start)
	passed := 0
	for i := range 30 {
		if p.Push(i, 1000, pacer.Video, start) == pacer.Passed {
			passed++
		}
	}
	require.Equal(t, 1, passed, "500 bytes are allowed at once, and the packet with which they end")
	require.Equal(t, 29, p.Len(pacer.Video))
	for i := passed; i < 30; i++ {
		now := p.Next()
		_, ok := p.Pop(now.Add(-1))
		require.False(t, ok, "too early")
		item, ok := p.Pop(now)
		require.True(t, ok)
		require.Equal(t, i, item)
		require.InDelta(t, float64(i)*0.010-0.005, now.Sub(start).Seconds(), 1e-6)
	}
	require.Zero(t, p.Next())
}

func TestPrecedence(t *testing.T) {
	p := paced(start)
	require.Equal(t, pacer.Passed, p.Push(0, 1500, pacer.Video, start))
	require.Equal(t, pacer.Queued, p.Push(1, 100, pacer.Padding, start))
	require.Equal(t, pacer.Queued, p.Push(2, 1000, pacer.Video, start))
	require.Equal(t, pacer.Queued, p.Push(3, 1000, pacer.Retransmission, start))
	require.Equal(t, pacer.Passed, p.Push(4, 200, pacer.Audio, start), "audio does not wait for the credit")
	var order []int
	for at := p.Next(); !at.IsZero(); at = p.Next() {
		item, ok := p.Pop(at)
		require.True(t, ok)
		order = append(order, item)
	}
	require.Equal(t, []int{3, 2, 1}, order)
}

func TestAudioRunsAheadWithinBounds(t *testing.T) {
	p := paced(start)
	bytes := 0
	for i := range 100 {
		if p.Push(i, 200, pacer.Audio, start) == pacer.Passed {
			bytes += 200
		}
	}
	require.InDelta(t, 500+2000+1500, bytes, 200, "5 ms, 20 ms ahead, and a packet")
	item, ok := p.Pop(p.Next())
	require.True(t, ok)
	require.Equal(t, bytes/200, item)
}

func TestRetransmissionsLeaveHalfToVideo(t *testing.T) {
	p := paced(start)
	sent := map[int]int{}
	for now := start; now.Before(start.Add(10 * time.Second)); now = now.Add(time.Millisecond) {
		for p.Len(pacer.Retransmission) < 50 {
			p.Push(1, 1000, pacer.Retransmission, now)
		}
		for p.Len(pacer.Video) < 50 {
			p.Push(2, 1000, pacer.Video, now)
		}
		for item, ok := p.Pop(now); ok; item, ok = p.Pop(now) {
			sent[item]++
		}
	}
	require.InDelta(t, 500, sent[1], 15)
	require.InDelta(t, 500, sent[2], 15)
}

func TestQueueIsBounded(t *testing.T) {
	p := pacer.New[int](pacer.Config{Factor: 1, Late: 400 * time.Millisecond, Limit: time.Second})
	p.SetRate(800_000, start)
	counts := map[pacer.Verdict]int{}
	for i := range 1000 {
		counts[p.Push(i, 1000, pacer.Video, start)]++
	}
	require.Equal(t, map[pacer.Verdict]int{
		pacer.Passed: 1, pacer.Queued: 40, pacer.Late: 60, pacer.Refused: 899,
	}, counts)
	require.InDelta(t, 1.005, p.Delay(start).Seconds(), 0.001)
	require.Equal(t, pacer.Passed, p.Push(0, 100, pacer.Audio, start), "audio does not wait for video")

	p.SetRate(80_000, start)
	require.InDelta(t, 10.05, p.Delay(start).Seconds(), 0.1, "the rate has dropped")
	var discarded []int
	p.Discard(pacer.Video, func(item int) bool {
		if item%2 == 0 {
			discarded = append(discarded, item)
		}
		return item%2 == 0
	})
	require.Len(t, discarded, 50)
	require.Equal(t, 50, p.Len(pacer.Video))
	require.InDelta(t, 5, p.Delay(start).Seconds(), 0.1)

	p.SetRate(0, start) // everything passes
	for i := 1; i < 101; i += 2 {
		require.Equal(t, start, p.Next())
		item, ok := p.Pop(start)
		require.True(t, ok)
		require.Equal(t, i, item)
	}
	for i := range 5000 {
		require.Equal(t, pacer.Passed, p.Push(i, 1000, pacer.Video, start))
	}

	small := pacer.New[int](pacer.Config{})
	small.SetRate(10_000, start)
	for i := range 10_000 {
		small.Push(i, 0, pacer.Padding, start)
		small.Push(i, 100, pacer.Video, start)
	}
	require.LessOrEqual(t, small.Len(pacer.Padding), 2048)
}

func TestUnknownClassIsRefused(t *testing.T) {
	p := pacer.New[int](pacer.Config{})
	for _, class := range []pacer.Class{0, 5, 255} {
		require.Equal(t, pacer.Refused, p.Push(1, 100, class, start))
		require.Zero(t, p.Len(class))
		p.Discard(class, func(int) bool { return true })
	}
	require.Equal(t, pacer.Refused, p.Push(1, -1, pacer.Video, start))
}

func TestProbe(t *testing.T) {
	p := paced(start)
	p.Push(0, 1500, pacer.Video, start) // owes 1000 bytes
	p.Push(1, 1200, pacer.Video, start)
	p.StartProbe(pacer.Probe{ID: 7, Bps: 8_000_000, Bytes: 15_000}, start)
	now, bytes, first := start, 0, -1
	for at := p.Next(); !at.IsZero(); at = p.Next() {
		now = at
		item, ok := p.Pop(now)
		size := 1200
		if !ok {
			size = min(1200, p.Padding(now))
			require.NotZero(t, size)
			require.Equal(t, pacer.Passed, p.Push(2, size, pacer.Padding, now))
		} else if first < 0 {
			first = item
		}
		require.EqualValues(t, 7, p.Probe())
		bytes += size
	}
	require.Equal(t, 1, first, "what waits goes first")
	require.Equal(t, 15_000, bytes)
	require.InDelta(t, 0.014, now.Sub(start).Seconds(), 0.003)
	require.Zero(t, p.Padding(now.Add(time.Second)))
	require.Equal(t, pacer.Passed, p.Push(3, 1000, pacer.Video, now.Add(time.Second)))
	require.Zero(t, p.Probe())

	// It ends by itself where nothing is there to be sent.
	now = now.Add(2 * time.Second)
	p.StartProbe(pacer.Probe{ID: 8, Bps: 8_000_000, Bytes: 15_000}, now)
	require.NotZero(t, p.Padding(now))
	require.Zero(t, p.Padding(now.Add(100*time.Millisecond)))
	require.Zero(t, p.Next())
	// It does not run into the debt of a slow rate.
	p.StartProbe(pacer.Probe{}, now)
	require.Zero(t, p.Padding(now.Add(100*time.Millisecond)))
}

// Whatever is pushed when: a class keeps its order, nothing is lost, the rate is bounded in every window, audio waits
// for nothing but audio, and at the time of Next there is a packet.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := int64(rapid.IntRange(20_000, 20_000_000).Draw(t, "rate"))
		p := pacer.New[int](pacer.Config{Factor: 1})
		p.SetRate(rate, start)
		type sent struct {
			at   time.Duration
			size int
		}
		var (
			now     time.Duration
			all     []sent
			next    int
			queued  = map[pacer.Class][]int{}
			sizes   = map[int]int{}
			pushed  = map[int]time.Duration{}
			classOf = map[int]pacer.Class{}
			audio   int
		)
		pop := func() bool {
			item, ok := p.Pop(start.Add(now))
			if !ok {
				return false
			}
			class := classOf[item]
			if len(queued[class]) == 0 || queued[class][0] != item {
				t.Fatalf("popped %d of %v, in which %v wait", item, class, queued[class])
			}
			queued[class] = queued[class][1:]
			all = append(all, sent{now, sizes[item]})
			if class == pacer.Audio {
				// 50 packets of audio at most have come in the last 5 ms
				if wait := now - pushed[item]; wait > time.Duration(float64(50*200+3000)*8e9/float64(rate)) {
					t.Fatalf("audio waited %v", wait)
				}
			}
			return true
		}
		for range rapid.IntRange(1, 300).Draw(t, "events") {
			switch rapid.IntRange(0, 4).Draw(t, "event") {
			case 0, 1:
				class := pacer.Class(rapid.IntRange(1, 4).Draw(t, "class"))
				size := rapid.IntRange(1, 1500).Draw(t, "size")
				if class == pacer.Audio {
					if len(queued[class]) >= 40 {
						continue
					}
					size, audio = min(size, 200), audio+1
				}
				next++
				sizes[next], pushed[next], classOf[next] = size, now, class
				switch p.Push(next, size, class, start.Add(now)) {
				case pacer.Passed:
					if len(queued[class]) > 0 {
						t.Fatalf("%v overtook its own class", class)
					}
					all = append(all, sent{now, size})
				case pacer.Queued, pacer.Late:
					queued[class] = append(queued[class], next)
				case pacer.Refused:
					if p.Len(class) == 0 && p.Delay(start.Add(now)) == 0 {
						t.Fatal("refused by an empty queue")
					}
				}
			case 2:
				now += time.Duration(rapid.IntRange(0, 20_000).Draw(t, "us")) * time.Microsecond
			case 3:
				for pop() { //nothing else
				}
			case 4:
				if at := p.Next(); !at.IsZero() {
					now = max(now, at.Sub(start))
					if !pop() {
						t.Fatal("nothing is there at the time of Next")
					}
				}
			}
			for class, items := range queued {
				if p.Len(class) != len(items) {
					t.Fatalf("%d of %v wait, not %d", p.Len(class), class, len(items))
				}
			}
		}
		for at := p.Next(); !at.IsZero(); at = p.Next() {
			now = max(now, at.Sub(start))
			if !pop() {
				t.Fatal("nothing is there at the time of Next")
			}
		}
		for class, items := range queued {
			if len(items) > 0 {
				t.Fatalf("%v of %v were lost", items, class)
			}
		}
		// In every window: 5 ms, 20 ms of audio ahead, and a packet for each.
		bytes := make([]int, len(all)+1)
		for i, s := range all {
			bytes[i+1] = bytes[i] + s.size
		}
		for i := range all {
			for j := i; j < len(all); j++ {
				window := all[j].at - all[i].at + 25*time.Millisecond
				limit := float64(rate)/8*window.Seconds() + 3*1500
				if got := float64(bytes[j+1] - bytes[i]); got > limit {
					t.Fatalf("%.0f bytes in %v, %.0f are allowed", got, window, limit)
				}
			}
		}
	})
}

func TestDoesNotAllocate(t *testing.T) {
	p := paced(start)
	now := start
	run := func() {
		for i := range 20 {
			p.Push(i, 1000, pacer.Class(1+i%4), now)
		}
		for at := p.Next(); !at.IsZero(); at = p.Next() {
			now = at
			p.Pop(now)
		}
	}
	run()
	require.Zero(t, testing.AllocsPerRun(100, run))
}

// FuzzPacer lets bytes drive a pacer: it neither panics nor loses a packet.
func FuzzPacer(f *testing.F) {
	f.Add([]byte{0, 10, 20, 1, 255, 255, 2, 3, 3, 3, 4, 1, 1, 5, 9, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		p := pacer.New[int](pacer.Config{})
		now, waiting, next := start, []int{}, 0
		for len(data) >= 3 {
			op, a, b := data[0], int64(data[1]), int64(data[2])
			data = data[3:]
			switch op % 8 {
			case 0:
				p.SetRate((a-10)<<(b%56), now)
			case 1, 2:
				next++
				if v := p.Push(next, int(a*b), pacer.Class(op/8%6), now); v == pacer.Queued || v == pacer.Late {
					waiting = append(waiting, next)
				}
			case 3:
				now = now.Add(time.Duration(a << (b % 48)))
			case 4:
				p.StartProbe(pacer.Probe{ID: uint8(a), Bps: a << (b % 56), Bytes: int(b << (a % 56))}, now)
			case 5:
				p.Discard(pacer.Class(a%6), func(item int) bool {
					if item%2 == 0 {
						waiting = slices.DeleteFunc(waiting, func(w int) bool { return w == item })
					}
					return item%2 == 0
				})
			case 6:
				if n := p.Padding(now); n > 0 {
					if v := p.Push(0, n, pacer.Padding, now); v != pacer.Passed {
						t.Fatalf("padding that is wanted is %d", v)
					}
				}
			case 7:
				if at := p.Next(); at.After(now) {
					now = at
				}
				if item, ok := p.Pop(now); ok {
					i := slices.Index(waiting, item)
					if i < 0 {
						t.Fatalf("%d was not pushed", item)
					}
					waiting = slices.Delete(waiting, i, i+1)
				}
			}
			if p.Delay(now) < 0 {
				t.Fatal("negative delay")
			}
		}
		p.EndProbe()
		for range waiting {
			if at := p.Next(); at.After(now) {
				now = at
			}
			if _, ok := p.Pop(now); !ok {
				t.Fatalf("%d packets were lost", len(waiting))
			}
		}
	})
}

func BenchmarkPush(b *testing.B) {
	p := pacer.New[*int](pacer.Config{})
	p.SetRate(100_000_000, start)
	now, item := start, new(int)
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(100 * time.Microsecond)
		if p.Push(item, 1200, pacer.Video, now) != pacer.Passed {
			p.Pop(now)
		}
	}
}

func BenchmarkQueue(b *testing.B) {
	p := pacer.New[*int](pacer.Config{})
	p.SetRate(10_000_000, start)
	now, item := start, new(int)
	b.ReportAllocs()
	for b.Loop() {
		p.Push(item, 1200, pacer.Video, now)
		if at := p.Next(); !at.IsZero() {
			now = at
			p.Pop(now)
		}
	}
}
