package sfu

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/transport/v4/packetio"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/guard"
	"github.com/klatch/klatch/internal/wire"
)

// upConn is one publish connection.
type upConn struct {
	owner       owner
	engine      *engine
	stats       *counters
	serves      func(now time.Time) bool // Options.Serves
	pc          *webrtc.PeerConnection
	rtp         *rtpTransport // of pc
	life        *connLife
	fingerprint string
	mids        []string

	feedback feedback
	ssrcs    atomic.Int32
	routes   atomic.Pointer[routes]
	limit    meter        // of the SRTP session's goroutine
	strays   atomic.Int32 // SSRCs and payload types that belong to no track and were reported
	broken   atomic.Bool  // its work panicked
	gone     atomic.Bool  // closed, or refused a description in a state that cannot be left
}

// routes holds the encoding that the packets of an SSRC belong to. It never changes; a new offer makes a new one.
type routes struct {
	bySSRC   map[uint32]route
	byMID    map[string]*upTrack
	declared map[*upTrack]bool // its section names the SSRC of each encoding

	// Ids of the header extensions that name the section and the encoding of a packet, 0 for none.
	midExt, ridExt, repairedExt uint8
}

type route struct {
	encoding *upEncoding // nil: not known
	repair   bool        // the packets are retransmissions, RFC 4588
}

// continues judges an offer for a connection that exists: its sections are the former ones, in their order, and
// perhaps more (RFC 8829, section 5.2.2). pion cannot go back to the state before a description that it refused
// half way, so another connection has to try it first; a bad offer then leaves the media as they are.
func (c *upConn) continues(o offer) error {
	if len(o.mids) < len(c.mids) || !slices.Equal(o.mids[:len(c.mids)], c.mids) {
		return badSDP("its media sections are %s, where the former offer had %s",
			strings.Join(o.mids, ","), strings.Join(c.mids, ","))
	}
	codecs, err := publishCodecs()
	if err != nil {
		return fmt.Errorf("sfu: codecs: %w", err)
	}
	trial, err := c.engine.connection(codecs, func(packetio.BufferPacketType, uint32) io.ReadWriteCloser {
		return &receiver{receive: func([]byte) {}, open: new(atomic.Int32)}
	})
	if err != nil {
		return err
	}
	defer c.engine.discard(trial)
	if err := trial.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: o.text}); err != nil {
		return badSDP("%v", err)
	}
	if _, err := trial.CreateAnswer(nil); err != nil {
		return badSDP("%v", err)
	}
	return o.decodable(trial)
}

// decodable returns an *sdpError when a stream of the offer has no codec that a connection to which it was given takes.
func (o offer) decodable(pc *webrtc.PeerConnection) error {
	for _, t := range pc.GetTransceivers() {
		sec, ok := o.sections[t.Mid()]
		if ok && (t.Receiver() == nil || !slices.ContainsFunc(t.Receiver().GetParameters().Codecs, isMedia)) {
			return noCodec(sec)
		}
	}
	return nil
}

func noCodec(sec section) error {
	taken := "opus"
	if mediaOf(sec.kind) == "video" {
		taken = "VP8, H264 (packetization-mode 1), VP9 and AV1"
	}
	return badSDP("the mid %s has no codec that the server takes: for %s that is %s", sec.mid, sec.kind, taken)
}

// negotiate applies the offer and returns the complete answer.
func (c *upConn) negotiate(ctx context.Context, o offer) (string, error) {
	err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: o.text})
	if err != nil {
		c.gone.Store(true)
		return "", toFault(badSDP("%v", err))
	}
	answer, err := c.pc.CreateAnswer(nil)
	if err != nil {
		c.gone.Store(true)
		return "", toFault(badSDP("%v", err))
	}
	if err := o.decodable(c.pc); err != nil { // an answer that rejects everything has no transport
		c.gone.Store(true)
		return "", toFault(err)
	}
	if err := c.pc.SetLocalDescription(answer); err != nil {
		c.gone.Store(true)
		return "", toFault(badSDP("%v", err))
	}
	text, err := c.engine.gathered(ctx, c.pc)
	if err != nil {
		return "", err
	}
	return o.complete(text)
}

