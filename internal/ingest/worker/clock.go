package worker

import (
	"sync"
	"time"
)

// clock decides when media is sent: sound and pictures of the same moment at the same time, whatever each takes on its
// way through this process, so that the sender reports of both streams agree (RFC 3550, section 6.4.1).
//
// delay is what is added to the time of media to have the time of sending. It is that of the slower stream, plus what
// evens out the network. It follows the encoder's clock, which is not ours, and the network: at once when media comes
// too late, slowly when it comes earlier than it has to. In the first seconds of a connection it follows at once both
// ways, since servers that relay begin with the pictures of the last seconds.
//
// Shape: mutex.
type clock struct {
	mu      sync.Mutex // guards everything below
	streams [2]arrivals
	started time.Time // when a stream of the connection came first
	base    time.Time // delay is relative to it
	delay   time.Duration
	set     bool
	skipped time.Duration // how far delay has gone back at once since the connection began
}

// arrivals are those of one stream: how late the earliest of the last two windows came.
type arrivals struct {
	now, before   time.Duration
	since, lastAt time.Time
}

const (
	evenOut     = 40 * time.Millisecond
	window      = time.Second
	settleTime  = 3 * time.Second
	maxSkip     = 4 * time.Second
	maxStep     = 10 * time.Millisecond // in a window
	tolerance   = 30 * time.Millisecond
	goneAfter   = 2 * time.Second // a stream that delivers nothing does not hold up the other
	indexVideo  = 0
	indexAudio  = 1
	noneArrived = time.Duration(1<<63 - 1)
)

// begin starts a connection of the encoder. It returns the present on the time of media.
func (c *clock) begin(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.base.IsZero() {
		c.base = now
	}
	c.started, c.skipped = now, 0
	c.streams = [2]arrivals{}
	return now.Sub(c.base)
}

// arrived notes that media of that time is ready to be sent.
func (c *clock) arrived(stream int, at time.Duration, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	late := now.Sub(c.base) - at
	a := &c.streams[stream]
	if a.since.IsZero() {
		c.started = now // of what is new nothing is known yet
		a.now, a.before, a.since = late, noneArrived, now
	}
	a.lastAt = now
	a.now = min(a.now, late)
	closed := now.Sub(a.since) >= window
	c.followLocked(now, closed)
	if closed {
		a.before, a.now, a.since = a.now, late, now
	}
}

// followLocked brings delay to that of the slower stream.
func (c *clock) followLocked(now time.Time, closed bool) {
	want := -noneArrived
	for _, a := range c.streams {
		if !a.since.IsZero() && now.Sub(a.lastAt) < goneAfter {
			want = max(want, min(a.now, a.before))
		}
	}
	want += evenOut
	switch {
	case !c.set:
		c.delay, c.set = want, true
	case want > c.delay:
		if settling := now.Sub(c.started) < settleTime; settling || closed {
			c.delay = want
		}
	case now.Sub(c.started) < settleTime:
		back := min(c.delay-want, maxSkip-c.skipped)
		c.delay -= back
		c.skipped += back
	case closed && c.delay-want > tolerance:
		c.delay -= min(c.delay-want, maxStep)
	}
}

// due is when media of that time is sent.
func (c *clock) due(at time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(at + c.delay)
}

// timeline makes one growing time of the timestamps of all connections of an encoder.
type timeline struct {
	last    uint32 // timestamp
	at      time.Duration
	begun   bool
	highest time.Duration
}

// maxJump is how far timestamps of one connection may lie apart; what is further off continues where the time is.
const maxJump = 3 * time.Second

// begin starts a connection: its first timestamp is the present.
func (t *timeline) begin(present time.Duration) {
	t.begun = false
	t.highest = max(t.highest+20*time.Millisecond, present)
}

// of returns the time of a timestamp. jumped says that the timestamps do not follow each other.
func (t *timeline) of(timestamp uint32) (at time.Duration, jumped bool) {
	delta := time.Duration(int32(timestamp-t.last)) * time.Millisecond // wraps
	switch {
	case !t.begun:
		t.begun, t.at = true, t.highest
	case delta > maxJump || delta < -maxJump:
		t.at, jumped = t.highest+20*time.Millisecond, true
	default:
		t.at += delta
	}
	t.last = timestamp
	t.highest = max(t.highest, t.at)
	return t.at, jumped
}
