package sfu

import (
	"crypto"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/dtls/v3/pkg/crypto/fingerprint"
	"github.com/pion/sdp/v3"
)

// maxSectionLines bounds the lines of a description after scanSDP, for each costs time: a video section of Chromium's,
// with all its codecs, has 110.
const maxSectionLines = 170

// scanSDP prepares a description for the parser in one pass: it counts what costs time before anything is parsed,
// adds the line end that the last line may lack, and drops the candidates. The server is ICE-lite and never sends
// a check, so it learns the addresses of the client from the checks that come (RFC 8445, section 6.2).
func scanSDP(text string, maxSections int) (string, error) {
	maxLines := maxSectionLines * max(maxSections, maxPublishSections)
	var out strings.Builder
	out.Grow(len(text) + 2)
	lines, sections := 0, 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.TrimRight(line, " \t\r\n") // spaces at the end of a line are a slip of whoever wrote it by hand
		switch {
		case line == "":
			continue
		case strings.HasPrefix(line, "a=candidate:"),
			strings.HasPrefix(line, "a=remote-candidates:"),
			line == "a=end-of-candidates":
			continue
		case strings.HasPrefix(line, "m="):
			sections++
		}
		lines++
		if sections <= maxSections && lines <= maxLines {
			out.WriteString(line)
			out.WriteString("\r\n")
		}
	}
	switch {
	case lines == 0 || strings.TrimSpace(text) == "":
		return "", badSDP("it is empty")
	case sections > maxSections:
		return "", badSDP("it has %d media sections; %d are taken", sections, maxSections)
	case lines > maxLines:
		return "", badSDP("it has %d lines besides candidates; %d are taken", lines, maxLines)
	}
	return out.String(), nil
}

// allowsMixed reports whether the attributes of a description or a section have a=extmap-allow-mixed.
func allowsMixed(attributes []sdp.Attribute) bool {
	return slices.ContainsFunc(attributes, func(a sdp.Attribute) bool { return a.Key == sdp.AttrKeyExtMapAllowMixed })
}

// transport is the one transport of a bundled description.
type transport struct {
	bundled              []string // mids in the BUNDLE group, or the only mid
	ufrag, pwd           string
	fingerprint, options string
	setup                string
}

func (t transport) carries(mid string) bool { return slices.Contains(t.bundled, mid) }

// bundleTransport returns the transport that all streams of an offer or answer will use. Sections of an offer may have
// transports of their own, for an answerer that does not bundle; what the answer selects is that of the offerer-tagged
// section, the first in the BUNDLE group (RFC 9143, section 7.2).
func bundleTransport(desc *sdp.SessionDescription) (transport, error) {
	var t transport
	for _, a := range desc.Attributes {
		if fields := strings.Fields(a.Value); a.Key == sdp.AttrKeyGroup && len(fields) > 1 && fields[0] == "BUNDLE" {
			t.bundled = fields[1:]
			break // a section is in one group at most, and the first is the one that is answered
		}
	}
	var used []*sdp.MediaDescription
	for _, m := range desc.MediaDescriptions {
		if !rejected(m) {
			used = append(used, m)
		}
	}
	if len(desc.MediaDescriptions) == 0 {
		return t, badSDP("it has no media section")
	}
	tagged := desc.MediaDescriptions[0]
	if len(used) > 0 {
		tagged = used[0]
	}
	switch {
	case len(t.bundled) > 0:
		for _, m := range desc.MediaDescriptions {
			if mid, _ := m.Attribute(sdp.AttrKeyMID); mid == t.bundled[0] {
				tagged = m
			}
		}
	case len(used) > 1:
		return t, badSDP(
			"it has %d media sections and no a=group:BUNDLE, and the server has one transport for all streams of a "+
				"connection; let the client bundle them (bundlePolicy)",
			len(used),
		)
	default:
		mid, _ := tagged.Attribute(sdp.AttrKeyMID)
		t.bundled = []string{mid}
	}
	for _, want := range []struct {
		key string
		has *string
	}{
		{"ice-ufrag", &t.ufrag}, {"ice-pwd", &t.pwd}, {"fingerprint", &t.fingerprint},
		{sdp.AttrKeyConnectionSetup, &t.setup}, {"ice-options", &t.options},
	} {
		value, ok := tagged.Attribute(want.key)
		if !ok {
			value, _ = desc.Attribute(want.key)
		}
		*want.has = value
	}
	if err := checkMux(t, tagged, used); err != nil {
		return t, err
	}
	return t, t.check()
}

