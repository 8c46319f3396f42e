package layer

import (
	"math"

	"github.com/klatch/klatch/internal/payload"
)

const (
	// askEvery is after how many pictures a key frame that has not come is asked for again.
	askEvery = 15
	// silence is after how many pictures of another encoding one of which nothing comes has ended: its source has no
	// bandwidth for it, or was told that nobody takes it.
	silence = 15
	// syncPatience is how many pictures of higher temporal layers may be left out while no switch point comes, until a
	// key frame is asked for in place of one.
	syncPatience = 120
	// pictures is of how many pictures the Selector remembers what it decided, for packets that come late.
	pictures = 16
	// latest is how many pictures after a switch late packets from before it are still sent.
	latest = 64
	// backwards is a step back of the timestamps, 10 s, that no late packet makes: the clock of the source began anew.
	backwards = -10 * 90000
	// starvation is of how many pictures in a row nothing may be sent, because the layer that is sent does not come any
	// more and the lower ones refer to what was left out, until a key frame is asked for.
	starvation = 5
	// stale is how late a key frame may come, half a second, for a sink to begin with it.
	stale = 90000 / 2
)

// Selector decides which packets of a stream a sink is sent. It moves towards its target:
//   - to another encoding at a key frame of it, which it asks for. Meanwhile it keeps to the old one as long as that
//     lasts. One of which nothing comes while others go on has ended: the nearest one that comes is sent.
//   - to a lower spatial layer with the next picture, or, where its frames were not sent, at a key picture,
//     which it asks for.
//   - to a higher spatial layer at a key picture, which it asks for, or where a frame of that layer needs nothing that
//     was not sent.
//   - to fewer temporal layers with the next picture, to more at a switch point.
//
// Of a stream with spatial layers it forwards the lower ones as far as the chosen one needs them: always (L3T3), or at
// key pictures only (L3T3_KEY). The zero value is not ready for use: use NewSelector.
type Selector struct {
	target    Layer
	simulcast bool
	encodings [MaxEncodings]availability

	started bool // origin is forwarded
	origin  Origin
	begun   uint32 // timestamp of the key frame with which it began
	last    uint32 // timestamp of the newest picture of it that was forwarded
	current Layer  // how much of it is forwarded, at most

	// Of the encoding that was forwarded before: its late packets still have their place.
	before     Origin
	beforeLast uint32
	beforeAny  int    // for so many pictures, 0: no more
	beforeTime uint32 // timestamp with which it began

	ring    [pictures]picture
	late    picture // of a packet that came late and is of none in ring
	newest  int     // index in ring
	any     bool
	top     int8 // highest spatial layer that was forwarded of the picture before the newest
	topNow  int8
	seen    int8 // highest spatial layer that came of the picture before the newest
	seenNow int8
	missing uint8 // a bit for each spatial layer of which a frame was left out, to which later ones refer
	masked  bool  // the sink was told of fewer decode targets than the source has
	highest int8  // temporal layer that was seen

	dueNow, sentNow bool // of the newest picture something was to be sent, was sent
	starved         int  // pictures in a row of which something was to be sent and nothing was

	frames frames

	asked      int8 // encoding whose key frame was asked for
	askedSince int  // pictures of it since
	unsynced   int  // pictures left out that wait for a switch point
	masks      [2]mask
}

// availability is whether an encoding can be had.
type availability struct {
	available bool                // it was not said or seen to have ended
	missed    [MaxEncodings]uint8 // pictures of each other one that came since the last packet of it

	any       bool // what is below is set
	epoch     uint32
	came      uint32 // timestamp of the newest picture of the epoch
	forwarded bool
	last      uint32 // timestamp of the newest picture of the epoch that was forwarded
}

// note notes that a packet came.
func (e *availability) note(epoch, rtpTime uint32) {
	e.available, e.missed = true, [MaxEncodings]uint8{}
	switch {
	case !e.any || int32(epoch-e.epoch) > 0 || epoch == e.epoch && int32(rtpTime-e.came) < backwards:
		*e = availability{available: true, any: true, epoch: epoch, came: rtpTime}
	case epoch == e.epoch && int32(rtpTime-e.came) > 0:
		e.came = rtpTime
	}
}

// fresh reports whether a key frame is one with which a sink can begin: it was not sent before, and did not come so
// late that what follows cannot be had any more.
func (e *availability) fresh(epoch, rtpTime uint32) bool {
	return epoch == e.epoch && e.came-rtpTime < stale && !(e.forwarded && int32(rtpTime-e.last) <= 0)
}

// picture is what was decided of a picture.
type picture struct {
	set     bool
	time    uint32
	layer   Layer
	dropped int8 // lowest spatial layer of which a packet was dropped
	top     int8 // highest spatial layer that is expected to be sent: lower ones are sent only as far as it needs them
}

