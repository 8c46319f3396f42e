package sfu

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/allocate"
	"github.com/klatch/klatch/internal/sfu/layer"
	"github.com/klatch/klatch/internal/wire"
)

// allocation decides which layers a subscribe connection sends, from what its path carries and what the peer prefers,
// and informs the peer of what that changes. Shape: mutex.
type allocation struct {
	mu        sync.Mutex // guards everything below, and told of the tracks
	allocator allocate.Allocator
	tracks    []*downTrack // in the order of streams
	streams   []allocate.Stream
	before    []allocate.Choice

	bandwidth, congestion limitation
}

// streamTold is what a peer was told of a stream that it receives. At first it takes it for sent at its best.
type streamTold struct {
	any   bool
	state wire.StreamState
}

// limitation is what is told of one type of limitation.
type limitation struct {
	told  bool
	since time.Time // when the contrary of what was told began
}

const (
	allocateEvery = 2 // ticks of the maintenance: 100 ms

	// A limitation is told when it has lasted so long, and its end likewise.
	limitationAfter = 500 * time.Millisecond
	resolvedAfter   = 2 * time.Second

	// An encoding that has been silent for so long is not sent, sooner when others of its stream go on.
	silentAfter = 3 * time.Second
	behindAfter = time.Second
)

// allocate chooses the layers anew. speaker is the participant who speaks.
func (c *downConn) allocate(now time.Time, wishes *preferences, speaker string) {
	if !c.up.Load() {
		return
	}
	a := &c.allocation
	a.mu.Lock()
	defer a.mu.Unlock()
	budget, congested := c.transmitter.tick(now)
	redundancy := c.protect(budget, now)
	budget -= redundancy
	a.collect(*c.list.Load(), now, wishes, speaker)
	result := a.allocator.Allocate(budget, a.streams, a.before)
	a.before = result.Choices
	c.transmitter.demand(result.Demand+redundancy, now)
	limited := false
	for i, d := range a.tracks {
		choice := &result.Choices[i]
		limited = limited || choice.Reason == allocate.Bandwidth
		if choice.Reason != allocate.Source { // it keeps its target, for the source may go on at any time
			d.aim(choice.Layer)
		}
		if state, changed := d.state(choice, now); changed {
			c.owner.events.StreamState(c.owner.ref, state)
		}
	}
	c.tell(&a.bandwidth, wire.LimitedByBandwidth, limited, now)
	c.tell(&a.congestion, wire.LimitedByCongestion, congested, now)
}

// collect makes the streams of the tracks, in an order that does not change between calls.
func (a *allocation) collect(tracks []*downTrack, now time.Time, wishes *preferences, speaker string) {
	a.tracks, a.streams = a.tracks[:0], a.streams[:0]
	for _, d := range tracks {
		if d.binding.Load() != nil && (d.stream.enabled.Load() || d.told.any) {
			a.tracks = append(a.tracks, d)
		}
	}
	slices.SortFunc(a.tracks, func(x, y *downTrack) int { return cmp.Compare(x.stream.id, y.stream.id) })
	for i, d := range a.tracks {
		var options []allocate.Option
		if i < cap(a.streams) {
			options = a.streams[:i+1][i].Options[:0] // its memory
		}
		wish := wishes.of(d.ref)
		a.streams = append(a.streams, allocate.Stream{
			ID: d.stream.id, Kind: kindOf(d.stream.kind), Pinned: d.stream.pinned.Load(),
			Speaker: speaker != "" && d.ref.ParticipantID == speaker,
			Width:   wish.Width, Height: wish.Height, Quality: qualities[wish.Quality], Paused: wish.Paused,
			Options: d.stream.options(options, now),
		})
	}
}

func kindOf(kind wire.Kind) allocate.Kind {
	switch kind {
	case wire.Video:
		return allocate.Camera
	case wire.Share:
		return allocate.Share
	}
	return allocate.Audio
}

var qualities = map[wire.Quality]allocate.Quality{
	wire.Low: allocate.Low, wire.Medium: allocate.Medium, wire.High: allocate.High,
}

