package allocate

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/klatch/klatch/internal/sfu/layer"
)

const (
	// What a stream did not have before must fit into this share of the budget, so that an estimate or a rate that
	// varies by a few percent does not change the choice again and again. What it had must fit into the whole of it.
	headroom = 0.85

	// A lowest layer that costs more than this does not come before the raising of more important streams: with it, a
	// publisher without layers would leave them no bandwidth. So much of the budget may remain unused while a lowest
	// layer does not fit. What counted as cheap does so until its rate has doubled.
	cheapBps = 150_000

	audioBps = 40_000 // of an audio stream whose rate is not known
)

// Result is the outcome of Allocate.
type Result struct {
	// Choices are in the order of the streams. They remain valid until the call of the same Allocator after the next
	// one, so that they can be the before of the next one.
	Choices []Choice
	Total   int64 // rate of what was chosen
	// Demand is the budget that would give every stream what its subscriber wants of it.
	Demand int64
}

// Allocate chooses what each stream is sent within budget, in bits per second. The choices before are those of the last
// call, for streams that may have changed meanwhile; nil for none. The result depends on the arguments alone.
//
// When before is nil: a stream that has less with a larger budget, or because another stream is paused, makes room for
// one that ranks higher, which has more. With before, budgets and rates that vary by a few percent change nothing.
func Allocate(budget int64, streams []Stream, before []Choice) Result {
	return new(Allocator).Allocate(budget, streams, before)
}

// Allocator is Allocate with buffers that are used again: it does not allocate memory in steady state. The zero value
// is ready. Not safe for concurrent use.
type Allocator struct {
	choices [2][]Choice
	turn    int
	plans   []plan
	ranks   []int32 // indices of streams in descending priority
	levels  []level
	steps   []step
	byID    map[string]int32
}

// plan is what is worked out for one stream.
type plan struct {
	pixels int64
	first  int32  // its levels are levels[first : first+count]
	count  int32  // levels that are wanted
	held   int32  // levels that it had before
	cheap  int32  // levels that count as cheap; first those that did so before
	taken  int32  // levels that it has got
	cap    Reason // why levels above count are not wanted
}

// level is an option of a stream in ascending order.
type level struct {
	option int32
	slow   bool // not the full frame rate of the lowest spatial layer
	bps    int64
	cost   int64 // bps, or that of a lower level where that is higher
}

// step raises a stream by one level. From the most significant bit: phase (3 bits), rate (7), rank (32), level (8).
type step uint64

// The phases, in which the streams are served.
const (
	lowest    = iota // the lowest layer
	smooth           // the half of the frame rate at least
	important        // share and pinned
	speaking         // active speaker
	others
)

func newStep(phase, rate, rank, level int) step {
	return step(phase)<<47 | step(rate)<<40 | step(rank)<<8 | step(level)
}

func (s step) phase() int { return int(s >> 47) }
func (s step) rank() int  { return int(s >> 8 & (1<<32 - 1)) }
func (s step) level() int { return int(s & 0xff) }

// Allocate is the function Allocate.
func (a *Allocator) Allocate(budget int64, streams []Stream, before []Choice) Result {
	budget = max(budget, 0)
	a.turn = 1 - a.turn
	choices := slices.Grow(a.choices[a.turn][:0], len(streams))[:len(streams)]
	a.choices[a.turn] = choices
	a.plan(streams, before)
	total := int64(0)
	for i := range streams {
		total += a.plans[i].audio(&streams[i], &choices[i])
	}
	demand := total
	a.order(streams)
	a.take(budget, total)
	for i := range streams {
		if s := &streams[i]; s.Kind != Audio {
			demand += a.choose(i, s, &choices[i])
			total += choices[i].Bps
		}
	}
	return Result{Choices: choices, Total: total, Demand: int64(float64(demand)/headroom) + 1}
}

