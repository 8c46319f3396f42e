package layer_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/layer"
)

// A frame of the model source: what it refers to is known, so that it is known what a receiver can decode.
type frame struct {
	encoding          int8
	picture           int
	spatial, temporal int8
	key               bool
	refers            []*frame
	packets           []*modelPacket
	moved             bool // a packet of it came out of order, or not at all
}

type modelPacket struct {
	frame  *frame
	origin layer.Origin
	seqno  uint16
	facts  payload.Facts
	lost   bool
	came   bool
	began  bool             // the sink began anew with it
	run    int              // switches when it was sent
	after  int              // switches when it came
	out    []layer.Outgoing // as it was sent
}

// source makes frames as encoders do.
type source struct {
	codec              payload.Codec
	encodings          int
	spatials, temporal int  // layers
	keyOnly            bool // upper spatial layers refer to lower ones only in key pictures
	clean              bool // no frame refers to one of its own temporal layer above 0
	described          bool
	random             *rand.Rand

	structure *payload.Structure
	picture   int
	since     [layer.MaxEncodings]int // pictures since the last key picture
	seqno     [layer.MaxEncodings]uint16
	clock     [layer.MaxEncodings]uint32
	id        [layer.MaxEncodings]uint16
	level     [layer.MaxEncodings]uint8
	number    [layer.MaxEncodings]uint16
	epoch     [layer.MaxEncodings]uint32
	ended     [layer.MaxEncodings]bool
	last      [layer.MaxEncodings][4][4]*frame // by spatial and temporal layer
	frameOf   [layer.MaxEncodings]map[*frame]uint16
	wanted    [layer.MaxEncodings]int // picture with which a key frame that was asked for comes
}

func newSource(r *rand.Rand) *source {
	s := &source{random: r, encodings: 1, spatials: 1, temporal: 1 + r.IntN(3), clean: r.IntN(2) == 0}
	switch r.IntN(4) {
	case 0:
		s.codec, s.encodings = payload.VP8, 1+r.IntN(3)
	case 1:
		s.codec, s.encodings, s.temporal = payload.H264, 1+r.IntN(3), 1
	case 2:
		s.codec, s.spatials, s.keyOnly = payload.VP9, 1+r.IntN(3), r.IntN(2) == 0
	case 3:
		s.codec, s.spatials, s.keyOnly, s.described = payload.AV1, 1+r.IntN(3), r.IntN(2) == 0, true
		if r.IntN(3) == 0 {
			s.spatials, s.encodings = 1, 2
		}
	}
	if s.described {
		s.structure = &payload.Structure{}
		for spatial := range s.spatials {
			for temporal := range s.temporal {
				s.structure.Targets = append(s.structure.Targets,
					payload.Target{Spatial: uint8(spatial), Temporal: uint8(temporal)})
			}
		}
	}
	for e := range s.encodings {
		s.seqno[e], s.clock[e] = uint16(r.Uint32()), r.Uint32()
		s.id[e], s.level[e], s.number[e] = uint16(r.Uint32()), uint8(r.Uint32()), uint16(r.Uint32())
		s.frameOf[e] = map[*frame]uint16{}
		s.wanted[e] = 0
	}
	return s
}

var patterns = [][]int8{{0}, {0, 1}, {0, 2, 1, 2}}