// route makes the table of the offer's streams, after the answer is made. streamOf returns the stream of a kind.
func (c *upConn) route(o offer, streamOf func(wire.Kind) *Stream) ([]wire.Stream, error) {
	former := c.routes.Load()
	r := &routes{bySSRC: map[uint32]route{}, byMID: map[string]*upTrack{}, declared: map[*upTrack]bool{}}
	var streams []wire.Stream
	for _, t := range c.pc.GetTransceivers() {
		sec, ok := o.sections[t.Mid()]
		if !ok || t.Receiver() == nil {
			continue
		}
		params := t.Receiver().GetParameters()
		if !slices.ContainsFunc(params.Codecs, isMedia) {
			return nil, toFault(noCodec(sec))
		}
		track := former.byMID[sec.mid]
		if track == nil || track.kind != sec.kind || !slices.Equal(track.rids(), sec.encodings()) {
			track = newUpTrack(c, sec.kind, streamOf(sec.kind), sec.encodings()...)
		}
		track.negotiated(params, sec)
		r.byMID[sec.mid] = track
		r.declare(track, sec)
		for _, ext := range params.HeaderExtensions {
			switch ext.URI {
			case sdp.SDESMidURI:
				r.midExt = uint8(ext.ID)
			case sdp.SDESRTPStreamIDURI:
				r.ridExt = uint8(ext.ID)
			case sdp.SDESRepairRTPStreamIDURI:
				r.repairedExt = uint8(ext.ID)
			case sdp.TransportCCURI:
				c.feedback.setExtension(uint8(ext.ID))
			}
		}
		streams = append(streams, wire.Stream{ID: track.stream.id, Kind: sec.kind, Codec: track.codec().name()})
	}
	c.mids = o.mids
	c.routes.Store(r)
	return streams, nil
}

// declare notes the SSRCs that a section names.
func (r *routes) declare(track *upTrack, sec section) {
	for ssrc := range sec.media {
		if i, ok := sec.encodingOf(ssrc); ok {
			r.bySSRC[ssrc] = route{encoding: track.encodings[i]}
			r.declared[track] = true
		}
	}
	for ssrc, media := range sec.repair {
		if i, ok := sec.encodingOf(media); ok {
			r.bySSRC[ssrc] = route{encoding: track.encodings[i], repair: true}
		}
	}
}

// find returns where the packets of an SSRC belong. A former route holds on while its track is there: senders name the
// encoding in their first packets only.
func (r *routes) find(ssrc uint32, former route) route {
	if to, ok := r.bySSRC[ssrc]; ok {
		return to
	}
	if former.encoding != nil {
		for _, track := range r.byMID {
			if track == former.encoding.track {
				return former
			}
		}
	}
	return route{}
}

// tracks returns what the connection carries.
func (c *upConn) tracks() []*upTrack { return slices.Collect(maps.Values(c.routes.Load().byMID)) }

// crashed ends the connection after a panic in its work; the client is told and may publish anew.
func (c *upConn) crashed(panicked any) {
	if c.broken.Swap(true) {
		return
	}
	c.owner.crashed("the publish connection", panicked)
	c.gone.Store(true)
	c.engine.discard(c.pc)
}

// maxSSRCs bounds what a publisher can make pion remember; 4 streams with RTX, simulcast and a few changes
// of source are far below.
const maxSSRCs = 256

// buffer is called by pion for each new SSRC, after the first packet of it has been authenticated.
func (c *upConn) buffer(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	if c.ssrcs.Add(1) == maxSSRCs {
		c.gone.Store(true)
		c.engine.discard(c.pc)
	}
	if kind == packetio.RTCPBufferPacket {
		return &receiver{c.receiveRTCP, &c.ssrcs, c.crashed}
	}
	c.life.media()
	return &receiver{(&upSSRC{conn: c, ssrc: ssrc}).receive, &c.ssrcs, c.crashed}
}

// upSSRC is an SSRC of a publish connection. Its receive runs on the goroutine of the connection's SRTP
// session, one packet at a time.
type upSSRC struct {
	conn  *upConn
	ssrc  uint32
	table *routes // for which to holds
	to    route
	lost  int // packets that belong to no track
}

func (u *upSSRC) receive(packet []byte) {
	if u.conn.broken.Load() {
		return
	}
	guard.PanicPoint("publish", u.conn.owner.ref.ParticipantID)
	now := time.Now()
	if !u.conn.limit.take(len(packet), now) {
		u.conn.overLimit()
		return
	}
	if table := u.conn.routes.Load(); table != u.table {
		u.to, u.table = table.find(u.ssrc, u.to), table
	}
	if u.to.encoding == nil {
		u.to = u.table.guess(packet)
		if u.to.encoding == nil {
			u.stray(packet)
			return
		}
	}
	u.to.encoding.receive(packet, u.to.repair, now)
}

