// Package fmp4 splits the fragmented MP4 that the encoder writes to a pipe into what the outputs need: the
// initialization segment with the codec configurations, and fragments (moof and mdat) whose bytes go unchanged into
// files and HLS segments and whose samples go out over RTMP.
//
// It reads what one kind of writer makes: H.264 (avc1) and AAC (mp4a), or VP9 (vp09) and Opus, at most one track of
// picture and of sound, every fragment complete in itself. With ffmpeg that is
//
//	-f mp4 -movflags +empty_moov+default_base_moof+frag_keyframe -frag_duration 500000 -flush_packets 1 pipe:1
//
// empty_moov writes the configurations before the first frame, and no edit lists: the decoding times are the timeline.
// default_base_moof makes fragments movable. frag_keyframe starts a fragment at every key frame, so that a segment can
// begin there whatever the rounding of frag_duration (microseconds); without it a key frame may lie inside a fragment.
//
// Boxes are those of ISO/IEC 14496-12 (base format), 14496-15 (avcC), 14496-1 (esds), and of the WebM project's and
// Xiph's bindings of VP9 and Opus. It owns nothing but the bytes that it reads; the egress worker calls it.
package fmp4

import (
	"errors"
	"fmt"
	"io"
	"time"
)

var (
	// ErrTruncated is a stream that ends inside a box: the writer died. What came before is whole.
	ErrTruncated = fmt.Errorf("fmp4: stream ends inside a box: %w", io.ErrUnexpectedEOF)
	// ErrTooLarge is a box larger than any that our encoder has a reason to write.
	ErrTooLarge = errors.New("fmp4: box too large")
)

// FormatError is a box that is not what the package comment describes.
type FormatError struct {
	Box    string // four characters, "" outside any
	Reason string
}

func (e *FormatError) Error() string { return fmt.Sprintf("fmp4: %s: %s", e.Box, e.Reason) }

// VideoConfig describes the track of H.264 or VP9.
type VideoConfig struct {
	Width, Height int
	AVCC          []byte // AVCDecoderConfigurationRecord; nil: VP9
}

// Codec returns the name of H.264 in RFC 6381, 3.3, with profile, constraints and level. VP9 has none here: it is never
// in a playlist.
func (v *VideoConfig) Codec() string {
	if v.AVCC == nil {
		return ""
	}
	return fmt.Sprintf("avc1.%X", v.AVCC[1:4])
}

// AudioConfig describes the track of AAC or Opus.
type AudioConfig struct {
	ASC      []byte // AudioSpecificConfig, ISO/IEC 14496-3; nil: Opus
	Rate     int    // Hz
	Channels int
}

// Codec returns the name in RFC 6381, 3.3, with the object type of AAC.
func (a *AudioConfig) Codec() string {
	if a.ASC == nil {
		return "opus"
	}
	return fmt.Sprintf("mp4a.40.%d", a.ASC[0]>>3)
}

// Init is the initialization segment. Shared by all outputs: not to be changed.
type Init struct {
	Raw   []byte       // ftyp and moov
	Video *VideoConfig // nil: no video
	Audio *AudioConfig // nil: no audio

	tracks []*track
}

type track struct {
	id        uint32
	video     bool
	timescale uint32
	// defaults of trex, which tfhd may override
	duration, size, flags uint32
}

// Fragment is one moof with its mdat. Shared by all outputs: not to be changed.
type Fragment struct {
	Raw []byte
	// Start is the decoding time of the first sample on the timeline of the encoder; Duration is to the end of
	// the last. Both are of the video track where the fragment has video.
	Start, Duration time.Duration
	// Key: a player can start here. Every fragment of a stream without video is one.
	Key bool

	runs []run
}

// Sample is one video access unit (of H.264: NAL units, each after its length as avcC says), one raw AAC frame or one
// Opus packet.
type Sample struct {
	Video    bool
	DTS, PTS time.Duration
	Key      bool
	Data     []byte // part of Fragment.Raw
}
