// Package jitter puts the RTP packets of one received stream back into order. It waits a bounded time for a late packet
// and reports how many were lost when it stops waiting. It is a pure data structure: the caller brings the clock.
// Egress puts one in front of every depacketizer and audio decoder.
package jitter

import (
	"time"

	"github.com/pion/rtp"
)

const (
	// window is how far ahead of the next packet one may be: about a second of 8 Mbit/s video. It bounds the memory.
	window = 1024
	// misorder is how far behind a packet counts as late. Further off, or further ahead than window, the sender is
	// believed to have restarted its numbering once two packets in a row say so (RFC 3550, A.1).
	misorder = 1024
)

// Packet is a packet in its turn. Lost is how many before it never came. Restart says that the stream begins here:
// its first packet, or the first after a new SSRC or a jump in the numbering; what came before has no bearing.
type Packet struct {
	*rtp.Packet
	Lost    int
	Restart bool
}

// Broken reports whether what precedes this packet is missing.
func (p Packet) Broken() bool { return p.Lost > 0 || p.Restart }

// Stats counts packets since New.
type Stats struct {
	Received  uint64
	Lost      uint64 // given up on; those that came after all are in Late too
	Late      uint64
	Duplicate uint64
	Restarts  uint64 // beyond the first start
}

// Buffer reorders one stream. It is not safe for concurrent use; it belongs to the goroutine that pushes and pops.
type Buffer struct {
	wait    time.Duration
	slots   [window]slot
	held    int // how many slots are filled
	started bool
	restart bool // the next packet out begins the stream
	ssrc    uint32
	next    uint16    // the sequence number whose turn it is
	since   time.Time // from when next is waited for; zero when it is not missing, or nothing behind it is held
	stray   *rtp.Packet
	stats   Stats
}

type slot struct {
	packet  *rtp.Packet
	arrival time.Time
}

// New returns a buffer that waits that long for a missing packet once a later one is there.
func New(wait time.Duration) *Buffer { return &Buffer{wait: wait} }

// Stats returns what has been received and lost so far.
func (b *Buffer) Stats() Stats { return b.stats }

// Push takes a packet that arrived now. The buffer keeps it until Pop.
func (b *Buffer) Push(p *rtp.Packet, now time.Time) {
	b.stats.Received++
	if !b.started || p.SSRC != b.ssrc {
		b.begin(p)
	}
	ahead := int(int16(p.SequenceNumber - b.next)) // serial number arithmetic
	if ahead < -misorder || ahead >= window {
		if b.stray == nil || p.SequenceNumber != b.stray.SequenceNumber+1 {
			b.stray = p
			return
		}
		first := b.stray
		b.begin(first)
		b.store(first, now)
	} else if ahead < 0 {
		b.stats.Late++
		return
	}
	b.stray = nil
	b.store(p, now)
}

// begin starts the stream at p. What was held belongs to the old numbering and is lost.
func (b *Buffer) begin(p *rtp.Packet) {
	if b.started {
		b.stats.Restarts++
		b.stats.Lost += uint64(b.held) // never negative
		clear(b.slots[:])
		b.held = 0
	}
	b.started, b.restart = true, true
	b.ssrc, b.next = p.SSRC, p.SequenceNumber
	b.since, b.stray = time.Time{}, nil
}

func (b *Buffer) store(p *rtp.Packet, now time.Time) {
	s := &b.slots[p.SequenceNumber%window]
	if s.packet != nil {
		b.stats.Duplicate++
		return
	}
	*s = slot{packet: p, arrival: now}
	b.held++
	if b.since.IsZero() && b.slots[b.next%window].packet == nil {
		b.since = now
	}
}

// Pop returns the next packet in order, if its turn has come by now. Call it until it has none.
func (b *Buffer) Pop(now time.Time) (Packet, bool) {
	if b.held == 0 {
		return Packet{}, false
	}
	lost := 0
	if b.slots[b.next%window].packet == nil {
		if now.Before(b.since.Add(b.wait)) {
			return Packet{}, false
		}
		for b.slots[b.next%window].packet == nil {
			b.next++
			lost++
		}
		b.stats.Lost += uint64(lost) // never negative
	}
	s := &b.slots[b.next%window]
	out := Packet{Packet: s.packet, Lost: lost, Restart: b.restart}
	*s = slot{}
	b.held--
	b.next++
	b.restart = false
	b.since = b.waitingSince()
	return out, true
}

// waitingSince is when the first packet behind a gap at next arrived.
func (b *Buffer) waitingSince() time.Time {
	if b.held == 0 || b.slots[b.next%window].packet != nil {
		return time.Time{}
	}
	for n := b.next + 1; ; n++ {
		if s := b.slots[n%window]; s.packet != nil {
			return s.arrival
		}
	}
}

// Deadline is when Pop may have something without another Push, because a missing packet is given up on.
// It has none when nothing is held back.
func (b *Buffer) Deadline() (time.Time, bool) {
	if b.since.IsZero() {
		return time.Time{}, false
	}
	return b.since.Add(b.wait), true
}
