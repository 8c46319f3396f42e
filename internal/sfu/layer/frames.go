package layer

import (
	"math"

	"github.com/klatch/klatch/internal/payload"
)

// window is of how many frames it is known what became of them. A power of two.
const window = 512

// frames remembers what became of the frames of an encoding by their number in the dependency descriptor.
type frames struct {
	any       bool
	newest    uint16
	decided   [window / 64]uint64
	forwarded [window / 64]uint64
}

// fate is what became of a frame.
type fate uint8

const (
	unknown fate = iota // it did not come, or too long ago
	dropped
	forwarded
)

// reach makes room for frame n, and reports whether it is among those that are remembered.
func (w *frames) reach(n uint16) bool {
	ahead := int16(n - w.newest)
	switch {
	case !w.any || ahead >= window:
		*w = frames{any: true, newest: n}
	case ahead > 0:
		for w.newest != n {
			w.newest++
			w.decided[w.newest%window/64] &^= 1 << (w.newest % 64)
		}
	default:
		return ahead > -window
	}
	return true
}

func (w *frames) fate(n uint16) fate {
	if behind := int16(w.newest - n); behind < 0 || behind >= window || w.decided[n%window/64]>>(n%64)&1 == 0 {
		return unknown
	}
	if w.forwarded[n%window/64]>>(n%64)&1 == 0 {
		return dropped
	}
	return forwarded
}

func (w *frames) decide(n uint16, forward bool) {
	slot, bit := n%window/64, uint64(1)<<(n%64)
	w.decided[slot] |= bit
	w.forwarded[slot] &^= bit
	if forward {
		w.forwarded[slot] |= bit
	}
}

// chooseDescribed decides by the dependency descriptor: once for each frame.
func (s *Selector) chooseDescribed(p *picture, f *payload.Facts, spatial int8) bool {
	n := f.Dependency.Number
	if !s.frames.reach(n) {
		return false
	}
	if known := s.frames.fate(n); known != unknown {
		return known == forwarded
	}
	complete, decodable := s.references(&f.Dependency)
	if complete && p == &s.ring[s.newest] && p.layer != s.target {
		s.raise(p, f, spatial)
	}
	_, needed := s.targetsOf(0, &f.Dependency, Layer{p.top, p.layer.Temporal})
	if spatial > p.top {
		needed, _ = s.targetsOf(1, &f.Dependency, p.layer)
	}
	forward := decodable && f.Dependency.Present&needed != 0
	if !forward && p == &s.ring[s.newest] && spatial <= p.layer.Spatial && int8(f.Temporal) <= p.layer.Temporal {
		s.missing |= 1 << spatial
	}
	s.frames.decide(n, forward)
	return forward
}

// references reports whether every frame that d's refers to was forwarded, and whether none was left out.
func (s *Selector) references(d *payload.Dependency) (complete, decodable bool) {
	complete = true
	for _, diff := range d.Diffs[:d.DiffCount] {
		switch s.frames.fate(d.Number - diff) {
		case dropped:
			return false, false
		case unknown:
			complete = false
		}
	}
	return complete, true
}

// raise goes up where the frame, which can be decoded, is a switch indication: what follows can be decoded with it.
func (s *Selector) raise(p *picture, f *payload.Facts, spatial int8) {
	d := &f.Dependency
	_, most := d.Structure.MaxLayer()
	for i, t := range d.Structure.Targets {
		if d.Switch>>i&1 == 0 || int8(t.Temporal) > s.target.Temporal {
			continue
		}
		switch {
		case s.simulcast || int8(t.Spatial) == p.layer.Spatial:
			p.layer.Temporal = max(p.layer.Temporal, int8(t.Temporal))
		case int8(t.Spatial) == spatial && spatial > p.layer.Spatial && spatial <= s.target.Spatial &&
			int8(t.Temporal) == min(p.layer.Temporal, int8(most)) && p.dropped > spatial:
			p.layer.Spatial = spatial
		}
	}
	s.current = p.layer
}

// targetsOf returns the decode targets up to a layer that the source produces, and the best of them. cached is which of
// the masks may hold them.
func (s *Selector) targetsOf(cached int, d *payload.Dependency, l Layer) (targets, best uint32) {
	m := &s.masks[cached]
	if m.structure != d.Structure || m.layer != l || m.active != d.Active {
		spatial := l.Spatial
		if s.simulcast {
			spatial = math.MaxInt8
		}
		*m = mask{structure: d.Structure, layer: l, active: d.Active}
		m.targets, m.best = d.Select(spatial, l.Temporal)
	}
	return m.targets, m.best
}

// restricted returns the decode targets that the sink is to be told of, 0 where it is as the packet says: a receiver
// that expects a target that is not sent takes it for lost.
func (s *Selector) restricted(d *payload.Dependency, l Layer) uint32 {
	targets, _ := s.targetsOf(1, d, l)
	if targets != d.Active {
		s.masked = true
		return targets
	}
	if s.masked && d.NewStructure {
		s.masked = false
	}
	if s.masked {
		return targets
	}
	return 0
}
