// Package history keeps the last packets of an encoding, so that they can be sent again to whoever has lost them. One
// history serves all sinks of a stream; it holds references and copies nothing.
package history

import (
	"sync"
	"time"

	"github.com/klatch/klatch/internal/sfu/packet"
)

// Size is how many packets of an encoding can be sent again: two seconds of 2.5 Mbit/s. A power of two.
const Size = 512

const (
	// Of slower streams the packets of so long can be sent again, and at least the last leastKept, whatever their age.
	keptFor   = 2 * time.Second
	leastKept = 64

	mostDropped = 4 // old packets at a time, so that Put takes about the same time always
)

// History is a ring of the last packets of an encoding. The zero value is empty, and takes memory with the first
// packet. It is safe for concurrent use. Shape: mutex.
type History struct {
	mu     sync.Mutex // guards everything below
	slots  []*packet.Packet
	newest uint16 // number of the newest packet
	oldest uint16 // index of the slot that is looked at next for what is too old
}

// Put keeps a reference to p in place of the packet that came Size numbers earlier, and drops what is too old.
func (h *History) Put(p *packet.Packet) {
	p.Retain()
	var dropped [1 + mostDropped]*packet.Packet
	n := 1
	h.mu.Lock()
	if h.slots == nil {
		h.slots = make([]*packet.Packet, Size)
		h.newest, h.oldest = p.SequenceNumber, p.SequenceNumber%Size
	}
	if int16(p.SequenceNumber-h.newest) > 0 {
		h.newest = p.SequenceNumber
	}
	slot := &h.slots[p.SequenceNumber%Size]
	dropped[0], *slot = *slot, p
	for range mostDropped {
		if (h.newest-h.oldest)%Size < leastKept {
			break
		}
		slot := &h.slots[h.oldest]
		if *slot != nil {
			if p.Arrival.Sub((*slot).Arrival) < keptFor {
				break
			}
			dropped[n], *slot = *slot, nil
			n++
		}
		h.oldest = (h.oldest + 1) % Size
	}
	h.mu.Unlock()
	for _, old := range dropped[:n] {
		if old != nil {
			old.Release()
		}
	}
}

// Get returns the packet of a number and an epoch with a reference for the caller, nil when it is not there.
func (h *History) Get(seqno uint16, epoch uint32) *packet.Packet {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.slots == nil {
		return nil
	}
	p := h.slots[seqno%Size]
	if p == nil || p.SequenceNumber != seqno || p.Epoch != epoch {
		return nil
	}
	p.Retain()
	return p
}

// Clear releases all references.
func (h *History) Clear() {
	h.mu.Lock()
	slots := h.slots
	h.slots = nil
	h.mu.Unlock()
	for _, p := range slots {
		if p != nil {
			p.Release()
		}
	}
}
