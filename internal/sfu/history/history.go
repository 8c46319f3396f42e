// Package history keeps the last packets of an encoding, so that they can be sent again to whoever has lost them. One
// history serves all sinks of a stream; it holds references and copies nothing.
package history

import (
	"sync"

	"github.com/klatch/klatch/internal/sfu/packet"
)

// Size is how many packets of an encoding can be sent again: two seconds of 2.5 Mbit/s. A power of two.
const Size = 512

// History is a ring of the last packets of an encoding. The zero value is empty, and takes memory with the first
// packet. It is safe for concurrent use. Shape: mutex.
type History struct {
	mu    sync.Mutex // guards everything below
	slots []*packet.Packet
}

// Put keeps a reference to p in place of the packet that came Size numbers earlier.
func (h *History) Put(p *packet.Packet) {
	p.Retain()
	h.mu.Lock()
	if h.slots == nil {
		h.slots = make([]*packet.Packet, Size)
	}
	slot := &h.slots[p.SequenceNumber%Size]
	old := *slot
	*slot = p
	h.mu.Unlock()
	if old != nil {
		old.Release()
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