// checkMux judges that RTCP shares the transport of RTP, for the server has no other (RFC 8834, section 4.5). The
// offerer-tagged section says so for the group: a section that is bundle-only or added later need not repeat it
// (RFC 9143, section 9.3). Where that section is of data, the first other section in use says it.
func checkMux(t transport, tagged *sdp.MediaDescription, used []*sdp.MediaDescription) error {
	isRTP := func(m *sdp.MediaDescription) bool { return m.MediaName.Media != "application" }
	if !isRTP(tagged) {
		first := slices.IndexFunc(used, isRTP)
		if first < 0 {
			return nil
		}
		tagged = used[first]
	}
	if rejected(tagged) {
		return nil // it has no transport
	}
	if _, ok := tagged.Attribute("rtcp-mux"); ok {
		return nil
	}
	mid, _ := tagged.Attribute(sdp.AttrKeyMID)
	return badSDP("the mid %s, whose transport the BUNDLE group %s uses, has no a=rtcp-mux, and the server takes RTCP "+
		"on the transport of RTP alone (RFC 8834, section 4.5); let the client use rtcpMuxPolicy \"require\"",
		mid, strings.Join(t.bundled, " "))
}

func (t transport) check() error {
	switch {
	// RFC 8839, section 5.4: ufrag 4 to 256, pwd 22 to 256 characters.
	case len(t.ufrag) < 4 || len(t.ufrag) > 256:
		return badSDP("a=ice-ufrag is absent or not of 4 to 256 characters")
	case len(t.pwd) < 22 || len(t.pwd) > 256:
		return badSDP("a=ice-pwd is absent or not of 22 to 256 characters")
	case strings.ContainsFunc(t.ufrag, func(r rune) bool { return r <= ' ' || r == ':' || r > '~' }):
		// STUN's USERNAME has a colon behind it (RFC 8445, section 7.2.2).
		return badSDP("a=ice-ufrag %.60q has a space, a colon or a character that is not ASCII", t.ufrag)
	}
	return checkFingerprint(t.fingerprint)
}

// checkFingerprint judges the value of an a=fingerprint (RFC 8122, section 5): one that fits no certificate would show
// as a failure of DTLS, long after.
func checkFingerprint(value string) error {
	fields := strings.Fields(value)
	if len(fields) != 2 {
		return badSDP("a=fingerprint is absent or not an algorithm and a value")
	}
	hash, err := fingerprint.HashFromString(fields[0])
	if err != nil || hash == crypto.MD5 {
		return badSDP("a=fingerprint has the algorithm %.20q; name sha-256, or sha-1, sha-224, sha-384 or sha-512", fields[0])
	}
	digest, err := hex.DecodeString(strings.ReplaceAll(fields[1], ":", ""))
	if err != nil || len(digest) != hash.Size() || strings.Count(fields[1], ":") != hash.Size()-1 {
		return badSDP("a=fingerprint does not have the %d octets of %s, in hexadecimal with colons between them",
			hash.Size(), fields[0])
	}
	return nil
}

// rejected reports whether a section is not in use: port 0, where that does not mean that it takes the transport
// of its BUNDLE group and no other (RFC 9143, section 6).
func rejected(m *sdp.MediaDescription) bool {
	_, bundleOnly := m.Attribute("bundle-only")
	return m.MediaName.Port.Value == 0 && !bundleOnly
}

var directions = []string{sdp.AttrKeySendRecv, sdp.AttrKeySendOnly, sdp.AttrKeyRecvOnly, sdp.AttrKeyInactive}

// direction returns the direction of a section: its own, that of the session, or sendrecv (RFC 8866, section 6.7).
func direction(desc *sdp.SessionDescription, m *sdp.MediaDescription) string {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, desc.Attributes} {
		for _, a := range attributes {
			if slices.Contains(directions, a.Key) {
				return a.Key
			}
		}
	}
	return sdp.AttrKeySendRecv
}

