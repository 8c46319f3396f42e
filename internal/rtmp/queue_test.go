package rtmp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/internal/fmp4"
)

// Whatever comes in and whenever the connection comes and goes: what goes out on one connection begins with a
// key frame, does so again after every gap, is in order, and what waits is bounded.
func TestQueueGivesWhatAPlayerCanUse(t *testing.T) {
	const step = 500 * time.Millisecond
	rapid.Check(t, func(t *rapid.T) {
		q := &queue{longest: 3 * time.Second, waitKey: true}
		var now, expected time.Duration
		fresh := true // the connection has had nothing yet
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				q.push(&fmp4.Fragment{Start: now, Duration: step, Key: rapid.IntRange(0, 3).Draw(t, "key") == 0})
				now += step
			},
			"next": func(t *rapid.T) {
				if !q.live {
					return
				}
				f, closed := q.next()
				require.False(t, closed)
				if f == nil {
					return
				}
				require.True(t, f.Key || !fresh && f.Start == expected, "a gap that does not end with a key frame")
				require.True(t, fresh || f.Start >= expected, "backwards")
				expected, fresh = f.Start+step, false
			},
			"connection": func(t *rapid.T) {
				q.setLive(!q.live)
				fresh = true
			},
			"": func(t *rapid.T) {
				var sum time.Duration
				for _, f := range q.fragments {
					sum += f.Duration
				}
				require.Equal(t, sum, q.duration)
				require.LessOrEqual(t, sum, q.longest)
				if !q.live && len(q.fragments) > 0 {
					require.True(t, q.fragments[0].Key)
				}
			},
		})
		q.end()
		q.push(&fmp4.Fragment{Key: true, Duration: time.Hour})
		require.True(t, q.ended())
		q.drop()
		f, closed := q.next()
		require.Nil(t, f)
		require.True(t, closed)
	})
}
