package payload

import "slices"

// DescriptorURI names the RTP header extension of the dependency descriptor in SDP.
const DescriptorURI = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"

// Bounds of a dependency descriptor. More references than MaxDiffs no codec has.
const (
	maxTemplates = 64
	maxTemporal  = 8
	MaxTargets   = 32
	MaxDiffs     = 8
	MaxChains    = 8
)

// Dependency is the dependency descriptor of a packet (RTP Payload Format For AV1 1.0, appendix A): which decode
// targets its frame belongs to, and to which frames it refers.
type Dependency struct {
	// Structure describes the decode targets. Nil: the packet has no descriptor, or one that cannot be read without a
	// structure that has not come.
	Structure *Structure
	Number    uint16 // frame_number
	// NewStructure: the packet brings the structure. It is the first one of a key picture.
	NewStructure bool

	// A bit for each decode target: the frame is in it, is a switch indication for it, and no other frame of the target
	// refers to this one.
	Present, Switch, Discardable uint32
	// Active are the decode targets that the sender produces, as far as this packet or earlier ones say it.
	Active uint32

	// Bits of the descriptor: where the active decode targets stand, or would stand, and where it ends. 0: not known.
	activeAt, end uint16
	hasActive     bool // they stand there

	// Diffs are how many frames earlier the frames are to which this one refers; of each chain ChainDiffs how many
	// frames earlier the one before in the chain is, 0 for none.
	Diffs      [MaxDiffs]uint16
	DiffCount  uint8
	ChainDiffs [MaxChains]uint8
}

// Structure is a template structure of a dependency descriptor. It never changes.
type Structure struct {
	// Targets are the layers of each decode target: the highest that its frames have.
	Targets []Target
	// Chains is how many chains there are. Frames of further chains than MaxChains are not followed.
	Chains int
	// Sizes are the sizes of the spatial layers, nil where it does not say them.
	Sizes []Size

	offset    uint8
	templates []template
}

// Target is a decode target.
type Target struct {
	Spatial, Temporal uint8
	// Chain protects the target: it can be decoded as long as no frame of the chain is missing. -1: none.
	Chain int8
}

type template struct {
	spatial, temporal            uint8
	present, switches, discarded uint32
	diffs                        [MaxDiffs]uint16
	diffCount                    uint8
	chainDiffs                   [MaxChains]uint8
}

// MaxLayer returns the highest spatial layer of the structure, and the highest temporal one.
func (s *Structure) MaxLayer() (spatial, temporal uint8) {
	for _, t := range s.Targets {
		spatial, temporal = max(spatial, t.Spatial), max(temporal, t.Temporal)
	}
	return spatial, temporal
}

// all returns all decode targets.
func (s *Structure) all() uint32 { return uint32(1<<len(s.Targets) - 1) }

// above returns the decode targets of higher spatial layers than that one.
func (s *Structure) above(spatial uint8) (targets uint32) {
	for i, t := range s.Targets {
		if t.Spatial > spatial {
			targets |= 1 << i
		}
	}
	return targets
}

// Select returns the decode targets up to a layer that the sender produces, and the best of them, which is all that a
// receiver of that layer decodes. Both are 0 where there are none.
func (d *Dependency) Select(spatial, temporal int8) (targets, best uint32) {
	highest, fastest := int8(-1), int8(-1)
	for i, t := range d.Structure.Targets {
		s, f := int8(t.Spatial), int8(t.Temporal)
		if s > spatial || f > temporal || d.Active>>i&1 == 0 {
			continue
		}
		targets |= 1 << i
		if s > highest || s == highest && f > fastest {
			highest, fastest, best = s, f, 1<<i
		}
	}
	return targets, best
}

