// Package packet holds RTP packets on their way through the server: parsed once where they arrive, kept as long as
// anybody refers to them, and returned to a pool afterwards. The uplink makes them, and the history of an encoding,
// queues and sinks hold references.
package packet

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/payload"
)

// Packet is one RTP packet of an encoding. Whoever makes it fills it in before it passes it on; from then on nobody
// changes it. New returns it with one reference, which belongs to the caller.
type Packet struct {
	SequenceNumber uint16
	Timestamp      uint32
	Marker         bool
	Encoding       int    // index of the encoding in its stream
	Epoch          uint32 // counts the restarts of the source: numbers of different epochs do not continue each other
	Arrival        time.Time

	Facts   payload.Facts // what Payload says of its frame
	Payload []byte        // without padding

	// Descriptor is the dependency descriptor of the packet as it came, empty for none.
	Descriptor []byte

	references atomic.Int32
	class      int8 // index in pools, -1: none
}

// sizes of the payloads that the pools keep room for: audio and the ends of frames, packets of an MTU as browsers send
// them, and all that a socket takes.
var sizes = [...]int{320, 1280, 2048}

var pools [len(sizes)]sync.Pool

// New returns a packet with a copy of content, a payload. All its other fields are zero.
func New(content []byte) *Packet { return NewDescribed(content, nil) }

// NewDescribed is New with a copy of a dependency descriptor.
func NewDescribed(content, descriptor []byte) *Packet {
	needed := len(content) + len(descriptor)
	var p *Packet
	for class, size := range sizes {
		if needed > size {
			continue
		}
		var ok bool
		if p, ok = pools[class].Get().(*Packet); !ok {
			p = &Packet{Payload: make([]byte, 0, size), class: int8(class)}
		}
		break
	}
	if p == nil {
		p = &Packet{class: -1}
	}
	both := append(append(p.Payload[:0], content...), descriptor...)
	p.Payload, p.Descriptor = both[:len(content)], both[len(content):]
	p.references.Store(1)
	return p
}

// Retain adds a reference.
func (p *Packet) Retain() { p.references.Add(1) }

// Release drops a reference. With the last one the packet returns to its pool and must not be used any more.
func (p *Packet) Release() {
	switch left := p.references.Add(-1); {
	case left < 0:
		panic("packet: released more often than retained")
	case left > 0 || p.class < 0:
		return
	}
	p.reset()
	pools[p.class].Put(p)
}

func (p *Packet) reset() {
	p.SequenceNumber, p.Timestamp, p.Marker, p.Encoding, p.Epoch = 0, 0, false, 0, 0
	p.Arrival, p.Facts, p.Payload = time.Time{}, payload.Facts{}, p.Payload[:0]
	p.Descriptor = nil
}
