package sfu

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"github.com/klatch/klatch/internal/wire"
)

// Stream is what one participant sends of one kind, as its subscribers see it: it stays the same when the publisher
// connects anew. Shape: mutex.
type Stream struct {
	id    string
	peer  *peer
	kind  wire.Kind
	video bool

	level levelMeter                 // audio only
	clock atomic.Pointer[clockPoint] // last sender report of the publisher

	source  atomic.Pointer[upTrack] // nil: not published
	enabled atomic.Bool
	shown   atomic.Bool // enabled once since it was published: subscribers have it in their offers
	epoch   atomic.Uint32
	subs    atomic.Pointer[[]*downTrack] // copied when it changes
	subsMu  sync.Mutex                   // held to change subs

	// fan is held while a packet goes out to all subscribers. It is free whenever forward comes, but for the
	// moment in which a publisher's new connection takes over from the old one.
	fan       sync.Mutex
	media     media  // guarded by fan; kept, so that passing it on does not allocate
	h264      h264   // guarded by fan
	codecTold string // name of the codec that others were told of; guarded by fan

	arrived atomic.Pointer[codec] // what the packets are encoded with, nil until the first one comes

	ring ring

	keyMu    sync.Mutex // guards the two below
	keyAsked time.Time
	keyTimer *time.Timer // set: a request waits for its turn
}

// media is a packet on its way to the subscribers.
type media struct {
	seqno   uint16
	rtpTime uint32
	marker  bool
	key     bool   // the first packet of a key frame
	sets    []byte // with key: what a receiver who begins here needs before it; nil for nothing
	epoch   uint32
	codec   codec
	payload []byte
	at      time.Time
}

// clockPoint ties the publisher's RTP clock to its wall clock.
type clockPoint struct {
	ntp     uint64 // NTP format, RFC 3550, section 4
	rtpTime uint32
	at      time.Time // when it came, by our clock
	track   *upTrack
}

// keyFrameEvery is the least time between two PLIs for a stream. An encoder needs about that long to be worth asking
// again, and 60 joins in a second shall cost one key frame or two, not 60.
const keyFrameEvery = 500 * time.Millisecond

func newStream(p *peer, kind wire.Kind) *Stream {
	s := &Stream{id: p.tag + "-" + string(kind), peer: p, kind: kind, video: mediaOf(kind) == "video"}
	s.subs.Store(&[]*downTrack{})
	return s
}

// announced reports whether subscribers may have the stream.
func (s *Stream) announced() bool { return s.source.Load() != nil && s.shown.Load() }

// publish makes t the source of the stream.
func (s *Stream) publish(t *upTrack) {
	n := t.params.Load()
	if s.source.Swap(t) != t {
		s.fan.Lock()
		s.arrived.Store(nil)
		s.h264 = h264{}
		s.fan.Unlock()
		s.epoch.Add(1)
	}
	s.fan.Lock()
	s.codecTold = s.codecOf(t).name()
	for _, line := range n.h264 {
		s.h264.learn(line)
	}
	s.fan.Unlock()
	s.setEnabled(n.enabled)
}

// codecOf returns what t sends as far as it is known: the codec that arrives, before that the first of the answer.
func (s *Stream) codecOf(t *upTrack) codec {
	if c := s.arrived.Load(); c != nil && s.source.Load() == t && t.params.Load().takes(*c) {
		return *c
	}
	return t.first
}

// unpublish ends the stream of a kind until it is published again.
func (s *session) unpublish(p *peer, kind wire.Kind) {
	s.mu.RLock()
	st := p.streams[kind]
	s.mu.RUnlock()
	if st == nil || st.source.Swap(nil) == nil {
		return
	}
	st.shown.Store(false)
	st.enabled.Store(false)
	st.epoch.Add(1)
	s.wake()
}

// setEnabled switches forwarding, and reports whether subscribers are to be told of the stream.
func (s *Stream) setEnabled(on bool) (announce bool) {
	if s.enabled.Swap(on) == on || !on {
		return false
	}
	s.epoch.Add(1) // what comes now does not continue what was sent before
	s.requestKeyFrame()
	return !s.shown.Swap(true)
}

// sourceChanged is called when t's SSRC changes: its numbers do not continue the former ones.
func (s *Stream) sourceChanged(t *upTrack) {
	if s.source.Load() == t {
		s.epoch.Add(1)
	}
}