// Rewrite appends to into the descriptor b, of which d was read, with another frame number, and, unless active is 0,
// with active as the active decode targets.
func (d *Dependency) Rewrite(into, b []byte, number uint16, active uint32) []byte {
	if len(b) < 3 {
		return append(into, b...)
	}
	into = append(into, b[0], byte(number>>8), byte(number))
	if active == 0 || d.Structure == nil || int(d.end) > len(b)*8 {
		return append(into, b[3:]...)
	}
	r := bits{data: b, at: 24}
	w := bitWriter{data: into}
	var present, custom uint32
	if len(b) > 3 {
		present = r.read(1)
		r.read(1)
		custom = r.read(3)
	}
	w.write(present, 1)
	w.write(1, 1) // active_decode_targets_present_flag
	w.write(custom, 3)
	for r.at < int(d.activeAt) {
		n := min(32, int(d.activeAt)-r.at)
		w.write(r.read(n), n)
	}
	w.write(active, len(d.Structure.Targets))
	if d.hasActive {
		r.read(len(d.Structure.Targets))
	}
	for r.at < int(d.end) {
		n := min(32, int(d.end)-r.at)
		w.write(r.read(n), n)
	}
	return w.data
}

// parseDescriptor reads a descriptor. What is malformed leaves no trace in f.
func (p *Parser) parseDescriptor(b []byte, f *Facts) {
	if len(b) < 3 {
		return
	}
	d := Dependency{Number: uint16(b[1])<<8 | uint16(b[2])}
	start, end, id := b[0]&0x80 != 0, b[0]&0x40 != 0, b[0]&0x3f
	var customTargets, customDiffs, customChains bool
	r := bits{data: b, at: 24}
	structure := p.structures[0]
	if len(b) > 3 {
		d.NewStructure, d.hasActive = r.flag(), r.flag()
		customTargets, customDiffs, customChains = r.flag(), r.flag(), r.flag()
		if d.NewStructure {
			if structure = p.readStructure(&r); structure == nil {
				return
			}
			d.Active = structure.all()
		}
	}
	if structure == nil {
		return
	}
	t := structure.template(id)
	if t == nil && !d.NewStructure && p.structures[1] != nil {
		// A packet from before the last key picture that came late.
		structure = p.structures[1]
		t = structure.template(id)
	}
	if t == nil {
		return
	}
	d.Structure, d.activeAt = structure, uint16(r.at)
	switch {
	case d.hasActive:
		d.Active = r.read(len(structure.Targets))
	case !d.NewStructure && structure == p.structures[0]:
		d.Active = p.active
	case !d.NewStructure:
		d.Active = structure.all()
	}
	d.Present, d.Switch, d.Discardable = t.present, t.switches, t.discarded
	d.Diffs, d.DiffCount, d.ChainDiffs = t.diffs, t.diffCount, t.chainDiffs
	if customTargets {
		d.Present, d.Switch, d.Discardable = readIndications(&r, len(structure.Targets))
	}
	if customDiffs {
		d.DiffCount = 0
		for size := r.read(2); size != 0; size = r.read(2) {
			diff := r.read(int(4*size)) + 1
			if r.short || d.DiffCount == MaxDiffs {
				return
			}
			d.Diffs[d.DiffCount] = uint16(diff)
			d.DiffCount++
		}
	}
	if customChains {
		for i := range structure.Chains {
			if diff := r.read(8); i < MaxChains {
				d.ChainDiffs[i] = uint8(diff)
			}
		}
	}
	if r.short {
		return
	}
	if d.NewStructure && p.structures[0] != structure {
		p.structures[0], p.structures[1] = structure, p.structures[0]
	}
	if structure == p.structures[0] {
		p.active = d.Active
	}
	d.end = uint16(r.at)
	f.Dependency = d
	f.OwnLayer = d.Present&structure.above(t.spatial) == 0
	f.FrameStart, f.FrameEnd = start, end
	f.Spatial, f.HasSpatial, f.Temporal, f.HasTemporal = t.spatial, true, t.temporal, true
	f.Discardable = d.Present == d.Discardable
	if int(t.spatial) < len(structure.Sizes) {
		f.Size = structure.Sizes[t.spatial]
	}
	if d.NewStructure && len(structure.Sizes) > 0 {
		f.SizeCount = uint8(copy(f.Sizes[:], structure.Sizes))
	}
}

func (s *Structure) template(id uint8) *template {
	i := (id - s.offset) & 0x3f
	if int(i) >= len(s.templates) {
		return nil
	}
	return &s.templates[i]
}

