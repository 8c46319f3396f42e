package worker

import (
	"context"
	"sync/atomic"
	"time"
)

// The picture's and the sound's rates; a frame and a tick meet every 100 ms.
const (
	fps      = 30
	tick     = 20 * time.Millisecond
	behindBy = 100 * time.Millisecond
)

// player makes one frame of picture and one tick of sound at a time.
type player interface {
	// picture makes the frame of that moment. In a hurry it says the last one again: that costs least.
	picture(at time.Time, hurry bool) error
	// sound makes the 20 ms from that moment on.
	sound(at time.Time) error
}

// beat calls p for every frame and tick in their time until ctx ends or p fails. None is left out, so picture and
// sound stay together and as long as the time that passed, whatever the machine did: after a pause the missing ones
// follow each other as fast as p takes them, also those that are missing when ctx ends.
func beat(ctx context.Context, start time.Time, p player) error {
	var ended atomic.Pointer[time.Time]
	defer context.AfterFunc(ctx, func() {
		now := time.Now()
		ended.Store(&now)
	})()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for frames, ticks := int64(0), int64(0); ; {
		picture, sound := time.Duration(frames)*time.Second/fps, time.Duration(ticks)*tick
		due := start.Add(min(picture, sound))
		if wait := time.Until(due); wait > 0 {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return nil
			case <-timer.C:
			}
		} else if end := ended.Load(); end != nil && due.After(*end) {
			return nil
		}
		if picture <= sound {
			if err := p.picture(due, time.Since(due) > behindBy); err != nil {
				return err
			}
			frames++
			continue
		}
		if err := p.sound(due); err != nil {
			return err
		}
		ticks++
	}
}
