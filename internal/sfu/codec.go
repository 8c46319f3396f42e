package sfu

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"
)

// codec is what a stream is encoded with, as far as receivers must agree to it.
type codec struct {
	mime    string // lower case: "video/vp8"
	profile string // H264: profile-level-id and packetization-mode; VP9: profile-id; else ""
	clock   uint32 // Hz
}

const mimeH264 = "video/h264"

// name is the codec's name on the signaling wire: VP8, H264, VP9, AV1, opus.
func (c codec) name() string {
	_, name, _ := strings.Cut(c.mime, "/")
	if name == "opus" {
		return name
	}
	return strings.ToUpper(name)
}

func codecOf(p webrtc.RTPCodecParameters) codec {
	c := codec{mime: strings.ToLower(p.MimeType), clock: p.ClockRate}
	switch c.mime {
	case mimeH264:
		// 42e01f and 42001f are both decoded by all; the level (last byte) is no promise that matters here.
		id, mode := fmtp(p.SDPFmtpLine, "profile-level-id"), fmtp(p.SDPFmtpLine, "packetization-mode")
		if len(id) == 6 {
			id = strings.ToLower(id[:2])
		}
		c.profile = id + "/" + mode
	case "video/vp9":
		if id := fmtp(p.SDPFmtpLine, "profile-id"); id != "" && id != "0" {
			c.profile = id
		}
	}
	return c
}

// fmtp returns the value of a parameter of an a=fmtp line.
func fmtp(line, key string) string {
	for part := range strings.SplitSeq(line, ";") {
		if k, v, _ := strings.Cut(strings.TrimSpace(part), "="); strings.EqualFold(k, key) {
			return v
		}
	}
	return ""
}

// apt is the payload type whose retransmissions an RTX payload type carries (RFC 4588, section 8.6).
func apt(p webrtc.RTPCodecParameters) (webrtc.PayloadType, bool) {
	if !strings.EqualFold(p.MimeType, webrtc.MimeTypeRTX) {
		return 0, false
	}
	n, err := strconv.ParseUint(fmtp(p.SDPFmtpLine, "apt"), 10, 7)
	return webrtc.PayloadType(n), err == nil
}

// audioCodecs are Opus and redundant Opus (RFC 2198). Whoever does not know the latter leaves it out.
func audioCodecs(receiving bool) []webrtc.RTPCodecParameters {
	feedback := []webrtc.RTCPFeedback{{Type: "transport-cc"}, {Type: "nack"}}
	if !receiving {
		feedback = append(feedback, webrtc.RTCPFeedback{Type: "goog-remb"})
	}
	return []webrtc.RTPCodecParameters{
		{
			RTPCodecCapability: webrtc.RTPCodecCapability{
				MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2,
				SDPFmtpLine: "minptime=10;useinbandfec=1", RTCPFeedback: feedback,
			},
			PayloadType: 111,
		},
		{
			RTPCodecCapability: webrtc.RTPCodecCapability{
				MimeType: mimeRED, ClockRate: 48000, Channels: 2, SDPFmtpLine: "111/111",
			},
			PayloadType: 63,
		},
	}
}

// videoCodecs in order of preference, each followed by its RTX. The payload types are those of Chromium, so
// that offer and answer read alike.
func videoCodecs(receiving bool) []webrtc.RTPCodecParameters {
	feedback := []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}, {Type: "ccm", Parameter: "fir"}}
	feedback = append(feedback, webrtc.RTCPFeedback{Type: "transport-cc"})
	if !receiving {
		// rrtr: receiver reference time reports are answered, see references.
		feedback = append(feedback, webrtc.RTCPFeedback{Type: "goog-remb"}, webrtc.RTCPFeedback{Type: "rrtr"})
	}
	const h264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="
	var all []webrtc.RTPCodecParameters
	for _, c := range []struct {
		mime, fmtp string
		pt, rtx    webrtc.PayloadType
	}{
		{webrtc.MimeTypeVP8, "", 96, 97},
		{webrtc.MimeTypeH264, h264 + "42001f", 102, 103},
		{webrtc.MimeTypeH264, h264 + "42e01f", 106, 107},
		{webrtc.MimeTypeH264, h264 + "640032", 112, 113},
		{webrtc.MimeTypeVP9, "profile-id=0", 98, 99},
		{webrtc.MimeTypeAV1, "", 45, 46},
	} {
		all = append(all,
			webrtc.RTPCodecParameters{
				RTPCodecCapability: webrtc.RTPCodecCapability{
					MimeType: c.mime, ClockRate: 90000, SDPFmtpLine: c.fmtp, RTCPFeedback: feedback,
				},
				PayloadType: c.pt,
			},
			webrtc.RTPCodecParameters{
				RTPCodecCapability: webrtc.RTPCodecCapability{
					MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: fmt.Sprintf("apt=%d", c.pt),
				},
				PayloadType: c.rtx,
			})
	}
	return all
}

func newCertificate(key *ecdsa.PrivateKey) (webrtc.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return webrtc.Certificate{}, err
	}
	now := time.Now()
	c, err := webrtc.NewCertificate(key, x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "klatch"}, Issuer: pkix.Name{CommonName: "klatch"},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(certificateLife), Version: 2,
	})
	if err != nil {
		return webrtc.Certificate{}, err
	}
	return *c, nil
}

// samePacketization compares the packetization modes of two H264 codecs.
func samePacketization(a, b codec) bool {
	_, modeA, _ := strings.Cut(a.profile, "/")
	_, modeB, _ := strings.Cut(b.profile, "/")
	return modeA == modeB
}
