// Package layer chooses which packets of a stream one sink is sent, and numbers them. A stream has several encodings
// (simulcast) or one encoding with spatial layers inside (SVC), both with temporal layers. The Selector decides for
// each packet whether it is forwarded; the Rewriter makes of what is forwarded one stream without a jump: sequence
// numbers, timestamps, picture ids. A sink calls both for each packet of its stream, in the order of arrival:
//
//	d := selector.Select(origin, &facts)
//	if d.KeyFrame >= 0 { … ask the source for a key frame of that encoding … }
//	out, ok := rewriter.Map(origin, seqno, &facts, d, now)
//	if ok { … send the packet as out says … }
//
// Nothing here allocates per packet, and nothing is safe for concurrent use unless it says so.
package layer

import "fmt"

// None is no layer, no encoding.
const None = -1

// Layer names what a sink is sent. With simulcast Spatial is the index of the encoding, 0 is the smallest one. With SVC
// it is the spatial layer inside the only encoding. Lower layers that a layer needs belong to it.
type Layer struct{ Spatial, Temporal int8 }

// Nothing is the layer of a sink that is sent nothing.
var Nothing = Layer{None, None}

func (l Layer) String() string {
	if l.Spatial < 0 {
		return "none"
	}
	return fmt.Sprintf("S%dT%d", l.Spatial, l.Temporal)
}

// MaxEncodings is how many encodings a stream may have.
const MaxEncodings = 3

// Origin is where a packet comes from: the encoding, and the epoch of it. Sequence numbers and timestamps of different
// origins do not continue each other. A greater epoch is a later one.
type Origin struct {
	Encoding int8
	Epoch    uint32
}

// Decision is what becomes of a packet.
type Decision struct {
	// Forward: the packet is sent.
	Forward bool
	// Marker: the packet is the last one of its picture that is sent, so that its marker bit is to be set.
	Marker bool
	// Switch: what is sent begins anew with this packet, which is the first one of a key frame.
	Switch bool
	// Active are the decode targets that the sink is told of by the dependency descriptor; 0: those of the packet.
	Active uint32
	// Idle: nothing of the stream is sent now, so that what comes has no place among the numbers.
	Idle bool
	// KeyFrame is the encoding of which a key frame is needed, None for no need. It is repeated when none comes.
	KeyFrame int8
}