// mask is which decode targets belong to a layer.
type mask struct {
	structure     *payload.Structure
	layer         Layer
	active        uint32
	targets, best uint32
}

// NewSelector returns a selector of a stream with so many encodings, which forwards nothing until it has a target.
func NewSelector(encodings int) *Selector {
	s := &Selector{target: Nothing, asked: None}
	s.SetEncodings(encodings)
	return s
}

// SetEncodings sets how many encodings the stream has from now on. All are taken to be sent until the contrary is seen
// or said by Ended. The selector begins anew when that makes simulcast of SVC or the other way round.
func (s *Selector) SetEncodings(encodings int) {
	if simulcast := encodings > 1; simulcast != s.simulcast {
		s.simulcast = simulcast
		s.Restart()
	}
	for e := range s.encodings {
		if s.encodings[e].available = e < encodings; !s.encodings[e].available {
			s.Ended(e)
		}
	}
}

// SetTarget sets what the sink shall be sent. A Spatial of None is nothing.
func (s *Selector) SetTarget(l Layer) {
	if l.Spatial < 0 {
		l = Nothing
	}
	if l == s.target {
		return
	}
	s.target = l
	s.unsynced = 0
	if l.Spatial < 0 {
		s.Restart()
	}
}

// Target returns what was set.
func (s *Selector) Target() Layer { return s.target }

// Current returns what the sink is sent, Nothing before the first key frame. A target that the stream does not have
// never becomes current.
func (s *Selector) Current() Layer {
	if !s.started {
		return Nothing
	}
	l := Layer{s.origin.Encoding, min(s.current.Temporal, s.highest)}
	if !s.simulcast {
		l.Spatial = min(s.current.Spatial, max(s.top, s.topNow))
	}
	return l
}

// Restart makes the selector begin anew with the next key frame, which it asks for.
func (s *Selector) Restart() {
	s.started, s.beforeAny, s.asked = false, 0, None
}

// Ended records that an encoding sends no more, until a packet of it comes again.
func (s *Selector) Ended(encoding int) {
	if encoding < 0 || encoding >= MaxEncodings {
		return
	}
	e := &s.encodings[encoding]
	e.available, e.missed = false, [MaxEncodings]uint8{}
	if s.started && int(s.origin.Encoding) == encoding {
		s.started = false
	}
	if int(s.asked) == encoding {
		s.asked = None
	}
}

// wanted returns the encoding that comes nearest to the target: the target itself, else the best one below it, else the
// smallest one above it.
func (s *Selector) wanted() int8 {
	if !s.simulcast {
		return 0
	}
	target := min(s.target.Spatial, MaxEncodings-1)
	for e := target; e >= 0; e-- {
		if s.encodings[e].available {
			return e
		}
	}
	for e := target + 1; e < MaxEncodings; e++ {
		if s.encodings[e].available {
			return e
		}
	}
	return target
}

// KeyFrame returns the encoding of which a key frame is needed before anything can be sent, None for no need. It asks
// for it as Select does, without waiting for a packet.
func (s *Selector) KeyFrame() int8 {
	d := Decision{KeyFrame: None}
	if !s.started && s.target.Spatial >= 0 {
		s.ask(s.wanted(), &d)
	}
	return d.KeyFrame
}

// Select decides about a packet of the stream. Packets come in the order of arrival.
func (s *Selector) Select(o Origin, f *payload.Facts) Decision {
	d := Decision{KeyFrame: None}
	if s.target.Spatial < 0 || uint8(o.Encoding) >= MaxEncodings || f.Padding {
		return d // padding is for the one it was sent to
	}
	e := &s.encodings[o.Encoding]
	e.note(o.Epoch, f.RTPTime)
	if s.simulcast && f.FrameStart {
		s.miss(int(o.Encoding))
	}
	d.Idle = !s.started
	wanted := s.wanted()
	if s.started && o.Encoding == s.origin.Encoding && o.Epoch != s.origin.Epoch {
		if int32(o.Epoch-s.origin.Epoch) < 0 {
			return d
		}
		s.started, s.asked = false, None // what comes does not continue what was sent
		d.Idle = true
	}
	if s.started && o == s.origin && int32(f.RTPTime-s.ring[s.newest].time) < backwards {
		s.Restart()
		d.Idle = true
	}
	if s.started && o == s.origin {
		if wanted != o.Encoding {
			s.ask(wanted, &d)
		} else if s.asked != None && s.asked != wanted {
			s.asked = None // the target changed back
		}
		s.choose(f, &d)
		return d
	}
	if f.KeyFrame && e.fresh(o.Epoch, f.RTPTime) && o.Encoding == wanted {
		s.begin(o, f, &d)
		return d
	}
	if o.Encoding == wanted {
		s.ask(wanted, &d)
		s.askAgain(f, &d)
	} else if !s.started {
		s.ask(wanted, &d)
	}
	if s.started && s.beforeAny > 0 && o == s.before {
		// A packet from before the switch that came late: where the sink waits for it, the rewriter has its number.
		d.Forward = int32(f.RTPTime-s.beforeLast) <= 0 && int32(f.RTPTime-s.beforeTime) >= 0
	}
	return d
}

