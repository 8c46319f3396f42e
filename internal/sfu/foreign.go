package sfu

import (
	"slices"

	"github.com/pion/sdp/v3"

	"github.com/klatch/klatch/internal/wire"
)

// PublishOffer returns what the offer of a client publishes that knows no kinds: the first section of sound that sends
// is audio, the second one shareAudio, and likewise video and share. What can be judged without a connection is judged,
// so that a participation which the publisher replaces need not end for it. The error is a fault 4107 BAD_SDP.
func PublishOffer(text string) (wire.PublishParams, error) {
	params := wire.PublishParams{SDP: text}
	desc, err := parseSDP(text, maxPublishSections)
	if err != nil {
		return params, toFault(err)
	}
	kinds := map[string][]wire.Kind{"audio": {wire.Audio, wire.ShareAudio}, "video": {wire.Video, wire.Share}}
	for _, m := range desc.MediaDescriptions {
		medium := m.MediaName.Media
		mid, _ := m.Attribute(sdp.AttrKeyMID)
		if medium != "audio" && medium != "video" || !sends(desc, m) {
			continue // of which readOffer takes those that it can leave unanswered
		}
		left := kinds[medium]
		if len(left) == 0 {
			return params, toFault(badSDP("the mid %s is the third section of %s that sends; a participant sends a camera and "+
				"a share, with the sound of each", mid, medium))
		}
		if !hasCodec(m) {
			return params, toFault(noCodec(section{mid: mid, kind: left[0]}))
		}
		kinds[medium] = left[1:]
		params.Streams = append(params.Streams, wire.PublishedStream{MID: mid, Kind: left[0], Enabled: true})
	}
	if len(params.Streams) == 0 {
		return params, toFault(badSDP("none of its media sections sends; a publisher offers a=sendonly"))
	}
	if _, err = readOffer(params); err != nil {
		return params, toFault(err)
	}
	return params, nil
}

// CheckPlay judges of the offer of a player what can be judged without a connection.
func CheckPlay(params wire.PlayParams) error {
	_, err := readPlayOffer(params)
	return toFault(err)
}

// hasCodec reports whether a section has a format of a codec of the server.
func hasCodec(m *sdp.MediaDescription) bool {
	return slices.ContainsFunc(m.Attributes, func(a sdp.Attribute) bool {
		name := encodingName(a)
		return name != "" && name != "rtx" && name != "red" && slices.Contains(codecNames, name)
	})
}
