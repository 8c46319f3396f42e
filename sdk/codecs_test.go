package sdk_test

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// Who comes back under the same id may send another codec, and may switch on the camera after the microphone: those who
// stayed receive it, although the section that carries it again was unused in several offers.
func TestAParticipantReturnsWithAnotherCodec(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	bob := p.joined("bob", nil)
	key := map[string][]byte{
		"VP8": {0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 1, 180, 0},
		"H264": {0, 0, 0, 1, 0x67, 0x42, 0xe0, 0x1f, 1, 0, 0, 0, 1, 0x68, 0xce, 0x38, 0x80,
			0, 0, 0, 1, 0x65, 0x88, 0x84, 1, 2, 3},
	}
	var left *sdk.Participant
	arrives := func(kind sdk.Kind, codec string) {
		t.Helper()
		var stream *sdk.Stream
		require.Eventually(t, func() bool {
			if ann := bob.Participant("ann"); ann != nil && ann != left {
				stream = ann.Stream(kind)
			}
			return stream != nil
		}, 5*time.Second, 5*time.Millisecond)
		require.Equal(t, codec, stream.Codec())
		got := make(chan *rtp.Packet, 1)
		defer stream.OnRTP(func(packet *rtp.Packet) {
			select {
			case got <- packet:
			default: // one is enough
			}
		})()
		select {
		case packet := <-got:
			require.Equal(t, codec, stream.PayloadCodec(packet.PayloadType))
		case <-time.After(5 * time.Second):
			t.Fatalf("no packet of %s arrives", codec)
		}
	}
	for _, codec := range []string{"VP8", "H264", "VP8"} {
		raw := testpeer.JoinRaw(t, p.url, p.account.Token(t), p.meeting, "ann")
		tracks := raw.Publish(nil, testpeer.RawSection{Kind: wire.Audio},
			testpeer.RawSection{Kind: wire.Video, Codecs: []string{codec}, Off: true})
		tracks[0].Send(testpeer.SendOptions{
			Every: 20 * time.Millisecond, Frame: func(int, bool) []byte { return []byte{0xf8, 0xff, 0xfe} },
		})
		arrives(sdk.Audio, "opus")
		_, err := raw.Call(wire.MethodSetStream, wire.SetStreamParams{Kind: wire.Video, Enabled: true})
		require.NoError(t, err)
		tracks[1].Send(
			testpeer.SendOptions{Every: 20 * time.Millisecond, Frame: func(int, bool) []byte { return key[codec] }},
		)
		arrives(sdk.Video, codec)
		left = bob.Participant("ann")
		_, err = raw.Call(wire.MethodLeave, struct{}{})
		require.NoError(t, err)
	}
}
