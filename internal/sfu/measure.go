package sfu

import (
	"time"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/wire"
)

// Measure calls take for each participant with what was sent and received since the last call. There must be one caller
// at most. take must not call the SFU.
func (s *SFU) Measure(take func(wire.Peer, wire.MediaMeasure)) {
	now := time.Now()
	for _, ses := range s.allSessions() {
		for _, p := range ses.all() {
			if !p.ref.Recorder && !p.ref.Test {
				take(p.ref, p.measure(now))
			}
		}
	}
}

func (p *peer) measure(now time.Time) wire.MediaMeasure {
	defer p.guard("the measurement")
	m := wire.MediaMeasure{}
	for _, st := range p.session.streamsOf(p) {
		if one, any := st.measureSent(now); any {
			m.Streams = append(m.Streams, one)
		}
	}
	if c := p.sub.connection(); c != nil {
		m.Streams = append(m.Streams, c.measure()...)
		m.EstimateBps, m.RTT = c.transmitter.measure()
	}
	return m
}

// streamsOf returns the streams of a peer in the order of their kinds.
func (s *session) streamsOf(p *peer) []*Stream {
	s.mu.RLock()
	defer s.mu.RUnlock()
	streams := make([]*Stream, 0, len(p.streams))
	for _, kind := range wire.Kinds {
		if st := p.streams[kind]; st != nil {
			streams = append(streams, st)
		}
	}
	return streams
}

// counts are those of packets. Those of an encoding are guarded by its mu, as the ones that were taken.
type counts struct {
	packets, bytes, lost, nacks, keyFrames uint64
}

// since returns what has been added. What was lost becomes less when a packet was only late.
func (c counts) since(before counts) counts {
	return counts{
		c.packets - before.packets, c.bytes - before.bytes, c.lost - min(before.lost, c.lost),
		c.nacks - before.nacks, c.keyFrames - before.keyFrames,
	}
}

func addTo(m *wire.MediaStreamMeasure, c counts) {
	m.Packets += c.packets
	m.Bytes += c.bytes
	m.Lost += c.lost
	m.NACKs += c.nacks
	m.KeyFrames += c.keyFrames
}

// measureSent returns what its participant has sent of a stream since the last call; any: something has come.
func (s *Stream) measureSent(now time.Time) (m wire.MediaStreamMeasure, any bool) {
	t, ok := s.source().(*upTrack)
	if !ok {
		return m, false
	}
	m = wire.MediaStreamMeasure{Direction: wire.Send, Kind: s.kind}
	for _, e := range t.encodings {
		c, jitter := e.takeCounts()
		if c.packets == 0 {
			continue
		}
		addTo(&m, c)
		m.Layer++
		m.Jitter = max(m.Jitter, jitter)
	}
	if m.Packets == 0 {
		return m, false
	}
	m.Streams = 1
	size := s.largest(now)
	m.Width, m.Height = int(size.Width), int(size.Height)
	return m, true
}

// takeCounts returns the counts of an encoding since the last call, and its present jitter.
func (e *upEncoding) takeCounts() (c counts, jitter time.Duration) {
	clock := float64(audioClock)
	if e.track.stream.video {
		clock = videoClock
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	b := &e.books
	c = counts{packets: uint64(b.received), bytes: b.bytes, nacks: e.nacks.Load(), keyFrames: e.keyFrames.Load()}
	if expected := uint64(b.highest) - uint64(b.first) + 1; b.started && expected > c.packets {
		c.lost = expected - c.packets
	}
	since := c.since(e.measured)
	e.measured = c
	return since, time.Duration(b.jitter / clock * float64(time.Second))
}

// videoClock is the RTP clock of every video codec here.
const videoClock = 90_000

// sizeIsOld is how long a size of an encoding counts that has become silent.
const sizeIsOld = 30 * time.Second

// largest returns the size of the largest picture that comes.
func (s *Stream) largest(now time.Time) (largest payload.Size) {
	for i := range s.encodings {
		m := s.encodings[i].measured.Load()
		if m == nil || now.Sub(m.at) > sizeIsOld {
			continue
		}
		for _, size := range m.sizes {
			if int(size.Width)*int(size.Height) > int(largest.Width)*int(largest.Height) {
				largest = size
			}
		}
	}
	return largest
}

// measure returns what was sent to a subscriber since the last call, all streams of a kind together.
func (c *downConn) measure() (all []wire.MediaStreamMeasure) {
	byKind := map[wire.Kind]*wire.MediaStreamMeasure{}
	c.allocation.mu.Lock()
	defer c.allocation.mu.Unlock()
	for _, d := range *c.list.Load() {
		since, jitter := d.takeCounts()
		if since.packets == 0 {
			continue
		}
		m := byKind[d.ref.Kind]
		if m == nil {
			m = &wire.MediaStreamMeasure{Direction: wire.Recv, Kind: d.ref.Kind}
			byKind[d.ref.Kind] = m
		}
		m.Streams++
		addTo(m, since)
		m.Jitter = max(m.Jitter, jitter)
		if state := d.told.state; state.Width*state.Height > m.Width*m.Height {
			m.Width, m.Height = state.Width, state.Height
		}
		for i, quality := range wire.Qualities {
			if d.told.state.Quality == quality {
				m.Layer = max(m.Layer, i+1)
			}
		}
	}
	for _, kind := range wire.Kinds {
		if m := byKind[kind]; m != nil {
			all = append(all, *m)
		}
	}
	return all
}

// takeCounts returns the counts of a track since the last call, and the jitter that its receiver has reported.
func (d *downTrack) takeCounts() (c counts, jitter time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c = counts{
		packets: uint64(d.packets), bytes: uint64(d.octets), lost: uint64(d.lost),
		nacks: d.nacks.Load(), keyFrames: d.keyFrames.Load(),
	}
	before := d.measured
	before.packets, before.bytes = 0, 0
	since := c.since(before)
	// As sender reports have them: of 32 bits, and they wrap.
	since.packets = uint64(d.packets - uint32(d.measured.packets))
	since.bytes = uint64(d.octets - uint32(d.measured.bytes))
	d.measured = c
	if d.codec.clock > 0 {
		jitter = time.Duration(float64(d.jitter) / float64(d.codec.clock) * float64(time.Second))
	}
	return since, jitter
}

// measure returns the present estimate and round-trip time of the path; 0 for what is not known.
func (t *transmitter) measure() (bps int64, rtt time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.heard.IsZero() && !t.recorder {
		bps = t.estimator.Estimate()
	}
	return bps, t.rtt
}
