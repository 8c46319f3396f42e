package sdk

import (
	"slices"
	"time"

	"github.com/pion/opus"

	"github.com/klatch/klatch/fault"
)

const (
	// silentMicFor is how long a microphone may give nothing but zeros, and silentMicAfterSound the same for one that has
	// given sound: one with a noise gate does in each pause. The browser SDK has the same two.
	silentMicFor        = 10 * time.Second
	silentMicAfterSound = 30 * time.Second
	// frameGap is longer than Opus frames are apart, also those of discontinuous transmission (400 ms). Over a longer gap
	// nothing is known.
	frameGap = time.Second
)

// silentMicrophone finds a microphone that gives only zeros: of a quiet room one that works gives noise. One that is
// silent between words by design is told once.
//
// Shape: the goroutine of a pump calls take.
type silentMicrophone struct {
	condition *condition
	label     string
	zeros     zeroFinder
	sounded   bool      // it has given sound
	told      bool      // since then, or from the start, it was told as silent
	gated     bool      // it gave sound, was told, and gave sound again
	since     time.Time // of the first zeros; zero: of none
	last      time.Time // of the last frame that was judged
}

func newSilentMicrophone(m *Meeting, label string) *silentMicrophone {
	return &silentMicrophone{condition: &condition{meeting: m}, label: label}
}

// take judges the next frame.
func (s *silentMicrophone) take(frame Frame, now time.Time) {
	found := s.zeros.of(frame)
	if found == soundUnknown {
		return
	}
	if now.Sub(s.last) > frameGap {
		s.since = time.Time{}
	}
	s.last = now
	if found == soundHeard {
		s.gated = s.gated || s.sounded && s.told
		s.sounded, s.told, s.since = true, false, time.Time{}
		s.condition.clear()
		return
	}
	if s.since.IsZero() {
		s.since = now
	}
	limit := silentMicFor
	if s.sounded {
		limit = silentMicAfterSound
	}
	silent := now.Sub(s.since)
	if s.told || s.gated || silent < limit {
		return
	}
	s.told = true
	s.condition.raiseSince(fault.StartingAudioSilentMicrophone(s.label, s.sounded, silent), s.since)
}

// soundFound is what the samples of a frame are known to be.
type soundFound int

const (
	soundUnknown soundFound = iota
	soundHeard
	soundZeros
)

// maxZeroPacket is more than libopus needs for a frame of zeros, 3 bytes, unless its bitrate is constant.
const maxZeroPacket = 8

// zeroFinder decodes the Opus frames that may hold nothing but zeros. In the mode for speech (SILK) Opus turns zeros
// into something else than zeros: those count as sound.
type zeroFinder struct {
	decoder opus.Decoder
	decodes bool // the frame before was decoded too
	pcm     []float32
}

func (z *zeroFinder) of(frame Frame) (found soundFound) {
	packets := [][]byte{frame.Data}
	if frame.Packets != nil {
		packets = packets[:0]
		for _, packet := range frame.Packets {
			packets = append(packets, packet.Payload)
		}
	}
	for _, packet := range packets {
		found = max(found, z.packet(packet, frame))
		if found == soundHeard {
			return found
		}
	}
	return found
}

func (z *zeroFinder) packet(packet []byte, frame Frame) soundFound {
	if len(packet) < 2 {
		return soundUnknown // discontinuous transmission: nothing was encoded
	}
	if len(packet) > maxZeroPacket && (frame.Packets != nil || frame.Level < Silence) {
		z.decodes = false
		return soundHeard
	}
	if !z.decodes { // what was decoded before the frames that were not says nothing about this one
		decoder, err := opus.NewDecoderWithOutput(opusRate, 1)
		if err != nil {
			return soundUnknown
		}
		z.decoder, z.decodes = decoder, true
		if z.pcm == nil {
			z.pcm = make([]float32, opusRate*120/1000) // the longest packet is of 120 ms: RFC 6716, section 3.2.5
		}
	}
	n, err := z.decoder.DecodeToFloat32(packet, z.pcm)
	switch {
	case err != nil:
		z.decodes = false
		return soundUnknown
	case slices.ContainsFunc(z.pcm[:n], func(sample float32) bool { return sample != 0 }):
		return soundHeard
	}
	return soundZeros
}