// miss counts a picture of an encoding against the others. One of which nothing comes meanwhile has ended.
func (s *Selector) miss(came int) {
	for i := range s.encodings {
		e := &s.encodings[i]
		if i == came || !e.available {
			continue
		}
		if e.missed[came]++; e.missed[came] >= silence {
			s.Ended(i)
		}
	}
}

// begin starts to forward an encoding with the first packet of a key frame.
func (s *Selector) begin(o Origin, f *payload.Facts, d *Decision) {
	if s.beforeAny = 0; s.started {
		s.beforeAny = latest
	}
	s.before, s.beforeLast, s.beforeTime = s.origin, s.last, s.begun
	s.started, s.origin, s.begun, s.last = true, o, f.RTPTime, f.RTPTime
	s.current = s.target
	s.any, s.top, s.topNow, s.highest = false, 0, 0, 0
	s.seen, s.seenNow, s.missing, s.masked = 0, 0, 0, false
	s.dueNow, s.sentNow, s.starved = false, false, 0
	s.asked, s.unsynced = None, 0
	s.frames = frames{}
	d.Switch, d.Idle = true, false
	s.choose(f, d)
	d.Forward = true
}

// ask asks for a key frame of an encoding, once.
func (s *Selector) ask(encoding int8, d *Decision) {
	if s.asked != encoding {
		s.asked, s.askedSince = encoding, 0
		d.KeyFrame = encoding
	}
}

// askAgain counts the pictures of the encoding that was asked for a key frame.
func (s *Selector) askAgain(f *payload.Facts, d *Decision) {
	if !f.FrameStart || f.Spatial > 0 {
		return
	}
	if s.askedSince++; s.askedSince >= askEvery {
		s.askedSince = 0
		d.KeyFrame = s.asked
	}
}

// choose decides about a packet of the encoding that is forwarded.
func (s *Selector) choose(f *payload.Facts, d *Decision) {
	if s.any && int32(f.RTPTime-s.begun) < 0 {
		return // from before the key frame
	}
	p := s.pictureOf(f)
	spatial, temporal := int8(f.Spatial), int8(f.Temporal)
	described := f.Dependency.Structure != nil
	if f.Codec == payload.AV1 && !described || s.simulcast {
		spatial = 0 // only the descriptor says of every packet where it belongs
	}
	if f.Codec == payload.AV1 && !described {
		temporal = 0
	}
	s.highest = max(s.highest, temporal)
	if described {
		d.Forward = s.chooseDescribed(p, f, spatial)
	} else {
		d.Forward = s.chooseByLayer(p, f, spatial, temporal)
	}
	newest := p == &s.ring[s.newest]
	if newest {
		s.seenNow = max(s.seenNow, spatial)
		s.dueNow = s.dueNow || temporal <= p.layer.Temporal
		s.sentNow = s.sentNow || d.Forward
	}
	if !d.Forward {
		p.dropped = min(p.dropped, spatial)
		if newest {
			s.leaveOut(p, f, spatial, temporal, d)
		}
		return
	}
	if newest {
		s.last = f.RTPTime
		e := &s.encodings[s.origin.Encoding]
		e.forwarded, e.last = true, f.RTPTime
		s.topNow = max(s.topNow, spatial)
	}
	if described {
		d.Active = s.restricted(&f.Dependency, p.layer)
	}
	d.Marker = f.FrameEnd && f.HasSpatial && !s.simulcast && spatial == p.layer.Spatial
}

