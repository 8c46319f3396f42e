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
		got := line.at(rtp, sent.Add(delay))
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
		got := line.at(rtp, sent.Add(delay))
		if n < 100 || n > 100+4*30 {
			require.WithinDuration(t, sent.Add(delay), got, time.Millisecond, "frame %d", n)
		}
		rtp += 3000
	}
}

func TestTimelineBeginsAnewAfterALeap(t *testing.T) {
	line := timeline{rate: videoRate}
	line.at(5000, epoch)
	now := epoch.Add(time.Second)
	require.Equal(t, now, line.at(1<<31, now))
	require.Equal(t, now.Add(time.Second), line.at(1<<31+90000, now.Add(time.Second)))
}
