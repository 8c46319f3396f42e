package bwe

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const ms = time.Millisecond

// feed lets the detector judge intervals of 50 ms with these delays.
func feed(d *delayDetector, delays ...time.Duration) (overused bool) {
	for _, delay := range delays {
		d.update(&interval{end: 50 * ms, minDelay: delay}, true)
		overused = overused || d.overused()
	}
	return overused
}

func TestQueueThatGrows(t *testing.T) {
	var d delayDetector
	require.False(t, feed(&d, 20*ms, 21*ms, 20*ms, 20*ms))
	require.True(t, feed(&d, 30*ms, 40*ms, 50*ms, 60*ms, 70*ms))
	require.False(t, d.empty())
	feed(&d, 60*ms, 40*ms, 21*ms)
	require.True(t, d.empty())
	require.False(t, d.overused())
}

func TestQueueThatJumps(t *testing.T) {
	var d delayDetector
	require.False(t, feed(&d, 20*ms, 20*ms))
	require.True(t, feed(&d, 120*ms), "at once")
}

// After a time the jitter of the path passes for no queue, and a queue still shows.
func TestJitterIsNoQueue(t *testing.T) {
	var d delayDetector
	rng := rand.New(rand.NewPCG(1, 1))
	for range 400 {
		feed(&d, 150*ms+time.Duration(rng.IntN(40))*ms)
	}
	alarms := 0
	for range 400 {
		if feed(&d, 150*ms+time.Duration(rng.IntN(40))*ms) {
			alarms++
		}
	}
	require.Less(t, alarms, 4)
	require.True(t, feed(&d, 300*ms, 400*ms, 500*ms))
}

// The queue of others is tolerated until it is gone.
func TestQueueOfOthers(t *testing.T) {
	var d delayDetector
	feed(&d, 20*ms, 20*ms, 220*ms, 230*ms, 240*ms)
	require.True(t, d.overused())
	d.compete(time.Second)
	require.False(t, feed(&d, 240*ms, 250*ms, 230*ms, 210*ms))
	require.False(t, d.empty())
	feed(&d, 25*ms)
	require.True(t, d.empty())
	d.alone()
	require.True(t, feed(&d, 120*ms, 130*ms))
}