// next returns the frames of the next picture of all encodings.
func (s *source) next() (packets []*modelPacket) {
	for e := range s.encodings {
		s.clock[e] += 3000
		if s.ended[e] {
			continue
		}
		key := s.wanted[e] >= 0 && s.picture >= s.wanted[e]
		if key {
			s.since[e], s.wanted[e] = 0, -1
		}
		pattern := patterns[s.temporal-1]
		at := s.since[e] % len(pattern)
		s.since[e]++
		temporal := pattern[at]
		s.id[e]++
		if temporal == 0 {
			s.level[e]++
		}
		var below *frame
		for spatial := range int8(s.spatials) {
			f := &frame{encoding: int8(e), picture: s.picture, spatial: spatial, temporal: temporal, key: key}
			sync := true // refers to temporal layer 0 alone
			last := &s.last[e][spatial]
			if key {
				*last = [4]*frame{}
			} else {
				newest := last[0]
				f.refers = append(f.refers, last[0])
				for t := int8(1); t < temporal; t++ {
					if last[t] != nil && last[t].picture > newest.picture {
						newest = last[t]
						f.refers = append(f.refers, newest)
						sync = false
					}
				}
				if own := last[temporal]; temporal > 0 && !s.clean && own != nil && at != 1 {
					f.refers = append(f.refers, own)
					sync = false
				}
			}
			inter := below != nil && (key || !s.keyOnly)
			if inter {
				f.refers = append(f.refers, below)
			}
			below = f
			last[temporal] = f
			s.number[e]++
			s.frameOf[e][f] = s.number[e]
			packets = append(packets, s.packetize(e, f, sync, inter)...)
		}
	}
	s.picture++
	return packets
}

func (s *source) packetize(e int, f *frame, sync, inter bool) []*modelPacket {
	n := 1 + s.random.IntN(3)
	for i := range n {
		facts := payload.Facts{
			Codec: s.codec, RTPTime: s.clock[e], FrameStart: i == 0, FrameEnd: i == n-1,
			Marker:   i == n-1 && int(f.spatial) == s.spatials-1,
			KeyFrame: i == 0 && f.key && f.spatial == 0, InterPicture: !f.key, InterLayer: inter,
			Spatial: uint8(f.spatial), HasSpatial: s.spatials > 1, Temporal: uint8(f.temporal), HasTemporal: s.temporal > 1,
		}
		switch {
		case s.codec == payload.VP8:
			facts.PictureID, facts.PictureIDBits, facts.PictureIDAt = s.id[e]&0x7fff, 15, 2
			facts.TL0PICIDX, facts.TL0PICIDXAt = s.level[e], 4
			facts.SwitchUp = sync
		case s.codec == payload.VP9:
			facts.PictureID, facts.PictureIDBits, facts.PictureIDAt = s.id[e]&0x7fff, 15, 1
			facts.SwitchUp = s.clean
		case s.codec == payload.H264 && facts.KeyFrame:
			facts.Sets = []byte{24, 0}
		}
		facts.OwnLayer = int(f.spatial) == s.spatials-1 || s.keyOnly && !f.key
		if s.described {
			facts.Dependency = s.describe(e, f)
			facts.Dependency.NewStructure = facts.KeyFrame
		}
		f.packets = append(f.packets, &modelPacket{
			frame: f, origin: layer.Origin{Encoding: int8(e), Epoch: s.epoch[e]}, seqno: s.seqno[e], facts: facts,
		})
		s.seqno[e]++
	}
	return f.packets
}

func (s *source) describe(e int, f *frame) payload.Dependency {
	d := payload.Dependency{
		Structure: s.structure, Number: s.number[e], Active: 1<<len(s.structure.Targets) - 1,
	}
	for i, t := range s.structure.Targets {
		bit := uint32(1) << i
		own := int8(t.Spatial) == f.spatial
		below := int8(t.Spatial) > f.spatial && (f.key || !s.keyOnly)
		if int8(t.Temporal) < f.temporal || !own && !below {
			continue
		}
		d.Present |= bit
		// A switch indication: what follows in the target can be decoded with this frame.
		if own && (f.key || int8(t.Temporal) == 0 || s.clean && int8(t.Temporal) > f.temporal || s.clean && f.temporal == 0) {
			d.Switch |= bit
		}
		if f.key && below {
			d.Switch |= bit
		}
	}
	for _, r := range f.refers {
		if diff := s.number[e] - s.frameOf[e][r]; int(d.DiffCount) < len(d.Diffs) {
			d.Diffs[d.DiffCount] = diff
			d.DiffCount++
		}
	}
	return d
}

