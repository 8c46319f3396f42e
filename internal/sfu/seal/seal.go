// Package seal encrypts RTP as SRTP has it with AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714), which browsers
// prefer. Pion's srtp does the same and more: that it reads the header again, and looks for the state of the SSRC among
// those of all, costs half as much again, for each packet and subscriber.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
)

// Overhead is how many bytes longer a packet becomes: the authentication tag (RFC 7714, section 5.1).
const Overhead = 16

// ErrIndex is returned for a packet before the first of its SSRC, and after 2^48 of them: its nonce would be that of
// another one.
var ErrIndex = errors.New("seal: no packet of that number can be sent with this key")

// errSalt is returned for a master salt that is not one of these profiles.
var errSalt = errors.New("seal: the master salt has not 12 bytes")

const saltSize = 12

// Sealer encrypts the packets of one connection. Not safe for concurrent use.
type Sealer struct {
	aead  cipher.AEAD
	salt  [saltSize]byte
	nonce [saltSize]byte
}

// New returns a sealer for a master key of 16 or 32 bytes and a master salt of 12.
func New(key, salt []byte) (*Sealer, error) {
	if len(salt) != saltSize {
		return nil, errSalt
	}
	session, err := derive(labelKey, key, salt, len(key))
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(session)
	if err != nil {
		return nil, err
	}
	s := &Sealer{}
	if s.aead, err = cipher.NewGCM(block); err != nil {
		return nil, err
	}
	sessionSalt, err := derive(labelSalt, key, salt, saltSize)
	copy(s.salt[:], sessionSalt)
	return s, err
}

// Labels of the keys that are derived from the master key (RFC 3711, section 4.3.2).
const (
	labelKey  = 0
	labelSalt = 2
)

// derive returns a session key or salt: AES in counter mode over the master salt with a label (RFC 3711, sections 4.3.1
// and 4.3.3; the master key is not changed, so that r is 0).
func derive(label byte, key, salt []byte, size int) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	var x [aes.BlockSize]byte
	copy(x[:], salt) // as one of 14 bytes, the last two of which are 0 (RFC 7714, section 11)
	x[7] ^= label
	out := make([]byte, size)
	cipher.NewCTR(block, x[:]).XORKeyStream(out, out)
	return out, nil
}

// Source is an SSRC that is sent.
type Source struct {
	ssrc   uint32
	begun  bool
	newest uint64 // index of the newest packet: its sequence number, and above that how often that has wrapped
}

// NewSource returns an SSRC of which nothing was sent with this key.
func NewSource(ssrc uint32) *Source { return &Source{ssrc: ssrc} }

// SSRC returns its number.
func (s *Source) SSRC() uint32 { return s.ssrc }

// rollover returns how often the sequence numbers have wrapped before a packet, which may be older than the newest one
// (RFC 3711, section 3.3.1).
func (s *Source) rollover(seqno uint16) (uint32, error) {
	if !s.begun {
		s.begun, s.newest = true, uint64(seqno)
		return 0, nil
	}
	index := int64(s.newest) + int64(int16(seqno-uint16(s.newest)))
	if index < 0 || index >= 1<<48 {
		return 0, ErrIndex
	}
	s.newest = max(s.newest, uint64(index))
	return uint32(index >> 16), nil
}

// Seal encrypts a packet of size bytes, header bytes of which are its header, in the buffer b, and returns it. The
// buffer has room for Overhead bytes more. A number may be sent again only with the same payload.
func (s *Sealer) Seal(from *Source, seqno uint16, b []byte, header, size int) ([]byte, error) {
	rollover, err := from.rollover(seqno)
	if err != nil {
		return nil, err
	}
	// RFC 7714, section 8.1
	n := &s.nonce
	*n = s.salt
	xor32(n[2:6], from.ssrc)
	xor32(n[6:10], rollover)
	n[10] ^= byte(seqno >> 8)
	n[11] ^= byte(seqno)
	return b[:header+len(s.aead.Seal(b[header:header], n[:], b[header:size], b[:header]))], nil
}

func xor32(b []byte, v uint32) { binary.BigEndian.PutUint32(b, binary.BigEndian.Uint32(b)^v) }
