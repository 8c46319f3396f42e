package sfu

import "sync"

// ringSlots is how many packets of a stream can be sent again: two seconds of 2.5 Mbit/s. A power of two.
const ringSlots = 512

// ring keeps the last packets of a stream for retransmission, one for all its subscribers. A slot's buffer
// grows to the size of what it has held, so that in steady state nothing is allocated. Shape: mutex.
type ring struct {
	mu    sync.Mutex
	slots []slot // made with the first packet
}

type slot struct {
	used    bool
	seqno   uint16
	epoch   uint32
	rtpTime uint32
	marker  bool
	payload []byte
}

func (r *ring) put(m *media) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.slots == nil {
		r.slots = make([]slot, ringSlots)
	}
	s := &r.slots[m.seqno%ringSlots]
	s.used, s.seqno, s.epoch, s.rtpTime, s.marker = true, m.seqno, m.epoch, m.rtpTime, m.marker
	s.payload = append(s.payload[:0], m.payload...)
}

// get copies the packet seqno of an epoch, its payload appended to into.
func (r *ring) get(seqno uint16, epoch uint32, into []byte) (payload []byte, rtpTime uint32, marker, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.slots == nil {
		return into, 0, false, false
	}
	s := &r.slots[seqno%ringSlots]
	if !s.used || s.seqno != seqno || s.epoch != epoch {
		return into, 0, false, false
	}
	return append(into, s.payload...), s.rtpTime, s.marker, true
}
