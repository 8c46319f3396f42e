package sdk

import (
	"strings"

	"github.com/pion/webrtc/v4"
)

// keepReceivers changes an offer so that pion can use its unused media sections again. pion (v4.2.20) stops the
// receiver of every section that is inactive (SetRemoteDescription), makes another one only where there was a track
// (configureRTPReceivers), and reads nothing from one that is stopped: a section that is inactive in two offers would
// carry nothing ever after. One that is inactive here already is therefore set as recvonly, to which pion answers
// inactive as well.
func keepReceivers(pc *webrtc.PeerConnection, offer string) string {
	unused := map[string]bool{}
	for _, t := range pc.GetTransceivers() {
		if t.Direction() == webrtc.RTPTransceiverDirectionInactive {
			unused[t.Mid()] = true
		}
	}
	if len(unused) == 0 {
		return offer
	}
	sections := strings.SplitAfter(offer, "\r\nm=") // each but the first begins after its m=
	for i, section := range sections {
		_, rest, _ := strings.Cut(section, "\r\na=mid:")
		mid, _, _ := strings.Cut(rest, "\r\n")
		if i > 0 && unused[mid] {
			sections[i] = strings.Replace(section, "\r\na=inactive\r\n", "\r\na=recvonly\r\n", 1)
		}
	}
	return strings.Join(sections, "")
}
