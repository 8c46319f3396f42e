package sfu

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/klatch/klatch/internal/payload"
	"github.com/klatch/klatch/internal/sfu/packet"
	"github.com/klatch/klatch/internal/wire"
)

var vp8Codec = codec{mime: "video/vp8", clock: 90000}

func bareTrack() (*downTrack, *binding) {
	st := newStream(owner{}, "tag", wire.Video, func() {})
	st.arrived.Store(&vp8Codec)
	d := newDownTrack(camera("ann"), st, &downConn{})
	return d, &binding{ssrc: 7, codecs: videoCodecs(false)}
}

// Whatever the source does, the numbers that a subscriber sees go on: each new packet of an epoch keeps its
// distance to the former one, and a new epoch begins with the next number and a later time.
func TestContinuity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, b := bareTrack()
		now := time.Now()
		m := &packet.Packet{SequenceNumber: rapid.Uint16().Draw(t, "seqno"), Timestamp: rapid.Uint32().Draw(t, "time")}
		sent := false
		var seqno uint16
		var rtpTime uint32
		for range rapid.IntRange(1, 200).Draw(t, "packets") {
			now = now.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "ms")) * time.Millisecond)
			m.Arrival = now
			fresh := rapid.IntRange(0, 20).Draw(t, "restart") == 0
			if fresh {
				m.Epoch++
				m.SequenceNumber, m.Timestamp = rapid.Uint16().Draw(t, "seqno"), rapid.Uint32().Draw(t, "time")
				if rapid.Bool().Draw(t, "same numbers") {
					m.SequenceNumber, m.Timestamp = 0, 0
				}
			} else {
				m.SequenceNumber++
				m.Timestamp += 3000
			}
			key := rapid.IntRange(0, 4).Draw(t, "key") == 0
			m.Facts = payload.Facts{
				Codec: payload.VP8, RTPTime: m.Timestamp, FrameStart: true, FrameEnd: true, Marker: true, KeyFrame: key,
				InterPicture: !key,
			}
			_, _, ready := d.prepare(m, b)
			if !ready {
				require.False(t, key)
				continue
			}
			out := d.transmission.out
			if sent {
				require.Equal(t, seqno+1, out.SequenceNumber)
				require.Positive(t, int32(out.Timestamp-rtpTime))
			}
			sent, seqno, rtpTime = true, out.SequenceNumber, out.Timestamp
		}
	})
}

func TestPayloadTypes(t *testing.T) {
	_, b := bareTrack()
	h264 := func(profile string) codec {
		return codecOf(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeH264, ClockRate: 90000,
			SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=" + profile,
		}})
	}
	for name, tc := range map[string]struct {
		codec codec
		want  payloadTypes
	}{
		"VP8":                 {vp8Codec, payloadTypes{media: 96, rtx: 97, ok: true}},
		"H264 baseline":       {h264("42e01f"), payloadTypes{media: 102, rtx: 103, ok: true}},
		"H264 high":           {h264("640c1f"), payloadTypes{media: 112, rtx: 113, ok: true}},
		"H264 main, as other": {h264("4d001f"), payloadTypes{media: 102, rtx: 103, ok: true}},
		"VP9 profile 2":       {codec{mime: "video/vp9", profile: "2", clock: 90000}, payloadTypes{}},
		"H265":                {codec{mime: "video/h265", clock: 90000}, payloadTypes{}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, tc.want, b.types(tc.codec, nil)) })
	}
}

// begins reports whether a payload begins a key frame, whatever came before it.
func begins(mime string, bytes []byte) bool {
	return payload.NewParser(payload.CodecOf(mime)).Parse(1, true, bytes, nil).KeyFrame
}
