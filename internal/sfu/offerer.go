package sfu

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/klatch/klatch/internal/wire"
)

// offerer negotiates the tracks of a downConn by offers of the server, one at a time. Of the subscriber's loop.
type offerer struct {
	conn *downConn

	pending     *wire.SubscribeOffer // not answered yet
	mids        []string             // of the last offer, in its order
	repeated    bool                 // pending was sent again for a restart
	negotiated  bool                 // an answer has come
	fingerprint string               // of the client
}

// offer makes the offer that pending then holds.
func (o *offerer) offer(ctx context.Context, id int64, restart bool) error {
	c := o.conn
	desc, err := c.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return errSubscribe("create an offer", err)
	}
	if err := c.pc.SetLocalDescription(desc); err != nil {
		return errSubscribe("set an offer", err)
	}
	text, err := c.engine.gathered(ctx, c.pc)
	if err != nil {
		return err
	}
	offer := &wire.SubscribeOffer{OfferID: id, SDP: text, Streams: []wire.SubscribedStream{}}
	for ref, d := range c.tracks {
		offer.Streams = append(offer.Streams, wire.SubscribedStream{
			MID: d.transceiver.Mid(), ParticipantID: ref.ParticipantID, Kind: ref.Kind, StreamID: d.stream.id,
		})
	}
	parsed, err := parseOwn(text)
	if err != nil {
		return err
	}
	o.mids = o.mids[:0]
	for _, m := range parsed.MediaDescriptions {
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		o.mids = append(o.mids, mid)
	}
	slices.SortFunc(offer.Streams, func(a, b wire.SubscribedStream) int {
		return cmp.Compare(slices.Index(o.mids, a.MID), slices.Index(o.mids, b.MID))
	})
	o.pending = offer
	return nil
}

// waitsFor reports whether an answer to the offer of that id is awaited.
func (o *offerer) waitsFor(id int64) bool { return o.pending != nil && o.pending.OfferID == id }

// answer applies the answer to pending. It returns an *sdpError for one that cannot be used; usable false means that
// the connection cannot go on.
func (o *offerer) answer(read answerRead) (usable bool, err error) {
	c := o.conn
	for _, d := range c.tracks {
		d.answered.Store(read.sections[d.transceiver.Mid()])
	}
	err = c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: read.text})
	if err != nil { // refused half way, pion cannot go back
		return c.pc.SignalingState() == webrtc.SignalingStateHaveLocalOffer, badSDP("%v", err)
	}
	o.fingerprint, o.pending, o.repeated, o.negotiated = read.fingerprint, nil, false, true
	return true, nil
}

// answerRead is an answer that has been looked through.
type answerRead struct {
	text        string // as pion gets it
	fingerprint string
	sections    map[string]*formats // by mid
}

// readAnswer judges the answer to an offer with these mids, and returns it as pion gets it.
func readAnswer(answer string, mids []string) (answerRead, error) {
	read := answerRead{sections: map[string]*formats{}}
	desc, err := parseSDP(answer, len(mids))
	if err != nil {
		return read, err
	}
	if len(desc.MediaDescriptions) != len(mids) {
		return read, badSDP("it has %d media sections, the offer has %d", len(desc.MediaDescriptions), len(mids))
	}
	transport, err := bundleTransport(desc)
	if err != nil {
		return read, err
	}
	for i, m := range desc.MediaDescriptions {
		mid, _ := m.Attribute("mid")
		switch {
		case mid != mids[i]:
			return read, badSDP("its media section %d has the mid %s, in the offer it is %s", i, mid, mids[i])
		case !rejected(m) && !transport.carries(mid):
			return read, badSDP(
				"the mid %s is not in the a=group:BUNDLE of the answer; the server sends all streams over one transport",
				mid,
			)
		}
		read.sections[mid] = formatsOf(m, desc)
	}
	read.fingerprint = strings.ToLower(transport.fingerprint)
	read.text, err = rewrite(desc, transport, true)
	return read, err
}

// formatsOf returns the formats that a section of an answer, or of the offer of a player, takes.
func formatsOf(m *sdp.MediaDescription, desc *sdp.SessionDescription) *formats {
	f := &formats{rejected: rejected(m), mixed: allowsMixed(desc.Attributes) || allowsMixed(m.Attributes)}
	for _, number := range m.MediaName.Formats {
		if pt, err := strconv.ParseUint(number, 10, 7); err == nil {
			f.types[pt] = true
		}
	}
	return f
}
