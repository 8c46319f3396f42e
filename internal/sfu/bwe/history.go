package bwe

import (
	"math"
	"time"
)

// historySize is how many packets may wait for feedback: at 20 Mbit/s and 1200 bytes a second's worth. Feedback about
// older packets is ignored. It is a power of two that divides the space of sequence numbers.
const historySize = 2048

type packetState uint8

const (
	packetUnknown packetState = iota // never sent, or its place in the history has been taken
	packetSent
	packetLost
	packetReceived
)

// sentPacket is what is kept of a packet until its feedback comes. There are historySize of them, so it is small.
type sentPacket struct {
	micros uint32 // when it was sent, in microseconds since the estimator's first packet; wraps after 71 minutes
	size   uint16
	probe  ProbeID
	state  packetState
}

// history remembers the packets that were sent last, by transport-wide sequence number.
type history struct {
	packets [historySize]sentPacket
	newest  uint16
	started bool
}

func (h *history) add(seq uint16, size int, at time.Duration, probe ProbeID) {
	if !h.started {
		h.started, h.newest = true, seq
	}
	// Numbers that are skipped must not find what was sent a lap earlier.
	if ahead := seq - h.newest; ahead < 1<<15 {
		for n := uint16(1); n < min(ahead, historySize); n++ {
			h.packets[(seq-n)%historySize].state = packetUnknown
		}
		h.newest = seq
	} else if -ahead >= historySize {
		return
	}
	h.packets[seq%historySize] = sentPacket{
		micros: uint32(at.Microseconds()),
		size:   uint16(min(max(size, 0), math.MaxUint16)),
		probe:  probe,
		state:  packetSent,
	}
}

// find returns the packet of that number, or nil when it was not sent or was sent too long ago.
func (h *history) find(seq uint16) *sentPacket {
	if h.newest-seq >= historySize || !h.started {
		return nil
	}
	p := &h.packets[seq%historySize]
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
