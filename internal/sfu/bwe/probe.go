package bwe

import "time"

// ProbeID names a probe in the calls of Sent; 0 is none.
type ProbeID uint8

// Probe is a short burst that is to be sent faster than the estimate, so as to see whether the path carries more.
// Bytes counts all packets that are sent from its first to its last, media too; padding makes up what media does not
// fill. At least five packets of about the same size make a probe.
type Probe struct {
	ID    ProbeID
	Bps   int64
	Bytes int
}

const (
	probePackets  = 5
	probeDuration = 15 * time.Millisecond
	probeTail     = 20 * time.Millisecond // a shorter tail says nothing for itself
	probeTimeout  = time.Second           // after the last packet, plus the round trip

	// A probe that fails is repeated after probeInterval, then more and more rarely.
	probeInterval    = time.Second
	probeIntervalMax = 5 * time.Second

	// recoverAfter is how long after congestion it is probed whether the path still carries what it carried then.
	recoverAfter = 500 * time.Millisecond
	recoverOver  = 1.05

	probeFirstBytes = 9000      // more than the usual token bucket
	probeMinBytes   = 1300      // five padding packets of 255 bytes
	probeMaxBytes   = 64 * 1024 // the largest token bucket that is found out
	// probeDrain is how long the queue that a probe has filled may last.
	probeDrain = 500 * time.Millisecond
	// probeRegret is within what time a queue shows that a probe had promised too much: a token bucket had let it pass.
	probeRegret = 3 * time.Second
)

// prober decides when to probe, and judges the probes.
type prober struct {
	id         ProbeID
	active     bool
	recovering bool // the probe asks for no more than the path carried before
	offered    time.Duration
	wanted     Probe
	next       time.Duration // not before
	recover    time.Duration // the same for probes of what the path carried before
	interval   time.Duration
	minBytes   int // more than that of a token bucket that let a probe pass
	first      int // how many initial probes were sent

	sentBytes, sentPackets   int
	firstSent, lastSent      time.Duration
	firstSize, lastSize      int // of those that arrived
	gotBytes, gotPackets     int
	resolved                 int // packets that arrived or were lost
	gotFirstSent, gotLastTx  time.Duration
	firstArrival, lastArrive time.Duration
	halfBytes                int // that had arrived at halfArrival, when half of the probe had
	halfArrival              time.Duration

	succeeded   time.Duration // when a probe last raised the estimate
	succeededAt float64       // to what
	lastBytes   int
}

// start makes a new probe of that rate.
func (p *prober) start(bps float64, least int, now time.Duration) Probe {
	p.id++
	if p.id == 0 {
		p.id = 1
	}
	bytes := max(int(bps/8*probeDuration.Seconds()), p.minBytes, least)
	*p = prober{
		id: p.id, active: true, offered: now, next: p.next, recover: p.recover, interval: p.interval, minBytes: p.minBytes, first: p.first,
		succeeded: p.succeeded, succeededAt: p.succeededAt, lastBytes: bytes,
		wanted: Probe{ID: p.id, Bps: int64(bps), Bytes: bytes},
	}
	return p.wanted
}

func (p *prober) sent(id ProbeID, size int, at time.Duration) {
	if !p.active || id != p.id {
		return
	}
	if p.sentPackets == 0 {
		p.firstSent = at
	}
	p.sentPackets++
	p.sentBytes += size
	p.lastSent = at
}

func (p *prober) received(id ProbeID, size int, sentAt, arrival time.Duration) {
	if !p.active || id != p.id {
		return
	}
	p.resolved++
	if p.gotPackets == 0 || arrival < p.firstArrival {
		p.firstArrival, p.firstSize = arrival, size
	}
	if p.gotPackets == 0 || arrival > p.lastArrive {
		p.lastArrive = arrival
	}
	if p.gotPackets == 0 || sentAt < p.gotFirstSent {
		p.gotFirstSent = sentAt
	}
	if p.gotPackets == 0 || sentAt > p.gotLastTx {
		p.gotLastTx, p.lastSize = sentAt, size
	}
	p.gotPackets++
	p.gotBytes += size
	if p.halfBytes == 0 && p.gotBytes >= p.wanted.Bytes/2 {
		p.halfBytes, p.halfArrival = p.gotBytes, p.lastArrive
	}
}

func (p *prober) lost(id ProbeID) {
	if p.active && id == p.id {
		p.resolved++
	}
}

// done reports whether the probe can be judged: all is known of its packets, or time is up.
func (p *prober) done(now, roundTrip time.Duration) bool {
	if !p.active {
		return false
	}
	if p.sentBytes >= p.wanted.Bytes*8/10 && p.resolved >= p.sentPackets {
		return true
	}
	return now-max(p.offered, p.lastSent) > probeTimeout+roundTrip
}

// result ends the probe and returns the rate that the path carried, and whether that was all it carries. It returns 0
// when the probe shows nothing, for lack of packets.
func (p *prober) result(usualLoss float64) (bps float64, saturated bool) {
	p.active = false
	if p.gotPackets < 4 || p.gotBytes < p.wanted.Bytes/2 {
		return 0, false
	}
	sending, arriving := p.gotLastTx-p.gotFirstSent, p.lastArrive-p.firstArrival
	// Arrivals are known to 250 us.
	sending, arriving = max(sending, time.Millisecond), max(arriving, time.Millisecond)
	sentRate := float64(p.gotBytes-p.lastSize) * 8 / sending.Seconds()
	rate := float64(p.gotBytes-p.firstSize) * 8 / arriving.Seconds()
	if tail := p.lastArrive - p.halfArrival; p.halfBytes > 0 && tail >= probeTail {
		// A token bucket lets the head pass at any rate.
		rate = min(rate, float64(p.gotBytes-p.halfBytes)*8/tail.Seconds())
	}
	lost := 1 - float64(p.gotPackets)/float64(p.sentPackets)
	if lost > 0 && lost <= usualLoss+0.3 {
		// Packets that are lost anyway are no sign that the path is slow.
		sentRate, rate = sentRate/(1-lost), rate/(1-lost)
	}
	sentRate = min(sentRate, float64(p.wanted.Bps)*1.2)
	if rate < 0.9*sentRate || lost > usualLoss+0.3 {
		return rate * 0.95, true
	}
	return min(rate, sentRate), false
}

// fills reports whether a queue of packets that were sent at that time may be that of a probe.
func (p *prober) fills(sent time.Duration) bool {
	return p.lastSent > 0 && sent > p.firstSent && sent < p.lastSent+probeDrain
}

// failed puts the next probe off.
func (p *prober) failed(now time.Duration) {
	p.interval = min(max(2*p.interval, probeInterval), probeIntervalMax)
	p.next = now + p.interval
}

// raised remembers that a probe raised the estimate, and lets the next one follow soon.
func (p *prober) raised(to float64, now, roundTrip time.Duration) {
	p.succeeded, p.succeededAt, p.lastSent = now, to, 0
	if p.recovering {
		return
	}
	p.interval = 0
	p.next = now + max(100*time.Millisecond, roundTrip)
}

// congested learns that the path is congested: a probe that has just raised the estimate was too short to see it.
func (p *prober) congested(rate float64, now time.Duration) {
	p.active = false
	if p.succeededAt > 0 && now-p.succeeded < probeRegret && rate < 0.75*p.succeededAt {
		p.minBytes = min(max(p.minBytes, p.lastBytes)*3/2, probeMaxBytes)
	}
	p.succeededAt = 0
	p.failed(now)
}