// audio fills the choice of an audio stream and returns its rate.
func (p *plan) audio(s *Stream, c *Choice) int64 {
	if s.Kind != Audio {
		return 0
	}
	*c = Choice{ID: s.ID, Layer: layer.Nothing}
	switch {
	case s.Paused:
		c.Reason = Requested
	case len(s.Options) == 0:
		c.Reason = Source
	default:
		top := &s.Options[0]
		for i := range s.Options {
			if o := &s.Options[i]; compare(o.Layer, top.Layer) > 0 {
				top = o
			}
		}
		c.Layer, c.Bps = top.Layer, min(top.Bps, maxBps)
		if c.Bps <= 0 {
			c.Bps = audioBps
		}
	}
	return c.Bps
}

// choose fills the choice of a video stream and returns the rate of what is wanted of it.
func (a *Allocator) choose(i int, s *Stream, c *Choice) (wanted int64) {
	p := &a.plans[i]
	*c = Choice{ID: s.ID, Layer: layer.Nothing, cheap: p.cheap}
	switch {
	case s.Paused:
		c.Reason = Requested
		return 0
	case p.count == 0:
		c.Reason = Source
		return 0
	case p.taken < p.count:
		c.Reason = Bandwidth
	default:
		c.Reason = p.cap
	}
	levels := a.levels[p.first : p.first+p.count]
	if p.taken > 0 {
		l := &levels[p.taken-1]
		c.Layer, c.Bps = s.Options[l.option].Layer, l.bps
	}
	return levels[p.count-1].cost
}

// plan finds the levels of each stream, and which of them it had before.
func (a *Allocator) plan(streams []Stream, before []Choice) {
	a.plans = slices.Grow(a.plans[:0], len(streams))[:len(streams)]
	a.levels = a.levels[:0]
	indexed := false
	for i := range streams {
		s, p := &streams[i], &a.plans[i]
		*p = plan{first: int32(len(a.levels))}
		if s.Kind == Audio || s.Paused {
			continue
		}
		p.pixels = s.pixels()
		p.cap = a.climb(s)
		p.count = int32(len(a.levels)) - p.first
		var had *Choice
		switch {
		case i < len(before) && before[i].ID == s.ID:
			had = &before[i]
		case len(before) > 0:
			if !indexed {
				a.index(before)
				indexed = true
			}
			if k, ok := a.byID[s.ID]; ok {
				had = &before[k]
			}
		}
		if had != nil {
			p.cheap = had.cheap
			for _, l := range a.levels[p.first:] {
				if compare(s.Options[l.option].Layer, had.Layer) <= 0 {
					p.held++
				}
			}
		}
	}
}

func (a *Allocator) index(before []Choice) {
	if a.byID == nil {
		a.byID = make(map[string]int32, len(before))
	}
	clear(a.byID)
	for k := range before {
		a.byID[before[k].ID] = int32(k)
	}
}

// climb appends the levels of a video stream that are wanted, in ascending order, and returns why there are no more.
func (a *Allocator) climb(s *Stream) Reason {
	var sorted [maxOptions]int32
	options := sorted[:0]
	for i := range s.Options[:min(len(s.Options), maxOptions)] {
		at := len(options)
		for at > 0 && compare(s.Options[i].Layer, s.Options[options[at-1]].Layer) < 0 {
			at--
		}
		options = options[:len(options)+1]
		copy(options[at+1:], options[at:])
		options[at] = int32(i)
	}
	spatial := func(k int) int8 { return s.Options[options[k]].Layer.Spatial }

	// the index of the first option above each spatial layer
	var ends [maxOptions]int
	layers, covering := 0, -1
	for k := range options {
		if o := &s.Options[options[k]]; covering < 0 && (s.Width > 0 || s.Height > 0) && o.covers(s.Width, s.Height) {
			covering = layers
		}
		if k+1 == len(options) || spatial(k+1) != spatial(k) {
			ends[layers] = k + 1
			layers++
		}
	}
	if layers == 0 {
		return Source
	}
	top, reason := layers-1, Unlimited
	if covering >= 0 && covering < top {
		top, reason = covering, Size
	}
	if asked := s.Quality.layer(layers); asked <= top && asked < layers-1 {
		top, reason = asked, Requested
	}

	cost := int64(0)
	for k := range options[:ends[top]] {
		first := k < ends[0]
		last := k+1 == len(options) || spatial(k+1) != spatial(k)
		if s.Kind == Camera && !first && !last {
			continue // a lower frame rate of a larger picture
		}
		bps := s.bps(int(options[k]))
		cost = max(cost, bps)
		a.levels = append(a.levels, level{option: options[k], slow: first && !last, bps: bps, cost: cost})
	}
	return reason
}

