package worker

import (
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/jitter"
	"github.com/klatch/klatch/sdk"
)

// frameAssembler puts the frames of one stream of video together, of whatever codec its packets are: what was announced
// is only the first codec that was negotiated, and a sender may send another or change it. It belongs to one goroutine.
type frameAssembler struct {
	stream  *sdk.Stream
	monitor *streamMonitor
	frame   func(depacket.Frame)

	payloadType int // of the last packet; -1: none came
	codec       string
	current     *depacket.Depacketizer            // nil: of a codec that cannot be put together
	byCodec     map[string]*depacket.Depacketizer // by codec; they keep parameter sets that were sent once
}

func newFrameAssembler(stream *sdk.Stream, monitor *streamMonitor, frame func(depacket.Frame)) *frameAssembler {
	return &frameAssembler{
		stream:      stream,
		monitor:     monitor,
		frame:       frame,
		payloadType: -1,
		byCodec:     map[string]*depacket.Depacketizer{},
	}
}

func (p *frameAssembler) push(packet jitter.Packet, now time.Time) {
	if p.payloadType != int(packet.PayloadType) {
		p.payloadType = int(packet.PayloadType)
		if codec := p.codecOf(packet.PayloadType); codec != p.codec {
			p.switchCodec(codec)
			packet.Restart = true // what the other codec sent has no bearing
		}
	}
	if p.current != nil {
		p.current.Push(packet, now)
	}
}

func (p *frameAssembler) codecOf(payloadType uint8) string {
	if codec := p.stream.PayloadCodec(payloadType); codec != "" {
		return codec
	}
	return p.stream.Codec()
}

func (p *frameAssembler) switchCodec(codec string) {
	p.codec = codec
	if p.current = p.byCodec[codec]; p.current != nil {
		return
	}
	frames, err := depacket.New(codec, p.assembled, p.stream.RequestKeyFrame)
	if err == nil { // the server negotiates no codec that cannot be put together
		p.current, p.byCodec[codec] = frames, frames
	}
}

func (p *frameAssembler) assembled(f depacket.Frame) {
	p.monitor.usable()
	p.frame(f)
}
