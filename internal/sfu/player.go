package sfu

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/internal/wire"
)

// player negotiates a downConn by offers of the client: WHEP. Its sections are those of the first offer; what they
// are sent changes without another offer, see slot. Of the subscriber's loop.
type player struct {
	conn        *downConn
	life        *connLife
	fingerprint string // of the client
	mids        []string
	slots       []*slot
}

// playCall is an offer on its way to the loop.
type playCall struct {
	ctx    context.Context
	params wire.PlayParams
	result chan playResult
}

type playResult struct {
	answer wire.PlayResult
	err    error
}

// play answers an offer of the client. The connection is a new one, or the former one with an ICE restart.
func (s *subscriber) play(ctx context.Context, params wire.PlayParams) (wire.PlayResult, error) {
	call := playCall{ctx, params, make(chan playResult, 1)}
	s.begin()
	select {
	case s.plays <- call:
	case <-s.ctx.Done():
		return wire.PlayResult{}, nil // it has just left
	case <-ctx.Done():
		return wire.PlayResult{}, ctx.Err()
	}
	select {
	case r := <-call.result:
		return r.answer, r.err
	case <-s.ctx.Done():
		return wire.PlayResult{}, nil
	}
}

// takePlay works on an offer.
func (s *subscriber) takePlay(call playCall) (wire.PlayResult, error) {
	none := wire.PlayResult{}
	if err := s.badAnswers.wait(call.ctx, 1); err != nil {
		return none, err
	}
	o, err := readPlayOffer(call.params)
	if err != nil {
		return none, toFault(err)
	}
	if err := s.badAnswers.wait(call.ctx, o.formats/formatsPerOffer); err != nil {
		return none, err
	}
	p := s.player
	fresh := p == nil || p.conn.gone.Load() || p.fingerprint != o.fingerprint
	if fresh {
		if p, err = s.newPlayer(o); err != nil {
			return none, err
		}
	} else if !slices.Equal(p.mids, o.mids) {
		return none, toFault(badSDP("its media sections are %s, where the former offer had %s",
			strings.Join(o.mids, ","), strings.Join(p.mids, ",")))
	}
	answer, err := p.negotiate(call.ctx, o)
	if err != nil {
		if fresh {
			p.end()
		}
		return none, err
	}
	if fresh {
		s.drop()
		s.connMu.Lock()
		s.conn, s.player = p.conn, p
		s.connMu.Unlock()
		p.life.begin()
	}
	return wire.PlayResult{SDP: answer}, nil
}

func (s *subscriber) newPlayer(o offer) (*player, error) {
	c, err := newDownConn(s.services, s.owner)
	if err != nil {
		return nil, err
	}
	p := &player{conn: c, fingerprint: o.fingerprint, mids: o.mids}
	p.life = newConnLife(s.services, s.owner, "play", c.pc)
	c.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		defer s.owner.guard("a change of state")
		switch state {
		case webrtc.PeerConnectionStateConnected:
			if !c.dropped.Load() {
				c.connected()
				s.allocate(time.Now())
			}
		case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			c.up.Store(false)
			if state == webrtc.PeerConnectionStateClosed {
				c.gone.Store(true)
			}
		}
		if !c.dropped.Load() && s.ctx.Err() == nil {
			p.life.changed(state)
		}
	})
	return p, nil
}

// end closes the connection.
func (p *player) end() {
	p.life.end()
	p.conn.close()
}

// negotiate applies the offer and returns the complete answer.
func (p *player) negotiate(ctx context.Context, o offer) (string, error) {
	c := p.conn
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: o.text}); err != nil {
		return "", toFault(badSDP("%v", err))
	}
	if p.slots == nil {
		for _, t := range c.pc.GetTransceivers() {
			if t.Direction() != webrtc.RTPTransceiverDirectionSendonly || t.Receiver() == nil ||
				!slices.ContainsFunc(t.Receiver().GetParameters().Codecs, isMedia) {
				continue // it does not receive, or takes nothing that the server sends: the answer rejects it
			}
			s := &slot{conn: c, video: t.Kind() == webrtc.RTPCodecTypeVideo}
			sender, err := c.api.NewRTPSender(s, c.pc.SCTP().Transport())
			if err != nil {
				return "", errSubscribe("make a sender", err)
			}
			if err := t.SetSender(sender, s); err != nil {
				return "", errSubscribe("set a sender", err)
			}
			s.transceiver = t
			p.slots = append(p.slots, s)
		}
		if len(p.slots) == 0 {
			return "", toFault(badSDP("no section that receives has a codec that the server sends: for audio that is opus, for " +
				"video VP8, H264 (packetization-mode 1), VP9 and AV1"))
		}
	}
	answer, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return "", toFault(badSDP("%v", err))
	}
	taken, err := p.taken(answer.SDP)
	if err != nil {
		return "", err
	}
	if err := c.pc.SetLocalDescription(answer); err != nil {
		return "", toFault(badSDP("%v", err))
	}
	text, err := c.engine.gathered(ctx, c.pc)
	if err != nil {
		return "", err
	}
	for _, s := range p.slots {
		s.answer(taken[s.transceiver.Mid()])
	}
	return text, nil
}

// taken returns the formats that the answer takes of each section.
func (p *player) taken(answer string) (map[string]*formats, error) {
	desc, err := parseOwn(answer)
	if err != nil {
		return nil, err
	}
	all := map[string]*formats{}
	for _, m := range desc.MediaDescriptions {
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		all[mid] = formatsOf(m, desc)
	}
	return all, nil
}

