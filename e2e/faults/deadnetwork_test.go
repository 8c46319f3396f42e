package faults

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/testpeer"
	"github.com/klatch/klatch/internal/testserver"
	"github.com/klatch/klatch/sdk"
)

// One dead network is one condition: the first fault that shows it is told, and the others, which name it as their
// cause, are in the timeline alone. All of them end when it is back, and the server has learned of them by then.
func TestOneDeadNetwork(t *testing.T) {
	t.Parallel()
	media := testpeer.FreeUDPAddr(t)
	h := testserver.Start(t, func(c *conf.Config) {
		c.Media.UDPAddress, c.Media.TCPAddress = media.String(), ""
		c.Media.PublicIPs = []string{"127.0.0.3"}
		c.Meeting.ResumeWindow = 5 * time.Minute
	})
	relay := testpeer.NewUDPRelay(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.3"), media.Port()), media, 0)
	server, err := url.Parse(h.URL)
	require.NoError(t, err)
	proxy := testpeer.NewProxy(t, server.Host)
	account := h.Account(t, nil)
	meeting := account.Meeting(t, nil)
	h.Join(
		t,
		testserver.JoinParams(account.Token(t), meeting, "bob"),
	) // a session of the participant, and of one who stays
	ann, err := sdk.InitMeeting(sdk.Options{
		URL: "http://" + proxy.Address, Token: account.Token(t), MeetingID: meeting, ParticipantID: "ann", Name: "Ann",
		MicEnabled: true,
	})
	require.NoError(t, err)
	var mu sync.Mutex // guards told and over
	var told []*fault.Error
	var over []sdk.FaultCleared
	ann.OnError(func(f *fault.Error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, f)
	})
	ann.OnFaultCleared(func(c sdk.FaultCleared) {
		mu.Lock()
		defer mu.Unlock()
		over = append(over, c)
	})
	require.NoError(t, ann.Join(t.Context()))
	require.Eventually(t, func() bool { return relay.Forwarded() > 50 }, testserver.Timeout, 10*time.Millisecond)

	proxy.Block()
	relay.Drop(func([]byte) bool { return true })
	first := func() *fault.Error {
		mu.Lock()
		defer mu.Unlock()
		for _, f := range told {
			if f.Code == fault.CodeSignalingUnreachable || f.Code == fault.CodeMediaConnectionLost {
				return f
			}
		}
		return nil
	}
	require.Eventually(t, func() bool { return first() != nil }, time.Minute, 20*time.Millisecond, "nothing is told")
	lead := first()
	require.False(t, lead.Fatal)
	require.Empty(t, lead.CauseID)
	_, err = ann.PubSub().Publish(t.Context(), "CHAT", "x", sdk.PublishOptions{})
	var refused *fault.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, fault.CodeMeetingReconnecting, refused.Code)
	require.Equal(t, lead.ID, refused.CauseID)

	relay.Drop(nil)
	proxy.Unblock()
	require.Eventually(t, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(over) > 0
	}, time.Minute, 20*time.Millisecond, "the end is not told")
	mu.Lock()
	require.Equal(t, lead.ID, over[0].ID)
	require.Len(t, over, 1, "one end")
	require.Len(t, told, 2, "one condition, and the call that was refused: %v", told)
	mu.Unlock()
	require.Eventually(t, func() bool {
		_, body := h.Admin(t, http.MethodGet, "/admin/v1/faults/"+lead.ID, nil)
		var entry struct {
			fault.Error
			ClearedAt    time.Time
			Consequences []struct {
				Code      int
				ClearedAt time.Time
			}
		}
		require.NoError(t, json.Unmarshal(body, &entry))
		for _, c := range entry.Consequences {
			if c.ClearedAt.IsZero() {
				return false
			}
		}
		lasted := entry.ClearedAt.Sub(entry.At.Time)
		return lasted > time.Second && lasted < 2*time.Minute
	}, time.Minute, 50*time.Millisecond, "the timeline does not have the end of each")
	_, body := h.Admin(t, http.MethodGet, "/admin/v1/conditions", nil)
	require.NotContains(t, string(body), lead.ID)
}