// forward sends a packet to all subscribers. The payload is the caller's again when it returns.
func (s *Stream) forward(t *upTrack, p *rtp.Packet, c codec, now time.Time) {
	if s.source.Load() != t || !s.enabled.Load() {
		return
	}
	s.fan.Lock()
	defer s.fan.Unlock()
	m := &s.media
	if arrived := s.arrived.Load(); arrived == nil || *arrived != c {
		s.changeCodecLocked(c)
	}
	m.seqno, m.rtpTime, m.marker, m.payload = p.SequenceNumber, p.Timestamp, p.Marker, p.Payload
	m.codec, m.at, m.epoch = c, now, s.epoch.Load()
	switch {
	case !s.video:
	case c.mime == mimeH264:
		m.key, m.sets = s.h264.look(p.Payload, p.Timestamp)
	default:
		m.key, m.sets = startsKeyFrame(c.mime, p.Payload), nil
	}
	if s.video {
		s.ring.put(m)
		if m.key {
			s.keyFrameCame()
		}
	}
	subs := *s.subs.Load()
	for _, d := range subs {
		d.send(m)
	}
}

// changeCodecLocked notes that another codec arrives than before, or the first. Its numbers go on, but receivers begin
// anew with a key frame. Others hear of it when it is not what they were told: offers announce the first codec of the
// answer, and a sender may use any of them, at any time (RFC 8829, section 5.2.1).
func (s *Stream) changeCodecLocked(c codec) {
	if s.arrived.Swap(&c) != nil {
		s.epoch.Add(1)
		s.requestKeyFrame()
	}
	if name := c.name(); name != s.codecTold {
		s.codecTold = name
		s.peer.sfu.events.CodecChanged(s.peer.ref, wire.Stream{ID: s.id, Kind: s.kind, Codec: name})
	}
	s.peer.session.wake() // subscribers find out whether they take it
}

func (s *Stream) subscribe(d *downTrack) {
	s.subsMu.Lock()
	defer s.subsMu.Unlock()
	old := *s.subs.Load()
	if slices.Contains(old, d) {
		return
	}
	next := append(slices.Clone(old), d)
	s.subs.Store(&next)
}

func (s *Stream) unsubscribe(d *downTrack) {
	s.subsMu.Lock()
	defer s.subsMu.Unlock()
	next := slices.DeleteFunc(slices.Clone(*s.subs.Load()), func(other *downTrack) bool { return other == d })
	s.subs.Store(&next)
}

// requestKeyFrame asks the publisher for a key frame, at once or when the last request is long enough ago.
func (s *Stream) requestKeyFrame() {
	if !s.video || !s.canAsk() {
		return // what comes first from a new source is asked for when it turns out not to be a key frame
	}
	s.keyMu.Lock()
	if s.keyTimer != nil {
		s.keyMu.Unlock()
		return
	}
	wait := keyFrameEvery - time.Since(s.keyAsked)
	if wait > 0 {
		s.keyTimer = time.AfterFunc(wait, func() {
			defer s.peer.guard("a key frame request")
			s.keyMu.Lock()
			s.keyTimer, s.keyAsked = nil, time.Now()
			s.keyMu.Unlock()
			s.askKeyFrame()
		})
		s.keyMu.Unlock()
		return
	}
	s.keyAsked = time.Now()
	s.keyMu.Unlock()
	s.askKeyFrame()
}

// keyFrameCame answers the request that waits for its turn.
func (s *Stream) keyFrameCame() {
	s.keyMu.Lock()
	if s.keyTimer != nil && s.keyTimer.Stop() {
		s.keyTimer = nil
	}
	s.keyMu.Unlock()
}

func (s *Stream) canAsk() bool {
	t := s.source.Load()
	return t != nil && s.enabled.Load() && t.ssrc.Load() != 0
}

func (s *Stream) askKeyFrame() {
	if t := s.source.Load(); t != nil && s.canAsk() {
		t.askKeyFrame()
	}
}

// syncGroup names what is played in sync with this stream.
func (s *Stream) syncGroup() string {
	if s.kind == wire.Share || s.kind == wire.ShareAudio {
		return s.peer.tag + "-share"
	}
	return s.peer.tag
}