// rewrite returns a description as pion understands it, with the same meaning: every bundled section has the transport
// of the group, a port and a direction, and offers no simulcast. In an answer, sendrecv is recvonly: that is all
// that an answer to sendonly can say (RFC 3264, section 6.1).
func rewrite(desc *sdp.SessionDescription, t transport, answer bool) (string, error) {
	for _, m := range desc.MediaDescriptions {
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		d, reject, layered := direction(desc, m), rejected(m), countSources(m) > 1
		if err := keepFormats(m, mid); err != nil {
			return "", err
		}
		if answer && d == sdp.AttrKeySendRecv {
			d = sdp.AttrKeyRecvOnly
		}
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool {
			switch a.Key {
			case "ice-ufrag", "ice-pwd", "fingerprint", "ice-options", sdp.AttrKeyConnectionSetup, "bundle-only",
				"rid", "simulcast":
				return true
			case sdp.AttrKeySSRC, sdp.AttrKeySSRCGroup:
				return layered // pion takes the section for plan B, which it refuses; routes knows the SSRCs
			}
			return slices.Contains(directions, a.Key)
		})
		m.Attributes = append(m.Attributes, sdp.NewAttribute("ice-ufrag", t.ufrag), sdp.NewAttribute("ice-pwd", t.pwd),
			sdp.NewAttribute("fingerprint", t.fingerprint))
		if t.setup != "" {
			m.Attributes = append(m.Attributes, sdp.NewAttribute(sdp.AttrKeyConnectionSetup, t.setup))
		}
		if t.options != "" {
			m.Attributes = append(m.Attributes, sdp.NewAttribute("ice-options", t.options))
		}
		m.Attributes = append(m.Attributes, sdp.NewPropertyAttribute(d))
		if !reject && t.carries(mid) {
			m.MediaName.Port.Value = 9 // the discard port: the address comes from ICE (RFC 8840, section 4.1)
		}
	}
	text, err := desc.Marshal()
	if err != nil {
		return "", badSDP("%s", strings.TrimPrefix(err.Error(), "sdp: "))
	}
	return string(text), nil
}

// maxFormats bounds the formats of a section that the server could take, for pion compares each with everything.
// Chromium offers 30 of them for a video.
const maxFormats = 64

// maxPayloadType is what seven bits hold (RFC 3550, section 5.1).
const maxPayloadType = 127

// codecNames are the encodings that the server knows, as a=rtpmap names them, in lower case.
var codecNames = []string{"opus", "vp8", "vp9", "h264", "av1", "rtx", "red"}

// encodingName returns the encoding that an a=rtpmap names, in lower case; "" for another attribute.
func encodingName(a sdp.Attribute) string {
	if a.Key != "rtpmap" {
		return ""
	}
	_, encoding, _ := strings.Cut(a.Value, " ")
	name, _, _ := strings.Cut(encoding, "/")
	return strings.ToLower(name)
}

// keepFormats drops the formats of a section that are none of the server's codecs, with their attributes. A section of
// which none is left keeps its first, and is refused or rejected for it.
func keepFormats(m *sdp.MediaDescription, mid string) error {
	names := map[string]bool{}
	for _, a := range m.Attributes {
		if name := encodingName(a); name != "" {
			format, _, _ := strings.Cut(a.Value, " ")
			names[format] = slices.Contains(codecNames, name) && (name != "red" || m.MediaName.Media == "audio")
		}
	}
	kept := map[string]bool{}
	var formats []string
	for _, format := range m.MediaName.Formats {
		if names[format] && !kept[format] {
			if n, err := strconv.ParseUint(format, 10, 8); err != nil || n > maxPayloadType {
				return badSDP("the mid %s has the payload type %.20q; those of RTP are 0 to %d", mid, format, maxPayloadType)
			}
			kept[format] = true
			formats = append(formats, format)
		}
	}
	switch {
	case len(formats) > maxFormats:
		return badSDP(
			"the mid %s has %d formats of codecs that the server takes; at most %d are looked at",
			mid,
			len(formats),
			maxFormats,
		)
	case len(formats) == 0 && len(m.MediaName.Formats) > 0:
		formats = m.MediaName.Formats[:1]
		kept[formats[0]] = true
	}
	m.MediaName.Formats = formats
	m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool {
		switch a.Key {
		case "rtpmap", "fmtp", "rtcp-fb":
			format, _, _ := strings.Cut(a.Value, " ")
			return !kept[format] && format != "*"
		}
		return false
	})
	return nil
}

