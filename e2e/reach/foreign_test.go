package reach

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
)

// firstPacket is how long a client that is not ours waits for its first packet, from the request to join.
const firstPacket = 60 * time.Millisecond

// A program on plain pion/webrtc, which knows docs/protocol.md alone, has its first packet soon: it does not wait for
// pion's next look at its pairs of candidates.
func TestFirstPacketOfAForeignClient(t *testing.T) {
	p := newPlace(t, nil)
	sender := p.startBot(t, newClient(t), "sender", publishes)
	p.startBot(t, newClient(t), "receiver", nil).awaitMedia(soon, "sender audio")
	require.Empty(t, sender.all("error"))
	// On a busy machine most joins are late. A client that nominates late is late each time.
	var took []time.Duration
	for deadline := time.Now().Add(soon); len(took) == 0 || slices.Min(took) >= firstPacket; {
		require.True(t, time.Now().Before(deadline), "first packets after %v", took)
		took = append(took, p.joinForeign(t))
	}
	t.Logf("first packets after %v", took)
}

// joinForeign joins, and returns when the first packet has come.
func (p *place) joinForeign(t *testing.T) time.Duration {
	t.Helper()
	token := p.account.Token(t)
	socket := p.Dial(t)
	defer socket.Cut()
	start := time.Now()
	socket.Do(t, wire.MethodJoin, testserver.JoinParams(token, p.meeting, "foreign"))
	var offer wire.SubscribeOffer
	socket.Event(t, "subscribe-offer", &offer)
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	defer func() { require.NoError(t, pc.GracefulClose()) }()
	arrived := make(chan time.Time, 8) // a track each
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		if _, _, err := track.ReadRTP(); err == nil {
			arrived <- time.Now()
		}
	})
	require.NoError(t, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP}))
	answer, err := pc.CreateAnswer(nil)
	require.NoError(t, err)
	require.NoError(t, pc.SetLocalDescription(answer)) // the server needs no candidates of the client
	socket.Do(t, wire.MethodAnswer, wire.AnswerParams{OfferID: offer.OfferID, SDP: answer.SDP})
	select {
	case at := <-arrived:
		socket.Do(t, wire.MethodLeave, json.RawMessage("{}"))
		return at.Sub(start)
	case <-time.After(soon):
		require.Fail(t, "no packet came")
		return 0
	}
}
