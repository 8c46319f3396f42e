package sfu

import (
	"encoding/binary"
	"math"
	"sync"
	"time"
)

// The types of SCTP chunks that are told apart (RFC 9260, section 3.2; RFC 6525, section 3.1;
// RFC 3758, section 3.2; RFC 8260, section 2).
const (
	sctpData        = 0
	sctpIData       = 64 // with interleaving
	sctpReconfig    = 130
	sctpForwardTSN  = 192
	sctpIForwardTSN = 194

	sctpHeader      = 12
	sctpChunkHeader = 4
	sctpDataHeader  = 16
	sctpIDataHeader = 20
	sctpComplete    = 0x03 // flags of a DATA chunk: the first and the last fragment of its message
)

const (
	// What a client sends beside whole messages may be this much at once, and so much a second. The first holds what a
	// window of fragments is charged, with what is sent again.
	sctpOverheadBurst     = 512 << 10
	sctpOverheadPerSecond = 4 << 10
	// Each chunk is charged that much more than its size: it is what pion keeps for it, and more than its work.
	sctpChunkCharge = 256
	// Each message that is received or delivered pays for its fragments and acknowledgments, and for their repetitions.
	sctpMessageCredit = 1 << 10
	// maxWaitingMessages bounds the messages of one chunk that wait to be read: pion counts the bytes of what waits, not
	// what it costs to keep it, and looks through all of it for each chunk. A packet above it is dropped; SCTP repeats it,
	// more and more slowly.
	maxWaitingMessages = 8192
	// sctpTSNs is how far a transmission sequence number may be ahead of those that have all come, as with pion.
	sctpTSNs = 2048
)

// sctpGuard judges the SCTP packets of a client with data channels before pion takes them. Of what a client may send
// beside messages pion bounds little: it answers each control chunk, keeps fragments of any size in a list that it
// looks through for each one, and answers each DATA chunk once for each RE-CONFIG request that it has kept, whose
// number has no bound when the sequence numbers wrap. Shape: mutex.
type sctpGuard struct {
	exceeded func() // the budget is spent: called once

	mu         sync.Mutex     // guards everything below
	budget     int            // bytes
	at         time.Time      // of the budget
	over       bool           // the budget was exceeded: nothing is taken any more
	waiting    int            // messages of one chunk that have not been read
	begun      bool           // there is a cumulative
	cumulative uint32         // the TSN up to which all have come
	seen       [sctpTSNs]bool // of those above it
}

func newSCTPGuard(exceeded func()) *sctpGuard {
	return &sctpGuard{exceeded: exceeded, budget: sctpOverheadBurst, at: time.Now()}
}

// admits reports whether pion may take a packet, and whether this one has exceeded the budget: then exceeded is to be
// called, without a lock.
func (g *sctpGuard) admits(packet []byte, now time.Time) (admitted, exceeded bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over {
		return false, false
	}
	admitted = len(packet) > sctpHeader
	charge := 0
	for at := sctpHeader; admitted && at < len(packet); {
		rest := packet[at:]
		if len(rest) < sctpChunkHeader {
			admitted = false
			break
		}
		size := int(binary.BigEndian.Uint16(rest[2:]))
		if size < sctpChunkHeader || size > len(rest) {
			admitted = false
			break
		}
		switch chunk := rest[:size]; {
		case chunk[0] == sctpReconfig: // resets a stream, which the channels of the protocol never do
			charge += size + sctpChunkCharge
			admitted = false
		case chunk[0] == sctpData && size > sctpDataHeader, chunk[0] == sctpIData && size > sctpIDataHeader:
			whole := isWholeMessage(chunk)
			if !whole {
				charge += size + sctpChunkCharge
			}
			admitted = g.takeLocked(binary.BigEndian.Uint32(chunk[4:]), whole)
		default:
			charge += size + sctpChunkCharge
			if (chunk[0] == sctpForwardTSN || chunk[0] == sctpIForwardTSN) && size >= sctpChunkHeader+4 {
				g.skipLocked(binary.BigEndian.Uint32(chunk[4:]))
			}
		}
		at += (size + 3) &^ 3
	}
	g.budget = min(sctpOverheadBurst, g.budget+int(now.Sub(g.at).Seconds()*sctpOverheadPerSecond))
	g.at = now
	if g.budget -= charge; g.budget < 0 {
		g.over = true
		return false, true
	}
	return admitted, false
}

// isWholeMessage reports whether a chunk of data is a message of one of the channels.
func isWholeMessage(chunk []byte) bool {
	return chunk[1]&sctpComplete == sctpComplete && binary.BigEndian.Uint16(chunk[8:]) < dataChannelCount
}

// takeLocked notes the TSN of a chunk of data, and reports whether there is room for it. One that is repeated is not
// counted again, for pion has it, or had no room for it and counts it now.
func (g *sctpGuard) takeLocked(tsn uint32, whole bool) bool {
	if !g.begun {
		g.begun, g.cumulative = true, tsn-1
	}
	ahead := tsn - g.cumulative
	switch {
	case ahead == 0 || ahead > math.MaxInt32 || g.seen[tsn%sctpTSNs]:
		return true // repeated
	case ahead >= sctpTSNs || whole && g.waiting >= maxWaitingMessages:
		return false
	}
	if g.seen[tsn%sctpTSNs] = true; whole {
		g.waiting++
	}
	for g.seen[(g.cumulative+1)%sctpTSNs] {
		g.cumulative++
		g.seen[g.cumulative%sctpTSNs] = false
	}
	return true
}

// skipLocked follows a client that gives up what it has sent (RFC 3758, section 3.6).
func (g *sctpGuard) skipLocked(cumulative uint32) {
	skipped := cumulative - g.cumulative
	if !g.begun || skipped > math.MaxInt32 {
		return
	}
	if skipped >= sctpTSNs {
		clear(g.seen[:])
	}
	for n := range min(skipped, sctpTSNs) {
		g.seen[(g.cumulative+1+n)%sctpTSNs] = false
	}
	g.cumulative = cumulative
	for g.seen[(g.cumulative+1)%sctpTSNs] {
		g.cumulative++
		g.seen[g.cumulative%sctpTSNs] = false
	}
}

// read credits a message of the client that has been read.
func (g *sctpGuard) read(size int) {
	g.credit(4*size+sctpMessageCredit, 1)
}

// delivered credits a message to the client, which it acknowledges.
func (g *sctpGuard) delivered(size int) { g.credit(2*size+sctpMessageCredit, 0) }

func (g *sctpGuard) credit(bytes, messages int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.budget = min(sctpOverheadBurst, g.budget+bytes)
	g.waiting = max(0, g.waiting-messages)
}
