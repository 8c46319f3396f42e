package bwe

import "time"

const (
	burstPackets = 4 // must arrive
	burstStretch = 0.9
	burstMargin  = 0.95 // of what a path carries that is saturated
	// burstTail: a shorter second half says nothing for itself.
	burstTail = 20 * time.Millisecond
)

// burst is what is known of the packets of a probe.
type burst struct {
	wanted Probe

	sentBytes, sentPackets int
	firstSent, lastSent    time.Duration
	resolved               int // packets that arrived or were reported lost

	// Of those that arrived:
	bytes, packets   int
	earliest, latest time.Duration // when they were sent
	lastSize         int           // of the latest
	firstAt, lastAt  time.Duration // when they arrived
	halfBytes        int           // that had arrived at halfAt, when half of the probe had
	halfAt           time.Duration
}

func (b *burst) sent(size int, at time.Duration) {
	if b.sentPackets == 0 {
		b.firstSent = at
	}
	b.sentPackets++
	b.sentBytes += size
	b.lastSent = at
}

func (b *burst) received(size int, sentAt, arrival time.Duration) {
	first := b.packets == 0
	b.resolved++
	b.packets++
	b.bytes += size
	if first || arrival < b.firstAt {
		b.firstAt = arrival
	}
	if first || arrival > b.lastAt {
		b.lastAt = arrival
	}
	if first || sentAt < b.earliest {
		b.earliest = sentAt
	}
	if first || sentAt > b.latest {
		b.latest, b.lastSize = sentAt, size
	}
	if b.halfBytes == 0 && b.bytes >= b.wanted.Bytes/2 {
		b.halfBytes, b.halfAt = b.bytes, b.lastAt
	}
}

func (b *burst) lost() { b.resolved++ }

// complete reports whether no more feedback is to be expected: it has come for packets that were sent afterwards.
func (b *burst) complete(newestSent time.Duration) bool {
	return b.sentBytes >= b.wanted.Bytes*8/10 && (b.resolved >= b.sentPackets || newestSent > b.lastSent)
}

// rate returns at what rate the path carried the burst, and whether that is all it carries. It returns 0 when too few
// packets arrived to tell. What is lost without delaying the rest is lost for other reasons than a queue, so the rate
// is that at which packets were sent, less by how much the path stretched them.
func (b *burst) rate() (bps float64, saturated bool) {
	if b.packets < burstPackets || b.bytes < b.wanted.Bytes/3 {
		return 0, false
	}
	// Arrivals are known to 250 us.
	sending, arriving := max(b.latest-b.earliest, time.Millisecond), max(b.lastAt-b.firstAt, time.Millisecond)
	sent := float64(b.sentBytes-b.lastSize) * 8 / max(b.lastSent-b.firstSent, time.Millisecond).Seconds()
	sent = min(sent, float64(b.wanted.Bps))
	bps = sent / max(float64(arriving)/float64(sending), 1)
	if bps >= burstStretch*sent && 2*b.packets >= b.sentPackets {
		return bps, false
	}
	if tail := b.lastAt - b.halfAt; b.halfBytes > 0 && tail >= burstTail {
		// A token bucket lets the first half pass at any rate.
		bps = min(bps, float64(b.bytes-b.halfBytes)*8/tail.Seconds())
	}
	return bps * burstMargin, true
}
