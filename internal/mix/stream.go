package mix

import (
	"slices"
	"sync"
	"time"

	"github.com/pion/opus"
	"github.com/pion/rtp"
)

const (
	maxQueue   = 1024 // packets, for as long as Tick may be behind; when full the oldest goes
	maxPayload = 1500 // bytes; a packet on the network has no more
	maxPacket  = 120 * Rate / 1000
	maxAhead   = 5 * Rate // what lies further ahead is not of this timeline

	tolerance     = Rate / 1000      // off its place by so little a stream is left alone,
	fastThreshold = 5 * Rate / 1000  // by more than this it is corrected faster,
	jumpThreshold = 40 * Rate / 1000 // and by more than this at once
	fastStep      = 4                // samples per tick; 1 otherwise

	settlingPackets = 50 // packets, until the place of a new stream is trusted

	maxAmplitude = 8 // of full scale: a decoder that outputs more is broken
)

// stream is one speaker. Shape: mutex.
type stream struct {
	id string

	mu         sync.Mutex // guards everything below
	ssrc       uint32
	decoder    opus.Decoder
	clock      clock
	queue      []packet // by time
	free       [][]byte
	lastSeq    uint16
	anySeq     bool
	lastPacket int64 // wall time of the last packet

	buffer  pcmBuffer
	play    int64 // media time of the next tick
	playing bool
	pcm     [maxPacket * Channels]float32

	stats Stats
}

func newStream(id string) *stream {
	s := &stream{id: id, buffer: pcmBuffer{broken: true, concealedSamples: silentAt}, stats: Stats{Level: -127}}
	s.resetDecoder()
	return s
}

func (s *stream) resetDecoder() {
	// 48000 and 2 are always allowed.
	s.decoder, _ = opus.NewDecoderWithOutput(Rate, Channels)
	_, _ = s.decoder.DecodeToFloat32(Silence, s.pcm[:]) // whoever is heard may have been talking for long
}

func (s *stream) push(p *rtp.Packet, wall int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stats.Packets > 0 && p.SSRC != s.ssrc {
		s.restart()
	}
	s.ssrc = p.SSRC
	s.lastPacket = wall
	s.stats.Packets++

	at := s.clock.unwrap(p.Timestamp)
	length := duration(p.Payload)
	late := s.playing && at+length <= s.buffer.end
	// not of the playhead: Tick may be far behind on a busy machine
	ahead := s.playing && at > wall-s.clock.transit()+maxAhead
	if moved := s.clock.observe(at, wall, late || ahead); moved {
		s.flush()
	}
	switch {
	case length == 0 || len(p.Payload) > maxPayload:
		s.stats.Corrupt++
	case late:
		s.stats.Late++
	case ahead:
		s.stats.Dropped++
	default:
		s.enqueue(packet{at: at, seq: p.SequenceNumber, payload: p.Payload})
	}
}

// restart forgets the sender's clock and codec state, not what is being heard.
func (s *stream) restart() {
	s.clock = clock{}
	s.flush()
	s.anySeq = false
	s.resetDecoder()
	s.playing = false
}

func (s *stream) flush() {
	for _, p := range s.queue {
		s.recycle(p)
	}
	s.queue = s.queue[:0]
}

func (s *stream) enqueue(p packet) {
	at, again := slices.BinarySearchFunc(
		s.queue,
		p.at,
		func(q packet, at int64) int { return int(min(max(q.at-at, -1), 1)) },
	)
	if again {
		s.stats.Late++
		return
	}
	if len(s.queue) == maxQueue {
		s.stats.Dropped++
		s.recycle(s.pop())
		at = max(0, at-1)
	}
	var room []byte
	if n := len(s.free); n > 0 {
		room, s.free = s.free[n-1], s.free[:n-1]
	}
	p.payload = append(room[:0], p.payload...)
	s.queue = slices.Insert(s.queue, at, p)
}

func (s *stream) pop() packet {
	p := s.queue[0]
	s.queue = slices.Delete(s.queue, 0, 1)
	return p
}

func (s *stream) recycle(p packet) { s.free = append(s.free, p.payload) }

