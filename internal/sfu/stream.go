package sfu

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klatch/klatch/internal/sfu/layer"
	"github.com/klatch/klatch/internal/sfu/packet"
	"github.com/klatch/klatch/internal/wire"
)

// source is where the packets of a stream come from: an uplink. Whoever implements it calls Stream.forward for
// each packet and Stream.restart when the numbers of an encoding do not continue the former ones.
type source interface {
	// requestKeyFrame asks for a key frame of an encoding. It must not block.
	requestKeyFrame(encoding int)
	// activate reports which encodings somebody takes. The source may stop sending the others.
	activate(active [maxEncodings]bool)
	// arriving reports whether packets of an encoding have arrived: before that, nothing can be asked for.
	arriving(encoding int) bool
}

// sink is what takes the packets of a stream: a downlink.
type sink interface {
	// send takes a packet. It is called under the lock of the stream and must not block; it retains the packet if
	// it keeps it.
	send(p *packet.Packet)
	// wants returns the layer that the sink is to be sent.
	wants() layer.Layer
}

// publication is what a source has agreed to send.
type publication struct {
	source    source
	codecs    []codec // any of them may arrive; the first is the preferred one
	encodings int     // 1 to maxEncodings
	enabled   bool
}

// Stream is what one participant sends of one kind, as its subscribers see it: it stays the same when the publisher
// connects anew. Packets come from one source and go to any number of sinks. Shape: mutex.
type Stream struct {
	id      string
	group   string // what is played in sync with it
	kind    wire.Kind
	video   bool
	owner   owner
	changed func() // what subscribers can have of the stream may have changed

	level      levelMeter // audio only
	redundancy redundancy // audio only; guarded by fan

	published atomic.Pointer[publication] // nil: not published
	enabled   atomic.Bool
	shown     atomic.Bool            // enabled once since it was published: subscribers have it in their offers
	pinned    atomic.Bool            // somebody has pinned it for everybody
	sinks     atomic.Pointer[[]sink] // copied when it changes
	sinksMu   sync.Mutex             // held to change sinks

	// fan is held while a packet goes out to all sinks. It is free whenever forward comes, but for the
	// moment in which a publisher's new connection takes over from the old one.
	fan       sync.Mutex
	codecTold string // name of the codec that others were told of; guarded by fan

	arrived   atomic.Pointer[codec] // what the packets are encoded with, nil until the first one comes
	encodings [maxEncodings]encoding
	clocks    layer.Clocks // of the encodings
}

// epochs counts the epochs of the encodings of all streams: a sink can go from one stream to another, and has to see
// that its packets do not continue those before.
var epochs atomic.Uint32

// newStream returns a stream of a participant that nothing is published to yet. tag names the participant in SDP.
func newStream(o owner, tag string, kind wire.Kind, changed func()) *Stream {
	s := &Stream{
		id: tag + "-" + string(kind), group: tag, kind: kind, video: mediaOf(kind) == "video", owner: o, changed: changed,
	}
	if kind == wire.Share || kind == wire.ShareAudio {
		s.group += "-share"
	}
	s.sinks.Store(&[]sink{})
	return s
}

// announced reports whether subscribers may have the stream.
func (s *Stream) announced() bool { return s.published.Load() != nil && s.shown.Load() }

// source returns where the packets come from, nil when the stream is not published.
func (s *Stream) source() source {
	if p := s.published.Load(); p != nil {
		return p.source
	}
	return nil
}

// publish makes p.source the source of the stream.
func (s *Stream) publish(p *publication) {
	s.fan.Lock()
	before := s.published.Swap(p)
	if before == nil || before.source != p.source {
		s.arrived.Store(nil)
		s.forgetClocks()
		s.restartAll()
		for i := range s.encodings {
			e := &s.encodings[i]
			e.counting, e.window = measurement{}, time.Time{}
			e.measured.Store(nil)
			e.stopped.Store(false)
		}
	}
	s.codecTold = s.codec().name()
	s.fan.Unlock()
	s.setEnabled(p.enabled)
}

// encodingCount returns how many encodings the source has.
func (s *Stream) encodingCount() int {
	if p := s.published.Load(); p != nil {
		return max(1, p.encodings)
	}
	return 1
}

// codec returns what is sent as far as it is known: the codec that arrives, before that the preferred one.
func (s *Stream) codec() codec {
	p, c := s.published.Load(), s.arrived.Load()
	switch {
	case c != nil && (p == nil || slices.Contains(p.codecs, *c)):
		return *c
	case p == nil || len(p.codecs) == 0:
		return codec{}
	}
	return p.codecs[0]
}

