package mix

// stretchTo copies in to out. If in has a few frames more or less than out, single frames are left out
// or repeated, each where the wave is flattest.
func stretchTo(out, in []float32) {
	extra := (len(in) - len(out)) / Channels
	parts := max(extra, -extra)
	for part := range parts {
		piece := in[:len(in)/Channels/(parts-part)*Channels]
		in = in[len(piece):]
		flat := flattest(piece)
		n := copy(out, piece[:flat])
		if extra < 0 {
			n += copy(out[n:], piece[flat-Channels:flat])
		} else {
			flat += Channels
		}
		n += copy(out[n:], piece[flat:])
		out = out[n:]
	}
	copy(out, in)
}

// flattest is where a frame differs least from the one before it.
func flattest(pcm []float32) int {
	best, at := float32(8), Channels
	for i := Channels; i+1 < len(pcm); i += Channels {
		left, right := pcm[i]-pcm[i-2], pcm[i+1]-pcm[i-1]
		if step := max(left, -left) + max(right, -right); step < best {
			best, at = step, i
		}
	}
	return at
}
