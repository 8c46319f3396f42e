package testcard

import (
	"math"
	"testing"

	"github.com/pion/opus"
	"github.com/stretchr/testify/require"
)

// Each loop, played three times over, decodes to its own frequency at the level that is claimed.
func TestTones(t *testing.T) {
	seen := map[int]bool{}
	for name := range 64 {
		packets, hz := Tone(string(rune('a' + name)))
		if seen[hz] {
			continue
		}
		seen[hz] = true
		decoder, err := opus.NewDecoderWithOutput(48000, 1)
		require.NoError(t, err)
		var sound []int16
		pcm := make([]int16, 960)
		for range 3 {
			for _, packet := range packets {
				n, err := decoder.DecodeToInt16(packet, pcm)
				require.NoError(t, err)
				require.Equal(t, 960, n)
				sound = append(sound, pcm[:n]...)
			}
		}
		sound = sound[4800:]
		require.InDelta(t, hz, loudest(sound), 10)
		var energy float64
		for _, s := range sound {
			energy += float64(s) * float64(s) / (32768 * 32768)
		}
		level := -10 * math.Log10(energy/float64(len(sound)))
		require.InDelta(t, ToneLevel, level, 3)
	}
	require.Len(t, seen, len(Frequencies))
}

// loudest finds the frequency with the most energy, in steps of 10 Hz.
func loudest(sound []int16) float64 {
	best, at := 0.0, 0.0
	for hz := 100.0; hz <= 1000; hz += 10 {
		var re, im float64
		for i, s := range sound {
			phase := 2 * math.Pi * hz * float64(i) / 48000
			re += float64(s) * math.Cos(phase)
			im += float64(s) * math.Sin(phase)
		}
		if power := re*re + im*im; power > best {
			best, at = power, hz
		}
	}
	return at
}
