package worker

import (
	"time"

	"github.com/klatch/klatch/internal/depacket"
	"github.com/klatch/klatch/internal/jitter"
	klatch "github.com/klatch/klatch/sdk"
)

// pictures puts the frames of one stream of video together, of whatever codec its packets are: what was announced is only the first codec
// that was negotiated, and a sender may send another or change it. It belongs to one goroutine.
type pictures struct {
	stream *klatch.Stream
	watch  *watch
	frame  func(depacket.Frame)

	payloadType int // of the last packet; -1: none came
	codec       string
	frames      *depacket.Depacketizer            // nil: of a codec that cannot be put together
	known       map[string]*depacket.Depacketizer // by codec; they keep parameter sets that were sent once
}

func newPictures(stream *klatch.Stream, watch *watch, frame func(depacket.Frame)) *pictures {
	return &pictures{stream: stream, watch: watch, frame: frame, payloadType: -1, known: map[string]*depacket.Depacketizer{}}
}

func (p *pictures) push(packet jitter.Packet, now time.Time) {
	if p.payloadType != int(packet.PayloadType) {
		p.payloadType = int(packet.PayloadType)
		if codec := p.codecOf(packet.PayloadType); codec != p.codec {
			p.use(codec)
			packet.Restart = true // what the other codec sent has no bearing
		}
	}
	if p.frames != nil {
		p.frames.Push(packet, now)
	}
}

func (p *pictures) codecOf(payloadType uint8) string {
	if codec := p.stream.PayloadCodec(payloadType); codec != "" {
		return codec
	}
	return p.stream.Codec()
}

func (p *pictures) use(codec string) {
	p.codec = codec
	if p.frames = p.known[codec]; p.frames != nil {
		return
	}
	frames, err := depacket.New(codec, p.whole, p.stream.RequestKeyFrame)
	p.watch.decodable(codec, err == nil)
	if err == nil {
		p.frames, p.known[codec] = frames, frames
	}
}

func (p *pictures) whole(f depacket.Frame) {
	p.watch.good()
	p.frame(f)
}
