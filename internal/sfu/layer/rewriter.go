package layer

import (
	"time"

	"github.com/klatch/klatch/internal/payload"
)

// pictureWindow is of how many pictures the ids are remembered. A power of two.
const pictureWindow = 128

// Config is what a Rewriter needs to know.
type Config struct {
	ClockRate uint32 // of the RTP timestamps, per second
	// History is how many packets can be mapped back; a power of two, at most 32768.
	History int
	// Clocks of the source, nil if they are not known. Timestamps of different encodings are aligned by it.
	Clocks *Clocks
}

// Rewriter makes one continuous stream of the packets that are forwarded to a sink, whatever they come from. Packets
// that are left out leave no gap; packets that have not come keep their number and get it when they come late. The zero
// value is not ready for use: use NewRewriter.
type Rewriter struct {
	rate   float64
	clocks *Clocks
	size   int

	now, before mapping // before: of the origin until the last switch

	history []outgoing // by outgoing number; made with the first packet
	started bool
	last    uint16 // highest number that was given
	middle  bool   // the newest packet is not the last one of its picture

	lastTime uint32 // latest outgoing timestamp
	timed    bool   // lastTime is set
	lastAt   time.Time
	debt     int64 // by how much timestamps are later than they should be

	lastPicture, lastFrame uint16
	lastTL0PICIDX          uint8
	hasPicture, hasFrame   bool

	sets       []byte // the last parameter sets that were sent before a packet
	setsNumber uint16
	repeatSets bool // they are sent again before the next key frame
}

// mapping is what ties the numbers of an origin to those that are sent.
type mapping struct {
	origin     Origin
	packets    numbers
	time       uint32 // outgoing timestamp minus the source's
	newestTime uint32 // source timestamp of the newest packet
	leftOut    bool   // the newest packet was left out
	idle       bool   // packets have come since that have no place: they are not missed either

	pictures      numbers // of VP8, where pictures are left out
	pictureOffset uint16  // of VP9, where the distances between pictures mean something
	frameOffset   uint16  // of the dependency descriptor
	levelOffset   uint8   // of TL0PICIDX
}

// outgoing is what was sent under a number, or will be. There are History of them for each sink: its fields are in an
// order that leaves no holes.
type outgoing struct {
	values         values
	epoch          uint32 // of the origin
	number, source uint16
	encoding       int8 // of the origin
	state          state
	isSets         bool
}

func (e *outgoing) origin() Origin { return Origin{Encoding: e.encoding, Epoch: e.epoch} }

func (e *outgoing) setOrigin(o Origin) { e.encoding, e.epoch = o.Encoding, o.Epoch }

// values are what the rewriter puts into a packet beside its number.
type values struct {
	timestamp      uint32
	active         uint32
	picture, frame uint16
	level          uint8
	marker         bool
	rewrite        bool
}

// Outgoing is how a packet is sent.
type Outgoing struct {
	SequenceNumber uint16
	Timestamp      uint32
	Marker         bool
	// Padding: a packet with nothing but padding is sent in place of this one: the receiver waits for its number.
	Padding bool
	// Sets is a payload that is sent before the packet, with the number before it, its timestamp and no marker. Nil:
	// none.
	Sets []byte
	// RewritePayload: Payload is to be called with a copy.
	RewritePayload bool

	picture, frame uint16
	active         uint32
	level          uint8
}

// Payload writes the picture id and TL0PICIDX into a copy of the payload whose facts are f.
func (o *Outgoing) Payload(b []byte, f *payload.Facts) {
	if at := int(f.PictureIDAt); f.PictureIDBits == 15 && at+1 < len(b) {
		b[at], b[at+1] = 0x80|byte(o.picture>>8), byte(o.picture)
	} else if f.PictureIDBits == 7 && at < len(b) {
		b[at] = byte(o.picture) & 0x7f
	}
	if at := int(f.TL0PICIDXAt); at != 0 && at < len(b) {
		b[at] = o.level
	}
}

// Descriptor appends the dependency descriptor of the packet as it is sent, of b, that of the packet whose facts are f.
func (o *Outgoing) Descriptor(into, b []byte, f *payload.Facts) []byte {
	return f.Dependency.Rewrite(into, b, o.frame, o.active)
}

// NewRewriter returns a rewriter of a stream.
func NewRewriter(c Config) *Rewriter {
	return &Rewriter{rate: float64(c.ClockRate), clocks: c.Clocks, size: c.History}
}

