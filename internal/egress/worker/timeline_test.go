package worker

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func TestTimelineTakesJitterOut(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	line := timeline{rate: videoRate}
	rtp := uint32(1<<32 - 90000) // wraps after a second
	const frame = time.Second / 30
	for n := range 300 {
		sent := epoch.Add(time.Duration(n) * frame)
		delay := 20 * time.Millisecond
		if n%7 != 0 {
			delay += time.Duration(random.IntN(80)) * time.Millisecond
		}
		got, _ := line.place(rtp, sent.Add(delay))
		if n > 14 {
			require.WithinDuration(t, sent.Add(20*time.Millisecond), got, 2*time.Millisecond, "frame %d", n)
		}
		rtp += 3000
	}
}

func TestTimelineFollowsALongerWay(t *testing.T) {
	line := timeline{rate: videoRate}
	rtp := uint32(0)
	for n := range 300 {
		sent := epoch.Add(time.Duration(n) * time.Second / 30)
		delay := 20 * time.Millisecond
		if n >= 100 {
			delay = 300 * time.Millisecond
		}
		got, _ := line.place(rtp, sent.Add(delay))
		if n < 100 || n > 100+4*30 {
			require.WithinDuration(t, sent.Add(delay), got, time.Millisecond, "frame %d", n)
		}
		rtp += 3000
	}
}

func TestTimelineBeginsAnewAfterALeap(t *testing.T) {
	line := timeline{rate: videoRate}
	line.place(5000, epoch)
	now := epoch.Add(time.Second)
	at, sure := line.place(1<<31, now)
	require.Equal(t, now, at)
	require.True(t, sure)
	at, _ = line.place(1<<31+90000, now.Add(time.Second))
	require.Equal(t, now.Add(time.Second), at)
}

// A capture stalls for four seconds and goes on, and its RTP time with it; or the frames of that time wait on the way
// and come at once. Both begin alike.
func TestTimelineTellsAStallFromADelay(t *testing.T) {
	const frame, pause = 20 * time.Millisecond, 4 * time.Second
	placed := func(arrival func(n int) time.Time) []time.Time {
		line := timeline{rate: opusRate}
		var times []time.Time
		var unsure []uint32
		for n := range 1000 {
			unsure = append(unsure, uint32(n)*960)
			if _, sure := line.place(unsure[len(unsure)-1], arrival(n)); !sure {
				require.Less(t, len(unsure), maxUnplaced)
				continue
			}
			for _, rtp := range unsure {
				times = append(times, line.timeOf(rtp))
			}
			unsure = nil
		}
		return times
	}
	for n, at := range placed(func(n int) time.Time {
		at := epoch.Add(time.Duration(n) * frame)
		if n >= 200 {
			at = at.Add(pause)
		}
		return at
	}) {
		want := epoch.Add(time.Duration(n) * frame)
		if n >= 200 {
			want = want.Add(pause)
		}
		require.WithinDuration(t, want, at, time.Millisecond, "packet %d of a stall", n)
	}
	for n, at := range placed(func(n int) time.Time {
		at := epoch.Add(time.Duration(n) * frame)
		if held := epoch.Add(200*frame + pause).Add(time.Duration(n-200) * time.Millisecond); n >= 200 && at.Before(held) {
			at = held // four seconds of packets within 200 ms
		}
		return at
	}) {
		require.WithinDuration(t, epoch.Add(time.Duration(n)*frame), at, time.Millisecond, "packet %d of a delay", n)
	}
}

// The slew of a value that jumps moves by an eighth of the time, and comes to where it is.
func TestSlewDoesNotJump(t *testing.T) {
	var s slew
	require.Equal(t, 100*time.Millisecond, s.toward(100*time.Millisecond, epoch))
	last := s.value
	for n := 1; n <= 200; n++ {
		value := s.toward(-300*time.Millisecond, epoch.Add(time.Duration(n)*20*time.Millisecond))
		require.LessOrEqual(t, last-value, 2500*time.Microsecond)
		last = value
	}
	require.Equal(t, -300*time.Millisecond, last)
}
