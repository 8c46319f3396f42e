// Package payload parses RTP payloads: what a packet of VP8 (RFC 7741), VP9 (RFC 9628), H264 (RFC 6184), AV1 (RTP
// Payload Format For AV1 1.0 of AOMedia) or Opus (RFC 6716) carries, as far as forwarding and depacketizing need it,
// and the dependency descriptor, the RTP header extension with which the AV1 format describes layers of any codec.
// Input is hostile: every length is bounded, and nothing panics.
package payload

import "strings"

// Codec is what a payload is encoded with.
type Codec uint8

// Codecs. The payload of an Unknown codec has no facts.
const (
	Unknown Codec = iota
	Opus
	VP8
	VP9
	H264
	AV1
)

// CodecOf returns the codec of a name or MIME type, as "VP8" or "video/VP8". Case does not matter.
func CodecOf(name string) Codec {
	if at := strings.IndexByte(name, '/'); at >= 0 {
		name = name[at+1:]
	}
	for c := Opus; c <= AV1; c++ {
		if strings.EqualFold(name, c.String()) {
			return c
		}
	}
	return Unknown
}

func (c Codec) String() string {
	switch c {
	case Opus:
		return "opus"
	case VP8:
		return "VP8"
	case VP9:
		return "VP9"
	case H264:
		return "H264"
	case AV1:
		return "AV1"
	}
	return "unknown"
}

// MaxSpatial is how many spatial layers a stream may have here: what AV1 and the dependency descriptor know. Layers of
// VP9 above it are facts like others, but without a size.
const MaxSpatial = 4

// Size is the size of pictures, in pixels.
type Size struct{ Width, Height uint16 }

// Facts is what one RTP packet says of the coded frame that it belongs to. A picture is all the frames of one RTP
// timestamp: one frame, or with spatial layers one frame of each.
type Facts struct {
	Codec   Codec
	RTPTime uint32

	// KeyFrame: a receiver can begin to decode with this packet. It is the first one of a key picture.
	KeyFrame bool
	// FrameStart and FrameEnd: the packet is the first, the last one of its frame. Without the dependency descriptor,
	// H264 and AV1 do not say where a frame begins; it begins with the first packet that arrives of it.
	FrameStart, FrameEnd bool
	// Marker is the marker bit of the packet: the last one of a picture.
	Marker bool

	// Spatial and Temporal are the layer of the frame, 0 when the payload has no layers.
	Spatial, Temporal       uint8
	HasSpatial, HasTemporal bool
	// InterPicture: the frame refers to earlier pictures. InterLayer: it refers to a lower spatial layer of its picture
	// (VP9).
	InterPicture, InterLayer bool
	// SwitchUp: a receiver of fewer temporal layers may take more. VP8: this frame refers only to temporal layer 0, so
	// that its own layer can be taken from here on. VP9: no later picture of a layer above Temporal refers to a picture
	// before this one of such a layer. With a dependency descriptor see Dependency.
	SwitchUp bool
	// Discardable: no other frame refers to this one.
	Discardable bool
	// OwnLayer: only its own spatial layer needs the frame, the ones above it do not (VP9, or a dependency descriptor).
	OwnLayer bool
	// Padding: the packet has no payload. A sender may send it for its bandwidth estimation.
	Padding bool
	// DTX: Opus sends a frame without sound, because nobody speaks.
	DTX bool

	// PictureID of VP8 and VP9 has PictureIDBits, 7 or 15; 0 means that there is none. It begins at the byte
	// PictureIDAt of the payload, TL0PICIDX is the byte TL0PICIDXAt, 0 for none.
	PictureID                uint16
	PictureIDBits            uint8
	PictureIDAt, TL0PICIDXAt uint8
	TL0PICIDX                uint8
	HasKeyIndex              bool
	KeyIndex                 uint8 // KEYIDX of VP8

	// Size of the frame's pictures, where the packet says it. Of a stream with spatial layers Sizes holds the size of
	// each, where the packet brings them, and SizeCount how many there are.
	Size      Size
	Sizes     [MaxSpatial]Size
	SizeCount uint8

	// Sets is, with KeyFrame, an H264 payload that a receiver who begins here needs before this packet: the parameter
	// sets that its sender does not repeat. Nil for none. It never changes.
	Sets []byte

	// Dependency is the dependency descriptor of the packet.
	Dependency Dependency
}

// Parser finds the facts of the packets of one SSRC. It keeps what later packets refer to: the parameter sets of H264
// and the template structure of the dependency descriptor. It is not safe for concurrent use. The zero value parses
// nothing: use NewParser.
type Parser struct {
	codec Codec

	begun bool   // rtpTime is set
	time  uint32 // of the newest picture
	newer bool   // the packet that is parsed begins a picture

	h264       h264
	structures [2]*Structure // the present one and the one before it
	active     uint32        // decode targets of the present one that the sender produces
	scratch    Structure     // where a structure is read, to find out whether it is new
}

// NewParser returns a parser of the packets of a codec.
func NewParser(codec Codec) *Parser { return &Parser{codec: codec} }

// Codec returns the codec of the parser.
func (p *Parser) Codec() Codec { return p.codec }

// Parse returns the facts of a packet: of its timestamp, marker and payload, and of the dependency descriptor that its
// header carries, nil for none. It keeps no reference to its arguments. It allocates only for parameter sets and
// template structures that are new.
func (p *Parser) Parse(rtpTime uint32, marker bool, payload, descriptor []byte) Facts {
	f := Facts{Codec: p.codec, RTPTime: rtpTime, Marker: marker}
	p.newer = len(payload) > 0 && (!p.begun || int32(rtpTime-p.time) > 0)
	if p.newer {
		p.begun, p.time = true, rtpTime
	}
	if len(payload) == 0 {
		f.Padding = true
		return f
	}
	switch p.codec {
	case VP8:
		p.parseVP8(payload, &f)
	case VP9:
		p.parseVP9(payload, &f)
	case H264:
		p.parseH264(payload, &f)
	case AV1:
		p.parseAV1(payload, &f)
	case Opus:
		f.FrameStart, f.FrameEnd = true, true
		f.DTX = isDTX(payload)
	}
	if len(descriptor) > 0 {
		p.parseDescriptor(descriptor, &f)
	}
	return f
}
