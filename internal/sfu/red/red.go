// Package red reads and writes redundant audio, RFC 2198: packets that carry the audio of earlier ones again, so that
// a lost packet need not be asked for.
//
// A payload is a header of four bytes for each redundant block (payload type, timestamp offset of 14 bits, length of 10
// bits), a header of one byte for the primary block, then the blocks in the same order, the oldest first.
package red

import "errors"

const (
	// MaxBlocks is how many blocks of a packet are read. Chromium sends ten at most, and reads as many as this.
	MaxBlocks = 32
	// MaxOffset is the largest timestamp offset of a redundant block: 341 ms at 48 kHz.
	MaxOffset = 1<<14 - 1
	// MaxLength is the size of the largest redundant block.
	MaxLength = 1<<10 - 1

	redundantHeader = 4
	primaryHeader   = 1
	more            = 0x80 // first bit of the header of a redundant block
)

// The errors of Parse and Retype.
var (
	ErrTruncated     = errors.New("red: the payload ends before its blocks do")
	ErrTooManyBlocks = errors.New("red: more blocks than a sender has use for")
)

// Block is the audio of one packet.
type Block struct {
	PayloadType uint8
	Offset      uint32 // by which its timestamp is below that of the packet; 0 for the primary block
	Payload     []byte
}

// Parse appends the blocks of a payload to into, the primary block last, and returns the result. Their payloads are
// parts of payload. With an error it returns into as it was.
func Parse(payload []byte, into []Block) ([]Block, error) {
	blocks, body, err := headers(payload)
	if err != nil {
		return into, err
	}
	// headers has found that there is room for all of them
	for i := range blocks {
		h := payload[i*redundantHeader:]
		length := int(h[2]&3)<<8 | int(h[3])
		into = append(into, Block{
			PayloadType: h[0] &^ more,
			Offset:      uint32(h[1])<<6 | uint32(h[2])>>2,
			Payload:     payload[body : body+length],
		})
		body += length
	}
	return append(into, Block{PayloadType: payload[blocks*redundantHeader], Payload: payload[body:]}), nil
}

// headers returns the number of redundant blocks and where their payloads begin.
func headers(payload []byte) (blocks, body int, err error) {
	sum := 0
	for at := 0; ; at += redundantHeader {
		if at >= len(payload) {
			return 0, 0, ErrTruncated
		}
		if payload[at]&more == 0 {
			body = at + primaryHeader
			if body+sum > len(payload) {
				return 0, 0, ErrTruncated
			}
			return blocks, body, nil
		}
		if blocks == MaxBlocks-1 {
			return 0, 0, ErrTooManyBlocks
		}
		if at+redundantHeader > len(payload) {
			return 0, 0, ErrTruncated
		}
		sum += int(payload[at+2]&3)<<8 | int(payload[at+3])
		blocks++
	}
}

// Retype appends payload to into, with payloadType in the header of each block, and returns the result: publisher and
// subscriber may have agreed on different numbers for the same codec. With an error it returns into as it was.
func Retype(into, payload []byte, payloadType uint8) ([]byte, error) {
	blocks, _, err := headers(payload)
	if err != nil {
		return into, err
	}
	start := len(into)
	into = append(into, payload...)
	for i := range blocks + 1 {
		h := &into[start+i*redundantHeader]
		*h = *h&more | payloadType&^more
	}
	return into, nil
}

// Primary returns the primary block of a payload, for who has no use for the others.
func Primary(payload []byte) (Block, error) {
	blocks, body, err := headers(payload)
	if err != nil {
		return Block{}, err
	}
	for i := range blocks {
		h := payload[i*redundantHeader:]
		body += int(h[2]&3)<<8 | int(h[3])
	}
	return Block{PayloadType: payload[blocks*redundantHeader], Payload: payload[body:]}, nil
}
