package rtmp

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/klatch/klatch/internal/fmp4"
	"github.com/klatch/klatch/internal/guard"
)

// State is what an output is doing.
type State uint8

// The states. Lost and Done are last words.
const (
	_        State = iota
	Live           // publishing
	Retrying       // the connection failed, another attempt follows
	Lost           // given up
	Done           // closed as asked
)

var states = [...]string{Live: "live", Retrying: "retrying", Lost: "lost", Done: "done"}

func (s State) String() string {
	if s == 0 || int(s) >= len(states) {
		return "none"
	}
	return states[s]
}

// Change tells of a new state of an output.
type Change struct {
	State   State
	Err     error         // Retrying and Lost: the *Error of the last attempt
	Attempt int           // Retrying and Lost: failures in a row
	Wait    time.Duration // Retrying: until the next attempt
	WasLive bool          // it had published before this change
}

// RelayOptions of a Relay. Zero durations and numbers mean the default.
type RelayOptions struct {
	Dial Options
	// FirstAttempts is how often a target is tried that has never been live: 1. A mistake in the URL or the key
	// should be heard at once.
	FirstAttempts int
	// GiveUp is how long a target that has been live is tried again: 1 minute.
	GiveUp time.Duration
	// MinWait and MaxWait bound the wait between attempts, which doubles: 1 s to 15 s.
	MinWait, MaxWait time.Duration
	// MaxQueued is how much media waits for a slow server: 8 s. When it is full all of it is dropped and
	// sending goes on with the next key frame.
	MaxQueued time.Duration
	// OnChange is called from one goroutine, in order; Lost or Done comes last, before Close returns. It may be nil.
	OnChange func(Change)
}

// Relay publishes a running stream to one target for as long as it goes, over as many connections as it
// takes. A new connection gets the configurations and starts at a key frame; timestamps are those of the
// stream and so go on. While there is no connection the media since the last key frame is kept.
//
// Write and Close are safe for concurrent use; one goroutine (loop) dials and sends.
type Relay struct {
	init    *fmp4.Init
	target  Target
	options RelayOptions

	wake   chan struct{} // capacity 1: the queue has something, or closing was set
	cancel context.CancelFunc
	done   chan struct{}

	queue queue
}

// NewRelay starts to dial. Close ends it.
func NewRelay(init *fmp4.Init, target Target, options RelayOptions) *Relay {
	options.FirstAttempts = cmp.Or(options.FirstAttempts, 1)
	options.GiveUp = cmp.Or(options.GiveUp, time.Minute)
	options.MinWait = cmp.Or(options.MinWait, time.Second)
	options.MaxWait = cmp.Or(options.MaxWait, 15*time.Second)
	options.MaxQueued = cmp.Or(options.MaxQueued, 8*time.Second)
	ctx, cancel := context.WithCancel(context.Background())
	r := &Relay{
		init: init, target: target, options: options,
		wake: make(chan struct{}, 1), cancel: cancel, done: make(chan struct{}),
		queue: queue{longest: options.MaxQueued, waitKey: true},
	}
	go func() {
		defer close(r.done)
		defer cancel()
		r.run(ctx)
	}()
	return r
}

// Write hands over the next fragment; it never waits. After Close or Lost it does nothing.
func (r *Relay) Write(f *fmp4.Fragment) {
	r.queue.push(f)
	r.wakeLoop()
}