// scenario is a run of the model: what came, and what was sent.
type scenario struct {
	source  *source
	sink    *sink
	arrived []*modelPacket
	all     []*modelPacket
	sent    []*modelPacket // or padding in its place
	targets []string
	changes []int // the pictures before which the target changed

	begun       bool
	first, last uint16   // outgoing numbers
	switches    []uint16 // numbers with which the sink began anew
	used        map[uint16]bool
	padding     map[uint16]bool // sent because it was asked for again
	bySource    map[sourceNumber]*modelPacket
}

type sourceNumber struct {
	origin layer.Origin
	seqno  uint16
}

func (sc *scenario) push(p *modelPacket) {
	p.after = len(sc.switches)
	out, ok := sc.sink.push(p.origin, p.seqno, p.facts)
	if !ok {
		return
	}
	if sc.sink.switched {
		sc.switches = append(sc.switches, out.SequenceNumber)
		p.began = true
	}
	p.run = len(sc.switches)
	p.out = append(p.out, out)
	sc.sent = append(sc.sent, p)
	if !sc.begun {
		sc.first, sc.last, sc.begun = out.SequenceNumber, out.SequenceNumber, true
	}
	if out.Sets != nil {
		sc.used[out.SequenceNumber-1] = true
	}
	sc.used[out.SequenceNumber] = true
	if int16(out.SequenceNumber-sc.last) > 0 {
		sc.last = out.SequenceNumber
	}
}

// nack asks for what is missing, as a receiver does: what has come to the server is decided about once more.
func (sc *scenario) nack() {
	for n := sc.last - min(100, sc.last-sc.first); n != sc.last; n++ {
		source, ok := sc.sink.Source(n)
		switch {
		case sc.used[n] || !ok:
		case source.Out.Padding:
			sc.used[n], sc.padding[n] = true, true
		case source.Missed:
			if p := sc.bySource[sourceNumber{source.Origin, source.SequenceNumber}]; p != nil && p.came {
				sc.push(p)
			}
		}
	}
}

func run(r *rand.Rand, pictures int, loss, displaced float64, changes bool) *scenario {
	source := newSource(r)
	target := func() layer.Layer {
		top := max(source.encodings, source.spatials)
		return layer.Layer{Spatial: int8(r.IntN(top)), Temporal: int8(r.IntN(source.temporal))}
	}
	sc := &scenario{source: source, sink: &sink{
		layer.NewSelector(source.encodings), layer.NewRewriter(layer.Config{ClockRate: 90000, History: 8192}),
		nil, start, false,
	}, used: map[uint16]bool{}, padding: map[uint16]bool{}, bySource: map[sourceNumber]*modelPacket{}}
	sc.sink.SetTarget(target())
	var late []*modelPacket // with the picture after which they come
	var due []int
	for n := range pictures {
		if changes && r.IntN(15) == 0 {
			switch k := r.IntN(8); {
			case k == 0:
				sc.sink.SetTarget(layer.Nothing)
			case k == 1 && source.encodings > 1:
				e := r.IntN(source.encodings)
				if source.ended[e] = !source.ended[e]; source.ended[e] {
					sc.sink.Ended(e)
				} else {
					source.wanted[e] = n
				}
			case k == 2:
				e := r.IntN(source.encodings)
				source.epoch[e]++
				source.seqno[e], source.clock[e], source.wanted[e] = uint16(r.Uint32()), r.Uint32(), n
			default:
				sc.sink.SetTarget(target())
			}
			sc.targets = append(sc.targets, fmt.Sprint(n, sc.sink.Target()))
			sc.changes = append(sc.changes, n)
		}
		var batch []*modelPacket
		for _, p := range source.next() {
			sc.all = append(sc.all, p)
			sc.bySource[sourceNumber{p.origin, p.seqno}] = p
			switch {
			case r.Float64() < loss:
				p.lost, p.frame.moved = true, true
			case r.Float64() < displaced:
				p.frame.moved = true
				late, due = append(late, p), append(due, n+r.IntN(4))
			default:
				batch = append(batch, p)
				if r.Float64() < displaced {
					batch = append(batch, p) // twice
				}
			}
		}
		for i := 0; i < len(late); {
			if due[i] > n {
				i++
				continue
			}
			batch = append(batch, late[i])
			late, due = append(late[:i:i], late[i+1:]...), append(due[:i:i], due[i+1:]...)
		}
		for _, p := range batch {
			p.came = true
			sc.arrived = append(sc.arrived, p)
			asked := len(sc.sink.asked)
			sc.push(p)
			for _, e := range sc.sink.asked[asked:] {
				if source.wanted[e] < 0 {
					source.wanted[e] = n + 2
				}
			}
		}
		sc.nack()
		sc.sink.now = sc.sink.now.Add(time.Second / 30)
	}
	for _, p := range late {
		p.lost = true
	}
	return sc
}

