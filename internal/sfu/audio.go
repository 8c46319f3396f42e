package sfu

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/internal/sfu/packet"
	"github.com/klatch/klatch/internal/sfu/red"
	"github.com/klatch/klatch/internal/wire"
)

const (
	mimeRED    = "audio/red" // redundant audio, RFC 2198
	audioClock = 48000       // Hz, of Opus
)

func isRED(p webrtc.RTPCodecParameters) bool { return strings.EqualFold(p.MimeType, mimeRED) }

// isMedia reports whether a format is a codec of its own, and not a wrapping of another one.
func isMedia(p webrtc.RTPCodecParameters) bool {
	return !isRED(p) && !strings.EqualFold(p.MimeType, webrtc.MimeTypeRTX)
}

// offersRED reports whether a description of ours has redundant audio.
func offersRED(description string) bool { return strings.Contains(description, " red/48000/2\r\n") }

// preferRED puts redundant audio first in an audio section: browsers send it only if the answer prefers it.
func preferRED(m *sdp.MediaDescription) {
	if m.MediaName.Media != "audio" {
		return
	}
	for _, a := range m.Attributes {
		format, encoding, _ := strings.Cut(a.Value, " ")
		if a.Key != "rtpmap" || encoding != "red/48000/2" {
			continue
		}
		if i := slices.Index(m.MediaName.Formats, format); i > 0 {
			m.MediaName.Formats = slices.Insert(slices.Delete(m.MediaName.Formats, i, i+1), 0, format)
		}
		return
	}
}

// receiveAudio forwards the audio of a packet, and what is redundant in it of earlier ones that have not come. Each
// packet goes on once, without redundancy.
func (e *upEncoding) receiveAudio(p *rtp.Packet, n *trackParams, now time.Time) {
	redundant := n.red[p.PayloadType]
	e.unwrapped = e.unwrapped[:0]
	if redundant {
		var err error
		if e.unwrapped, err = e.unwrapper.Unwrap(e.unwrapped, p.SequenceNumber, p.Timestamp, p.Payload); err != nil {
			redundant = false // counted as of a payload type that was not agreed on
		}
	}
	e.foundAgain(n, e.unwrapped)
	e.askMissing(n, now)
	c, ok := n.codecs[p.PayloadType]
	if !ok && !redundant {
		e.track.stray(p.PayloadType, n)
		return
	}
	if n.levelExt != 0 && e.track.kind == wire.Audio {
		if level, ok := audioLevel(p.GetExtension(n.levelExt)); ok {
			e.track.stream.level.add(level)
		}
	}
	if !redundant {
		if e.unwrapper.Plain(p.SequenceNumber, p.Timestamp) {
			e.forward(p, n, c, now)
		}
		return
	}
	marker := p.Marker
	for i := range e.unwrapped {
		u := &e.unwrapped[i]
		c, ok := n.codecs[u.PayloadType]
		switch {
		case !ok:
			e.track.stray(u.PayloadType, n)
			continue
		case u.Recovered && !e.track.conn.limit.take(packetOverhead+len(u.Payload), now):
			continue // many small blocks in a packet make many packets
		}
		p.PayloadType, p.SequenceNumber, p.Timestamp, p.Payload = u.PayloadType, u.SequenceNumber, u.Timestamp, u.Payload
		p.Marker = marker && !u.Recovered
		e.forward(p, n, c, now)
	}
	clear(e.unwrapped)
}

// foundAgain notes that packets need not be asked for: they were found in the redundancy of a later one.
func (e *upEncoding) foundAgain(n *trackParams, packets []red.Packet) {
	if !n.nack || len(packets) == 0 {
		return
	}
	e.mu.Lock()
	for i := range packets {
		if packets[i].Recovered {
			e.losses.remove(packets[i].SequenceNumber)
		}
	}
	e.mu.Unlock()
}

// maxRedundancy is how many earlier packets a packet to a subscriber carries at most.
const maxRedundancy = 2

// redundancy makes redundant packets of an audio stream, once for all subscribers of one distance.
type redundancy struct {
	builder red.Builder
	epoch   uint32
	buffer  []byte
	made    [maxRedundancy]redundantPacket // of the present packet, by distance
}

type redundantPacket struct {
	packet      *packet.Packet
	payloadType uint8 // of its blocks
}