// show makes the sections send streams: the first section of a medium the first stream of it, and so on. Sections
// beyond them send nothing.
func (p *player) show(wanted []wire.StreamRef, streams map[wire.StreamRef]*Stream) {
	c := p.conn
	tracks := map[wire.StreamRef]*downTrack{}
	changed := false
	for _, s := range p.slots {
		var ref wire.StreamRef
		var st *Stream
		for _, r := range wanted {
			if found := streams[r]; found != nil && found.video == s.video && tracks[r] == nil {
				ref, st = r, found
				break
			}
		}
		changed = s.show(ref, st) || changed
		if st != nil {
			tracks[ref] = s.track
		}
	}
	if !changed {
		return
	}
	c.tracks = tracks
	list := make([]*downTrack, 0, len(tracks))
	for _, d := range tracks {
		list = append(list, d)
	}
	c.list.Store(&list)
}

// readPlayOffer judges what params.Check leaves of the offer of a player. Every error is an *sdpError.
func readPlayOffer(params wire.PlayParams) (offer, error) {
	desc, err := parseSDP(params.SDP, maxPublishSections)
	if err != nil {
		return offer{}, err
	}
	o := offer{}
	transport, err := o.readSections(desc)
	if err != nil {
		return offer{}, err
	}
	receives := false
	for _, m := range desc.MediaDescriptions {
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		d := direction(desc, m)
		takes := !rejected(m) && (d == sdp.AttrKeyRecvOnly || d == sdp.AttrKeySendRecv)
		if takes && !transport.carries(mid) {
			return offer{}, notBundled(mid)
		}
		receives = receives || takes
		// The server sends and receives nothing: of sendrecv it takes the half that receives.
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool {
			return slices.Contains(directions, a.Key)
		})
		if takes {
			m.Attributes = append(m.Attributes, sdp.NewPropertyAttribute(sdp.AttrKeyRecvOnly))
		} else {
			m.Attributes = append(m.Attributes, sdp.NewPropertyAttribute(sdp.AttrKeyInactive))
		}
	}
	if !receives {
		return offer{}, badSDP("none of its media sections receives; a player offers a=recvonly")
	}
	o.text, err = rewrite(desc, transport, false)
	return o, err
}

// slot is a media section that a player receives on. It is the webrtc.TrackLocal of its transceiver for as long as the
// connection lasts, and passes what was agreed on to the downTrack of the stream that it shows. A new downTrack goes on
// where the one before stopped, so that the player sees one stream without a jump.
type slot struct {
	conn        *downConn
	video       bool
	transceiver *webrtc.RTPTransceiver
	track       *downTrack // of the loop; nil: nothing was shown yet
	shown       bool       // track is a sink of its stream; of the loop

	mu       sync.Mutex // guards everything below
	binding  *binding   // nil: not negotiated
	answered *formats
	current  *downTrack // track while shown
}

// Bind is called by pion when the answer is made.
func (s *slot) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	b := newBinding(ctx, s.conn)
	s.mu.Lock()
	s.binding = b
	d := s.current
	s.mu.Unlock()
	if d != nil {
		d.bind(b)
	}
	if len(b.codecs) == 0 {
		return webrtc.RTPCodecParameters{}, nil
	}
	return b.codecs[0], nil
}

// Unbind is called by pion when the connection ends.
func (s *slot) Unbind(webrtc.TrackLocalContext) error {
	s.mu.Lock()
	b := s.binding
	s.binding = nil
	s.mu.Unlock()
	if b != nil {
		s.conn.unbound(b.ssrc)
		s.conn.transmitter.discard(b)
	}
	return nil
}

// ID is the track id in SDP.
func (s *slot) ID() string { return string(s.Kind().String()) }

// RID is empty: there is one encoding.
func (s *slot) RID() string { return "" }

// StreamID is the media stream in SDP: picture and sound are played in sync.
func (s *slot) StreamID() string { return "klatch" }

// Kind is audio or video.
func (s *slot) Kind() webrtc.RTPCodecType {
	if s.video {
		return webrtc.RTPCodecTypeVideo
	}
	return webrtc.RTPCodecTypeAudio
}

// answer notes what the answer takes of the section.
func (s *slot) answer(taken *formats) {
	s.mu.Lock()
	s.answered = taken
	d := s.current
	s.mu.Unlock()
	if d != nil {
		d.answered.Store(taken)
	}
}

// show makes the section send a stream, nil for none, and reports whether that is a change.
func (s *slot) show(ref wire.StreamRef, st *Stream) (changed bool) {
	if s.shown && s.track.stream == st && s.track.ref == ref || !s.shown && st == nil {
		return false
	}
	if s.shown {
		s.track.stream.unsubscribe(s.track)
		s.shown = false
	}
	s.mu.Lock()
	s.current = nil
	b, answered := s.binding, s.answered
	s.mu.Unlock()
	if b != nil {
		s.conn.transmitter.skip(b, time.Now())
	}
	if st == nil {
		s.track.binding.Store(nil)
		return true
	}
	d := newDownTrack(ref, st, s.conn)
	d.transceiver = s.transceiver
	d.inherit(s.track)
	d.answered.Store(answered)
	s.track, s.shown = d, true
	s.mu.Lock()
	s.current = d
	b = s.binding
	s.mu.Unlock()
	st.subscribe(d)
	if b != nil {
		d.bind(b)
	}
	return true
}
