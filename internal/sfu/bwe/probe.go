package bwe

import "time"

// ProbeID names a probe in the calls of Sent; 0 is none.
type ProbeID uint8

// Probe is a short burst that is to be sent faster than the estimate, to see whether the path carries more. Bytes
// counts all packets that are sent from its first to its last, media too; padding makes up what media does not fill.
// A probe has at least five packets, so none of them is longer than a fifth of it.
type Probe struct {
	ID    ProbeID
	Bps   int64
	Bytes int
}

const (
	probeFactor   = 2.0 // of the estimate
	probeDuration = 15 * time.Millisecond
	probePackets  = 5 // of media, or of padding of 255 bytes, when that is more
	probeMinBytes = 1300
	// The first probe is longer than the usual token bucket, which lets short ones pass at any rate.
	probeFirstBytes = 9000
	probeMaxBytes   = 64 * 1024 // the largest token bucket that is found out

	// A probe that fails is repeated after probeInterval, then more and more rarely. One of which feedback says too
	// little is repeated after probeAgain.
	probeInterval    = time.Second
	probeIntervalMax = 4 * time.Second
	probeAgain       = 200 * time.Millisecond
	probeTimeout     = time.Second // after the last packet, plus the round trip

	// recoverAfter is how long after congestion it is probed whether the path still carries what it carried then.
	recoverAfter  = 500 * time.Millisecond
	recoverFactor = 1.05 // of that

	// probeDrain is how long the queue that a probe has filled may last.
	probeDrain = 500 * time.Millisecond
	// probeRegret is within what time a queue shows that a probe promised too much.
	probeRegret = 3 * time.Second
	regretShare = 0.75 // of what it promised
)

// prober decides when to probe.
type prober struct {
	active     bool
	recovering bool // the probe asks for no more than the path carried before
	offered    time.Duration
	burst      burst // the probe under way, or the last one
	begun      bool  // the first probe was sent

	next     time.Duration // no probe before
	recover  time.Duration // no probe of what the path carried before, before
	interval time.Duration
	minBytes int // more than that of a token bucket that let a probe pass

	raisedAt time.Duration // when a probe last raised the estimate
	raisedTo float64       // 0: long ago
}

// start makes a new probe of that rate and of at least so many bytes.
func (p *prober) start(bps float64, least int, now time.Duration) Probe {
	id := p.burst.wanted.ID + 1
	if id == 0 {
		id = 1
	}
	bytes := max(int(bps/8*probeDuration.Seconds()), p.minBytes, least)
	p.active, p.recovering, p.begun, p.offered = true, false, true, now
	p.burst = burst{wanted: Probe{ID: id, Bps: int64(bps), Bytes: bytes}}
	return p.burst.wanted
}

// of returns the burst that packets of that ID belong to, or nil when it is over.
func (p *prober) of(id ProbeID) *burst {
	if !p.active || id != p.burst.wanted.ID {
		return nil
	}
	return &p.burst
}

// done reports whether the probe can be judged: feedback has come for packets that were sent after it, or time is up.
func (p *prober) done(now, newestSent, roundTrip time.Duration) bool {
	if !p.active {
		return false
	}
	return p.burst.complete(newestSent) || now-max(p.offered, p.burst.lastSent) > probeTimeout+roundTrip
}

// fills reports whether a queue of packets that were sent at that time may be that of a probe.
func (p *prober) fills(sent time.Duration) bool {
	b := &p.burst
	return b.lastSent > 0 && sent > b.firstSent && sent < b.lastSent+probeDrain
}

// inconclusive lets a probe follow soon that feedback says too little of.
func (p *prober) inconclusive(now, roundTrip time.Duration) {
	p.next = max(p.next, now+roundTrip+probeAgain)
}

// failed puts the next probe off.
func (p *prober) failed(now time.Duration) {
	p.interval = min(max(2*p.interval, probeInterval), probeIntervalMax)
	p.next = now + p.interval
}

// raised notes that the probe raised the estimate, and lets the next one follow at once.
func (p *prober) raised(to float64, now, roundTrip time.Duration) {
	p.raisedAt, p.raisedTo = now, to
	p.burst.lastSent = 0 // a queue is no longer excused
	if !p.recovering {
		p.interval = 0
		p.next = now + max(100*time.Millisecond, roundTrip)
	}
}

// congested notes that the path carries no more than that. A probe that has just promised more was too short.
func (p *prober) congested(rate float64, now time.Duration) {
	p.active = false
	if p.raisedTo > 0 && now-p.raisedAt < probeRegret && rate < regretShare*p.raisedTo {
		p.minBytes = min(max(p.minBytes, p.burst.wanted.Bytes)*3/2, probeMaxBytes)
	}
	p.raisedTo = 0
	p.failed(now)
}
