package worker

import (
	"context"
	"time"
)

// The picture's and the sound's rates; a frame and a tick meet every 100 ms.
const (
	fps       = 30
	audioTick = 20 * time.Millisecond
	lateAfter = 100 * time.Millisecond

	// compositionDelay is how much later than in the meeting everything is drawn and mixed: time for what is late on the
	// way, for lost packets to be sent again, and for a machine that is busy.
	compositionDelay = 500 * time.Millisecond

	// maxCatchUp is how much faster than the meeting frames and ticks follow each other when they are late.
	maxCatchUp = 4
)

// renderer makes one frame of picture and one tick of sound at a time.
type renderer interface {
	// renderFrame makes the frame of that moment of the meeting. When late it repeats the last one, which costs least.
	renderFrame(moment time.Time, hurry bool) error
	// renderAudio makes the 20 ms from that moment on.
	renderAudio(moment time.Time) error
}

// runFrameClock calls p for every frame and tick from start until the moment that is received from end, each after the
// delay, until ctx ends or p fails. None is left out, so picture and sound stay together and as long as the time that
// passed, whatever the machine did. After a pause the missing ones follow each other faster than in the meeting, but
// not all at once: when the process had no processor time, what was sent meanwhile is still in its sockets.
func runFrameClock(ctx context.Context, start time.Time, end <-chan time.Time, p renderer) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var last time.Time // zero: not known yet
	before, made := start, time.Time{}
	for frames, ticks := int64(0), int64(0); ; {
		picture, sound := time.Duration(frames)*time.Second/fps, time.Duration(ticks)*audioTick
		moment := start.Add(min(picture, sound))
		due := moment.Add(compositionDelay)
		if earliest := made.Add(moment.Sub(before) / maxCatchUp); due.Before(earliest) {
			due = earliest
		}
		timer.Reset(time.Until(due))
		select {
		case <-ctx.Done():
			return nil
		case last = <-end:
			end = nil
		case <-timer.C:
		}
		if !last.IsZero() && moment.After(last) {
			return nil
		}
		now := time.Now()
		if now.Before(due) {
			continue
		}
		before, made = moment, now
		if picture <= sound {
			if err := p.renderFrame(moment, now.Sub(moment) > compositionDelay+lateAfter); err != nil {
				return err
			}
			frames++
			continue
		}
		if err := p.renderAudio(moment); err != nil {
			return err
		}
		ticks++
	}
}
