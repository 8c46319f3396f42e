package sdk

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/wire"
)

// TestEndWhileAnswering ends a participation, or closes its connection, while the first offer is answered. Nothing of
// pion stays behind, whichever step of the answer it meets.
func TestEndWhileAnswering(t *testing.T) {
	ignored := goleak.IgnoreCurrent()
	server, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	_, err = server.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo)
	require.NoError(t, err)
	offer, err := server.CreateOffer(nil)
	require.NoError(t, err)
	require.NoError(t, server.Close())

	for n := range 60 {
		m := newMeeting(Options{RequestTimeout: time.Second}, &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, nil)
		m.phase = phaseIn
		m.spawn(m.sub.run)
		m.sub.offer(wire.SubscribeOffer{OfferID: 1, SDP: offer.SDP})
		pause(t.Context(), time.Duration(n)*50*time.Microsecond) // another step of the answer each time
		if n%2 == 0 {
			m.sub.forget()
		}
		m.finish(Disconnected, LeaveReason{}, nil)
		<-m.gone
	}
	goleak.VerifyNone(t, ignored)
}

// TestOfferAfterClose takes an offer for a connection that the server has closed, as it does while one leaves: that is
// no failed negotiation.
func TestOfferAfterClose(t *testing.T) {
	m := newMeeting(Options{RequestTimeout: time.Second}, &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, nil)
	m.phase = phaseIn
	m.OnError(func(f *fault.Error) { t.Error(f) })
	pc, log, err := m.connection()
	require.NoError(t, err)
	require.NoError(t, pc.Close())
	ctx, cancel := context.WithCancel(m.ctx)
	m.sub.pc, m.sub.log, m.sub.ctx, m.sub.cancel = pc, log, ctx, cancel
	m.spawn(m.sub.run)
	m.sub.offer(wire.SubscribeOffer{OfferID: 1, SDP: "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"})
	require.Eventually(t, func() bool {
		m.sub.mu.Lock()
		defer m.sub.mu.Unlock()
		return m.sub.next == nil
	}, time.Second, time.Millisecond)
	m.finish(Disconnected, LeaveReason{}, nil)
	<-m.gone
}
