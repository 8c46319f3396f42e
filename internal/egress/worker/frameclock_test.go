package worker

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

type fakeRenderer struct {
	pictures, sounds, hurried int
	early                     bool
	pause                     func(n int) time.Duration
	fail                      error
}

func (d *fakeRenderer) renderFrame(moment time.Time, hurry bool) error {
	d.pictures++
	d.early = d.early || time.Since(moment) < compositionDelay
	if hurry {
		d.hurried++
	}
	if d.pause != nil {
		time.Sleep(d.pause(d.pictures))
	}
	return d.fail
}

func (d *fakeRenderer) renderAudio(moment time.Time) error {
	d.sounds++
	d.early = d.early || time.Since(moment) < compositionDelay
	return nil
}

func pauseAt(picture int) func(int) time.Duration {
	return func(n int) time.Duration {
		if n == picture {
			return 3 * time.Second
		}
		return 0
	}
}

func TestFrameClockKeepsTime(t *testing.T) {
	for name, pause := range map[string]func(int) time.Duration{
		"steady":            nil,
		"paused":            pauseAt(50),
		"paused at the end": pauseAt(212),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &fakeRenderer{pause: pause}
				start, end := time.Now(), make(chan time.Time, 1)
				time.AfterFunc(10*time.Second-time.Millisecond, func() { end <- time.Now() })
				require.NoError(t, runFrameClock(t.Context(), start, end, d))
				require.WithinDuration(
					t,
					start.Add(10*time.Second+compositionDelay),
					time.Now(),
					3*time.Second,
					"until that moment is made",
				)
				require.Equal(t, 300, d.pictures)
				require.Equal(t, 500, d.sounds)
				require.False(t, d.early)
				require.Equal(t, pause != nil, d.hurried > 80)
			})
		})
	}
}

func TestFrameClockEndsWithItsRenderer(t *testing.T) {
	full := errors.New("full")
	require.Equal(t, full, runFrameClock(t.Context(), time.Now(), nil, &fakeRenderer{fail: full}))
}

func TestFrameClockEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second-time.Millisecond)
		defer cancel()
		start, d := time.Now(), &fakeRenderer{}
		require.NoError(t, runFrameClock(ctx, start, nil, d))
		require.Equal(t, 2*time.Second-time.Millisecond, time.Since(start))
		require.Equal(t, 45, d.pictures)
	})
}
