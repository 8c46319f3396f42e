package sfu

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"github.com/klatch/klatch/internal/wire"
)

// sdpError is why a session description cannot be used. The words are for the developer of the client.
type sdpError struct{ problem string }

func (e *sdpError) Error() string { return "sdp: " + e.problem }

func badSDP(format string, args ...any) *sdpError { return &sdpError{fmt.Sprintf(format, args...)} }

// maxPublishSections bounds the media sections of a publish offer: the four kinds, and room for those a client has
// given up (a section can never be removed, RFC 8829, section 5.2.2).
const maxPublishSections = 24

// offer is a publish offer that has been looked through: what pion needs is there, and what it would stumble
// over is not.
type offer struct {
	text        string // as pion gets it, see rewrite
	mids        []string
	formats     int // of all sections: what the offer costs
	fingerprint string
	sections    map[string]section // by mid; only those that carry a stream
}

// section is a media section that carries a stream.
type section struct {
	mid     string
	kind    wire.Kind
	enabled bool
	rids    []string          // of the simulcast encodings that are taken, nil when none was offered
	sim     []uint32          // SSRCs of simulcast encodings that have no rids
	h264    []string          // a=fmtp lines with parameter sets
	media   map[uint32]bool   // SSRCs of the stream
	repair  map[uint32]uint32 // SSRC of retransmissions -> SSRC of the stream
}

// readOffer judges what params.Check leaves: what only a parser of SDP finds. Every error is an *sdpError.
func readOffer(params wire.PublishParams) (offer, error) {
	desc, err := parseSDP(params.SDP, maxPublishSections)
	if err != nil {
		return offer{}, err
	}
	o := offer{sections: map[string]section{}}
	transport, err := o.readSections(desc)
	if err != nil {
		return offer{}, err
	}
	byMID := map[string]*sdp.MediaDescription{}
	for i, m := range desc.MediaDescriptions {
		byMID[o.mids[i]] = m
	}
	for _, st := range params.Streams {
		m := byMID[st.MID]
		if m == nil {
			return offer{}, badSDP("streams names the mid %s, which the offer does not have", st.MID)
		}
		if m.MediaName.Media != mediaOf(st.Kind) {
			return offer{}, badSDP("the mid %s is %s and cannot carry the kind %s", st.MID, m.MediaName.Media, st.Kind)
		}
		if !sends(desc, m) {
			return offer{}, badSDP("the mid %s does not send", st.MID)
		}
		if !transport.carries(st.MID) {
			return offer{}, notBundled(st.MID)
		}
		rids, err := simulcastRIDs(m, st.MID)
		if err != nil {
			return offer{}, err
		}
		sec := section{mid: st.MID, kind: st.Kind, enabled: st.Enabled, rids: rids}
		if err := sec.readSSRCs(m); err != nil {
			return offer{}, err
		}
		o.sections[st.MID] = sec
	}
	if o.text, err = rewrite(desc, transport, false); err != nil {
		return offer{}, err
	}
	return o, nil
}

// readSections judges what all offers must keep to, and notes it: one transport, and sections of audio and video with
// mids.
func (o *offer) readSections(desc *sdp.SessionDescription) (transport, error) {
	transport, err := bundleTransport(desc)
	if err != nil {
		return transport, err
	}
	if _, lite := desc.Attribute("ice-lite"); lite {
		return transport, badSDP("a=ice-lite says that the client sends no checks for a path, and neither does the server; " +
			"let " +
			"the client use full ICE")
	}
	if transport.setup == "passive" || transport.setup == "holdconn" { // RFC 8842, section 5.3
		return transport, badSDP(
			"a=setup:%s leaves the server no role; it is the DTLS server: say actpass or active",
			transport.setup,
		)
	}
	o.fingerprint = strings.ToLower(transport.fingerprint)
	seen := map[string]bool{}
	for i, m := range desc.MediaDescriptions {
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		switch {
		case mid == "" || len(mid) > wire.MaxMIDBytes:
			return transport, badSDP("media section %d has no usable a=mid", i)
		case seen[mid]:
			return transport, badSDP("two media sections have the mid %s", mid)
		}
		switch m.MediaName.Media {
		case "audio", "video":
		case "application":
			return transport, badSDP("media section %s is a data channel; only audio and video are taken", mid)
		default:
			return transport, badSDP("media section %s is neither audio nor video", mid)
		}
		seen[mid] = true
		o.mids = append(o.mids, mid)
	}
	for _, m := range desc.MediaDescriptions {
		o.formats += len(m.MediaName.Formats)
	}
	return transport, nil
}