func (p *modelPacket) String() string {
	return fmt.Sprintf("encoding %d epoch %d number %d picture %d S%dT%d key %v", p.origin.Encoding, p.origin.Epoch,
		p.seqno, p.frame.picture, p.frame.spatial, p.frame.temporal, p.frame.key)
}

func (p *modelPacket) forwarded() bool { return len(p.out) > 0 && !p.out[0].Padding }

// checkNumbers: no number is used twice, and each one that was left out is the number of a packet that has not come.
func (sc *scenario) checkNumbers(t *rapid.T) {
	used := map[uint16]*modelPacket{}
	var first, last uint16
	begun := false
	use := func(n uint16, p *modelPacket) {
		if other := used[n]; other != nil {
			t.Fatalf("number %d for\n%v and\n%v", n, other, p)
		}
		used[n] = p
		if !begun {
			first, last, begun = n, n, true
		}
		if int16(n-last) > 0 {
			last = n
		}
	}
	for _, p := range sc.arrived {
		if len(p.out) > 1 {
			t.Fatalf("sent twice: %v", p)
		}
	}
	seen := map[*modelPacket]bool{}
	for _, p := range sc.arrived {
		if seen[p] || len(p.out) == 0 {
			continue
		}
		seen[p] = true
		if p.out[0].Sets != nil {
			use(p.out[0].SequenceNumber-1, p)
		}
		use(p.out[0].SequenceNumber, p)
		source, ok := sc.sink.Source(p.out[0].SequenceNumber)
		if !ok || source.Origin != p.origin || source.SequenceNumber != p.seqno || source.Missed {
			t.Fatalf("%v was sent as %d, which is said to be %+v", p, p.out[0].SequenceNumber, source)
		}
	}
	for n := first; begun && n != last; n++ {
		if used[n] != nil || sc.padding[n] {
			continue
		}
		source, ok := sc.sink.Source(n)
		p := sc.bySource[sourceNumber{source.Origin, source.SequenceNumber}]
		if !ok || !source.Missed || p == nil {
			t.Fatalf("number %d is a gap: %+v %v", n, source, ok)
		}
		began := 0
		for _, s := range sc.switches {
			if int16(n-s) >= 0 {
				began++
			}
		}
		if p.came && p.after < began+2 { // later the rewriter has forgotten it
			t.Fatalf("number %d is a gap though this came:\n%v", n, p)
		}
	}
}