func (r *Relay) wakeLoop() {
	select {
	case r.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// Dropped is how much media was dropped while live because the server was slow.
func (r *Relay) Dropped() time.Duration { return r.queue.droppedTime() }

// Close sends what is queued, ends the publication in order, and waits for that until ctx ends; then the
// connection is cut. It returns when nothing of the relay runs any more.
func (r *Relay) Close(ctx context.Context) {
	r.queue.end()
	r.wakeLoop()
	select {
	case <-r.done:
	case <-ctx.Done():
		r.cancel()
		<-r.done
	}
}

func (r *Relay) notify(c Change) {
	if r.options.OnChange != nil {
		r.options.OnChange(c)
	}
}

func (r *Relay) run(ctx context.Context) {
	defer r.queue.drop() // nothing waits for a relay that has ended
	wasLive := false
	var down time.Time // since when it has not been live for longer than MaxWait
	for attempt := 1; ; attempt++ {
		p, err := r.dial(ctx)
		if err == nil {
			began := time.Now()
			r.notify(Change{State: Live, WasLive: wasLive})
			if failed := guard.Run("the publishing to an RTMP target", func() error {
				err = r.send(ctx, p)
				return nil
			}); failed != nil { // a panic ends the connection as a failure of it does
				err = r.abort(p, p.broken(failed))
			}
			if err == nil {
				r.notify(Change{State: Done, WasLive: true})
				return
			}
			// A server that takes us only to hang up again is still the same outage.
			if !wasLive || time.Since(began) > r.options.MaxWait {
				attempt, down = 1, time.Now()
			}
			wasLive = true
		}
		if ctx.Err() != nil || r.queue.ended() {
			r.notify(Change{State: Done, Err: ownFailure(err), WasLive: wasLive})
			return
		}
		wait := r.wait(attempt)
		final := !wasLive && attempt >= r.options.FirstAttempts ||
			wasLive && time.Since(down)+wait > r.options.GiveUp
		if final {
			r.notify(Change{State: Lost, Err: err, Attempt: attempt, WasLive: wasLive})
			return
		}
		r.notify(Change{State: Retrying, Err: err, Attempt: attempt, Wait: wait, WasLive: wasLive})
		if !r.sleep(ctx, wait) {
			r.notify(Change{State: Done, Err: err, WasLive: wasLive})
			return
		}
	}
}

// ownFailure leaves out what only says that we stopped.
func ownFailure(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, ErrClosed) {
		return nil
	}
	return err
}

func (r *Relay) wait(attempt int) time.Duration {
	wait := r.options.MaxWait
	if shift := attempt - 1; shift < 16 {
		wait = min(wait, r.options.MinWait<<shift)
	}
	// up to a fifth less, so that outputs that broke together do not come back together
	return wait - time.Duration(rand.Int64N(int64(wait)/5+1))
}

// dial is cut short by Close: a target that is not live has nothing to finish.
func (r *Relay) dial(ctx context.Context) (*Publisher, error) {
	ctx, cancel := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-ctx.Done():
				return
			case <-r.wake:
				if r.queue.ended() {
					cancel()
					return
				}
			}
		}
	}()
	p, err := Dial(ctx, r.target, r.options.Dial)
	cancel()
	<-watched
	r.wakeLoop() // what the watcher took
	return p, err
}

func (r *Relay) sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return true
		case <-ctx.Done():
			return false
		case <-r.wake:
			if r.queue.ended() {
				return false
			}
		}
	}
}

// send publishes from the queue until the connection fails or Close was called and the queue is empty.
func (r *Relay) send(ctx context.Context, p *Publisher) error {
	stop := context.AfterFunc(ctx, func() { p.abort() })
	defer stop()
	r.queue.setLive(true)
	defer r.queue.setLive(false)
	begun := false
	for {
		f, closing := r.queue.next()
		switch {
		case f != nil:
			if !begun {
				if err := p.WriteInit(r.init, f.Start); err != nil {
					return r.abort(p, err)
				}
				begun = true
			}
			samples, err := f.Samples()
			if err != nil {
				return r.abort(p, err)
			}
			for _, s := range samples {
				if err := p.WriteSample(s); err != nil {
					return r.abort(p, err)
				}
			}
			continue
		case closing:
			return p.Close()
		}
		select {
		case <-r.wake:
		case <-p.Failed():
			return r.abort(p, p.Err())
		}
	}
}

func (r *Relay) abort(p *Publisher, err error) error {
	<-p.abort()
	return err
}
