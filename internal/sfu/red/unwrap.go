package red

// Packet is a plain packet that Unwrapper found in a redundant one.
type Packet struct {
	PayloadType    uint8
	SequenceNumber uint16
	Timestamp      uint32
	Payload        []byte
	Recovered      bool // from a redundant block: the packet itself was lost, or comes later
}

// window is how many packets back an Unwrapper knows what it has delivered. A power of two, and above what the blocks
// of one packet can reach.
const window = 64

// What is so far from the newest packet is of another numbering, as after a change of the source.
const (
	farPackets = 1024
	farTicks   = 60 * 48000
)

// Unwrapper makes plain packets out of the redundant ones of one stream: each packet once, the lost ones from later
// blocks. The zero value is ready. Not safe for concurrent use.
type Unwrapper struct {
	started bool
	newest  delivered
	packets [window]delivered // by sequence number
	blocks  [MaxBlocks]Block
}

type delivered struct {
	used      bool
	seqno     uint16
	timestamp uint32
}

// Unwrap appends to into the packets that a redundant packet brings, in the order of their sequence numbers, and
// returns the result. Their payloads are parts of payload. With an error it returns into as it was.
//
// The blocks of a packet are taken for those of the packets directly before it, as senders make them; one that
// contradicts what was delivered is dropped.
func (u *Unwrapper) Unwrap(into []Packet, seqno uint16, timestamp uint32, payload []byte) ([]Packet, error) {
	blocks, err := Parse(payload, u.blocks[:0])
	if err != nil {
		return into, err
	}
	defer clear(u.blocks[:len(blocks)]) // holds no payload
	u.advance(seqno, timestamp)
	primary := len(blocks) - 1
	for i, b := range blocks {
		s, ts := seqno-uint16(primary-i), timestamp-b.Offset
		if !u.isNew(s) || i < primary && (len(b.Payload) == 0 || !u.fits(s, ts)) {
			continue
		}
		u.packets[s%window] = delivered{true, s, ts}
		into = append(into, Packet{
			PayloadType: b.PayloadType, SequenceNumber: s, Timestamp: ts, Payload: b.Payload, Recovered: i < primary,
		})
	}
	return into, nil
}

// Plain reports whether a packet that is not redundant is new. A sender may mix both.
func (u *Unwrapper) Plain(seqno uint16, timestamp uint32) bool {
	u.advance(seqno, timestamp)
	if !u.isNew(seqno) {
		return false
	}
	u.packets[seqno%window] = delivered{true, seqno, timestamp}
	return true
}

// advance begins anew with a packet that is far from the ones before.
func (u *Unwrapper) advance(seqno uint16, timestamp uint32) {
	ahead, elapsed := int16(seqno-u.newest.seqno), int32(timestamp-u.newest.timestamp)
	if !u.started || max(ahead, -ahead) >= farPackets || max(elapsed, -elapsed) >= farTicks {
		*u = Unwrapper{started: true, newest: delivered{true, seqno, timestamp}, blocks: u.blocks}
	}
	if ahead > 0 {
		u.newest = delivered{true, seqno, timestamp}
	}
}

// isNew reports whether the packet was not delivered, and is not too late for that.
func (u *Unwrapper) isNew(seqno uint16) bool {
	d := &u.packets[seqno%window]
	return int16(seqno-u.newest.seqno) > -window && !(d.used && d.seqno == seqno)
}

// fits reports whether a redundant block can be the packet seqno: the timestamps of the packets around it, as far as
// they were delivered, have the same order as the sequence numbers.
func (u *Unwrapper) fits(seqno uint16, timestamp uint32) bool {
	for i := range u.packets {
		d := &u.packets[i]
		if !d.used || int16(d.seqno-u.newest.seqno) <= -window || d.seqno == seqno {
			continue
		}
		later, newer := int16(d.seqno-seqno) > 0, int32(d.timestamp-timestamp)
		if newer == 0 || later != (newer > 0) {
			return false
		}
	}
	return true
}
