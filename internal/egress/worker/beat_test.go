package worker

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

type drum struct {
	pictures, sounds, hurried int
	early                     bool
	pause                     func(n int) time.Duration
	fail                      error
}

func (d *drum) picture(at time.Time, hurry bool) error {
	d.pictures++
	d.early = d.early || time.Now().Before(at)
	if hurry {
		d.hurried++
	}
	if d.pause != nil {
		time.Sleep(d.pause(d.pictures))
	}
	return d.fail
}

func (d *drum) sound(at time.Time) error {
	d.sounds++
	d.early = d.early || time.Now().Before(at)
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

func TestBeatKeepsTime(t *testing.T) {
	for name, pause := range map[string]func(int) time.Duration{
		"steady":            nil,
		"paused":            pauseAt(50),
		"paused at the end": pauseAt(212),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &drum{pause: pause}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second-time.Millisecond)
				defer cancel()
				require.NoError(t, beat(ctx, time.Now(), d))
				require.Equal(t, 300, d.pictures)
				require.Equal(t, 500, d.sounds)
				require.False(t, d.early)
				require.Equal(t, pause != nil, d.hurried > 80)
			})
		})
	}
}

func TestBeatEndsWithItsPlayer(t *testing.T) {
	full := errors.New("full")
	require.Equal(t, full, beat(t.Context(), time.Now(), &drum{fail: full}))
}
