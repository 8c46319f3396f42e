package sfu

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/transport/v4/packetio"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/internal/wire"
)

// downConn is one subscribe connection: the set of tracks that it sends. How both sides agree on them is not its
// concern, see offerer. What is not atomic belongs to the subscriber's loop.
type downConn struct {
	owner  owner
	engine *engine
	stats  *counters
	api    *webrtc.API // pc is from it
	pc     *webrtc.PeerConnection
	rtp    *rtpTransport // of pc

	up      atomic.Bool // packets arrive
	lost    atomic.Bool // SubscribeLost was told, and it has not come up since
	gone    atomic.Bool // closed by the client, or by its misuse
	dropped atomic.Bool // closed by us
	broken  atomic.Bool // its work panicked

	transmitter *transmitter
	allocation  allocation
	protection  protection // of audio
	references  references
	tracks      map[wire.StreamRef]*downTrack
	data        *dataConn // nil: the connection has no data channels

	ssrcs  atomic.Int32
	list   atomic.Pointer[[]*downTrack] // tracks, for other goroutines
	mu     sync.Mutex                   // guards bySSRC
	bySSRC map[uint32]*downTrack
}

func newDownConn(sv *services, o owner) (*downConn, error) {
	codecs, err := subscribeCodecs()
	if err != nil {
		return nil, errSubscribe("codecs", err)
	}
	c := &downConn{
		owner: o, engine: sv.engine, stats: sv.stats,
		tracks: map[wire.StreamRef]*downTrack{}, bySSRC: map[uint32]*downTrack{},
	}
	c.list.Store(&[]*downTrack{})
	c.transmitter = newTransmitter(sv.stats, c.crashed)
	c.transmitter.recorder = o.ref.Recorder
	c.transmitter.filler, c.transmitter.port = c.fill, sv.engine.ports.udp
	c.api, c.pc, c.rtp, err = sv.engine.connectionOf(codecs, c.buffer)
	return c, err
}

// buffer is called by pion for each SSRC that the client sends from or names in RTCP.
func (c *downConn) buffer(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	if c.ssrcs.Add(1) == maxDownSSRCs {
		c.gone.Store(true)
		c.engine.discard(c.pc)
	}
	if kind == packetio.RTPBufferPacket {
		return &receiver{func([]byte) {}, &c.ssrcs, c.crashed} // a subscriber sends no media
	}
	return &receiver{func(packet []byte) { c.receiveRTCP(ssrc, packet) }, &c.ssrcs, c.crashed}
}

// crashed ends the connection after a panic in its work; the meeting has it made anew.
func (c *downConn) crashed(panicked any) {
	if c.broken.Swap(true) {
		return
	}
	c.up.Store(false)
	c.owner.crashed("the subscribe connection", panicked)
	c.gone.Store(true)
	c.engine.discard(c.pc)
}

// maxDownSSRCs bounds what a subscriber can make pion remember by naming SSRCs in RTCP.
const maxDownSSRCs = 4096

// addData adds data channels, which have to be negotiated.
func (c *downConn) addData(sv *services, port *dataPort) (err error) {
	c.data, err = newDataConn(sv.ctx, sv, c.pc, c.rtp, port, func() {
		c.gone.Store(true)
		c.engine.discard(c.pc)
	})
	return err
}

// close ends the connection in the background.
func (c *downConn) close() {
	if c.data != nil {
		c.data.close()
	}
	for _, d := range c.tracks {
		d.stream.unsubscribe(d)
	}
	c.up.Store(false)
	c.dropped.Store(true)
	c.transmitter.close()
	c.engine.discard(c.pc)
}

// fill makes a packet of padding for a probe.
func (c *downConn) fill(limit int) (x transmission, ok bool) {
	for _, d := range *c.list.Load() {
		if x, ok = d.fill(limit); ok {
			return x, true
		}
	}
	return x, false
}

// connected lets the tracks begin.
func (c *downConn) connected() {
	c.lost.Store(false)
	c.up.Store(true)
	for _, d := range *c.list.Load() {
		d.begin()
	}
}

// silence stops at once what is not in streams any more; the next offer removes it.
func (c *downConn) silence(streams map[wire.StreamRef]*Stream) {
	for ref, d := range c.tracks {
		if streams[ref] != d.stream {
			d.stream.unsubscribe(d)
		}
	}
}