func readIndications(r *bits, targets int) (present, switches, discarded uint32) {
	const discardable, switchIndication = 1, 2
	for i := range targets {
		indication := r.read(2)
		if indication != 0 {
			present |= 1 << i
		}
		switch indication {
		case discardable:
			discarded |= 1 << i
		case switchIndication:
			switches |= 1 << i
		}
	}
	return present, switches, discarded
}

// readStructure reads a template structure, nil for one that is malformed. It allocates only for one that is new.
func (p *Parser) readStructure(r *bits) *Structure {
	s := &p.scratch
	s.offset = uint8(r.read(6))
	targets := int(r.read(5)) + 1
	s.templates, s.Targets, s.Sizes, s.Chains = s.templates[:0], s.Targets[:0], s.Sizes[:0], 0
	if !s.readLayers(r) || !s.readTemplates(r, targets) {
		return nil
	}
	for i := range targets {
		s.Targets = append(s.Targets, s.target(i))
	}
	if !s.readChains(r) {
		return nil
	}
	if r.flag() { // resolutions_present_flag
		for range int(s.templates[len(s.templates)-1].spatial) + 1 { // templates ascend
			width, height := r.read(16)+1, r.read(16)+1
			s.Sizes = append(s.Sizes, Size{uint16(min(width, 0xffff)), uint16(min(height, 0xffff))})
		}
	}
	if r.short {
		return nil
	}
	for _, known := range p.structures {
		if known != nil && known.equal(s) {
			return known
		}
	}
	return s.clone()
}

// readLayers reads which layer each template has.
func (s *Structure) readLayers(r *bits) bool {
	const sameLayer, nextTemporal, nextSpatial = 0, 1, 2
	var t template
	for {
		if len(s.templates) == maxTemplates || r.short {
			return false
		}
		s.templates = append(s.templates, t)
		switch r.read(2) {
		case sameLayer:
		case nextTemporal:
			if t.temporal++; t.temporal == maxTemporal {
				return false
			}
		case nextSpatial:
			if t.spatial++; t.spatial == MaxSpatial {
				return false
			}
			t.temporal = 0
		default:
			return true
		}
	}
}

// readTemplates reads decode target indications and frame diffs of the templates.
func (s *Structure) readTemplates(r *bits, targets int) bool {
	for i := range s.templates {
		t := &s.templates[i]
		t.present, t.switches, t.discarded = readIndications(r, targets)
	}
	for i := range s.templates {
		t := &s.templates[i]
		for r.flag() { // fdiff_follows_flag
			if t.diffCount == MaxDiffs {
				return false
			}
			t.diffs[t.diffCount] = uint16(r.read(4)) + 1
			t.diffCount++
		}
	}
	return !r.short
}

// target returns the layers of a decode target, without its chain.
func (s *Structure) target(i int) Target {
	target := Target{Chain: -1}
	for _, t := range s.templates {
		if t.present>>i&1 != 0 {
			target.Spatial, target.Temporal = max(target.Spatial, t.spatial), max(target.Temporal, t.temporal)
		}
	}
	return target
}

func (s *Structure) readChains(r *bits) bool {
	s.Chains = r.ns(len(s.Targets) + 1)
	if s.Chains == 0 {
		return true
	}
	for i := range s.Targets {
		s.Targets[i].Chain = int8(r.ns(s.Chains))
	}
	for i := range s.templates {
		for chain := range s.Chains {
			if diff := r.read(4); chain < MaxChains {
				s.templates[i].chainDiffs[chain] = uint8(diff)
			}
		}
	}
	return !r.short
}

func (s *Structure) equal(other *Structure) bool {
	return s.offset == other.offset && s.Chains == other.Chains && slices.Equal(s.Targets, other.Targets) &&
		slices.Equal(s.Sizes, other.Sizes) && slices.Equal(s.templates, other.templates)
}

func (s *Structure) clone() *Structure {
	return &Structure{
		Targets: slices.Clone(s.Targets), Chains: s.Chains, Sizes: slices.Clone(s.Sizes), offset: s.offset,
		templates: slices.Clone(s.templates),
	}
}