// countLost counts the sequence numbers that are missing before this one.
func (s *stream) countLost(seq uint16) {
	if gap := seq - s.lastSeq; !s.anySeq || gap < 1<<15 {
		if s.anySeq && gap > 1 {
			s.stats.Lost += uint64(gap - 1)
		}
		s.lastSeq, s.anySeq = seq, true
	}
}

// render writes the tick that begins at that time, the delay taken off, and reports whether there is anything to hear.
func (s *stream) render(wall int64, out []float32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	length := TickFrames + s.follow(wall-s.clock.transit())
	s.fill(s.play + length)
	heard := !s.buffer.silentFrom(s.play)
	if heard {
		stretchTo(out, s.buffer.take(s.play, length))
		s.stats.Level = level(out)
	} else {
		s.stats.Level = -127
	}
	s.play += length
	s.buffer.forget(s.play)
	return heard
}

// follow brings the playhead towards where it should be and returns by how many samples
// this tick must be longer (or shorter) for it.
func (s *stream) follow(want int64) int64 {
	off := want - s.play
	size := max(off, -off)
	switch {
	case !s.playing:
		s.jump(want)
		s.playing = true
		return 0
	case size > jumpThreshold, size > fastThreshold && s.stats.Packets < settlingPackets:
		s.stats.Resyncs++
		s.jump(want)
		return 0
	case size <= tolerance:
		return 0
	}
	step := int64(1)
	if size > fastThreshold {
		step = fastStep
	}
	if off < 0 {
		s.stats.Repeated += uint64(step)
		return -step
	}
	s.stats.Skipped += uint64(step)
	return step
}

func (s *stream) jump(to int64) {
	s.buffer.jump(s.play, to)
	s.play = to
}

// fill makes the line reach that position.
func (s *stream) fill(until int64) {
	for s.buffer.end < until {
		if len(s.queue) == 0 || s.queue[0].at >= until {
			s.buffer.conceal(until)
			return
		}
		p := s.pop()
		switch {
		case p.at+duration(p.payload) <= s.buffer.end:
			s.stats.Late++
		case len(p.payload) <= 2:
			// Nothing but a header: the sender is silent (DTX; RFC 6716, section 2.1.9).
			s.countLost(p.seq)
		default:
			s.countLost(p.seq)
			s.buffer.add(p.at, s.decode(p.payload))
		}
		s.recycle(p)
	}
}

// decode returns the sound of one packet, nothing if it is corrupt; its time is then concealed
// like that of a lost one. Packets come from outside and the decoder is not ours, so a
// panic in it is one more way to be corrupt.
func (s *stream) decode(payload []byte) (pcm []float32) {
	defer func() {
		if recover() != nil {
			s.stats.Corrupt++
			s.resetDecoder()
			pcm = nil
		}
	}()
	n, err := s.decoder.DecodeToFloat32(payload, s.pcm[:])
	if err != nil {
		s.stats.Corrupt++
		return nil
	}
	pcm = s.pcm[:n*Channels]
	for i, v := range pcm {
		if !(v > -maxAmplitude && v < maxAmplitude) { // NaN too
			pcm[i] = 0
		}
	}
	return pcm
}

func (s *stream) quietSince(wall int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lastPacket < wall
}

func (s *stream) statistics() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Silence is an Opus packet of 20 ms without sound: CELT, full band, one frame with nothing coded (RFC 6716, section
// 3.1). What is decoded after it begins softly. Without it a decoder that begins in the middle of a stream makes a
// burst of up to nine times full scale, for it does not know how loud the packets before were, which the next ones
// refer to (RFC 6716, section 4.3.2.1), and needs up to 80 ms to come to it (RFC 7845, section 4.2).
var Silence = []byte{0xf8, 0xff, 0xfe}

// SilenceDuration is how long Silence lasts.
const SilenceDuration = 20 * time.Millisecond

// PacketDuration is how long the sound of an Opus packet lasts, 0 if it is not one.
func PacketDuration(payload []byte) time.Duration {
	return time.Duration(duration(payload)) * time.Second / Rate
}
