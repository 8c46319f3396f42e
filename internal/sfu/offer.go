package sfu

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"github.com/klatch/klatch/internal/wire"
)

// sdpError says why a session description cannot be used. The words are for the developer of the client.
type sdpError struct{ problem string }

func (e *sdpError) Error() string { return "sdp: " + e.problem }

func badSDP(format string, args ...any) *sdpError { return &sdpError{fmt.Sprintf(format, args...)} }

// maxSections bounds the media sections of a publish offer: the four kinds, and room for those a client has
// given up (a section can never be removed, RFC 8829, section 5.2.2).
const maxSections = 24

// offer is a publish offer that has been looked through: what pion needs is there, and what it would stumble
// over is not.
type offer struct {
	mids        []string
	fingerprint string
	sections    map[string]section // by mid; only those that carry a stream
}

// section is a media section that carries a stream.
type section struct {
	mid     string
	kind    wire.Kind
	enabled bool
	media   map[uint32]bool   // SSRCs of the stream
	repair  map[uint32]uint32 // SSRC of retransmissions -> SSRC of the stream
}

// readOffer judges a publish offer. Every error is an *sdpError.
func readOffer(params wire.PublishParams) (offer, error) {
	desc, err := parseSDP(params.SDP)
	if err != nil {
		return offer{}, err
	}
	if len(desc.MediaDescriptions) > maxSections {
		return offer{}, badSDP("it has %d media sections; %d are taken", len(desc.MediaDescriptions), maxSections)
	}
	o := offer{sections: map[string]section{}}
	if o.fingerprint, err = checkTransport(desc); err != nil {
		return offer{}, err
	}
	byMID := map[string]*sdp.MediaDescription{}
	for i, m := range desc.MediaDescriptions {
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		switch {
		case mid == "" || len(mid) > 16: // RFC 9143: a mid should be three bytes at most
			return offer{}, badSDP("media section %d has no usable a=mid", i)
		case byMID[mid] != nil:
			return offer{}, badSDP("two media sections have the mid %s", mid)
		}
		switch m.MediaName.Media {
		case "audio", "video":
		case "application":
			return offer{}, badSDP("media section %s is a data channel; only audio and video are taken", mid)
		default:
			return offer{}, badSDP("media section %s is neither audio nor video", mid)
		}
		byMID[mid] = m
		o.mids = append(o.mids, mid)
	}
	for _, st := range params.Streams {
		m := byMID[st.MID]
		if m == nil {
			return offer{}, badSDP("streams names the mid %s, which the offer does not have", st.MID)
		}
		if _, twice := o.sections[st.MID]; twice {
			return offer{}, badSDP("streams names the mid %s twice", st.MID)
		}
		if !slices.Contains(wire.Kinds, st.Kind) {
			return offer{}, badSDP("streams has the kind %s, which does not exist", st.Kind)
		}
		if m.MediaName.Media != mediaOf(st.Kind) {
			return offer{}, badSDP("the mid %s is %s and cannot carry the kind %s", st.MID, m.MediaName.Media, st.Kind)
		}
		if !sends(m) {
			return offer{}, badSDP("the mid %s does not send", st.MID)
		}
		for _, other := range o.sections {
			if other.kind == st.Kind {
				return offer{}, badSDP("streams has two of the kind %s", st.Kind)
			}
		}
		sec := section{mid: st.MID, kind: st.Kind, enabled: st.Enabled}
		if err := sec.readSSRCs(m); err != nil {
			return offer{}, err
		}
		o.sections[st.MID] = sec
	}
	return o, nil
}

// parseSDP reads what both offers and answers must keep to.
func parseSDP(text string) (*sdp.SessionDescription, error) {
	if len(text) > wire.MaxSDPBytes {
		return nil, badSDP("it is longer than %d bytes", wire.MaxSDPBytes)
	}
	if strings.TrimSpace(text) == "" {
		return nil, badSDP("it is empty")
	}
	desc := &sdp.SessionDescription{}
	if err := desc.UnmarshalString(text); errors.Is(err, io.EOF) {
		return nil, badSDP("it ends in the middle of a line")
	} else if err != nil {
		return nil, badSDP("%s", strings.TrimPrefix(err.Error(), "sdp: "))
	}
	return desc, nil
}

// checkTransport finds the ICE credentials and the fingerprint that a bundled description must have.
func checkTransport(desc *sdp.SessionDescription) (fingerprint string, err error) {
	if len(desc.MediaDescriptions) == 0 {
		return "", badSDP("it has no media section")
	}
	ufrag, pwd := "", ""
	for _, m := range desc.MediaDescriptions {
		for _, want := range []struct {
			key string
			has *string
		}{{"ice-ufrag", &ufrag}, {"ice-pwd", &pwd}, {"fingerprint", &fingerprint}} {
			value, ok := m.Attribute(want.key)
			if !ok {
				value, ok = desc.Attribute(want.key)
			}
			if !ok {
				continue
			}
			if *want.has != "" && *want.has != value {
				return "", badSDP("its media sections differ in a=%s; they must be bundled", want.key)
			}
			*want.has = value
		}
	}
	switch {
	// RFC 8839, section 5.4: ufrag 4 to 256, pwd 22 to 256 characters.
	case len(ufrag) < 4 || len(ufrag) > 256:
		return "", badSDP("a=ice-ufrag is absent or not of 4 to 256 characters")
	case len(pwd) < 22 || len(pwd) > 256:
		return "", badSDP("a=ice-pwd is absent or not of 22 to 256 characters")
	case len(strings.Fields(fingerprint)) != 2:
		return "", badSDP("a=fingerprint is absent or not an algorithm and a value")
	}
	return strings.ToLower(fingerprint), nil
}

func (s *section) readSSRCs(m *sdp.MediaDescription) error {
	s.media, s.repair = map[uint32]bool{}, map[uint32]uint32{}
	for _, a := range m.Attributes {
		switch a.Key {
		case sdp.AttrKeySSRCGroup:
			fields := strings.Fields(a.Value)
			if len(fields) != 3 || fields[0] != sdp.SemanticTokenFlowIdentification {
				continue // simulcast by SSRC groups (SIM) is not taken: its layers come without rid
			}
			media, err1 := strconv.ParseUint(fields[1], 10, 32)
			repair, err2 := strconv.ParseUint(fields[2], 10, 32)
			if err1 != nil || err2 != nil {
				return badSDP("a=ssrc-group:%.60s of the mid %s is not of numbers", a.Value, s.mid)
			}
			s.repair[uint32(repair)] = uint32(media)
		case sdp.AttrKeySSRC:
			number, _, _ := strings.Cut(a.Value, " ")
			ssrc, err := strconv.ParseUint(number, 10, 32)
			if err != nil {
				return badSDP("a=ssrc:%.60s of the mid %s is not a number", a.Value, s.mid)
			}
			s.media[uint32(ssrc)] = true
		}
	}
	for repair := range s.repair {
		delete(s.media, repair)
	}
	if len(s.media) > 8 {
		return badSDP("the mid %s has %d SSRCs", s.mid, len(s.media))
	}
	return nil
}

func mediaOf(kind wire.Kind) string {
	if kind == wire.Audio || kind == wire.ShareAudio {
		return "audio"
	}
	return "video"
}

// sends tells whether a section of the peer carries its media: RFC 8866, section 6.7, sendrecv when nothing is said.
func sends(m *sdp.MediaDescription) bool {
	for _, a := range m.Attributes {
		switch a.Key {
		case sdp.AttrKeyRecvOnly, sdp.AttrKeyInactive:
			return false
		}
	}
	return m.MediaName.Port.Value != 0
}