// change makes the transceivers those of streams, and reports whether that has to be negotiated.
func (c *downConn) change(streams map[wire.StreamRef]*Stream) (changed bool, err error) {
	left := map[*webrtc.RTPTransceiver]bool{}
	for ref, d := range c.tracks {
		if streams[ref] == d.stream {
			d.stream.subscribe(d) // it may have been silenced, and come back before an offer said so
			continue
		}
		left[d.transceiver] = true
		d.stream.unsubscribe(d)
		if err := c.pc.RemoveTrack(d.transceiver.Sender()); err != nil {
			return false, errSubscribe("remove a track", err)
		}
		delete(c.tracks, ref)
		changed = true
	}
	for _, ref := range slices.SortedFunc(maps.Keys(streams), compareRefs) {
		st := streams[ref]
		if c.tracks[ref] != nil {
			continue
		}
		d := newDownTrack(ref, st, c)
		if err := c.add(d, left); err != nil {
			return false, err
		}
		c.tracks[ref] = d
		st.subscribe(d)
		changed = true
	}
	if changed {
		list := make([]*downTrack, 0, len(c.tracks))
		for _, d := range c.tracks {
			list = append(list, d)
		}
		c.list.Store(&list)
	}
	return changed, nil
}

// compareRefs puts audio first: an offer reads the same each time it is made.
func compareRefs(a, b wire.StreamRef) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ParticipantID, b.ParticipantID))
}

// add assigns a transceiver to d: one that has become free, or a new one. It is none of left, which the client has not
// been told of: to the client its track would be the former one (RFC 8829, section 5.2.2), of which it expects other
// packets.
func (c *downConn) add(d *downTrack, left map[*webrtc.RTPTransceiver]bool) error {
	if t := c.free(d.Kind(), left); t != nil {
		sender, err := c.api.NewRTPSender(d, c.pc.SCTP().Transport())
		if err != nil {
			return errSubscribe("make a sender", err)
		}
		// Not AddTrack, which may choose another one, and where it finds none makes one that receives too.
		if err := t.SetSender(sender, d); err != nil {
			return errSubscribe("reuse a transceiver", err)
		}
		d.transceiver = t
		return nil
	}
	t, err := c.pc.AddTransceiverFromTrack(d, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return errSubscribe("add a transceiver", err)
	}
	d.transceiver = t
	return nil
}

// free returns a negotiated transceiver of a kind that sends nothing, and is not one of left.
func (c *downConn) free(kind webrtc.RTPCodecType, left map[*webrtc.RTPTransceiver]bool) *webrtc.RTPTransceiver {
	for _, t := range c.pc.GetTransceivers() {
		inactive := t.Sender() == nil && t.Direction() == webrtc.RTPTransceiverDirectionInactive
		if t.Kind() == kind && inactive && !left[t] {
			return t
		}
	}
	return nil
}

func (c *downConn) bound(ssrc uint32, d *downTrack) {
	c.mu.Lock()
	c.bySSRC[ssrc] = d
	c.mu.Unlock()
}

func (c *downConn) unbound(ssrc uint32) {
	c.mu.Lock()
	delete(c.bySSRC, ssrc)
	c.mu.Unlock()
}

// receiveRTCP takes the RTCP that names ssrc, on the goroutine of the connection's SRTCP session. pion splits
// compound packets and passes each part to every SSRC that it names.
func (c *downConn) receiveRTCP(ssrc uint32, packet []byte) {
	packets, err := rtcp.Unmarshal(packet)
	if err != nil {
		return
	}
	c.mu.Lock()
	d := c.bySSRC[ssrc]
	c.mu.Unlock()
	c.transmitter.hold() // a NACK may name many packets
	defer c.transmitter.release()
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.TransportLayerCC, *rtcp.ReceiverEstimatedMaximumBitrate:
			c.transmitter.feedback(p, time.Now()) // of the whole connection, whatever it names
			c.protection.feedback(p)
		case *rtcp.ExtendedReport:
			if answer := c.references.answer(p, ssrc, time.Now()); answer != nil {
				_ = c.pc.WriteRTCP([]rtcp.Packet{answer}) // an error means that the connection is going down
			}
		default:
			if d != nil {
				d.receiveRTCP(p)
			}
		}
	}
}

// report sends the sender reports of all streams.
func (c *downConn) report(now time.Time) {
	if !c.up.Load() {
		return
	}
	var packets []rtcp.Packet
	for _, d := range *c.list.Load() {
		if sr := d.report(now); sr != nil {
			packets = append(packets, sr)
		}
	}
	const perPacket = 30 // sender reports of 28 bytes, well within an MTU
	for part := range slices.Chunk(packets, perPacket) {
		_ = c.pc.WriteRTCP(part) // an error means that the connection is going down
	}
}
