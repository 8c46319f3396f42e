package bwe

import (
	"time"

	"github.com/pion/rtcp"
)

const (
	referenceUnit = 64 * time.Millisecond
	referenceBits = 24
	// clockJump: when the one-way delay changes by more, the receiver's clock was set, or the feedback is made up.
	clockJump = 10 * time.Second
)

// arrivalClock puts the reference times of feedback, which wrap after 12 days, on one line.
type arrivalClock struct {
	last    int64 // in units of referenceUnit
	started bool
}

func (c *arrivalClock) unwrap(reference uint32) time.Duration {
	reference &= 1<<referenceBits - 1
	if !c.started {
		c.started, c.last = true, int64(reference)
	}
	ahead := int32(reference-uint32(c.last)) << (32 - referenceBits) >> (32 - referenceBits)
	c.last += int64(ahead)
	return time.Duration(c.last) * referenceUnit
}

// statusReader walks through the packets that a transport-wide feedback reports on, in the order of their numbers.
type statusReader struct {
	fb     *rtcp.TransportLayerCC
	left   int // statuses
	chunk  int
	within int // statuses of the chunk that were read
	delta  int
	seq    uint16
	at     time.Duration
}

// status is what feedback reports of one packet. A run of packets that did not arrive is one status.
type status struct {
	seq     uint16
	run     int // more than 1 only for what did not arrive
	arrived bool
	timed   bool // the time of arrival is known
	at      time.Duration
}

func newStatusReader(fb *rtcp.TransportLayerCC, reference time.Duration) statusReader {
	return statusReader{fb: fb, left: int(fb.PacketStatusCount), seq: fb.BaseSequenceNumber, at: reference}
}

// next returns the next status. It ends early when the feedback contradicts itself.
func (r *statusReader) next() (status, bool) {
	for r.left > 0 && r.chunk < len(r.fb.PacketChunks) {
		switch c := r.fb.PacketChunks[r.chunk].(type) {
		case *rtcp.RunLengthChunk:
			if r.within < int(c.RunLength) {
				if c.PacketStatusSymbol == rtcp.TypeTCCPacketNotReceived {
					return r.take(c.PacketStatusSymbol, min(int(c.RunLength), r.left))
				}
				return r.take(c.PacketStatusSymbol, 1)
			}
		case *rtcp.StatusVectorChunk:
			if r.within < len(c.SymbolList) {
				return r.take(c.SymbolList[r.within], 1)
			}
		}
		r.chunk++
		r.within = 0
	}
	return status{}, false
}

func (r *statusReader) take(symbol uint16, run int) (status, bool) {
	s := status{seq: r.seq, run: run}
	switch symbol {
	case rtcp.TypeTCCPacketReceivedSmallDelta, rtcp.TypeTCCPacketReceivedLargeDelta:
		if r.delta >= len(r.fb.RecvDeltas) || r.fb.RecvDeltas[r.delta] == nil {
			return status{}, false
		}
		r.at += time.Duration(r.fb.RecvDeltas[r.delta].Delta) * time.Microsecond
		r.delta++
		s.arrived, s.timed, s.at = true, true, r.at
	case rtcp.TypeTCCPacketReceivedWithoutDelta:
		s.arrived = true
	}
	r.within += run
	r.left -= run
	r.seq += uint16(run)
	return s, true
}
