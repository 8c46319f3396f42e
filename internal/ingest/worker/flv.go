package worker

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/klatch/klatch/fault"
)

// Bodies of FLV tags: Adobe's FLV specification 10.1, annex E.4, and Enhanced RTMP v1 for codecs by FourCC.

// videoBody is the body of a video tag.
type videoBody struct {
	config bool // Data is an AVCDecoderConfigurationRecord
	offset time.Duration
	data   []byte // nil: there is nothing to decode
}

const (
	codecAVC  = 7
	codecAAC  = 10
	isEnhance = 0x80 // in the first byte: a FourCC follows
)

// foreignVideo names codecs by their number in the first byte.
var foreignVideo = map[byte]string{
	2: "Sorenson H.263", 3: "Screen Video", 4: "VP6", 5: "VP6 with alpha", 6: "Screen Video 2", 12: "HEVC", 13: "AV1",
}

var foreignFourCC = map[string]string{"hvc1": "HEVC", "av01": "AV1", "vp09": "VP9", "vp08": "VP8"}

// parseVideo reads the body of a video tag. Its error is a *fault.Error for a codec that is not taken, or errMedia.
func parseVideo(b []byte) (videoBody, error) {
	switch {
	case len(b) < 1:
		return videoBody{}, nil
	case b[0]&isEnhance != 0:
		return parseEnhanced(b)
	case b[0]>>4 == 5: // a command to the player
		return videoBody{}, nil
	case b[0]&0xf != codecAVC:
		codec := b[0] & 0xf
		name := foreignVideo[codec]
		if name == "" {
			name = fmt.Sprintf("the unknown codec %d", codec)
		}
		return videoBody{}, fault.RTMPIngestRefusedCodec("video", name)
	case len(b) < 5:
		return videoBody{}, fmt.Errorf("%w: a video tag of %d bytes", errMedia, len(b))
	}
	switch b[1] {
	case 0:
		return videoBody{config: true, data: b[5:]}, nil
	case 1:
		return videoBody{offset: compositionOffset(b[2:5]), data: b[5:]}, nil
	}
	return videoBody{}, nil // the end of a sequence
}

// parseEnhanced reads a body with a FourCC, ExVideoTagHeader of Enhanced RTMP.
func parseEnhanced(b []byte) (videoBody, error) {
	if len(b) < 5 {
		return videoBody{}, fmt.Errorf("%w: a video tag of %d bytes", errMedia, len(b))
	}
	if code := string(b[1:5]); code != "avc1" {
		name := foreignFourCC[code]
		if name == "" {
			name = fmt.Sprintf("the unknown codec %q", code)
		}
		return videoBody{}, fault.RTMPIngestRefusedCodec("video", name)
	}
	switch kind, rest := b[0]&0xf, b[5:]; {
	case kind == 0:
		return videoBody{config: true, data: rest}, nil
	case kind == 1 && len(rest) >= 3:
		return videoBody{offset: compositionOffset(rest), data: rest[3:]}, nil
	case kind == 3: // without an offset
		return videoBody{data: rest}, nil
	}
	return videoBody{}, nil
}

// compositionOffset is a signed number of 24 bits, in ms.
func compositionOffset(b []byte) time.Duration {
	ms := int32(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8) >> 8
	return time.Duration(ms) * time.Millisecond
}

// audioBody is the body of an audio tag.
type audioBody struct {
	config bool // an AudioSpecificConfig
	data   []byte
}

var foreignAudio = map[byte]string{
	0: "PCM", 1: "ADPCM", 2: "MP3", 3: "PCM", 4: "Nellymoser", 5: "Nellymoser", 6: "Nellymoser", 7: "G.711 A-law",
	8: "G.711 mu-law", 11: "Speex", 14: "MP3",
}

// parseAudio reads the body of an audio tag, as parseVideo does.
func parseAudio(b []byte) (audioBody, error) {
	if len(b) < 2 {
		return audioBody{}, nil
	}
	switch format := b[0] >> 4; format {
	case codecAAC:
		return audioBody{config: b[1] == 0, data: b[2:]}, nil
	case 9: // enhanced, with a FourCC
		name := "an unknown codec"
		if len(b) >= 5 {
			name = map[string]string{"Opus": "Opus", "ac-3": "AC-3", "ec-3": "E-AC-3", "fLaC": "FLAC", ".mp3": "MP3",
				"mp4a": "AAC in the form of Enhanced RTMP"}[string(b[1:5])]
		}
		if name == "" {
			name = fmt.Sprintf("the unknown codec %q", b[1:5])
		}
		return audioBody{}, fault.RTMPIngestRefusedCodec("audio", name)
	default:
		name := foreignAudio[format]
		if name == "" {
			name = fmt.Sprintf("the unknown codec %d", format)
		}
		return audioBody{}, fault.RTMPIngestRefusedCodec("audio", name)
	}
}

// Types of FLV tags, E.4.1.
const (
	tagAudio = 8
	tagVideo = 9
)

// flvHeader begins a file that holds tags of one type (E.2).
func flvHeader(tag byte) []byte {
	flags := byte(1)
	if tag == tagAudio {
		flags = 4
	}
	return []byte{'F', 'L', 'V', 1, flags, 0, 0, 0, 9, 0, 0, 0, 0}
}

// appendTag writes a tag with its body (E.4.1) and its length behind it.
func appendTag(b []byte, tag byte, at time.Duration, body []byte) []byte {
	ms, n := uint32(at.Milliseconds()), len(body)
	b = append(b, tag, byte(n>>16), byte(n>>8), byte(n), byte(ms>>16), byte(ms>>8), byte(ms), byte(ms>>24), 0, 0, 0)
	b = append(b, body...)
	return binary.BigEndian.AppendUint32(b, uint32(11+n))
}

// readTag reads a tag that ffmpeg has written.
func readTag(r *bufio.Reader) (tag byte, at time.Duration, body []byte, err error) {
	var h [11]byte
	if _, err = io.ReadFull(r, h[:]); err != nil {
		return 0, 0, nil, err
	}
	body = make([]byte, int(h[1])<<16|int(h[2])<<8|int(h[3])+4)
	if _, err = io.ReadFull(r, body); err != nil {
		return 0, 0, nil, err
	}
	ms := uint32(h[7])<<24 | uint32(h[4])<<16 | uint32(h[5])<<8 | uint32(h[6])
	return h[0], time.Duration(ms) * time.Millisecond, body[:len(body)-4], nil
}
