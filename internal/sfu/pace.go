package sfu

import (
	"context"
	"time"
)

// pace bounds how often a peer can have descriptions worked on, for each costs milliseconds of CPU whatever it says:
// a few at once, then the next ones wait for their turn. Not safe for concurrent use.
type pace struct{ used bucket }

const (
	offersPerSecond = 5
	offersBurst     = 20
)

// wait returns when the next description may be worked on, or with the error of ctx.
func (p *pace) wait(ctx context.Context) error {
	for {
		now := time.Now()
		if p.used.take(now, offersPerSecond, offersBurst) {
			return nil
		}
		timer := time.NewTimer(time.Second / offersPerSecond)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}
