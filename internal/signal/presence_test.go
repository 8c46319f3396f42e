package signal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/internal/wire"
	"github.com/klatch/klatch/sdk"
)

// A socket that is gone without a leave is told at once, and that it is back; whoever joins meanwhile sees it too.
func TestConnectionLostAndBack(t *testing.T) {
	t.Parallel()
	p := newTestMeeting(t)
	witness, _ := p.join("witness")
	bob, joined := p.join("bob")
	var change wire.ParticipantConnectionChanged
	bob.Cut()
	cut := time.Now()
	witness.Event(t, change.EventName(), &change)
	require.Less(t, time.Since(cut), time.Second)
	require.Equal(t, wire.ParticipantConnectionChanged{
		ParticipantID: "bob", State: wire.ConnectionReconnecting, Lost: wire.LostSignaling}, change)
	_, newcomer := p.join("newcomer")
	require.Equal(t, map[string]wire.ConnectionState{"witness": "", "bob": wire.ConnectionReconnecting},
		map[string]wire.ConnectionState{
			newcomer.Welcome.Participants[0].ID: newcomer.Welcome.Participants[0].ConnectionState,
			newcomer.Welcome.Participants[1].ID: newcomer.Welcome.Participants[1].ConnectionState,
		})
	p.server.Dial(t).Do(t, wire.MethodResume, resuming(joined, bob.Seq()))
	change = wire.ParticipantConnectionChanged{}
	witness.Event(t, change.EventName(), &change)
	require.Equal(t, wire.ParticipantConnectionChanged{ParticipantID: "bob", State: wire.ConnectionConnected}, change)
}

// A network that swallows everything is noticed by both ends within seconds: by the client's pings, and by the server,
// which tells the others.
func TestSilentConnection(t *testing.T) {
	t.Parallel()
	p := newTestMeeting(t)
	witness, _ := p.join("witness")
	proxy := testpeer.NewProxy(t, strings.TrimPrefix(p.server.URL, "http://"))
	bob, err := sdk.InitMeeting(sdk.Options{
		URL: "http://" + proxy.Address, Token: p.account.Token(t), MeetingID: p.meeting, ParticipantID: "bob",
	})
	require.NoError(t, err)
	noticed := make(chan time.Time, 8)
	bob.OnMeetingStateChanged(func(state sdk.State) {
		if state == sdk.Reconnecting {
			noticed <- time.Now()
		}
	})
	require.NoError(t, bob.Join(t.Context()))
	t.Cleanup(func() { _ = bob.Leave(t.Context()) })

	// A stall is no cut.
	proxy.Freeze()
	time.Sleep(time.Second) // what is tested: it lasts that long
	proxy.Thaw()
	select {
	case <-noticed:
		require.Fail(t, "a stall of a second was taken for a cut")
	case <-time.After(2 * time.Second): // as long as the pings that waited may take
	}

	proxy.Freeze()
	cut := time.Now()
	var change wire.ParticipantConnectionChanged
	witness.Event(t, change.EventName(), &change)
	t.Logf("the server noticed after %v", time.Since(cut))
	require.Equal(t, wire.ConnectionReconnecting, change.State)
	require.Greater(t, time.Since(cut), time.Second, "that is of the cut, and not of the stall")
	require.Less(t, time.Since(cut), 8*time.Second)
	select {
	case at := <-noticed:
		t.Logf("the client noticed after %v", at.Sub(cut))
		require.Less(t, at.Sub(cut), 4500*time.Millisecond)
	case <-time.After(testserver.Timeout):
		require.Fail(t, "the client does not notice")
	}
	proxy.Block()
	proxy.Unblock()
	for change.State != wire.ConnectionConnected {
		witness.Event(t, change.EventName(), &change)
	}
}