// options appends the layers that the source sends, with their rates; none while it is off.
func (s *Stream) options(into []allocate.Option, now time.Time) []allocate.Option {
	count := s.encodingCount()
	switch {
	case !s.enabled.Load() || s.published.Load() == nil:
		return into
	case !s.video:
		option := allocate.Option{}
		if m := s.encodings[0].measured.Load(); m != nil {
			option.Bps = m.rates[0][0]
		}
		return append(into, option)
	case count == 1:
		m := s.encodings[0].measured.Load()
		if m == nil {
			return append(into, allocate.Option{Layer: everything})
		}
		return m.spatialOptions(into)
	}
	newest := s.newestMeasurement(count)
	for i := range count {
		e := &s.encodings[i]
		m := e.measured.Load()
		switch {
		case e.stopped.Load():
			if now.Before(e.barren) {
				continue
			}
			if m == nil { // it was stopped before it came
				into = append(into, s.unmeasured(i))
				continue
			}
		case m == nil:
			continue // the source does not send it: its picture is too small
		case now.Sub(m.at) > silentAfter, newest.Sub(m.at) > behindAfter:
			continue // its link is too small
		}
		into = m.temporalOptions(into, i)
	}
	if len(into) == 0 { // nothing has come yet
		for i := range count {
			into = append(into, allocate.Option{Layer: layer.Layer{Spatial: int8(i), Temporal: maxTemporal - 1}})
		}
	}
	return into
}

// unmeasured returns the option of an encoding of which nothing has come, with the size that it has next to the others:
// each is twice as large as the one below.
func (s *Stream) unmeasured(encoding int) allocate.Option {
	option := allocate.Option{Layer: layer.Layer{Spatial: int8(encoding), Temporal: maxTemporal - 1}}
	for i := range encoding {
		if m := s.encodings[i].measured.Load(); m != nil {
			size := m.sizes[0]
			option.Width, option.Height = int(size.Width)<<(encoding-i), int(size.Height)<<(encoding-i)
		}
	}
	return option
}

// newestMeasurement returns when an encoding was last measured.
func (s *Stream) newestMeasurement(count int) (at time.Time) {
	for i := range count {
		if m := s.encodings[i].measured.Load(); m != nil && m.at.After(at) {
			at = m.at
		}
	}
	return at
}

// temporalOptions appends those of an encoding that is one of several.
func (m *measurement) temporalOptions(into []allocate.Option, encoding int) []allocate.Option {
	size, total := m.sizes[0], int64(0)
	for s := range m.sizes {
		if m.sizes[s].Height > size.Height {
			size = m.sizes[s]
		}
	}
	for t := range maxTemporal {
		rate := int64(0)
		for s := range maxSpatial {
			rate += m.rates[s][t]
		}
		if rate == 0 && t > 0 {
			continue
		}
		total += rate
		into = append(into, allocate.Option{
			Layer: layer.Layer{Spatial: int8(encoding), Temporal: int8(t)}, Bps: total,
			Width: int(size.Width), Height: int(size.Height),
		})
	}
	return into
}

// spatialOptions appends those of the only encoding. Whoever is sent a spatial layer is sent of the lower ones what it
// needs.
func (m *measurement) spatialOptions(into []allocate.Option) []allocate.Option {
	var below [maxTemporal]int64 // of the lower spatial layers what higher ones need
	for s := range maxSpatial {
		total, layerRate := int64(0), int64(0)
		for t := range maxTemporal {
			layerRate += m.rates[s][t]
		}
		if layerRate == 0 && s > 0 {
			continue
		}
		for t := range maxTemporal {
			rate := below[t] + m.rates[s][t]
			below[t] += m.rates[s][t] - m.own[s][t]
			total += rate
			if rate == 0 && t > 0 {
				continue
			}
			into = append(into, allocate.Option{
				Layer: layer.Layer{Spatial: int8(s), Temporal: int8(t)}, Bps: total,
				Width: int(m.sizes[s].Width), Height: int(m.sizes[s].Height),
			})
		}
	}
	return into
}

// state returns what the peer is to be told of the stream, and whether that is news.
func (d *downTrack) state(choice *allocate.Choice, now time.Time) (state wire.StreamState, changed bool) {
	state = wire.StreamState{
		ParticipantID: d.ref.ParticipantID, Kind: d.ref.Kind, StreamID: d.stream.id, State: wire.Active,
	}
	switch {
	case choice.Reason == allocate.Source: // it is off, as others are told; or it begins anew
		return state, false
	case choice.Paused() && choice.Reason == allocate.Requested:
		state.State, state.Reason = wire.Paused, wire.PausedRequested
	case choice.Paused():
		state.State, state.Reason = wire.Paused, wire.PausedBandwidth
	case d.stream.video:
		if !d.describe(&state, now) {
			return state, false
		}
	}
	before := d.told.state
	if !d.told.any {
		before = state
		before.State, before.Reason = wire.Active, ""
		if d.stream.video {
			before.Quality = wire.High
		}
	}
	if state == before {
		return state, false
	}
	d.told = streamTold{true, state}
	return state, true
}

