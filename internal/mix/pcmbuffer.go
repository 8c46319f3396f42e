package mix

// pcmBuffer is the decoded sound of one stream, without a gap: what is missing is concealed.
// Positions are media time, in samples of 48 kHz.
//
// Concealment plays the last 20 ms backwards, then forwards again, and so on, fading out
// within 60 ms: the wave goes on where it broke, without a step and at its loudness. Real
// sound coming back is faded in over it. A join is the same with silence before it, a jump
// on the clock the same with the sound from before the jump.
type pcmBuffer struct {
	pcm        []float32 // interleaved, from begin to end
	begin, end int64

	tail             [history * Channels]float32 // the sound before it broke
	concealedSamples int64                       // samples concealed since; 0 while sound is real
	broken           bool
}

const (
	history   = 20 * Rate / 1000 // kept behind the playhead
	holdFor   = 10 * Rate / 1000 // concealed sound keeps its loudness,
	silentAt  = 60 * Rate / 1000 // and is gone here
	crossfade = 5 * Rate / 1000
)

// jump ends the sound at from and goes on at to, where nothing is known yet.
func (l *pcmBuffer) jump(from, to int64) {
	l.saveTail(from)
	l.pcm = l.pcm[:0]
	l.begin, l.end = to, to
}

// saveTail keeps the sound before from, to conceal what follows.
func (l *pcmBuffer) saveTail(from int64) {
	clear(l.tail[:])
	have := l.pcm[:min(max(from-l.begin, 0), l.end-l.begin)*Channels]
	have = have[max(0, len(have)-len(l.tail)):]
	copy(l.tail[len(l.tail)-len(have):], have)
	l.concealedSamples, l.broken = 0, true
}

// add appends decoded sound that begins at that position. What the line is past already is
// cut off; what lies between is concealed.
func (l *pcmBuffer) add(at int64, pcm []float32) {
	switch {
	case at > l.end:
		l.conceal(at)
	case at < l.end && !l.broken:
		l.saveTail(l.end)
	}
	cut := min(l.end-at, int64(len(pcm)/Channels))
	pcm = pcm[cut*Channels:]
	start := len(l.pcm)
	l.pcm = append(l.pcm, pcm...)
	l.end += int64(len(pcm) / Channels)
	if !l.broken || len(pcm) == 0 {
		return
	}
	fresh := l.pcm[start:]
	for i := int64(0); i < crossfade && i*Channels < int64(len(fresh)); i++ {
		weight := float32(i+1) / crossfade
		left, right := l.concealed(l.concealedSamples + i)
		frame := fresh[i*Channels : i*Channels+2]
		frame[0] = frame[0]*weight + left*(1-weight)
		frame[1] = frame[1]*weight + right*(1-weight)
	}
	l.broken = false
}

// conceal continues the line to that position without sound from the stream.
func (l *pcmBuffer) conceal(to int64) {
	if !l.broken {
		l.saveTail(l.end)
	}
	for ; l.end < to && l.concealedSamples < silentAt; l.end++ {
		left, right := l.concealed(l.concealedSamples)
		l.pcm = append(l.pcm, left, right)
		l.concealedSamples++
	}
	for l.end < to {
		n := min(to-l.end, int64(len(silence)/Channels))
		l.pcm = append(l.pcm, silence[:n*Channels]...)
		l.end += n
		l.concealedSamples += n
	}
}

var silence [TickSamples]float32

// concealed is the frame that many samples after the sound broke.
func (l *pcmBuffer) concealed(k int64) (left, right float32) {
	if k >= silentAt {
		return 0, 0
	}
	i := k % (2 * history)
	if i < history {
		i = history - 1 - i
	} else {
		i -= history
	}
	gain := min(1, float32(silentAt-k)/(silentAt-holdFor))
	return l.tail[i*Channels] * gain, l.tail[i*Channels+1] * gain
}

// silentFrom reports whether nothing can be heard from that position to the end of the buffer.
func (l *pcmBuffer) silentFrom(at int64) bool {
	return l.broken && l.concealedSamples-(l.end-at) >= silentAt
}

// take is the sound of n frames from that position, inside the line. Valid until the next call of any method.
func (l *pcmBuffer) take(from, n int64) []float32 {
	return l.pcm[(from-l.begin)*Channels:][:n*Channels]
}

// forget lets go of what lies more than the history before that position.
func (l *pcmBuffer) forget(before int64) {
	gone := before - history - l.begin
	if gone <= 0 {
		return
	}
	l.pcm = l.pcm[:copy(l.pcm, l.pcm[gone*Channels:])]
	l.begin += gone
}
