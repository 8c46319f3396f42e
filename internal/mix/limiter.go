package mix

import "math"

// limiter keeps the sum of many voices inside 16 bits without the harshness of clipping:
// it turns loud ticks down as a whole and lets go slowly; what gets through while it
// turns down is bent.
type limiter struct{ gain float32 }

const (
	ceiling = 0.9              // of full scale: where turning down and bending begin
	attack  = 5 * Rate / 1000  // frames until it is turned down
	release = float32(1.05925) // per tick: 0.5 dB, so 25 dB a second
)

func newLimiter() limiter { return limiter{gain: 1} }

func (l *limiter) apply(in []float32, out []int16) {
	var peak float32
	for _, v := range in {
		peak = max(peak, v, -v)
	}
	want := float32(1)
	if peak > ceiling {
		want = ceiling / peak
	}
	over := TickFrames
	if want < l.gain {
		over = attack
	} else {
		want = min(want, l.gain*release)
	}

	gain, step := l.gain, (want-l.gain)/float32(over)
	for i := 0; i+1 < min(len(in), len(out)); i += Channels {
		if i < over*Channels {
			gain += step
		}
		out[i], out[i+1] = quantize(in[i]*gain), quantize(in[i+1]*gain)
	}
	l.gain = want
}

func quantize(v float32) int16 {
	if v > ceiling || v < -ceiling {
		v = softClip(v)
	}
	if v >= 0 {
		return int16(v*math.MaxInt16 + 0.5)
	}
	return int16(v*math.MaxInt16 - 0.5)
}

// softClip maps everything above the ceiling to between it and full scale, without a corner.
func softClip(v float32) float32 {
	const room = 1 - ceiling
	size := math.Abs(float64(v))
	return float32(math.Copysign(ceiling+room*math.Tanh((size-ceiling)/room), float64(v)))
}
