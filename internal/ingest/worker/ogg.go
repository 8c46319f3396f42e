package worker

import (
	"bufio"
	"fmt"
	"io"
	"math"

	"github.com/pion/opus"

	"github.com/klatch/klatch/sdk"
)

// oggReader reads the packets of the one stream that an ffmpeg of ours writes (RFC 3533, section 6).
type oggReader struct {
	r       *bufio.Reader
	lacing  []byte // of the page, what is left
	partial []byte
}

func (o *oggReader) packet() ([]byte, error) {
	for {
		for len(o.lacing) > 0 {
			n := int(o.lacing[0])
			o.lacing = o.lacing[1:]
			begin := len(o.partial)
			o.partial = append(o.partial, make([]byte, n)...)
			if _, err := io.ReadFull(o.r, o.partial[begin:]); err != nil {
				return nil, err
			}
			if n < 255 {
				packet := o.partial
				o.partial = nil
				return packet, nil
			}
			if len(o.partial) > 64<<10 {
				return nil, fmt.Errorf("%w: an Ogg packet without end", errMedia)
			}
		}
		var head [27]byte
		if _, err := io.ReadFull(o.r, head[:]); err != nil {
			return nil, err
		}
		if string(head[:4]) != "OggS" {
			return nil, fmt.Errorf("%w: no Ogg page", errMedia)
		}
		o.lacing = make([]byte, head[26])
		if _, err := io.ReadFull(o.r, o.lacing); err != nil {
			return nil, err
		}
	}
}

// levelMeter decodes Opus to know how loud it is (RFC 6464).
type levelMeter struct {
	decoder opus.Decoder
	pcm     []float32
}

func newLevelMeter() (*levelMeter, error) {
	const rate = 48000
	decoder, err := opus.NewDecoderWithOutput(rate, 1)
	return &levelMeter{decoder: decoder, pcm: make([]float32, rate*120/1000)}, err
}

// of returns the root mean square of a packet, in -dBov; one that does not decode counts as silence.
func (m *levelMeter) of(packet []byte) sdk.AudioLevel {
	n, err := m.decoder.DecodeToFloat32(packet, m.pcm)
	if err != nil || n == 0 {
		return sdk.Silence
	}
	var energy float64
	for _, sample := range m.pcm[:n] {
		energy += float64(sample) * float64(sample)
	}
	if energy == 0 {
		return sdk.Silence
	}
	return sdk.AudioLevel(min(max(-10*math.Log10(energy/float64(n)), 0), float64(sdk.Silence)))
}
