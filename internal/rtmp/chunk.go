package rtmp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Message types, 5.4 and 7.1.
const (
	typeSetChunkSize     = 1
	typeAbort            = 2
	typeAcknowledgement  = 3
	typeUserControl      = 4
	typeWindowAckSize    = 5
	typeSetPeerBandwidth = 6
	typeAudio            = 8
	typeVideo            = 9
	typeDataAMF0         = 18
	typeCommandAMF3      = 17
	typeCommandAMF0      = 20
	typeAggregate        = 22
)

const (
	defaultChunkSize = 128      // 5.4.1
	ourChunkSize     = 4096     // small enough that audio is not held up behind a key frame for long
	maxMessage       = 64 << 10 // of a server, and of an encoder before it publishes
	readStep         = 64 << 10 // memory for a message is taken as its bytes come, not as its header claims
	maxChunkStreams  = 64
	extended         = 0xffffff // 5.3.1.2: the timestamp follows in four bytes
)

// errProtocol is a peer that breaks the chunk format.
var errProtocol = errors.New("rtmp: malformed chunk stream")

type message struct {
	kind      uint8
	stream    uint32
	timestamp uint32
	payload   []byte
}

// appendMessage cuts a message into chunks of size (5.3.1), the first with a full header (type 0), so that
// no state is kept between messages.
func appendMessage(b []byte, size int, chunkStream uint8, m message) []byte {
	timestamp := min(m.timestamp, extended)
	b = append(b, chunkStream, // fmt 0
		byte(timestamp>>16), byte(timestamp>>8), byte(timestamp),
		byte(len(m.payload)>>16), byte(len(m.payload)>>8), byte(len(m.payload)), m.kind)
	b = binary.LittleEndian.AppendUint32(b, m.stream) // the one little-endian field, 5.3.1.2.1
	for rest := m.payload; ; {
		if timestamp == extended {
			b = binary.BigEndian.AppendUint32(b, m.timestamp) // with every chunk of the message, 5.3.1.3
		}
		n := min(size, len(rest))
		b = append(b, rest[:n]...)
		if rest = rest[n:]; len(rest) == 0 {
			return b
		}
		b = append(b, 3<<6|chunkStream)
	}
}

// chunkReader puts the messages of the peer together. Not safe for concurrent use.
type chunkReader struct {
	r       *bufio.Reader
	size    int
	longest int // message that is taken
	begun   int // bytes of messages that are not complete: those of all chunk streams together
	streams map[uint32]*chunkStream
	read    uint32 // bytes so far, wrapping: what acknowledgements tell (5.4.3)
}

type chunkStream struct {
	message
	length     int
	delta      uint32 // to the next message, 5.3.1.2.2
	extended   bool
	extendedAt uint32 // the last extended timestamp
	started    bool
}

func newChunkReader(r *bufio.Reader) *chunkReader {
	return &chunkReader{r: r, size: defaultChunkSize, longest: maxMessage, streams: map[uint32]*chunkStream{}}
}

func (c *chunkReader) bytes(b []byte) error {
	n, err := io.ReadFull(c.r, b)
	c.read += uint32(n)
	return err
}

func (c *chunkReader) small(n int) (uint32, error) {
	var b [4]byte
	err := c.bytes(b[4-n:])
	return binary.BigEndian.Uint32(b[:]), err
}

// next returns the next whole message. Set Chunk Size and Abort are carried out here and not returned.
func (c *chunkReader) next() (message, error) {
	for {
		s, err := c.chunk()
		if err != nil {
			return message{}, err
		}
		if s == nil {
			continue
		}
		m := s.message
		c.drop(s)
		switch m.kind {
		case typeSetChunkSize:
			if len(m.payload) < 4 {
				return message{}, fmt.Errorf("%w: short chunk size", errProtocol)
			}
			size := binary.BigEndian.Uint32(m.payload)
			if size == 0 || size > 1<<31-1 {
				return message{}, fmt.Errorf("%w: chunk size %d", errProtocol, size)
			}
			c.size = int(size)
		case typeAbort:
			if len(m.payload) >= 4 {
				if aborted := c.streams[binary.BigEndian.Uint32(m.payload)]; aborted != nil {
					c.drop(aborted)
				}
			}
		default:
			return m, nil
		}
	}
}

