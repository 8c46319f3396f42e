package bwe

import (
	"math"
	"time"
)

const (
	// historySize is how many packets may wait for feedback: at 20 Mbit/s and 1200 bytes a second's worth. Feedback about
	// older packets is ignored. It is a power of two that divides the space of sequence numbers.
	historySize = 2048
	// historyStart is for how many a history has room at first, a power of two. It doubles while packets that still wait
	// for feedback would have to go.
	historyStart = 128
)

type packetState uint8

const (
	packetUnknown packetState = iota // never sent, or its place in the history has been taken
	packetSent
	packetLost
	packetReceived
)

// sentPacket is what is kept of a packet until its feedback comes. There are up to historySize of them, so it is small.
type sentPacket struct {
	micros uint32 // when it was sent, in microseconds since the estimator's first packet; wraps after 71 minutes
	size   uint16
	probe  ProbeID
	state  packetState
}

// history remembers the packets that were sent last, by transport-wide sequence number. It takes memory with the first
// packet.
type history struct {
	packets []sentPacket // its length is a power of two
	newest  uint16
	started bool
}

func (h *history) at(seq uint16) *sentPacket { return &h.packets[int(seq)&(len(h.packets)-1)] }

func (h *history) add(seq uint16, size int, at time.Duration, probe ProbeID) {
	if !h.started {
		h.started, h.newest = true, seq
		h.packets = make([]sentPacket, historyStart)
	}
	for len(h.packets) < historySize && h.at(seq).waits(at) {
		h.grow()
	}
	// Numbers that are skipped must not find what was sent a lap earlier.
	if ahead := seq - h.newest; ahead < 1<<15 {
		for n := uint16(1); n < min(ahead, uint16(len(h.packets))); n++ {
			h.at(seq - n).state = packetUnknown
		}
		h.newest = seq
	} else if -ahead >= uint16(len(h.packets)) {
		return
	}
	*h.at(seq) = sentPacket{
		micros: uint32(at.Microseconds()),
		size:   uint16(min(max(size, 0), math.MaxUint16)),
		probe:  probe,
		state:  packetSent,
	}
}

// grow makes room for twice as many packets.
func (h *history) grow() {
	before := *h
	h.packets = make([]sentPacket, 2*len(before.packets))
	for back := range uint16(len(before.packets)) {
		*h.at(h.newest - back) = *before.at(h.newest - back)
	}
}

// waits reports whether feedback about a packet may still change the estimate.
func (p *sentPacket) waits(now time.Duration) bool {
	switch p.state {
	case packetSent:
		return now-p.sentAt(now) < maxRoundTrip
	case packetLost: // it may have been late
		return now-p.sentAt(now) < lateAfter
	}
	return false
}

// lateAfter is how long what was reported lost is expected to come after all.
const lateAfter = time.Second

// find returns the packet of that number, or nil when it was not sent or was sent too long ago.
func (h *history) find(seq uint16) *sentPacket {
	if !h.started || h.newest-seq >= uint16(len(h.packets)) {
		return nil
	}
	p := h.at(seq)
	if p.state == packetUnknown {
		return nil
	}
	return p
}

// sentAt returns when p was sent. now is at most 71 minutes later.
func (p *sentPacket) sentAt(now time.Duration) time.Duration {
	age := uint32(now.Microseconds()) - p.micros
	return now - time.Duration(age)*time.Microsecond
}
