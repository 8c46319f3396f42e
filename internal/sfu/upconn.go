package sfu

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	"github.com/klatch/klatch/internal/wire"
)

// upConn is one publish connection.
type upConn struct {
	peer        *peer
	pc          *webrtc.PeerConnection
	fingerprint string
	mids        []string

	feedback feedback
	ssrcs    atomic.Int32
	routes   atomic.Pointer[routes]
	limit    meter        // of the SRTP session's goroutine
	strays   atomic.Int32 // SSRCs and payload types that belong to no track and were reported
	broken   atomic.Bool  // its work panicked
	lost     atomic.Bool  // ConnectionLost was told and nothing has come since
	gone     atomic.Bool  // closed, or refused a description in a state that cannot be left
}

// routes holds the upTrack that the packets of an SSRC belong to. It never changes; a new offer makes a new one.
type routes struct {
	bySSRC   map[uint32]route
	byMID    map[string]*upTrack
	declared map[*upTrack]bool // its section names SSRCs
	midExt   uint8             // id of the mid header extension, 0 for none
}

type route struct {
	track  *upTrack
	repair bool // the packets are retransmissions, RFC 4588
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
	trial, err := c.peer.sfu.engine.connection(codecs, func(packetio.BufferPacketType, uint32) io.ReadWriteCloser {
		return &sink{receive: func([]byte) {}, open: new(atomic.Int32)}
	})
	if err != nil {
		return err
	}
	defer c.peer.sfu.discard(trial)
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
		if sec, ok := o.sections[t.Mid()]; ok && (t.Receiver() == nil || len(t.Receiver().GetParameters().Codecs) == 0) {
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
	text, err := c.peer.sfu.gathered(ctx, c.pc)
	if err != nil {
		return "", err
	}
	return o.takeLayers(text)
}

// gathered returns the local description with all candidates, and opens the port to who knows its password.
func (s *SFU) gathered(ctx context.Context, pc *webrtc.PeerConnection) (string, error) {
	select {
	case <-webrtc.GatheringCompletePromise(pc):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	local := pc.LocalDescription()
	if local == nil {
		return "", errors.New("sfu: connection closed while negotiating")
	}
	ufrag, password := attribute(local.SDP, "ice-ufrag"), attribute(local.SDP, "ice-pwd")
	if ufrag == "" || password == "" {
		return "", errors.New("sfu: own description has no ICE credentials")
	}
	s.ports.allow(ufrag, password)
	return local.SDP, nil
}

// attribute returns the value of the first attribute of that name in a description of ours.
func attribute(description, name string) string {
	_, rest, _ := strings.Cut(description, "\r\na="+name+":")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// route makes the table of the offer's streams, after the answer is made.
func (c *upConn) route(o offer) ([]wire.Stream, error) {
	former := c.routes.Load()
	r := &routes{bySSRC: map[uint32]route{}, byMID: map[string]*upTrack{}, declared: map[*upTrack]bool{}}
	var streams []wire.Stream
	for _, t := range c.pc.GetTransceivers() {
		sec, ok := o.sections[t.Mid()]
		if !ok || t.Receiver() == nil {
			continue
		}
		params := t.Receiver().GetParameters()
		if len(params.Codecs) == 0 {
			return nil, toFault(noCodec(sec))
		}
		track := former.byMID[sec.mid]
		if track == nil || track.kind != sec.kind {
			track = newUpTrack(c, sec.kind, c.peer.session.stream(c.peer, sec.kind))
		}
		track.negotiated(params, sec)
		r.byMID[sec.mid] = track
		r.declared[track] = len(sec.media) > 0
		for ssrc := range sec.media {
			r.bySSRC[ssrc] = route{track: track}
		}
		for ssrc := range sec.repair {
			r.bySSRC[ssrc] = route{track: track, repair: true}
		}
		for _, ext := range params.HeaderExtensions {
			switch ext.URI {
			case sdp.SDESMidURI:
				r.midExt = uint8(ext.ID)
			case sdp.TransportCCURI:
				c.feedback.setExtension(uint8(ext.ID))
			}
		}
		streams = append(streams, wire.Stream{ID: track.stream.id, Kind: sec.kind, Codec: track.stream.codecOf(track).name()})
	}
	c.mids = o.mids
	c.routes.Store(r)
	return streams, nil
}

// attach makes the streams of the connection those of the peer; kinds that it does not carry end.
func (c *upConn) attach() {
	r := c.routes.Load()
	kinds := map[wire.Kind]bool{}
	for _, track := range r.byMID {
		kinds[track.kind] = true
		track.stream.publish(track)
	}
	for _, kind := range wire.Kinds {
		if !kinds[kind] {
			c.peer.session.unpublish(c.peer, kind)
		}
	}
}

// crashed ends the connection after a panic in its work; the client is told and may publish anew.
func (c *upConn) crashed(panicked any) {
	if c.broken.Swap(true) {
		return
	}
	c.peer.crashed("the publish connection", panicked)
	c.gone.Store(true)
	c.peer.sfu.discard(c.pc)
}

// maxSSRCs bounds what a publisher can make pion remember; 4 streams with RTX, simulcast and a few changes
// of source are far below.
const maxSSRCs = 256

// buffer is called by pion for each new SSRC, after the first packet of it has been authenticated.
func (c *upConn) buffer(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
	if c.ssrcs.Add(1) == maxSSRCs {
		c.gone.Store(true)
		c.peer.sfu.discard(c.pc)
	}
	if kind == packetio.RTCPBufferPacket {
		return &sink{c.receiveRTCP, &c.ssrcs, c.crashed}
	}
	return &sink{(&upSSRC{conn: c, ssrc: ssrc}).receive, &c.ssrcs, c.crashed}
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
	now := time.Now()
	if !u.conn.limit.take(len(packet), now) {
		u.conn.overLimit()
		return
	}
	if table := u.conn.routes.Load(); table != u.table {
		u.to, u.table = route{}, table
		if to, ok := table.bySSRC[u.ssrc]; ok {
			u.to = to
		}
	}
	if u.to.track == nil {
		u.to = u.table.guess(packet)
		if u.to.track == nil {
			u.stray(packet)
			return
		}
	}
	u.to.track.receive(packet, u.to.repair, now)
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
		u.conn.peer.report(fault.InvalidMessageUnknownSSRC(int64(u.ssrc), int(h.PayloadType)))
	}
}

// maxStrayReports bounds what one connection can make the server say.
const maxStrayReports = 4

// guess finds the track of an SSRC that the offer did not declare: by the mid that its packets name (RFC 9143, section
// 9.2), or by their payload type, where that leaves one.
func (r *routes) guess(packet []byte) route {
	var h rtp.Header
	if _, err := h.Unmarshal(packet); err != nil {
		return route{}
	}
	if r.midExt != 0 {
		if mid := peekMID(&h, r.midExt); mid != "" {
			track := r.byMID[mid]
			if track == nil {
				return route{}
			}
			_, repair := track.params.Load().repairs[h.PayloadType]
			return route{track: track, repair: repair}
		}
	}
	var found []route
	for _, track := range r.byMID {
		n := track.params.Load()
		_, media := n.codecs[h.PayloadType]
		_, repair := n.repairs[h.PayloadType]
		if (media || repair) && !r.declared[track] { // one that names its SSRCs has no others
			found = append(found, route{track: track, repair: repair})
		}
	}
	if len(found) != 1 {
		return route{}
	}
	return found[0]
}

// receiveRTCP runs on the goroutine of the connection's SRTCP session.
func (c *upConn) receiveRTCP(packet []byte) {
	packets, err := rtcp.Unmarshal(packet)
	if err != nil {
		return
	}
	for _, p := range packets {
		if sr, ok := p.(*rtcp.SenderReport); ok {
			if track := c.routes.Load().sends(sr.SSRC); track != nil {
				track.senderReport(sr, time.Now())
			}
		}
	}
}

// sends returns the track whose media has that SSRC, declared or not.
func (r *routes) sends(ssrc uint32) *upTrack {
	if to, ok := r.bySSRC[ssrc]; ok {
		if to.repair {
			return nil
		}
		return to.track
	}
	for _, track := range r.byMID {
		if track.ssrc.Load() == ssrc {
			return track
		}
	}
	return nil
}

// sink is where pion puts the packets of an SSRC: they are dealt with at once. Nothing can be read from it,
// so that the readers that pion starts for undeclared SSRCs end.
type sink struct {
	receive func(packet []byte)
	open    *atomic.Int32 // the connection's number of sinks
	crashed func(panicked any)
}

// Write takes one decrypted packet, which is its own until it returns.
func (s *sink) Write(packet []byte) (int, error) {
	defer s.guard()
	s.receive(packet)
	return len(packet), nil
}

// guard keeps a panic from the other connections of the process.
func (s *sink) guard() {
	if v := recover(); v != nil && s.crashed != nil {
		s.crashed(v)
	}
}

// Read returns nothing.
func (s *sink) Read([]byte) (int, error) { return 0, io.EOF }

// Close is called once by pion, when it forgets the SSRC.
func (s *sink) Close() error {
	s.open.Add(-1)
	return nil
}