func notBundled(mid string) *sdpError {
	return badSDP("the mid %s is not in the a=group:BUNDLE of the offer, and the server has one transport for "+
		"all streams of a connection; let the client bundle all sections (bundlePolicy)", mid)
}

// parseSDP reads what both offers and answers must keep to, with at most that many sections.
func parseSDP(text string, maxSections int) (*sdp.SessionDescription, error) {
	lines, err := scanSDP(text, maxSections)
	if err != nil {
		return nil, err
	}
	desc := &sdp.SessionDescription{}
	if err := desc.UnmarshalString(lines); err != nil {
		where, line := unreadable(lines)
		return nil, badSDP("%s, the line %.60q cannot be read", where, line)
	}
	return desc, nil
}

// unreadable returns the first line that spoils a description, and the place where it stands.
func unreadable(text string) (where, line string) {
	lines := strings.SplitAfter(text, "\r\n")
	read := func(n int) error { return (&sdp.SessionDescription{}).UnmarshalString(strings.Join(lines[:n+1], "")) }
	first := sort.Search(len(lines)-1, func(n int) bool { return read(n) != nil })
	where = "before the media sections"
	if sections := strings.Count("\r\n"+strings.Join(lines[:first+1], ""), "\r\nm="); sections > 0 {
		where = fmt.Sprintf("in media section %d", sections-1)
	}
	return where, strings.TrimRight(lines[first], "\r\n")
}

func (s *section) readSSRCs(m *sdp.MediaDescription) error {
	s.media, s.repair = map[uint32]bool{}, map[uint32]uint32{}
	for _, a := range m.Attributes {
		switch a.Key {
		case sdp.AttrKeySSRCGroup:
			fields := strings.Fields(a.Value)
			if len(fields) > 1 && fields[0] == "SIM" {
				if err := s.readSIM(fields[1:]); err != nil {
					return err
				}
				continue
			}
			if len(fields) != 3 || fields[0] != sdp.SemanticTokenFlowIdentification {
				continue
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
		case "fmtp":
			if strings.Contains(a.Value, "sprop-parameter-sets=") {
				_, line, _ := strings.Cut(a.Value, " ")
				s.h264 = append(s.h264, line)
			}
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

// readSIM reads a group of simulcast encodings, which libwebrtc makes of a section whose SSRCs an application has
// edited.
func (s *section) readSIM(ssrcs []string) error {
	if len(ssrcs) > maxEncodings {
		return badSDP("a=ssrc-group:SIM of the mid %s has %d encodings; %d are taken", s.mid, len(ssrcs), maxEncodings)
	}
	s.sim = nil
	for _, number := range ssrcs {
		ssrc, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return badSDP("a=ssrc-group:SIM %.60s of the mid %s is not a number", number, s.mid)
		}
		s.sim = append(s.sim, uint32(ssrc))
	}
	return nil
}

// encodings returns the rids of the encodings that the section sends; "" for one that has none.
func (s *section) encodings() []string {
	if s.rids != nil {
		return s.rids
	}
	return make([]string, max(1, len(s.sim)))
}

// encodingOf returns the index of the encoding that a declared SSRC carries; false: its packets have to say it.
func (s *section) encodingOf(ssrc uint32) (int, bool) {
	if i := slices.Index(s.sim, ssrc); i >= 0 && s.rids == nil {
		return i, true
	}
	return 0, len(s.rids) < 2
}

func mediaOf(kind wire.Kind) string {
	if kind == wire.Audio || kind == wire.ShareAudio {
		return "audio"
	}
	return "video"
}

// sends reports whether a section of the peer carries its media.
func sends(desc *sdp.SessionDescription, m *sdp.MediaDescription) bool {
	d := direction(desc, m)
	return !rejected(m) && (d == sdp.AttrKeySendRecv || d == sdp.AttrKeySendOnly)
}