// layer returns the index of the highest of so many spatial layers that the quality allows.
func (q Quality) layer(layers int) int {
	switch q {
	case Low:
		return 0
	case Medium:
		return (layers - 1) / 2
	default:
		return layers - 1
	}
}

// order puts all steps of all streams in the order in which they are taken.
func (a *Allocator) order(streams []Stream) {
	a.ranks = a.ranks[:0]
	for i := range streams {
		if a.plans[i].count > 0 {
			a.ranks = append(a.ranks, int32(i))
		}
	}
	slices.SortFunc(a.ranks, func(i, j int32) int {
		s, t := &streams[i], &streams[j]
		return cmp.Or(
			cmp.Compare(s.phase(), t.phase()),
			cmp.Compare(t.Kind.weight(), s.Kind.weight()),
			compareBool(t.Pinned, s.Pinned),
			compareBool(t.Speaker, s.Speaker),
			cmp.Compare(a.plans[j].pixels, a.plans[i].pixels),
			cmp.Compare(s.ID, t.ID),
		)
	})
	a.steps = a.steps[:0]
	for rank, i := range a.ranks {
		s, p := &streams[i], &a.plans[i]
		levels := a.levels[p.first : p.first+p.count]
		cheap := int32(0)
		for n, l := range levels {
			held := int32(n) < p.held
			if cheap == int32(n) && (l.cost <= cheapBps || cheap < p.cheap && l.cost <= 2*cheapBps) {
				cheap++
			}
			phase, rate := s.phase(), 0
			switch {
			case n == 0 && cheap > 0:
				phase = lowest
			case n > 0 && cheap > int32(n) && l.slow && s.Kind == Camera:
				phase = smooth
			default:
				// What a stream has comes before what is as much, so that rates that vary do not change the order.
				rate = halfOctaves(l.cost)
				if held {
					rate--
				}
			}
			a.steps = append(a.steps, newStep(phase, max(rate, 0), rank, n))
		}
		p.cheap = cheap
	}
	slices.Sort(a.steps)
}

// halfOctaves returns the logarithm of a rate in steps of 41 percent, so that among similar rates the rank decides.
func halfOctaves(bps int64) int {
	n := bits.Len64(uint64(bps))
	if n == 0 {
		return 0
	}
	const sqrt2 = 0xb504f333f9de6484 // as a fraction of 1<<63
	half := 0
	if uint64(bps)<<(64-n) >= sqrt2 {
		half = 1
	}
	return 2*n + half
}

// phase returns in which phase the stream is raised.
func (s *Stream) phase() int {
	switch {
	case s.Kind == Share || s.Pinned:
		return important
	case s.Speaker:
		return speaking
	}
	return others
}

func (k Kind) weight() int {
	if k == Share {
		return 1
	}
	return 0
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// take takes the steps that the budget allows; so much of it is used by audio.
//
// After a step that does not fit, no later one of the same phase is taken that the stream did not have before: the
// bandwidth is kept for the stream whose turn it is, and a larger budget takes nothing from its peers. In the phase
// lowest a later one is taken, so that one stream without a small layer does not blacken the others. While a lowest
// layer or a smooth one is missing, no stream is raised.
func (a *Allocator) take(budget, used int64) {
	roomy := int64(float64(budget) * headroom)
	missing, blocked := others, -1 // phases
	for _, s := range a.steps {
		p, n := &a.plans[a.ranks[s.rank()]], int32(s.level())
		if p.taken != n {
			continue // a step below it was not taken
		}
		held := n < p.held
		if !held && (blocked == s.phase() || s.phase() > missing) {
			continue
		}
		cost := a.levels[p.first+n].cost
		if n > 0 {
			cost -= a.levels[p.first+n-1].cost
		}
		limit := roomy
		if held {
			limit = budget
		}
		if used+cost > limit {
			if s.phase() <= smooth {
				missing = min(missing, s.phase())
			}
			if s.phase() != lowest {
				blocked = s.phase()
			}
			continue
		}
		used += cost
		p.taken++
	}
}