// strayPackets of an SSRC or payload type are no accident of a renegotiation, and are reported.
const strayPackets = 50

// stray counts a packet that belongs to no track, and reports the SSRC once.
func (u *upSSRC) stray(packet []byte) {
	if u.lost++; u.lost != strayPackets || u.conn.strays.Add(1) > maxStrayReports {
		return
	}
	var h rtp.Header
	if _, err := h.Unmarshal(packet); err == nil {
		u.conn.owner.report(fault.InvalidMessageUnknownSSRC(int64(u.ssrc), int(h.PayloadType)))
	}
}

// maxStrayReports bounds what one connection can make the server say.
const maxStrayReports = 4

// guess finds the encoding of an SSRC that the offer did not declare: the track by the mid that its packets name (RFC
// 9143, section 9.2), or by their payload type, where that leaves one; the encoding by the rid (RFC 8852).
func (r *routes) guess(packet []byte) route {
	var h rtp.Header
	if _, err := h.Unmarshal(packet); err != nil {
		return route{}
	}
	if mid := peekExtension(&h, r.midExt); mid != "" {
		if track := r.byMID[mid]; track != nil {
			return r.encodingOf(track, &h)
		}
		return route{}
	}
	var found []route
	for _, track := range r.byMID {
		n := track.params.Load()
		_, media := n.codecs[h.PayloadType]
		_, repair := n.repairs[h.PayloadType]
		if !media && !repair || r.declared[track] { // one that names its SSRCs has no others
			continue
		}
		if to := r.encodingOf(track, &h); to.encoding != nil {
			found = append(found, to)
		}
	}
	if len(found) != 1 {
		return route{}
	}
	return found[0]
}

// encodingOf returns which encoding of its track a packet belongs to, nil when it does not say it.
func (r *routes) encodingOf(track *upTrack, h *rtp.Header) route {
	_, repair := track.params.Load().repairs[h.PayloadType]
	rid := peekExtension(h, r.ridExt)
	if repaired := peekExtension(h, r.repairedExt); repaired != "" {
		rid, repair = repaired, true
	}
	switch i := slices.Index(track.rids(), rid); {
	case len(track.encodings) == 1: // with a rid or without
		return route{encoding: track.encodings[0], repair: repair}
	case i >= 0 && rid != "":
		return route{encoding: track.encodings[i], repair: repair}
	}
	return route{}
}

// receiveRTCP runs on the goroutine of the connection's SRTCP session.
func (c *upConn) receiveRTCP(packet []byte) {
	packets, err := rtcp.Unmarshal(packet)
	if err != nil {
		return
	}
	for _, p := range packets {
		if sr, ok := p.(*rtcp.SenderReport); ok {
			if e := c.routes.Load().sends(sr.SSRC); e != nil {
				e.senderReport(sr, time.Now())
			}
		}
	}
}

// sends returns the encoding whose media has that SSRC, declared or not.
func (r *routes) sends(ssrc uint32) *upEncoding {
	if to, ok := r.bySSRC[ssrc]; ok {
		if to.repair {
			return nil
		}
		return to.encoding
	}
	for _, track := range r.byMID {
		for _, e := range track.encodings {
			if e.ssrc.Load() == ssrc {
				return e
			}
		}
	}
	return nil
}

// receiver is where pion puts the packets of an SSRC: they are dealt with at once. Nothing can be read from it,
// so that the readers that pion starts for undeclared SSRCs end.
type receiver struct {
	receive func(packet []byte)
	open    *atomic.Int32 // the connection's number of receivers
	crashed func(panicked any)
}

// Write takes one decrypted packet, which is its own until it returns.
func (r *receiver) Write(packet []byte) (int, error) {
	defer r.guard()
	r.receive(packet)
	return len(packet), nil
}

// guard keeps a panic from the other connections of the process.
func (r *receiver) guard() {
	if v := recover(); v != nil && r.crashed != nil {
		r.crashed(v)
	}
}

// Read returns nothing.
func (r *receiver) Read([]byte) (int, error) { return 0, io.EOF }

// Close is called once by pion, when it forgets the SSRC.
func (r *receiver) Close() error {
	r.open.Add(-1)
	return nil
}