// unpublish ends the stream until it is published again, and reports whether it was published.
func (s *Stream) unpublish() bool {
	if s.published.Swap(nil) == nil {
		return false
	}
	s.shown.Store(false)
	s.enabled.Store(false)
	s.restartAll()
	s.forgetClocks()
	for i := range s.encodings {
		s.encodings[i].history.Clear()
	}
	return true
}

// setEnabled switches forwarding, and reports whether subscribers are to be told of the stream.
func (s *Stream) setEnabled(on bool) (announce bool) {
	if s.enabled.Swap(on) == on || !on {
		return false
	}
	s.restartAll() // what comes now does not continue what was sent before
	s.requestKeyFrame(0)
	return !s.shown.Swap(true)
}

// restart notes that the numbers of an encoding do not continue the former ones: it has another SSRC.
func (s *Stream) restart(from source, encoding int) {
	if s.source() == from {
		s.encodings[encoding].epoch.Store(epochs.Add(1))
		s.encodings[encoding].clock.Store(nil)
	}
}

func (s *Stream) forgetClocks() {
	for i := range s.encodings {
		s.encodings[i].clock.Store(nil)
	}
}

func (s *Stream) restartAll() {
	for i := range s.encodings {
		s.encodings[i].epoch.Store(epochs.Add(1))
	}
}

// takes reports whether packets of a source would be forwarded.
func (s *Stream) takes(from source) bool { return s.enabled.Load() && s.source() == from }

// forward sends a packet, encoded with c, to all sinks. It fills in the epoch. The caller keeps its reference.
func (s *Stream) forward(from source, p *packet.Packet, c codec) {
	s.fan.Lock()
	defer s.fan.Unlock()
	if !s.takes(from) {
		return
	}
	if arrived := s.arrived.Load(); arrived == nil || *arrived != c {
		s.changeCodecLocked(c)
	}
	e := &s.encodings[p.Encoding]
	p.Epoch = e.epoch.Load()
	e.put(p)
	e.measure(p)
	if p.Facts.KeyFrame {
		e.keyFrameArrived()
	}
	for _, to := range *s.sinks.Load() {
		to.send(p)
	}
	s.redundancy.end()
}

// changeCodecLocked notes that another codec arrives than before, or the first. Its numbers go on, but receivers begin
// anew with a key frame. Others hear of it when it is not what they were told: offers announce the first codec of the
// answer, and a sender may use any of them, at any time (RFC 8829, section 5.2.1).
func (s *Stream) changeCodecLocked(c codec) {
	if s.arrived.Swap(&c) != nil {
		s.restartAll()
		s.requestKeyFrame(0)
	}
	if name := c.name(); name != s.codecTold {
		s.codecTold = name
		s.owner.events.CodecChanged(s.owner.ref, wire.Stream{ID: s.id, Kind: s.kind, Codec: name})
	}
	s.changed() // subscribers find out whether they take it
}

func (s *Stream) subscribe(to sink) {
	s.sinksMu.Lock()
	defer s.sinksMu.Unlock()
	old := *s.sinks.Load()
	if slices.Contains(old, to) {
		return
	}
	next := append(slices.Clone(old), to)
	s.sinks.Store(&next)
}

func (s *Stream) unsubscribe(from sink) {
	s.sinksMu.Lock()
	defer s.sinksMu.Unlock()
	next := slices.DeleteFunc(slices.Clone(*s.sinks.Load()), func(other sink) bool { return other == from })
	s.sinks.Store(&next)
}

// requestKeyFrame asks the source for a key frame of an encoding, at once or when the last request is long enough ago.
func (s *Stream) requestKeyFrame(encoding int) {
	// What comes first from a new source is asked for when it turns out not to be a key frame.
	if s.video && s.canAsk(encoding) && s.encodings[encoding].turn(func() { s.askLater(encoding) }) {
		s.askKeyFrame(encoding)
	}
}

// askLater runs on the goroutine of a timer.
func (s *Stream) askLater(encoding int) {
	defer s.owner.guard("a key frame request")
	s.askKeyFrame(encoding)
}

func (s *Stream) canAsk(encoding int) bool {
	from := s.source()
	return from != nil && s.enabled.Load() && from.arriving(encoding)
}

func (s *Stream) askKeyFrame(encoding int) {
	if from := s.source(); from != nil && s.canAsk(encoding) {
		from.requestKeyFrame(encoding)
	}
}

// senderReport takes a sender report of the source for an encoding.
func (s *Stream) senderReport(from source, encoding int, point clockPoint) {
	if s.source() == from {
		e := &s.encodings[encoding]
		e.clock.Store(&point)
		s.clocks.Report(layer.Origin{Encoding: int8(encoding), Epoch: e.epoch.Load()}, point.ntp, point.rtpTime)
	}
}
