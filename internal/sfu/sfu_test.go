package sfu

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/wire"
)

const soon = 5 * time.Second

func camera(participant string) wire.StreamRef {
	return wire.StreamRef{ParticipantID: participant, Kind: wire.Video}
}

func mic(participant string) wire.StreamRef {
	return wire.StreamRef{ParticipantID: participant, Kind: wire.Audio}
}

func TestForward(t *testing.T) {
	for _, mime := range []string{webrtc.MimeTypeVP8, webrtc.MimeTypeH264} {
		t.Run(mime, func(t *testing.T) {
			h := newHub(t)
			ann, bob := h.join("s", "ann"), h.join("s", "bob")
			result := ann.publish(map[wire.Kind]string{wire.Video: mime, wire.Audio: webrtc.MimeTypeOpus})
			require.Len(t, result.Streams, 2)
			bob.subscribe(camera("ann"), mic("ann"))
			defer ann.source(wire.Video).run(10 * time.Millisecond)()
			defer ann.source(wire.Audio).run(10 * time.Millisecond)()

			video, audio := bob.got("ann", wire.Video), bob.got("ann", wire.Audio)
			require.Eventually(t, func() bool { return video.count() > 50 && audio.count() > 25 }, soon, 5*time.Millisecond)
			packets := video.all()
			require.True(t, startsKeyFrame(map[string]string{
				webrtc.MimeTypeVP8: "video/vp8", webrtc.MimeTypeH264: "video/h264"}[mime], packets[0].Payload), "begins with a key frame")
			for i := 1; i < len(packets); i++ {
				require.Equal(t, packets[i-1].SequenceNumber+1, packets[i].SequenceNumber)
			}
		})
	}
}
