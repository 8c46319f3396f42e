// Package mix makes one sound out of many: it takes the Opus packets of everybody
// who speaks, puts them on one clock and hands out 48 kHz stereo in ticks of 20 ms.
//
// It owns, per stream, the reordering, the decoder, the place on the clock and the
// concealment of what is missing. The egress worker calls it: Push from whatever
// goroutine reads packets, Tick from the one that drives the pictures too.
//
// A sound is heard Config.Delay after the arrival of its packet. The RTP time says how
// sounds of one stream lie to each other; the arrival of its fastest packets of the
// last seconds says where the stream lies on the clock. When the two run apart (no two
// crystals agree) single samples are left out or repeated.
package mix

import (
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtp"
)

// What a tick is made of.
const (
	Rate         = 48000
	Channels     = 2
	TickFrames   = 960 // samples of each channel
	TickSamples  = TickFrames * Channels
	TickDuration = 20 * time.Millisecond
)

// Config is how a Mixer works. The zero value is fine.
type Config struct {
	// Delay from the arrival of a packet until it is heard. It must cover network
	// jitter and a tick. Default 120 ms.
	Delay time.Duration

	// MaxStreams is how many streams there can be at once; packets of further ones
	// are refused. Default 512.
	MaxStreams int
}

// A stream nothing came from for so long is forgotten.
const forgetAfter = 30 * time.Second

// Mixer mixes. Push and Stats may be called from any goroutine, Tick from one. Shape: mutex.
type Mixer struct {
	delay      int64
	maxStreams int

	mu      sync.Mutex // guards everything in this block; taken before a stream's
	epoch   time.Time
	streams []*stream // by id, so that the sum does not depend on the order of joining
	refused uint64

	// Tick's own.
	now     []*stream
	one     [TickSamples]float32
	sum     [TickSamples]float32
	limiter limiter
}

// New returns a mixer without streams.
func New(c Config) *Mixer {
	if c.Delay <= 0 {
		c.Delay = 120 * time.Millisecond
	}
	if c.MaxStreams <= 0 {
		c.MaxStreams = 512
	}
	return &Mixer{delay: samples(c.Delay), maxStreams: c.MaxStreams, limiter: newLimiter()}
}

// Push takes one RTP packet of Opus (RFC 7587) that arrived at that time. Packets may come
// out of order, twice, late or broken. The packet is copied.
func (m *Mixer) Push(streamID string, packet *rtp.Packet, arrived time.Time) {
	m.mu.Lock()
	wall := m.wallLocked(arrived)
	at, found := m.findLocked(streamID)
	if !found {
		if len(m.streams) >= m.maxStreams {
			m.refused++
			m.mu.Unlock()
			return
		}
		m.streams = slices.Insert(m.streams, at, newStream(streamID))
	}
	s := m.streams[at]
	m.mu.Unlock()
	s.push(packet, wall)
}

// Tick mixes the 20 ms that begin at that time into out, which has room for TickSamples
// interleaved samples. Call it for each 20 ms once, in order.
func (m *Mixer) Tick(at time.Time, out []int16) {
	m.mu.Lock()
	wall := m.wallLocked(at)
	m.streams = slices.DeleteFunc(m.streams, func(s *stream) bool { return s.quietSince(wall - samples(forgetAfter)) })
	m.now = append(m.now[:0], m.streams...)
	m.mu.Unlock()

	clear(m.sum[:])
	for _, s := range m.now {
		if s.render(wall-m.delay, m.one[:]) {
			for i, v := range m.one {
				m.sum[i] += v
			}
		}
	}
	clear(m.now)
	m.limiter.apply(m.sum[:], out)
}

// Stats counts what came of a stream.
type Stats struct {
	Packets  uint64 // taken
	Lost     uint64 // not there when it was their turn, by their sequence numbers
	Late     uint64 // came too late to be heard, or twice
	Corrupt  uint64 // were not Opus
	Dropped  uint64 // came faster than they can be heard, or from another timeline
	Resyncs  uint64 // jumps on the clock
	Skipped  uint64 // samples left out because the sender's clock is fast
	Repeated uint64 // samples repeated because it is slow

	Level float64 // of the last tick, RMS in dB of full scale, -127 for silence (RFC 6464)
}

// Stats of all streams by their ids.
func (m *Mixer) Stats() map[string]Stats {
	m.mu.Lock()
	streams := slices.Clone(m.streams)
	m.mu.Unlock()
	all := make(map[string]Stats, len(streams))
	for _, s := range streams {
		all[s.id] = s.statistics()
	}
	return all
}

// Refused counts the packets of streams beyond Config.MaxStreams.
func (m *Mixer) Refused() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refused
}

func (m *Mixer) findLocked(streamID string) (int, bool) {
	return slices.BinarySearchFunc(
		m.streams,
		streamID,
		func(s *stream, id string) int { return strings.Compare(s.id, id) },
	)
}

// wallLocked is the mixer's own time: samples since it was first used.
func (m *Mixer) wallLocked(t time.Time) int64 {
	if m.epoch.IsZero() {
		m.epoch = t
	}
	return samples(t.Sub(m.epoch))
}

func samples(d time.Duration) int64 { return int64(d) * (Rate / 1000) / int64(time.Millisecond) }

// level is the RMS of pcm in dB of full scale.
func level(pcm []float32) float64 {
	var power float64
	for _, v := range pcm {
		power += float64(v) * float64(v)
	}
	if power == 0 {
		return -127
	}
	return max(-127, 10*math.Log10(power/float64(len(pcm))))
}