// SetClocks sets the clocks of the source that is forwarded from now on.
func (r *Rewriter) SetClocks(c *Clocks) { r.clocks = c }

// RepeatSets has the parameter sets of the next key frame sent before it again, where it comes without its own: what
// the receiver got before may not have reached its decoder.
func (r *Rewriter) RepeatSets() { r.repeatSets = true }

// Map numbers a packet for which the Selector made the decision d, and reports whether something is sent for it.
// Packets that are not forwarded are passed to it as well. It is called once for each packet of every origin, in the
// order of arrival, at the time now; a packet that came before counts for nothing.
func (r *Rewriter) Map(o Origin, seqno uint16, f *payload.Facts, d Decision, now time.Time) (out Outgoing, ok bool) {
	if d.Switch {
		r.begin(o, seqno, f, now)
	}
	m := &r.now
	if !m.packets.begun || m.origin != o || int16(seqno-m.packets.first) < 0 {
		if m = &r.before; !m.packets.begun || m.origin != o || int16(seqno-m.packets.newest) > 0 {
			return out, false
		}
	}
	if d.Idle && int16(seqno-m.packets.newest) > 0 {
		m.idle = true
		return out, false
	}
	gap := seqno-m.packets.newest > 1
	if m.packets.reach(seqno, m.idle || !d.Forward && m.leftOut && f.RTPTime == m.newestTime) {
		m.idle = false
		if gap {
			r.reserve(m, seqno)
		}
		ok = r.newest(m, seqno, f, d, now, &out)
	} else {
		ok = r.late(m, seqno, f, d, &out)
	}
	return out, ok
}

// begin continues with another origin, or with the same one after a pause.
func (r *Rewriter) begin(o Origin, seqno uint16, f *payload.Facts, now time.Time) {
	if r.history == nil {
		r.history = make([]outgoing, r.size)
	}
	previous := r.now
	r.now = r.before // its memory
	r.before = previous
	if previous.packets.begun && previous.origin == o {
		r.giveUp(&previous, seqno)
	}
	m := &r.now
	m.origin, m.leftOut, m.idle, m.newestTime = o, false, false, f.RTPTime
	first := seqno
	if r.started {
		first = r.last + 1
		if f.Sets != nil {
			first++
		}
		m.time = r.align(&r.before, o, f.RTPTime, now) - f.RTPTime
	} else {
		m.time = 0
	}
	m.packets.begin(seqno, first, r.size)
	m.pictures.begun = false
	if f.PictureIDBits != 0 {
		picture, level := f.PictureID, f.TL0PICIDX
		if r.hasPicture {
			picture, level = r.lastPicture+1, r.lastTL0PICIDX+1
		}
		m.pictures.begin(f.PictureID, picture, pictureWindow)
		m.pictureOffset, m.levelOffset = picture-f.PictureID, level-f.TL0PICIDX
	}
	m.frameOffset = 0
	if r.hasFrame {
		m.frameOffset = r.lastFrame + 1 - f.Dependency.Number
	}
	if f.Sets != nil {
		r.putSets(m, first-1, f)
	}
}

// putSets notes that the parameter sets of a key frame are sent under that number.
func (r *Rewriter) putSets(m *mapping, n uint16, f *payload.Facts) {
	r.sets, r.setsNumber, r.repeatSets = f.Sets, n, false
	*r.slot(n) = outgoing{
		number: n, encoding: m.origin.Encoding, epoch: m.origin.Epoch, state: sent, isSets: true,
		values: values{timestamp: f.RTPTime + m.time},
	}
}

// giveUp puts padding in place of packets from seqno on, which will get other numbers when they come.
func (r *Rewriter) giveUp(m *mapping, seqno uint16) {
	for s := m.packets.newest; int16(s-seqno) >= 0; s-- {
		e := m.packets.find(s)
		if e == nil {
			return
		}
		if slot := r.slot(e.out); e.state == reserved && slot.state == reserved && slot.number == e.out {
			e.state, slot.state = filled, filled
		}
	}
}

