package sdk

import (
	"strconv"
	"strings"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
)

// audioLevelURI is the header extension with the loudness of a packet (RFC 6464).
const audioLevelURI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

// format is a codec as the SDK sends and receives it.
type format struct {
	mime      string
	clock     uint32 // Hz
	channels  uint16
	fmtp      string
	pt, rtx   webrtc.PayloadType // those of Chromium; rtx 0: none
	payloader func() rtp.Payloader
}

// formats by the codec's name on the signaling wire.
var formats = map[string]format{
	"opus": {mime: webrtc.MimeTypeOpus, clock: 48000, channels: 2, fmtp: "minptime=10;useinbandfec=1", pt: 111,
		payloader: func() rtp.Payloader { return &codecs.OpusPayloader{} }},
	"VP8": {mime: webrtc.MimeTypeVP8, clock: 90000, pt: 96, rtx: 97,
		payloader: func() rtp.Payloader { return &codecs.VP8Payloader{EnablePictureID: true} }},
	"H264": {mime: webrtc.MimeTypeH264, clock: 90000, pt: 106, rtx: 107,
		fmtp:      "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
		payloader: func() rtp.Payloader { return &codecs.H264Payloader{} }},
	"VP9": {mime: webrtc.MimeTypeVP9, clock: 90000, pt: 98, rtx: 99, fmtp: "profile-id=0",
		payloader: func() rtp.Payloader { return &codecs.VP9Payloader{} }},
	"AV1": {mime: webrtc.MimeTypeAV1, clock: 90000, pt: 45, rtx: 46,
		payloader: func() rtp.Payloader { return &codecs.AV1Payloader{} }},
}

// order in which codecs are registered: it is that of preference in what we accept.
var order = []string{"opus", "VP8", "H264", "VP9", "AV1"}

// codecName is the name on the signaling wire of a codec of ours, and "" of any other.
func codecName(mime string) string {
	for _, name := range order {
		if strings.EqualFold(formats[name].mime, mime) {
			return name
		}
	}
	return ""
}

func (f format) sound() bool { return f.channels > 0 }

// parameters returns the codec, and its retransmissions (RFC 4588).
func (f format) parameters() []webrtc.RTPCodecParameters {
	capability := webrtc.RTPCodecCapability{
		MimeType:    f.mime,
		ClockRate:   f.clock,
		Channels:    f.channels,
		SDPFmtpLine: f.fmtp,
	}
	if !f.sound() {
		capability.RTCPFeedback = []webrtc.RTCPFeedback{
			{Type: "goog-remb"},
			{Type: "ccm", Parameter: "fir"},
			{Type: "nack"},
			{Type: "nack", Parameter: "pli"},
		}
	}
	list := []webrtc.RTPCodecParameters{{RTPCodecCapability: capability, PayloadType: f.pt}}
	if f.rtx != 0 {
		list = append(list, webrtc.RTPCodecParameters{PayloadType: f.rtx, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeRTX, ClockRate: f.clock, SDPFmtpLine: "apt=" + strconv.Itoa(int(f.pt))}})
	}
	return list
}

// newAPI makes what peer connections come from: our codecs, pion's default interceptors (NACK both ways, reports,
// TWCC both ways).
func newAPI(settings webrtc.SettingEngine) (*webrtc.API, error) {
	media := &webrtc.MediaEngine{}
	for _, name := range order {
		f := formats[name]
		kind := webrtc.RTPCodecTypeVideo
		if f.sound() {
			kind = webrtc.RTPCodecTypeAudio
		}
		for _, p := range f.parameters() {
			if err := media.RegisterCodec(p, kind); err != nil {
				return nil, err
			}
		}
	}
	if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: audioLevelURI},
		webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	if err := webrtc.ConfigureSimulcastExtensionHeaders(media); err != nil {
		return nil, err
	}
	chain := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(media, chain); err != nil {
		return nil, err
	}
	if err := webrtc.ConfigureTWCCHeaderExtensionSender(media, chain); err != nil {
		return nil, err
	}
	return webrtc.NewAPI(
		webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(chain),
		webrtc.WithSettingEngine(settings),
	), nil
}