// checkTimes: pictures keep their distances, each has its own timestamp, and after a switch they are later than before.
func (sc *scenario) checkTimes(t *rapid.T, displaced bool) {
	pictures := map[uint32]*modelPacket{}
	var newest *modelPacket // by timestamp
	for _, p := range sc.sent {
		if !p.forwarded() {
			continue
		}
		time := p.out[0].Timestamp
		if other := pictures[time]; other != nil &&
			(other.frame.picture != p.frame.picture || other.frame.encoding != p.frame.encoding) {
			t.Fatalf("timestamp %d for\n%v and\n%v", time, other, p)
		}
		pictures[time] = p
		if newest != nil {
			passed := int32(time - newest.out[0].Timestamp)
			if p.began && passed <= 0 {
				t.Fatalf("%d ticks at a switch, between\n%v and\n%v", passed, newest, p)
			}
			want := int32(p.frame.picture-newest.frame.picture) * 3000
			if p.origin == newest.origin && passed != want && !displaced && !p.began {
				t.Fatalf("%d ticks, want %d, between\n%v and\n%v", passed, want, newest, p)
			}
			if !displaced && (passed < want-6000 || passed > want+6000) {
				t.Fatalf("%d ticks, want about %d, between\n%v and\n%v", passed, want, newest, p)
			}
			if passed < 0 {
				continue
			}
		}
		newest = p
	}
}

// checkDecodable: a receiver can decode every frame of which anything was sent, as far as nothing was lost or came out
// of order.
func (sc *scenario) checkDecodable(t *rapid.T) {
	spoiled := map[*frame]bool{}
	checked := map[*frame]bool{}
	for _, p := range sc.all {
		f := p.frame
		if checked[f] {
			continue
		}
		checked[f] = true
		spoiled[f] = f.moved
		for _, r := range f.refers {
			spoiled[f] = spoiled[f] || spoiled[r]
		}
		if spoiled[f] {
			continue
		}
		sent := 0
		for _, p := range f.packets {
			if p.forwarded() {
				sent++
			}
		}
		if sent == 0 {
			continue
		}
		if sent < len(f.packets) {
			t.Fatalf("%d of %d packets were sent of\n%v", sent, len(f.packets), p)
		}
		for _, r := range f.refers {
			for _, q := range r.packets {
				if !q.forwarded() {
					t.Fatalf("sent:\n%v\nnot sent, though it refers to it:\n%v\ntargets %v", p, q, sc.targets)
				}
			}
		}
	}
}

// checkNeeded: of a picture a lower spatial layer is sent only where the higher one that is sent refers to it. The
// first picture after another target is another thing: its lower layer is sent before it is known that the higher one
// can be.
func (sc *scenario) checkNeeded(t *rapid.T) {
	sent := map[int][]*frame{} // by picture, from the lowest layer on
	for _, p := range sc.all {
		if p.forwarded() && p.facts.FrameStart && !p.frame.key && sc.source.encodings == 1 {
			sent[p.frame.picture] = append(sent[p.frame.picture], p.frame)
		}
	}
	var top int8
	last := 0
	for _, picture := range slices.Sorted(maps.Keys(sent)) {
		frames := sent[picture]
		changed := slices.ContainsFunc(sc.changes, func(n int) bool { return n > last && n <= picture })
		before := top
		last = picture
		if top = frames[len(frames)-1].spatial; top > before || changed {
			continue
		}
		for i, f := range frames[:len(frames)-1] {
			if !slices.Contains(frames[i+1].refers, f) {
				t.Fatalf("sent, though S%d does not refer to it:\n%v\ntargets %v", frames[i+1].spatial, f.packets[0], sc.targets)
			}
		}
	}
}

// checkMarkers: the last packet of each picture has the marker bit.
func (sc *scenario) checkMarkers(t *rapid.T) {
	last := map[uint32]*modelPacket{} // by outgoing timestamp
	moved := map[int]bool{}           // by picture
	for _, p := range sc.all {
		if p.forwarded() {
			last[p.out[0].Timestamp] = p
		}
		moved[p.frame.picture] = moved[p.frame.picture] || p.frame.moved
	}
	for _, p := range last {
		cut := sc.source.encodings > 1 // a switch cuts the picture that is being sent
		if !p.out[0].Marker && !moved[p.frame.picture] && !cut {
			t.Fatalf("no marker on the last packet of its picture:\n%v\ntargets %v", p, sc.targets)
		}
	}
}