// align returns the outgoing timestamp of the first packet of a new origin: as much after the last one as it was taken
// later, by the clocks of the source where they are known, else by the time that has passed here.
func (r *Rewriter) align(from *mapping, to Origin, rtpTime uint32, now time.Time) uint32 {
	const most = 5 // seconds; clocks that differ more from the time that has passed are wrong
	passed := now.Sub(r.lastAt).Seconds()
	elapsed := int64(passed * r.rate)
	if from.origin == to {
		r.debt = 0
		return r.lastTime + uint32(max(1, r.plausible(int64(int32(rtpTime+from.time-r.lastTime)), elapsed, most)))
	}
	then, known := r.clocks.at(from.origin, r.lastTime-from.time, r.rate)
	here, both := r.clocks.at(to, rtpTime, r.rate)
	if !known || !both || here-then > passed+most || here-then < passed-most {
		r.debt = 0
		return r.lastTime + uint32(max(1, elapsed))
	}
	delta := int64((here-then)*r.rate+0.5) - r.debt
	r.debt = max(1, delta) - delta
	return r.lastTime + uint32(max(1, delta))
}

// plausible returns delta unless it is far from what has elapsed.
func (r *Rewriter) plausible(delta, elapsed int64, seconds float64) int64 {
	if most := int64(seconds * r.rate); delta > elapsed+most || delta < elapsed-most {
		return elapsed
	}
	return delta
}

// newest numbers a packet that is the newest one of its origin.
func (r *Rewriter) newest(m *mapping, seqno uint16, f *payload.Facts, d Decision, now time.Time, out *Outgoing) bool {
	m.newestTime, m.leftOut = f.RTPTime, !d.Forward
	picture, ok := m.picture(f, d.Forward)
	if !ok {
		d.Forward = false
		m.leftOut = true
	}
	repeat := d.Forward && !d.Switch && r.repeatSets && f.Sets != nil && m == &r.now
	if repeat {
		m.packets.offset++ // they get the number of this packet, and it the one after that
	}
	n := m.packets.put(d.Forward)
	if !d.Forward {
		return false
	}
	if repeat {
		r.putSets(m, n-1, f)
	}
	slot := r.slot(n)
	slot.number, slot.source, slot.state, slot.isSets = n, seqno, sent, false
	slot.setOrigin(m.origin)
	v := &slot.values
	v.fill(m, f, &d, picture)
	r.started, r.last, r.middle, r.lastAt = true, n, !v.marker, now
	r.note(f, v)
	slot.fill(out)
	if d.Switch || repeat {
		out.Sets = f.Sets
	}
	return true
}

// late numbers a packet that is not the newest one: it gets the number that was reserved for it.
func (r *Rewriter) late(m *mapping, seqno uint16, f *payload.Facts, d Decision, out *Outgoing) bool {
	e := m.packets.find(seqno)
	if e == nil || e.state != reserved {
		return false
	}
	slot := r.slot(e.out)
	if slot.number != e.out || slot.state != reserved {
		return false // too old
	}
	picture, ok := m.picture(f, d.Forward)
	e.state = sent
	if !ok || !d.Forward {
		e.state = filled
	}
	slot.source, slot.state = seqno, e.state
	slot.setOrigin(m.origin)
	slot.values.fill(m, f, &d, picture)
	slot.values.marker = slot.values.marker && e.state == sent
	if e.state == sent {
		r.note(f, &slot.values)
	}
	slot.fill(out)
	return true
}

// reserve notes for which source numbers the outgoing ones before seqno's are.
func (r *Rewriter) reserve(m *mapping, seqno uint16) {
	for s := seqno - 1; ; s-- {
		e := m.packets.find(s)
		if e == nil || e.state != reserved {
			return
		}
		slot := r.slot(e.out)
		if slot.number == e.out && slot.state == reserved && slot.source == s && slot.origin() == m.origin {
			return
		}
		*slot = outgoing{number: e.out, source: s, state: reserved}
		slot.setOrigin(m.origin)
		if r.started && int16(e.out-r.last) > 0 {
			r.last = e.out
		}
	}
}

func (r *Rewriter) slot(n uint16) *outgoing { return &r.history[int(n)&(len(r.history)-1)] }

