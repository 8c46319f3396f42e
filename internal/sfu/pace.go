package sfu

import (
	"context"
	"time"
)

// pace bounds how often a peer can have descriptions worked on, for each costs milliseconds of CPU whatever it says:
// a few at once, then the next ones wait for their turn. Not safe for concurrent use.
type pace struct{ used bucket }

const (
	offersPerSecond = 10
	offersBurst     = 60
	formatsPerOffer = 32 // a description with so many formats counts as one more
)

// wait returns when a description that counts as so many may be worked on, or with the error of ctx.
func (p *pace) wait(ctx context.Context, count int) error {
	for {
		if p.used.takeMany(time.Now(), min(float64(count), offersBurst), offersPerSecond, offersBurst) {
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
