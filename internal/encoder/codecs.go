package encoder

import "time"

// Codecs is a pair of codecs, of picture and sound.
type Codecs int

// The pairs. H264 and AAC are what MP4, HLS and RTMP take, VP9 and Opus what WebM takes.
const (
	H264AAC Codecs = iota
	VP9Opus
)

// pairs are the encoders of each, and the options of their video: constant quality under a ceiling, so that a still
// canvas costs next to nothing. No B pictures and no looking ahead: they would put the video a little behind the sound,
// as there are no edit lists, and add delay to live outputs.
var pairs = map[Codecs]struct {
	video, audio string
	options      func(bps string) []string
}{
	H264AAC: {"libx264", "aac", func(bps string) []string {
		return []string{"-preset", "superfast", "-crf", "23", "-maxrate", bps, "-bf", "0", "-sc_threshold", "0"}
	}},
	VP9Opus: {"libvpx-vp9", "libopus", func(bps string) []string {
		return []string{"-deadline", "realtime", "-cpu-used", "8", "-crf", "33", "-b:v", bps, "-lag-in-frames", "0"}
	}},
}

// CodecsOf is the pair for a file of that format: "webm", or anything else for MP4's.
func CodecsOf(format string) Codecs {
	if format == "webm" {
		return VP9Opus
	}
	return H264AAC
}

// Encoders names what ffmpeg must have for a pair.
func (c Codecs) Encoders() []string { return []string{pairs[c].video, pairs[c].audio} }

// Priming is what the encoder of the sound puts before the first sample. Without edit lists, which live outputs cannot
// have, players play it.
func (c Codecs) Priming() time.Duration {
	samples := 1024 * time.Second // of AAC
	if c == VP9Opus {
		samples = 312 * time.Second // of libopus, 6.5 ms
	}
	return samples / Rate
}