// picture returns the outgoing picture id, and false where there is none for it because its picture was left out.
func (m *mapping) picture(f *payload.Facts, forward bool) (uint16, bool) {
	if f.PictureIDBits == 0 {
		return 0, true
	}
	if f.Codec != payload.VP8 {
		return f.PictureID + m.pictureOffset, true
	}
	if !m.pictures.begun {
		m.pictures.begin(f.PictureID, f.PictureID+m.pictureOffset, pictureWindow)
	}
	// Numbers of 7 or 15 bits are unwrapped to 16: the nearest to the newest one.
	shift := 16 - f.PictureIDBits
	id := m.pictures.newest + uint16(int16((f.PictureID-m.pictures.newest)<<shift)>>shift)
	if m.pictures.reach(id, false) {
		return m.pictures.put(forward), true
	}
	e := m.pictures.find(id)
	switch {
	case e == nil:
		return 0, false
	case e.state == reserved && forward:
		e.state = sent
	case e.state != sent:
		return 0, false
	}
	return e.out, true
}

// fill writes what a packet gets. Field by field: copies of whole structs cost more than all the rest.
func (v *values) fill(m *mapping, f *payload.Facts, d *Decision, picture uint16) {
	v.timestamp, v.marker = f.RTPTime+m.time, f.Marker || d.Marker
	v.picture, v.level = picture&(1<<f.PictureIDBits-1), f.TL0PICIDX+m.levelOffset
	v.rewrite = f.PictureIDBits != 0 && v.picture != f.PictureID || f.TL0PICIDXAt != 0 && m.levelOffset != 0
	v.frame, v.active = f.Dependency.Number+m.frameOffset, d.Active
}

// note keeps the latest timestamp and ids, with which the next origin goes on.
func (r *Rewriter) note(f *payload.Facts, v *values) {
	if !r.timed || int32(v.timestamp-r.lastTime) > 0 {
		r.lastTime, r.timed = v.timestamp, true
	}
	if f.PictureIDBits != 0 {
		shift := 16 - f.PictureIDBits
		if !r.hasPicture || int16((v.picture-r.lastPicture)<<shift) > 0 {
			r.lastPicture = v.picture
		}
		if !r.hasPicture || int8(v.level-r.lastTL0PICIDX) > 0 {
			r.lastTL0PICIDX = v.level
		}
		r.hasPicture = true
	}
	if f.Dependency.Structure != nil {
		if !r.hasFrame || int16(v.frame-r.lastFrame) > 0 {
			r.lastFrame = v.frame
		}
		r.hasFrame = true
	}
}

// fill writes how the packet of a slot is sent.
func (e *outgoing) fill(out *Outgoing) {
	out.SequenceNumber, out.Timestamp, out.Marker = e.number, e.values.timestamp, e.values.marker
	out.Padding = e.state == filled
	out.RewritePayload = e.values.rewrite
	out.picture, out.frame, out.active, out.level = e.values.picture, e.values.frame, e.values.active, e.values.level
}

// Pad returns the next number for a packet of nothing but padding. It is false in the middle of a picture, where
// receivers take padding for a part of it, and before the first packet.
func (r *Rewriter) Pad() (out Outgoing, ok bool) {
	if !r.started || r.middle {
		return out, false
	}
	r.now.packets.offset++
	r.last++
	slot := r.slot(r.last)
	*slot = outgoing{number: r.last, state: filled, values: values{timestamp: r.lastTime}}
	slot.fill(&out)
	return out, true
}

// Timestamp returns the outgoing timestamp of a source's RTP time, for sender reports. It is false for an origin that
// is not the one that is sent.
func (r *Rewriter) Timestamp(o Origin, rtpTime uint32) (uint32, bool) {
	return rtpTime + r.now.time, r.started && r.now.origin == o
}

// Source is what was sent under a number.
type Source struct {
	Origin         Origin
	SequenceNumber uint16 // of the source
	// Out is how the packet was sent. Out.Padding: it was padding or is to be, whatever the source is. Out.Sets: the
	// packet was this payload alone.
	Out Outgoing
	// Missed: the number is kept for a packet that has not come. When it comes after all, or is found to have come
	// before the switch to its encoding, Select and Map decide about it.
	Missed bool
}

// Source returns what was sent under an outgoing number, for a receiver that has lost it. It is false for a number that
// was not given or is too old.
func (r *Rewriter) Source(n uint16) (Source, bool) {
	if r.history == nil {
		return Source{}, false
	}
	e := r.slot(n)
	if e.state == free || e.number != n || e.isSets && r.setsNumber != n {
		return Source{}, false
	}
	s := Source{Origin: e.origin(), SequenceNumber: e.source, Missed: e.state == reserved}
	e.fill(&s.Out)
	if e.isSets {
		s.Out.Sets = r.sets
	}
	return s, true
}
