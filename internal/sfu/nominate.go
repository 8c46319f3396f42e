package sfu

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // what STUN has: RFC 8489, section 14.5
	"encoding/binary"
	"hash/crc32"
	"net/netip"
)

// Attributes of a connectivity check (RFC 8445, section 7.1; RFC 8489, section 14.7).
const (
	stunSuccess       = 0x0101
	attrPriority      = 0x0024
	attrFingerprint   = 0x8028
	attrControlled    = 0x8029
	fingerprintXOR    = 0x5354554e
	reflexivePriority = 110<<24 | 65535<<8 | 255
)

// maxChecks bounds the checks that a connection makes the server send. A client has a pair for each of its networks.
const maxChecks = 32

// isSuccess reports whether a packet is the success response to a binding request.
func isSuccess(b []byte) bool { return isSTUN(b) && binary.BigEndian.Uint16(b) == stunSuccess }

// answered is called with each packet that the agent has sent. Behind the response to the first request from an address,
// it sends one check of its own. A client based on pion nominates a pair when a check comes in; from a lite server, which
// sends none, it waits for its next look at all pairs, for 200 ms. Other clients answer it, and that is all.
func (t *rtpTransport) answered(b []byte, w packetWriter, ufrag string, to netip.AddrPort) {
	if t == nil || t.path.Load() != nil || !isSuccess(b) {
		return
	}
	t.checking.Lock()
	defer t.checking.Unlock()
	if _, again := t.checked[to]; again || len(t.checked) == maxChecks {
		return
	}
	if t.checked == nil {
		t.checked = map[netip.AddrPort]struct{}{}
	}
	t.checked[to] = struct{}{}
	go func() { // the agent is locked, and the connection may be while it waits for the agent
		remote := t.pc.RemoteDescription()
		if remote == nil {
			return
		}
		theirs, password := attribute(remote.SDP, "ice-ufrag"), attribute(remote.SDP, "ice-pwd")
		if theirs == "" || password == "" {
			return
		}
		_, _ = w.writeTo(connectivityCheck(theirs+":"+ufrag, password), to) // without it the client waits for its next look
	}()
}

// connectivityCheck returns a binding request of the controlled agent.
func connectivityCheck(username, password string) []byte {
	b := make([]byte, stunHeader, 160)
	binary.BigEndian.PutUint16(b, stunRequest)
	binary.BigEndian.PutUint32(b[4:], stunMagic)
	_, _ = rand.Read(b[8:stunHeader]) // never fails
	add := func(kind uint16, value []byte) {
		b = binary.BigEndian.AppendUint16(b, kind)
		b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
		b = append(b, value...)
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
	}
	// length sets the length of the message as if it ended after so many more bytes.
	length := func(more int) { binary.BigEndian.PutUint16(b[2:], uint16(len(b)-stunHeader+more)) }
	add(attrUsername, []byte(username))
	add(attrPriority, binary.BigEndian.AppendUint32(nil, reflexivePriority))
	var tieBreaker [8]byte
	_, _ = rand.Read(tieBreaker[:])
	add(attrControlled, tieBreaker[:])
	length(4 + sha1.Size)
	mac := hmac.New(sha1.New, []byte(password))
	_, _ = mac.Write(b)
	add(attrIntegrity, mac.Sum(nil))
	length(4 + 4)
	add(attrFingerprint, binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(b)^fingerprintXOR))
	return b
}
