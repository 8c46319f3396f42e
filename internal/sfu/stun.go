package sfu

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" // what STUN has: RFC 8489, section 14.5
	"encoding/binary"
	"hash"
	"time"
)

const (
	stunHeader      = 20
	stunMagic       = 0x2112a442
	stunRequest     = 0x0001 // Binding
	attrUsername    = 0x0006
	attrIntegrity   = 0x0008
	integrityLength = sha1.Size
)

// isSTUN reports whether a packet claims to be STUN (RFC 7983, section 7; RFC 8489, section 5).
func isSTUN(b []byte) bool {
	return len(b) >= stunHeader && b[0] < 4 && binary.BigEndian.Uint32(b[4:]) == stunMagic
}

// request is what the mux needs of a binding request. Its slices are those of the packet.
type request struct {
	ufrag     []byte // of the server: the username up to the colon (RFC 8445, section 7.2.2)
	integrity int    // offset of MESSAGE-INTEGRITY
}

// parseRequest finds username and integrity in a STUN packet.
func parseRequest(b []byte) (r request, ok bool) {
	if binary.BigEndian.Uint16(b) != stunRequest || int(binary.BigEndian.Uint16(b[2:])) != len(b)-stunHeader {
		return r, false
	}
	for at := stunHeader; at+4 <= len(b); {
		kind, size := binary.BigEndian.Uint16(b[at:]), int(binary.BigEndian.Uint16(b[at+2:]))
		if at+4+size > len(b) {
			return r, false
		}
		value := b[at+4 : at+4+size]
		switch kind {
		case attrUsername:
			r.ufrag, _, _ = bytes.Cut(value, []byte{':'})
		case attrIntegrity: // what follows it is not protected, and not looked at
			r.integrity = at
			return r, size == integrityLength && len(r.ufrag) > 0
		}
		at += 4 + (size+3)&^3
	}
	return r, false
}

// proof checks that requests know a password. Not safe for concurrent use; it allocates nothing per request.
type proof struct {
	mac hash.Hash
	sum [sha1.Size]byte
}

func newProof(password string) *proof { return &proof{mac: hmac.New(sha1.New, []byte(password))} }

// holds reports whether the integrity of a request is that of the password (RFC 8489, section 14.5): a MAC of
// everything before it, with the length of the message as if it ended with it.
func (p *proof) holds(b []byte, r request) bool {
	length := [2]byte(b[2:4])
	binary.BigEndian.PutUint16(b[2:], uint16(r.integrity+4+integrityLength-stunHeader))
	p.mac.Reset()
	_, _ = p.mac.Write(b[:r.integrity]) // a hash returns no error
	copy(b[2:], length[:])
	return hmac.Equal(p.mac.Sum(p.sum[:0]), b[r.integrity+4:r.integrity+4+integrityLength])
}

// bucket bounds how often something happens. Not safe for concurrent use.
type bucket struct {
	left float64
	at   time.Time
}

// A client checks each pair of addresses every 50 ms at most, and a few pairs at a time (RFC 8445, section 14.2).
const (
	requestsPerSecond = 200
	requestsBurst     = 400
)

// take reports whether it may happen now: perSecond times on average, and burst times at once.
func (b *bucket) take(now time.Time, perSecond, burst float64) bool {
	return b.takeMany(now, 1, perSecond, burst)
}

// takeMany is take for what counts as so many.
func (b *bucket) takeMany(now time.Time, count, perSecond, burst float64) bool {
	if b.at.IsZero() {
		b.left = burst
	} else {
		b.left = min(burst, b.left+perSecond*now.Sub(b.at).Seconds())
	}
	b.at = now
	if b.left < count {
		return false
	}
	b.left -= count
	return true
}
