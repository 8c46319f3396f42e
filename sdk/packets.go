package sdk

import (
	"fmt"
	"io"
	"sync"

	"github.com/pion/rtp"
)

// PacketSource publishes RTP packets that the program makes or receives elsewhere. SSRC and payload type are replaced,
// the rest goes out as it is, at the time it is handed over. Close packets to end the stream.
func PacketSource(codec string, packets <-chan *rtp.Packet) Source {
	return &packetSource{codec: codec, packets: packets}
}

type packetSource struct {
	codec   string
	packets <-chan *rtp.Packet
	// KeyFrames, when set, is called when a receiver needs a key frame.
	keyFrame func()
}

// PacketSourceFunc is a PacketSource that is told when a receiver needs a key frame.
func PacketSourceFunc(codec string, packets <-chan *rtp.Packet, keyFrame func()) Source {
	return &packetSource{codec: codec, packets: packets, keyFrame: keyFrame}
}

func (s *packetSource) Name() string { return "RTP packets" }

func (s *packetSource) Open(kind Kind) (Reader, error) {
	if s.packets == nil {
		return nil, fmt.Errorf("a nil channel: %w", ErrAbsent)
	}
	if kind.carriesAudio() != (s.codec == "opus") || formats[s.codec].mime == "" {
		return nil, &FormatError{Got: s.codec, Want: takes(kind)}
	}
	return &packetReader{source: s, closed: make(chan struct{})}, nil
}

type packetReader struct {
	source *packetSource
	once   sync.Once
	closed chan struct{}
}

func (r *packetReader) Codec() string { return r.source.codec }

func (r *packetReader) Read() (Frame, error) {
	select {
	case packet, ok := <-r.source.packets:
		if !ok {
			return Frame{}, io.EOF
		}
		if packet == nil {
			return Frame{}, &FormatError{Got: "a nil packet", Want: "RTP packets"}
		}
		return Frame{Packets: []*rtp.Packet{packet}}, nil
	case <-r.closed:
		return Frame{}, io.EOF
	}
}

func (r *packetReader) KeyFrame() {
	if r.source.keyFrame != nil {
		r.source.keyFrame()
	}
}

func (r *packetReader) Close() error {
	r.once.Do(func() { close(r.closed) })
	return nil
}
