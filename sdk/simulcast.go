package sdk

import (
	"cmp"
	"slices"
	"strings"

	"github.com/klatch/klatch/internal/wire"
)

// Simulcast: a picture in several encodings, each with a rid (RFC 8853).

// rids of the encodings, smallest first, by how many there are.
var rids = map[int][]string{2: {"l", "h"}, 3: {"l", "m", "h"}}

// ridsOf returns the rids in which a source is published; none for one encoding.
func (m *Meeting) ridsOf(kind Kind, reader Reader) []string {
	layered, ok := reader.(LayeredReader)
	if !ok || m.opts.SingleStream {
		return nil
	}
	most := 3
	if m.opts.MaxLayer != 0 {
		most = m.opts.MaxLayer
	}
	if kind == Share {
		most = 2
	}
	return rids[min(layered.Layers(), most)]
}

// takenRIDs returns the rids that an answer takes of a media section; none when it takes no simulcast.
func takenRIDs(answer, mid string) []string {
	for section := range strings.SplitSeq(answer, "\nm=") {
		if !slices.Contains(strings.Split(strings.ReplaceAll(section, "\r", ""), "\n"), "a=mid:"+mid) {
			continue
		}
		_, rest, found := strings.Cut(section, "\na=simulcast:recv ")
		if !found {
			return nil
		}
		list, _, _ := strings.Cut(rest, "\n")
		var taken []string
		for rid := range strings.SplitSeq(strings.TrimSpace(list), ";") {
			rid, _, _ = strings.Cut(rid, ",") // alternatives: the first is preferred
			if !strings.HasPrefix(rid, "~") {
				taken = append(taken, rid)
			}
		}
		return taken
	}
	return nil
}

// encodings takes which encodings of an own stream somebody takes.
func (p *publisher) encodings(e wire.Encodings) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.slots[Kind(e.Kind)]
	if s == nil {
		return
	}
	s.idle = map[string]bool{}
	for _, one := range e.Active {
		s.idle[one.RID] = !one.Active
	}
	p.tuneLocked(s)
}

// setQuality bounds the sizes in which the camera is sent; false when that is so already.
func (p *publisher) setQuality(quality Quality) (changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cmp.Or(p.quality, QualityHigh) == quality {
		return false
	}
	p.quality = quality
	if s := p.slots[Video]; s != nil {
		p.tuneLocked(s)
	}
	return true
}

// tuneLocked switches the encodings of a stream off and on.
func (p *publisher) tuneLocked(s *slot) {
	best := len(s.out) - 1
	if s.kind == Video && p.quality != "" {
		best = max(0, best-(len(qualities)-1-slices.Index(qualities, p.quality)))
	}
	for i, out := range s.out {
		rid := out.track.RID()
		out.off.Store(rid != "" && (s.refused[rid] || s.idle[rid] || i > best))
	}
	if s.pump != nil {
		s.activateLocked(s.pump.reader)
	}
}

// activateLocked tells a source which of its sizes are sent.
func (s *slot) activateLocked(reader Reader) {
	layered, ok := reader.(LayeredReader)
	if !ok {
		return
	}
	active := make([]bool, layered.Layers())
	for i, out := range s.out {
		if at := len(active) - len(s.out) + i; at >= 0 {
			active[at] = !out.off.Load()
		}
	}
	layered.Activate(active)
}

// askKeyFrame asks a source for a key frame of one encoding of a stream that has so many.
func askKeyFrame(reader Reader, encoding, encodings int) {
	if layered, ok := reader.(LayeredReader); ok {
		layered.KeyFrameOf(max(0, layered.Layers()-encodings+encoding))
		return
	}
	reader.KeyFrame()
}