// countSources returns how many SSRCs of a section carry media, retransmissions aside.
func countSources(m *sdp.MediaDescription) int {
	var s section
	if err := s.readSSRCs(m); err != nil {
		return 0 // refused elsewhere
	}
	return len(s.media)
}

// simulcastRIDs returns the rids of the encodings that a section offers to send and the server takes, in the order of
// the offer; none when it offers none, or has no header extension to name them in packets. Of more than maxEncodings
// the last are taken: browsers have no way to say which encoding is the best, and applications list them from small to
// large. Every error is an *sdpError.
func simulcastRIDs(m *sdp.MediaDescription, mid string) ([]string, error) {
	simulcast, ok := m.Attribute("simulcast")
	if !ok || !slices.ContainsFunc(m.Attributes, func(a sdp.Attribute) bool {
		return a.Key == sdp.AttrKeyExtMap && strings.Contains(a.Value, sdp.SDESRTPStreamIDURI)
	}) {
		return nil, nil
	}
	fields := strings.Fields(simulcast) // RFC 8853, section 5.1
	if len(fields) != 2 && len(fields) != 4 {
		return nil, badSDP("a=simulcast:%.60s of the mid %s is not one or two directions with rids", simulcast, mid)
	}
	var rids []string
	for i := 0; i < len(fields); i += 2 {
		switch fields[i] {
		case "recv":
			continue
		case "send":
		default:
			return nil, badSDP("a=simulcast:%.60s of the mid %s has the direction %.20s; it is send or recv",
				simulcast, mid, fields[i])
		}
		for stream := range strings.SplitSeq(fields[i+1], ";") {
			first, _, _ := strings.Cut(stream, ",") // alternatives of one stream
			rid := strings.TrimPrefix(first, "~")   // paused at first
			if err := checkRID(m, rid, mid); err != nil {
				return nil, err
			}
			if slices.Contains(rids, rid) {
				return nil, badSDP("a=simulcast of the mid %s names the rid %s twice", mid, rid)
			}
			rids = append(rids, rid)
		}
	}
	return rids[max(0, len(rids)-maxEncodings):], nil
}

// checkRID returns an *sdpError for what is no rid of a section that it sends (RFC 8851, section 10).
func checkRID(m *sdp.MediaDescription, rid, mid string) error {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	if rid == "" || len(rid) > maxRIDBytes || strings.Trim(rid, letters) != "" {
		return badSDP("a=simulcast of the mid %s has the rid %.40q; it takes 1 to %d letters, digits, - and _", mid, rid,
			maxRIDBytes)
	}
	if !slices.ContainsFunc(m.Attributes, func(a sdp.Attribute) bool {
		fields := strings.Fields(a.Value)
		return a.Key == "rid" && len(fields) > 1 && fields[0] == rid && fields[1] == "send"
	}) {
		return badSDP("a=simulcast of the mid %s names the rid %s, which has no line a=rid:%s send", mid, rid, rid)
	}
	return nil
}

const maxRIDBytes = 16 // of a header extension with one byte of header, RFC 8285

// complete adds to an answer what pion does not say: which simulcast encodings are taken of each section (RFC 8853,
// section 5.3; without it, browsers send the first one), and that redundant audio is preferred.
func (o offer) complete(answer string) (string, error) {
	simulcast := func(s section) bool { return s.rids != nil }
	if !offersRED(answer) && !slices.ContainsFunc(slices.Collect(maps.Values(o.sections)), simulcast) {
		return answer, nil
	}
	desc, err := parseOwn(answer)
	if err != nil {
		return "", err
	}
	for _, m := range desc.MediaDescriptions {
		preferRED(m)
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		sec := o.sections[mid]
		if sec.rids == nil || rejected(m) {
			continue
		}
		for _, rid := range sec.rids {
			m.Attributes = append(m.Attributes, sdp.NewAttribute("rid", rid+" recv"))
		}
		m.Attributes = append(m.Attributes, sdp.NewAttribute("simulcast", "recv "+strings.Join(sec.rids, ";")))
	}
	text, err := desc.Marshal()
	return string(text), err
}

// parseOwn reads a description of ours.
func parseOwn(text string) (*sdp.SessionDescription, error) {
	desc := &sdp.SessionDescription{}
	if err := desc.UnmarshalString(text); err != nil {
		return nil, fmt.Errorf("sfu: own description: %w", err)
	}
	return desc, nil
}