// of returns m with up to distance packets before it, nil when there are none. It is valid until end.
func (r *redundancy) of(m *packet.Packet, distance int, payloadType uint8) *packet.Packet {
	if r.epoch != m.Epoch {
		r.builder, r.epoch = red.Builder{}, m.Epoch
	}
	made := &r.made[distance-1]
	if made.packet != nil && made.payloadType == payloadType {
		return made.packet
	}
	if made.packet != nil {
		made.packet.Release()
	}
	r.buffer = r.builder.Build(r.buffer[:0], distance, payloadType, m.SequenceNumber, m.Timestamp, m.Payload)
	*made = redundantPacket{packet.New(r.buffer), payloadType}
	return made.packet
}

// end forgets what was made of the present packet.
func (r *redundancy) end() {
	for i := range r.made {
		if made := &r.made[i]; made.packet != nil {
			made.packet.Release()
			made.packet = nil
		}
	}
}

// addRedundancyLocked makes a transmission of audio a redundant one, if the subscriber takes that and loses packets.
func (d *downTrack) addRedundancyLocked(x *transmission) {
	distance := int(d.conn.protection.distance.Load())
	if distance == 0 || d.types.red == 0 || x.packet == nil || x.out.Padding {
		return
	}
	x.packet = d.stream.redundancy.of(x.packet, distance, d.types.media)
	x.payloadType = d.types.red
}

// protection decides how much redundancy the audio of a subscribe connection has: as the losses that its receiver
// reports ask for, and as its path can carry. Shape: mutex.
type protection struct {
	distance atomic.Int32 // 0 to maxRedundancy

	mu            sync.Mutex // guards everything below
	packets, lost int        // reported since window
	window        time.Time
	loss          float64 // share of the packets, smoothed
	held          [maxRedundancy]time.Time
}

const (
	protectionWindow = time.Second
	protectionHold   = 10 * time.Second // loss comes and goes: redundancy stays so long after the last
	// Redundancy takes at most one part in so many of what the path carries: where that is little, lost bandwidth is
	// worse than lost packets.
	protectionPart = 8
)

// protectionFrom is the loss from which a packet carries one earlier packet, and two.
var protectionFrom = [maxRedundancy]float64{0.004, 0.06}

// feedback takes transport-wide feedback.
func (p *protection) feedback(packet rtcp.Packet) {
	fb, ok := packet.(*rtcp.TransportLayerCC)
	if !ok {
		return
	}
	total := int(fb.PacketStatusCount)
	received, seen := 0, 0
	for _, chunk := range fb.PacketChunks {
		switch c := chunk.(type) {
		case *rtcp.RunLengthChunk:
			n := min(int(c.RunLength), total-seen)
			seen += n
			if c.PacketStatusSymbol != rtcp.TypeTCCPacketNotReceived {
				received += n
			}
		case *rtcp.StatusVectorChunk:
			for _, symbol := range c.SymbolList[:min(len(c.SymbolList), total-seen)] {
				seen++
				if symbol != rtcp.TypeTCCPacketNotReceived {
					received++
				}
			}
		}
	}
	p.add(seen, seen-received)
}

// add takes that of so many packets so many were lost.
func (p *protection) add(packets, lost int) {
	p.mu.Lock()
	p.packets += packets
	p.lost += lost
	p.mu.Unlock()
}

// choose sets the distance. audioBps is what the audio takes without redundancy. It returns what that adds.
func (p *protection) choose(budget, audioBps int64, now time.Time) (bps int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if passed := now.Sub(p.window); passed >= protectionWindow && p.packets > 0 {
		const weight = 0.3
		p.loss += weight * (float64(p.lost)/float64(p.packets) - p.loss)
		p.packets, p.lost, p.window = 0, 0, now
	}
	distance := 0
	for i, from := range protectionFrom {
		if p.loss >= from {
			p.held[i] = now
		}
		if p.held[i].IsZero() || now.Sub(p.held[i]) > protectionHold {
			continue
		}
		if more := audioBps * int64(i+1); more <= budget/protectionPart {
			distance, bps = i+1, more
		}
	}
	p.distance.Store(int32(distance))
	return bps
}

// protect chooses the redundancy of the audio, and returns the bits a second it takes.
func (c *downConn) protect(budget int64, now time.Time) int64 {
	audioBps := int64(0)
	for _, d := range *c.list.Load() {
		if m := d.stream.encodings[0].measured.Load(); !d.stream.video && d.stream.enabled.Load() && m != nil {
			audioBps += m.rates[0][0]
		}
	}
	return c.protection.choose(budget, audioBps, now)
}