// chunk reads one chunk and returns its stream when that completed a message.
func (c *chunkReader) chunk() (*chunkStream, error) {
	first, err := c.small(1)
	if err != nil {
		return nil, err
	}
	id := first & 0x3f
	switch id { // 5.3.1.1
	case 0:
		more, err := c.small(1)
		if err != nil {
			return nil, err
		}
		id = 64 + more
	case 1:
		more, err := c.small(2)
		if err != nil {
			return nil, err
		}
		id = 64 + more>>8 + more&0xff<<8
	}
	s := c.streams[id]
	format := first >> 6
	if s == nil {
		// Type 1 opens a stream at some servers although only type 0 may; types 2 and 3 have no length.
		if format > 1 || len(c.streams) == maxChunkStreams {
			return nil, fmt.Errorf("%w: chunk stream %d begins with type %d", errProtocol, id, format)
		}
		s = &chunkStream{}
		c.streams[id] = s
	}
	if s.started && format != 3 {
		return nil, fmt.Errorf("%w: message begins inside another", errProtocol)
	}
	var timestamp uint32
	if format < 3 {
		if timestamp, err = c.small(3); err != nil {
			return nil, err
		}
		s.extended = timestamp == extended
		if format < 2 {
			length, err := c.small(3)
			if err != nil {
				return nil, err
			}
			kind, err := c.small(1)
			if err != nil {
				return nil, err
			}
			s.length, s.kind = int(length), uint8(kind)
		}
		if format == 0 {
			var b [4]byte
			if err := c.bytes(b[:]); err != nil {
				return nil, err
			}
			s.stream = binary.LittleEndian.Uint32(b[:])
		}
	}
	if s.extended {
		if timestamp, err = c.extendedTimestamp(s, format); err != nil {
			return nil, err
		}
	}
	if s.length > c.longest {
		return nil, fmt.Errorf("%w: a message of %d bytes, where %d are taken", errProtocol, s.length, c.longest)
	}
	if !s.started {
		s.advance(format, timestamp)
		s.started = true
	}
	if err := c.body(s, min(c.size, s.length-len(s.payload))); err != nil {
		return nil, err
	}
	if len(s.payload) < s.length {
		return nil, nil
	}
	return s, nil
}

// extendedTimestamp reads the four bytes behind a header whose timestamp does not fit it. Some encoders leave them
// out of chunks of type 3: what does not repeat the timestamp there belongs to the message.
func (c *chunkReader) extendedTimestamp(s *chunkStream, format uint32) (uint32, error) {
	if format == 3 {
		next, err := c.r.Peek(4)
		if err != nil {
			return 0, err
		}
		if binary.BigEndian.Uint32(next) != s.extendedAt {
			return s.extendedAt, nil
		}
	}
	at, err := c.small(4)
	s.extendedAt = at
	return at, err
}

// advance sets the timestamp of a message that begins (5.3.1.2). A message that begins with a chunk of type 3 follows
// the one before by the same distance.
func (s *chunkStream) advance(format, timestamp uint32) {
	switch format {
	case 0:
		s.timestamp, s.delta = timestamp, 0
		return
	case 1, 2:
		s.delta = timestamp
	}
	s.timestamp += s.delta // wraps, as the timestamps of RTMP do
}

// body reads n bytes of a message.
func (c *chunkReader) body(s *chunkStream, n int) error {
	for n > 0 {
		step := min(n, readStep)
		if c.begun += step; c.begun > c.longest+readStep {
			return fmt.Errorf("%w: messages that were begun take %d bytes together", errProtocol, c.begun)
		}
		begin := len(s.payload)
		s.payload = append(s.payload, make([]byte, step)...)
		if err := c.bytes(s.payload[begin:]); err != nil {
			return err
		}
		n -= step
	}
	return nil
}

// drop forgets the message of a chunk stream: it is complete, or was aborted.
func (c *chunkReader) drop(s *chunkStream) {
	c.begun -= len(s.payload)
	s.payload, s.started = nil, false
}