// pictureOf returns the picture of a packet. With a new one the layers that the target leaves out end.
func (s *Selector) pictureOf(f *payload.Facts) *picture {
	p := &s.ring[s.newest]
	if s.any && p.time == f.RTPTime {
		if f.KeyFrame {
			s.beginKeyPicture(p)
		}
		return p
	}
	if s.any && int32(f.RTPTime-p.time) < 0 {
		for i := range s.ring {
			if s.ring[i].set && s.ring[i].time == f.RTPTime {
				return &s.ring[i]
			}
		}
		s.late = picture{time: f.RTPTime, layer: s.current, dropped: math.MaxInt8} // none of it came before
		return &s.late
	}
	if !s.any {
		s.ring = [pictures]picture{}
	}
	s.any = true
	s.beforeAny = max(0, s.beforeAny-1)
	if f.RTPTime-s.begun > 1<<30 {
		s.begun = f.RTPTime - 1<<29 // timestamps are compared within half of their range
	}
	s.newest = (s.newest + 1) % pictures
	s.top, s.topNow = s.topNow, 0
	s.seen, s.seenNow = s.seenNow, 0
	switch {
	case s.sentNow:
		s.starved = 0
	case s.dueNow:
		s.starved++
	}
	s.dueNow, s.sentNow = false, false
	if s.target.Spatial < s.current.Spatial && s.missing>>s.target.Spatial&1 == 0 {
		s.current.Spatial = s.target.Spatial
	}
	s.current.Temporal = min(s.current.Temporal, s.target.Temporal)
	if s.asked == s.origin.Encoding && s.asked != None {
		if s.askedSince++; s.askedSince >= askEvery {
			s.asked = None // asked again where it is still needed
		}
	}
	p = &s.ring[s.newest]
	*p = picture{
		set: true, time: f.RTPTime, layer: s.current, dropped: math.MaxInt8, top: min(s.seen, s.current.Spatial),
	}
	if f.KeyFrame {
		s.beginKeyPicture(p)
	}
	return p
}

// beginKeyPicture brings everything to the target, but for layers of which packets came before the first one and were
// dropped.
func (s *Selector) beginKeyPicture(p *picture) {
	if !s.simulcast {
		top := min(s.target.Spatial, p.dropped-1)
		if top < 0 {
			return // nothing of it can be decoded
		}
		p.layer.Spatial, p.top = top, min(p.top, top)
	}
	p.layer.Temporal = s.target.Temporal
	s.current = p.layer
	s.asked, s.unsynced, s.missing, s.starved = None, 0, 0, 0
}

// chooseByLayer decides by the layers that the payload descriptor says (VP8, VP9).
func (s *Selector) chooseByLayer(p *picture, f *payload.Facts, spatial, temporal int8) bool {
	newest := p == &s.ring[s.newest]
	if newest && p.layer.Temporal < s.target.Temporal && f.SwitchUp {
		switch {
		case f.Codec == payload.VP8 && temporal == p.layer.Temporal+1 && f.FrameStart:
			p.layer.Temporal = temporal
		case f.Codec == payload.VP9 && temporal <= p.layer.Temporal:
			p.layer.Temporal = s.target.Temporal // from the next picture on: this one is below
		}
		s.current.Temporal = p.layer.Temporal
	}
	if temporal > p.layer.Temporal {
		return false
	}
	if s.simulcast {
		return true
	}
	if spatial <= p.layer.Spatial {
		return s.needs(p, f, spatial)
	}
	if newest && spatial == p.layer.Spatial+1 && spatial <= s.target.Spatial && f.FrameStart && !f.InterPicture &&
		p.dropped > spatial {
		p.layer.Spatial = spatial // it needs only the layer below of this picture
		s.current.Spatial = spatial
		s.missing &^= 1 << spatial
		return true
	}
	return false
}

// needs reports whether a frame of the spatial layer that is sent, or of a lower one, is sent: it is needed, and what
// it refers to was sent.
func (s *Selector) needs(p *picture, f *payload.Facts, spatial int8) bool {
	bit := uint8(1) << spatial
	left := spatial < p.top && f.OwnLayer || s.missing&bit != 0 || f.InterLayer && s.missing&(bit>>1) != 0
	if left && p == &s.ring[s.newest] {
		s.missing |= bit
	}
	return !left
}

// Holds reports whether the sink is sent more than its target, until a key frame of that comes.
func (s *Selector) Holds() bool {
	if !s.started || s.target.Spatial < 0 {
		return false
	}
	if s.simulcast {
		return s.origin.Encoding > s.target.Spatial
	}
	return s.current.Spatial > s.target.Spatial && s.missing != 0
}

// leaveOut asks for a key frame when a layer of the target is left out because nothing else brings it back.
func (s *Selector) leaveOut(p *picture, f *payload.Facts, spatial, temporal int8, d *Decision) {
	if !f.FrameStart {
		return
	}
	if !s.simulcast {
		above := spatial > p.layer.Spatial && spatial <= s.target.Spatial
		below := spatial < p.layer.Spatial && s.missing>>spatial&1 != 0 &&
			s.target.Spatial < p.layer.Spatial
		if above || below || s.starved >= starvation {
			s.ask(s.origin.Encoding, d)
			return
		}
	}
	if temporal > p.layer.Temporal && temporal <= s.target.Temporal {
		if s.unsynced++; s.unsynced >= syncPatience {
			s.unsynced = 0
			s.ask(s.origin.Encoding, d)
		}
	}
}