// checkIDs: picture ids and TL0PICIDX of VP8 go on.
func (sc *scenario) checkIDs(t *rapid.T, whole bool) {
	if sc.source.codec != payload.VP8 {
		return
	}
	type picture struct {
		p     *modelPacket
		id    uint16
		level uint8
	}
	pictures := map[uint32]picture{} // by timestamp
	for _, p := range sc.sent {
		if !p.forwarded() {
			continue
		}
		buf := []byte{0x90, 0xf0, 0x80 | byte(p.facts.PictureID>>8), byte(p.facts.PictureID), p.facts.TL0PICIDX, 0, 0}
		if out := p.out[0]; out.RewritePayload {
			out.Payload(buf, &p.facts)
		}
		got := picture{p, uint16(buf[2]&0x7f)<<8 | uint16(buf[3]), buf[4]}
		if before, ok := pictures[p.out[0].Timestamp]; ok && (before.id != got.id || before.level != got.level) {
			t.Fatalf("%+v and %+v in one picture", before, got)
		}
		pictures[p.out[0].Timestamp] = got
	}
	var times []uint32
	for time := range pictures {
		times = append(times, time)
	}
	slices.SortFunc(times, func(a, b uint32) int { return int(int32(a - b)) })
	for i, time := range times {
		if i == 0 {
			continue
		}
		last, next := pictures[times[i-1]], pictures[time]
		id, level := int16((next.id-last.id)<<1)>>1, int8(next.level-last.level)
		passed := 2 + len(sc.sent)
		if last.p.origin == next.p.origin && last.p.run == next.p.run {
			passed = next.p.frame.picture - last.p.frame.picture
		}
		if whole {
			passed = 1 // pictures that are left out leave no gap
		}
		if id < 1 || int(id) > passed {
			t.Fatalf("picture id %d after %d:\n%v\nafter\n%v", next.id, last.id, next.p, last.p)
		}
		if level < 0 || int(level) > passed || level == 0 && next.p.frame.temporal == 0 {
			t.Fatalf("TL0PICIDX %d after %d:\n%v\nafter\n%v", next.level, last.level, next.p, last.p)
		}
	}
}

func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		loss := rapid.SampledFrom([]float64{0, 0, 0.01, 0.1, 0.3}).Draw(t, "loss")
		displaced := rapid.SampledFrom([]float64{0, 0, 0.02, 0.2}).Draw(t, "displaced")
		checkModel(t, seed, loss, displaced)
	})
}

// The seeds of runs that have failed once.
func TestModelAgain(t *testing.T) {
	for _, failed := range []struct {
		seed            uint64
		loss, displaced float64
	}{
		{0x3b3, 0, 0},      // another target while nothing of the last one was sent
		{0xdaa967, 0.3, 0}, // a pause that ends without a switch
	} {
		rapid.Check(t, func(t *rapid.T) { checkModel(t, failed.seed, failed.loss, failed.displaced) })
	}
}

func checkModel(t *rapid.T, seed uint64, loss, displaced float64) {
	sc := run(rand.New(rand.NewPCG(seed, 1)), 200, loss, displaced, true)
	sc.checkNumbers(t)
	sc.checkTimes(t, displaced > 0)
	sc.checkIDs(t, loss == 0 && displaced == 0)
	sc.checkMarkers(t)
	sc.checkDecodable(t)
	if loss == 0 && displaced == 0 {
		sc.checkNeeded(t)
	}
}

// A target that the source has becomes current in the end, and nothing else is asked for then.
func TestTargetIsReached(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		sc := run(rand.New(rand.NewPCG(seed, 2)), 150, 0, 0, false)
		if sc.sink.Current() != sc.sink.Target() {
			t.Fatalf("current %v, target %v", sc.sink.Current(), sc.sink.Target())
		}
		if len(sc.sink.asked) > 2 {
			t.Fatalf("asked %v", sc.sink.asked)
		}
	})
}
