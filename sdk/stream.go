package sdk

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/pion/rtp"

	"github.com/klatch/klatch/internal/wire"
)

// Stream is one medium of a participant while it is enabled. Remote streams give their RTP packets.
type Stream struct {
	id      string
	kind    Kind
	codec   string
	surface string
	owner   *Participant

	mu       sync.Mutex // guards everything below
	handlers []*packetHandler
	reports  []*reportHandler
	queue    []*rtp.Packet // for ReadRTP; bounded by maxUnread, the oldest packet goes first
	reading  bool          // ReadRTP was called: packets are kept
	changed  chan struct{} // closed and replaced when queue or ended changes
	ended    bool
	codecs   map[uint8]string // of the packets that came, by payload type

	forwarded wire.StreamState // what the server last said of it
	quality   Quality          // the last one that was sent
	pausedFor PauseReason
	arrived   arrivedStream
}

type packetHandler struct{ fn func(*rtp.Packet) }

type reportHandler struct {
	fn func(ntp uint64, rtpTime uint32)
}

// maxUnread holds about a second of 720p video for a ReadRTP that pauses.
const maxUnread = 512

func newStream(owner *Participant, info wire.Stream) *Stream {
	return &Stream{
		id: info.ID, kind: Kind(info.Kind), codec: info.Codec, surface: string(info.DisplaySurface), owner: owner,
		changed: make(chan struct{}), arrived: arrivedStream{clock: int64(formats[info.Codec].clock)},
	}
}

// ID is stable while the participant is in the session.
func (s *Stream) ID() string { return s.id }

// Kind is audio, video, share or shareAudio.
func (s *Stream) Kind() Kind { return s.kind }

// Codec is VP8, H264, VP9, AV1 or opus: what was announced. A publisher may send another codec that was negotiated:
// PayloadCodec.
func (s *Stream) Codec() string { return s.codec }

// DisplaySurface is what a shared picture shows: "monitor", "window" or "browser"; "" of other streams and where the
// publisher does not say.
func (s *Stream) DisplaySurface() string { return s.surface }

// PayloadCodec is the codec of the packets of that payload type, which have come; "" for one that has not.
func (s *Stream) PayloadCodec(payloadType uint8) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.codecs[payloadType]
}

// carries notes the codec of a payload type.
func (s *Stream) carries(payloadType uint8, codec string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.codecs == nil {
		s.codecs = map[uint8]string{}
	}
	s.codecs[payloadType] = codec
}

// Participant is whose stream this is.
func (s *Stream) Participant() *Participant { return s.owner }

// OnRTP calls fn for each packet that arrives, on the media goroutine: it must not block. The packet is fn's to keep.
func (s *Stream) OnRTP(fn func(*rtp.Packet)) (undo func()) {
	h := &packetHandler{fn: fn}
	s.mu.Lock()
	s.handlers = append(slices.Clip(s.handlers), h)
	s.mu.Unlock()
	s.owner.meeting.keyFrame(s)
	return func() {
		s.mu.Lock()
		s.handlers = slices.DeleteFunc(slices.Clone(s.handlers), func(other *packetHandler) bool { return other == h })
		s.mu.Unlock()
	}
}

// OnSenderReport calls fn for each RTCP sender report of the stream (RFC 3550, section 6.4.1): the moment rtpTime of
// the stream was ntp on the publisher's clock, which all its streams share. It must not block.
func (s *Stream) OnSenderReport(fn func(ntp uint64, rtpTime uint32)) (undo func()) {
	h := &reportHandler{fn: fn}
	s.mu.Lock()
	s.reports = append(slices.Clip(s.reports), h)
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		s.reports = slices.DeleteFunc(slices.Clone(s.reports), func(other *reportHandler) bool { return other == h })
		s.mu.Unlock()
	}
}

// ReadRTP waits for the next packet. From the first call on, packets are kept for the next one; past 512 the oldest are
// dropped. io.EOF says that the stream has ended.
func (s *Stream) ReadRTP(ctx context.Context) (*rtp.Packet, error) {
	for {
		s.mu.Lock()
		first := !s.reading
		s.reading = true
		if len(s.queue) > 0 {
			packet := s.queue[0]
			s.queue = s.queue[1:]
			s.mu.Unlock()
			return packet, nil
		}
		changed, ended := s.changed, s.ended
		s.mu.Unlock()
		if ended {
			return nil, io.EOF
		}
		if first {
			s.owner.meeting.keyFrame(s)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// RequestKeyFrame asks the publisher for a picture that can be decoded on its own.
func (s *Stream) RequestKeyFrame() { s.owner.meeting.keyFrame(s) }

// deliver hands a packet to handlers and readers; the media goroutine calls it.
func (s *Stream) deliver(packet *rtp.Packet) {
	now := time.Now()
	s.mu.Lock()
	s.arrived.add(packet, now)
	handlers := s.handlers
	if s.reading && !s.ended {
		if len(s.queue) == maxUnread {
			s.queue = s.queue[1:]
		}
		s.queue = append(s.queue, packet)
		s.wakeLocked()
	}
	s.mu.Unlock()
	for _, h := range handlers {
		h.fn(packet)
	}
}

func (s *Stream) report(ntp uint64, rtpTime uint32) {
	s.mu.Lock()
	handlers := s.reports
	s.mu.Unlock()
	for _, h := range handlers {
		h.fn(ntp, rtpTime)
	}
}

func (s *Stream) end() {
	s.mu.Lock()
	s.ended = true
	s.wakeLocked()
	s.mu.Unlock()
}

func (s *Stream) wakeLocked() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// MarshalJSON returns id, kind and codec.
func (s *Stream) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID    string `json:"id"`
		Kind  Kind   `json:"kind"`
		Codec string `json:"codec"`
	}{s.id, s.kind, s.codec})
}
