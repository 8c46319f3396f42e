package red

// Builder makes redundant payloads out of the packets of one plain stream. It keeps copies of the last ones. The zero
// value is ready. Not safe for concurrent use.
type Builder struct {
	packets [MaxDistance]kept // by sequence number
}

// MaxDistance is how many packets back the redundancy reaches at most: 80 ms of packets of 20 ms.
const MaxDistance = 4

// maxPayload is the size above which no block is added, so that the packet fits into every path.
const maxPayload = 1100

// latest is how many packets late a packet may come; one that is further back begins a new numbering.
const latest = 100

type kept struct {
	used      bool
	seqno     uint16
	timestamp uint32
	length    int
	payload   [MaxLength]byte
}

// Build appends to into the payload of the redundant packet that replaces a plain one, and returns the result. It
// carries the audio of up to distance packets before it, as far as they were given to Build and the format allows it.
// Packets may come late: those after them have gone without them. Build may be called again for the same packet, with
// another distance or payload type.
func (b *Builder) Build(
	into []byte, distance int, payloadType uint8, seqno uint16, timestamp uint32, payload []byte,
) []byte {
	var blocks [MaxDistance]*kept
	n, total := 0, primaryHeader+len(payload)
	payloadType &^= more
	for back := 1; back <= min(distance, MaxDistance); back++ {
		k := b.find(seqno - uint16(back))
		if k == nil {
			continue
		}
		// A larger offset is a jump of the timestamp, or silence that was not sent (DTX).
		if offset := timestamp - k.timestamp; offset == 0 || offset > MaxOffset {
			break
		}
		if total+redundantHeader+k.length > maxPayload {
			break
		}
		total += redundantHeader + k.length
		blocks[n] = k
		n++
	}
	for i := n - 1; i >= 0; i-- {
		offset, length := timestamp-blocks[i].timestamp, blocks[i].length
		into = append(into, more|payloadType, byte(offset>>6), byte(offset<<2)|byte(length>>8), byte(length))
	}
	into = append(into, payloadType)
	for i := n - 1; i >= 0; i-- {
		into = append(into, blocks[i].payload[:blocks[i].length]...)
	}
	b.keep(seqno, timestamp, payload)
	return append(into, payload...)
}

func (b *Builder) find(seqno uint16) *kept {
	if k := &b.packets[seqno%MaxDistance]; k.used && k.seqno == seqno {
		return k
	}
	return nil
}

func (b *Builder) keep(seqno uint16, timestamp uint32, payload []byte) {
	k := &b.packets[seqno%MaxDistance]
	if k.used {
		if ahead := int16(seqno - k.seqno); ahead < 0 && ahead > -latest {
			return // late, and a newer one has its place
		}
	}
	// An empty packet, or one that is too large, is not repeated.
	k.used = len(payload) > 0 && len(payload) <= MaxLength
	if k.used {
		k.seqno, k.timestamp, k.length = seqno, timestamp, copy(k.payload[:], payload)
	}
}
