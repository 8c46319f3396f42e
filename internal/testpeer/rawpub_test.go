package testpeer_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// A receiver gets what a raw publisher writes, in its order.
func TestRawPublisher(t *testing.T) {
	h := testserver.Start(t)
	account := h.Account(t, nil)
	meeting, token := account.Meeting(t, nil), account.Token(t)
	raw := testpeer.JoinRaw(t, h.URL, token, meeting, "raw")
	tracks := raw.Publish(
		nil,
		testpeer.RawSection{Kind: wire.Audio},
		testpeer.RawSection{Kind: wire.Video, Codecs: []string{"VP8", "H264"}},
	)
	bot, err := sdk.InitMeeting(sdk.Options{URL: h.URL, Token: token, MeetingID: meeting, ParticipantID: "bot"})
	require.NoError(t, err)
	require.NoError(t, bot.Join(t.Context()))
	defer func() { require.NoError(t, bot.Leave(context.Background())) }()

	keyFrame := []byte{0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 1, 180, 0}
	tracks[0].Send(
		testpeer.SendOptions{Every: 20 * time.Millisecond, Frame: func(int, bool) []byte { return []byte{0xf8, 0xff, 0xfe} }},
	)
	tracks[1].Send(testpeer.SendOptions{
		Every: 40 * time.Millisecond, RTPTime: 7,
		Frame: func(n int, _ bool) []byte { return append(keyFrame, byte(n)) },
	})
	ctx, cancel := context.WithTimeout(t.Context(), testserver.Timeout)
	defer cancel()
	for _, kind := range []sdk.Kind{sdk.Audio, sdk.Video} {
		var stream *sdk.Stream
		require.Eventually(t, func() bool {
			if p := bot.Participant("raw"); p != nil {
				stream = p.Stream(kind)
			}
			return stream != nil
		}, testserver.Timeout, 10*time.Millisecond)
		first, err := stream.ReadRTP(ctx)
		require.NoError(t, err)
		for i := range uint16(5) {
			next, err := stream.ReadRTP(ctx)
			require.NoError(t, err)
			require.Equal(t, first.SequenceNumber+i+1, next.SequenceNumber)
		}
	}
	require.Positive(t, tracks[1].KeyFrames())
}