// describe fills in the layer that is sent. It reports false while that is not known: the key frame has not come.
func (d *downTrack) describe(state *wire.StreamState, now time.Time) bool {
	d.mu.Lock()
	current := d.selector.Current()
	d.mu.Unlock()
	if current.Spatial < 0 {
		return false
	}
	var size payload.Size
	layers, count := 0, d.stream.encodingCount()
	if count > 1 {
		layers = count
		if m := d.stream.encodings[current.Spatial].measured.Load(); m != nil {
			size = m.sizes[0]
		}
	} else if m := d.stream.encodings[0].measured.Load(); m != nil {
		size = m.sizes[current.Spatial]
		for s := range m.rates {
			if m.rates[s] != ([maxTemporal]int64{}) {
				layers = s + 1
			}
		}
	}
	switch {
	case int(current.Spatial) >= layers-1:
		state.Quality = wire.High
	case current.Spatial == 0:
		state.Quality = wire.Low
	default:
		state.Quality = wire.Medium
	}
	state.Width, state.Height = int(size.Width), int(size.Height)
	return true
}

// tell reports when a limitation has begun for good, and when it has ended for good.
func (c *downConn) tell(l *limitation, kind wire.LimitationType, limited bool, now time.Time) {
	if limited == l.told {
		l.since = time.Time{}
		return
	}
	if l.since.IsZero() {
		l.since = now
	}
	wait, state := limitationAfter, wire.LimitationDetected
	if !limited {
		wait, state = resolvedAfter, wire.LimitationResolved
	}
	if now.Sub(l.since) < wait {
		return
	}
	*l = limitation{told: limited}
	c.owner.events.QualityLimitation(c.owner.ref, wire.QualityLimitation{Type: kind, State: state,
		Timestamp: fault.InstantOf(now)})
}

// A publisher is told that nobody takes an encoding when that has lasted so long: who left it may come back to it, and
// each return costs a key frame.
const stopAfter = 5 * time.Second

// demand finds out which encodings somebody takes, and tells the source when that changes. Of the maintenance.
func (s *Stream) demand(now time.Time) {
	p := s.published.Load()
	if p == nil || p.encodings < 2 {
		return
	}
	var taken [maxEncodings]bool
	for _, to := range *s.sinks.Load() {
		if wants := to.wants(); wants.Spatial >= 0 {
			taken[min(int(wants.Spatial), p.encodings-1)] = true
			taken[0] = true // to it who gets less goes down at once
		}
	}
	// Larger ones than have come so far are still to come: until then whoever takes the largest may be meant to take them.
	best := 0
	for i := range p.encodings {
		if s.encodings[i].measured.Load() != nil {
			best = i
		}
	}
	changed := false
	for i := range p.encodings {
		e := &s.encodings[i]
		taken[i] = taken[i] || i > best && taken[best] && !e.stopped.Load()
		if taken[i] || e.taken.IsZero() {
			e.taken = now
		}
		stopped := now.Sub(e.taken) > stopAfter
		if e.stopped.Swap(stopped) != stopped {
			changed = true
			if !stopped {
				e.restarted = now
			}
		}
		e.judgeRestart(now)
	}
	if !changed {
		return
	}
	var active [maxEncodings]bool
	for i := range p.encodings {
		active[i] = !s.encodings[i].stopped.Load()
	}
	p.source.activate(active)
}

// An encoding that was asked for again and does not come within restartIn is not asked for again for a while, twice as
// long each time: its publisher lacks the bandwidth, and each attempt costs key frames of the other encodings.
const (
	restartIn   = 4 * time.Second
	barrenFirst = 10 * time.Second
	barrenMost  = 2 * time.Minute
)

// judgeRestart finds out whether an encoding that was asked for again comes. Of the maintenance.
func (e *encoding) judgeRestart(now time.Time) {
	if e.restarted.IsZero() {
		return
	}
	switch m := e.measured.Load(); {
	case m != nil && m.at.After(e.restarted):
		e.restarted, e.barrenFor = time.Time{}, 0
	case now.Sub(e.restarted) > restartIn:
		e.restarted = time.Time{}
		e.barrenFor = min(max(2*e.barrenFor, barrenFirst), barrenMost)
		e.barren = now.Add(e.barrenFor)
	}
}
